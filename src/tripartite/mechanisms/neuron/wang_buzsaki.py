"""The fast-spiking interneuron of the hippocampus."""

from tripartite.language import Emission, Input, Mechanism, Output, Parameter, State, boltzmann, exp, linoid

_SOURCE = "wang_buzsaki1996, model neuron"


class WangBuzsaki(Mechanism):
    r"""A fast-spiking interneuron: channels as of the squid, with sodium that activates at once.

    Conductances and currents in the same compartment add ``responsiveness`` times their current to the rate
    of ``v``; ``area`` turns the densities of the paper into theirs. A spike is a rise through ``v_spike``.

    **Sources** wang_buzsaki1996.
    **Holds for** fast-spiking hippocampal interneurons as one compartment: from silence the rate rises
    without a jump (class 1) to more than 100 Hz, and each spike ends in a short hyperpolarisation.
    **Pitfalls** Sodium activates at once, so that a spike rises within few steps of a fixed size: Euler's method
    at 0.01 ms gives rates that are 3 % too low. ``phi`` speeds up ``h`` and ``n`` alone.
    """

    v = State(-64.0, "mV", "V: membrane potential")
    h = State(0.78, "1", "sodium channels not inactivated", low=0, high=1)
    n = State(0.09, "1", "activation of potassium channels", low=0, high=1)
    responsiveness = Output("1/pF", "change of potential per charge: 1/(C A)")
    spike = Emission("1", "a spike of this neuron")
    current = Input("uA/cm**2", "I_app: injected current by area", default=0.0)

    capacitance = Parameter(1.0, "uF/cm**2", "C_m: capacitance of the membrane by area", _SOURCE, low=1e-6, high=100)
    area = Parameter(10000.0, "um**2", "A: area of the membrane", "assumed: 100 pF at 1 uF/cm**2", low=1e-3, high=1e9)
    g_na = Parameter(35.0, "mS/cm**2", "g_Na: largest sodium conductance by area", _SOURCE, low=0, high=1e4)
    g_k = Parameter(9.0, "mS/cm**2", "g_K: largest potassium conductance by area", _SOURCE, low=0, high=1e4)
    g_l = Parameter(0.1, "mS/cm**2", "g_L: leak conductance by area", _SOURCE, low=0, high=1e3)
    e_na = Parameter(55.0, "mV", "E_Na: reversal potential of sodium", _SOURCE, low=-200, high=200)
    e_k = Parameter(-90.0, "mV", "E_K: reversal potential of potassium", _SOURCE, low=-200, high=200)
    e_l = Parameter(-65.0, "mV", "E_L: reversal potential of the leak", _SOURCE, low=-200, high=200)
    phi = Parameter(5.0, "1", "speed of the slow gates", _SOURCE, low=0, high=100)
    v_spike = Parameter(0.0, "mV", "potential whose crossing counts as a spike", "assumed: middle of the upstroke")

    m_rate = Parameter(1.0, "1/ms", "opening rate of sodium channels at its bend", _SOURCE, low=1e-6, high=100)
    m_bend = Parameter(-35.0, "mV", "potential where that rate bends", _SOURCE, low=-150, high=100)
    m_width = Parameter(10.0, "mV", "width of that bend", _SOURCE, low=0.1, high=100)
    m_closing = Parameter(4.0, "1/ms", "closing rate of sodium channels at its reference", _SOURCE, low=1e-6, high=100)
    m_reference = Parameter(-60.0, "mV", "reference of that closing rate", _SOURCE, low=-150, high=100)
    m_closing_width = Parameter(18.0, "mV", "potential that slows that closing e-fold", _SOURCE, low=0.1, high=200)
    h_recovery = Parameter(0.07, "1/ms", "recovery rate of h at its reference", _SOURCE, low=0, high=100)
    h_reference = Parameter(-58.0, "mV", "reference of the recovery of h", _SOURCE, low=-150, high=100)
    h_recovery_width = Parameter(20.0, "mV", "potential that slows recovery of h e-fold", _SOURCE, low=0.1, high=200)
    h_inactivation = Parameter(1.0, "1/ms", "largest inactivation rate of h", _SOURCE, low=0, high=100)
    h_half = Parameter(-28.0, "mV", "potential of half the inactivation rate of h", _SOURCE, low=-150, high=100)
    h_width = Parameter(10.0, "mV", "width of the inactivation of h", _SOURCE, low=0.1, high=100)
    n_rate = Parameter(0.1, "1/ms", "opening rate of n at its bend", _SOURCE, low=0, high=100)
    n_bend = Parameter(-34.0, "mV", "potential where the opening rate of n bends", _SOURCE, low=-150, high=100)
    n_width = Parameter(10.0, "mV", "width of the bend of n", _SOURCE, low=0.1, high=100)
    n_closing = Parameter(0.125, "1/ms", "closing rate of n at its reference", _SOURCE, low=0, high=100)
    n_reference = Parameter(-44.0, "mV", "reference of the closing of n", _SOURCE, low=-150, high=100)
    n_closing_width = Parameter(80.0, "mV", "potential that slows the closing of n e-fold", _SOURCE, low=0.1, high=500)

    def outputs(q):
        return {"responsiveness": 1 / (q.capacitance * q.area)}

    def rates(q):
        opening_m = q.m_rate * linoid((q.v - q.m_bend) / q.m_width)
        closing_m = q.m_closing * exp(-(q.v - q.m_reference) / q.m_closing_width)
        recovery_h = q.h_recovery * exp(-(q.v - q.h_reference) / q.h_recovery_width)
        inactivation_h = q.h_inactivation * boltzmann(q.v, q.h_half, q.h_width)
        opening_n = q.n_rate * linoid((q.v - q.n_bend) / q.n_width)
        closing_n = q.n_closing * exp(-(q.v - q.n_reference) / q.n_closing_width)

        m = opening_m / (opening_m + closing_m)
        sodium = q.g_na * m**3 * q.h * (q.v - q.e_na)
        potassium = q.g_k * q.n**4 * (q.v - q.e_k)
        leak = q.g_l * (q.v - q.e_l)

        return {
            "v": (q.current - sodium - potassium - leak) / q.capacitance,
            "h": q.phi * (recovery_h * (1 - q.h) - inactivation_h * q.h),
            "n": q.phi * (opening_n * (1 - q.n) - closing_n * q.n),
        }

    def crossing(q):
        return q.v - q.v_spike

    def on_crossing(q):
        return {"spike": 1}
