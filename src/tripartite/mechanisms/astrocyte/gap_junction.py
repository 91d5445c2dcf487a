"""Gap junctions between coupled astrocytes, and a reservoir of IP3 that stimulates one of them."""

from typing import Any

from tripartite.language import Input, Mechanism, Parameter, absolute, boltzmann, where


def gap_flux(difference: Any, largest: Any, threshold: Any, width: Any) -> Any:
    """Flux into the cell whose IP3 exceeds the other's by ``difference``: it opens when that is large enough.

    With the sides exchanged the flux changes its sign and nothing else; equal sides exchange nothing.
    """
    # The paper prints (1 + tanh((|difference| - threshold) / width)) / 2; this keeps its digits near zero.
    opened = boltzmann(absolute(difference), threshold, width / 2)
    downhill = where(difference > 0 * width, -largest, where(difference < 0 * width, largest, 0 * largest))

    return downhill * opened


class Ip3Reservoir(Mechanism):
    r"""Diffusion of IP3 between the cell and a reservoir, switched on by a large enough difference.

    **Sources** goldberg2010; values stimberg2019, example 3.
    **Holds for** one cell driven from outside, the field's way to stimulate one astrocyte.
    """

    reservoir = Input("uM", "I_bias: IP3 in the reservoir")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    exchange = Parameter(2.0, "uM/s", "F_ex: largest exchange", "stimberg2019, example 3", low=0)
    threshold = Parameter(
        0.3, "uM", "I_theta: difference at half the largest exchange", "stimberg2019, example 3", low=0
    )
    width = Parameter(
        0.05, "uM", "omega_I: range of differences over which it opens", "stimberg2019, example 3", low=1e-6
    )

    def rates(q):
        return {"ip3": gap_flux(q.ip3 - q.reservoir, q.exchange, q.threshold, q.width)}


class Ip3Coupling(Mechanism):
    r"""Diffusion of IP3 to one neighbouring astrocyte, switched on by a large enough difference.

    What one cell loses the other gains, if they have the same volume.

    **Sources** goldberg2010; values stimberg2019, example 5 (those of lallouette2014 have 2 µM/s).
    **Holds for** gap junctions that IP3 itself regulates; it carries waves over long distances.
    """

    ip3 = Input("uM", "I_i: IP3 in the cytosol")
    neighbour = Input("uM", "I_j: IP3 in the cytosol of the neighbour")

    coupling = Parameter(0.09, "uM/s", "F: largest exchange", "stimberg2019, example 5", low=0, target="connexin")
    coupling_threshold = Parameter(
        0.3, "uM", "I_theta: difference at half the largest exchange", "stimberg2019, example 5", low=0
    )
    coupling_width = Parameter(
        0.05, "uM", "omega_I: range of differences over which it opens", "stimberg2019, example 5", low=1e-6
    )

    def rates(q):
        return {"ip3": gap_flux(q.ip3 - q.neighbour, q.coupling, q.coupling_threshold, q.coupling_width)}


class LinearIp3Coupling(Mechanism):
    r"""Diffusion of IP3 to one neighbouring astrocyte in proportion to the difference.

    **Sources** goldberg2010, which compares it with the nonlinear form.
    **Holds for** open channels; strong coupling of this form quenches the cell that would pass a wave on.
    """

    ip3 = Input("uM", "I_i: IP3 in the cytosol")
    neighbour = Input("uM", "I_j: IP3 in the cytosol of the neighbour")

    permeability = Parameter(
        2.0,
        "1/s",
        "F: exchange per difference",
        "assumed: with 1 µM the strength of lallouette2014",
        low=0,
        target="connexin",
    )

    def rates(q):
        return {"ip3": -q.permeability * (q.ip3 - q.neighbour)}


class ThresholdIp3Coupling(Mechanism):
    r"""Diffusion of IP3 to one neighbouring astrocyte in proportion to what the difference exceeds a threshold by.

    **Sources** goldberg2010, which compares it with the linear and the sigmoid form; its values are not known here.
    **Holds for** gap junctions that are shut at small differences; rates have a corner at the threshold.
    """

    ip3 = Input("uM", "I_i: IP3 in the cytosol")
    neighbour = Input("uM", "I_j: IP3 in the cytosol of the neighbour")

    permeability = Parameter(
        2.0,
        "1/s",
        "F: exchange per difference above the threshold",
        "assumed: that of the linear form",
        low=0,
        target="connexin",
    )
    coupling_threshold = Parameter(
        0.3, "uM", "I_theta: difference at which they open", "lallouette2014; value of its sigmoid form", low=0
    )

    def rates(q):
        difference = q.ip3 - q.neighbour
        above = difference - q.coupling_threshold
        below = difference + q.coupling_threshold
        excess = where(above > 0 * below, above, where(below < 0 * above, below, 0 * below))

        return {"ip3": -q.permeability * excess}


class LinearCalciumCoupling(Mechanism):
    r"""Diffusion of calcium to one neighbouring astrocyte in proportion to the difference.

    Calcium passes gap junctions far less well than IP3; models that have it give it a weak coupling beside that of
    IP3.

    **Sources** gordleeva2019 for the form; the value is that of programs of the same group, and has not been compared
    with the paper.
    **Holds for** neighbours of equal volume.
    **Pitfalls** Calcium arrives in ``ca`` alone, as in the programs: beside the constant total of `LiRinzel` the ER of
    the cell that gains counts as having lost it.
    """

    ca = Input("uM", "C_i: free calcium in the cytosol")
    neighbour = Input("uM", "C_j: free calcium in the cytosol of the neighbour")

    ca_permeability = Parameter(
        0.05,
        "1/s",
        "d_Ca: exchange per difference",
        "assumed: value of programs by the group of gordleeva2019",
        low=0,
        target="connexin",
    )

    def rates(q):
        return {"ca": -q.ca_permeability * (q.ca - q.neighbour)}
