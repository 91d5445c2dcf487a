"""Every mechanism with rates, integrated by the package and by SciPy's LSODA at 1e-10."""

from functools import cache

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite import units
from tripartite.language import Mechanism

from . import index, joint, written

UNTIL = 100.0  # ms


def drive(unit: str) -> units.Quantity:
    """A value for an input of that unit."""
    return units.Quantity(index.STARTS.get(unit, 0.5), unit)


@cache
def run(kinds: tuple[type[Mechanism], ...]) -> tp.Result:
    """A theme under constant inputs, everything at once."""
    drives = {entry.key: drive(entry.unit) for entry in joint.system(kinds).drives}
    solver = tp.Tsit5(1e-10, 1e-12)
    return tp.simulate(joint.model(kinds), tp.protocols.Constant(drives), until=UNTIL * units.ms, solver=solver)


@pytest.mark.parametrize(
    "kind", [k for k in index.INDEX if k.equation("rates") and not k.equation("noise")], ids=lambda kind: kind.__name__
)
def test_a_mechanism_follows_its_rates_as_scipy_does(kind: type[Mechanism]) -> None:
    system, kernels, result = index.alone(kind), written.kernels(kind), run(joint.theme(kind))
    inputs = [units.to_internal(drive(entry.unit), entry.unit, entry.key) for entry in system.drives]
    constants = np.array([*(entry.value for entry in system.parameters), *inputs])

    start = np.array([entry.value for entry in system.states])
    course = solve_ivp(
        lambda t, y: kernels.rates(y, constants), (0, UNTIL), start, method="LSODA", rtol=1e-10, atol=1e-13
    )
    last = [(result[joint.renamed(kind, entry.key)][-1], entry) for entry in system.states]
    found = [units.to_internal(float(value) * units.unit(entry.unit), entry.unit, entry.key) for value, entry in last]
    np.testing.assert_allclose(found, course.y[:, -1], rtol=1e-7, atol=1e-10)
