"""Calcium that leaks through the plasma membrane, both ways."""

from tripartite.language import Input, Mechanism, Parameter


class PlasmaLeak(Mechanism):
    r"""A constant influx and an efflux in proportion to calcium.

    **Sources** handy2017, program of its authors (ModelDB 189344).
    **Holds for** calcium outside the cell that stays as it is.
    """

    ca = Input("uM", "c: free calcium in the cytosol")
    ca_total = Input("uM", "c_t: calcium of cytosol and ER per cytosol volume")

    inflow = Parameter(0.05, "uM/s", "v_in: constant influx", "handy2017, ModelDB 189344", low=0)
    outflow = Parameter(1.2, "1/s", "k_out: rate of linear efflux", "handy2017, ModelDB 189344", low=0)
    membrane_ratio = Parameter(
        0.2, "1", "delta: plasma membrane relative to ER membrane", "handy2017, ModelDB 189344", low=0
    )

    def rates(q):
        enters = q.membrane_ratio * (q.inflow - q.outflow * q.ca)

        return {"ca": enters, "ca_total": enters}
