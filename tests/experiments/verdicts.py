"""An experiment in quick mode, as it is or with changed models, and what its claims and checks say of the data."""

import contextlib
from collections.abc import Mapping
from typing import Any

import xarray as xr

from tripartite.errors import UnknownNameError
from tripartite.experiments import Experiment
from tripartite.language import Model


def quick(experiment: Experiment, models: dict[str, Model] | None = None, **changes: dict[str, Any]) -> xr.Dataset:
    """Data of a quick run; ``changes`` gives, by the name of a model, the values to replace in it."""
    models = experiment.models() if models is None else models
    for name, values in changes.items():
        models[name] = models[name].replace(values)
    return experiment.run(models, quick=True)


def mutated(experiment: Experiment, path: str, factor: float) -> dict[str, Model]:
    """The models of an experiment with a parameter multiplied by a factor wherever the path, as for --set, fits."""
    models, fitting = experiment.models(), 0
    for name, model in models.items():
        local = path.removeprefix(f"{name}.")
        if local == path and path.split(".")[0] in models:
            continue
        with contextlib.suppress(UnknownNameError):
            models[name] = model.hold({local: model[local] * factor})
            fitting += 1
    assert fitting, f"no model has `{path}`"
    return models


def verdicts(experiment: Experiment, data: xr.Dataset) -> dict[str, str]:
    """Verdict of every claim and check, by its statement."""
    return {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


def numbered(experiment: Experiment, numbers: Mapping[Any, Any]) -> dict[str, str]:
    """Verdicts by number, of the statements whose number is there: those of a whole run, or of a part of it."""
    there = [s for s in (*experiment.claims, *experiment.checks) if s.number in numbers]
    data = xr.Dataset({statement.number: numbers[statement.number] for statement in there})
    return {statement.number: statement.judge(data)["verdict"] for statement in there}


def unmet(experiment: Experiment, data: xr.Dataset) -> dict[str, str]:
    """Verdicts other than pass, by statement."""
    return {statement: verdict for statement, verdict in verdicts(experiment, data).items() if verdict != "pass"}
