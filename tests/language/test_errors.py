"""What a new user gets wrong is answered by the rule, what came, and what to do."""

import math

import numpy as np
import pytest

import tripartite as tp
from tripartite import mechanisms, parameters
from tripartite.errors import (
    ArgumentError,
    DefinitionError,
    DimensionError,
    QuantityError,
    RangeError,
    ResultError,
    SolveError,
    TripartiteError,
    UnknownNameError,
    WiringError,
)
from tripartite.language import Add, Compartment, Input, Mechanism, Model, Output, Parameter, ParameterSet, State, where
from tripartite.mechanisms import (
    EligibilityWeight,
    Ip3Metabolism,
    LiRinzel,
    PairStdp,
    ReceptorNoise,
    StaticGlutamateReceptor,
)
from tripartite.models import GChi, Synapse, TripartiteSynapse
from tripartite.protocols import Constant, Pairings, PoissonSpikes, Pulses, RegularSpikes, SpikeTrain, Steps
from tripartite.solve import Milstein, Tsit5
from tripartite.units import Hz, ms, mV, s, uM

AM = parameters.depitta2009.AM
IP3 = Constant(ip3=0.5 * uM)


def cell() -> Compartment:
    return Compartment(LiRinzel(), Ip3Metabolism())


def run(*arguments, until=1 * s, **options):
    return tp.simulate(*arguments, until=until, **options)


def stdp(protocol):
    return run(Compartment(PairStdp(), EligibilityWeight()), protocol & Constant(gate=1))


def wired(first: Compartment, second: Compartment, *wiring) -> Model:
    return Model(a=first, b=second, wiring=wiring)


def twice_wired() -> Model:
    a, b = Compartment(LiRinzel()), Compartment(Ip3Metabolism())
    return Model(a=a, b=b, wiring=[b.ip3 >> a.ip3, b.ip3 >> a.ip3])


def wired_to_a_provided_input() -> Model:
    a, b = cell(), Compartment(Ip3Metabolism())
    return wired(a, b, b.ip3 >> a.ip3)


def wired_across_dimensions() -> Model:
    a, b = Compartment(LiRinzel()), Compartment(Ip3Metabolism())
    return wired(a, b, a.h >> b.ca)


def wired_in_a_circle() -> Model:
    a, b = (Compartment(StaticGlutamateReceptor(), Ip3Metabolism()) for _ in range(2))
    return wired(a, b, a.ca >> b.ca, b.ca >> a.ca)


def one_compartment_twice() -> Model:
    a = cell()
    return Model(a=a, b=a)


class Forward(Mechanism):
    """An output that follows an input."""

    there = Input("uM", "input")
    back = Output("uM", "output")

    def outputs(q):
        return {"back": q.there}


class Backward(Mechanism):
    """An output that follows the output of `Forward`."""

    back = Input("uM", "input")
    there = Output("uM", "output")

    def outputs(q):
        return {"there": q.back}


class OtherCalcium(Mechanism):
    """A second owner of calcium."""

    ca = State(0.1, "uM", "free calcium in the cytosol")


class CalciumInMillivolt(Mechanism):
    """Takes calcium in a wrong dimension."""

    ca = Input("mV", "free calcium in the cytosol")


MISTAKES = {
    # Values
    "unknown parameter": (lambda: LiRinzel(uptak=1 * uM / s), UnknownNameError, ["`uptak`", "`uptake`?"]),
    "bare number": (lambda: LiRinzel(uptake=1), QuantityError, ["carry a unit", "got 1.", "`1 * uM / s`"]),
    "wrong dimension": (lambda: LiRinzel(uptake=1 * mV), DimensionError, ["uM/s", "got 1 mV", "uptake=1 * uM / s"]),
    "wrong dimension as text": (lambda: LiRinzel(uptake="1 uM"), DimensionError, ["measured in uM/s", "got 1 µM"]),
    "no such unit": (lambda: LiRinzel(uptake="1 uMM/s"), QuantityError, ["'1 uMM/s'", '"1 uM/s"']),
    "below its range": (lambda: LiRinzel(uptake=-1 * uM / s), RangeError, ["[0, inf] uM/s", "got -1 uM/s"]),
    "above its range": (lambda: LiRinzel(h=2), RangeError, ["`LiRinzel.h`", "[0, 1]", "got 2", "Check"]),
    "nan": (lambda: LiRinzel(uptake=math.nan * uM / s), QuantityError, ["finite", "nan"]),
    "inf": (lambda: LiRinzel(uptake=math.inf * uM / s), QuantityError, ["finite", "inf"]),
    "none": (lambda: LiRinzel(h=None), QuantityError, ["must be a number", "got None"]),
    "true": (lambda: LiRinzel(h=True), QuantityError, ["must be a number", "got True"]),
    "an array for one value": (lambda: LiRinzel(uptake=[1, 2] * uM / s), QuantityError, ["one number; got 2", "vary"]),
    "an input as parameter": (lambda: LiRinzel(ip3=1 * uM), UnknownNameError, ["is an input", "a protocol"]),
    "unknown attribute": (lambda: LiRinzel().uptak, UnknownNameError, ["declares no `uptak`", "`uptake`?"]),
    "unknown in replace": (lambda: LiRinzel().replace(uptak=1), UnknownNameError, ["`uptake`?"]),
    # Named sets
    "a dictionary as set": (lambda: LiRinzel().using({"uptake": 1}), UnknownNameError, ["ParameterSet", "replace"]),
    "a dictionary as set of a model": (lambda: GChi().using({"k": 1}), UnknownNameError, ["ParameterSet"]),
    "a set with another's names": (
        lambda: GChi().using(ParameterSet("mine", "assumed: x", uptak=1 * uM / s)),
        UnknownNameError,
        ["`mine`", "`uptak`", "`uptake`?", "set.without('uptak')"],
    ),
    "a set for a compartment": (
        lambda: cell().using(ParameterSet("mine", "assumed: x", uptak=1 * uM / s)),
        UnknownNameError,
        ["`uptake`?", "set.without('uptak')"],
    ),
    "a set without a source": (lambda: ParameterSet("a", "memory"), UnknownNameError, ["references.bib", "'memory'"]),
    "unknown in a set": (lambda: AM["k_serc"], UnknownNameError, ["amplitude modulation", "`k_serca`?"]),
    "unknown source in a set": (lambda: AM.source_of("k_serc"), UnknownNameError, ["`k_serca`?"]),
    "unknown to leave out": (lambda: AM.without("k_serc"), UnknownNameError, ["`k_serca`?"]),
    "a set with a bare number": (lambda: LiRinzel().using(AM.but("b", k_serca=1)), QuantityError, ["carry a unit"]),
    # Compartments and wiring
    "a class": (lambda: Compartment(LiRinzel), WiringError, ["holds mechanisms", "with parentheses"]),
    "a list": (lambda: Compartment([LiRinzel()]), WiringError, ["holds mechanisms; got [LiRinzel()]"]),
    "a class added": (lambda: cell() + ReceptorNoise, WiringError, ["with parentheses"]),
    "the same twice": (lambda: Compartment(LiRinzel(), LiRinzel()), WiringError, ["`LiRinzel` comes twice"]),
    "two owners": (lambda: Compartment(LiRinzel(), OtherCalcium()), WiringError, ["one owner", "`ca`", "an Input"]),
    "two dimensions of one name": (
        lambda: Compartment(LiRinzel(), CalciumInMillivolt()),
        DimensionError,
        ["`ca` in mV", "measured in uM"],
    ),
    "unknown port": (lambda: cell().calc, UnknownNameError, ["LiRinzel, Ip3Metabolism has no `calc`"]),
    "a wire to a number": (lambda: cell().ca >> 3, WiringError, ["leads to an input", "got 3"]),
    "a wire from text": (lambda: "a.ca" >> cell().ip3, WiringError, ["starts at a quantity", "'a.ca'"]),
    "a wire from a value": (lambda: LiRinzel().ca >> cell().ip3, WiringError, ["starts at a quantity"]),
    "wiring of text": (lambda: Model(a=cell(), wiring=["a.ca >> a.ip3"]), ArgumentError, ["`wiring[0]`", "`Wire`"]),
    "no wiring": (lambda: Model(a=cell(), wiring=None), ArgumentError, ["`wiring`", "`Wire`; got None"]),
    "a stranger's wire": (
        lambda: Model(a=cell(), wiring=[cell().ca >> cell().ip3]),
        WiringError,
        ["compartments of its model", "the very compartment"],
    ),
    "double wire": (twice_wired, WiringError, ["given once", "`b.ip3 >> a.ip3` comes twice", "Leave one out"]),
    "wire to a provided input": (wired_to_a_provided_input, WiringError, ["already given by `Ip3Metabolism`"]),
    "wire across dimensions": (wired_across_dimensions, DimensionError, ["`a.h` is in 1", "`b.ca` in uM"]),
    "wires in a circle": (wired_in_a_circle, WiringError, ["closes a circle", "Remove one"]),
    "outputs in a circle": (
        lambda: run(Compartment(Forward(), Backward())),
        WiringError,
        ["in a circle", "`cell.Forward`", "`cell.Backward`"],
    ),
    "one compartment twice": (one_compartment_twice, WiringError, ["an object of its own", "a, b"]),
    "no compartment": (lambda: Model(), WiringError, ["needs a compartment"]),
    "a class in a model": (lambda: Model(a=LiRinzel), WiringError, ["a mechanism or a model", "parentheses"]),
    "unknown compartment": (lambda: GChi().add(astrocyt=ReceptorNoise()), UnknownNameError, ["`astrocyte`?"]),
    "unknown path": (lambda: GChi()["uptak"], UnknownNameError, ["`uptak`", "`astrocyte.LiRinzel.uptake`?"]),
    "path that is no text": (lambda: GChi()[0], UnknownNameError, ["named by text; got 0"]),
    "ambiguous path": (
        lambda: TripartiteSynapse()["binding"],
        UnknownNameError,
        ["several", "`bouton.ReleaseDecreasing.binding`", "`astrocyte.GlutamateReceptor.binding`", "in full"],
    ),
    "unknown in model.replace": (lambda: GChi().replace({"uptak": 1}), UnknownNameError, ["`uptak`"]),
    "model.replace without paths": (lambda: GChi().replace(3), UnknownNameError, ["dictionary by path; got 3"]),
    # Runs
    "a class to run": (lambda: run(LiRinzel, IP3), WiringError, ["can be simulated", "with parentheses"]),
    "text to run": (lambda: run("LiRinzel", IP3), WiringError, ["can be simulated; got 'LiRinzel'"]),
    "until without unit": (lambda: run(LiRinzel(), IP3, until=10), QuantityError, ["`until`", "`10 * s`"]),
    "until in millivolt": (lambda: run(LiRinzel(), IP3, until=10 * mV), DimensionError, ["`until`", "in s"]),
    "until before the start": (lambda: run(LiRinzel(), IP3, until=-1 * s), SolveError, ["after 0 s"]),
    "unwired input": (lambda: run(LiRinzel()), WiringError, ["`cell.ip3` (uM) has none", "Constant({"]),
    "a class as protocol": (lambda: run(LiRinzel(), Constant), SolveError, ["is a Protocol", "Constant(ip3"]),
    "a dictionary as protocol": (lambda: run(LiRinzel(), {"ip3": 1}), SolveError, ["is a Protocol"]),
    "protocol without actions": (lambda: run(cell(), tp.Protocol()), DefinitionError, ["Define `actions("]),
    "unsorted save times": (lambda: run(cell(), save_at=[1, 0.5] * s), SolveError, ["rise strictly", "Sort"]),
    "save times beyond the end": (lambda: run(cell(), save_at=[1, 2] * s), SolveError, ["`until`", "outside"]),
    "bare save times": (lambda: run(cell(), save_at=[0.5, 1]), QuantityError, ["`[0.5, 1] * s`"]),
    "both save options": (lambda: run(cell(), save_at=1 * s, save_every=1 * s), SolveError, ["got both"]),
    "vary of two lengths": (
        lambda: run(cell(), vary={"uptake": [1, 2] * uM / s, "k_d": [1, 2, 3] * uM}),
        SolveError,
        ["one length", "'cell.LiRinzel.uptake': 2", "'cell.Ip3Metabolism.k_d': 3"],
    ),
    "vary of an unknown": (lambda: run(cell(), vary={"uptke": [1] * uM / s}), UnknownNameError, ["uptake`?"]),
    "vary out of range": (lambda: run(cell(), vary={"uptake": [-1, 1] * uM / s}), RangeError, ["got -1 uM/s"]),
    "text as solver": (lambda: run(cell(), solver="tsit5"), SolveError, ["`Tsit5(rtol=1e-8)`", "'tsit5'"]),
    "a class as solver": (lambda: run(cell(), solver=Tsit5), SolveError, ["solver is an object"]),
    "tolerance above one": (lambda: Tsit5(rtol=2), SolveError, ["rtol below 1", "rtol=2"]),
    "bare step": (lambda: Milstein(1), QuantityError, ["`step`", "`step=0.1 * ms`"]),
    "noise without a step": (lambda: run(cell() + ReceptorNoise()), SolveError, ["stochastic solver", "Milstein("]),
    # Protocols
    "misspelt input": (lambda: run(LiRinzel(), Constant(ip=1 * uM)), UnknownNameError, ["`ip`", "`cell.ip3`?"]),
    "a state driven": (lambda: run(LiRinzel(), Constant(ca=1 * uM)), UnknownNameError, ["unwired input `ca`"]),
    "a bare drive": (lambda: run(LiRinzel(), Constant(ip3=0.5)), QuantityError, ["`cell.ip3`", "`0.5 * uM`"]),
    "a drive without a name": (lambda: Constant(0.5 * uM), ArgumentError, ["dictionary by name", "Constant(ip3"]),
    "a drive of several values": (
        lambda: run(LiRinzel(), Constant(ip3=[1, 2] * uM)),
        QuantityError,
        ["one number; got 2"],
    ),
    "spikes nobody hears": (lambda: run(cell(), PoissonSpikes(1 * Hz)), UnknownNameError, ["`spike`", "on_spike"]),
    "an event of another name": (
        lambda: run(Synapse(), SpikeTrain(1 * s, event="spikes")),
        UnknownNameError,
        ["`spikes`", "`bouton.spike`"],
    ),
    "an unknown target": (lambda: run(Synapse(), SpikeTrain(1 * s, to="cleft")), UnknownNameError, ["`bouton.spike`"]),
    "bare spike times": (lambda: run(Synapse(), SpikeTrain([1, 2])), QuantityError, ["`[1, 2] * s`"]),
    "spikes before the start": (lambda: run(Synapse(), SpikeTrain([-1] * s)), QuantityError, ["at or after 0 s"]),
    "a bare rate": (lambda: run(Synapse(), PoissonSpikes(10)), QuantityError, ["`10 * Hz`"]),
    "a negative rate": (lambda: run(Synapse(), PoissonSpikes(-1 * Hz)), QuantityError, ["0 Hz or more"]),
    "a train before the start": (
        lambda: run(Synapse(), RegularSpikes(1 * Hz, start=-1 * s)),
        QuantityError,
        ["at or after 0 s", "start=-1"],
    ),
    "a train that stops first": (
        lambda: run(Synapse(), PoissonSpikes(1 * Hz, start=2 * s, stop=1 * s)),
        QuantityError,
        ["stops later", "stop=1"],
    ),
    "a negative seed": (lambda: run(Synapse(), PoissonSpikes(1 * Hz, seed=-1)), ArgumentError, ["whole number"]),
    "a seed of None": (lambda: run(Synapse(), PoissonSpikes(1 * Hz, seed=None)), ArgumentError, ["got None"]),
    "half a pairing": (lambda: stdp(Pairings(10 * ms, 2.5, 1 * Hz)), ArgumentError, ["whole number", "2.5"]),
    "pairings that overlap": (lambda: stdp(Pairings(2 * s, 2, 1 * Hz)), QuantityError, ["shorter than one period"]),
    "steps from a later time": (
        lambda: run(LiRinzel(), Steps("ip3", [1, 2] * s, [1, 2] * uM)),
        QuantityError,
        ["rising from 0 s"],
    ),
    "steps without times": (lambda: run(LiRinzel(), Steps("ip3", [] * s, [] * uM)), QuantityError, ["0 values"]),
    "pulses that overlap": (
        lambda: run(LiRinzel(), Pulses("ip3", 1 * uM, [1, 2] * s, 1.5 * s)),
        QuantityError,
        ["do not overlap", "Space the starts"],
    ),
    "no pulse": (lambda: run(LiRinzel(), Pulses("ip3", 1 * uM, [] * s, 1 * s)), QuantityError, ["One or more"]),
    "a number beside a protocol": (lambda: IP3 & 3, QuantityError, ["combine with protocols; got 3"]),
    "perturbation of an unknown": (
        lambda: run(cell(), tp.Perturbation("x", {"uptak": 0.5}, at=0 * s)),
        UnknownNameError,
        ["`cell.LiRinzel.uptake`?"],
    ),
    "perturbation of a state": (
        lambda: run(cell(), tp.Perturbation("x", {"ca": 0.5}, at=0 * s)),
        UnknownNameError,
        ["no parameter `ca`"],
    ),
    "perturbation by a quantity": (
        lambda: run(cell(), tp.Perturbation("x", {"uptake": 0.5 * uM / s}, at=0 * s)),
        DimensionError,
        ["`factor of cell.LiRinzel.uptake`"],
    ),
    "perturbation by infinity": (
        lambda: run(cell(), tp.Perturbation("x", {"uptake": math.inf}, at=0 * s)),
        QuantityError,
        ["finite"],
    ),
    "perturbation out of range": (
        lambda: run(cell(), tp.Perturbation("x", {"uptake": -1.0}, at=0 * s)),
        RangeError,
        ["`cell.LiRinzel.uptake`", "got -0.9 uM/s"],
    ),
    "perturbation of a list": (
        lambda: run(cell(), tp.Perturbation("x", ["uptake"], at=0 * s)),
        ArgumentError,
        ["`factors`", "dictionary by name"],
    ),
    "perturbation that stops first": (
        lambda: run(cell(), tp.Perturbation("x", {"uptake": 0.5}, at=2 * s, stop=1 * s)),
        QuantityError,
        ["stops later", "Exchange"],
    ),
    "perturbation at a bare time": (
        lambda: run(cell(), tp.Perturbation("x", {"uptake": 0.5}, at=1)),
        QuantityError,
        ["`at`", "`1 * s`"],
    ),
    # Results
    "unknown variable": (lambda: run(cell())["cal"], UnknownNameError, ["no `cal`", "`cell.ca`?"]),
    "variable by number": (lambda: run(cell())[0], UnknownNameError, ["named by text; got 0"]),
    "unknown emission": (lambda: run(Synapse()).events("releas"), UnknownNameError, ["`bouton.release`?"]),
    "another file ending": (lambda: run(cell()).save("a.csv"), ResultError, [".nc or .zarr", "`a.csv`"]),
    "no such file": (lambda: tp.Result.load("nowhere.nc"), ResultError, ["`nowhere.nc`", "Check the path"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_answered_with_rule_value_and_remedy(mistake: str) -> None:
    make, error, words = MISTAKES[mistake]
    with pytest.raises(error) as raised:
        make()
    message = str(raised.value)
    assert [word for word in words if word not in message] == [], message
    assert message.endswith((".", "?")) and message.count(". ") + message.count("; ") >= 1, message


def test_every_error_of_the_package_is_one_of_its_own() -> None:
    assert all(issubclass(error, TripartiteError) for _, error, _ in MISTAKES.values())


@pytest.mark.parametrize("name", mechanisms.__all__)
def test_a_misspelt_parameter_of_any_mechanism_lists_the_nearest(name: str) -> None:
    kind = getattr(mechanisms, name)
    for parameter in kind.declared(Parameter):
        with pytest.raises(UnknownNameError, match=r"Did you mean|Choose from") as raised:
            kind(**{f"{parameter}x": 1})
        if len(parameter) > 3:
            assert f"`{parameter}`" in str(raised.value)


# Definitions --------------------------------------------------------------------------------------------


def defined(rates=None, **members):
    """A mechanism with two pools and a rate, and whatever else is given."""
    base = {
        "x": State(1.0, "uM", "first pool"),
        "y": State(0.0, "uM", "second pool"),
        "half": Parameter(1.0, "uM", "half", "assumed: a test"),
        "rate": Parameter(1.0, "1/s", "rate", "assumed: a test"),
    }
    functions = {"rates": rates} if rates else {}
    return type("Made", (Mechanism,), {**base, **functions, **members})


def branching(q):
    if q.x > q.half:
        return {"x": -q.rate * q.x}
    return {"x": 0.0}


def changing(q):
    q.x = 3
    return {}


BAD_DEFINITIONS = {
    "undeclared name": (lambda q: {"x": -q.rat * q.x}, UnknownNameError, ["`Made`", "`q.rat`", "`rate`?"]),
    "rate in the dimension of its state": (lambda q: {"x": -q.x}, DimensionError, ["`Made.rates`", "µM/s", "in µM"]),
    "sum of two dimensions": (lambda q: {"x": q.x + q.rate}, DimensionError, ["`Made.rates`", "must match"]),
    "undeclared state": (lambda q: {"z": -q.rate * q.x}, DefinitionError, ["returns `z`", "`x`"]),
    "rate of a parameter": (lambda q: {"half": -q.rate * q.x}, DefinitionError, ["returns `half`"]),
    "no dictionary": (lambda q: -q.rate * q.x, DefinitionError, ["returns a dictionary"]),
    "no return": (lambda q: None, DefinitionError, ["returns a dictionary", "got None"]),
    "nothing as a rate": (lambda q: {"x": None}, DefinitionError, ["value for `x`", "got None"]),
    "branch": (branching, DefinitionError, ["`Made.rates`", "branch with `if`", "where(condition, yes, no)"]),
    "max": (lambda q: {"x": -q.rate * max(q.x, q.half)}, DefinitionError, ["`max`", "where("]),
    "comparison with a number": (lambda q: {"x": where(q.x > 1, 0, -q.rate * q.x)}, DimensionError, ["bare number"]),
    "numpy": (lambda q: {"x": -q.rate * q.x * np.exp(q.x / q.half)}, DefinitionError, ["`numpy.exp`", "`exp`"]),
    "math": (lambda q: {"x": -q.rate * q.x * math.exp(q.x / q.half)}, DefinitionError, ["into a number", "`exp`"]),
    "exp of micromolar": (lambda q: {"x": -q.rate * q.x * tp.language.exp(q.x)}, DimensionError, ["match"]),
    "a quantity inside": (lambda q: {"x": -q.x / (3 * ms)}, DefinitionError, ["3", "Declare it as a Parameter"]),
    "assignment": (changing, DefinitionError, ["`q.x`", "pure"]),
    "self": (lambda self, q: {"x": -q.rate * q.x}, DefinitionError, ["function of q alone", "without self"]),
    "no function": ({"x": 0}, DefinitionError, ["must be a function of q"]),
}


def several_lines(q):
    gone = q.rate * q.x
    return {
        "x": -gone,
        "y": gone + q.rate * (q.x + 0.5),
    }


def compared(q):
    if q.x > 0.3:
        return {"x": -q.rate * q.x}
    return {"x": 0.0}


BAD_DEFINITIONS |= {
    "a line among several": (several_lines, DimensionError, ['`"y": gone + q.rate * (q.x + 0.5),`', "is a Parameter"]),
    "a branch on a number": (compared, DimensionError, ["`if q.x > 0.3:`", "as a Parameter", "`where(condition, yes"]),
}


@pytest.mark.parametrize("mistake", BAD_DEFINITIONS)
def test_a_bad_equation_is_refused_when_it_is_defined(mistake: str) -> None:
    rates, error, words = BAD_DEFINITIONS[mistake]
    with pytest.raises(error) as raised:
        defined(rates)
    assert [word for word in words if word not in str(raised.value)] == [], str(raised.value)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"crossing": lambda q: q.x - q.half}, ["come together", "Add the other"]),
        ({"on_crossing": lambda q: {"x": q.half}}, ["come together"]),
        ({"on_light": lambda q: {"x": q.half}}, ["`light`", "no declared Input"]),
        ({"on_spike": lambda q: None}, ["`Made.on_spike`", "dictionary"]),
        ({"on_spike": lambda q: {"x": q.x + Add(q.half)}}, ["`Add` stands alone"]),
        ({"on_spike": lambda q: {"x": 2 * Add(q.half)}}, ["`Add` stands alone"]),
        ({"shown": Output("uM", "shown")}, ["`shown`", "`outputs(q)` does not return it"]),
        ({"values": State(0.0, "uM", "values")}, ["`values`", "another name"]),
        ({"replace": State(0.0, "uM", "replace")}, ["`replace`", "another name"]),
        ({"_x": State(0.0, "uM", "hidden")}, ["`_x`", "underscore"]),
    ],
)
def test_a_bad_member_is_refused_when_it_is_defined(members: dict, words: list[str]) -> None:
    with pytest.raises(DefinitionError) as raised:
        defined(**members)
    assert [word for word in words if word not in str(raised.value)] == [], str(raised.value)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: State(0.1, "uMM", "x"), ["'uMM'", "spelling"]),
        (lambda: Input("uMM", "calcium"), ["'uMM'", "calcium"]),
        (lambda: State(0.1, uM, "calcium"), ["written as text", "quotes"]),
        (lambda: State(0.1 * uM, "uM", "calcium"), ["value and unit apart"]),
        (lambda: State(0.1 * uM, "c: calcium"), ["value and unit apart", "c: calcium"]),
        (lambda: Parameter(0.5 * uM, "v: uptake", "assumed: a test"), ["value and unit apart", "v: uptake"]),
        (lambda: State("0.1", "uM", "calcium"), ["value and unit apart", "'0.1'"]),
        (lambda: State(math.nan, "uM", "calcium"), ["nan"]),
        (lambda: State(math.inf, "uM", "calcium"), ["finite", "inf"]),
        (lambda: State(-1.0, "uM", "calcium", low=0), ["range [0, inf]", "-1"]),
        (lambda: State(1.0, "uM", "calcium", low=2, high=1), ["range [2, 1]"]),
        (lambda: State(1.0, "uM", ""), ["in words"]),
        (lambda: State(20.0, "degC", "temperature"), ["kelvin"]),
    ],
)
def test_a_bad_declaration_is_refused_where_it_is_written(make, words: list[str]) -> None:
    with pytest.raises(DefinitionError) as raised:
        make()
    assert [word for word in words if word not in str(raised.value)] == [], str(raised.value)


def test_a_denominator_that_starts_at_zero_is_no_error() -> None:
    defined(lambda q: {"x": -q.rate * q.x / (q.y / q.half), "y": q.rate * q.x})


def test_a_parameter_without_a_known_source_is_refused() -> None:
    with pytest.raises(UnknownNameError, match=r"key of references\.bib"):
        Parameter(1.0, "1/s", "rate", "my notebook")


def test_a_number_without_unit_is_asked_for_in_words():
    with pytest.raises(DimensionError, match="must give `w` without unit; it is in µM"):
        defined(None, w=State(1.0, "1", "weight"), on_spike=lambda q: {"w": Add(q.half)})


def test_a_model_says_how_a_quantity_is_read_and_is_still_asked_what_it_has():
    cell = tp.models.GChi()
    with pytest.raises(UnknownNameError, match=r'Read it as `model\["astrocyte.LiRinzel.uptake"\]`'):
        _ = cell.uptake
    assert cell.astrocyte is cell.compartments["astrocyte"] and cell.ca == cell.astrocyte.ca
    with pytest.raises(UnknownNameError, match="Did you mean `system`"):
        _ = cell.sistem
    assert not hasattr(cell, "units") and getattr(cell, "shape", None) is None


def test_sources_are_a_dictionary_of_a_mechanism_and_of_a_model():
    cell = tp.mechanisms.LiRinzel()
    assert tp.Model(cell=cell).sources["cell.LiRinzel.uptake"] == cell.sources["uptake"]


def test_a_dose_is_not_varied_and_the_error_says_what_is():
    protocol = tp.protocols.Constant(ip3=0.3 * uM) & tp.protocols.Cpa(at=1 * s)
    with pytest.raises(SolveError, match=r"`Cpa.dose` is one of the protocol. Run it once for each.*knockouts"):
        tp.simulate(tp.mechanisms.LiRinzel(), protocol, until=2 * s, vary={"Cpa.dose": [1, 2] * uM})


def test_a_loss_that_needs_numbers_is_refused_with_what_it_may_use():
    protocol = tp.protocols.Constant(ip3=0.3 * uM)
    with pytest.raises(SolveError, match="`float`, `if`, `max` and NumPy cannot be used"):
        tp.gradient(lambda t: float(t["ca"][-1]), tp.mechanisms.LiRinzel(), protocol, until=1 * s, by=["uptake"])


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (lambda: tp.protocols.Cpa(at=1 * s, dose=1 * s), "`dose`"),
        (lambda: tp.protocols.Cpa(at=100 * s, stop=50 * s), "stops later"),
        (lambda: tp.protocols.Cpa(at=1 * s, washout=-1 * s), "not negative"),
        (lambda: tp.protocols.Ip3r2Knockout(remaining=1.5), "fraction"),
        (lambda: tp.Perturbation("late", {"uptake": 0.5}, at=2 * s, stop=1 * s), "stops later"),
        (lambda: Steps("ip3", [0, 1] * s, [1] * uM), "got 2 times and 1 values"),
        (lambda: Pulses("ip3", 1 * uM, [1, 2] * s, 2 * s), "do not overlap"),
    ],
)
def test_a_protocol_that_is_none_is_refused_where_it_is_written(written, words):
    with pytest.raises(TripartiteError, match=words):
        written()
