"""Adrenergic receptors of the astrocyte: how noradrenaline makes IP3."""

from typing import Any

from tripartite.language import HalfConcentration, Input, Mechanism, Output, Parameter, State, hill


def _occupancy(q: Any) -> Any:
    """Effective occupancy by noradrenaline, with the affinity that calcium lowers through PKC."""
    return hill(q.noradrenaline, q.k_ne + q.k_ne_pkc * hill(q.ca, q.k_ne_ca), 0.7)


class NoradrenalineReceptor(Mechanism):
    r"""IP3 production by α1 receptors and Gq at equilibrium with noradrenaline, terminated by calcium.

    Calcium activates PKC, which lowers the affinity; the form is that of `StaticGlutamateReceptor`.

    **Sources** wang_astroglia, file Astrocyte.h: form and values.
    **Holds for** noradrenaline that changes more slowly than receptors bind (seconds).
    **Pitfalls** The values belong to an IP3 that 5-phosphatase removes tenfold faster (0.45 /s) than in depitta2009:
    on an astrocyte of another set the response is larger and outlasts the noradrenaline.
    """

    noradrenaline = Input("uM", "NE: extracellular noradrenaline at the astrocyte")
    ca = Input("uM", "C: free calcium in the cytosol")
    ip3 = Input("uM", "I: IP3 in the cytosol")
    alpha1_occupancy = Output("1", "effective occupancy of α1 receptors")

    v_ne = Parameter(0.08, "uM/s", "v_beta: largest production of IP3", "wang_astroglia, Astrocyte.h", low=0)
    k_ne = Parameter(
        5.99,
        "uM",
        "K_R: noradrenaline affinity",
        "wang_astroglia, Astrocyte.h",
        low=0,
        target=HalfConcentration("alpha-1"),
    )
    k_ne_pkc = Parameter(
        46.1,
        "uM",
        "K_p: loss of affinity through PKC",
        "wang_astroglia, Astrocyte.h",
        low=0,
        target=HalfConcentration("alpha-1"),
    )
    k_ne_ca = Parameter(0.6, "uM", "K_pi: calcium that half-activates PKC", "wang_astroglia, Astrocyte.h", low=0)

    def outputs(q):
        return {"alpha1_occupancy": _occupancy(q)}

    def rates(q):
        return {"ip3": q.v_ne * q.alpha1_occupancy}


class DesensitisingNoradrenalineReceptor(NoradrenalineReceptor):
    r"""α1 receptors that lose their response while they are occupied, and recover afterwards.

    ``alpha1_sensitive`` receptors make IP3; the rest is that of `NoradrenalineReceptor`.

    **Sources** wang_astroglia, file Astrocyte.h; desensitisation assumed: a second application of noradrenaline
    depolarised cultured astrocytes less than the first, but rates were not measured there.
    **Holds for** repeated or lasting noradrenaline, in sign only.
    """

    alpha1_sensitive = State(1.0, "1", "s: fraction of receptors not desensitised", low=0, high=1)

    alpha1_loss = Parameter(0.02, "1/s", "k_des: loss of sensitivity when occupied", "assumed: within a minute", low=0)
    alpha1_recovery = Parameter(300.0, "s", "tau_rec: recovery of sensitivity", "assumed: minutes", low=1e-6)

    def rates(q):
        recovers = (1 - q.alpha1_sensitive) / q.alpha1_recovery
        lost = q.alpha1_loss * q.alpha1_occupancy * q.alpha1_sensitive

        return {"ip3": q.v_ne * q.alpha1_occupancy * q.alpha1_sensitive, "alpha1_sensitive": recovers - lost}
