"""ChR2: verdicts, and an opsin of another wavelength fails."""

import numpy as np
import pytest

from tripartite.experiments.channelrhodopsin_photocurrent import Photocurrent
from tripartite.units import nm


@pytest.fixture(scope="module")
def data():
    experiment = Photocurrent()
    return experiment.run(experiment.models(), quick=True)


def verdicts(data):
    return {claim["statement"]: claim["verdict"] for claim in Photocurrent().judge(data)}


def test_every_claim_passes(data):
    assert set(verdicts(data).values()) == {"pass"}, verdicts(data)


def test_the_wavelength_of_the_file_fails():
    experiment = Photocurrent()
    models = experiment.models()
    models["clamped"] = models["clamped"].replace({"wavelength": 594 * nm})
    found = verdicts(experiment.run(models, quick=True))
    assert found["Peak of the effective open fraction"] == "fail"
    assert found["The peak comes after light onset by"] == "fail"


def test_spikes_come_with_the_flashes_alone(data):
    after = (data["spikes"].values - 100) % 100
    assert len(after) >= 10 and np.all(after < 40)


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(Photocurrent().figure(data).axes) == 4
