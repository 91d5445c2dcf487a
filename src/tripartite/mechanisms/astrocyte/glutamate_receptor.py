"""Metabotropic glutamate receptors of the astrocyte: how synaptic glutamate makes IP3."""

from tripartite.language import BindingRate, HalfConcentration, Input, Mechanism, Parameter, State, hill


class StaticGlutamateReceptor(Mechanism):
    r"""IP3 production by PLCβ at equilibrium with glutamate, terminated by calcium through PKC.

    **Sources** depitta2009, equations 19-20, as coded in ModelDB 223269.
    **Holds for** glutamate that changes more slowly than receptors bind (seconds).
    """

    glutamate = Input("uM", "gamma: extracellular glutamate at the astrocyte")
    ca = Input("uM", "C: free calcium in the cytosol")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    v_beta = Parameter(
        0.2, "uM/s", "v_beta: largest production by PLCβ", "depitta2009, table 1 (AM)", low=0, target="mGluR5"
    )
    k_r = Parameter(
        1.3,
        "uM",
        "K_R: glutamate affinity of the receptor",
        "depitta2009, table 1",
        low=0,
        target=HalfConcentration("mGluR5"),
    )
    k_p = Parameter(
        10.0,
        "uM",
        "K_p: loss of affinity through PKC",
        "depitta2009, table 1",
        low=0,
        target=HalfConcentration("mGluR5"),
    )
    k_pi = Parameter(0.6, "uM", "K_pi: calcium that half-activates PKC", "depitta2009, table 1", low=0)

    def rates(q):
        k_gamma = q.k_r * (1 + q.k_p / q.k_r * hill(q.ca, q.k_pi))

        return {"ip3": q.v_beta * hill(q.glutamate, k_gamma, 0.7)}


class GlutamateReceptor(Mechanism):
    r"""Binding of glutamate to metabotropic receptors, terminated by calcium-dependent PKC.

    ``active`` receptors make IP3. The calcium-dependent term ends the response to sustained glutamate.

    **Sources** stimberg2019, section 2 and example 2.
    **Holds for** fast glutamate transients; resolve them (binding reaches 150 /s at 500 µM).
    """

    active = State(0.0, "1", "Gamma_A: fraction of active receptors", low=0, high=1)
    glutamate = Input("uM", "Y_S: extracellular glutamate at the astrocyte")
    ca = Input("uM", "C: free calcium in the cytosol")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    production = Parameter(
        5.0, "uM/s", "O_beta: IP3 production when all are active", "stimberg2019, example 2", low=0, target="mGluR5"
    )
    binding = Parameter(
        0.3, "1/uM/s", "O_N: rate of glutamate binding", "stimberg2019, example 2", low=0, target=BindingRate("mGluR5")
    )
    unbinding = Parameter(0.5, "1/s", "Omega_N: rate of inactivation", "stimberg2019, example 2", low=0)
    termination = Parameter(10.0, "1", "zeta: largest increase of inactivation", "stimberg2019, example 2", low=0)
    k_kc = Parameter(0.5, "uM", "K_KC: calcium that half-activates PKC", "stimberg2019, example 2", low=0)

    def rates(q):
        bound = q.binding * q.glutamate * (1 - q.active)
        ended = q.unbinding * (1 + q.termination * hill(q.ca, q.k_kc)) * q.active

        return {"active": bound - ended, "ip3": q.production * q.active}
