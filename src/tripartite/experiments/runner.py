"""Runs an experiment by name and writes figure, results, verdicts and provenance into a folder."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tripartite import arguments
from tripartite.errors import ResultError, UnknownNameError, nearest
from tripartite.experiments import experiment
from tripartite.experiments.base import AMBIGUOUS, FAIL, PASS, Experiment
from tripartite.language import Model
from tripartite.language.encoding import encode_model
from tripartite.language.vetting import seal

FILES = ("figure.png", "results.nc", "claims.json", "provenance.json")


@dataclass(frozen=True)
class Report:
    """A finished experiment: its verdicts and where its files lie."""

    experiment: Experiment
    claims: list[dict[str, Any]]
    checks: list[dict[str, Any]]
    folder: Path
    seconds: float
    quick: bool
    panels: str
    """The letters of the figure's panels."""
    changes: Mapping[str, str] = field(default_factory=dict)
    """Values that were set for this run, by path."""

    @property
    def verdict(self) -> str:
        """``fail`` if a claim or check fails, else ``ambiguous`` if one is, else ``pass``."""
        found = {statement["verdict"] for statement in (*self.claims, *self.checks)}
        return FAIL if FAIL in found else AMBIGUOUS if AMBIGUOUS in found else PASS


def run(
    name: str,
    folder: str | Path,
    changes: Mapping[str, str] | None = None,
    quick: bool = False,
    begins: Callable[[], Any] = lambda: None,
) -> Report:
    """Run an experiment; writes figure.png, results.nc, claims.json and provenance.json into ``folder``.

    ``changes``: values by path, which hold throughout: an experiment that sets them itself raises `WiringError`;
    figure and claims say what was changed. ``begins`` is called when all that was asked for is found right.
    Files of an earlier run of the experiment are replaced when all new ones are there.

    **Raises** `ResultError`, before anything is computed, where files of these names are those of another experiment
    or of no run, and where there is no room.
    """
    chosen = experiment(name)
    folder, begun = arguments.path(folder, "out"), time.perf_counter()
    check_free(folder, name)
    models = change(chosen.models(), changes or {})
    with _beside(folder) as made:
        aside = Path(made)
        begins()
        data = chosen.run(models, quick)
        seconds = time.perf_counter() - begun
        verdicts = chosen.judge(data)
        claims, checks = verdicts[: len(chosen.claims)], verdicts[len(chosen.claims) :]
        provenance = {
            "experiment": name,
            "paper": chosen.paper,
            "quick": quick,
            "changes": dict(changes or {}),
            "models": {key: encode_model(model) for key, model in models.items()},
            "seconds": seconds,
            "versions": {n: importlib.metadata.version(n) for n in ("tripartite", "numpy", "numba", "scipy", "xarray")},
            "python": platform.python_version(),
            "machine": platform.machine(),
        }
        data.attrs["provenance"] = json.dumps(provenance)
        data.to_netcdf(aside / "results.nc", engine="h5netcdf")
        seal(aside / "results.nc")
        how = {"changes": dict(changes or {}), "quick": quick}
        _write(aside / "claims.json", how | {"claims": claims, "checks": checks})
        _write(aside / "provenance.json", provenance)
        from tripartite.experiments.wording import changes as told
        from tripartite.figures import headed, lettered, look, save

        with look():
            figure = chosen.figure(data)
            headed(figure, told(changes or {}))
            save(figure, aside / "figure.png")
        for file in reversed(FILES):  # provenance first: whose the others are is known if a kill comes between
            os.replace(aside / file, folder / file)
    return Report(chosen, claims, checks, folder, seconds, quick, lettered(figure), dict(changes or {}))


def check_free(folder: Path, name: str) -> None:
    """Refuse a folder in which a run of an experiment would replace what is none of its own."""
    there = [file for file in FILES if (folder / file).exists()]
    if not there:
        return
    try:
        whose = json.loads((folder / "provenance.json").read_bytes())["experiment"]
    except (OSError, ValueError, TypeError, KeyError):
        whose = None
    if whose != name:
        found = f"holds those of `{whose}`" if isinstance(whose, str) else f"holds `{there[0]}` of no experiment"
        raise ResultError(
            f"A run replaces the files of the same experiment and no others; `{folder}` {found}, not of `{name}`. "
            "Choose another folder with --out, or remove them first."
        )


def _beside(folder: Path) -> TemporaryDirectory[str]:
    """A place within ``folder`` for files that are not complete yet; what cannot be written to is said at once."""
    if folder.exists() and not folder.is_dir():
        raise ResultError(f"An experiment writes into a folder; `{folder}` is a file. Choose another with --out.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return TemporaryDirectory(dir=folder, prefix=".run-")
    except OSError as reason:
        raise ResultError(
            f"An experiment writes into a folder; `{folder}` cannot be written to ({reason.strerror}). Choose another "
            "with --out, or make room."
        ) from None


def change(models: dict[str, Model], changes: Mapping[str, str]) -> dict[str, Model]:
    """The models with ``part.parameter=value`` applied wherever the path fits, and held: see `Model.hold`.

    ``part`` is a compartment, or the short name of one of the models to change it only there.
    """
    models = arguments.mapping(models, "models", "chosen.models()")
    changed = {
        name: arguments.instance(model, Model, f"models[{name!r}]", "TripartiteSynapse()")
        for name, model in models.items()
    }
    for path, value in arguments.mapping(changes, "changes", '{"astrocyte.uptake": "0.8 uM/s"}').items():
        fitting = 0
        for name, model in changed.items():
            local = path.removeprefix(f"{name}.")
            if local == path and path.split(".")[0] in models:
                continue
            try:
                changed[name] = model.hold({local: value}, source="set on the command line")
                fitting += 1
            except UnknownNameError:
                continue
        if not fitting:
            known = {entry.key for model in models.values() for entry in model.system.parameters}
            raise UnknownNameError(f"No model of the experiment has a parameter `{path}`. {nearest(path, known)}")
    return changed


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
