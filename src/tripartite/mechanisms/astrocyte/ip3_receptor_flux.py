"""Calcium that leaves the endoplasmic reticulum through IP3 receptors."""

from tripartite.language import Input, Mechanism, Parameter, State, hill


class Ip3ReceptorFlux(Mechanism):
    r"""Release through IP3 receptors with the Li-Rinzel gate, down the gradient between ER and cytosol.

    ``h`` is the fraction of receptors not inactivated by calcium. `LiRinzel` holds this flux, a leak and SERCA
    in one closed cell; here the flux stands alone, so that a cell can be put together from fluxes.

    **Sources** form li_rinzel1994; values handy2017, program of its authors (ModelDB 189344).
    **Holds for** a well-mixed cell; not for clusters of few channels.
    **Pitfalls** ``inactivation`` is five times slower than in depitta2009, and the periods rest on it.
    ``release`` multiplies c_ER - c; that of `LiRinzel` multiplies c_1 (c_ER - c).
    """

    h = State(0.6255124, "1", "h: fraction of IP3 receptors not inactivated", low=0, high=1)
    ca = Input("uM", "c: free calcium in the cytosol")
    ca_er = Input("uM", "c_ER: free calcium in the ER")
    ip3 = Input("uM", "I: IP3 in the cytosol")

    release = Parameter(
        0.222,
        "1/s",
        "v_ip3r: largest release rate, per c_ER - c",
        "handy2017, ModelDB 189344",
        low=0,
        target="IP3 receptor",
    )
    inactivation = Parameter(
        0.04, "1/uM/s", "a_2: binding rate of inhibiting calcium", "handy2017, ModelDB 189344", low=0
    )
    d1 = Parameter(0.13, "uM", "d_1: IP3 dissociation constant", "handy2017, ModelDB 189344", low=1e-6)
    d2 = Parameter(1.049, "uM", "d_2: dissociation constant of inhibiting calcium", "handy2017, ModelDB 189344", low=0)
    d3 = Parameter(0.9434, "uM", "d_3: IP3 dissociation constant when inhibited", "handy2017, ModelDB 189344", low=1e-6)
    d5 = Parameter(
        0.08234, "uM", "d_5: dissociation constant of activating calcium", "handy2017, ModelDB 189344", low=1e-6
    )

    def rates(q):
        open_fraction = (hill(q.ip3, q.d1) * hill(q.ca, q.d5) * q.h) ** 3
        q2 = q.d2 * (q.ip3 + q.d1) / (q.ip3 + q.d3)

        return {
            "ca": q.release * open_fraction * (q.ca_er - q.ca),
            "h": q.inactivation * (q2 * (1 - q.h) - q.ca * q.h),
        }
