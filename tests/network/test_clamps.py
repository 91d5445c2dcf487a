"""States of cells and synapses that a protocol holds while a network runs, and lets go."""

from itertools import pairwise

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, share_cells
from tripartite.errors import NetworkError, RangeError, UnknownNameError
from tripartite.interpret.kernels import cores
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State, where
from tripartite.mechanisms import LinearIp3Coupling
from tripartite.network import (
    Bdf,
    Coupling,
    Diffusion,
    Euler,
    Morphology,
    Network,
    On,
    Population,
    Projection,
    Spikes,
    SpikeTrains,
    States,
    Synapses,
)
from tripartite.network.roles import post, total
from tripartite.network.rules import AllToAll, Ring
from tripartite.network.run.simulation import Simulation
from tripartite.protocols import Clamp
from tripartite.units import ms, mV, s, uM, um

STEP, STEPS = 0.5, 48
DRIVE = np.array([0.4, 0.9, 0.2, 0.7, 0.55])


class Cell(Mechanism):
    """Rises towards a level, fires and is reset; leaves a trace.

    **Sources** assumed: a test. **Holds for** tests.
    """

    v = State(0.0, "1", "what rises", low=-5, high=5)
    trace = State(0.0, "1", "trace of spikes")
    got = State(0.0, "1", "what came")
    spike = Emission("1", "a spike")
    sent = Input("1", "what synapses send", default=0)
    drive = Parameter(0.5, "1/ms", "drive", "assumed: a test")
    leak = Parameter(0.3, "1/ms", "leak", "assumed: a test")
    fade = Parameter(0.2, "1/ms", "decay of the trace", "assumed: a test")

    def rates(q):
        return {"v": q.drive - q.leak * q.v**2, "trace": -q.fade * q.trace}

    def crossing(q):
        return q.v - 1

    def on_crossing(q):
        return {"v": 0 * q.v, "trace": q.trace + 1, "spike": 1.0}

    def on_sent(q):
        return {"got": Add(q.sent), "v": Add(0.1 * q.sent)}


WINDOWS = {"v": ([1, 3], 0.8, 3.0, 9.25), "trace": ([2, 3, 4], 2.0, 5.25, 14.0)}
"""Cells, value, begin and stop (ms)."""


def free(key, t):
    """How far each cell's state is free over the step that begins at ``t``."""
    cells, _, begin, stop = WINDOWS[key]
    found = np.ones(5)
    found[cells] -= max(0.0, min(stop, t + STEP) - max(begin, t)) / STEP
    return found


def by_hand(slow):
    v, trace, spikes = np.zeros(5), np.zeros(5), []
    changes = {f(t / STEP) for *_, a, b in WINDOWS.values() for t in (a, b) for f in (np.floor, np.ceil)}
    edges = sorted({*range(0, STEPS + 1, slow), *map(int, changes)})
    for n, end in pairwise(edges):
        for key, state in (("v", v), ("trace", trace)):
            cells, value, begin, _ = WINDOWS[key]
            if n == int(np.ceil(begin / STEP)):
                state[cells] = value
        h = (end - n) * STEP
        moving, fading = free("v", n * STEP), free("trace", n * STEP)
        before = v.copy()
        first = moving * (DRIVE - 0.3 * v**2)
        second = moving * (DRIVE - 0.3 * (v + h * first) ** 2)
        v += h * (first + second) / 2
        trace *= np.exp(-0.2 * fading * h)
        fired = (before <= 1) & (v > 1)
        v[fired & (moving > 0)] = 0
        trace[fired & (fading > 0)] += 1
        spikes += [(end, int(cell)) for cell in np.flatnonzero(fired)]
    return v, trace, spikes


def clamped(cells):
    found = [On(cells[who], Clamp(key, value, at=a * ms, stop=b * ms)) for key, (who, value, a, b) in WINDOWS.items()]
    return found[0] & found[1]


@pytest.mark.parametrize(("slow", "threads"), [(1, 1), (1, 3), (4, 2)])
def test_states_of_chosen_cells_are_held_and_go_on_from_there(monkeypatch, slow, threads):
    interpret(monkeypatch)
    share_cells(monkeypatch, 1)
    monkeypatch.setattr(cores, "COUNT", 4)
    cells = Population(Cell(), 5, step=slow * STEP * ms, values={"drive": DRIVE / ms})
    network = Network(cells=cells, step=STEP * ms)
    record = [States(cells, "v", "trace", every=slow * STEP * ms), Spikes(cells)]
    found = network.run(until=STEPS * STEP * ms, protocol=clamped(cells), record=record, threads=threads)
    v, trace, spikes = by_hand(slow)
    np.testing.assert_allclose(found["cells.v"].values[-1], v, rtol=1e-12)
    np.testing.assert_allclose(found["cells.trace"].values[-1], trace, rtol=1e-12)
    times = np.rint(found.data["cells.spike.times"].values / (STEP / 1000)).astype(int)
    assert sorted(zip(times.tolist(), found.data["cells.spike.cells"].values.tolist(), strict=True)) == sorted(spikes)
    held = found["cells.v"].sel(time=slice(0.0041, 0.0089)).values[:, [1, 3]]
    assert np.all(held == 0.8)


def test_a_run_in_stretches_holds_what_a_whole_run_holds(monkeypatch, tmp_path):
    interpret(monkeypatch)
    cells = Population(Cell(), 5, values={"drive": DRIVE / ms})
    network = Network(cells=cells, step=STEP * ms)
    running, found = Simulation(network, threads=1), None
    for stretch in (2.0, 5.0, 4.5, 12.5):  # the first without a clamp, for which the network is laid out anew
        protocol = clamped(cells) if found is not None else None
        found = running.run(stretch * ms, States(cells, every=STEP * ms), protocol=protocol)
        running.save(tmp_path / "run.zarr")
        running = Simulation.load(tmp_path / "run.zarr", network, threads=1)
    v, trace, _ = by_hand(1)
    np.testing.assert_allclose(found["cells.v"].values[-1], v, rtol=1e-12)
    np.testing.assert_allclose(found["cells.trace"].values[-1], trace, rtol=1e-12)


def test_a_clamp_that_is_given_late_holds_its_value_from_then_on(monkeypatch):
    interpret(monkeypatch)
    cells = Population(Cell(), 5, values={"drive": DRIVE / ms})
    running = Simulation(Network(cells=cells, step=STEP * ms), threads=1)
    running.run(5 * ms)
    found = running.run(2 * ms, States(cells, every=STEP * ms), protocol=clamped(cells))
    np.testing.assert_array_equal(found["cells.v"].values[:, [1, 3]], 0.8)


class Synapse(Mechanism):
    """Lazy states, one that waits for another, and one that follows no closed form.

    **Sources** assumed: a test. **Holds for** tests.
    """

    x = State(0.0, "1", "trace", high=10)
    y = State(0.0, "1", "follows the trace")
    above = State(0.0, "1", "moves while the trace is high")
    u = State(1.0, "1", "nonlinear")
    sent = Emission("1", "what is sent")
    spike = Input("1", "a spike")
    k = Parameter(0.2, "1/ms", "decay", "assumed: a test")
    theta = Parameter(1.0, "1", "threshold", "assumed: a test")

    def rates(q):
        high = where(q.x > q.theta, q.k, 0 * q.k)
        return {"x": -q.k * q.x, "y": q.k * (q.x - q.y), "above": high - q.k * q.above, "u": -q.k * q.u**2}

    def on_spike(q):
        return {"x": q.x + 1, "u": Add(0.5), "sent": q.x + q.y + q.above + q.u}


SPIKES = {3.0: 0, 6.0: 1, 7.5: 0, 12.0: 0, 20.0: 1}


def synapses_by_hand(key, value, begin, stop):
    """The states of a synapse of each train, and what it sent, in fine steps for what has no closed form."""
    sent, states = np.zeros(2), []
    for train in range(2):
        q = {"x": 0.0, "y": 0.0, "above": 0.0, "u": 1.0}
        held = lambda name, t: name == key and begin <= t < stop  # noqa: E731
        for n in range(STEPS):
            t = n * STEP
            if t == begin:
                q[key] = value
            if SPIKES.get(t - 1) == train:
                sent[train] += q["x"] + q["y"] + q["above"] + q["u"]
                if not held("x", t):
                    q["x"] += 1
                if not held("u", t):
                    q["u"] += 0.5
            fine = 500
            for _ in range(fine):  # midpoint rule
                h = STEP / fine
                now = dict(q)
                for part in (h / 2, h):
                    high = 0.2 if now["x"] > 1 else 0.0
                    slope = {
                        "x": -0.2 * now["x"], "y": 0.2 * (now["x"] - now["y"]),
                        "above": high - 0.2 * now["above"], "u": -0.2 * now["u"] ** 2,
                    }  # fmt: skip
                    now = {k: q[k] + (0 if held(k, t) else part * slope[k]) for k in q}
                q = now
        states.append(q)
    return states, sent


@pytest.mark.parametrize("late", [False, True], ids=["known", "given late"])
@pytest.mark.parametrize("key", ["x", "y", "above", "u"])
def test_states_of_synapses_are_held_lazy_or_not(monkeypatch, key, late):
    interpret(monkeypatch)
    cells = Population(Cell(drive=0 / ms), 3)
    trains = SpikeTrains(2, list(SPIKES.values()), list(SPIKES) * ms)
    synapse = tp.Compartment(Synapse())
    edges = Projection(
        trains, cells, synapse=synapse, rule=AllToAll(), delay=1 * ms, wiring=[synapse.sent >> post.sent]
    )
    network = Network(cells=cells, trains=trains, connections={"edges": edges}, step=STEP * ms)
    record = [Synapses(edges, every=STEPS * STEP * ms), States(cells, "got", every=STEPS * STEP * ms)]
    protocol = On(edges, Clamp(key, 1.7, at=5 * ms, stop=15 * ms))
    if late:  # in the middle of what lazy states have not yet followed
        running = Simulation(network, threads=1)
        running.run(4.5 * ms)
        found = running.run((STEPS * STEP - 4.5) * ms, record, protocol=protocol)
    else:
        found = network.run(until=STEPS * STEP * ms, protocol=protocol, record=record, threads=1)
    states, sent = synapses_by_hand(key, 1.7, 5.0, 15.0)
    for name in ("x", "y", "above", "u"):
        wanted = np.repeat([q[name] for q in states], 3)
        np.testing.assert_allclose(found[f"edges.{name}"].values[-1], wanted, rtol=4e-3, err_msg=name)
    np.testing.assert_allclose(found["cells.got"].values[-1], sent.sum(), rtol=2e-3)


class Pool(Mechanism):
    """A substance that only passes between cells.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ip3 = State(1.0, "uM", "IP3", low=0)


def test_what_comes_through_contacts_does_not_move_a_clamped_cell(monkeypatch):
    interpret(monkeypatch)
    pools = Population(Pool(), 6, method=Euler())
    network = Network(pools=pools, connections=[Coupling(pools, LinearIp3Coupling(permeability=100 / s), Ring())])
    held = On(pools[2:3], Clamp("ip3", 5 * uM, at=2 * ms, stop=6 * ms))
    found = network.run(until=10 * ms, protocol=held, record=States(pools, every=10 * ms), threads=1)
    ip3 = np.ones(6)
    for n in range(100):
        if n == 20:
            ip3[2] = 5
        change = 0.1 * 0.1 * (np.roll(ip3, 1) + np.roll(ip3, -1) - 2 * ip3)
        change[2] *= not 20 <= n < 60
        ip3 = ip3 + change
    np.testing.assert_allclose(found["pools.ip3"].values[-1], ip3, rtol=1e-12)


def test_a_cell_is_held_as_in_simulate():
    """Compiled, with noise of none and a neuron of the library."""
    cell = tp.mechanisms.HodgkinHuxley()
    clamp = Clamp("v", [-80, -10] * mV, at=[5, 10] * ms, stop=12 * ms)
    alone = tp.simulate(cell, clamp, until=20 * ms, save_every=1 * ms)
    cells = Population(cell, 257)
    network = Network(cells=cells, step=0.01 * ms)
    found = network.run(until=20 * ms, protocol=On(cells, clamp), record=States(cells, every=1 * ms), threads=2)
    for name in ("v", "n", "h"):
        there = found[f"cells.{name}"].values
        assert np.ptp(there, axis=1).max() == 0
        np.testing.assert_allclose(there[:, 256], alone[name].values, rtol=2e-3, atol=2e-3)


def test_what_cannot_be_clamped_in_a_network_is_refused():
    cells = Population(Cell(), 5)
    network = Network(cells=cells, step=STEP * ms)
    once = On(cells[:3], Clamp("v", 0.5, at=1 * ms))
    refused = [
        (
            On(cells, Clamp("v", 6, at=1 * ms)),
            RangeError,
            r"`cell\.v` must lie in \[-5, 5\]; got 6 at 0.001 s of `cells`",
        ),
        (On(cells, Clamp("drive", 6, at=1 * ms)), UnknownNameError, "no state `drive`"),
        (once & On(cells[2:], Clamp("v", 0.1, at=5 * ms)), NetworkError, r"`cell\.v` of .*cell.* by both"),
    ]
    for protocol, error, words in refused:
        with pytest.raises(error, match=words):
            network.run(until=10 * ms, protocol=protocol, threads=1)
    with pytest.raises(NetworkError, match="clamps a state"):
        pools = Population(Pool(), 3)
        Network(pools=pools).run(until=1 * ms, protocol=On(pools, Clamp("ip3", 1 * uM, at=0 * ms)), solver=Bdf())


class Trace(Mechanism):
    """A trace of spikes.

    **Sources** assumed: a test. **Holds for** tests.
    """

    x = State(0.0, "1", "trace")
    spike = Input("1", "a spike")
    k = Parameter(0.2, "1/ms", "decay", "assumed: a test")

    def rates(q):
        return {"x": -q.k * q.x}

    def on_spike(q):
        return {"x": Add(1.0)}


class Reader(Mechanism):
    """A cell that reads the sum of its synapses.

    **Sources** assumed: a test. **Holds for** tests.
    """

    seen = State(0.0, "1", "what was read")
    level = Input("1", "sum over synapses")
    k = Parameter(1.0, "1/ms", "rate", "assumed: a test")

    def rates(q):
        return {"seen": q.k * q.level}


def test_a_trace_that_is_kept_as_a_sum_is_clamped_from_the_start_only(monkeypatch):
    interpret(monkeypatch)
    synapse = tp.Compartment(Trace())
    cells, trains = Population(Reader(), 2), SpikeTrains(3, [0, 1, 2], [1, 2, 3] * ms)
    edges = Projection(
        trains, cells, synapse=synapse, rule=AllToAll(), delay=1 * ms, wiring=[total(synapse.x) >> post.level]
    )
    network = Network(cells=cells, trains=trains, connections={"edges": edges}, step=STEP * ms)
    protocol = On(edges, Clamp("x", 2, at=5 * ms))
    found = network.run(until=10 * ms, protocol=protocol, record=States(cells, every=5 * ms), threads=1)
    np.testing.assert_allclose(np.diff(found["cells.seen"].values[1:, 0]), 5 * 3 * 2, rtol=1e-12)
    running = Simulation(network, threads=1)
    running.run(2 * ms)
    with pytest.raises(NetworkError, match=r"`synapse\.x` would have to be kept in another way"):
        running.run(5 * ms, protocol=protocol)


def test_what_diffuses_is_not_clamped():
    cells = Population(Pool(), Morphology.tree())
    network = Network(cells=cells, connections=[Diffusion(cells, ip3=20 * um**2 / s)])
    with pytest.raises(NetworkError, match=r"`cells\.cell\.ip3` is"):
        network.run(until=1 * ms, protocol=On(cells[:1], Clamp("ip3", 1 * uM, at=0 * ms)))
