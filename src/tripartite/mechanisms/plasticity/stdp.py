"""Spike-timing-dependent plasticity: what pairs of spikes change, whatever becomes of it."""

from tripartite.language import Add, Emission, Mechanism, Parameter, State


class PairStdp(Mechanism):
    r"""Pair STDP, all pairs, additive: the change of a weight that each pair of spikes asks for.

    A mechanism that owns the weight says what becomes of the change: `Weight`, one with bounds, an eligibility trace.
    ``salience`` is how much a postsynaptic spike counts; its trace carries it to presynaptic spikes that come later.

    **Sources** window song2000.
    **Holds for** pairs that do not interact. That depression exceeds potentiation by 5 % is meant for equal windows;
    with the windows that later work fits to bi_poo1998 (16.8 and 33.7 ms) it would exceed it twofold.
    """

    before = State(0.0, "1", "P: trace of presynaptic spikes", low=0)
    after = State(0.0, "1", "M: trace of postsynaptic spikes", low=0)
    change = Emission("1", "change of the weight by the pairs that a spike completes")

    potentiation = Parameter(0.005, "1", "A_plus: potentiation by one pair", "song2000", low=0)
    depression = Parameter(0.00525, "1", "A_minus: depression by one pair", "song2000", low=0)
    tau_plus = Parameter(20.0, "ms", "tau_plus: window of potentiation", "song2000", low=0)
    tau_minus = Parameter(20.0, "ms", "tau_minus: window of depression", "song2000", low=0)
    salience = Parameter(1.0, "1", "s: how much a postsynaptic spike counts", "song2000: all alike", low=0)

    def rates(q):
        return {"before": -q.before / q.tau_plus, "after": -q.after / q.tau_minus}

    def on_spike(q):
        return {"change": -q.depression * q.after, "before": Add(1)}

    def on_postspike(q):
        return {"change": q.potentiation * q.before * q.salience, "after": Add(q.salience)}
