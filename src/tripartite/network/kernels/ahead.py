"""Asking memory early: what a kernel at spikes will read of the spikes that follow, while it works on one.

Lists of synapses, and what they lead to, lie all over memory. A processor waits for each of them unless it is told in
time, and the list of spikes says in time which they will be. No number depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tripartite.network.kernels.function import Function, indented

_AHEAD, _LINE = 32, 8
"""How many spikes ahead the beginning of a list is asked for, and elements of it that are likely to share a line."""
_EVENTS = 64
"""How many elements ahead what they lead to is asked for."""
_LONG, _WIDE = 2**17, 2**15
"""Of how many elements lists, and what these lead to, are more than a core keeps close: below, nothing is asked for."""


@dataclass(frozen=True)
class Walk:
    """A loop over the list that belongs to a spike."""

    key: Sequence[str]
    """Lines that find whose list it is, from ``spikes[spike]``."""
    cut: str
    """The array that says where lists begin."""
    place: str
    """Where in it this list does."""
    index: str
    """What an element is called."""
    loads: Sequence[str]
    """Lines that find what an element leads to."""

    def loop(self, stride: int = 1) -> str:
        """The line that begins it, for every element or for one of each ``stride``."""
        ends = f"{self.cut}[{self.place}], {self.cut}[{self.place} + 1]"
        return f"for {self.index} in range({ends}{f', {stride}' if stride > 1 else ''}):"


def over_lists(
    function: Function,
    outside: list[str],
    walk: Walk,
    by_spike: list[str],
    inside: list[str],
    after: Sequence[str] = (),
) -> Function:
    """Give a kernel its loop over spikes and the list of each, ``by_spike`` before it and ``after`` behind it."""
    text = "\n".join([*walk.loads, *inside])
    found = list(dict.fromkeys(re.findall(r"(\w+)\[(\w+)\]", text)))
    elsewhere = {line.split(" = ")[0] for line in walk.loads}
    listed = [array for array, at in found if at == walk.index]
    led_to = [(array, at) for array, at in found if at in elsewhere]
    own = [*walk.key, *by_spike, walk.loop(), *indented([*walk.loads, *inside]), *after]
    if not listed:
        function.body = [*outside, "for spike in range(first, count):", *indented(own)]
        return function
    head = [
        f"ahead = min({_AHEAD}, count - first) if {listed[0]}.shape[0] > {_LONG} else 0",
        "halfway = ahead // 2",
    ]
    asked = [
        "if spike + ahead < count:",
        *indented([*_shifted(walk.key, "ahead"), f"soon({walk.cut}, {walk.place})"]),
        "if first <= spike + halfway < count:",
        *indented([*_shifted(walk.key, "halfway"), walk.loop(_LINE)]),
        *indented([f"soon({array}, {walk.index})" for array in listed], 2),
    ]
    if led_to:
        head += [
            f"wide = {' + '.join(f'{array}.shape[0]' for array, _ in led_to)} > {_WIDE}",
            f"near = min(halfway, 1 + {_EVENTS} * {walk.cut}.shape[0] // {listed[0]}.shape[0]) if ahead > 0 else 0",
        ]
        asked += [
            "if wide and first <= spike + near < count:",
            *indented([*_shifted(walk.key, "near"), walk.loop()]),
            *indented([*walk.loads, *(f"soon({array}, {at})" for array, at in led_to)], 2),
        ]
    body = ["if ahead > 0:", *indented(asked), "if spike >= first:", *indented(own)]
    function.body = [*head, *outside, "for spike in range(first - ahead, count):", *indented(body)]
    return function


def _shifted(lines: Sequence[str], by: str) -> list[str]:
    return [line.replace("spikes[spike]", f"spikes[spike + {by}]") for line in lines]
