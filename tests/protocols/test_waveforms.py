"""Ramps, sines, recorded traces and noise as inputs, against SciPy and statistics, in `simulate` and in networks."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.errors import DimensionError, QuantityError, RangeError, RecordingError, WiringError
from tripartite.language import Input, Mechanism, Output, Parameter, State
from tripartite.network import Network, On, Population, RungeKutta4, States
from tripartite.protocols import OrnsteinUhlenbeckNoise, Ramps, Sine, WhiteNoise
from tripartite.units import Hz, ms, nM, s, uM

TIGHT = tp.Tsit5(rtol=1e-11, atol=1e-13)


class Bound(Mechanism):
    """Bound by an input that is 1 uM at rest, along a curve, and shown as it is.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = Input("uM", "what is bound", default=1.0)
    x = State(0.2, "1", "bound", low=0, high=1)
    pace = Parameter(20.0, "1/s", "pace", "assumed: a test", low=0)
    half = Parameter(2.0, "uM", "half concentration", "assumed: a test", low=1e-6)
    seen = Output("uM", "what is bound")

    def outputs(q):
        return {"seen": q.level}

    def rates(q):
        return {"x": q.pace * (q.level / (q.level + q.half) * (1 - q.x) - q.x)}


class Needy(Mechanism):
    """Shows an input that somebody must give.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = Input("uM", "what is shown")
    seen = Output("uM", "what is shown")

    def outputs(q):
        return {"seen": q.level}


TIMES, VALUES = [0.1, 0.4, 0.4, 0.7, 0.9], [1.0, 5.0, 2.0, 2.0, 0.5]


def ramped(t):
    return np.where(t < 0.1, 1, np.where(t < 0.4, 1 + 4 * (t - 0.1) / 0.3, np.interp(t, TIMES[2:], VALUES[2:])))


def swung(t):
    return np.where((t >= 0.1) & (t < 0.8), 2 + 1.5 * np.sin(2 * np.pi * 5 * (t - 0.1) + 0.7), 1.0)


SWING = {"mean": 2 * uM, "phase": 0.7, "start": 0.1 * s, "stop": 0.8 * s}
COURSES = {
    "ramps": (lambda step: Ramps("level", TIMES * s, VALUES * uM, step=step), ramped, TIMES),
    "sine": (lambda step: Sine("level", 1.5 * uM, 5 * Hz, **SWING, step=step), swung, [0.1, 0.8]),
}


def exact(course, breaks, times):
    """The bound part at ``times`` (s) for a course of the level, by SciPy from break to break."""
    edges, y, found = sorted({0.0, *breaks, 1.0}), [0.2], {}
    for begin, end in pairwise(edges):
        inside = [t for t in times if begin < t <= end + 1e-12]

        def rate(t, y, last=np.nextafter(end, 0)):
            level = float(course(np.minimum(t, last)))
            return 20 * (level / (level + 2) * (1 - y) - y)

        run = solve_ivp(rate, (begin, end), y, "DOP853", dense_output=True, rtol=1e-11, atol=1e-13)
        found |= {t: float(run.sol(t)[0]) for t in inside}
        y = run.y[:, -1]
    return np.array([found[t] for t in times])


AT = np.arange(1, 21) * 0.05


@pytest.mark.parametrize("name", COURSES)
def test_what_a_course_causes_is_that_of_scipy_to_the_square_of_the_stairs(name):
    made, course, breaks = COURSES[name]
    reference = exact(course, breaks, AT)
    errors = []
    for step in (8 * ms, 4 * ms, None):
        run = tp.simulate(Bound(), made(step), until=1 * s, save_at=AT * s, solver=TIGHT)
        errors.append(np.abs(run["x"].values - reference).max())
    assert 3 < errors[0] / errors[1] < 5
    assert 1e-10 < errors[2] < 2e-5


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("name", COURSES)
def test_slices_of_a_population_follow_courses_as_scipy_says(name, threads):
    made, course, breaks = COURSES[name]
    cells = Population(Bound(), 6, step=2 * ms, method=RungeKutta4())
    run = Network(cells=cells, step=0.5 * ms).run(
        until=1 * s,
        protocol=On(cells[1:4], made(1 * ms)),
        record=[States(cells, "x", every=50 * ms)],
        threads=threads,
    )
    found = run["cells.x"].values[1:]
    reference, rest = exact(course, breaks, AT), exact(lambda t: 1.0, [], AT)
    np.testing.assert_allclose(found[:, 1:4], np.repeat(reference[:, None], 3, axis=1), rtol=3e-5)
    np.testing.assert_allclose(found[:, [0, 4, 5]], np.repeat(rest[:, None], 3, axis=1), rtol=1e-6)


def test_a_recorded_trace_is_followed_in_its_units():
    random = np.random.default_rng(3)
    times, values = np.arange(51) * 0.02, 1000 * random.random(51)
    protocol = Ramps.recorded("level", tp.Recording(times * s, values * nM))
    reference = exact(lambda t: np.interp(t, times, values / 1000), times, AT)
    run = tp.simulate(Bound(), protocol, until=1 * s, save_at=AT * s, solver=TIGHT)
    np.testing.assert_allclose(run["x"], reference, rtol=1e-4)
    again = Ramps.recorded("level", tp.simulate(Bound(), protocol, until=1 * s, save_at=times * s)["x"] * 1.0)
    with pytest.raises(DimensionError, match="level"):
        tp.simulate(Bound(), again, until=1 * s)


def shown(protocol, until=1 * s, seed=0, **options):
    """What a cell sees, at 0.5 ms, 1.5 ms, ..."""
    at = np.arange(0.5, until.to("ms").magnitude, 1.0) * ms
    return tp.simulate(Bound(), protocol, until=until, save_at=at, seed=seed, **options)["seen"].values


NOISES = {
    "white": WhiteNoise("level", 0.2 * uM, 2 * ms, mean=3 * uM, seed=1),
    "coloured": OrnsteinUhlenbeckNoise("level", 0.2 * uM, 2 * ms, time_constant=10 * ms, mean=3 * uM, seed=1),
}


@pytest.mark.parametrize("name", NOISES)
def test_noise_has_its_mean_deviation_and_memory(name):
    values = shown(NOISES[name], until=40 * s).reshape(-1, 2)
    np.testing.assert_array_equal(values[:, 0], values[:, 1])
    x = values[:, 0] - 3
    kept = np.exp(-2 / 10) if name == "coloured" else 0.0
    effective = len(x) * (1 - kept) / (1 + kept)
    assert abs(x.mean()) < 4 * 0.2 / np.sqrt(effective)
    assert x.std() == pytest.approx(0.2, rel=4 / np.sqrt(2 * len(x) * (1 - kept**2) / (1 + kept**2)))
    for lag in (1, 5):
        assert np.mean(x[lag:] * x[:-lag]) / x.var() == pytest.approx(kept**lag, abs=4 / np.sqrt(effective))


@pytest.mark.parametrize("name", NOISES)
def test_noise_is_one_in_simulate_and_networks_and_begins_alike_in_longer_runs(name):
    noise = NOISES[name]
    alone = shown(noise, seed=4)
    np.testing.assert_array_equal(shown(noise, until=2 * s, seed=4)[:1000], alone)
    assert not np.any(shown(noise, seed=5) == alone)
    for threads in (1, 2, 5):
        cells = Population(Bound(), 3)
        simulation = Network(cells=cells, step=0.5 * ms).start(seed=4, threads=threads)
        parts = [
            simulation.run(0.5 * s, protocol=On(cells[1:], noise), record=[States(cells, "seen", every=0.5 * ms)])
            for _ in range(2)
        ]
        seen = np.concatenate([part["cells.seen"].values[-1000:] for part in parts])
        np.testing.assert_array_equal(seen[0::2, 1], alone)
        np.testing.assert_array_equal(seen[:, 1], seen[:, 2])
        assert np.all(seen[:, 0] == 1)


def test_before_and_after_a_course_an_input_has_its_default_or_the_mean():
    span = {"start": 0.2 * s, "stop": 0.4 * s}
    for course in (
        Sine("level", 0.5 * uM, 10 * Hz, mean=3 * uM, **span),
        WhiteNoise("level", 0.1 * uM, 9 * ms, **span),
    ):
        seen = shown(course)
        assert np.all(seen[:200] == 1) and np.all(seen[400:] == 1) and np.all(seen[200:400] != 1)
    needy = tp.simulate(Needy(), Sine("level", 0.5 * uM, 10 * Hz, mean=3 * uM, **span), until=1 * s)
    assert float(needy["seen"][0]) == float(needy["seen"][-1]) == 3
    with pytest.raises(WiringError, match="source from 0 s on"):
        tp.simulate(Needy(), until=1 * s)
    with pytest.raises(QuantityError, match="rising from 0 s"):
        tp.simulate(Needy(), Ramps("level", [0.1, 1] * s, [0, 1] * uM), until=1 * s)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: Ramps("level", [0, 2, 1] * s, [0, 1, 2] * uM), "that rise"),
        (lambda: Ramps("level", [0, 1, 1, 1] * s, [0, 1, 2, 3] * uM), "at most two are equal"),
        (lambda: Ramps("level", [0] * s, [0] * uM), "two or more"),
        (lambda: Ramps("level", [0, 1] * s, [0, 1] * uM, step=0 * s), "positive time"),
        (lambda: Sine("level", 0.1 * uM, 0 * Hz), "positive frequency"),
        (lambda: Sine("level", 0.1 * uM, 1 * Hz, start=2 * s, stop=1 * s), "stops later"),
        (lambda: WhiteNoise("level", -1 * uM, 1 * ms), "0 or more"),
        (lambda: WhiteNoise("level", 1 * uM, None), "every"),
        (lambda: OrnsteinUhlenbeckNoise("level", 1 * uM, 1 * ms, time_constant=0 * s), "positive time"),
        (lambda: WhiteNoise("level", 0.1 * uM, 1e-9 * ms), "Take longer stairs"),
    ],
)
def test_a_course_that_is_none_is_refused(wrong, words):
    with pytest.raises(QuantityError, match=words):
        tp.simulate(Bound(), wrong(), until=10 * s)


def test_a_course_out_of_range_and_a_broken_recording_are_refused():
    with pytest.raises(RangeError, match=r"`cell.level` must lie in \[0, inf\] uM; got -"):
        tp.simulate(Bound(), Sine("level", 2 * uM, 1 * Hz), until=1 * s)
    with pytest.raises(RecordingError, match="one course without missing frames"):
        Ramps.recorded("level", tp.Recording([0, 1, 2] * s, [1, np.nan, 2] * uM))


def test_courses_are_stored_and_run_again():
    for protocol in (*NOISES.values(), COURSES["ramps"][0](None), COURSES["sine"][0](None)):
        first = tp.simulate(Bound(), protocol, until=0.2 * s)
        np.testing.assert_array_equal(tp.rerun(first, classes=[Bound])["x"], first["x"])
