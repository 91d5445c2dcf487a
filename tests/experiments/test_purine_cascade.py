"""From ATP to adenosine: verdicts, and enzymes that work otherwise."""

import pytest

from tripartite.experiments.purine_cascade import PurineSteps
from tripartite.units import s, uM


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = PurineSteps()
    return verdicts(experiment, experiment.models())


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


def test_other_enzymes_and_fast_astrocytes_fail():
    experiment = PurineSteps()
    models = experiment.models()
    models["cascade"] = models["cascade"].replace({"inhibition": 10 * uM})
    models["both"] = models["both"].replace(
        {"atp_vmax": 2000 * uM / s, "adp_vmax": 2000 * uM / s, "amp_vmax": 2000 * uM / s}
    )
    found = verdicts(experiment, models)[1]
    assert found["ADP peaks"] == "pass"
    assert found["Adenosine peaks"] == found["Adenosine reaches"] == "fail"
    assert found["Adenosine from ATP comes later than from neurons"] == "fail"


def test_some_forty_percent_come_from_neurons(ran):
    assert float(ran[0]["share_neurons"]) == pytest.approx(0.4, abs=0.02)


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(PurineSteps().figure(ran[0]).axes) == 4
