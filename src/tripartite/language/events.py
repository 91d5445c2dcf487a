"""What happens at an event: who answers it, what several add up to, and in which order emissions are delivered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from tripartite.errors import DefinitionError, WiringError
from tripartite.language.declarations import Emission, Input
from tripartite.language.functions import where

if TYPE_CHECKING:
    from tripartite.language.system import Join, Part


@dataclass(frozen=True)
class Add:
    """What a handler returns for a state of its own to which it adds an amount: ``{"g": Add(q.excitation)}``.

    Such amounts add up, those of many synapses of a network, too.
    """

    amount: Any

    def alone(self, other: Any) -> NoReturn:
        """Refuse to be part of a sum or product."""
        raise DefinitionError(
            "`Add` stands alone in what a handler returns, since it adds to what the state is; got it within a sum or "
            "product. Write `Add(q.first + q.second)`, or `q.w + amount` without `Add`."
        )

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = alone


Answer = tuple["Part", str, str, Any]
"""Who answers, a name that it returns, the key of that, and the value: an `Add` for all that is added."""


class Happenings:
    """How the mechanisms of a system answer events.

    ``addable`` gives the key of the state that a mechanism adds to under a name, none for a driven input, and refuses
    what cannot be added to; ``free`` that of the share of a change which a state takes, 0 while it is clamped.
    """

    def __init__(
        self,
        parts: Sequence[Part],
        joins: Mapping[str, Join],
        addable: Callable[[Part, str], str | None],
        free: Mapping[str, str],
    ):
        self.addable, self.free = addable, free
        self.listeners: dict[str, list[tuple[Part, str]]] = {}
        for part in parts:
            for name in part.mechanism.events():
                self.listeners.setdefault(part.keys[name], []).append((part, name))
        self.relays: dict[str, list[str]] = {}
        """Inputs with several sources, by the key of each source."""
        heard = {key: join for key, join in joins.items() if key in self.listeners}
        for key, join in heard.items():
            for source in join.sources:
                self.relays.setdefault(source, []).append(key)
        sent = [part.keys[name] for part in parts for name in part.mechanism.declared(Emission)]
        self.order = self._sorted(list(dict.fromkeys([*sent, *heard])))

    def _sorted(self, keys: list[str]) -> list[str]:
        """Emissions, each after all that could send it."""
        after = {key: self._sends(key) for key in keys}
        found: list[str] = []
        while len(found) < len(keys):
            waiting = [key for key in keys if key not in found]
            ready = [key for key in waiting if not any(key in after[other] for other in waiting)]
            if not ready:
                names = ", ".join(f"`{key}`" for key in waiting if after[key] & set(waiting))
                raise WiringError(
                    f"Emissions must not trigger each other in a circle; {names} would. Cut one of the wires, or let "
                    "a state stand between."
                )
            found += ready
        return found

    def _sends(self, key: str) -> set[str]:
        """Keys of what may be sent when ``key`` is delivered."""
        found = set(self.relays.get(key, []))
        for part, name in self.listeners.get(key, []):
            emissions = part.mechanism.declared(Emission).keys() & part.mechanism.answers[f"on_{name}"]
            found |= {part.keys[emission] for emission in emissions}
        return found

    def fire(
        self, key: str, amount: Any, values: Mapping[str, Any], crossing: Part | None, follow: Callable
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """New state values and emitted amounts after an event or emission, or after a ``crossing`` of one part.

        ``follow`` gives the outputs that follow from values.
        """
        first = [(crossing, "crossing")] if crossing else self._heard(key)
        known: dict[str, Any] = dict(values)
        changed: dict[str, Any] = {}
        sent: dict[str, Any] = {}
        for own in (key, *(other for other in self.order if other != key)):
            if own != key and own not in sent:
                continue
            brought = amount if own == key else sent[own]
            for goal in self.relays.get(own, []):
                _plus(sent, goal, brought)
            news: dict[str, Any] = {}
            added: dict[str, Any] = {}
            for part, name, goal, answer in self.answers(first if own == key else self._heard(own), brought, known):
                if isinstance(part.mechanism.declarations.get(name), Emission):
                    _plus(sent, goal, answer)
                elif isinstance(answer, Add):
                    _plus(added, goal, answer.amount)
                else:
                    news[goal] = answer
            news |= {goal: news.get(goal, known[goal]) + extra for goal, extra in added.items()}
            known |= news
            known |= follow(known)
            changed |= news
        return changed, sent

    def _heard(self, key: str) -> list[tuple[Part, str]]:
        return self.listeners.get(key, [])

    def answers(self, asked: list[tuple[Part, str]], amount: Any, values: Mapping[str, Any]) -> Iterator[Answer]:
        """What mechanisms return for one event, all of them from the same values."""
        for part, name in asked:
            local = values if name == "crossing" else {**values, part.keys[name]: amount}
            returned = part.mechanism.equation(f"on_{name}")(part.quantities(local))  # type: ignore[misc]
            for own, answer in returned.items():
                if isinstance(part.mechanism.declarations.get(own), Input):
                    if goal := self.addable(part, own):
                        yield part, own, goal, self._taken(goal, Add(answer), values)
                else:
                    yield part, own, part.keys[own], self._taken(part.keys[own], answer, values)

    def _taken(self, goal: str, answer: Any, values: Mapping[str, Any]) -> Any:
        """An answer, or what is left of it in a state that is clamped."""
        if goal not in self.free:
            return answer
        free = values[self.free[goal]]
        return Add(answer.amount * free) if isinstance(answer, Add) else where(free > 0, answer, values[goal])

    def reached(self, key: str) -> list[tuple[Part, str]]:
        """Who hears of what is sent under a key, also through inputs with several sources."""
        found = list(self._heard(key))
        for goal in self.relays.get(key, []):
            found += self.reached(goal)
        return found


def _plus(total: dict[str, Any], key: str, amount: Any) -> None:
    total[key] = total[key] + amount if key in total else amount
