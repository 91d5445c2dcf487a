"""Spatial buffering: verdicts, the grid, the figure."""

from tripartite.experiments.spatial_buffering import SpatialBuffering

from .verdicts import unmet

EXPERIMENT = SpatialBuffering()


def test_every_statement_holds_but_for_small_transients_without_coupling(data):
    assert unmet(EXPERIMENT, data) == {"Uncoupling changes transients below 8 mM by less than a tenth": "fail"}
    assert float(data["coupled_small"]) < 8 and float(data["coupled_large"]) > 12


def test_points_without_half_of_the_last_piece_load_less_than_the_whole_zone(data):
    assert float(data["by_nodes"][-1]) < 0.98 * float(data["by_pieces"][-1])


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
