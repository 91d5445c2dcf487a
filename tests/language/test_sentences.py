"""Sentences that send a newcomer to the right place: what a name is, and what acts on it."""

import warnings

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import (
    ArgumentError,
    DelayError,
    DimensionError,
    QuantityError,
    RangeError,
    SolveError,
    UnknownNameError,
    WiringError,
    nearest,
)
from tripartite.language.protocol import Perturbation
from tripartite.mechanisms import CleftGlutamate, Ip3Coupling, Ip3Metabolism, LiRinzel, StaticSynapse, TsodyksMarkram
from tripartite.models import AdexNeuron, CobaNeuron, TripartiteSynapse
from tripartite.network import Coupling, Network, On, Population, Projection, lattice, post
from tripartite.network.rules import OneToOne, OverlappingTerritories, WithinDistance
from tripartite.protocols import (
    Clamp,
    Constant,
    OrnsteinUhlenbeckNoise,
    PoissonSpikes,
    Ramps,
    RegularSpikes,
    Sine,
    SpikeTrain,
    Steps,
)
from tripartite.solve import EulerMaruyama
from tripartite.solve.schedule import schedule
from tripartite.units import Hz, ms, mV, s, uM, um

IP3 = Constant(ip3=0.5 * uM)
CELL = tp.Model(cell=LiRinzel())
JOINED = tp.Model(left=TripartiteSynapse(), right=TripartiteSynapse())
NEURONS = Population(CobaNeuron(), 10, positions=lattice(5, 2, 50 * um))
ASTROCYTES = Population(tp.Compartment(LiRinzel(), Ip3Metabolism()), 4, positions=lattice(2, 2, 30 * um))
STATIC = tp.Compartment(StaticSynapse())


def plan(protocol, model=CELL):
    return schedule(protocol.equipped(model) if isinstance(protocol, Clamp) else model, protocol, 4000.0, 0)


def clamped(model=CELL):
    twice = Clamp("ca", 1 * uM, at=1 * s, stop=2 * s) & Clamp("ca", 2 * uM, at=3 * s)
    return schedule(model.clamping({"cell.ca"}), IP3 & twice, 4000.0, 0)


def clamped_in_a_network():
    twice = On(NEURONS, Clamp("v", -50 * mV, at=0 * s, stop=5 * ms)) & On(NEURONS, Clamp("v", -50 * mV, at=6 * ms))
    return Network(cells=NEURONS).run(until=10 * ms, protocol=twice)


def event_from_a_state():
    a, b = tp.Compartment(CleftGlutamate()), tp.Compartment(TsodyksMarkram())
    return tp.Model(a=a, b=b, wiring=[b.u >> a.release])


def onset_without_unit():
    recording = tp.Recording(np.arange(20.0), np.arange(20.0), unit="uM")
    free = {"onset": tp.fit.Free(5, 10)}
    return tp.fit.Problem(
        TripartiteSynapse(), recording, tp.fit.Direct("astrocyte.ca"), free, protocol=lambda onset: SpikeTrain(onset)
    )


def projected(**options):
    return Projection(NEURONS, NEURONS, synapse=STATIC, rule=OneToOne(), **options)


NOISE = OrnsteinUhlenbeckNoise("ip3", sd=1 * uM, every=10 * ms, mean=0.5 * uM, time_constant=100 * ms)

CASES = {
    "two clamps": (clamped, SolveError, ["one `Clamp`, which takes lists"], ["`Steps`"]),
    "two clamps in a network": (clamped_in_a_network, tp.errors.NetworkError, ["one `Clamp`"], ["`Steps`"]),
    "two courses": (lambda: plan(IP3 & Steps("ip3", [0] * s, [1] * uM)), SolveError, ["one `Steps`"], ["`Clamp`"]),
    "steps of a state": (
        lambda: plan(IP3 & Steps("ca", [0] * s, [1] * uM)),
        UnknownNameError,
        ["`cell.ca` is a state", '`Clamp("cell.ca"'],
        ["Choose from"],
    ),
    "a constant state in a network": (
        lambda: Network(cells=NEURONS).run(until=10 * ms, protocol=On(NEURONS, Constant(v=-50 * mV))),
        UnknownNameError,
        ["`neuron.v` is a state", "`Clamp("],
        ["Choose from"],
    ),
    "a constant parameter": (
        lambda: plan(IP3 & Constant(uptake=0.5 * uM / s)),
        UnknownNameError,
        ["`cell.LiRinzel.uptake` is a parameter", "`model.replace(", "`Steps("],
        [],
    ),
    "a clamped parameter": (
        lambda: Clamp("uptake", 1 * uM / s, at=0 * s).clamps(CELL),
        UnknownNameError,
        ["is a parameter", "`Steps("],
        [],
    ),
    "a clamped input": (lambda: Clamp("ip3", 1 * uM, at=0 * s).clamps(CELL), UnknownNameError, ["is an input"], []),
    "a wired input": (
        lambda: plan(Constant({"left_astrocyte.glutamate": 1 * uM}), JOINED),
        UnknownNameError,
        ["by a wire from `left_cleft.glutamate`"],
        ["none to choose"],
    ),
    "an event from a state": (event_from_a_state, WiringError, ["`b.u` is a state", "`b.release`"], []),
    "a misspelt port": (lambda: AdexNeuron().cuurrent, UnknownNameError, ["`current`?"], ["compartments"]),
    "remove": (lambda: JOINED.remove, UnknownNameError, ["no attribute `remove`"], ["`_"]),
    "without": (lambda: JOINED.without, UnknownNameError, ["no attribute `without`"], ["`_"]),
    "a path with another join": (
        lambda: plan(Perturbation("x", {"left.cleft.clearance": 0}, at=0 * s), JOINED),
        UnknownNameError,
        ["`left_cleft.CleftGlutamate.clearance`?"],
        ["around"],
    ),
    "a dictionary for a mechanism": (
        lambda: LiRinzel().replace({"uptake": 1 * uM / s}),
        ArgumentError,
        ["by name", "`LiRinzel().replace(uptake=...)`"],
        ["is text"],
    ),
    "one value twice": (
        lambda: CELL.replace({"uptake": 1 * uM / s}, uptake=1 * uM / s),
        ArgumentError,
        ["`uptake` comes twice"],
        [],
    ),
    "an event as start": (lambda: RegularSpikes(10 * Hz, "release"), ArgumentError, ["event='release'"], []),
    "an event as seed": (lambda: PoissonSpikes(10 * Hz, "release"), ArgumentError, ["event='release'"], []),
    "no seed": (lambda: PoissonSpikes(10 * Hz, seed=None), ArgumentError, ["got None"], []),
    "a negative rate": (lambda: RegularSpikes(-20 * Hz), QuantityError, ["got -20 Hz"], ["hertz"]),
    "an onset without unit": (onset_without_unit, DimensionError, ["`onset` from 5", "`Free(5 * s"], []),
    "none to vary": (
        lambda: tp.simulate(CELL, IP3, until=1 * s, vary={"uptake": [] * uM / s}),
        SolveError,
        ["`cell.LiRinzel.uptake` has none"],
        ["Repeat"],
    ),
    "steps that begin late": (lambda: plan(Steps("ip3", [1, 2] * s, [1, 2] * uM)), QuantityError, ["time 0 s."], []),
    "ramps that begin late": (lambda: plan(Ramps("ip3", [1, 2] * s, [1, 2] * uM)), QuantityError, ["at 0 s."], []),
    "a bare step": (lambda: EulerMaruyama(5), QuantityError, ["`step=0.1 * ms`"], ["5 * s"]),
    "noise below zero": (lambda: plan(NOISE), RangeError, ["noise (sd=1 µM, mean=0.5 µM)"], ["its unit"]),
    "a sine below zero": (
        lambda: plan(Sine("ip3", 1 * uM, 1 * Hz, mean=0.5 * uM)),
        RangeError,
        ["sine (amplitude=1 µM"],
        ["its unit"],
    ),
    "no factors": (lambda: Perturbation("x", {}, at=0 * s), ArgumentError, ["no factors"], []),
    "no mechanism": (lambda: tp.Compartment(), WiringError, ["got none"], []),
    "a negative delay": (lambda: projected(delay=-1 * ms), DelayError, ["got -1 ms"], []),
    "negative delays": (lambda: projected(delay=[1, -1] * ms), DelayError, ["got -1 ms"], []),
    "a misspelt role": (
        lambda: projected(wiring=[STATIC.conductance >> post.exitation]),
        WiringError,
        ["`neuron.excitation`?"],
        [],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_names_what_was_meant(case):
    act, kind, parts, never = CASES[case]
    with pytest.raises(kind) as found:
        act()
    said = str(found.value)
    assert all(part in said for part in parts), said
    assert not any(part in said for part in never), said


def test_a_model_takes_values_by_name_and_by_path():
    changed = CELL.replace({"ca": 1 * uM}, uptake=0.5 * uM / s)
    assert changed["ca"] == 1 * uM and changed["uptake"] == 0.5 * uM / s


def test_what_joins_nothing_is_told():
    apart = Coupling(ASTROCYTES, Ip3Coupling(), WithinDistance(1 * um))
    with pytest.warns(UserWarning, match="joins none of the 4 cells"):
        Network(astrocytes=ASTROCYTES, connections=[apart]).placement()
    bare = projected_with_astrocytes(OverlappingTerritories(3, radius=1 * um))
    with pytest.warns(UserWarning, match="none of 10 lies in one"):
        bare.edges("x")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        projected_with_astrocytes(OverlappingTerritories(3, radius=60 * um)).edges("x")


def projected_with_astrocytes(attach):
    synapse = tp.Compartment(TsodyksMarkram(), CleftGlutamate())
    joined = Projection(NEURONS, NEURONS, ASTROCYTES, synapse=synapse, rule=OneToOne(), attach=attach)
    return Network(neurons=NEURONS, astrocytes=ASTROCYTES, connections={"x": joined})


def test_of_places_with_one_name_that_is_offered_whose_place_is_alike():
    names = ["left_around.Gliotransmitter.clearance", "left_cleft.CleftGlutamate.clearance"]
    assert nearest("left.cleft.clearence", names) == "Did you mean `left_cleft.CleftGlutamate.clearance`?"
    assert nearest("clearence", names) == "Did you mean `left_around.Gliotransmitter.clearance`?"


def test_a_neuron_alone_asks_for_no_current_of_astrocytes():
    schedule(AdexNeuron(), Constant(), 10.0, 0)


def test_quantities_are_short_as_text():
    assert [f"{-5 * s}", f"{20 * Hz}", f"{0 * uM}", str([1, 2] * s)] == ["-5 s", "20 Hz", "0 µM", "[1 2] s"]
    assert f"{3.14159 * uM / s:.3g}" == "3.14 µM/s" and f"{2 * s:C}" == "2 second" and repr(2 * uM) == "2 * µM"
