"""A cluster of IP3 receptors that inactivate and recover one by one."""

from tripartite.language import Output, State, Transition
from tripartite.mechanisms.astrocyte.li_rinzel import LiRinzel


class StochasticLiRinzel(LiRinzel):
    r"""Calcium release through a cluster of N IP3 receptors, each of which inactivates and recovers at random.

    `LiRinzel` with its ``h`` as the fraction of receptors that are not inactivated: a whole number over N, the
    sum of both counts, which their starts set.
    For many receptors it becomes `LiRinzel`, and before that `LiRinzel` with `ReceptorNoise`. ``simulate``
    times every transition exactly; networks draw how many fall into a step.

    **Sources** form li_rinzel1994, channels shuai_jung2002; values depitta2009, table 1.
    **Holds for** a cluster small enough for calcium to be even in it, whatever the number of its receptors.
    **Pitfalls** ``h`` is counted here: noise that is added to it (`ReceptorNoise`) has nothing to act on.
    """

    ca = State(0.0725, "uM", "C: free calcium at the cluster", low=0)
    available = State(16.0, "1", "number of receptors not inactivated", low=0)
    inactivated = State(4.0, "1", "number of inactivated receptors", low=0)
    h = Output("1", "h: fraction of IP3 receptors not inactivated")

    def outputs(q):
        return {"h": q.available / (q.available + q.inactivated)}

    def rates(q):
        return {"ca": LiRinzel.rates(q)["ca"]}

    def transitions(q):
        q2 = q.d2 * (q.ip3 + q.d1) / (q.ip3 + q.d3)

        return {
            "recovers": Transition(q.inactivated, q.inactivation * q2, {"available": 1, "inactivated": -1}),
            "inactivates": Transition(q.available, q.inactivation * q.ca, {"available": -1, "inactivated": 1}),
        }
