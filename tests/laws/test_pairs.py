"""Any two mechanisms share a compartment, or the error says why not: events keep dimensions, order and readings."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pint
import pytest

from tripartite import units
from tripartite.errors import DimensionError, WiringError
from tripartite.interpret.kernels import trace
from tripartite.language import Compartment, Mechanism, Model, State
from tripartite.language.declarations import Input
from tripartite.language.system import System
from tripartite.network.run.samples import calculated

from . import index

ANSWERING = [kind for kind in index.INDEX if kind.events() or kind.equation("crossing")]
_draw = np.random.default_rng(11)
PAIRS = [
    (ANSWERING[i], index.INDEX[j])
    for i, j in zip(_draw.integers(len(ANSWERING), size=150), _draw.integers(len(index.INDEX), size=150), strict=True)
    if ANSWERING[i] is not index.INDEX[j]
]


def joined(*kinds: type[Mechanism]) -> System | None:
    """Mechanisms in one compartment with owners of the states that they add to; None where they cannot share one."""
    parts = [kind() for kind in kinds]
    try:
        compartment = Compartment(*parts)
        added = {name for kind in kinds for name in index.changed_by_events(kind) if name in compartment.inputs}
        owned: dict[str, Any] = {
            name: State(0.5, item.unit, item.meaning)
            for name, item in compartment.inputs.items()
            if name in added and isinstance(item, Input)
        }
        owner = [type("Owner", (Mechanism,), owned)()] if owned else []
        system = Model(cell=Compartment(*parts, *owner)).system
        for event in range(len(system.events)):
            system.fire(event, 1.0, numbers(system))
        return system
    except (WiringError, DimensionError) as reason:
        assert reason.args[0].count(". ") >= 1, "what to do stands after what is wrong"
        return None


def numbers(system: System) -> dict[str, Any]:
    random = np.random.default_rng(3)
    y = np.array([random.uniform(0.3, 0.7) if e.value == 0 else e.value for e in system.states])
    c = [random.uniform(0.3, 0.7) if math.isnan(e.value) or e.value == 0 else e.value for e in system.constants]
    with np.errstate(all="ignore"):
        return system.values(y, np.array(c))


def quantities(system: System) -> dict[str, Any]:
    def one(entry: Any) -> Any:
        return units.Quantity(np.float64(0.5), units.unit(entry.unit))

    with np.errstate(all="ignore"):
        return system.values([one(e) for e in system.states], [one(e) for e in system.constants])


@pytest.mark.parametrize(("one", "two"), PAIRS, ids=lambda kind: kind.__name__)
def test_two_mechanisms_answer_events_alike_in_any_order_and_reading(
    one: type[Mechanism], two: type[Mechanism]
) -> None:
    system, turned = joined(one, two), joined(two, one)
    assert (system is None) == (turned is None)
    if system is None or turned is None:
        return
    known = numbers(system)
    place = {event.key: number for number, event in enumerate(turned.events)}
    unit = {entry.key: entry.unit for entry in (*system.states, *system.emissions)}
    with np.errstate(all="ignore"):
        for number, event in enumerate(system.events):
            found = as_one(system.fire(number, 0.7, known))
            again = as_one(turned.fire(place[event.key], 0.7, known))
            traced = as_one(system.fire(number, trace.name("amount"), {k: trace.name(k) for k in known}))
            measured = as_one(system.fire(number, units.Quantity(0.7, amount(system, event.key)), quantities(system)))
            assert found.keys() == again.keys() == traced.keys() == measured.keys()
            for key, value in found.items():
                np.testing.assert_allclose(again[key], value, rtol=1e-12)
                np.testing.assert_allclose(
                    calculated(trace.as_node(traced[key]), known | {"amount": 0.7}), value, rtol=1e-9, atol=1e-300
                )
                got = measured[key] if isinstance(measured[key], pint.Quantity) else units.Quantity(measured[key])
                assert got.check(units.unit(unit[key]).dimensionality) or got.magnitude == 0, key


def as_one(answer: tuple[dict[str, Any], dict[str, Any]]) -> dict[str, Any]:
    return answer[0] | answer[1]


def amount(system: System, key: str) -> Any:
    for part in system.parts:
        for name, item in part.mechanism.declared(Input).items():
            if part.keys[name] == key:
                return units.unit(item.unit)
    return units.unit("1")


def test_some_pairs_share_a_compartment_and_some_do_not() -> None:
    found = [joined(*pair) is not None for pair in PAIRS]
    assert 60 < sum(found) < len(found)
