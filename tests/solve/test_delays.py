"""Events over wires with delays arrive exactly then, however many are under way, in every engine of `simulate`."""

import heapq
import json
import math

import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tripartite.errors import SolveError, UnknownNameError, WiringError
from tripartite.interpret.kernels import cores
from tripartite.language import Add, Compartment, Emission, Input, Mechanism, Model, Parameter, State, Wire
from tripartite.language.encoding import decode_model, encode_model
from tripartite.language.folder import Folder
from tripartite.network.rules import OneToOne
from tripartite.solve import explicit
from tripartite.solve import stream as streaming
from tripartite.units import ms

TAU, DRIVES, KICK, FALL = 10.0, (1.2, 1.4, 1.1), 0.15, 0.05


class Firing(Mechanism):
    """A leaky unit that fires at 1 and starts anew at 0."""

    v = State(0.0, "1", "v: how near it is to firing")
    pulse = Input("1", "what others send", default=0.0)
    out = Emission("1", "what it sends")
    tau = Parameter(TAU, "ms", "time constant", "assumed: a test", low=0)
    drive = Parameter(DRIVES[0], "1", "where v goes", "assumed: a test", low=0)
    kick = Parameter(KICK, "1", "what it sends", "assumed: a test", low=0)

    def rates(q):
        return {"v": (q.drive - q.v) / q.tau}

    def on_pulse(q):
        return {"v": Add(q.pulse)}

    def crossing(q):
        return q.v - 1

    def on_crossing(q):
        return {"v": 0 * q.v, "out": q.kick}


class Counter(Mechanism):
    """Adds up what arrives, counts how often, and forgets."""

    x = State(0.0, "1", "x: what arrived")
    calls = State(0.0, "1", "deliveries")
    pulse = Input("1", "what arrives", default=0.0)
    fall = Parameter(FALL, "1/ms", "k: forgetting", "assumed: a test", low=0)

    def rates(q):
        return {"x": -q.fall * q.x}

    def on_pulse(q):
        return {"x": q.x + q.pulse, "calls": Add(1)}


class Twice(Mechanism):
    """A spike that sends two amounts."""

    first = Emission("1", "one amount")
    second = Emission("1", "another amount")
    sent = State(0.0, "1", "spikes until now")
    unit = Parameter(1.0, "1", "amount of the first", "assumed: a test")

    def on_spike(q):
        return {"sent": q.sent + 1, "first": q.unit * (q.sent + 1), "second": 10 * q.unit}


def ring() -> Model:
    """Two units that excite each other after 3 and 7.3 ms, and a counter that one of them reaches after 100 ms."""
    a, b, c = Compartment(Firing()), Compartment(Firing(v=0.5)), Compartment(Counter())
    late = [
        Wire(a.out, b.pulse, delay=3 * ms),
        Wire(b.out, a.pulse, delay=7.3 * ms),
        Wire(a.out, c.pulse, delay=100 * ms),
    ]
    return Model(a=a, b=b, c=c, wiring=[*late, b.out >> c.pulse])


def program(drive: float, until: float) -> tuple[dict[str, list[float]], float]:
    """Times of firing and of arrivals at the counter (ms), and what it holds at the end: exact, event by event."""
    t, v, targets, coming = 0.0, [0.0, 0.5], [drive, DRIVES[0]], []
    found: dict[str, list[float]] = {"a": [], "b": [], "c": []}
    x, last, order = 0.0, 0.0, 0
    while True:
        ready = [TAU * math.log((g - u) / (g - 1)) if u < 1 else 0.0 for u, g in zip(v, targets, strict=True)]
        who = int(np.argmin(ready))
        due = min(t + ready[who], coming[0][0] if coming else math.inf)
        if due >= until:
            return found, x * math.exp(-FALL * (until - last))
        arrives = bool(coming) and coming[0][0] <= due
        v = [g + (u - g) * math.exp(-(due - t) / TAU) for u, g in zip(v, targets, strict=True)]
        t = due
        to = -1
        if arrives:
            _, _, to = heapq.heappop(coming)
            if to < 2:
                v[to] += KICK
        else:
            v[who] = 0.0
            found["ab"[who]].append(t)
            for delay, goal in ((3.0, 1), (100.0, 2)) if who == 0 else ((7.3, 0),):
                heapq.heappush(coming, (t + delay, order := order + 1, goal))
            to = 2 if who == 1 else -1
        if to == 2:
            x, last = x * math.exp(-FALL * (t - last)) + KICK, t
            found["c"].append(t)


@pytest.mark.parametrize("solver", [tp.Tsit5(1e-10, 1e-12), tp.Kvaerno5(1e-9, 1e-12)], ids=["Tsit5", "Kvaerno5"])
def test_units_that_excite_each_other_late_fire_as_in_an_exact_event_loop(solver, monkeypatch):
    monkeypatch.setattr(cores, "COUNT", 4)
    monkeypatch.setattr(explicit, "_BLOCK", 1)
    monkeypatch.setattr(explicit, "_WORTH_SHARING", 0.0)
    monkeypatch.setattr(explicit, "_UNDER_WAY", 2)
    until = 400.0 if isinstance(solver, tp.Tsit5) else 130.0
    result = tp.simulate(
        ring(), until=until * ms, solver=solver, vary={"a.drive": [*DRIVES]}, save_at=[until / 2, until] * ms
    )
    assert result.ok.all()
    for member, drive in enumerate(DRIVES):
        found, x = program(drive, until)
        assert until < 400 or len([t for t in found["a"] if t < 100]) > 4
        for place, emission in (("a", "a.out"), ("b", "b.out"), ("c", "c.pulse")):
            times = result.events(emission)["time"].values[member] * 1000
            np.testing.assert_allclose(times[~np.isnan(times)], found[place], rtol=1e-7)
        assert result["c.x"].values[member, -1] == pytest.approx(x, rel=1e-6)
        own = result.events("a.out")["time"].values[member]
        arrived = result.events("b.pulse")["time"].values[member]
        count = int((~np.isnan(arrived)).sum())
        np.testing.assert_allclose(arrived[:count], own[:count] + 0.003, rtol=1e-14)


class Stopped(Exception):
    pass


@pytest.mark.parametrize("solver", [tp.Tsit5(), tp.EulerMaruyama(0.1 * ms)], ids=["Tsit5", "EulerMaruyama"])
def test_events_under_way_are_kept_when_a_run_is_stopped(solver, tmp_path, monkeypatch):
    monkeypatch.setattr(explicit, "_PATIENCE", 40 if isinstance(solver, tp.Tsit5) else 400)
    monkeypatch.setattr(streaming, "_WINDOW", 8 * 4 * 50)
    monkeypatch.setattr(explicit, "_UNDER_WAY", 2)
    monkeypatch.setattr(Folder, "due", True)
    given = {"until": 220 * ms, "solver": solver, "save_every": 2 * ms}
    model = ring().replace({"a.drive": 1.5})
    whole = tp.simulate(model, stream_to=tmp_path / "whole.zarr", **given)
    commit, write, waiting = Folder.commit, streaming._Run.write, [0]

    def written(run, file):
        waiting.append(int(run.job.walk.waiting.max()))
        write(run, file)

    def stop(*arguments, **options):
        commit(*arguments, **options)
        if waiting[-1] > 4:
            raise Stopped

    monkeypatch.setattr(streaming._Run, "write", written)
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "commit", stop)
        with pytest.raises(Stopped):
            tp.simulate(model, stream_to=tmp_path / "run.zarr", **given)
    again = tp.simulate(model, stream_to=tmp_path / "run.zarr", **given)
    xr.testing.assert_identical(again.data.load(), whole.data.load())


def fan(delay: float, *, second: float | None = None) -> Model:
    """A spike that reaches a counter over two wires, and another counter at once."""
    source, late, early = Compartment(Twice()), Compartment(Counter()), Compartment(Counter())
    wires = [
        Wire(source.first, late.pulse, delay=delay * ms),
        Wire(source.second, late.pulse, delay=(delay if second is None else second) * ms),
    ]
    return Model(
        source=source,
        late=late,
        early=early,
        wiring=[*wires, source.first >> early.pulse, source.second >> early.pulse],
    )


def test_what_arrives_at_one_instant_is_summed_and_delivered_once():
    spikes = tp.protocols.SpikeTrain([1, 1, 4] * ms)
    result = tp.simulate(fan(2.5), spikes, until=20 * ms, save_at=[3.4, 3.6, 19] * ms)
    np.testing.assert_array_equal(result["late.calls"], [0, 2, 3])
    np.testing.assert_array_equal(result["early.calls"], [2, 2, 3])
    arrived = result.events("late.pulse")
    np.testing.assert_allclose(arrived["time"] * 1000, [3.5, 3.5, 6.5])
    np.testing.assert_array_equal(arrived["amount"], [11, 12, 13])
    assert result["late.x"][1] == pytest.approx(23 * np.exp(-0.1 * FALL), rel=1e-6)


def test_fixed_steps_take_arrivals_to_the_end_of_a_step_and_say_so():
    spikes = tp.protocols.SpikeTrain([1, 4] * ms)
    solver = tp.EulerMaruyama(0.5 * ms)
    result = tp.simulate(fan(2.5), spikes, until=20 * ms, solver=solver)
    np.testing.assert_allclose(result.events("late.pulse")["time"] * 1000, [3.5, 6.5])
    with pytest.warns(UserWarning, match=r"a delay of 2.7 ms to `late.pulse` with steps of 0.5 ms becomes 3 ms"):
        result = tp.simulate(fan(2.7), spikes, until=20 * ms, solver=solver)
    np.testing.assert_allclose(result.events("late.pulse")["time"] * 1000, [4, 7])
    with pytest.warns(UserWarning) as told:
        tp.simulate(fan(2.7), spikes, until=7 * ms, solver=solver)
    assert "2 that were under way come too late for a run that ends at 0.007 s" in str(told[-1].message)


def test_a_spike_that_is_handed_on_late_is_sent_by_the_protocol_once():
    class Weighing(Mechanism):
        """Counts spikes."""

        n = State(0.0, "1", "spikes")

        def on_spike(q):
            return {"n": Add(1)}

    pre, post = Compartment(Weighing()), Compartment(Weighing())
    model = Model(pre=pre, post=post, wiring=[Wire(pre.spike, post.spike, delay=2 * ms)])
    assert [e.key for e in model.system.events if e.outside] == ["pre.spike"]
    result = tp.simulate(model, tp.protocols.SpikeTrain([1, 2] * ms), until=10 * ms, save_at=[2.5, 3.5, 10] * ms)
    np.testing.assert_array_equal(result["post.n"], [0, 1, 2])
    np.testing.assert_allclose(result.events("post.spike")["time"], [0.003, 0.004])
    with pytest.raises(UnknownNameError, match=r"post.spike"):
        tp.simulate(model, tp.protocols.SpikeTrain([1] * ms, to="post.spike"), until=10 * ms)


def test_a_delay_is_stored_shown_and_joined_with_its_model():
    model = ring()
    assert "Wire(a.out, b.pulse, delay=3 * ms)," in repr(model) and "b.out >> c.pulse," in repr(model)
    back = decode_model(json.loads(json.dumps(encode_model(model))), classes=[Firing, Counter])
    assert back.wiring == model.wiring and back.system.delays == model.system.delays
    joined = Model(left=model, right=Counter())
    assert [(d.source, d.target, d.time) for d in joined.system.delays] == [
        ("left_a.out", "left_b.pulse", 3.0),
        ("left_b.out", "left_a.pulse", 7.3),
        ("left_a.out", "left_c.pulse", 100.0),
    ]
    a, b = Compartment(Firing()), Compartment(Counter())
    assert (
        Model(a=a, b=b, wiring=[Wire(a.out, b.pulse, delay=0 * ms)]).wiring
        == Model(a=a, b=b, wiring=[a.out >> b.pulse]).wiring
    )


def test_what_cannot_be_delayed_is_refused_with_a_sentence():
    a, b = Compartment(Firing()), Compartment(Counter())
    with pytest.raises(WiringError, match=r"got 3 as its target"):
        Wire(a.out, 3)  # type: ignore[arg-type]
    with pytest.raises(WiringError, match=r"Delays are not negative; got -1 \* ms"):
        Wire(a.out, b.pulse, delay=-1 * ms)
    with pytest.raises(WiringError, match=r"`b\.pulse` is an event, `a\.v` is a state"):
        _ = Model(a=a, b=b, wiring=[Wire(a.v, b.pulse, delay=1 * ms)]).system
    with pytest.raises(WiringError, match=r"comes twice"):
        Model(a=a, b=b, wiring=[Wire(a.out, b.pulse, delay=1 * ms), Wire(a.out, b.pulse, delay=1 * ms)])
    late = Model(a=a, b=b, wiring=[Wire(a.out, b.pulse, delay=1 * ms)])
    with pytest.raises(SolveError, match=r"to `b.pulse`.*Leave the delay out"):
        tp.gradient(lambda traces: traces["b.x"][-1], late, until=1 * ms, by=["a.drive"])
    with pytest.raises(
        WiringError, match=r"Wires within a cell take no time; got `Wire\(a.out, b.pulse, delay=1 \* ms\)`"
    ):
        tp.Population(late, 2)
    cells = tp.Population(Firing(), 2)
    with pytest.raises(WiringError, match=r"Wires within a synapse take no time"):
        tp.Projection(cells, cells, synapse=late, rule=OneToOne())
    from tripartite.network import post, pre

    with pytest.raises(WiringError, match=r"Wires of a projection take no time; that to `pulse` has a delay"):
        tp.Projection(cells, cells, synapse=b, rule=OneToOne(), wiring=[Wire(pre.out, post.pulse, delay=1 * ms)])
