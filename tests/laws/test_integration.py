"""Every mechanism with rates, integrated by the package and by SciPy's LSODA at 1e-10."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite import units
from tripartite.language import Input, Mechanism, State

from . import index

UNTIL = 100.0  # ms
STARTS = {"uM": 0.2, "1": 0.4, "mV": -60.0, "pA": -1.0}


def cell(kind: type[Mechanism]) -> tuple[tp.Model, dict[str, object]]:
    """A mechanism alone, and a value for every input; states that others own are owned by a stand-in."""
    added = {name for name in index.answer(kind, "rates") if name in kind.declared(Input)}
    held = {
        name: State(STARTS.get(item.unit, 0.5), item.unit, "state of another mechanism")
        for name, item in kind.declared(Input).items()
        if name in added
    }
    mechanisms = [kind()]
    if held:
        mechanisms.append(type("StandIn", (Mechanism,), held)())
    model = tp.Model(cell=tp.Compartment(*mechanisms))
    drives = {e.key: STARTS.get(e.unit, 0.5) * units.unit(e.unit) for e in model.system.drives}
    return model, drives


@pytest.mark.parametrize(
    "kind", [k for k in index.INDEX if k.equation("rates") and not k.equation("noise")], ids=lambda kind: kind.__name__
)
def test_a_mechanism_follows_its_rates_as_scipy_does(kind: type[Mechanism]) -> None:
    model, drives = cell(kind)
    system = model.system
    result = tp.simulate(model, tp.protocols.Constant(drives), until=UNTIL * units.ms, solver=tp.Tsit5(1e-10, 1e-12))
    constants = [e.value for e in system.parameters]
    constants += [units.to_internal(drives[e.key], e.unit, e.key) for e in system.drives]

    def rates(t: float, y: np.ndarray) -> list[float]:
        return system.rates(system.values(y, constants))

    start = [e.value for e in system.states]
    expected = solve_ivp(rates, (0, UNTIL), start, method="LSODA", rtol=1e-10, atol=1e-13).y[:, -1]
    found = [units.to_internal(float(result[e.key][-1]) * units.unit(e.unit), e.unit, e.key) for e in system.states]
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-10)
