"""Calcium that leaves the endoplasmic reticulum because there is calcium in the cytosol."""

from tripartite.language import Input, Mechanism, Parameter, hill


class CalciumInducedRelease(Mechanism):
    r"""Calcium-induced calcium release without a gate for inactivation, at a fixed level of IP3.

    **Sources** marhl2000, as coded in BioModels 39.
    **Holds for** channels at equilibrium with calcium, far below their saturation.
    """

    ca = Input("uM", "C: free calcium in the cytosol")
    ca_er = Input("uM", "C_ER: free calcium in the ER")

    release = Parameter(4100.0, "1/s", "k_ch: largest release rate, per C_ER - C", "marhl2000, BioModels 39", low=0)
    k_release = Parameter(5.0, "uM", "K1: calcium for half of it", "marhl2000, BioModels 39", low=1e-6)

    def rates(q):
        return {"ca": q.release * hill(q.ca, q.k_release, 2) * (q.ca_er - q.ca)}
