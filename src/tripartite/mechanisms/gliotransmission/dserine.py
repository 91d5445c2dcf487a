"""D-serine, the co-agonist of NMDA receptors that astrocytes supply."""

from tripartite.language import Add, Input, Mechanism, Parameter, State, hill


class DSerine(Mechanism):
    r"""Extracellular D-serine: a resting level, a rise with each gliotransmitter release, removal.

    **Sources** form henneberger2010 and panatier2006 (astrocytic supply); values assumed.
    **Holds for** releases that are single events; `DSerineFlux` follows calcium without them.
    **Pitfalls** Amplitude and removal are not settled by measurements; the values are working assumptions.
    """

    dserine = State(0.5, "uM", "D: extracellular D-serine", low=0)
    gliorelease = Input("1", "r_A: fraction of gliotransmitter released", low=0)

    rest = Parameter(0.5, "uM", "D_0: resting level", "assumed: leaves the co-agonist site mostly empty", low=0)
    amount = Parameter(
        20.0, "uM", "D_T: rise when everything is released", "assumed: fills the site in one event", low=0
    )
    removal = Parameter(0.1, "1/s", "1/tau_D: removal rate", "assumed: removal takes seconds", low=0)

    def rates(q):
        return {"dserine": q.removal * (q.rest - q.dserine)}

    def on_gliorelease(q):
        return {"dserine": Add(q.amount * q.gliorelease)}


class DSerineFlux(Mechanism):
    r"""Extracellular D-serine released without events, at a rate that grows with calcium in the astrocyte.

    **Sources** form henneberger2010 and panatier2006 (supply that depends on astrocytic calcium); values assumed.
    **Holds for** supply that does not run out; use `DSerine` where releases are single events.
    **Pitfalls** Amplitude, affinity and removal are not settled by measurements.
    """

    dserine = State(0.5, "uM", "D: extracellular D-serine", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")

    rest = Parameter(0.5, "uM", "D_0: level without release", "assumed: leaves the co-agonist site mostly empty", low=0)
    release = Parameter(2.0, "uM/s", "D_T: largest rate of release", "assumed: fills the site in ten seconds", low=0)
    k_release = Parameter(0.5, "uM", "K: calcium at half the largest release", "assumed: as a release threshold", 1e-6)
    cooperation = Parameter(4.0, "1", "n: Hill exponent of calcium", "assumed: as for exocytosis", low=0)
    removal = Parameter(0.1, "1/s", "1/tau_D: removal rate", "assumed: removal takes seconds", low=0)

    def rates(q):
        released = q.release * hill(q.ca, q.k_release, q.cooperation)

        return {"dserine": released + q.removal * (q.rest - q.dserine)}
