"""The squid's axon: sodium and potassium channels that make a spike and end it."""

from tripartite.language import Emission, Input, Mechanism, Output, Parameter, State, boltzmann, exp, linoid

_SOURCE = "hodgkin_huxley1952, table 3, potentials shifted to a rest at -65 mV"
_RATES = "hodgkin_huxley1952, equations 12 to 24, potentials shifted to a rest at -65 mV"


class HodgkinHuxley(Mechanism):
    r"""A membrane whose sodium and potassium channels make the whole spike.

    ``m`` and ``h`` open and inactivate the sodium channels, ``n`` opens the potassium channels. Conductances
    and currents in the same compartment add ``responsiveness`` times their current to the rate of ``v``;
    ``area`` turns the densities of the paper into theirs. A spike is a rise through ``v_spike``.

    **Sources** hodgkin_huxley1952, in the modern sign with the resting potential at -65 mV.
    **Holds for** the squid giant axon at 6.3 degrees Celsius, one isopotential patch.
    **Pitfalls** Repetitive firing starts at a rate of about 50 Hz and coexists with rest just above its
    onset (class 2), so what a current causes there depends on how it was switched on.
    """

    v = State(-65.0, "mV", "V: membrane potential")
    m = State(0.0529, "1", "activation of sodium channels", low=0, high=1)
    h = State(0.5961, "1", "sodium channels not inactivated", low=0, high=1)
    n = State(0.3177, "1", "activation of potassium channels", low=0, high=1)
    responsiveness = Output("1/pF", "change of potential per charge: 1/(C A)")
    spike = Emission("1", "a spike of this neuron")
    current = Input("uA/cm**2", "I: injected current by area", default=0.0)

    capacitance = Parameter(1.0, "uF/cm**2", "C_M: capacitance of the membrane by area", _SOURCE, low=1e-6, high=100)
    area = Parameter(20000.0, "um**2", "A: area of the membrane", "assumed: 200 pF at 1 uF/cm**2", low=1e-3, high=1e9)
    g_na = Parameter(120.0, "mS/cm**2", "g_Na: largest sodium conductance by area", _SOURCE, low=0, high=1e4)
    g_k = Parameter(36.0, "mS/cm**2", "g_K: largest potassium conductance by area", _SOURCE, low=0, high=1e4)
    g_l = Parameter(0.3, "mS/cm**2", "g_l: leak conductance by area", _SOURCE, low=0, high=1e3)
    e_na = Parameter(50.0, "mV", "E_Na: reversal potential of sodium", _SOURCE, low=-200, high=200)
    e_k = Parameter(-77.0, "mV", "E_K: reversal potential of potassium", _SOURCE, low=-200, high=200)
    e_l = Parameter(-54.4, "mV", "E_l: reversal potential of the leak", _SOURCE, low=-200, high=200)
    v_spike = Parameter(0.0, "mV", "potential whose crossing counts as a spike", "assumed: middle of the upstroke")

    m_rate = Parameter(1.0, "1/ms", "opening rate of m at its bend", _RATES, low=0, high=100)
    m_bend = Parameter(-40.0, "mV", "potential where the opening rate of m bends", _RATES, low=-150, high=100)
    m_width = Parameter(10.0, "mV", "width of the bend of m", _RATES, low=0.1, high=100)
    m_closing = Parameter(4.0, "1/ms", "closing rate of m at rest", _RATES, low=0, high=100)
    m_closing_width = Parameter(18.0, "mV", "potential that slows the closing of m e-fold", _RATES, low=0.1, high=200)
    h_recovery = Parameter(0.07, "1/ms", "recovery rate of h at rest", _RATES, low=0, high=100)
    h_recovery_width = Parameter(20.0, "mV", "potential that slows recovery of h e-fold", _RATES, low=0.1, high=200)
    h_inactivation = Parameter(1.0, "1/ms", "largest inactivation rate of h", _RATES, low=0, high=100)
    h_half = Parameter(-35.0, "mV", "potential of half the inactivation rate of h", _RATES, low=-150, high=100)
    h_width = Parameter(10.0, "mV", "width of the inactivation of h", _RATES, low=0.1, high=100)
    n_rate = Parameter(0.1, "1/ms", "opening rate of n at its bend", _RATES, low=0, high=100)
    n_bend = Parameter(-55.0, "mV", "potential where the opening rate of n bends", _RATES, low=-150, high=100)
    n_width = Parameter(10.0, "mV", "width of the bend of n", _RATES, low=0.1, high=100)
    n_closing = Parameter(0.125, "1/ms", "closing rate of n at rest", _RATES, low=0, high=100)
    n_closing_width = Parameter(80.0, "mV", "potential that slows the closing of n e-fold", _RATES, low=0.1, high=500)
    v_rest = Parameter(-65.0, "mV", "V_r: resting potential that the rates refer to", _RATES, low=-150, high=0)

    def outputs(q):
        return {"responsiveness": 1 / (q.capacitance * q.area)}

    def rates(q):
        above_rest = q.v - q.v_rest
        opening_m = q.m_rate * linoid((q.v - q.m_bend) / q.m_width)
        closing_m = q.m_closing * exp(-above_rest / q.m_closing_width)
        recovery_h = q.h_recovery * exp(-above_rest / q.h_recovery_width)
        inactivation_h = q.h_inactivation * boltzmann(q.v, q.h_half, q.h_width)
        opening_n = q.n_rate * linoid((q.v - q.n_bend) / q.n_width)
        closing_n = q.n_closing * exp(-above_rest / q.n_closing_width)

        sodium = q.g_na * q.m**3 * q.h * (q.v - q.e_na)
        potassium = q.g_k * q.n**4 * (q.v - q.e_k)
        leak = q.g_l * (q.v - q.e_l)

        return {
            "v": (q.current - sodium - potassium - leak) / q.capacitance,
            "m": opening_m * (1 - q.m) - closing_m * q.m,
            "h": recovery_h * (1 - q.h) - inactivation_h * q.h,
            "n": opening_n * (1 - q.n) - closing_n * q.n,
        }

    def crossing(q):
        return q.v - q.v_spike

    def on_crossing(q):
        return {"spike": 1}
