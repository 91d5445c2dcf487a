"""Channelrhodopsin-2: the current that light drives through a membrane."""

from tripartite.language import Input, Mechanism, Output, Parameter, State, exp, log, tanh

_SOURCE = "williams2013, four-state model, as coded in ChR2H134R.mod"


class ChR2(Mechanism):
    r"""ChR2(H134R) with two open and two closed states, driven by blue light.

    Light takes receptors from closed to open states, one pair of them adapted to the dark, one to light; the four
    fractions sum to one. The current is that of an inwardly rectifying conductance of a membrane area. Rates are
    those at 22 °C, times their Q10 for ``warmer``.

    **Sources** williams2013; values as coded in ChR2H134R.mod of the repository Neuron_Simulations.
    **Holds for** 470 nm and up to about 10 mW/mm²; no calcium through the channel.
    **Pitfalls** The mod file sets 594 nm, the wavelength of another opsin. Irradiance is in mW/mm² at the membrane,
    conductance and area make that of the cell.
    """

    chr2_open1 = State(0.0, "1", "O_1: fraction open, adapted to the dark", low=0)
    chr2_open2 = State(0.0, "1", "O_2: fraction open, adapted to light", low=0)
    chr2_closed1 = State(1.0, "1", "C_1: fraction closed, adapted to the dark", low=0)
    chr2_closed2 = State(0.0, "1", "C_2: fraction closed, adapted to light", low=0)
    chr2_gate = State(0.0, "1", "p: light gate of activation", low=0, high=1)
    irradiance = Input("mW/mm**2", "Irr: irradiance at the membrane", low=0)
    v = Input("mV", "V: membrane potential")
    responsiveness = Input("1/pF", "change of potential per charge", low=0)
    chr2_open = Output("1", "O_1 + gamma O_2: effective open fraction")
    chr2_current = Output("pA", "I_ChR2: outward current")

    density = Parameter(0.4, "mS/cm**2", "g_max: largest conductance", _SOURCE, low=0)
    area = Parameter(2e4, "um**2", "membrane area", "assumed: 200 pF at 1 µF/cm²", low=0)
    chr2_reversal = Parameter(0.0, "mV", "E_ChR2: reversal potential", _SOURCE)
    rectify = Parameter(10.6408, "mV", "rectification at depolarisation", _SOURCE)
    rectify_slope = Parameter(14.6408, "mV", "rectification at 0 mV", _SOURCE)
    rectify_scale = Parameter(42.7671, "mV", "voltage scale of rectification", _SOURCE, low=1e-6)
    gamma = Parameter(0.1, "1", "gamma: conductance of O_2 against O_1", _SOURCE, low=0, high=1)
    cross_section = Parameter(12e-20, "m**2", "sigma_ret: absorption by retinal", _SOURCE, low=0)
    loss = Parameter(1.3, "1", "w_loss: loss of photons", _SOURCE, low=1e-6)
    wavelength = Parameter(470.0, "nm", "lambda: wavelength of the light", "williams2013", low=1e-3)
    photon = Parameter(1.986446e-25, "J*m", "h c: energy of a photon times its wavelength", _SOURCE, low=0)
    efficiency1 = Parameter(0.8535, "1", "epsilon_1: quantum efficiency from C_1", _SOURCE, low=0)
    efficiency2 = Parameter(0.14, "1", "epsilon_2: quantum efficiency from C_2", _SOURCE, low=0)
    activation = Parameter(1.3, "ms", "tau_ChR2: activation by light", _SOURCE, low=1e-6)
    gate_half = Parameter(1e-3, "mW/mm**2", "irradiance that half-opens the gate", _SOURCE, low=0)
    gate_slope = Parameter(12000.0, "mm**2/mW", "steepness of the gate in irradiance", _SOURCE, low=0)
    closing1 = Parameter(0.075, "1/ms", "G_d1: closing of O_1 at -20 mV", _SOURCE, low=0.06, high=1)
    closing1_range = Parameter(0.043, "1/ms", "change of G_d1 with voltage", _SOURCE, low=0, high=0.06)
    closing1_half = Parameter(-20.0, "mV", "voltage of the middle G_d1", _SOURCE)
    closing1_scale = Parameter(20.0, "mV", "voltage scale of G_d1", _SOURCE, low=1e-6)
    closing2 = Parameter(0.05, "1/ms", "G_d2: closing of O_2", _SOURCE, low=0)
    recovery = Parameter(4.34587e-5, "1/ms", "G_r: recovery to C_1 at 0 mV", _SOURCE, low=0)
    recovery_slope = Parameter(0.0211539274, "1/mV", "voltage dependence of G_r", _SOURCE)
    adapt = Parameter(0.011, "1/ms", "e_12: adaptation to light in the dark", _SOURCE, low=0)
    adapt_light = Parameter(0.005, "1/ms", "growth of e_12 with light", _SOURCE, low=0)
    readapt = Parameter(0.008, "1/ms", "e_21: adaptation to the dark in the dark", _SOURCE, low=0)
    readapt_light = Parameter(0.004, "1/ms", "growth of e_21 with light", _SOURCE, low=0)
    light_scale = Parameter(0.024, "mW/mm**2", "irradiance scale of adaptation", _SOURCE, low=1e-9)
    warmer = Parameter(0.0, "1", "tens of kelvin above 22 °C", "assumed: recordings at 22 °C", low=-2, high=2)
    q10_closing1 = Parameter(1.97, "1", "Q10 of G_d1", _SOURCE, low=0.1)
    q10_closing2 = Parameter(1.77, "1", "Q10 of G_d2", _SOURCE, low=0.1)
    q10_recovery = Parameter(2.56, "1", "Q10 of G_r", _SOURCE, low=0.1)
    q10_adapt = Parameter(1.1, "1", "Q10 of e_12", _SOURCE, low=0.1)
    q10_readapt = Parameter(1.95, "1", "Q10 of e_21", _SOURCE, low=0.1)
    q10_efficiency1 = Parameter(1.46, "1", "Q10 of epsilon_1", _SOURCE, low=0.1)
    q10_efficiency2 = Parameter(2.77, "1", "Q10 of epsilon_2", _SOURCE, low=0.1)

    def outputs(q):
        opened = q.chr2_open1 + q.gamma * q.chr2_open2
        rectified = q.rectify - q.rectify_slope * exp(-(q.v - q.chr2_reversal) / q.rectify_scale)

        return {"chr2_open": opened, "chr2_current": q.density * q.area * opened * rectified}

    def rates(q):
        absorbed = q.cross_section * q.irradiance * q.wavelength / (q.photon * q.loss)
        light = log(1 + q.irradiance / q.light_scale)
        gate = (1 + tanh(q.gate_slope * (q.irradiance - q.gate_half))) / 2
        middle = tanh(-(q.v - q.closing1_half) / q.closing1_scale)

        opens1 = q.efficiency1 * q.q10_efficiency1**q.warmer * absorbed * q.chr2_gate * q.chr2_closed1
        opens2 = q.efficiency2 * q.q10_efficiency2**q.warmer * absorbed * q.chr2_gate * q.chr2_closed2
        closes1 = (q.closing1 + q.closing1_range * middle) * q.q10_closing1**q.warmer * q.chr2_open1
        closes2 = q.closing2 * q.q10_closing2**q.warmer * q.chr2_open2
        adapts = (q.adapt + q.adapt_light * light) * q.q10_adapt**q.warmer * q.chr2_open1
        readapts = (q.readapt + q.readapt_light * light) * q.q10_readapt**q.warmer * q.chr2_open2
        recovers = q.recovery * exp(-q.recovery_slope * q.v) * q.q10_recovery**q.warmer * q.chr2_closed2

        return {
            "chr2_open1": opens1 - closes1 - adapts + readapts,
            "chr2_open2": opens2 - closes2 + adapts - readapts,
            "chr2_closed1": closes1 + recovers - opens1,
            "chr2_closed2": closes2 - recovers - opens2,
            "chr2_gate": (gate - q.chr2_gate) / q.activation,
            "v": -q.responsiveness * q.chr2_current,
        }
