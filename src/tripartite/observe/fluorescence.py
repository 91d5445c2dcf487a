"""From fluorescence to relative change, and from many cells to one fibre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import units
from tripartite.errors import RangeError
from tripartite.observe.bleaching import Bleaching, photobleach
from tripartite.observe.recording import checked

if TYPE_CHECKING:
    import xarray as xr


def delta_f_over_f(
    fluorescence: xr.DataArray, *, percentile: float = 10.0, window: Any = None, background: float = 0.0
) -> xr.DataArray:
    """(F - F_0) / F_0 with F_0 a percentile of the trace, or of a ``window`` of time around each sample.

    **Arguments** ``fluorescence`` over ``time`` (s) and any other dimensions; ``background`` is subtracted
    first. A window wants evenly spaced samples; at the ends the last value is repeated.

    **Raises** `ResultError` for what is no recording, `RangeError` where a baseline is not positive, as of a trace that
    is a dF/F already.
    """
    from scipy.ndimage import percentile_filter

    if not 0 <= percentile <= 100:
        raise RangeError(f"A percentile is from 0 to 100; got {percentile}. The default is 10.")
    above = checked(fluorescence, evenly=window is not None) - background
    axis = above.get_axis_num("time")
    if window is None:
        base = np.percentile(above.values, percentile, axis=axis, keepdims=True)
    else:
        step = float(np.median(np.diff(above["time"].values)))
        size = [1] * above.ndim
        width = units.number(window, "s", "window") / 1000
        if width <= 0:
            raise RangeError(f"A window is a positive time; got {window}. Write for instance `window=30 * s`.")
        size[axis] = max(1, round(width / step))
        base = percentile_filter(above.values, percentile, size=tuple(size), mode="nearest")
    if not np.all(base > 0):
        raise RangeError(
            f"A baseline of fluorescence is positive; the least one found is {np.min(base):g} at background "
            f"{background:g}. Give fluorescence, not dF/F, and a smaller background or a higher percentile."
        )
    return (above / base - 1).assign_attrs({"units": "1", "long_name": "dF/F"})


def photometry(
    fluorescence: xr.DataArray,
    *,
    background: float = 0.0,
    bleaching: Bleaching | None = None,
    weights: Sequence[float] | None = None,
) -> xr.DataArray:
    """What a fibre collects: the mean over all cells plus a background, fading together.

    **Arguments** ``fluorescence`` over ``time`` (s) and cells; ``weights``: how well the fibre sees each cell
    (one dimension of cells), equal by default; ``background``: light of no cell (fibre, tissue), as F.

    **Raises** `ResultError` for what is no recording, `RangeError` where the weights are not one for each cell.
    """
    import xarray as xr

    fluorescence = checked(fluorescence)
    cells = [d for d in fluorescence.dims if d != "time"]
    if weights is None:
        mean = fluorescence.mean(cells) if cells else fluorescence
    else:
        if len(cells) != 1 or len(weights) != fluorescence.sizes[cells[0]] or not _are_weights(weights):
            raise RangeError(
                f"Weights are one number for each cell, 0 or more, with a positive sum; got {list(weights)} for "
                f"dimensions {dict(fluorescence.sizes)}. Give one for each, or stack the cells into one dimension."
            )
        mean = fluorescence.weighted(xr.DataArray(np.asarray(weights, float), dims=cells)).mean(cells)
    seen = (mean + background).assign_attrs({"units": "1", "long_name": "photometry"})
    return seen if bleaching is None else photobleach(seen, bleaching)


def _are_weights(weights: Sequence[float]) -> bool:
    return bool(np.min(weights) >= 0 and np.sum(weights) > 0)
