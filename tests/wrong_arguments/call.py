"""A public function with arguments that are right: each of them in turn is replaced by a wrong one."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import tripartite as tp
from tripartite.units import s, uM


@dataclass(frozen=True)
class Call:
    """What is called with which right arguments.

    ``covers``: the public function, class or method. ``use``: called in its place, with the same arguments, where it
    only notices them later. ``kinds``: what arguments take that their right value does not show, in the words of
    `values.kind_of`. ``also``: by argument, further kinds of values that it takes, and why. ``only``: the arguments
    that are replaced, all by default.
    """

    covers: Any
    good: Mapping[str, Any]
    use: Callable[..., Any] | None = None
    kinds: Mapping[str, str] = field(default_factory=dict)
    also: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    only: Iterable[str] | None = None
    name: str = ""

    @property
    def label(self) -> str:
        return self.name or self.covers.__qualname__

    @property
    def replaced(self) -> list[str]:
        return list(self.good) if self.only is None else list(self.only)

    def __call__(self, argument: str | None = None, value: Any = None) -> Any:
        given = dict(self.good) if argument is None else {**self.good, argument: value}
        return (self.use or self._direct)(**given)

    def _direct(self, **given: Any) -> Any:
        """The function itself; what it takes by place only or in any number is given so."""
        try:
            parameters = inspect.signature(self.covers).parameters.values()
        except ValueError:
            return self.covers(**given)
        places = [p.name for p in parameters if p.kind is p.POSITIONAL_ONLY and p.name in given]
        return self.covers(*[given.pop(name) for name in places], **given)

    def optional(self, argument: str) -> bool:
        """Whether an argument may be left out by writing None."""
        if self.good[argument] is None:
            return True
        found = inspect.signature(self.covers).parameters.get(argument)
        return found is not None and found.default is None

    def allowed(self, argument: str, kind: str) -> bool:
        """Whether there is a reason why an argument takes a value of that kind."""
        return kind in {**self.also.get("*", {}), **self.also.get(argument, {})}


class Decay(tp.Mechanism):
    """One state that decays: what costs least to compile."""

    x = tp.State(1.0, "uM", "x: what decays", low=0)
    drive = tp.Input("uM/s", "what is added")
    rate = tp.Parameter(1.0, "1/s", "k: rate of decay", "assumed: a test", low=0)

    def rates(q):
        return {"x": q.drive - q.rate * q.x}

    def on_spike(q):
        return {"x": 2 * q.x}


STILL = tp.protocols.Constant(drive=0 * uM / s)
"""What `Decay` needs: nothing is added."""
