"""hM4Di: verdicts, and a receptor without effect fails."""

import numpy as np
import pytest

from tripartite.experiments.hm4di_activation import Hm4diActivation

from .verdicts import unmet

EXPERIMENT = Hm4diActivation()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_ligand_leaves_less_camp(data):
    left = data["camp_left"].values
    assert left[0] == 1 and left.min() == pytest.approx(0.2, abs=0.03) and np.all((left >= 0.2) & (left <= 1))


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
