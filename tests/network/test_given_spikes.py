"""Populations whose spikes are given: what they show to synapses follows the trains, as a loop over steps says."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, per_synapse
from tests.network.test_partners import Ramp
from tripartite.errors import NetworkError, WiringError
from tripartite.interpret.kernels import cores
from tripartite.language import Add, Emission, Input, Mechanism, Parameter, State
from tripartite.network import (
    Network,
    On,
    PoissonGroup,
    Population,
    Projection,
    Spikes,
    SpikeTrains,
    post,
    pre,
    total,
)
from tripartite.network.rules import AllToAll, Explicit
from tripartite.network.run.serial import protocol_data, protocol_from
from tripartite.protocols import SpikeTrain, Steps
from tripartite.units import Hz, ms, s

STEP, STEPS, TAU, DELAY = 0.1, 200, 5.0, 3
CELLS, TIMES = np.array([0, 1, 0, 0, 1, 2]), np.array([10, 10, 31, 45, 90, 180])
"""Cells, and steps at the end of which they spike."""


class Trace(Mechanism):
    """What a cell remembers of its spikes, and a threshold of that.

    **Sources** assumed: a test. **Holds for** tests.
    """

    trace = State(0.0, "1", "jumps at spikes and decays")
    full = State(0.0, "1", "saturates")
    since = State(100.0, "ms", "time since the last spike")
    tau = Parameter(TAU, "ms", "time constant", "assumed: a test")
    spike = Input("1", "spike of the cell", default=0.0)
    burst = Emission("1", "the trace has passed 1.1")

    def rates(q):
        return {"trace": -q.trace / q.tau, "full": -q.full / q.tau, "since": 1}

    def on_spike(q):
        return {"trace": Add(q.spike), "full": q.full + 0.5 * (1 - q.full), "since": 0}

    def crossing(q):
        return q.trace - 1.1

    def on_crossing(q):
        return {"burst": 1}


class Reads(Mechanism):
    """A synapse that reads the trace of its presynaptic cell at spikes, bursts and all the time.

    **Sources** assumed: a test. **Holds for** tests.
    """

    seen = Input("1", "trace of the presynaptic cell")
    lasting = Input("ms", "since its last spike")
    burst = Input("1", "its burst")
    weight = State(1.0, "1", "grows by the trace at spikes")
    bursts = State(0.0, "1", "counts bursts")
    follower = State(0.0, "1", "follows the trace")
    tau = Parameter(TAU, "ms", "time constant", "assumed: a test")
    told = Emission("1", "what a spike sends")

    def rates(q):
        return {"follower": (q.seen - q.follower) / q.tau}

    def on_spike(q):
        return {"weight": q.weight + 0.1 * q.seen, "told": q.lasting / q.tau}

    def on_burst(q):
        return {"bursts": Add(1)}


def network(source, size=3, cells=1):
    synapse = tp.Compartment(Reads())
    given = Population(Trace(), size, spikes=source)
    post_cells = Population(Ramp(), cells)
    edges = Projection(
        given,
        post_cells,
        synapse=synapse,
        rule=AllToAll(),
        delay=DELAY * STEP * ms,
        wiring=[
            pre.trace >> synapse.seen,
            pre.since >> synapse.lasting,
            pre.burst >> synapse.burst,
            synapse.told >> post.sent,
            total(synapse.follower) >> post.seen,
        ],
    )
    return Network(given=given, cells=post_cells, connections=[edges], step=STEP * ms, seed=3)


def expected():
    """The same by a loop over steps."""
    trace, full, since, above = np.zeros(3), np.zeros(3), np.full(3, 100.0), np.zeros(3, bool)
    weight, bursts, follower, got, memory = np.ones(3), np.zeros(3), np.zeros(3), 0.0, 0.0
    spikes: list[np.ndarray] = []
    passed: list[np.ndarray] = []
    for n in range(STEPS):
        if n - 1 - DELAY >= 0:
            hit = spikes[n - 1 - DELAY]
            got += (since / TAU)[hit].sum()
            weight = weight + 0.1 * trace * hit
            bursts = bursts + passed[n - 1 - DELAY]
        memory += follower.sum() * STEP
        begun = trace
        fade = np.exp(-STEP / TAU)
        trace, full, since = trace * fade, full * fade, since + STEP
        mean = begun * TAU / STEP * (1 - fade)
        hit = np.isin(np.arange(3), CELLS[n + 1 == TIMES])
        trace, full, since = trace + hit, np.where(hit, full + 0.5 * (1 - full), full), np.where(hit, 0.0, since)
        passed.append((trace > 1.1) & ~above)
        above = trace > 1.1
        spikes.append(hit)
        follower = mean + (follower - mean) * fade
    return trace, full, since, weight, bursts, follower, got, memory


def test_synapses_read_what_a_source_of_spikes_shows(monkeypatch):
    interpret(monkeypatch)
    trace, full, since, weight, bursts, follower, got, memory = expected()
    found = network(SpikeTrains(3, CELLS, TIMES * STEP * ms)).start(threads=1)
    data = found.run(STEPS * STEP * ms, record=[Spikes(found.network.groups["given"])]).data
    np.testing.assert_array_equal(data["given.spike.cells"].values, CELLS)
    np.testing.assert_allclose(data["given.spike.times"].values * 1000, TIMES * STEP)
    np.testing.assert_allclose(found["given_cell_trace"][:-1], trace, rtol=1e-9)
    np.testing.assert_allclose(found["given_cell_full"][:-1], full, rtol=1e-9)
    np.testing.assert_allclose((STEPS - found["given_cell_since"][:-1]) * STEP, since, rtol=1e-9)
    assert bursts.tolist() == [1, 1, 0] and len(data["given.burst.cells"]) == 2
    for key, values in (("weight", weight), ("bursts", bursts), ("follower", follower)):
        np.testing.assert_allclose(per_synapse(found, 0, f"synapse.{key}")[0], values, rtol=1e-9, err_msg=key)
    assert found["cells_cell_got"][0] == pytest.approx(got, rel=1e-9)
    assert found["cells_cell_memory"][0] == pytest.approx(memory, rel=1e-9)


def test_a_population_has_the_spikes_of_its_source_on_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(cores, "COUNT", 8)
    left = []
    for threads in (1, 3):
        source = PoissonGroup(257, 200 * Hz)
        found = network(source, 257).start(threads=threads)
        louder = On(source, Steps("rate", [0, 0.01] * s, [200, 1000] * Hz))
        data = found.run(20 * ms, record=[Spikes(found.network.groups["given"])], protocol=louder).data
        left.append((data, {name: found[name].copy() for name in found.layout.memory.changing}, found))
    stored = protocol_from(found.network, protocol_data(found.network, louder))
    assert stored.where is source  # as a rerun and a checkpoint find it
    plain = Network(given=PoissonGroup(257, 200 * Hz), step=STEP * ms, seed=3)
    alone = plain.run(until=20 * ms, protocol=On(plain.groups["given"], louder.protocol), threads=1).data
    for data, *_ in left:
        for name in ("given.spike.times", "given.spike.cells"):
            np.testing.assert_array_equal(data[name].values, alone[name].values)
    (_, one, first), (_, several, _) = left
    for name in one.keys() - first.layout.memory.of_threads:
        np.testing.assert_array_equal(one[name], several[name], err_msg=name)
    times = alone["given.spike.times"].values
    assert (times > 0.01).sum() > 3 * (times <= 0.01).sum() > 300


@pytest.mark.parametrize(
    ("model", "spikes", "message"),
    [
        (Trace, SpikeTrains(2, [0], [1] * ms), r"given by a source of as many trains; got .* for 3 cells"),
        (Ramp, SpikeTrains(3, [0], [1] * ms), r"Cells make their spikes or are given them; .* sends `cell\.spike`"),
        (tp.mechanisms.LiRinzel, SpikeTrains(3, [0], [1] * ms), r"heard by one `on_spike`; LiRinzel has none"),
    ],
)
def test_spikes_are_given_to_what_hears_them(model, spikes, message):
    with pytest.raises(NetworkError, match=message):
        Population(model(), 3, spikes=spikes)


def test_a_source_gives_its_spikes_once():
    source = SpikeTrains(3, [0], [1] * ms)
    given = Population(Trace(), 3, spikes=source)
    with pytest.raises(NetworkError, match="A source gives its spikes to one population"):
        Network(given=given, source=source)


def test_given_spikes_come_from_one_place():
    found = network(SpikeTrains(3, CELLS, TIMES * STEP * ms))
    twice = On(found.groups["given"], SpikeTrain([1] * ms))
    with pytest.raises(WiringError, match=r"the spikes of `given` do\. Give them all in its `spikes`"):
        found.run(until=2 * ms, protocol=twice)


def test_a_source_without_cells_shows_nothing():
    synapse, cells = tp.Compartment(Reads()), Population(Ramp(), 1)
    edges = Projection(
        PoissonGroup(1, 5 * Hz), cells, synapse=synapse, rule=Explicit([0], [0]), wiring=[pre.trace >> synapse.seen]
    )
    network_ = Network(cells=cells, source=edges.pre.group, connections=[edges])
    with pytest.raises(WiringError, match=r"no `trace`.*`Population\(.*spikes=.*\)`"):
        network_.start(threads=1)
