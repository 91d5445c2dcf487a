"""GABA receptors of the astrocyte: how GABA makes IP3."""

from tripartite.language import HalfConcentration, Input, Mechanism, Parameter, hill


class GabaBReceptor(Mechanism):
    r"""IP3 production that GABA starts through GABA_B receptors, by Gβγ of Gi, at equilibrium.

    **Sources** form and values assumed: a Hill curve; no kinetic model of it is published with values.
    **Holds for** GABA that changes over seconds; signs only.
    """

    gaba = Input("uM", "GABA: extracellular GABA at the astrocyte")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    v_gaba = Parameter(0.05, "uM/s", "largest production of IP3", "assumed: weaker than glutamate's", low=0)
    k_gaba = Parameter(
        5.0, "uM", "GABA of half effect", "assumed: micromolar receptor", low=1e-6, target=HalfConcentration("GABA-B")
    )

    def rates(q):
        return {"ip3": q.v_gaba * hill(q.gaba, q.k_gaba)}
