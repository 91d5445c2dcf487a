"""Paths: how users name the quantities of a model or result, in full or as far as needed."""

from __future__ import annotations

from collections.abc import Iterable

from tripartite.errors import UnknownNameError, named, nearest, said


def resolve(path: str, keys: Iterable[str], owner: str) -> str:
    """The one of ``keys`` that ``path`` names: its last word and, in order, some of the words before it.

    **Raises** `UnknownNameError`, beginning with ``owner`` ("The model has no parameter"), when none or
    several fit.
    """
    keys = list(keys)
    if not isinstance(path, str):
        raise UnknownNameError(f"Quantities are named by text; got {said(path)}. {nearest(path, keys)}")
    found = [key for key in keys if key == path] or [key for key in keys if fits(path, key)]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(f"`{key}`" for key in found)
        raise UnknownNameError(f"{named(path)} names several: {listed}. Write one of them in full.")
    raise UnknownNameError(f"{owner} {named(path)}. {nearest(path, keys)}")


def fits(path: str, key: str) -> bool:
    """Whether ``path`` names ``key``, as in `resolve`."""
    if not isinstance(path, str):
        return False
    wanted, words = path.split("."), key.split(".")
    if wanted[-1] != words[-1]:
        return False
    rest = iter(words)
    return all(word in rest for word in wanted)
