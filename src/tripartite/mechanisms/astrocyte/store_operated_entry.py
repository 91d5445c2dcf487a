"""Calcium that enters through the plasma membrane while the endoplasmic reticulum is empty."""

from tripartite.language import Input, Mechanism, Parameter, State, where


class StoreOperatedEntry(Mechanism):
    r"""Store-operated entry that follows calcium of the ER at once: largest when the store is empty.

    **Sources** handy2017, program of its authors (ModelDB 189344).
    **Holds for** changes slower than the activation of the channels, which takes seconds to
    minutes in cells; else `SlowStoreOperatedEntry`.
    **Pitfalls** A small ER, as of the closed cell of depitta2009 (10 µM), lies far below ``k_soc``: the channels
    stay open and fill the store until extrusion balances them.
    """

    ca = Input("uM", "c: free calcium in the cytosol")
    ca_er = Input("uM", "c_ER: free calcium in the ER")
    ca_total = Input("uM", "c_t: calcium of cytosol and ER per cytosol volume")

    entry = Parameter(1.57, "uM/s", "v_soc: largest influx", "handy2017, ModelDB 189344", low=0)
    k_soc = Parameter(90.0, "uM", "k_soc: calcium of the ER that halves it", "handy2017, ModelDB 189344", low=1e-3)
    membrane_ratio = Parameter(
        0.2, "1", "delta: plasma membrane relative to ER membrane", "handy2017, ModelDB 189344", low=0
    )

    def rates(q):
        enters = q.membrane_ratio * q.entry * q.k_soc**4 / (q.k_soc**4 + q.ca_er**4)

        return {"ca": enters, "ca_total": enters}


class SlowStoreOperatedEntry(Mechanism):
    r"""Store-operated entry whose channels open and close over seconds to minutes.

    ``soce`` is the fraction of open channels; it approaches a Hill function of calcium in the ER.

    **Sources** affinity luik2008, as coded for sensory neurons by mandge_manchanda2018; largest influx handy2017.
    The single time constant is assumed, as the simplest delay.
    **Holds for** stores that empty and fill as a whole; the steps between STIM and Orai are one time constant.
    **Pitfalls** Measured onsets are seconds to minutes: give ``soce_tau`` for the cell at hand. Below zero calcium
    in the ER, where only a step of a solver can lead, all channels are called for.
    """

    soce = State(0.0, "1", "s: fraction of open store-operated channels", low=0, high=1)
    ca = Input("uM", "c: free calcium in the cytosol")
    ca_er = Input("uM", "c_ER: free calcium in the ER")
    ca_total = Input("uM", "c_t: calcium of cytosol and ER per cytosol volume")

    entry = Parameter(1.57, "uM/s", "v_soc: largest influx", "handy2017, ModelDB 189344", low=0)
    k_soc = Parameter(
        169.0, "uM", "K: calcium of the ER that opens half", "luik2008, as coded by mandge_manchanda2018", low=1
    )
    soc_exponent = Parameter(
        4.2, "1", "n: Hill exponent of the affinity", "luik2008, as coded by mandge_manchanda2018", low=1, high=8
    )
    soce_tau = Parameter(5.0, "s", "tau_SOCE: time constant", "luik2008, as coded by mandge_manchanda2018", low=0.1)
    membrane_ratio = Parameter(
        0.2, "1", "delta: plasma membrane relative to ER membrane", "handy2017, ModelDB 189344", low=0
    )

    def rates(q):
        defined = q.ca_er > 0 * q.k_soc
        filled = where(defined, (where(defined, q.ca_er, q.k_soc) / q.k_soc) ** q.soc_exponent, 0)
        enters = q.membrane_ratio * q.entry * q.soce

        return {"soce": (1 / (1 + filled) - q.soce) / q.soce_tau, "ca": enters, "ca_total": enters}
