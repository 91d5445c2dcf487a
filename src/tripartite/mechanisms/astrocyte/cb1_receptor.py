"""Endocannabinoid receptors of the astrocyte: how 2-AG makes IP3."""

from tripartite.language import Input, Mechanism, Parameter


class Cb1Receptor(Mechanism):
    r"""IP3 production in proportion to the endocannabinoid 2-AG above its resting level.

    With `Ip3Relaxation` (7 s to 0.28 µM) it is the astrocyte's side of endocannabinoid signalling in manninen2020.

    **Sources** manninen2020, equation of IP3.
    **Holds for** 2-AG of a few µM at most: there is no saturation. Below rest it takes IP3 away, slowly enough for
    the relaxation to make up for it.
    """

    endocannabinoid = Input("uM", "2-AG at the astrocyte")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    cb1_gain = Parameter(
        0.8, "1/s", "r_IP3: production of IP3 per 2-AG", "manninen2020, equation of IP3", low=0, target="CB1"
    )
    endocannabinoid_rest = Parameter(
        1.0453e-3, "uM", "2-AG at rest, without effect", "manninen2020, equation of IP3", low=0
    )

    def rates(q):
        return {"ip3": q.cb1_gain * (q.endocannabinoid - q.endocannabinoid_rest)}
