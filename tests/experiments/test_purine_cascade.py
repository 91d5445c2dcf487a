"""From ATP to adenosine: verdicts, and enzymes that work otherwise."""

import pytest

from tripartite.experiments.purine_cascade import PurineSteps
from tripartite.units import s, uM

from .verdicts import quick, unmet, verdicts

EXPERIMENT = PurineSteps()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_other_enzymes_and_fast_astrocytes_fail():
    fast = {"atp_vmax": 2000 * uM / s, "adp_vmax": 2000 * uM / s, "amp_vmax": 2000 * uM / s}
    found = verdicts(EXPERIMENT, quick(EXPERIMENT, cascade={"inhibition": 10 * uM}, both=fast))
    assert found["ADP peaks"] == "pass"
    assert found["Adenosine peaks"] == found["Adenosine reaches"] == "fail"
    assert found["Adenosine from ATP comes later than from neurons"] == "fail"


def test_some_forty_percent_come_from_neurons(data):
    assert float(data["share_neurons"]) == pytest.approx(0.4, abs=0.02)


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
