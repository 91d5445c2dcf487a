"""Potassium that astrocytic channels take from the space around a neuron, or give to it."""

from tripartite.language import Input, Mechanism, Parameter


class KirPotassiumFlux(Mechanism):
    r"""Change of potassium outside by the current through an astrocyte's potassium channels.

    The channels are in another compartment: wire ``astrocyte.kir_current >> space.kir_current``.

    **Sources** conservation of charge; the volume is assumed.
    **Holds for** a space that mixes faster than the channels empty it; the astrocyte's own potassium stays constant.
    """

    kir_current = Input("pA", "I_Kir: current through the channels, outward when positive")
    potassium_out = Input("mM", "K_o: potassium outside")

    volume = Parameter(
        30.0,
        "um**3",
        "volume of the space that the channels face",
        "assumed: uptake within seconds",
        low=1e-3,
        high=1e9,
    )
    faraday = Parameter(
        96485.33, "C/mol", "F: charge of a mole of ions", "assumed: a constant of nature", low=9e4, high=1e5
    )

    def rates(q):
        return {"potassium_out": q.kir_current / (q.faraday * q.volume)}
