"""Calcium-triggered release of gliotransmitter, and the gliotransmitter outside."""

from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State


class ThresholdExocytosis(Mechanism):
    r"""A release of gliotransmitter whenever calcium rises through a threshold, with depletion.

    The next release needs calcium to fall below the threshold first.

    **Sources** depitta2011; values stimberg2019, example 3.
    **Holds for** calcium transients well above threshold; release is not graded with calcium.
    """

    resources = State(1.0, "1", "x_A: fraction of available gliotransmitter", low=0, high=1)
    ca = Input("uM", "C: free calcium in the cytosol")
    gliorelease = Emission("1", "r_A: fraction of gliotransmitter released")

    threshold = Parameter(0.5, "uM", "C_theta: calcium that triggers release", "stimberg2019, example 3", low=0)
    fraction = Parameter(
        0.6, "1", "U_A: fraction released each time", "stimberg2019, example 3", low=0, high=1, target="SNARE"
    )
    recovery = Parameter(0.6, "1/s", "Omega_A: rate of recovery", "stimberg2019, example 3", low=0)

    def rates(q):
        return {"resources": q.recovery * (1 - q.resources)}

    def crossing(q):
        return q.ca - q.threshold

    def on_crossing(q):
        released = q.fraction * q.resources

        return {"resources": q.resources - released, "gliorelease": released}


class Gliotransmitter(Mechanism):
    r"""Gliotransmitter in the space around the synapses, cleared at a constant rate.

    **Sources** stimberg2019, example 3.
    **Holds for** clearance far from saturation.
    """

    gliotransmitter = State(0.0, "uM", "G_A: gliotransmitter around the synapse", low=0)
    gliorelease = Input("1", "r_A: fraction of gliotransmitter released", low=0)

    clearance = Parameter(60.0, "1/s", "Omega_e: clearance rate", "stimberg2019, example 3", low=0)
    content = Parameter(200.0, "mM", "G_T: gliotransmitter in all vesicles", "stimberg2019, example 3", low=0)
    dilution = Parameter(6.5e-4, "1", "rho_e: vesicle to extracellular volume", "stimberg2019, example 3", low=0)

    def rates(q):
        return {"gliotransmitter": -q.clearance * q.gliotransmitter}

    def on_gliorelease(q):
        return {"gliotransmitter": Add(q.dilution * q.content * q.gliorelease)}
