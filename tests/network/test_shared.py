"""Synapses that several astrocytes share: every number as a program that walks over synapses and shares says."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, per_synapse
from tests.network.test_partners import Ramp
from tripartite.errors import NetworkError, WiringError
from tripartite.interpret.kernels import cores
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State
from tripartite.network import Exact, Naive, Network, Partner, Population, Projection, lattice
from tripartite.network.roles import astrocyte, mean, post, pre, total
from tripartite.network.rules import Explicit, ExplicitSharing, OverlappingTerritories, PairwiseBernoulli
from tripartite.network.sources import SpikeTrains
from tripartite.units import ms, um

STEP, STEPS, TAU = 0.1, 300, 7.0
PRE, BEHIND = [2, 0, 0, 1, 1, 2], [1, 0, 0, 1, 2, 2]
"""Two of the synapses are parallel, and given in another order than they are stored in."""
SHARES = [(0, 0, 0.5), (0, 1, 0.3), (1, 2, 1.0), (2, 2, 0.25), (2, 0, 0.5), (2, 1, 0.25), (4, 1, 0.2), (5, 0, 1.0)]
"""Synapse, astrocyte, fraction; the fourth synapse is bare."""
SLOPES = {"pre": [0.31, 0.17, 0.23], "post": [0.29, 0.37, 0.13], "glia": [0.081, 0.067, 0.13]}
RATIOS = {"pre": 1, "post": 1, "glia": 3}
DELAY, WAVES = 2, 4
"""Steps from a spike, and from an event of an astrocyte, to the synapse."""


class Ensheathed(Mechanism):
    """What a synapse sees, hears and gives.

    **Sources** assumed: a test. **Holds for** tests.
    """

    seen = Input("1", "what astrocytes show")
    wave = Input("1", "event of astrocytes")
    tau = Parameter(TAU, "ms", "time constant", "assumed: a test")
    trace = State(0.0, "1", "jumps at spikes and decays")
    waves = State(0.0, "1", "jumps at waves, by how much came, and decays")
    follower = State(0.0, "1", "follows astrocytes")
    told = Emission("1", "what a spike sends")
    passed = Emission("1", "what a threshold sends")

    def rates(q):
        return {
            "trace": -q.trace / q.tau,
            "waves": -q.waves / q.tau,
            "follower": (q.seen - q.follower) / q.tau,
        }

    def on_spike(q):
        return {"trace": Add(1), "told": 1 + q.trace + q.waves}

    def on_wave(q):
        return {"waves": q.waves + q.wave * (1 - 0.1 * q.waves)}

    def crossing(q):
        return q.trace - 1.2

    def on_crossing(q):
        return {"passed": 1}


def listed(shares):
    return ExplicitSharing(*zip(*shares, strict=True))


def network(placement=Exact(), attach=listed(SHARES), rule=Explicit(PRE, BEHIND), slopes=SLOPES):
    synapse = tp.Compartment(Ensheathed())
    cells = {
        role: Population(
            Ramp(),
            len(each),
            values={"slope": each * (1 / ms)},
            step=RATIOS[role] * STEP * ms,
            positions=lattice(len(each), 1, 2000 / len(each) * um),
        )
        for role, each in slopes.items()
    }
    edges = Projection(
        cells["pre"],
        cells["post"],
        synapse=synapse,
        rule=rule,
        partners={"astrocyte": Partner(cells["glia"], attach, WAVES * STEP * ms)},
        delay=DELAY * STEP * ms,
        wiring=[
            astrocyte.level >> synapse.seen,
            astrocyte.spike >> synapse.wave,
            synapse.told >> astrocyte.sent,
            synapse.passed >> astrocyte.sent,
            total(synapse.follower) >> astrocyte.seen,
            mean(synapse.waves) >> astrocyte.seen,
            total(astrocyte.level) >> post.seen,
            mean(synapse.trace) >> pre.seen,
            synapse.told >> post.sent,
            synapse.passed >> post.sent,
        ],
    )
    return Network(
        before=cells["pre"],
        behind=cells["post"],
        glia=cells["glia"],
        connections=[edges],
        step=STEP * ms,
        placement=placement,
    )


def expected(steps):
    """The same by a loop over steps, synapses and shares, in ms."""
    part = np.zeros((len(PRE), 3))
    for synapse, cell, fraction in SHARES:
        part[synapse, cell] = fraction
    level = {role: np.full(3, 0.2) for role in SLOPES}
    middle = level["glia"].copy()
    memory, since = ({role: np.zeros(3) for role in SLOPES} for _ in range(2))
    got, mean_of_decay = np.zeros(3), -np.expm1(-STEP / TAU) * TAU / STEP
    waiting, left = np.zeros(3), np.zeros(len(PRE))
    fired: dict[str, list[set[int]]] = {role: [] for role in SLOPES}
    trace, waves, follower = (np.zeros(len(PRE)) for _ in range(3))
    above = np.zeros(len(PRE), bool)

    def came(role, n, delay):
        return fired[role][n - 1 - delay] if n - 1 - delay >= 0 else set()

    for n in range(steps):
        waiting, left = waiting + part.T @ left, np.zeros(len(PRE))
        hit = np.isin(PRE, list(came("pre", n, DELAY)))
        waiting = waiting + part.T @ np.where(hit, 1 + trace + waves, 0.0)
        trace = trace + hit
        for cell in [*came("glia", n, WAVES)]:  # one after the other, as they share no amount
            waves = waves + part[:, cell] * (1 - 0.1 * waves)
        seen = {
            "glia": part.T @ follower + part.T @ waves / part.sum(axis=0) * mean_of_decay,
            "pre": np.bincount(PRE, trace, 3) / np.bincount(PRE),
        }
        seen["post"] = np.bincount(BEHIND, part @ level["glia"], 3)
        before = trace
        trace, waves = trace * np.exp(-STEP / TAU), waves * np.exp(-STEP / TAU)
        for role, ratio in RATIOS.items():
            found = set()
            since[role] = since[role] + seen[role] * STEP
            if (n + 1) % ratio == 0:
                end = level[role] + np.array(SLOPES[role]) * ratio * STEP
                if role == "glia":
                    middle = (level[role] + end) / 2
                    got, waiting = got + waiting, np.zeros(3)
                over = (level[role] <= 1) & (end > 1)
                level[role] = np.where(over, end - 1, end)
                memory[role], since[role] = memory[role] + since[role], np.zeros(3)
                found = set(np.flatnonzero(over))
            fired[role].append(found)
        if (n + 1) % RATIOS["glia"] == 0:
            goal = part @ middle
            follower = goal + (follower - goal) * np.exp(-RATIOS["glia"] * STEP / TAU)
        left = np.where(((before > 1.2) | (trace > 1.2)) & ~above, 1.0, 0.0)
        above = trace > 1.2
    return level, memory, got, waves, follower


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
def test_synapses_that_are_shared_are_what_a_walk_over_shares_says(monkeypatch, placement):
    interpret(monkeypatch)
    level, memory, got, waves, follower = expected(STEPS)
    found = network(placement).start(threads=1)
    for _ in range(2):
        found.run(STEPS / 2 * STEP * ms, record=[])
    assert got.min() > 3
    for role, name in (("pre", "before"), ("post", "behind"), ("glia", "glia")):
        np.testing.assert_allclose(found[f"{name}_cell_level"][:-1], level[role], rtol=1e-9)
        np.testing.assert_allclose(found[f"{name}_cell_memory"][:-1], memory[role], rtol=1e-9, err_msg=role)
    np.testing.assert_allclose(found["glia_cell_got"][:-1], got, rtol=1e-9)
    order = np.lexsort((BEHIND, PRE))
    values, elapsed = per_synapse(found, 0, "synapse.waves")
    np.testing.assert_allclose(values * np.exp(-elapsed * STEP / TAU), waves[order], rtol=1e-9)
    np.testing.assert_allclose(per_synapse(found, 0, "synapse.follower")[0], follower[order], rtol=1e-9)


def arrived(found, name):
    """All that came to the cells of a population, what waits for their next step included."""
    return found[f"{name}_cell_got"].sum() + found[f"{name}_cell_sent_sum"].sum()


def scattered(size, glia=5):
    """Cells on a line under astrocytes; numbers of cells around the border of a block."""
    slopes = {role: np.linspace(0.13, 0.37, size) for role in ("pre", "post")} | {"glia": np.linspace(0.06, 0.13, glia)}
    return network(attach=OverlappingTerritories(3, 400 * um), rule=PairwiseBernoulli(8 / size), slopes=slopes)


def test_threads_share_out_what_astrocytes_share(monkeypatch):
    """Of all synapses the same part is told to neurons and to the astrocytes that have them."""
    monkeypatch.setattr(cores, "COUNT", 8)
    for size in (255, 257):
        one, several = (scattered(size).start(threads=count) for count in (1, 3))
        for found in (one, several):
            found.run(30 * ms, record=[])
        for name in one.layout.memory.changing - one.layout.memory.of_threads:
            np.testing.assert_array_equal(one[name], several[name], err_msg=name)
        assert arrived(one, "glia") > 1000
        assert arrived(one, "glia") == pytest.approx(arrived(one, "behind"), rel=1e-12)


def test_fractions_are_shown_before_a_run():
    table = network().edges("synapses0")
    shown = {
        (edge, int(cell)): float(part)
        for place in range(3)
        for edge, (cell, part) in enumerate(
            zip(table[f"astrocyte_{place}"].values, table[f"astrocyte_{place}_fraction"].values, strict=True)
        )
        if cell >= 0
    }
    assert shown == {(edge, cell): part for edge, cell, part in SHARES}


def test_an_event_that_weighs_nothing_is_not_shared():
    """What does the same whatever it brings cannot be divided among astrocytes."""

    class Deaf(Mechanism):
        """Counts waves.

        **Sources** assumed: a test. **Holds for** tests.
        """

        wave = Input("1", "event of astrocytes")
        count = State(0.0, "1", "waves")

        def on_wave(q):
            return {"count": q.count + 1}

    synapse, cells = tp.Compartment(Deaf()), Population(Ramp(), 2)
    edges = Projection(
        cells,
        cells,
        cells,
        synapse=synapse,
        rule=Explicit([0], [1]),
        attach=listed([(0, 0, 0.5), (0, 1, 0.5)]),
        wiring=[astrocyte.spike >> synapse.wave, total(synapse.count) >> post.seen],
    )
    with pytest.raises(WiringError, match=r"does the same whatever it brings\. Multiply what it does by `q\.wave`"):
        Network(cells=cells, connections=[edges]).start(threads=1)


def test_sources_of_spikes_share_synapses_too(monkeypatch):
    interpret(monkeypatch)
    synapse, cells = tp.Compartment(Ensheathed()), Population(Ramp(), 1, values={"slope": 0.0 * (1 / ms)})
    trains = SpikeTrains(2, [0, 1], [1, 2] * ms)
    edges = Projection(
        cells,
        cells,
        synapse=synapse,
        rule=Explicit([0], [0]),
        partners={"astrocyte": (trains, listed([(0, 0, 0.25), (0, 1, 0.5)])), "shows": cells},
        wiring=[
            astrocyte.spike >> synapse.wave,
            pre.level >> synapse.seen,
            total(synapse.waves) >> post.seen,
            synapse.told >> post.sent,
        ],
    )
    found = Network(cells=cells, trains=trains, connections=[edges], step=STEP * ms).start(threads=1)
    found.run(3 * ms, record=[])
    values, elapsed = per_synapse(found, 0, "synapse.waves")
    first = 0.25 * np.exp(-1 / TAU)
    assert values[0] * np.exp(-elapsed[0] * STEP / TAU) == pytest.approx(
        (first + 0.5 * (1 - 0.1 * first)) * np.exp(-1 / TAU), rel=1e-9
    )


def test_a_partner_is_not_called_as_one_of_those_that_share():
    cells = Population(Ramp(), 2)
    with pytest.raises(NetworkError, match=r"`astrocyte_1` is one of `astrocyte` and a partner of its own"):
        Projection(
            cells,
            cells,
            synapse=Ensheathed(),
            rule=Explicit([0], [1]),
            partners={
                "astrocyte": (cells, listed([(0, 0, 0.5), (0, 1, 0.5)])),
                "astrocyte_1": (cells, listed([(0, 0, 1.0)])),
            },
        )
