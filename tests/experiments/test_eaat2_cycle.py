"""The cycle of EAAT2: verdicts, and a transporter in the file's own convention."""

import pytest

from tripartite.experiments.eaat2_cycle import Eaat2Cycle


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = Eaat2Cycle()
    return verdicts(experiment, experiment.models())


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


def test_the_convention_of_the_file_fails_where_uptake_must_fall():
    experiment = Eaat2Cycle()
    models = experiment.models()
    models["turned"] = models["filed"]
    found = verdicts(experiment, models)[1]
    assert found["Turned: depolarisation slows uptake"] == "fail"
    assert found["Turned: carried in at −85 mV"] == "fail"
    assert found["As filed: carried in at −85 mV"] == "pass"


def test_glutamate_that_leaves_another_way_is_noticed():
    experiment = Eaat2Cycle()
    models = experiment.models()
    models["cleft"] = models["cleft"].replace({"cleft.CleftGlutamate.clearance": "10 1/s"})
    assert verdicts(experiment, models)[1]["What is released stays, is bound or is carried in"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(Eaat2Cycle().figure(ran[0]).axes) == 4
