"""What there is: experiments and mechanisms as tables and as pages of text."""

from __future__ import annotations

import inspect
import textwrap
from typing import Any

from tripartite import mechanisms, observe, sources
from tripartite.errors import UnknownNameError, nearest
from tripartite.experiments import INDEX, Experiment, experiment, featuring
from tripartite.experiments.wording import expected
from tripartite.language import Chance, Emission, Input, Mechanism, Output, Parameter, State
from tripartite.language.declarations import Declaration, Valued

KINDS = (State, Input, Output, Emission, Chance, Parameter)


def table() -> dict[str, list[dict[str, Any]]]:
    """Experiments (name, title, paper, numbers of claims and checks) and mechanisms (name, summary)."""
    shown = [experiment(name) for name in INDEX]
    return {
        "experiments": [
            {"name": e.name, "title": e.title, "paper": e.paper, "claims": len(e.claims), "checks": len(e.checks)}
            for e in shown
        ],
        "mechanisms": [{"name": name, "summary": kind.summary()} for name, kind in all_mechanisms().items()],
    }


def text() -> str:
    """The same as aligned text."""
    content = table()
    width = max(len(e["name"]) for e in content["experiments"])
    lines = ["Experiments (tripartite run NAME)", ""]
    for e in content["experiments"]:
        lines.append(
            f"  {e['name']:{width}}  {e['claims']:3} claims, {e['checks']:3} checks  {e['title']} [{e['paper']}]"
        )
    lines += ["", "Mechanisms (tripartite show NAME)", ""]
    width = max(len(m["name"]) for m in content["mechanisms"])
    lines += [f"  {m['name']:{width}}  {m['summary']}" for m in content["mechanisms"]]
    return "\n".join(lines)


def all_mechanisms() -> dict[str, type[Mechanism]]:
    """Every mechanism of the index by name."""
    found = {name: getattr(mechanisms, name) for name in mechanisms.__all__}
    shown = {name: getattr(observe, name) for name in observe.__all__}
    return found | {n: item for n, item in shown.items() if isinstance(item, type) and issubclass(item, Mechanism)}


def find(name: str) -> Experiment | type[Mechanism]:
    """The experiment or mechanism of that name."""
    known = all_mechanisms()
    if name in known:
        return known[name]
    if name in INDEX:
        return experiment(name)
    raise UnknownNameError(f"There is no experiment or mechanism `{name}`. {nearest(name, [*INDEX, *known])}")


def describe(name: str) -> str:
    """A page on an experiment (Methods and claims) or a mechanism (equations, quantities, sources)."""
    item = find(name)
    return _experiment(item) if isinstance(item, Experiment) else _mechanism(item)


def references(name: str) -> str:
    """The reference list of an experiment or a mechanism."""
    item = find(name)
    if isinstance(item, Experiment):
        return item.cite()
    text = inspect.getdoc(item) or ""
    return sources.cite([text, *(p.source for p in item.declared(Parameter).values())])


def _experiment(item: Experiment) -> str:
    lines = [item.name, "", inspect.getdoc(item) or ""]
    if item.claims:
        lines += ["", "Claims", *(f"  {c.statement}: {expected(vars(c))}  [{c.source}]" for c in item.claims)]
    if item.checks:
        lines += ["", "Checks", *(f"  {c.statement}: {expected(vars(c))}  [{c.kind}: {c.source}]" for c in item.checks)]
    parts = sorted({f"{k}: {e.key}" for k, m in item.models().items() for e in m.system.parameters})
    lines += ["", "Parameters for --set", *(f"  {part}" for part in parts)]
    return "\n".join(lines)


def _mechanism(item: type[Mechanism]) -> str:
    lines = [item.__name__, "", inspect.getdoc(item) or "", "", "Equations"]
    for equation in item.equations():
        text = textwrap.dedent(inspect.getsource(equation)).rstrip()
        lines += ["", *(f"  {line}" for line in text.splitlines())]
    rows = [_row(declared, kind) for kind in KINDS for declared in item.declared(kind).values()]
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    lines += ["", "Quantities (name, symbol, value, unit, range, meaning, source)"]
    lines += [
        "  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=False)) + f"  {row[6]}"
        for row in rows
    ]
    if found := featuring(item):
        lines += ["", "Experiments with it (tripartite run NAME)", *(f"  {name}" for name in found)]
    return "\n".join(lines)


def _row(item: Declaration, kind: type[Declaration]) -> tuple[str, ...]:
    valued = isinstance(item, Valued)
    source = item.source if isinstance(item, Parameter) else kind.__name__.lower()
    return (
        item.name,
        item.symbol,
        f"{item.value:g}" if valued else "",
        item.unit,
        item.span if valued else "",
        item.label,
        source,
    )
