"""Cells chosen by any index, mask or region act as the same network written by hand over whole populations."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, share_cells, simulate
from tripartite import network as net
from tripartite.errors import RangeError, TripartiteError
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State
from tripartite.mechanisms import LinearIp3Coupling, StaticSynapse
from tripartite.network import rules
from tripartite.network.roles import astrocyte, mean, post, total
from tripartite.units import Hz, mm, ms, nS, s, uM, um

CELLS = net.Population(tp.models.CobaNeuron(), 12, positions=net.lattice(3, 4, 10 * um))


@pytest.mark.parametrize(
    "choice",
    [
        [5, 1, 9], [-1, 0, -12 + 3], np.array([7, 2], np.uint8), np.int64(4), 4, -3, np.arange(12) % 3 == 1,
        [True, False] * 6, slice(None, None, 2), slice(None, None, -1), slice(10, 2, -3), slice(-5, None), slice(3, 7),
        np.array(6), range(2, 9, 3), np.arange(12)[::-5],
    ],
    ids=str,
)  # fmt: skip
def test_cells_are_chosen_as_from_an_array(choice):
    plain = np.atleast_1d(np.arange(12)[choice])
    found = CELLS[choice]
    assert found.size == len(plain)
    np.testing.assert_array_equal(found.numbers, plain)
    np.testing.assert_array_equal(found.positions, CELLS.positions[plain])
    np.testing.assert_array_equal(np.arange(12)[found.index], plain)


@pytest.mark.parametrize("base", [slice(2, 11), [8, 3, 5, 0, 11, 2, 7, 9, 1]])
@pytest.mark.parametrize("choice", [[4, 0], slice(1, 5), slice(None, None, -2), np.arange(9) > 5])
def test_a_choice_among_chosen_cells_counts_within_them(base, choice):
    np.testing.assert_array_equal(CELLS[base][choice].numbers, np.arange(12)[base][choice])


def test_a_contiguous_choice_is_a_slice_in_whatever_way_it_is_written():
    for choice in ([3, 4, 5], (np.arange(12) > 2) & (np.arange(12) < 6), slice(3, 6, 1), np.array([3, 4, -7])):
        found = CELLS[choice]
        assert found.listed is None and found == CELLS[3:6] and hash(found) == hash(CELLS[3:6])
    assert CELLS[np.ones(12, bool)].whole and not CELLS[::-1].whole
    assert CELLS[[3, 5, 4]] != CELLS[3:6] and CELLS[[3, 5]] != CELLS[[3, 6]] and CELLS[[5, 3]] != CELLS[[3, 5]]


def test_what_becomes_of_a_list_later_does_not_move_chosen_cells():
    listed = np.array([8, 3, 5])
    found = CELLS[listed]
    listed[:] = 0
    np.testing.assert_array_equal(found.numbers, [8, 3, 5])
    with pytest.raises(ValueError, match="read-only"):
        found.numbers[0] = 1


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ([1, 1], "once"), ([3, -9], "once"), ([0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1], "astype"), ([12], "from 0 to 11"),
        ([-13], "from 0 to 11"), (12, "from 0 to 11"), (np.uint64(2**63), "from 0 to 11"), ([], "at least one"),
        (np.zeros(12, bool), "at least one"), (slice(3, 3), "at least one"), ([True] * 11, "12 cells"),
        (np.ones((3, 4), bool), "whole numbers"), ([1.0, 2.0], "whole numbers"), (1.0, "whole numbers"),
        (np.nan, "whole numbers"), ([True, 2], "whole numbers"), ((1, 2), "whole numbers"), ({1, 2}, "whole numbers"),
        ([[1, 2]], "whole numbers"), ([1, [2]], "whole numbers"), (None, "whole numbers"),
        (Ellipsis, "whole numbers"), ([1, 2] * um, "whole numbers"), (np.array([1, 2], object), "whole numbers"),
        (np.array(["1"]), "whole numbers"), (slice(0, 13), "stays within"), (slice(0, 5, 0), "step of 0"),
        (slice(0, 5, True), "whole numbers"), (slice(0.0, 5), "whole numbers"), (True, "whole numbers"),
        (np.timedelta64(3), "whole numbers"), (np.ma.masked_array([1, 2], [0, 1]), "whole numbers"),
    ],
    ids=str,
)  # fmt: skip
def test_what_chooses_no_cells_gets_a_sentence(choice, words):
    with pytest.raises(TripartiteError, match=words) as told:
        CELLS[choice]
    assert "got" in str(told.value)


def test_regions_hold_the_cells_that_arithmetic_finds():
    places = net.scatter(200, [100, 60, 40] * um, seed=3)
    cells, x = net.Population(tp.models.CobaNeuron(), 200, positions=places), places.magnitude
    centre = np.array([95.0, 5.0, 20.0])
    open_space = np.sqrt(((x - centre) ** 2).sum(axis=1)) <= 25
    gap = abs(x - centre)
    closed = (np.minimum(gap, [100, 60, 40] - gap) ** 2).sum(axis=1)
    np.testing.assert_array_equal(cells.near(centre * um, 25 * um).numbers, np.flatnonzero(open_space))
    torus = net.Torus([100, 60, 40] * um)
    np.testing.assert_array_equal(cells.near(centre * um, 25 * um, space=torus).numbers, np.flatnonzero(closed <= 625))
    assert 0 < open_space.sum() < (closed <= 625).sum() < 200
    box = ((x >= [10, 10, 0]) & (x <= [50, 40, 25])).all(axis=1)
    np.testing.assert_array_equal(cells.between([10, 10, 0] * um, [50, 40, 25] * um).numbers, np.flatnonzero(box))
    part = cells[::-2].near([0.05, 0.03, 0.02] * mm, 30 * um)
    own = np.arange(199, -1, -2)
    np.testing.assert_array_equal(part.numbers, own[np.sqrt(((x[own] - [50, 30, 20]) ** 2).sum(axis=1)) <= 30])
    np.testing.assert_array_equal(CELLS.near([5, 5] * um, 10 * um).numbers, [0, 1, 4])  # the border belongs to it


@pytest.mark.parametrize(
    ("region", "words"),
    [
        (lambda: net.Population(tp.models.CobaNeuron(), 3).near([0, 0] * um, 1 * um), "positions"),
        (lambda: CELLS.near([0, 0] * um, 1 * um), "nearest is 7.07107 µm"),
        (lambda: CELLS.near([0, 0, 0] * um, 1 * um), "2 coordinates"),
        (lambda: CELLS.near([0, 0], 1 * um), "unit"),
        (lambda: CELLS.near([0, 0] * um, -1 * um), "not negative"),
        (lambda: CELLS.near([0, 0] * um, 20 * um, space=20 * um), "Torus"),
        (lambda: CELLS.between([10, 10] * um, [5, 20] * um), "lowest to its highest"),
        (lambda: CELLS.between([100, 100] * um, [105, 120] * um), "none from"),
    ],
)
def test_regions_without_cells_and_points_that_are_none_get_a_sentence(region, words):
    with pytest.raises(TripartiteError, match=words):
        region()


class Cell(Mechanism):
    """Integrates what comes, and fires.

    **Sources** assumed: a test. **Holds for** tests.
    """

    v = State(0.4, "mV", "potential")
    g = State(0.0, "nS", "conductance")
    excitation = Input("nS", "conductance that opens")
    seen = Input("1", "sum over synapses")
    drive = Parameter(0.3, "mV/ms", "drift", "assumed: a test")
    gain = Parameter(0.05, "mV/(ms*nS)", "of conductance", "assumed: a test")
    reads = Parameter(0.2, "mV/ms", "of what is seen", "assumed: a test")
    tau = Parameter(5.0, "ms", "decay", "assumed: a test")
    threshold = Parameter(1.0, "mV", "threshold", "assumed: a test")
    spike = Emission("1", "spike")

    def rates(q):
        return {"v": q.drive + q.gain * q.g + q.reads * q.seen, "g": -q.g / q.tau}

    def on_excitation(q):
        return {"g": Add(q.excitation)}

    def crossing(q):
        return q.v - q.threshold

    def on_crossing(q):
        return {"v": 0 * q.v, "spike": 1}


class Glia(Mechanism):
    """A slow cell that collects.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ca = State(0.1, "1", "calcium")
    seen = Input("1", "mean over synapses")
    tau = Parameter(20.0, "ms", "decay", "assumed: a test")

    def rates(q):
        return {"ca": (q.seen - q.ca * q.ca) / q.tau}


class Plastic(Mechanism):
    """A trace of both neurons that the astrocyte scales.

    **Sources** assumed: a test. **Holds for** tests.
    """

    weight = State(1.0, "nS", "weight")
    before = State(0.0, "1", "trace of presynaptic spikes")
    cleft = State(0.0, "1", "transmitter")
    ca = Input("1", "calcium of the astrocyte")
    tau = Parameter(8.0, "ms", "decay", "assumed: a test")
    scale = Parameter(0.1, "nS", "change", "assumed: a test")
    conductance = Emission("nS", "what opens")

    def rates(q):
        return {"before": -q.before / q.tau, "cleft": -q.cleft / q.tau}

    def on_spike(q):
        return {"before": q.before + 1, "cleft": q.cleft + 1, "conductance": q.weight * (1 + q.ca)}

    def on_postspike(q):
        return {"weight": q.weight + q.scale * q.before}


def populations(size):
    drive = np.linspace(0.1, 0.6, size) * tp.units.mV / ms
    cells = net.Population(Cell(), size, values={"drive": drive})
    return cells, net.Population(Glia(), size, values={"ca": np.linspace(0.0, 0.3, size)}, step=0.5 * ms)


def joined(pre, behind, third, rule, attach, **more):
    synapse = tp.Compartment(Plastic())
    wiring = [
        synapse.conductance >> post.excitation,
        astrocyte.ca >> synapse.ca,
        total(synapse.before) >> post.seen,
        mean(synapse.cleft) >> astrocyte.seen,
    ]
    return net.Projection(pre, behind, third, synapse=synapse, rule=rule, attach=attach, wiring=wiring, **more)


def by_size(size):
    """Choices of presynaptic cells, postsynaptic cells and astrocytes that reach from the first cell to the last."""
    random = np.random.default_rng(size)
    mask = random.random(size) < 0.5
    mask[[0, -1]] = True
    some = random.permutation(size)[: size // 2]
    some = np.array([size - 1, 0, *some[(some > 0) & (some < size - 1)]])
    return mask, some, slice(None, None, -2)


def compare(size, choices, steps, all_threads):
    """The chosen cells, joined by listed edges, and the same edges in another order between whole populations."""
    mask, some, backward = choices
    everyone = np.arange(size)
    pres, posts, mates = everyone[mask], everyone[some], everyone[backward]
    random = np.random.default_rng(1)
    count = 3 * size
    i, j = random.integers(0, len(pres), count), random.integers(0, len(posts), count)
    k, order = random.integers(-1, len(mates), count), random.permutation(count)
    delays, weights = random.integers(1, 9, count) * 0.1 * ms, random.uniform(0.5, 2, count) * nS

    def run(threads, chosen):
        cells, glia = populations(size)
        if chosen:
            ends, listed = (cells[mask], cells[some], glia[backward]), slice(None)
            rule, attach = rules.Explicit(i, j), rules.ExplicitAttachment(k)
        else:
            ends, listed = (cells, cells, glia), order
            rule = rules.Explicit(pres[i][order], posts[j][order])
            attach = rules.ExplicitAttachment(np.where(k < 0, -1, mates[k])[order])
        more = {"delay": delays[listed], "values": {"weight": weights[listed]}}
        network = net.Network(cells=cells, glia=glia, connections=[joined(*ends, rule, attach, **more)])
        found = simulate(network, steps, threads=threads)
        return {name: found[name].copy() for name in ("cells_cell_v", "cells_cell_g", "glia_cell_ca")}

    reference = run(1, False)
    assert np.ptp(reference["cells_cell_g"][:size]) > 1
    for threads in all_threads:
        found = run(threads, True)
        for name, values in reference.items():
            np.testing.assert_array_equal(found[name][:size], values[:size], err_msg=f"{name}, {threads} threads")


@pytest.mark.parametrize("size", [255, 256, 257])
def test_chosen_ends_are_the_network_written_by_hand_on_any_number_of_threads(size):
    compare(size, by_size(size), 300, (1, 2, 3, 5, 8))


def test_chosen_ends_within_a_population_are_the_network_written_by_hand(monkeypatch):
    interpret(monkeypatch)
    compare(30, (np.isin(np.arange(30), [4, 5, 9, 21]), [22, 7, 3, 19, 6], [11, 25, 2]), 150, (1,))


@pytest.mark.parametrize(
    "rule",
    [
        rules.PairwiseBernoulli(0.4, autapses=False), rules.FixedInDegree(4), rules.AllToAll(autapses=False),
        rules.FixedTotalNumber(30), rules.DistanceDependent(rules.Gaussian(0.9, 20 * um)), rules.OneToOne(),
    ],
    ids=lambda rule: type(rule).__name__,
)  # fmt: skip
@pytest.mark.parametrize(
    "ends", [([5, 1, 9, 3], [2, 1, 0, 11]), ([7, 2, 4], [7, 2, 4]), (slice(None, None, 3), [9, 0, 3, 10])]
)
def test_rules_count_within_the_chosen_cells_in_their_order(rule, ends):
    from tripartite.network.connect.edges import draw

    first, second = (np.arange(12)[end] for end in ends)
    synapse = tp.Compartment(StaticSynapse())
    projection = net.Projection(CELLS[ends[0]], CELLS[ends[1]], synapse=synapse, rule=rule)
    found = draw(projection, 7, 3)
    same = np.array_equal(first, second)
    places = rules.Cells(len(first), CELLS.positions[first]), rules.Cells(len(second), CELLS.positions[second])
    local = rule.connect(*places, 7, 3, same)
    pairs = [(first[a], second[b]) for a, b in zip(local.sources, local.target, strict=True)]
    if not getattr(rule, "autapses", True):
        pairs = [(a, b) for a, b in pairs if a != b]
    sources = np.repeat(np.arange(first.min(), first.max() + 1), np.diff(found.start))
    stored = list(zip(sources, found.targets, strict=True))
    assert stored == sorted(pairs)
    place = np.arange(len(stored)) if found.given is None else found.given
    assert [pairs[n] for n in place] == stored


def test_a_fixed_number_without_autapses_is_refused_where_cells_overlap_in_another_order():
    from tripartite.network.connect.edges import draw

    synapse = tp.Compartment(StaticSynapse())
    rule = rules.FixedInDegree(3, autapses=False)
    projection = net.Projection(CELLS[[0, 5, 7, 9]], CELLS[[9, 7, 5, 0]], synapse=synapse, rule=rule)
    with pytest.raises(TripartiteError, match="same order"):
        draw(projection, 1, 0)
    apart = net.Projection(CELLS[::2], CELLS[1::2], synapse=synapse, rule=rule)
    assert len(draw(apart, 1, 0)) == 18


class Counter(Mechanism):
    """Counts events.

    **Sources** assumed: a test. **Holds for** tests.
    """

    count = State(0.0, "1", "events so far")
    event = Input("1", "amount of an event")
    level = Input("1", "driven")
    rate = Parameter(0.0, "1/ms", "drift", "assumed: a test")

    def rates(q):
        return {"count": q.rate * q.level}

    def on_event(q):
        return {"count": Add(q.event)}


@pytest.mark.parametrize("rate", [300.0, 9000.0])
def test_poisson_events_come_to_the_listed_cells_alone_whatever_the_threads(rate):
    random = np.random.default_rng(5)
    chosen = random.permutation(600)[:400]
    runs = []
    for threads in (1, 2, 3, 5):
        cells = net.Population(tp.Model(cell=Counter()), 600, values={"rate": 0.0 / ms})
        inputs = [
            net.PoissonInput(cells[chosen], "event", rate * Hz, 1.0),
            net.PoissonInput(cells[9:30], "event", rate * Hz, 1e6),
        ]
        network = net.Network(cells=cells, inputs=inputs)
        driven, record = net.On(cells, tp.protocols.Constant(level=0)), net.States(cells, "count", every=0.2 * s)
        result = network.run(until=0.2 * s, record=record, protocol=driven, threads=threads)
        runs.append(result["cells.count"].values[-1])
        np.testing.assert_array_equal(runs[-1], runs[0])
    counts = np.mod(runs[0], 1e6)
    assert not counts[np.setdiff1d(np.arange(600), chosen)].any()
    mine, expected = counts[chosen], rate * 0.2
    assert abs(mine.mean() - expected) < 5 * np.sqrt(expected / 400)
    assert abs(mine.var(ddof=1) - expected) < 5 * np.sqrt((2 * expected**2 * 400 / 399 + expected) / 400)
    assert np.array_equal(np.flatnonzero(runs[0] >= 1e6), np.arange(9, 30))
    a, b = counts[np.sort(chosen)[:-1:2]], counts[np.sort(chosen)[1::2]]
    assert abs(np.corrcoef(a, b)[0, 1]) < 5 / np.sqrt(200)


def test_protocols_and_records_take_chosen_cells(monkeypatch, tmp_path):
    interpret(monkeypatch)
    cells = net.Population(Counter(), 9, values={"rate": np.arange(1.0, 10) / ms})
    network = net.Network(cells=cells, step=1 * ms)
    odd, even = cells[1::2], cells[[8, 0, 2, 6, 4]]
    protocol = (
        net.On(odd, tp.protocols.Constant(level=1)) & net.On(even, tp.protocols.Constant(level=0))
        & net.On(cells[[7, 2, 3]], tp.Perturbation("faster", {"rate": 2.0}, at=5 * ms))
        & net.On(cells[[5, 3]], tp.Perturbation("slower", {"rate": 0.5}, at=5 * ms))
        & net.On(cells[[4, 6, 1]], tp.protocols.SpikeTrain([3.0] * ms, event="event"))
    )  # fmt: skip
    record = [
        net.States(cells, "count", every=10 * ms), net.States(even, "count", every=10 * ms),
        net.Average(odd, "count", every=10 * ms), net.Average(cells[5:8], "count", every=10 * ms),
    ]  # fmt: skip
    rate = np.arange(1.0, 10)
    expected = np.where(np.arange(9) % 2, rate * 10, 0.0)
    expected[7] *= 1.5  # twice as fast for half of the time; cell 2 stands still, and on cell 3 both factors act
    expected[5] *= 0.75
    expected[[4, 6, 1]] += 1
    for where in (None, tmp_path / "run.zarr"):
        result = network.run(until=10 * ms, record=record, protocol=protocol, threads=1, stream_to=where)
        found = result["cells.count"].values[-1]
        np.testing.assert_allclose(found, expected, rtol=1e-12)
        np.testing.assert_array_equal(result["cells_5_of_9_cell"], [8, 0, 2, 6, 4])
        np.testing.assert_array_equal(result["cells_5_of_9.count"].values[-1], found[[8, 0, 2, 6, 4]])
        np.testing.assert_allclose(result["cells_4_of_9.count.mean"].values[-1], found[1::2].mean(), rtol=1e-12)
        np.testing.assert_allclose(result["cells_4_of_9.count.sd"].values[-1], found[1::2].std(), rtol=1e-12)
        np.testing.assert_allclose(result["cells_5_8.count.mean"].values[-1], found[5:8].mean(), rtol=1e-12)
    shown = [bar[0] for bar in result.provenance["bars"]]
    assert "faster (3 of 9 cells)" in str(shown)
    again = network.resume(tmp_path / "run.zarr", threads=1)
    np.testing.assert_array_equal(again["cells_5_of_9.count"], result["cells_5_of_9.count"])
    both = net.On(cells[[1, 5]], tp.protocols.Constant(level=1)) & net.On(cells[5:], tp.protocols.Constant(level=2))
    with pytest.raises(TripartiteError, match=r"driven by one protocol; .* of cell 5 of"):
        network.run(until=10 * ms, protocol=both)
    apart = net.On(cells[::2], tp.protocols.Constant(level=1)) & net.On(cells[1::2], tp.protocols.Constant(level=2))
    network.run(until=10 * ms, protocol=apart, threads=1)


def test_spikes_of_chosen_cells_are_kept_alone(monkeypatch):
    interpret(monkeypatch)
    trains = net.SpikeTrains(6, [0, 1, 2, 3, 4, 5, 2], np.arange(1, 8) * ms)
    network = net.Network(trains=trains, step=1 * ms)
    found = network.run(until=10 * ms, record=net.Spikes(trains[[5, 2, 0]]), threads=1)
    np.testing.assert_array_equal(found.data["trains_3_of_6.spike.cells"], [0, 2, 5, 2])


class Pool(Mechanism):
    """IP3 that only exchanges.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ip3 = State(0.1, "uM", "IP3", low=0)
    rest = Parameter(0.0, "1/s", "its own rate", "assumed: a test")

    def rates(q):
        return {"ip3": q.rest * q.ip3}


def test_couplings_join_chosen_cells_in_their_order(monkeypatch):
    share_cells(monkeypatch)
    start = np.linspace(0.1, 2.0, 40)
    chosen = np.random.default_rng(2).permutation(40)[:25]
    speed = np.linspace(1, 5, 50) / s
    found = {}
    for threads in (1, 2, 5):
        for what in ("chosen", "by hand"):
            cells = net.Population(Pool(), 40, values={"ip3": start * uM})
            i, j = np.arange(25), (np.arange(25) + 1) % 25
            if what == "chosen":
                values = {"permeability": speed}
                coupling = net.Coupling(cells[chosen], LinearIp3Coupling(), rules.Ring(), values=values)
                edges = coupling.edges
                of_pair = dict(zip(zip(chosen[edges.sources], chosen[edges.target], strict=True), speed, strict=True))
            else:
                i, j = np.concatenate([chosen[i], chosen[j]]), np.concatenate([chosen[j], chosen[i]])
                values = {"permeability": [of_pair[pair] for pair in zip(i, j, strict=True)]}
                coupling = net.Coupling(cells, LinearIp3Coupling(), rules.EdgeList(i, j), values=values)
            ran = simulate(net.Network(cells=cells, connections=[coupling]), 100, threads=threads)
            found[what, threads] = ran["cells_cell_ip3"][:40].copy()
    first = found["by hand", 1]
    assert abs(first - start)[chosen].min() > 0 and (first == start).sum() == 15
    for values in found.values():
        np.testing.assert_array_equal(values, first)


def test_what_needs_a_whole_population_says_so():
    shape = tp.Morphology.cable(10 * um, 1 * um, 3)
    cells = net.Population(Pool(), shape, count=2)
    for some in (cells[::-1], cells[cells.places[0]], cells[:3]):
        with pytest.raises(TripartiteError, match="whole"):
            net.Coupling(some, LinearIp3Coupling(), rules.Along(shape))
        with pytest.raises(TripartiteError, match="whole"):
            net.Diffusion(some, ip3=1 * um**2 / s)
    with pytest.raises(RangeError):
        cells[cells.places]
