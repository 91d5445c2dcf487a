"""Synapses that stay lazy between events: conditions on closed forms, their noise, and who may look at it."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State, where
from tripartite.network.network import Network
from tripartite.network.partner import Partner
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.recording import States, Synapses
from tripartite.network.roles import partner, post, pre, total
from tripartite.network.rules import AllToAll, ExplicitAttachment, OneToOne
from tripartite.network.sources import SpikeTrains
from tripartite.units import ms

STEP = 0.1


class Sink(Mechanism):
    """A cell that counts what comes.

    **Sources** assumed: a test. **Holds for** tests.
    """

    got = State(0.0, "1", "sum of what came")
    sent = Input("1", "what synapses send")

    def on_sent(q):
        return {"got": Add(q.sent)}


class Switched(Mechanism):
    """What a state in a condition does to rates that are linear otherwise.

    **Sources** assumed: a test. **Holds for** tests.
    """

    x = State(3.0, "uM", "decays", low=0)
    y = State(0.0, "uM", "is made while x is high", low=0)
    ramp = State(0.0, "uM", "rises to a level", low=0)
    k = Parameter(0.02, "1/ms", "decay", "assumed: a test")
    theta = Parameter(1.0, "uM", "threshold", "assumed: a test")
    made = Parameter(0.5, "uM/ms", "production", "assumed: a test")

    def rates(q):
        return {
            "x": -q.k * q.x,
            "y": where(q.x > q.theta, q.made, 0 * q.made) - q.k * q.y,
            "ramp": where(q.ramp > q.theta, 0 * q.made, q.made),
        }


def test_a_condition_on_a_state_is_no_constant():
    wanted = tp.simulate(Switched(), until=100 * ms)
    cells, quiet = Population(Switched(), 1), SpikeTrains(1, [], [] * ms)
    synapses = Projection(quiet, cells, synapse=Switched(), rule=OneToOne())
    network = Network(cells=cells, quiet=quiet, connections=[synapses], step=STEP * ms)
    record = [States(cells, every=100 * ms), Synapses(synapses, every=100 * ms, name="s")]
    found = network.run(until=100 * ms, record=record)
    for name in ("x", "y", "ramp"):
        exact = float(wanted[name][-1])
        np.testing.assert_allclose(float(found[f"cells.{name}"][-1, 0]), exact, rtol=0.02, err_msg=name)
        np.testing.assert_allclose(float(found[f"s.{name}"][-1, 0]), exact, rtol=0.02, err_msg=name)


class Calcium(Mechanism):
    """A weight that calcium moves up and down between two thresholds, as in graupner_brunel2012 without its cubic term.

    **Sources** form graupner_brunel2012. **Holds for** tests.
    """

    ca = State(0.0, "1", "calcium")
    w = State(0.3, "1", "weight")
    tau_ca = Parameter(20.0, "ms", "lifetime of calcium", "assumed: a test")
    before = Parameter(1.0, "1", "calcium of a presynaptic spike", "assumed: a test")
    after = Parameter(2.0, "1", "calcium of a postsynaptic spike", "assumed: a test")
    low = Parameter(1.0, "1", "threshold of depression", "assumed: a test")
    high = Parameter(1.3, "1", "threshold of potentiation", "assumed: a test")
    down = Parameter(0.002, "1/ms", "depression", "assumed: a test")
    up = Parameter(0.005, "1/ms", "potentiation", "assumed: a test")
    sigma = Parameter(0.0, "1/ms**0.5", "noise above a threshold", "assumed: a test")

    def rates(q):
        rises = where(q.ca > q.high, q.up, 0 * q.up)
        falls = where(q.ca > q.low, q.down, 0 * q.down)

        return {"ca": -q.ca / q.tau_ca, "w": rises * (1 - q.w) - falls * q.w}

    def noise(q):
        return {"w": q.sigma * where(q.ca > q.low, 1.0, 0.0)}

    def on_spike(q):
        return {"ca": q.ca + q.before}

    def on_postspike(q):
        return {"ca": q.ca + q.after}


PRE, POST = [5.0, 30.0, 31.0, 90.0], [12.0, 30.5, 60.0, 91.0]


def calcium(size, **values):
    before = SpikeTrains(1, np.zeros(len(PRE), int), PRE * ms)
    after = SpikeTrains(size, np.repeat(np.arange(size), len(POST)), np.tile(POST, size) * ms)
    relay = Population(Relay(), size)
    synapses = Projection(before, relay, synapse=Calcium(**values), rule=AllToAll())
    drive = Projection(after, relay, synapse=(sender := tp.Compartment(Sender())), rule=OneToOne(),
                       wiring=[sender.push >> post.push])  # fmt: skip
    return Network(before=before, after=after, relay=relay, connections=[synapses, drive], step=STEP * ms), synapses


class Sender(Mechanism):
    """Passes a spike on. **Sources** assumed: a test. **Holds for** tests."""

    push = Emission("1", "a push")

    def on_spike(q):
        return {"push": 1}


class Relay(Mechanism):
    """Spikes when pushed. **Sources** assumed: a test. **Holds for** tests."""

    level = State(0.0, "1", "pushed")
    push = Input("1", "a push")
    spike = Emission("1", "a spike")

    def on_push(q):
        return {"level": Add(q.push)}

    def crossing(q):
        return q.level - 0.5

    def on_crossing(q):
        return {"level": 0, "spike": 1}


def reference(places, h=1e-4):
    """Weight and calcium at some times (ms), by tiny steps of Euler's method."""
    kicks = {round(t / h): 1.0 for t in PRE} | {round((t + STEP) / h): 2.0 for t in POST}  # the relay takes a step
    found, w, ca, fade = [], 0.3, 0.0, np.exp(-h / 20.0)
    wanted = [round(place / h) for place in places]
    for n in range(wanted[-1] + 1):
        if n in wanted:
            found.append((w, ca))
        if n in kicks:
            ca += kicks[n]
        if ca > 1.0:
            w += h * ((0.005 * (1 - w) if ca > 1.3 else 0.0) - 0.002 * w)
        ca *= fade
    return found


def test_a_state_that_switches_at_thresholds_of_a_closed_form_is_exact_and_lazy():
    network, synapses = calcium(1)
    found = network.run(until=150 * ms, record=Synapses(synapses, every=50 * ms, name="s"))
    plan = network.start(threads=1).layout.joined[0].plan
    assert plan.lazy == {"synapse.ca", "synapse.w"}
    assert not plan.stepped
    for place, (w, ca) in enumerate(reference([50.0, 100.0, 150.0]), start=1):
        np.testing.assert_allclose(found["s.ca"][place, 0], ca, rtol=1e-6)
        np.testing.assert_allclose(found["s.w"][place, 0], w, rtol=2e-6)


def test_its_noise_has_the_variance_of_the_time_above_threshold():
    size, sigma = 4000, 0.002
    network, synapses = calcium(size, up=0 / ms, down=0 / ms, sigma=sigma * tp.units.Quantity(1, "1/ms**0.5"))
    found = network.run(until=150 * ms, record=Synapses(synapses, "w", every=150 * ms, name="s"), seed=1)
    w = found["s.w"][-1].values
    h, ca, time = 0.001, 0.0, 0.0
    kicks = {round(t / h): 1.0 for t in PRE} | {round((t + STEP) / h): 2.0 for t in POST}
    for n in range(150_000):
        ca = (ca + kicks.get(n, 0.0)) * np.exp(-h / 20.0)
        time += h * (ca > 1.0)
    assert abs(w.mean() - 0.3) < 4 * sigma * np.sqrt(time / size)
    assert abs(w.var() / (sigma**2 * time) - 1) < 4 * np.sqrt(2 / size) + 1e-3


class Above(Mechanism):
    """A quantity that relaxes, grows or drifts, and the time that it was above a threshold.

    **Sources** assumed: a test. **Holds for** tests.
    """

    x = State(0.0, "1", "quantity")
    strictly = State(0.0, "ms", "time above the threshold")
    reached = State(0.0, "ms", "time at the threshold or above")
    given = Parameter(0.1, "1/ms", "drift", "assumed: a test")
    k = Parameter(0.1, "1/ms", "rate", "assumed: a test")
    theta = Parameter(0.5, "1", "threshold", "assumed: a test")

    def rates(q):
        return {
            "x": q.given - q.k * q.x,
            "strictly": where(q.x > q.theta, 1.0, 0.0),
            "reached": where(q.x >= q.theta, 1.0, 0.0),
        }

    def on_spike(q):
        return {"x": Add(0.0)}


PASSED = {
    "relaxes past it": ({}, 50 - 10 * np.log(2)),
    "starts at it and rises": ({"theta": 0.0}, 50.0),
    "starts at it and falls": ({"theta": 0.0, "given": -0.1 / ms}, 0.0),
    "falls past it": ({"x": 2.0, "given": 0 / ms}, 10 * np.log(4)),
    "drifts": ({"k": 0 / ms, "given": 0.01 / ms, "theta": 0.25}, 25.0),
    "drifts all but evenly": ({"k": 1e-9 / ms, "given": 0.01 / ms, "theta": 0.25}, 25 - 25 * 25e-9 / 2),
    "bends a little": ({"k": 4e-3 / ms, "given": 0.01 / ms, "theta": 0.25}, 50 + np.log(1 - 0.1) / 4e-3),
    "grows without end": ({"k": -0.1 / ms, "theta": 5.0}, 50 - 10 * np.log(6)),
    "falls without end": ({"k": -0.1 / ms, "given": -0.1 / ms, "theta": -5.0}, 10 * np.log(6)),
    "never comes there": ({"theta": 1.5}, 0.0),
    "moves away": ({"x": 2.0, "theta": 1.0, "k": -0.1 / ms}, 50.0),
}


@pytest.mark.parametrize("case", PASSED)
def test_times_above_a_threshold_are_those_of_the_closed_form(case):
    values, expected = PASSED[case]
    spike, cells = SpikeTrains(1, [0], [20.0] * ms), Population(Sink(), 1)
    synapses = Projection(spike, cells, synapse=Above(**values), rule=OneToOne())
    network = Network(cells=cells, spike=spike, connections=[synapses], step=STEP * ms)
    assert not network.start(threads=1).layout.joined[0].plan.stepped
    found = network.run(until=50 * ms, record=Synapses(synapses, every=50 * ms, name="s"), threads=1)
    for name in ("strictly", "reached"):
        np.testing.assert_allclose(found[f"s.{name}"][-1, 0], expected, rtol=1e-9, atol=1e-9, err_msg=name)


def test_a_quantity_that_rests_at_its_threshold_has_reached_it_and_is_not_above():
    spike, cells = SpikeTrains(1, [0], [20.0] * ms), Population(Sink(), 1)
    synapses = Projection(spike, cells, synapse=Above(theta=0.0, given=0 / ms), rule=OneToOne())
    network = Network(cells=cells, spike=spike, connections=[synapses], step=STEP * ms)
    found = network.run(until=50 * ms, record=Synapses(synapses, every=50 * ms, name="s"), threads=1)
    assert float(found["s.strictly"][-1, 0]) == 0.0
    np.testing.assert_allclose(found["s.reached"][-1, 0], 50.0, rtol=1e-12)


class Wandering(Mechanism):
    """A weight that wanders around zero, and says where it is when asked.

    **Sources** assumed: a test. **Holds for** tests.
    """

    w = State(0.0, "1", "weight")
    ask = Input("1", "a question", default=0)
    sent = Emission("1", "the weight when it is asked for")
    tau = Parameter(10.0, "ms", "memory", "assumed: a test")

    def rates(q):
        return {"w": -q.w / q.tau}

    def noise(q):
        return {"w": (2 / q.tau) ** 0.5}

    def on_ask(q):
        return {"sent": q.w}


class Reader(Mechanism):
    """What follows a weight step by step. **Sources** assumed: a test. **Holds for** tests."""

    whole = State(0.0, "ms", "integral")
    times = State(0.0, "1", "how often it rose past 1")
    w = Input("1", "weight")

    def rates(q):
        return {"whole": 1 * q.w}

    def crossing(q):
        return q.w - 1.0

    def on_crossing(q):
        return {"times": q.times + 1}


class Integral(Mechanism):
    """Integrates what it is given. **Sources** assumed: a test. **Holds for** tests."""

    whole = State(0.0, "ms", "integral")
    drive = Input("1", "what is integrated")

    def rates(q):
        return {"whole": 1 * q.drive}


UNTIL = 100.0
WANDERED = 2 * 10 * (UNTIL - 20 * (1 - np.exp(-UNTIL / 10)) + 5 * (1 - np.exp(-UNTIL / 5)))
"""The variance of the integral of such a weight, which starts at 0."""


def test_whoever_follows_a_random_weight_sees_one_path():
    size = 2000
    synapse = tp.Compartment(Wandering(), Reader())
    quiet, cells = SpikeTrains(size, [], [] * ms), Population(Integral(), size)
    wiring = [total(synapse.w) >> post.drive]
    synapses = Projection(quiet, cells, synapse=synapse, rule=OneToOne(), wiring=wiring)
    network = Network(cells=cells, quiet=quiet, connections=[synapses], step=STEP * ms)
    record = [Synapses(synapses, "whole", "times", every=UNTIL * ms, name="s"), States(cells, every=UNTIL * ms)]
    found = network.run(until=UNTIL * ms, record=record, seed=1, threads=1)
    for name in ("s.whole", "cells.whole"):
        assert abs(found[name][-1].values.var() / WANDERED - 1) < 4 * np.sqrt(2 / size) + 0.02, name
    random, now, above, times = np.random.default_rng(1), np.zeros(size), np.zeros(size, bool), np.zeros(size)
    for _ in range(round(UNTIL / STEP)):
        now = now * np.exp(-STEP / 10) + np.sqrt(1 - np.exp(-STEP / 5)) * random.standard_normal(size)
        times, above = times + ((now > 1) & ~above), now > 1
    spread = np.sqrt(2 * times.var() / size)
    assert abs(found["s.times"][-1].values.mean() - times.mean()) < 4 * spread


@pytest.mark.parametrize("role", ["pre", "post", "partner"])
def test_who_asks_a_random_weight_twice_hears_of_one_path(role):
    size, times = 1000, [50.0, 51.0]
    rule, sender = tp.Compartment(Wandering()), tp.Compartment(Sender())
    asking = SpikeTrains(size, np.repeat(np.arange(size), 2), np.tile(times, size) * ms)
    quiet, cells = SpikeTrains(size, [], [] * ms), Population(tp.Compartment(Sink(), Relay()), size)
    ask = {"pre": pre.spike, "post": post.spike, "partner": partner("asking").spike}[role] >> rule.ask
    more = {"partners": {"asking": Partner(asking, ExplicitAttachment(np.arange(size)))}} if role == "partner" else {}
    weights = Projection(asking if role == "pre" else quiet, cells, synapse=rule, rule=OneToOne(),
                         wiring=[ask, rule.sent >> post.sent], **more)  # fmt: skip
    pushes = Projection(asking, cells, synapse=sender, rule=OneToOne(), wiring=[sender.push >> post.push])
    network = Network(cells=cells, quiet=quiet, asking=asking, connections=[weights, pushes], step=STEP * ms)
    got = network.run(until=55 * ms, record=States(cells, "got", every=0.5 * ms), seed=2, threads=1)["cells.got"].values
    heard = np.diff(got, axis=0)
    first, second = heard[np.abs(heard).sum(axis=1) > 0]
    assert abs(np.corrcoef(first, second)[0, 1] - np.exp(-1 / 10)) < 0.03
    assert abs(first.var() - 1) < 4 * np.sqrt(2 / size)
