"""The oracles give the bifurcations, periods and releases computed earlier from the same papers.

Unless a line says otherwise the tolerance is half of the last digit listed.
"""

import numpy as np
import pytest

from . import gchi_scipy, li_rinzel_scipy, stimberg_scipy, tsodyks_markram_numpy


@pytest.mark.parametrize(
    ("parameters", "number", "expected"),
    [
        (li_rinzel_scipy.AM, 0, (0.35453, 0.15569, 0.71553, 12.554)),
        (li_rinzel_scipy.AM, 1, (0.63688, 0.32330, 0.61158, 10.495)),
        (li_rinzel_scipy.FM, -1, (0.86002, 0.39263, 0.59460, 10.028)),
    ],
)
def test_li_rinzel_loses_stability_where_expected(parameters, number, expected):
    found = li_rinzel_scipy.hopf_points(parameters)[number]
    np.testing.assert_allclose(found, expected, rtol=5e-5)


def test_only_the_FM_set_of_li_rinzel_has_folds():
    assert li_rinzel_scipy.folds(li_rinzel_scipy.AM) == []
    upper, lower = li_rinzel_scipy.folds(li_rinzel_scipy.FM)
    np.testing.assert_allclose([lower[0], upper[0]], [0.48230, 0.54399], rtol=2e-5)


def test_the_hand_written_jacobian_agrees_with_finite_differences():
    p, y, I, step = li_rinzel_scipy.AM, np.array([0.2, 0.7]), 0.5, 1e-6
    columns = [
        np.subtract(li_rinzel_scipy.rates(*(y + d), I, p), li_rinzel_scipy.rates(*(y - d), I, p)) / (2 * step)
        for d in step * np.eye(2)
    ]
    np.testing.assert_allclose(li_rinzel_scipy.jacobian(*y, I, p), np.stack(columns, axis=1), rtol=1e-8)


@pytest.mark.parametrize(
    ("parameters", "glutamate", "expected"),
    [
        (gchi_scipy.AM, 0.1, (0.0971, 0.3707, 10.72)),
        (gchi_scipy.AM, 1.0, (0.1045, 0.5261, 8.487)),
        (gchi_scipy.FM, 2.5, (0.0307, 1.1155, 11.98)),
    ],
)
def test_gchi_oscillates_at_constant_glutamate(parameters, glutamate, expected):
    times = np.arange(0, 700, 0.01)
    _, y = gchi_scipy.simulate(parameters, glutamate, times)
    late = times >= 500
    found = gchi_scipy.oscillation(times[late], y[late, 0])
    np.testing.assert_allclose(found, expected, rtol=2e-3)


def test_gchi_AM_is_steady_at_4_uM_glutamate():
    _, y = gchi_scipy.simulate(gchi_scipy.AM, 4.0, np.linspace(0, 1200, 121))
    np.testing.assert_allclose(y[-1, [0, 2]], [0.3830, 0.7792], rtol=1e-3)


def test_first_calcium_peak_of_stimberg_example_2():
    times = np.arange(0, 4.0, 1e-3)
    _, y = stimberg_scipy.simulate_example_2(stimberg_scipy.EXAMPLE_2, np.array([2.0]), times)
    peak = y[:, 1].argmax()
    # 3.147 s and 1.161 uM came from Euler steps of 1 ms, which also delay the spike by 1 ms.
    np.testing.assert_allclose(times[peak], 3.146, rtol=1e-3)
    np.testing.assert_allclose(y[peak, 1], 1.161, rtol=3e-3)


@pytest.mark.parametrize(("I_bias", "releases", "Gamma_S"), [(0.8, [2.085], 0.761), (1.25, [1.059, 10.342], 0.922)])
def test_stimberg_example_3_releases_once_or_twice(I_bias, releases, Gamma_S):
    p = stimberg_scipy.EXAMPLE_3 | {"I_bias": I_bias}
    run = stimberg_scipy.simulate_example_3(p, np.array([0.0, 16.49, 17.1]))
    # The expected times were found on a grid of 1 ms.
    np.testing.assert_allclose(run.releases, releases, rtol=0, atol=1e-3)
    np.testing.assert_allclose(run.released[0], 78.0, rtol=1e-12)
    np.testing.assert_allclose(run.states[1, 5], Gamma_S, rtol=1e-3)


def test_synapse_of_example_3_agrees_with_the_update_from_spike_to_spike():
    p = stimberg_scipy.EXAMPLE_3 | {"I_bias": 0.8}
    spikes = stimberg_scipy.EXAMPLE_3_SPIKES
    run = stimberg_scipy.simulate_example_3(p, np.append(spikes, 17.1))
    Gamma_S = run.states[:-1, 5]
    _, u, x, r = tsodyks_markram_numpy.simulate(p, spikes, U0=(1 - Gamma_S) * p["U0"])
    np.testing.assert_allclose(run.r_S, r, rtol=1e-8)
    np.testing.assert_allclose(run.states[:-1, 6:8], np.stack([u, x], axis=1), rtol=1e-8)


def test_tsodyks_markram_releases_on_the_train_of_example_3():
    spikes = stimberg_scipy.EXAMPLE_3_SPIKES
    *_, r = tsodyks_markram_numpy.simulate(tsodyks_markram_numpy.STIMBERG, spikes)
    expected = [0.6000, 0.3671, 0.1540, 0.1035, 0.0958, 0.1629, 0.0429, 0.0220, 0.0201]
    np.testing.assert_allclose(r[:9], expected, rtol=0, atol=5e-5)


@pytest.mark.parametrize("U0", [0.15, 0.6])
@pytest.mark.parametrize("rate", [0.1, 1.0, 5.0, 50.0])
def test_periodic_release_is_the_limit_of_the_updates(U0, rate):
    p = tsodyks_markram_numpy.STIMBERG | {"U0": U0}
    *_, r = tsodyks_markram_numpy.simulate(p, np.arange(2000) / rate)
    np.testing.assert_allclose(r[-1], tsodyks_markram_numpy.periodic_release(p, rate), rtol=1e-10)
