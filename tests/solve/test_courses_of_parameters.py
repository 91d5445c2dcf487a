"""Parameters that a protocol sets, steps and ramps during a run, against SciPy and NumPy piece by piece."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.errors import DimensionError, QuantityError, RangeError, SolveError, UnknownNameError, WiringError
from tripartite.protocols import Pulses, Ramps, Sine, Steps
from tripartite.units import s, uM


class Pool(tp.Mechanism):
    """A pool that fills at a rate and is emptied by a saturating pump."""

    level = tp.State(1.0, "uM", "level")
    inflow = tp.Parameter(0.5, "uM/s", "inflow", "assumed: a test", low=0, high=5)
    pump = tp.Parameter(0.8, "uM/s", "rate of the pump", "assumed: a test", target="pump of a test")
    half = tp.Parameter(0.4, "uM", "affinity of the pump", "assumed: a test")

    def rates(q):
        return {"level": q.inflow - q.pump * q.level / (q.level + q.half)}


POOL = tp.Model(cell=Pool())
SAVED = np.linspace(0, 20, 41)


def pieces(edges, inflow, pump=lambda t: 0.8):
    """Levels at ``SAVED``, integrated from each of ``edges`` to the next with what holds between."""
    level, found = [1.0], np.empty(len(SAVED))
    for begin, end in zip(edges, [*edges[1:], 20.0], strict=True):
        at = SAVED[(begin <= SAVED) & (end >= SAVED)]

        def rate(t, y, middle=(begin + end) / 2, ramp=inflow):
            return ramp(t, middle) - pump(middle) * y / (y + 0.4)

        course = solve_ivp(rate, (begin, end), level, rtol=1e-11, atol=1e-13, dense_output=True)
        found[(begin <= SAVED) & (end >= SAVED)] = course.sol(at)[0]
        level = course.y[:, -1]
    return found


def run(protocol, **options):
    return tp.simulate(POOL, protocol, until=20 * s, save_at=SAVED * s, **options)


def held(values):
    """What holds from each time to the next, by the middle of a piece."""
    times = sorted(values)
    return lambda t, middle: values[max(time for time in times if time <= middle)]


STEPPED = Steps("inflow", [3, 7.3] * s, [1.2, 0.1] * uM / s, stop=12 * s)
WANTED = pieces([0, 3, 7.3, 12], held({0: 0.5, 3: 1.2, 7.3: 0.1, 12: 0.5}))


@pytest.mark.parametrize("solver", [tp.Tsit5(), tp.Kvaerno5()], ids=["Tsit5", "Kvaerno5"])
def test_a_parameter_is_set_over_a_window_and_then_what_it_was(solver):
    np.testing.assert_allclose(run(STEPPED, solver=solver)["level"].values, WANTED, rtol=2e-5)


def test_pulses_are_steps_that_come_back():
    low = Steps("inflow", [3] * s, [1.2] * uM / s, stop=5 * s)
    pulsed = run(Pulses("inflow", 1.2 * uM / s, [3] * s, 2 * s))["level"].values
    np.testing.assert_array_equal(pulsed, run(low)["level"].values)


def test_a_parameter_is_ramped():
    found = run(Ramps("inflow", [4, 10] * s, [0.5, 1.7] * uM / s, stop=14 * s))["level"].values
    course = lambda t, m: 0.5 + 0.2 * (t - 4) if 4 < m < 10 else 1.7 if 10 < m < 14 else 0.5  # noqa: E731
    np.testing.assert_allclose(found, pieces([0, 4, 10, 14], course), rtol=2e-5)


def test_factors_multiply_what_a_course_gives():
    weaker = tp.Perturbation("weaker", {"inflow": 0.5, "pump": 0.25}, at=5 * s, stop=9 * s)
    found = run(STEPPED & weaker)["level"].values
    inflow = held({0: 0.5, 3: 1.2, 5: 0.6, 7.3: 0.05, 9: 0.1, 12: 0.5})
    wanted = pieces([0, 3, 5, 7.3, 9, 12], inflow, lambda t: 0.2 if 5 < t < 9 else 0.8)
    np.testing.assert_allclose(found, wanted, rtol=2e-5)


def test_members_have_their_own_values_before_and_after():
    own = [0.5, 0.9]
    found = run(STEPPED, vary={"inflow": own * uM / s})["level"].values
    np.testing.assert_allclose(found[0], WANTED, rtol=2e-5)
    other = pieces([0, 3, 7.3, 12], held({0: 0.9, 3: 1.2, 7.3: 0.1, 12: 0.9}))
    np.testing.assert_allclose(found[1], other, rtol=2e-5)


def test_on_a_grid_what_changes_within_a_step_has_its_mean():
    found = run(STEPPED, solver=tp.EulerMaruyama(0.5 * s))["level"].values
    inflow = np.full(40, 0.5)
    inflow[6:14], inflow[14], inflow[15:24] = 1.2, 0.6 * 1.2 + 0.4 * 0.1, 0.1
    level = [1.0]
    for given in inflow:
        level.append(level[-1] + 0.5 * (given - 0.8 * level[-1] / (level[-1] + 0.4)))
    np.testing.assert_allclose(found, level, rtol=1e-12)


def test_the_gradient_sees_a_parameter_where_it_has_its_own_value():
    def loss(traces):
        return (traces["level"] ** 2).mean()

    protocol = STEPPED & tp.Perturbation("weaker", {"inflow": 0.5}, at=11 * s, stop=15 * s)
    options = {"until": 20 * s, "save_at": SAVED * s, "solver": tp.Tsit5(rtol=1e-10, atol=1e-12)}
    _, slopes = tp.gradient(loss, POOL, protocol, by=["inflow", "pump"], **options)
    for name in slopes:
        own = POOL[name]
        low, high = (
            float((tp.simulate(POOL.replace({name: own * (1 + d)}), protocol, **options)["level"] ** 2).mean())
            for d in (-1e-5, 1e-5)
        )
        wanted = (high - low) / (2e-5 * own.magnitude)
        np.testing.assert_allclose(slopes[name].to(1 / own.units).magnitude, wanted, rtol=1e-6)
    assert abs(slopes["inflow"].magnitude) > 0.1


REFUSED = [
    (Steps("inflow", [3] * s, [6] * uM / s), RangeError, r"inflow` must lie in \[0, 5\] uM/s; got 6 uM/s at 3 s"),
    (STEPPED & tp.Perturbation("more", {"inflow": 5.0}, at=4 * s), RangeError, r"got 6 uM/s.*"),
    (STEPPED & Steps("inflow", [15] * s, [1] * uM / s), SolveError, "driven by one protocol"),
    (Steps("inflow", [3] * s, [6] * uM), DimensionError, "another dimension"),
    (Steps("inflw", [3] * s, [6] * uM / s), UnknownNameError, "no unwired input or parameter `inflw`.*inflow"),
    (Sine("inflow", 0.1 * uM / s, "1 Hz"), QuantityError, "Give it: `mean=0.5 "),
]


@pytest.mark.parametrize(("protocol", "error", "words"), REFUSED)
def test_what_a_parameter_cannot_be_set_to_is_refused(protocol, error, words):
    with pytest.raises(error, match=words):
        run(protocol)


def test_a_course_stops_after_its_last_time():
    with pytest.raises(QuantityError, match=r"after its last time, 7\.3 s"):
        Steps("inflow", [3, 7.3] * s, [1.2, 0.1] * uM / s, stop=7 * s)


def test_an_input_without_default_has_nothing_to_go_back_to():
    with pytest.raises(QuantityError, match="has none"):
        tp.simulate(tp.mechanisms.LiRinzel(), Steps("ip3", [0] * s, [0.5] * uM, stop=1 * s), until=2 * s)


def test_a_held_parameter_is_not_set():
    with pytest.raises(WiringError, match="is held at"):
        tp.simulate(POOL.hold({"inflow": 1 * uM / s}), STEPPED, until=1 * s)


def test_values_that_no_run_would_show_are_not_varied():
    with pytest.raises(SolveError, match=r"the protocol sets `cell\.Pool\.inflow` from 0 s on"):
        run(Steps("inflow", [0] * s, [1.2] * uM / s), vary={"inflow": [0.5, 0.9] * uM / s})


def test_fixed_points_see_what_is_set_at_0_s():
    from_start = Steps("inflow", [0] * s, [0.2] * uM / s)
    found = tp.steady_states(POOL, from_start)["cell.level"].values
    np.testing.assert_allclose(found, 0.4 * 0.2 / (0.8 - 0.2), rtol=1e-9)
    with pytest.raises(SolveError, match="the protocol sets it to"):
        tp.continuation(POOL, "inflow", 0.1 * uM / s, 0.3 * uM / s, protocol=from_start)
