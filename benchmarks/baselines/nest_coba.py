"""COBA of Brette et al. (2007), benchmark 1, in NEST: 3200 + 800 neurons, p = 0.02; prints one JSON line."""

import json
import time

import coba
import nest
import numpy as np


def main() -> None:
    """Build, simulate, measure."""
    args = coba.options(__doc__)
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.ResetKernel()
    nest.set(resolution=coba.STEP, local_num_threads=args.threads, rng_seed=args.seed, print_time=False)
    number = coba.EXCITATORY + coba.INHIBITORY
    begun = time.perf_counter()
    start = coba.initial(args.seed)
    neurons = nest.Create(
        "iaf_cond_exp",
        number,
        params={
            **{"C_m": coba.C_M, "g_L": coba.G_L, "E_L": coba.E_L, "V_th": coba.V_TH, "V_reset": coba.V_RESET},
            **{"t_ref": coba.REFRACTORY, "tau_syn_ex": coba.TAU_E, "tau_syn_in": coba.TAU_I},
            **{"E_ex": coba.E_E, "E_in": coba.E_I, "I_e": args.drive},
        },
    )
    neurons.set({"V_m": start["v"].tolist(), "g_ex": start["g_e"].tolist(), "g_in": start["g_i"].tolist()})
    pre, post = coba.connections(args.seed)
    weight = np.where(pre < coba.EXCITATORY, coba.W_E, -coba.W_I)
    first = neurons[0].global_id
    nest.Connect(pre + first, post + first, "one_to_one", {"weight": weight, "delay": np.full(len(pre), coba.DELAY)})
    spikes = nest.Create("spike_recorder")
    nest.Connect(neurons, spikes)
    nest.Prepare()
    built = time.perf_counter()
    nest.Run(args.seconds * 1e3)
    done = time.perf_counter()
    nest.Cleanup()
    who = np.asarray(spikes.events["senders"]) - neurons[0].global_id
    print(
        json.dumps(
            coba.report(f"NEST {nest.__version__}", args, built - begun, done - built, who, spikes.events["times"])
        )
    )


if __name__ == "__main__":
    main()
