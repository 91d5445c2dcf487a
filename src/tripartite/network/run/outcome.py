"""From what a run of a network kept to labelled data with their provenance."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.network.run.tracks import Tracks

if TYPE_CHECKING:
    import xarray as xr


def dataset(
    tracks: Tracks, values: Mapping[str, np.ndarray], provenance: Mapping[str, Any], status: tuple[int, str]
) -> xr.Dataset:
    """Variables along their times and events, coordinates, status and provenance."""
    import xarray as xr

    times = set(tracks.times.values())
    variables: dict[str, Any] = {n: (t.dims, values[n], t.attrs) for n, t in tracks.growing.items() if n not in times}
    coordinates: dict[str, Any] = {n: ((n,), values[n], tracks.growing[n].attrs) for n in tracks.times.values()}
    coordinates |= tracks.coordinates
    code, message = status
    variables["status"] = ((), code, status_attributes(message))
    return xr.Dataset(variables, coordinates, {"provenance": json.dumps(provenance)})


def status_attributes(message: str) -> dict[str, str]:
    """What goes with the number that says how a run ended."""
    return {
        "long_name": "0: reached the end, all numbers finite",
        "messages": json.dumps({"0": message} if message else {}),
    }
