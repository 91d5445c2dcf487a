"""x / (1 - exp(-x)) in every reading, through its removable gap at zero."""

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
import sympy
from numba import njit

from tripartite.interpret import arrays, symbols  # noqa: F401  (they teach their reading)
from tripartite.interpret.kernels import mathematics, mathematics32, trace
from tripartite.interpret.kernels.source import lines
from tripartite.language import linoid
from tripartite.units import mV

POINTS = [-700.0, -30.0, -3.0, -0.2500001, -0.25, -0.2499999, -1e-3, -1e-9, 0.0, 1e-12, 0.2, 0.3, 5.0, 40.0, 700.0]


def exact(x: float) -> float:
    with mpmath.workdps(60):
        return float(mpmath.mpf(x) / (1 - mpmath.exp(-mpmath.mpf(x)))) if x else 1.0


EXACT = [exact(x) for x in POINTS]


def compiled(room):
    """A loop over the kernel's own lines for the function."""
    trace.start()
    text = "\n".join(f"        {line}" for line in lines([("out[i]", linoid(trace.name("x[i]")))]))
    scope = dict(vars(room))
    exec(f"def loop(x, out):\n    for i in range(x.shape[0]):\n{text}\n", scope)
    return njit(error_model="numpy")(scope["loop"])


def test_numpy_is_right_to_a_few_digits_in_the_last_place():
    np.testing.assert_allclose(linoid(np.array(POINTS)), EXACT, rtol=2e-15, atol=0)


def test_jax_and_its_derivative():
    np.testing.assert_allclose(linoid(jnp.array(POINTS)), EXACT, rtol=2e-15, atol=0)
    assert float(jax.grad(linoid)(0.0)) == 0.5
    slope = jax.vmap(jax.grad(linoid))(jnp.array([-2.0, -0.24, 0.26, 2.0]))
    with mpmath.workdps(40):
        expected = [float(mpmath.diff(lambda x: x / (1 - mpmath.exp(-x)), p)) for p in (-2.0, -0.24, 0.26, 2.0)]
    np.testing.assert_allclose(slope, expected, rtol=1e-12)


@pytest.mark.parametrize(("room", "kind", "rtol"), [(mathematics, float, 3e-15), (mathematics32, np.float32, 1e-6)])
def test_kernels(room, kind, rtol):
    chosen = [(x, y) for x, y in zip(POINTS, EXACT, strict=True) if abs(x) < 80]
    x = np.array([x for x, _ in chosen], kind)
    out = np.empty_like(x)
    compiled(room)(x, out)
    np.testing.assert_allclose(out, [exact(float(v)) for v in x], rtol=rtol, atol=0)


def test_symbols_print_it_as_papers_do_and_know_its_limit():
    x = sympy.Symbol("x", real=True)
    assert linoid(x) == x / (1 - sympy.exp(-x))
    assert sympy.limit(linoid(x), x, 0) == 1


def test_quantities_must_be_dimensionless():
    assert float(linoid(5 * mV / (10 * mV)).magnitude) == pytest.approx(exact(0.5), rel=1e-15)
    with pytest.raises(ValueError, match="compare"):
        linoid(5 * mV)
