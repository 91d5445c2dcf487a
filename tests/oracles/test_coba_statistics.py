"""COBA, 4,000 neurons without astrocytes, against Brian2 and NEST on the same connections and starts."""

from functools import cache
from typing import Any

import pytest
from scipy import stats

from tests.oracles.coba_runs import BRIAN, NEST, coba_numbers
from tests.oracles.network_statistics import LEVEL, numbers, paired, rejected, stored
from tripartite.units import ms

OTHERS = {"brian2": BRIAN, "nest": NEST}
SEEDS: tuple[int, ...] = (1, 2, 3, 4, 5)
REPEATS = 6
LASTING = 1990.0
"""Time of the last spike (ms) of activity that lasts for the 2 s of a run."""


@cache
def run(other: str, seed: int, drive: float, moved: int) -> dict[str, float]:
    """One of our runs, kept for the other tests."""
    return coba_numbers(seed, drive, moved, **OTHERS[other])


def compare(other: str, drive: float, ours: dict[int, list[dict[str, float]]]) -> dict[str, float]:
    """p-values; what died is left out, and as many runs are kept of every seed that lasts in the reference."""
    references = stored(f"{other}_coba_driven" if drive else f"{other}_coba")
    lasting = {seed: [r for r in runs if r["last"] > LASTING] for seed, runs in ours.items()}
    seeds = [seed for seed in ours if references[seed]["last_spike_ms"] > LASTING and len(lasting[seed]) > 1]
    assert len(seeds) >= 3, "Fewer than three networks that last cannot be compared."
    least = min(len(lasting[seed]) for seed in seeds)
    return paired([numbers(references[seed]) for seed in seeds], [lasting[seed][:least] for seed in seeds])


def test_the_driven_network_fires_as_in_brian2_on_the_same_connections():
    ours = {seed: [run("brian2", seed, 200.0, moved) for moved in range(2)] for seed in SEEDS}
    assert rejected(compare("brian2", 200.0, ours)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("other", OTHERS)
def test_rates_and_intervals_of_the_driven_network_agree(other):
    ours = {seed: [run(other, seed, 200.0, moved) for moved in range(REPEATS)] for seed in SEEDS}
    assert rejected(compare(other, 200.0, ours)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("other", OTHERS)
def test_undriven_activity_lasts_as_often_and_fires_alike(other):
    ours = {seed: [run(other, seed, 0.0, moved) for moved in range(REPEATS)] for seed in SEEDS}
    lasts = [r["last"] > LASTING for runs in ours.values() for r in runs]
    theirs = [r["last_spike_ms"] > LASTING for r in stored(f"{other}_coba").values()]
    test: Any = stats.fisher_exact([[sum(x), len(x) - sum(x)] for x in (lasts, theirs)])
    assert test.pvalue > LEVEL
    assert rejected(compare(other, 0.0, ours)) == {}


@pytest.mark.slow
def test_a_slower_decay_of_inhibition_is_noticed():
    ours = {
        seed: [coba_numbers(seed, 200.0, moved, **BRIAN, tau_i=10.5 * ms) for moved in range(REPEATS)] for seed in SEEDS
    }
    assert rejected(compare("brian2", 200.0, ours))


@pytest.mark.slow
def test_the_method_of_brian2_is_not_that_of_nest():
    ours = {seed: [run("brian2", seed, 200.0, moved) for moved in range(REPEATS)] for seed in SEEDS}
    assert "rate_i_hz (bias)" in rejected(compare("nest", 200.0, ours))


@pytest.mark.slow
def test_networks_of_other_seeds_are_told_apart():
    ours = {seed: [run("brian2", seed, 200.0, moved) for moved in range(REPEATS)] for seed in (*SEEDS[1:], SEEDS[0])}
    exchanged = dict(zip(SEEDS, ours.values(), strict=True))
    assert any(name.endswith("(seeds)") for name in rejected(compare("brian2", 200.0, exchanged)))
