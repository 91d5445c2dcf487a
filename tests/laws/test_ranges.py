"""States stay where they have a meaning: by their rates at the bounds, by their jumps, and over long runs."""

from functools import cache
from typing import Any

import numpy as np
import pytest

import tripartite as tp
from tripartite import units
from tripartite.language import Mechanism, State
from tripartite.protocols import Constant, PoissonSpikes
from tripartite.units import Hz, s

from . import index, joint, written

DRAWS = 50
SIGNED = {"change"}
"""Emissions of either sign: what rules of plasticity ask of a weight."""
every_mechanism = pytest.mark.parametrize("kind", index.INDEX, ids=lambda kind: kind.__name__)


def bounds(kind: type[Mechanism]) -> list[tuple[int, float, float]]:
    """Every bound that the mechanism declares, as (position of the state, internal value, sign of an allowed rate)."""
    found = []
    own = enumerate(index.alone(kind).states[: len(kind.declared(State))])
    for position, entry in own:
        scale = units.factor(entry.unit)
        low, high = entry.declaration.low, entry.declaration.high
        found += [(position, low * scale, 1.0)] if low is not None else []
        found += [(position, high * scale, -1.0)] if high is not None else []
    return found


@every_mechanism
def test_rates_point_inward_at_every_declared_bound(kind: type[Mechanism]) -> None:
    y, c = index.draws(kind, DRAWS)
    for position, value, sign in bounds(kind):
        at_bound = y.copy()
        at_bound[position] = value
        assert np.all(sign * written.kernels(kind).rates(at_bound, c)[position] >= 0)


@every_mechanism
def test_jumps_stay_within_every_declared_bound(kind: type[Mechanism]) -> None:
    y, c = index.draws(kind, DRAWS)
    amount = np.random.default_rng(0).uniform(size=DRAWS)
    for event in range(len(index.alone(kind).events)):
        after, emitted = written.kernels(kind).fire(event, amount, y, c)
        assert all(np.all(sign * (after[position] - value) >= 0) for position, value, sign in bounds(kind))
        sent = [key.rsplit(".", 1)[-1] for key in (entry.key for entry in index.alone(kind).emissions)]
        amounts = emitted[[name not in SIGNED for name in sent]]
        assert np.all(amounts[~np.isnan(amounts)] >= 0)


@every_mechanism
def test_transitions_stay_within_every_declared_bound(kind: type[Mechanism]) -> None:
    system = index.alone(kind)
    for y, c in zip(*(array.T for array in index.draws(kind, DRAWS)), strict=True):
        for number, transition in enumerate(system.transitions(system.values(np.floor(y), c))):
            assert transition.rate >= 0 and (transition.count is None or transition.count > -1e-9)
            if transition.count is not None and transition.count >= 1:
                after = np.floor(y)
                for key, change in transition.change.items():
                    after[system.state_position[key]] += change
                for position, value, sign in bounds(kind):
                    assert sign * (after[position] - value) >= -1e-9, number


@cache
def long_run(kinds: tuple[type[Mechanism], ...]) -> tp.Result:
    """A theme under constant inputs while events come at random; everything in it runs at once."""
    system = joint.system(kinds)
    protocol: tp.Protocol = Constant(
        {
            joint.renamed(kind, entry.key): units.Quantity(value / units.factor(entry.unit), entry.unit)
            for kind in kinds
            for entry, value in drives(kind)
        }
    )
    for event in system.events:
        if event.crossing_of is None:
            protocol = protocol & PoissonSpikes(20 * Hz, seed=3, event=event.key.split(".")[-1], to=event.key)
    result = tp.simulate(joint.model(kinds), protocol, until=60 * s)
    assert result.ok, result.message()
    return result


def drives(kind: type[Mechanism]) -> list[tuple[Any, float]]:
    """Every driven input of a mechanism and an internal value for it."""
    random = np.random.default_rng(5)
    return [(entry, index.random_value(entry, random)) for entry in index.alone(kind).drives]


# Noise acts on states of other mechanisms, which have no rates of their own here; none has a bounded state.
@pytest.mark.parametrize(
    "kind", [kind for kind in index.INDEX if not kind.equation("noise")], ids=lambda kind: kind.__name__
)
def test_a_long_run_with_random_events_stays_within_every_declared_bound(kind: type[Mechanism]) -> None:
    result = long_run(joint.theme(kind))
    for position, value, sign in bounds(kind):
        entry = index.alone(kind).states[position]
        course = result[joint.renamed(kind, entry.key)].values * units.factor(entry.unit)
        # The solver keeps 1e-9 absolutely and 1e-6 of the largest value.
        assert np.all(sign * (course - value) >= -1e-6 * max(1.0, np.abs(course).max()) * 10)


@every_mechanism
def test_no_state_of_a_mechanism_with_noise_is_bounded(kind: type[Mechanism]) -> None:
    assert not (kind.equation("noise") and bounds(kind)), "give it a long run with a stochastic solver above"
