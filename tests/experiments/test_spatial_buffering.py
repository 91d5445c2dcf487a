"""Spatial buffering: verdicts, a membrane with another Kir4.1, the grid, the figure."""

from tripartite.experiments.spatial_buffering import SpatialBuffering

from .verdicts import quick, unmet, verdicts

EXPERIMENT = SpatialBuffering()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_a_weaker_kir_with_a_wrong_width_fails_the_claims():
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, tissue={"force_width": "60 mV", "g_kir": "5 S/m**2"}))
    assert found["Rest: factor of Kir4.1"] == "fail"
    assert found["Release: potential, active end"] == "fail"


def test_points_without_half_of_the_last_piece_load_less_than_the_whole_zone(data):
    assert float(data["by_nodes"][-1]) < 0.98 * float(data["by_pieces"][-1])


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
