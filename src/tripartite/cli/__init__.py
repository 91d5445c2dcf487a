"""The command line: list, show, run, reproduce, cite."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from tripartite.cli import interruption
from tripartite.errors import TripartiteError, said

app = typer.Typer(
    help="Neuron-astrocyte science: run published experiments and see their verdicts.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Name = Annotated[str, typer.Argument(help="name of an experiment, as `tripartite list` shows it")]
Anything = Annotated[str, typer.Argument(help="name of anything that `tripartite list` shows")]
Out = Annotated[Path | None, typer.Option("--out", help="folder to write to [default: results/NAME]")]
Quick = Annotated[bool, typer.Option("--quick", help="thin out sweeps")]
Strict = Annotated[bool, typer.Option("--strict", help="end with status 1 when a claim or check fails")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"tripartite {version('tripartite')}")
        raise typer.Exit


@app.callback()
def _any(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="show the version and end")
    ] = False,
) -> None:
    """Neuron-astrocyte science: run published experiments and see their verdicts."""


@app.command("list")
def list_all(as_json: Annotated[bool, typer.Option("--json", help="machine-readable")] = False) -> None:
    """What there is: experiments, mechanisms, models, published values, drugs, knock-outs, protocols, rules."""
    from tripartite.cli import listing

    typer.echo(json.dumps(listing.table(), indent=2, ensure_ascii=False) if as_json else listing.text())


@app.command()
def show(
    name: Anything, source: Annotated[bool, typer.Option("--source", help="the Python code instead")] = False
) -> None:
    """A page on anything in the library.

    Equations, quantities and sources of a mechanism, Methods and claims of an experiment, parts and values of a model,
    the values of a paper, what a drug acts on.
    """
    from tripartite.cli import pages

    typer.echo(pages.describe(name, source))


@app.command()
def run(
    name: Name,
    out: Out = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="[part.]parameter=value, e.g. astrocyte.uptake='0.8 uM/s'")
    ] = None,
    quick: Quick = False,
    strict: Strict = False,
) -> None:
    """Run an experiment: figure, results, claims, checks and provenance."""
    from tripartite.cli import verdicts
    from tripartite.experiments import experiment, runner

    title, folder = experiment(name).title.rstrip("."), out or Path("results") / name

    def begins() -> None:
        typer.echo(f"{title}. It runs now; what it writes will be in {folder}.")

    report = runner.run(name, folder, _pairs(changes or []), quick, begins)
    verdicts.show(report)
    raise typer.Exit(1 if strict and report.verdict == "fail" else 0)


@app.command()
def reproduce(
    out: Annotated[Path, typer.Option("--out", help="folder to write to")] = Path("results"),
    quick: Quick = False,
    strict: Strict = False,
    check: Annotated[
        bool, typer.Option("--check", help="end with status 1 when a verdict is not the known one")
    ] = False,
) -> None:
    """Run every experiment and write one self-contained HTML page with all verdicts.

    An experiment whose measurements the user has to supply is skipped, with a note, where they are missing.
    """
    from tripartite.cli import verdicts
    from tripartite.experiments import INDEX, report
    from tripartite.experiments.verdicts import differences, write
    from tripartite.progress import Progress

    report.check_free(out)
    typer.echo(f"{len(INDEX)} experiments run now; figures and verdicts will be in {out}.")
    reports, skipped = [], {}
    try:
        with Progress.steps(len(INDEX), "experiments") as bar, closing(report.every(out, quick)) as every:
            for name, made in every:
                if isinstance(made, str):
                    skipped[name] = made
                    verdicts.skipped(name, made)
                else:
                    reports.append(made)
                    verdicts.line(made)
                bar.step()
    except KeyboardInterrupt:
        typer.echo(
            f"tripartite: {len(reports)} of {len(INDEX)} experiments were done; their folders in {out} are kept. There "
            "is no page of them, and the next call begins with the first.",
            err=True,
        )
        raise
    typer.echo(f"report: {report.write(reports, out / 'index.html', skipped)}")
    typer.echo(f"verdicts: {write(reports, out / 'verdicts.csv')}")
    unlike = differences(reports) if check else []
    for sentence in unlike:
        typer.echo(f"not as known: {sentence}", err=True)
    raise typer.Exit(1 if unlike or (strict and any(r.verdict == "fail" for r in reports)) else 0)


@app.command()
def cite(name: Anything) -> None:
    """The reference list of anything in the library."""
    from tripartite.cli import pages

    typer.echo(pages.references(name))


def _pairs(changes: list[str]) -> dict[str, str]:
    found = {}
    for text in changes:
        path, equals, value = text.partition("=")
        if not equals or not path.strip() or not value.strip():
            what = "no value" if equals and path.strip() else "no parameter" if equals else "no `=`"
            raise typer.BadParameter(
                f"a change reads parameter=value, or part.parameter=value; {said(text)} has {what}. Write for instance "
                "--set astrocyte.uptake='0.8 uM/s'."
            )
        if path.strip() in found:
            raise typer.BadParameter(f"a parameter has one value; `{path.strip()}` is set twice. Leave one out.")
        found[path.strip()] = value.strip()
    return found


def main() -> None:
    """Entry point; errors of the package become one sentence and exit status 2, an interruption one and 130."""
    with interruption.noted() as interrupted:
        try:
            app()
        except TripartiteError as error:
            if not interrupted:
                typer.echo(f"tripartite: {error}", err=True)
                sys.exit(2)
        except BaseException:  # an interrupt within compilation or a callback of C ends in any error
            if not interrupted:
                raise
    if interrupted:
        typer.echo("tripartite: interrupted.", err=True)
        sys.exit(interruption.STATUS)
