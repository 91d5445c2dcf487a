"""What is driven or perturbed within the step of a slow population counts as long as it lasts."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tripartite.errors import RangeError
from tripartite.language import Input, Mechanism, Parameter, State
from tripartite.network import Average, Network, On, Population, States
from tripartite.protocols import Constant, Steps
from tripartite.units import ms, s, uM


class Tank(Mechanism):
    """Fills as it is driven, and as its tap is open.

    **Sources** assumed: a test. **Holds for** tests.
    """

    filled = State(0.0, "uM", "substance")
    tapped = State(0.0, "uM", "substance")
    inflow = Input("uM/s", "what is driven")
    tap = Parameter(0.0, "uM/s", "what is perturbed", "assumed: a test")

    def rates(q):
        return {"filled": q.inflow, "tapped": q.tap}


def filled(protocol, tap=0, step=10, cells=slice(None)):
    tanks = Population(Tank(tap=tap * uM / s), 3, step=step * ms)
    network = Network(tanks=tanks, step=0.1 * ms)
    rest = On(tanks, protocol(cells)) if cells == slice(None) else protocol(tanks)
    found = network.run(until=60 * ms, protocol=rest, record=States(tanks, every=60 * ms), threads=1)
    return found["tanks.filled"].values[-1], found["tanks.tapped"].values[-1]


@pytest.mark.parametrize("step", [0.1, 10, 20])
@pytest.mark.parametrize("begin", [10, 12, 18, 19.9])
def test_a_pulse_adds_what_it_brings_wherever_it_lies(monkeypatch, step, begin):
    interpret(monkeypatch)
    times = [0, begin, begin + 4] * ms
    found, _ = filled(lambda _: Steps("inflow", times, [0, 1000, 0] * uM / s), step=step)
    np.testing.assert_allclose(found, 4.0, rtol=1e-12)


def test_a_pulse_to_some_cells_reaches_those(monkeypatch):
    interpret(monkeypatch)
    pulse = Steps("inflow", [0, 12, 16] * ms, [0, 1000, 0] * uM / s)
    found, _ = filled(lambda t: On(t[:1], pulse) & On(t[1:], Constant(inflow=100 * uM / s)), cells=None)
    np.testing.assert_allclose(found, [4, 6, 6], rtol=1e-12)


def test_a_perturbation_counts_as_long_as_it_lasts(monkeypatch):
    interpret(monkeypatch)
    drive = Constant(inflow=0 * uM / s)
    change = tp.Perturbation("open", {"tap": 3}, at=12 * ms, stop=16 * ms)
    _, found = filled(lambda _: drive & change, tap=100)
    np.testing.assert_allclose(found, 6 + 0.1 * 2 * 4, rtol=1e-12)


def test_a_factor_on_what_is_zero_is_an_error_in_both_engines(monkeypatch):
    drive = Constant(inflow=0 * uM / s)
    change = tp.Perturbation("open", {"tap": 3}, at=12 * ms)
    with pytest.raises(RangeError, match="is 0"):
        tp.simulate(Tank(), drive & change, until=20 * ms)
    with pytest.raises(RangeError, match="is 0"):
        filled(lambda _: drive & change)
    with pytest.raises(RangeError, match="is 0"):
        tp.simulate(Tank(), drive & change, until=20 * ms, vary={"tap": [0, 1] * uM / s})
    closed = tp.Perturbation("closed", {"tap": 0}, at=12 * ms)
    assert tp.simulate(Tank(), drive & closed, until=20 * ms).ok


def test_averages_are_those_of_the_course(monkeypatch):
    interpret(monkeypatch)
    tanks = Population(Tank(), 2, step=10 * ms)
    protocol = Steps("inflow", [0, 12, 16] * ms, [0, 1000, 0] * uM / s)
    record = Average(tanks, "filled", every=10 * ms)
    found = Network(tanks=tanks, step=0.1 * ms).run(until=30 * ms, protocol=protocol, record=record, threads=1)
    np.testing.assert_allclose(found["tanks.filled.mean"].values, [0, 0, 4, 4], rtol=1e-12)
