"""Measured currents of Kir4.1: verdicts where the tables are, a recovered fit, and a clear error where they are not."""

import os
from pathlib import Path

import numpy as np
import pytest

from tripartite.errors import MissingDataError
from tripartite.experiments.kir_currents import FORMS, KirCurrents, _Channel, _current, _fits
from tripartite.experiments.measurements import kir_currents as measured
from tripartite.mechanisms import Kir41

from .verdicts import unmet

EXPERIMENT = KirCurrents()

PLACE = Path(os.environ.get(measured.FOLDER, "/nowhere")) / measured.PLACE
where_the_tables_are = pytest.mark.skipif(
    not PLACE.is_dir(), reason="the digitised currents are not part of the package"
)


@where_the_tables_are
def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


@where_the_tables_are
def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 6


def test_a_fit_recovers_the_numbers_that_made_its_points():
    v, channel = np.linspace(-150, 40, 20), _Channel(Kir41(), 25.42)
    points = np.column_stack([v, _current(channel, "striatum", v, 0.04, -6.0, -6.0, 150.0)])
    g, shift, half, width = _fits(channel, "striatum", points)[FORMS[0]]
    np.testing.assert_allclose([g, shift, half, width], [0.04, -6.0, -6.0, 150.0], rtol=1e-4)


def test_tables_that_are_not_there_are_an_error_that_says_where_to_get_them(monkeypatch, tmp_path):
    monkeypatch.setenv(measured.FOLDER, str(tmp_path))
    with pytest.raises(MissingDataError, match="caljohnson/astrocyte_ion_concentrations"):
        measured.read()
    monkeypatch.delenv(measured.FOLDER)
    with pytest.raises(MissingDataError, match="not set"):
        measured.read()
