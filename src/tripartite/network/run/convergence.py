"""How much a network's results depend on its steps: each is halved in turn, beside what chance alone changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, units
from tripartite.language.built import changed

if TYPE_CHECKING:
    from tripartite.network.network import Network

_MOST_SEEDS = 1000


@dataclass(frozen=True)
class Change:
    """What halving one step did to one quantity, over paired seeds."""

    halved: str
    """The step that was halved: that of the network, of a population or of a projection."""
    step: float
    """Its length before (ms)."""
    quantity: str
    unit: str
    value: float
    """Mean over seeds with the steps as they are."""
    change: float
    """Mean change."""
    error: float
    """Standard error of the change over seeds; not a number for a single seed."""

    @property
    def beyond_chance(self) -> bool:
        """Whether the change is more than three standard errors from none (never for a single seed)."""
        return bool(abs(self.change) > 3 * self.error)


@dataclass(frozen=True)
class Convergence:
    """Changes of rates, events and mean states with each step; printing it shows a table."""

    changes: tuple[Change, ...]
    seeds: int

    @property
    def depends(self) -> tuple[Change, ...]:
        """The changes that chance does not explain."""
        return tuple(change for change in self.changes if change.beyond_chance)

    def __str__(self) -> str:
        head = ("step halved", "quantity", "unit", "value", "change", "±", "")
        lines: list[tuple[str, ...]] = [head]
        for c in self.changes:
            mark = "depends on the step" if c.beyond_chance else ""
            texts = (f"{c.value:.6g}", f"{c.change:+.3g}", f"{c.error:.2g}")
            lines.append((f"{c.halved}, {c.step:g} ms", c.quantity, c.unit, *texts, mark))
        widths = [max(len(line[k]) for line in lines) for k in range(len(head))]
        rows = ["  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip() for line in lines]
        note = (
            f"±: standard error over {self.seeds} paired seeds. Single spike times are chaotic; compare these instead."
        )
        return "\n".join([rows[0], "-" * max(map(len, rows)), *rows[1:], note])

    __repr__ = __str__


def convergence(network: Network, until: Any, seeds: int, threads: int | None) -> Convergence:
    """Run a network as it is and with each of its steps halved, for several seeds of connections, starts and inputs.

    With a shorter step of the network random inputs fall differently, as they do with another seed.
    """
    seeds = arguments.count(seeds, "seeds", 1, _MOST_SEEDS)
    before = [_measures(network, until, seed, threads) for seed in range(seeds)]
    found = []
    for name, step, halved in _halved(network):
        after = [_measures(halved, until, seed, threads) for seed in range(seeds)]
        for quantity, (_, unit) in before[0].items():
            old = np.array([run[quantity][0] for run in before])
            apart = np.array([run[quantity][0] for run in after]) - old
            error = float(apart.std(ddof=1) / np.sqrt(seeds)) if seeds > 1 else float("nan")
            found.append(Change(name, step, quantity, unit, float(old.mean()), float(apart.mean()), error))
    return Convergence(tuple(found), seeds)


def _halved(network: Network) -> Iterator[tuple[str, float, Network]]:
    """Copies of the network, each with one step halved."""
    along = {name: step / 2 for name, step in network.steps.items() if step <= network.step}
    yield "network", network.step, with_steps(network, step=network.step / 2, **along)
    for name, step in network.steps.items():
        if step > network.step:
            yield name, step, with_steps(network, **{name: step / 2})


def with_steps(network: Network, *, step: float | None = None, **steps: float) -> Network:
    """A copy with another step (ms) of its own, of populations or projections; cells and connections are the same."""
    return changed(network, step=network.step if step is None else step, steps={**network.steps, **steps})


def _measures(network: Network, until: Any, seed: int, threads: int | None) -> dict[str, tuple[float, str]]:
    """Events per cell and second of every population, and means over cells and time of its states: (value, unit)."""
    network = changed(network, seed=network.seed + seed)
    data = network.run(until=until, seed=seed, threads=threads).data
    seconds = units.number(until, "s", "until") / 1000
    found: dict[str, tuple[float, str]] = {}
    for name, group in network.groups.items():
        for key, values in data.data_vars.items():
            text = str(key)
            if text.startswith(f"{name}.") and text.endswith(".times"):
                found[text.removesuffix(".times")] = (values.size / group.size / seconds, "1/s per cell")
            elif text.startswith(f"{name}.") and text.endswith(".mean"):
                half = values[values.sizes[values.dims[0]] // 2 :]
                found[text] = (float(half.mean()), str(values.attrs.get("units", "")))
    return found
