"""Uptake of potassium by the glia around a neuron."""

from tripartite.language import Input, Mechanism, Parameter, boltzmann


class GlialPotassiumUptake(Mechanism):
    r"""Uptake of potassium by surrounding glia, which grows steeply as potassium rises.

    One sigmoid stands for channels, cotransport and pumps of the glia together, and for what they pass on.

    **Sources** cressman2009, as coded by its authors in ModelDB 136773.
    **Holds for** rises of potassium of seconds to minutes, in glia that does not fill up.
    **Pitfalls** The sigmoid does not vanish at zero potassium; the uptake there is 0.07 % of its largest.
    """

    potassium_out = Input("mM", "K_o: potassium outside")

    largest_uptake = Parameter(
        200 / 3,
        "mM/s",
        "G_glia: largest uptake",
        "cressman2009, full model as coded in ModelDB 136773",
        low=0,
        high=1e4,
    )
    half_uptake = Parameter(18.0, "mM", "potassium at half uptake", "cressman2009, full model", low=0, high=200)
    uptake_width = Parameter(2.5, "mM", "width of the rise of uptake", "cressman2009, full model", low=0.01, high=50)

    def rates(q):
        return {"potassium_out": -q.largest_uptake * boltzmann(q.potassium_out, q.half_uptake, q.uptake_width)}
