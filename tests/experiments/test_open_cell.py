"""Open cell: verdicts, another pump or gate fails them, the store refills, the figure is drawn."""

from tripartite.experiments.open_cell import OpenCellOscillations

from .verdicts import unmet

EXPERIMENT = OpenCellOscillations()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    made = EXPERIMENT.figure(data)
    assert len(made.axes) == 6
    assert all(panel.get_xlabel() and panel.get_ylabel() for panel in made.axes)


def test_the_store_refills_only_through_store_operated_entry(data):
    with_entry, without = data["refill_er"].values
    assert with_entry[-1] > 0.95 * with_entry[0]
    assert without[-1] < 0.3 * with_entry[0]
