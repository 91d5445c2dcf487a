"""Currents into the neuron that do not depend on its potential."""

from tripartite.language import Input, Mechanism, Parameter


class SlowInwardCurrent(Mechanism):
    r"""The neuron's side of the slow inward current that astrocytes cause.

    ``sic`` is the sum over its astrocytes, `SlowInward` makes it; 0 without any.

    **Sources** jiang2025, neuron model.
    **Holds for** receptors far from saturation, at any potential below threshold.
    """

    sic = Input("pA", "I_SIC: slow inward current that the astrocytes cause", default=0.0)
    v = Input("mV", "V: membrane potential")
    responsiveness = Input("1/pF", "change of potential per charge", low=0)

    sic_weight = Parameter(
        1.0,
        "1",
        "w_a2n: strength of the connection from an astrocyte",
        "jiang2025, neuron model",
        target="NMDA receptor",
    )

    def rates(q):
        return {"v": q.responsiveness * q.sic_weight * q.sic}


class InjectedCurrent(Mechanism):
    r"""Current in pA into a membrane that counts its own ``current`` by area, such as `HodgkinHuxley`.

    **Sources** assumed: an ideal electrode.
    **Holds for** one compartment at one potential; the electrode has neither resistance nor capacitance.
    """

    injected = Input("pA", "I: injected current, inward when positive", default=0.0)
    v = Input("mV", "V: membrane potential")
    responsiveness = Input("1/pF", "change of potential per charge", low=0)

    def rates(q):
        return {"v": q.responsiveness * q.injected}


class MembraneNoise(Mechanism):
    r"""White noise of the current into the membrane, silent while it is refractory.

    Without a threshold the potential has the variance ``intensity``² / (2 g C) about its mean.

    **Sources** assumed: stands for many small independent inputs.
    **Holds for** inputs much faster than the membrane.
    """

    v = Input("mV", "V: membrane potential")
    responsiveness = Input("1/pF", "change of potential per charge", low=0)

    intensity = Parameter(100.0, "pA*ms**0.5", "I: strength of the noise", "assumed: set by the user", low=0)

    def noise(q):
        return {"v": q.responsiveness * q.intensity}
