"""The neuron of Cressman et al. (2009) in its ions: with spikes, and with spikes averaged away."""

from __future__ import annotations

from tripartite import parameters
from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import (
    AveragedIonFluxes,
    CressmanMembrane,
    GlialPotassiumUptake,
    NeuronalIons,
    PotassiumBath,
    PotassiumNernst,
    SodiumNernst,
    SodiumPotassiumPump,
    SpikingIonFluxes,
)
from tripartite.units import mM


class CressmanNeuron(Model):
    """A spiking neuron, its sodium and the potassium around it, its pump, the glia and a bath.

    ``CressmanNeuron().replace({"potassium_bath": 8 * mM})`` has recurrent seizures.
    """

    def __init__(self, *more: Mechanism):
        ions = (NeuronalIons(), SpikingIonFluxes(), PotassiumNernst(), SodiumNernst())
        removal = (SodiumPotassiumPump(), GlialPotassiumUptake(), PotassiumBath())
        super().__init__(neuron=Compartment(CressmanMembrane(), *ions, *removal, *more))


class ReducedCressman(Model):
    """Sodium and potassium of the same neuron under its currents averaged over spikes."""

    def __init__(self, *more: Mechanism):
        removal = (SodiumPotassiumPump(), GlialPotassiumUptake(), PotassiumBath())
        ions = (NeuronalIons(potassium_out=4 * mM, sodium_in=18 * mM), AveragedIonFluxes())
        neuron = Compartment(*ions, *removal, *more)
        super().__init__(neuron=neuron.using(parameters.cressman2009.REDUCED))
