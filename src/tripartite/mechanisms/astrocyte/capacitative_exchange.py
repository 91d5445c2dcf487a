"""Calcium across the plasma membrane of a cell whose ER calls for refilling."""

from tripartite.language import Input, Mechanism, Parameter, hill

_SOURCE = "riera2011, as coded in ModelDB 223273"


class CapacitativeExchange(Mechanism):
    r"""Constant and capacitative entry of calcium, and linear extrusion, all slow beside exchange with the ER.

    Capacitative entry opens as calcium in the ER falls.

    **Sources** riera2011, as coded in ModelDB 223273.
    **Holds for** an addition to `LiRinzel` and `TotalCalcium`; which hold and count the calcium.
    **Pitfalls** With the printed values the model does not oscillate: the total calcium drifts to a rest state.
    It oscillates when the total is held at 2 µM (``counted=0``: calcium still crosses, nobody counts it). ModelDB
    223273 has both programs, and corrects the equation of ``h``, which is that of `LiRinzel`.
    """

    ca = Input("uM", "C: free calcium in the cytosol")
    ca_er = Input("uM", "C_ER: free calcium in the ER")
    ca_total = Input("uM", "F: total free calcium per cytosol volume")

    slowness = Parameter(0.01, "1", "epsilon: part of the fluxes that reaches the cytosol", _SOURCE, low=0, high=1)
    entry = Parameter(0.065, "uM/s", "j_in: constant entry", _SOURCE, low=0)
    capacitative = Parameter(0.01, "uM/s", "x_CCE: largest capacitative entry", _SOURCE, low=0)
    k_capacitative = Parameter(10.0, "uM", "H_CCE: ER calcium that halves capacitative entry", _SOURCE, low=0)
    extrusion = Parameter(0.5, "1/s", "k_out: rate of extrusion", _SOURCE, low=0)
    counted = Parameter(1.0, "1", "part of it that the total counts; 0 holds the total", _SOURCE, low=0, high=1)

    def rates(q):
        capacitative = q.capacitative * (1 - hill(q.ca_er, q.k_capacitative, 2))
        exchange = q.slowness * (q.entry + capacitative - q.extrusion * q.ca)

        return {"ca": exchange, "ca_total": q.counted * exchange}
