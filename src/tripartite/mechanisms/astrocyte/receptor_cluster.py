"""A cluster of IP3 receptors that inactivate and recover one by one."""

from tripartite.language import Input, Mechanism, Output, Parameter, State, Transition, hill


class StochasticLiRinzel(Mechanism):
    r"""Calcium release through a cluster of N IP3 receptors, each of which inactivates and recovers at random.

    `LiRinzel` with its ``h`` as the fraction of receptors that are not inactivated: a whole number over N, the
    sum of both counts, which their starts set.
    For many receptors it becomes `LiRinzel`, and before that `LiRinzel` with `ReceptorNoise`. ``simulate``
    times every transition exactly; networks draw how many fall into a step.

    **Sources** form li_rinzel1994, channels shuai_jung2002; values depitta2009, table 1.
    **Holds for** a cluster small enough for calcium to be even in it, whatever the number of its receptors.
    """

    ca = State(0.0725, "uM", "C: free calcium at the cluster", low=0)
    available = State(16.0, "1", "number of receptors not inactivated", low=0)
    inactivated = State(4.0, "1", "number of inactivated receptors", low=0)
    ip3 = Input("uM", "I: IP3 in the cytosol")
    h = Output("1", "h: fraction of IP3 receptors not inactivated")

    release = Parameter(6.0, "1/s", "r_C: largest release rate through IP3 receptors", "depitta2009, table 1", low=0)
    leak = Parameter(0.11, "1/s", "r_L: leak rate from the ER", "depitta2009, table 1", low=0)
    uptake = Parameter(0.9, "uM/s", "v_ER: largest uptake by SERCA", "depitta2009, table 1", low=0)
    k_serca = Parameter(0.1, "uM", "K_ER: calcium for half-maximal SERCA uptake", "depitta2009, table 1", low=0)
    ca_total = Parameter(2.0, "uM", "C_0: total free calcium per cytosol volume", "depitta2009, table 1", low=0)
    er_ratio = Parameter(0.185, "1", "c_1: ER to cytosol volume ratio", "depitta2009, table 1", low=0)
    inactivation = Parameter(0.2, "1/uM/s", "a_2: binding rate of inhibiting calcium", "depitta2009, table 1", low=0)
    d1 = Parameter(0.13, "uM", "d_1: IP3 dissociation constant", "depitta2009, table 1", low=0)
    d2 = Parameter(1.049, "uM", "d_2: dissociation constant of inhibiting calcium", "depitta2009, table 1", low=0)
    d3 = Parameter(0.9434, "uM", "d_3: IP3 dissociation constant when inhibited", "depitta2009, table 1", low=0)
    d5 = Parameter(0.08234, "uM", "d_5: dissociation constant of activating calcium", "depitta2009, table 1", low=0)

    def outputs(q):
        return {"h": q.available / (q.available + q.inactivated)}

    def rates(q):
        gradient = q.ca_total - (1 + q.er_ratio) * q.ca
        open_fraction = (hill(q.ip3, q.d1) * hill(q.ca, q.d5) * q.h) ** 3

        from_er = (q.release * open_fraction + q.leak) * gradient
        into_er = q.uptake * hill(q.ca, q.k_serca, 2)

        return {"ca": from_er - into_er}

    def transitions(q):
        q2 = q.d2 * (q.ip3 + q.d1) / (q.ip3 + q.d3)

        return {
            "recovers": Transition(q.inactivated, q.inactivation * q2, {"available": 1, "inactivated": -1}),
            "inactivates": Transition(q.available, q.inactivation * q.ca, {"available": -1, "inactivated": 1}),
        }
