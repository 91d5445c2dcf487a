"""Random changes of counts, such as receptors that close one by one, and the clock that times them exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tripartite.language.built import Owned
from tripartite.language.declarations import Chance, State
from tripartite.language.events import Add
from tripartite.language.functions import log, where
from tripartite.language.mechanism import Mechanism, Quantities


@dataclass(frozen=True)
class Transition(metaclass=Owned):
    """A random change: each of ``count`` units makes it at ``rate``, and then ``change`` is added to states.

    ``count`` is dimensionless; None stands for a change that nothing runs out of, which comes at ``rate``
    altogether. ``change`` names states of the mechanism, or inputs that are states of others.
    """

    count: Any
    rate: Any
    change: Mapping[str, Any]

    @property
    def hazard(self) -> Any:
        """How often it happens, altogether."""
        return self.rate if self.count is None else self.count * self.rate


class Goal(State):
    """A hazard, exponentially distributed: that at which the first transition is due is drawn before the run."""


class Clock(Mechanism):
    """Times the transitions of a mechanism exactly: one is due when the hazard since the last has reached a goal.

    The goal is drawn from the exponential distribution, and which transition it is in proportion to the
    hazards at that time (Gillespie's direct method, with hazards that change in between).

    **Sources** gillespie1977.
    """

    waited = State(0.0, "1", "hazard since the last transition", low=0)
    goal = Goal(1.0, "1", "hazard at which the next transition is due", low=0)
    which = Chance("which transition it is")
    wait = Chance("how long until the next")

    def __init__(self, host: Mechanism):
        super().__init__()
        self.host = host
        equations = {"rates": self._rates, "crossing": self._crossing, "on_crossing": self._on_crossing}
        vars(self)["equation"] = equations.get  # its equations read the quantities of the host beside its own

    def __repr__(self) -> str:
        return f"Clock({self.host!r})"

    def _transitions(self, q: Quantities) -> list[Transition]:
        return list(self.host.equation("transitions")(q).values())  # type: ignore[misc]

    def _rates(self, q: Quantities) -> dict[str, Any]:
        first, *others = (transition.hazard for transition in self._transitions(q))
        return {"waited": sum(others, first)}

    def _crossing(self, q: Quantities) -> Any:
        return q.waited - q.goal

    def _on_crossing(self, q: Quantities) -> dict[str, Any]:
        transitions = self._transitions(q)
        aim = q.which * self._rates(q)["waited"]
        found: dict[str, Any] = {"waited": 0 * q.waited, "goal": -log(q.wait)}
        passed = 0 * aim
        changes: dict[str, Any] = {}
        for number, transition in enumerate(transitions):
            begin, passed = passed, passed + transition.hazard
            happens = 1.0 if len(transitions) == 1 else where(aim >= begin, 1.0, 0.0)
            if number + 1 < len(transitions):
                happens = happens * where(aim < passed, 1.0, 0.0)
            for name, change in transition.change.items():
                changes[name] = changes.get(name, 0) + happens * change
        return found | {name: Add(change) for name, change in changes.items()}
