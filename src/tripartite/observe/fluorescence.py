"""From fluorescence to relative change, and from many cells to one fibre."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import RangeError, said
from tripartite.language import Recording
from tripartite.language.recording import like
from tripartite.observe.bleaching import Bleaching, photobleach

if TYPE_CHECKING:
    from tripartite.observe.bleaching import Light


def delta_f_over_f(
    fluorescence: Light, *, percentile: float = 10.0, window: Any = None, background: float = 0.0
) -> Light:
    """(F - F_0) / F_0 with F_0 a percentile of the trace, or of a ``window`` of time around each sample.

    **Arguments** ``fluorescence`` over ``time`` (s) and any other dimensions; ``background`` is subtracted
    first. A window reaches half of it to either side and holds the samples that were taken there: at the ends and
    across a gap there are fewer. Missing frames stay missing and take no part in F_0.

    **Raises** `RecordingError` for what is no recording, `RangeError` where a baseline is not positive, as of a trace
    that is a dF/F already.
    """
    percentile, background = units.number(percentile, "1", "percentile"), units.number(background, "1", "background")
    if not 0 <= percentile <= 100:
        raise RangeError(f"A percentile is from 0 to 100; got {percentile}. The default is 10.")
    recording = Recording.of(fluorescence)
    courses = recording.courses - background
    if window is None:
        base = np.broadcast_to(_percentile(courses, percentile), courses.shape)
    else:
        width = units.number(window, "s", "window") / 1000
        if width <= 0:
            raise RangeError(f"A window is a positive time; got {window}. Write for instance `window=30 * s`.")
        frame = float(np.median(np.diff(recording.times))) if len(recording.times) > 1 else 0.0
        if width < 4 * frame:
            raise RangeError(
                f"The window of a baseline holds several frames, which are {frame:g} s apart; got {window}, where "
                "the baseline would be next to the trace itself. Write for instance `window=30 * s`."
            )
        base = _running(recording.times, courses, percentile, width / 2)
    seen = ~np.isnan(courses)
    if not np.all(base[seen] > 0):
        raise RangeError(
            f"A baseline of fluorescence is positive; the least one found is {np.min(base[seen]):g} at background "
            f"{background:g}. Give fluorescence, not dF/F, and a smaller background or a higher percentile."
        )
    change = recording.data.transpose("time", ...).copy(data=courses / base - 1).transpose(*recording.data.dims)
    return like(fluorescence, change.assign_attrs({**recording.data.attrs, "units": "1", "long_name": "dF/F"}))


def photometry(
    fluorescence: Light,
    *,
    background: float = 0.0,
    bleaching: Bleaching | None = None,
    weights: Sequence[float] | None = None,
) -> Light:
    """What a fibre collects: the mean over all cells plus a background, fading together.

    **Arguments** ``fluorescence`` over ``time`` (s) and cells; ``weights``: how well the fibre sees each cell
    (one dimension of cells), equal by default; ``background``: light of no cell (fibre, tissue), as F. A frame that
    is missing in a cell that the fibre sees is missing.

    **Raises** `RecordingError` for what is no recording, `RangeError` where the weights are not one for each cell.
    """
    background = units.number(background, "1", "background")
    light = Recording.of(fluorescence).data
    cells = [d for d in light.dims if d != "time"]
    if weights is None:
        mean = light.mean(cells, skipna=False) if cells else light
    else:
        shares = arguments.array(weights, "weights")
        if len(cells) != 1 or len(shares) != light.sizes[cells[0]] or shares.min() < 0 or not shares.sum() > 0:
            raise RangeError(
                f"Weights are one number for each cell, 0 or more, with a positive sum; got {said(weights)} "
                f"for dimensions {dict(light.sizes)}. Give one for each, or stack the cells into one dimension."
            )
        seen = np.flatnonzero(shares)
        mean = light.isel({cells[0]: seen}).transpose("time", ...).values @ (shares[seen] / shares.sum())
        mean = light.isel({cells[0]: 0}, drop=True).copy(data=mean)
    shown = (mean + background).assign_attrs({"units": "1", "long_name": "photometry"})
    seen_by_fibre: Any = shown if bleaching is None else photobleach(shown, bleaching)
    return like(fluorescence, seen_by_fibre)


def _percentile(courses: np.ndarray, percentile: float) -> np.ndarray:
    """Percentile along the first axis of what is present, interpolated between ranks; NaN where nothing is."""
    ordered = np.sort(courses, axis=0)  # NaN comes last
    count = np.sum(~np.isnan(ordered), axis=0)
    rank = percentile / 100 * np.maximum(count - 1, 0)
    low = np.floor(rank).astype(int)
    below, above = (np.take_along_axis(ordered, k[None], 0)[0] for k in (low, np.minimum(low + 1, count - 1).clip(0)))
    return below + (rank - low) * (above - below)


def _running(times: np.ndarray, courses: np.ndarray, percentile: float, reach: float) -> np.ndarray:
    """Percentile of the samples within ``reach`` to either side of each."""
    slack = 1e-9 * max(abs(times[0]), abs(times[-1]), reach)
    first = np.searchsorted(times, times - reach - slack)
    last = np.searchsorted(times, times + reach + slack, side="right")
    return np.array([_percentile(courses[a:b], percentile) for a, b in zip(first, last, strict=True)])
