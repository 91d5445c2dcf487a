"""D-serine, the co-agonist of NMDA receptors that astrocytes supply."""

from tripartite.language import Input, Mechanism, Parameter, State


class DSerine(Mechanism):
    r"""Extracellular D-serine: a resting level, a rise with each gliotransmitter release, removal.

    Release amplitude and removal are not settled by measurements; the values are working assumptions.

    **Sources** form henneberger2010 and panatier2006 (astrocytic supply); values assumed.
    """

    dserine = State(0.5, "uM", "D: extracellular D-serine", low=0)
    gliorelease = Input("1", "r_A: fraction of gliotransmitter released")

    rest = Parameter(0.5, "uM", "D_0: resting level", "assumed: leaves the co-agonist site mostly empty", low=0)
    amount = Parameter(
        20.0, "uM", "D_T: rise when everything is released", "assumed: fills the site in one event", low=0
    )
    removal = Parameter(0.1, "1/s", "1/tau_D: removal rate", "assumed: removal takes seconds", low=0)

    def rates(q):
        return {"dserine": q.removal * (q.rest - q.dserine)}

    def on_gliorelease(q):
        return {"dserine": q.dserine + q.amount * q.gliorelease}
