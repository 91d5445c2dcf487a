"""What speaks against a fit: noise determines nothing, a good trace does; units and gaps of the recording count."""

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from scipy.signal import lfilter

from tripartite import Recording
from tripartite.errors import RangeError, SolveError, TripartiteError, UnknownNameError
from tripartite.fit import Direct, Fit, Free, Linear, Problem, Scaled, fit
from tripartite.fit.quality import against_constant, autocorrelation, judged
from tripartite.identify import Verdict, profile
from tripartite.language import Compartment, Model
from tripartite.mechanisms import AdenosineUtilization, Purines, SpikeCalcium
from tripartite.protocols import SpikeTrain
from tripartite.solve import Tsit5
from tripartite.units import ms, nM, s, uM

TIMES = np.linspace(0, 40, 60)
FREE = {"rise": Free(0.1 * s, "decay"), "decay": Free(0.5 * s, 100 * s)}


def shape(rise=2.0, decay=9.0, onset=4.0):
    """Closed form of the two-step chain after one release."""
    since = np.maximum(TIMES - onset, 0)
    return decay / (decay - rise) * (np.exp(-since / decay) - np.exp(-since / rise)) * (since > 0)


def problem(recording, reading=Scaled, free=FREE):
    around, bouton = Compartment(Purines()), Compartment(AdenosineUtilization())
    return Problem(
        Model(around=around, bouton=bouton, wiring=[around.adenosine >> bouton.adenosine]), recording,
        reading("around.adenosine"), free, protocol=SpikeTrain(4 * s, event="gliorelease"),
        place=lambda rise, decay: {"around.conversion": 1 / rise, "around.removal": 1 / decay},
    )  # fmt: skip


def quick(recording, **more):
    return fit(problem(recording, **more), screened=64, starts=2)


def test_noise_determines_nothing():
    doubtful = 0
    for seed in range(20):
        noise = 1 + np.random.default_rng(seed).standard_normal(len(TIMES))
        found = quick(Recording(TIMES, noise), reading=Linear)
        doubtful += any("no better than a constant" in doubt for doubt in found.doubts())
    # The test is at 5 %, and cautious: not one of 20 is expected to pass.
    assert doubtful >= 19


def test_an_interval_from_noise_is_that_of_a_fit_in_doubt():
    noise = np.random.default_rng(3).standard_normal(len(TIMES))
    found = profile(quick(Recording(TIMES, noise), reading=Linear), "decay")
    assert found.verdict in (Verdict.UNSUPPORTED, Verdict.OPEN)
    assert "no better than a constant" in str(found)


def test_a_good_trace_determines_what_made_it():
    values = 3 * shape() + 0.05 * np.random.default_rng(1).standard_normal(len(TIMES))
    found = quick(Recording(TIMES, values))
    assert found.doubts() == () and found.quality.r2 > 0.98 and found.quality.against_constant < 1e-20
    decay = profile(found, "decay")
    assert decay.verdict is Verdict.DETERMINED and decay.low < 9 < decay.high


def test_correlated_residuals_put_an_interval_in_doubt():
    slow = lfilter([1], [1, -0.9], 0.05 * np.random.default_rng(2).standard_normal(len(TIMES)))
    found = quick(Recording(TIMES, 3 * shape() + slow))
    assert any("residuals are correlated" in doubt for doubt in found.doubts())
    assert profile(found, "decay").verdict is Verdict.UNSUPPORTED


def test_white_residuals_are_seldom_called_correlated_and_slow_ones_mostly_are():
    random = np.random.default_rng(5)
    white = [judged(Recording(TIMES, shape() + e), shape(), 3).doubts() for e in random.standard_normal((200, 60)) / 10]
    slow = [
        judged(Recording(TIMES, shape() + lfilter([1], [1, -0.7], e)), shape(), 3).doubts()
        for e in random.standard_normal((200, 60)) / 30
    ]
    assert sum(map(bool, white)) <= 6 and sum(map(bool, slow)) >= 180


def test_statistics_are_those_of_their_definitions():
    values = np.random.default_rng(7).standard_normal(50)
    made, pairs = autocorrelation(values, 5)
    apart = values - values.mean()
    np.testing.assert_allclose(made, [np.sum(apart[: 50 - k] * apart[k:]) / np.sum(apart**2) for k in range(6)])
    np.testing.assert_array_equal(pairs, 50 - np.arange(6))
    found = judged(Recording(np.arange(50.0), values), np.zeros(50), 1)
    assert found.durbin_watson == pytest.approx(np.sum(np.diff(values) ** 2) / np.sum(values**2))
    # F test of a straight line against a constant, from the correlation: F = r² (n - 2) / (1 - r²).
    x = np.arange(50.0)
    r = np.corrcoef(x, values)[0, 1]
    from scipy.stats import linregress

    still = np.sum(apart**2)
    assert against_constant(still * (1 - r**2), still, 50, 2) == pytest.approx(
        min(1, 50 * linregress(x, values).pvalue), rel=1e-9
    )


def test_a_missing_frame_has_no_neighbours():
    values = np.tile([1.0, -1.0], 10)
    times = np.delete(np.arange(20.0), 9)
    found = judged(Recording(times, np.delete(values, 9)), np.zeros(19), 1)
    assert found.autocorrelation[1] < -0.8  # in their order alone, two frames of one sign would meet


def test_as_many_numbers_as_points_are_refused():
    few = Recording([0, 5, 10], [0.0, 1.0, 0.5])
    with pytest.raises(RangeError, match="more points than it estimates numbers; got 3 points for 3"):
        quick(few)


def cleared(recording, reading=None, **options):
    model = Model(cell=SpikeCalcium())
    free = options.pop("free", {"clearance_time": Free(1 * ms, 1 * s), "cell.ca": Free(0.5 * uM, 5 * uM)})
    return Problem(model, recording, reading or Direct("ca"), free, **options)


def rest():
    return float(Model(cell=SpikeCalcium())["cell.ca_rest"].to("uM").magnitude)


@pytest.mark.parametrize("kind", ["plain", "ms", "nM", "array", "missing"])
def test_units_of_time_and_value_are_those_of_the_recording(kind):
    seconds = np.arange(0, 0.1, 0.004)
    values = rest() + 2 * np.exp(-50 * seconds)
    holed = np.where(np.arange(len(values)) % 7 == 3, np.nan, values)
    recording = {
        "plain": Recording(seconds, values, unit="uM"),
        "ms": Recording(seconds * 1000 * ms, values * uM),
        "nM": Recording(seconds, values * 1000 * nM),
        "array": xr.DataArray(values, {"time": ("time", seconds * 1e3, {"units": "ms"})}, attrs={"units": "uM"}),
        "missing": Recording(seconds, holed, unit="uM"),
    }[kind]
    found = fit(cleared(recording), screened=64, starts=2)
    assert 1 / found.estimates["clearance_time"].to("s").magnitude == pytest.approx(50, rel=1e-3)
    assert found.estimates["cell.ca"].to("uM").magnitude == pytest.approx(rest() + 2, rel=1e-3)
    scale = 1000 if kind == "nM" else 1
    assert found.rmse < 1e-3 * scale
    np.testing.assert_allclose(found.curve(np.array([0.02])), scale * (rest() + 2 * np.exp(-1)), rtol=1e-3)


def test_a_bound_by_another_quantity_is_converted():
    made = problem(Recording(TIMES, shape()), free={"rise": Free(100 * ms, "decay"), "decay": Free(0.5 * s, 100 * s)})
    assert made.bounds("rise") == pytest.approx((100, 100_000))
    assert made.fix(decay=3.0).bounds("rise") == pytest.approx((100, 3000))
    assert made.fix(rise=3000.0).bounds("decay") == pytest.approx((3, 100))
    for z in made.scatter(16, 1):
        values = made.values(z)
        assert values["rise"] <= 1000 * values["decay"] * (1 + 1e-12)


GOOD = Recording(np.arange(10) * 0.01, np.linspace(2, 0.1, 10), unit="uM")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: cleared(Recording(np.arange(9.0), np.ones(9), unit="mV")), "`cell.ca` is in uM, the recording in mV"),
        (lambda: cleared(Recording(np.arange(9.0), np.ones(9))), "the recording in 1"),
        (lambda: cleared(Recording(np.arange(9.0), np.ones((9, 2)), unit="uM")), "takes one course"),
        (lambda: cleared(np.ones(9)), "come as a `Recording`"),
        (lambda: cleared(GOOD, "ca"), "got 'ca'. Write for instance `Direct\\(\"astrocyte.ca\"\\)`"),
        (lambda: cleared(GOOD, Direct), "`reading` is an object of"),
        (lambda: cleared(GOOD, Direct("cca")), "Did you mean `cell.ca`"),
        (lambda: Direct(3), "`variable` is text"),
        (lambda: cleared(GOOD, free={"clearance_time": (1 * ms, 1 * s)}), "an object of `Free`; got \\("),
        (lambda: cleared(GOOD, free={}), "got nothing"),
        (lambda: cleared(GOOD, free=[Free(1 * ms, 1 * s)]), "`free` is a dictionary"),
        (lambda: Free(1 * s, 1 * ms), "the lower first"),
        (lambda: Free(1 * s, 1 * uM), "one dimension"),
        (lambda: Free([1, 2] * s, 3 * s), "one number"),
        (lambda: Free(np.nan * s, 3 * s), "finite"),
        (lambda: Free(None, 3 * s), "`low`"),
        (lambda: cleared(GOOD, protocol=3), "functions of free quantities; got 3"),
        (lambda: cleared(GOOD, place=lambda *names: {}), "does not name them"),
        (lambda: cleared(GOOD, fixed={"clearance_time": 1 * s}), "held at a number"),
        (lambda: cleared(GOOD).fix(clearance=1.0), "Did you mean `clearance_time`"),
        (lambda: cleared(GOOD, solver="Tsit5"), "`solver` is an object of"),
        (lambda: problem(GOOD, free={**FREE, "decay": Free(1 * s, "rise")}), "must have a bound of its own"),
        (lambda: problem(GOOD, free={**FREE, "rise": Free(1 * uM, "decay")}), "have one dimension"),
        (lambda: fit(cleared(GOOD), screened=0), "`screened` is a whole number from 1"),
        (lambda: fit(cleared(GOOD), starts=2.5), "`starts` is a whole number"),
        (lambda: fit(cleared(GOOD), seed=-1), "`seed` is a whole number"),
        (lambda: fit(cleared(GOOD), progress="yes"), "`progress` is True or False"),
        (lambda: fit(GOOD), "`problem` is an object of `Problem`"),
        (lambda: profile(GOOD, "decay"), "a least-squares fit; got"),
        (lambda: profile(Fit, "decay"), "a least-squares fit; got"),
    ],
)
def test_wrong_arguments_get_a_sentence(make, said):
    with pytest.raises(TripartiteError, match=said):
        make()


def test_a_mechanism_is_a_model_and_a_profile_knows_its_quantities():
    made = Problem(SpikeCalcium(), GOOD, Direct("ca"), {"clearance_time": Free(1 * ms, 1 * s)})
    found = fit(made, screened=8, starts=1)
    with pytest.raises(UnknownNameError, match="Did you mean `clearance_time`"):
        profile(found, "clearance_tim")
    for level in (1, 0, -1, np.nan, "x", None):
        with pytest.raises(TripartiteError):
            profile(found, "clearance_time", level=level)


def test_a_model_that_cannot_run_is_no_fit():
    made = cleared(GOOD, free={"cell.ca": Free(1 * uM, 2 * uM)}, solver=Tsit5(max_steps=1))
    with pytest.raises(SolveError, match="none of those tried"):
        fit(made, screened=4, starts=1)


def test_a_constant_recording_gives_failed_runs_no_advantage():
    made = cleared(Recording(np.arange(9.0), np.full(9, 0.3), unit="uM"), solver=Tsit5(max_steps=1))
    assert np.all(np.abs(made.residuals(np.full((1, 2), 0.5))) > 1)


def one_spike(noise=0.005):
    """Calcium by hand: a step of 0.2 uM at 3 s that decays in 2 s, on 0.05 uM, frames of 0.2 s."""
    times = np.arange(101) * 0.2
    since = times - 3.0
    course = 0.05 + np.where(since > -1e-9, 0.2 * np.exp(-np.maximum(since, 0) / 2), 0)
    return Recording(times, course + noise * np.random.default_rng(0).standard_normal(101), unit="uM")


def spiked(recording):
    free = {
        "onset": Free(0 * s, 8 * s),
        "clearance_time": Free(0.2 * s, 20 * s),
        "influx": Free(0.02 * uM, 2 * uM),
    }
    return Problem(Model(cell=SpikeCalcium()), recording, Direct("ca"), free, protocol=lambda onset: SpikeTrain(onset))


def test_a_jump_at_a_frame_does_not_trap_the_onset():
    found = fit(spiked(one_spike()), screened=64, starts=2)
    # Least squares by hand: between two frames onset and influx are one number, the height at the frame.
    from scipy.optimize import curve_fit

    recording = one_spike()
    after = recording.times > 2.9
    since, values = recording.times[after] - 3, recording.values - 0.05
    best, _ = curve_fit(lambda t, h, tau: h * np.exp(-t / tau), since, values[after], [0.1, 1.0])
    height = found.values["influx"] * np.exp(-(3 - found.values["onset"]) / found.values["clearance_time"])
    assert f"RMSE {found.rmse:.3g} µM" in str(found)
    assert [height, found.values["clearance_time"]] == pytest.approx(best, rel=1e-3)
    assert 2.8 < found.values["onset"] <= 3 and found.doubts() == ()


def test_starts_that_disagree_are_a_doubt():
    made = spiked(one_spike())
    assert any("had one start" in doubt for doubt in fit(made, screened=64, starts=1).doubts())
    good = fit(made, screened=64, starts=2)
    assert good.ends[1] - good.ends[0] < 1e-6 * good.ends[0]
    alone = replace(good, ends=(good.ends[0], 2 * good.ends[0]))
    assert alone.doubts()[0].startswith("one of 2 starts alone came to this optimum")
    assert "one of 2 starts alone" in str(alone) and "one of 2 starts alone" in alone._repr_html_()


def test_a_fit_in_a_poor_optimum_is_told_by_its_profile_and_goes_on_from_there():
    made = spiked(one_spike())
    held = fit(made.fix(onset=3.6), screened=16, starts=2)
    poor = replace(held, problem=made)
    found = profile(poor, "influx")
    assert found.verdict is Verdict.SURPASSED and "a better fit was found" in found.doubts[0]
    again = fit(made, screened=1, starts=1, guess=found.optimum)
    assert again.squares < 0.1 * poor.squares and len(again.ends) == 2
    with pytest.raises(TripartiteError, match="`onset` has none"):
        fit(made, guess={"influx": 0.1})


def test_progress_of_a_fit_and_of_a_profile_is_counted(capfd):
    found = fit(cleared(GOOD), screened=8, starts=2, progress=True)
    profile(found, "clearance_time", progress=True)
    shown = capfd.readouterr().err
    assert "fitting" in shown and "profile of clearance_time" in shown
