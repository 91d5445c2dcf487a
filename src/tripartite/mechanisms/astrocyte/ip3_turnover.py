"""IP3 that calcium both makes and breaks down."""

from tripartite.language import Input, Mechanism, Parameter, State, hill


class Ip3Turnover(Mechanism):
    r"""IP3 made by a phospholipase and broken down by a kinase, both driven by calcium alone.

    **Sources** chen2008, as coded in BioModels 202.
    **Holds for** a constant stimulus, which is part of ``production``; `Ip3Metabolism` has receptors and three
    enzymes.
    """

    ip3 = State(0.5, "uM", "I: IP3 in the cytosol", low=0)
    ca = Input("uM", "C: free calcium in the cytosol")

    production = Parameter(0.5, "uM/s", "V_PLC: largest production", "chen2008, BioModels 202", low=0)
    k_production = Parameter(0.12, "uM", "K_PLC: calcium for half of it", "chen2008, BioModels 202", low=1e-6)
    degradation = Parameter(0.5, "1/s", "k_deg: largest rate of degradation", "chen2008, BioModels 202", low=0)
    k_degradation = Parameter(0.1, "uM", "K_deg: calcium for half of it", "chen2008, BioModels 202", low=1e-6)

    def rates(q):
        made = q.production * hill(q.ca, q.k_production, 2)

        return {"ip3": made - q.degradation * hill(q.ca, q.k_degradation, 2) * q.ip3}
