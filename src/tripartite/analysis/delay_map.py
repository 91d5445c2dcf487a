"""Where in a cell or field of view activity is early and where it is late."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from tripartite import arguments, units
from tripartite.analysis.correlation import scaled, unchanging
from tripartite.errors import ResultError, brief
from tripartite.language.recording import Recording, given
from tripartite.language.sampled import same_dimension, unit_text


class DelayMap(NamedTuple):
    """What `delay_map` finds; every field has the shape of one frame.

    **Fields** ``delay``: how much later than the mean of the field each place is (s); positive for late places, NaN
    for places that never change. ``correlation``: with the mean at that delay, of courses without their means; 1 for
    a shifted copy that does not reach over the ends. ``reason``: why a place has no delay, empty where it has one.
    """

    delay: Any
    correlation: Any
    reason: Any

    def __repr__(self) -> str:
        return brief(self)


def delay_map(recording: Any, values: Any = None, *, reach: Any = 6.8, reference: Any = None) -> DelayMap:
    """Delay of every place against the mean course: the lag at which the two correlate best.

    The mean of all places is the reference; the course of each place is correlated with it at lags up to ``reach``
    to either side (in the paper 30 frames at 4.419 Hz, 6.8 s), and the lag of the largest correlation is the delay,
    a whole number of frames. In astrocytes it is positive near somata and negative in distal processes where
    calcium travels to the soma. A missing frame adds nothing to any correlation; the mean is that of the places that
    have the frame, each without its own mean.

    **Arguments** recording: a `Recording` or DataArray, or times (s) with ``values``: ``(time, compartment)`` or a
    movie ``(time, y, x)``. reach: seconds, or a time with a unit. reference: another course ``(time,)`` in place of
    the mean.

    **Sources** rupprecht2024. That means are removed before courses are correlated, and that sums over the overlap
    are not divided by its length, is assumed.

    **Raises** `RecordingError` for frames at uneven times, `ResultError` for shapes that do not fit and for a
    recording shorter than ``reach``.
    """
    taken = given(recording, values)
    whole = taken.evened()
    movie = whole.courses
    if movie.ndim < 2:
        raise ResultError(
            f"Delays are those of several places, (time, place); got values of shape {movie.shape}. Give all courses."
        )
    frame = float(whole.times[-1] - whole.times[0]) / (len(whole) - 1)
    wanted = units.seconds(reach, "reach")
    lags = round(wanted / frame)
    if not 1 <= lags < len(whole):
        raise ResultError(
            f"The reach is one frame or more and shorter than the recording; got {wanted:g} s with {len(whole)} frames "
            f"{frame:g} s apart. Change `reach`."
        )
    courses = movie.reshape(len(movie), -1)
    still = unchanging(courses)
    apart = courses - np.where(np.isnan(courses).all(axis=0), 0.0, _mean(courses, 0))
    mean = _mean(apart, 1) if reference is None else _reference(reference, taken, whole)
    mean = np.where(np.isnan(mean), 0.0, mean - _mean(mean, 0))
    found = _correlations(np.where(np.isnan(apart), 0.0, apart), mean, lags)
    still |= ~np.isfinite(found).all(axis=0)
    best = found.argmax(axis=0)
    reason = np.where(np.isnan(courses).all(axis=0), "no frames", np.where(still, "it never changes", ""))
    fields = np.where(still, np.nan, (best - lags) * frame), np.where(still, np.nan, found.max(axis=0)), reason
    plain = not isinstance(recording, Recording) and not arguments.labelled(values if values is not None else recording)
    return DelayMap(*(_framed(field, whole, unit, plain) for field, unit in zip(fields, ("s", "1", ""), strict=True)))


def _bare(reference: Any, unit: str) -> Any:
    """A course with a unit of its own as plain numbers: its scale does not matter, but it measures the same."""
    carried = arguments.unit_of(reference)
    if carried is None:
        return reference
    same_dimension(unit_text(carried), unit, "reference")
    return reference.magnitude if isinstance(reference, units.Quantity) else reference.values


def _reference(reference: Any, taken: Recording, whole: Recording) -> np.ndarray:
    found = arguments.array(_bare(reference, taken.unit), "reference", finite=False)
    if found.shape != taken.times.shape:
        raise ResultError(
            f"The reference has one value at each time; got {len(found)} for {len(taken)} times. Correct it."
        )
    made = np.full(len(whole), np.nan)
    frame = (whole.times[-1] - whole.times[0]) / (len(whole) - 1)
    made[np.round((taken.times - taken.times[0]) / frame).astype(int)] = found
    return made


def _mean(values: np.ndarray, axis: int) -> np.ndarray:
    """Mean of what is present; 0 where nothing is."""
    present = ~np.isnan(values)
    return np.where(present, values, 0.0).sum(axis=axis) / np.maximum(present.sum(axis=axis), 1)


def _correlations(courses: np.ndarray, mean: np.ndarray, lags: int) -> np.ndarray:
    """Correlation at every lag from -lags to lags, shape ``(lag, place)``; positive lags for late places."""
    count = len(mean)
    size = count + lags
    courses, mean = scaled(courses), scaled(mean[:, None])[:, 0]
    spectrum = np.fft.rfft(courses, size, axis=0) * np.conj(np.fft.rfft(mean, size))[:, None]
    sums = np.fft.irfft(spectrum, size, axis=0)
    sums = np.concatenate([sums[size - lags :], sums[: lags + 1]])
    norm = np.linalg.norm(courses, axis=0) * np.linalg.norm(mean)
    return sums / np.where(norm > 0, norm, np.nan)


def _framed(field: np.ndarray, whole: Recording, unit: str, plain: bool) -> Any:
    """``field`` in the shape of a frame, with the labels of the recording if it has any."""
    frame = whole.data.transpose("time", ...).isel(time=0, drop=True)
    if plain:
        return field.reshape(frame.shape)
    labelled = frame.copy(data=field.reshape(frame.shape))
    labelled.attrs = {"units": unit} if unit else {}
    return labelled
