"""Stimuli and perturbations."""

from tripartite.protocols.drugs import Dpcpx
from tripartite.protocols.inputs import Constant, Pulses, Steps
from tripartite.protocols.spikes import Pairings, PoissonSpikes, RegularSpikes, SpikeTrain

__all__ = ["Constant", "Dpcpx", "Pairings", "PoissonSpikes", "Pulses", "RegularSpikes", "SpikeTrain", "Steps"]
