"""Whether samples lie closely enough to show what jumps at events and falls back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import xarray as xr

DECAY = "decays_in"
"""Attribute of a variable that jumps at events: the time (s) in which it falls back by 1/e."""


def missed(variable: xr.DataArray) -> str:
    """In words, why the peaks of a course over ``time`` are a matter of chance; nothing where they are not."""
    decay, times = variable.attrs.get(DECAY), variable["time"].values if "time" in variable.coords else np.zeros(0)
    if not isinstance(decay, float) or times.ndim != 1 or len(times) < 3 or "time" not in variable.dims:
        return ""
    apart = float(np.median(np.diff(times)))
    values = np.nan_to_num(variable.values)
    if apart <= decay or not np.any(np.ptp(values, axis=variable.dims.index("time"))):
        return ""
    return f"jumps at events and decays in {decay:.2g} s, but samples are {apart:.2g} s apart: its peaks are chance"
