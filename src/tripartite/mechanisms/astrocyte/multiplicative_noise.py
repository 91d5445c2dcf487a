"""Noise in proportion to how far IP3 receptors are from equilibrium."""

from tripartite.language import Input, Mechanism, Parameter, sqrt


class MultiplicativeNoise(Mechanism):
    r"""Noise of the inactivation of IP3 receptors that vanishes at equilibrium and has no number of channels.

    Added to `LiRinzel`, it makes (h_inf - h) / tau_h into (h_inf - h) / tau_h (1 + xi sqrt(tau_h)) with white
    noise xi in the sense of Stratonovich; the rate here is what turns that into an Itô equation.

    **Sources** stimberg2019, example 2 (its astrocyte noise); rates as in `LiRinzel`.
    **Holds for** disturbing oscillations in phase and height.
    **Pitfalls** it leaves a resting cell at rest, so it makes no puffs: those need `ReceptorNoise` or
    `StochasticLiRinzel`, whose fluctuations at rest scale with the number of receptors. Its excursions have heavy
    tails (a deviation from equilibrium ever grows a-fold with a chance of a⁻²), so that ``h`` leaves [0, 1] while
    calcium moves, and long runs in oscillation may diverge: look at ``h``, and do not use it for minutes.
    """

    h = Input("1", "h: fraction of IP3 receptors not inactivated", low=0, high=1)
    ca = Input("uM", "C: free calcium in the cytosol")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    inactivation = Parameter(0.2, "1/uM/s", "a_2: binding rate of inhibiting calcium", "depitta2009, table 1", low=0)
    d1 = Parameter(0.13, "uM", "d_1: IP3 dissociation constant", "depitta2009, table 1", low=0)
    d2 = Parameter(1.049, "uM", "d_2: dissociation constant of inhibiting calcium", "depitta2009, table 1", low=0)
    d3 = Parameter(0.9434, "uM", "d_3: IP3 dissociation constant when inhibited", "depitta2009, table 1", low=0)

    def rates(q):
        q2 = q.d2 * (q.ip3 + q.d1) / (q.ip3 + q.d3)

        return {"h": -q.inactivation * (q2 - (q2 + q.ca) * q.h) / 2}

    def noise(q):
        q2 = q.d2 * (q.ip3 + q.d1) / (q.ip3 + q.d3)

        return {"h": (q2 / (q2 + q.ca) - q.h) * sqrt(q.inactivation * (q2 + q.ca))}
