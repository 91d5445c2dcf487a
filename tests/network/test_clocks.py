"""Every kind of synaptic state follows partners with any steps, as a program that walks over synapses says."""

from itertools import product

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, per_synapse
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State
from tripartite.network.network import Network
from tripartite.network.placement import Exact, Naive
from tripartite.network.population import Population
from tripartite.network.projection import Projection
from tripartite.network.roles import astrocyte, mean, post, pre, total
from tripartite.network.rules.listed import Explicit
from tripartite.network.rules.third import ExplicitAttachment
from tripartite.network.stimuli import On
from tripartite.units import ms

STEP = 0.1
EDGES = [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 2, -1), (2, 1, 0), (2, 2, 1)]
"""Presynaptic cell, postsynaptic cell, astrocyte (-1: none)."""
SLOPES = {"pre": [0.31, 0.17, 0.23], "post": [0.29, 0.37, 0.13], "astrocyte": [0.041, 0.067]}
"""1/ms"""


class Ramp(Mechanism):
    """A ramp that begins anew at one, and what its synapses show it.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = State(0.2, "1", "ramp")
    memory = State(0.0, "ms", "integral of what was seen")
    seen = Input("1", "what synapses show")
    slope = Parameter(0.1, "1/ms", "slope", "assumed: a test")
    spike = Emission("1", "the ramp begins anew")

    def rates(q):
        return {"level": q.slope, "memory": q.seen}

    def crossing(q):
        return q.level - 1

    def on_crossing(q):
        return {"level": q.level - 1, "spike": 1}


class Kinds(Mechanism):
    """A state of every kind, and for each kind all partners that it can follow.

    **Sources** assumed: a test. **Holds for** tests.
    """

    a = Input("1", "of the presynaptic cell")
    b = Input("1", "of the postsynaptic cell")
    c = Input("1", "of the astrocyte")
    tau = Parameter(7.0, "ms", "time constant", "assumed: a test")

    to_post = State(0.0, "1", "a trace summed at the postsynaptic cell")
    to_astrocyte = State(0.0, "1", "a trace averaged at the astrocyte")
    trace = State(0.0, "1", "jumps at spikes and decays")
    answer = State(0.0, "1", "jumps at postsynaptic spikes and decays")
    weight = State(0.5, "1", "jumps at postsynaptic spikes by the trace and the astrocyte")
    jumps_c = State(0.0, "1", "jumps at spikes and decays as the astrocyte says")
    jumps_b = State(0.0, "1", "jumps at spikes and decays as the postsynaptic cell says")
    jumps_abc = State(0.0, "1", "jumps at spikes and decays as all three say")
    linear_a = State(0.0, "1", "follows one")
    linear_b = State(0.0, "1", "follows one")
    linear_c = State(0.0, "1", "follows one")
    linear_ab = State(0.0, "1", "follows two")
    linear_ac = State(0.0, "1", "follows two")
    linear_bc = State(0.0, "1", "follows two")
    linear_abc = State(0.0, "1", "follows three")
    curved_c = State(0.1, "1", "follows one, nonlinear")
    curved_ac = State(0.1, "1", "follows two, nonlinear")
    curved_abc = State(0.1, "1", "follows three, nonlinear")
    chained = State(0.0, "1", "follows the astrocyte; the next one reads it")
    chain = State(0.0, "1", "follows the postsynaptic cell and the state before")

    def rates(q):
        def linear(x, drive):
            return (1 + drive - x) / q.tau

        def curved(x, drive):
            return (drive * x * (1 - x) + 0.1) / q.tau

        return {
            "to_post": -q.to_post / q.tau,
            "to_astrocyte": -q.to_astrocyte / q.tau,
            "trace": -q.trace / q.tau,
            "answer": -q.answer / q.tau,
            "jumps_c": -q.jumps_c * (1 + q.c) / q.tau,
            "jumps_b": -q.jumps_b * (1 + q.b) / q.tau,
            "jumps_abc": -q.jumps_abc * (1 + q.a * q.b * q.c) / q.tau,
            "linear_a": linear(q.linear_a, q.a),
            "linear_b": linear(q.linear_b, q.b),
            "linear_c": linear(q.linear_c, q.c),
            "linear_ab": linear(q.linear_ab, q.a * q.b),
            "linear_ac": linear(q.linear_ac, q.a * q.c),
            "linear_bc": linear(q.linear_bc, q.b * q.c),
            "linear_abc": linear(q.linear_abc, q.a * q.b * q.c),
            "curved_c": curved(q.curved_c, q.c),
            "curved_ac": curved(q.curved_ac, q.a * q.c),
            "curved_abc": curved(q.curved_abc, q.a * q.b * q.c),
            "chained": linear(q.chained, q.c),
            "chain": (q.b * q.chained - 2 * q.chain) / q.tau,
        }

    def on_spike(q):
        grown = ("to_post", "to_astrocyte", "trace", "jumps_c", "jumps_b", "jumps_abc")
        return {name: getattr(q, name) + 1 for name in grown}

    def on_postspike(q):
        return {"answer": Add(1), "weight": Add(0.1 * q.trace * (1 + q.c))}


def network(ratios, delay, placement):
    kinds = tp.Compartment(Kinds())
    cells = {
        role: Population(
            tp.Model(cell=tp.Compartment(Ramp())),
            len(SLOPES[role]),
            values={"slope": SLOPES[role] * (1 / ms)},
            step=ratio * STEP * ms,
        )
        for role, ratio in ratios.items()
    }
    edges = Projection(
        cells["pre"],
        cells["post"],
        cells["astrocyte"],
        synapse=kinds,
        rule=Explicit([e[0] for e in EDGES], [e[1] for e in EDGES]),
        attach=ExplicitAttachment([e[2] for e in EDGES]),
        delay=delay * STEP * ms if delay else None,
        wiring=[
            pre.level >> kinds.a,
            post.level >> kinds.b,
            astrocyte.level >> kinds.c,
            total(kinds.to_post) >> post.seen,
            mean(kinds.to_astrocyte) >> astrocyte.seen,
        ],
    )
    names = {"pre": "before", "post": "behind", "astrocyte": "glia"}
    return Network(
        **{names[role]: cells[role] for role in ratios}, connections=[edges], step=STEP * ms, placement=placement
    )


def expected(ratios, delay, steps, changes=()):
    """The same by a loop over steps and synapses, in ms.

    ``changes``: what (a role, whose slope changes, or "tau"), factor, begin and stop in steps. One within a step of
    those that read what changes ends that step, and another one begins.
    """
    readers = {"tau": set(ratios.values())} | {role: {ratio} for role, ratio in ratios.items()}
    cuts = {r: {t for what, _, *ends in changes for t in ends if r in readers[what]} for r in ratios.values()}
    began = dict.fromkeys(ratios.values(), 0)

    def factor(what, n):
        return np.prod([f for name, f, begin, stop in changes if name == what and begin <= n < stop])

    level = {role: np.full(len(SLOPES[role]), 0.2) for role in ratios}
    memory = {role: np.zeros(len(SLOPES[role])) for role in ratios}
    means = {role: level[role].copy() for role in ratios}
    area = {role: np.zeros(len(SLOPES[role])) for role in ratios}
    fired = {role: [] for role in ratios}
    synapses = [dict.fromkeys(NAMES, 0.0) | {"weight": 0.5} for _ in EDGES]
    for x in synapses:
        x |= dict.fromkeys(("curved_c", "curved_ac", "curved_abc"), 0.1)
    degree = np.bincount([m for *_, m in EDGES if m >= 0], minlength=2)

    def shown(values, edge):
        i, j, m = edge
        return {"a": values["pre"][i], "b": values["post"][j], "c": values["astrocyte"][m] if m >= 0 else 0.0}

    for n in range(steps):
        tau = 7.0 * factor("tau", n)
        due = {r: n + 1 - began[r] for r in began if (n + 1) % r == 0 or n + 1 in cuts[r]}
        for x, edge in zip(synapses, EDGES, strict=True):
            if n > delay and edge[0] in fired["pre"][n - 1 - delay]:
                for key in ("to_post", "to_astrocyte", "trace", "jumps_c", "jumps_b", "jumps_abc"):
                    x[key] += 1
        for x, edge in zip(synapses, EDGES, strict=True):
            if n > 0 and edge[1] in fired["post"][n - 1]:
                x["answer"] += 1
                x["weight"] += 0.1 * x["trace"] * (1 + shown(level, edge)["c"])
        for x, edge in zip(synapses, EDGES, strict=True):
            whole = tau * (1 - np.exp(-STEP / tau))
            area["post"][edge[1]] += x["to_post"] * whole
            if edge[2] >= 0:
                area["astrocyte"][edge[2]] += x["to_astrocyte"] * whole / degree[edge[2]]
            see = shown(level, edge)
            for key in ("to_post", "to_astrocyte", "trace", "answer"):
                x[key] *= np.exp(-STEP / tau)
            for key, drive in (("c", see["c"]), ("b", see["b"]), ("abc", see["a"] * see["b"] * see["c"])):
                x[f"jumps_{key}"] *= np.exp(-STEP * (1 + drive) / tau)
        for role, ratio in ratios.items():
            found = set()
            if ratio in due:
                start = level[role]
                end = start + np.array(SLOPES[role]) * factor(role, n) * due[ratio] * STEP
                means[role] = (start + end) / 2
                over = (start <= 1) & (end > 1)
                level[role] = np.where(over, end - 1, end)
                found = set(np.flatnonzero(over))
                memory[role] = memory[role] + area[role]
                area[role] = np.zeros(len(start))
            fired[role].append(found)
        for x, edge in zip(synapses, EDGES, strict=True):
            follow(x, edge, due, ratios, level, means, shown, tau)
        began |= dict.fromkeys(due, n + 1)
    return level, memory, synapses, fired["pre"]


def follow(x, edge, due, ratios, level, means, shown, tau):
    roles = {"a": "pre", "b": "post", "c": "astrocyte"}
    now, over = shown(level, edge), shown(means, edge)
    jobs = [(f"linear_{w}", w) for w in ("a", "b", "c", "ab", "ac", "bc", "abc")]
    jobs += [(f"curved_{w}", w) for w in ("c", "ac", "abc")]
    for key, partners in (*jobs, ("chain", "bc")):
        least = min(ratios[roles[p]] for p in partners)
        if least not in due:
            continue
        seen = {p: over[p] if ratios[roles[p]] == least else now[p] for p in partners}
        drive, width = np.prod(list(seen.values())), due[least] * STEP
        if key.startswith("linear"):
            x[key] = 1 + drive + (x[key] - 1 - drive) * np.exp(-width / tau)
        elif key.startswith("curved"):

            def rate(y, drive=drive):
                return (drive * y * (1 - y) + 0.1) / tau

            first = rate(x[key])
            x[key] += width * (first + rate(x[key] + width * first)) / 2
        else:
            # chained relaxes to u at 1/tau; chain is driven by it and relaxes at 2/tau.
            u, slow, fast = 1 + seen["c"], np.exp(-width / tau), np.exp(-2 * width / tau)
            rest = x["chained"] - u
            steady, moving = seen["b"] * u / 2, seen["b"] * rest
            x["chain"] = steady + moving * slow + (x["chain"] - steady - moving) * fast
            x["chained"] = u + rest * slow


NAMES = [n for n, item in Kinds.declarations.items() if isinstance(item, State)]
CHOSEN = [(1, 3, 100), (100, 1, 3), (3, 100, 1), (2, 3, 5)]
ALL = sorted({*product((1, 3, 100), repeat=3), *CHOSEN})


CHANGES = [("tau", 0.6, 13, 157), ("astrocyte", 1.7, 31, 47), ("post", 0.5, 31, 202), ("pre", 1.3, 140, 141)]


@pytest.mark.parametrize(
    "ratios",
    [pytest.param(r, marks=() if r in CHOSEN else pytest.mark.slow) for r in ALL],
)
@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
@pytest.mark.parametrize("changes", [(), CHANGES], ids=["undisturbed", "changed within steps"])
def test_states_of_synapses_follow_partners_with_any_steps(monkeypatch, ratios, placement, changes):
    interpret(monkeypatch)
    ratios = dict(zip(("pre", "post", "astrocyte"), ratios, strict=True))
    delay = ratios["pre"] % 2 * 2
    *_, fired = expected(ratios, delay, 300, changes)
    steps = next(n for n in range(300, 0, -1) if not fired[n - 1 - delay])  # what arrives at the end may have acted
    built = network(ratios, delay, placement)
    found = built.start(threads=1)
    found.run(steps * STEP * ms, protocol=protocol(built, changes), record=[])
    level, memory, synapses, _ = expected(ratios, delay, steps, changes)
    for role, name in (("pre", "before"), ("post", "behind"), ("astrocyte", "glia")):
        np.testing.assert_allclose(found[f"{name}_cell_level"][:-1], level[role], rtol=1e-9)
        if role != "pre":
            np.testing.assert_allclose(found[f"{name}_cell_memory"][:-1], memory[role], rtol=1e-9)
    for key in NAMES:
        if key in ("to_post", "to_astrocyte"):
            continue
        values, elapsed = per_synapse(found, 0, f"synapse.{key}")
        right = [x[key] for x in synapses]
        np.testing.assert_allclose(moved(key, values, elapsed, level), right, rtol=1e-9, err_msg=key)


def protocol(built, changes):
    """The changes as perturbations of the network; nothing is seen by presynaptic cells."""
    names = {"pre": "before", "post": "behind", "astrocyte": "glia"}
    found = On(built.groups["before"], tp.protocols.Constant(seen=0))
    for what, factor, begin, stop in changes:
        where = built.projections[0] if what == "tau" else built.groups[names[what]]
        parameter = "tau" if what == "tau" else "slope"
        times = {"at": begin * STEP * ms, "stop": stop * STEP * ms}
        found = found & On(where, tp.Perturbation(what, {parameter: factor}, **times))
    return found


def moved(key, values, elapsed, level):
    """What jumped, moved along to now by what its partners show; the rest has been moved."""
    if not elapsed.any():
        return values
    drive = []
    for i, j, m in EDGES:
        c = level["astrocyte"][m] if m >= 0 else 0.0
        drives = {"jumps_c": c, "jumps_b": level["post"][j], "jumps_abc": level["pre"][i] * level["post"][j] * c}
        drive.append((drives | {"trace": 0.0, "answer": 0.0})[key])
    return values * np.exp(-elapsed * STEP * (1 + np.array(drive)) / 7.0)
