"""What read-outs take: values over time, from a result or from a recording."""

from __future__ import annotations

from typing import Any

import numpy as np

from tripartite.errors import ResultError


def checked(recording: Any, *, evenly: bool = False) -> Any:
    """The recording, if it is a DataArray with finite values over rising times in seconds.

    **Raises** `ResultError`, which says what to give instead. ``evenly``: samples must be evenly spaced, too.
    """
    import xarray as xr

    if not isinstance(recording, xr.DataArray):
        _refuse(
            "Read-outs take one quantity over time, as an `xarray.DataArray`",
            repr(type(recording).__name__),
            'Give `result["astrocyte.dff"]`, or `xarray.DataArray(values, {"time": seconds}, ["time"])`.',
        )
    if "time" not in recording.dims or "time" not in recording.coords:
        _refuse(
            "A recording has a dimension `time` with a coordinate in seconds",
            f"dimensions {list(map(str, recording.dims))} with coordinates {list(map(str, recording.coords))}",
            'Write `recording.assign_coords(time=seconds)`, after `recording.rename({"t": "time"})` where it has '
            "another name.",
        )
    unit = recording["time"].attrs.get("units", "s")
    if unit not in ("s", "second", "seconds"):
        _refuse("Times of a recording are in seconds", f"`{unit}`", "Convert the coordinate `time`, or its `units`.")
    time = np.asarray(recording["time"].values, dtype=float)
    steps = np.diff(time)
    if len(time) < 2 or not np.all(steps > 0) or not np.isfinite(time[-1] - time[0]):
        _refuse(
            "A recording has two samples or more, at times that rise",
            f"{len(time)} samples, with steps from {np.min(steps, initial=np.inf):g} s on",
            'Sort it by `recording.sortby("time")`, or record for longer.',
        )
    if evenly and np.ptp(steps) > 0.1 * np.median(steps):
        _refuse(
            "A window of time wants evenly spaced samples",
            f"steps from {steps.min():g} to {steps.max():g} s",
            "Resample it by `recording.interp(time=...)`, or leave the window out.",
        )
    if not np.all(np.isfinite(recording.values)):
        _refuse(
            "A recording is finite",
            f"{np.sum(~np.isfinite(recording.values))} values that are not",
            'Leave them out: `recording.dropna("time")`.',
        )
    return recording


def _refuse(rule: str, came: str, remedy: str) -> None:
    raise ResultError(f"{rule}; got {came}. {remedy}")
