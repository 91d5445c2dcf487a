"""Two noises of receptors: verdicts, and noise that does not vanish at rest fails them."""

import pytest
import xarray as xr

from tripartite.experiments import noise_at_rest
from tripartite.experiments.noise_at_rest import NoiseAtRest


@pytest.fixture(scope="module")
def data():
    experiment = NoiseAtRest()
    return experiment.run(experiment.models(), quick=True)


def verdicts(found):
    made = found if isinstance(found, xr.Dataset) else xr.Dataset(found)
    return {claim.number: claim.judge(made)["verdict"] for claim in NoiseAtRest.claims if claim.number in made}


def test_every_claim_passes(data):
    assert set(verdicts(data).values()) == {"pass"}, verdicts(data)


def test_noise_of_receptors_in_place_of_multiplicative_noise_fails():
    receptors = NoiseAtRest().models()["receptors"]
    found = noise_at_rest._resting(receptors, "multiplicative", 4, 1)
    assert set(verdicts(found).values()) == {"fail"}


def test_another_rate_of_the_noise_than_of_the_receptors_fails():
    held = NoiseAtRest().models()["held"]
    found = verdicts(noise_at_rest._held(held.replace({"LiRinzel.inactivation": "0.4 1/uM/s"})))
    assert found["drift_20"] == "fail" and found["beyond_2"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(NoiseAtRest().figure(data).axes) == 4
