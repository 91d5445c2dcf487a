"""Spike-timing-dependent plasticity: as an eligibility trace, and gated by an astrocyte."""

from tripartite.language import Add, Input, Mechanism, Parameter, State


class EligibilityStdp(Mechanism):
    r"""Pair STDP that writes into an eligibility trace, which a third factor turns into weight.

    With a third factor of 1 throughout, the final change is that of pair STDP (all pairs, additive).

    **Sources** window song2000; trace fremaux_gerstner2016.
    **Holds for** weights far from any bound. That depression exceeds potentiation by 5 % is meant for equal windows;
    with the windows that later work fits to bi_poo1998 (16.8 and 33.7 ms) it would exceed it twofold.
    """

    before = State(0.0, "1", "P: trace of presynaptic spikes", low=0)
    after = State(0.0, "1", "M: trace of postsynaptic spikes", low=0)
    eligibility = State(0.0, "1", "e: eligibility trace")
    weight = State(1.0, "1", "w: synaptic weight relative to its start")
    gate = Input("1", "g_a: third factor")

    potentiation = Parameter(0.005, "1", "A_plus: potentiation by one pair", "song2000", low=0)
    depression = Parameter(0.00525, "1", "A_minus: depression by one pair", "song2000", low=0)
    tau_plus = Parameter(20.0, "ms", "tau_plus: window of potentiation", "song2000", low=0)
    tau_minus = Parameter(20.0, "ms", "tau_minus: window of depression", "song2000", low=0)
    tau_e = Parameter(1.0, "s", "tau_e: lifetime of eligibility", "assumed: cortical range 1-10 s", low=0)

    def rates(q):
        return {
            "before": -q.before / q.tau_plus,
            "after": -q.after / q.tau_minus,
            "eligibility": -q.eligibility / q.tau_e,
            "weight": q.gate * q.eligibility / q.tau_e,
        }

    def on_spike(q):
        return {"eligibility": q.eligibility - q.depression * q.after, "before": Add(1)}

    def on_postspike(q):
        return {"eligibility": Add(q.potentiation * q.before), "after": Add(1)}


class GatedStdp(Mechanism):
    r"""The three-factor rule: the STDP window times the astrocyte's gate at the postsynaptic spike.

    A pair changes the weight by f(t_post - t_pre) g_a(t_post). When the presynaptic spike completes the
    pair, the gate is still the one at t_post: the postsynaptic trace carries it.

    **Sources** window song2000; gate fremaux_gerstner2016.
    **Holds for** weights far from any bound. That depression exceeds potentiation by 5 % is meant for equal windows;
    with the windows that later work fits to bi_poo1998 (16.8 and 33.7 ms) it would exceed it twofold.
    """

    before = State(0.0, "1", "P: trace of presynaptic spikes", low=0)
    after = State(0.0, "1", "M: trace of gated postsynaptic spikes", low=0)
    weight = State(1.0, "1", "w: synaptic weight relative to its start")
    gate = Input("1", "g_a: gate of the astrocyte", low=0, high=1)

    potentiation = Parameter(0.005, "1", "A_plus: potentiation by one pair", "song2000", low=0)
    depression = Parameter(0.00525, "1", "A_minus: depression by one pair", "song2000", low=0)
    tau_plus = Parameter(20.0, "ms", "tau_plus: window of potentiation", "song2000", low=0)
    tau_minus = Parameter(20.0, "ms", "tau_minus: window of depression", "song2000", low=0)

    def rates(q):
        return {"before": -q.before / q.tau_plus, "after": -q.after / q.tau_minus}

    def on_spike(q):
        return {"weight": q.weight - q.depression * q.after, "before": Add(1)}

    def on_postspike(q):
        return {"weight": Add(q.potentiation * q.before * q.gate), "after": Add(q.gate)}
