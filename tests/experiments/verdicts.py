"""An experiment in quick mode, as it is or with changed models, and what its claims say of the data."""

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


def numbered(experiment: Experiment, data: xr.Dataset) -> dict[str, str]:
    """Verdict of every claim, by the number that it judges."""
    return {claim.number: claim.judge(data)["verdict"] for claim in experiment.claims}


def unmet(experiment: Experiment, data: xr.Dataset) -> dict[str, str]:
    """Verdicts other than pass, by statement."""
    return {statement: verdict for statement, verdict in verdicts(experiment, data).items() if verdict != "pass"}
