"""A change within the step of slow cells ends that step: what they read is never an average over a step of theirs."""

import math
from itertools import pairwise

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tripartite.errors import NetworkError
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State, hill
from tripartite.network import Coupling, Diffusion, Euler, Network, On, PoissonGroup, Population, Spikes, States
from tripartite.network.rules import Ring
from tripartite.network.run.simulation import Simulation
from tripartite.protocols import Constant, Pulses, Releases, SpikeTrain, Steps
from tripartite.units import Hz, mM, ms, mV, nS, pF, s, uM, um

SLOW = 10
"""Step (ms) of the slow cells; that of the network is 0.1 ms."""


class Sensor(Mechanism):
    """Counts what a steep curve makes of its input, and how long it stays above a threshold.

    **Sources** assumed: a test. **Holds for** tests.
    """

    bound = State(0.0, "1", "what the curve gave, summed up", low=0)
    left = State(1.0, "1", "what decays as fast as the input says", low=0)
    traced = State(0.0, "uM", "trace of events", low=0)
    substance = Input("uM", "what is driven")
    pulse = Input("uM", "what an event brings")
    half = Parameter(10.0, "uM", "half concentration", "assumed: a test", low=0)
    speed = Parameter(100.0, "1/s", "speed", "assumed: a test", low=0)
    decay = Parameter(50.0, "1/s", "decay of the trace", "assumed: a test", low=0)

    def rates(q):
        return {
            "bound": q.speed * hill(q.substance, q.half, 4),
            "left": -q.speed * hill(q.substance, q.half, 4) * q.left,
            "traced": -q.decay * q.traced,
        }

    def on_pulse(q):
        return {"traced": Add(q.pulse)}


def sensed(protocol, until=60, step=SLOW, network_step=0.1):
    cells = Population(Sensor(), 3, step=step * ms)
    network = Network(cells=cells, step=network_step * ms)
    record = States(cells, "bound", "left", "traced", every=until * ms)
    found = network.run(until=until * ms, protocol=On(cells, protocol), record=record, threads=1)
    return {name: found[f"cells.{name}"].values[-1] for name in ("bound", "left", "traced")}


@pytest.mark.parametrize(("begin", "duration"), [(10, 4), (12, 4), (18, 4), (19.9, 0.1), (13, 31)])
def test_a_pulse_that_enters_by_a_hill_curve_does_so_wherever_it_lies(monkeypatch, begin, duration):
    interpret(monkeypatch)
    found = sensed(Pulses("substance", 20 * uM, [begin] * ms, duration * ms, low=5 * uM))
    open_, rest = (x**4 / (x**4 + 10**4) for x in (20, 5))
    whole = 0.1 * (open_ * duration + rest * (60 - duration))
    np.testing.assert_allclose(found["bound"], whole, rtol=1e-12)
    # One step of Heun's method for each stretch that the pulse and the grid of 10 ms leave.
    edges = sorted({*range(0, 61, SLOW), begin, begin + duration})
    expected = 1.0
    for low, high in pairwise(edges):
        x = 0.1 * (open_ if begin <= low < begin + duration else rest) * (high - low)
        expected *= 1 - x + x**2 / 2
    np.testing.assert_allclose(found["left"], expected, rtol=1e-12)


def test_a_change_of_a_half_concentration_counts_as_long_as_it_lasts(monkeypatch):
    interpret(monkeypatch)
    change = tp.Perturbation("antagonist", {"half": 2}, at=12 * ms, stop=35.5 * ms)
    found = sensed(Constant(substance=10 * uM) & change)
    np.testing.assert_allclose(found["bound"], 0.1 * (0.5 * 36.5 + 23.5 / 17), rtol=1e-12)


def test_events_within_a_step_that_is_cut_decay_from_when_they_came(monkeypatch):
    interpret(monkeypatch)
    events = Releases("pulse", [3, 13, 13.5, 17, 26] * ms, 2 * uM)
    times = np.array([3, 13, 13.5, 17, 26])
    drive = Steps("substance", [0, 15, 17] * ms, [0, 3, 0] * uM)
    found = sensed(drive & events, until=30)["traced"]
    np.testing.assert_allclose(found, 2 * np.exp(-(30 - times) / 20).sum(), rtol=1e-12)
    # With another decay from 15 ms to 22 ms, which is known only to steps that are cut there.
    slower = tp.Perturbation("slower", {"decay": 0.5}, at=15 * ms, stop=22 * ms)
    found = sensed(Constant(substance=0 * uM) & events & slower, until=30)["traced"]
    passed = [(30 - t) - 0.5 * (22 - np.clip(t, 15, 22)) for t in times]
    np.testing.assert_allclose(found, 2 * np.exp(-np.array(passed) / 20).sum(), rtol=1e-12)


REST = tp.mechanisms.LeakyIntegrateFire(
    capacitance=200 * pF, g_l=10 * nS, e_l=-60 * mV, v=-60 * mV, v_threshold=-50 * mV, refractory=0 * ms
)


def test_a_threshold_lowered_within_a_step_is_crossed(monkeypatch):
    """By who stands between it and the old one; `simulate` says when, a network at the end of the step."""
    interpret(monkeypatch)
    lowered = [
        tp.Perturbation("lower", {"v_threshold": 1.3}, at=at * ms, stop=stop * ms)
        for at, stop in [(12, 14), (23, 38), (51, 51.1)]
    ]
    protocol = lowered[0] & lowered[1] & lowered[2]
    alone = tp.simulate(REST, protocol, until=80 * ms).events("spike")["time"].values * 1000
    np.testing.assert_allclose(alone, [12, 23, 51], rtol=1e-9)
    cells = Population(REST, 2, step=SLOW * ms)
    network = Network(n=cells, step=0.1 * ms)
    found = network.run(until=80 * ms, protocol=On(cells, protocol), record=Spikes(cells), threads=1).data
    np.testing.assert_allclose(found["n.spike.times"].values[::2] * 1000, [14, 30, 51.1], rtol=1e-9)


def test_a_refractory_time_is_measured_across_cuts(monkeypatch):
    """The clock of a slow cell counts steps of the network: resets at 20 and 53 ms, whatever cuts come between."""
    interpret(monkeypatch)
    cell = REST.replace(e_l=0 * mV, v_reset=-60 * mV, refractory=25 * ms)
    cells = Population(cell, 2, step=SLOW * ms)
    network = Network(n=cells, step=0.1 * ms)
    cut = tp.Perturbation("no matter", {"g_l": 1.0000001}, at=43 * ms, stop=47 * ms)
    found = network.run(until=80 * ms, protocol=On(cells, cut), record=Spikes(cells), threads=1).data
    times, v, since, expected = [0, 10, 20, 30, 40, 43, 47, 50, 60, 70, 80], -60.0, math.inf, []
    for low, high in pairwise(times):
        # Held while refractory, by the time at each stage of Heun's method; else exponential towards 0 mV.
        v = heun(v, since, high - low)
        since += high - low
        if v > -50:
            expected.append(high)
            v, since = -60.0, 0.0
    assert expected and found["n.spike.times"].values[::2] * 1000 == pytest.approx(expected)


def heun(v, since, width):
    def rate(v, since):
        return -v / 20 if since >= 25 else 0.0

    first = rate(v, since)
    second = rate(v + width * first, since + width * (1 - 2.0**-40))
    return v + width * (first + second) / 2


class Exchange(Mechanism):
    """Exchange between neighbours by the square of what is there, so that every length of a step shows.

    **Sources** assumed: a test. **Holds for** tests.
    """

    held = Input("uM", "substance here")
    neighbour_held = Input("uM", "substance there")
    speed = Parameter(5.0, "1/(s*uM)", "exchange", "assumed: a test", low=0)

    def rates(q):
        return {"held": q.speed * (q.neighbour_held**2 - q.held**2)}


class Holds(Mechanism):
    """A substance that spreads, and one that is made of it.

    **Sources** assumed: a test. **Holds for** tests.
    """

    held = State(1.0, "uM", "substance", low=0)
    made = State(0.0, "uM", "what is made of it", low=0)
    inflow = Input("uM/s", "what comes in")
    rate = Parameter(20.0, "1/(s*uM)", "how fast", "assumed: a test", low=0)

    def rates(q):
        return {"held": q.inflow, "made": q.rate * q.held**2}


START = np.array([1.0, 3.0, 0.5, 2.0])
EDGES = [0, 10, 13, 17, 20, 30, 40, 46, 50]
"""Ends of steps (ms) when something changes at 13, 17 and 46 ms."""


def test_coupled_cells_exchange_anew_at_a_cut(monkeypatch):
    interpret(monkeypatch)
    cells = Population(Holds(), 4, step=SLOW * ms, values={"held": START * uM}, method=Euler())
    joined = Coupling(cells, Exchange(), Ring())
    network = Network(cells=cells, connections=[joined], step=0.1 * ms)
    protocol = On(cells, Steps("inflow", [0, 13, 17] * ms, [0, 40, 0] * uM / s)) & On(
        joined, tp.Perturbation("less", {"speed": 0.5}, at=46 * ms)
    )
    found = network.run(until=50 * ms, protocol=protocol, record=States(cells, every=50 * ms), threads=1)
    held, made = START.copy(), np.zeros(4)
    for low, high in pairwise(EDGES):
        speed, inflow = (0.0025 if low >= 46 else 0.005), (0.04 if 13 <= low < 17 else 0)
        flux = speed * (np.roll(held, 1) ** 2 + np.roll(held, -1) ** 2 - 2 * held**2)
        held, made = held + (high - low) * (flux + inflow), made + (high - low) * 0.02 * held**2
    # The contacts of the last step are those that were held when it began.
    np.testing.assert_allclose(found["cells.held"].values[-1], held, rtol=1e-12)
    np.testing.assert_allclose(found["cells.made"].values[-1], made, rtol=1e-12)


def test_diffusion_takes_steps_as_long_as_the_cells_do(monkeypatch):
    interpret(monkeypatch)
    shape = tp.Morphology.cable(4 * um, 0.5 * um, 4)
    cells = Population(Holds(), shape, step=SLOW * ms, values={"held": START * uM}, method=Euler())
    spreading = Diffusion(cells, held=30 * um**2 / s)
    network = Network(cells=cells, connections=[spreading], step=0.1 * ms)
    protocol = On(cells, Steps("inflow", [0, 13, 17, 46] * ms, [0, 40, 0, 5] * uM / s))
    record = States(cells, every=50 * ms)
    found = network.run(until=50 * ms, protocol=protocol, record=record, threads=1)
    laplace = 0.03 * (np.diag([1, 2, 2, 1]) - np.eye(4, k=1) - np.eye(4, k=-1))  # cubes of 1 µm, in 1/ms
    held, made = START.copy(), np.zeros(4)
    for low, high in pairwise(EDGES):
        inflow = 0.04 if 13 <= low < 17 else 0.005 if low >= 46 else 0
        made = made + (high - low) * 0.02 * held**2
        held = np.linalg.solve(np.eye(4) + (high - low) * laplace, held + (high - low) * inflow)
    np.testing.assert_allclose(found["cells.held"].values[-1], held, rtol=1e-12)
    np.testing.assert_allclose(found["cells.made"].values[-1], made, rtol=1e-12)


class Walks(Mechanism):
    """A sum of noise.

    **Sources** assumed: a test. **Holds for** tests.
    """

    place = State(0.0, "1", "place")
    spread = Parameter(1.0, "1/ms**0.5", "spread", "assumed: a test")
    nothing = Input("1", "cuts steps")

    def noise(q):
        return {"place": q.spread * (1 + 0 * q.nothing)}


def test_noise_of_the_parts_of_a_step_is_independent_and_adds_up(monkeypatch):
    interpret(monkeypatch)
    count = 500
    cells = Population(Walks(), count, step=SLOW * ms)
    network = Network(cells=cells, step=1 * ms)
    protocol = On(cells, Steps("nothing", [0, 3, 13] * ms, [0, 1, 0]))
    record = States(cells, every=1 * ms)
    found = network.run(until=20 * ms, protocol=protocol, record=record, threads=1)["cells.place"].values
    parts = np.diff(found[[0, 3, 10, 13, 20]], axis=0)
    np.testing.assert_allclose(parts.std(axis=1), np.sqrt([3, 7, 3, 7]), rtol=5 / np.sqrt(2 * count))
    assert np.abs(np.corrcoef(parts)[np.triu_indices(4, 1)]).max() < 4.5 / np.sqrt(count)


# Stopping within a step


def two_parts(first, second, plan, between=None):
    """A run of slow cells in two stretches (ms), and the same in one."""
    made = []
    for stretches in ((first, second), (first + second,)):
        cells = Population(Sensor(), 2, step=SLOW * ms)
        network = Network(cells=cells, step=0.1 * ms)
        simulation, protocol = network.start(threads=1), On(cells, plan)
        for number, stretch in enumerate(stretches):
            if number and between:
                simulation = between(simulation, network)
            simulation.run(stretch * ms, record=[], protocol=None if number else protocol)
        made.append([np.array(simulation[f"cells_cell_{name}"]) for name in ("bound", "left", "traced")])
    return made


@pytest.mark.parametrize("first", [10, 12, 13, 14.5, 16, 18])
def test_who_stops_within_a_step_goes_on_to_the_bit(monkeypatch, tmp_path, first):
    interpret(monkeypatch)
    plan = Pulses("substance", 20 * uM, [13] * ms, 3 * ms) & Releases("pulse", [11, 15, 17] * ms, 2 * uM)
    plan = plan & tp.Perturbation("slower", {"decay": 0.5}, at=18 * ms)

    def stored(simulation, network):
        return Simulation.load(simulation.save(tmp_path / "at.zarr"), network, threads=1)

    for between in (None, stored, lambda simulation, _: simulation.branch()):
        for apart, whole in zip(*two_parts(first, 35 - first, plan, between), strict=True):
            np.testing.assert_array_equal(apart, whole)


def test_a_protocol_that_begins_within_a_step_is_refused_unless_it_changes_nothing_there(monkeypatch):
    interpret(monkeypatch)
    cells = Population(Sensor(), 2, step=SLOW * ms)
    network = Network(cells=cells, step=0.1 * ms)
    rest, later = Constant(substance=0 * uM), Steps("substance", [0, 20] * ms, [0, 5] * uM)
    other = Constant(substance=5 * uM)
    simulation = network.start(threads=1)
    simulation.run(15 * ms, protocol=On(cells, rest), record=[])
    for change in (other, rest & tp.Perturbation("slower", {"decay": 0.5}, at=17 * ms)):
        with pytest.raises(NetworkError, match=r"`cells` takes one from 0.01 s to 0.02 s, .* at 0.015 s"):
            simulation.branch().run(5 * ms, protocol=On(cells, change), record=[])
    simulation.branch().run(10 * ms, protocol=On(cells, later), record=[])
    simulation.run(5 * ms, record=[])
    simulation.run(5 * ms, protocol=On(cells, other), record=[])


# What is shorter than the step of the network


class Tank(Mechanism):
    """Fills as it is driven, and sends when it is full.

    **Sources** assumed: a test. **Holds for** tests.
    """

    filled = State(0.0, "mM", "substance", low=0)
    inflow = Input("mM/s", "what is driven")
    tap = Parameter(1.0, "1", "how far the tap is open", "assumed: a test", low=0)
    full = Emission("1", "full")

    def rates(q):
        return {"filled": q.inflow * q.tap}


@pytest.mark.parametrize(("begin", "duration"), [(12.02, 0.03), (12.02, 4), (11.98, 0.04), (12, 0.04), (12.06, 0.04)])
@pytest.mark.parametrize("step", [0.1, SLOW])
def test_a_pulse_off_the_grid_adds_what_it_brings(monkeypatch, begin, duration, step):
    interpret(monkeypatch)
    cells = Population(Tank(), 2, step=step * ms)
    network = Network(cells=cells, step=0.1 * ms)
    pulse = Pulses("inflow", 1000 * mM / s, [begin] * ms, duration * ms)
    short = duration < 0.1

    def run():
        return network.run(until=20 * ms, protocol=On(cells, pulse), record=States(cells, every=20 * ms), threads=1)

    if short:
        with pytest.warns(UserWarning, match=r"pulse of `cells.cell.inflow` at 0.012\d* s lasts 0.0[34] ms|at 0.01198"):
            found = run()
    else:
        found = run()
    np.testing.assert_allclose(found["cells.filled"].values[-1], duration, rtol=1e-9)


def test_a_perturbation_off_the_grid_lasts_as_long_as_it_says(monkeypatch, recwarn):
    interpret(monkeypatch)
    cells = Population(Tank(), 2)
    network = Network(cells=cells, step=0.1 * ms)
    change = tp.Perturbation("open", {"tap": 3}, at=12.03 * ms, stop=13.51 * ms)
    found = network.run(
        until=20 * ms,
        protocol=On(cells, Constant(inflow=1 * mM / s) & change),
        record=States(cells, every=20 * ms),
        threads=1,
    )
    np.testing.assert_allclose(found["cells.filled"].values[-1], 1e-3 * (20 + 2 * 1.48), rtol=1e-9)
    assert not [w for w in recwarn if "do not see what is shorter" in str(w.message)]


def test_a_staircase_of_short_steps_is_no_pulse(monkeypatch, recwarn):
    interpret(monkeypatch)
    cells = Population(Tank(), 2)
    network = Network(cells=cells, step=0.1 * ms)
    stairs = Steps("inflow", [0, 5.01, 5.03, 5.05, 5.07] * ms, [0, 100, 200, 300, 400] * mM / s)
    found = network.run(until=10 * ms, protocol=On(cells, stairs), record=States(cells, every=10 * ms), threads=1)
    whole = 0.1 * 0.02 + 0.2 * 0.02 + 0.3 * 0.02 + 0.4 * 4.93
    np.testing.assert_allclose(found["cells.filled"].values[-1], whole, rtol=1e-9)
    assert not [w for w in recwarn if "do not see what is shorter" in str(w.message)]


def test_a_short_burst_of_a_source_has_the_spikes_that_its_rate_says():
    source = PoissonGroup(4000, 0 * Hz)
    network = Network(source=source, step=0.1 * ms)
    burst = Steps("rate", [0, 5.02, 5.08] * ms, [0, 5000, 0] * Hz)
    with pytest.warns(UserWarning, match="pulse of `source.rate` at 0.00502 s lasts 0.06 ms"):
        found = network.run(until=10 * ms, protocol=On(source, burst), record=Spikes(source), threads=1).data
    times = found["source.spike.times"].values
    np.testing.assert_allclose(times, 0.0051, rtol=1e-6)
    assert len(times) == pytest.approx(4000 * 5 * 0.06, abs=5 * math.sqrt(4000 * 0.3 * 0.7))


def test_spikes_of_a_protocol_are_never_lost(monkeypatch):
    interpret(monkeypatch)
    times = [2.02, 2.04, 7.0, 7.09, 9.93]
    found = sensed(Constant(substance=0 * uM) & SpikeTrain(times * ms, event="pulse"), until=20, step=0.1)["traced"]
    assert found[0] == pytest.approx(np.exp(-(20 - np.array(times)) / 20).sum(), rel=0.01)
