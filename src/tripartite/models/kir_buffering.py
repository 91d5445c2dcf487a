"""A neuron, the space around it, and an astrocyte whose Kir4.1 channels take up its potassium."""

from __future__ import annotations

import math

from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import (
    Kir41,
    KirPotassiumFlux,
    PotassiumNernst,
    SpikePotassium,
    SyncytialMembrane,
    WangBuzsaki,
)
from tripartite.units import mM, s

_INSIDE = 4 * math.exp(90 / 26.64)
"""Potassium (mM) in the neuron that makes its reversal potential the neuron's own, -90 mV, at 4 mM outside."""


class KirBufferedNeuron(Model):
    """Three compartments after sibille2015: spikes leave potassium, Kir4.1 and a slow remainder remove it.

    ``KirBufferedNeuron().replace({"g_kir": 0 * nS / mM**0.5})`` has lost the channel. ``neuron``: another membrane.
    """

    def __init__(self, neuron: Mechanism | None = None):
        cell = Compartment(WangBuzsaki() if neuron is None else neuron, PotassiumNernst(potassium_in=_INSIDE * mM))
        space = Compartment(SpikePotassium(tau_potassium=60 * s), KirPotassiumFlux())
        astrocyte = Compartment(SyncytialMembrane(), Kir41(), PotassiumNernst(potassium_in=100 * mM))
        wiring = [
            cell.spike >> space.spike,
            space.potassium_out >> cell.potassium_out,
            space.potassium_out >> astrocyte.potassium_out,
            astrocyte.kir_current >> space.kir_current,
        ]
        super().__init__(neuron=cell, space=space, astrocyte=astrocyte, wiring=wiring)
