"""The input-output synapse of stimberg2019, against SciPy."""

import numpy as np
import pytest

from tests.oracles import stimberg_scipy
from tripartite.experiments import experiment

from .verdicts import unmet

EXPERIMENT = experiment("stimberg2019-synapse")


def test_every_claim_of_the_synapse_holds(data):
    assert unmet(EXPERIMENT, data) == {}


def test_traces_of_the_driven_astrocyte_agree_with_scipy(data):
    times = data["driven_time"].values
    _, y = stimberg_scipy.simulate_example_2(stimberg_scipy.EXAMPLE_2, np.arange(2.0, 30.0, 2.0), times)
    for name, column in (("active", 0), ("ca", 1), ("h", 2), ("ip3", 3)):
        # Both solve to about 1e-9 per step; the error grows along 30 s.
        np.testing.assert_allclose(data[f"driven_{name}"], y[:, column], rtol=2e-6, atol=1e-9)


@pytest.mark.parametrize(("name", "reservoir"), [("weak", 0.8), ("strong", 1.25)])
def test_releases_under_gliotransmission_agree_with_scipy(data, name, reservoir):
    p = stimberg_scipy.EXAMPLE_3 | {"I_bias": reservoir}
    run = stimberg_scipy.simulate_example_3(p, np.array([0.0, 17.1]))
    found = [float(data[f"time_{name}_{k}"]) for k in range(1, len(run.releases) + 1)]
    np.testing.assert_allclose(found, run.releases, rtol=1e-7)
    np.testing.assert_allclose(data[f"release_{name}"], run.r_S, rtol=1e-6)
