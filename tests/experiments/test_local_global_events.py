"""Events of a compartmental astrocyte: verdicts, the noise that the equations ask for, and what breaks the claims."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.experiments.local_global_events import LocalGlobalEvents, _astrocyte, _events
from tripartite.units import s

from .verdicts import unmet

pytestmark = pytest.mark.slow  # its quick run is long; the gallery of the documentation holds its verdicts
EXPERIMENT = LocalGlobalEvents()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 6


def test_half_the_noise_fails_the_rates():
    halved = _events(EXPERIMENT.models()["astrocyte"], (0.1, 0.0, 0.2), 4)["process_100_0_200"]
    claim = next(c for c in EXPERIMENT.checks if c.number == "process_200_0_200")
    assert claim._allowed()[0] > halved


def test_noise_of_the_processes_has_the_covariance_that_is_asked_for():
    model = _astrocyte(EXPERIMENT.models()["astrocyte"], 0.2, 0.0, 0.5)
    run = tp.simulate(model, until=50_000 * s, solver=tp.EulerMaruyama(0.5 * s), save_every=0.5 * s)
    common = run["around.fluctuation"].values
    noise = [np.sqrt(0.5) * (common + run[f"process_{i}.fluctuation"].values) for i in range(3)]
    # The program adds z / √dt in each step of 0.5, so that the variance is 2.
    found = np.cov(noise) / 2
    np.testing.assert_allclose(found, 0.5 + 0.5 * np.eye(3), atol=4 * np.sqrt(2 / 100_000))
    later = np.corrcoef(noise[0][1:], noise[0][:-1])[0, 1]
    assert abs(later) < 4 / np.sqrt(100_000)
