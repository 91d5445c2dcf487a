"""Which of many recorded cells or synapses a panel draws, and what it says of the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

_MOST = 5


@dataclass(frozen=True)
class Sample:
    """Columns of a variable ``(time, element)`` that are drawn, what their elements are called, and a note."""

    chosen: np.ndarray
    word: str
    note: str


def spread(variable: Any, all_of: Sequence[Any]) -> Sample:
    """Up to five columns, evenly over those that move in any of ``all_of``, the variable of several results."""
    same = [v for v in all_of if v.shape[1:] == variable.shape[1:]]
    count = int(np.prod(variable.shape[1:]))
    moving = np.zeros(count, dtype=bool)
    for values in (v.values.reshape(len(v), count) for v in same if len(v)):
        moving |= np.ptp(np.nan_to_num(values), axis=0) > 0
    word = str(variable.dims[-1]).rpartition("_")[2] if variable.ndim > 1 else ""
    among = np.flatnonzero(moving) if moving.any() else np.arange(count)
    if count <= _MOST:
        return Sample(np.arange(count), word, "")
    chosen = among[np.unique(np.linspace(0, len(among) - 1, _MOST).round().astype(int))]
    note = f"{len(chosen)} of {count} {word}s"
    if moving.sum() not in (0, count):
        note += f";\n{moving.sum()} of them move"
    return Sample(chosen, word, note)


def numbers(variable: Any, sample: Sample) -> list[str]:
    """What the chosen elements are called: cells by number, synapses by the cells that they join."""
    dim = variable.dims[-1]
    along = {
        str(c.name).rpartition(".")[2]: c.values[sample.chosen] for c in variable.coords.values() if c.dims == (dim,)
    }
    if "pre" in along and "post" in along:
        return [f"{pre} to {post}" for pre, post in zip(along["pre"], along["post"], strict=True)]
    return [str(number) for number in along.get(str(dim), sample.chosen)]
