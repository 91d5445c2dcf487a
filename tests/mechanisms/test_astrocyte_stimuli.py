"""Receptors of the astrocyte and what reaches them, against closed forms and published numbers."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.mechanisms import (
    Cb1Receptor,
    DesensitisingNoradrenalineReceptor,
    GabaBReceptor,
    Ip3Relaxation,
    Noradrenaline,
    NoradrenalineReceptor,
    P2y1Receptor,
)
from tripartite.protocols import Constant, Ip3Uncaging, Releases
from tripartite.units import s, uM

FINE = tp.Tsit5(rtol=1e-10, atol=1e-13)


def relaxing(*receptors):
    """Receptors beside IP3 that returns to 0.28 µM with 7 s."""
    pool = Ip3Relaxation(ip3_rest=0.28 * uM, ip3_tau=7 * s, ip3=0.28 * uM)
    return tp.Model(astrocyte=tp.Compartment(pool, *receptors))


def burst(amount, at):
    return Releases("noradrenaline_release", [at] * s, amount * uM)


def production(receptor, **inputs):
    """Production by the receptor (µM/s), from the level at which IP3 settles."""
    run = tp.simulate(relaxing(receptor), Constant(**inputs), until=200 * s, save_at=[200] * s, solver=FINE)
    return (float(run["ip3"][0]) - 0.28) / 7


def test_noradrenaline_occupies_alpha1_receptors_as_published():
    held = Constant(noradrenaline=79 * uM, ca=0.069 * uM)
    run = tp.simulate(relaxing(NoradrenalineReceptor()), held, until=1 * s, save_at=[1] * s)
    affinity = 5.99 + 46.1 * 0.069 / (0.069 + 0.6)
    assert affinity == pytest.approx(10.74, rel=1e-3)
    assert float(run["alpha1_occupancy"][0]) == pytest.approx(79**0.7 / (79**0.7 + affinity**0.7), rel=1e-12)
    assert float(run["alpha1_occupancy"][0]) == pytest.approx(0.802, rel=1e-3)


def test_noradrenaline_makes_ip3_in_proportion_to_occupancy():
    made = production(NoradrenalineReceptor(), noradrenaline=79 * uM, ca=0.069 * uM)
    affinity = 5.99 + 46.1 * 0.069 / (0.069 + 0.6)
    assert made == pytest.approx(0.08 * 79**0.7 / (79**0.7 + affinity**0.7), rel=1e-7)


@pytest.mark.parametrize(("rise", "decay"), [(1.0, 7.0), (7.0, 1.0), (0.3, 20.0)])
def test_a_release_of_noradrenaline_peaks_at_its_amount_and_is_biexponential(rise, decay):
    time = np.arange(0, 60, 0.01)
    source = Noradrenaline(rise=rise * s, decay=decay * s)
    run = tp.simulate(source, burst(79, 20), until=60 * s, save_at=time * s, solver=FINE)
    shape = np.where(time > 20, np.exp(-(time - 20) / decay) - np.exp(-(time - 20) / rise), 0.0)
    top = np.log(decay / rise) * rise * decay / (decay - rise)
    shape *= 79 / (np.exp(-top / decay) - np.exp(-top / rise))
    np.testing.assert_allclose(run["noradrenaline"].values, shape, atol=79e-8)
    assert float(run["noradrenaline"].max()) == pytest.approx(79, rel=1e-4)


def test_desensitised_receptors_answer_less_the_second_time():
    model = relaxing(DesensitisingNoradrenalineReceptor(), Noradrenaline())
    twice = burst(79, 10) & burst(79, 70) & Constant(ca=0.1 * uM)
    run = tp.simulate(model, twice, until=120 * s, save_every=0.1 * s, solver=FINE)
    first = float(run["ip3"].sel(time=slice(10, 60)).max())
    second = float(run["ip3"].sel(time=slice(70, 120)).max())
    assert 0.28 < second < first
    np.testing.assert_allclose(run["ip3"].values, _desensitising(run.time.values), rtol=1e-6)


def _desensitising(time):
    """IP3 of the same two releases by SciPy."""

    def noradrenaline(t):
        top = np.log(7) * 7 / 6
        scale = 79 / (np.exp(-top / 7) - np.exp(-top))
        return sum(scale * (np.exp(-(t - a) / 7) - np.exp(-(t - a))) for a in (10, 70) if t > a)

    def rates(t, y):
        affinity = 5.99 + 46.1 * 0.1 / 0.7
        ne = max(noradrenaline(t), 0.0)
        bound = ne**0.7 / (ne**0.7 + affinity**0.7)
        return [(0.28 - y[0]) / 7 + 0.08 * bound * y[1], (1 - y[1]) / 300 - 0.02 * bound * y[1]]

    y, found = [0.28, 1.0], []
    for begin, end in ((0, 10), (10, 70), (70, 120)):
        inside = time[(time >= begin - 1e-9) & (time < end - 1e-9)]
        run = solve_ivp(rates, (begin, end), y, t_eval=[*inside, end], method="LSODA", rtol=1e-10, atol=1e-13)
        found, y = [*found, *run.y[0][:-1]], run.y[:, -1]
    return np.array([*found, y[0]])


@pytest.mark.parametrize(
    ("receptor", "name", "largest", "half"),
    [(GabaBReceptor(), "gaba", 0.05, 5.0), (P2y1Receptor(), "atp", 0.2, 1.0)],
)
def test_receptors_at_equilibrium_follow_a_hill_curve(receptor, name, largest, half):
    for amount in (0.5, 5.0, 50.0):
        made = production(receptor, **{name: amount * uM})
        assert made == pytest.approx(largest * amount / (amount + half), rel=1e-6)


def test_endocannabinoids_make_ip3_as_in_manninen2020():
    assert production(Cb1Receptor(), endocannabinoid=0.5 * uM) == pytest.approx(0.8 * (0.5 - 0.0010453), rel=1e-7)
    assert production(Cb1Receptor(), endocannabinoid=0.0010453 * uM) == pytest.approx(0, abs=1e-10)


def test_uncaging_raises_ip3_by_its_amount_in_the_named_compartment_alone():
    slow = {"ip3_tau": 1e6 * s}
    model = tp.Model(soma=Ip3Relaxation(**slow), process=Ip3Relaxation(**slow))
    flashes = Ip3Uncaging(into="process", amount=1 * uM, times=[1, 2] * s)
    run = tp.simulate(model, flashes, until=3 * s, save_at=[0.5, 1.5, 3] * s)
    assert run["process.ip3"].values == pytest.approx([0.16, 1.16, 2.16], rel=1e-5)
    assert run["soma.ip3"].values == pytest.approx([0.16] * 3, rel=1e-12)
