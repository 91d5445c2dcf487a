"""The same equations read as quantities, symbols, arrays and kernels give the same numbers."""

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from tripartite import units
from tripartite.interpret import arrays
from tripartite.language import Mechanism

from . import index, written

EXACT: dict[str, Any] = {"rtol": 1e-12, "atol": 0.0}
every_mechanism = pytest.mark.parametrize("kind", index.INDEX, ids=lambda kind: kind.__name__)


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


def rows(values: list[Any], like: np.ndarray) -> np.ndarray:
    """Values ``(quantity, draw)``; what does not depend on the draw is repeated."""
    return np.array([np.broadcast_to(np.asarray(v, dtype=float), like.shape[1:]) for v in values])


def by_numpy(kind: type[Mechanism]) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """States and constants of every draw, and everything that NumPy computes from them."""
    y, c = index.draws(kind)
    return y, c, {what: rows(values, c) for what, values in evaluated(kind, y, c, 0.3).items()}


def one_draw(kind: type[Mechanism]) -> tuple[np.ndarray, np.ndarray, dict[str, list[Any]]]:
    """Random admissible states and constants, and everything that NumPy computes from them."""
    y, c = index.random_values(index.alone(kind), 0)
    return y, c, evaluated(kind, y, c, 0.3)


def same(found: np.ndarray, expected: np.ndarray) -> None:
    """Equal where there is anything."""
    np.testing.assert_allclose(found, expected.reshape(found.shape), **EXACT)


@every_mechanism
def test_the_source_of_kernels_gives_what_numpy_gives(kind: type[Mechanism]) -> None:
    y, c, expected = by_numpy(kind)
    kernels = written.kernels(kind)
    same(kernels.rates(y, c), expected["rates"])
    same(kernels.crossings(y, c), expected["crossings"])
    same(kernels.noises(y, c)[0], expected["noises"])
    for event in range(len(index.alone(kind).events)):
        after, emitted = kernels.fire(event, 0.3, y, c)
        same(after, expected[f"states after event {event}"])
        sent = emitted[~np.isnan(emitted).all(axis=1)]
        same(sent, expected[f"emitted by event {event}"])


@every_mechanism
def test_jax_gives_what_numpy_gives(kind: type[Mechanism]) -> None:
    y, c, expected = by_numpy(kind)
    # One array a quantity, since slicing an array of every length is compiled anew for each.
    found = evaluated(kind, list(map(jnp.asarray, y)), list(map(jnp.asarray, c)), jnp.asarray(0.3))
    for what, values in expected.items():
        same(rows(found[what], c), values)


def event_units(kind: type[Mechanism]) -> list[str]:
    """The unit of the amount of each event; spikes and crossings count as one."""
    names = [event.key.rsplit(".", 1)[-1] for event in index.alone(kind).events]
    return [
        kind.declarations[name].unit if name in kind.events() and name in kind.declarations else "1" for name in names
    ]


@every_mechanism
def test_quantities_give_what_numpy_gives(kind: type[Mechanism]) -> None:
    system = index.alone(kind)
    y, c, expected = one_draw(kind)

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

    y, c, expected = one_draw(kind)
    names = [sympy.Symbol(f"v{position}", real=True) for position in range(len(y) + len(c))]
    numbers = dict(zip(names, map(sympy.Float, np.concatenate([y, c]).tolist()), strict=True))
    found = evaluated(kind, names[: len(y)], names[len(y) :], sympy.Float(0.3))
    for what, values in expected.items():
        symbolic = [float(sympy.sympify(value).xreplace(numbers)) for value in found[what]]
        np.testing.assert_allclose(symbolic, np.array(values, dtype=float), **EXACT)


@every_mechanism
def test_a_batch_of_states_equals_one_by_one(kind: type[Mechanism]) -> None:
    system = index.alone(kind)
    y, c = index.draws(kind)
    # A vectorised power and a scalar one may differ in the last digit.
    one_by_one = np.array([system.rates(system.values(*row)) for row in zip(y.T, c.T, strict=True)], dtype=float).T
    together = rows(system.rates(system.values(y, c)), c)
    np.testing.assert_allclose(together, one_by_one.reshape(together.shape), rtol=1e-14, atol=0)
    if system.states:
        field = arrays.vector_field(system)(0.0, list(map(jnp.asarray, y)), list(map(jnp.asarray, c)))
        np.testing.assert_allclose(field, together, **EXACT)
