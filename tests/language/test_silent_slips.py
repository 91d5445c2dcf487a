"""Slips of a newcomer that Python lets pass: misspelt equations, `and` for `&`, values assigned to what is built."""

import copy
import pickle

import pytest

import tripartite as tp
from tripartite.errors import DefinitionError
from tripartite.language import Compartment, Input, Mechanism, Parameter, State
from tripartite.mechanisms import LiRinzel
from tripartite.models import GChi
from tripartite.network import Coupling, Network, PoissonGroup, Population, Projection
from tripartite.network.rules import OneToOne, Ring
from tripartite.protocols import Constant, RegularSpikes
from tripartite.units import Hz, s, uM

DECLARED = {
    "ca": State(1.0, "uM", "calcium"),
    "pump": Parameter(50.0, "uM/s", "pump", "assumed: a test"),
    "level": Input("1", "an event"),
}


def removal(q):
    return {"ca": -q.pump}


def nothing(q):
    return {}


def named(name: str, function: object) -> type[Mechanism]:
    return type("Pump", (Mechanism,), {**DECLARED, "__module__": __name__, name: function})


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        *(("rate", "rates"), ("Rates", "rates"), ("derivatives", "rates"), ("output", "outputs")),
        *(("transition", "transitions"), ("onspike", "on_spike"), ("on_spikes", "on_spike"), ("on_levels", "on_level")),
        ("on_crossings", "on_crossing"),
    ],
)
def test_a_misspelt_equation_is_refused_with_the_name_that_was_meant(slip: str, meant: str) -> None:
    with pytest.raises(DefinitionError, match=rf"`Pump\.{slip}` is none.*`{meant}`"):
        named(slip, removal)
    with pytest.raises(DefinitionError, match=rf"`{meant}`"):
        named(slip, staticmethod(removal))
    result = tp.simulate(named("rates", removal)(), Constant({"level": 1}), until=0.01 * s)
    assert result["ca"].values[-1] == pytest.approx(0.5)


def test_a_derived_class_cannot_drop_an_equation_by_a_misspelt_name() -> None:
    with pytest.raises(DefinitionError, match="`rates`"):
        named("rate", None)


def leak(q):
    return -q.rate * q.ca


def test_what_helps_equations_is_no_slip() -> None:
    class Helped(Mechanism):
        ca = State(1.0, "uM", "calcium")
        rate = Parameter(1.0, "1/s", "a parameter may be called so", "assumed: a test")

        def _unused(q):
            return leak(q)

        def rates(q):
            return {"ca": leak(q)}

        def describe(self) -> str:
            return "a method for its user"

        @property
        def tempo(self) -> object:
            return self.rate

    assert Helped().describe()
    assert tp.simulate(Helped(), until=1 * s).ok


def test_protocols_are_not_joined_by_and() -> None:
    spikes, perturbation = RegularSpikes(rate=1 * Hz), tp.Perturbation("no SERCA", {"uptake": 0.0}, at=1 * s)
    for slip in (lambda: spikes and perturbation, lambda: spikes or perturbation, lambda: not spikes):
        with pytest.raises(DefinitionError, match="joined by `&`"):
            slip()
    assert len((spikes & perturbation).members) == 2


def built() -> dict[str, object]:
    neurons, source = Population(LiRinzel(), 2), PoissonGroup(2, 1 * Hz)
    projection = Projection(source, neurons, synapse=tp.mechanisms.TsodyksMarkram(), rule=OneToOne())
    result = tp.simulate(GChi(), Constant({"glutamate": 0 * uM}), until=0.1 * s)
    return {
        "mechanism": LiRinzel(), "model": GChi(), "compartment": Compartment(LiRinzel()), "population": neurons,
        "source": source, "projection": projection, "network": Network(neurons=neurons), "result": result,
        "coupling": Coupling(neurons, tp.mechanisms.Ip3Coupling(), Ring()),
    }  # fmt: skip


def test_what_is_built_takes_no_assignment() -> None:
    for name, item in built().items():
        before = repr(item)
        for attribute in ("uptake", "seed", "anything"):
            with pytest.raises(DefinitionError, match=rf"stays as it was built; `\w+\.{attribute} = "):
                setattr(item, attribute, 0.1 * uM / s)
        with pytest.raises(DefinitionError, match="no way to change it"):
            del item.whatever  # type: ignore[attr-defined]
        assert repr(item) == before, name


def test_the_refusal_says_what_to_write() -> None:
    for item, remedy in (
        (LiRinzel(), r"`mechanism\.replace\(uptake=\.\.\.\)`"),
        (GChi(), r'`model\.replace\(\{"astrocyte\.LiRinzel\.uptake": \.\.\.\}\)`'),
        (Compartment(LiRinzel()), r"`compartment\.replace\(uptake=\.\.\.\)`"),
        (Population(LiRinzel(), 2), r'values=\{"uptake": \.\.\.\}'),
    ):
        with pytest.raises(DefinitionError, match=remedy):
            item.uptake = 0.1 * uM / s  # type: ignore[union-attr]
        with pytest.raises(DefinitionError, match=r"Did you mean `.*uptake`|is said when it is built"):
            item.uptke = 0.1 * uM / s  # type: ignore[union-attr]


def test_copies_and_pickles_stay_as_they_were_built() -> None:
    for made in (LiRinzel().replace(uptake=1 * uM / s), copy.deepcopy(GChi()), pickle.loads(pickle.dumps(LiRinzel()))):
        with pytest.raises(DefinitionError):
            made.uptake = 0.1 * uM / s


def test_a_derived_model_may_hold_what_it_likes_while_it_is_built() -> None:
    class Named(tp.Model):
        def __init__(self) -> None:
            super().__init__(cell=LiRinzel())
            self.nickname = "cell 7"

    assert Named().nickname == "cell 7" and Named().replace({"uptake": 1 * uM / s}).nickname == "cell 7"
