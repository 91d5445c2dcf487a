"""The spiking membrane of a cortical neuron whose reversal potentials follow its ions."""

from tripartite.language import Emission, Input, Mechanism, Output, Parameter, State, boltzmann, exp, linoid

_CODE = "cressman2009, full model as coded in ModelDB 136773"


class CressmanMembrane(Mechanism):
    r"""Hodgkin-Huxley membrane with a calcium-gated potassium current, per area, with its own ionic fluxes.

    With ions, their reversal potentials, pump, glia and a bath in the same compartment this is the full model of
    the paper (`tripartite.models.CressmanNeuron`); alone, its reversal potentials stay where they are.

    **Sources** cressman2009, with the equations as coded by its authors in ModelDB 136773.
    **Holds for** one well-mixed neuron in its extracellular space; sodium activates instantly.
    **Pitfalls** The membrane counts in ms and the ions in s. Leaks of sodium and potassium carry ions, the
    chloride leak does not change any concentration.
    """

    v = State(-50.0, "mV", "V: membrane potential")
    n = State(0.08553, "1", "n: activation of the delayed rectifier", low=0, high=1)
    h = State(0.96859, "1", "h: what is not inactivated of the sodium current", low=0, high=1)
    ca = State(0.0, "uM", "Ca: free calcium in the neuron", low=0)
    potassium_efflux = Output("uA/cm**2", "I_K: potassium current, outward when positive")
    sodium_influx = Output("uA/cm**2", "sodium current, inward when positive: -I_Na")
    responsiveness = Output("1/pF", "change of potential per charge: 1/(C A)")
    spike = Emission("1", "a spike of this neuron")
    current = Input("uA/cm**2", "injected current by area, which carries no ion that is counted", default=0.0)

    capacitance = Parameter(1.0, "uF/cm**2", "C: capacitance per area", _CODE, low=1e-3, high=100)
    area = Parameter(
        615.75, "um**2", "A: membrane area", "assumed: a sphere of 7 µm radius, which gamma implies", low=1, high=1e9
    )
    g_na = Parameter(100.0, "mS/cm**2", "g_Na: sodium conductance", _CODE, low=0, high=1e4)
    g_na_leak = Parameter(0.0175, "mS/cm**2", "g_NaL: leak of sodium", _CODE, low=0, high=1000)
    g_k = Parameter(40.0, "mS/cm**2", "g_K: delayed rectifier", _CODE, low=0, high=1e4)
    g_ahp = Parameter(0.01, "mS/cm**2", "g_AHP: potassium conductance that calcium opens", _CODE, low=0, high=1000)
    g_k_leak = Parameter(0.05, "mS/cm**2", "g_KL: leak of potassium", _CODE, low=0, high=1000)
    g_cl_leak = Parameter(0.05, "mS/cm**2", "g_ClL: leak of chloride", _CODE, low=0, high=1000)
    e_na = Parameter(
        55.40, "mV", "E_Na: reversal potential of sodium", "assumed: Nernst at 18 and 144 mM", low=-50, high=200
    )
    e_k = Parameter(
        -94.71, "mV", "E_K: reversal potential of potassium", "assumed: Nernst at 4 and 140 mM", low=-200, high=50
    )
    e_cl = Parameter(-81.9386, "mV", "E_Cl: reversal potential of chloride", _CODE, low=-200, high=50)
    tempo = Parameter(3.0, "1", "phi: speed of the gates", _CODE, low=0, high=100)
    half_gated = Parameter(1.0, "uM", "calcium that opens half of g_AHP", _CODE, low=1e-6, high=1000)

    n_open = Parameter(0.1, "1/ms", "scale of alpha_n", _CODE, low=0, high=100)
    n_open_v = Parameter(-34.0, "mV", "foot of alpha_n", _CODE, low=-150, high=100)
    n_close = Parameter(0.125, "1/ms", "scale of beta_n", _CODE, low=0, high=100)
    n_close_v = Parameter(-44.0, "mV", "where beta_n has its scale", _CODE, low=-150, high=100)
    n_width = Parameter(80.0, "mV", "e-fold of beta_n", _CODE, low=1, high=500)
    m_open = Parameter(1.0, "1/ms", "scale of alpha_m", _CODE, low=0, high=100)
    m_open_v = Parameter(-30.0, "mV", "foot of alpha_m", _CODE, low=-150, high=100)
    m_close = Parameter(4.0, "1/ms", "scale of beta_m", _CODE, low=0, high=100)
    m_close_v = Parameter(-55.0, "mV", "where beta_m has its scale", _CODE, low=-150, high=100)
    m_width = Parameter(18.0, "mV", "e-fold of beta_m", _CODE, low=1, high=200)
    h_open = Parameter(0.07, "1/ms", "scale of alpha_h", _CODE, low=0, high=100)
    h_open_v = Parameter(-44.0, "mV", "where alpha_h has its scale", _CODE, low=-150, high=100)
    h_width = Parameter(20.0, "mV", "e-fold of alpha_h", _CODE, low=1, high=200)
    h_close = Parameter(1.0, "1/ms", "largest beta_h", _CODE, low=0, high=100)
    h_close_v = Parameter(-14.0, "mV", "half of beta_h", _CODE, low=-150, high=100)
    gate_width = Parameter(10.0, "mV", "width of alpha_n, alpha_m and beta_h", _CODE, low=1, high=100)

    g_ca = Parameter(0.1, "mS/cm**2", "g_Ca: calcium conductance", _CODE, low=0, high=1000)
    e_ca = Parameter(120.0, "mV", "E_Ca: reversal potential of calcium", _CODE, low=-50, high=300)
    ca_v = Parameter(-25.0, "mV", "half activation of the calcium current", _CODE, low=-150, high=100)
    ca_width = Parameter(2.5, "mV", "width of its activation", _CODE, low=0.1, high=50)
    ca_per_charge = Parameter(0.002, "uM*cm**2/(ms*uA)", "calcium per charge that enters", _CODE, low=0, high=10)
    tau_ca = Parameter(80.0, "ms", "time constant of the removal of calcium", _CODE, low=1e-3, high=1e5)
    v_spike = Parameter(
        0.0, "mV", "potential that counts as a spike", "assumed: between rest and peak", low=-150, high=100
    )

    def outputs(q):
        opening = q.m_open * linoid((q.v - q.m_open_v) / q.gate_width)
        closing = q.m_close * exp(-(q.v - q.m_close_v) / q.m_width)
        m = opening / (opening + closing)
        from_calcium = q.g_ahp * q.ca / (q.half_gated + q.ca)

        return {
            "sodium_influx": -(q.g_na * m**3 * q.h + q.g_na_leak) * (q.v - q.e_na),
            "potassium_efflux": (q.g_k * q.n**4 + from_calcium + q.g_k_leak) * (q.v - q.e_k),
            "responsiveness": 1 / (q.capacitance * q.area),
        }

    def rates(q):
        n_opening = q.n_open * linoid((q.v - q.n_open_v) / q.gate_width)
        n_closing = q.n_close * exp(-(q.v - q.n_close_v) / q.n_width)
        h_opening = q.h_open * exp(-(q.v - q.h_open_v) / q.h_width)
        h_closing = q.h_close * boltzmann(q.v, q.h_close_v, q.gate_width)
        chloride = q.g_cl_leak * (q.v - q.e_cl)
        calcium_influx = -q.g_ca * boltzmann(q.v, q.ca_v, q.ca_width) * (q.v - q.e_ca)

        return {
            "v": (q.current + q.sodium_influx - q.potassium_efflux - chloride) / q.capacitance,
            "n": q.tempo * (n_opening * (1 - q.n) - n_closing * q.n),
            "h": q.tempo * (h_opening * (1 - q.h) - h_closing * q.h),
            "ca": q.ca_per_charge * calcium_influx - q.ca / q.tau_ca,
        }

    def crossing(q):
        return q.v - q.v_spike

    def on_crossing(q):
        return {"spike": 1}
