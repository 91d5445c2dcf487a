"""Calcium that mitochondria take up from the cytosol and give back."""

from tripartite.language import Input, Mechanism, Parameter, State, hill


class Mitochondrion(Mechanism):
    r"""Mitochondria with a steep uniporter and a release that grows with calcium of the cytosol.

    The uniporter acts like a switch near ``k_uniporter``; release is by exchange for sodium, which cytosolic
    calcium activates in this model, and by a small constant conductance.

    **Sources** marhl2000, as coded in BioModels 39.
    **Holds for** a constant potential across the inner membrane; Magnus-Keizer models have one that changes.
    **Pitfalls** Uptake takes calcium from cytosol and ER together, so ``ca_total`` loses it as well. Copies of the
    published file differ in where they keep the ratio ``mito_ratio``; conservation of
    ``ca_total + mito_ratio ca_mito`` (and of what is bound) decides.
    """

    ca_mito = State(0.29, "uM", "C_M: free calcium in mitochondria", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")
    ca_total = Input("uM", "calcium of cytosol and ER per cytosol volume")

    uniporter = Parameter(300.0, "uM/s", "k_in: largest uptake by the uniporter", "marhl2000, BioModels 39", low=0)
    k_uniporter = Parameter(0.8, "uM", "K2: calcium for half of it", "marhl2000, BioModels 39", low=1e-6)
    exchange = Parameter(125.0, "1/s", "k_out: largest rate of release", "marhl2000, BioModels 39", low=0)
    k_exchange = Parameter(5.0, "uM", "K3: calcium of the cytosol for half of it", "marhl2000, BioModels 39", low=1e-6)
    pore = Parameter(0.00625, "1/s", "k_m: rate of release that is always there", "marhl2000, BioModels 39", low=0)
    mito_ratio = Parameter(
        4.0, "1", "mitochondria to cytosol: volumes times free-to-total calcium", "marhl2000, BioModels 39", low=1e-3
    )

    def rates(q):
        enters = q.uniporter * hill(q.ca, q.k_uniporter, 8)
        leaves = (q.exchange * hill(q.ca, q.k_exchange, 2) + q.pore) * q.ca_mito

        return {"ca_mito": (enters - leaves) / q.mito_ratio, "ca": leaves - enters, "ca_total": leaves - enters}
