"""Glutamate on its way out of the cleft, and in the space around the synapse."""

from tripartite.language import Input, Mechanism, Parameter, State


class GlutamateSpillover(Mechanism):
    r"""Diffusion of glutamate between the cleft and the space around it, which is larger.

    What the cleft loses arrives outside, diluted by ``volume_ratio``.

    **Sources** escape clements1992 (decay in the cleft); ratio of volumes assumed.
    **Holds for** two well-mixed spaces; there is no gradient inside either.
    """

    glutamate = Input("uM", "Y_S: glutamate in the cleft")
    glutamate_outside = Input("uM", "glutamate around the synapse")

    escape = Parameter(
        1 / 1.2, "1/ms", "rate at which glutamate leaves the cleft", "clements1992, abstract: decay of 1.2 ms", low=0
    )
    volume_ratio = Parameter(
        0.015, "1", "volume of the cleft over that around it", "assumed: cleft of 0.32 µm, surround of 0.5 µm", 0, 1
    )

    def rates(q):
        leaves = q.escape * (q.glutamate - q.glutamate_outside)

        return {"glutamate": -leaves, "glutamate_outside": q.volume_ratio * leaves}


class ExtrasynapticGlutamate(Mechanism):
    r"""Glutamate in the space around a synapse, among synapses of which a share is active like this one.

    Diffusion carries it away to the silent ones only: with ``coactive`` 1 glutamate meets its like everywhere.

    **Sources** diffusion zheng2008 (0.32 µm²/ms, over 0.5 µm); low-dose clearance lehre_danbolt1998 (88 /s with
    the assumptions of `MichaelisMentenUptake`, which takes its place).
    **Holds for** synapses that are active together; the mean over neighbours stands for their places.
    """

    glutamate = State(0.0, "uM", "G: glutamate around the synapse", low=0)

    clearance = Parameter(
        88.0,
        "1/s",
        "Omega_c: rate of uptake per glutamate",
        "lehre_danbolt1998, V_max over an assumed K_m",
        low=0,
        target="glutamate transporter",
    )
    diffusion = Parameter(
        1.28, "1/ms", "D/a^2: rate of diffusion to the neighbours", "zheng2008, abstract; distance assumed", low=0
    )
    coactive = Parameter(
        0.0, "1", "share of the neighbours active together", "assumed: one synapse alone", low=0, high=1
    )

    def rates(q):
        return {"glutamate": -(q.clearance + q.diffusion * (1 - q.coactive)) * q.glutamate}
