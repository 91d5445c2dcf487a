"""What a network samples at the instant of a change."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tripartite.language import Input, Mechanism, Output, Parameter, State
from tripartite.network import Average, Network, On, Population, States
from tripartite.protocols import Steps
from tripartite.units import ms


class Shown(Mechanism):
    """An output of an input, of a parameter and of a state.

    **Sources** assumed: a test. **Holds for** tests.
    """

    x = State(1.0, "1", "what stays")
    gain = Parameter(1.0, "1", "factor", "assumed: a test", low=0)
    slow = Parameter(1.0, "1/s", "rate", "assumed: a test", low=0)
    level = Input("1", "what is driven")
    shown = Output("1", "gain times x plus the input")

    def rates(q):
        return {"x": 0 * q.x * q.slow}

    def outputs(q):
        return {"shown": q.gain * q.x + q.level}


@pytest.mark.parametrize("step", [1, 10])
def test_a_sample_at_a_change_is_the_value_after_it_as_in_a_single_cell(monkeypatch, step):
    interpret(monkeypatch)
    protocol = tp.Perturbation("gain", {"gain": 3.0}, at=20 * ms, stop=35 * ms) & Steps("level", [0, 30] * ms, [10, 20])
    expected = [11, 11, 13, 23, 21, 21]
    alone = tp.simulate(Shown(), protocol, until=50 * ms, save_every=10 * ms)
    np.testing.assert_allclose(alone["shown"], expected, rtol=1e-12)
    cells = Population(Shown(), 3, step=step * ms)
    record = [
        States(cells[[0, 2]], "shown", "level", every=10 * ms, name="cells"),
        Average(cells, "shown", every=10 * ms),
    ]
    for where in (cells, cells[:3]):
        found = Network(cells=cells, step=1 * ms).run(
            until=50 * ms, record=record, threads=1, protocol=On(where, protocol)
        )
        np.testing.assert_allclose(found["cells.shown"], np.stack([expected] * 2, axis=1), rtol=1e-12)
        np.testing.assert_allclose(found["cells.shown.mean"], expected, rtol=1e-12)
        np.testing.assert_array_equal(found["cells.level"][:, 1], [10, 10, 10, 20, 20, 20])
    part = Network(cells=cells, step=1 * ms).run(
        until=50 * ms, record=record, threads=1,
        protocol=On(cells, Steps("level", [0, 30] * ms, [10, 20])) & On(cells[2:], protocol.members[0]),
    )  # fmt: skip
    np.testing.assert_allclose(part["cells.shown"], np.stack([[11, 11, 11, 21, 21, 21], expected], axis=1), rtol=1e-12)
