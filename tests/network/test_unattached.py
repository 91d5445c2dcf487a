"""Synapses without a partner see zero in its place, whatever is calculated from it, and live on like all others."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, share_cells
from tripartite.language import Add, Emission, Input, Mechanism, Output, Parameter, State
from tripartite.network import (
    Network,
    Partner,
    Population,
    Projection,
    SpikeTrains,
    States,
    Synapses,
    partner,
    post,
    total,
)
from tripartite.network import mean as average
from tripartite.network.placement import Exact, Naive
from tripartite.network.rules import AllToAll, ExplicitAttachment
from tripartite.units import ms

ATTACHED, UNTIL, SPIKE, WAVES = [0, 1, 1, -1, -1], 30.0, 29.0, [7.0, 14.0, 21.0, 28.0]
SEEN = {"state": (2, 2), "plain": (5, 5), "shifted": (11, 11), "plain of each": (5, 6), "shifted of each": (11, 13)}
"""What two cells show; one level for both is stored otherwise than one for each."""


class Showing(Mechanism):
    """A cell that shows what is not zero where its states are. **Sources** assumed: a test. **Holds for** tests."""

    state = State(2.0, "1", "stays")
    clock = State(0.0, "ms", "time")
    phase = State(0.0, "1", "phase")
    passed = Output("1", "time in periods")
    plain = Output("1", "a parameter")
    shifted = Output("1", "more than is left without states")
    wave = Emission("1", "sent every 7 ms")
    level = Parameter(5.0, "1", "level", "assumed: a test")
    period = Parameter(6.99, "ms", "period", "assumed: a test")

    def rates(q):
        return {"clock": 1.0, "phase": 1 / q.period}

    def outputs(q):
        return {"passed": q.clock / q.period, "plain": 1 * q.level, "shifted": q.state * q.level + 1}

    def crossing(q):
        return q.phase - 1

    def on_crossing(q):
        return {"phase": 0 * q.phase, "wave": 1.0}


class Seeing(Mechanism):
    """What a synapse makes of what it sees. **Sources** assumed: a test. **Holds for** tests."""

    seen = Input("1", "what the partner shows")
    wave = Input("1", "event of the partner")
    taken = State(0.0, "1", "what was seen at the last spike")
    lagged = State(3.0, "1", "follows what is seen")
    fading = State(1.0, "1", "fades by its square, and jumps at waves")
    below = State(0.0, "1", "how often it faded below 0.3")
    shown = Output("1", "what is seen now")
    lag = Parameter(2.0, "ms", "lag", "assumed: a test")

    def rates(q):
        return {"lagged": (1 + q.seen - q.lagged) / q.lag, "fading": -q.fading * q.fading / q.lag}

    def outputs(q):
        return {"shown": 1 * q.seen}

    def on_spike(q):
        return {"taken": 1 * q.seen}

    def on_wave(q):
        return {"fading": Add(1.0)}

    def crossing(q):
        return 0.3 - q.fading

    def on_crossing(q):
        return {"below": q.below + 1}


class Reading(Mechanism):
    """A cell that shows sums over synapses. **Sources** assumed: a test. **Holds for** tests."""

    sum = State(0.0, "1", "follows a sum")
    mean = State(0.0, "1", "follows a mean")
    drive = Input("1", "sum over synapses")
    other = Input("1", "mean over synapses")
    lag = Parameter(0.5, "ms", "lag", "assumed: a test")

    def rates(q):
        return {"sum": (q.drive - q.sum) / q.lag, "mean": (q.other - q.mean) / q.lag}


def faded(waves):
    """x' = -x^2 / 2 ms with jumps by one, piece by piece, and how often it passes 0.3 on its way down."""
    x, now, below = 1.0, 0.0, 0
    for time in [*waves, UNTIL]:
        before, x = x, 1 / (1 / x + (time - now) / 2.0)
        below += before >= 0.3 > x
        now, x = time, x + (time < UNTIL)
    return x, below


def run(what, placement, **options):
    """A network in which five synapses lead from five spikes to one cell, two of them without a partner."""
    spikes, cells, rule = SpikeTrains(5, range(5), [SPIKE] * 5 * ms), Population(Reading(), 1), tp.Compartment(Seeing())
    glia = Population(Showing(), 2, values={"level": [5.0, 6.0]} if what.endswith("of each") else {})
    wiring = [
        getattr(partner("glia"), what.split()[0]) >> rule.seen,
        partner("glia").wave >> rule.wave,
        total(rule.lagged) >> post.drive,
        average(rule.shown) >> post.other,
    ]
    attached = {"glia": Partner(glia, ExplicitAttachment(ATTACHED))}
    synapses = Projection(spikes, cells, synapse=rule, rule=AllToAll(), partners=attached, wiring=wiring)
    groups = {"spikes": spikes, "cells": cells, "glia": glia}
    network = Network(**groups, connections={"s": synapses}, step=0.1 * ms, placement=placement)
    record = [Synapses(synapses, every=UNTIL * ms), States(cells, every=UNTIL * ms)]
    return network.run(until=UNTIL * ms, record=record, **options)


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
@pytest.mark.parametrize("what", SEEN)
def test_a_synapse_without_a_partner_sees_zero_and_counts(monkeypatch, what, placement):
    interpret(monkeypatch)
    share_cells(monkeypatch, 1)
    seen = np.array([*(SEEN[what][cell] for cell in ATTACHED[:3]), 0, 0])
    for threads in (1, 3):
        found = run(what, placement, threads=threads)
        end = {name: found[f"s.{name}"][-1].values for name in ("taken", "lagged", "fading", "below")}
        np.testing.assert_allclose(end["taken"], seen, rtol=1e-12)
        np.testing.assert_allclose(end["lagged"], 1 + seen, rtol=1e-5)
        np.testing.assert_allclose(found["cells.sum"][-1], sum(1 + seen), rtol=1e-5)
        np.testing.assert_allclose(found["cells.mean"][-1], np.mean(seen), rtol=1e-5)
        for waves, places in ((WAVES, [0, 1, 2]), ([], [3, 4])):
            fading, below = faded(waves)
            np.testing.assert_allclose(end["fading"][places], fading, rtol=2e-3)
            np.testing.assert_array_equal(end["below"][places], below)


def test_what_is_calculated_from_a_clock_is_zero_without_a_partner(monkeypatch):
    interpret(monkeypatch)
    found = run("passed", Exact(), threads=1)
    np.testing.assert_allclose(found["s.taken"][-1], [SPIKE / 6.99] * 3 + [0, 0], rtol=1e-3)


class Telling(Mechanism):
    """A threshold on a trace of the presynaptic cell times what a partner shows. **Sources** assumed: a test.

    **Holds for** tests.
    """

    trace = State(0.0, "1", "trace of spikes")
    seen = Input("1", "what the partner shows")
    told = Emission("1", "sent above the threshold")
    fade = Parameter(5.0, "ms", "lifetime of the trace", "assumed: a test")

    def rates(q):
        return {"trace": -q.trace / q.fade}

    def on_spike(q):
        return {"trace": Add(1.0)}

    def crossing(q):
        return q.trace * q.seen - 5.5

    def on_crossing(q):
        return {"told": 1 * q.seen}


class Hearing(Mechanism):
    """A cell that adds up what it is told. **Sources** assumed: a test. **Holds for** tests."""

    heard = State(0.0, "1", "sum")
    told = Input("1", "what synapses tell")

    def on_told(q):
        return {"heard": Add(q.told)}


@pytest.mark.parametrize("placement", [Exact(), Naive()], ids=["exact", "naive"])
def test_a_threshold_of_pairs_needs_no_state_of_theirs(monkeypatch, placement):
    interpret(monkeypatch)
    spikes, cells, rule = SpikeTrains(5, range(5), [2.0] * 5 * ms), Population(Hearing(), 1), tp.Compartment(Telling())
    glia = Population(Showing(), 2, values={"level": [5.0, 6.0]})
    wiring = [partner("glia").plain >> rule.seen, rule.told >> post.told]
    attached = {"glia": Partner(glia, ExplicitAttachment(ATTACHED))}
    synapses = Projection(spikes, cells, synapse=rule, rule=AllToAll(), partners=attached, wiring=wiring)
    groups = {"spikes": spikes, "cells": cells, "glia": glia}
    network = Network(**groups, connections={"s": synapses}, step=0.1 * ms, placement=placement)
    found = network.run(until=UNTIL * ms, record=States(cells, every=UNTIL * ms), threads=1)
    np.testing.assert_array_equal(found["cells.heard"][-1], [12.0])  # twice what the second cell shows
