"""Objects that stay as they were built: what is to be different is a copy, or is said when they are built."""

from __future__ import annotations

import abc
import copy
import inspect
from typing import TYPE_CHECKING, Any, TypeVar

from tripartite import arguments
from tripartite.errors import DefinitionError, said

T = TypeVar("T")

_DONE = "_built"


class Owned(abc.ABCMeta):
    """Classes whose objects hold what was passed to them as it was then, and arrays that nobody writes to.

    The constructor is given copies of arrays, lists and mappings (`arguments.own`).
    """

    if not TYPE_CHECKING:  # a type checker looks at the constructor itself

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            made = super().__call__(*map(arguments.own, args), **{n: arguments.own(v) for n, v in kwargs.items()})
            for item in vars(made).values():
                arguments.sealed(item)
            return made

    @property
    def __signature__(cls) -> inspect.Signature:
        """That of the constructor, which `help` would otherwise take from here; or what the class says itself."""
        for base in cls.__mro__:
            if "__signature__" in vars(base):
                return vars(base)["__signature__"].__get__(None, cls)
        whole = inspect.signature(cls.__init__)
        return whole.replace(parameters=list(whole.parameters.values())[1:])


class Built(Owned):
    """Classes that know when an object of theirs is finished: after its constructor and those of derived classes."""

    if not TYPE_CHECKING:

        def __call__(cls, *args: Any, **kwargs: Any) -> Any:
            made = super().__call__(*args, **kwargs)
            vars(made)[_DONE] = True
            return made


class Kept(metaclass=Built):
    """An object of which no attribute is assigned once it is built; names with an underscore are its own affair."""

    def __setattr__(self, name: str, value: Any) -> None:
        if _DONE in vars(self) and not name.startswith("_"):
            raise self._refusal(name, value)
        super().__setattr__(name, value)

    def __delattr__(self, name: str) -> None:
        if _DONE in vars(self) and not name.startswith("_"):
            raise self._refusal(name)
        super().__delattr__(name)

    def _refusal(self, name: str, *value: Any) -> DefinitionError:
        kind = type(self).__name__
        done = f"{kind}.{name} = {said(value[0])}" if value else f"del {kind}.{name}"
        return DefinitionError(
            f"{self._noun()} stays as it was built; `{done}` is no way to change it. {self._remedy(name)}"
        )

    def _noun(self) -> str:
        """What the object is, with its article, at the beginning of a sentence."""
        return f"A `{type(self).__name__}`"

    def _remedy(self, name: str) -> str:
        """A sentence on what to write in place of an assignment to ``name``."""
        return f"Build another `{type(self).__name__}`."


def changed(item: T, **fields: Any) -> T:
    """A copy with other content of some attributes."""
    made = copy.copy(item)
    vars(made).update(fields)
    return made
