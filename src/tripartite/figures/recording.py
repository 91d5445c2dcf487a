"""The figure of a recording: its courses below each other, gaps as gaps, events above them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments
from tripartite.analysis import CalciumEvents
from tripartite.errors import RecordingError
from tripartite.figures.style import COLOURS, figure, inches
from tripartite.language import Recording

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_UNITS = {"1": "", "uM": "µM", "um": "µm", "percent": "%"}
_MOST = 40
_LEAST = 0.4  # height of the lowest row, in that of the mean one
_GAP = 0.2  # between two rows; the bars of events lie in it


def plot_recording(
    recording: Recording, events: Any = None, *, width: float = 7.0, height: float | None = None
) -> Figure:
    """The courses of a recording below each other at one scale, broken at gaps, with bars for ``events``.

    Each row is as high as its course reaches. The bar at the lower right is so long, in the unit of the values.

    **Arguments** events: what `analysis.calcium_events` found in the recording: bars from start to stop below each
    course, dots at peaks.
    """
    recording = Recording.of(recording)
    if events is not None:
        arguments.instance(events, CalciumEvents, "events", "events=calcium_events(recording)")
    courses = recording.courses.reshape(len(recording), -1)
    if courses.shape[1] > _MOST:
        raise RecordingError(
            f"A figure holds {_MOST} courses; the recording has {courses.shape[1]}. Choose some: `recording[3]`."
        )
    single = courses.shape[1] == 1
    made, axes = figure(1, 1, width, inches(height, "height", 2.0 if single else 0.8 + 0.42 * courses.shape[1]))
    panel = axes[0, 0]
    low, high, gap = _rows(courses)
    down = np.concatenate([[0.0], np.cumsum(low[:-1] - high[1:] - gap)])
    for course, shift in zip(courses.T, down, strict=True):
        panel.plot(*broken(recording, course + shift), color=COLOURS["astrocyte"], lw=0.8)
    if events is not None:
        base = (low + down - gap / 2)[events.place]
        panel.hlines(base, events.start, events.stop, color=COLOURS["perturbation"], lw=2)
        panel.plot(events.peak_time, events.peak + down[events.place], ".", color=COLOURS["perturbation"], ms=4)
    label = f"{recording.name or 'value'}{unit_label(recording.unit)}"
    if single:
        panel.set_ylabel(label)
    else:
        names = recording.places or [str(k) for k in range(courses.shape[1])]
        panel.set_yticks([_middle(c) + shift for c, shift in zip(courses.T, down, strict=True)], names)
        scale = _round(0.8 * float(np.max(high - low)))
        end, bottom = recording.times[-1], low[-1] + down[-1]
        aside = 0.02 * (end - recording.times[0])
        panel.plot([end + aside] * 2, [bottom, bottom + scale], color=COLOURS["data"], lw=2)
        # A number without a unit is one of what the courses are called.
        unit = _UNITS.get(recording.unit, recording.unit) or recording.name or "(no unit)"
        panel.text(end + 1.6 * aside, bottom + scale / 2, f"{scale:g} {unit}", va="center", fontsize=8)
        panel.set_title(label, loc="left")
        panel.spines["left"].set_visible(False)
        panel.tick_params(axis="y", length=0)
    panel.set_xlabel("time (s)")
    panel.margins(x=0.01)
    return made


def _rows(courses: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Lower and upper edge of the row of each course ``(time, place)``, and the gap between two rows.

    A row is as high as its course reaches, so that no two meet; one that hardly moves still has room for its name.
    """
    known = np.where(np.isnan(courses).all(axis=0), 0.0, courses)
    low, high = np.nanmin(known, axis=0), np.nanmax(known, axis=0)
    usual = float(np.mean(high - low)) or 1.0
    spare = np.maximum(_LEAST * usual - (high - low), 0.0) / 2
    return low - spare, high + spare, _GAP * usual


def _middle(course: np.ndarray) -> float:
    present = course[~np.isnan(course)]
    return float(np.median(present)) if len(present) else 0.0


def broken(recording: Recording, course: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Times and values with a NaN in every gap, so that no line is drawn over it."""
    places = [int(np.searchsorted(recording.times, stop)) for _, stop in recording.gaps]
    between = [(start + stop) / 2 for start, stop in recording.gaps]
    return np.insert(recording.times, places, between), np.insert(course.astype(float), places, np.nan)


def unit_label(unit: str) -> str:
    """A unit as the end of a label: `` (µM)``, nothing for plain numbers."""
    text = _UNITS.get(unit, unit)
    return f" ({text})" if text else ""


def _round(value: float) -> float:
    """The largest of 1, 2 and 5 times a power of ten that is no larger."""
    power = 10.0 ** np.floor(np.log10(value))
    return float(max(k * power for k in (1, 2, 5) if k * power <= value))
