"""Edges, distances, delays and values of synapses before a run are those of the run, and of NumPy by hand."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret
from tests.network.test_delays import Arrivals
from tripartite import network as net
from tripartite import units
from tripartite.errors import TripartiteError, UnknownNameError
from tripartite.mechanisms import LinearIp3Coupling, StaticSynapse
from tripartite.network import ByDistance, Conduction, rules
from tripartite.network.roles import post
from tripartite.network.run.provenance import described
from tripartite.units import Hz, m, mm, ms, mV, nS, s, um

EXTENT = np.array([200.0, 120.0])
PLACES = net.scatter(40, EXTENT * um, seed=4)
X = PLACES.magnitude
TORUS = net.Torus(EXTENT * um)


def apart(i, j, torus=False):
    gap = np.abs(X[i] - X[j])
    return np.sqrt((np.minimum(gap, EXTENT - gap) ** 2 if torus else gap**2).sum(axis=-1))


def network(firing=(), ends=(slice(None), slice(None)), around=None, **options):
    """Trains of one spike each (2 ms) and cells at the same places, joined by a projection called ``recurrent``."""
    cells = net.Population(tp.Model(cell=Arrivals()), 40, positions=PLACES)
    glia = net.Population(tp.models.Chi(), 6, positions=PLACES[:6], step=1 * ms)
    trains = net.SpikeTrains(40, list(firing), np.full(len(firing), 2.0) * ms, positions=PLACES)
    synapse = tp.Compartment(StaticSynapse())
    options = {"rule": rules.PairwiseBernoulli(0.3), **options}
    third = None if around is None else glia[around]
    wiring = [synapse.conductance >> post.excitation]
    joined = net.Projection(trains[ends[0]], cells[ends[1]], third, synapse=synapse, wiring=wiring, **options)
    return net.Network(trains=trains, cells=cells, glia=glia, connections={"recurrent": joined}, seed=3)


BY_VELOCITY = [
    Conduction(40 * um / ms, offset=0.7 * ms),
    ByDistance(lambda d: 0.7 * ms + d / (40 * um / ms)),
    Conduction(0.04 * m / s, "700 us", space=TORUS),
]


@pytest.mark.parametrize("delay", BY_VELOCITY, ids=["open", "function", "torus"])
def test_single_spikes_arrive_when_distance_and_velocity_say(monkeypatch, delay):
    interpret(monkeypatch)
    for source in (7, 23):
        built = network([source], delay=delay)
        edges = built.edges("recurrent")
        result = built.run(until=12 * ms, record=net.States(built["cells"], "amount", every=0.1 * ms), threads=1)
        came = result["cells.amount"].values > 0
        reached = np.flatnonzero(came[-1])
        mine = edges.pre.values == source
        np.testing.assert_array_equal(reached, edges.post.values[mine])
        assert 5 < len(reached) < 20
        wanted = np.rint((0.7 + apart(source, reached, delay.space is not None) / 40) / 0.1)
        steps = came.argmax(axis=0)[reached] - 1 - 20  # it shows after the step that begins on arrival
        np.testing.assert_array_equal(steps, wanted)
        np.testing.assert_allclose(edges.delay.values[mine], wanted * 0.1, rtol=1e-12)
        assert len(set(steps)) > 5


RULES = {
    "pairs": rules.PairwiseBernoulli(0.3),
    "in degree": rules.FixedInDegree(3),
    "torus": rules.DistanceDependent(rules.Gaussian(0.9, 30 * um), space=TORUS),
    "listed": rules.Explicit([3, 0, 5, 3, 0, 0], [1, 2, 0, 1, 4, 2]),
}
ENDS = {
    "whole": (slice(None), slice(None)),
    "slices": (slice(5, 30), slice(2, 20)),
    "lists": ([30, 2, 17, 5, 9, 39], [8, 1, 33, 0, 21, 12]),
    "mask": (np.arange(40) % 3 == 0, slice(None, None, -2)),
}


@pytest.mark.parametrize("ends", ENDS)
@pytest.mark.parametrize("rule", RULES)
def test_edges_are_those_that_a_run_records_in_their_order(monkeypatch, rule, ends):
    interpret(monkeypatch)
    options = {"rule": RULES[rule], "ends": ENDS[ends], "around": [4, 0, 3], "attach": rules.BernoulliWithPool(0.8, 2)}
    count = len(network(**options).edges("recurrent").synapse)
    each = np.linspace(1, 2, count)
    torus = rule == "torus"
    for delay, values in (
        (None, {}),
        (1 * ms, {"weight": 0.3 * nS}),
        (np.rint(each * 30)[::-1] * 0.1 * ms, {"weight": each * nS}),
        (net.Uniform(1 * ms, 3 * ms), {"weight": net.Uniform(1 * nS, 2 * nS)}),
        (Conduction(40 * um / ms), {"weight": ByDistance(lambda d: 2 * nS * np.exp(-d / (60 * um)))}),
    ):
        if isinstance(delay, Conduction):
            delay = Conduction(delay.velocity, 0.2 * ms)
        built = network(delay=delay, values=values, **options)
        edges = built.edges("recurrent")
        record = net.Synapses(built["recurrent"], "weight", every=1 * ms)
        result = built.run(until=1 * ms, record=record, threads=1)
        for role in ("pre", "post", "astrocyte"):
            np.testing.assert_array_equal(edges[role], result[f"recurrent.{role}"])
        i, j = edges.pre.values, edges.post.values
        np.testing.assert_allclose(edges.distance, apart(i, j, torus), rtol=1e-12, atol=1e-12)
        first, second = (np.arange(40)[end] for end in ENDS[ends])
        if rule == "listed":
            np.testing.assert_array_equal(i, first[RULES[rule].pre])
            np.testing.assert_array_equal(j, second[RULES[rule].post])
        else:
            place = [(list(first).index(a), list(second).index(b)) for a, b in zip(i, j, strict=True)]
            assert place == sorted(place)
        assert set(edges.astrocyte.values) <= {-1, 4, 0, 3} and edges.distance.attrs["units"] == "um"
        if values:
            np.testing.assert_allclose(result["recurrent.weight"][0], edges.weight, rtol=1e-12)
            assert edges.weight.attrs["units"] == "nS"
        else:
            assert "weight" not in edges
        if delay is None or (np.ndim(delay) == 0 and not isinstance(delay, net.Uniform | Conduction)):
            np.testing.assert_allclose(edges.delay, 0 if delay is None else 1, rtol=1e-12)
        elif isinstance(delay, Conduction):
            np.testing.assert_allclose(edges.delay, np.rint(2 + apart(i, j, torus) / 4) * 0.1, rtol=1e-12)
            np.testing.assert_allclose(edges.weight, 2 * np.exp(-apart(i, j, torus) / 60), rtol=1e-12)
        elif isinstance(delay, net.Uniform):
            assert 1 <= edges.delay.min() < edges.delay.max() <= 3 and edges.weight.min() >= 1
        else:
            np.testing.assert_allclose(edges.delay, np.rint(each * 30)[::-1] * 0.1, rtol=1e-12)
            np.testing.assert_allclose(edges.weight, each, rtol=1e-12)


def test_values_calculated_from_edges_belong_to_them():
    options = {"ends": ENDS["lists"], "rule": rules.FixedInDegree(3)}
    found = network(**options).edges("recurrent")
    weights = (2 - found.distance / 200).values
    by_hand = network(values={"weight": weights * nS}, delay=found.distance.values / 50 * ms, **options)
    by_rule = network(
        values={"weight": ByDistance(lambda d: (2 - d / (200 * um)) * nS)}, delay=Conduction(0.05 * mm / ms), **options
    )
    for name in ("pre", "post", "weight", "delay"):
        np.testing.assert_allclose(
            by_hand.edges("recurrent")[name], by_rule.edges("recurrent")[name], rtol=1e-12, err_msg=name
        )


def test_edges_without_positions_have_no_distance_and_equal_ones_stand_side_by_side(monkeypatch):
    interpret(monkeypatch)
    cells = net.Population(tp.Model(cell=Arrivals()), 4)
    trains, synapse = net.PoissonGroup(4, 5 * Hz), tp.Compartment(StaticSynapse())
    wiring = [synapse.conductance >> post.excitation]
    joined = net.Projection(trains, cells, synapse=synapse, rule=rules.FixedOutDegree(9), wiring=wiring)
    built = net.Network(trains=trains, cells=cells, connections=[joined])
    edges = built.edges("synapses0")
    assert "distance" not in edges and "astrocyte" not in edges and len(edges.synapse) == 36
    result = built.run(until=1 * ms, record=net.Synapses(joined, "weight", every=1 * ms), threads=1)
    for role in ("pre", "post"):
        np.testing.assert_array_equal(result[f"synapses0.{role}"], edges[role])


def test_contacts_take_values_by_distance(monkeypatch):
    interpret(monkeypatch)
    start = np.linspace(0.1, 2, 40)
    law = ByDistance(lambda d: np.exp(-d / (50 * um)) / s)
    found = []
    for chosen in (slice(None), [30, 2, 17, 5, 9, 39, 12, 7]):
        for values in ("by hand", "by distance"):
            cells = net.Population(tp.models.Chi(), 40, positions=PLACES, values={"ip3": start * units.uM}, step=1 * ms)
            pairs = rules.WithinDistance(60 * um, space=TORUS)
            some = cells[chosen]
            edges = net.Coupling(some, LinearIp3Coupling(), pairs).edges
            away = apart(some.numbers[edges.sources], some.numbers[edges.target], True)
            given = law if values == "by distance" else np.exp(-away / 50) / s
            joined = net.Coupling(some, LinearIp3Coupling(), pairs, values={"permeability": given})
            built = net.Network(cells=cells, connections=[joined], step=1 * ms)
            record = net.States(cells, "ip3", every=20 * ms)
            found.append(built.run(until=20 * ms, record=record, threads=1)["cells.ip3"].values[-1])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)
    np.testing.assert_allclose(found[2], found[3], rtol=1e-12)
    assert np.abs(found[0] - found[2]).max() > 1e-4


def test_what_becomes_of_arrays_later_changes_no_network():
    pre, behind = np.array([3, 0, 2]), np.array([1, 1, 0])
    weights, delays, where = np.array([1.0, 2, 3]), np.array([1.0, 2, 3]), np.zeros((4, 2))
    levels = np.array([1.0, 2, 3, 4])
    cells = net.Population(
        tp.Model(cell=Arrivals()), 4, positions=units.Quantity(where, "um"),
        values={"amount": units.Quantity(levels, "nS")},
    )  # fmt: skip
    synapse = tp.Compartment(StaticSynapse())
    trains = net.SpikeTrains(4, [0], [1] * ms, positions=units.Quantity(where, "um"))
    values = {"weight": units.Quantity(weights, "nS")}
    delay = units.Quantity(delays, "ms")
    joined = net.Projection(
        trains, cells, synapse=synapse, rule=rules.Explicit(pre, behind), delay=delay, values=values,
        wiring=[synapse.conductance >> post.excitation],
    )  # fmt: skip
    built = net.Network(trains=trains, cells=cells, connections={"a": joined})
    before = built.edges("a").copy(deep=True)
    for array in (pre, behind, weights, delays, where, levels):
        array[:] = 0
    values["weight"] = 9 * nS
    assert built.edges("a").identical(before)
    np.testing.assert_array_equal(cells.values["cell.amount"].magnitude, [1, 2, 3, 4])
    before["weight"][:] = 7
    np.testing.assert_array_equal(built.edges("a").weight, [1, 2, 3])


def test_a_function_is_told_by_its_name_so_that_a_run_is_the_same_in_another_process():
    def law(distance):
        return 1 * ms + distance / (1 * mm / ms)

    first, second = (described(network(delay=ByDistance(law), values={})) for _ in range(2))
    assert first == second and "law" in str(first) and "0x" not in str(first)


PLAIN = net.Population(tp.Model(cell=Arrivals()), 40)
FLAT = net.Population(tp.Model(cell=Arrivals()), 40, positions=X[:, :1] * um)


def between(pre, behind, **options):
    return net.Projection(pre, behind, synapse=StaticSynapse(), rule=rules.AllToAll(), **options)


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: between(PLAIN, FLAT, delay=Conduction(1 * m / s)), "positions; the presynaptic"),
        (lambda: between(FLAT, PLAIN, values={"weight": ByDistance(lambda d: 1 * nS)}), "positions; the postsynaptic"),
        (lambda: network(delay=Conduction(1 * m / s), ends=(slice(None), [1])).edges("recurent"), "`recurrent`"),
        (lambda: network(delay=Conduction(-1 * m / s)), "positive"),
        (lambda: network(delay=Conduction(0 * m / s)), "positive"),
        (lambda: network(delay=Conduction(1 * m / s, -1 * ms)), "negative"),
        (lambda: network(delay=Conduction(1 * m)), "measured in um/ms"),
        (lambda: network(values={"weight": Conduction(1 * m / s)}), "ByDistance"),
        (lambda: network(delay=ByDistance(3 * ms)), "is a function"),
        (lambda: network(delay=ByDistance(lambda d: d)), "measured in ms"),
        (lambda: network(delay=ByDistance(lambda d: d.magnitude)), "carry a unit"),
        (lambda: network(delay=ByDistance(lambda d: 1 * ms + d)), "Compare lengths"),
        (lambda: network(delay=ByDistance(lambda d: 1 * ms * np.exp(-d))), "Compare lengths"),
        (lambda: network(delay=ByDistance(lambda d: (d / (1 * um / ms))[:1])), "one value for each"),
        (lambda: network(delay=ByDistance(lambda d: d / (1 * um / ms) - 50 * ms)).edges("recurrent"), "not negative"),
        (lambda: network(delay=ByDistance(lambda d: d / (1 * mm / ms))).edges("recurrent"), "at least one step"),
        (lambda: network(delay=ByDistance(lambda d: 1 * ms * um / (d - d))).edges("recurrent"), "finite"),
        (lambda: network(values={"weight": ByDistance(lambda d: d * nS / um - 50 * nS)}).edges("recurrent"), "weight"),
        (
            lambda: network(
                rule=rules.DistanceDependent(rules.Within(30 * um), space=TORUS),
                delay=Conduction(1 * m / s, space=net.Torus(300 * um)),
            ),
            "one space",
        ),
        (lambda: net.Population(tp.models.CobaNeuron(), 3, values={"v": ByDistance(lambda d: d * mV / um)}), "single"),
        (lambda: Conduction(1 * m / s, space=200 * um), "Torus"),
        (lambda: network().edges(3), "no connection"),
    ],
)
def test_what_no_distance_gives_gets_a_sentence(made, words):
    with np.errstate(all="ignore"), pytest.raises(TripartiteError, match=words):
        made()


def test_edges_belong_to_projections_and_fit_into_memory(monkeypatch):
    cells = net.Population(tp.models.Chi(), 4)
    joined = net.Coupling(cells, LinearIp3Coupling(), rules.Ring())
    with pytest.raises(TripartiteError, match="projections"):
        net.Network(cells=cells, connections={"junctions": joined}).edges("junctions")
    built = network(rule=rules.FixedTotalNumber(2**40))
    with pytest.raises(TripartiteError, match="fits into the memory"):
        built.edges("recurrent")
    with pytest.raises(UnknownNameError):
        built.edges("cells")
