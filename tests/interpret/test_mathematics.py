"""The elementary functions of the kernels: accuracy against 50 digits, edges, and vectorised machine code."""

import re
from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from numba import njit

from tripartite.interpret.kernels import build, mathematics
from tripartite.interpret.kernels.interface import OPTIONS
from tripartite.language import Mechanism, Model, as_model
from tripartite.mechanisms import AdenosineA1, LiRinzel
from tripartite.models import GChi

BARE = {**OPTIONS, "cache": False}
RANDOM = np.random.default_rng(0)
SMALL = np.concatenate([RANDOM.uniform(-1, 1, 1000), RANDOM.uniform(-1e-8, 1e-8, 500)])


def over_arrays(function: Callable) -> Callable:
    """A compiled loop of a function of one number."""

    @njit(**BARE)
    def loop(x, out):
        for i in range(x.shape[0]):
            out[i] = function(x[i])

    return loop


@njit(**BARE)
def power_loop(x, p, out):
    for i in range(x.shape[0]):
        out[i] = mathematics.power(x[i], p[i])


LOOPS = {name: over_arrays(getattr(mathematics, name)) for name in ("exp", "log", "tanh")}


def applied(name: str, *values: float) -> np.ndarray:
    x = np.array(values, dtype=float)
    out = np.empty_like(x)
    LOOPS[name](x, out)
    return out


def power(x: np.ndarray, p: np.ndarray) -> np.ndarray:
    out = np.empty_like(x)
    power_loop(x, p, out)
    return out


def largest_error(found: np.ndarray, exact: list) -> float:
    """The largest error in units of the last place of the exact value."""
    errors = [
        abs(mpmath.mpf(a) - e) / mpmath.mpf(float(np.spacing(abs(float(e))))) for a, e in zip(found, exact, strict=True)
    ]
    return float(max(errors))


@pytest.mark.parametrize(
    ("name", "x", "ulp"),
    [
        ("exp", np.concatenate([RANDOM.uniform(-708, 709, 3000), SMALL]), 1.0),
        ("log", np.concatenate([np.exp(RANDOM.uniform(-708, 709, 3000)), 1 + SMALL[1000:], 1.5 + SMALL / 2]), 2.0),
        ("tanh", np.concatenate([RANDOM.uniform(-25, 25, 3000), SMALL]), 5.0),
    ],
    ids=["exp", "log", "tanh"],
)
def test_elementary_functions_are_right_to_a_few_units_in_the_last_place(name: str, x: np.ndarray, ulp: float) -> None:
    with mpmath.workdps(50):
        exact = [getattr(mpmath, name)(mpmath.mpf(v)) for v in x]
        assert largest_error(applied(name, *x), exact) < ulp


@pytest.mark.parametrize("size", [1, 10, 100, 700])
def test_power_loses_about_one_unit_for_every_unit_of_the_exponent(size: float) -> None:
    p = RANDOM.uniform(0.1, 8, 1500) * RANDOM.choice([-1, 1], 1500)
    x = np.exp(np.clip(RANDOM.uniform(-size, size, 1500) / np.abs(p), -700, 700))
    with mpmath.workdps(50):
        exact = [mpmath.mpf(a) ** mpmath.mpf(b) for a, b in zip(x, p, strict=True)]
        assert largest_error(power(x, p), exact) < 2 + size


def test_functions_at_their_edges() -> None:
    inf = np.inf
    np.testing.assert_array_equal(applied("exp", 0, -0.0, 5e-324), [1, 1, 1])
    np.testing.assert_array_equal(applied("log", 1, 0, -0.0, inf, -1, -inf), [0, -inf, -inf, inf, np.nan, np.nan])
    np.testing.assert_array_equal(applied("tanh", 0, inf, -inf, 1e4, 5e-324), [0, 1, -1, 1, 5e-324])
    x = np.array([0, 0, 0, 0, -1, -1, 1, 2.0])
    p = np.array([0, 0.7, 2, -1, 0.5, 2.5, 3.3, 0])
    np.testing.assert_array_equal(power(x, p), [1, 0, 0, inf, np.nan, np.nan, 1, 1])


def test_exp_saturates_where_numpy_overflows_and_underflows() -> None:
    found = applied("exp", 709, 710, 1e9, np.inf, -708, -745, -np.inf)
    assert np.all(np.isfinite(found)) and np.all(found > 0)
    np.testing.assert_allclose(found, np.exp([709.0] * 4 + [-708.0] * 3), rtol=4e-16, atol=0)


@pytest.mark.parametrize("name", ["exp", "log", "tanh"])
def test_nan_stays_nan(name: str) -> None:
    assert np.isnan(applied(name, np.nan)[0])
    assert np.isnan(power(np.array([np.nan, 2.0]), np.array([2.0, np.nan]))).all()


def packed(function: Callable) -> set[str]:
    """The packed types of doubles in the optimised code of a compiled function."""
    texts = [*function.inspect_llvm().values()]
    # A packed type alone could come from a copy; arithmetic on it could not.
    return set(re.findall(r"f(?:mul|add|div)[a-z ]* (<\d+ x double>)", "".join(texts)))


@pytest.mark.parametrize("name", ["exp", "log", "tanh"])
def test_a_loop_over_an_elementary_function_is_vectorised(name: str) -> None:
    applied(name, 1.0)
    assert packed(LOOPS[name])
    assert f"@{name}" not in "".join(LOOPS[name].inspect_llvm().values()), "calls the scalar library function"


def test_a_loop_over_broken_powers_is_vectorised() -> None:
    power(np.ones(3), np.ones(3))
    assert packed(power_loop)


@pytest.mark.parametrize("source", [LiRinzel(), AdenosineA1(), GChi()], ids=lambda source: type(source).__name__)
def test_a_loop_over_generated_rates_is_vectorised(source: Mechanism | Model) -> None:
    system = as_model(source).system
    lines = build.source(system).split("def rates(y, c, dy):\n")[1].split("\n\n")[0].splitlines()
    body = "\n".join("        " + re.sub(r"\b(y|dy)\[(\d+)\]", r"\1[\2, i]", line.strip()) for line in lines)
    room: dict = dict(vars(mathematics))
    exec(f"def loop(y, c, dy):\n    for i in range(y.shape[1]):\n{body}\n", room)
    loop = njit(**BARE)(room["loop"])
    y, c = np.full((len(system.states), 64), 0.3), np.full(len(system.constants), 0.7)
    found = np.empty_like(y)

    loop(y, c, found)

    assert packed(loop)
    np.testing.assert_allclose(found[:, 0], system.rates(system.values(y[:, 0], c)), rtol=1e-13, atol=0)
