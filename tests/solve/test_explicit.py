"""The explicit solver against SciPy and closed forms: states, jumps, crossings, pauses, ensembles, storage."""

from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tripartite.language import Add, Compartment, Emission, Mechanism, Model, Parameter, State
from tripartite.mechanisms import (
    CleftGlutamate,
    Gliotransmitter,
    GlutamateReceptor,
    Ip3Metabolism,
    Ip3Reservoir,
    LiRinzel,
    PresynapticReceptor,
    ThresholdExocytosis,
    TsodyksMarkram,
)
from tripartite.models import GChi, Synapse
from tripartite.parameters import depitta2009, stimberg2019
from tripartite.protocols import Constant, PoissonSpikes, SpikeTrain
from tripartite.solve import Tsit5, explicit
from tripartite.units import Hz, s, uM

from ..oracles import gchi_scipy, li_rinzel_scipy, stimberg_scipy, tsodyks_markram_numpy

TIGHT = Tsit5(rtol=1e-10, atol=1e-12)


def assert_agree(result: tp.Result, expected: np.ndarray, names: list[str], rtol: float = 1e-6) -> None:
    """Every state within ``rtol`` of the largest value it takes, at all times."""
    for column, name in enumerate(names):
        size = np.abs(expected[:, column]).max()
        np.testing.assert_allclose(result[name].values, expected[:, column], rtol=0, atol=rtol * size, err_msg=name)


class Decay(Mechanism):
    """Two pools that decay; spikes add to one, postspikes multiply it."""

    x = State(0.0, "uM", "amount")
    rate = Parameter(1.0, "1/s", "rate of decay", "assumed: a test")
    gain = Parameter(1.0, "uM", "rise by a spike", "assumed: a test")

    def rates(q):
        return {"x": -q.rate * q.x}

    def on_spike(q):
        return {"x": Add(q.gain)}

    def on_postspike(q):
        return {"x": 3 * q.x}


class Circle(Mechanism):
    """sin and cos of time, and an event whenever the sine rises through a threshold."""

    sine = State(0.0, "1", "sine")
    cosine = State(1.0, "1", "cosine")
    passed = Emission("1", "cosine at the crossing")
    speed = Parameter(2.0, "1/s", "angular speed", "assumed: a test")
    threshold = Parameter(0.5, "1", "threshold", "assumed: a test")

    def rates(q):
        return {"sine": q.speed * q.cosine, "cosine": -q.speed * q.sine}

    def crossing(q):
        return q.sine - q.threshold

    def on_crossing(q):
        return {"passed": q.cosine}


class Thrown(Mechanism):
    """A parabola, which steps of any length follow exactly; an event when it rises through a height."""

    height = State(0.0, "um", "height")
    speed = State(0.0, "um/s", "speed")
    passed = Emission("um/s", "speed at the crossing")
    gravity = Parameter(2.0, "um/s**2", "downward acceleration", "assumed: a test")
    threshold = Parameter(100.0, "um", "height of the line", "assumed: a test")

    def rates(q):
        return {"height": q.speed, "speed": -q.gravity}

    def crossing(q):
        return q.height - q.threshold

    def on_crossing(q):
        return {"passed": q.speed}


class Relay(Mechanism):
    """A value that a spike lifts over a threshold, whose crossing lifts a second one over the next."""

    first = State(0.0, "1", "first value")
    fired = Emission("1", "first value at its crossing")
    threshold = Parameter(0.5, "1", "threshold", "assumed: a test")

    def crossing(q):
        return q.first - q.threshold

    def on_crossing(q):
        return {"fired": q.first}

    def on_spike(q):
        return {"first": Add(1)}


class Explosion(Mechanism):
    """x' = x²: infinite at 1 / x(0)."""

    x = State(0.1, "uM", "amount")
    rate = Parameter(1.0, "1/uM/s", "rate", "assumed: a test")

    def rates(q):
        return {"x": q.rate * q.x**2}


# Against independent scripts ----------------------------------------------------------------------------


@pytest.mark.parametrize(("ip3", "values"), [(0.3, "AM"), (0.5, "AM"), (1.0, "FM")])
def test_li_rinzel_agrees_with_scipy(ip3: float, values: str) -> None:
    times = np.linspace(0, 60, 301)
    model = LiRinzel().using(getattr(depitta2009, values))
    result = tp.simulate(model, Constant(ip3=ip3 * uM), until=60 * s, solver=TIGHT, save_at=times * s)
    _, expected = li_rinzel_scipy.simulate(getattr(li_rinzel_scipy, values), ip3, times)
    assert_agree(result, expected, ["ca", "h"])


@pytest.mark.parametrize(("glutamate", "values"), [(1.0, "AM"), (4.0, "AM"), (2.5, "FM")])
def test_gchi_agrees_with_scipy(glutamate: float, values: str) -> None:
    times = np.linspace(0, 100, 301)
    model = GChi().using(getattr(depitta2009, values))
    result = tp.simulate(model, Constant(glutamate=glutamate * uM), until=100 * s, solver=TIGHT, save_at=times * s)
    _, expected = gchi_scipy.simulate(getattr(gchi_scipy, values), glutamate, times)
    assert_agree(result, expected, ["ca", "h", "ip3"])


def test_stimberg_example_2_agrees_with_scipy() -> None:
    spikes, times = np.array([2.0, 4.0, 4.2, 8.0]), np.linspace(0, 15, 401)
    cleft = Compartment(CleftGlutamate(dilution=0.001))
    exchange = Ip3Reservoir(exchange=0.09 * uM / s)
    astrocyte = Compartment(GlutamateReceptor(), LiRinzel(), Ip3Metabolism(), exchange)
    model = Model(cleft=cleft, astrocyte=astrocyte, wiring=[cleft.glutamate >> astrocyte.glutamate])
    protocol = SpikeTrain(spikes * s, event="release") & Constant(reservoir=0 * uM)
    run = tp.simulate(model.using(stimberg2019.EXAMPLE_2), protocol, until=15 * s, solver=TIGHT, save_at=times * s)
    _, expected = stimberg_scipy.simulate_example_2(stimberg_scipy.EXAMPLE_2, spikes, times)
    assert_agree(run, expected, ["active", "ca", "h", "ip3", "cleft.glutamate"])


@pytest.mark.parametrize("bias", [0.8, 1.25])
def test_stimberg_example_3_agrees_with_scipy(bias: float) -> None:
    times = np.linspace(0, 17.1, 600)
    bouton = Compartment(TsodyksMarkram(), PresynapticReceptor())
    cleft, around = Compartment(CleftGlutamate()), Compartment(Gliotransmitter())
    astrocyte = Compartment(LiRinzel(), Ip3Metabolism(), Ip3Reservoir(), ThresholdExocytosis())
    wiring = [
        bouton.release >> cleft.release,
        astrocyte.gliorelease >> around.gliorelease,
        around.gliotransmitter >> bouton.gliotransmitter,
    ]
    model = Model(bouton=bouton, cleft=cleft, astrocyte=astrocyte, around=around, wiring=wiring)
    protocol = SpikeTrain(stimberg_scipy.EXAMPLE_3_SPIKES * s) & Constant(reservoir=bias * uM)
    run = tp.simulate(model.using(stimberg2019.EXAMPLE_3), protocol, until=17.1 * s, solver=TIGHT, save_at=times * s)
    expected = stimberg_scipy.simulate_example_3(stimberg_scipy.EXAMPLE_3 | {"I_bias": bias}, times)
    names = ["ca", "h", "ip3", "resources", "around.gliotransmitter", "bound", "u", "x", "cleft.glutamate"]
    released = run.events("gliorelease")
    np.testing.assert_allclose(released["time"], expected.releases, rtol=1e-7, atol=0)
    np.testing.assert_allclose(run.events("bouton.release")["amount"], expected.r_S, rtol=1e-6, atol=0)
    # A release shifted by 1e-8 s changes the fast decay after it, at 60 /s, by 1e-6.
    assert_agree(run, expected.states, names)


def test_tsodyks_markram_agrees_with_the_update_from_spike_to_spike() -> None:
    spikes = np.sort(np.random.default_rng(4).uniform(0, 5, 60))
    times = np.sort(np.append(np.linspace(0, 5, 100), spikes[7]))
    result = tp.simulate(Synapse(), SpikeTrain(spikes * s), until=5 * s, solver=TIGHT, save_at=times * s)
    _, u, x, r = tsodyks_markram_numpy.simulate(tsodyks_markram_numpy.STIMBERG, spikes)
    np.testing.assert_allclose(result.events("release")["amount"], r, rtol=1e-8, atol=0)
    np.testing.assert_allclose(result.events("release")["time"], spikes, rtol=1e-15, atol=0)
    expected = tsodyks_markram_numpy.between(tsodyks_markram_numpy.STIMBERG, spikes, u, x, times)
    assert_agree(result, expected, ["u", "x"])


def test_a_tighter_tolerance_gives_a_smaller_error() -> None:
    def error(rtol: float) -> float:
        result = tp.simulate(Circle(), until=20 * s, solver=Tsit5(rtol=rtol, atol=1e-3 * rtol))
        return float(np.abs(result["sine"] - np.sin(2 * result["time"])).max())

    errors = [error(rtol) for rtol in (1e-3, 1e-5, 1e-7, 1e-9, 1e-11)]
    # Error control of order 5 keeps the error proportional to rtol, up to the phase it accumulates.
    assert all(later < earlier / 30 for earlier, later in pairwise(errors))
    assert errors[-1] < 1e-9


# Jumps and crossings ------------------------------------------------------------------------------------


def test_a_value_saved_at_a_spike_is_the_one_after_it() -> None:
    result = tp.simulate(Decay(), SpikeTrain([0, 0.5] * s), until=1 * s, solver=TIGHT, save_at=[0, 0.5, 1] * s)
    at_spike = 1 + np.exp(-0.5)
    np.testing.assert_allclose(result["x"], [1, at_spike, at_spike * np.exp(-0.5)], rtol=1e-9, atol=0)


def test_a_spike_at_the_end_does_not_happen_any_more() -> None:
    result = tp.simulate(Decay(), SpikeTrain([0, 1] * s), until=1 * s, solver=TIGHT)
    np.testing.assert_allclose(result["x"].values[-1], np.exp(-1), rtol=1e-9, atol=0)


def test_simultaneous_events_all_happen_in_the_order_of_the_protocol() -> None:
    at = 0.5 * s
    first_added = SpikeTrain([0.5, 0.5] * s) & SpikeTrain(at, event="postspike")
    first_scaled = SpikeTrain(at, event="postspike") & SpikeTrain([0.5, 0.5] * s)
    for protocol, expected in ((first_added, 6.0), (first_scaled, 2.0)):
        result = tp.simulate(Decay(), protocol, until=1 * s, save_at=at)
        np.testing.assert_allclose(result["x"], [expected], rtol=1e-15, atol=0)


def test_a_perturbation_acts_before_a_spike_of_the_same_instant() -> None:
    stronger = tp.Perturbation("stronger", {"gain": 5.0}, at=0.5 * s)
    for protocol in (SpikeTrain(0.5 * s) & stronger, stronger & SpikeTrain(0.5 * s)):
        result = tp.simulate(Decay(), protocol, until=1 * s, save_at=0.5 * s)
        np.testing.assert_allclose(result["x"], [5.0], rtol=1e-15, atol=0)


def test_a_crossing_is_located_to_a_nanosecond() -> None:
    events = tp.simulate(Circle(), until=20 * s, solver=Tsit5(rtol=1e-12, atol=1e-14)).events("passed")
    expected = (np.arcsin(0.5) + 2 * np.pi * np.arange(7)) / 2
    np.testing.assert_allclose(events["time"], expected[expected < 20], rtol=0, atol=1e-9)
    np.testing.assert_allclose(events["amount"], np.sqrt(0.75), rtol=1e-9, atol=0)


def test_a_crossing_caused_by_a_jump_fires_at_once() -> None:
    result = tp.simulate(Relay(), SpikeTrain([0.3] * s), until=1 * s)
    assert result.events("fired")["time"].values.tolist() == [0.3]
    assert result.events("fired")["amount"].values.tolist() == [1.0]


def test_a_value_above_its_threshold_fires_again_only_after_it_fell_below() -> None:
    result = tp.simulate(Relay(), SpikeTrain([0.3, 0.4] * s), until=1 * s)
    assert result.events("fired")["time"].values.tolist() == [0.3]


def test_a_value_above_its_threshold_from_the_start_fires_there_and_then_only() -> None:
    times = tp.simulate(Relay(first=1.0), SpikeTrain([0.3] * s), until=1 * s).events("fired")["time"]
    assert times.values.tolist() == [0.0]


def test_a_value_that_starts_at_its_threshold_and_rises_fires_at_the_start() -> None:
    times = tp.simulate(Circle(threshold=0.0), until=5 * s, solver=TIGHT).events("passed")["time"]
    np.testing.assert_allclose(times, [0, np.pi], rtol=0, atol=1e-9)


@pytest.mark.parametrize("peak", [40, 55, 70, 85, 100])
def test_a_value_that_rises_and_falls_inside_one_step_is_seen(peak: float) -> None:
    # Above the line for 60 s out of a step that the solver would make longer than that.
    start, above = peak**2 - 30.0**2, 30.0
    body = Thrown(speed=f"{2 * peak} um/s", threshold=f"{start} um")
    result = tp.simulate(body, until=400 * s)
    np.testing.assert_allclose(result.events("passed")["time"], [peak - above], rtol=1e-9, atol=0)
    np.testing.assert_allclose(result.events("passed")["amount"], [2 * above], rtol=1e-9, atol=0)


# Failures, pauses, ensembles ----------------------------------------------------------------------------


def test_a_member_that_blows_up_keeps_what_it_reached_and_the_others_go_on() -> None:
    starts = np.array([0.1, 0.5, 0.05, 0.15])
    result = tp.simulate(Explosion(), until=5 * s, vary={"rate": [1, 1, 1, 1] * (1 / (uM * s)), "x": starts * uM})
    assert result.ok.tolist() == [True, False, True, True]
    time, reached = result["time"].values, 2.0
    np.testing.assert_allclose(result.data["cell.x"][1][time < 1.9], 0.5 / (1 - 0.5 * time[time < 1.9]), rtol=1e-4)
    assert np.isnan(result.data["cell.x"][1][time > reached + 1e-6]).all()
    for member in (0, 2):
        expected = starts[member] / (1 - starts[member] * time)
        np.testing.assert_allclose(result.data["cell.x"][member], expected, rtol=1e-4, atol=0)
    assert "1 of 4 members failed; the first is 1" in result.message()
    assert "`cell.x`" in result.message(1) and " 2 s" in result.message(1)
    assert result.message(0) == "Reached the end."


def test_running_out_of_steps_says_so() -> None:
    result = tp.simulate(Circle(), until=20 * s, solver=Tsit5(max_steps=20))
    assert not result.ok
    message, reached = result.message(), result["time"].values[np.isfinite(result["sine"].values)][-1]
    assert "All 20 steps (`max_steps`) were used up" in message and "of 20 s" in message
    said = float(message.split("used up at ")[1].split(" s")[0])
    assert reached <= said < reached + 0.021 and f"{said / 20:.2g} s each" in message
    assert "run is long" in message and "is stiff" in message and "Kvaerno5" in message
    enough = float(message.split("(about ")[1].split(" at")[0])
    assert tp.simulate(Circle(), until=20 * s, solver=Tsit5(max_steps=int(1.1 * enough))).ok
    assert np.isnan(result["sine"].values[-1]) and np.isfinite(result["sine"].values[0])


def released_and_driven() -> tuple[Model, object]:
    """A model with spikes, emissions, a crossing and a protocol for it."""
    model = tp.models.TripartiteSynapse(None, Ip3Reservoir()).using(stimberg2019.EXAMPLE_3)
    return model, PoissonSpikes(20 * Hz, seed=2) & Constant(reservoir=1.0 * uM)


def test_resuming_after_pauses_is_identical_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    model, protocol = released_and_driven()
    whole = tp.simulate(model, protocol, until=10 * s).data.copy(deep=True)
    monkeypatch.setattr(explicit, "_PATIENCE", 3)
    monkeypatch.setattr(explicit, "_LOG", 2)
    paused = tp.simulate(model, protocol, until=10 * s).data
    assert whole["around.gliotransmitter"].max() > 0
    xr.testing.assert_identical(paused.drop_attrs(), whole.drop_attrs())


def test_an_ensemble_equals_its_members_one_by_one_to_the_last_bit() -> None:
    glutamate = np.linspace(0.1, 5, 70)
    together = tp.simulate(GChi(), until=20 * s, vary={"glutamate": glutamate * uM})
    for member in (0, 1, 31, 32, 69):
        alone = tp.simulate(GChi(), Constant(glutamate=glutamate[member] * uM), until=20 * s)
        for name in ("ca", "h", "ip3"):
            np.testing.assert_array_equal(together[name][member], alone[name])


def test_seeds_make_an_ensemble_of_single_runs() -> None:
    model, protocol = released_and_driven()
    together = tp.simulate(model, protocol, until=3 * s, seed=[3, 8])
    for member, seed in enumerate((3, 8)):
        alone = tp.simulate(model, protocol, until=3 * s, seed=seed)
        np.testing.assert_array_equal(together["bouton.x"][member], alone["bouton.x"])
        count = len(alone.events("bouton.release")["time"])
        np.testing.assert_array_equal(
            together.events("bouton.release")["time"][member][:count], alone.events("bouton.release")["time"]
        )
    assert not np.array_equal(together["bouton.x"][0], together["bouton.x"][1])


def test_a_varied_start_and_a_varied_parameter_both_take_effect() -> None:
    result = tp.simulate(Decay(), until=1 * s, vary={"x": [1, 2] * uM, "rate": [1, 3] * (1 / s)}, solver=TIGHT)
    np.testing.assert_allclose(result.data["cell.x"].values[:, -1], [np.exp(-1), 2 * np.exp(-3)], rtol=1e-9, atol=0)


# Saving -------------------------------------------------------------------------------------------------


def test_saved_values_do_not_depend_on_when_others_are_saved() -> None:
    dense = tp.simulate(Circle(), until=5 * s, save_every=0.01 * s)
    sparse = tp.simulate(Circle(), until=5 * s, save_at=[1.27, 3.5] * s)
    np.testing.assert_allclose(dense["time"].values[[127, 350]], sparse["time"], rtol=1e-14, atol=0)
    np.testing.assert_allclose(dense["sine"].values[[127, 350]], sparse["sine"], rtol=1e-12, atol=0)


def test_save_every_counts_from_zero_and_includes_the_end_where_it_fits() -> None:
    result = tp.simulate(Circle(), until=1 * s, save_every=0.1 * s)
    np.testing.assert_allclose(result["time"], np.arange(11) / 10, rtol=1e-15, atol=0)
    assert tp.simulate(Circle(), until=1 * s, save_every=0.3 * s)["time"].size == 4
    assert tp.simulate(Circle(), until=1 * s)["time"].size == 1001


@pytest.mark.parametrize("ending", [".nc", ".zarr"])
@pytest.mark.parametrize("seeds", [1, [1, 2]], ids=["single", "ensemble"])
def test_a_result_comes_back_from_disk_with_its_provenance(tmp_path, ending: str, seeds: object) -> None:
    model, protocol = released_and_driven()
    result = tp.simulate(model, protocol, until=2 * s, seed=seeds, save_every=0.05 * s)

    loaded = tp.Result.load(result.save(tmp_path / f"run{ending}"))

    xr.testing.assert_identical(loaded.data.load(), result.data)
    assert loaded.provenance == result.provenance
    assert loaded.provenance["seeds"] == ([1] if seeds == 1 else [1, 2])
    again = tp.rerun(loaded)
    xr.testing.assert_identical(again.data.drop_attrs(), result.data.drop_attrs())


def test_a_rerun_of_an_ensemble_with_varied_values_is_identical(tmp_path) -> None:
    model = GChi().using(depitta2009.FM)
    result = tp.simulate(model, until=5 * s, vary={"glutamate": [0.7, 1.9] * uM, "uptake": [0.9, 0.8] * uM / s})
    again = tp.rerun(tp.Result.load(result.save(tmp_path / "run.nc")))
    xr.testing.assert_identical(again.data.drop_attrs(), result.data.drop_attrs())
