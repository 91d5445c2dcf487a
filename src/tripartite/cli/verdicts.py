"""Verdicts on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from tripartite.experiments.runner import Report
from tripartite.experiments.wording import expected, measured

_COLOURS = {"pass": "green", "fail": "red", "ambiguous": "yellow"}


def show(report: Report) -> None:
    """The claims of a report as a table, the verdict, and where the files lie."""
    console = Console(width=None)
    table = Table("claim", "expected", "measured", "verdict", title=report.experiment.title, title_justify="left")
    for claim in report.claims:
        colour = _COLOURS[claim["verdict"]]
        table.add_row(claim["statement"], expected(claim), measured(claim), f"[{colour}]{claim['verdict']}[/{colour}]")
    console.print(table)
    line(report)
    for name in ("figure.png", "results.nc", "claims.json", "provenance.json"):
        console.print(f"  {report.folder / name}", highlight=False)


def line(report: Report) -> None:
    """One line: verdict, name, counts."""
    counts = {v: sum(c["verdict"] == v for c in report.claims) for v in _COLOURS}
    shown = ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
    colour = _COLOURS[report.verdict]
    Console().print(
        f"[bold {colour}]{report.verdict.upper():9}[/] {report.experiment.name}: {shown} ({report.seconds:.1f} s)",
        highlight=False,
    )


def skipped(name: str, why: str) -> None:
    """One line for an experiment that could not run, and what it lacks."""
    Console().print(f"[bold]SKIPPED  [/] {name}: {why}", highlight=False)
