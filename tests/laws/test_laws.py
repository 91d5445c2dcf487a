"""Each law fails when what it guards is broken; what is broken here is broken in one place."""

from collections.abc import Callable
from typing import Any

import jax
import numpy as np
import pytest
import sympy

from tripartite import units
from tripartite.interpret.kernels import trace
from tripartite.language import Emission, Input, Mechanism, Parameter, State
from tripartite.mechanisms import LiRinzel

from . import index, joint, test_compiled, test_declarations, test_gradients, test_integration, test_ranges, written
from . import test_readings as readings

Fault = Callable[[], dict[str, Any]]


def mechanism(**items: Any) -> type[Mechanism]:
    """A fraction that relaxes and jumps, in order but for what ``items`` change."""
    sound = {
        "__doc__": "A fraction that relaxes.\n\n**Sources** assumed.\n**Holds for** this test only.",
        "x": State(0.3, "1", "fraction of something", low=0, high=1),
        "tau": Parameter(10.0, "ms", "time constant", "assumed: a test"),
        "rates": lambda q: {"x": -(q.x**2) / q.tau},
        "on_spike": lambda q: {"x": q.x + 0.5 * (1 - q.x)},
    }
    return type("Relaxing", (Mechanism,), {**sound, **items})


DECLARATIONS: dict[str, Fault] = {
    "every_parameter_is_read_by_an_equation": lambda: {"more": Parameter(1.0, "1", "unread", "assumed: a test")},
    "every_input_is_read_or_added_to": lambda: {"more": Input("uM", "an input")},
    "every_state_changes": lambda: {"still": State(0.0, "uM", "that nobody changes", low=0)},
    "every_output_and_emission_is_returned": lambda: {"sent": Emission("1", "an emission")},
    "every_quantity_has_a_unit_and_a_meaning": lambda: {"tau": Parameter(1.0, "ms", "tau", "assumed: a test")},
    "every_parameter_has_a_source": lambda: {"tau": Parameter(1.0, "ms", "time constant", "assumed: ")},
    "the_docstring_says_what_it_is_where_from_and_where_it_holds": lambda: {"__doc__": "A fraction."},
}


@pytest.mark.parametrize("law", DECLARATIONS)
def test_what_is_not_declared_as_it_should_is_found(law: str) -> None:
    check = getattr(test_declarations, f"test_{law}")
    check(mechanism())
    with pytest.raises(AssertionError):
        check(mechanism(**DECLARATIONS[law]()))


RANGES: dict[str, Fault] = {
    "rates_point_inward_at_every_declared_bound": lambda: {"rates": lambda q: {"x": -(q.x + 0.1) / q.tau}},
    "jumps_stay_within_every_declared_bound": lambda: {"on_spike": lambda q: {"x": q.x + 0.5}},
    "a_long_run_with_random_events_stays_within_every_declared_bound": lambda: {
        "rates": lambda q: {"x": (2 - q.x) / q.tau}
    },
}


@pytest.fixture
def on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A theme of one, so that what is broken does not have to be in the index."""
    monkeypatch.setattr(joint, "theme", lambda kind: (kind,))


@pytest.mark.parametrize("law", RANGES)
def test_what_leaves_its_range_is_found(law: str, on_its_own: None) -> None:
    with pytest.raises(AssertionError):
        getattr(test_ranges, f"test_{law}")(mechanism(**RANGES[law]()))


def read_otherwise(*types: Any) -> type[Mechanism]:
    """A mechanism whose rates are twice as large in one reading."""
    return mechanism(rates=lambda q: {"x": -(q.x**2) / q.tau * (2 if isinstance(q.x, types) else 1)})


READINGS: dict[str, Callable[[], tuple[Any, ...]]] = {
    "the_source_of_kernels_gives_what_numpy_gives": lambda: (trace.Node,),
    "jax_gives_what_numpy_gives": lambda: (jax.Array,),
    "quantities_give_what_numpy_gives": lambda: (units.registry.Quantity,),
    "symbols_give_what_numpy_gives": lambda: (sympy.Expr,),
    "a_batch_of_states_equals_one_by_one": lambda: (np.ndarray,),
}


@pytest.mark.parametrize("law", READINGS)
def test_a_reading_that_differs_is_found(law: str) -> None:
    check = getattr(readings, f"test_{law}")
    check(mechanism())
    with pytest.raises(AssertionError):
        check(read_otherwise(*READINGS[law]()))


@pytest.mark.parametrize("law", ["rates_agree_with_differences_and_jax", "jumps_agree_with_differences"])
def test_a_derivative_of_the_wrong_sign_is_found(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    check = getattr(test_gradients, f"test_derivatives_of_{law}")
    check(mechanism())
    right = trace.pull_back
    monkeypatch.setattr(trace, "pull_back", lambda *of: [-slope for slope in right(*of)])
    with pytest.raises(AssertionError):
        check(mechanism())


def test_machine_code_that_is_not_that_of_the_source_is_found(on_its_own: None, monkeypatch: Any) -> None:
    kind = mechanism()
    executed = written.Kernels(index.alone(kind))
    monkeypatch.setattr(written, "kernels", lambda kind: executed)
    test_compiled.test_compiled_kernels_give_what_their_source_gives(kind)
    test_compiled.test_compiled_derivatives_give_what_their_source_gives(kind)
    executed.forward["rates"].__code__ = (lambda y, c, dy: dy.__setitem__(0, y[0])).__code__
    with pytest.raises(AssertionError):
        test_compiled.test_compiled_kernels_give_what_their_source_gives(kind)
    executed.backward["rates_pull_back"].__code__ = (lambda y, c, w, ybar, cbar: None).__code__
    with pytest.raises(AssertionError):
        test_compiled.test_compiled_derivatives_give_what_their_source_gives(kind)


def test_a_run_that_does_not_follow_the_rates_is_found(on_its_own: None, monkeypatch: Any) -> None:
    test_integration.test_a_mechanism_follows_its_rates_as_scipy_does(LiRinzel)
    shorter = test_integration.UNTIL - 1e-3
    monkeypatch.setattr(test_integration, "UNTIL", shorter)
    with pytest.raises(AssertionError):
        test_integration.test_a_mechanism_follows_its_rates_as_scipy_does(LiRinzel)
