"""What kernels at spikes ask memory for before they read it: it exists, it is what they read, and no number changes."""

from typing import Any

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, share_cells, simulate
from tests.network.small import ensheathed
from tripartite.mechanisms import PairStdp, PlasticEfficacy, StaticSynapse, Weight
from tripartite.models import CobaNeuron
from tripartite.network import Network, Population, Projection, SpikeTrains, post
from tripartite.network.kernels import ahead
from tripartite.network.rules import PairwiseBernoulli
from tripartite.network.runtime import calls
from tripartite.parameters import brette2007
from tripartite.units import ms, nS, pA

STEPS, BEFORE, BEHIND = 120, 70, 40
HARD = tp.ParameterSet("hard", "assumed: all cells fire together", bias_current=2000 * pA, refractory=1 * ms)


def volleys():
    """Volleys of more spikes than are looked ahead, on static and plastic synapses of cells that fire together."""
    random = np.random.default_rng(4)
    times = np.repeat(np.arange(1, STEPS, 7), BEFORE)
    here = random.random(len(times)) < 0.9
    trains = SpikeTrains(BEFORE, np.tile(np.arange(BEFORE), len(times) // BEFORE)[here], times[here] * 0.1 * ms)
    cells = Population(CobaNeuron().using(brette2007.NEURON).using(HARD), BEHIND)
    plastic = tp.Compartment(PairStdp(), Weight(), PlasticEfficacy(strength=0.1 * nS))
    static = tp.Compartment(StaticSynapse(weight=0.1 * nS))
    made = [
        Projection(trains, cells, synapse=kind, rule=PairwiseBernoulli(0.3), delay=delay * ms,
                   wiring=[kind.conductance >> post.excitation])
        for kind, delay in ((plastic, 0.3), (static, 0.1))
    ]  # fmt: skip
    return Network(cells=cells, trains=trains, connections=made, step=0.1 * ms)


CASES = {
    "volleys": (volleys, {
        "synapses0_target", "synapses0_cut", "cells_neuron_excitation_sum", "synapses0_synapse_weight",
        "synapses0_synapse_after", "synapses0_post_last", "synapses0_synapse_before", "synapses0_pre_last",
        "synapses0_into_post", "synapses0_edges_post", "synapses0_branch_post", "synapses1_target", "synapses1_cut",
    }),
    "partners": (lambda: ensheathed(40, 10), {
        "synapses0_cut", "synapses0_target", "synapses0_astrocyte_cut", "synapses0_astrocyte_mate",
    }),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_is_asked_for_is_there_and_changes_nothing(monkeypatch, case):
    interpret(monkeypatch)
    share_cells(monkeypatch, 16)
    make, expected = CASES[case]
    once = simulate(make(), STEPS, threads=2)
    asked = {}

    def noted(array, place):
        assert 0 <= place < len(array)
        asked.setdefault(array.ctypes.data, []).append(place)

    monkeypatch.setattr(calls, "soon", noted)
    monkeypatch.setattr(ahead, "_LONG", 0)
    monkeypatch.setattr(ahead, "_WIDE", 0)
    again = simulate(make(), STEPS, threads=2)
    found = {name for name, array in again.layout.memory.arrays.items() if array.ctypes.data in asked}
    assert found >= expected
    for name in once.layout.memory.changing:
        np.testing.assert_array_equal(again[name], once[name], err_msg=name)


def test_what_a_volley_leads_to_is_asked_for_once_and_before_it_is_read(monkeypatch):
    """Between the first and the last of a volley, every synapse's target is asked for, and for each synapse once."""
    interpret(monkeypatch)
    asked = {}
    monkeypatch.setattr(calls, "soon", lambda array, place: asked.setdefault(array.ctypes.data, []).append(place))
    monkeypatch.setattr(ahead, "_LONG", 0)
    monkeypatch.setattr(ahead, "_WIDE", 0)
    running = simulate(volleys(), 11)  # the first volley has arrived on both projections, and the second on one
    memory = running.layout.memory
    spiking: Any = running.network.groups["trains"]
    first, second = (np.unique(spiking.cells[np.rint(spiking.times / 0.1) == step]) for step in (1, 8))
    cuts = memory["synapses0_cut"], memory["synapses1_cut"]
    reached = [np.concatenate([memory[f"synapses{k}_target"][cuts[k][c] : cuts[k][c + 1]] for c in volley])
               for k, volley in ((0, first), (1, first), (1, second))]  # fmt: skip
    wanted = np.bincount(np.concatenate(reached), minlength=BEHIND)
    found = np.bincount(asked[memory["cells_neuron_excitation_sum"].ctypes.data], minlength=BEHIND)
    np.testing.assert_array_equal(found, wanted)
