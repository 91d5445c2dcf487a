"""COBA, the balanced network on which simulators are compared: neurons and conductances, no astrocyte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tripartite import arguments
from tripartite.language import Compartment, Model
from tripartite.mechanisms import StaticSynapse
from tripartite.models.neurons import CobaNeuron
from tripartite.models.parts import parts_of
from tripartite.models.scaling import scaled
from tripartite.network import Exact, Network, Population, Projection, post
from tripartite.network.placement import Placement
from tripartite.network.rules import PairwiseBernoulli
from tripartite.parameters import brette2007
from tripartite.units import Quantity, ms

EXCITATORY, INHIBITORY = 3200, 800


def coba_parts() -> dict[str, Model]:
    """The cells and synapses of the network."""
    return {
        "neuron": CobaNeuron().using(brette2007.NEURON),
        "excitatory": Model(synapse=Compartment(StaticSynapse()).using(brette2007.EXCITATORY_SYNAPSE)),
        "inhibitory": Model(synapse=Compartment(StaticSynapse()).using(brette2007.INHIBITORY_SYNAPSE)),
    }


class CobaNetwork(Network):
    """4,000 neurons that keep each other active: a fifth inhibitory, every pair connected with probability 0.02.

    **Arguments** parts: as `coba_parts` gives them; scale: of the numbers of cells, at unchanged in-degree. The
    activity of a network without current (``neuron.current``) lives from its initial conductances.

    **Sources** brette2007, benchmark 1, after vogels_abbott2005; starts as in the example COBA of Brian. Two choices
    that let other simulators run the same network: spikes take one step, and conductances that would start below
    zero start at zero.
    """

    def __init__(
        self,
        parts: Mapping[str, Model] | None = None,
        *,
        scale: float = 1.0,
        seed: int = 0,
        placement: Placement = Exact(),
    ):
        parts, seed = parts_of(parts, coba_parts), arguments.seed(seed)
        scale, excitatory, inhibitory = scaled(scale, EXCITATORY, INHIBITORY, densest=0.02)
        neurons = Population(parts["neuron"], excitatory + inhibitory, values=_start(excitatory + inhibitory, seed))
        chosen = {
            "excitation": ("excitatory", neurons[:excitatory]),
            "inhibition": ("inhibitory", neurons[excitatory:]),
        }
        super().__init__(
            neurons=neurons,
            connections=[
                Projection(
                    pre,
                    neurons,
                    synapse=parts[name],
                    rule=PairwiseBernoulli(0.02 / scale),
                    delay=0.1 * ms,
                    wiring=[parts[name].compartments["synapse"].conductance >> post[event]],
                )
                for event, (name, pre) in chosen.items()
            ],
            placement=placement,
            seed=seed,
        )


def _start(number: int, seed: int) -> dict[str, Any]:
    """Potentials and conductances at the beginning."""
    random = np.random.default_rng([seed, 0x434F4241])
    v = -60 + 5 * (random.standard_normal(number) - 1)
    g_e = 10 * (4 + 1.5 * random.standard_normal(number))
    g_i = 10 * (20 + 12 * random.standard_normal(number))
    return {
        "v": Quantity(v, "mV"),
        "g_e": Quantity(np.maximum(g_e, 0), "nS"),
        "g_i": Quantity(np.maximum(g_i, 0), "nS"),
    }
