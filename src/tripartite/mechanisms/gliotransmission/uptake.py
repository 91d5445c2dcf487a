"""Uptake of gliotransmitter that saturates."""

from tripartite.language import Input, Mechanism, Parameter, hill


class GliotransmitterUptake(Mechanism):
    r"""Uptake of gliotransmitter that saturates, beside what `Gliotransmitter` clears at a constant rate.

    Set the ``clearance`` of `Gliotransmitter` to what diffusion alone carries away, or to zero.

    **Sources** form and K_u depitta2019, chapter 10, where O_u is zero; O_u assumed.
    **Holds for** gliotransmitter that changes more slowly than a transporter turns over.
    """

    gliotransmitter = Input("uM", "G_A: gliotransmitter around the synapse")

    uptake = Parameter(
        6.0, "mM/s", "O_u: largest uptake", "assumed: at low concentration as fast as Omega_e of stimberg2019", low=0
    )
    k_uptake = Parameter(
        100.0, "uM", "K_u: gliotransmitter at half the largest uptake", "depitta2019, chapter 10", 1e-6
    )

    def rates(q):
        return {"gliotransmitter": -q.uptake * hill(q.gliotransmitter, q.k_uptake)}
