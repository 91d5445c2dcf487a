"""IP3 receptors against recordings: what is met, and the open probability of both by independent forms."""

import numpy as np
import pytest

from tests.oracles import calcium_release_scipy as independent
from tripartite.experiments import experiment

from .verdicts import verdicts

EXPERIMENT = experiment("mak1998-receptor")


def test_only_the_steepness_of_activation_is_that_of_recorded_receptors(data):
    met = {statement for statement, verdict in verdicts(EXPERIMENT, data).items() if verdict == "pass"}
    assert met == {f"{name}: Hill coefficient of activation" for name in ("LiRinzel", "DeYoungKeizer")}


def test_the_full_receptor_is_open_as_the_cube_of_one_of_eight_states(data):
    expected = [
        [independent.open_probability(ca, ip3) for ca in data["calcium"].values[::6]] for ip3 in data["level"].values
    ]
    np.testing.assert_allclose(data["deyoung_keizer_open"].values[:, ::6], expected, rtol=2e-3)


def test_the_reduction_is_open_as_its_steady_gates_say(data):
    ca, ip3 = data["calcium"].values, data["level"].values[:, None]
    q2 = 1.049 * (ip3 + 0.13) / (ip3 + 0.9434)
    expected = (ip3 / (ip3 + 0.13) * ca / (ca + 0.08234) * q2 / (q2 + ca)) ** 3
    np.testing.assert_allclose(data["lirinzel_open"].values, expected, rtol=1e-3)


def test_calcium_raises_the_dissociation_constant_by_the_ratio_of_the_rate_constants(data):
    assert float(data["binding"]) == pytest.approx(377.36 / 52, rel=0.02)  # half of the subunits on a grid of IP3


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
