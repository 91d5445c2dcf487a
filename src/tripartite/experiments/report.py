"""All experiments on one self-contained HTML page: figures, claims, verdicts, sources."""

from __future__ import annotations

import base64
import html
import importlib.metadata
import inspect
import signal
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

from tripartite import experiments, sources
from tripartite.errors import MissingDataError, ResultError
from tripartite.experiments import runner
from tripartite.experiments.runner import Report
from tripartite.experiments.verdicts import HEADS
from tripartite.experiments.wording import changes, counted, expected, measured

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a }
h1, h2 { line-height: 1.2 } h2 { margin-top: 3rem; border-top: 1px solid #ddd; padding-top: 1.5rem }
table { border-collapse: collapse; width: 100%; font-size: 0.85rem; margin: 1rem 0 }
th, td { text-align: left; padding: 0.3rem 0.6rem; border-bottom: 1px solid #e5e5e5; vertical-align: top }
img { max-width: 100% } pre { white-space: pre-wrap; font-size: 0.8rem; background: #f7f7f7; padding: 1rem }
.pass { color: #00694d } .fail { color: #b3261e; font-weight: bold } .ambiguous { color: #8a5a00 }
.source { color: #666 }
"""


_TITLE = "<title>tripartite: reproduced results</title>"


def check_free(out: Path) -> None:
    """Refuse a folder in which reproducing would replace what is none of its own, before anything is computed."""
    for name in experiments.INDEX:
        runner.check_free(out / name, name)
    for file, mark in (("index.html", _TITLE), ("verdicts.csv", ",".join(HEADS))):
        path = out / file
        if path.exists() and (not path.is_file() or mark.encode() not in path.read_bytes()[:1000]):
            raise ResultError(
                f"Reproducing replaces its own page and table and nothing else; `{path}` is none of them. Choose "
                "another folder with --out, or remove it first."
            )


def every(out: Path, quick: bool, workers: int = 2) -> Generator[tuple[str, Report | str], None, None]:
    """Every experiment, run into a folder of ``out``: its report, or why its measurements are missing.

    ``workers`` experiments run at once, each in a process of its own; where nobody wants more, those that run are
    ended.
    """
    others = set(active_children())
    ignoring = (signal.SIGINT, signal.SIG_IGN)  # the process that is interrupted ends its workers itself
    with ProcessPoolExecutor(workers, get_context("spawn"), signal.signal, ignoring) as pool:
        running = {name: pool.submit(runner.run, name, out / name, None, quick) for name in experiments.INDEX}
        try:
            for name, run in running.items():
                try:
                    yield name, run.result()
                except MissingDataError as missing:
                    yield name, str(missing)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in set(active_children()) - others:
                process.kill()
            raise


def write(reports: Sequence[Report], path: Path, skipped: Mapping[str, str] | None = None) -> Path:
    """The page, images embedded, so that the file can be sent around alone.

    ``skipped`` says by name why an experiment could not run.
    """
    version = importlib.metadata.version("tripartite")
    rows = "".join(
        f'<tr><td><a href="#{r.experiment.name}">{r.experiment.name}</a></td><td>{_text(r.experiment.title)}</td>'
        f'<td>{counted(r.claims)}</td><td>{counted(r.checks)}</td><td class="{r.verdict}">{r.verdict}</td></tr>'
        for r in reports
    )
    rows += "".join(
        f"<tr><td>{name}</td><td>{_text(why)}</td><td></td><td></td><td>skipped</td></tr>"
        for name, why in (skipped or {}).items()
    )
    body = "".join(_section(report) for report in reports)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<!doctype html><html lang="en"><head><meta charset="utf-8">{_TITLE}'
        f"<style>{_STYLE}</style></head><body><h1>Reproduced results</h1>"
        f"<p>tripartite {version}{_how(reports)}. A claim is a published statement; a check is what nobody published: "
        "computed independently, a closed form, a law, or a demonstration of an assumption. An experiment fails when a "
        "claim or check does; one is ambiguous when the data leave it open.</p><table><tr><th>experiment</th>"
        "<th>result</th><th>claims</th><th>checks</th><th>verdict</th></tr>"
        f"{rows}</table>{body}</body></html>\n",
        encoding="utf-8",
    )
    return path


def _how(reports: Sequence[Report]) -> str:
    return ", in quick mode: sweeps are thinned out" if any(report.quick for report in reports) else ""


def _section(report: Report) -> str:
    image = base64.b64encode((report.folder / "figure.png").read_bytes()).decode()
    name = report.experiment.name
    return (
        f'<h2 id="{name}">{_text(report.experiment.title)}</h2><p><code>tripartite run {name}</code>, '
        f"{report.seconds:.1f} s, {_text(sources.reference(report.experiment.paper))}</p>"
        f'<img alt="figure of {name}" src="data:image/png;base64,{image}"><p>{_text(report.experiment.caption)}</p>'
        f"<p>{_text(changes(report.changes))}</p>{_table('claim', report.claims)}{_table('check', report.checks)}"
        f"<details><summary>Methods</summary><pre>{_text(inspect.getdoc(report.experiment) or '')}</pre></details>"
    )


def _table(noun: str, statements: Sequence[dict[str, Any]]) -> str:
    if not statements:
        return ""
    rows = "".join(
        f"<tr><td>{_text(s['statement'])}<br><span class=source>{_text(_origin(s))}</span></td>"
        f"<td>{_text(expected(s))}</td><td>{_text(measured(s))}</td>"
        f'<td class="{s["verdict"]}">{s["verdict"]}</td></tr>'
        for s in statements
    )
    return f"<table><tr><th>{noun}</th><th>expected</th><th>measured</th><th>verdict</th></tr>{rows}</table>"


def _origin(statement: Mapping[str, Any]) -> str:
    """Where a statement comes from: the place of a claim, kind and source of a check."""
    kind, source = statement["kind"], statement["source"]
    return source if kind == "claim" else f"{kind}: {source}"


def _text(text: str) -> str:
    return html.escape(text)
