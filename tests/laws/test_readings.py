"""The same equations read as quantities, symbols, arrays and kernels give the same numbers."""

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from tripartite import units
from tripartite.interpret import arrays
from tripartite.language import Mechanism

from . import index

EXACT: dict[str, Any] = {"rtol": 1e-12, "atol": 0.0}
every_mechanism = pytest.mark.parametrize("kind", index.INDEX, ids=lambda kind: kind.__name__)
every_seed = pytest.mark.parametrize("seed", index.SEEDS)


def evaluated(kind: type[Mechanism], y: Any, c: Any, amount: Any) -> dict[str, list[Any]]:
    """Everything a mechanism computes, for values of any reading, in packed order.

    ``amount`` is that of every event, or a list of one for each.
    """
    system = index.alone(kind)
    values = system.values(y, c)
    found = {
        "rates": system.rates(values),
        "outputs": [values[entry.key] for entry in system.outputs],
        "noises": [amplitude for _, amplitude in system.noises(values)],
        "crossings": system.crossings(values),
        "hazards": [transition.hazard for transition in system.transitions(values)],
        "changes": [c for transition in system.transitions(values) for c in transition.change.values()],
    }
    for event in range(len(system.events)):
        changed, emitted = system.fire(event, amount[event] if isinstance(amount, list) else amount, values)
        found[f"states after event {event}"] = [changed.get(e.key, values[e.key]) for e in system.states]
        found[f"emitted by event {event}"] = [emitted[e.key] for e in system.emissions if e.key in emitted]
    return found


def as_numbers(kind: type[Mechanism], seed: int) -> tuple[np.ndarray, np.ndarray, dict[str, list[Any]]]:
    """Random admissible states and constants, and everything computed from them by NumPy."""
    y, c = index.random_values(index.alone(kind), seed)
    return y, c, evaluated(kind, y, c, 0.3)


@every_seed
@every_mechanism
def test_kernels_give_what_numpy_gives(kind: type[Mechanism], seed: int) -> None:
    y, c, expected = as_numbers(kind, seed)
    np.testing.assert_allclose(index.rates(kind, y, c), expected["rates"], **EXACT)
    np.testing.assert_allclose(index.crossings(kind, y, c), expected["crossings"], **EXACT)
    np.testing.assert_allclose(index.noises(kind, y, c)[0], expected["noises"], **EXACT)
    for event in range(len(index.alone(kind).events)):
        after, emitted = index.fire(kind, event, 0.3, y, c)
        np.testing.assert_allclose(after, expected[f"states after event {event}"], **EXACT)
        np.testing.assert_allclose(emitted[~np.isnan(emitted)], expected[f"emitted by event {event}"], **EXACT)


@every_seed
@every_mechanism
def test_jax_gives_what_numpy_gives(kind: type[Mechanism], seed: int) -> None:
    y, c, expected = as_numbers(kind, seed)
    found = evaluated(kind, jnp.asarray(y), jnp.asarray(c), jnp.asarray(0.3))
    for what, values in expected.items():
        np.testing.assert_allclose(np.array(found[what], dtype=float), np.array(values, dtype=float), **EXACT)


def event_units(kind: type[Mechanism]) -> list[str]:
    """The unit of the amount of each event; spikes and crossings count as one."""
    names = [event.key.rsplit(".", 1)[-1] for event in index.alone(kind).events]
    return [
        kind.declarations[name].unit if name in kind.events() and name in kind.declarations else "1" for name in names
    ]


@every_mechanism
def test_quantities_give_what_numpy_gives(kind: type[Mechanism]) -> None:
    system = index.alone(kind)
    y, c, expected = as_numbers(kind, 0)

    def read(entries: Any, internal: np.ndarray) -> list[Any]:
        pairs = zip(entries, internal, strict=True)
        return [units.Quantity(units.from_internal(v, e.unit), units.unit(e.unit)) for e, v in pairs]

    amounts = [units.Quantity(units.from_internal(0.3, unit), units.unit(unit)) for unit in event_units(kind)]
    found = evaluated(kind, read(system.states, y), read(system.constants, c), amounts)
    wanted = {
        "rates": [f"({e.unit})/ms" for e in system.states],
        "outputs": [e.unit for e in system.outputs],
        "noises": [f"({system.states[position].unit})/ms**0.5" for position, _ in system.noises(system.values(y, c))],
    }
    for what, texts in wanted.items():
        for value, text, number in zip(found[what], texts, expected[what], strict=True):
            shown = value if isinstance(value, units.Quantity) else units.Quantity(value, text)
            np.testing.assert_allclose(units.to_internal(shown, text, what), number, **EXACT)
    for event in range(len(system.events)):
        after = zip(found[f"states after event {event}"], system.states, strict=True)
        internal = [units.to_internal(value, entry.unit, entry.key) for value, entry in after]
        np.testing.assert_allclose(internal, expected[f"states after event {event}"], **EXACT)


@every_mechanism
def test_symbols_give_what_numpy_gives(kind: type[Mechanism]) -> None:
    pytest.importorskip("tripartite.interpret.symbols")
    import sympy

    y, c, expected = as_numbers(kind, 0)
    names = [sympy.Symbol(f"v{position}", real=True) for position in range(len(y) + len(c))]
    numbers = dict(zip(names, map(sympy.Float, np.concatenate([y, c]).tolist()), strict=True))
    found = evaluated(kind, names[: len(y)], names[len(y) :], sympy.Float(0.3))
    for what, values in expected.items():
        symbolic = [float(sympy.sympify(value).subs(numbers)) for value in found[what]]
        np.testing.assert_allclose(symbolic, np.array(values, dtype=float), **EXACT)


@every_mechanism
def test_a_batch_of_states_equals_one_by_one(kind: type[Mechanism]) -> None:
    system = index.alone(kind)
    rows = [index.random_values(system, seed) for seed in index.SEEDS]
    y, c = (np.array(column).T for column in zip(*rows, strict=True))
    # A vectorised power and a scalar one may differ in the last digit.
    one_by_one = np.array([system.rates(system.values(*row)) for row in rows], dtype=float).T
    together = np.array([np.broadcast_to(r, len(rows)) for r in system.rates(system.values(y, c))])
    np.testing.assert_allclose(together, one_by_one.reshape(together.shape), rtol=1e-14, atol=0)
    if system.states:
        field = arrays.vector_field(system)(0.0, jnp.asarray(y), jnp.asarray(c))
        np.testing.assert_allclose(field, together, **EXACT)
