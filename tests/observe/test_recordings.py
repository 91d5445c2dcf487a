"""What read-outs refuse, and what they say then."""

import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tripartite.errors import RangeError, ResultError
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
    "a bare array": (np.ones(200), r"as an `xarray.DataArray`; got 'ndarray'. Give `result\["),
    "no time": (
        xr.DataArray(np.ones(200), dims="t"),
        r"a dimension `time`.* got dimensions \['t'\].* `recording.rename",
    ),
    "samples without times": (xr.DataArray(np.ones(200), dims="time"), r"with coordinates \[\]. Write .*assign_coords"),
    "milliseconds": (GOOD.assign_coords(time=("time", TIME, {"units": "ms"})), "in seconds; got `ms`. Convert"),
    "a falling time": (GOOD.isel(time=slice(None, None, -1)), "times that rise; got 200 samples.*sortby"),
    "one sample": (GOOD.isel(time=[0]), "two samples or more.*got 1 samples"),
    "a gap": (GOOD.where(GOOD.time > 1), "finite; got 33 values that are not.*dropna"),
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
    with pytest.raises(ResultError, match=said):
        show(given)


@every_readout
def test_a_result_is_no_recording_but_its_quantities_are(show):
    run = tp.simulate(tp.mechanisms.SpikeCalcium(), until=20 * s, save_at=TIME * s)
    with pytest.raises(ResultError, match=r"got 'Result'. Give `result\["):
        show(run)
    show(run["ca"])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: camera(GOOD, frame_rate=0 * Hz, photons=1), "takes frames; got a rate of 0"),
        (lambda: delta_f_over_f(GOOD, percentile=150), "from 0 to 100; got 150"),
        (lambda: delta_f_over_f(GOOD, window=-1 * s), "positive time; got -1"),
        (lambda: photometry(GOOD, weights=[-1, 1, 2]), "0 or more.* got \\[-1, 1, 2\\]"),
        (lambda: photobleach(GOOD, 5 * s), "fades by a `Bleaching`; got <Quantity"),
        (lambda: unbleach(GOOD, Bleaching(1 * ms)), "something is left"),
        (lambda: fit_bleaching(GOOD[0], pieces=1), "three unknowns.*got pieces=1"),
        (lambda: epsc_peaks(GOOD, [2, 1] * s), "one after another.*got at=\\[2 1\\]"),
    ],
)
def test_numbers_without_a_meaning_are_refused(make, said):
    with pytest.raises(RangeError, match=said):
        make()


def test_a_window_wants_even_samples():
    with pytest.raises(ResultError, match=r"evenly spaced samples; got steps from 0.1 to 14.9 s"):
        delta_f_over_f(GOOD.isel(time=[0, 1, 150]), window=1 * s)


def test_spike_times_may_have_a_unit():
    plain = spike_fluorescence([1, 2], TIME, rise=0.1 * s, decay=1 * s)
    xr.testing.assert_allclose(plain, spike_fluorescence([1000, 2000] * ms, TIME * s, rise=0.1 * s, decay=1 * s))
