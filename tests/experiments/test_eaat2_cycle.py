"""The cycle of EAAT2: verdicts, and a transporter in the file's own convention."""

from tripartite.experiments.eaat2_cycle import Eaat2Cycle

from .verdicts import quick, unmet, verdicts

EXPERIMENT = Eaat2Cycle()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_convention_of_the_file_fails_where_uptake_must_fall():
    models = EXPERIMENT.models()
    models["turned"] = models["filed"]
    found = verdicts(EXPERIMENT, EXPERIMENT.run(models, quick=True))
    assert found["Turned: depolarisation slows uptake"] == "fail"
    assert found["Turned: carried in at −85 mV"] == "fail"
    assert found["As filed: carried in at −85 mV"] == "pass"


def test_glutamate_that_leaves_another_way_is_noticed():
    data = quick(EXPERIMENT, cleft={"cleft.CleftGlutamate.clearance": "10 1/s"})
    assert verdicts(EXPERIMENT, data)["What is released stays, is bound or is carried in"] == "fail"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
