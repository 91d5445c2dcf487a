"""Calcium of the cytosol and of the endoplasmic reticulum, to which fluxes add."""

from tripartite.language import Input, Mechanism, Output, Parameter, State


class CytosolicCalcium(Mechanism):
    r"""Free calcium in the cytosol of a cell that is put together from fluxes.

    It has no equation of its own: channels, pumps and leaks of the same compartment add to ``ca``.

    **Sources** assumed: conservation of mass, with the start at rest (handy2017).
    **Holds for** a well-mixed cytosol with fast buffers, whose binding is part of every rate.
    """

    ca = State(0.0865415, "uM", "c: free calcium in the cytosol", low=0)


class TotalCalcium(Mechanism):
    r"""Calcium of cytosol and endoplasmic reticulum together, which the plasma membrane changes.

    It opens a closed cell: what crosses the plasma membrane, or goes to another organelle, adds to ``ca`` and
    ``ca_total``; what moves between cytosol and ER adds to ``ca`` alone. It takes the place of the constant
    total of `LiRinzel`.

    **Sources** handy2017 (c_t and gamma = 1/``er_ratio``).
    **Holds for** one well-mixed ER; ``ca_er`` stays positive when what leaves the ER vanishes with it.
    **Pitfalls** `LiRinzel` has an ``er_ratio`` of its own: give both the same value. The start of ``ca_total``
    fits the closed cell of depitta2009; a cell with store-operated entry of high affinity rests far above it.
    """

    ca_total = State(2.0, "uM", "c_t: calcium of cytosol and ER per cytosol volume", low=0, supersedes=True)
    ca = Input("uM", "c: free calcium in the cytosol")
    ca_er = Output("uM", "c_ER: free calcium in the ER")

    er_ratio = Parameter(0.185, "1", "c_1: ER to cytosol volume ratio", "depitta2009, table 1", low=1e-3)

    def outputs(q):
        return {"ca_er": (q.ca_total - q.ca) / q.er_ratio}
