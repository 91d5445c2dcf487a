"""CalEx: a calcium pump of the plasma membrane, expressed to silence astrocytes."""

from tripartite.language import Input, Mechanism, Parameter, hill


class CalEx(Mechanism):
    r"""Extrusion by hPMCA2w/b, added to whatever the cell has.

    ``model.add(astrocyte=CalEx())`` on an open cell; ``model.add(astrocyte=[TotalCalcium(), PlasmaLeak(), CalEx()])``
    on a closed one, which needs influx for what the pump expels. With ``k_calex`` equal to that of a pump of the
    cell it multiplies that pump: ``CalEx(extrusion=40 * uM / s, k_calex=2.5 * uM, membrane_ratio=0.2)`` makes the
    `Pmca` of handy2017 five times stronger.

    **Sources** the tool yu2018; saturation with the square of calcium as of the cell's own pump (handy2017); the
    values are assumed.
    **Holds for** expression that is complete and the same all over the cell.
    **Pitfalls** How much calcium falls in a real cell is not calibrated here: choose ``extrusion`` by the data.
    """

    ca = Input("uM", "c: free calcium in the cytosol")
    ca_total = Input("uM", "c_t: calcium of cytosol and ER per cytosol volume")

    extrusion = Parameter(
        2.0,
        "uM/s",
        "V: largest extrusion",
        "assumed: at 0.1 µM calcium about as strong as the leak of handy2017",
        low=0,
    )
    k_calex = Parameter(
        0.4, "uM", "K: calcium for half of it", "assumed: PMCA2 is thought to have 0.2 to 0.6 µM", low=1e-6
    )
    membrane_ratio = Parameter(
        0.2, "1", "delta: plasma membrane relative to ER membrane", "handy2017, ModelDB 189344", low=0
    )

    def rates(q):
        out = q.membrane_ratio * q.extrusion * hill(q.ca, q.k_calex, 2)

        return {"ca": -out, "ca_total": -out}
