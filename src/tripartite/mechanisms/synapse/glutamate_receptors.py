"""Ionotropic glutamate receptors: AMPA, and NMDA with magnesium block and co-agonist."""

from tripartite.language import BindingRate, Input, Mechanism, Output, Parameter, State, exp

_MEMORY = "destexhe1998; from memory, not checked against the paper"


class Ampa(Mechanism):
    r"""AMPA receptors with first-order binding during a 1 ms pulse of transmitter.

    The pulse is short against everything else and enters as its exact effect, a jump.

    **Sources** destexhe1998.
    **Holds for** isolated releases; no desensitisation.
    """

    ampa = State(0.0, "1", "s: fraction of open receptors", low=0, high=1)
    release = Input("1", "r_S: fraction of resources released by a spike", low=0)
    v = Input("mV", "V: membrane potential")
    ampa_current = Output("pA", "I_AMPA: outward current")

    conductance = Parameter(0.5, "nS", "g: conductance with all open", "assumed: one synapse", low=0)
    reversal = Parameter(0.0, "mV", "E: reversal potential", "destexhe1998")
    binding = Parameter(1.1, "1/mM/ms", "alpha: rate of binding", "destexhe1998", low=0)
    unbinding = Parameter(0.19, "1/ms", "beta: rate of unbinding", "destexhe1998", low=0)
    pulse = Parameter(1.0, "mM", "T: transmitter during the pulse", "destexhe1998", low=0)
    duration = Parameter(1.0, "ms", "length of the pulse", "destexhe1998", low=0)

    def rates(q):
        return {"ampa": -q.unbinding * q.ampa}

    def outputs(q):
        return {"ampa_current": q.conductance * q.ampa * (q.v - q.reversal)}

    def on_release(q):
        opening = q.binding * q.pulse * q.release
        aim = opening / (opening + q.unbinding)

        return {"ampa": aim + (q.ampa - aim) * exp(-(opening + q.unbinding) * q.duration)}


class Nmda(Mechanism):
    r"""NMDA receptors: first-order binding, magnesium block by voltage, and co-agonist occupancy.

    D-serine and glycine compete for the co-agonist site; ``coagonist`` is the fraction occupied and
    multiplies the current. Binding enters as the exact effect of a 1 ms pulse, a jump.

    **Sources** kinetics destexhe1998; block jahr_stevens1990; affinities furukawa_gouaux2003 (isolated
    binding core; intact receptors need less).
    **Holds for** isolated releases; one co-agonist site stands for both.
    """

    nmda = State(0.0, "1", "s: fraction of receptors with bound glutamate", low=0, high=1)
    release = Input("1", "r_S: fraction of resources released by a spike", low=0)
    v = Input("mV", "V: membrane potential")
    dserine = Input("uM", "D: extracellular D-serine")
    unblocked = Output("1", "B: fraction not blocked by magnesium")
    coagonist = Output("1", "theta: fraction of co-agonist sites occupied")
    nmda_current = Output("pA", "I_NMDA: outward current")

    conductance = Parameter(0.5, "nS", "g: conductance with all open", "assumed: one synapse", low=0)
    reversal = Parameter(0.0, "mV", "E: reversal potential", "destexhe1998")
    binding = Parameter(
        0.072, "1/mM/ms", "alpha: rate of binding", "destexhe1998", low=0, target=BindingRate("NMDA receptor")
    )
    unbinding = Parameter(0.0066, "1/ms", "beta: rate of unbinding", _MEMORY, low=0)
    pulse = Parameter(1.0, "mM", "T: transmitter during the pulse", "destexhe1998", low=0)
    duration = Parameter(1.0, "ms", "length of the pulse", "destexhe1998", low=0)
    magnesium = Parameter(1.0, "mM", "Mg: extracellular magnesium", "jahr_stevens1990", low=0)
    k_mg = Parameter(3.57, "mM", "affinity of the block at 0 mV", "jahr_stevens1990", low=0)
    steepness = Parameter(0.062, "1/mV", "voltage dependence of the block", "jahr_stevens1990")
    glycine = Parameter(0.0, "uM", "G: extracellular glycine", "assumed: D-serine is the only co-agonist", low=0)
    k_dserine = Parameter(7.02, "uM", "K_D: D-serine affinity", "furukawa_gouaux2003, as quoted by yao_mayer", low=0)
    k_glycine = Parameter(26.4, "uM", "K_G: glycine affinity", "furukawa_gouaux2003, as quoted by yao_mayer", low=0)

    def rates(q):
        return {"nmda": -q.unbinding * q.nmda}

    def outputs(q):
        unblocked = 1 / (1 + q.magnesium / q.k_mg * exp(-q.steepness * q.v))
        bound = q.dserine / q.k_dserine + q.glycine / q.k_glycine
        coagonist = bound / (1 + bound)
        current = q.conductance * q.nmda * unblocked * coagonist * (q.v - q.reversal)

        return {"unblocked": unblocked, "coagonist": coagonist, "nmda_current": current}

    def on_release(q):
        opening = q.binding * q.pulse * q.release
        aim = opening / (opening + q.unbinding)

        return {"nmda": aim + (q.nmda - aim) * exp(-(opening + q.unbinding) * q.duration)}
