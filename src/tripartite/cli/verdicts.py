"""Verdicts on the terminal."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tripartite.experiments.runner import FILES, Report
from tripartite.experiments.wording import changes, counted, expected, found, measured

_COLOURS = {"pass": "green", "fail": "red", "ambiguous": "yellow"}


def show(report: Report) -> None:
    """Claims and checks of a report as tables, where the files lie, and in words what was found."""
    console = Console(width=None)
    if report.changes:
        console.print(f"[bold]{escape(changes(report.changes))}[/]", highlight=False)
    if report.claims:
        console.print(_table(f"{report.experiment.title}", "claim", report.claims))
    if report.checks:
        console.print(_table("Checks, which nobody published", "check", report.checks))
    for name in FILES:
        console.print(f"  {escape(str(report.folder / name))}", highlight=False)
    console.print()
    line(report)
    console.print(found(report.claims, report.checks), highlight=False)


def _table(title: str, noun: str, statements: list[dict[str, Any]]) -> Table:
    table = Table(noun, "expected", "measured", "verdict", title=escape(title), title_justify="left")
    for item in statements:
        colour = _COLOURS[item["verdict"]]
        cells = (escape(cell) for cell in (item["statement"], expected(item), measured(item)))
        table.add_row(*cells, f"[{colour}]{item['verdict']}[/{colour}]")
    return table


def line(report: Report) -> None:
    """One line: verdict, name, counts."""
    colour, quick = _COLOURS[report.verdict], ", quick" if report.quick else ""
    Console().print(
        f"[bold {colour}]{report.verdict.upper():9}[/] {report.experiment.name}: claims {counted(report.claims)}; "
        f"checks {counted(report.checks)} ({report.seconds:.1f} s{quick})",
        highlight=False,
    )


def skipped(name: str, why: str) -> None:
    """One line for an experiment that could not run, and what it lacks."""
    Console().print(f"[bold]SKIPPED  [/] {name}: {escape(why)}", highlight=False)
