"""Random trains: one for ever, of which runs, stretches and spans cut their part; each has its own numbers."""

from __future__ import annotations

import warnings
from itertools import pairwise

import numpy as np
import pytest
from tests.network.probes import interpret

import tripartite as tp
from tripartite.errors import ArgumentError
from tripartite.language import Add, Input, Mechanism, State
from tripartite.language.protocol import Occur
from tripartite.network.network import Network
from tripartite.network.population import Population
from tripartite.network.stimuli import On
from tripartite.protocols import Constant, PoissonSpikes, RegularSpikes
from tripartite.units import Hz, ms, s


class Counter(Mechanism):
    """Counts spikes.

    **Sources** assumed: a test. **Holds for** tests.
    """

    pre = State(0.0, "1", "how many spikes")
    post = State(0.0, "1", "how many postsynaptic spikes")
    spike = Input("1", "a spike")
    postspike = Input("1", "a postsynaptic spike")

    def on_spike(q):
        return {"pre": Add(q.spike)}

    def on_postspike(q):
        return {"post": Add(q.postspike)}


MODEL = tp.Model(cell=Counter())


def times(protocol: tp.Protocol, until: float = 60_000.0, seed: int = 0) -> np.ndarray:
    return np.array([a.time for a in protocol.actions(MODEL, until, seed) if isinstance(a, Occur)])


@pytest.mark.parametrize("rate", [0.3, 10, 3000])
def test_a_poisson_train_begins_alike_whatever_its_end_and_its_start(rate: float) -> None:
    whole = times(PoissonSpikes(rate * Hz, seed=1), until=200_000.0)
    short = times(PoissonSpikes(rate * Hz, seed=1), until=50_000.0)
    cut = times(PoissonSpikes(rate * Hz, seed=1, start=20 * s, stop=120 * s), until=200_000.0)
    assert len(short) and np.all(np.diff(whole) > 0)
    np.testing.assert_array_equal(short, whole[whole < 50_000])
    np.testing.assert_array_equal(cut, whole[(whole >= 20_000) & (whole < 120_000)])


def test_poisson_trains_have_the_counts_and_intervals_of_their_law() -> None:
    """Over seeds and windows, those at the seams of what is drawn at once (every 512 spikes) among them."""
    trains = [times(PoissonSpikes(512 * Hz, seed=1), 4000.0, seed) for seed in range(300)]
    for low, high in ((0, 100), (950, 1050), (990, 1010), (0, 4000)):
        counts = np.array([np.sum((t >= low) & (t < high)) for t in trains])
        mean = 0.512 * (high - low)
        assert abs(counts.mean() - mean) < 4 * np.sqrt(mean / 300)
        assert abs(counts.var(ddof=1) / mean - 1) < 4 * np.sqrt(2 / 299)
    before, after = (np.array([np.sum((t >= low) & (t < low + 50)) for t in trains]) for low in (950, 1000))
    assert abs(np.corrcoef(before, after)[0, 1]) < 4 / np.sqrt(300)


def test_poisson_trains_to_different_events_differ_and_equal_ones_are_told() -> None:
    pre, post = (times(PoissonSpikes(10 * Hz, event=event)) for event in ("spike", "postspike"))
    assert len(pre) > 500 and not np.any(np.isin(pre, post))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        PoissonSpikes(10 * Hz) & PoissonSpikes(10 * Hz, event="postspike") & PoissonSpikes(10 * Hz, seed=1)
        PoissonSpikes(10 * Hz, stop=5 * s) & PoissonSpikes(20 * Hz, start=5 * s)
    with pytest.warns(UserWarning, match="one seed to one event coincide.*`seed` of its own"):
        PoissonSpikes(10 * Hz) & Constant(i=1) & PoissonSpikes(10 * Hz)
    with pytest.raises(ArgumentError, match="seed"):
        PoissonSpikes(10 * Hz, seed=np.arange(2)) & PoissonSpikes(10 * Hz, seed=np.arange(2))
    cells = Population(Counter(), 3)
    with pytest.warns(UserWarning, match="one seed to one event coincide"):
        On(cells[:1], PoissonSpikes(10 * Hz)) & On(cells[1:], PoissonSpikes(10 * Hz))


def test_stretches_see_their_parts_of_one_train(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given anew to every stretch or kept, a train is that of one run; once each stretch drew the first numbers."""
    interpret(monkeypatch)
    cells = Population(Counter(), 1)
    random, regular = PoissonSpikes(300 * Hz, seed=1), RegularSpikes(15 * Hz, event="postspike", stop=0.12 * s)
    network = Network(cells=cells, step=1 * ms)
    expected = [np.sum(np.round(times(random, 200.0, 5)) < end) for end in range(0, 201, 25)]
    simulation, counts = network.start(seed=5, threads=1), [0.0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for stretch in range(8):
            given = None if stretch % 3 == 2 else On(cells, random)
            if stretch == 0:
                given = On(cells, random) & On(cells, regular)
            simulation.run(25 * ms, record=[], protocol=given)
            counts.append(float(simulation["cells_cell_pre"][0]))
    assert counts == expected and min(b - a for a, b in pairwise(counts)) > 0
    with pytest.warns(UserWarning, match=r"all events of RegularSpikes.* lie before 0.2 s"):
        simulation.run(1 * ms, record=[], protocol=On(cells, random) & On(cells, regular))
