"""Spatial buffering: verdicts, a membrane with another Kir4.1, the grid, the figure."""

import pytest

from tripartite.experiments.spatial_buffering import SpatialBuffering


@pytest.fixture(scope="module")
def data():
    experiment = SpatialBuffering()
    return experiment.run(experiment.models(), quick=True)


def test_every_claim_passes(data):
    verdicts = {claim["statement"]: claim["verdict"] for claim in SpatialBuffering().judge(data)}
    assert set(verdicts.values()) == {"pass"}, verdicts


def test_a_weaker_kir_with_a_wrong_width_fails_the_claims():
    experiment = SpatialBuffering()
    models = experiment.models()
    models["tissue"] = models["tissue"].replace({"force_width": "60 mV", "g_kir": "5 S/m**2"})
    verdicts = {claim["statement"]: claim["verdict"] for claim in experiment.judge(experiment.run(models, quick=True))}
    assert verdicts["Rest: factor of Kir4.1"] == "fail"
    assert verdicts["Release: potential, active end"] == "fail"


def test_points_without_half_of_the_last_piece_load_less_than_the_whole_zone(data):
    assert float(data["by_nodes"][-1]) < 0.98 * float(data["by_pieces"][-1])


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(SpatialBuffering().figure(data).axes) == 4
