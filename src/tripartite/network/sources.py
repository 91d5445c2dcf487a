"""Where spikes come from without a cell: Poisson groups, given trains, and the noise of unseen synapses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import NetworkError, QuantityError, RangeError, said
from tripartite.language.built import Owned
from tripartite.language.paths import resolve
from tripartite.language.protocol import amount_unit
from tripartite.network.population import LARGEST, Group, Population, located, members
from tripartite.network.rules.checks import indices

_MOST_EVENTS = 1_000_000


class PoissonGroup(Group):
    """``size`` independent Poisson spike trains of one ``rate``, to project from; ``positions`` as of a population."""

    def __init__(self, size: int, rate: Any, *, positions: Any = None):
        self.size = arguments.count(size, "size", 1, LARGEST)
        self.positions = None if positions is None else located(positions, self.size)
        self.rate = _rate(rate)

    def check(self, rate: float, step: float, name: str, when: str = "") -> None:
        """**Raises** `RangeError` for a rate (kHz) of more than a spike in a step (ms); ``when``: from when on."""
        if rate * step >= 1:
            raise RangeError(
                f"A Poisson train has less than one spike in a step; `{name}` has {rate * step:g} in {step:g} "
                f"ms{when}. Lower its rate, shorten the step of the network, or use a `PoissonInput`."
            )

    def __repr__(self) -> str:
        return f"PoissonGroup of {self.size} at {self.rate * 1000:g} Hz"


class SpikeTrains(Group):
    """Given spikes: cell ``cells[k]`` at ``times[k]``, rounded to steps; ``size`` cells, at ``positions``."""

    def __init__(self, size: int, cells: Any, times: Any, *, positions: Any = None):
        self.size = arguments.count(size, "size", 1, LARGEST)
        self.positions = None if positions is None else located(positions, self.size)
        self.times = units.row(times, "ms", "times")
        self.cells = indices(cells, "cells").astype(np.int64)
        if self.cells.shape != self.times.shape:
            raise QuantityError(
                f"Every spike has a cell and a time; got {self.cells.shape} cells and {self.times.shape} times. "
                "Give lists of equal length."
            )
        if len(self.cells) and (self.cells.min() < 0 or self.cells.max() >= self.size or self.times.min() < 0):
            raise RangeError(
                f"Spikes belong to cells 0 to {self.size - 1} and come at or after 0 s; got cells "
                f"{self.cells.min()} to {self.cells.max()}, first time {self.times.min():g} ms. Correct them."
            )

    def __repr__(self) -> str:
        return f"SpikeTrains of {self.size}, {len(self.times)} spikes"


def source_of(group: Group) -> Group | None:
    """Where the spikes of a group come from, if they are given: from itself, or from what a population is given."""
    return group.spikes if isinstance(group, Population) else group


def given_to(groups: Mapping[str, Group], source: Any) -> str | None:
    """The name of the population to which a source gives its spikes; None for anything else."""
    for name, group in groups.items():
        if isinstance(group, Population) and group.spikes is not None and group.spikes is source:
            return name
    return None


class PoissonInput(metaclass=Owned):
    """Independent Poisson events for each of ``cells``: the synapses of neurons that are not modelled.

    ``event`` is an event input of the cells, such as ``excitation``, and ``amount`` what each event brings to it.
    """

    def __init__(self, cells: Any, event: str, rate: Any, amount: Any):
        self.cells, self.event, self.amount = members(cells), event, amount
        group = self.cells.group
        if not isinstance(group, Population):
            raise NetworkError(f"A Poisson input goes to cells of a model; got {said(group)}. Project from it instead.")
        heard = [e.key for e in group.model.system.events if e.crossing_of is None]
        self.key = resolve(event, heard, "The cells have no event input")
        """The event in full."""
        self.brought = units.number(amount, amount_unit(group.model, self.key), "amount")
        """What each event brings, as an internal number."""
        if self.brought < 0:
            raise RangeError(
                f"An event brings an amount that is not negative; got amount={amount} for `{self.key}`. What inhibits "
                "goes to an event of its own, such as `inhibition`."
            )
        self.rate = _rate(rate)

    def check(self, rate: float, step: float, when: str = "") -> None:
        """**Raises** `RangeError` for a rate (kHz) whose events in a step (ms) nobody could wait for."""
        if rate * step > _MOST_EVENTS:
            raise RangeError(
                f"A Poisson input brings a cell up to {_MOST_EVENTS:,} events in a step; {self!r} brings "
                f"{rate * step:g} in {step:g} ms{when}. Lower its rate and raise its amount, or add their mean as a "
                "current."
            )

    def __repr__(self) -> str:
        return f"PoissonInput to {self.cells.group!r}: {self.event} at {self.rate * 1000:g} Hz, {self.amount} each"


def _rate(rate: Any) -> float:
    found = units.number(rate, "Hz", "rate")
    if found < 0:
        raise RangeError(f"A rate is not negative; got {rate}. Correct the sign.")
    return found
