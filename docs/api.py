"""The pages of the programming interface: every public name of every room, with signature and docstring."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator
from enum import Enum
from importlib import import_module
from typing import Any

from tripartite.language import Mechanism, ParameterSet

ROOMS = {
    "solve": "Simulating",
    "language": "What a model is",
    "models": "Models",
    "protocols": "Stimuli, drugs and tools",
    "perturb": "Tables of perturbations",
    "network": "Networks",
    "network.rules": "Who is connected",
    "figures": "Figures",
    "observe": "Instruments",
    "analysis": "Analysis",
    "fit": "Fitting",
    "identify": "What data determine",
    "experiments": "Experiments",
    "units": "Units",
    "sources": "Bibliography",
    "errors": "Errors",
}
"""Every room and its heading; mechanisms and published values have pages of their own."""

Text = Callable[[str], str]
"""From a docstring to Markdown."""


def names(room: str) -> dict[str, Any]:
    """The public names of a room that need a description."""
    module = import_module(f"tripartite.{room}")
    listed = getattr(module, "__all__", [n for n in vars(module) if not n.startswith("_")])
    if room in ("units", "errors"):
        listed = [n for n, item in vars(module).items() if _own(item, module.__name__) and not n.startswith("_")]
    found = {name: getattr(module, name) for name in listed}
    found = {n: i for n, i in found.items() if _own(i) and not _elsewhere(i)}
    return {n: i for n, i in found.items() if room != "errors" or isinstance(i, type)}


def links() -> dict[str, str]:
    """Where each public name is described, for links from any page."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for name, anchor in _anchors(room).items():
            found.setdefault(name, f"/generated/api/{room}.md#{anchor}")
    return found


def _anchors(room: str) -> dict[str, str]:
    """The anchor of every name on its page, where names that differ in their letters' case only are counted."""
    found: dict[str, str] = {}
    for name in names(room):
        before = sum(other.lower() == name.lower() for other in found)
        found[name] = name.lower() + (f"-{before}" if before else "")
    return found


def pages(text: Text) -> Iterator[tuple[str, list[str]]]:
    """Name and lines of every page; ``text`` turns a docstring into Markdown."""
    lines = ["# Programming interface", "", "Everything public, room by room. Mechanisms, with their equations and"]
    lines += ["quantities, and published values are in the [library reference](../reference/index.md).", ""]
    for room, title in ROOMS.items():
        listed = [f"[`{n}`]({room}.md#{anchor})" for n, anchor in _anchors(room).items()]
        lines += [f"## [{title}]({room}.md)", "", f"`tripartite.{room}`: {', '.join(listed)}", ""]
        yield room, page(room, title, text)
    yield "index", [*lines, "```{toctree}", ":hidden:", "", *ROOMS, "```"]


def page(room: str, title: str, text: Text) -> list[str]:
    """A room: its docstring, then every name."""
    about = inspect.getdoc(import_module(f"tripartite.{room}")) or ""
    lines = [f"# {title}", "", f"`tripartite.{room}`", "", text(about)]
    for name, item in names(room).items():
        lines += ["", f"## {name}", "", *_described(name, item, text)]
    return lines


def _described(name: str, item: Any, text: Text) -> list[str]:
    if not callable(item):
        return [f"An object of `{type(item).__name__}`.", ""]
    doc = text(inspect.getdoc(item) or "")
    if isinstance(item, type) and issubclass(item, BaseException):
        return [doc, ""]
    if isinstance(item, type) and issubclass(item, Enum):
        return [doc, "", *(f"- `{name}.{member.name}`: {member.value}" for member in item), ""]
    lines = [*_code(name, item), "", doc, ""]
    for member, thing in _members(item) if isinstance(item, type) else ():
        title = f"### {name}.{member}"
        about = text(inspect.getdoc(thing) or "")
        if isinstance(thing, property) or not callable(thing):
            lines += [title, "", about, ""]
        else:
            lines += [title, "", *_code(member, thing, bound=True), "", about, ""]
    return lines


def _members(kind: type) -> Iterator[tuple[str, Any]]:
    """Documented public methods and properties that a class or its parents in the package define."""
    inside = [k for k in kind.__mro__ if k.__module__.startswith("tripartite.")]
    fields = {f.name for f in dataclasses.fields(kind)} if dataclasses.is_dataclass(kind) else set()
    seen: set[str] = set()
    for parent in inside:
        for name, item in vars(parent).items():
            if inspect.isfunction(item) and not item.__module__.startswith("tripartite."):
                continue  # what a library writes into a derived class
            plain = isinstance(item, staticmethod | classmethod)
            found = getattr(kind, name, None) if plain else getattr(item, "func", item)
            shown = isinstance(item, property) or inspect.isfunction(found) or inspect.ismethod(found)
            if name.startswith("_") or name in seen or name in fields or not shown:
                continue
            seen.add(name)
            if inspect.getdoc(found):
                yield (
                    name,
                    item if isinstance(item, property) else (property(found) if hasattr(item, "func") else found),
                )


def _code(name: str, item: Any, bound: bool = False) -> list[str]:
    """How it is called, a long signature on several lines."""
    made = getattr(item, "__init__", item) if isinstance(item, type) else item
    foreign = isinstance(item, type) and not dataclasses.is_dataclass(item) and not _own(made)
    try:
        signature = inspect.signature(item)
    except (TypeError, ValueError):
        return []
    if foreign and signature.parameters:
        return []
    parameters = [p for p in signature.parameters.values() if not (bound and p.name == "self")]
    shown = _starred([_parameter(p) for p in parameters], parameters)
    back = signature.return_annotation
    silent = isinstance(item, type) or back in (inspect.Signature.empty, None, "None")
    tail = "" if silent else f" -> {_note(back)}"
    line = f"{name}({', '.join(shown)}){tail}"
    if len(line) > 88:
        line = "\n".join([f"{name}(", *(f"    {part}," for part in shown), f"){tail}"])
    return ["```python", line, "```"]


def _starred(shown: list[str], parameters: list[inspect.Parameter]) -> list[str]:
    """The bare star before the first parameter that is given by name only."""
    kinds = [p.kind for p in parameters]
    if inspect.Parameter.VAR_POSITIONAL in kinds or inspect.Parameter.KEYWORD_ONLY not in kinds:
        return shown
    first = kinds.index(inspect.Parameter.KEYWORD_ONLY)
    return [*shown[:first], "*", *shown[first:]]


def _parameter(parameter: inspect.Parameter) -> str:
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
    noted = "" if parameter.annotation in (inspect.Parameter.empty, "Any") else f": {_note(parameter.annotation)}"
    if parameter.default is inspect.Parameter.empty:
        return f"{stars}{parameter.name}{noted}"
    default = "..." if "\n" in repr(parameter.default) or len(repr(parameter.default)) > 60 else repr(parameter.default)
    default = "..." if default.startswith("<") else default
    return f"{parameter.name}{noted} = {default}" if noted else f"{parameter.name}={default}"


def _note(annotation: Any) -> str:
    found = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    return found.strip("'\"")


def _own(item: Any, module: str = "tripartite") -> bool:
    """Whether something is defined in the package, or in one of its modules."""
    place = getattr(item, "__module__", None) or type(item).__module__
    return str(place).startswith(module) and not inspect.ismodule(item)


def _elsewhere(item: Any) -> bool:
    """Whether the library reference describes it."""
    mechanism = isinstance(item, type) and issubclass(item, Mechanism) and item is not Mechanism
    return mechanism or isinstance(item, ParameterSet)
