"""Profile likelihood against exact confidence intervals of linear regression, and on lost parameters."""

import math

import numpy as np
import pytest
from scipy.stats import t as student

from tripartite.identify import Verdict, profile


class Regression:
    """Least squares on ``basis @ x``, the smallest objective there is; ``bounds`` of every number."""

    def __init__(self, basis, data, low=-100.0, high=100.0):
        self.basis, self.data, self.limits = basis, data, (low, high)
        self.names = [f"x{i}" for i in range(basis.shape[1])]
        self.freedom = len(data) - np.linalg.matrix_rank(basis)
        self.values = self.least({}, [])[1]

    def doubts(self, level, of):
        return ()

    def unit(self, name):
        return "mV"

    def bounds(self, name):
        return self.limits

    def least(self, fixed, starts):
        held = np.array([n in fixed for n in self.names])
        x = np.array([fixed.get(n, 0.0) for n in self.names])
        rest = self.data - self.basis[:, held] @ x[held]
        if not held.all():
            x[~held] = np.linalg.lstsq(self.basis[:, ~held], rest, rcond=None)[0]
        return float(np.sum((self.data - self.basis @ x) ** 2)), dict(zip(self.names, x, strict=True))


def straight_line(points=9):
    at = np.linspace(0, 1, points)
    basis = np.stack([np.ones(points), at], axis=1)
    return basis, basis @ [1.0, 3.0] + 0.2 * np.random.default_rng(1).standard_normal(points)


def test_interval_is_the_exact_one_of_linear_regression():
    basis, data = straight_line()
    objective = Regression(basis, data)
    found = profile(objective, "x1")
    squares, best = objective.least({}, [])
    error = math.sqrt(squares / 7 * np.linalg.inv(basis.T @ basis)[1, 1])
    half = student.ppf(0.975, 7) * error
    assert found.verdict is Verdict.DETERMINED
    assert found.best == pytest.approx(best["x1"])
    # The deviance is a parabola; its crossing is interpolated between the last two points of the walk.
    assert [found.low, found.high] == pytest.approx([best["x1"] - half, best["x1"] + half], rel=0.02)


def test_a_sum_of_two_numbers_determines_neither():
    basis, data = straight_line()
    doubled = np.concatenate([basis, basis[:, 1:]], axis=1)
    assert profile(Regression(doubled, data), "x1").verdict is Verdict.OPEN


@pytest.mark.parametrize(("low", "high", "verdict"), [(2.9, 100.0, Verdict.ABOVE), (-100.0, 3.1, Verdict.BELOW)])
def test_a_bound_inside_the_interval_leaves_that_side_open(low, high, verdict):
    basis, data = straight_line()
    objective = Regression(basis, data, low, high)
    objective.values = objective.least({"x1": 3.0}, [])[1]
    found = profile(objective, "x1")
    assert found.verdict is verdict
    assert math.isinf(found.low if verdict is Verdict.ABOVE else found.high)


def test_a_better_fit_met_on_the_way_becomes_the_best():
    basis, data = straight_line()
    objective = Regression(basis, data)
    exact = objective.values["x1"]
    objective.values = objective.least({"x1": exact + 0.3}, [])[1]
    found = profile(objective, "x1")
    assert abs(found.best - exact) < 0.15
    assert found.low < exact < found.high
    assert found.surpassed and found.verdict is Verdict.SURPASSED and found.fitted == objective.values["x1"]
    assert found.optimum["x1"] == found.best
    worse, least = objective.least(objective.values, [])[0], objective.least(found.optimum, [])[0]
    assert str(found).split(";")[1].endswith("] mV") and found.plot().axes[0].get_xlabel() == "x1 (mV)"
    said = f"a better fit was found (sum of squares {least:.4g} against {worse:.4g}"
    assert said in str(found) and said in found._repr_html_()
    titles = [panel.get_title(loc="left").replace("\n", " ") for panel in found.plot().axes]
    assert said in titles[0]


def test_a_fit_that_is_the_best_is_not_surpassed():
    basis, data = straight_line()
    found = profile(Regression(basis, data), "x1")
    assert not found.surpassed and found.best == found.fitted and found.optimum["x1"] == found.best
