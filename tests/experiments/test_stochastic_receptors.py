"""Puffs and microdomains: verdicts, and what must break them."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.experiments import experiment
from tripartite.experiments.microdomain_molecules import MicrodomainMolecules
from tripartite.mechanisms import LiRinzel, MultiplicativeNoise, StochasticLiRinzel
from tripartite.protocols import Constant
from tripartite.units import ms, s, uM

from .verdicts import quick, unmet

pytestmark = pytest.mark.slow  # its quick run is long; the gallery of the documentation holds its verdicts
EXPERIMENT = MicrodomainMolecules()


def test_puffs_are_slower_than_calcium_of_processes_and_every_check_passes(data):
    assert unmet(EXPERIMENT, data) == {claim.statement: "fail" for claim in EXPERIMENT.claims}


def test_calcium_balances_at_rest(data):
    """What enters through membrane and receptors leaves: 50 + 50 open = calcium, on average, whatever the noise."""
    entering = 50 + 50 * float(data["counted_open"])
    assert float(data["counted_ca"]) == pytest.approx(entering, rel=0.01)


def test_the_figure_of_the_microdomain_is_drawn_from_the_data_alone(data):
    assert len(EXPERIMENT.figure(data).axes) == 4


@pytest.mark.slow
def test_every_statement_on_puffs_but_that_on_their_half_life_passes():
    puffs = experiment("shuai-jung2002-puffs")
    assert unmet(puffs, quick(puffs)).keys() <= {"A puff has lost half of its height after"}  # 1.6 s, at the edge


def test_receptors_at_fixed_calcium_fluctuate_binomially():
    """Variance h(1 - h) / N and the correlation time 1 / (a_2 (Q_2 + C)) of the receptors alone."""
    clamped = StochasticLiRinzel(release=0 / s, leak=0 / s, uptake=0 * uM / s, ca=0.2 * uM)
    h = tp.simulate(clamped, Constant(ip3=0.3 * uM), until=60_000 * s, save_every=1 * s)["h"].values[100:]
    q2 = 1.049 * (0.3 + 0.13) / (0.3 + 0.9434)
    mean, rate = q2 / (q2 + 0.2), 0.2 * (q2 + 0.2)
    # Independent samples, about one every two correlation times; four standard errors.
    count = 60_000 * rate / 2
    assert h.mean() == pytest.approx(mean, abs=4 * np.sqrt(mean * (1 - mean) / 20 / count))
    assert h.var() == pytest.approx(mean * (1 - mean) / 20, rel=4 * np.sqrt(2 / count))
    d = h - h.mean()
    assert np.mean(d[:-5] * d[5:]) / d.var() == pytest.approx(np.exp(-5 * rate), abs=0.03)


def test_multiplicative_noise_leaves_rest_alone_and_is_that_of_stratonovich():
    cell = tp.Compartment(LiRinzel(), MultiplicativeNoise())
    rest = tp.steady_states(LiRinzel(), Constant(ip3=0.2 * uM))
    starts = {name: float(rest[f"cell.{name}"][0]) for name in ("ca", "h")}
    started = cell.replace(ca=starts["ca"] * uM, h=starts["h"])
    quiet = tp.simulate(started, Constant(ip3=0.2 * uM), until=100 * s, solver=tp.EulerMaruyama(10 * ms), seed=1)
    assert float(np.abs(quiet["h"] - starts["h"]).max()) < 1e-6
    # At fixed calcium x = h - h_inf obeys dx = -x / tau (1 + xi sqrt(tau)): log|x| drifts by -1 / tau on average.
    clamped = cell.replace(release=0 / s, leak=0 / s, uptake=0 * uM / s, ca=0.2 * uM, h=0.0)
    q2 = 1.049 * (0.2 + 0.13) / (0.2 + 0.9434)
    tau, level = 1 / (0.2 * (q2 + 0.2)), q2 / (q2 + 0.2)
    h = tp.simulate(
        clamped, Constant(ip3=0.2 * uM), until=20 * s, solver=tp.Milstein(5 * ms), save_at=[20] * s, seed=range(2000)
    )["h"].values[:, 0]
    drift = np.log(np.abs(h - level) / level)
    assert drift.mean() == pytest.approx(-20 / tau, abs=4 * np.sqrt(20 / tau / 2000))
    assert drift.std() == pytest.approx(np.sqrt(20 / tau), rel=0.1)
