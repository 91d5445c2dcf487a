"""What a network says of synapses that reach nobody, and of what its results hold."""

import warnings

import pytest

import tripartite as tp
from tripartite.errors import SolveError
from tripartite.language import Add, Compartment, Input, Mechanism, State
from tripartite.mechanisms import FixedUtilization, TsodyksDepression
from tripartite.network import Network, Population, Projection, SpikeTrains, Synapses, post
from tripartite.network.rules import OneToOne
from tripartite.units import ms, s


class Listener(Mechanism):
    """Counts what it hears."""

    heard = State(0.0, "1", "what it has heard")
    sound = Input("1", "a sound", low=0)

    def on_sound(q):
        return {"heard": Add(q.sound)}


def network(wired: bool) -> tuple[Network, Projection]:
    source, cells = SpikeTrains(2, [0, 1], [5, 9] * ms), Population(Listener(), 2)
    synapse = Compartment(TsodyksDepression(), FixedUtilization())
    wiring = [synapse.release >> post.sound] if wired else None
    joined = Projection(source, cells, synapse=synapse, rule=OneToOne(), wiring=wiring)
    return Network(source=source, cells=cells, connections=[joined]), joined


def test_synapses_that_neither_act_nor_are_recorded_are_told_of() -> None:
    silent, joined = network(wired=False)
    with pytest.warns(UserWarning, match=r"no wire leads .* to a cell.*wiring=\[synapse\.release >> post\."):
        result = silent.run(until=0.02 * s)
    assert result["cells.heard.mean"].values.max() == 0

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        silent.run(until=0.02 * s, record=Synapses(joined, every=1 * ms))
        assert network(wired=True)[0].run(until=0.02 * s)["cells.heard.mean"].values.max() > 0


def test_a_result_of_a_network_names_its_spikes() -> None:
    shown = repr(network(wired=True)[0].run(until=0.02 * s))
    assert "source.spike (events)" in shown and "cells.heard.mean" in shown


def test_a_result_of_a_network_says_how_it_is_run_again() -> None:
    result = network(wired=True)[0].run(until=0.02 * s)
    with pytest.raises(SolveError, match=r"one of a network.*Build the network as before.*`network\.resume\(path\)`"):
        tp.solve.rerun(result)
