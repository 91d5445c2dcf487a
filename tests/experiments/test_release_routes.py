"""Routes of gliotransmitter: verdicts, and slower clearance, another uptake and slower channels."""

from tripartite.experiments.release_routes import ReleaseRoutes
from tripartite.units import ms, s, uM

from .verdicts import quick, unmet, verdicts

EXPERIMENT = ReleaseRoutes()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_other_constants_fail():
    found = verdicts(
        EXPERIMENT,
        quick(EXPERIMENT, cleared={"clearance": 50 / s}, taken={"k_uptake": 50 * uM}, channel={"gating": 200 * ms}),
    )
    assert found["A release of everything, cleared, binds 1 - exp(-3.25)"] == "fail"
    assert found["With saturable uptake it binds more"] == found["Half of it is taken up after"] == "fail"
    assert found["Time in which the channels open"] == "fail"
    assert found["D-serine of lasting calcium"] == "pass"


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
