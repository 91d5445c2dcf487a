"""What single precision cannot follow is told before a network runs."""

import warnings

import numpy as np
import pytest

import tripartite as tp
from tripartite.language import Add, Mechanism, Parameter, State
from tripartite.network import Network, Population, Projection, SpikeTrains
from tripartite.network.connect.layout import lay_out
from tripartite.network.placement import Exact, Naive
from tripartite.network.rules import AllToAll
from tripartite.units import hour, ms, s


class Fading(Mechanism):
    """A state that fades, and one that does so by its square. **Sources** assumed: a test. **Holds for** tests."""

    x = State(1.0, "1", "fades")
    y = State(2.0, "1", "fades ever more slowly")
    tau = Parameter(1.0, "s", "time constant", "assumed: a test")
    tau_y = Parameter(1.0, "s", "time constant", "assumed: a test")

    def rates(q):
        return {"x": -q.x / q.tau, "y": -q.y * q.y / q.tau_y}


def started(precision=np.float32, step=None, values=None, **changed):
    cells = Population(Fading(**changed), 3, step=step, values=values or {})
    return Network(cells=cells, step=0.1 * ms, precision=precision).start(threads=1)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"tau": 1 * hour}, r"cells\.cell\.x` has a time constant of 3\.6e\+03 s and a step of 0\.1 ms"),
        ({"values": {"tau": [1, 3600, 1] * s}}, r"cells\.cell\.x` has a time constant of 3\.6e\+03 s"),
        ({"tau_y": 1 * hour}, r"cells\.cell\.y` has a time constant of 900 s"),
    ],
)
def test_states_too_slow_for_single_precision_are_told(asked, name):
    with pytest.warns(UserWarning, match=f"In single precision .*{name}"):
        started(**asked)


@pytest.mark.parametrize("asked", [{}, {"tau": 1 * hour, "step": 100 * ms}, {"tau": 1 * hour, "precision": np.float64}])
def test_what_it_can_follow_is_not(asked):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        started(**asked)


class Learning(Mechanism):
    """A weight that each spike changes. **Sources** assumed: a test. **Holds for** tests."""

    w = State(1.0, "1", "weight")
    v = State(0.0, "1", "change of a weight")
    gain = Parameter(1e-8, "1", "what a spike adds", "assumed: a test")

    def on_spike(q):
        return {"w": q.w + q.gain, "v": Add(q.gain)}


def learns(placement=Exact(), precision=np.float32, values=None, **changed):
    synapse = tp.Compartment(Learning(**changed))
    before, cells = SpikeTrains(2, [0], [1] * ms), Population(Fading(), 3)
    joined = Projection(before, cells, synapse=synapse, rule=AllToAll(), values=values)
    made = Network(
        before=before, cells=cells, connections={"s": joined}, step=1 * ms, precision=precision, placement=placement
    )
    lay_out(made, 1)


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
@pytest.mark.parametrize("asked", [{}, {"gain": -1e-6}, {"values": {"gain": [1, 1, 1, 1e-7, 1, 1]}}])
def test_jumps_too_small_for_single_precision_are_told(asked, placement):
    with pytest.warns(UserWarning, match=r"`synapse\.w` of `s` is 1 and moves by 1e-0[678] at `.*spike`"):
        learns(placement, **asked)


@pytest.mark.parametrize("asked", [{"gain": 1e-3}, {"gain": 0}, {"w": 1e-6}, {"precision": np.float64}])
def test_jumps_that_it_can_follow_are_not(asked):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        learns(**asked)
