"""The calcium rule of Graupner and Brunel (2012) in the synapses of a network: sixty pairs, nine sets of values."""

import math

import numpy as np
import pytest

from tripartite.language import Add, Compartment, Mechanism, Parameter, State, where
from tripartite.network import Network, Population, Projection, SpikeTrains, Synapses, partner
from tripartite.network.rules import AllToAll
from tripartite.units import ms, s

# What a user writes.


class GraupnerBrunel(Mechanism):
    """Synaptic efficacy that calcium moves between two thresholds (without the cubic term, as in the analysis).

    **Sources** graupner_brunel2012. **Holds for** protocols that move the efficacy faster than its bistability.
    """

    ca = State(0.0, "1", "c: calcium")
    rho = State(0.0, "1", "rho: efficacy")
    tau_ca = Parameter(20.0, "ms", "tau_Ca: lifetime of calcium", "graupner_brunel2012")
    c_pre = Parameter(1.0, "1", "C_pre: calcium of a presynaptic spike", "graupner_brunel2012")
    c_post = Parameter(2.0, "1", "C_post: calcium of a postsynaptic spike", "graupner_brunel2012")
    theta_d = Parameter(1.0, "1", "theta_d: threshold of depression", "graupner_brunel2012")
    theta_p = Parameter(1.3, "1", "theta_p: threshold of potentiation", "graupner_brunel2012")
    gamma_d = Parameter(200.0, "1", "gamma_d: rate of depression", "graupner_brunel2012")
    gamma_p = Parameter(321.808, "1", "gamma_p: rate of potentiation", "graupner_brunel2012")
    sigma = Parameter(2.8284, "1", "sigma: noise", "graupner_brunel2012")
    tau = Parameter(150.0, "s", "tau: time constant of the efficacy", "graupner_brunel2012")

    def rates(q):
        falls, rises = where(q.ca > q.theta_d, 1.0, 0.0), where(q.ca > q.theta_p, 1.0, 0.0)
        drive = q.gamma_p * rises * (1 - q.rho) - q.gamma_d * falls * q.rho
        return {"ca": -q.ca / q.tau_ca, "rho": drive / q.tau}

    def noise(q):
        above = where(q.ca > q.theta_d, 1.0, 0.0) + where(q.ca > q.theta_p, 1.0, 0.0)
        return {"rho": q.sigma * (above / q.tau) ** 0.5}

    def on_spike(q):
        return {"ca": Add(q.c_pre)}

    def on_postspike(q):
        return {"ca": Add(q.c_post)}


class Still(Mechanism):
    """A cell of which nothing is asked. **Sources** assumed: a test. **Holds for** tests."""

    v = State(-70.0, "mV", "membrane potential")


def paired(values, delay, lag, start, size):
    """Efficacies after sixty pairs at 1 Hz, the postsynaptic spike ``lag`` after the presynaptic one (ms)."""
    times = 500 + 1000 * np.arange(60)
    before, pairing = (SpikeTrains(1, np.zeros(60, int), train * ms) for train in (times, times + lag))
    after, rule = Population(Still(), size), Compartment(GraupnerBrunel(rho=start, **values))
    synapses = Projection(
        before,
        after,
        synapse=rule,
        rule=AllToAll(),
        delay=delay * ms if delay else None,
        partners={"pairing": pairing},
        wiring=[partner("pairing").spike >> rule.postspike],
    )
    network = Network(before=before, pairing=pairing, after=after, connections=[synapses], step=0.1 * ms)
    found = network.run(until=60 * s, record=Synapses(synapses, "rho", every=60 * s, name="s"), seed=4, threads=1)
    return found["s.rho"][-1].values


# The published analysis, by itself: fractions of time above the thresholds give mean and variance.

SETS = {
    "DP": (20, 1, 2, 1, 1.3, 200, 321.808, 2.8284, 150, 13.7, 10),
    "DPD": (20, 0.9, 0.9, 1, 1.3, 250, 550, 2.8284, 150, 4.6, 5),
    "DPD'": (20, 1, 2, 1, 2.5, 50, 600, 2.8284, 150, 2.2, -10),
    "P": (20, 2, 2, 1, 1.3, 160, 257.447, 2.8284, 150, 0, 10),
    "D": (20, 0.6, 0.6, 1, 1.3, 500, 550, 5.6568, 150, 0, 5),
    "D'": (20, 1, 2, 1, 3.5, 60, 600, 2.8284, 150, 0, -25),
    "hippocampal slices": (48.8373, 1, 0.275865, 1, 1.3, 313.0965, 1645.59, 9.1844, 688.355, 18.8, 10),
    "hippocampal cultures": (11.9536, 0.58156, 1.76444, 1, 1.3, 61.141, 113.6545, 2.5654, 33.7596, 10, 5),
    "cortical slices": (22.6936, 0.5617539, 1.23964, 1, 1.3, 331.909, 725.085, 3.3501, 346.3615, 4.6, 10),
}
NAMES = ("tau_ca", "c_pre", "c_post", "theta_d", "theta_p", "gamma_d", "gamma_p", "sigma", "tau")


def fractions(tau_ca, c_pre, c_post, thresholds, gap):
    """Fractions of each second that calcium is above thresholds, the second spike ``gap`` ms after the first."""
    (first, second), gap = ((c_pre, c_post), gap) if gap >= 0 else ((c_post, c_pre), -gap)
    whole = math.exp(-1000 / tau_ca)
    peak = (first + second * math.exp(-(1000 - gap) / tau_ca)) / (1 - whole)  # in the periodic state
    later = peak * math.exp(-gap / tau_ca) + second
    found = []
    for theta in thresholds:
        before = min(gap, max(0.0, tau_ca * math.log(peak / theta)))
        found.append((before + min(1000 - gap, max(0.0, tau_ca * math.log(later / theta)))) / 1000)
    return found


@pytest.mark.parametrize(
    "name", [name if name in ("DP", "cortical slices") else pytest.param(name, marks=pytest.mark.slow) for name in SETS]
)
def test_sixty_pairs_change_efficacies_as_the_published_analysis_says(name):
    *values, delay, lag = SETS[name]
    tau_ca, c_pre, c_post, theta_d, theta_p, gamma_d, gamma_p, sigma, tau = values
    given = dict(zip(NAMES, values, strict=True)) | {"tau_ca": tau_ca * ms, "tau": tau * s}
    below, above = fractions(tau_ca, c_pre, c_post, (theta_d, theta_p), lag - delay)
    rises, falls = gamma_p * above, gamma_d * below
    rest, speed = rises / (rises + falls), (rises + falls) / tau
    spread = sigma**2 * (below + above) / (rises + falls) / 2
    size = 3000
    for start in (0.0, 1.0):
        rho = paired(given, delay, lag, start, size)
        mean = rest + (start - rest) * math.exp(-60 * speed)
        variance = spread * (1 - math.exp(-120 * speed))
        assert abs(rho.mean() - mean) < 4 * math.sqrt(variance / size) + 0.003
        assert abs(rho.var() / variance - 1) < 4 * math.sqrt(2 / size) + 0.01
