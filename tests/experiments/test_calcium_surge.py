"""The surge of a whole astrocyte: verdicts, and what removes the threshold."""

import numpy as np
import pytest

from tripartite.experiments.calcium_surge import CalciumSurge, _threshold, _trials

from .verdicts import unmet

pytestmark = pytest.mark.slow  # its quick run is long; the gallery of the documentation holds its verdicts
EXPERIMENT = CalciumSurge()


def test_threshold_and_order_are_met_and_times_shares_and_knockout_are_not(data):
    failing = {statement for statement, verdict in unmet(EXPERIMENT, data).items() if verdict == "fail"}
    numbers = {s.number for s in (*EXPERIMENT.claims, *EXPERIMENT.checks) if s.statement not in failing}
    met = {"none_below", "all_above", "local_spread", "threshold", "order_before", "order_after", "soma_without_ip3r2"}
    assert numbers == met


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4


def test_a_small_soma_fails_the_threshold():
    trials = _trials(EXPERIMENT.models()["astrocyte"], 3.0, 1)
    claim = next(c for c in EXPERIMENT.checks if c.number == "threshold")
    assert _threshold(trials) < claim._allowed()[0]


def test_the_threshold_is_where_surges_begin():
    active = np.linspace(0, 0.5, 11)
    found = _threshold({"active": active, "surge": (active > 0.22).astype(float)})
    assert 0.2 < found < 0.25
