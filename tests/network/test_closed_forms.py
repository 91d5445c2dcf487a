"""Linear states follow their closed forms whatever their constants are, become, and are for each cell."""

import itertools

import mpmath
import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tripartite.interpret.kernels import courses, trace
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State, where
from tripartite.network import Euler, Exact, Naive, Network, On, Population, Projection, SpikeTrains, States, Synapses
from tripartite.network.roles import astrocyte, mean, post
from tripartite.network.rules import AllToAll, ExplicitAttachment
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import Quantity, ms, uM

RATES = {
    "apart": (-0.3, -1.9, -0.02, -7.0),
    "equal": (-0.3, -0.3, -0.3, -0.3),
    "nearly equal": (-0.3, -0.3 * (1 + 1e-9), -0.3 * (1 - 1e-13), -0.31),
    "two pairs": (-2.0, -2.0 * (1 + 1e-12), -0.1, -0.1),
    "zero": (0.0, -1e-14, -0.5, 0.0),
    "growing": (0.2, -0.3, 0.2 + 1e-10, 1.1),
    "far apart": (-900.0, -0.001, -40.0, -0.001),
}


def exponential(matrix, t):
    """exp(matrix t) with 60 digits: that of SciPy divides by differences of the diagonal where it is triangular."""
    with mpmath.workdps(60):
        # In slices, so that the series converges for fast rates too.
        whole = mpmath.expm(mpmath.matrix(np.asarray(matrix).tolist()) * mpmath.mpf(t) / 1024, method="taylor") ** 1024
        return np.array(whole.tolist(), dtype=float)


@pytest.mark.parametrize("case", RATES)
@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_what_stages_make_of_a_pulse_has_all_digits_for_any_rates(case, count):
    rates, t = RATES[case][:count], 1.7
    names = tuple(trace.name(f"r{i}") for i in range(count))
    chain = np.diag(rates) + np.diag(np.ones(count - 1), -1)
    expected = exponential(chain, t)[count - 1, 0]
    values = {"t": t} | {f"r{i}": rate for i, rate in enumerate(rates)}
    found = trace.evaluate(courses.response(names, trace.name("t")), values)
    assert found == pytest.approx(expected, rel=2e-14, abs=1e-300)


class Sender(Mechanism):
    """A synapse that sends one amount at each spike, and keeps a trace of them that decays.

    **Sources** assumed: a test. **Holds for** tests.
    """

    sent = Emission("uM", "what every spike sends")
    trace = State(0.0, "uM", "trace of spikes")
    k = Parameter(0.05, "1/ms", "decay of the trace", "assumed: a test", low=0)
    amount = Parameter(1.0, "uM", "what every spike adds", "assumed: a test", low=0)
    spike = Input("1", "a spike")

    def rates(q):
        return {"trace": -q.k * q.trace}

    def on_spike(q):
        return {"trace": Add(q.amount), "sent": q.amount}


class Tired(Mechanism):
    """A trace to which every spike adds a part of what is left.

    **Sources** assumed: a test. **Holds for** tests.
    """

    left = State(1.0, "1", "what is left")
    trace = State(0.0, "uM", "trace of spikes")
    k = Parameter(0.05, "1/ms", "decay of the trace", "assumed: a test", low=0)
    recovery = Parameter(40.0, "ms", "time constant of what is left", "assumed: a test", low=0)
    use = Parameter(0.4, "1", "part that a spike uses", "assumed: a test", low=0)
    amount = Parameter(1.0, "uM", "what a spike would add of all", "assumed: a test", low=0)
    spike = Input("1", "a spike")

    def rates(q):
        return {"left": (1 - q.left) / q.recovery, "trace": -q.k * q.trace}

    def on_spike(q):
        return {"left": q.left * (1 - q.use), "trace": Add(q.amount * q.use * q.left)}


class Sum(Mechanism):
    """The integral of what it sees.

    **Sources** assumed: a test. **Holds for** tests.
    """

    whole = State(0.0, "uM*ms", "integral")
    seen = Input("uM", "what it sees")

    def rates(q):
        return {"whole": q.seen}


class Chain(Mechanism):
    """Two stages and the integral of the second, started by events.

    **Sources** assumed: a test. **Holds for** tests.
    """

    x = State(1.0, "uM", "first stage")
    y = State(0.0, "uM", "second stage")
    whole = State(0.0, "uM*ms", "integral of the second stage")
    a = Parameter(0.03, "1/ms", "rate from first to second", "assumed: a test", low=0)
    b = Parameter(0.09, "1/ms", "rate out of the second", "assumed: a test", low=0)
    spike = Input("uM", "what an event adds to the first stage")

    def rates(q):
        return {"x": -q.a * q.x, "y": q.a * q.x - q.b * q.y, "whole": q.y}

    def on_spike(q):
        return {"x": Add(q.spike)}


UNTIL, CHANGE, EVENTS = 100, 55, (3, 41, 67)


def chained(a, b, factors=(1, 1)):
    """States at the end: exponentials of matrices from event to change to event."""
    state = np.array([1.0, 0.0, 0.0])
    times = sorted({0, *EVENTS, CHANGE, UNTIL})
    for begin, end in itertools.pairwise(times):
        state[0] += begin in EVENTS
        p, q = (a * factors[0], b * factors[1]) if begin >= CHANGE else (a, b)
        state = exponential([[-p, 0, 0], [p, -q, 0], [0, 1, 0]], end - begin) @ state
    return state


def cells(network, group):
    return np.array([network[f"{group}.{key}"].values[-1] for key in ("x", "y", "whole")]).T


@pytest.mark.parametrize(
    "factors", [(3, 1), (3 * (1 + 1e-12), 1), (0, 1), (1, 0), (1e-14, 1), (0, 0), (1, 1 / 3)], ids=str
)
@pytest.mark.parametrize("step", [1, 10])
def test_a_cascade_is_right_when_a_perturbation_makes_rates_equal_or_zero(monkeypatch, factors, step):
    interpret(monkeypatch)
    change = tp.Perturbation("change", {"a": factors[0], "b": factors[1]}, at=CHANGE * ms)
    whole, some = Population(Chain(), 2, step=step * ms), Population(Chain(), 2, step=step * ms)
    source = SpikeTrains(1, [0] * len(EVENTS), EVENTS * ms)
    synapses = Projection(source, whole[:1], synapse=tp.Compartment(Chain()), rule=AllToAll(), delay=0 * ms)
    network = Network(whole=whole, some=some, source=source, connections=[synapses], step=1 * ms)
    events = SpikeTrain(EVENTS * ms)
    protocol = On(whole, events) & On(some, events) & On(whole, change) & On(some[:1], change) & On(synapses, change)
    record = [*(States(p, every=UNTIL * ms) for p in (whole, some)), Synapses(synapses, every=UNTIL * ms)]
    found = network.run(until=UNTIL * ms, record=record, protocol=protocol, threads=1)
    changed, same = chained(0.03, 0.09, factors), chained(0.03, 0.09)
    np.testing.assert_allclose(cells(found, "whole"), [changed, changed], rtol=1e-12)
    np.testing.assert_allclose(cells(found, "some"), [changed, same], rtol=1e-12)
    np.testing.assert_allclose(cells(found, "synapses0"), [changed], rtol=1e-12)


@pytest.mark.parametrize("step", [1, 10, 50])
def test_values_per_cell_are_constants_of_that_cell(monkeypatch, step):
    interpret(monkeypatch)
    a = np.array([2.0, 1.0, 0.3, 0.2, 0.2, 0.2 * (1 + 1e-13), 0.0, 0.03])
    b = np.array([0.2, 3.0, 0.3, 0.0, 0.2, 0.2, 0.1, 0.09])
    values = {"a": Quantity(a, "1/ms"), "b": Quantity(b, "1/ms")}
    apart = Population(Chain(), len(a), step=step * ms, values=values)
    alike = Population(Chain(), 2, step=step * ms, values={"a": Quantity(np.full(2, 0.03), "1/ms")})
    plain = Population(Chain(), 2, step=step * ms)
    source = SpikeTrains(1, [0] * len(EVENTS), EVENTS * ms)
    sent = tp.Compartment(Sender())
    synapses = [
        Projection(source, apart, synapse=sent, rule=AllToAll(), delay=0 * ms, wiring=[sent.sent >> post.spike])
    ]
    network = Network(apart=apart, alike=alike, plain=plain, source=source, connections=synapses, step=1 * ms)
    events = SpikeTrain(EVENTS * ms)
    record = [States(p, every=UNTIL * ms) for p in (apart, alike, plain)]
    found = network.run(until=UNTIL * ms, record=record, protocol=On(alike, events) & On(plain, events), threads=1)
    expected = [chained(*pair) for pair in zip(a, b, strict=True)]
    np.testing.assert_allclose(cells(found, "apart"), expected, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(cells(found, "alike"), cells(found, "plain"), rtol=1e-13)


def summed(synapse, placement, change):
    """The integral that an astrocyte with a step of 10 ms sees of the mean trace of its one synapse."""
    source, cell = SpikeTrains(1, [0] * len(EVENTS), EVENTS * ms), Population(Sum(), 1)
    glia, synapse = Population(Sum(), 1, step=10 * ms), tp.Compartment(synapse)
    edges = Projection(
        source,
        cell,
        glia,
        synapse=synapse,
        rule=AllToAll(),
        attach=ExplicitAttachment([0]),
        delay=0 * ms,
        wiring=[mean(synapse.trace) >> astrocyte.seen],
    )
    network = Network(source=source, cell=cell, glia=glia, connections=[edges], placement=placement, step=1 * ms)
    protocol = On(edges, change) & On(cell, Constant(seen=0 * uM))
    found = network.run(until=UNTIL * ms, record=States(glia, every=UNTIL * ms), protocol=protocol, threads=1)
    return found["glia.whole"].values[-1, 0]


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=lambda p: type(p).__name__)
@pytest.mark.parametrize("factor", [0, 1e-14, 0.5])
def test_a_summed_trace_that_stops_to_decay_is_averaged_right(monkeypatch, placement, factor):
    interpret(monkeypatch)
    found = summed(Sender(), placement, tp.Perturbation("block", {"k": factor}, at=CHANGE * ms))
    left, whole = 0.0, 0.0
    for begin, end in itertools.pairwise([0, 3, 41, CHANGE, 67, UNTIL]):
        left += begin in EVENTS
        k, h = 0.05 * (factor if begin >= CHANGE else 1), end - begin
        whole += left * (h if k < 1e-10 else -np.expm1(-k * h) / k)
        left *= np.exp(-k * h)
    assert found == pytest.approx(whole, rel=1e-12)


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=lambda p: type(p).__name__)
@pytest.mark.parametrize(("parameter", "factor"), [("amount", 5), ("use", 2)])
@pytest.mark.parametrize("at", [40, 41, 42])
def test_what_a_spike_reads_has_changed_when_it_changes_at_that_time(monkeypatch, placement, parameter, factor, at):
    interpret(monkeypatch)
    found = summed(Tired(), placement, tp.Perturbation("change", {parameter: factor}, at=at * ms))
    left, whole, last = 1.0, 0.0, 0.0
    for time in EVENTS:
        left, last = 1 + (left - 1) * np.exp((last - time) / 40), time
        changed = {parameter: factor if time >= at else 1}
        use = 0.4 * changed.get("use", 1)
        whole += changed.get("amount", 1) * use * left * -np.expm1(-0.05 * (UNTIL - time)) / 0.05
        left *= 1 - use
    assert found == pytest.approx(whole, rel=1e-12)


class Filling(Mechanism):
    """Fills at a constant rate until it is full, and what fills while that one is not.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = State(0.0, "1", "what fills")
    other = State(0.0, "1", "what fills meanwhile")
    rate = Parameter(0.3, "1/ms", "rate", "assumed: a test")
    full = Parameter(1.0, "1", "where it ends", "assumed: a test")

    def rates(q):
        filling = where(q.level < q.full, q.rate, 0 * q.rate)

        return {"level": filling, "other": 2 * filling}


def test_a_state_that_is_compared_with_a_bound_has_no_closed_form(monkeypatch):
    interpret(monkeypatch)
    cells = Population(tp.Model(cell=Filling()), 2, method=Euler())
    found = Network(cells=cells, step=0.5 * ms).run(until=20 * ms, record=[States(cells, every=10 * ms)])
    np.testing.assert_allclose(found["cells.level"].values[-1], [1.05, 1.05], rtol=1e-12)
    np.testing.assert_allclose(found["cells.other"].values[-1], [2.1, 2.1], rtol=1e-12)
