"""Astrocytes alone, coupled by gap junctions: a ring and a chain through which waves of calcium travel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tripartite import arguments
from tripartite.language import Compartment, Model
from tripartite.mechanisms import Ip3Coupling, Ip3Metabolism, Ip3Reservoir, LinearIp3Coupling, LiRinzel
from tripartite.models.parts import parts_of
from tripartite.network import Coupling, Network, Population, RungeKutta4
from tripartite.network.rules import AbstractNeighbours, EdgeList, Ring
from tripartite.parameters import lallouette2014, stimberg2019
from tripartite.units import Quantity

_MOST = 1_000_000


def _astrocyte() -> Compartment:
    return Compartment(LiRinzel(), Ip3Metabolism(), Ip3Reservoir())


def ring_parts() -> dict[str, Model]:
    """The astrocyte of the ring, and its gap junctions."""
    cell = _astrocyte().using(stimberg2019.EXAMPLE_5).using(stimberg2019.EXAMPLE_5_STIMULUS)
    return {"astrocyte": Model(astrocyte=cell), "coupling": Model(junction=Ip3Coupling())}


def chain_parts(coupling: Ip3Coupling | LinearIp3Coupling | None = None) -> dict[str, Model]:
    """The astrocyte of the chain, and its gap junctions: those of lallouette2014 by default."""
    cell = _astrocyte().using(lallouette2014.ASTROCYTE).using(lallouette2014.STIMULUS)
    junction = Ip3Coupling().using(lallouette2014.COUPLING) if coupling is None else coupling
    return {"astrocyte": Model(astrocyte=cell), "coupling": Model(junction=junction)}


class AstrocyteRing(Network):
    """Astrocytes in a circle, each of which exchanges IP3 with a reservoir of its own (input ``reservoir``).

    **Arguments** parts: as `ring_parts` gives them; size: number of cells; step: of the network, 50 ms as published.

    **Sources** stimberg2019, example 5 (figure 5), where every reservoir is empty but that of cell ``size // 2``.
    """

    def __init__(self, parts: Mapping[str, Model] | None = None, *, size: int = 50, step: Any = "50 ms"):
        parts = parts_of(parts, ring_parts)
        _build(self, parts, Population(parts["astrocyte"], size, method=RungeKutta4()), Ring(), step)


class AstrocyteChain(Network):
    """Astrocytes in a row, the first of which exchanges IP3 with a reservoir (input ``reservoir``).

    **Arguments** parts: as `chain_parts` gives them; size: number of cells; step: of the network.

    **Sources** lallouette2014, whose program switches the reservoir off once the cell has more IP3 than it: with a
    reservoir of 2 µM it never has. goldberg2010 compares nonlinear with linear gap junctions.
    """

    def __init__(self, parts: Mapping[str, Model] | None = None, *, size: int = 80, step: Any = "10 ms"):
        parts = parts_of(parts, chain_parts)
        size = arguments.count(size, "size", 2, _MOST)
        exchange = np.zeros(size)
        exchange[0] = parts["astrocyte"]["exchange"].to("uM/s").magnitude
        values = {"exchange": Quantity(exchange, "uM/s")}
        astrocytes = Population(parts["astrocyte"], size, values=values, method=RungeKutta4())
        cells = np.arange(size - 1)
        _build(self, parts, astrocytes, EdgeList(cells, cells + 1), step)


def _build(
    network: Network, parts: Mapping[str, Model], astrocytes: Population, touching: AbstractNeighbours, step: Any
) -> None:
    junction = parts["coupling"].system.parts[0].mechanism
    Network.__init__(network, astrocytes=astrocytes, connections=[Coupling(astrocytes, junction, touching)], step=step)
