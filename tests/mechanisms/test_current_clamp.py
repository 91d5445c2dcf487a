"""Every neuron takes an injected current, against closed forms and SciPy, in `simulate` and in networks."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite import mechanisms
from tripartite.language import Emission, Input, Mechanism, State
from tripartite.network import Network, On, Population, Spikes
from tripartite.protocols import Constant, Ramps, Sine, Steps
from tripartite.units import Hz, ms, pA, s

TIGHT = tp.Tsit5(rtol=1e-10, atol=1e-12)
G, C, REST, THRESHOLD, PAUSE = 9.99, 198.0, -60.0, -50.0, 5.0
NEURONS = [
    kind
    for kind in map(vars(mechanisms).get, mechanisms.__all__)
    if isinstance(kind, type) and issubclass(kind, Mechanism)
    if "spike" in kind.declared(Emission) and "v" in kind.declared(State)
]


def spikes(model, protocol=None, until=1 * s):
    return 1000 * np.asarray(tp.simulate(model, protocol, until=until, solver=TIGHT).events("spike")["time"])


def test_every_neuron_has_an_injected_current_of_0_until_somebody_gives_one():
    assert len(NEURONS) >= 6
    for kind in NEURONS:
        item = kind.declared(Input)["current"]
        assert item.default == 0
        assert item.unit == ("uA/cm**2" if "area" in kind.declarations else "pA")


@pytest.mark.parametrize("kind", NEURONS, ids=lambda kind: kind.__name__)
def test_a_current_charges_the_capacitance_of_every_neuron(kind):
    unit = tp.units.unit(kind.declared(Input)["current"].unit)
    slopes = []
    for current in (None, Constant(current=1.5 * unit)):
        system = tp.Model(neuron=kind()).system
        drives = {"neuron.current": 0.0 if current is None else tp.units.to_internal(1.5 * unit, str(unit), "current")}
        constants = [drives.get(e.key, e.value) for e in system.constants]
        rates = system.rates(system.values([e.value for e in system.states], constants))
        slopes.append(rates[[e.key for e in system.states].index("neuron.v")])
    capacity = tp.units.from_internal(kind().values["capacitance"], kind.declarations["capacitance"].unit)
    assert slopes[1] - slopes[0] == pytest.approx(1.5 / capacity, rel=1e-6)


def closed(current, begin, end):
    """Spikes (ms) of the leaky neuron under a step of current (pA), from rest."""
    tau, drive = C / G, current / G
    rise = tau * np.log(drive / (drive - (THRESHOLD - REST)))
    return np.arange(begin + rise, end, rise + PAUSE)


def test_a_step_makes_a_leaky_neuron_fire_as_its_closed_form_says():
    found = spikes(mechanisms.LeakyIntegrateFire(), Steps("current", [0.2, 0.7] * s, [150, 0] * pA))
    expected = closed(150, 200, 700)
    assert len(found) == len(expected) > 10
    np.testing.assert_allclose(found, expected, atol=1e-3)
    biased = spikes(mechanisms.LeakyIntegrateFire(bias_current=110 * pA), Constant(current=40 * pA), 0.5 * s)
    np.testing.assert_allclose(biased, closed(150, 0, 500), atol=1e-3)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_steps_into_slices_of_a_population_are_those_of_the_closed_form(threads):
    cells = Population(mechanisms.LeakyIntegrateFire(), 6)
    step = Steps("current", [0.1, 0.4] * s, [150, 0] * pA)
    network = Network(cells=cells, step=0.02 * ms)
    data = network.run(until=0.5 * s, protocol=On(cells[2:5], step), record=[Spikes(cells)], threads=threads).data
    times, who = 1000 * data["cells.spike.times"].values, data["cells.spike.cells"].values
    assert set(who) == {2, 3, 4}
    expected = closed(150, 100, 400)
    for cell in (2, 3, 4):
        late = times[who == cell] - expected
        assert np.all(late > -1e-3) and np.all(late < 0.05 * (1 + np.arange(len(late))))


def by_scipy(current, until):
    """Spikes (ms) of the leaky neuron under a course (pA) of time (ms)."""

    def rate(t, v):
        return (G * (REST - v) + current(t)) / C

    def reached(t, v):
        return v[0] - THRESHOLD

    reached.terminal, reached.direction = True, 1  # type: ignore[attr-defined]
    t, found = 0.0, []
    while True:
        run = solve_ivp(rate, (t, until), [REST], "DOP853", events=reached, max_step=5, rtol=1e-11, atol=1e-12)
        if not len(run.t_events[0]):
            return np.array(found)
        found.append(run.t_events[0][0])
        t = found[-1] + PAUSE
        if t >= until:
            return np.array(found)


COURSES = {
    "ramp": (Ramps("current", [0.1, 0.9] * s, [0, 300] * pA, step=0.5 * ms),
             lambda t: np.clip((t - 100) / 800, 0, 1) * 300),
    "sine": (Sine("current", 80 * pA, 8 * Hz, mean=120 * pA), lambda t: 120 + 80 * np.sin(2 * np.pi * 0.008 * t)),
}  # fmt: skip


@pytest.mark.parametrize("name", COURSES)
def test_ramps_and_sines_make_a_leaky_neuron_fire_as_scipy_says(name):
    protocol, course = COURSES[name]
    expected = by_scipy(course, 1000)
    found = spikes(mechanisms.LeakyIntegrateFire(), protocol)
    assert len(found) == len(expected) > 20
    np.testing.assert_allclose(found, expected, atol=0.02)
    cells = Population(mechanisms.LeakyIntegrateFire(), 3)
    data = Network(cells=cells, step=0.02 * ms).run(until=1 * s, protocol=protocol, record=[Spikes(cells)]).data
    times, who = 1000 * data["cells.spike.times"].values, data["cells.spike.cells"].values
    assert len(times) == 3 * len(expected)
    np.testing.assert_allclose(times[who == 1], expected, atol=0.6)
