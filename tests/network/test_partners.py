"""Synapses with several partners: every level, event and sum as a program that walks over synapses says."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, per_synapse, share_cells
from tripartite.errors import NetworkError, WiringError
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State
from tripartite.network.network import Network
from tripartite.network.partner import Partner
from tripartite.network.placement import Exact, Naive
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.roles import astrocyte, mean, partner, post, pre, total
from tripartite.network.rules.listed import Explicit
from tripartite.network.rules.third import ExplicitAttachment
from tripartite.units import ms

STEP, STEPS, TAU = 0.1, 400, 7.0
EDGES = [(0, 0, 0, 1), (0, 1, 1, -1), (1, 0, 1, 0), (1, 2, -1, 0), (2, 1, 0, 1), (2, 2, 1, 1)]
"""Presynaptic cell, postsynaptic cell, astrocyte, cell of the other partner (-1: none)."""
SLOPES = {
    "pre": [0.31, 0.17, 0.23],
    "post": [0.29, 0.37, 0.13],
    "astrocyte": [0.081, 0.067],
    "other": [0.11, 0.19],
    "dopamine": [0.093],
}
"""1/ms"""
RATIOS = {"pre": 1, "post": 1, "astrocyte": 3, "other": 2, "dopamine": 5}
DELAYS = {"pre": 2, "astrocyte": 4, "dopamine": 0}
"""Steps."""


class Ramp(Mechanism):
    """A ramp that begins anew at one, what its synapses show it, and what they send it.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = State(0.2, "1", "ramp")
    memory = State(0.0, "ms", "integral of what was seen")
    got = State(0.0, "1", "sum of what was sent")
    seen = Input("1", "what synapses show")
    sent = Input("1", "what synapses send")
    slope = Parameter(0.1, "1/ms", "slope", "assumed: a test")
    spike = Emission("1", "the ramp begins anew")

    def rates(q):
        return {"level": q.slope, "memory": q.seen}

    def crossing(q):
        return q.level - 1

    def on_crossing(q):
        return {"level": q.level - 1, "spike": 1}

    def on_sent(q):
        return {"got": Add(q.sent)}


class Kinds(Mechanism):
    """A state for every set of partners, moved by events of all of them.

    **Sources** assumed: a test. **Holds for** tests.
    """

    a = Input("1", "of the astrocyte")
    d = Input("1", "of dopamine")
    o = Input("1", "of the other partner")
    wave = Input("1", "event of the astrocyte")
    reward = Input("1", "event of dopamine")
    tau = Parameter(TAU, "ms", "time constant", "assumed: a test")

    shared = State(0.0, "1", "follows dopamine")
    rewarded = State(0.0, "1", "jumps at rewards and decays")
    trace = State(0.0, "1", "jumps at spikes and decays")
    by_astrocyte = State(0.0, "1", "jumps at spikes and decays as the astrocyte says")
    by_other = State(0.0, "1", "jumps at spikes and decays as the other partner says")
    by_dopamine = State(0.0, "1", "jumps at spikes and decays as dopamine says")
    waves = State(0.0, "1", "jumps at waves and decays")
    tagged = State(0.0, "1", "jumps at spikes, and at waves by itself")
    both = State(0.0, "1", "follows astrocyte and other partner")
    eligibility = State(0.0, "1", "jumps at postsynaptic spikes by the trace")
    weight = State(1.0, "1", "jumps at rewards by what is eligible")
    told = Emission("1", "what a spike sends")
    paid = Emission("1", "what a reward sends")

    def rates(q):
        return {
            "shared": (q.d - q.shared) / q.tau,
            "rewarded": -q.rewarded / q.tau,
            "trace": -q.trace / q.tau,
            "by_astrocyte": -q.by_astrocyte * (1 + q.a) / q.tau,
            "by_other": -q.by_other * (1 + q.o) / q.tau,
            "by_dopamine": -q.by_dopamine * (1 + q.d) / q.tau,
            "waves": -q.waves / q.tau,
            "tagged": -q.tagged / q.tau,
            "both": (q.a + q.o - q.both) / q.tau,
            "eligibility": -q.eligibility / q.tau,
        }

    def on_spike(q):
        grown = ("trace", "by_astrocyte", "by_other", "by_dopamine", "tagged")
        return {name: getattr(q, name) + 1 for name in grown} | {"told": q.weight * (1 + q.trace)}

    def on_postspike(q):
        return {"eligibility": Add(q.trace)}

    def on_wave(q):
        return {"waves": Add(1), "tagged": 2 * q.tagged + 0.1 * q.waves}

    def on_reward(q):
        gained = 0.1 * q.eligibility * (1 + q.waves)
        return {"rewarded": Add(1), "weight": Add(gained), "paid": gained}


NAMES = [name for name, item in Kinds.declarations.items() if isinstance(item, State)]
POPULATIONS = {"pre": "before", "post": "behind", "astrocyte": "glia", "other": "others", "dopamine": "vta"}


def network(placement):
    kinds = tp.Compartment(Kinds())
    cells = {
        role: Population(
            tp.Model(cell=tp.Compartment(Ramp())),
            len(slopes),
            values={"slope": slopes * (1 / ms)},
            step=RATIOS[role] * STEP * ms,
        )
        for role, slopes in SLOPES.items()
    }
    dopamine, other = partner("dopamine"), partner("other")
    edges = Projection(
        cells["pre"],
        cells["post"],
        synapse=kinds,
        rule=Explicit([e[0] for e in EDGES], [e[1] for e in EDGES]),
        partners={
            "astrocyte": Partner(
                cells["astrocyte"],
                ExplicitAttachment([e[2] for e in EDGES]),
                delay=DELAYS["astrocyte"] * STEP * ms,
            ),
            "dopamine": cells["dopamine"],
            "other": (cells["other"], ExplicitAttachment([e[3] for e in EDGES])),
        },
        delay=DELAYS["pre"] * STEP * ms,
        wiring=[
            astrocyte.level >> kinds.a,
            dopamine.level >> kinds.d,
            other.level >> kinds.o,
            astrocyte.spike >> kinds.wave,
            dopamine.spike >> kinds.reward,
            kinds.told >> post.sent,
            kinds.told >> pre.sent,
            kinds.told >> other.sent,
            kinds.paid >> astrocyte.sent,
            kinds.paid >> dopamine.sent,
            total(kinds.weight) >> post.seen,
            mean(kinds.weight) >> pre.seen,
            mean(kinds.eligibility) >> astrocyte.seen,
            total(kinds.weight) >> dopamine.seen,
            total(astrocyte.level) >> other.seen,
        ],
    )
    return Network(
        **{POPULATIONS[role]: cells[role] for role in SLOPES}, connections=[edges], step=STEP * ms, placement=placement
    )


def expected(steps):
    """The same by a loop over steps and synapses, in ms."""
    level = {role: np.full(len(slopes), 0.2) for role, slopes in SLOPES.items()}
    means = {role: values.copy() for role, values in level.items()}
    memory, since, got = ({role: np.zeros(len(slopes)) for role, slopes in SLOPES.items()} for _ in range(3))
    fired: dict[str, list[set[int]]] = {role: [] for role in SLOPES}
    x = {name: np.zeros(len(EDGES)) for name in NAMES}
    x["weight"] += 1
    ends = {"pre": 0, "post": 1, "astrocyte": 2, "other": 3}
    cell = {role: np.array([e[place] for e in EDGES]) for role, place in ends.items()}
    cell["dopamine"] = np.zeros(len(EDGES), int)
    waiting = {role: np.zeros(len(slopes)) for role, slopes in SLOPES.items()}

    def shown(values, role):
        return np.where(cell[role] >= 0, values[role][cell[role]], 0.0)

    def came(role, n, delay):
        back = n - 1 - delay
        return np.isin(cell[role], list(fired[role][back])) if back >= 0 else np.zeros(len(EDGES), bool)

    def send(role, amount):
        np.add.at(waiting[role], cell[role][cell[role] >= 0], amount[cell[role] >= 0])

    def summed(role, values, average=False):
        inside = cell[role] >= 0
        found = np.bincount(cell[role][inside], values[inside], len(SLOPES[role]))
        return found / np.maximum(np.bincount(cell[role][inside], minlength=len(found)), 1) if average else found

    for n in range(steps):
        hit = came("pre", n, DELAYS["pre"])
        told = np.where(hit, x["weight"] * (1 + x["trace"]), 0.0)
        for role in ("post", "pre", "other"):
            send(role, told)
        for key in ("trace", "by_astrocyte", "by_other", "by_dopamine", "tagged"):
            x[key] = x[key] + hit
        x["eligibility"] = x["eligibility"] + came("post", n, 0) * x["trace"]
        hit = came("astrocyte", n, DELAYS["astrocyte"])
        x["tagged"], x["waves"] = (
            np.where(hit, 2 * x["tagged"] + 0.1 * x["waves"], x["tagged"]),
            x["waves"] + hit,
        )
        hit = came("dopamine", n, DELAYS["dopamine"])
        gained = np.where(hit, 0.1 * x["eligibility"] * (1 + x["waves"]), 0.0)
        x["weight"], x["rewarded"] = x["weight"] + gained, x["rewarded"] + hit
        for role in ("astrocyte", "dopamine"):
            send(role, gained)
        seen = {
            "post": summed("post", x["weight"]),
            "pre": summed("pre", x["weight"], average=True),
            "astrocyte": summed("astrocyte", x["eligibility"], average=True) * -np.expm1(-STEP / TAU) * TAU / STEP,
            "dopamine": summed("dopamine", x["weight"]),
            "other": summed("other", shown(level, "astrocyte")),
        }
        drives = {"by_astrocyte": "astrocyte", "by_other": "other", "by_dopamine": "dopamine"}
        for key in ("rewarded", "trace", "waves", "tagged", "eligibility", *drives):
            x[key] = x[key] * np.exp(-STEP * (1 + (shown(level, drives[key]) if key in drives else 0)) / TAU)
        for role, ratio in RATIOS.items():
            found = set()
            since[role] = since[role] + seen[role] * STEP
            if (n + 1) % ratio == 0:
                start, width = level[role], ratio * STEP
                end = start + np.array(SLOPES[role]) * width
                means[role] = (start + end) / 2
                over = (start <= 1) & (end > 1)
                level[role] = np.where(over, end - 1, end)
                memory[role], since[role] = memory[role] + since[role], np.zeros(len(start))
                got[role], waiting[role] = got[role] + waiting[role], np.zeros(len(start))
                found = set(np.flatnonzero(over))
            fired[role].append(found)
        if (n + 1) % RATIOS["dopamine"] == 0:
            goal, fade = shown(means, "dopamine"), np.exp(-RATIOS["dopamine"] * STEP / TAU)
            x["shared"] = goal + (x["shared"] - goal) * fade
        if (n + 1) % RATIOS["other"] == 0:  # those that step most often move what follows both
            goal, fade = shown(level, "astrocyte") + shown(means, "other"), np.exp(-RATIOS["other"] * STEP / TAU)
            x["both"] = goal + (x["both"] - goal) * fade
    return level, memory, got, x, fired


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
@pytest.mark.parametrize("compiled", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["text", "compiled"])
def test_synapses_with_three_partners_are_what_a_walk_over_them_says(monkeypatch, placement, compiled):
    if not compiled:
        interpret(monkeypatch)
    *_, fired = expected(STEPS)
    quiet = [n for n in range(STEPS, 0, -1) if not any(fired[r][n - 1 - d] for r, d in (*DELAYS.items(), ("post", 0)))]
    steps = quiet[0]  # what arrives at the end may have acted
    level, memory, got, x, _ = expected(steps)
    found = network(placement).start(threads=1)
    found.run(steps * STEP * ms, record=[])
    for role, name in POPULATIONS.items():
        if steps % RATIOS[role] == 0:
            np.testing.assert_allclose(found[f"{name}_cell_level"][:-1], level[role], rtol=1e-9)
        np.testing.assert_allclose(found[f"{name}_cell_memory"][:-1], memory[role], rtol=1e-9, err_msg=role)
        np.testing.assert_allclose(found[f"{name}_cell_got"][:-1], got[role], rtol=1e-9, err_msg=role)
    assert min(x["weight"]) > 1.0
    drives = {"by_astrocyte": 2, "by_other": 3, "by_dopamine": None}
    for key in NAMES:
        values, elapsed = per_synapse(found, 0, f"synapse.{key}")
        if key in drives:
            place = drives[key]
            role = {"by_astrocyte": "astrocyte", "by_other": "other", "by_dopamine": "dopamine"}[key]
            which = [0 if place is None else edge[place] for edge in EDGES]
            rate = 1 + np.array([level[role][m] if m >= 0 else 0.0 for m in which])
        else:
            rate = np.zeros(len(EDGES)) if key in ("shared", "both", "weight") else np.ones(len(EDGES))
        np.testing.assert_allclose(values * np.exp(-elapsed * STEP * rate / TAU), x[key], rtol=1e-9, err_msg=key)


def test_variables_live_on_the_smallest_set_of_partners():
    found = network(Exact()).start(threads=1).layout.joined[0].plan.level
    assert {key.split(".")[1]: level for key, level in found.items()} == {
        "shared": "shared",
        "rewarded": "shared",
        "trace": "pre",
        "by_astrocyte": "pre_astrocyte",
        "by_other": "pre_other",
        "by_dopamine": "pre",
        "waves": "astrocyte",
        "tagged": "pre_astrocyte",
        "both": "synapse",
        "eligibility": "synapse",
        "weight": "synapse",
    }


@pytest.mark.parametrize(
    "threads", [pytest.param(2, marks=pytest.mark.slow), 3, pytest.param(5, marks=pytest.mark.slow)]
)
def test_threads_do_not_change_what_partners_do(monkeypatch, threads):
    share_cells(monkeypatch, 1)
    one, several = (network(Exact()).start(threads=count) for count in (1, threads))
    for found in (one, several):
        found.run(STEPS * STEP * ms, record=[])
    for name in one.layout.memory.changing - one.layout.memory.of_threads:
        np.testing.assert_array_equal(one[name], several[name], err_msg=name)


def test_a_partner_of_several_cells_needs_a_rule():
    cells = Population(Ramp(), 3)
    with pytest.raises(NetworkError, match=r"A rule says which of several cells .* got 3 cells"):
        Partner(cells)


def test_a_wire_names_a_partner_that_is_there():
    kinds, cells = tp.Compartment(Kinds()), Population(Ramp(), 1)
    with pytest.raises(WiringError, match=r"`dopamin\.level` is wired, .* no partner `dopamin`\. .*`dopamine`"):
        Projection(
            cells,
            cells,
            synapse=kinds,
            rule=Explicit([0], [0]),
            partners={"dopamine": cells},
            wiring=[partner("dopamin").level >> kinds.d],
        )
