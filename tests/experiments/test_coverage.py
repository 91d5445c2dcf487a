"""Every mechanism is shown: it is part of a model of some experiment."""

import pytest

from tests.laws.index import INDEX
from tripartite.experiments import featuring

UNSHOWN = {
    "SomaExchange": "part of `ProcessStar`, whose paper was not read: there is no published result to judge",
    "SpikeIp3": "part of `ProcessStar`, whose paper was not read: there is no published result to judge",
    "InjectedCurrent": "a stimulus of the user, for membranes whose currents are counted by area",
    "GatedWeight": "a weight of compositions of the user; held by laws and loops of its own",
    "HardBoundWeight": "a weight of compositions of the user; held by laws and loops of its own",
    "SoftBoundWeight": "a weight of compositions of the user; held by laws and loops of its own",
    "NormalisedWeight": "a weight of compositions of the user; held by laws and loops of its own",
    "WeightNormalisation": "what a cell gives to its normalised weights",
    "IndicatorBuffer": "an option added to other models; its conservation is tested among the indicators",
}
"""Mechanisms that no experiment shows, and why."""


@pytest.mark.parametrize("kind", INDEX, ids=lambda kind: kind.__name__)
def test_every_mechanism_appears_in_an_experiment(kind):
    assert bool(featuring(kind)) != (kind.__name__ in UNSHOWN), (
        f"`{kind.__name__}` appears in {featuring(kind) or 'no experiment'}. Add it to the models of one, or correct "
        "the reasons why it is not shown."
    )
