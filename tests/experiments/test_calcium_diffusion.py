"""Diffusion of calcium: verdicts, and a wrong coefficient that fails them."""

from tripartite.experiments import calcium_diffusion
from tripartite.experiments.calcium_diffusion import CalciumDiffusion
from tripartite.units import uM

from .verdicts import quick, unmet

EXPERIMENT = CalciumDiffusion()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_other_buffers_and_another_diffusion_fail(monkeypatch):
    monkeypatch.setattr(calcium_diffusion, "_ALONE", 14.0)
    data = quick(EXPERIMENT, program={"mobile_total": 60 * uM}, domain={"diffusion": "14 um**2/s"})
    failed = {statement for statement, verdict in unmet(EXPERIMENT, data).items() if verdict == "fail"}
    assert {"Effective diffusion, program", "Slowest mode of a sphere of 0.5 µm"} < failed
    assert {f"A microdomain of {radius} µm empties" for radius in (0.25, 0.5, 1)} < failed
    assert "Effective diffusion, dialog" not in failed


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
