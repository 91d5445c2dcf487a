"""The table of knock-outs: verdicts, and drugs that do nothing fail."""

import numpy as np

from tripartite.experiments import knockout_table
from tripartite.experiments.knockout_table import KnockoutTable

from .verdicts import quick, unmet, verdicts

EXPERIMENT = KnockoutTable()


def test_every_claim_but_that_on_glutamate_passes(data):
    assert unmet(EXPERIMENT, data) == {"Without IP3R2 glutamate is as it was": "fail"}


def test_drugs_and_knockouts_without_strength_fail(monkeypatch):
    for name in ("Mpep", "Cpa"):
        used = getattr(knockout_table, name)
        monkeypatch.setattr(knockout_table, name, lambda used=used, **options: used(**options, dose="0 uM"))
    whole = knockout_table.Ip3r2Knockout
    monkeypatch.setattr(knockout_table, "Ip3r2Knockout", lambda: whole(remaining=1.0))
    found = verdicts(EXPERIMENT, quick(EXPERIMENT))
    failing = {"Without IP3R2 there is no calcium event", "MPEP makes calcium events rarer", "Without SERCA events end"}
    assert failing <= {statement for statement, verdict in found.items() if verdict == "fail"}


def test_every_row_but_those_without_target_has_numbers(data):
    empty = np.isnan(data["synapse"].values).all(axis=1)
    assert list(data["perturbation"].values[empty]) == ["DPCPX", "prazosin", "carbenoxolone"]


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 2
