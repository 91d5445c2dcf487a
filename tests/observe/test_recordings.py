"""What read-outs refuse, and what they say then."""

import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tripartite.errors import DimensionError, RangeError, ResultError
from tripartite.observe import (
    Bleaching,
    camera,
    delta_f_over_f,
    epsc_peaks,
    fit_bleaching,
    photobleach,
    photometry,
    spike_fluorescence,
    unbleach,
)
from tripartite.units import Hz, ms, s

TIME = np.arange(0, 20, 0.1)
GOOD = xr.DataArray(np.ones((3, 200)), {"time": TIME}, ["cell", "time"])
BAD = {
    "a bare array": (np.ones(200), r"as a `Recording` or an `xarray.DataArray`; got an object of `ndarray`. Write"),
    "no time": (xr.DataArray(np.ones(200), dims="t"), r"a dimension `time`.* got dimensions \['t'\].* `values.rename"),
    "samples without times": (xr.DataArray(np.ones(200), dims="time"), r"with coordinates \[\]. Write"),
    "a falling time": (GOOD.isel(time=slice(None, None, -1)), "times that rise; got 200 samples.*Sort it"),
    "one sample": (GOOD.isel(time=[0]), "two samples or more.*got 1 samples"),
    "millivolts of time": (
        GOOD.assign_coords(time=("time", TIME, {"units": "mV"})),
        "`times` is measured in s; got mV",
    ),
}
every_readout = pytest.mark.parametrize(
    "show",
    [
        lambda f: camera(f, frame_rate=10 * Hz, photons=100),
        delta_f_over_f,
        photometry,
        lambda f: photobleach(f, Bleaching(5 * s)),
        lambda f: unbleach(f, Bleaching(5 * s)),
        fit_bleaching,
        lambda f: epsc_peaks(f, [1, 2] * s),
    ],
    ids=["camera", "delta_f_over_f", "photometry", "photobleach", "unbleach", "fit_bleaching", "epsc_peaks"],
)


@every_readout
@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_recording_is_refused_with_what_to_do(show, kind):
    given, said = BAD[kind]
    with pytest.raises((ResultError, DimensionError), match=said):
        show(given)


@every_readout
def test_a_result_is_no_recording_but_its_quantities_are(show):
    run = tp.simulate(tp.mechanisms.SpikeCalcium(), until=20 * s, save_at=TIME * s)
    with pytest.raises(ResultError, match=r"got an object of `Result`.*`result\["):
        show(run)
    show(run["ca"])


BRIGHT = xr.DataArray(np.linspace(3, 2, 200) + 0.1 * np.sin(TIME), {"time": TIME}, ["time"])


def plain(shown):
    """Numbers of whatever a read-out returns."""
    return np.array([shown.time_constant.magnitude]) if isinstance(shown, Bleaching) else np.asarray(shown.values)


@every_readout
def test_the_unit_of_time_does_not_matter_and_a_recording_is_as_good_as_an_array(show):
    expected = plain(show(BRIGHT))
    in_ms = BRIGHT.assign_coords(time=("time", 1000 * TIME, {"units": "ms"}))
    np.testing.assert_allclose(plain(show(in_ms)), expected, rtol=1e-9)
    shown = show(tp.Recording(TIME * s, BRIGHT.values))
    np.testing.assert_allclose(plain(shown), expected, rtol=1e-9)
    assert isinstance(shown, tp.Recording | Bleaching) or "stimulus" in shown.dims


@every_readout
def test_whole_numbers_without_a_sign_do_not_wrap(show):
    counts = np.round(100 * BRIGHT).astype(np.uint16)
    np.testing.assert_array_equal(plain(show(counts)), plain(show(counts.astype(float))))


def test_a_background_above_a_frame_leaves_it_negative():
    counts = xr.DataArray(np.array([150, 160, 95, 155, 240], dtype=np.uint16), {"time": np.arange(5.0)}, ["time"])
    found = delta_f_over_f(counts, percentile=50, background=100)
    np.testing.assert_allclose(found, np.array([50, 60, -5, 55, 140]) / 55 - 1)
    np.testing.assert_allclose(photometry(counts, background=-100), [50, 60, -5, 55, 140])


def test_missing_frames_stay_missing_and_change_no_other():
    holed = BRIGHT.where((TIME < 5) | (TIME > 5.35))
    missing = np.isnan(holed.values)
    for show in (lambda f: photobleach(f, Bleaching(5 * s)), lambda f: unbleach(f, Bleaching(5 * s)), photometry):
        np.testing.assert_array_equal(np.where(missing, np.nan, show(BRIGHT).values), show(holed).values)
    frames = camera(holed, frame_rate=5 * Hz, photons=1e6, seed=1)
    whole = camera(BRIGHT, frame_rate=5 * Hz, photons=1e6, seed=1)
    touched = [bool(missing[(t - 0.11 < TIME) & (t + 0.11 > TIME)].any()) for t in frames["time"].values]
    np.testing.assert_array_equal(np.isnan(frames), touched)
    np.testing.assert_allclose(frames.values[~np.array(touched)], whole.values[~np.array(touched)], rtol=0.01)
    np.testing.assert_allclose(plain(fit_bleaching(holed)), plain(fit_bleaching(BRIGHT)), rtol=0.1)
    cells = xr.concat([BRIGHT, holed], "cell")
    assert np.isnan(photometry(cells).values[missing]).all()
    np.testing.assert_array_equal(photometry(cells, weights=[1, 0]).values, BRIGHT.values)


def test_a_window_holds_what_was_taken_in_it():
    """Against a loop over samples, with a missing frame, a gap in the times and a drift."""
    times = TIME[(TIME < 6) | (TIME > 11)]
    values = 2 + 0.1 * times + np.random.default_rng(1).random(len(times))
    values[20] = np.nan
    expected = np.array([np.nanpercentile(values[np.abs(times - t) <= 1.5 + 1e-9], 20) for t in times])
    found = delta_f_over_f(tp.Recording(times, values), percentile=20, window=3 * s)
    np.testing.assert_allclose(found.values, values / expected - 1, rtol=1e-12)
    assert found.gaps == [pytest.approx((5.9, 11.1))]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: camera(GOOD, frame_rate=0 * Hz, photons=1), "takes frames; got a rate of 0"),
        (lambda: delta_f_over_f(GOOD, percentile=150), "from 0 to 100; got 150"),
        (lambda: delta_f_over_f(GOOD, window=-1 * s), "positive time; got -1"),
        (lambda: delta_f_over_f(GOOD, window=0.1 * s), "several frames, which are .* apart; got 0.1"),
        (lambda: photometry(GOOD, weights=[-1, 1, 2]), "0 or more.* got \\[-1, 1, 2\\]"),
        (lambda: photobleach(GOOD, 5 * s), "fades by a `Bleaching`; got 5 \\* s"),
        (lambda: unbleach(GOOD, Bleaching(1 * ms)), "something is left"),
        (lambda: fit_bleaching(GOOD[0], pieces=1), "three unknowns.*got pieces=1"),
        (lambda: epsc_peaks(GOOD, [2, 1] * s), "one after another.*got at=\\[2 1\\]"),
    ],
)
def test_numbers_without_a_meaning_are_refused(make, said):
    with pytest.raises(RangeError, match=said):
        make()


def test_spike_times_may_have_a_unit():
    plain = spike_fluorescence([1, 2], TIME, rise=0.1 * s, decay=1 * s)
    xr.testing.assert_allclose(plain, spike_fluorescence([1000, 2000] * ms, TIME * s, rise=0.1 * s, decay=1 * s))
