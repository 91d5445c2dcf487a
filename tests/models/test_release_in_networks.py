"""Cells of a network follow the same models alone: all states of the receptor, kinase C, spontaneous astrocytes."""

from typing import Any

import numpy as np
import pytest

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
from tripartite.network import Network, On, Population, RungeKutta4, States
from tripartite.protocols import Constant
from tripartite.units import ms, s, uM

SETS = tp.parameters
CELLS = {
    "receptor": DeYoungKeizer(),
    "kinase": tp.models.EGChi().using(SETS.depitta_benjacob_berry2019.KINASE),
    "spontaneous": tp.Compartment(LavrentovichHemkin(), PlcDeltaIp3()),
    "riera": tp.Compartment(LiRinzel(), PlcDeltaIp3()).using(SETS.riera2011.ASTROCYTE)
    + TotalCalcium()
    + CapacitativeExchange(),
    "ullah": tp.Compartment(LiRinzel(), Ip3GatedEntry(), PlcDeltaRelaxation()).using(SETS.ullah2006.ASTROCYTE),
}
INPUTS = {"receptor": {"ip3": 0.5 * uM}, "kinase": {"glutamate": 1.5 * uM}}


@pytest.fixture(scope="module")
def together():
    cells: dict[str, Any] = {name: Population(model, 2, method=RungeKutta4()) for name, model in CELLS.items()}
    network = Network(**cells, step=1 * ms)
    inputs = On(cells["receptor"], Constant(ip3=0.5 * uM)) & On(cells["kinase"], Constant(glutamate=1.5 * uM))
    recorded = [States(group, "ca", every=1 * s) for group in cells.values()]
    return network.run(until=20 * s, protocol=inputs, record=recorded)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_of_a_network_follows_the_model_alone(name, together):
    alone = tp.simulate(
        CELLS[name], Constant(INPUTS.get(name, {})), until=20 * s, solver=tp.Tsit5(1e-10, 1e-13), save_every=1 * s
    )
    found = together[f"{name}.ca"].sel(time=slice(0.5, None)).values
    expected = alone["ca"].sel(time=slice(0.5, None)).values
    np.testing.assert_allclose(found[: len(expected)], np.tile(expected[:, None], 2), rtol=1e-4)
