"""Where in a cell or field of view activity is early and where it is late."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tripartite.errors import ResultError


class DelayMap(NamedTuple):
    """What `delay_map` finds; both fields have the shape of one frame.

    **Fields** ``delay``: how much later than the mean of the field each place is, in the unit of time; positive for
    late places, NaN for places that never change. ``correlation``: with the mean at that delay, of courses without
    their means; 1 for a shifted copy that does not reach over the ends.
    """

    delay: Any
    correlation: Any


def delay_map(time: Any, values: Any, *, reach: float = 6.8, reference: Any = None) -> DelayMap:
    """Delay of every place against the mean course: the lag at which the two correlate best.

    The mean of all places is the reference; the course of each place is correlated with it at lags up to ``reach``
    to either side (in the paper 30 frames at 4.419 Hz, 6.8 s), and the lag of the largest correlation is the delay,
    a whole number of frames. In astrocytes it is positive near somata and negative in distal processes where
    calcium travels to the soma.

    **Arguments** time: evenly spaced, ``(time,)``. values: ``(time, compartment)`` or a movie ``(time, y, x)``.
    reference: another course ``(time,)`` in place of the mean.

    **Sources** rupprecht2024. That means are removed before courses are correlated, and that sums over the overlap
    are not divided by its length, is assumed.

    **Raises** `ResultError` for uneven times, for shapes that do not fit, and for a recording shorter than ``reach``.
    """
    movie, times = np.asarray(values, dtype=float), np.asarray(time, dtype=float)
    if movie.ndim < 2 or len(times) != len(movie):
        raise ResultError(
            f"A recording has time first and one place or more; got times {times.shape} and values {movie.shape}. "
            "Transpose the values, or give the times they were taken at."
        )
    frame = (times[-1] - times[0]) / (len(times) - 1)
    if not np.allclose(np.diff(times), frame, rtol=1e-3, atol=0):
        raise ResultError(
            f"Delays need frames at even times; here they are {np.diff(times).min():g} to {np.diff(times).max():g} "
            "apart. Interpolate the recording to even times."
        )
    lags = round(reach / frame)
    if not 1 <= lags < len(times):
        raise ResultError(
            f"The reach is one frame or more and shorter than the recording; got {reach:g} with {len(times)} frames "
            f"{frame:g} apart. Change `reach`."
        )
    courses = movie.reshape(len(movie), -1)
    mean = courses.mean(axis=1) if reference is None else np.asarray(reference, dtype=float)
    found = _correlations(courses - courses.mean(axis=0), mean - mean.mean(), lags)
    best = found.argmax(axis=0)
    still = ~np.isfinite(found).all(axis=0)
    delay = np.where(still, np.nan, (best - lags) * frame)
    return DelayMap(
        _framed(delay, values, movie, time),
        _framed(np.where(still, np.nan, found.max(axis=0)), values, movie, None),
    )


def _correlations(courses: np.ndarray, mean: np.ndarray, lags: int) -> np.ndarray:
    """Correlation at every lag from -lags to lags, shape ``(lag, place)``; positive lags for late places."""
    count = len(mean)
    size = count + lags
    spectrum = np.fft.rfft(courses, size, axis=0) * np.conj(np.fft.rfft(mean, size))[:, None]
    sums = np.fft.irfft(spectrum, size, axis=0)
    sums = np.concatenate([sums[size - lags :], sums[: lags + 1]])
    norm = np.linalg.norm(courses, axis=0) * np.linalg.norm(mean)
    return sums / np.where(norm > 0, norm, np.nan)


def _framed(field: np.ndarray, values: Any, movie: np.ndarray, time: Any) -> Any:
    """``field`` in the shape of a frame, with the labels of ``values`` if it has any."""
    if not hasattr(values, "isel"):
        return field.reshape(movie.shape[1:])
    frame = values.isel({values.dims[0]: 0}, drop=True)
    unit = "1" if time is None else getattr(time, "attrs", {}).get("units", "s")
    labelled = frame.copy(data=field.reshape(movie.shape[1:]))
    labelled.attrs = {"units": unit}
    return labelled
