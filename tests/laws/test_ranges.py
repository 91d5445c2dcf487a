"""States stay where they have a meaning: by their rates at the bounds, by their jumps, and over long runs."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.language import Compartment, Mechanism, Model, State
from tripartite.protocols import Constant, PoissonSpikes
from tripartite.units import Hz, s

from . import index

every_mechanism = pytest.mark.parametrize("kind", index.INDEX, ids=lambda kind: kind.__name__)


def bounds(kind: type[Mechanism]) -> list[tuple[int, float, float]]:
    """Every bound that the mechanism declares, as (position of the state, internal value, sign of an allowed rate)."""
    found = []
    own = enumerate(index.alone(kind).states[: len(kind.declared(State))])
    for position, entry in own:
        scale = tp.units.factor(entry.unit)
        low, high = entry.declaration.low, entry.declaration.high
        found += [(position, low * scale, 1.0)] if low is not None else []
        found += [(position, high * scale, -1.0)] if high is not None else []
    return found


@every_mechanism
def test_rates_point_inward_at_every_declared_bound(kind: type[Mechanism]) -> None:
    for seed in range(50):
        y, c = index.random_values(index.alone(kind), seed)
        for position, value, sign in bounds(kind):
            at_bound = y.copy()
            at_bound[position] = value
            assert sign * index.rates(kind, at_bound, c)[position] >= 0


@every_mechanism
def test_jumps_stay_within_every_declared_bound(kind: type[Mechanism]) -> None:
    for seed in range(50):
        y, c = index.random_values(index.alone(kind), seed)
        amount = float(np.random.default_rng(seed).uniform())
        for event in range(len(index.alone(kind).events)):
            after, emitted = index.fire(kind, event, amount, y, c)
            assert all(sign * (after[position] - value) >= 0 for position, value, sign in bounds(kind))
            assert np.all(emitted[~np.isnan(emitted)] >= 0)


@every_mechanism
def test_transitions_stay_within_every_declared_bound(kind: type[Mechanism]) -> None:
    system = index.alone(kind)
    for seed in range(50):
        y, c = index.random_values(system, seed)
        for number, transition in enumerate(system.transitions(system.values(np.floor(y), c))):
            assert transition.rate >= 0 and (transition.count is None or transition.count > -1e-9)
            if transition.count is not None and transition.count >= 1:
                after = np.floor(y)
                for key, change in transition.change.items():
                    after[system.state_position[key]] += change
                for position, value, sign in bounds(kind):
                    assert sign * (after[position] - value) >= -1e-9, number


def bounded(kind: type[Mechanism]) -> bool:
    return any(item.low is not None or item.high is not None for item in kind.declared(State).values())


# Noise acts on states of other mechanisms, which have no rates of their own here; none has a bounded state.
@pytest.mark.parametrize(
    "kind", [k for k in index.INDEX if not k.equation("noise") or bounded(k)], ids=lambda kind: kind.__name__
)
def test_a_long_run_with_random_events_stays_within_every_declared_bound(kind: type[Mechanism]) -> None:
    system = index.alone(kind)
    random = np.random.default_rng(5)
    drives = {e.key: index.random_value(e, random) / tp.units.factor(e.unit) for e in system.drives}
    protocol = Constant({key: f"{value} {unit_of(system, key)}" for key, value in drives.items()})
    for event in system.events:
        if event.crossing_of is None:
            protocol = protocol & PoissonSpikes(20 * Hz, seed=3, event=event.key.split(".")[-1], to=event.key)
    compartment = Compartment(*(part.mechanism for part in system.parts))

    result = tp.simulate(Model(cell=compartment), protocol, until=60 * s)

    assert result.ok
    for position, value, sign in bounds(kind):
        entry = system.states[position]
        course = result[entry.key].values * tp.units.factor(entry.unit)
        # The solver keeps 1e-9 absolutely and 1e-6 of the largest value.
        assert np.all(sign * (course - value) >= -1e-6 * max(1.0, np.abs(course).max()) * 10)


def unit_of(system: object, key: str) -> str:
    unit = next(entry.unit for entry in system.drives if entry.key == key)  # type: ignore[attr-defined]
    return "" if unit == "1" else unit
