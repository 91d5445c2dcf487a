"""Channel noise of a small cluster of IP3 receptors."""

from tripartite.language import Input, Mechanism, Parameter, sqrt


class ReceptorNoise(Mechanism):
    r"""Fluctuation of the inactivation of N IP3 receptors, in the Langevin approximation.

    Added to `LiRinzel`, it makes calcium puffs below the threshold of oscillation.

    **Sources** shuai_jung2002; rates as in `LiRinzel`.
    **Holds for** more than about ten receptors; with fewer, ``h`` leaves [0, 1] at times; nothing
    holds it there, so look at ``h`` before trusting such a run.
    **Pitfalls** The rate constants repeat those of `LiRinzel`; change them together, by a set of parameters. The
    noise of `MultiplicativeNoise` is another one, without a number of channels.
    """

    h = Input("1", "h: fraction of IP3 receptors not inactivated", low=0, high=1)
    ca = Input("uM", "C: free calcium in the cytosol")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    channels = Parameter(1000.0, "1", "N: number of IP3 receptors", "assumed: cluster size, set by the user", low=1)
    inactivation = Parameter(0.2, "1/uM/s", "a_2: binding rate of inhibiting calcium", "depitta2009, table 1", low=0)
    d1 = Parameter(0.13, "uM", "d_1: IP3 dissociation constant", "depitta2009, table 1", low=0)
    d2 = Parameter(1.049, "uM", "d_2: dissociation constant of inhibiting calcium", "depitta2009, table 1", low=0)
    d3 = Parameter(0.9434, "uM", "d_3: IP3 dissociation constant when inhibited", "depitta2009, table 1", low=0)

    def noise(q):
        opening = q.inactivation * q.d2 * (q.ip3 + q.d1) / (q.ip3 + q.d3)
        closing = q.inactivation * q.ca

        return {"h": sqrt((opening * (1 - q.h) + closing * q.h) / q.channels)}
