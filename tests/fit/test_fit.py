"""Fits against closed forms, against SciPy's curve_fit, and on data with a known answer."""

import numpy as np
import pytest
from scipy.optimize import curve_fit

from tripartite.errors import RecordingError, TripartiteError, UnknownNameError
from tripartite.fit import Direct, Free, Linear, Problem, Scaled, fit
from tripartite.language import Compartment, Model, Recording
from tripartite.mechanisms import AdenosineUtilization, FixedUtilization, Purines
from tripartite.protocols import SpikeTrain
from tripartite.units import s, unit

TIMES = np.linspace(3.0, 43.0, 41)


def chain() -> Model:
    around, bouton = Compartment(Purines()), Compartment(AdenosineUtilization())
    return Model(around=around, bouton=bouton, wiring=[around.adenosine >> bouton.adenosine])


def release(onset):
    return SpikeTrain(onset, event="gliorelease")


def adenosine(t, rise, decay, onset, amount=1.0):
    """Closed form of the two-step chain after one release."""
    since = np.maximum(t - onset, 0)
    return amount * decay / (decay - rise) * (np.exp(-since / decay) - np.exp(-since / rise)) * (since > 0)


def recorded(noise=0.0, scale=1.0, baseline=0.0):
    values = scale * adenosine(TIMES - TIMES[0], 2.0, 9.0, 4.5) + baseline
    return values + noise * np.random.default_rng(3).standard_normal(len(TIMES))


def problem(reading, values, **more):
    free = {
        "rise": Free(0.1 * s, "decay"),
        "decay": Free(0.5 * s, 100 * s),
        "onset": Free(0 * s, 10 * s),
        **more,
    }
    return Problem(
        chain(), Recording(TIMES, values), reading, free, protocol=release,
        place=lambda rise, decay: {"around.conversion": 1 / rise, "around.removal": 1 / decay},
    )  # fmt: skip


def release_protocol(onset):
    return release(onset)


@pytest.mark.parametrize(
    ("reading", "scale", "baseline"),
    [
        (Direct("around.adenosine"), 1.0, 0.0),
        (Scaled("around.adenosine"), 40.0, 0.0),
        (Linear("around.adenosine"), 3.0, 7.0),
    ],
)
def test_exact_data_give_back_the_numbers_that_made_them(reading, scale, baseline):
    found = fit(problem(reading, recorded(0.0, scale, baseline)), screened=256, starts=4)
    assert found.values["rise"] == pytest.approx(2.0, rel=1e-3)
    assert found.values["decay"] == pytest.approx(9.0, rel=1e-3)
    assert found.values["onset"] == pytest.approx(4.5, rel=1e-3)
    assert found.scale == pytest.approx(scale, rel=1e-3)
    assert found.baseline == pytest.approx(baseline, rel=1e-3)
    assert found.estimates["decay"].check("[time]")
    assert found.r2 == pytest.approx(1.0, abs=1e-6)


def test_estimates_errors_and_criteria_agree_with_curve_fit():
    values = recorded(0.02)
    found = fit(problem(Direct("around.adenosine"), values), screened=256, starts=4)
    t = TIMES - TIMES[0]
    best, covariance = curve_fit(adenosine_free, t, values, [2, 9, 4.5])
    assert [found.values[n] for n in ("rise", "decay", "onset")] == pytest.approx(best, rel=1e-3)
    errors = np.sqrt(np.diag(found.covariance()))
    assert errors == pytest.approx(np.sqrt(np.diag(covariance)), rel=0.02)  # both are finite differences
    residual = values - adenosine_free(t, *best)
    assert found.squares == pytest.approx(np.sum(residual**2), rel=1e-5)
    assert found.aic == pytest.approx(41 * np.log(np.mean(residual**2)) + 2 * 4, rel=1e-4)
    assert found.rmse == pytest.approx(np.sqrt(np.mean(residual**2)), rel=1e-5)


def adenosine_free(t, rise, decay, onset):
    return adenosine(t, rise, decay, onset)


def test_a_path_of_the_model_can_be_free_without_being_placed():
    free = {"bouton.u0": Free(0.01, 0.99)}
    values = np.full(5, 0.37)
    model = Model(bouton=Compartment(FixedUtilization()))
    found = fit(
        Problem(model, Recording(np.arange(5.0), values), Direct("bouton.utilization"), free), screened=16, starts=2
    )
    assert found.values["bouton.u0"] == pytest.approx(0.37, rel=1e-4)


def test_sigma_weights_the_residuals():
    values = np.array([0.2, 0.2, 0.4, 0.4])
    model = Model(bouton=Compartment(FixedUtilization()))
    recording = Recording(np.arange(4.0), values, sigma=np.array([1, 1, 0.5, 0.5]))
    found = fit(
        Problem(model, recording, Direct("bouton.utilization"), {"u0": Free(0.01, 0.99)}), screened=16, starts=2
    )
    assert found.values["u0"] == pytest.approx((2 * 0.2 + 8 * 0.4) / 10, rel=1e-4)


def test_the_same_seed_gives_the_same_fit():
    first, again = (fit(problem(Direct("around.adenosine"), recorded(0.02)), screened=64, starts=2) for _ in range(2))
    assert first.values == again.values


def test_a_bound_by_another_quantity_holds_in_every_direction():
    made = problem(Direct("around.adenosine"), recorded())
    for z in made.scatter(64, 1):
        values = made.values(z)
        assert values["rise"] <= values["decay"]
        assert made.coordinates(values) == pytest.approx(z, abs=1e-9)
    assert made.fix(decay=3.0).bounds("rise") == (0.1, 3.0)
    assert made.fix(rise=3.0).bounds("decay") == (3.0, 100.0)


def test_wrong_names_and_recordings_say_what_to_do():
    with pytest.raises(UnknownNameError, match="delay"):
        Problem(
            chain(), Recording(TIMES, recorded()), Direct("around.adenosine"), {"decay": Free(1 * s, 2 * s)},
            place=lambda delay: {}, protocol=release,
        )  # fmt: skip
    with pytest.raises(RecordingError, match="times that rise"):
        Recording(np.array([0.0, 2.0, 1.0]), np.zeros(3))
    with pytest.raises(TripartiteError):
        made = problem(Direct("around.adenosine"), recorded(), **{"bouton.strenght": Free(1.0, 2.0)})
        made.residuals(np.full((1, 4), 0.5))


def test_bounds_keep_their_unit():
    item = Free(200 * unit("ms"), 3 * s)
    assert item.number(item.high) == pytest.approx(3000)
