"""Neuron-astrocyte network of Stimberg et al. (2019), example 6 (figure 6), in Brian2; prints one JSON line.

C++ standalone, one or more OpenMP threads. Numbers and geometry: Stimberg et al. 2019, example 6, conventions
included: inhibitory neurons sit at the origin, and synapses with a negative territory index have no astrocyte.
"""

import argparse
import json
import resource
import shutil
import tempfile
import time

import brian2 as b2
import measures
import numpy as np

EXCITATORY, INHIBITORY, ASTROCYTES = 3200, 800, 3200
STEP_MS, ASTROCYTE_STEP_MS = 0.1, 10.0
MEMBRANE = """
dv/dt = (g_l*(E_l - v) + g_e*(E_e - v) + g_i*(E_i - v) + I_ex*stimulus(t))/C_m : volt (unless refractory)
dg_e/dt = -g_e/tau_e : siemens
dg_i/dt = -g_i/tau_i : siemens
x_cell : meter (constant)
y_cell : meter (constant)
"""
SYNAPSE = """
dY/dt = -Omega_c*Y : mmolar (clock-driven)
dGamma_S/dt = O_G*G*(1 - Gamma_S) - Omega_G*Gamma_S : 1 (clock-driven)
du/dt = -Omega_f*u : 1 (event-driven)
dx/dt = Omega_d*(1 - x) : 1 (event-driven)
G : mmolar
territory : integer (constant)
"""
RELEASE = """
u += (1 - Gamma_S)*U_rest*(1 - u)
released = u*x
x -= released
Y += rho_c*Y_T*released
{target} += {weight}*released
"""
ASTROCYTE = """
dGamma_A/dt = O_N*Y*(1 - clip(Gamma_A, 0, 1)) - Omega_N*(1 + zeta*C/(C + K_KC))*clip(Gamma_A, 0, 1) : 1
dI/dt = O_beta*Gamma_A + produced - phosphorylated - Omega_5P*I + coupling : mmolar
produced = O_delta/(1 + I/kappa_delta)*C**2/(C**2 + K_delta**2) : mmolar/second
phosphorylated = O_3K*C**4/(C**4 + K_D**4)*I/(I + K_3K) : mmolar/second
dC/dt = (Omega_C*(m*h)**3 + Omega_L)*(C_T - (1 + rho_A)*C) - O_P*C**2/(C**2 + K_P**2) : mmolar
dh/dt = O_2*(Q_2*(1 - h) - C*h) : 1
m = I/(I + d_1)*C/(C + d_5) : 1
Q_2 = d_2*(I + d_1)/(I + d_3) : mmolar
dx_A/dt = Omega_A*(1 - x_A) : 1
dG/dt = -Omega_e*G : mmolar
coupling : mmolar/second
Y : mmolar
x_cell : meter (constant)
y_cell : meter (constant)
"""
JUNCTION = """
difference = I_post - I_pre : mmolar
coupling_post = -(1 + tanh((abs(difference) - I_Theta)/omega_I))*sign(difference)*F/2 : mmolar/second (summed)
"""


def parameters() -> dict[str, object]:
    """Values of Stimberg et al. 2019, example 6."""
    mV, nS, pF, ms, pA, s, uM, mM = (
        *(b2.mV, b2.nS, b2.pF, b2.ms, b2.pA),
        *(b2.second, b2.umolar, b2.mmolar),
    )
    return {
        **{"E_l": -60 * mV, "g_l": 9.99 * nS, "E_e": 0 * mV, "E_i": -80 * mV, "C_m": 198 * pF},
        **{"tau_e": 5 * ms, "tau_i": 10 * ms, "tau_r": 5 * ms, "I_ex": 100 * pA, "V_th": -50 * mV, "V_r": -60 * mV},
        **{"rho_c": 0.005, "Y_T": 500 * mM, "Omega_c": 40 / s, "U_rest": 0.6, "Omega_f": 3.33 / s, "Omega_d": 2 / s},
        **{"w_e": 0.05 * nS, "w_i": 1.0 * nS, "O_G": 1.5 / uM / s, "Omega_G": 0.5 / (60 * s)},
        **{"O_P": 0.9 * uM / s, "K_P": 0.05 * uM, "C_T": 2 * uM, "rho_A": 0.18, "Omega_C": 6 / s, "Omega_L": 0.1 / s},
        **{"d_1": 0.13 * uM, "d_2": 1.05 * uM, "O_2": 0.2 / uM / s, "d_3": 0.9434 * uM, "d_5": 0.08 * uM},
        **{"O_beta": 0.5 * uM / s, "O_N": 0.3 / uM / s, "Omega_N": 0.5 / s, "K_KC": 0.5 * uM, "zeta": 10},
        **{"O_delta": 1.2 * uM / s, "kappa_delta": 1.5 * uM, "K_delta": 0.1 * uM, "Omega_5P": 0.05 / s},
        **{"K_D": 0.7 * uM, "K_3K": 1.0 * uM, "O_3K": 4.5 * uM / s},
        **{"F": 0.09 * uM / s, "I_Theta": 0.3 * uM, "omega_I": 0.05 * uM},
        **{"C_Theta": 0.5 * uM, "Omega_A": 0.6 / s, "U_A": 0.6, "G_T": 200 * mM, "rho_e": 6.5e-4, "Omega_e": 60 / s},
        "stimulus": b2.TimedArray([1.0, 1.2, 1.0, 1.0], dt=2 * s),
    }


def territories() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions (m) of neurons and astrocytes, ``(cell, 2)``, and the territory of each postsynaptic neuron."""
    size, rows = 3.75e-3, int(np.sqrt(EXCITATORY))
    columns = EXCITATORY // rows
    apart, cell = size / columns, np.arange(EXCITATORY)
    neurons = np.zeros((EXCITATORY + INHIBITORY, 2))
    neurons[:EXCITATORY, 0] = (cell // rows) * apart - rows / 2 * apart
    neurons[:EXCITATORY, 1] = (cell % rows) * apart - columns / 2 * apart
    rows = int(np.sqrt(ASTROCYTES))
    columns, apart, cell = ASTROCYTES / rows, size / rows, np.arange(ASTROCYTES)
    territory = np.trunc(np.trunc(neurons[:, 0] / apart) + columns * np.trunc(neurons[:, 1] / apart)).astype(int)
    astrocytes = np.stack([(cell // rows) * apart - rows / 2 * apart, (cell % rows) * apart - columns / 2 * apart], 1)
    return neurons, astrocytes, territory


def network(seed: int) -> dict[str, object]:
    """All objects of the network, in the order they are created."""
    rng = np.random.default_rng(seed)
    where, astro_where, territory = territories()
    number = EXCITATORY + INHIBITORY
    neurons = b2.NeuronGroup(
        number, MEMBRANE, threshold="v > V_th", reset="v = V_r", refractory="tau_r", method="euler"
    )
    neurons.x_cell, neurons.y_cell = where[:, 0] * b2.meter, where[:, 1] * b2.meter
    neurons.v = (-60 + 10 * rng.random(number)) * b2.mV
    neurons.g_e, neurons.g_i = 0.05 * rng.random(number) * b2.nS, rng.random(number) * b2.nS
    synapses = {}
    for name, cells, chance, target, weight in (
        ("exc", neurons[:EXCITATORY], 0.05, "g_e_post", "w_e"),
        ("inh", neurons[EXCITATORY:], 0.2, "g_i_post", "w_i"),
    ):
        on_pre = RELEASE.format(target=target, weight=weight)
        synapses[name] = b2.Synapses(cells, neurons, SYNAPSE, on_pre=on_pre, method="exact")
        pre, post = np.nonzero(rng.random((len(cells), number)) < chance)
        synapses[name].connect(i=pre, j=post)
        synapses[name].x = 1
        if name == "exc":
            synapses[name].territory = territory[post]
            covered = np.flatnonzero(territory[post] >= 0)
            owner = territory[post][covered]
    astrocytes = b2.NeuronGroup(
        ASTROCYTES,
        ASTROCYTE,
        threshold="C > C_Theta",
        refractory="C > C_Theta",
        reset="G += rho_e*G_T*U_A*x_A\nx_A -= U_A*x_A",
        method="rk4",
        dt=ASTROCYTE_STEP_MS * b2.ms,
    )
    astrocytes.x_cell, astrocytes.y_cell = astro_where[:, 0] * b2.meter, astro_where[:, 1] * b2.meter
    astrocytes.C, astrocytes.I, astrocytes.h, astrocytes.x_A = 0.01 * b2.umolar, 0.01 * b2.umolar, 0.9, 1
    to_synapse = b2.Synapses(astrocytes, synapses["exc"], "G_post = G_pre : mmolar (summed)")
    to_synapse.connect(i=owner, j=covered)
    to_astrocyte = b2.Synapses(synapses["exc"], astrocytes, "Y_post = Y_pre/N_incoming : mmolar (summed)")
    to_astrocyte.connect(i=covered, j=owner)
    near = np.linalg.norm(astro_where[:, None] - astro_where[None], axis=2) < 75e-6
    np.fill_diagonal(near, False)
    junctions = b2.Synapses(astrocytes, astrocytes, JUNCTION)
    junctions.connect(i=np.nonzero(near)[0], j=np.nonzero(near)[1])
    return {
        **{"neurons": neurons, "astrocytes": astrocytes, **synapses},
        **{"to_synapse": to_synapse, "to_astrocyte": to_astrocyte, "junctions": junctions},
    }


def monitors(parts: dict[str, object], interval: float) -> dict[str, object]:
    """Spikes, releases and sampled time courses (``interval`` in ms)."""
    every = interval * b2.ms
    sampled = np.arange(0, 600_000, 64)
    return {
        "spikes": b2.SpikeMonitor(parts["neurons"]),
        "releases": b2.SpikeMonitor(parts["astrocytes"]),
        "astro": b2.StateMonitor(parts["astrocytes"], ["C", "I"], record=True, dt=every),
        "gamma": b2.StateMonitor(parts["exc"], ["Gamma_S"], record=sampled, dt=every),
    }


def main() -> None:
    """Generate, compile, run, measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--interval", type=float, default=100.0, help="ms between samples of the astrocytes")
    args = parser.parse_args()
    folder = tempfile.mkdtemp()
    b2.set_device("cpp_standalone", directory=folder, build_on_run=False)
    b2.prefs.devices.cpp_standalone.openmp_threads = 0 if args.threads == 1 else args.threads
    b2.prefs.devices.cpp_standalone.extra_make_args_unix = ["-j2"]
    b2.defaultclock.dt = STEP_MS * b2.ms
    b2.seed(args.seed)
    begun = time.perf_counter()
    parts = network(args.seed)
    watch = monitors(parts, args.interval)
    net = b2.Network(*parts.values(), *watch.values())
    net.run(args.seconds * b2.second, namespace=parameters())
    b2.device.build(directory=folder, compile=True, run=False)
    compiled = time.perf_counter()
    b2.device.run(folder, with_output=False, run_args=[])
    wall = time.perf_counter() - compiled
    loop = float(b2.device._last_run_time)
    end = args.seconds * 1e3
    who, when = np.array(watch["spikes"].i), np.array(watch["spikes"].t / b2.ms)
    number = EXCITATORY + INHIBITORY
    times = np.array(watch["astro"].t / b2.ms)
    _, _, territory = territories()
    owned = np.zeros(ASTROCYTES, bool)
    owned[np.unique(territory[territory >= 0])] = True
    events = np.bincount(np.array(watch["releases"].i), minlength=ASTROCYTES)
    calcium, ip3 = (np.array(getattr(watch["astro"], k) / b2.umolar).T for k in "CI")
    by_second = np.histogram(when[who < EXCITATORY], np.arange(0, end + 1, 1000))[0] / EXCITATORY
    out = {
        "simulator": f"Brian2 {b2.__version__} C++ standalone",
        "network": "stimberg2019-example-6",
        **{"seed": args.seed, "threads": args.threads, "biological_s": args.seconds},
        "build_s": compiled - begun,
        "simulate_s": loop,
        "process_s": wall,
        "s_per_biological_s": loop / args.seconds,
        "synapses": [len(parts["exc"]), len(parts["inh"])],
        "covered_synapses": len(parts["to_synapse"]),
        "junctions": len(parts["junctions"]),
        "peak_memory_gib": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20,
        **measures.spikes(who, when, EXCITATORY, number, 0.0, end),
        "rate_e_by_second_hz": by_second.tolist(),
        "releases_total": int(events.sum()),
        "releases_per_owner": measures.spread(events[owned]),
        "releases_per_other": measures.spread(events[~owned]),
        "release_first_ms": float(np.min(watch["releases"].t / b2.ms)) if len(events.nonzero()[0]) else None,
        "ca_uM": measures.course(times, calcium),
        "ip3_uM": measures.course(times, ip3),
        "ca_owner_uM": measures.course(times, calcium[:, owned]),
        "ip3_owner_uM": measures.course(times, ip3[:, owned]),
        "gamma_s": measures.course(times, np.array(watch["gamma"].Gamma_S).T),
    }
    shutil.rmtree(folder)
    print(json.dumps(out))


if __name__ == "__main__":
    main()
