"""Time courses of calcium: how they are measured, and what the figure shows."""

import numpy as np
import pytest

from tripartite.experiments import experiment
from tripartite.experiments.calcium_time_courses import _times

from .verdicts import unmet

EXPERIMENT = experiment("depitta2012-time-courses")


def test_the_events_of_gchi_are_shorter_than_slow_somatic_ones(data):
    failing = {s.number for s in EXPERIMENT.claims if s.statement in unmet(EXPERIMENT, data)}
    gchi = {f"{cell}_{name}" for cell in ("am", "fm") for name in ("rise", "decay", "width")}
    assert failing == gchi | {"spontaneous_decay"}


def test_a_known_event_has_its_known_times():
    time = np.arange(0, 600, 0.02)
    course = 0.1 + np.where(time < 300, np.exp((time - 300) / 3), np.exp(-(time - 300) / 7))
    times, peak, levels = _times(time, course)
    assert peak == pytest.approx(300, abs=0.05)
    assert levels == pytest.approx([0.2, 0.6, 1.0], rel=1e-3)
    assert times["rise"] == pytest.approx(3 * np.log(9), abs=0.06)
    assert times["decay"] == pytest.approx(7 * np.log(9), abs=0.06)
    assert times["width"] == pytest.approx(10 * np.log(2), abs=0.06)


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
