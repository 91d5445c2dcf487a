"""The networks of Jiang et al. (2025) at a fifth of their size, against NEST 3.10 with connections of its own.

Runs of 2 s, of which the first 0.5 s count for time courses only. What is known to differ, and is taken into account:

- NEST's Poisson generator sends its spikes 1 ms late, so that NEST is compared with our state 1 ms earlier;
- a sample of NEST holds the events of its own time, ours those before. Jumps that decay with the time constant tau
  are then larger in NEST by the factor exp(dt / tau), 1.051 for the IP3 of these runs (tau = 2 ms).

What five runs of NEST resolve: a delay of inhibition of 2 ms instead of 1 ms changes 45 of 139 numbers beyond chance,
one of 1.5 ms still two, one of 1.2 ms none; an inhibition of 4.4 ms instead of 4 ms four.

NEST shows 100 astrocytes and 100 neurons drawn at random, ours are all; its spread between seeds contains that draw.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from tests.oracles.network_statistics import baseline, numbers, rejected, stored, welch
from tripartite.models.jiang_network import SPARSE, SYNCHRONOUS, JiangNetwork, JiangVariant
from tripartite.network import Spikes, States
from tripartite.units import ms, uM

VARIANTS = {"sparse": SPARSE, "synchronous": SYNCHRONOUS}
SEEDS = range(1, 21)
SCALE = 0.2
EXCITATORY, NUMBER = 1600, 2000
SIC_WEIGHT, TAU_IP3, IP3_REST = 0.01, 2.0, 0.16
"""1, ms, µM; with jumps of 0.5 µM, as the baseline has them, not the values behind the published rates."""
STEP, LATE, BEGIN, END = 0.1, 1, 500.0, 2000.0
"""Step of NEST and delay of its generator, and what is measured (ms)."""
COURSES = {"ca_uM": slice(None), "ip3_uM": slice(None), "sic_pA": slice(None)}
MEANS = ("ip3_mean_uM", "ca_mean_uM", "sic_mean_pA")
EVENTS = ("ca_events", "ca_events_after_warmup")


def ours(variant: JiangVariant, seed: int, **changed) -> dict[str, float]:
    """All numbers of one of our runs, brought to what NEST would show; ``changed``: of the neuron."""
    measures = baseline("measures")
    parts = variant.parts()
    astrocyte = {"ip3": IP3_REST * uM, "ip3_tau": TAU_IP3 * ms, "ip3_jump": 0.5 * uM}
    parts["astrocyte"] = parts["astrocyte"].replace(astrocyte)
    parts["neuron"] = parts["neuron"].replace({"sic_weight": SIC_WEIGHT, **changed})
    network = JiangNetwork(variant, parts, scale=SCALE, seed=seed)
    neurons, astrocytes = network.groups["neurons"], network.groups["astrocytes"]
    record = [
        Spikes(neurons),
        States(astrocytes, "ca", "ip3", every=1 * ms),
        States(neurons, "sic", every=1 * ms),
    ]
    data = network.run(until=END * ms, record=record, seed=seed, progress=False).data
    who = data["neurons.spike.cells"].values
    when = np.round(data["neurons.spike.times"].values * 1e3, 6) + LATE
    calcium, ip3, sic = (data[name].values for name in ("astrocytes.ca", "astrocytes.ip3", "neurons.sic"))
    ip3 = IP3_REST + (ip3 - IP3_REST) * np.exp(STEP / TAU_IP3)
    # Row k is 1 ms * k of ours and 1 ms * (k + 1) of NEST's.
    times = np.arange(LATE, END)
    calcium, ip3, sic = (values[: len(times)] for values in (calcium, ip3, SIC_WEIGHT * sic))
    every, late = times % 100 == 0, times >= BEGIN
    run = {
        **measures.spikes(who, when, EXCITATORY, NUMBER, BEGIN, END),
        "ca_uM": measures.course(times[every], calcium[every]),
        "ip3_uM": measures.course(times[every], ip3[every]),
        "sic_pA": measures.course(times[every], sic[every]),
        **dict(zip(MEANS, (float(x[late].mean()) for x in (ip3, calcium, sic)), strict=True)),
        "ca_events": measures.spread(measures.upward_crossings(calcium, 0.19669)),
        "ca_events_after_warmup": measures.spread(measures.upward_crossings(calcium[late], 0.19669)),
    }
    return shown(run)


def shown(run: dict) -> dict[str, float]:
    """All compared numbers of a run."""
    means = {key: run[key] for key in MEANS}
    events = {f"{key}.{kind}": run[key][kind] for key in EVENTS for kind in ("mean", "sd")}
    return numbers(run, COURSES) | means | events


@cache
def runs(name: str) -> list[dict[str, float]]:
    """Ours over all seeds."""
    return [ours(VARIANTS[name], seed) for seed in SEEDS]


def nest(name: str) -> list[dict[str, float]]:
    """NEST's runs."""
    return [shown(run) for run in stored(f"nest_astrocyte_brunel_{name}_0.2").values()]


@pytest.mark.slow
@pytest.mark.parametrize("name", VARIANTS)
def test_rates_intervals_calcium_ip3_current_and_events_agree_with_nest(name):
    assert rejected(welch(nest(name), runs(name))) == {}


@pytest.mark.slow
def test_a_longer_delay_of_inhibition_is_noticed():
    wrong = [ours(replace(SPARSE, inhibitory_delay=2 * ms), seed) for seed in SEEDS]
    assert rejected(welch(nest("sparse"), wrong))


@pytest.mark.slow
def test_a_slower_decay_of_inhibition_is_noticed():
    wrong = [ours(SPARSE, seed, tau_i=4.4 * ms) for seed in SEEDS]
    assert rejected(welch(nest("sparse"), wrong))


@pytest.mark.slow
def test_the_two_networks_are_told_apart():
    found = rejected(welch(nest("synchronous"), runs("sparse")))
    assert {"rate_e_hz", "rate_i_hz", "ca_uM.mean at 500 ms", "sic_pA.mean at 700 ms"} <= found.keys()
