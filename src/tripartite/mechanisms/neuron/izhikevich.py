"""The quadratic membrane with recovery: many firing patterns from four numbers."""

from tripartite.language import Add, Emission, Input, Mechanism, Output, Parameter, State

_FORM = "izhikevich2003, equations 1 and 2"
_REGULAR = "izhikevich2003, regular spiking"


class Izhikevich(Mechanism):
    r"""A membrane with a quadratic upstroke and a slow recovery that spikes raise.

    The paper counts in mV and ms, and calls I and u currents although they are rates of the potential: here ``u`` is
    in mV/ms. The injected current, conductances and currents of the same compartment act through ``capacitance``,
    which the paper does not have: at 100 pF its I = 10 is a current of 1000 pA.

    **Sources** izhikevich2003; sets of its neurons in `tripartite.parameters.izhikevich2003`.
    **Holds for** spike patterns of cortical neurons; the potential between threshold and peak is no recording.
    **Pitfalls** Counts of fast spiking depend on the method: at I = 10 a second holds 137 spikes, 136 by Euler's
    method at 0.01 ms, and 125 at 0.1 ms where spikes are put on the grid.
    """

    v = State(-65.0, "mV", "v: membrane potential")
    u = State(-13.0, "mV/ms", "u: recovery of the membrane")
    responsiveness = Output("1/pF", "change of potential per charge: 1/C")
    spike = Emission("1", "a spike of this neuron")
    current = Input("pA", "injected current; the paper's I times the capacitance", default=0.0)

    curvature = Parameter(0.04, "1/(mV*ms)", "steepness of the upstroke", _FORM, low=1e-6, high=10)
    linear = Parameter(5.0, "1/ms", "linear part of the upstroke", _FORM, low=-100, high=100)
    constant = Parameter(140.0, "mV/ms", "constant part of the upstroke", _FORM, low=-1e4, high=1e4)
    a = Parameter(0.02, "1/ms", "a: rate of recovery", _REGULAR, low=0, high=10)
    b = Parameter(0.2, "1/ms", "b: sensitivity of recovery to the potential", _REGULAR, low=-10, high=10)
    v_reset = Parameter(-65.0, "mV", "c: potential after a spike", _REGULAR, low=-200, high=30)
    d = Parameter(8.0, "mV/ms", "d: step of recovery at a spike", _REGULAR, low=-100, high=1000)
    v_peak = Parameter(30.0, "mV", "potential of a spike", _FORM, low=-20, high=200)
    capacitance = Parameter(
        100.0, "pF", "C: capacitance for currents in pA", "assumed: a small cortical neuron; the paper has none",
        low=1e-6, high=1e6,
    )  # fmt: skip

    def outputs(q):
        return {"responsiveness": 1 / q.capacitance}

    def rates(q):
        return {
            "v": q.curvature * q.v * q.v + q.linear * q.v + q.constant - q.u + q.current / q.capacitance,
            "u": q.a * (q.b * q.v - q.u),
        }

    def crossing(q):
        return q.v - q.v_peak

    def on_crossing(q):
        return {"v": q.v_reset, "u": Add(q.d), "spike": 1}
