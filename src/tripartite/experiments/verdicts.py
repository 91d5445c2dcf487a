"""The verdicts that are known: one file holds them, so that a failing claim is a result and not an accident."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from tripartite.errors import said
from tripartite.experiments.runner import Report

_FILE = "verdicts.csv"
HEADS = ("experiment", "kind", "statement", "verdict", "quick")


class Known(NamedTuple):
    """Verdicts of one statement in a whole and in a quick run; empty where it was never run."""

    kind: str
    verdict: str
    quick: str

    def of(self, quick: bool) -> str:
        """What a quick or a whole run gives; what was only run the other way is taken to be the same."""
        return (self.quick or self.verdict) if quick else (self.verdict or self.quick)


@cache
def known() -> dict[tuple[str, str], Known]:
    """Every known verdict by experiment and statement."""
    text = files("tripartite.experiments").joinpath(_FILE).read_text(encoding="utf-8")
    return {
        (row["experiment"], row["statement"]): Known(row["kind"], row["verdict"], row["quick"])
        for row in csv.DictReader(text.splitlines())
    }


def differences(reports: Iterable[Report]) -> list[str]:
    """A sentence for every verdict that is not the known one, and for every statement that is new or gone."""
    found = []
    for report in reports:
        name = report.experiment.name
        made = {s["statement"]: s["verdict"] for s in (*report.claims, *report.checks)}
        kept = {statement: row.of(report.quick) for (e, statement), row in known().items() if e == name}
        for statement in {**kept, **made}:
            was, now = kept.get(statement, "not listed"), made.get(statement, "not made")
            if was != now:
                found.append(f"{name}: {said(statement)} is {now}; known as {was}.")
    return found


def write(reports: Iterable[Report], path: Path) -> Path:
    """A file like the package's own, with the verdicts of these reports and otherwise those already known.

    What a run has changed for good reasons becomes known by taking this file in place of the package's.
    """
    rows = {key: row for key, row in known().items()}
    for report in reports:
        name = report.experiment.name
        old = {key: rows.pop(key) for key in [key for key in rows if key[0] == name]}
        for made in (*report.claims, *report.checks):
            key = (name, made["statement"])
            before = old.get(key, Known(made["kind"], "", ""))
            new = {"quick" if report.quick else "verdict": made["verdict"], "kind": made["kind"]}
            rows[key] = before._replace(**new)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADS)
        writer.writerows([*key[:1], row.kind, key[1], row.verdict, row.quick] for key, row in sorted(rows.items()))
    return path
