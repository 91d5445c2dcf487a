"""The encoding experiment meets its claims but one, and its numbers those of an independent script."""

import numpy as np
import pytest

from tests.oracles import gchi_scipy, li_rinzel_scipy
from tripartite.experiments import experiment

from .verdicts import unmet

EXPERIMENT = experiment("depitta2009-encoding")


def test_all_claims_pass(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_ratio_at_90_nM_is_that_of_an_independent_script(data):
    amplitudes = []
    for ip3 in (0.34, 0.67):  # where the amplitude is least and largest
        _, y = li_rinzel_scipy.simulate(
            li_rinzel_scipy.AM | {"KER": 0.09}, ip3, np.arange(0, 500, 0.01), initial=(0.05, 0.6), rtol=1e-9
        )
        amplitudes.append(np.ptp(y[25000:, 0]))
    assert float(data["amplitude_ratio_at_90_nM"]) == pytest.approx(amplitudes[1] / amplitudes[0], rel=1e-4)


@pytest.mark.parametrize(("cell", "glutamate"), [("am", 1.0), ("fm", 0.1)])
def test_extremes_and_period_are_those_of_an_independent_script(data, cell, glutamate):
    times = np.arange(0, 700, 0.01)
    _, y = gchi_scipy.simulate(getattr(gchi_scipy, cell.upper()), glutamate, times)
    low, high, period = gchi_scipy.oscillation(times[40000:], y[40000:, 0])
    names = [f"{cell}_{name}_at_{round(1000 * glutamate)}_nM" for name in ("low", "high", "period")]
    np.testing.assert_allclose([float(data[name]) for name in names], [low, high, period], rtol=5e-5)


def test_the_figure_labels_every_axis(data):
    for panel in EXPERIMENT.figure(data).axes:
        assert panel.get_xlabel() and panel.get_ylabel()
