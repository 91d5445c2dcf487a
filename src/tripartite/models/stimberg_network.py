"""The network of Stimberg et al. (2019), example 6: spiking neurons whose synapses astrocytes modulate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tripartite.language import Compartment, Model
from tripartite.mechanisms import (
    CleftGlutamate,
    Efficacy,
    FixedUtilization,
    Gliotransmitter,
    GlutamateReceptor,
    Ip3Coupling,
    Ip3Metabolism,
    LiRinzel,
    ThresholdExocytosis,
    TsodyksMarkram,
)
from tripartite.models.neurons import CobaNeuron
from tripartite.models.parts import parts_of
from tripartite.models.scaling import scaled
from tripartite.models.tripartite_synapse import ReleaseDecreasing
from tripartite.network import (
    Coupling,
    Exact,
    Network,
    Population,
    Projection,
    RungeKutta4,
    Uniform,
    astrocyte,
    mean,
    post,
)
from tripartite.network.placement import Placement
from tripartite.network.rules import AbstractAttachment, Cells, Edges, PairwiseBernoulli, WithinDistance
from tripartite.parameters.stimberg2019 import EXAMPLE_6
from tripartite.units import Quantity, mm, ms, mV, nS, um

EXCITATORY, INHIBITORY, ASTROCYTES = 3200, 800, 3200
SIDE = 3.75 * mm
"""Side of the square on which the cells lie."""


def stimberg_parts() -> dict[str, Model]:
    """The cells, synapses and gap junctions of the network."""
    cell = (LiRinzel(), Ip3Metabolism(), GlutamateReceptor(), ThresholdExocytosis(), Gliotransmitter())
    modulated = (TsodyksMarkram(), ReleaseDecreasing(), CleftGlutamate(), Efficacy())
    return {
        "neuron": CobaNeuron(),
        "astrocyte": Model(astrocyte=Compartment(*cell).using(EXAMPLE_6)),
        "excitatory": Model(synapse=Compartment(*modulated)),
        "inhibitory": Model(synapse=Compartment(TsodyksMarkram(), FixedUtilization(), Efficacy(weight=1 * nS))),
        "coupling": Model(junction=Ip3Coupling()),
    }


class StimbergNetwork(Network):
    """4,000 neurons, 3,200 astrocytes on a square and 1.28 million synapses, half of them excitatory.

    Excitatory synapses send transmitter to the astrocyte at their postsynaptic neuron, which sees its mean, and
    gliotransmitter lowers their release. IP3 passes between astrocytes less than 75 µm apart.

    **Arguments** parts: as `stimberg_parts` gives them; scale: of the numbers of cells, at unchanged in-degree and
    density.

    **Sources** stimberg2019, example 6, whose program is followed in what it does where positions are concerned:
    an astrocyte is found from a position by truncation towards zero, so that synapses onto neurons in the half of
    the square with negative y have none, and all inhibitory neurons, left at the centre, share the first one.
    """

    def __init__(
        self,
        parts: Mapping[str, Model] | None = None,
        *,
        scale: float = 1.0,
        seed: int = 0,
        placement: Placement = Exact(),
    ):
        parts = parts_of(parts, stimberg_parts)
        scale, excitatory, inhibitory, number = scaled(scale, EXCITATORY, INHIBITORY, ASTROCYTES, densest=0.2)
        side = math.sqrt(scale) * SIDE.to("um").magnitude
        start = {
            "v": Uniform(-60 * mV, -50 * mV),
            "g_e": Uniform(0 * nS, 0.05 * nS),
            "g_i": Uniform(0 * nS, 1 * nS),
        }
        neurons = Population(parts["neuron"], excitatory + inhibitory, values=start)
        astrocytes = Population(
            parts["astrocyte"],
            number,
            positions=Quantity(_square(number, number / math.isqrt(number), side / math.isqrt(number)), "um"),
            step=10 * ms,
            method=RungeKutta4(),
        )
        modulated, plain = (parts[name].compartments["synapse"] for name in ("excitatory", "inhibitory"))
        super().__init__(
            neurons=neurons,
            astrocytes=astrocytes,
            connections=[
                Projection(
                    neurons[:excitatory],
                    neurons,
                    astrocytes,
                    synapse=parts["excitatory"],
                    rule=PairwiseBernoulli(0.05 / scale),
                    attach=OfPostsynaptic(stimberg_territories(excitatory, inhibitory, number, side)),
                    wiring=[
                        modulated.conductance >> post.excitation,
                        mean(modulated.glutamate) >> astrocyte.glutamate,
                        astrocyte.gliotransmitter >> modulated.gliotransmitter,
                    ],
                ),
                Projection(
                    neurons[excitatory:],
                    neurons,
                    synapse=parts["inhibitory"],
                    rule=PairwiseBernoulli(0.2 / scale),
                    wiring=[plain.conductance >> post.inhibition],
                ),
                Coupling(astrocytes, parts["coupling"].system.parts[0].mechanism, WithinDistance(75 * um)),
            ],
            placement=placement,
            seed=seed,
        )


@dataclass(frozen=True, eq=False)
class OfPostsynaptic(AbstractAttachment):
    """All synapses onto a neuron belong to one astrocyte, ``territory[neuron]``, or to none (-1)."""

    territory: Any

    def attach(self, edges: Edges, pre: Cells, post: Cells, astrocytes: Cells, seed: int, stream: int) -> np.ndarray:
        return np.asarray(self.territory, dtype=np.int32)[edges.target]


def _square(number: int, columns: float, distance: float) -> np.ndarray:
    """Positions (number, 2) in µm as the program has them: row by row, the middle of the square at zero."""
    rows, cell = math.isqrt(number), np.arange(number)
    return np.column_stack([cell // rows - rows / 2, cell % rows - columns / 2]) * distance


def stimberg_territories(
    excitatory: int = EXCITATORY, inhibitory: int = INHIBITORY, astrocytes: int = ASTROCYTES, side: float = 3750.0
) -> np.ndarray:
    """The astrocyte of each neuron as the program finds it, -1 for none; ``side`` of the square in µm."""
    columns = excitatory // math.isqrt(excitatory)
    places = np.zeros((excitatory + inhibitory, 2))
    places[:excitatory] = _square(excitatory, columns, side / columns)
    rows = math.isqrt(astrocytes)
    x, y = np.trunc(places / (side / rows)).T
    # The program multiplies by a number of columns that is not whole.
    found = np.trunc(x + astrocytes / rows * y).astype(int)
    return np.where((found >= 0) & (found < astrocytes), found, -1)
