"""Long-term potentiation by calcium through NMDA receptors."""

from tripartite.language import Input, Mechanism, Output, Parameter, State, where


class SpineVoltage(Mechanism):
    r"""Membrane potential of a spine: rest, and back-propagating postsynaptic spikes that decay.

    **Sources** assumed: the least that lets a postsynaptic spike lift the magnesium block.
    **Holds for** a spine whose own synaptic current leaves its potential as it is; spikes arrive without loss.
    """

    v = State(-70.0, "mV", "V: membrane potential of the spine")

    rest = Parameter(-70.0, "mV", "V_rest: resting potential", "assumed: typical pyramidal cell")
    peak = Parameter(20.0, "mV", "V_peak: potential at a back-propagating spike", "assumed: typical amplitude")
    tau = Parameter(
        10.0, "ms", "tau_V: decay of the back-propagating spike", "assumed: dendritic spikes are broad", low=0
    )

    def rates(q):
        return {"v": (q.rest - q.v) / q.tau}

    def on_postspike(q):
        return {"v": q.peak}


class NmdaLtp(Mechanism):
    r"""Spine calcium that enters through NMDA receptors, and potentiation while it exceeds a threshold.

    Calcium has a reversal potential of its own, far above that of the whole current: it enters even while
    the net current is outward, at the peak of a back-propagating spike.

    **Sources** assumed: the least mechanism in which potentiation needs open NMDA receptors.
    **Holds for** potentiation only; there is no depression. A mechanism that owns the weight bounds it, or not.
    """

    spine_ca = State(0.0, "uM", "calcium in the spine above rest", low=0)
    drift = Output("1/s", "change of the weight in time", adds=True)
    nmda = Input("1", "s: fraction of receptors with bound glutamate", low=0, high=1)
    unblocked = Input("1", "B: fraction not blocked by magnesium", low=0, high=1)
    coagonist = Input("1", "theta: fraction of co-agonist sites occupied", low=0, high=1)
    v = Input("mV", "V: membrane potential")

    influx = Parameter(
        0.06, "uM/mV/ms", "calcium through open receptors", "assumed: a paired spike gives about 1 µM", low=0
    )
    reversal = Parameter(120.0, "mV", "E_Ca: reversal potential of calcium", "assumed: typical of neurons")
    tau = Parameter(20.0, "ms", "lifetime of spine calcium", "assumed: spine transients last tens of ms", low=0)
    threshold = Parameter(0.5, "uM", "calcium that starts potentiation", "assumed: half of a paired transient", low=0)
    learning = Parameter(
        1.0, "1/uM/s", "potentiation per calcium and time", "assumed: about one percent per pairing", low=0
    )

    def rates(q):
        enters = q.influx * q.nmda * q.unblocked * q.coagonist * (q.reversal - q.v)

        return {"spine_ca": enters - q.spine_ca / q.tau}

    def outputs(q):
        excess = where(q.spine_ca > q.threshold, q.spine_ca - q.threshold, 0 * q.threshold)

        return {"drift": q.learning * excess}
