"""What several mechanisms give at an event, or to one input, adds up: against loops written by hand."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import DefinitionError, DimensionError, WiringError
from tripartite.language import Add, Compartment, Emission, Input, Mechanism, Model, Output, Parameter, State
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import ms, s

TIMES, END = np.array([3.0, 5.0, 11.0, 40.0]), 45.0
EXACT = tp.Tsit5(rtol=1e-11, atol=1e-14)
SOLVERS = [EXACT, tp.Kvaerno5(rtol=1e-9, atol=1e-12)]


class Pool(Mechanism):
    """Decays, and its owner sets it anew at every spike."""

    x = State(2.0, "1", "x")
    rate = Parameter(0.05, "1/ms", "decay", "assumed: a test")

    def rates(q):
        return {"x": -q.rate * q.x}

    def on_spike(q):
        return {"x": 0.5 * q.x + 1}


class Left(Mechanism):
    """Adds to the pool what depends on it."""

    x = Input("1", "x")
    y = State(1.0, "1", "y")
    share = Parameter(0.3, "1", "share", "assumed: a test")

    def on_spike(q):
        return {"x": q.share * q.x * q.y, "y": Add(q.x)}


class Right(Mechanism):
    """Adds to the pool, too."""

    x = Input("1", "x")
    y = Input("1", "y")

    def on_spike(q):
        return {"x": -0.1 * q.y, "y": 0.25}


def course(share=0.3):
    """x and y at the end."""
    x, y, now = 2.0, 1.0, 0.0
    for time in TIMES:
        x, now = x * np.exp(-0.05 * (time - now)), time
        x, y = 0.5 * x + 1 + share * x * y - 0.1 * y, y + x + 0.25
    return x * np.exp(-0.05 * (END - now)), y


def last(model, solver=EXACT):
    result = tp.simulate(model, SpikeTrain(TIMES * ms), until=END * ms, save_at=[END] * ms, solver=solver)
    return [float(result[name][-1]) for name in ("x", "y")]


@pytest.mark.parametrize("solver", SOLVERS, ids=repr)
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_jumps_of_several_mechanisms_add_to_what_the_owner_sets(solver, order):
    parts = [Pool(), Left(), Right()]
    np.testing.assert_allclose(last(Compartment(*(parts[i] for i in order)), solver), course(), rtol=1e-8)


def test_jumps_reach_a_state_through_a_wire():
    pool, far, right = Compartment(Pool()), Compartment(Left()), Compartment(Right())
    wires = [pool.x >> far.x, pool.x >> right.x, far.y >> right.y, pool.spike >> far.spike, pool.spike >> right.spike]
    np.testing.assert_allclose(last(Model(pool=pool, far=far, right=right, wiring=wires)), course(), rtol=1e-9)


def test_members_of_an_ensemble_add_each_its_own():
    result = tp.simulate(
        Compartment(Pool(), Left(), Right()), SpikeTrain(TIMES * ms), until=END * ms,
        save_at=[END] * ms, solver=EXACT, vary={"share": np.array([0.1, 0.3, 0.9])},
    )  # fmt: skip
    expected = [course(share)[0] for share in (0.1, 0.3, 0.9)]
    np.testing.assert_allclose(result["x"].values[:, -1], expected, rtol=1e-9)


def test_gradients_go_through_what_others_add():
    model = Compartment(Pool(), Left(), Right())
    h = 1e-6
    slope = (course(0.3 + h)[0] - course(0.3 - h)[0]) / (2 * h)
    value, found = tp.gradient(
        lambda traces: traces["x"][-1], model, SpikeTrain(TIMES * ms), until=END * ms, save_at=[END] * ms,
        by=["share"], solver=EXACT,
    )  # fmt: skip
    np.testing.assert_allclose(value, course()[0], rtol=1e-9)
    np.testing.assert_allclose(found["share"].magnitude, slope, rtol=1e-6)


def test_a_driven_input_stays_and_an_output_refuses():
    held = Compartment(Left())
    protocol = Constant(x=0.5) & SpikeTrain(TIMES * ms)
    result = tp.simulate(held, protocol, until=50 * ms, save_at=[50.0] * ms)
    assert float(result["y"][-1]) == 1 + 4 * 0.5

    class Follows(Mechanism):
        x = Output("1", "x")

        def outputs(q):
            return {"x": 1}

    with pytest.raises(WiringError, match=r"`cell\.x`, which is an output"):
        tp.simulate(Compartment(Left(), Follows()), SpikeTrain(TIMES * ms), until=50 * ms)


def test_what_is_added_has_the_dimension_of_the_state():
    with pytest.raises(DimensionError, match=r"`Wrong\.on_spike` must give `x` in"):

        class Wrong(Mechanism):
            x = Input("mV", "x")
            y = Parameter(1.0, "ms", "y", "assumed: a test")

            def on_spike(q):
                return {"x": q.y}

    with pytest.raises(DimensionError, match=r"`Own\.on_spike` must give `x` in"):

        class Own(Mechanism):
            x = State(0.0, "mV", "x")
            y = Parameter(1.0, "ms", "y", "assumed: a test")

            def on_spike(q):
                return {"x": Add(q.y)}

    with pytest.raises(DefinitionError, match="`Add` stands where"):

        class Foreign(Mechanism):
            x = Input("mV", "x")

            def on_spike(q):
                return {"x": Add(q.x)}


# Emissions ----------------------------------------------------------------------------------------------


class First(Mechanism):
    """Sends at a spike."""

    sent = Emission("1", "sent")
    other = Emission("1", "sent to the relay")

    def on_spike(q):
        return {"sent": 0.5, "other": 3}


class Second(Mechanism):
    """Sends the same at a spike."""

    sent = Emission("1", "sent")
    z = State(0.25, "1", "z")

    def on_spike(q):
        return {"sent": q.z, "z": Add(1)}


class Relay(Mechanism):
    """Sends the same when it hears of the other."""

    sent = Emission("1", "sent")
    other = Input("1", "other")

    def on_other(q):
        return {"sent": 2 * q.other}


class Hears(Mechanism):
    """Counts deliveries and adds their squares."""

    sent = Input("1", "sent")
    count = State(0.0, "1", "deliveries")
    squares = State(0.0, "1", "squares")

    def on_sent(q):
        return {"count": Add(1), "squares": Add(q.sent**2)}


SENT = [0.5 + 0.25 + n + 6 for n in range(4)]


def heard(model, expected, name="sent"):
    result = tp.simulate(model, SpikeTrain(TIMES * ms), until=50 * ms, save_at=[50.0] * ms)
    assert float(result["count"][-1]) == len(TIMES)
    np.testing.assert_allclose(float(result["squares"][-1]), np.sum(np.square(expected)), rtol=1e-12)
    return result.events(name)


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (1, 3, 0, 2)])
def test_what_several_send_at_one_instant_is_summed_and_delivered_once(order):
    parts = [First(), Second(), Relay(), Hears()]
    events = heard(Compartment(*(parts[i] for i in order)), SENT)
    np.testing.assert_allclose(events["amount"], SENT, rtol=1e-12)
    np.testing.assert_allclose(events["time"], TIMES / 1000, rtol=1e-12)


def test_several_wires_bring_one_sum():
    first, second, relay, hears = (Compartment(kind()) for kind in (First, Second, Relay, Hears))
    wires = [first.spike >> second.spike, first.other >> relay.other]
    wires += [c.sent >> hears.sent for c in (first, second, relay)]
    model = Model(first=first, second=second, relay=relay, hears=hears, wiring=wires)
    events = heard(model, SENT, "hears.sent")
    np.testing.assert_allclose(events["amount"], SENT, rtol=1e-12)
    own = tp.simulate(model, SpikeTrain(TIMES * ms), until=50 * ms).events("second.sent")
    np.testing.assert_allclose(own["amount"], [0.25, 1.25, 2.25, 3.25], rtol=1e-12)


def test_wires_add_to_an_emission_of_the_compartment():
    first, rest = Compartment(First()), Compartment(Second(), Relay(), Hears())
    wires = [first.sent >> rest.sent, first.other >> rest.other, first.spike >> rest.spike]
    heard(Model(first=first, rest=rest, wiring=wires), SENT, "rest.sent")


class Level(Mechanism):
    """A quantity."""

    level = Output("uM", "level")
    height = Parameter(2.0, "uM", "height", "assumed: a test")

    def outputs(q):
        return {"level": q.height}


class Integral(Mechanism):
    """The integral of an input."""

    total = State(0.0, "uM*ms", "integral")
    level = Input("uM", "what is integrated")
    gain = Parameter(1.0, "1", "gain", "assumed: a test")

    def rates(q):
        return {"total": q.gain * q.level}


class Fraction(Mechanism):
    """A quantity that a parameter may follow."""

    fraction = State(0.25, "1", "fraction")


def test_quantities_that_several_wires_bring_are_summed():
    a, b, sink = Compartment(Level()), Compartment(Level()), Compartment(Integral())
    first, second = Compartment(Fraction()), Compartment(Fraction(fraction=0.5))
    wires = [a.level >> sink.level, b.level >> sink.level, first.fraction >> sink.gain, second.fraction >> sink.gain]
    model = Model(a=a, b=b, sink=sink, first=first, second=second, wiring=wires)
    result = tp.simulate(model, until=10 * ms, save_at=[10.0] * ms)
    np.testing.assert_allclose(float(result["total"][-1]), 10 * 4 * 0.75, rtol=1e-9)
    np.testing.assert_allclose(float(result["sink.level"][-1]), 4, rtol=1e-12)


def test_events_and_quantities_do_not_mix_at_one_input():
    first, level, hears = Compartment(First()), Compartment(Fraction()), Compartment(Hears())
    wires = [first.sent >> hears.sent, level.fraction >> hears.sent]
    with pytest.raises(WiringError, match=r"`hears\.sent` is an event, `level\.fraction` is a state"):
        tp.simulate(Model(first=first, level=level, hears=hears, wiring=wires), until=1 * s)


class One(Mechanism):
    """A share of a current."""

    i = Output("pA", "current", adds=True)

    def outputs(q):
        return {"i": q.g * 2}

    g = Parameter(1.0, "pA", "size", "assumed: a test")


class Two(Mechanism):
    """Another share, which follows another output."""

    i = Output("pA", "current", adds=True)
    level = Input("uM", "level")
    slope = Parameter(3.0, "pA/uM", "slope", "assumed: a test")

    def outputs(q):
        return {"i": q.slope * q.level}


class Charge(Mechanism):
    """The integral of the current, and its double."""

    i = Input("pA", "current")
    charge = State(0.0, "pA*ms", "charge")
    double = Output("pA", "double")

    def rates(q):
        return {"charge": q.i}

    def outputs(q):
        return {"double": 2 * q.i}


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 2, 0)])
def test_outputs_that_add_are_summed(order):
    parts = [Charge(), One(), Two(), Level()]
    result = tp.simulate(Compartment(*(parts[i] for i in order)), until=10 * ms, save_at=[10.0] * ms)
    np.testing.assert_allclose([float(result[k][-1]) for k in ("charge", "double", "i")], [80, 16, 8], rtol=1e-9)


def test_outputs_add_only_if_all_of_them_say_so():
    class Plain(Mechanism):
        i = Output("pA", "current")

        def outputs(q):
            return {"i": 0}

    with pytest.raises(WiringError, match="each is declared so; `i` is declared by both `One` and `Plain`"):
        Compartment(One(), Plain())

    class Same(Plain):
        pass

    with pytest.raises(WiringError, match="one owner"):
        Compartment(Plain(), Same())

    class Volts(Mechanism):
        i = Output("mV", "current", adds=True)

        def outputs(q):
            return {"i": 0}

    with pytest.raises(DimensionError, match="in pA and in mV"):
        Compartment(One(), Volts())
