"""Open cell: verdicts, another pump or gate fails them, the store refills, the figure is drawn."""

from tripartite.experiments.open_cell import OpenCellOscillations

from .verdicts import numbered, quick, unmet

EXPERIMENT = OpenCellOscillations()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_exponent_of_serca_carries_the_hopf_points_and_periods():
    data = quick(EXPERIMENT, **{name: {"serca_exponent": 2.0} for name in EXPERIMENT.models()})
    found = numbered(EXPERIMENT, data)
    assert "pass" not in {found[n] for n in ("hopf_low", "hopf_high", "period_at_250_nM", "peak_at_375_nM")}


def test_the_slow_inactivation_carries_the_periods():
    found = numbered(
        EXPERIMENT, quick(EXPERIMENT, **{name: {"inactivation": "0.2 1/uM/s"} for name in EXPERIMENT.models()})
    )
    assert "pass" not in {found[n] for n in ("hopf_low_period", "period_at_250_nM")}
    assert found["rest"] == "pass"


def test_the_figure_is_drawn_from_the_data_alone(data):
    made = EXPERIMENT.figure(data)
    assert len(made.axes) == 6
    assert all(panel.get_xlabel() and panel.get_ylabel() for panel in made.axes)


def test_the_store_refills_only_through_store_operated_entry(data):
    with_entry, without = data["refill_er"].values
    assert with_entry[-1] > 0.95 * with_entry[0]
    assert without[-1] < 0.3 * with_entry[0]
