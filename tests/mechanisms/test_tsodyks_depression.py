"""Depressing release against the exact propagation between spikes, and against NEST 3.10."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.mechanisms import Efficacy, FixedUtilization, StaticSynapse, TsodyksDepression
from tripartite.protocols import SpikeTrain
from tripartite.units import ms, nS, s

TIMES = np.array([2.0, 12.0, 22.0, 32.0, 201.0, 206.0])
SYNAPSE = (TsodyksDepression(tau_psc=2 * ms), FixedUtilization(u0=0.5))


def emitted(name, *mechanisms):
    model = tp.Model(synapse=tp.Compartment(*mechanisms))
    run = tp.simulate(model, SpikeTrain(TIMES * ms), until=0.3 * s, solver=tp.Tsit5(1e-10, 1e-12))
    return np.asarray(run.events(name)["amount"])


def test_depression_releases_what_nest_releases():
    """Recorded from `tsodyks_synapse` with tau_rec 800 ms, tau_fac 0, tau_psc 2 ms and U 0.5."""
    nest = [0.5, 0.2524909885648161, 0.13057386405094024, 0.07052441422184276, 0.12368900739490518, 0.0644331256633302]
    np.testing.assert_allclose(emitted("release", *SYNAPSE), nest, rtol=1e-8)


def test_depression_follows_the_exact_solution_between_spikes():
    x, y, last, expected = 1.0, 0.0, 0.0, []
    for t in TIMES:
        fast, slow = np.exp(-(t - last) / 2.0), np.exp(-(t - last) / 800.0)
        # 1 - x decays to zero and is fed by y: 1 - x = a fast + b slow.
        a = y * 2.0 / (2.0 - 800.0)
        x, y, last = 1 - (a * fast + (1 - x - a) * slow), y * fast, t
        expected.append(0.5 * x)
        x, y = x - 0.5 * x, y + 0.5 * x
    np.testing.assert_allclose(emitted("release", *SYNAPSE), expected, rtol=1e-8)


def test_resources_are_conserved_by_a_spike():
    model = tp.Model(synapse=tp.Compartment(*SYNAPSE))
    run = tp.simulate(model, SpikeTrain([10] * ms), until=0.02 * s, save_at=[9.999999999, 10] * ms)
    total = run["x"] + run["y"]
    assert float(total[1]) == pytest.approx(float(total[0]), abs=1e-12)
    assert float(run["y"][1]) == pytest.approx(0.5, rel=1e-12)


def test_a_conductance_is_the_weight_times_the_release():
    conductance = emitted("conductance", *SYNAPSE, Efficacy(weight=4 * nS))
    np.testing.assert_allclose(conductance, 4 * emitted("release", *SYNAPSE), rtol=1e-12)


def test_a_static_synapse_opens_the_same_every_time():
    np.testing.assert_array_equal(emitted("conductance", StaticSynapse(weight=4 * nS)), np.full(6, 4.0))
