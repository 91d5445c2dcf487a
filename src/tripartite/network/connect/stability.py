"""Whether steps suit what happens in them: couplings stay stable, and slow states move in single precision."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import NetworkError, said
from tripartite.interpret.kernels import trace
from tripartite.interpret.kernels.trace import number
from tripartite.network.plan.cells import CellPlan, constants_row, row
from tripartite.network.plan.couplings import CouplingPlan
from tripartite.network.plan.levels import SUM
from tripartite.network.rules import Edges

if TYPE_CHECKING:
    from tripartite.network.connect.layout import Joined, Layout


_ROUNDED = 1e-13
"""What an equation may differ by from one that leaves a state as it is, in double precision."""

_LEAST = 1e-5
"""The least part of itself by which a state may move in a step in single precision, which keeps 6e-8 of it."""


def check(layout: Layout, plan: CouplingPlan, edges: Edges) -> None:
    """Refuse a coupling that could empty a cell within a step, or swing ever wider.

    Judged by its slopes where the network starts; ``edges`` join cells of the whole population.
    """
    known = {text: _stored(layout, plan.host, key, edges.sources) for text, key in plan.here.items()}
    known |= {text: _stored(layout, plan.host, key, edges.target) for text, key in plan.there.items()}
    known |= {text: layout.memory[f"{plan.name}_{key}"].astype(float) for text, key in plan.contacts.items()}
    host = plan.host
    for key, rate in plan.rates.items():
        (slope,) = trace.pull_back([(rate, number(1.0))], [host.leaves[key]])
        with np.errstate(all="ignore"):
            found = np.broadcast_to(trace.evaluate(slope, known), (len(edges),))
        per_cell = np.bincount(edges.sources, -np.nan_to_num(found), minlength=1)
        worst = int(np.argmax(per_cell))
        if per_cell[worst] * host.width > 1:
            raise NetworkError(
                f"A coupling moves at most what differs in a step; {said(plan.mechanism)} changes "
                f"`{host.name}.{key}` of "
                f"cell {worst} at {1000 * per_cell[worst]:.3g} 1/s with a step of {host.width:g} ms. Give the "
                f"population a step below {1 / per_cell[worst]:.2g} ms, or let `Diffusion` exchange it implicitly."
            )


def tell_of_slow_states(layout: Layout, host: CellPlan) -> None:
    """Warn of states of cells that move by so little in a step that single precision loses it.

    Judged by their time constants where the network starts.
    """
    keys = {text: key for key, text in host.names.names.items()}
    everyone = slice(0, host.population.size)
    for key in host.rates.keys() - host.clocks:
        (slope,) = trace.pull_back([(host.rates[key], number(1.0))], [host.leaves[key]])
        read = {node.args[0] for node in trace.order([slope]) if node.op == "name"}
        with np.errstate(all="ignore"):
            known = {text: _stored(layout, host, keys[text], everyone) for text in read}
            moved = np.abs(np.asarray(trace.evaluate(slope, known), float)) * host.width
        slow = moved[(moved > 0) & (moved < _LEAST)] if moved.ndim else moved * (0 < moved < _LEAST)
        if np.any(slow):
            warnings.warn(
                f"In single precision a state moves by at least some 100,000th of itself in a step, or roundings add "
                f"up; `{host.name}.{key}` has a time constant of {host.width / np.min(slow) / 1000:.3g} s and a step "
                f"of {host.width:g} ms. Give the population a longer step, or the network double precision.",
                stacklevel=2,
            )


def tell_of_small_jumps(layout: Layout, joined: Joined) -> None:
    """Warn of states of synapses that events move by so little that single precision loses it.

    Judged where the network starts, of jumps that read nothing but the state itself and parameters: what a trace
    makes of others, which begin at zero mostly, cannot be known then.
    """
    plan, reading, memory = joined.plan, joined.work.reading, layout.memory
    parameters: dict[str, Any] = {}
    for place, entry in enumerate(plan.system.parameters):
        apart = entry.key in plan.per_synapse
        found = memory[reading.state_row(entry.key)] if apart else memory[reading.constants][place]
        parameters[plan.names.names[entry.key]] = found.astype(float)
    for occasion, jumps in plan.jumps.items():
        for key, jump in jumps.items():
            text = plan.leaves[key].args[0]
            if plan.level[key] == SUM or not plan.leaves_of(jump) <= {text, *parameters}:
                continue
            before = memory[reading.state_row(key)].astype(float)
            with np.errstate(all="ignore"):
                moved = np.abs(np.asarray(trace.evaluate(jump, parameters | {text: before}), float) - before)
            least, size = _ROUNDED * np.abs(before), _LEAST * np.abs(before)
            small = np.flatnonzero((moved > least) & (moved < size))
            if len(small):
                name, place = layout.network.names[id(plan.projection)], small[0]
                warnings.warn(
                    "In single precision a state moves by at least some 100,000th of itself at an event, or roundings "
                    f"add up; `{key}` of `{name}` is {before[place]:.3g} and moves by {moved[place]:.3g} at "
                    f"`{occasion.event}`. Keep what such changes add up to in a state of its own that begins at zero, "
                    "or give the network double precision.",
                    stacklevel=2,
                )
                break


def _stored(layout: Layout, host: CellPlan, key: str, cells: np.ndarray | slice) -> np.ndarray | float:
    """Starting value of a quantity for each of ``cells``, one if they share it."""
    position = host.system.constant_position.get(key)
    if position is None or key in host.varying or key in host.held:
        return layout.memory[row(host, key)][cells].astype(float)
    return float(layout.memory[constants_row(host)][position])
