"""Synaptic conductances of the neuron: what all its excitatory, or all its inhibitory, synapses open together."""

from math import e

from tripartite.language import Add, Input, Mechanism, Parameter, State


class ExponentialExcitation(Mechanism):
    r"""Excitatory conductance that opens at once and closes exponentially.

    **Sources** stimberg2019, example 1.
    **Holds for** synapses with one time constant, at one place of the membrane.
    """

    g_e = State(0.0, "nS", "g_e: excitatory conductance", low=0)
    excitation = Input("nS", "conductance that one release opens", low=0)
    v = Input("mV", "V: membrane potential")
    responsiveness = Input("1/pF", "change of potential per charge", low=0)

    tau_e = Parameter(5.0, "ms", "tau_e: time constant of closing", "stimberg2019, example 1", low=1e-6)
    reversal_e = Parameter(0.0, "mV", "E_e: reversal potential", "stimberg2019, example 1")

    def rates(q):
        return {"g_e": -q.g_e / q.tau_e, "v": q.responsiveness * q.g_e * (q.reversal_e - q.v)}

    def on_excitation(q):
        return {"g_e": Add(q.excitation)}


class ExponentialInhibition(Mechanism):
    r"""Inhibitory conductance that opens at once and closes exponentially.

    **Sources** stimberg2019, example 1.
    **Holds for** synapses with one time constant, at one place of the membrane.
    """

    g_i = State(0.0, "nS", "g_i: inhibitory conductance", low=0)
    inhibition = Input("nS", "conductance that one release opens", low=0)
    v = Input("mV", "V: membrane potential")
    responsiveness = Input("1/pF", "change of potential per charge", low=0)

    tau_i = Parameter(10.0, "ms", "tau_i: time constant of closing", "stimberg2019, example 1", low=1e-6)
    reversal_i = Parameter(-80.0, "mV", "E_i: reversal potential", "stimberg2019, example 1")

    def rates(q):
        return {"g_i": -q.g_i / q.tau_i, "v": q.responsiveness * q.g_i * (q.reversal_i - q.v)}

    def on_inhibition(q):
        return {"g_i": Add(q.inhibition)}


class AlphaExcitation(Mechanism):
    r"""Excitatory conductance that follows an alpha function: its peak, after ``tau_e``, is what was opened.

    **Sources** jiang2025, neuron model; its benchmark networks have ``tau_e`` 2 ms.
    **Holds for** synapses that open and close with one time constant, at one place of the membrane.
    """

    g_e = State(0.0, "nS", "g_e: excitatory conductance", low=0)
    opening_e = State(0.0, "nS", "conductance on its way to open", low=0)
    excitation = Input("nS", "largest conductance after one release", low=0)
    v = Input("mV", "V: membrane potential")
    responsiveness = Input("1/pF", "change of potential per charge", low=0)

    tau_e = Parameter(0.2, "ms", "tau_ex: time from release to peak", "jiang2025, neuron model", low=1e-6)
    reversal_e = Parameter(0.0, "mV", "E_ex: reversal potential", "jiang2025, neuron model")

    def rates(q):
        return {
            "g_e": (q.opening_e - q.g_e) / q.tau_e,
            "opening_e": -q.opening_e / q.tau_e,
            "v": q.responsiveness * q.g_e * (q.reversal_e - q.v),
        }

    def on_excitation(q):
        return {"opening_e": Add(e * q.excitation)}


class AlphaInhibition(Mechanism):
    r"""Inhibitory conductance that follows an alpha function: its peak, after ``tau_i``, is what was opened.

    **Sources** jiang2025, neuron model; its sparse benchmark network has ``tau_i`` 4 ms.
    **Holds for** synapses that open and close with one time constant, at one place of the membrane.
    """

    g_i = State(0.0, "nS", "g_i: inhibitory conductance", low=0)
    opening_i = State(0.0, "nS", "conductance on its way to open", low=0)
    inhibition = Input("nS", "largest conductance after one release", low=0)
    v = Input("mV", "V: membrane potential")
    responsiveness = Input("1/pF", "change of potential per charge", low=0)

    tau_i = Parameter(2.0, "ms", "tau_in: time from release to peak", "jiang2025, neuron model", low=1e-6)
    reversal_i = Parameter(-85.0, "mV", "E_in: reversal potential", "jiang2025, neuron model")

    def rates(q):
        return {
            "g_i": (q.opening_i - q.g_i) / q.tau_i,
            "opening_i": -q.opening_i / q.tau_i,
            "v": q.responsiveness * q.g_i * (q.reversal_i - q.v),
        }

    def on_inhibition(q):
        return {"opening_i": Add(e * q.inhibition)}
