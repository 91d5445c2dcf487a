"""Calcium release against SciPy, against conservation laws, and against receptors recorded in bilayers."""

import os
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from tests.oracles import calcium_release_scipy as independent

import tripartite as tp
from tripartite.mechanisms import (
    CapacitativeExchange,
    DeYoungKeizer,
    Ip3GatedEntry,
    LavrentovichHemkin,
    LiRinzel,
    PlcDeltaIp3,
    PlcDeltaRelaxation,
    TotalCalcium,
)
from tripartite.protocols import Constant
from tripartite.units import s, uM

TIGHT = tp.Tsit5(1e-10, 1e-13)
SETS = tp.parameters
RIERA = tp.Compartment(LiRinzel(), PlcDeltaIp3()).using(SETS.riera2011.ASTROCYTE)
ULLAH = tp.Compartment(LiRinzel(), Ip3GatedEntry(), PlcDeltaRelaxation()).using(SETS.ullah2006.ASTROCYTE)
KINASE = tp.models.EGChi().using(SETS.depitta_benjacob_berry2019.KINASE)
STATES = [f"x{''.join(map(str, state))}" for state in independent.SITES]
MODELS = {
    "lavrentovich": (
        tp.Compartment(LavrentovichHemkin(), PlcDeltaIp3()),
        {},
        ("ca", "ca_er", "ip3"),
        independent.lavrentovich_hemkin,
    ),
    "riera, closed": (
        RIERA,
        {},
        ("ca", "h", "ip3"),
        lambda y: independent.riera(np.insert(y, 1, 2.0), 0, 0)[[0, 2, 3]],
    ),
    "riera, held": (
        RIERA + TotalCalcium() + CapacitativeExchange(counted=0.0),
        {},
        ("ca", "ca_total", "h", "ip3"),
        lambda y: independent.riera(y, 1, 0),
    ),
    "riera, open": (
        RIERA + TotalCalcium() + CapacitativeExchange(),
        {},
        ("ca", "ca_total", "h", "ip3"),
        independent.riera,
    ),
    "ullah": (ULLAH, {}, ("ca", "h", "ip3"), lambda y: independent.ullah(y, 0.3)),
    "kinase": (
        KINASE,
        {"glutamate": 1.5 * uM},
        ("ca", "h", "ip3", "active", "dag", "pkc"),
        lambda y: independent.kinase(y, 1.5),
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_follows_lsoda(name):
    model, inputs, states, rates = MODELS[name]
    run = tp.simulate(model, Constant(inputs), until=60 * s, solver=TIGHT, save_every=1 * s)
    found = np.array([run[state].values for state in states])
    exact = solve_ivp(
        lambda _, y: rates(y), (0, 60), found[:, 0], method="LSODA", rtol=1e-11, atol=1e-14, t_eval=run.time.values
    )
    np.testing.assert_allclose(found, exact.y, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("flux", ["cell", "store"])
def test_seven_states_and_what_they_leave_follow_all_eight(flux):
    cell = DeYoungKeizer()
    if flux == "store":
        cell = cell.using(SETS.timofeeva2019.CONSTANT_STORE)
    run = tp.simulate(cell, Constant(ip3=0.5 * uM), until=60 * s, solver=TIGHT, save_every=1 * s)
    seven = np.array([run[name].values for name in STATES[:-1]])
    found = np.vstack([run["ca"].values, seven, 1 - seven.sum(axis=0)])
    fluxes = independent.CELL if flux == "cell" else independent.STORE
    exact = solve_ivp(
        lambda _, y: independent.de_young_keizer(y, 0.5, fluxes),
        (0, 60), found[:, 0], method="LSODA", rtol=1e-11, atol=1e-14, t_eval=run.time.values,
    )  # fmt: skip
    np.testing.assert_allclose(found, exact.y, rtol=1e-6, atol=1e-8)
    assert np.all(seven >= 0) and np.all(found[-1] >= 0)
    np.testing.assert_allclose(run["ip3r_open"].values, run["x110"].values ** 3, rtol=1e-12)


def test_the_receptor_starts_at_equilibrium():
    expected = independent.occupancy(0.09, 0.22)
    start = [float(getattr(DeYoungKeizer(), name).magnitude) for name in STATES[:-1]]
    np.testing.assert_allclose(start, expected[:-1], atol=1e-5)


def test_a_closed_lavrentovich_cell_keeps_its_calcium():
    cell = tp.Compartment(LavrentovichHemkin(entry=0 * uM / s, extrusion=0 / s), PlcDeltaIp3())
    run = tp.simulate(cell, until=200 * s, solver=TIGHT, save_every=1 * s)
    total = run["ca"].values + run["ca_er"].values
    np.testing.assert_allclose(total, 1.6, rtol=1e-9)


def test_the_total_of_rieras_open_cell_changes_by_what_crosses_its_membrane():
    run = tp.simulate(MODELS["riera, open"][0], until=200 * s, solver=TIGHT, save_every=0.02 * s)
    ca, store = run["ca"].values, run["ca_er"].values
    crossing = 0.01 * (0.065 + 0.01 * 100 / (100 + store**2) - 0.5 * ca)
    gained = np.concatenate([[0], np.cumsum((crossing[1:] + crossing[:-1]) / 2 * 0.02)])
    np.testing.assert_allclose(run["ca_total"].values - 2, gained, atol=1e-6)


def test_a_total_that_changes_opens_the_cell_of_the_receptor():
    cell = tp.Compartment(DeYoungKeizer(), TotalCalcium(), CapacitativeExchange(slowness=1.0))
    run = tp.simulate(cell, Constant(ip3=0.3 * uM), until=300 * s, solver=TIGHT, save_every=100 * s)
    total, ca = run["ca_total"].values, run["ca"].values
    assert abs(total[-1] - total[0]) > 0.1
    at_rest = Constant(ip3=0.3 * uM)
    closed = tp.steady_states(DeYoungKeizer(ca_total=float(total[-1]) * uM), at_rest)
    assert ca[-1] == pytest.approx(float(closed["cell.ca"][0]), rel=0.02)


def test_the_stored_start_of_published_networks_is_no_fixed_point():
    system = tp.Model(cell=ULLAH).system
    here = system.values([e.value for e in system.states], [e.value for e in system.parameters])
    rates = dict(zip([e.key for e in system.states], system.rates(here), strict=True))
    assert 1000 * rates["cell.ca"] == pytest.approx(0.028, rel=0.02)
    assert 1000 * rates["cell.ip3"] == pytest.approx(-0.0176, rel=0.01)
    assert abs(1000 * rates["cell.h"]) < 1e-7


def test_diacylglycerol_is_made_as_fast_as_ip3():
    still = {"activation": 0 / s, "v_dag_kinase": 0 * uM / s, "dag_decay": 0 / s, "v_3k": 0 * uM / s, "r_5p": 0 / s}
    run = tp.simulate(KINASE.replace(still), Constant(glutamate=2 * uM), until=20 * s, solver=TIGHT)
    made = run["ip3"].values - run["ip3"].values[0]
    np.testing.assert_allclose(run["dag"].values, made, rtol=1e-8, atol=1e-12)


HERE = Path(os.environ.get("TRIPARTITE_DATA", "missing")) / "depitta_book_experimental"


@pytest.mark.skipif(not HERE.is_dir(), reason="needs depitta_book_experimental in TRIPARTITE_DATA")
def test_the_fitted_affinities_describe_receptors_in_bilayers_and_the_older_ones_do_not():
    """Open probability of type 2 receptors (Ramos-Franco 2000) by calcium at 1 µM IP3 and by IP3 at 0.25 µM calcium."""
    by_ca, by_ip3 = (
        np.genfromtxt(HERE / f"ramosfranco2000_ip3r_popen_vs_{name}.csv", delimiter=",", skip_header=1).T
        for name in ("ca", "ip3")
    )
    fit = SETS.depitta_benjacob_berry2019.OPEN_PROBABILITY
    cell = LiRinzel(release=0 / s, leak=0 / s, uptake=0 * uM / s).using(fit)
    ca, ip3 = np.append(by_ca[0], np.full_like(by_ip3[0], 0.25)), np.append(np.ones_like(by_ca[0]), by_ip3[0])
    measured = np.append(by_ca[1], by_ip3[1])
    run = tp.simulate(
        cell, until=600 * s, save_at=[600] * s, solver=tp.Kvaerno5(), vary={"cell.ca": ca * uM, "ip3": ip3 * uM}
    )
    fitted = (ip3 / (ip3 + 0.1) * ca / (ca + 0.05) * run["h"].values[:, 0]) ** 3
    receptor = np.array([independent.open_probability(*at) for at in zip(ca, ip3, strict=True)])
    assert np.sqrt(np.mean((fitted - measured) ** 2)) == pytest.approx(0.1222, rel=0.01)
    assert np.sqrt(np.mean((receptor - measured) ** 2)) > 0.24
