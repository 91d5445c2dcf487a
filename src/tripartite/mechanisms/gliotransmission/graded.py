"""Release of gliotransmitter that grows with calcium instead of starting at a threshold."""

from tripartite.language import Input, Mechanism, Parameter, State, Transition, hill

_GRADED = "assumed: four calcium ions, as at synapses"


class GradedExocytosis(Mechanism):
    r"""Gliotransmitter released at a rate that grows with calcium, from resources that recover.

    It adds to ``gliotransmitter``: wire that of the space around the synapse into the astrocyte.

    **Sources** form and dependence on calcium assumed; largest rate marchaland2008; resources and amounts
    stimberg2019, example 3.
    **Holds for** many vesicles, in the mean; `VesicleFusion` releases them one by one.
    **Pitfalls** No release is counted and nothing is emitted: what listens to ``gliorelease`` hears nothing.
    """

    resources = State(1.0, "1", "x_A: fraction of available gliotransmitter", low=0, high=1)
    gliotransmitter = Input("uM", "G_A: gliotransmitter around the synapse")
    ca = Input("uM", "C: free calcium in the cytosol")

    fusion = Parameter(
        4.17,
        "1/s",
        "lambda_max: largest rate of release",
        "marchaland2008, abstract: time constant of 0.24 s",
        low=0,
        target="SNARE",
    )
    k_fusion = Parameter(0.5, "uM", "K: calcium at half the largest rate", "assumed: threshold of stimberg2019", 1e-6)
    cooperation = Parameter(4.0, "1", "n: Hill exponent of calcium", _GRADED, low=0)
    recovery = Parameter(0.6, "1/s", "Omega_A: rate of recovery", "stimberg2019, example 3", low=0)
    content = Parameter(200.0, "mM", "G_T: gliotransmitter in all vesicles", "stimberg2019, example 3", low=0)
    dilution = Parameter(6.5e-4, "1", "rho_e: vesicle to extracellular volume", "stimberg2019, example 3", low=0)

    def rates(q):
        released = q.fusion * hill(q.ca, q.k_fusion, q.cooperation) * q.resources

        return {
            "resources": q.recovery * (1 - q.resources) - released,
            "gliotransmitter": q.dilution * q.content * released,
        }


class VesicleFusion(Mechanism):
    r"""`GradedExocytosis` by whole vesicles, which fuse at random times at a rate that grows with calcium.

    Each adds its content to ``gliotransmitter``: wire that of the space around the synapse into the astrocyte. The
    starts of ``ready`` and ``emptied`` set the number of vesicles. The mean over many runs is `GradedExocytosis`.

    **Sources** form and dependence on calcium assumed; largest rate marchaland2008; vesicles and amounts stimberg2019,
    example 3 (4 of 50 mM).
    **Holds for** vesicles that meet the same calcium and fuse independently.
    **Pitfalls** Nothing is emitted: what listens to ``gliorelease`` hears nothing.
    """

    ready = State(4.0, "1", "number of vesicles that are ready to fuse", low=0)
    emptied = State(0.0, "1", "number of vesicles that are empty", low=0)
    gliotransmitter = Input("uM", "G_A: gliotransmitter around the synapse")
    ca = Input("uM", "C: free calcium in the cytosol")

    fusion = Parameter(
        4.17,
        "1/s",
        "lambda_max: largest rate of fusion",
        "marchaland2008, abstract: time constant of 0.24 s",
        low=0,
        target="SNARE",
    )
    k_fusion = Parameter(0.5, "uM", "K: calcium at half the largest rate", "assumed: threshold of stimberg2019", 1e-6)
    cooperation = Parameter(4.0, "1", "n: Hill exponent of calcium", _GRADED, low=0)
    recovery = Parameter(
        0.6, "1/s", "Omega_A: rate at which an empty vesicle is refilled", "stimberg2019, example 3", 0
    )
    vesicle_content = Parameter(50.0, "mM", "gliotransmitter in a vesicle", "stimberg2019, example 3: G_T in four", 0)
    dilution = Parameter(6.5e-4, "1", "rho_e: vesicle to extracellular volume", "stimberg2019, example 3", low=0)

    def transitions(q):
        fusion = q.fusion * hill(q.ca, q.k_fusion, q.cooperation)
        quantum = q.dilution * q.vesicle_content

        return {
            "fuses": Transition(q.ready, fusion, {"ready": -1, "emptied": 1, "gliotransmitter": quantum}),
            "refills": Transition(q.emptied, q.recovery, {"ready": 1, "emptied": -1}),
        }
