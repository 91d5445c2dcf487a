"""Two noises of receptors: verdicts, and noise that does not vanish at rest fails them."""

import xarray as xr

from tripartite.experiments import noise_at_rest
from tripartite.experiments.noise_at_rest import NoiseAtRest

from .verdicts import unmet

EXPERIMENT = NoiseAtRest()


def partly(found):
    """Verdicts of the claims whose numbers are there."""
    made = xr.Dataset(found)
    return {claim.number: claim.judge(made)["verdict"] for claim in EXPERIMENT.claims if claim.number in made}


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_noise_of_receptors_in_place_of_multiplicative_noise_fails():
    receptors = EXPERIMENT.models()["receptors"]
    found = noise_at_rest._resting(receptors, "multiplicative", 4, 1)
    assert set(partly(found).values()) == {"fail"}


def test_another_rate_of_the_noise_than_of_the_receptors_fails():
    held = EXPERIMENT.models()["held"]
    found = partly(noise_at_rest._held(held.replace({"LiRinzel.inactivation": "0.4 1/uM/s"})))
    assert found["drift_20"] == "fail" and found["beyond_2"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
