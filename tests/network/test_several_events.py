"""Synapses that listen to several events of one cell answer each at its own times, with its own handler."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, per_synapse, simulate
from tripartite.errors import NetworkError, WiringError
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State
from tripartite.network import Exact, Naive, Network, Population, Projection
from tripartite.network.roles import post, pre
from tripartite.network.rules import Explicit
from tripartite.units import ms

STEP, STEPS = 0.1, 200
SLOPES = {"before": [0.31, 0.17, 0.23], "behind": [0.29, 0.37, 0.13]}
EDGES = [(2, 1), (0, 0), (1, 0), (0, 1), (1, 2), (2, 2)]


class Ramp(Mechanism):
    """A ramp that begins anew at one.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = State(0.2, "1", "ramp")
    slope = Parameter(0.1, "1/ms", "slope", "assumed: a test")
    spike = Emission("1", "the ramp begins anew")

    def rates(q):
        return {"level": q.slope}

    def crossing(q):
        return q.level - 1

    def on_crossing(q):
        return {"level": q.level - 1, "spike": 1}


class Beats(Mechanism):
    """A second ramp, three times as fast, whose ends are plateaus; what synapses send is counted.

    **Sources** assumed: a test. **Holds for** tests.
    """

    beat = State(0.5, "1", "ramp")
    pace = Parameter(0.1, "1/ms", "slope", "assumed: a test")
    count = State(0.0, "1", "what came")
    push = Input("1", "from synapses")
    plateau = Emission("1", "the ramp begins anew")

    def rates(q):
        return {"beat": 3 * q.pace}

    def crossing(q):
        return q.beat - 1

    def on_crossing(q):
        return {"beat": q.beat - 1, "plateau": 1}

    def on_push(q):
        return {"count": Add(q.push)}


class Listening(Mechanism):
    """Answers spikes and plateaus of both cells, each in its own way.

    **Sources** assumed: a test. **Holds for** tests.
    """

    burst = Input("1", "plateaus of the presynaptic cell")
    plateau = Input("1", "plateaus of the postsynaptic cell")
    sent = Emission("1", "amount")
    at_spikes = State(0.0, "1", "of the presynaptic cell alone")
    at_both = State(0.0, "1", "of all events, in turn")
    behind = State(0.0, "1", "of the postsynaptic cell alone")

    def on_spike(q):
        return {"at_spikes": Add(1), "at_both": 0.5 * q.at_both + 1, "sent": 1 + q.at_spikes}

    def on_burst(q):
        return {"at_spikes": 2 * q.at_spikes, "at_both": 0.7 * q.at_both + 3, "sent": 100 + q.at_both}

    def on_postspike(q):
        return {"behind": 0.9 * q.behind + 1, "at_both": 0.8 * q.at_both + 5}

    def on_plateau(q):
        return {"behind": 0.6 * q.behind + 7, "at_both": 0.3 * q.at_both + 11}


def population(name):
    model = tp.Model(cell=tp.Compartment(Ramp(), Beats()))
    return Population(model, 3, values=dict.fromkeys(("slope", "pace"), SLOPES[name] * (1 / ms)))


def network(placement, wiring=lambda e: []):
    cells = {name: population(name) for name in SLOPES}
    e = tp.Compartment(Listening())
    wires = [pre.plateau >> e.burst, post.plateau >> e.plateau, e.sent >> post.push, *wiring(e)]
    rule = Explicit([i for i, _ in EDGES], [j for _, j in EDGES])
    edges = Projection(cells["before"], cells["behind"], synapse=e, rule=rule, wiring=wires, delay=0.2 * ms)
    return Network(**cells, connections=[edges], step=STEP * ms, placement=placement)


def fired(slopes, start):
    """Cells by step whose ramp passes one."""
    found, level = [], np.full(3, start)
    for _ in range(STEPS):
        level = level + np.array(slopes) * STEP
        found.append(set(np.flatnonzero(level > 1)))
        level = np.where(level > 1, level - 1, level)
    return found


def expected():
    spikes = {name: fired(slopes, 0.2) for name, slopes in SLOPES.items()}
    plateaus = {name: fired(3 * np.array(slopes), 0.5) for name, slopes in SLOPES.items()}
    synapses = [{"at_spikes": 0.0, "at_both": 0.0, "behind": 0.0} for _ in EDGES]
    count = np.zeros(3)
    for n in range(STEPS):
        m = n - 3
        for x, (i, j) in zip(synapses, EDGES, strict=True):
            if m >= 0 and i in spikes["before"][m]:
                count[j] += 1 + x["at_spikes"]
                x |= {"at_spikes": x["at_spikes"] + 1, "at_both": 0.5 * x["at_both"] + 1}
            if m >= 0 and i in plateaus["before"][m]:
                count[j] += 100 + x["at_both"]
                x |= {"at_spikes": 2 * x["at_spikes"], "at_both": 0.7 * x["at_both"] + 3}
        for x, (_, j) in zip(synapses, EDGES, strict=True):
            if n > 0 and j in spikes["behind"][n - 1]:
                x |= {"behind": 0.9 * x["behind"] + 1, "at_both": 0.8 * x["at_both"] + 5}
            if n > 0 and j in plateaus["behind"][n - 1]:
                x |= {"behind": 0.6 * x["behind"] + 7, "at_both": 0.3 * x["at_both"] + 11}
    return synapses, count


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
def test_every_event_is_answered_by_its_own_handler(monkeypatch, placement):
    interpret(monkeypatch)
    found = simulate(network(placement), STEPS)
    synapses, count = expected()
    kept = np.lexsort(np.array(EDGES).T[::-1])
    for key in ("at_spikes", "at_both", "behind"):
        right = np.array([x[key] for x in synapses])[kept]
        np.testing.assert_allclose(per_synapse(found, 0, f"synapse.{key}")[0], right, rtol=1e-9, err_msg=key)
    np.testing.assert_allclose(found["behind_cell_count"][:-1], count, rtol=1e-9)


def test_wires_bring_what_an_input_takes():
    with pytest.raises(WiringError, match="comes twice"):
        simulate(network(Exact(), lambda e: [post.plateau >> e.plateau]), 1)
    with pytest.raises(WiringError, match="leads to an event"):
        simulate(network(Exact(), lambda e: [pre.level >> e.burst]), 1)


def test_cells_without_spikes_cannot_be_presynaptic():
    class Quiet(Mechanism):
        """Stays.

        **Sources** assumed: a test. **Holds for** tests.
        """

        level = State(0.2, "1", "stays")

    cells = Population(tp.Model(cell=Quiet()), 3)
    behind = population("behind")
    e = tp.Compartment(Listening())
    edges = Projection(
        cells, behind, synapse=e, rule=Explicit([0], [0]),
        wiring=[post.spike >> e.burst, post.plateau >> e.plateau, e.sent >> post.push],
    )  # fmt: skip
    with pytest.raises((NetworkError, WiringError), match="spike"):
        simulate(Network(cells=cells, behind=behind, connections=[edges]), 1)
