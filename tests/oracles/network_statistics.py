"""How networks are compared with what other simulators did: stored numbers, tests, and a family-wise level.

Two tests, by what is shared between the two sides.

**Paired** (`paired`): connections and starts of every seed are the same on both sides, and what remains is chaos. Our
own variance is measured with starts moved by a tenth of a millivolt, several times per seed and pooled over seeds.
With it the mean difference over seeds is a Student t, and the squared differences of single seeds are an F: the first
finds a bias, the second a network that is not the same one.

**Unpaired** (`welch`): each side draws its own connections; Welch's t between seeds.

All p-values of one comparison are one family, judged by Holm's method at `LEVEL`. `rejected` returns the quantities
that differ: an empty dictionary is agreement.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

BASELINES = Path(__file__).parents[2] / "benchmarks" / "baselines"
LEVEL = 0.01
"""Family-wise: the probability that two equal networks differ in any quantity of one comparison."""


def baseline(name: str) -> Any:
    """A module of the baselines that needs only NumPy: ``measures`` or ``coba``."""
    if str(BASELINES) not in sys.path:
        sys.path.append(str(BASELINES))
    return importlib.import_module(name)


def stored(name: str) -> dict[int, dict[str, Any]]:
    """What a simulator printed, by seed."""
    runs = json.loads((BASELINES / "statistics" / f"{name}.json").read_text())["runs"]
    return {run["seed"]: run for run in runs}


def numbers(run: Mapping[str, Any], courses: Mapping[str, slice] | None = None) -> dict[str, float]:
    """Numbers of one run by name; of ``courses`` the mean and s.d. over cells at each time of the slice."""
    found: dict[str, float] = {key: float(run[key]) for key in ("rate_e_hz", "rate_i_hz")}
    for cells in ("isi_cv_e", "isi_cv_i"):
        if run[cells]["n"] == 0:
            continue
        found |= {f"{cells}.{key}": run[cells][key] for key in ("n", "mean", "sd")}
        found |= {f"{cells}.{q}": value for q, value in run[cells]["quantiles"].items()}
    for key, times in (courses or {}).items():
        for kind in ("mean", "sd"):
            shown = zip(run[key]["t_ms"][times], run[key][kind][times], strict=True)
            found |= {f"{key}.{kind} at {t:g} ms": value for t, value in shown}
    return found


def table(runs: list[dict[str, float]]) -> dict[str, np.ndarray]:
    """Numbers by name, one per run, of the names that all runs have."""
    names = [name for name in runs[0] if all(name in run for run in runs)]
    return {name: np.array([run[name] for run in runs]) for name in names}


def paired(theirs: list[dict[str, float]], ours: list[list[dict[str, float]]]) -> dict[str, float]:
    """p-values; ``theirs`` has one run per seed, ``ours`` as many repetitions for each of them."""
    left = table(theirs)
    right = {name: values.reshape(len(theirs), -1) for name, values in table([r for one in ours for r in one]).items()}
    found = {}
    for name in left.keys() & right.keys():
        seeds, repeats = right[name].shape
        free = seeds * (repeats - 1)
        apart = left[name] - right[name].mean(axis=1)
        variance = right[name].var(axis=1, ddof=1).mean() * (1 + 1 / repeats)
        if variance == 0:
            found[f"{name} (bias)"] = float(np.allclose(apart, 0, atol=1e-9))
            continue
        found[f"{name} (bias)"] = float(2 * stats.t.sf(abs(apart.mean()) / np.sqrt(variance / seeds), free))
        found[f"{name} (seeds)"] = float(stats.f.sf((apart**2).mean() / variance, seeds, free))
    return found


def welch(theirs: list[dict[str, float]], ours: list[dict[str, float]]) -> dict[str, float]:
    """p-values of independent runs; concentrations of IP3, which spread over decades, are compared as logarithms."""
    left, right = table(theirs), table(ours)
    found = {}
    for name in left.keys() & right.keys():
        a, b = (np.log(x) if name.startswith("ip3") else x for x in (left[name], right[name]))
        if max(a.std(), b.std()) <= 1e-7 * abs(a.mean()):  # before anything random has happened
            found[name] = float(np.allclose(a.mean(), b.mean(), rtol=1e-6))
        else:
            test: Any = stats.ttest_ind(a, b, equal_var=False)
            found[name] = float(test.pvalue)
    return found


def rejected(p: Mapping[str, float], level: float = LEVEL) -> dict[str, float]:
    """What differs by Holm's method, with p-values."""
    if not p or not np.isfinite(list(p.values())).all():
        raise ValueError(f"Every comparison has a p-value; got {dict(p)}. Look at the runs.")
    found: dict[str, float] = {}
    for place, (name, value) in enumerate(sorted(p.items(), key=lambda item: item[1])):
        if value > level / (len(p) - place):
            break
        found[name] = value
    return found
