"""Calcium that leaks from the endoplasmic reticulum."""

from tripartite.language import Input, Mechanism, Parameter


class ErLeak(Mechanism):
    r"""Leak from the ER, in proportion to the difference of free calcium.

    **Sources** handy2017, program of its authors (ModelDB 189344).
    **Holds for** a well-mixed cell.
    """

    ca = Input("uM", "c: free calcium in the cytosol")
    ca_er = Input("uM", "c_ER: free calcium in the ER")

    leak = Parameter(0.002, "1/s", "v_leak: leak rate, per c_ER - c", "handy2017, ModelDB 189344", low=0)

    def rates(q):
        return {"ca": q.leak * (q.ca_er - q.ca)}
