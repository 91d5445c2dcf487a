"""Named sets of published values: one paper's numbers, never merged with another's."""

from __future__ import annotations

from typing import Any

from tripartite import arguments, sources, units
from tripartite.errors import UnknownNameError, named, said
from tripartite.language.built import Owned
from tripartite.language.card import Card, Table


class ParameterSet(metaclass=Owned):
    """Values of one source by parameter name; apply it with ``mechanism.using(set)`` or ``model.using(set)``.

    A value given as ``(value, source)`` has a source of its own.
    """

    def __init__(self, name: str, source: str, **values: Any):
        sources.check(source)
        self.name = arguments.text(name, "name")
        self.source = source
        self._values = {key: v if isinstance(v, tuple) and len(v) == 2 else (v, source) for key, v in values.items()}
        for key, (value, origin) in self._values.items():
            units.single(value, key)
            sources.check(origin)

    @property
    def names(self) -> set[str]:
        """The parameter names that have a value here."""
        return set(self._values)

    @property
    def values(self) -> dict[str, Any]:
        """Every value with its unit, by parameter name."""
        return {name: value for name, (value, _) in self._values.items()}

    def __getitem__(self, name: str) -> Any:
        return self._entry(name)[0]

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._values)

    def source_of(self, name: str) -> str:
        """Where the value of ``name`` comes from."""
        return self._entry(name)[1]

    @staticmethod
    def checked(values: Any) -> ParameterSet:
        """``values`` itself; **raises** `UnknownNameError` for anything but a set."""
        if isinstance(values, ParameterSet):
            return values
        raise UnknownNameError(
            f"`using` takes a ParameterSet, which names its source; got {said(values)}. Write "
            '`ParameterSet("name", "key, table 1", uptake=...)`, or change single values with `replace`.'
        )

    def _entry(self, name: str) -> tuple[Any, str]:
        return self._values[arguments.known(name, self._values, f"The set {named(self.name)} has no")]

    def but(self, name: str, **changes: Any) -> ParameterSet:
        """A set under another name in which some values differ."""
        return ParameterSet(name, self.source, **{**self._values, **changes})

    def without(self, *names: str) -> ParameterSet:
        """A set that leaves out ``names``."""
        for name in names:
            self._entry(name)
        kept = {key: value for key, value in self._values.items() if key not in names}
        return ParameterSet(self.name, self.source, **kept)

    def _card(self) -> Card:
        rows = [
            (name, _shown(value), "" if source == self.source else source)
            for name, (value, source) in self._values.items()
        ]
        return Card(f"ParameterSet {self.name!r}", self.source, [Table("Values", ("name", "value", "source"), rows)])

    def _repr_html_(self) -> str:
        return self._card().html()

    def __repr__(self) -> str:
        return self._card().text()


def _shown(value: Any) -> str:
    return units.shown(value, ".6g") if hasattr(value, "units") else f"{value:.6g}"
