"""Exchange of potassium with a bath or with blood."""

from tripartite.language import Input, Mechanism, Parameter


class PotassiumBath(Mechanism):
    r"""Diffusion of potassium between the space around a neuron and a bath.

    **Sources** cressman2009, as coded by its authors in ModelDB 136773.
    **Holds for** a slice in a bath, or tissue beside a capillary, that no activity changes.
    """

    potassium_out = Input("mM", "K_o: potassium outside")

    exchange = Parameter(
        4 / 3,
        "1/s",
        "epsilon: rate of exchange",
        "cressman2009, full model as coded in ModelDB 136773",
        low=0,
        high=1000,
    )
    potassium_bath = Parameter(4.0, "mM", "k_bath: potassium in the bath", "cressman2009, rest", low=0, high=200)

    def rates(q):
        return {"potassium_out": -q.exchange * (q.potassium_out - q.potassium_bath)}
