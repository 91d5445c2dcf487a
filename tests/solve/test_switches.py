"""Conditions on states at which rates jump: steps end there, whatever opens or closes them, against closed forms."""

import math

import numpy as np
import pytest

import tripartite as tp
from tripartite.interpret.kernels.build import conditions, source, source_of_derivatives
from tripartite.language import Input, Mechanism, Parameter, State, absolute, exp, log, where
from tripartite.language.model import as_model
from tripartite.solve import explicit
from tripartite.solve import stream as streaming
from tripartite.units import ms, pA, s

SOLVERS = [tp.Tsit5(), tp.Kvaerno5()]


class Window(Mechanism):
    """A clock that opens a window, in which a count rises."""

    clock = State(0.0, "ms", "time")
    count = State(0.0, "1", "what was counted")
    opens = Parameter(500.0, "ms", "when the window opens", "assumed: test")
    lasts = Parameter(5.0, "ms", "how long it is open", "assumed: test")
    pace = Parameter(1.0, "1/ms", "rate of rise in the window", "assumed: test")

    def rates(q):
        inside = where(q.clock < q.opens + q.lasts, q.pace, 0 * q.pace)
        return {"clock": 1, "count": where(q.clock > q.opens, inside, 0 * q.pace)}


class Production(Mechanism):
    """Something that is made while another, which decays, is above a level."""

    x = State(1.0, "1", "decays")
    y = State(0.0, "1", "is made")
    k = Parameter(0.02, "1/ms", "rate constant of both", "assumed: test")
    theta = Parameter(0.3, "1", "level", "assumed: test")
    made = Parameter(0.5, "1/ms", "production", "assumed: test")

    def rates(q):
        return {"x": -q.k * q.x, "y": where(q.x > q.theta, q.made, 0 * q.made) - q.k * q.y}


class Pulse(Mechanism):
    """A sine wave, and a count that rises while the wave is above a level."""

    x = State(0.0, "1", "sine")
    y = State(1.0, "1", "cosine")
    count = State(0.0, "1", "time above the level")
    omega = Parameter(2 * np.pi, "1/s", "angular frequency", "assumed: test")
    level = Parameter(0.9999, "1", "level", "assumed: test")
    pace = Parameter(1.0, "1/s", "rate of rise", "assumed: test")

    def rates(q):
        counted = where(q.x >= q.level, q.pace, 0 * q.pace)
        return {"x": q.omega * q.y, "y": -q.omega * q.x, "count": counted}


class Valley(Mechanism):
    """A value that is pushed towards zero from both sides, harder from below."""

    x = State(0.5, "1", "value")
    down = Parameter(1.0, "1/s", "speed above zero", "assumed: test")
    up = Parameter(2.0, "1/s", "speed below zero", "assumed: test")

    def rates(q):
        return {"x": where(q.x > 0 * q.x, -q.down, q.up)}


class Thermostat(Mechanism):
    """A temperature that is heated and cooled, slowly, to a set point that rises."""

    x = State(0.100001, "1", "temperature")
    aim = State(0.1, "1", "set point")
    pace = Parameter(1e-6, "1/s", "heating and cooling", "assumed: test")

    def rates(q):
        return {"x": where(q.x < q.aim, q.pace, -q.pace), "aim": q.pace / 2}


class Gate(Mechanism):
    """Two counts, for as long as a rising value is, by two conditions of one meaning, below an input."""

    x = State(0.0, "1", "rises")
    under = State(0.0, "1", "counts below")
    over = State(0.0, "1", "counts above")
    level = Input("1", "level")
    pace = Parameter(1.0, "1/s", "rate of all", "assumed: test")

    def rates(q):
        return {
            "x": q.pace,
            "under": where(q.x < q.level, q.pace, 0 * q.pace),
            "over": where(q.level <= q.x, q.pace, 0 * q.pace),
        }


class Corner(Mechanism):
    """Rates with corners, a guard, and conditions on what does not move: none of them jumps on the way."""

    x = State(0.0, "1", "moves")
    fixed = State(1.0, "1", "has no rate")
    inflow = Input("1", "driven", default=0.0)
    k = Parameter(0.02, "1/ms", "rate constant", "assumed: test")

    def rates(q):
        ramp = where(q.x > 0.3 * q.fixed, q.x - 0.3 * q.fixed, 0 * q.x) + absolute(q.x - 0.2)
        root = where(q.x > 0, where(q.x > 0, q.x, 1.0) ** 0.7, 0 * q.x)
        still = where(q.fixed > 0.5, 1.0, 2.0) + where(q.fixed < q.inflow, 1.0, 0.0)
        return {"x": q.k * (still - ramp - root)}


def above(omega, level, until):
    """Seconds for which sin(omega t) was at or above a level; ``until`` ends between two waves."""
    return (np.pi - 2 * np.arcsin(level)) / omega * np.round(until * omega / (2 * np.pi))


WINDOW, GATE, PULSE = (tp.Model(cell=kind()) for kind in (Window, Gate, Pulse))
"""Each solver is prepared for them once."""


@pytest.mark.parametrize("solver", SOLVERS, ids=["Tsit5", "Kvaerno5"])
def test_a_window_far_shorter_than_a_step_counts_for_as_long_as_it_is_open(solver):
    result = tp.simulate(WINDOW, until=1 * s, solver=solver, vary={"lasts": np.array([5.0, 1e-6]) * ms})
    assert np.all(result.ok)
    assert result["count"].values[0, -1] == pytest.approx(5.0, rel=1e-12)
    assert result["count"].values[1, -1] == pytest.approx(1e-6, rel=1e-6)


@pytest.mark.parametrize("solver", SOLVERS, ids=["Tsit5", "Kvaerno5"])
def test_a_rate_ends_at_the_instant_at_which_a_state_falls_below_a_level(solver):
    result = tp.simulate(Production(), until=200 * ms, solver=solver)
    k, made, end = 0.02, 0.5, math.log(1 / 0.3) / 0.02
    expected = made / k * (math.exp(-k * (200 - end)) - math.exp(-k * 200))
    assert result["y"].values[-1] == pytest.approx(expected, rel=1e-6)  # that of the steps


def test_what_a_step_opens_and_closes_is_seen_at_every_wave():
    tight = tp.Tsit5(1e-10, 1e-12)
    result = tp.simulate(Pulse(), until=3 * s, solver=tight)
    assert result["count"].values[-1] == pytest.approx(above(2 * np.pi, 0.9999, 3), rel=1e-5)


def test_the_gradient_follows_the_shift_of_the_instant_by_levels_and_by_what_leads_there():
    k, theta, made, until = 0.02, 0.3, 0.5, 200.0
    value, slope = tp.gradient(lambda q: q["y"][-1], Production(), until=until * ms, by=["theta", "k", "made", "x"])
    end = math.log(1 / theta) / k
    early, late = math.exp(-k * (until - end)), math.exp(-k * until)
    y = made / k * (early - late)
    assert value == pytest.approx(y, rel=3e-7)
    by_end = made * early
    by_k = -y / k + made / k * (-(until - end) * early + until * late) - by_end * end / k
    assert slope["theta"].magnitude == pytest.approx(by_end * -1 / (theta * k), rel=1e-6)
    assert slope["k"].to("ms").magnitude == pytest.approx(by_k, rel=1e-6)
    assert slope["made"].to("ms").magnitude == pytest.approx(y / made, rel=1e-6)
    assert slope["x"].magnitude == pytest.approx(by_end / k, rel=1e-6)


def test_the_gradient_follows_both_edges_of_a_window():
    value, slope = tp.gradient(lambda q: q["count"][-1], Window(), until=1 * s, by=["opens", "lasts", "pace"])
    assert value == pytest.approx(5, rel=1e-12)
    assert slope["opens"].to("1/ms").magnitude == pytest.approx(0, abs=1e-12)
    assert slope["lasts"].to("1/ms").magnitude == pytest.approx(1, rel=1e-12)
    assert slope["pace"].to("ms").magnitude == pytest.approx(5, rel=1e-12)


def neuron():
    """A neuron that fires every ``period`` ms, and that period as a function of refractory period and capacitance."""
    model = tp.mechanisms.LeakyIntegrateFire(bias_current=150 * pA)
    rise = math.log((150 / 9.99) / (150 / 9.99 - 10))
    return model, lambda refractory, capacitance: refractory + capacitance / 9.99 * rise


def test_a_refractory_period_ends_to_the_instant():
    model, period = neuron()
    result = tp.simulate(model, until=0.2 * s, solver=tp.Tsit5(1e-10, 1e-12))
    times = result.events("spike").time * 1000
    assert len(times) > 5
    np.testing.assert_allclose(np.diff(times), period(5, 198), rtol=1e-8)


def test_the_gradient_passes_spikes_and_refractory_periods():
    model, period = neuron()
    until, drive = 100.0, 150 / 9.99
    first = period(5, 198) - 5

    def voltage(refractory, capacitance):
        left = until - first * capacitance / 198 - 2 * period(refractory, capacitance)
        return -60 + drive * (1 - math.exp(-(left - refractory) / (capacitance / 9.99)))

    by = ["refractory", "capacitance"]
    value, slope = tp.gradient(lambda q: q["v"][-1], model, until=until * ms, by=by, solver=tp.Tsit5(1e-10, 1e-12))
    spikes = tp.simulate(model, until=until * ms).events("spike").time
    assert len(spikes) == 3
    assert value == pytest.approx(voltage(5, 198), rel=1e-8)
    by_refractory = (voltage(5 + 1e-4, 198) - voltage(5 - 1e-4, 198)) / 2e-4
    by_capacitance = (voltage(5, 198 + 1e-3) - voltage(5, 198 - 1e-3)) / 2e-3
    assert slope["refractory"].to("1/ms").magnitude == pytest.approx(by_refractory, rel=1e-6)
    assert slope["capacitance"].to("1/pF").magnitude == pytest.approx(by_capacitance, rel=1e-6)


@pytest.mark.parametrize("solver", SOLVERS, ids=["Tsit5", "Kvaerno5"])
def test_a_condition_may_hold_from_the_start_or_be_met_with_equality(solver):
    starts = np.array([499.0, 500.0, 502.0, 505.0, 600.0])
    result = tp.simulate(WINDOW, until=1 * s, solver=solver, vary={"clock": starts * ms})
    left = np.clip(505 - starts, 0, 5)
    np.testing.assert_allclose(result["count"].values[:, -1], left, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("solver", SOLVERS, ids=["Tsit5", "Kvaerno5"])
def test_two_conditions_that_change_at_one_instant_both_do(solver):
    result = tp.simulate(GATE, tp.protocols.Constant(level=0.3), until=1 * s, solver=solver)
    assert result["under"].values[-1] == pytest.approx(0.3, rel=1e-12)
    assert result["over"].values[-1] == pytest.approx(0.7, rel=1e-12)


@pytest.mark.parametrize("solver", SOLVERS, ids=["Tsit5", "Kvaerno5"])
def test_a_condition_changes_when_an_input_does(solver):
    """Below a level of 0.2 until 0.2 s, and, when it is raised to 0.7 at 0.5 s, until 0.7 s."""
    protocol = tp.protocols.Steps("level", [0, 0.5] * s, [0.2, 0.7])
    result = tp.simulate(GATE, protocol, until=1 * s, solver=solver)
    assert result["under"].values[-1] == pytest.approx(0.4, rel=1e-12)
    assert result["over"].values[-1] == pytest.approx(0.6, rel=1e-12)


def test_members_of_an_ensemble_end_their_steps_for_themselves():
    opens = np.array([100.0, 250.5, 500.0, 999.0]) * ms
    result = tp.simulate(Window(), until=1 * s, vary={"opens": opens})
    np.testing.assert_allclose(result["count"].values[:, -1], [5, 5, 5, 1], rtol=1e-11)
    for member, value in enumerate(opens):
        alone = tp.simulate(Window(opens=value), until=1 * s)
        np.testing.assert_array_equal(result["count"].values[member], alone["count"].values)


SHORT = [tp.Tsit5(max_steps=20_000), tp.Kvaerno5(max_steps=2_000)]


@pytest.mark.parametrize("solver", SHORT, ids=["Tsit5", "Kvaerno5"])
def test_rates_that_push_a_condition_back_hard_end_in_a_sentence(solver):
    result = tp.simulate(Valley(), until=5 * s, solver=solver)
    assert not result.ok
    assert "rates push `x > 0.0` back as soon as it holds and as soon as it fails" in result.message()


def test_rates_that_push_a_condition_back_gently_are_left_to_error_control_and_told():
    result = tp.simulate(Thermostat(), until=5 * s, solver=SHORT[0])
    assert result.ok
    assert "rates push `x < aim` back" in result.message()
    # Some fifty steps, each with an error of the tolerance 1e-6 x = 1e-7.
    assert result["x"].values[-1] == pytest.approx(result["aim"].values[-1], abs=5e-6)


@pytest.mark.parametrize("solver", SOLVERS, ids=["Tsit5", "Kvaerno5"])
def test_a_run_in_pieces_has_the_bits_of_one_that_was_not_stopped(monkeypatch, tmp_path, solver):
    monkeypatch.setattr(streaming, "_WINDOW", 8 * 3 * 40)
    given = {"until": 3 * s, "save_every": 10 * ms, "solver": solver}
    whole = tp.simulate(PULSE, stream_to=tmp_path / "whole.zarr", **given)
    monkeypatch.setattr(explicit, "_PATIENCE", 3)
    original, calls = streaming._Run.commit, []

    def stopped(run, finished=False):
        original(run, finished)
        calls.append(finished)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(streaming._Run, "commit", stopped)
    monkeypatch.setattr(streaming.Folder, "due", True)
    with pytest.raises(KeyboardInterrupt):
        tp.simulate(PULSE, stream_to=tmp_path / "pieces.zarr", **given)
    pieces = tp.simulate(PULSE, stream_to=tmp_path / "pieces.zarr", **given)
    assert pieces.ok
    for name in whole.names:
        np.testing.assert_array_equal(pieces[name].values, whole[name].values)


class Rectified(Mechanism):
    """What flows through a window while a potential, which starts negative, is positive: nothing flows at the start.

    **Sources** assumed: a test. **Holds for** tests.
    """

    v = State(-70.0, "mV", "rises")
    clock = State(0.0, "s", "time")
    n = State(0.0, "mV*s", "what flowed")
    up = Parameter(50.0, "mV/s", "speed", "assumed: test")
    opens = Parameter(5.0, "s", "when the window opens", "assumed: test")
    lasts = Parameter(0.01, "s", "how long it is open", "assumed: test")

    def rates(q):
        flow = (q.v + absolute(q.v)) / 2
        inside = where(q.clock > q.opens, where(q.clock < q.opens + q.lasts, flow, 0 * q.v), 0 * q.v)
        return {"v": q.up, "clock": 1, "n": inside}


@pytest.mark.parametrize("solver", SOLVERS, ids=["Tsit5", "Kvaerno5"])
def test_a_jump_that_is_none_at_the_signs_of_the_start_is_found(solver):
    found = tp.simulate(Rectified(), until=10 * s, solver=solver, save_at=[10] * s)
    assert float(found["n"][-1]) == pytest.approx(0.01 * (-70 + 50 * 5.005), rel=1e-9)


def test_kernels_of_rates_that_do_not_jump_are_what_they_are_without_switches():
    for model in (Corner(), tp.mechanisms.LiRinzel(), tp.models.TripartiteSynapse(), tp.models.HodgkinHuxleyNeuron()):
        system = as_model(model).system
        assert conditions(system) == []
        assert source(system, holds=True) == source(system)
        assert source_of_derivatives(system, holds=True) == source_of_derivatives(system)


class Singular(Mechanism):
    """Rates that are infinite on one side of a condition, and a jump that is small beside other rates."""

    x = State(0.0, "1", "moves")
    z = State(-60.0, "1", "moves")
    k = Parameter(0.02, "1/ms", "rate constant", "assumed: test")

    def rates(q):
        return {
            "x": q.k * where(q.x > 0, log(where(q.x > 0, q.x, 1.0)), 0 * q.x) + q.k * where(q.x < 0, 1 / q.x, 0 * q.x),
            "z": q.k * exp(-q.z) + q.k * where(q.z > -10, 1e-3, 0.0),
        }


def test_infinite_and_small_jumps_are_found():
    assert conditions(as_model(Singular()).system) == ["x > 0", "x < 0", "z > (-10)"]


def test_a_condition_is_found_behind_others_and_in_what_it_reads():
    assert conditions(as_model(Window()).system) == ["clock > opens", "clock < opens + lasts"]
    assert conditions(as_model(tp.mechanisms.LeakyIntegrateFire()).system) == ["since >= refractory"]
