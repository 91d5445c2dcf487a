"""The network of Stimberg et al. (2019), example 6, against Brian2 on the same connections and starts.

Runs of 5 s with the stimulus step from 2 s to 4 s. Brian2's example differs from the converged solution in what
follows from its steps, and is met there:

- the step of a spike counts as the first of the refractory period: ours is 4.9 ms here;
- gliotransmitter follows a Runge-Kutta step of 10 ms (its factor is R = 0.5494 instead of exp(-0.6) = 0.5488) and is
  held in between: the area of a release, and with it what receptors bind, is 0.6 / (1 - R) = 1.33 times the exact one.
  One release binds 0.9255 of all receptors instead of 0.8577, 8 % more; ours bind 1.33 times faster here;
- glutamate is read at the beginning of an astrocyte's step instead of averaged over it. What it drives is 5 ms late on
  average: ours of 5 ms earlier is compared, and between 0 and 10 ms before chaos sets in;
- a release shows at the beginning of the step in which it happens, ours at its end, 10 ms later.
"""

import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from tests.oracles.network_statistics import baseline, numbers, paired, rejected, stored
from tripartite.models import CobaNeuron
from tripartite.models.stimberg_network import StimbergNetwork, stimberg_parts
from tripartite.network import Euler, Network, Population, Spikes, States, Synapses
from tripartite.network.rules import Explicit
from tripartite.network.stimuli import On
from tripartite.protocols import Steps
from tripartite.units import Quantity, ms, pA, s

REPEATS = 4
MOVED = 0.1
"""In mV: s.d. by which starts are moved in repetitions."""
DECAY = 0.6
"""Clearance of gliotransmitter in one step of an astrocyte, 60/s in 10 ms."""
FACTOR = 1 - DECAY + DECAY**2 / 2 - DECAY**3 / 6 + DECAY**4 / 24
HELD = DECAY / (1 - FACTOR)
EARLIEST = 5
"""The first sample, one every 100 ms, in which chaos is larger than what the steps do."""
COURSES = {"ca_uM": slice(EARLIEST, None), "ip3_uM": slice(EARLIEST, None)}
BOUND_AT = (30, 40)
"""Samples of bound receptors that are compared."""


@cache
def drawn(seed: int) -> tuple[dict[str, np.ndarray], list[tuple[np.ndarray, ...]]]:
    """Starts and edges as the baseline draws them."""
    random = np.random.default_rng(seed)
    start = {"v": -60 + 10 * random.random(4000), "g_e": 0.05 * random.random(4000), "g_i": random.random(4000)}
    return start, [np.nonzero(random.random((n, 4000)) < p) for n, p in ((3200, 0.05), (800, 0.2))]


def stimberg(seed: int, moved: int, held: float) -> Network:
    """Our network with given edges and starts; ``held``: factor on the binding of gliotransmitter."""
    start, edges = drawn(seed)
    noise = np.random.default_rng([seed, moved]).standard_normal(4000) if moved else 0
    parts = stimberg_parts()
    parts["excitatory"] = parts["excitatory"].replace({"binding": parts["excitatory"]["binding"] * held})
    parts["neuron"] = CobaNeuron().replace({"refractory": 4.9 * ms})
    values = {
        "v": Quantity(start["v"] + MOVED * noise, "mV"),
        "g_e": Quantity(start["g_e"], "nS"),
        "g_i": Quantity(start["g_i"], "nS"),
    }
    network = StimbergNetwork(parts)
    neurons = network.groups["neurons"]
    assert isinstance(neurons, Population)
    vars(neurons).update(values=Population(parts["neuron"], 4000, values=values).values, method=Euler())
    for projection, listed in zip(network.projections, edges, strict=True):
        vars(projection)["rule"] = Explicit(*listed)
    return network


@cache
def ours(seed: int, moved: int, held: float = HELD) -> dict[str, Any]:
    """One of our runs as the baseline prints it, and ``exact``: courses without the 5 ms."""
    network, measures = stimberg(seed, moved, held), baseline("measures")
    neurons, astrocytes = network.groups["neurons"], network.groups["astrocytes"]
    record = [
        Spikes(neurons),
        Spikes(astrocytes),
        States(astrocytes, "ca", "ip3", every=10 * ms),
        Synapses(network.projections[0], "bound", every=1 * s),
    ]
    step = On(neurons, Steps("current", [2, 4] * s, [20, 0] * pA))
    data = network.run(until=5 * s, record=record, protocol=step, progress=False).data
    who, when = data["neurons.spike.cells"].values, np.round(data["neurons.spike.times"].values * 1e3, 6)
    released, of = (data[f"astrocytes.gliorelease.{key}"].values for key in ("times", "cells"))
    # The baseline counts a spike at the beginning of its step, ours at its end.
    run: dict[str, Any] = measures.spikes(who, when - 0.1, 3200, 4000, 0.0, 5000.0)
    run["by_second"] = np.histogram(when[who < 3200] - 0.1, np.arange(0, 5001, 1000))[0] / 3200
    run["events"], run["first"] = np.bincount(of, minlength=3200), released.min() * 1e3
    run["bound"] = data["synapses0.bound"].values[[k // 10 for k in BOUND_AT], :600_000:64]
    times = np.arange(0, 5000, 100.0)
    for key, name in (("ca_uM", "ca"), ("ip3_uM", "ip3")):
        every = data[f"astrocytes.{name}"].values
        now = every[0:500:10]
        before = np.concatenate([now[:1], every[9:490:10]])
        run[key] = measures.course(times, (now + before) / 2)
        run[f"{key} exact"] = now.mean(axis=1), before.mean(axis=1)
    return run


def shown(run: dict[str, Any]) -> dict[str, float]:
    """Compared numbers of one of our runs."""
    rates = {f"rate_e in second {k}": float(x) for k, x in enumerate(run["by_second"])}
    bound = {f"bound.mean at {100 * k} ms": float(x) for k, x in zip(BOUND_AT, run["bound"].mean(1), strict=True)}
    released = {"releases": float(run["events"].sum()), "first release": run["first"]}
    return numbers(run, COURSES) | rates | bound | released


def brian(run: dict[str, Any]) -> dict[str, float]:
    """The same numbers of a stored run."""
    rates = {f"rate_e in second {k}": x for k, x in enumerate(run["rate_e_by_second_hz"])}
    bound = {f"bound.mean at {100 * k} ms": run["gamma_s"]["mean"][k] for k in BOUND_AT}
    # Releases bear the time of the beginning of their step, and calcium is 5 ms late.
    released = {"releases": run["releases_total"], "first release": run["release_first_ms"] + 10 - 5}
    return numbers(run, COURSES) | rates | bound | released


def compare(repeats: int, **how: Any) -> dict[str, float]:
    references = stored("brian2_stimberg_network")
    runs = [[shown(ours(seed, moved, **how)) for moved in range(repeats)] for seed in references]
    return paired([brian(run) for run in references.values()], runs)


def test_step_of_the_example_binds_eight_percent_more_receptors():
    area = 1.5e-3 * 6.5e-4 * 200e3 * 0.6 / 60e-3
    exact, held = (1 - math.exp(-area * factor) for factor in (1.0, HELD))
    assert exact == pytest.approx(0.85773, rel=1e-4)
    assert held / exact == pytest.approx(1.079, rel=1e-3)


@pytest.mark.slow
def test_edges_starts_and_the_time_before_chaos_are_those_of_brian2():
    seed, reference = next(iter(stored("brian2_stimberg_network").items()))
    run = ours(seed, 0)
    assert [len(pre) for pre, _ in drawn(seed)[1]] == reference["synapses"]
    now, before = run["ca_uM exact"]
    assert now[1] == pytest.approx(reference["ca_uM"]["mean"][1], rel=1e-5)
    now, before = run["ip3_uM exact"]
    assert before[1] < reference["ip3_uM"]["mean"][1] < now[1]


@pytest.mark.slow
def test_spikes_calcium_ip3_releases_and_receptors_agree_with_brian2():
    assert rejected(compare(REPEATS)) == {}


@pytest.mark.slow
def test_without_holding_gliotransmitter_receptors_differ_from_the_example():
    found = rejected(compare(REPEATS, held=1.0))
    assert {f"bound.mean at {100 * k} ms (bias)" for k in BOUND_AT} <= found.keys()
