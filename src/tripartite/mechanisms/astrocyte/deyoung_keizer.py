"""Calcium-induced calcium release through the IP3 receptor with all eight states of a subunit."""

from tripartite.language import Input, Mechanism, Output, Parameter, State, hill, where

_RATES = "deyoung_keizer1992, as coded for chapter 3 of depitta_berry2019"


class DeYoungKeizer(Mechanism):
    r"""Calcium-induced calcium release through IP3 receptors whose subunits have eight states each.

    A subunit binds IP3, activating calcium and inhibiting calcium; ``x101`` has IP3 and inhibiting calcium
    and lacks activating calcium. The channel is open when three subunits are in ``x110``. Seven states are
    kept; the eighth, ``x111``, is what they leave of the whole. `LiRinzel` is the reduction of this receptor
    to the slow binding of inhibiting calcium, and shares the names of the fluxes.

    **Sources** form and rate constants deyoung_keizer1992, as coded for chapter 3 of depitta_berry2019;
    fluxes depitta2009, table 1.
    **Holds for** a closed, well-mixed cell with many receptors; not for single channels or microdomains.
    **Pitfalls** IP3 binds within milliseconds: the equations are stiff, and steps in a network must stay
    below 2 ms. The rate constants miss detailed balance, d1 d2 = d3 d4, by 0.2 %. The eight states add up to
    one; starts that exceed this have no meaning. The values of chapter 3 of depitta_berry2019
    (`tripartite.parameters.timofeeva2019`) hold the calcium of the ER constant.
    """

    ca = State(0.09, "uM", "C: free calcium in the cytosol", low=0)
    x000 = State(0.13827, "1", "x_000: subunits that have bound nothing", low=0)
    x100 = State(0.234, "1", "x_100: subunits with IP3", low=0)
    x010 = State(0.15085, "1", "x_010: subunits with activating calcium", low=0)
    x110 = State(0.25528, "1", "x_110: subunits with IP3 and activating calcium, ready to open", low=0)
    x001 = State(0.08594, "1", "x_001: subunits with inhibiting calcium", low=0)
    x101 = State(0.02004, "1", "x_101: subunits with IP3 and inhibiting calcium", low=0)
    x011 = State(0.09375, "1", "x_011: subunits with activating and inhibiting calcium", low=0)
    ip3 = Input("uM", "I: IP3 in the cytosol")
    ip3r_open = Output("1", "P_open: fraction of IP3 receptors that are open")

    ip3_on = Parameter(400.0, "1/uM/s", "k_1: binding of IP3", _RATES, low=0)
    ip3_off = Parameter(52.0, "1/s", "k_-1: unbinding of IP3", _RATES, low=0)
    inhibition_on = Parameter(0.2, "1/uM/s", "k_2: binding of inhibiting calcium beside IP3", _RATES, low=0)
    inhibition_off = Parameter(0.21, "1/s", "k_-2: unbinding of inhibiting calcium beside IP3", _RATES, low=0)
    inhibited_ip3_on = Parameter(400.0, "1/uM/s", "k_3: binding of IP3 when inhibited", _RATES, low=0)
    inhibited_ip3_off = Parameter(377.36, "1/s", "k_-3: unbinding of IP3 when inhibited", _RATES, low=0)
    lone_inhibition_on = Parameter(0.2, "1/uM/s", "k_4: binding of inhibiting calcium without IP3", _RATES, low=0)
    lone_inhibition_off = Parameter(0.029, "1/s", "k_-4: unbinding of inhibiting calcium without IP3", _RATES, low=0)
    activation_on = Parameter(20.0, "1/uM/s", "k_5: binding of activating calcium", _RATES, low=0)
    activation_off = Parameter(1.65, "1/s", "k_-5: unbinding of activating calcium", _RATES, low=0)

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

    def outputs(q):
        return {"ip3r_open": q.x110**3}

    def rates(q):
        rest = 1 - q.x000 - q.x100 - q.x010 - q.x110 - q.x001 - q.x101 - q.x011
        x111 = where(rest > 0, rest, 0 * rest)

        bind_ip3, bind_ip3_inhibited = q.ip3_on * q.ip3, q.inhibited_ip3_on * q.ip3
        ip3_00 = bind_ip3 * q.x000 - q.ip3_off * q.x100
        ip3_10 = bind_ip3 * q.x010 - q.ip3_off * q.x110
        ip3_01 = bind_ip3_inhibited * q.x001 - q.inhibited_ip3_off * q.x101
        ip3_11 = bind_ip3_inhibited * q.x011 - q.inhibited_ip3_off * x111

        activate = q.activation_on * q.ca
        activate_00 = activate * q.x000 - q.activation_off * q.x010
        activate_10 = activate * q.x100 - q.activation_off * q.x110
        activate_01 = activate * q.x001 - q.activation_off * q.x011
        activate_11 = activate * q.x101 - q.activation_off * x111

        inhibit, inhibit_lone = q.inhibition_on * q.ca, q.lone_inhibition_on * q.ca
        inhibit_00 = inhibit_lone * q.x000 - q.lone_inhibition_off * q.x001
        inhibit_01 = inhibit_lone * q.x010 - q.lone_inhibition_off * q.x011
        inhibit_10 = inhibit * q.x100 - q.inhibition_off * q.x101
        inhibit_11 = inhibit * q.x110 - q.inhibition_off * x111

        from_er = (q.release * q.ip3r_open + q.leak) * (q.ca_total - (1 + q.er_ratio) * q.ca)
        into_er = q.uptake * hill(q.ca, q.k_serca, 2)

        return {
            "ca": from_er - into_er,
            "x000": -ip3_00 - activate_00 - inhibit_00,
            "x100": ip3_00 - activate_10 - inhibit_10,
            "x010": activate_00 - ip3_10 - inhibit_01,
            "x110": ip3_10 + activate_10 - inhibit_11,
            "x001": inhibit_00 - ip3_01 - activate_01,
            "x101": ip3_01 + inhibit_10 - activate_11,
            "x011": activate_01 + inhibit_01 - ip3_11,
        }
