"""Whether a stored state belongs to a network: by its description, and by every number it begins with."""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tripartite.errors import NetworkError, ResultError
from tripartite.language.sameness import differences, listed
from tripartite.network.connect.layout import Layout

_ASKED = ("network", "protocol", "records", "until", "seeds")


def built(layout: Layout, equations: str) -> dict[str, Any]:
    """A digest of every array that a network begins with, which of them connect, and the name of its kernels."""
    memory = layout.memory
    found = {n: zlib.crc32(a) for n, a in memory.arrays.items() if n not in memory.of_threads}  # type: ignore
    return {"arrays": found, "wired": sorted(memory.wired), "equations": equations}


def check_same(before: Mapping[str, Any], now: Mapping[str, Any], versions: bool = True) -> None:
    """Refuse a state of a network that began with other numbers, or (in the same versions) other equations."""
    old, new = before["arrays"], now["arrays"]
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    rule = "A checkpoint continues the network it was made of"
    wired = [name for name in changed if name in now["wired"]]
    if wired:
        raise NetworkError(
            f"{rule}; this one is connected differently ({', '.join(f'`{n}`' for n in wired[:5])}). Build it with the "
            "same populations, rules and seed."
        )
    if changed:
        raise NetworkError(
            f"{rule}; this one begins with other numbers in {', '.join(f'`{name}`' for name in changed[:5])}. Build it "
            "with the same values, or change them during the run by a `Perturbation`."
        )
    if versions and before["equations"] != now["equations"]:
        raise NetworkError(f"{rule}; this one has other equations. Build it of the same mechanisms.")


def check_described(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Refuse a state of a network that is declared otherwise, and say where."""
    found = differences(before, now)
    if found:
        raise NetworkError(
            f"A checkpoint continues the network it was made of; this one differs in {listed(found)}. Build the same "
            "network, or change values during the run by a `Perturbation`."
        )


def check_asked(path: Path, before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> None:
    """Refuse to go on with a run that was asked for something else, or in other versions; None is a new run."""
    if before is None:
        return
    found = differences({k: before.get(k) for k in _ASKED}, {k: now[k] for k in _ASKED})
    if found:
        raise ResultError(
            f"A run that streams into an existing folder goes on with it; `{path}` was asked for something else: "
            f"{listed(found)}. Choose another folder, or `network.resume(path)` for what was asked."
        )
    found = differences(before["versions"], now["versions"])
    if found:
        raise ResultError(
            f"A run goes on to the last bit in the versions it began with; `{path}` has {listed(found)}. Choose "
            "another folder, or go on in spite of that by `network.resume(path)`."
        )


def warn_versions(path: Path, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Say that a state comes from other versions."""
    found = differences(before, now)
    if found:
        warnings.warn(
            f"`{path}` was begun in other versions: {listed(found)}. What follows need not be what one version would "
            "have given, to the last bit.",
            stacklevel=4,
        )
