"""Point neurons: a membrane with the conductances and currents of its synapses, in one compartment."""

from __future__ import annotations

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import (
    AdaptiveExponential,
    AlphaExcitation,
    AlphaInhibition,
    ExponentialExcitation,
    ExponentialInhibition,
    HodgkinHuxley,
    Izhikevich,
    LeakyIntegrateFire,
    SlowInwardCurrent,
    WangBuzsaki,
)
from tripartite.parameters.stimberg2019 import NEURON_6


class CobaNeuron(Model):
    """The neuron of Stimberg et al. (2019): leaky, with exponential excitation and inhibition.

    The background current is that of their network, example 6, 100 pA; ``NEURON_1`` has the 150 pA of example 1.
    ``more`` mechanisms may add to it, such as `MembraneNoise`.
    """

    def __init__(self, *more: Mechanism):
        mechanisms = (LeakyIntegrateFire(), ExponentialExcitation(), ExponentialInhibition(), *more)
        super().__init__(neuron=Compartment(*mechanisms).using(NEURON_6))


class AdexNeuron(Model):
    """The adaptive exponential neuron with alpha conductances and the current that astrocytes cause.

    The values are those of Brette and Gerstner (2005); for the networks of Jiang et al. (2025) use their set,
    as in ``AdexNeuron().using(tripartite.parameters.jiang2025.SPARSE_NEURON)``.
    """

    def __init__(self, *more: Mechanism):
        mechanisms = (AdaptiveExponential(), AlphaExcitation(), AlphaInhibition(), SlowInwardCurrent(), *more)
        super().__init__(neuron=Compartment(*mechanisms))


class HodgkinHuxleyNeuron(Model):
    """A patch of squid axon (Hodgkin and Huxley, 1952) with exponential excitation and inhibition.

    The conductances are those of Stimberg et al. (2019); the injected ``current`` is a density, in uA/cm**2.
    """

    def __init__(self, *more: Mechanism):
        mechanisms = (HodgkinHuxley(), ExponentialExcitation(), ExponentialInhibition(), *more)
        super().__init__(neuron=Compartment(*mechanisms))


class WangBuzsakiNeuron(Model):
    """A fast-spiking interneuron (Wang and Buzsaki, 1996) with exponential excitation and inhibition.

    The conductances are those of Stimberg et al. (2019); the injected ``current`` is a density, in uA/cm**2.
    """

    def __init__(self, *more: Mechanism):
        mechanisms = (WangBuzsaki(), ExponentialExcitation(), ExponentialInhibition(), *more)
        super().__init__(neuron=Compartment(*mechanisms))


class IzhikevichNeuron(Model):
    """The quadratic neuron of Izhikevich (2003) with exponential excitation and inhibition.

    It is regular spiking; the other neurons are sets of `tripartite.parameters.izhikevich2003`, as in
    ``IzhikevichNeuron().using(tripartite.parameters.izhikevich2003.FAST_SPIKING)``.
    """

    def __init__(self, *more: Mechanism):
        mechanisms = (Izhikevich(), ExponentialExcitation(), ExponentialInhibition(), *more)
        super().__init__(neuron=Compartment(*mechanisms))
