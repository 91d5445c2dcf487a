"""Calcium events: found in courses, listed in a table, and told apart into local, somatic and global ones."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, units
from tripartite.analysis.event_detection import BASELINE, Found, between_levels, risen
from tripartite.analysis.levels import level
from tripartite.errors import ResultError, UnknownNameError, nearest, said
from tripartite.language import drawing
from tripartite.language.card import Card, Table, unit_text
from tripartite.language.disk import told
from tripartite.language.recording import Recording, given

if TYPE_CHECKING:
    import xarray as xr


class Scope(Enum):
    """How far an event reaches."""

    LOCAL = "local"
    """One compartment, outside any global event."""
    SOMATIC = "somatic"
    """The soma, without most of the processes."""
    GLOBAL = "global"
    """The soma and most of the processes together."""


@dataclass(frozen=True, eq=False)
class CalciumEvents:
    """Events of all courses in the order of their starts; every field but the last four has shape ``(event,)``.

    **Fields** ``place``: number of the course. ``start``, ``stop``: when it rose and when it had fallen (s). ``peak``:
    the largest value in between, and ``peak_time`` when (s). ``amplitude``: peak above the resting level of the
    course, which is the value that two fifths of its frames lie below. ``complete``: whether the fall was seen; where
    it is False, the recording or the stretch before a gap ended first, and ``stop`` is the last frame. ``observed``
    ``(place,)``: seconds that were seen of each course, without its gaps. ``unit`` of the values; ``places``: names;
    ``recording``: in which they were found.
    """

    place: np.ndarray
    start: np.ndarray
    stop: np.ndarray
    peak: np.ndarray
    peak_time: np.ndarray
    amplitude: np.ndarray
    complete: np.ndarray
    observed: np.ndarray
    unit: str
    places: tuple[str, ...]
    recording: Recording = field(repr=False)

    @property
    def duration(self) -> np.ndarray:
        """From start to stop (s)."""
        return self.stop - self.start

    @property
    def rates(self) -> np.ndarray:
        """Events per second of each course, ``(place,)``; NaN where nothing was seen."""
        counts = np.bincount(self.place, minlength=len(self.observed))
        return counts / np.where(self.observed > 0, self.observed, np.nan)

    def __len__(self) -> int:
        return len(self.start)

    def of(self, place: int | str) -> CalciumEvents:
        """The events of one course, by number or name."""
        if isinstance(place, str):
            if place not in self.places:
                raise UnknownNameError(f"There is no course {said(place)}. {nearest(place, self.places)}")
            place = self.places.index(place)
        chosen = self.place == arguments.count(place, "place", 0, len(self.observed) - 1)
        columns = ("place", "start", "stop", "peak", "peak_time", "amplitude", "complete")
        return replace(self, **{name: getattr(self, name)[chosen] for name in columns})

    @property
    def data(self) -> xr.Dataset:
        """The table of events with units: one row an event."""
        import xarray as xr

        columns = {
            "start": (self.start, "s", "when the course rose"),
            "duration": (self.duration, "s", "from the rise until it had fallen"),
            "amplitude": (self.amplitude, self.unit, "peak above the resting level of the course"),
            "peak": (self.peak, self.unit, "largest value"),
            "peak_time": (self.peak_time, "s", "when it was largest"),
            "complete": (self.complete, "1", "whether the fall was seen"),
        }
        variables = {n: ("event", v, {"units": unit, "long_name": text}) for n, (v, unit, text) in columns.items()}
        names = [self.places[place] for place in self.place]
        return xr.Dataset(variables, {"place": ("event", np.array(names, dtype=str))})

    def to_csv(self, path: str | Path) -> Path:
        """Write the table of events, one row an event, units in the header."""
        place, table = arguments.path(path, "path"), self.data
        heads = [f"{n}{'' if v.attrs['units'] == '1' else ' (' + v.attrs['units'] + ')'}" for n, v in table.items()]
        with told(place), place.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(["place", *heads])
            for event in range(len(self)):
                values = [v.values[event].item() for v in table.values()]
                rows.writerow([str(table["place"].values[event]), *(str(value) for value in values)])
        return place

    def plot(self, **options: Any) -> Any:
        """A figure of the courses in which they were found, with bars from start to stop and dots at the peaks."""
        arguments.options(options, ("height", "width"), "CalciumEvents.plot")
        return drawing.draw("recording", self.recording, events=self, **options)

    def _repr_html_(self) -> str:
        counts = np.bincount(self.place, minlength=len(self.observed))
        rows = [(name, f"{count}", f"{1000 * rate:.3g}") for name, count, rate in
                zip(self.places, counts, self.rates, strict=True)]  # fmt: skip
        unit = f" ({unit_text(self.unit)})" if self.unit != "1" else ""
        table = self.data
        found = [
            (
                str(table["place"].values[k]),
                f"{self.start[k]:.4g}",
                f"{self.duration[k]:.4g}",
                f"{self.amplitude[k]:.4g}",
            )
            for k in range(len(self))
        ]
        heads = ("course", "start (s)", "duration (s)", f"amplitude{unit}")
        tables = [Table("Courses", ("course", "events", "rate (mHz)"), rows), Table("Events", heads, found)]
        return Card(f"{len(self)} events", "", tables).html()

    def __repr__(self) -> str:
        counts = np.bincount(self.place, minlength=len(self.observed))
        shown = ", ".join(f"{name}: {count}" for name, count in zip(self.places[:12], counts[:12], strict=True))
        return f"{len(self)} events ({shown}{', …' if len(self.places) > 12 else ''})"


def event_threshold(values: Any, deviations: float = 5.0) -> np.ndarray:
    """Median of each course plus ``deviations`` times the median absolute deviation from it.

    The deviation is taken as it is; 1.4826 of it are one standard deviation of Gaussian noise. It suits courses that
    rest most of the time: where events fill half of a course, give a level instead. Missing frames are left out.
    **Arguments** values: shape ``(time, place)``. **Returns** ``(place,)``.
    """
    deviations = units.number(deviations, "1", "deviations")
    if isinstance(values, Recording) or arguments.labelled(values):
        courses = Recording.of(values).courses
    else:
        courses = arguments.array(values, "values", axes=(1, 2), finite=False)
    courses = courses[:, None] if courses.ndim == 1 else courses
    if not courses.size:
        raise ResultError(f"A threshold comes from the frames of a course; got shape {courses.shape}. Give some.")
    seen = np.where(np.all(np.isnan(courses), axis=0), 0.0, courses)
    baseline = np.nanmedian(seen, axis=0)
    found = baseline + deviations * np.nanmedian(np.abs(seen - baseline), axis=0)
    return np.where(np.all(np.isnan(courses), axis=0), np.nan, found)


def calcium_events(
    recording: Any,
    values: Any = None,
    threshold: Any = None,
    *,
    back: Any = None,
    deviations: float = 4.5,
    fall: float = 0.3,
    smooth: Any = "0.5 s",
) -> CalciumEvents:
    """Events of courses, found by a rise and a fall that noise does not make, or between two levels.

    By default an event begins when the course, averaged over ``smooth``, has risen by ``deviations`` standard
    deviations of its noise both above its last low and above its resting level; the next one can begin when it has
    fallen by the share ``fall`` of that rise. It stops when it has fallen half way to the resting level, or where the
    next begins. The noise is that from frame to frame or that below the resting level, whichever is larger.

    With a ``threshold`` an event reaches from the first frame at or above it until the fall below ``back``.

    Over one or two missing frames an event goes on. At a longer gap it ends incomplete, and after the gap, as at the
    beginning of the recording, a course that is up has no start.

    **Arguments** recording: a `Recording` or DataArray, or times (s) with ``values`` of shape ``(time, place)``.
    threshold: one level or one for each place. back: level that a course must fall below before it can have another
    event, by default the threshold; a lower one keeps noise from counting an event twice.

    **Raises** `RecordingError` for what is no recording, `ResultError` for a level of return above the threshold.
    """
    whole = given(recording, values)
    courses = whole.courses
    if courses.ndim > 2:
        raise ResultError(
            f"Events are found in courses, (time, place); got shape {courses.shape}. Stack the pixels, or average "
            "regions."
        )
    courses = courses[:, None] if courses.ndim == 1 else courses
    places = courses.shape[1]
    levels = None if threshold is None else _levels(threshold, back, whole.unit, places)
    if threshold is None and back is not None:
        raise ResultError(f"`back` goes with a `threshold`; got back={said(back)} alone. Give both, or neither.")
    settings = _settings(deviations, fall, smooth)
    rows: list[tuple[int, Found]] = []
    observed = np.zeros(places)
    rest = np.full(places, np.nan)
    for place in range(places):
        course = courses[:, place]
        stretches = whole.stretches(~np.isnan(course))
        observed[place] = sum(whole.times[part[-1]] - whole.times[part[0]] for part in stretches)
        if not stretches:
            continue
        rest[place] = np.nanpercentile(course, BASELINE)
        if levels is None:
            found = risen(whole.times, course, stretches, *settings)
        else:
            found = between_levels(course, stretches, levels[0][place], levels[1][place])
        rows += [(place, event) for event in found]
    rows.sort(key=lambda row: (row[1].start, row[0]))
    return _table(whole, rows, observed, rest)


def scopes(events: CalciumEvents, soma: int, *, window: float, majority: float = 0.5) -> np.ndarray:
    """The `Scope` of every event, shape ``(event,)``.

    A somatic event is global if more than the share ``majority`` of the processes start an event within ``window``
    before or after it, and those events of processes are then global, too; all others are local.

    **Arguments** soma: the compartment that is the soma; every other one with an event anywhere counts as a process,
    so leave out those that are none. window: seconds, or a time with a unit.
    """
    arguments.instance(events, CalciumEvents, "events", "calcium_events(recording)")
    soma = arguments.count(soma, "soma", 0, len(events.observed) - 1)
    window, majority = units.seconds(window, "window"), units.number(majority, "1", "majority")
    if window < 0 or not 0 <= majority <= 1:
        raise ResultError(
            f"A window is a time of 0 or more, and a majority a share; got window={window:g} s, majority={majority:g}. "
            "Correct the one that is not."
        )
    found = np.full(len(events.start), Scope.LOCAL, dtype=object)
    processes = np.unique(events.place[events.place != soma])
    for number in np.flatnonzero(events.place == soma):
        near = (np.abs(events.start - events.start[number]) <= window) & (events.place != soma)
        together = len(np.unique(events.place[near])) > majority * max(len(processes), 1)
        found[number] = Scope.GLOBAL if together else Scope.SOMATIC
        if together:
            found[near] = Scope.GLOBAL
    return found


def _levels(threshold: Any, back: Any, unit: str, places: int) -> tuple[np.ndarray, np.ndarray]:
    high = level(threshold, unit, "threshold", places)
    low = high if back is None else level(back, unit, "back", places)
    if np.any(low > high):
        raise ResultError(
            f"An event ends at or below the level where it starts; got back={np.max(low):g} above "
            f"{np.min(high):g}. Lower `back`."
        )
    return high, low


def _settings(deviations: Any, fall: Any, smooth: Any) -> tuple[float, float, float]:
    found = (
        units.number(deviations, "1", "deviations"),
        units.number(fall, "1", "fall"),
        units.seconds(smooth, "smooth"),
    )
    if found[0] <= 0 or not 0 < found[1] <= 1 or found[2] < 0:
        raise ResultError(
            f"Events rise by some deviations, fall by a share up to 1 and are smoothed over a time of 0 or more; got "
            f"deviations={deviations}, fall={fall}, smooth={smooth}. The defaults are 4.5, 0.3 and 0.5 s."
        )
    return found


def _table(whole: Recording, rows: list[tuple[int, Found]], observed: np.ndarray, rest: np.ndarray) -> CalciumEvents:
    place = np.array([number for number, _ in rows], dtype=int)
    index = np.array([[e.start, e.stop, e.top] for _, e in rows], dtype=int).reshape(-1, 3)
    start, stop, top = (whole.times[column] for column in index.T)
    peak = np.array([e.peak for _, e in rows], dtype=float)
    complete = np.array([e.complete for _, e in rows], dtype=bool)
    names = whole.places or [str(k) for k in range(len(observed))]
    return CalciumEvents(
        place, start, stop, peak, top, peak - rest[place], complete, observed, whole.unit, tuple(names), whole
    )
