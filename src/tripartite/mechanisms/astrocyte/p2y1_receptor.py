"""ATP receptors of the astrocyte: how ATP makes IP3."""

from tripartite.language import HalfConcentration, Input, Mechanism, Parameter, hill


class P2y1Receptor(Mechanism):
    r"""IP3 production that ATP starts through P2Y1 receptors and Gq, at equilibrium.

    **Sources** form and values assumed: a Hill curve; no kinetic model of it is published with values.
    **Holds for** ATP that changes over seconds; signs only. ADP, which binds better, is not told apart.
    """

    atp = Input("uM", "ATP: extracellular ATP at the astrocyte")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    v_atp = Parameter(0.2, "uM/s", "largest production of IP3", "assumed: as glutamate's of depitta2009", low=0)
    k_atp = Parameter(
        1.0, "uM", "ATP of half effect", "assumed: micromolar receptor", low=1e-6, target=HalfConcentration("P2Y1")
    )

    def rates(q):
        return {"ip3": q.v_atp * hill(q.atp, q.k_atp)}
