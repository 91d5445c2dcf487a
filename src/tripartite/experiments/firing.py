"""What the experiments on single neurons share: spike trains of many currents at once."""

from __future__ import annotations

from typing import Any

import numpy as np

from tripartite.language import Model, Protocol
from tripartite.solve import Tsit5, simulate
from tripartite.units import ms, s

FINE = Tsit5(rtol=1e-9, atol=1e-11)


def trains(
    model: Model, until: Any, solver: Any = FINE, protocol: Protocol | None = None, **vary: Any
) -> list[np.ndarray]:
    """Spike times (ms) of the neuron for each value in ``vary``; of one run where nothing varies."""
    result = simulate(
        model, protocol, until=until, save_at=[until.to("s").magnitude] * s, solver=solver, vary=vary or None
    )
    rows = np.atleast_2d(result.events("spike")["time"].values)
    return [1000 * row[np.isfinite(row)] for row in rows]


def course(model: Model, until: Any, **options: Any) -> tuple[np.ndarray, np.ndarray]:
    """Time (ms) and membrane potential (mV), every 0.05 ms; a spike between two points is cut."""
    result = simulate(model, until=until, save_every=0.05 * ms, solver=FINE, **options)
    return 1000 * result.time.values, result["v"].values


def last_rate(times: np.ndarray, spikes: int = 4) -> float:
    """Rate (Hz) of the last interval; 0 with fewer than ``spikes`` spikes, which a step alone may cause."""
    return 1000 / float(times[-1] - times[-2]) if len(times) >= spikes else 0.0


def padded(rows: list[np.ndarray]) -> np.ndarray:
    """Rows of different lengths as one array, filled with NaN."""
    filled = np.full((len(rows), max(map(len, rows))), np.nan)
    for row, values in zip(filled, rows, strict=True):
        row[: len(values)] = values
    return filled
