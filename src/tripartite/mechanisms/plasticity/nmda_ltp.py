"""Long-term potentiation by calcium through NMDA receptors."""

from tripartite.language import Input, Mechanism, Parameter, State, where


class SpineVoltage(Mechanism):
    r"""Membrane potential of a spine: rest, and back-propagating postsynaptic spikes that decay.

    **Sources** assumed: the least that lets a postsynaptic spike lift the magnesium block.
    """

    v = State(-70.0, "mV", "V: membrane potential of the spine")

    rest = Parameter(-70.0, "mV", "V_rest: resting potential", "assumed: typical pyramidal cell")
    peak = Parameter(20.0, "mV", "V_peak: potential at a back-propagating spike", "assumed: typical amplitude")
    tau = Parameter(10.0, "ms", "tau_V: decay of the back-propagating spike", "assumed: dendritic spikes are broad", low=0)

    def rates(q):
        return {"v": (q.rest - q.v) / q.tau}

    def on_postspike(q):
        return {"v": q.peak}


class NmdaLtp(Mechanism):
    r"""Spine calcium that enters with the NMDA current, and potentiation while it exceeds a threshold.

    **Sources** assumed: the least mechanism in which potentiation needs NMDA current.
    **Holds for** potentiation only; there is no depression and no bound.
    """

    spine_ca = State(0.0, "uM", "calcium in the spine above rest", low=0)
    weight = State(1.0, "1", "w: synaptic weight relative to its start")
    nmda_current = Input("pA", "I_NMDA: outward current")

    influx = Parameter(0.1, "uM/pA/ms", "calcium per NMDA charge", "assumed: a paired spike gives about 1 µM", low=0)
    tau = Parameter(20.0, "ms", "lifetime of spine calcium", "assumed: spine transients last tens of ms", low=0)
    threshold = Parameter(0.5, "uM", "calcium that starts potentiation", "assumed: half of a paired transient", low=0)
    learning = Parameter(0.05, "1/uM/s", "potentiation per calcium and time", "assumed: percents per pairing", low=0)

    def rates(q):
        excess = where(q.spine_ca > q.threshold, q.spine_ca - q.threshold, 0 * q.threshold)

        return {"spine_ca": -q.influx * q.nmda_current - q.spine_ca / q.tau, "weight": q.learning * excess}
