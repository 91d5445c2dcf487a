"""Unconnected astrocytes of NEST (Li-Rinzel, IP3 that decays to rest); prints one JSON line."""

import argparse
import json
import time

import nest


def main() -> None:
    """Time a stretch after a warm-up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=1.0, help="measured biological time")
    parser.add_argument("--resolution", type=float, default=0.1, help="ms")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    nest.set_verbosity("M_ERROR")
    nest.ResetKernel()
    nest.resolution = options.resolution
    nest.local_num_threads = options.threads
    nest.Create("astrocyte_lr_1994", options.cells, params={"IP3": 0.4, "tau_IP3": 7142.0})
    nest.Simulate(100.0)
    begun = time.perf_counter()
    nest.Simulate(1000.0 * options.seconds)
    taken = time.perf_counter() - begun
    steps = options.cells * options.seconds * 1000 / options.resolution
    print(
        json.dumps(
            {
                "nest": nest.__version__,
                "resolution_ms": options.resolution,
                "threads": options.threads,
                "s_per_biological_s": taken / options.seconds,
                "ns_per_step": taken / steps * 1e9,
            }
        )
    )


if __name__ == "__main__":
    main()
