"""Cells with a long step read the mean over it of what their synapses, and the partners of these, show meanwhile."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, share_cells
from tripartite.language import Add, Emission, Input, Mechanism, Output, Parameter, State
from tripartite.network import (
    Network,
    On,
    Population,
    Projection,
    SpikeTrains,
    States,
    astrocyte,
    mean,
    post,
    pre,
    total,
)
from tripartite.network.placement import Exact, Naive
from tripartite.network.rules import Explicit, ExplicitAttachment
from tripartite.network.run.simulation import Simulation
from tripartite.units import ms

STEP, UNTIL = 0.1, 60.0
TRAINS = [[3.0, 14.0, 14.3, 31.7], [0.1, 29.9, 30.0, 55.5]]
BEFORE, AFTER, MATES = np.array([0, 0, 1, 1, 1]), np.array([0, 1, 0, 1, 1]), np.array([0, 1, 1, 0, -1])
FADE, LAG = np.array([0.5, 1.0, 2.0, 4.0, 7.0]), 3.0


class Trace(Mechanism):
    """A trace of spikes and what follows it. **Sources** assumed: a test. **Holds for** tests."""

    c = State(0.0, "1", "trace")
    y = State(0.0, "1", "follows the trace")
    fade = Parameter(1.0, "ms", "lifetime", "assumed: a test")
    lag = Parameter(LAG, "ms", "lag", "assumed: a test")
    weight = Parameter(1.0, "1", "what a value counts", "assumed: a test")
    counted = Output("1", "a value as it counts")

    def rates(q):
        return {"c": -q.c / q.fade, "y": (q.c - q.y) / q.lag}

    def on_spike(q):
        return {"c": Add(1.0)}

    def outputs(q):
        return {"counted": q.weight * q.c}


class Tank(Mechanism):
    """Adds up what it reads, and relaxes. **Sources** assumed: a test. **Holds for** tests."""

    w = State(0.0, "ms", "integral of the one")
    x = State(0.0, "ms", "integral of the other")
    o = State(0.0, "1", "relaxes")
    phase = State(0.0, "1", "phase")
    drive = Input("1", "the one", default=0.0)
    other = Input("1", "the other", default=0.0)
    open = Parameter(1.0, "1", "how much of it counts", "assumed: a test")
    through = Parameter(1.0, "1", "how much of the other counts", "assumed: a test")
    pause = Parameter(5.0, "ms", "time constant", "assumed: a test")
    period = Parameter(12.0, "ms", "between spikes", "assumed: a test")
    spike = Emission("1", "spike")

    def rates(q):
        return {"w": q.open * q.drive, "x": q.through * q.other, "o": (1 - q.o) / q.pause, "phase": 1 / q.period}

    def crossing(q):
        return q.phase - 1

    def on_crossing(q):
        return {"phase": q.phase - 1, "spike": 1.0}


def traces(times):
    """Integrals from 0 to ``times`` of c and y of every synapse (2, times, synapses), in closed form."""
    c, y = np.zeros((len(times), 5)), np.zeros((len(times), 5))
    for synapse, fade in enumerate(FADE):
        for spike in TRAINS[BEFORE[synapse]]:
            t = np.maximum(times - spike, 0)
            c[:, synapse] += fade * -np.expm1(-t / fade)
            reached = fade / (fade - LAG) * (np.exp(-t / fade) - np.exp(-t / LAG))
            y[:, synapse] += fade * -np.expm1(-t / fade) - LAG * reached
    return np.stack([c, y])


def network(step, wiring, placement=None, **steps):
    trains = SpikeTrains(2, np.repeat([0, 1], 4), np.concatenate(TRAINS) * ms)
    neurons = Population(Tank(), 2, step=steps.get("neurons", STEP) * ms)
    glia = Population(Tank(), 2, step=step * ms)
    synapse = tp.Compartment(Trace())
    joined = Projection(
        trains, neurons, glia, synapse=synapse, rule=Explicit(BEFORE, AFTER), attach=ExplicitAttachment(MATES),
        values={"fade": FADE * ms}, wiring=wiring(synapse),
    )  # fmt: skip
    groups = {"trains": trains, "neurons": neurons, "glia": glia}
    return Network(**groups, connections={"s": joined}, step=STEP * ms, placement=placement or Exact())


def integrals(made, step, name="glia", threads=1, protocol=None):
    record = States(made.groups[name], every=step * ms)
    found = made.run(until=UNTIL * ms, record=record, threads=threads, protocol=protocol)
    return found["time"].values * 1000, found[f"{name}.w"].values, found[f"{name}.x"].values


def of_mates(each):
    """Sums over the synapses of each of two partners, (..., 2)."""
    return np.stack([each[..., MATES == 0].sum(-1), each[..., MATES == 1].sum(-1)], -1)


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
@pytest.mark.parametrize("step", [0.5, 4.0, 10.0, 20.0])
def test_sums_and_means_of_traces_are_their_integrals(monkeypatch, step, placement):
    interpret(monkeypatch)
    made = network(step, lambda s: [total(s.c) >> astrocyte.drive, mean(s.y) >> astrocyte.other], placement)
    times, w, x = integrals(made, step)
    c, y = of_mates(traces(times))
    np.testing.assert_allclose(w, c, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(x, y / 2, rtol=1e-9, atol=1e-12)


def test_several_sums_of_one_input_are_added_up(monkeypatch):
    """One reads traces, one a faster partner of the synapse, which shows what it is until its next step."""
    interpret(monkeypatch)
    made = network(10.0, lambda s: [total(s.counted) >> astrocyte.drive, total(post.o) >> astrocyte.drive], neurons=2.0)
    times, w, _ = integrals(made, 10.0)
    shown = 1 - np.exp(-np.arange(0, UNTIL, 2.0) / 5)
    held = np.append(0, np.cumsum(2 * shown))[np.rint(times / 2).astype(int)]
    np.testing.assert_allclose(w, of_mates(traces(times)[0]) + 2 * held[:, None], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("source", ["partner", "partner and synapse"])
def test_slow_neurons_read_means_of_fast_partners(monkeypatch, source):
    interpret(monkeypatch)

    def wiring(s):
        return [total(astrocyte.o) >> post.drive] + [total(s.c) >> post.other] * (source != "partner")

    made = network(2.0, wiring, neurons=10.0)
    times, w, x = integrals(made, 10.0, "neurons")
    shown = 1 - np.exp(-np.arange(0, UNTIL, 2.0) / 5)
    held = np.append(0, np.cumsum(2 * shown))[np.rint(times / 2).astype(int)]
    np.testing.assert_allclose(w, held[:, None] * [2, 2], rtol=1e-9, atol=1e-12)
    if source != "partner":
        each = traces(times)[0]
        expected = np.stack([each[:, AFTER == 0].sum(1), each[:, AFTER == 1].sum(1)], 1)
        np.testing.assert_allclose(x, expected, rtol=1e-9, atol=1e-12)


class Answered(Mechanism):
    """A trace of postsynaptic spikes. **Sources** assumed: a test. **Holds for** tests."""

    k = State(0.0, "1", "trace")
    fade = Parameter(2.0, "ms", "lifetime", "assumed: a test")

    def rates(q):
        return {"k": -q.k / q.fade}

    def on_postspike(q):
        return {"k": Add(1.0)}


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
def test_slow_cells_read_traces_of_their_own_spikes(monkeypatch, placement):
    """Both of the traces that all synapses of a cell share, and of presynaptic cells, which pull their sums."""
    interpret(monkeypatch)
    before, after = Population(Tank(), 2, step=5 * ms), Population(Tank(period=12 * ms), 2, step=10 * ms)
    synapse = tp.Compartment(Answered())
    wiring = [total(synapse.k) >> pre.drive, mean(synapse.k) >> post.drive, total(synapse.k) >> post.other]
    joined = Projection(before, after, synapse=synapse, rule=Explicit([0, 1, 1, 1], [0, 0, 1, 1]), wiring=wiring)
    made = Network(before=before, after=after, connections={"s": joined}, step=STEP * ms, placement=placement)
    times, w, x = integrals(made, 10.0, "after")
    spikes = np.array([20.0, 30, 40, 50])  # its phase reaches 1 at 12, 24, 36, 48 and 60 ms
    each = 2 * -np.expm1(-np.maximum(times[:, None] - spikes, 0) / 2).sum(1, keepdims=True)
    np.testing.assert_allclose(w, each * [1, 1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(x, each * [2, 2], rtol=1e-9, atol=1e-12)
    times, w, _ = integrals(made, 5.0, "before")
    each = 2 * -np.expm1(-np.maximum(times[:, None] - spikes, 0) / 2).sum(1, keepdims=True)
    np.testing.assert_allclose(w, each * [1, 3], rtol=1e-9, atol=1e-12)


def _all(s):
    return [
        total(s.counted) >> astrocyte.drive, mean(s.y) >> astrocyte.other, total(post.o) >> astrocyte.drive,
        total(astrocyte.o) >> post.drive, total(s.y) >> post.drive,
    ]  # fmt: skip


def test_bits_are_those_of_one_thread_and_of_a_run_that_was_not_stopped(monkeypatch, tmp_path):
    interpret(monkeypatch)
    share_cells(monkeypatch, 1)
    once, again = network(10.0, _all, neurons=2.0), network(10.0, _all, neurons=2.0)
    whole, parts = once.start(threads=1), again.start(threads=2)
    whole.run(UNTIL * ms)
    for number, length in enumerate([3.3, 10.0, 20.5, 26.2]):
        parts.run(length * ms)
        path = parts.save(tmp_path / f"{number}.zarr")
        parts = Simulation.load(path, again, threads=1 + number % 2)
    for name in sorted(whole.layout.memory.changing - whole.layout.memory.of_threads):
        np.testing.assert_array_equal(parts[name], whole[name], err_msg=name)


def test_a_change_within_a_step_acts_on_what_was_shown_before_and_after(monkeypatch):
    interpret(monkeypatch)
    made = network(10.0, lambda s: [total(s.counted) >> astrocyte.drive, total(post.o) >> astrocyte.other], neurons=5.0)
    change = tp.Perturbation("half", {"open": 0.5}, at=14.2 * ms, stop=32.6 * ms)
    times, w, x = integrals(made, 10.0, protocol=On(made.groups["glia"], change))
    edges = np.sort(np.append(times, [14.2, 32.6]))
    grown = np.diff(of_mates(traces(edges)[0]), axis=0, prepend=0)
    grown[(edges > 14.2) & (edges <= 32.6)] *= 0.5
    np.testing.assert_allclose(w, np.cumsum(grown, 0)[np.isin(edges, times)], rtol=1e-9, atol=1e-12)
    shown = np.append(0, np.cumsum(5 * (1 - np.exp(-np.arange(0, UNTIL, 5.0) / 5))))
    np.testing.assert_allclose(x, 2 * shown[np.rint(times / 5).astype(int)][:, None] * [1, 1], rtol=1e-9, atol=1e-12)


def test_a_weight_that_changes_within_a_step_counts_as_it_was(monkeypatch):
    """Also where a sum reads nothing else that moves."""
    interpret(monkeypatch)
    made = network(10.0, lambda s: [total(s.weight) >> astrocyte.drive])
    change = tp.Perturbation("half", {"weight": 0.5}, at=14 * ms, stop=32 * ms)
    times, w, _ = integrals(made, 10.0, protocol=On(made["s"], change))
    lost = 0.5 * (np.clip(times, 14, 32) - 14)
    np.testing.assert_allclose(w, 2 * (times - lost)[:, None] * [1, 1], rtol=1e-9, atol=1e-12)
