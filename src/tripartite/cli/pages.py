"""A page of text on everything in the library."""

from __future__ import annotations

import inspect
import shutil
import textwrap
from typing import Any

from tripartite import sources
from tripartite.cli.catalogue import Entry, find
from tripartite.errors import TripartiteError
from tripartite.experiments import Experiment, featuring
from tripartite.experiments.wording import expected
from tripartite.interpret import typeset
from tripartite.language import Chance, Emission, Input, Mechanism, Model, Output, Parameter, ParameterSet, State
from tripartite.language.card import Card, Table, default_text, unit_text
from tripartite.language.declarations import Declaration, Ranged, Valued
from tripartite.network import Network
from tripartite.protocols import AbstractTargeted

_KINDS = (State, Input, Output, Emission, Chance, Parameter)
_ALL = 10**6


def describe(name: str, source: bool = False) -> str:
    """What there is to know about a name; with ``source`` as the Python code that says it."""
    return "\n\n\n".join(_code(entry) if source else _page(entry) for entry in find(name))


def references(name: str) -> str:
    """The reference list of everything under a name."""
    return sources.cite([source for entry in find(name) for source in _sources(entry.item)])


def _page(entry: Entry) -> str:
    item = entry.item
    if isinstance(item, Experiment):
        return "\n".join(_experiment(item))
    if isinstance(item, type) and issubclass(item, Mechanism):
        return "\n".join(_mechanism(item))
    if isinstance(item, ParameterSet):
        return f"{entry.name}\n\n{item._card().text(_ALL)}"
    lines = [f"{entry.name}  ({entry.kind})", "", *_doc(item)]
    if isinstance(item, type):
        lines += ["", "Written as", f"  {_call(item)}"]
    if isinstance(item, type) and issubclass(item, AbstractTargeted):
        lines += ["", *_sites(item)]
    if entry.kind == "model" and (card := _made(item)):
        lines += ["", "As it comes", *(f"  {line}" for line in card.text(_ALL).splitlines())]
    return "\n".join(lines)


def _code(entry: Entry) -> str:
    item = entry.item
    if isinstance(item, ParameterSet):
        return _page(entry)
    kind = item if isinstance(item, type) else type(item)
    return f"# {inspect.getsourcefile(kind)}\n{inspect.getsource(kind).rstrip()}"


def _experiment(item: Experiment) -> list[str]:
    lines = [item.name, "", *_doc(item)]
    if item.claims:
        lines += ["", "Claims", *(f"  {c.statement}: {expected(vars(c))}  [{c.source}]" for c in item.claims)]
    if item.checks:
        lines += ["", "Checks", *(f"  {c.statement}: {expected(vars(c))}  [{c.kind}: {c.source}]" for c in item.checks)]
    parts = sorted({f"{k}: {e.key}" for k, m in item.models().items() for e in m.system.parameters})
    return [*lines, "", "Parameters for --set", *(f"  {part}" for part in parts)]


def _mechanism(item: type[Mechanism]) -> list[str]:
    width = shutil.get_terminal_size((100, 24)).columns - 4
    lines = [item.__name__, "", *_doc(item), "", "Equations"]
    for equation, formulas in typeset.unicode(item, width).items():
        lines += ["", f"  {typeset.occasion(equation)}"]
        for formula in formulas.values():
            lines += ["", textwrap.indent(formula, "    ")]
    rows = [_row(declared, kind) for kind in _KINDS for declared in item.declared(kind).values()]
    heads = ("name", "symbol", "value", "unit", "range", "meaning", "source", "target")
    lines += ["", "Quantities", Table("", heads, rows).text(_ALL)]
    if found := featuring(item):
        lines += ["", "Experiments with it (tripartite run NAME)", *(f"  {name}" for name in found)]
    return lines


def _row(item: Declaration, kind: type[Declaration]) -> tuple[str, ...]:
    return (
        item.name,
        typeset.plain(item.symbol),
        f"{item.value:g}" if isinstance(item, Valued) else default_text(item),
        unit_text(item.unit),
        item.span if isinstance(item, Ranged) else "",
        item.label,
        item.source if isinstance(item, Parameter) else kind.__name__.lower(),
        item.target.name if isinstance(item, Parameter) and item.target else "",
    )


def _doc(item: Any) -> list[str]:
    return (inspect.getdoc(item) or "").splitlines()


def _call(kind: type) -> str:
    """How an object of a class is made, with short defaults."""
    shown = []
    for parameter in inspect.signature(kind).parameters.values():
        bare = parameter.replace(annotation=inspect.Parameter.empty)
        short = "..." if len(repr(bare.default)) > 40 else None
        shown.append(f"{bare.name}={short}" if short else str(bare))
    return f"{kind.__name__}({', '.join(shown)})"


def _sites(kind: type[AbstractTargeted]) -> list[str]:
    label, acts_on = getattr(kind, "label", kind.__name__), getattr(kind, "acts_on", "")
    rows = [(mechanism.__name__, item.name, item.label) for mechanism, item, _ in kind.sites()]
    return [f"{label} acts on {acts_on}", Table("", ("mechanism", "parameter", "meaning"), rows).text(_ALL)]


def _made(item: Any) -> Card | None:
    """The card of a model as it comes; none where it needs something to be made."""
    try:
        made = item() if isinstance(item, type) else item
    except (TypeError, TripartiteError):
        return None
    return made._card() if isinstance(made, Model | Mechanism | Network) else None


def _sources(item: Any) -> list[str]:
    if isinstance(item, Experiment):
        return [item.cite()]
    if isinstance(item, ParameterSet):
        return [item.source, *(item.source_of(name) for name in item.names)]
    found = ["\n".join(_doc(item))]
    if isinstance(item, type) and issubclass(item, Mechanism):
        return [*found, *(p.source for p in item.declared(Parameter).values())]
    if isinstance(item, type) and issubclass(item, Model) and _made(item):
        return [*found, *item().sources.values()]
    if isinstance(item, type) and issubclass(item, AbstractTargeted):
        found.append(inspect.getsource(item))
    return found
