"""Calcium-induced calcium release: the two-variable reduction that most astrocyte models contain."""

from tripartite.language import Input, Mechanism, Parameter, State, hill


class LiRinzel(Mechanism):
    r"""IP3-gated calcium-induced calcium release in a closed, well-mixed cell.

    Cytosolic calcium is released from the endoplasmic reticulum through IP3 receptors, leaks,
    and is pumped back by SERCA; ``h`` is the fraction of receptors not inactivated by calcium.
    With the values below it is the amplitude-modulated (AM) cell; ``k_serca=0.05 * uM`` makes it
    frequency-modulated (FM).

    **Sources** form li_rinzel1994; values depitta2009, table 1.
    **Holds for** a compartment with conserved total calcium; not for microdomains.
    **Pitfalls** The FM cell is bistable: at 0.86 to 1.12 µM IP3 rest and oscillation are both stable, and the start
    decides. The FM set of depitta2009 changes production and degradation of IP3 as well
    (`tripartite.parameters.depitta2009`). The ER holds what the constant total leaves: what crosses the plasma
    membrane must change ``ca_total`` too, which `TotalCalcium` makes a state.
    """

    ca = State(0.09, "uM", "C: free calcium in the cytosol", low=0)
    h = State(0.78, "1", "h: fraction of IP3 receptors not inactivated", low=0, high=1)
    ip3 = Input("uM", "I: IP3 in the cytosol")

    release = Parameter(
        6.0,
        "1/s",
        "r_C: largest release rate through IP3 receptors",
        "depitta2009, table 1",
        low=0,
        target="IP3 receptor",
    )
    leak = Parameter(0.11, "1/s", "r_L: leak rate from the ER", "depitta2009, table 1", low=0)
    uptake = Parameter(0.9, "uM/s", "v_ER: largest uptake by SERCA", "depitta2009, table 1", low=0, target="SERCA")
    k_serca = Parameter(0.1, "uM", "K_ER: calcium for half-maximal SERCA uptake", "depitta2009, table 1", low=0)
    ca_total = Parameter(2.0, "uM", "C_0: total free calcium per cytosol volume", "depitta2009, table 1", low=0)
    er_ratio = Parameter(0.185, "1", "c_1: ER to cytosol volume ratio", "depitta2009, table 1", low=0)
    inactivation = Parameter(0.2, "1/uM/s", "a_2: binding rate of inhibiting calcium", "depitta2009, table 1", low=0)
    d1 = Parameter(0.13, "uM", "d_1: IP3 dissociation constant", "depitta2009, table 1", low=0)
    d2 = Parameter(1.049, "uM", "d_2: dissociation constant of inhibiting calcium", "depitta2009, table 1", low=0)
    d3 = Parameter(0.9434, "uM", "d_3: IP3 dissociation constant when inhibited", "depitta2009, table 1", low=0)
    d5 = Parameter(0.08234, "uM", "d_5: dissociation constant of activating calcium", "depitta2009, table 1", low=0)

    def rates(q):
        gradient = q.ca_total - (1 + q.er_ratio) * q.ca
        open_fraction = (hill(q.ip3, q.d1) * hill(q.ca, q.d5) * q.h) ** 3
        q2 = q.d2 * (q.ip3 + q.d1) / (q.ip3 + q.d3)

        from_er = (q.release * open_fraction + q.leak) * gradient
        into_er = q.uptake * hill(q.ca, q.k_serca, 2)

        return {"ca": from_er - into_er, "h": q.inactivation * (q2 - (q2 + q.ca) * q.h)}
