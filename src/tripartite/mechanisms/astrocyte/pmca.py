"""Calcium that pumps of the plasma membrane expel."""

from tripartite.language import Input, Mechanism, Parameter, hill


class Pmca(Mechanism):
    r"""Calcium pumps of the plasma membrane, saturating with the square of calcium.

    **Sources** handy2017, program of its authors (ModelDB 189344).
    **Holds for** a well-mixed cell; the pump's own activation by calmodulin is at equilibrium.
    """

    ca = Input("uM", "c: free calcium in the cytosol")
    ca_total = Input("uM", "c_t: calcium of cytosol and ER per cytosol volume")

    extrusion = Parameter(10.0, "uM/s", "v_pmca: largest extrusion", "handy2017, ModelDB 189344", low=0)
    k_pmca = Parameter(2.5, "uM", "k_pmca: calcium for half-maximal extrusion", "handy2017, ModelDB 189344", low=1e-6)
    membrane_ratio = Parameter(
        0.2, "1", "delta: plasma membrane relative to ER membrane", "handy2017, ModelDB 189344", low=0
    )

    def rates(q):
        out = q.membrane_ratio * q.extrusion * hill(q.ca, q.k_pmca, 2)

        return {"ca": -out, "ca_total": -out}
