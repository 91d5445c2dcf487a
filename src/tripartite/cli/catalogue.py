"""Everything that has a name and a page: experiments, mechanisms, models, sets of values, protocols, rules."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tripartite import mechanisms, models, network, observe, parameters, protocols
from tripartite.errors import UnknownNameError, named, nearest
from tripartite.experiments import INDEX, experiment
from tripartite.experiments.wording import several
from tripartite.language import Mechanism, ParameterSet
from tripartite.protocols import AbstractDrug, AbstractKnockout

KINDS = {
    "experiment": "Experiments (tripartite run NAME)",
    "mechanism": "Mechanisms",
    "model": "Models",
    "set": "Sets of values, each with its source",
    "drug": "Drugs",
    "knock-out": "Knock-outs",
    "protocol": "Tools and stimuli",
    "rule": "Rules of a network",
}
"""Every kind and its heading, in the order of the list."""


@dataclass(frozen=True)
class Entry:
    """A name, what it is, and the thing itself; experiments load when their page is asked for."""

    kind: str
    name: str
    item: Any

    @property
    def summary(self) -> str:
        """In one line what it is."""
        if isinstance(self.item, ParameterSet):
            return f"{self.item.name}, {several(len(self.item.names), 'value')} [{self.item.source}]"
        if self.kind == "experiment":
            return f"{self.item.title} [{self.item.paper}]"
        about = (inspect.getdoc(self.item) or "").partition("\n\n")[0]
        return " ".join(about.split())


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry, in the order of the kinds."""
    found = [Entry("experiment", name, experiment(name)) for name in INDEX]
    found += [Entry("mechanism", name, kind) for name, kind in all_mechanisms().items()]
    found += [Entry("model", name, getattr(models, name)) for name in models.__all__]
    found += [Entry("set", name, item) for name, item in all_sets().items()]
    found += [Entry(_kind(item), name, item) for name, item in _public(protocols).items()]
    found += [Entry("rule", name, item) for name, item in _public(network.rules).items()]
    order = list(KINDS)
    return tuple(sorted(found, key=lambda entry: order.index(entry.kind)))


def find(name: str) -> list[Entry]:
    """The entries of that name: a designer receptor is a mechanism and a protocol."""
    found = [entry for entry in entries() if entry.name == name]
    found = found or [entry for entry in entries() if entry.kind == "set" and entry.name.startswith(f"{name}.")]
    if not found:
        known = [entry.name for entry in entries()]
        raise UnknownNameError(
            f"There is no {named(name)} in the library. {nearest(name, known)} See `tripartite list`."
        )
    return found


def all_mechanisms() -> dict[str, type[Mechanism]]:
    """Every mechanism of the index by name."""
    found = {name: getattr(mechanisms, name) for name in mechanisms.__all__}
    shown = {name: getattr(observe, name) for name in observe.__all__}
    return found | {n: item for n, item in shown.items() if isinstance(item, type) and issubclass(item, Mechanism)}


def all_sets() -> dict[str, ParameterSet]:
    """Every published set of values, by the name under which `tp.parameters` or `tp.observe` has it."""
    papers = {name: getattr(parameters, name) for name in parameters.__all__}
    found = {f"{paper}.{name}": item for paper, module in papers.items() for name, item in _sets(vars(module)).items()}
    return found | _sets({name: getattr(observe, name) for name in observe.__all__})


def _sets(names: Mapping[str, Any]) -> dict[str, ParameterSet]:
    return {n: item for n, item in names.items() if isinstance(item, ParameterSet) and not n.startswith("_")}


def _public(room: Any) -> dict[str, Any]:
    """What a room offers to use, without what is only there to be derived from."""
    found = {name: getattr(room, name) for name in room.__all__ if not name.startswith("Abstract")}
    return {name: item for name, item in found.items() if isinstance(item, type)}


def _kind(item: type) -> str:
    if issubclass(item, AbstractDrug):
        return "drug"
    return "knock-out" if issubclass(item, AbstractKnockout) else "protocol"
