"""Genetic and optical tools against closed forms and SciPy."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.mechanisms import (
    CagedIp3,
    ChR2,
    DesignerLigand,
    Hm3dq,
    Hm4di,
    Ip3Relaxation,
    LiRinzel,
    OptoGq,
    TotalCalcium,
)
from tripartite.protocols import CalciumUncaging, Constant, Pulses, Releases
from tripartite.units import Quantity, minute, ms, mV, nM, s, uM

FINE = tp.Tsit5(rtol=1e-10, atol=1e-13)
LIGHT = Quantity(5.0, "mW/mm**2")


def relaxing(*tools):
    return tp.Model(astrocyte=tp.Compartment(Ip3Relaxation(ip3_tau=7 * s), *tools))


def gain(tool, **held):
    run = tp.simulate(relaxing(tool), Constant(**held), until=300 * s, save_at=[300] * s, solver=FINE)
    return (float(run["ip3"][0]) - 0.16) / 7


def test_a_dose_of_ligand_is_absorbed_and_eliminated():
    dose = Releases("dose", [60] * s, 1 * uM)
    run = tp.simulate(DesignerLigand(), dose, until=3600 * s, save_every=10 * s, solver=FINE)
    time, absorbed, gone = (run.time.values - 60) / 60, 1 / 5, 1 / 60
    course = absorbed / (absorbed - gone) * (np.exp(-gone * time) - np.exp(-absorbed * time))
    np.testing.assert_allclose(run["ligand"].values, np.where(time > 0, course, 0), rtol=1e-7, atol=1e-10)


def test_hm3dq_makes_ip3_in_proportion_to_its_occupancy():
    assert gain(Hm3dq(), ligand=10 * nM) == pytest.approx(0.1, rel=1e-8)
    assert gain(Hm3dq(), ligand=90 * nM) == pytest.approx(0.18, rel=1e-8)


def test_hm3dq_that_loses_sensitivity_settles_where_loss_meets_recovery():
    tool = Hm3dq(hm3dq_loss=0.1 / s, hm3dq_recovery=20 * s)
    assert gain(tool, ligand=10 * nM) == pytest.approx(0.1 / (1 + 0.05 * 20), rel=1e-6)


def test_hm4di_has_the_sign_of_its_effect_and_cannot_exhaust_ip3():
    assert gain(Hm4di(), ligand=10 * nM) == pytest.approx(0.1 * 0.05 / 2, rel=1e-8)
    lost = tp.simulate(
        relaxing(Hm4di(hm4di_effect=-1, hm4di_production=10 * uM / s)),
        Constant(ligand=1 * uM),
        until=300 * s,
        save_every=1 * s,
        solver=FINE,
    )["ip3"]
    assert 0 < float(lost[-1]) < 0.01 and float(lost.min()) > 0
    run = tp.simulate(relaxing(Hm4di()), Constant(ligand=10 * nM), until=1 * s, save_at=[1] * s)
    assert float(run["camp_left"][0]) == pytest.approx(1 - 0.8 / 2, rel=1e-12)


def test_opto_gq_rises_and_falls_with_its_time_constants():
    light = Pulses("irradiance", LIGHT, [1] * s, 1 * s)
    run = tp.simulate(relaxing(OptoGq()), light, until=10 * s, save_at=[2, 7] * s, solver=FINE)
    rate = 5 + 1 / 5
    reached = 5 / rate * (1 - np.exp(-rate))
    assert run["optogq_active"].values == pytest.approx([reached, reached * np.exp(-1)], rel=1e-8)


def test_channelrhodopsin_agrees_with_scipy_and_keeps_every_channel():
    held = Constant(v=-60 * mV, responsiveness=Quantity(0.0, "1/pF")) & Pulses("irradiance", LIGHT, [10] * ms, 50 * ms)
    run = tp.simulate(ChR2(), held, until=200 * ms, save_every=1 * ms, solver=FINE)
    states = [run[f"chr2_{name}"].values for name in ("open1", "open2", "closed1", "closed2", "gate")]
    np.testing.assert_allclose(sum(states[:4]), 1, rtol=1e-9)
    np.testing.assert_allclose(run["chr2_open"].values, _channelrhodopsin(run.time.values * 1000), atol=1e-8)
    current = 0.4 * 2e4 * 1e-2 * run["chr2_open"].values * (10.6408 - 14.6408 * np.exp(60 / 42.7671))
    np.testing.assert_allclose(run["chr2_current"].values, current, rtol=1e-9)


def _channelrhodopsin(time):
    """Effective open fraction at -60 mV and 22 °C in light from 10 to 60 ms, written anew with C2 left out."""

    def rates(t, y, light):
        open1, open2, closed1, gate = y
        shine = np.log(1 + light / 0.024)
        e12, e21 = 0.011 + 0.005 * shine, 0.008 + 0.004 * shine
        g1, g2, gr = 0.075 + 0.043 * np.tanh(2.0), 0.05, 4.34587e-5 * np.exp(0.0211539274 * 60)
        flux = 12e-20 * light * 1e3 / (1.986446e-25 / 470e-9) / 1.3 / 1e3
        closed2 = 1 - open1 - open2 - closed1
        return [
            -(g1 + e12) * open1 + e21 * open2 + 0.8535 * flux * gate * closed1,
            -(g2 + e21) * open2 + e12 * open1 + 0.14 * flux * gate * closed2,
            -0.8535 * flux * gate * closed1 + g1 * open1 + gr * closed2,
            (0.5 * (1 + np.tanh(120 * (100 * light - 0.1))) - gate) / 1.3,
        ]

    y, found = [0.0, 0.0, 1.0, 0.0], []
    for begin, end, light in ((0, 10, 0.0), (10, 60, 5.0), (60, 200, 0.0)):
        inside = time[(time >= begin - 1e-9) & (time < end - 1e-9)]
        run = solve_ivp(rates, (begin, end), y, t_eval=[*inside, end], args=(light,), rtol=1e-11, atol=1e-14)
        found, y = [*found, *(run.y[0] + 0.1 * run.y[1])[:-1]], run.y[:, -1]
    return np.array([*found, y[0] + 0.1 * y[1]])


def test_a_warmer_channel_is_faster():
    light = Constant(v=-80 * mV, responsiveness=Quantity(0.0, "1/pF"), irradiance=LIGHT)
    run = tp.simulate(ChR2(), light, until=30 * ms, save_every=0.01 * ms, vary={"warmer": [0, 1.5]}, solver=FINE)
    cold, warm = run["chr2_open"].values.argmax(axis=1)
    assert warm < cold


def test_caged_ip3_becomes_free_with_its_dark_reaction():
    run = tp.simulate(
        relaxing(CagedIp3()).replace({"ip3_tau": 1e9 * s}),
        Releases("ip3_uncaging", [1] * s, 2 * uM),
        until=2 * s,
        save_at=[1.01, 1.5] * s,
        solver=FINE,
    )
    assert run["ip3"].values == pytest.approx([0.16 + 2 * (1 - np.exp(-1)), 2.16], rel=1e-7)


def test_uncaged_calcium_is_new_to_the_cell():
    model = tp.Model(astrocyte=tp.Compartment(LiRinzel(), TotalCalcium(ca_total=2 * uM)))
    flash = CalciumUncaging(amount=0.5 * uM, times=[1] * s)
    run = tp.simulate(model, flash & Constant(ip3=0.1 * uM), until=100 * s, save_at=[0.9, 1.01, 100] * s)
    assert run["ca_total"].values == pytest.approx([2, 2.5, 2.5], rel=1e-4)
    assert float(run["ca"][1] - run["ca"][0]) == pytest.approx(0.5, rel=0.05)


def test_the_ligand_unit_is_that_of_the_dose():
    run = tp.simulate(DesignerLigand(elimination=0 / minute), Releases("dose", [0] * s, 500 * nM), until=7200 * s)
    assert float(run["ligand"][-1]) == pytest.approx(0.5, rel=1e-4)
