"""hM3Dq: verdicts, and a receptor that does nothing fails."""

import numpy as np

from tripartite.experiments.hm3dq_surge import Hm3dqSurge, _vivo
from tripartite.units import s, uM

from .verdicts import unmet

EXPERIMENT = Hm3dqSurge()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_an_oscillation_that_survives_is_not_taken_for_silence():
    model = EXPERIMENT.models()["vivo"].replace({"v_3k": 20 * uM / s, "k_serca": 0.05 * uM})
    found = _vivo(model)
    assert not found["suppressed"]


def test_the_control_keeps_its_rate(data):
    rate = data["vivo_rate"].sel(dose=0).values
    assert np.ptp(rate) < 0.5 * rate[0]


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 6
