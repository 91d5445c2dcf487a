"""Diffusion of calcium: verdicts, and a wrong coefficient that fails them."""

import pytest

from tripartite.experiments import calcium_diffusion
from tripartite.experiments.calcium_diffusion import CalciumDiffusion
from tripartite.units import uM


@pytest.fixture(scope="module")
def data():
    experiment = CalciumDiffusion()
    return experiment.run(experiment.models(), quick=True)


def test_every_claim_passes(data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in CalciumDiffusion().judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_other_buffers_and_another_diffusion_fail(monkeypatch):
    experiment = CalciumDiffusion()
    models = experiment.models()
    models["program"] = models["program"].replace({"mobile_total": 60 * uM})
    models["domain"] = models["domain"].replace({"diffusion": "14 um**2/s"})
    monkeypatch.setattr(calcium_diffusion, "_ALONE", 14.0)
    found = experiment.judge(experiment.run(models, quick=True))
    failed = {claim["statement"] for claim in found if claim["verdict"] == "fail"}
    assert {"Effective diffusion, program", "Slowest mode of a sphere of 0.5 µm"} < failed
    assert {f"A microdomain of {radius} µm empties" for radius in (0.25, 0.5, 1)} < failed
    assert "Effective diffusion, dialog" not in failed


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(CalciumDiffusion().figure(data).axes) == 4
