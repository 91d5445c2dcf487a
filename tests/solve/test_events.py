"""Events in the order of things: cascades, simultaneous crossings, touching thresholds, names that collide."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import ArgumentError, DefinitionError, RangeError, SolveError, WiringError
from tripartite.interpret.kernels.build import source_of_derivatives
from tripartite.language import Add, Compartment, Emission, Input, Mechanism, Model, Parameter, State, sqrt, where
from tripartite.solve import explicit
from tripartite.solve import stream as streaming
from tripartite.units import ms, s, uM


class Integrator(Mechanism):
    """A value that rises at a constant rate and starts anew at 1."""

    v = State(0.0, "1", "value")
    fired = Emission("1", "value at the threshold")
    rate = Parameter(0.143, "1/ms", "rate of rise", "assumed: test")

    def rates(q):
        return {"v": q.rate + 0 * q.v * q.rate}

    def crossing(q):
        return q.v - 1

    def on_crossing(q):
        return {"v": 0 * q.v, "fired": q.v}


class Oscillation(Mechanism):
    """A sine wave of 1 Hz and the number of times it rose through a level."""

    x = State(0.0, "1", "sine")
    y = State(1.0, "1", "cosine")
    count = State(0.0, "1", "crossings")
    omega = Parameter(2 * np.pi, "1/s", "angular frequency", "assumed: test")
    level = Parameter(0.9999, "1", "level", "assumed: test")

    def rates(q):
        return {"x": q.omega * q.y, "y": -q.omega * q.x}

    def crossing(q):
        return q.x - q.level

    def on_crossing(q):
        return {"count": Add(1)}


class Sender(Mechanism):
    """A spike that emits two amounts at once."""

    p = Emission("1", "one amount")
    r = Emission("1", "another amount")
    k = Parameter(1.0, "1", "amount", "assumed: test")

    def on_spike(q):
        return {"p": q.k, "r": 10 * q.k}


class Receiver(Mechanism):
    """Adds up both."""

    x = State(0.0, "1", "sum")
    p = Input("1", "one amount")
    r = Input("1", "another amount")

    def on_p(q):
        return {"x": Add(q.p)}

    def on_r(q):
        return {"x": Add(q.r)}


class Player(Mechanism):
    """Sends on whatever it gets."""

    ball = Input("1", "what comes")
    back = Emission("1", "what goes")

    def on_ball(q):
        return {"back": q.ball}

    def on_spike(q):
        return {"back": 1.0}


class Pushed(Mechanism):
    """Over its threshold whenever the other is not."""

    a = State(-1.0, "1", "value")
    kick = Input("1", "what the other sends")
    over = Emission("1", "sent when over")

    def crossing(q):
        return q.a

    def on_crossing(q):
        return {"a": -1 + 0 * q.a, "over": 2.0}

    def on_kick(q):
        return {"a": Add(q.kick)}

    def on_spike(q):
        return {"a": Add(2)}


def three(**changes):
    return Model(a=Integrator(**changes), b=Integrator(**changes), c=Integrator(**changes))


@pytest.mark.parametrize("solver", [tp.Tsit5(), tp.EulerMaruyama(0.1 * ms), tp.Kvaerno5()], ids=repr)
def test_crossings_at_one_instant_all_fire_however_short_the_log(monkeypatch, solver):
    monkeypatch.setattr(explicit, "_LOG", 8)
    result = tp.simulate(three(), until=0.2 * s, solver=solver)
    counts = [len(result.events(f"{name}.fired").time) for name in "abc"]
    assert counts[0] > 20
    assert counts == [counts[0]] * 3


@pytest.mark.parametrize("solver", [tp.Tsit5(), tp.Tsit5(rtol=1e-4, atol=1e-6)], ids=repr)
def test_a_value_that_just_touches_its_threshold_is_seen(solver):
    result = tp.simulate(Oscillation(), until=20 * s, solver=solver, save_at=[20.0] * s)
    assert float(result["count"][-1]) == 20


def test_a_value_that_stays_below_its_threshold_never_fires():
    result = tp.simulate(Oscillation(level=1.001), until=20 * s, save_at=[20.0] * s)
    assert float(result["count"][-1]) == 0


def test_two_emissions_of_one_spike_reach_one_mechanism_one_after_the_other():
    cell = Compartment(Sender(), Receiver())
    result = tp.simulate(cell, tp.protocols.SpikeTrain([1] * ms), until=2 * ms)
    assert float(result["x"][-1]) == 11


def test_emissions_that_trigger_each_other_in_a_circle_are_refused():
    a, b = Compartment(Player()), Compartment(Player())
    model = Model(a=a, b=b, wiring=[a.back >> b.ball, b.back >> a.ball])
    with pytest.raises(WiringError, match="circle"):
        tp.simulate(model, tp.protocols.SpikeTrain([1] * ms, to="a.spike"), until=2 * ms)


@pytest.mark.parametrize("solver", [tp.Tsit5(), tp.EulerMaruyama(0.1 * ms), tp.Kvaerno5()], ids=repr)
def test_crossings_that_push_each_other_over_without_end_fail_with_a_sentence(solver):
    a, b = Compartment(Pushed()), Compartment(Pushed())
    model = Model(a=a, b=b, wiring=[a.over >> b.kick, b.over >> a.kick])
    result = tp.simulate(model, tp.protocols.SpikeTrain([1] * ms, to="a.spike"), until=2 * ms, solver=solver)
    assert not result.ok
    assert "without end" in result.message()


class Shadowed(Mechanism):
    """Names that generated code might use for its own."""

    a = State(1.0, "1", "first")
    b = State(0.0, "1", "second")
    y = State(2.0, "1", "third")
    y_ = State(3.0, "1", "fourth")
    x0 = Parameter(1.0, "1/s", "a rate", "assumed: test")
    new0 = Parameter(3.0, "1", "a jump", "assumed: test")
    k = Parameter(0.7, "1/s", "a rate", "assumed: test")

    def rates(q):
        shared = q.a * q.y * q.k
        return {"a": -shared + q.x0 * q.b, "b": shared - q.x0 * q.b, "y": -q.k * q.y, "y_": -2 * q.k * q.y_}

    def on_spike(q):
        return {"a": Add(1), "b": Add(q.new0)}


def test_no_name_of_a_mechanism_collides_with_those_of_generated_code():
    spikes = tp.protocols.SpikeTrain([0.5] * s)
    found = tp.simulate(Shadowed(), spikes, until=1 * s, solver=tp.Tsit5(1e-10, 1e-12))
    other = tp.simulate(Shadowed(), spikes, until=1 * s, solver=tp.Kvaerno5(1e-9, 1e-12))
    for name in ("a", "b", "y", "y_"):
        np.testing.assert_allclose(found[f"cell.{name}"], other[f"cell.{name}"], rtol=1e-6)
    assert float(found["cell.y_"][-1]) == pytest.approx(3 * np.exp(-1.4), rel=1e-8)


def test_equality_in_an_equation_is_refused():
    with pytest.raises(DefinitionError, match="equals"):

        class Equal(Mechanism):
            n = State(0.0, "1", "number")
            k = Parameter(1.0, "1/s", "rate", "assumed: test")

            def rates(q):
                return {"n": where(q.n == 0, q.k, -q.k)}


class Drift(Mechanism):
    """dx/dt = 1, with noise of no size."""

    x = State(0.0, "1", "value")
    hits = State(0.0, "1", "spikes so far")
    rate = Parameter(1.0, "1/ms", "rate", "assumed: test", high=3)

    def rates(q):
        return {"x": q.rate + 0 * q.x * q.rate}

    def noise(q):
        return {"x": 0 * sqrt(q.rate)}

    def on_spike(q):
        return {"hits": Add(1)}


def test_a_stream_with_steps_longer_than_its_windows_equals_one_in_memory(monkeypatch, tmp_path):
    monkeypatch.setattr(streaming, "_WINDOW", 8 * 2 * 3)
    given = {"until": 5 * ms, "solver": tp.EulerMaruyama(1 * ms), "save_every": 0.3 * ms}
    streamed = tp.simulate(Drift(), stream_to=tmp_path / "run.zarr", **given)
    np.testing.assert_allclose(streamed["x"], streamed.time * 1000, rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(streamed["x"], tp.simulate(Drift(), **given)["x"])


def test_spikes_meant_for_the_grid_act_at_their_step():
    spikes = tp.protocols.SpikeTrain(np.arange(1, 30) * 0.1 * ms)
    result = tp.simulate(Drift(), spikes, until=3 * ms, solver=tp.EulerMaruyama(0.1 * ms), save_every=0.1 * ms)
    np.testing.assert_array_equal(result["hits"].values[:30], np.arange(30))


def test_a_fixed_step_run_ends_at_its_end():
    result = tp.simulate(
        Model(a=Compartment(Integrator(rate=0.4 / ms))), until=2.5 * ms, solver=tp.EulerMaruyama(1 * ms)
    )
    assert len(result.events("fired").time) == 0


def test_ranges_hold_for_varied_and_for_overlapping_perturbations():
    double = tp.Perturbation("double", {"rate": 2.0}, at=1 * ms)
    step = {"until": 3 * ms, "solver": tp.EulerMaruyama(1 * ms)}
    tp.simulate(Drift(), double, **step)
    with pytest.raises(RangeError, match="perturbed"):
        tp.simulate(Drift(), double & tp.Perturbation("again", {"rate": 2.0}, at=2 * ms), **step)
    with pytest.raises(RangeError, match="perturbed"):
        tp.simulate(Drift(), double, vary={"rate": np.array([1.0, 2.9]) / ms}, **step)


def test_varying_an_input_that_the_protocol_changes_later_is_refused():
    steps = tp.protocols.Steps("ip3", [0, 1] * s, [0.3, 0.5] * uM)
    with pytest.raises(SolveError, match="during the run"):
        tp.simulate(tp.mechanisms.LiRinzel(), steps, until=2 * s, vary={"ip3": [0.3, 0.4] * uM})


def test_a_factor_on_zero_is_refused_in_a_member_as_in_a_run_of_its_own():
    held = tp.protocols.Constant(ip3=0.3 * uM)
    more = tp.Perturbation("more", {"leak": 5.0}, at=0 * s)
    runs = [
        lambda: tp.simulate(tp.mechanisms.LiRinzel(leak=0 / s), held & more, until=1 * s),
        lambda: tp.simulate(tp.mechanisms.LiRinzel(), held & more, until=1 * s, vary={"leak": [0.1, 0] * (1 / s)}),
        lambda: tp.steady_states(tp.mechanisms.LiRinzel(leak=0 / s), held & more),
    ]
    for run in runs:
        with pytest.raises(RangeError, match=r"`cell\.LiRinzel\.leak` is 0: 5 times 0 is 0"):
            run()
    assert tp.simulate(tp.mechanisms.LiRinzel(), held & more, until=1 * s, vary={"leak": [0.1, 0.2] * (1 / s)}).ok.all()


def test_one_quantity_is_varied_once():
    with pytest.raises(ArgumentError, match=r"comes twice, as `uptake` and as `cell\.uptake`"):
        tp.simulate(
            tp.mechanisms.LiRinzel(),
            tp.protocols.Constant(ip3=0.5 * uM),
            until=1 * s,
            vary={"uptake": [0.8, 0.9] * uM / s, "cell.uptake": [0.8, 0.9] * uM / s},
        )


def test_kernels_are_written_alike_by_many_threads():
    model = tp.models.TripartiteSynapse()
    alone = source_of_derivatives(model.system)
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda _: source_of_derivatives(tp.models.TripartiteSynapse().system), range(24)))
    assert set(together) == {alone}


def _ensemble(queue):
    found = tp.simulate(tp.mechanisms.LiRinzel(), until=5 * s, vary={"ip3": np.linspace(0.3, 0.6, 200) * uM})
    queue.put(float(found["ca"].sum()))


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::RuntimeWarning")
def test_an_ensemble_runs_in_a_forked_process():
    forks = multiprocessing.get_context("fork")
    queue = forks.Queue()
    _ensemble(queue)
    expected = queue.get()
    child = forks.Process(target=_ensemble, args=(queue,))
    child.start()
    assert queue.get(timeout=60) == expected
    child.join()
