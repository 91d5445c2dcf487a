"""Copies leave the original alone, stored things come back, and protocols compose."""

import json

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import ArgumentError, DefinitionError, RangeError, WiringError
from tripartite.language import Compartment, Input, Mechanism, Model, Parameter, State
from tripartite.language.encoding import decode, decode_model, encode, encode_model
from tripartite.language.protocol import Bar, Occur
from tripartite.mechanisms import GlutamateReceptor, Ip3Metabolism, LiRinzel, StaticGlutamateReceptor, TsodyksMarkram
from tripartite.models import Chi, GChi, ReleaseIncreasing, Synapse, TripartiteSynapse
from tripartite.parameters import depitta2009, stimberg2019
from tripartite.protocols import Constant, Pairings, PoissonSpikes, Pulses, RegularSpikes, SpikeTrain, Steps
from tripartite.solve import Kvaerno5, Milstein, Tsit5
from tripartite.units import Hz, ms, s, uM


class Pool(Mechanism):
    """An amount made at a rate, so that its rise shows the rate."""

    amount = State(0.0, "uM", "amount")
    rate = Parameter(2.0, "uM/s", "rate of production", "assumed: a test", low=0, high=20)

    def rates(q):
        return {"amount": q.rate}


class Integral(Mechanism):
    """The integral of an input."""

    total = State(0.0, "uM*s", "integral")
    level = Input("uM", "what is integrated")

    def rates(q):
        return {"total": q.level}


def rise(protocol: tp.Protocol, times: list[float]) -> np.ndarray:
    """Amounts gained between ``times`` per second, in units of the unperturbed rate."""
    x = tp.simulate(Pool(), protocol, until=times[-1] * s, save_at=times * s)["amount"].values
    return np.diff(x) / np.diff(times) / 2.0


# Copies -------------------------------------------------------------------------------------------------


def test_copies_leave_the_original_alone() -> None:
    mechanism, values = LiRinzel(), depitta2009.FM
    compartment, model = Compartment(mechanism, Ip3Metabolism()), GChi()
    before = [repr(x) for x in (mechanism, compartment, model, model.sources)]

    changed = mechanism.replace(uptake=0.5 * uM / s)
    mechanism.using(values), compartment.replace(uptake=0.5 * uM / s), compartment.using(values.without("v_beta"))
    compartment + StaticGlutamateReceptor()
    model.using(values), model.replace({"uptake": 0.5 * uM / s}), Chi().add(astrocyte=GlutamateReceptor())

    assert [repr(x) for x in (mechanism, compartment, model, model.sources)] == before
    assert changed.uptake == 0.5 * uM / s and mechanism.uptake == 0.9 * uM / s
    assert values.but("other", k_serca=1 * uM)["k_serca"] == 1 * uM and values["k_serca"] == 0.05 * uM


def test_a_changed_model_keeps_its_kind_and_its_wires() -> None:
    model = TripartiteSynapse(ReleaseIncreasing()).using(stimberg2019.EXAMPLE_4)
    changed = model.replace({"astrocyte.uptake": 0.8 * uM / s})
    assert type(changed) is TripartiteSynapse and changed.wiring == model.wiring
    assert changed["uptake"] == 0.8 * uM / s and model["uptake"] == 0.9 * uM / s
    assert changed.sources["astrocyte.LiRinzel.uptake"] == "set by the user"


def test_a_list_of_mechanisms_is_added_as_one_by_one() -> None:
    both = Chi().add(astrocyte=[StaticGlutamateReceptor(), Integral()])
    assert repr(both) == repr(Chi().add(astrocyte=StaticGlutamateReceptor()).add(astrocyte=Integral()))
    with pytest.raises(WiringError, match=r"holds mechanisms; got 3"):
        Chi().add(astrocyte=[StaticGlutamateReceptor(), 3])  # type: ignore[list-item]
    with pytest.raises(WiringError, match=r"Write it with parentheses"):
        Chi().add(astrocyte=[StaticGlutamateReceptor])  # type: ignore[list-item]
    with pytest.raises(WiringError, match=r"holds mechanisms; got 'Gcamp'"):
        Chi().add(astrocyte="Gcamp")  # type: ignore[arg-type]


def test_rates_of_all_mechanisms_of_a_compartment_add() -> None:
    alone, with_receptor = Chi().system, GChi().system
    y = [0.2, 0.7, 0.3]
    c = {e.key: e.value for e in with_receptor.constants} | {"astrocyte.glutamate": 2.0}
    first = alone.rates(alone.values(y, [c[e.key] for e in alone.constants]))
    ordered = [y[[e.key for e in alone.states].index(e.key)] for e in with_receptor.states]
    both = with_receptor.rates(with_receptor.values(ordered, [c[e.key] for e in with_receptor.constants]))
    by_name = dict(zip([e.key for e in with_receptor.states], both, strict=True))
    receptor = 0.2e-3 * 2**0.7 / (2**0.7 + (1.3 + 10 * 0.2 / 0.8) ** 0.7)
    np.testing.assert_allclose(by_name["astrocyte.ca"], first[0], rtol=1e-15, atol=0)
    np.testing.assert_allclose(by_name["astrocyte.ip3"], first[2] + receptor, rtol=1e-14, atol=0)


def test_an_input_may_be_handed_on_through_a_compartment() -> None:
    a, b, c = Compartment(Pool()), Compartment(Integral()), Compartment(Integral())
    model = Model(a=a, b=b, c=c, wiring=[a.amount >> b.level, b.level >> c.level])
    result = tp.simulate(model, until=2 * s)
    np.testing.assert_allclose(result["b.total"].values[-1], 4.0, rtol=1e-12, atol=0)
    np.testing.assert_array_equal(result["b.total"], result["c.total"])


# Storage ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "model",
    [
        GChi().using(depitta2009.FM),
        Synapse(),
        TripartiteSynapse(ReleaseIncreasing()).using(stimberg2019.EXAMPLE_4).replace({"u0": 0.123456789012345}),
    ],
    ids=lambda model: type(model).__name__,
)
def test_a_model_comes_back_from_json_to_the_last_bit(model: Model) -> None:
    back = decode_model(json.loads(json.dumps(encode_model(model))))
    assert back.wiring == model.wiring
    assert back.sources == model.sources
    for first, second in ((back.system.parameters, model.system.parameters), (back.system.states, model.system.states)):
        assert [(e.key, e.value) for e in first] == [(e.key, e.value) for e in second]


@pytest.mark.parametrize(
    "item",
    [
        Constant(ip3=0.5 * uM, ca="0.1 uM"),
        Constant({"astrocyte.glutamate": 1 * uM}),
        Steps("ip3", [0, 1] * s, [0.1, 0.2] * uM),
        Pulses("ip3", 1 * uM, [1, 2] * s, 0.5 * s),
        SpikeTrain([0.1, 0.2] * s, event="postspike", to="bouton.postspike"),
        SpikeTrain([1 * s, 2 * s]),
        RegularSpikes(10 * Hz, stop=1 * s),
        PoissonSpikes(10 * Hz, seed=3),
        Pairings(-10 * ms, 5, 1 * Hz),
        tp.Perturbation("x", {"uptake": 0.5, "leak": 0.0}, at=1 * s),
        PoissonSpikes(10 * Hz) & tp.Perturbation("x", {"uptake": 0.5}, at=1 * s, stop=2 * s) & Constant(ip3=1 * uM),
        Tsit5(rtol=1e-7),
        Kvaerno5(),
        Milstein(1 * ms),
        None,
    ],
    ids=lambda item: type(item).__name__,
)
def test_a_protocol_or_solver_comes_back_from_json(item: object) -> None:
    stored = json.loads(json.dumps(encode(item)))
    back = decode(stored)
    assert type(back) is type(item)
    assert json.loads(json.dumps(encode(back))) == stored


# Protocols ----------------------------------------------------------------------------------------------


def test_a_perturbation_scales_between_its_times_and_wash_out_restores() -> None:
    half = tp.Perturbation("half", {"rate": 0.5}, at=1 * s, stop=2 * s)
    np.testing.assert_allclose(rise(half, [0, 1, 2, 3]), [1, 0.5, 1], rtol=1e-12, atol=0)
    lasting = tp.Perturbation("none", {"rate": 0.0}, at=1 * s)
    np.testing.assert_allclose(rise(lasting, [0, 1, 2, 3]), [1, 0, 0], rtol=1e-12, atol=1e-15)


def test_overlapping_perturbations_multiply() -> None:
    first = tp.Perturbation("first", {"rate": 0.5}, at=1 * s, stop=4 * s)
    second = tp.Perturbation("second", {"cell.rate": 3.0}, at=2 * s, stop=3 * s)
    third = tp.Perturbation("third", {"Pool.rate": 2.0}, at=2 * s)
    for protocol in (first & second & third, third & (second & first)):
        np.testing.assert_allclose(rise(protocol, [0, 1, 2, 3, 4, 5]), [1, 0.5, 3, 1, 2], rtol=1e-12, atol=0)


def test_a_quantity_given_under_two_paths_is_refused_wherever_values_are_given_by_path() -> None:
    from tripartite.network import Population, Projection
    from tripartite.network.rules import AllToAll

    cell = tp.Model(astrocyte=Compartment(LiRinzel()))
    paths = {"uptake": 0.9 * uM / s, "astrocyte.uptake": 0.8 * uM / s}
    cells = Population(cell, 2)
    ways = [
        lambda: cell.replace(paths),
        lambda: cell.hold(paths),
        lambda: Population(cell, 2, values=paths),
        lambda: Projection(cells, cells, synapse=cell, rule=AllToAll(), values=paths),
        lambda: list(Constant({"ip3": 2 * uM, "astrocyte.ip3": 1 * uM}).actions(cell, 1.0, 0)),
        lambda: tp.steady_states(cell, Constant(ip3=1 * uM), starts={"ca": 2 * uM, "astrocyte.ca": 1 * uM}),
        lambda: tp.simulate(cell, Constant(ip3=1 * uM), until=1 * s, vary=paths),
        lambda: tp.Perturbation("twice", {"uptake": 2.0, "astrocyte.uptake": 3.0}, at=0 * s).targets(cell),
    ]
    for way in ways:
        with pytest.raises(ArgumentError, match=r"A quantity is given once; `astrocyte\..*` comes twice, as `"):
            way()


def test_a_perturbation_beyond_the_range_of_its_parameter_is_refused() -> None:
    with pytest.raises(RangeError, match=r"\[0, 20\] uM/s; got 22 uM/s"):
        rise(tp.Perturbation("much", {"rate": 11.0}, at=0 * s), [0, 1])


def test_a_perturbation_scales_the_varied_value_of_each_member() -> None:
    half = tp.Perturbation("half", {"rate": 0.5}, at=1 * s)
    result = tp.simulate(Pool(), half, until=2 * s, vary={"rate": [2, 4] * (uM / s)}, save_at=[1, 2] * s)
    np.testing.assert_allclose(result["amount"].values, [[2, 3], [4, 6]], rtol=1e-12, atol=0)


def test_three_protocols_compose_and_mark_their_bars() -> None:
    pulses = Pulses("level", 2 * uM, [1, 3] * s, 0.5 * s)
    drug = tp.Perturbation("drug", {"rate": 0.5}, at=1 * s, stop=9 * s)
    model = Compartment(Pool(), Integral(), TsodyksMarkram())
    spikes = RegularSpikes(10 * Hz)
    protocol = pulses & drug & spikes & Constant(utilization=0.5)
    assert len(protocol.members) == 4
    result = tp.simulate(model, protocol, until=5 * s)
    np.testing.assert_allclose(result["total"].values[-1], 2.0, rtol=1e-9, atol=0)
    # 2 uM/s for one second and half of that for four.
    np.testing.assert_allclose(result["amount"].values[-1], 2 + 4, rtol=1e-9, atol=0)
    assert len(result.events("release")["time"]) == 50
    assert Bar("drug", 1.0, 5.0) in protocol.bars(5.0) and len(protocol.bars(5.0)) == 3


def test_steps_and_pulses_follow_their_times() -> None:
    steps = Steps("level", [0, 1, 2] * s, [1, 3, 0] * uM)
    total = tp.simulate(Integral(), steps, until=3 * s, save_at=[1, 2, 3] * s)["total"].values
    np.testing.assert_allclose(total, [1, 4, 4], rtol=1e-12, atol=0)
    pulses = Pulses("level", 2 * uM, [0, 2] * s, 0.5 * s, low=1 * uM)
    total = tp.simulate(Integral(), pulses, until=3 * s, save_at=[1, 2, 3] * s)["total"].values
    np.testing.assert_allclose(total, [1.5, 2.5, 4.0], rtol=1e-12, atol=0)


def times(protocol: tp.Protocol, until: float = 60_000.0, seed: int = 0) -> np.ndarray:
    return np.array([a.time for a in protocol.actions(Synapse(), until, seed) if isinstance(a, Occur)])


def test_poisson_spikes_are_the_same_for_the_same_seeds_and_others_for_others() -> None:
    train = PoissonSpikes(10 * Hz, seed=1)
    np.testing.assert_array_equal(times(train), times(PoissonSpikes(10 * Hz, seed=1)))
    assert not np.array_equal(times(train), times(PoissonSpikes(10 * Hz, seed=2)))
    assert not np.array_equal(times(train), times(train, seed=1))


def test_poisson_spikes_have_their_rate_and_stay_in_their_span() -> None:
    found = times(PoissonSpikes(50 * Hz, seed=1, start=10 * s, stop=50 * s))
    assert found.min() >= 10_000 and found.max() < 50_000 and np.all(np.diff(found) > 0)
    # 2,000 expected spikes; five standard deviations.
    assert abs(len(found) - 2000) < 5 * np.sqrt(2000)
    np.testing.assert_allclose(np.std(np.diff(found)) / np.mean(np.diff(found)), 1.0, rtol=0.1)


def test_regular_spikes_start_with_the_first_and_leave_out_the_last() -> None:
    found = times(RegularSpikes(10 * Hz, start=1 * s, stop=2 * s))
    np.testing.assert_allclose(found, 1000 + 100 * np.arange(10), rtol=1e-14, atol=0)


@pytest.mark.parametrize("delay", [-10, 10])
def test_pairings_keep_their_delay_and_start_at_or_after_zero(delay: float) -> None:
    from tripartite.language import as_model
    from tripartite.mechanisms import PairStdp

    actions = list(Pairings(delay * ms, 5, 2 * Hz).actions(as_model(PairStdp()), 1e9, 0))
    before = np.array([a.time for a in actions if a.key.endswith(".spike")])
    after = np.array([a.time for a in actions if a.key.endswith(".postspike")])
    np.testing.assert_allclose(after - before, delay, rtol=1e-12, atol=0)
    np.testing.assert_allclose(np.diff(before), 500, rtol=1e-12, atol=0)
    assert min(before.min(), after.min()) == 0


@pytest.mark.parametrize(("delay", "start", "first"), [(10, 100, 100), (-10, 100, 100), (-10, 4, 10), (10, 0, 0)])
def test_the_first_presynaptic_spike_of_pairings_comes_at_their_start(delay: float, start: float, first: float) -> None:
    from tripartite.language import as_model
    from tripartite.mechanisms import PairStdp

    pairs = Pairings(delay * ms, 3, 10 * Hz, start=start * ms)
    actions = list(pairs.actions(as_model(PairStdp()), 1e9, 0))
    before = [a.time for a in actions if a.key.endswith(".spike")]
    after = [a.time for a in actions if a.key.endswith(".postspike")]
    np.testing.assert_allclose(before, first + np.array([0, 100, 200]), rtol=1e-12)
    np.testing.assert_allclose(after, first + delay + np.array([0, 100, 200]), rtol=1e-12, atol=1e-12)


def test_a_value_of_a_mechanism_cannot_be_assigned() -> None:
    with pytest.raises(DefinitionError, match="replace"):
        LiRinzel().uptake = 3.0
