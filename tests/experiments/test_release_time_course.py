"""The measured release time courses: the fits beside closed forms, and the verdicts they lead to."""

import numpy as np
import pytest

from tripartite.experiments.biexponential import Biexponential
from tripartite.experiments.release_time_course import ReleaseTimeCourse, measured, problem
from tripartite.fit import fit
from tripartite.identify import profile

from .verdicts import numbered

pytestmark = pytest.mark.slow  # its quick run is long; the gallery of the documentation holds its verdicts
EXPERIMENT = ReleaseTimeCourse()


def test_verdicts(data):
    by_number = numbered(EXPERIMENT, data)
    decays = {name: by_number[f"{name}_decay"] for name in ("glu0", "glu1", "pr0", "pr1", "pr2", "atp0", "atp1")}
    assert decays == {
        "glu0": "fail", "glu1": "fail", "pr0": "ambiguous", "pr1": "ambiguous", "pr2": "ambiguous",
        "atp0": "ambiguous", "atp1": "fail",
    }  # fmt: skip
    assert by_number["glutamate_raises"] == by_number["atp_lowers"] == "pass"
    assert by_number["perea_over_covelo"] == "ambiguous"
    assert {v for n, v in by_number.items() if n.endswith("_recipe")} == {"pass"}


@pytest.mark.slow
def test_the_rise_is_not_bounded_from_below():
    found = profile(fit(problem(EXPERIMENT.models(), "glu0"), screened=256, starts=6), "rise")
    assert np.isneginf(found.low) and np.isfinite(found.high)


def test_figure_draws_from_the_numbers_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 16


def test_the_glutamate_model_solves_the_linear_binding_equation():
    models = EXPERIMENT.models()
    made = problem(models, "glu0")
    t = made.recording.times - made.recording.times[0]
    rise, decay, strength, onset = 0.5, 4.0, 1e-3, 0.7
    shown = made.shown([{"onset": onset, "decay": decay, "rise": rise, "strength": strength}], made.recording.times)[0]
    since = np.maximum(t - onset, 0)
    bound = strength * decay / (decay - rise) * (np.exp(-since / decay) - np.exp(-since / rise))
    # The closed form neglects that bound receptors bind no more: one part in a thousand at this strength.
    assert (shown - 0.15) / 0.85 == pytest.approx(bound, rel=2e-3, abs=1e-9)


def test_the_atp_model_divides_release_by_adenosine():
    made = problem(EXPERIMENT.models(), "atp0")
    t = made.recording.times - made.recording.times[0]
    shown = made.shown([{"onset": 1.0, "decay": 9.0, "rise": 3.0, "strength": 2.0}], made.recording.times)[0]
    since = np.maximum(t - 1.0, 0)
    adenosine = 9 / 6 * (np.exp(-since / 9) - np.exp(-since / 3))
    assert shown == pytest.approx(0.6 / (1 + 2 * adenosine), rel=1e-6)


def test_biexponential_peaks_at_one_where_it_says():
    course = Biexponential(2.0, 9.0, 5.0, 10.0)
    t = np.linspace(0, 30, 30001)
    assert course(t).max() == pytest.approx(15.0, rel=1e-7)
    assert t[np.argmax(course(t))] == pytest.approx(course.peak, abs=2e-3)
    equal = Biexponential(9.0, 9.0 * (1 + 1e-8), 0.0, 1.0)
    assert equal(t).max() == pytest.approx(1.0, rel=1e-6)


def test_the_first_digitised_points_lie_near_control():
    assert measured("glu0")[0, 1] == pytest.approx(100, rel=0.05)
    assert measured("pr0").shape == (10, 2)
