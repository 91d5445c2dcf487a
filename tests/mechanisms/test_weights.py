"""Every rule with every weight: laws that hold whatever the values, and loops over spikes written by hand."""

from functools import cache

import numpy as np
import pytest

import tripartite as tp
from tripartite import mechanisms
from tripartite.language import Compartment, Emission, Mechanism, Model, Output, Parameter, State
from tripartite.mechanisms import (
    EligibilityWeight,
    GatedWeight,
    HardBoundWeight,
    NormalisedWeight,
    PairStdp,
    PostspikeGate,
    SoftBoundWeight,
    Weight,
    WeightNormalisation,
)
from tripartite.protocols import SpikeTrain
from tripartite.units import hour, s

FINE = tp.Tsit5(rtol=1e-10, atol=1e-14)
END = 40.0  # s


class Steady(Mechanism):
    """A rule in time: a drift that turns its sign with a slow state."""

    slow = State(1.0, "1", "decays")
    drift = Output("1/s", "change in time", adds=True)
    speed = Parameter(0.004, "1/s", "speed", "assumed: a test")

    def rates(q):
        return {"slow": -q.speed * q.slow}

    def outputs(q):
        return {"drift": q.speed * (2 * q.slow - 1.9)}


class More(Mechanism):
    """A second rule in time."""

    drift = Output("1/s", "change in time", adds=True)
    more = Parameter(0.002, "1/s", "speed", "assumed: a test")

    def outputs(q):
        return {"drift": q.more}


class Habit(Mechanism):
    """A second rule at spikes: every presynaptic spike asks for the same."""

    change = Emission("1", "change")
    habit = Parameter(-0.001, "1", "change at a spike", "assumed: a test")

    def on_spike(q):
        return {"change": q.habit}


class Signals(Mechanism):
    """What weights read of others."""

    gate = Output("1", "third factor")
    pull = Output("1/s", "relative rate at which weights are scaled")
    level = Parameter(1.0, "1", "third factor", "assumed: a test")

    def outputs(q):
        return {"gate": q.level, "pull": 0}


RULES = {
    "pairs": [PairStdp()],
    "drift": [Steady()],
    "all": [PairStdp(), Habit(), Steady(), More()],
    "large": [PairStdp(potentiation=0.9, depression=1.1), Habit(habit=-0.5)],
    "up": [More(more=2 / s)],
    "down": [More(more=-2 / s)],
}
WEIGHTS = [
    item
    for item in (getattr(mechanisms, name) for name in mechanisms.__all__)
    if isinstance(item, type)
    and issubclass(item, Mechanism)
    and {"weight", "change", "drift"} <= item.declarations.keys()
]
BOUNDED = [kind for kind in WEIGHTS if "largest" in kind.declarations]
NEAR, FAR = {"lowest": 0.4, "largest": 1.3}, {"lowest": 1 - 1e6, "largest": 1 + 1e6}
GATES = [0.0, 0.3, 1.0]
random = np.random.default_rng(7)
BEFORE, AFTER = np.sort(random.uniform(0, 8, 60)), np.sort(random.uniform(0, 8, 50))
AT = np.sort(np.concatenate([BEFORE, AFTER, [END]]))


@cache
def run(rule):
    """One rule, and every weight that takes its changes, bounds far and near, for three third factors."""
    held = {"rule": Compartment(*RULES[rule]), "signals": Compartment(Signals())}
    for kind in WEIGHTS:
        held[kind.__name__] = Compartment(kind(**(FAR if kind in BOUNDED else {})))
    held |= {f"near{kind.__name__}": Compartment(kind(**NEAR)) for kind in BOUNDED}
    wires = []
    if "pairs" in rule:
        held["postspike"] = Compartment(*RULES[rule], PostspikeGate(), Weight())
        wires += [getattr(held["rule"], name) >> getattr(held["postspike"], name) for name in ("spike", "postspike")]
    for name, held_there in held.items():
        for source in ("rule", "signals"):
            known = {*held[source].sources} & {"change", "drift", "gate", "pull"} & {*held_there.inputs}
            if name != source:
                wires += [getattr(held[source], key) >> getattr(held_there, key) for key in sorted(known)]
    model = Model(**held, wiring=wires)
    heard = {event for event in ("spike", "postspike") if event in held["rule"].events}
    protocol = SpikeTrain(BEFORE * s, to="rule.spike") if "spike" in heard else None
    if "postspike" in heard:
        protocol = protocol & SpikeTrain(AFTER * s, event="postspike", to="rule.postspike")
    return tp.simulate(model, protocol, until=END * s, save_at=AT * s, vary={"signals.level": GATES}, solver=FINE)


def weight(rule, kind, gate=1.0):
    """Its weight at all spikes, and at the end."""
    return run(rule)[f"{getattr(kind, '__name__', kind)}.weight"].values[GATES.index(gate)]


def taken(rule, kind, gate=1.0):
    """What it has taken of what was asked for; of a trace, what it will, if the gate stays."""
    waiting = gate * run(rule)["eligibility"].values[GATES.index(gate)] if kind is EligibilityWeight else 0
    return weight(rule, kind, gate) - 1 + waiting


def test_there_are_weights_of_each_kind():
    assert {Weight, SoftBoundWeight, HardBoundWeight, EligibilityWeight, GatedWeight, NormalisedWeight} <= set(WEIGHTS)
    assert {SoftBoundWeight, HardBoundWeight} <= set(BOUNDED)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("kind", WEIGHTS)
def test_every_rule_and_weight_make_a_synapse(rule, kind):
    model = Model(synapse=Compartment(*RULES[rule], kind()))
    assert {"synapse.weight"} <= model.system.state_position.keys()
    assert {entry.key.split(".")[1] for entry in model.system.drives} <= {"gate", "pull", "drift"}


@pytest.mark.parametrize("rule", RULES)
def test_a_plain_weight_is_the_sum_of_what_is_asked_for(rule):
    parts, asked = {type(part): part for part in RULES[rule]}, 0.0
    if PairStdp in parts:
        delay = 1000 * (AFTER[:, None] - BEFORE[None, :])
        up = parts[PairStdp].potentiation.magnitude * np.exp(-np.maximum(delay, 0) / 20)
        down = parts[PairStdp].depression.magnitude * np.exp(np.minimum(delay, 0) / 20)
        asked += float(np.sum(np.where(delay > 0, up, -down)))
    if Habit in parts:
        asked += len(BEFORE) * parts[Habit].habit.magnitude
    if Steady in parts:
        asked += 2 * (1 - np.exp(-0.004 * END)) - 1.9 * 0.004 * END
    if More in parts:
        asked += parts[More].more.magnitude * END
    np.testing.assert_allclose(weight(rule, Weight)[-1] - 1, asked, rtol=1e-7)


@pytest.mark.parametrize("kind", WEIGHTS)
@pytest.mark.parametrize("rule", RULES)
def test_with_an_open_gate_and_far_from_bounds_every_weight_takes_what_is_asked_for(rule, kind):
    found, plain = taken(rule, kind), taken(rule, Weight)
    half = 2.0 if kind is SoftBoundWeight else 1.0  # half of all room is left in the middle
    slack = 1e-4 if kind is SoftBoundWeight else 1e-7  # where the room has become other than half
    np.testing.assert_allclose(half * found, plain, rtol=slack, atol=slack * 1e-3)


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("kind", [GatedWeight, EligibilityWeight, "postspike"])
@pytest.mark.parametrize("rule", RULES)
def test_a_constant_gate_scales_what_a_weight_takes(rule, kind, gate):
    if kind != "postspike" or "pairs" in rule:
        expected = gate * taken(rule, Weight)
        np.testing.assert_allclose(taken(rule, kind, gate), expected, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("rule", ["pairs", "large"])
def test_a_trace_becomes_weight_in_the_end(rule):
    np.testing.assert_allclose(weight(rule, EligibilityWeight)[-1], weight(rule, Weight)[-1], rtol=1e-9)


@pytest.mark.parametrize("kind", BOUNDED)
@pytest.mark.parametrize("rule", RULES)
def test_bounds_are_never_left(rule, kind):
    found, slack = weight(rule, f"near{kind.__name__}"), 1e-7 if rule in ("up", "down") else 0
    assert 0.4 - slack <= found.min() and found.max() <= 1.3 + slack
    if rule == "large":
        assert found.max() - found.min() > 0.6, "the bounds were felt"
    if rule in ("up", "down"):
        np.testing.assert_allclose(found[-1], 1.3 if rule == "up" else 0.4, rtol=1e-7)


def walked(step):
    """The weight after every spike, by a loop over spikes; ``step`` makes a weight from a weight and a change."""
    found, before, after, weight, now = [], 0.0, 0.0, 1.0, 0.0
    for time, post in sorted([(t, False) for t in BEFORE] + [(t, True) for t in AFTER]):
        left = np.exp(-1000 * (time - now) / 20)
        before, after, now = before * left, after * left, time
        change = 0.9 * before if post else -1.1 * after - 0.5
        weight = step(weight, change)
        before, after = before + (not post), after + post
        found.append(weight)
    return np.array([*found, weight])


def soft(weight, change):
    bound = 1.3 if change > 0 else 0.4
    for _ in range(20_000):  # many small changes, each in proportion to the room that is left
        weight += abs(change) / 20_000 * (bound - weight) / 0.9
    return weight


@pytest.mark.parametrize(
    ("kind", "step", "slack"),
    [(HardBoundWeight, lambda w, c: min(max(w + c, 0.4), 1.3), 1e-9), (SoftBoundWeight, soft, 1e-3)],
)
def test_bounded_weights_are_those_of_a_loop_over_spikes(kind, step, slack):
    np.testing.assert_allclose(weight("large", f"near{kind.__name__}"), walked(step), rtol=slack)


def test_weights_of_one_cell_are_pulled_to_a_total_and_keep_their_proportions():
    one, two = (Compartment(Habit(habit=0.02 * k), NormalisedWeight()) for k in (1, 2))
    cell = Compartment(WeightNormalisation(goal=3, tau=0.01 * hour))
    wires = [one.weight >> cell.total_weight, two.weight >> cell.total_weight]
    wires += [cell.pull >> one.pull, cell.pull >> two.pull]
    model = Model(one=one, two=two, cell=cell, wiring=wires)
    protocol = SpikeTrain([1, 1.5] * s, to="one.spike") & SpikeTrain([2] * s, to="two.spike")
    result = tp.simulate(model, protocol, until=400 * s, save_at=[3, 30, 400] * s, solver=FINE)
    weights = np.array([result["one.weight"].values, result["two.weight"].values])
    expected, now = 2.0, 0.0
    for time, change in ((1, 0.02), (1.5, 0.02), (2, 0.04)):
        expected, now = 3 + (expected - 3) * np.exp(-(time - now) / 36) + change, time
    late = 3 + (expected - 3) * np.exp(-(np.array([3, 30, 400]) - 2) / 36)
    np.testing.assert_allclose(weights.sum(axis=0), late, rtol=1e-8)
    np.testing.assert_allclose(weights[0] / weights[1], weights[0, 0] / weights[1, 0], rtol=1e-8)
