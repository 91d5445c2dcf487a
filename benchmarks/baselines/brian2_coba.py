"""COBA of Brette et al. (2007), benchmark 1, in Brian2 (C++ standalone); prints one JSON line."""

import json
import shutil
import tempfile
import time

import brian2 as b2
import coba
import numpy as np

EQUATIONS = """
dv/dt = (g_L*(E_L - v) + g_e*(E_E - v) + g_i*(E_I - v) + drive)/C_M : volt (unless refractory)
dg_e/dt = -g_e/TAU_E : siemens
dg_i/dt = -g_i/TAU_I : siemens
"""


def main() -> None:
    """Generate, compile, run, measure."""
    args = coba.options(__doc__)
    folder = tempfile.mkdtemp()
    b2.set_device("cpp_standalone", directory=folder, build_on_run=False)
    b2.prefs.devices.cpp_standalone.openmp_threads = 0 if args.threads == 1 else args.threads
    b2.prefs.devices.cpp_standalone.extra_make_args_unix = ["-j2"]
    b2.defaultclock.dt = coba.STEP * b2.ms
    begun = time.perf_counter()
    constants = {
        **{"g_L": coba.G_L * b2.nS, "C_M": coba.C_M * b2.pF, "drive": args.drive * b2.pA},
        **{k: getattr(coba, k) * b2.mV for k in ("E_L", "E_E", "E_I", "V_TH", "V_RESET")},
        **{k: getattr(coba, k) * b2.ms for k in ("TAU_E", "TAU_I", "REFRACTORY")},
        **{"W_E": coba.W_E * b2.nS, "W_I": coba.W_I * b2.nS},
    }
    number, start = coba.EXCITATORY + coba.INHIBITORY, coba.initial(args.seed)
    neurons = b2.NeuronGroup(
        number, EQUATIONS, threshold="v > V_TH", reset="v = V_RESET", refractory="REFRACTORY", method="euler"
    )
    neurons.v, neurons.g_e, neurons.g_i = start["v"] * b2.mV, start["g_e"] * b2.nS, start["g_i"] * b2.nS
    pre, post = coba.connections(args.seed)
    is_e = pre < coba.EXCITATORY
    delay = coba.DELAY * b2.ms
    exc = b2.Synapses(neurons, neurons, on_pre="g_e_post += W_E", delay=delay)
    exc.connect(i=pre[is_e], j=post[is_e])
    inh = b2.Synapses(neurons, neurons, on_pre="g_i_post += W_I", delay=delay)
    inh.connect(i=pre[~is_e], j=post[~is_e])
    spikes = b2.SpikeMonitor(neurons)
    b2.Network(neurons, exc, inh, spikes).run(args.seconds * b2.second, namespace=constants)
    b2.device.build(directory=folder, compile=True, run=False)
    built = time.perf_counter()
    b2.device.run(folder, with_output=False)
    loop = float(b2.device._last_run_time)
    name = f"Brian2 {b2.__version__} C++ standalone"
    print(json.dumps(coba.report(name, args, built - begun, loop, np.array(spikes.i), np.array(spikes.t / b2.ms))))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
