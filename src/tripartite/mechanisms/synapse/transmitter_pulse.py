"""The pulse of transmitter that a release makes, and receptors that follow any course of transmitter."""

from tripartite.language import BindingRate, Input, Mechanism, Output, Parameter, State, exp

_MEMORY = "destexhe1998; from memory, not checked against the paper"


class TransmitterPulse(Mechanism):
    r"""Transmitter in the cleft as a square pulse of 1 ms after each release, in proportion to what is released.

    A release during a pulse begins a new one in its place.

    **Sources** destexhe1998.
    **Holds for** receptors slower than the true decay of transmitter; `Ampa` and `Nmda` take the same pulse as
    a jump, which is faster and equal where the pulse is short.
    """

    transmitter = State(0.0, "mM", "T: transmitter in the cleft", low=0)
    # The clock runs on after a pulse, so that its end is an exact crossing.
    pulse_clock = State(1000.0, "ms", "time since the last release", low=0)
    release = Input("1", "r_S: fraction of resources released by a spike", low=0)

    pulse_height = Parameter(1.0, "mM", "T_max: transmitter when everything is released", "destexhe1998", low=0)
    pulse_length = Parameter(1.0, "ms", "length of the pulse", "destexhe1998", low=1e-6)

    def rates(q):
        return {"pulse_clock": 1.0}

    def on_release(q):
        return {"transmitter": q.pulse_height * q.release, "pulse_clock": 0 * q.pulse_clock}

    def crossing(q):
        return q.pulse_clock - q.pulse_length

    def on_crossing(q):
        return {"transmitter": 0 * q.transmitter}


class AmpaKinetics(Mechanism):
    r"""AMPA receptors with first-order binding of any course of transmitter, such as `TransmitterPulse`.

    **Sources** destexhe1998.
    **Holds for** transmitter that comes and goes within milliseconds; no desensitisation.
    """

    ampa = State(0.0, "1", "s: fraction of open receptors", low=0, high=1)
    transmitter = Input("mM", "T: transmitter in the cleft")
    v = Input("mV", "V: membrane potential")
    ampa_current = Output("pA", "I_AMPA: outward current")

    conductance = Parameter(0.5, "nS", "g: conductance with all open", "assumed: one synapse", low=0)
    reversal = Parameter(0.0, "mV", "E: reversal potential", "destexhe1998")
    binding = Parameter(1.1, "1/mM/ms", "alpha: rate of binding", "destexhe1998", low=0)
    unbinding = Parameter(0.19, "1/ms", "beta: rate of unbinding", "destexhe1998", low=0)

    def rates(q):
        return {"ampa": q.binding * q.transmitter * (1 - q.ampa) - q.unbinding * q.ampa}

    def outputs(q):
        return {"ampa_current": q.conductance * q.ampa * (q.v - q.reversal)}


class NmdaKinetics(Mechanism):
    r"""NMDA receptors with first-order binding of any course of transmitter, and block by magnesium.

    ``coagonist`` is 1 until `CoagonistSites` gives it.

    **Sources** kinetics destexhe1998; block jahr_stevens1990.
    **Holds for** pulses of transmitter; its affinity of 92 µM is far too low for spillover (use `KampaNmda`).
    **Pitfalls** ``unbinding`` is 0.0066 /ms; a circulating program has 0.066, ten times too fast.
    """

    nmda = State(0.0, "1", "s: fraction of receptors with bound glutamate", low=0, high=1)
    transmitter = Input("mM", "T: transmitter in the cleft")
    v = Input("mV", "V: membrane potential")
    unblocked = Output("1", "B: fraction not blocked by magnesium")
    nmda_current = Output("pA", "I_NMDA: outward current")

    conductance = Parameter(0.5, "nS", "g: conductance with all open", "assumed: one synapse", low=0)
    reversal = Parameter(0.0, "mV", "E: reversal potential", "destexhe1998")
    binding = Parameter(
        0.072, "1/mM/ms", "alpha: rate of binding", "destexhe1998", low=0, target=BindingRate("NMDA receptor")
    )
    unbinding = Parameter(0.0066, "1/ms", "beta: rate of unbinding", _MEMORY, low=0)
    magnesium = Parameter(1.0, "mM", "Mg: extracellular magnesium", "jahr_stevens1990", low=0)
    k_mg = Parameter(3.57, "mM", "affinity of the block at 0 mV", "jahr_stevens1990", low=1e-6)
    steepness = Parameter(0.062, "1/mV", "voltage dependence of the block", "jahr_stevens1990", low=0)
    coagonist = Parameter(1.0, "1", "theta: share of receptors with co-agonist", "assumed: saturated", low=0, high=1)

    def rates(q):
        return {"nmda": q.binding * q.transmitter * (1 - q.nmda) - q.unbinding * q.nmda}

    def outputs(q):
        unblocked = 1 / (1 + q.magnesium / q.k_mg * exp(-q.steepness * q.v))
        current = q.conductance * q.nmda * unblocked * q.coagonist * (q.v - q.reversal)

        return {"unblocked": unblocked, "nmda_current": current}


class GabaAKinetics(Mechanism):
    r"""GABA_A receptors with first-order binding of any course of transmitter.

    **Sources** destexhe1998; rates from memory, not checked against the paper.
    **Holds for** transmitter that comes and goes within milliseconds; no desensitisation.
    """

    gaba_a = State(0.0, "1", "s: fraction of open receptors", low=0, high=1)
    transmitter = Input("mM", "T: transmitter in the cleft")
    v = Input("mV", "V: membrane potential")
    gaba_a_current = Output("pA", "I_GABA_A: outward current")

    conductance = Parameter(0.5, "nS", "g: conductance with all open", "assumed: one synapse", low=0)
    reversal = Parameter(-80.0, "mV", "E: reversal potential", _MEMORY)
    binding = Parameter(5.0, "1/mM/ms", "alpha: rate of binding", _MEMORY, low=0)
    unbinding = Parameter(0.18, "1/ms", "beta: rate of unbinding", _MEMORY, low=0)

    def rates(q):
        return {"gaba_a": q.binding * q.transmitter * (1 - q.gaba_a) - q.unbinding * q.gaba_a}

    def outputs(q):
        return {"gaba_a_current": q.conductance * q.gaba_a * (q.v - q.reversal)}
