"""The library as a table: by kind, with a line on everything."""

from __future__ import annotations

from typing import Any

from tripartite.cli.catalogue import KINDS, entries
from tripartite.experiments.wording import several

_PLURAL = {kind: f"{kind}s" for kind in KINDS}


def table() -> dict[str, list[dict[str, Any]]]:
    """By kind, name and summary; experiments with title, paper and the numbers of their claims and checks."""
    found: dict[str, list[dict[str, Any]]] = {plural: [] for plural in _PLURAL.values()}
    for entry in entries():
        row: dict[str, Any] = {"name": entry.name}
        if entry.kind == "experiment":
            item = entry.item
            row |= {"title": item.title, "paper": item.paper, "claims": len(item.claims), "checks": len(item.checks)}
        else:
            row["summary"] = entry.summary
        found[_PLURAL[entry.kind]].append(row)
    return found


def text() -> str:
    """The same as aligned text."""
    lines = []
    for kind, heading in KINDS.items():
        chosen = [entry for entry in entries() if entry.kind == kind]
        width = max(len(entry.name) for entry in chosen)
        lines += [heading, "", *(f"  {e.name:{width}}  {_counted(e)}{e.summary}".rstrip() for e in chosen), ""]
    return "\n".join([*lines, "tripartite show NAME says more about each."])


def _counted(entry: Any) -> str:
    if entry.kind != "experiment":
        return ""
    claims, checks = (len(found) for found in (entry.item.claims, entry.item.checks))
    return f"{several(claims, 'claim'):>9}  {several(checks, 'check'):>9}  "
