"""The adaptive exponential membrane: an upstroke of its own, and a current that grows with spikes."""

from tripartite.language import Add, Emission, Input, Mechanism, Output, Parameter, State, exp, where


class AdaptiveExponential(Mechanism):
    r"""A membrane with an exponential upstroke and an adaptation current that slows it.

    Conductances and currents in the same compartment add ``responsiveness`` times their current to the
    rate of ``v``. While it is refractory the potential stays at its reset and adaptation goes on.

    **Sources** brette_gerstner2005; ``v_peak`` and ``refractory`` jiang2025 (values of the simulator NEST).
    **Holds for** spike times of cortical neurons; the upstroke is real, the rest of a spike is not.
    """

    v = State(-70.6, "mV", "V: membrane potential")
    w = State(0.0, "pA", "w: adaptation current")
    since = State(1000.0, "ms", "time since the last spike", low=0)
    responsiveness = Output("1/pF", "change of potential per charge: 1/C, nothing while refractory")
    spike = Emission("1", "a spike of this neuron")
    current = Input("pA", "I: injected current", default=0.0)

    capacitance = Parameter(
        281.0, "pF", "C: capacitance of the membrane", "brette_gerstner2005, fit of a neuron", low=1e-6
    )
    g_l = Parameter(30.0, "nS", "g_L: leak conductance", "brette_gerstner2005, fit of a neuron", low=0)
    e_l = Parameter(-70.6, "mV", "E_L: reversal potential of the leak", "brette_gerstner2005, fit of a neuron")
    v_threshold = Parameter(
        -50.4, "mV", "V_T: potential where the upstroke takes over", "brette_gerstner2005, fit of a neuron"
    )
    slope = Parameter(2.0, "mV", "Delta_T: sharpness of the upstroke", "brette_gerstner2005, fit of a neuron", low=1e-6)
    # The paper has no limit; without one the potential explodes in finite time, faster than steps can follow.
    steepest = Parameter(
        15.0, "1", "largest exponent of the upstroke", "assumed: delays a spike by less than 50 ns", low=0
    )
    tau_w = Parameter(
        144.0, "ms", "tau_w: time constant of adaptation", "brette_gerstner2005, fit of a neuron", low=1e-6
    )
    a = Parameter(4.0, "nS", "a: adaptation with potential", "brette_gerstner2005, fit of a neuron")
    b = Parameter(80.5, "pA", "b: adaptation with each spike", "brette_gerstner2005, fit of a neuron")
    v_peak = Parameter(0.0, "mV", "V_peak: potential of a spike", "jiang2025, neuron model")
    v_reset = Parameter(-70.6, "mV", "V_r: potential after a spike", "brette_gerstner2005, fit of a neuron")
    refractory = Parameter(0.0, "ms", "t_ref: refractory period", "jiang2025, neuron model", low=0)
    bias_current = Parameter(0.0, "pA", "I_e: constant background current", "jiang2025, neuron model")

    def outputs(q):
        return {"responsiveness": where(q.since >= q.refractory, 1 / q.capacitance, 0 / q.capacitance)}

    def rates(q):
        # A fixed step overshoots the peak by far; leak and adaptation must not follow it there.
        v = where(q.v < q.v_peak, q.v, q.v_peak)
        slopes = (v - q.v_threshold) / q.slope
        upstroke = q.g_l * q.slope * exp(where(slopes < q.steepest, slopes, q.steepest))
        membrane = -q.g_l * (v - q.e_l) + upstroke - q.w + (q.bias_current + q.current)

        return {
            "v": q.responsiveness * membrane,
            "w": (q.a * (v - q.e_l) - q.w) / q.tau_w,
            "since": 1,
        }

    def crossing(q):
        return q.v - q.v_peak

    def on_crossing(q):
        return {"v": q.v_reset, "w": Add(q.b), "since": 0 * q.since, "spike": 1}
