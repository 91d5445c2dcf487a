"""Read-outs as functions of recordings: camera, bleaching, photometry, dF/F, spikes, voltage clamp."""

import numpy as np
import pytest
import xarray as xr
from scipy import stats

import tripartite as tp
from tripartite.analysis import paired_pulse_ratio, release_probability
from tripartite.errors import DimensionError, RangeError, ResultError
from tripartite.language import Compartment, Model
from tripartite.mechanisms import Ampa, FixedUtilization, Nmda, TsodyksMarkram
from tripartite.observe import (
    Bleaching,
    HillShape,
    LogisticShape,
    camera,
    delta_f_over_f,
    epsc,
    epsc_peaks,
    fit_bleaching,
    paired_pulses,
    photobleach,
    photometry,
    spike_fluorescence,
    spike_kernel,
    unbleach,
)
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import Hz, ms, mV, s, uM


def trace(values, time, *dims):
    return xr.DataArray(values, {"time": time}, [*dims, "time"])


def test_a_frame_is_the_mean_over_its_exposure():
    """A straight line has its mean in the middle; with many photons the noise vanishes."""
    time = np.linspace(2, 12, 38)
    seen = camera(trace(1 + time, time), frame_rate=10 * Hz, exposure=0.04 * s, photons=1e12)
    np.testing.assert_allclose(seen["time"], 2.02 + 0.1 * np.arange(100), rtol=1e-12)
    np.testing.assert_allclose(seen / 1e12, 1 + seen["time"], rtol=1e-5)


def test_variance_of_counts_is_gain_times_mean_plus_read_noise():
    time = np.array([0.0, 2000.0])
    light = np.array([0.2, 1.0, 4.0])
    options = {"frame_rate": 20 * Hz, "photons": 30, "gain": 2.0, "background": 0.1, "read_noise": 5.0}
    counts = camera(trace(np.tile(light[:, None], 2), time, "cell"), **options, seed=1)
    assert counts.shape == (3, 40000)
    np.testing.assert_allclose(counts.mean("time"), 2 * 30 * (light + 0.1), rtol=0.01)
    np.testing.assert_allclose(counts.var("time"), 2 * counts.mean("time") + 25, rtol=0.03)
    assert not np.array_equal(camera(trace(light, np.arange(3.0)), **options, seed=2), counts)


def test_counts_without_read_noise_are_poisson():
    counts = camera(trace(np.ones(2), np.array([0.0, 500.0])), frame_rate=20 * Hz, photons=7)
    seen = np.bincount(counts.values.astype(int), minlength=30)[:16]
    expected = stats.poisson.pmf(np.arange(16), 7) * counts.size
    assert stats.chisquare(seen, expected * seen.sum() / expected.sum()).pvalue > 0.001


def test_a_camera_sees_nothing_in_a_gap():
    time = np.concatenate([np.arange(100), np.arange(200, 300)]) / 10
    light = np.tile(np.where(time < 15, 1.0, 3.0), (2, 1))
    counts = camera(trace(light, time, "cell"), frame_rate=5 * Hz, photons=1e8)
    starts = 0.2 * np.arange(149)  # of the exposures, each 0.2 s long
    lost = (starts + 0.2 > 9.9 + 1e-9) & (starts < 20 - 1e-9)
    np.testing.assert_array_equal(np.isnan(counts), np.tile(lost, (2, 1)))
    np.testing.assert_allclose(counts.values[:, ~lost], 1e8 * np.tile(np.where(starts < 15, 1, 3)[~lost], (2, 1)), 1e-3)


def test_a_camera_refuses_what_it_cannot_see():
    time = np.linspace(0, 1, 11)
    with pytest.raises(RangeError, match="not negative"):
        camera(trace(-0.2 + 0 * time, time), frame_rate=10 * Hz, photons=10)
    with pytest.raises(RangeError, match="not longer than a frame"):
        camera(trace(1 + time, time), frame_rate=10 * Hz, photons=10, exposure=1 * s)
    with pytest.raises(RangeError, match="at least one exposure"):
        camera(trace(1 + time, time), frame_rate=0.1 * Hz, photons=10)


def test_correction_undoes_bleaching():
    time = np.linspace(5, 65, 601)
    signal = trace(1 + np.exp(-((time - 30) ** 2)), time)
    bleaching = Bleaching(20 * s, 0.3)
    faded = photobleach(signal, bleaching)
    assert float(faded[-1]) == pytest.approx(0.3 + 0.7 * np.exp(-3), rel=1e-12)
    np.testing.assert_allclose(delta_f_over_f(unbleach(faded, bleaching)), delta_f_over_f(signal), atol=1e-12)
    assert float(delta_f_over_f(faded)[0]) > 1


def test_bleaching_is_found_under_transients():
    time = np.linspace(0, 100, 4001)
    signal = trace(3 * (1 + 0.4 * np.exp(-(time % 10) / 1.5)), time)
    found = fit_bleaching(photobleach(signal, Bleaching(30 * s, 0.4)))
    assert found.time_constant.to("s").magnitude == pytest.approx(30, rel=0.03)
    assert found.remaining == pytest.approx(0.4, rel=0.05)


def test_bleaching_has_a_meaning():
    with pytest.raises(RangeError, match="between 0 and 1"):
        Bleaching(10 * s, 1.5)
    with pytest.raises(RangeError, match="fewer pieces"):
        fit_bleaching(trace(np.ones(10), np.arange(10.0)))


def test_relative_change_does_not_depend_on_the_scale_and_knows_its_baseline():
    time = np.linspace(0, 100, 1001)
    course = 2 + np.where((time % 10) < 2, 1.0, 0.0)
    change = delta_f_over_f(trace(course, time))
    np.testing.assert_allclose(change, (course - 2) / 2)
    np.testing.assert_allclose(delta_f_over_f(trace(7 * course + 5, time), background=5), change, atol=1e-12)
    drifting = delta_f_over_f(trace(course * (1 + time / 100), time), window=15 * s)
    assert float(np.abs(drifting - change)[100:-100].max()) < 0.15
    with pytest.raises(RangeError, match="not dF/F"):
        delta_f_over_f(trace(course - 2.5, time))


def test_a_fibre_sees_the_mean_with_background_that_dilutes_the_change():
    time = np.linspace(0, 10, 101)
    cells = trace(np.stack([1 + 0 * time, 1 + np.sin(time) ** 2]), time, "cell")
    plain = photometry(cells)
    np.testing.assert_allclose(plain, 1 + np.sin(time) ** 2 / 2)
    np.testing.assert_allclose(photometry(cells, weights=[0, 1]), cells[1])
    diluted = photometry(cells, background=3.0)
    assert float(delta_f_over_f(diluted, percentile=0).max()) < 0.3 * float(delta_f_over_f(plain, percentile=0).max())
    faded = photometry(cells, background=3.0, bleaching=Bleaching(5 * s))
    np.testing.assert_allclose(faded, diluted * np.exp(-time / 5))
    with pytest.raises(RangeError, match="one number for each cell"):
        photometry(cells, weights=[1, 2, 3])


def test_the_kernel_is_the_sum_over_spikes():
    random = np.random.default_rng(2)
    time = np.linspace(0.3, 20.3, 1201)
    spikes = random.uniform(-1, 20, 60)
    since = time[:, None] - spikes
    expected = np.where(since >= 0, np.exp(-since.clip(0) / 0.6) * (1 - np.exp(-since.clip(0) / 0.08)), 0).sum(axis=1)
    before = spikes < time[0]
    assert before.any()
    np.testing.assert_allclose(spike_kernel(spikes, time, 0.08, 0.6), expected, rtol=1e-9, atol=1e-12)
    shown = spike_fluorescence(spikes, time, rise=80 * ms, decay=0.6 * s, shape=HillShape(2.0, 1.5, 2.2))
    np.testing.assert_allclose(shown, 2 * expected**2.2 / (1.5**2.2 + expected**2.2), rtol=1e-8, atol=1e-12)
    curve = spike_fluorescence(spikes, time, rise=80 * ms, decay=0.6 * s, shape=LogisticShape(2.0, 3.0, 1.0))
    np.testing.assert_allclose(curve, 2 / (1 + np.exp(-3 * (expected - 1))), rtol=1e-8)


def test_uneven_samples_are_refused():
    with pytest.raises(RangeError, match="evenly spaced"):
        spike_fluorescence([1.0], np.array([0, 1, 1.5, 4]), rise=80 * ms, decay=1 * s)


def pair(interval, utilization=0.4):
    """Two spikes at a depressing bouton, onto clamped receptors."""
    bouton = Compartment(FixedUtilization(u0=utilization), TsodyksMarkram())
    spine = Compartment(Ampa(), Nmda())
    model = Model(bouton=bouton, spine=spine, wiring=[bouton.release >> spine.release])
    clamp = Constant(v=-70 * mV, dserine=10 * uM) & SpikeTrain([10, 10 + interval] * ms)
    return model, tp.simulate(model, clamp, until=(100 + interval) * ms, save_every=0.05 * ms)


def test_the_clamp_shows_the_sum_of_the_currents():
    _, run = pair(50)
    total = epsc(run)
    np.testing.assert_allclose(total, run["ampa_current"] + run["nmda_current"])
    assert float(total.min()) < 0
    np.testing.assert_allclose(epsc(run, currents=("ampa_current",)), run["ampa_current"])
    with pytest.raises(ResultError, match="Name the currents"):
        epsc(run, currents=("gaba_current",))


def test_the_clamp_shows_picoamperes_whatever_unit_a_current_is_in():
    kept = {"x.ampa_current": ("nA", -1.0), "x.nmda_current": ("pA", -20.0)}
    data = xr.Dataset({key: ("time", [value, 2 * value], {"units": unit}) for key, (unit, value) in kept.items()})
    seen = epsc(tp.Result(lambda: data.assign_coords(time=[0.0, 1.0])))
    np.testing.assert_allclose(seen, [-1020.0, -2040.0], rtol=1e-12)
    assert seen.units == "pA"
    data["x.ampa_current"].attrs["units"] = "pA/um**2"
    with pytest.raises(DimensionError, match=r"`x\.ampa_current` is in pA"):
        epsc(tp.Result(lambda: data))


def test_peaks_are_signed_and_measured_from_before_the_stimulus():
    time = np.linspace(0, 0.2, 2001)
    course = -3 - 5 * np.where(time >= 0.05, np.exp(-(time - 0.05).clip(0) / 0.005), 0)
    np.testing.assert_allclose(epsc_peaks(trace(course, time), [50] * ms), [-5], rtol=1e-6)
    with pytest.raises(RangeError, match="before the stimulus"):
        epsc_peaks(trace(course, time), [0] * ms)


def test_small_paired_currents_reveal_the_release_probability():
    """With receptors far from saturation the ratio of the currents is that of the releases."""
    model, run = pair(50, utilization=0.02)
    rates = {"recovery": model["TsodyksMarkram.recovery"], "facilitation": model["TsodyksMarkram.facilitation"]}
    ratio = float(paired_pulses(epsc(run, currents=("ampa_current",)), 10 * ms, 60 * ms))
    assert ratio == pytest.approx(float(paired_pulse_ratio(0.02, interval=50 * ms, **rates)), rel=0.02)
    assert 0 < release_probability(ratio, interval=50 * ms, **rates) < 0.06


def test_frames_beyond_memory_are_refused():
    with pytest.raises(RangeError, match=r"a camera with 2e\+15 frames needs about"):
        camera(trace(np.ones(3), np.arange(3.0)), frame_rate=1e15 * Hz, photons=1)
