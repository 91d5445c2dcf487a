"""Routes of gliotransmitter: verdicts, and slower clearance, another uptake and slower channels."""

import pytest

from tripartite.experiments.release_routes import ReleaseRoutes
from tripartite.units import ms, s, uM


def verdicts(experiment, models):
    data = experiment.run(models, quick=True)
    return data, {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


@pytest.fixture(scope="module")
def ran():
    experiment = ReleaseRoutes()
    return verdicts(experiment, experiment.models())


def test_every_claim_passes(ran):
    assert set(ran[1].values()) == {"pass"}, ran[1]


def test_other_constants_fail():
    experiment = ReleaseRoutes()
    models = experiment.models()
    models["cleared"] = models["cleared"].replace({"clearance": 50 / s})
    models["taken"] = models["taken"].replace({"k_uptake": 50 * uM})
    models["channel"] = models["channel"].replace({"gating": 200 * ms})
    found = verdicts(experiment, models)[1]
    assert found["A release of everything, cleared, binds 1 - exp(-3.25)"] == "fail"
    assert found["With saturable uptake it binds more"] == found["Half of it is taken up after"] == "fail"
    assert found["Time in which the channels open"] == "fail"
    assert found["D-serine of lasting calcium"] == "pass"


def test_the_figure_is_drawn_from_the_data_alone(ran):
    assert len(ReleaseRoutes().figure(ran[0]).axes) == 4
