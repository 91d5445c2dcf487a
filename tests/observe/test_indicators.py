"""Indicators as mechanisms: kinetics against closed forms, buffering against conservation and SciPy."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.language import Compartment
from tripartite.mechanisms import LiRinzel, SpikeCalcium, TotalCalcium
from tripartite.observe import GCAMP6F, GCAMP6M, KINETIC_GCAMP6F, KINETIC_GCAMP6M, Gcamp, IndicatorBuffer, KineticGcamp
from tripartite.protocols import Constant, SpikeTrain, Steps
from tripartite.units import s, uM

TIGHT = tp.Tsit5(1e-10, 1e-12)


@pytest.mark.parametrize(("static", "kinetic"), [(None, None), (GCAMP6M, KINETIC_GCAMP6M), (GCAMP6F, KINETIC_GCAMP6F)])
def test_static_and_kinetic_sets_agree_and_start_at_rest(static, kinetic):
    still = Gcamp() if static is None else Gcamp().using(static)
    moving = KineticGcamp() if kinetic is None else KineticGcamp().using(kinetic)
    assert all(getattr(still, name) == getattr(moving, name) for name in ("k_d", "exponent", "brightness"))
    run = tp.simulate(moving, Constant(ca=0.05 * uM), until=20 * s, save_at=[0, 20] * s, solver=TIGHT)
    np.testing.assert_allclose(run["dff"], 0, atol=5e-4)


@pytest.mark.parametrize(("level", "floored"), [(0.1, False), (1.0, True)])
def test_the_step_response_is_exponential_with_the_slower_of_kinetics_and_floor(level, floored):
    run = tp.simulate(
        KineticGcamp(bright=0.0), Constant(ca=level * uM), until=3 * s, save_at=[0.1, 0.5, 1] * s, solver=TIGHT
    )
    aim = level**2.9 / (level**2.9 + 0.144**2.9)
    one_step = 1 / (1.12 * (1 + (level / 0.144) ** 2.9))
    tau = max(one_step, 0.07)
    assert (tau == 0.07) == floored
    if floored:
        assert 0.001 < one_step < 0.025
    np.testing.assert_allclose(run["bright"], aim * (1 - np.exp(-np.array([0.1, 0.5, 1]) / tau)), rtol=1e-6)


def test_the_indicator_lags_behind_spikes():
    cell = Compartment(SpikeCalcium(), KineticGcamp().using(KINETIC_GCAMP6F))
    run = tp.simulate(cell, SpikeTrain([1, 1.02, 1.04] * s), until=4 * s, save_every=0.005 * s, solver=TIGHT)
    assert 0.0 < float(run.time[run["dff"].argmax("time")] - run.time[run["ca"].argmax("time")]) < 0.3
    after = np.asarray(run["ca"].sel(time=[1.5, 2.5], method="nearest"))
    assert (after[1] - 0.05) / (after[0] - 0.05) == pytest.approx(np.exp(-1 / 0.3), rel=1e-6)


def test_an_indicator_takes_calcium_and_conserves_it_with_what_it_leaves():
    cell = Compartment(LiRinzel(), TotalCalcium(), IndicatorBuffer())
    run = tp.simulate(cell, Constant(ip3=0.5 * uM), until=60 * s, save_every=1 * s, solver=TIGHT)
    total = run["ca_total"] + run["indicator_ca"]
    np.testing.assert_allclose(total, float(total[0]), rtol=1e-9)
    assert float(run["indicator_ca"].max() - run["indicator_ca"].min()) > 0.5


def test_an_absent_indicator_changes_nothing():
    drive = Constant(ip3=0.5 * uM)
    open_cell = Compartment(LiRinzel(), TotalCalcium())
    options = {"until": 60 * s, "save_every": 1 * s, "solver": TIGHT}
    alone = tp.simulate(open_cell, drive, **options)
    without = tp.simulate(open_cell + IndicatorBuffer(indicator=0 * uM), drive, **options)
    np.testing.assert_allclose(without["ca"], alone["ca"], rtol=1e-6)


def test_more_indicator_makes_the_answer_of_calcium_smaller():
    """A step of IP3 in a cell at rest: the buffer takes up part of what is released."""
    drive = Steps("ip3", [0, 100] * s, [0.2, 0.6] * uM)
    peaks = []
    for amount in (0, 10, 50):
        cell = Compartment(LiRinzel(), TotalCalcium(), IndicatorBuffer(indicator=amount * uM))
        run = tp.simulate(cell, drive, until=160 * s, save_every=0.05 * s, solver=TIGHT)
        peaks.append(float(run["ca"].sel(time=slice(100, 160)).max()))
    assert peaks[0] > 5 * peaks[1] > 5 * peaks[2]


def test_buffering_follows_scipy():
    def rates(t, y):
        filled, ca = y
        filling = 7.78 * ca * (1 - filled) - 1.12 * filled
        return [filling, (0.05 - ca) / 0.3 - 10 * filling]

    expected = solve_ivp(rates, (0, 2), [0.2577, 1.0], "LSODA", t_eval=[0.1, 1, 2], rtol=1e-11, atol=1e-13).y
    cell = Compartment(SpikeCalcium(ca=1 * uM), TotalCalcium(), IndicatorBuffer())
    run = tp.simulate(cell, until=2 * s, save_at=[0.1, 1, 2] * s, solver=TIGHT)
    np.testing.assert_allclose([run["indicator_filled"], run["ca"]], expected, rtol=1e-7)
