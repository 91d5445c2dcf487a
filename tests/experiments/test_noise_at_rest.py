"""Two noises of receptors: verdicts, and noise that does not vanish at rest fails them."""

from tripartite.experiments import noise_at_rest
from tripartite.experiments.noise_at_rest import NoiseAtRest

from .verdicts import numbered, unmet

EXPERIMENT = NoiseAtRest()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_noise_of_receptors_in_place_of_multiplicative_noise_fails():
    receptors = EXPERIMENT.models()["receptors"]
    found = noise_at_rest._resting(receptors, "multiplicative", 4, 1)
    assert set(numbered(EXPERIMENT, found).values()) == {"fail"}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
