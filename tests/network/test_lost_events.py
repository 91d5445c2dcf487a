"""Events that rounding to steps takes beyond the end of a run are told of; in a longer run they happen."""

import warnings

import pytest

import tripartite as tp
from tripartite.language import Add
from tripartite.network import Network, On, Population, States
from tripartite.protocols import SpikeTrain
from tripartite.units import ms


class Counter(tp.Mechanism):
    """Counts events, and forgets them slowly."""

    x = tp.State(0.0, "1", "x: how many came")
    spike = tp.Input("1", "what an event brings")
    forgetting = tp.Parameter(1e-9, "1/s", "k: rate of forgetting", "assumed: next to none")

    def rates(q):
        return {"x": -q.forgetting * q.x}

    def on_spike(q):
        return {"x": Add(q.spike)}


def counted(until, *times, solver=None):
    """How many of the events at ``times`` (ms) a run up to ``until`` (ms) has seen at its end."""
    train = SpikeTrain(list(times) * ms)
    if solver is not None:
        return round(tp.simulate(Counter(), train, until=until * ms, solver=solver)["x"].values[-1])
    cells = Population(Counter(), 2)
    run = Network(cells=cells, step=0.1 * ms).run(
        until=until * ms, protocol=On(cells, train), record=States(cells, every=0.1 * ms)
    )
    return round(float(run["x"].values[-1, 0]))


def test_a_network_says_what_rounding_takes_beyond_its_end():
    with pytest.warns(UserWarning, match=r"rounds events to steps of 0.1 ms.*`cells.cell.spike` at 0.04996 s \(and 1"):
        assert counted(50, 10, 49.84, 49.96, 49.98) == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert counted(50, 49.84, 49.94) == 2
        assert counted(50.1, 49.96, 49.98) == 2


@pytest.mark.parametrize("solver", [tp.EulerMaruyama(0.3 * ms), tp.Milstein(0.3 * ms)])
def test_fixed_steps_say_what_lies_in_a_step_that_the_end_cuts(solver):
    with pytest.warns(UserWarning, match=r"act at the end of their step of 0.3 ms.*`cell.spike` at 0.0499 s comes"):
        assert counted(50, 49.7, 49.9, solver=solver) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert counted(50.1, 49.7, 49.9, solver=solver) == 2
        assert counted(50, 49.96, solver=tp.Milstein(0.1 * ms)) == 1
