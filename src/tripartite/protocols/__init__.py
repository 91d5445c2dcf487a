"""Stimuli and perturbations."""

from tripartite.protocols.inputs import Constant, Pulses, Steps
from tripartite.protocols.spikes import Pairings, PoissonSpikes, RegularSpikes, SpikeTrain

__all__ = ["Constant", "Pairings", "PoissonSpikes", "Pulses", "RegularSpikes", "SpikeTrain", "Steps"]
