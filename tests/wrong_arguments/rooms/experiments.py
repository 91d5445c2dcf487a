"""Experiments and the command line."""

from __future__ import annotations

from typing import Any

import xarray as xr
from typer.testing import CliRunner

import tripartite as tp
from tripartite import cli
from tripartite.cli import app
from tripartite.experiments import base, runner

from ..call import Call, Decay
from .language import FREE

e = tp.experiments


def calls() -> list[Call]:
    data = xr.Dataset({"peak": ((), 0.4, {"units": "uM"})})
    models = {"cell": tp.Model(cell=Decay())}
    claim = {"statement": "The peak is 0.4 µM.", "source": "depitta2009, figure 1", "number": "peak", "expected": 0.4,
             "tolerance": 0.1, "unit": "uM"}  # fmt: skip

    def judged(**given: Any) -> Any:
        return e.Claim(**given).judge(data)

    return [
        Call(e.experiment, {"name": "lirinzel1994-bifurcation"}),
        Call(e.featuring, {"kind": tp.mechanisms.LiRinzel}),
        Call(e.Claim, claim, judged, kinds={"expected": "number level flag array"},
             also={"statement": FREE, "expected": {"infinite": "at least, at most"}}),
        Call(base.Judged.judge, {"data": data}, e.Claim(**claim).judge),
        Call(runner.change, {"models": models, "changes": {"cell.rate": "2 1/s"}}),
        Call(cli.show, {"name": "LiRinzel"}, invoked("show")),
        Call(cli.cite, {"name": "LiRinzel"}, invoked("cite")),
    ]  # fmt: skip


def invoked(command: str) -> Any:
    """A command, with text as the shell gives it."""

    def call(name: Any) -> Any:
        if not isinstance(name, str):
            raise tp.errors.TripartiteError("What comes from the shell is text, whatever was meant; nothing else.")
        done = CliRunner().invoke(app, [command, name])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        if done.exit_code:
            raise tp.errors.TripartiteError(done.output)
        return done

    return call
