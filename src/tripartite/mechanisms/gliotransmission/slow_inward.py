"""The slow inward current that an astrocyte's calcium causes in neurons."""

from tripartite.language import Add, Input, Mechanism, Output, Parameter, State, log, where


class SlowInward(Mechanism):
    r"""Current in the neighbouring neurons that follows the logarithm of calcium above a threshold.

    It stands for glutamate on extrasynaptic NMDA receptors, without their kinetics.

    **Sources** form nadkarni_jung2003; values jiang2025, astrocyte model.
    **Holds for** calcium between threshold and a few µM; there is no current below threshold.
    """

    ca = Input("uM", "C: free calcium in the cytosol")
    sic = Output("pA", "I_SIC: current into each neighbouring neuron")

    sic_strength = Parameter(1.0, "pA", "SIC_scale: current per e-fold of calcium", "jiang2025, astrocyte model", low=0)
    sic_threshold = Parameter(0.19669, "uM", "SIC_th: threshold of calcium", "jiang2025, astrocyte model", low=0)
    sic_onset = Parameter(
        1.0, "nM", "calcium above threshold where the current begins", "jiang2025, astrocyte model", low=1e-9
    )

    def outputs(q):
        above = (q.ca - q.sic_threshold) / q.sic_onset

        return {"sic": q.sic_strength * log(where(above > 1, above, 1))}


class SlowInwardDensity(Mechanism):
    r"""`SlowInward` per area of membrane, for neurons written in current densities.

    **Sources** nadkarni_jung2003; the factor of 2.11 is not confirmed in the paper itself.
    **Holds for** calcium between threshold and a few µM; there is no current below threshold.
    **Pitfalls** µA/cm² here, pA in `SlowInward`: the same logarithm means another current.
    """

    ca = Input("uM", "C: free calcium in the cytosol")
    sic_density = Output("uA/cm**2", "I_astro: current density into the neighbouring neuron")

    sic_factor = Parameter(
        2.11, "uA/cm**2", "current density per e-fold of calcium", "nadkarni_jung2003, unconfirmed", low=0
    )
    sic_threshold = Parameter(0.19669, "uM", "C_th: threshold of calcium", "nadkarni_jung2003, as in jiang2025", low=0)
    sic_onset = Parameter(
        1.0, "nM", "calcium above threshold where the current begins", "nadkarni_jung2003, as in jiang2025", low=1e-9
    )

    def outputs(q):
        above = (q.ca - q.sic_threshold) / q.sic_onset

        return {"sic_density": q.sic_factor * log(where(above > 1, above, 1))}


class SlowInwardCourse(Mechanism):
    r"""Slow inward current that rises and decays after each release of gliotransmitter.

    A difference of two exponentials whose peak, after a release of everything, holds the neuron ``sic_peak``
    above rest. The current is that depolarisation times the conductance at rest.

    **Sources** depitta_brunel2016: time constants and peak; how the peak goes with what is released is assumed.
    **Holds for** gliotransmitter that is cleared faster than the current rises.
    **Pitfalls** The two time constants must differ.
    """

    sic_decaying = State(0.0, "mV", "depolarisation that decays", low=0)
    sic_rising = State(0.0, "mV", "what is still missing at its onset", low=0)
    gliorelease = Input("1", "r_A: fraction of gliotransmitter released", low=0)
    sic = Output("pA", "I_SIC: current into the neighbouring neuron")

    sic_peak = Parameter(4.5, "mV", "peak depolarisation after a release of everything", "depitta_brunel2016", low=0)
    sic_rise = Parameter(30.0, "ms", "tau_r: time constant of rise", "depitta_brunel2016", low=1e-3)
    sic_decay = Parameter(600.0, "ms", "tau_d: time constant of decay", "depitta_brunel2016", low=1e-3)
    rest_conductance = Parameter(10.0, "nS", "conductance at rest", "assumed: a pyramidal cell of 100 MOhm", low=0)

    def rates(q):
        return {"sic_decaying": -q.sic_decaying / q.sic_decay, "sic_rising": -q.sic_rising / q.sic_rise}

    def outputs(q):
        return {"sic": q.rest_conductance * (q.sic_decaying - q.sic_rising)}

    def on_gliorelease(q):
        ratio = q.sic_rise / q.sic_decay
        largest = ratio ** (ratio / (1 - ratio)) * (1 - ratio)
        step = q.sic_peak * q.gliorelease / largest

        return {"sic_decaying": Add(step), "sic_rising": Add(step)}
