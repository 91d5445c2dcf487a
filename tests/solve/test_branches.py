"""Branches turn and change stability where textbooks and an independent SciPy script say."""

import numpy as np
import pytest

import tripartite as tp
from tests.oracles import li_rinzel_scipy
from tests.solve import normal_forms
from tripartite.errors import RangeError, SolveError, UnknownNameError
from tripartite.units import uM


def value(quantity):
    return float(quantity.magnitude)


def test_a_saddle_node_branch_turns_at_its_fold_and_comes_back():
    branch = tp.continuation(normal_forms.SaddleNode(), "a", -1, 1)
    (fold,) = branch.folds
    assert abs(value(fold.value)) < 1e-10
    assert abs(value(fold.states["cell.x"])) < 1e-10
    x, a = branch.data["cell.x"], branch.data["cell.SaddleNode.a"]
    np.testing.assert_allclose(a, -(x**2), atol=1e-12)
    np.testing.assert_allclose([x[0], x[-1], a[0], a[-1]], [-1, 1, -1, -1], rtol=1e-12)
    assert (branch.data["stable"] == (x < 0)).all()
    assert branch.special == (fold,)


@pytest.mark.parametrize("b", [0.01, 0.3, 1.0, 2.0])
def test_folds_of_the_cusp_lie_on_its_curve(b):
    cusp = normal_forms.Cusp(b=b, x=-2.0)
    branch = tp.continuation(cusp, "a", -1.5, 1.5, step=0.005)
    edge = 2 * (b / 3) ** 1.5
    np.testing.assert_allclose([value(f.value) for f in branch.folds], [edge, -edge], rtol=1e-9, atol=1e-10)
    assert not branch.hopf_points


def test_beyond_the_cusp_there_is_no_fold():
    assert not tp.continuation(normal_forms.Cusp(b=-0.2), "a", -1, 1).special


def test_a_hopf_point_has_the_period_of_its_normal_form():
    branch = tp.continuation(normal_forms.HopfNormalForm(), "a", -1, 1.3)
    (hopf,) = branch.special
    assert hopf.kind == "Hopf point"
    assert abs(value(hopf.value)) < 1e-10
    assert hopf.period.to("s").magnitude == pytest.approx(2 * np.pi / 3, rel=1e-10)


@pytest.mark.parametrize("feed", [0.7, 1.0, 2.0])
def test_the_brusselator_oscillates_above_one_plus_a_squared(feed):
    branch = tp.continuation(normal_forms.Brusselator(feed=feed), "b", 0.5, 8.0)
    (hopf,) = branch.special
    assert value(hopf.value) == pytest.approx(1 + feed**2, rel=1e-10)
    assert hopf.period.to("s").magnitude == pytest.approx(2 * np.pi / feed, rel=1e-9)
    assert value(hopf.states["cell.x"]) == pytest.approx(feed, rel=1e-10)


def test_a_neutral_saddle_is_no_hopf_point():
    branch = tp.continuation(normal_forms.NeutralSaddle(), "a", -0.5, 0.53)
    assert branch.special == ()
    assert set(branch.data["kind"].values) == {"saddle"}


def test_a_hopf_point_is_found_among_ten_states():
    (hopf,) = tp.continuation(normal_forms.Chain(), "a", -0.4, 0.55).special
    assert abs(value(hopf.value)) < 1e-10
    assert hopf.period.to("s").magnitude == pytest.approx(np.pi, rel=1e-10)


def test_a_pitchfork_is_a_branch_point_and_the_trivial_branch_goes_on():
    branch = tp.continuation(normal_forms.Pitchfork(), "a", -1, 1.3)
    (crossing,) = branch.special
    assert crossing.kind == "branch point"
    assert abs(value(crossing.value)) < 1e-9
    np.testing.assert_allclose(branch.data["cell.x"], 0, atol=1e-12)


def test_the_branch_does_not_depend_on_the_direction_in_which_it_is_followed():
    up = tp.continuation(normal_forms.Cusp(), "a", -1, 1)
    down = tp.continuation(normal_forms.Cusp(x=1.5), "a", 1, -1)
    np.testing.assert_allclose(
        [value(f.value) for f in up.folds], [value(f.value) for f in down.folds][::-1], atol=1e-10
    )


@pytest.mark.parametrize("parameters", [li_rinzel_scipy.AM, li_rinzel_scipy.FM])
def test_li_rinzel_branches_agree_with_the_determinant_and_trace_along_calcium(parameters):
    cell = tp.mechanisms.LiRinzel(k_serca=parameters["KER"] * uM)
    branch = tp.continuation(cell, "ip3", 0.05 * uM, 1.2 * uM)
    found = sorted(
        (value(h.value), value(h.states["cell.ca"]), value(h.states["cell.h"]), value(h.period))
        for h in branch.hopf_points
    )
    np.testing.assert_allclose(found, sorted(li_rinzel_scipy.hopf_points(parameters)), rtol=1e-9)
    folds = sorted((value(f.value), value(f.states["cell.ca"])) for f in branch.folds)
    np.testing.assert_allclose(np.array(folds).ravel(), np.ravel(sorted(li_rinzel_scipy.folds(parameters))), rtol=1e-7)


def test_a_branch_can_begin_at_a_chosen_fixed_point():
    chosen = tp.continuation(normal_forms.SaddleNode(), "a", -1, -0.25, start={"x": 1.0})
    np.testing.assert_allclose(chosen.data["cell.x"].values[[0, -1]], [1, 0.5], rtol=1e-12)


def test_a_branch_says_how_it_ends():
    branch = tp.continuation(normal_forms.SaddleNode(), "a", -1, 1, most=5)
    assert "limit of 5 points" in branch.message
    assert "fold" in repr(tp.continuation(normal_forms.SaddleNode(), "a", -1, 1))


def test_a_perturbation_of_the_parameter_that_is_followed_is_refused_and_one_of_another_acts():
    cusp = normal_forms.Cusp(b=1.0, x=-2.0)
    with pytest.raises(SolveError, match=r"followed along the values of `cell\.Cusp\.b` itself.*by 2 at 0 s"):
        two = tp.Perturbation("two", {"b": 2.0}, at="0 s")
        tp.continuation(cusp, "b", 0.1, 2.0, tp.protocols.Constant(a=0.0) & two)
    half = tp.continuation(cusp, "a", -1.5, 1.5, tp.Perturbation("half", {"b": 0.5}, at="0 s"), step=0.005)
    edge = 2 * (0.5 / 3) ** 1.5
    np.testing.assert_allclose([value(f.value) for f in half.folds], [edge, -edge], rtol=1e-9)


def test_what_cannot_be_followed_is_refused():
    with pytest.raises(SolveError, match="none was found"):
        tp.continuation(normal_forms.SaddleNode(), "a", 1, 2)
    with pytest.raises(UnknownNameError, match="parameter or driven input"):
        tp.continuation(normal_forms.SaddleNode(), "ip3", 0, 1)
    with pytest.raises(RangeError):
        tp.continuation(normal_forms.Brusselator(), "b", -1, 1)
    with pytest.raises(SolveError, match="two values"):
        tp.continuation(normal_forms.Brusselator(), "b", 1, 1)


def test_a_branch_that_has_no_direction_where_it_starts_is_refused():
    with pytest.raises(SolveError, match=r"no finite slope.*a little further"):
        tp.continuation(tp.models.GChi(), "glutamate", 0 * uM, 5 * uM)
