"""The leaky membrane that spikes at a threshold."""

from tripartite.language import Emission, Input, Mechanism, Output, Parameter, State, where


class LeakyIntegrateFire(Mechanism):
    r"""A passive membrane that spikes when it rises through a threshold, and rests after each spike.

    Conductances and currents in the same compartment add ``responsiveness`` times their current to the
    rate of ``v``: nothing moves the membrane while it is refractory.

    **Sources** stimberg2019, example 1.
    **Holds for** firing rates; the shape of a spike is not part of it.
    """

    v = State(-60.0, "mV", "V: membrane potential")
    since = State(1000.0, "ms", "time since the last spike", low=0)
    responsiveness = Output("1/pF", "change of potential per charge: 1/C_m, nothing while refractory")
    spike = Emission("1", "a spike of this neuron")
    current = Input("pA", "I: injected current", default=0.0)

    capacitance = Parameter(198.0, "pF", "C_m: capacitance of the membrane", "stimberg2019, example 1", low=1e-6)
    g_l = Parameter(9.99, "nS", "g_l: leak conductance", "stimberg2019, example 1", low=0)
    e_l = Parameter(-60.0, "mV", "E_l: reversal potential of the leak", "stimberg2019, example 1")
    v_threshold = Parameter(-50.0, "mV", "V_th: potential of a spike", "stimberg2019, example 1")
    v_reset = Parameter(-60.0, "mV", "V_r: potential after a spike", "stimberg2019, example 1")
    refractory = Parameter(5.0, "ms", "tau_r: refractory period", "stimberg2019, example 1", low=0)
    bias_current = Parameter(
        0.0, "pA", "I_ex: constant background current", "assumed: none; stimberg2019 has 150 and 100 pA"
    )

    def outputs(q):
        return {"responsiveness": where(q.since >= q.refractory, 1 / q.capacitance, 0 / q.capacitance)}

    def rates(q):
        return {"v": q.responsiveness * (q.g_l * (q.e_l - q.v) + (q.bias_current + q.current)), "since": 1}

    def crossing(q):
        return q.v - q.v_threshold

    def on_crossing(q):
        return {"v": q.v_reset, "since": 0 * q.since, "spike": 1}
