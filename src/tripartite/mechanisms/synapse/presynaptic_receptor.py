"""Presynaptic receptors for gliotransmitter, and what they do to release."""

from tripartite.language import Input, Mechanism, Output, Parameter, State


class PresynapticReceptor(Mechanism):
    r"""Occupancy of presynaptic receptors by gliotransmitter, which moves the basal release probability.

    ``effect`` below ``u0`` decreases release, above it increases release, equal to it does nothing.

    **Sources** depitta2011; values stimberg2019, example 3.
    **Holds for** slow receptors in the mean over a synapse; no desensitisation.
    """

    bound = State(0.0, "1", "Gamma_S: fraction of bound receptors", low=0, high=1)
    gliotransmitter = Input("uM", "G_A: gliotransmitter around the synapse")
    utilization = Output("1", "U_0: basal release probability")

    u0 = Parameter(0.6, "1", "U_0*: release probability when none is bound", "stimberg2019, example 1", low=0, high=1)
    effect = Parameter(
        0.0, "1", "alpha: release probability when all are bound", "stimberg2019, example 3", low=0, high=1
    )
    binding = Parameter(1.5, "1/uM/s", "O_G: rate of binding", "stimberg2019, example 3", low=0)
    unbinding = Parameter(0.5, "1/min", "Omega_G: rate of unbinding", "stimberg2019, example 3", low=0)

    def rates(q):
        return {"bound": q.binding * q.gliotransmitter * (1 - q.bound) - q.unbinding * q.bound}

    def outputs(q):
        return {"utilization": (1 - q.bound) * q.u0 + q.effect * q.bound}
