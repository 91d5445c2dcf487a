"""Everything declared is used, has a meaning and a source; everything returned is declared."""

import inspect
from functools import cache
from typing import Any

import pytest

from tripartite import sources, units
from tripartite.interpret.dimensions import declared_quantities
from tripartite.language import Emission, Input, Mechanism, Output, Parameter, ParameterSet, State

from . import index

every_mechanism = pytest.mark.parametrize("kind", index.INDEX, ids=lambda kind: kind.__name__)
EQUATIONS = ("rates", "noise", "outputs", "transitions", "crossing", "on_crossing")


class Recorder:
    """Stands in for ``q`` and notes what is read."""

    def __init__(self, values: dict[str, Any], read: set[str]):
        self.values, self.read = values, read

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return self.values[name]


def names_read(kind: type[Mechanism]) -> set[str]:
    """Every name that some equation of the mechanism reads."""
    read: set[str] = set()
    for equation in EQUATIONS:
        if function := kind.equation(equation):
            function(Recorder(declared_quantities(kind, equation), read))
    for event in kind.events():
        kind.equation(f"on_{event}")(Recorder(declared_quantities(kind, f"on_{event}"), read))
    return read


@every_mechanism
def test_every_parameter_is_read_by_an_equation(kind: type[Mechanism]) -> None:
    assert set(kind.declared(Parameter)) <= names_read(kind)


@every_mechanism
def test_every_input_is_read_or_added_to(kind: type[Mechanism]) -> None:
    added = {*index.answer(kind, "rates"), *index.answer(kind, "noise"), *index.changed_by_events(kind)}
    # What starts an event may have no amount that counts.
    assert set(kind.declared(Input)) <= names_read(kind) | added | set(kind.events())


@cache
def changed_from_outside() -> frozenset[str]:
    """Names of states that some mechanism adds to or sets without owning them."""
    changing: set[str] = set()
    for other in index.INDEX:
        changing |= {*index.answer(other, "rates"), *index.changed_by_events(other)} & set(other.declared(Input))
    return frozenset(changing)


@every_mechanism
def test_every_state_changes(kind: type[Mechanism]) -> None:
    changing = {*index.answer(kind, "rates"), *index.changed_by_events(kind)}
    assert set(kind.declared(State)) <= changing | changed_from_outside()


@every_mechanism
def test_every_output_and_emission_is_returned(kind: type[Mechanism]) -> None:
    assert set(kind.declared(Output)) == set(index.answer(kind, "outputs"))
    assert set(kind.declared(Emission)) <= index.changed_by_events(kind)


@every_mechanism
def test_every_quantity_has_a_unit_and_a_meaning(kind: type[Mechanism]) -> None:
    for name, item in kind.declarations.items():
        assert units.factor(item.unit) > 0, name
        assert len(item.label) > 3 and not item.label.endswith("."), name


@every_mechanism
def test_every_parameter_has_a_source(kind: type[Mechanism]) -> None:
    for name, item in kind.declared(Parameter).items():
        assert item.source.startswith(sources.ASSUMED) or sources.keys_in(item.source), name
        assert item.source.strip() not in (sources.ASSUMED, sources.ASSUMED + ":"), f"{name}: say why"


@every_mechanism
def test_the_docstring_says_what_it_is_where_from_and_where_it_holds(kind: type[Mechanism]) -> None:
    text = inspect.cleandoc(kind.__doc__ or "")
    assert 0 < len(text.splitlines()[0]) < 120 and text.splitlines()[0].endswith((".", ":"))
    assert "**Sources**" in text
    stated = text.split("**Sources**")[1].split("**")[0]
    assert "assumed" in stated or sources.keys_in(stated)
    assert "**Holds for**" in text
    assert len(text.split("**Holds for**")[1].split("**")[0].split()) > 1


@every_mechanism
def test_a_mechanism_with_values_of_several_papers_names_them_all(kind: type[Mechanism]) -> None:
    papers = sources.papers({name: item.source for name, item in kind.declared(Parameter).items()})
    stated = (kind.__doc__ or "").partition("**Sources**")[2]
    if len(papers) > 1:
        assert set(papers) <= set(sources.keys_in(stated)), papers


def test_a_set_of_values_draws_on_one_paper() -> None:
    from tripartite import parameters

    for key in parameters.__all__:
        for values in vars(getattr(parameters, key)).values():
            if isinstance(values, ParameterSet):
                papers = sources.papers({name: values.source_of(name) for name in values.names})
                assert set(papers) <= {key}, values.name


@every_mechanism
def test_declared_values_lie_in_their_range(kind: type[Mechanism]) -> None:
    for name, value in kind().values.items():
        kind.declarations[name].check_range(value, name)


def test_the_index_is_sorted_and_complete() -> None:
    from tripartite import mechanisms

    assert sorted(mechanisms.__all__) == list(mechanisms.__all__)
    for theme in vars(mechanisms).values():
        if inspect.ismodule(theme) and theme.__name__.startswith("tripartite.mechanisms."):
            for module in (m for m in vars(theme).values() if inspect.ismodule(m)):
                for part in vars(module).values():
                    if isinstance(part, type) and issubclass(part, Mechanism) and part.__module__ == module.__name__:
                        assert part.__name__ in mechanisms.__all__, part
