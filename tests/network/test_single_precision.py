"""What single precision cannot follow is told before a network runs."""

import warnings

import numpy as np
import pytest

from tripartite.language import Mechanism, Parameter, State
from tripartite.network import Network, Population
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
