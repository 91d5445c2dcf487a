"""The published networks meet their claims."""

import numpy as np
import pytest

from tripartite.experiments import experiment
from tripartite.units import uM

from .verdicts import quick, unmet

EXPERIMENT = experiment("brette2007-coba")


def test_every_claim_of_coba_holds(data):
    assert unmet(EXPERIMENT, data) == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["stimberg2019-network", "stimberg2019-ring", "jiang2025-sparse", "jiang2025-synchronous"]
)
def test_every_claim_holds(name):
    chosen = experiment(name)
    data = quick(chosen)
    assert unmet(chosen, data) == {}
    assert len(chosen.figure(data).axes) >= 4


def test_the_front_around_the_ring_needs_its_gap_junctions():
    from tripartite.experiments.astrocyte_ring import _run_ring
    from tripartite.units import ms

    models = experiment("stimberg2019-ring").models()
    joined = _run_ring(models, 50 * ms, 50.0, 500 * ms)["astrocytes.ca"].values
    cut = {**models, "ring_coupling": models["ring_coupling"].replace({"coupling": 0 * uM / (1000 * ms)})}
    apart = _run_ring(cut, 50 * ms, 50.0, 500 * ms)["astrocytes.ca"].values
    assert np.flatnonzero((joined > 0.5).any(axis=0)).tolist() == [23, 24, 25, 26, 27]
    assert np.flatnonzero((apart > 0.5).any(axis=0)).tolist() == [25]
