"""What leaves the range in which a mechanism takes it as an input is told, also where it comes through a wire."""

import warnings

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tripartite.errors import NetworkError
from tripartite.language import Input, Mechanism, Parameter, State
from tripartite.network import Network, Population, Projection, SpikeTrains, States, astrocyte, mean, post, total
from tripartite.network.rules import AllToAll, ExplicitAttachment
from tripartite.units import ms


class Reader(Mechanism):
    """A cell that takes what is positive. **Sources** assumed: a test. **Holds for** tests."""

    x = State(0.0, "1", "follows")
    v = State(-1.0, "1", "stays")
    drive = Input("1", "what it follows", default=0.5, low=0, high=1)
    lag = Parameter(1.0, "ms", "lag", "assumed: a test")

    def rates(q):
        return {"x": (q.drive - q.x) / q.lag}


class Follower(Mechanism):
    """A synapse that follows a cell. **Sources** assumed: a test. **Holds for** tests."""

    y = State(0.0, "1", "follows")
    taken = Input("1", "what it follows", default=0.0)
    lag = Parameter(1.0, "ms", "lag", "assumed: a test")

    def rates(q):
        return {"y": (q.taken - q.y) / q.lag}


class Choosy(Follower):
    """The same for what is positive. **Sources** assumed: a test. **Holds for** tests."""

    taken = Input("1", "what it follows", default=0.0, low=0)


def run(mechanism, wiring, v=-1.0, mates=(0, 0), names=("cells", "glia")):
    trains, cells, glia = SpikeTrains(2, [0], [1] * ms), Population(Reader(v=v), 1), Population(Reader(v=v), 1)
    synapse = tp.Compartment(mechanism())
    rule, attach = AllToAll(), ExplicitAttachment(np.array(mates))
    joined = Projection(trains, cells, glia, synapse=synapse, rule=rule, attach=attach, wiring=wiring(synapse))
    groups = {"trains": trains, names[0]: cells, names[1]: glia}
    network = Network(**groups, connections={"s": joined}, step=0.1 * ms)
    return network.run(until=20 * ms, record=States(cells, every=20 * ms), threads=1)


@pytest.mark.parametrize("reduced", [total, mean])
def test_a_sum_that_leaves_the_range_of_an_input_is_told(monkeypatch, reduced):
    interpret(monkeypatch)
    with pytest.warns(UserWarning, match=r"sum over synapses that cell 0 of `cells` reads as `cell.drive` is -"):
        found = run(Follower, lambda s: [post.v >> s.taken, reduced(s.y) >> post.drive])
    assert "drive" in found.message()


def test_what_a_cell_shows_to_a_synapse_out_of_range_is_told(monkeypatch):
    interpret(monkeypatch)
    with pytest.warns(UserWarning, match=r"the synapse from cell 1 to cell 0 of `s` reads as `synapse.taken` is -1"):
        found = run(Choosy, lambda s: [astrocyte.v >> s.taken], mates=(-1, 0))
    assert "`astrocyte.cell.v` leaves it" in found.message()


@pytest.mark.parametrize(("v", "mates"), [(0.3, (0, 0)), (-1.0, (-1, -1))], ids=["within", "without a partner"])
def test_nothing_is_told_of_what_stays_in_range(monkeypatch, v, mates):
    interpret(monkeypatch)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run(Choosy, lambda s: [astrocyte.v >> s.taken, mean(s.y) >> post.drive], v=v, mates=mates)


def test_names_that_the_network_keeps_for_itself_are_told_apart():
    with pytest.raises(NetworkError, match="synapses0_constants"):
        run(Follower, lambda s: [total(s.y) >> post.drive], names=("synapses0", "glia"))


class Swinging(Mechanism):
    """A share that swings out of its range and back. **Sources** assumed: a test. **Holds for** tests."""

    x, y = State(0.5, "1", "a share", low=0, high=1), State(2.0, "1", "what drives it")
    lag = Parameter(1.0, "ms", "lag", "assumed: a test")

    def rates(q):
        return {"x": q.y / q.lag, "y": -4 * (q.x - 0.5) / q.lag}


def test_a_recorded_state_out_of_its_range_between_two_looks_is_told(monkeypatch):
    interpret(monkeypatch)
    cells = Population(Swinging(), 2)
    until = 6.28 * ms  # it is back where it was when all numbers are looked at
    with pytest.warns(UserWarning, match=r"`cell.x` of cell 0 of `cells` is -?\d.5\d*, out of its range .* at 0.0"):
        found = Network(cells=cells, step=0.01 * ms).run(until=until, record=States(cells, every=0.1 * ms), threads=1)
    assert "out of its range" in found.message()
