"""The branching astrocyte: its branches, its rest, and what is kept in it."""

import numpy as np
import pytest

from tripartite.models import BranchingAstrocyte
from tripartite.models.branching_astrocyte import compartment, primary_branches
from tripartite.network import On, States
from tripartite.network.morphology import Morphology
from tripartite.protocols import Constant
from tripartite.units import Quantity, s, uM

SHAPE = Morphology.tree(branches=3, generations=2, pieces=2, leaflets=0)


def run(network, until, **inputs):
    cells = network.groups["astrocyte"]
    protocol = On(cells, Constant(**{"glutamate": 0 * uM, "noradrenaline": 0 * uM} | inputs))
    return network.run(until=until * s, record=[States(cells, "ca", "ip3", every=1 * s)], protocol=protocol)


def test_every_compartment_but_the_soma_belongs_to_one_branch():
    branch = primary_branches(SHAPE)
    assert list(np.flatnonzero(branch < 0)) == [SHAPE.within("soma").start]
    np.testing.assert_array_equal(np.unique(branch), [-1, 0, 1, 2])
    away = (SHAPE.parent >= 0) & (branch[SHAPE.parent] >= 0)
    np.testing.assert_array_equal(branch[away], branch[SHAPE.parent[away]])


def test_it_rests_without_input():
    found = run(BranchingAstrocyte(SHAPE), 60.0)
    assert float(np.ptp(found["astrocyte.ca"].values)) < 0.01


def test_diffusion_alone_keeps_ip3():
    still = compartment().replace({name: 0 * uM / s for name in ("v_delta", "v_3k")} | {"r_5p": 0 / s})
    random = np.random.default_rng(2).uniform(0.1, 1, SHAPE.size)
    network = BranchingAstrocyte(SHAPE, still, values={"astrocyte.ip3": Quantity(random, "uM")})
    held = run(network, 20.0)["astrocyte.ip3"].values @ SHAPE.volume
    assert held[-1] == pytest.approx(held[0], rel=1e-9)
