"""IP3 that a short pulse of glutamate makes, one for each spike of a neuron."""

from tripartite.language import Add, Input, Mechanism, Parameter, State

_PROGRAM = "assumed: value of programs by the group of gordleeva2019; not compared with the paper"


class SpikeIp3(Mechanism):
    r"""Production of IP3 in pulses, one for each spike, as if glutamate came and went.

    The programs make 5 µM/s for 60 ms (after enough neighbouring neurons fired); here each spike adds a pulse that
    decays with a time constant of 60 ms, which makes the same 0.3 µM in all.

    **Sources** gordleeva2019 for the idea; the shape of the pulse is assumed.
    **Holds for** spikes so rare that receptors do not saturate: pulses add up without limit.
    """

    ip3_pulse = State(0.0, "1", "strength of the pulse, 1 after a spike at rest", low=0)
    ip3 = Input("uM", "I: IP3 in the cytosol")

    pulse_production = Parameter(5.0, "uM/s", "alpha_glu: production at the start of a pulse", _PROGRAM, low=0)
    pulse_tau = Parameter(60.0, "ms", "t_neuro: duration of a pulse", _PROGRAM, low=1e-6)

    def rates(q):
        return {"ip3_pulse": -q.ip3_pulse / q.pulse_tau, "ip3": q.pulse_production * q.ip3_pulse}

    def on_spike(q):
        return {"ip3_pulse": Add(1)}
