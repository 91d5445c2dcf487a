"""Runs an experiment by name and writes figure, results, claims and provenance into a folder."""

from __future__ import annotations

import importlib.metadata
import json
import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tripartite.errors import ResultError, UnknownNameError, nearest
from tripartite.experiments import experiment
from tripartite.experiments.base import AMBIGUOUS, FAIL, PASS, Experiment
from tripartite.language import Model
from tripartite.language.encoding import encode_model


@dataclass(frozen=True)
class Report:
    """A finished experiment: its verdicts and where its files lie."""

    experiment: Experiment
    claims: list[dict[str, Any]]
    folder: Path
    seconds: float

    @property
    def verdict(self) -> str:
        """``fail`` if a claim fails, else ``ambiguous`` if one is, else ``pass``."""
        found = {claim["verdict"] for claim in self.claims}
        return FAIL if FAIL in found else AMBIGUOUS if AMBIGUOUS in found else PASS


def run(name: str, folder: Path, changes: Mapping[str, str] | None = None, quick: bool = False) -> Report:
    """Run an experiment; writes figure.png, results.nc, claims.json and provenance.json into ``folder``."""
    chosen = experiment(name)
    if folder.exists() and not folder.is_dir():
        raise ResultError(f"An experiment writes into a folder; `{folder}` is a file. Choose another with --out.")
    models = change(chosen.models(), changes or {})
    begun = time.perf_counter()
    data = chosen.run(models, quick)
    seconds = time.perf_counter() - begun
    claims = chosen.judge(data)
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
    folder.mkdir(parents=True, exist_ok=True)
    data.attrs["provenance"] = json.dumps(provenance)
    data.to_netcdf(folder / "results.nc", engine="h5netcdf")
    _write(folder / "claims.json", claims)
    _write(folder / "provenance.json", provenance)
    from tripartite.figures import look, save

    with look():
        save(chosen.figure(data), folder / "figure.png")
    return Report(chosen, claims, folder, seconds)


def change(models: dict[str, Model], changes: Mapping[str, str]) -> dict[str, Model]:
    """The models with ``part.parameter=value`` applied wherever the path fits.

    ``part`` is a compartment, or the short name of one of the models to change it only there.
    """
    changed = dict(models)
    for path, value in changes.items():
        fitting = 0
        for name, model in changed.items():
            local = path.removeprefix(f"{name}.")
            if local == path and path.split(".")[0] in models:
                continue
            try:
                changed[name] = model.replace({local: value}, source="set on the command line")
                fitting += 1
            except UnknownNameError:
                continue
        if not fitting:
            known = {entry.key for model in models.values() for entry in model.system.parameters}
            raise UnknownNameError(f"No model of the experiment has a parameter `{path}`. {nearest(path, known)}")
    return changed


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
