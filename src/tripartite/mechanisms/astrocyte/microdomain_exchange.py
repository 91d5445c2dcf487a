"""Diffusion between a microdomain and the compartment it opens to."""

from tripartite.language import Input, Mechanism, Parameter


class MicrodomainExchange(Mechanism):
    r"""Diffusion of calcium between a microdomain of radius a and the compartment around it, at the rate D / a².

    It belongs to the microdomain and acts on both: wire ``process.ca >> domain.parent_ca``. What the microdomain
    loses the other compartment gains, volumes considered. Where fluxes of the microdomain are faster than the
    exchange it is decoupled; `tripartite.analysis.damkoehler` tells.

    **Sources** exchange of a well-mixed node, savtchenko2018 and textbooks; diffusion denizot2019.
    **Holds for** domains that are mixed within; a sphere with an absorbing surface empties at pi² D / a² instead, so
    that the rate is right to an order of magnitude.
    **Pitfalls** With buffers the coefficient is the effective one (`tripartite.analysis.effective_diffusion`), often
    ten times smaller than that of free calcium; all fluxes are then effective too. Steps of a network must be shorter
    than a² / D (milliseconds). Calcium arrives in ``ca`` alone: beside the constant total of `LiRinzel` the ER of the
    side that gains counts as having lost it.
    """

    ca = Input("uM", "C: free calcium in the microdomain")
    parent_ca = Input("uM", "C_p: free calcium in the compartment around it")

    radius = Parameter(0.5, "um", "a: radius of the microdomain", "assumed: a leaflet", low=1e-3)
    diffusion = Parameter(
        13.0, "um**2/s", "D: diffusion coefficient of calcium", "denizot2019, values of the authors' program", low=0
    )
    volume_ratio = Parameter(
        0.01, "1", "V/V_p: volume over that of the compartment around", "assumed: a leaflet on a branch", low=0
    )

    def rates(q):
        arriving = q.diffusion / q.radius**2 * (q.parent_ca - q.ca)

        return {"ca": arriving, "parent_ca": -q.volume_ratio * arriving}
