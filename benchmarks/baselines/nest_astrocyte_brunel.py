"""The benchmark network of Jiang et al. (2025) in NEST, variants Sparse and Synchronous; prints one JSON line.

Parameters: Jiang et al. 2025, PLOS Comput. Biol. 21(9):e1013503, benchmark model; what is not given there is NEST's
default. Published mean rates over 10 s: 4.76 (Sparse) and 11.95 spikes/s (Synchronous).
"""

import argparse
import json
import resource
import time

import measures
import nest
import numpy as np

EXCITATORY, INHIBITORY, ASTROCYTES = 8000, 2000, 10000
CONNECTED, PAIRED, POOL = 0.1, 0.5, 10
POISSON_HZ = 2000.0
WEIGHT_E, WEIGHT_I = 1.0, -4.0  # nS
TAU_E, DELAY_E, DELAY_SIC = 2.0, 2.0, 1.0  # ms
VARIANTS = {"sparse": {"tau_i": 4.0, "delay_i": 1.0}, "synchronous": {"tau_i": 2.0, "delay_i": 2.0}}  # ms
# Two sets of constants are public: that of NEST's example gives the published rates, that of the benchmark script
# does not. `sic` is the factor on the slow inward current; IP3 in µM, its jump per unit weight, its decay in ms.
CONSTANTS = {
    "example": {"sic": 0.05, "astrocyte": {"IP3": 0.4, "delta_IP3": 2e-4, "tau_IP3": 7142.0}},
    "script": {"sic": 0.01, "astrocyte": {"delta_IP3": 0.5, "tau_IP3": 2.0}},
}
SIC_THRESHOLD = 0.19669  # µM
SAMPLED = 100


def options() -> argparse.Namespace:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=VARIANTS, default="sparse")
    parser.add_argument("--constants", choices=CONSTANTS, default="example")
    parser.add_argument("--seconds", type=float, default=1.0, help="measured biological time")
    parser.add_argument("--warmup", type=float, default=0.5, help="biological seconds before the measured time")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", type=float, default=1.0, help="factor on all numbers of cells; in-degrees stay")
    parser.add_argument("--interval", type=float, default=100.0, help="ms between the samples of calcium and IP3")
    parser.add_argument("--no-record", action="store_true", help="time only: no multimeters")
    return parser.parse_args()


def build(scale: float, variant: dict[str, float], constants: dict):
    """Cells and connections; returns neurons, astrocytes and the number of excitatory neurons."""
    exc, inh, ast = (int(n * scale) for n in (EXCITATORY, INHIBITORY, ASTROCYTES))
    neurons = nest.Create(
        "aeif_cond_alpha_astro", exc + inh, params={"tau_syn_ex": TAU_E, "tau_syn_in": variant["tau_i"]}
    )
    astrocytes = nest.Create("astrocyte_lr_1994", ast, params=constants["astrocyte"])
    noise = nest.Create("poisson_generator", params={"rate": POISSON_HZ})
    nest.Connect(noise, neurons, syn_spec={"weight": WEIGHT_E})
    glutamate = {"synapse_model": "tsodyks_synapse", "weight": WEIGHT_E, "tau_psc": TAU_E, "delay": DELAY_E}
    current = {"synapse_model": "sic_connection", "weight": constants["sic"], "delay": DELAY_SIC}
    rule = {"rule": "pairwise_bernoulli", "p": CONNECTED / scale}
    nest.TripartiteConnect(
        neurons[:exc],
        neurons,
        astrocytes,
        conn_spec=rule,
        third_factor_conn_spec={
            "rule": "third_factor_bernoulli_with_pool",
            "p": PAIRED,
            "pool_size": POOL,
            "pool_type": "random",
        },
        syn_specs={"primary": glutamate, "third_in": glutamate, "third_out": current},
    )
    gaba = {
        "synapse_model": "tsodyks_synapse",
        "weight": WEIGHT_I,
        "tau_psc": variant["tau_i"],
        "delay": variant["delay_i"],
    }
    nest.Connect(neurons[exc:], neurons, rule, gaba)
    return neurons, astrocytes, exc


def sampled(recorder, key: str) -> tuple[np.ndarray, np.ndarray]:
    """Times and values ``(time, cell)`` of one recorded quantity."""
    events = recorder.events
    order = np.lexsort((events["senders"], events["times"]))
    times = np.unique(events["times"])
    return times, events[key][order].reshape(len(times), -1)


def main() -> None:
    """Build, warm up, simulate, measure."""
    args = options()
    nest.verbosity = nest.VerbosityLevel.ERROR
    nest.ResetKernel()
    nest.set(resolution=0.1, local_num_threads=args.threads, rng_seed=args.seed, print_time=False)
    begun = time.perf_counter()
    neurons, astrocytes, exc = build(args.scale, VARIANTS[args.variant], CONSTANTS[args.constants])
    built = time.perf_counter()
    begin, end = args.warmup * 1e3, (args.warmup + args.seconds) * 1e3
    spikes = nest.Create("spike_recorder", params={"start": begin})
    nest.Connect(neurons, spikes)
    if not args.no_record:
        rng = np.random.default_rng(args.seed)
        astro, cell = (np.sort(rng.choice(len(c), SAMPLED, replace=False)) for c in (astrocytes, neurons))
        meter = nest.Create("multimeter", params={"record_from": ["Ca_astro", "IP3"], "interval": 1.0})
        sic = nest.Create("multimeter", params={"record_from": ["I_SIC"], "interval": 1.0})
        nest.Connect(meter, astrocytes[astro.tolist()])
        nest.Connect(sic, neurons[cell.tolist()])
    prepared = time.perf_counter()
    nest.Prepare()
    nest.Run(begin)
    warm = time.perf_counter()
    nest.Run(end - begin)
    done = time.perf_counter()
    nest.Cleanup()
    who, when = spikes.events["senders"] - neurons[0].global_id, spikes.events["times"]
    out = {
        "simulator": f"NEST {nest.__version__}",
        "network": f"jiang2025-{args.variant}",
        **{k: getattr(args, k) for k in ("seed", "threads", "scale", "warmup")},
        "biological_s": args.seconds,
        "build_s": built - begun,
        "warmup_s": warm - prepared,
        "simulate_s": done - warm,
        "s_per_biological_s": (done - warm) / args.seconds,
        "connections": nest.num_connections,
        "peak_memory_gib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
        **measures.spikes(who, when, exc, len(neurons), begin, end),
        "synchrony": measures.synchrony(who, when, np.unique(who)[:: max(1, len(np.unique(who)) // 100)], begin, end),
    }
    if not args.no_record:
        times, calcium = sampled(meter, "Ca_astro")
        _, ip3 = sampled(meter, "IP3")
        at, current = sampled(sic, "I_SIC")
        every = np.isclose(times % args.interval, 0) | np.isclose(times % args.interval, args.interval)
        late = times >= begin
        out |= {
            "ca_uM": measures.course(times[every], calcium[every]),
            "ip3_uM": measures.course(times[every], ip3[every]),
            "ip3_mean_uM": float(ip3[late].mean()),
            "ca_mean_uM": float(calcium[late].mean()),
            "sic_pA": measures.course(at[every], current[every]),
            "sic_mean_pA": float(current[at >= begin].mean()),
            "ca_events": measures.spread(measures.upward_crossings(calcium, SIC_THRESHOLD)),
            "ca_events_after_warmup": measures.spread(measures.upward_crossings(calcium[late], SIC_THRESHOLD)),
        }
    print(json.dumps(out))


if __name__ == "__main__":
    main()
