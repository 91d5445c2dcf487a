"""From release to conductance: how strong a synapse is."""

from tripartite.language import Emission, Input, Mechanism, Parameter


class Efficacy(Mechanism):
    r"""The conductance that a release opens in the postsynaptic neuron, in proportion to what is released.

    **Sources** stimberg2019, example 1 (``weight`` is 1 nS for inhibitory synapses there).
    **Holds for** receptors far from saturation.
    """

    release = Input("1", "r_S: fraction of resources released by a spike", low=0)
    conductance = Emission("nS", "conductance that this release opens")

    weight = Parameter(0.05, "nS", "w_e: conductance when all resources are released", "stimberg2019, example 1", low=0)

    def on_release(q):
        return {"conductance": q.weight * q.release}


class StaticSynapse(Mechanism):
    r"""A synapse without memory: every presynaptic spike opens the same conductance.

    **Sources** jiang2025, benchmark models (the Poisson input of their neurons).
    **Holds for** inputs whose plasticity does not matter.
    """

    conductance = Emission("nS", "conductance that this spike opens")

    weight = Parameter(1.0, "nS", "w: conductance opened by a spike", "jiang2025, benchmark models", low=0)

    def on_spike(q):
        return {"conductance": q.weight}


class PlasticEfficacy(Mechanism):
    r"""The conductance that a spike opens at a synapse whose ``weight`` plasticity changes, as it was before the spike.

    **Sources** song2000 (conductances in proportion to a plastic weight); ``strength`` assumed.
    **Holds for** receptors far from saturation, and release that does not tire.
    """

    weight = Input("1", "w: synaptic weight relative to its start", low=0)
    conductance = Emission("nS", "conductance that this spike opens")

    strength = Parameter(1.0, "nS", "conductance at a weight of 1", "assumed: that of `StaticSynapse`", low=0)

    def on_spike(q):
        return {"conductance": q.strength * q.weight}
