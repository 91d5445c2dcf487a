"""Firing in white noise: verdicts, other noise that fails them, and the closed form against its own limits."""

import numpy as np
import pytest

from tripartite.experiments import noisy_firing
from tripartite.experiments.noisy_firing import NoisyFiring, siegert
from tripartite.units import mV

from .verdicts import numbered, unmet

pytestmark = pytest.mark.slow  # its quick run is long; the gallery of the documentation holds its verdicts
EXPERIMENT = NoisyFiring()


def test_every_claim_passes(data):
    assert unmet(EXPERIMENT, data) == {}


def test_the_figure_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4


def test_without_noise_the_formula_is_the_time_to_the_threshold():
    neuron = EXPERIMENT.models()["neuron"]
    tau, drive = 198 / 9.99, 160 / 9.99
    assert siegert(neuron, 160, 1.0) == pytest.approx(1000 / (5 + tau * np.log(drive / (drive - 10))), rel=1e-3)
    assert siegert(neuron, 50, 20.0) < 1e-6


def test_a_wrong_free_membrane_and_a_wrong_capacitance_fail():
    free = EXPERIMENT.models()["free"]
    assert numbered(EXPERIMENT, noisy_firing._free(free, 10))["free_variance"] == "pass"
    leaky = numbered(EXPERIMENT, noisy_firing._free(free.replace({"g_l": "12 nS"}), 10))
    assert leaky["free_mean"] == leaky["free_correlation"] == "fail"
    # The same strength of noise, but of a neuron that spikes: its reset keeps the potential low.
    firing = noisy_firing._free(free.replace({"v_threshold": -50 * mV}), 10)
    assert numbered(EXPERIMENT, firing)["free_variance"] == "fail"


def test_a_longer_refractory_period_fires_at_another_rate():
    neuron = EXPERIMENT.models()["neuron"]
    rate = noisy_firing._count(neuron, 20, [(120.0, 400.0)], 0.1, 5)[0]
    assert rate == pytest.approx(siegert(neuron, 120, 400, 0.1), rel=0.04)
    longer = neuron.replace({"refractory": "8 ms"})
    assert rate != pytest.approx(siegert(longer, 120, 400, 0.1), rel=0.04)
