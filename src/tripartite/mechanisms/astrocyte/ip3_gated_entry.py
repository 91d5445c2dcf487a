"""Calcium across the plasma membrane: entry that IP3 opens, and linear extrusion."""

from tripartite.language import Input, Mechanism, Parameter, hill

_SOURCE = "ullah2006, as coded in published networks with this astrocyte"


class Ip3GatedEntry(Mechanism):
    r"""Calcium that enters through channels opened by IP3, and leaves in proportion to what is there.

    **Sources** form ullah2006; values as coded in published networks with this astrocyte.
    **Holds for** an addition to `LiRinzel`, whose total calcium it leaves as it is.
    **Pitfalls** The published programs take the calcium of the ER from a constant total although calcium
    enters and leaves: the ER does not empty when the cell loses calcium.
    """

    ca = Input("uM", "C: free calcium in the cytosol")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    entry = Parameter(0.2, "uM/s", "v_6: largest entry", _SOURCE, low=0)
    k_entry = Parameter(1.0, "uM", "k_2: IP3 for half-maximal entry", _SOURCE, low=0)
    extrusion = Parameter(0.5, "1/s", "k_1: rate of extrusion", _SOURCE, low=0)

    def rates(q):
        return {"ca": q.entry * hill(q.ip3, q.k_entry, 2) - q.extrusion * q.ca}
