"""What a protocol plans beyond the end of a run is said, once and with its times; what fits is not."""

import warnings

import numpy as np
import pytest
from tests.network.probes import interpret

import tripartite as tp
from tripartite import protocols
from tripartite.fit import Direct, Free, Problem
from tripartite.language import Add, Input, Mechanism, Parameter, State
from tripartite.network import Network, On, Population
from tripartite.protocols import Constant, Cpa, Pairings, PoissonSpikes, Pulses, RegularSpikes, SpikeTrain, Steps
from tripartite.units import Hz, ms, s, uM

CELL = tp.mechanisms.LiRinzel()
REST = Constant(ip3=0.5 * uM)


class Counter(Mechanism):
    """Counts events of both sides of a synapse.

    **Sources** assumed: a test. **Holds for** tests.
    """

    count = State(0.0, "1", "how many")
    gain = Parameter(1.0, "1", "gain", "assumed: a test")

    def on_spike(q):
        return {"count": Add(q.gain)}

    def on_postspike(q):
        return {"count": Add(q.gain)}


class Adder(Mechanism):
    """Adds what events bring.

    **Sources** assumed: a test. **Holds for** tests.
    """

    count = State(0.0, "1", "how much")
    brought = Input("1", "what an event brings")

    def on_brought(q):
        return {"count": Add(q.brought)}


LATE = [
    (CELL, REST & tp.Perturbation("no SERCA", {"uptake": 0}, at=20 * s), "perturbation 'no SERCA' begins at 20 s"),
    (CELL, REST & Cpa(at=20 * s), "the CPA begins at 20 s"),
    (CELL, REST & Cpa(at=20 * s, onset=5 * s), "the CPA begins at 20 s"),
    (CELL, REST & protocols.Thapsigargin(at=10 * s), "the thapsigargin begins at 10 s"),
    (CELL, Steps("ip3", [0, 5, 10, 12] * s, [1, 2, 1, 2] * uM), "step of `ip3`, 2 of 4, begins at 10 s"),
    (CELL, Pulses("ip3", 1 * uM, [5, 20, 30] * s, 2 * s), "pulse of `ip3`, 2 of 3, begins at 20 s"),
    (CELL, REST & protocols.Ip3Uncaging(amount=1 * uM, times=[12] * s), None),
    (Counter(), SpikeTrain([1, 12] * s), r"spike train \(`spike`\), 1 of 2, begins at 12 s"),
    (Counter(), RegularSpikes(1 * Hz, start=12 * s), r"train \(`spike`\) begins at 12 s"),
    (Counter(), PoissonSpikes(1 * Hz, start=12 * s), r"train \(`spike`\) begins at 12 s"),
    (Counter(), Pairings(100 * ms, 30, 1 * Hz), "pairing, 20 of 30, begins at 10.1 s"),
]
IN_TIME = [
    (CELL, REST & tp.Perturbation("no SERCA", {"uptake": 0.5}, at=2 * s, stop=20 * s)),
    (CELL, REST & Cpa(at=2 * s, onset=50 * s, stop=30 * s)),
    (CELL, Steps("ip3", [0, 5] * s, [1, 2] * uM)),
    (CELL, Pulses("ip3", 1 * uM, [9] * s, 2 * s)),
    (Counter(), SpikeTrain([1, 9.99] * s)),
    (Counter(), RegularSpikes(1 * Hz, stop=100 * s)),
    (Counter(), Pairings(-100 * ms, 9, 1 * Hz)),
]


def said(model, protocol, until=10 * s):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        tp.simulate(model, protocol, until=until)
    return [w for w in found if "does nothing" in str(w.message)]


@pytest.mark.parametrize(("model", "protocol", "words"), LATE)
def test_what_begins_after_the_end_is_said_where_the_run_was_asked_for(model, protocol, words):
    if words is None:
        model = tp.Compartment(CELL, tp.mechanisms.Ip3Metabolism())
        protocol, words = protocol.members[1], "IP3 uncaging begins at 12 s"
    (found,) = said(model, protocol)
    with pytest.warns(UserWarning, match=words):
        warnings.warn_explicit(found.message, found.category, found.filename, found.lineno)
    assert "at 10 s;" in str(found.message) and found.filename == __file__


@pytest.mark.parametrize(("model", "protocol"), IN_TIME)
def test_what_fits_or_merely_ends_later_is_no_matter(model, protocol):
    assert not said(model, protocol)


def test_networks_fixed_points_gradients_and_fits_say_it_too(monkeypatch):
    interpret(monkeypatch)
    late = REST & Cpa(at=20 * s)
    cells = Population(CELL, 2)
    network = Network(cells=cells, step=1 * ms)
    with pytest.warns(UserWarning, match=r"before its end at 0.01 s; the CPA begins at 20 s"):
        network.run(until=10 * ms, protocol=On(cells, late), threads=1)
    with pytest.warns(UserWarning, match=r"what a protocol does at 0 s; the CPA begins at 20 s .* Begin at 0 s"):
        tp.solve.steady_states(CELL, late)
    recording = tp.Recording(np.arange(5.0) * s, np.ones(5) * uM)
    with pytest.warns(UserWarning, match=r"before its end at 4 s; the CPA"):
        Problem(CELL, recording, Direct("ca"), {"uptake": Free(0.5 * uM / s, 1 * uM / s)}, protocol=late)


def test_a_stretch_says_when_all_events_of_a_new_protocol_are_past(monkeypatch):
    interpret(monkeypatch)
    cells = Population(Adder(), 2)
    simulation = Network(cells=cells, step=1 * ms).start(threads=1)
    simulation.run(20 * ms, record=[], protocol=On(cells, SpikeTrain([5, 30] * ms, event="brought")))
    with pytest.warns(UserWarning, match=r"count from the network's 0 s; all events .* before 0.02 s"):
        simulation.branch().run(5 * ms, record=[], protocol=On(cells, SpikeTrain([5, 10] * ms, event="brought")))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        simulation.run(20 * ms, record=[])
    assert simulation["cells_cell_count"][:2].tolist() == [2, 2]


@pytest.mark.parametrize(
    "protocol",
    [
        PoissonSpikes(1e12 * Hz),
        RegularSpikes(1e12 * Hz),
        Pairings(10 * ms, 2**31, 1 * Hz),
        Pairings(10 * ms, 2**40, 1 * Hz),
    ],
)
def test_trains_beyond_memory_are_refused_before_they_are_made(protocol, monkeypatch):
    monkeypatch.setattr("tripartite.memory.available", lambda: 2.0**36)
    with pytest.raises(tp.errors.QuantityError, match=r"a protocol of \S+ spikes needs about"):
        tp.simulate(Counter(), protocol, until=1 * s)
