"""Plasticity of the behavioural time scale in a network, gated by astrocytes: place fields move where these are active.

100 place cells of CA3 project by the rule of Milstein et al. (2021) to 20 cells of CA1, which have plateaus besides
their spikes; each of four astrocytes has the synapses of five of these cells, and every other one is active.
"""

import numpy as np
from scipy.integrate import solve_ivp

from tripartite.language import Compartment, Emission, Input, Mechanism, Output, Parameter, State, exp
from tripartite.mechanisms import AstrocyteGate, Btsp, GatedWeight, LeakyIntegrateFire, LiRinzel
from tripartite.network import (
    Network,
    On,
    Population,
    Projection,
    RungeKutta4,
    Spikes,
    Synapses,
    astrocyte,
    post,
    pre,
    total,
)
from tripartite.network.rules import AllToAll, ExplicitAttachment
from tripartite.protocols import Constant, Pulses
from tripartite.units import ms, pA, s, uM

# What a user writes.


class PlaceCell(Mechanism):
    """A cell that fires where the animal is near a place. **Sources** assumed: a test. **Holds for** a steady speed."""

    place = State(0.0, "1", "where the animal is, in laps")
    rate = Output("1", "firing rate relative to its peak")
    centre = Parameter(0.5, "1", "place of the field", "milstein2021")
    width = Parameter(0.1134, "1", "width of the field", "milstein2021")
    lap = Parameter(7.5, "s", "time of a lap", "milstein2021")

    def rates(q):
        return {"place": 1 / q.lap}

    def outputs(q):
        return {"rate": exp(-(((q.place - q.centre) / q.width) ** 2))}

    def crossing(q):
        return q.place - 1.0

    def on_crossing(q):
        return {"place": q.place - 1.0}


class Dendrite(Mechanism):
    """What answers a charge by a plateau. **Sources** assumed: a test. **Holds for** tests."""

    charge = State(0.0, "pA*ms", "charge since the last plateau")
    induction = Input("pA", "current into the dendrite", default=0.0)
    plateau = Emission("1", "the beginning of a plateau")
    needed = Parameter(999.0, "pA*ms", "charge for a plateau", "assumed: a test")

    def rates(q):
        return {"charge": q.induction}

    def crossing(q):
        return q.charge - q.needed

    def on_crossing(q):
        return {"charge": 0 * q.charge, "plateau": 1.0}


class Transmission(Mechanism):
    """A current by rate and weight. **Sources** assumed: a test. **Holds for** tests."""

    current = Output("pA", "what the synapse gives")
    weight, rate = Input("1", "weight"), Input("1", "presynaptic rate")
    strength = Parameter(3.5, "pA", "current at the highest rate", "assumed: a test")

    def outputs(q):
        return {"current": q.strength * q.weight * q.rate}


CENTRES, LAP, LAPS, PLATEAU, ACTIVE = (np.arange(100) + 0.5) / 100, 7.5, 6, 0.65, [0, 2]
OLD = 0.25  # where the fields of all cells lie before: in parts of the track
BEFORE = 1 + 2 * np.exp(-(((CENTRES - OLD) / 0.1) ** 2))


def learned():
    """Weights of (place cell, cell of CA1) after six laps, and the spikes of CA1."""
    learning = Btsp(highest_activity=0.6, highest_instruction=0.5)
    rule, glia = Compartment(learning, GatedWeight(), Transmission()), Compartment(LiRinzel(), AstrocyteGate())
    place_cells = Population(PlaceCell(), 100, values={"centre": CENTRES}, step=5 * ms)
    ca1 = Population(Compartment(LeakyIntegrateFire(), Dendrite()), 20)
    astrocytes = Population(glia, 4, step=10 * ms, method=RungeKutta4())
    synapses = Projection(
        place_cells,
        ca1,
        astrocytes,
        synapse=rule,
        rule=AllToAll(),
        attach=ExplicitAttachment(np.tile(np.arange(20) // 5, 100)),
        values={"weight": np.repeat(BEFORE, 20)},
        step=5 * ms,
        wiring=[
            pre.rate >> rule.rate,
            post.plateau >> rule.plateau,
            astrocyte.gate >> rule.gate,
            total(rule.current) >> post.current,
        ],
    )
    network = Network(places=place_cells, ca1=ca1, glia=astrocytes, connections={"inputs": synapses}, step=1 * ms)
    starts = (np.arange(LAPS) + PLATEAU) * LAP
    plateaus = On(ca1, Pulses("induction", 100 * pA, starts=starts * s, duration=12 * ms))
    state = On(astrocytes[ACTIVE], Constant(ip3=0.5 * uM)) & On(astrocytes[[1, 3]], Constant(ip3=0.02 * uM))
    record = [Synapses(synapses, "weight", every=LAPS * LAP * s), Spikes(ca1)]
    result = network.run(until=LAPS * LAP * s, protocol=plateaus & state, record=record)
    return result["inputs.weight"].values[-1].reshape(100, 20), result.events("ca1.spike")


# The same by itself: traces and weights in a loop, astrocytes by SciPy.


def rates_at(place):
    return np.exp(-(((place - CENTRES) / 0.1134) ** 2))


def gates(ip3):
    """The gate of an astrocyte over time (s): Li and Rinzel's equations, and a lag behind calcium."""

    def slopes(_, y):
        ca, h, gate = y
        bound = ip3 / (ip3 + 0.13) * ca / (ca + 0.08234) * h
        inhibited = 1.049 * (ip3 + 0.13) / (ip3 + 0.9434)
        calcium = (6 * bound**3 + 0.11) * (2 - 1.185 * ca) - 0.9 * ca**2 / (ca**2 + 0.01)
        return calcium, 0.2 * (inhibited - (inhibited + ca) * h), (ca**4 / (ca**4 + 0.3**4) - gate) / 2

    return solve_ivp(slopes, (0, LAPS * LAP), (0.09, 0.78, 0.0), rtol=1e-9, atol=1e-12, dense_output=True).sol


def share(x, middle, slope):
    none, all_, here = (1 / (1 + np.exp(-slope * (y - middle))) for y in (0, 1, x))
    return (here - none) / (all_ - none)


def walk(ip3, dt=0.0025):
    """Weights of the 100 synapses of a cell whose astrocyte has this much IP3: midpoints, one step after the other."""
    weights, trace, instruction = BEFORE.copy(), np.zeros(100), 0.0
    times = (np.arange(round(LAPS * LAP / dt)) + 0.5) * dt
    for t, gate in zip(times, gates(ip3)(times)[2], strict=True):
        inside = 0 <= t % LAP - PLATEAU * LAP - 0.01 < 0.3  # the plateau begins when 999 pA ms have come
        rate = rates_at((t / LAP) % 1)
        before, trace = trace, rate + (trace - rate) * np.exp(-dt / 1.664)
        held, instruction = instruction, inside + (instruction - inside) * np.exp(-dt / 0.437)
        overlap = (before + trace) / 2 / 0.6 * (held + instruction) / 2 / 0.5
        rises, falls = 1.1097 * share(overlap, 0.4150, 4.404), 0.4249 * share(overlap, 0.02618, 20.046)
        middle = weights + dt / 2 * gate * (rises * (4.680 - weights) - falls * weights)
        weights = weights + dt * gate * (rises * (4.680 - middle) - falls * middle)
    return weights


def peak(weights):
    """Where along the track the summed input of a cell is largest."""
    track = np.linspace(0, 1, 1001)
    return track[np.argmax(rates_at(track[:, None]) @ weights)]


def test_place_fields_move_where_astrocytes_are_active():
    weights, spikes = learned()
    last = spikes.time.values > (LAPS - 1) * LAP
    places, cells = spikes.time.values[last] % LAP / LAP, spikes.cell.values[last]
    for active, ip3 in ((True, 0.5), (False, 0.02)):
        expected = walk(ip3)
        assert abs(peak(expected) - (0.58 if active else OLD)) < 0.01
        for cell in np.flatnonzero(np.isin(np.arange(20) // 5, ACTIVE) == active):
            np.testing.assert_allclose(weights[:, cell], expected, atol=0.02)  # of 1.4: what steps of 5 and 10 ms do
            shift = np.median(places[cells == cell]) - OLD
            assert shift > 0.15 if active else abs(shift) < 0.05
