"""Exchange of IP3 between cells against the formula of the paper, written by hand."""

import numpy as np
import pytest
from tests.laws.index import alone
from tests.laws.written import kernels

import tripartite as tp
from tripartite.language import Compartment, Mechanism, Model, State
from tripartite.mechanisms import (
    Ip3Coupling,
    Ip3Reservoir,
    LinearCalciumCoupling,
    LinearIp3Coupling,
    ThresholdIp3Coupling,
)
from tripartite.units import s, uM

DIFFERENCES = [-2.0, -0.4, -0.3, -0.05, 0.0, 0.05, 0.3, 0.31, 1.5]


class Ip3Only(Mechanism):
    """IP3 that nothing changes.

    **Sources** assumed: a test.
    """

    ip3 = State(0.0, "uM", "IP3 in the cytosol")


def flux(mechanism, difference):
    """Rate of IP3, in µM/s, of a cell whose IP3 exceeds the other's by ``difference`` (µM)."""
    system = Model(cell=Compartment(mechanism, Ip3Only())).system
    constants = [e.value for e in system.parameters] + [2.0]
    return system.rates(system.values([2.0 + difference], constants))[0] * 1000


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_nonlinear_coupling_is_the_printed_function(difference):
    printed = -0.09 / 2 * (1 + np.tanh((abs(difference) - 0.3) / 0.05)) * np.sign(difference)
    assert flux(Ip3Coupling(), difference) == pytest.approx(printed, rel=1e-9, abs=1e-15)
    assert flux(Ip3Reservoir(), difference) == pytest.approx(printed * 2 / 0.09, rel=1e-9, abs=1e-15)


@pytest.mark.parametrize("difference", DIFFERENCES)
def test_threshold_coupling_is_the_printed_function(difference):
    printed = -2 * np.sign(difference) * max(abs(difference) - 0.3, 0)
    assert flux(ThresholdIp3Coupling(), difference) == pytest.approx(printed, rel=1e-9, abs=1e-12)


def test_calcium_passes_in_proportion_to_its_difference():
    index = alone(LinearCalciumCoupling)
    values = [e.value for e in index.parameters] + [0.1]
    assert kernels(LinearCalciumCoupling).rates(np.array([0.5]), np.array(values))[0] * 1000 == pytest.approx(
        -0.05 * 0.4
    )


@pytest.mark.parametrize("kind", [Ip3Coupling, LinearIp3Coupling, ThresholdIp3Coupling])
@pytest.mark.parametrize("difference", DIFFERENCES)
def test_what_one_cell_loses_the_other_gains(kind, difference):
    there = flux(kind(), difference)
    back = flux(kind(), -difference)
    # 2 + d and 2 - d round apart in the last digit.
    assert there + back == pytest.approx(0, abs=1e-12 * max(abs(there), 1e-3))
    assert there * difference <= 0


def test_equal_cells_exchange_nothing():
    assert flux(Ip3Coupling(), 0.0) == 0
    assert flux(Ip3Reservoir(), 0.0) == 0


def test_two_coupled_cells_keep_their_ip3_and_meet_in_the_middle():
    left, right = (Compartment(Ip3Only(ip3=start * uM), LinearIp3Coupling()) for start in (1.0, 0.2))
    pair = Model(left=left, right=right, wiring=[right.ip3 >> left.neighbour, left.ip3 >> right.neighbour])
    run = tp.simulate(pair, until=3 * s, save_at=[0.1, 3.0] * s, solver=tp.Tsit5(1e-10, 1e-12))
    np.testing.assert_allclose(run["left.ip3"] + run["right.ip3"], 1.2, rtol=1e-9)
    expected = 0.6 + 0.4 * np.exp(-4 * np.array([0.1, 3.0]))
    np.testing.assert_allclose(run["left.ip3"], expected, rtol=1e-7)
