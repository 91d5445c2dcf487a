"""An experiment in quick mode, as it is or with changed models, and what its claims say of the data."""

from collections.abc import Mapping
from typing import Any

import xarray as xr

from tripartite.experiments import Experiment


def quick(experiment: Experiment, **changes: dict[str, Any]) -> xr.Dataset:
    """Data of a quick run; ``changes`` gives, by the name of a model, the values to replace in it."""
    models = experiment.models()
    for name, values in changes.items():
        models[name] = models[name].replace(values)
    return experiment.run(models, quick=True)


def verdicts(experiment: Experiment, data: xr.Dataset) -> dict[str, str]:
    """Verdict of every claim, by its statement."""
    return {claim["statement"]: claim["verdict"] for claim in experiment.judge(data)}


def numbered(experiment: Experiment, numbers: Mapping[Any, Any]) -> dict[str, str]:
    """Verdicts by number, of the claims whose number is there: those of a whole run, or of a part of it."""
    there = [claim for claim in experiment.claims if claim.number in numbers]
    data = xr.Dataset({claim.number: numbers[claim.number] for claim in there})
    return {claim.number: claim.judge(data)["verdict"] for claim in there}


def unmet(experiment: Experiment, data: xr.Dataset) -> dict[str, str]:
    """Verdicts other than pass, by statement."""
    return {statement: verdict for statement, verdict in verdicts(experiment, data).items() if verdict != "pass"}
