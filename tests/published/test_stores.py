"""Stores and membranes: the open cell of handy2017."""

import numpy as np
import pytest

import tripartite as tp
from tests.published import check
from tripartite.analysis import oscillation
from tripartite.mechanisms import CalEx, Ip3Transient
from tripartite.models import OpenCell
from tripartite.protocols import Constant, Pulses
from tripartite.solve import Tsit5, continuation, steady_states
from tripartite.units import s, uM

FINE = Tsit5(rtol=1e-9, atol=1e-12)
STIMULUS = Pulses("stimulus", 1, [20] * s, 17 * s)


def periods(model, ip3):
    at = np.arange(5000, 6000, 0.04) * s
    run = tp.simulate(
        model, Constant(ip3=0 * uM), until=6000 * s, save_at=at, solver=FINE, vary={"ip3": np.array(ip3) * uM}
    )
    return oscillation(run.data["time"], run["astrocyte.ca"], smallest=0.02).period.values


@pytest.fixture(scope="module")
def hopf():
    found = continuation(OpenCell(), "ip3", 0.05 * uM, 0.6 * uM).hopf_points
    return sorted(point.value.to("uM").magnitude for point in found)


def test_the_open_cell_has_two_hopf_points(hopf):
    assert len(hopf) == 2
    check("handy_hopf_lo_I", hopf[0])
    check("handy_hopf_hi_I", hopf[1])


def test_the_open_cell_oscillates_with_its_period():
    check("handy_period_I0.25_s", periods(OpenCell(), [0.25])[0])


def test_without_store_operated_entry_nothing_oscillates():
    silent = OpenCell().replace({"StoreOperatedEntry.entry": 0 * uM / s})
    found = periods(silent, [0.15, 0.2, 0.25, 0.3, 0.35, 0.4])
    check("handy_vsoc0_oscillates", np.sum(~np.isnan(found)))


def test_a_transient_of_ip3_gives_a_peak():
    run = tp.simulate(OpenCell(Ip3Transient()), STIMULUS, until=60 * s, save_every=0.02 * s, solver=FINE)
    check("handy_SP_peak_uM", run["astrocyte.ca"].max())


def test_calex_lowers_the_peak():
    calex = CalEx(extrusion=40 * uM / s, k_calex=2.5 * uM, membrane_ratio=0.2)
    rest = steady_states(OpenCell(calex), Constant(ip3=0 * uM)).isel(point=0)
    starts = {"ca": float(rest["astrocyte.ca"]) * uM, "ca_total": float(rest["astrocyte.ca_total"]) * uM}
    cell = OpenCell(Ip3Transient(), calex).replace({**starts, "h": float(rest["astrocyte.h"])})
    run = tp.simulate(cell, STIMULUS, until=60 * s, save_every=0.02 * s, solver=FINE)
    check("handy_calex_x5_SP_peak_uM", run["astrocyte.ca"].max())
