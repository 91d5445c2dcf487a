"""Astrocyte-gated plasticity: verdicts, and many spikes against a sum over pairs."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.experiments.gated_stdp import GatedPlasticity
from tripartite.mechanisms import PairStdp, PostspikeGate, Weight
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import s

from .verdicts import unmet

EXPERIMENT = GatedPlasticity()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


@pytest.mark.parametrize("gate", [0.0, 0.3, 1.0])
def test_random_trains_change_the_weight_by_the_sum_over_all_pairs(gate):
    random = np.random.default_rng(4)
    before, after = np.sort(random.uniform(0, 10, 60)), np.sort(random.uniform(0, 10, 50))
    spikes = SpikeTrain(before * s) & SpikeTrain(after * s, event="postspike") & Constant(gate=gate)
    synapse = tp.Compartment(PairStdp(), PostspikeGate(), Weight())
    run = tp.simulate(synapse, spikes, until=11 * s, save_at=[11] * s, solver=tp.Tsit5(rtol=1e-11, atol=1e-15))
    delay = 1000 * (after[:, None] - before[None, :])
    up = 0.005 * np.exp(-np.maximum(delay, 0) / 20)
    down = 0.00525 * np.exp(np.minimum(delay, 0) / 20)
    expected = gate * float(np.sum(np.where(delay > 0, up, -down)))
    assert float(run["weight"][-1]) - 1 == pytest.approx(expected, rel=1e-9, abs=0)


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4
