"""A recording: values over time with their units, measured or simulated, with gaps as gaps."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, memory, units
from tripartite.errors import RecordingError, UnknownNameError, nearest, said
from tripartite.language import drawing
from tripartite.language.card import Card, Table, unit_text
from tripartite.language.sampled import (
    extent,
    labelled,
    numbers,
    same_dimension,
    sealed,
    seconds,
    time_dimension,
    time_first,
)

if TYPE_CHECKING:
    import xarray as xr

_ALIKE = 0.1  # frames differ by less than this part of a frame from an even course
_EVEN = 0.8  # part of the steps that must be one frame for a recording to have a frame rate
_WHOLE = 0.9  # part of the steps that must be whole frames
_BRIDGED = 3.5  # frames between two samples from which on a course is broken there


class Recording:
    """Values over rising times, of one course or of several, with units; NaN where a frame is missing.

    **Arguments**
    ``times``: a quantity, a coordinate with ``units``, or plain numbers, which are seconds here as in all data
    given in Python; two or more, rising. (A table is asked for its unit, since others chose it: see `read_csv`.)
    ``values``: ``(time,)`` or ``(time, place)``, a movie ``(time, y, x)``, or a DataArray with its time anywhere;
    a quantity, an array with ``units``, or plain numbers in ``unit``.
    ``sigma``: the standard deviation of the values where it is known, one or one for each.
    ``unit``: of plain values (``"1"`` by default); values that carry a unit are converted to it.
    ``places``: names of the courses.

    Nothing is filled in: a missing frame stays NaN, and a step in time that is longer than the others a gap.

    **Raises** `RecordingError`, `DimensionError` and `QuantityError`, which say what to give instead.
    """

    def __init__(
        self,
        times: Any,
        values: Any,
        *,
        sigma: Any = None,
        unit: str | None = None,
        name: str = "",
        places: Sequence[str] | None = None,
    ):
        if not isinstance(name, str) or not arguments.writable(name):
            raise RecordingError(f"The name of a recording is text; got {said(name)}. Put it in quotes.")
        self.data = sealed(labelled(seconds(times), values, unit, name, places))
        self.sigma = None if sigma is None else arguments.sealed(self._spread(sigma))

    @classmethod
    def of(cls, given: Any) -> Recording:
        """``given`` as a recording: one as it is, or a DataArray with a coordinate ``time``, as results hold them."""
        import xarray as xr

        if isinstance(given, Recording):
            return given
        if not isinstance(given, xr.DataArray):
            raise RecordingError(
                f"Values over time come as a `Recording` or an `xarray.DataArray`; got {_kind(given)}. Write "
                '`Recording(times, values, unit="uM")`, or take a variable of a result, `result["astrocyte.ca"]`.'
            )
        dim = time_dimension(given)
        if dim is None or dim not in given.coords:
            raise RecordingError(
                f"A recording has a dimension `time` with a coordinate; got dimensions {list(map(str, given.dims))} "
                f"with coordinates {list(map(str, given.coords))}. Write `Recording(times, values)`, or "
                '`values.rename({"t": "time"}).assign_coords(time=seconds)`.'
            )
        return cls(given[dim], given, name=str(given.attrs.get("long_name", given.name or "")))

    @classmethod
    def read_csv(cls, path: str | Path, **options: Any) -> Recording:
        """The recording in a table of text: a column of times, and one for each course.

        **Arguments**
        ``time``: name or number of the column of times; by default the one called time, t or seconds, or the only
        one in a unit of time.
        ``frame_rate``: frames per time, for a table without times; beside ``time="Frame"``, a column that counts
        frames, time is frame / rate, and frames that were dropped are gaps.
        ``columns``: names or numbers of the courses to take; all by default.
        ``unit``, ``time_unit``: by default what the header says in brackets, ``time (ms)``, ``Ca [uM]``; values
        without one have none. Times without one are refused: a microscope writes ms as often as s, while plain times
        given in Python, `Recording(times, values)`, are seconds. Another unit than the header's is refused;
        ``unit="1"`` takes the numbers as they are, without one.
        ``delimiter``, ``decimal``, ``encoding``: found out where the table leaves no doubt; else they are asked for.

        A column that counts the frames, named so or first and without a name, is no course; a header may count the
        columns behind it, as pandas writes one. What may be a course or may not is asked for.

        Empty cells and NaN are missing frames. Lines that begin with ``#`` are comments.

        **Raises** `RecordingError` with the line of what cannot be read.
        """
        from tripartite.language.recording_csv import read

        arguments.options(options, sorted(inspect.signature(read).parameters.keys() - {"path"}), "Recording.read_csv")
        return read(path, **options)

    def to_csv(self, path: str | Path) -> Path:
        """Write the table that `read_csv` reads: times in seconds, a course a column, missing frames empty."""
        from tripartite.language.recording_csv import write

        return write(self, arguments.path(path, "path"))

    def plot(self, **options: Any) -> Any:
        """A figure of the courses; ``events=calcium_events(recording)`` marks what was found in them."""
        return drawing.draw("recording", self, **options)

    @property
    def times(self) -> np.ndarray:
        """When the frames were taken (s)."""
        return self.data["time"].values

    @property
    def values(self) -> np.ndarray:
        """The numbers in `unit`, in the order of `data`."""
        return self.data.values

    @property
    def courses(self) -> np.ndarray:
        """The numbers with time first, ``(time, ...)``."""
        return self.data.transpose("time", ...).values

    @property
    def unit(self) -> str:
        return self.data.attrs["units"]

    @property
    def name(self) -> str:
        return self.data.attrs["long_name"]

    @property
    def places(self) -> list[str]:
        """Names of the courses; none for a single one."""
        others = [dim for dim in self.data.dims if dim != "time"]
        if len(others) != 1:
            return []
        return [str(v) for v in self.data[others[0]].values]

    @property
    def weights(self) -> np.ndarray:
        """What a residual is multiplied with: 1 / sigma."""
        return np.broadcast_to(1.0 if self.sigma is None else 1 / self.sigma, self.values.shape)

    @property
    def frame(self) -> float | None:
        """Seconds from frame to frame; None where times are not those of a camera that misses some."""
        steps = np.diff(self.times)
        usual = float(np.median(steps))
        alike = np.abs(steps - usual) <= _ALIKE * usual
        whole = np.abs(steps / usual - np.round(steps / usual)) <= 2 * _ALIKE
        return float(steps[alike].mean()) if alike.mean() >= _EVEN and whole.mean() >= _WHOLE else None

    @property
    def gaps(self) -> list[tuple[float, float]]:
        """Last time before and first time after every stretch without samples (s)."""
        if self.frame is None:
            return []
        late = np.flatnonzero(np.diff(self.times) > 1.5 * self.frame)
        return [(float(self.times[k]), float(self.times[k + 1])) for k in late]

    @property
    def frame_numbers(self) -> np.ndarray:
        """Number of the frame at each time, of a recording that has a frame.

        **Raises** `RecordingError` where frames that were not taken would not fit into memory.
        """
        assert self.frame
        place = np.round((self.times - self.times[0]) / self.frame)
        what = f"a recording of {len(place)} frames that spans {place[-1] + 1:.3g}"
        memory.check(24 * place[-1] * self.data.size / len(place), what, "Cut it at its gaps.", RecordingError)
        return place.astype(int)

    def stretches(self, present: np.ndarray) -> list[np.ndarray]:
        """Positions of present frames, broken where three or more frames in a row are missing.

        Over one or two missing frames a course can be followed; over more, nothing is known of it. **Arguments**
        present: ``(time,)``, of one course.
        """
        here = np.flatnonzero(present)
        if self.frame is None:
            return [here] if len(here) else []
        broken = np.flatnonzero(np.diff(self.times[here]) > _BRIDGED * self.frame) + 1
        return [part for part in np.split(here, broken) if len(part)]

    def evened(self) -> Recording:
        """The recording on an even course of frames, those that were not taken as NaN.

        **Raises** `RecordingError` where the times are not multiples of one frame.
        """
        frame = self.frame
        place = self.frame_numbers if frame else np.zeros(2, dtype=int)
        if frame:  # the mean step of a long recording is better known from its ends
            frame = (self.times[-1] - self.times[0]) / place[-1]
        even = self.times[0] + (frame or 0.0) * place
        if not frame or np.any(np.diff(place) < 1) or np.max(np.abs(even - self.times)) > 3 * _ALIKE * frame:
            steps = np.diff(self.times)
            raise RecordingError(
                f"This needs frames at even times; here they are {steps.min():g} to {steps.max():g} s apart. Take "
                "the mean of each of equal bins of time; missing frames may stay missing."
            )
        count = int(place[-1]) + 1
        made = np.full((count, *self.courses.shape[1:]), np.nan)
        made[place] = self.courses
        moved = self.data.transpose("time", ...)
        coordinates = {name: c for name, c in moved.coords.items() if "time" not in c.dims}
        times = self.times if count == len(place) else self.times[0] + frame * np.arange(count)
        coordinates["time"] = ("time", times, {"units": "s"})
        data = type(self.data)(made, coordinates, moved.dims, self.data.name, self.data.attrs)
        return self._with(data.transpose(*self.data.dims))

    def present(self) -> Recording:
        """The frames that are missing in no course."""
        others = tuple(k for k, dim in enumerate(self.data.dims) if dim != "time")
        whole = np.flatnonzero(~np.isnan(self.values).any(axis=others))
        if len(whole) < 2:
            raise RecordingError(
                f"A recording has two frames or more; of {len(self.times)}, {len(whole)} are missing in no course. "
                "Leave out the courses that miss most."
            )
        return self._with(self.data.isel(time=whole), whole)

    def between(self, start: Any, stop: Any) -> Recording:
        """The frames from ``start`` on and before ``stop``."""
        low, high = units.seconds(start, "start"), units.seconds(stop, "stop")
        inside = np.flatnonzero((self.times >= low) & (self.times < high))
        if len(inside) < 2:
            raise RecordingError(
                f"A stretch holds two frames or more; from {low:g} to {high:g} s are {len(inside)}, and the recording "
                f"reaches from {self.times[0]:g} to {self.times[-1]:g} s. Correct `start` and `stop`."
            )
        return self._with(self.data.isel(time=inside), inside)

    def to(self, unit: str) -> Recording:
        """The recording in another unit of the same dimension."""
        same_dimension(self.unit, unit, self.name or "values")
        ratio = units.factor(self.unit) / units.factor(unit)
        made = self._with((self.data * ratio).assign_attrs({**self.data.attrs, "units": unit}))
        made.sigma = None if self.sigma is None else self.sigma * ratio
        return made

    def __getitem__(self, place: str | int) -> Recording:
        """One course, by name or number."""
        others = [dim for dim in self.data.dims if dim != "time"]
        if len(others) != 1:
            raise RecordingError(
                f"Courses are chosen among several in one dimension; this recording has {extent(self.data)}. Use "
                "`recording.data.isel(...)`."
            )
        names = self.places
        if isinstance(place, str) and place in names:
            number = names.index(place)
        elif arguments.whole(place) and 0 <= place < len(names):
            number = int(place)
        else:
            shown = nearest(place, names) if isinstance(place, str) else f"It has {len(names)}, counted from 0."
            raise UnknownNameError(f"The recording has no course {said(place)}. {shown}")
        chosen = self.data.isel({others[0]: number}, drop=True)
        called = f"{self.name} of {names[number]}" if self.name else names[number]
        chosen.attrs = {**self.data.attrs, "long_name": called}
        made = self._with(chosen)
        if self.sigma is not None:
            spread = np.broadcast_to(self.sigma, self.values.shape)
            made.sigma = np.take(spread, number, axis=self.data.get_axis_num(others[0]))
        return made

    def __len__(self) -> int:
        return len(self.times)

    def _repr_html_(self) -> str:
        head, *rest = repr(self).split("\n")
        courses = self.courses.reshape(len(self), -1)
        unit = f" ({unit_text(self.unit)})" if self.unit != "1" else ""
        names = self.places or [self.name or "value"]
        rows = [
            (name, f"{np.nanmin(c):.4g}", f"{np.nanmax(c):.4g}", int(np.isnan(c).sum()) or "")
            for name, c in zip(names, courses.T, strict=False)
            if not np.all(np.isnan(c))
        ]
        heads = ("course", f"lowest{unit}", f"highest{unit}", "missing frames")
        title, _, about = head.partition(": ")
        table = Table("Courses", heads, rows if courses.shape[1] == len(names) else [])
        return Card(title, "\n".join([about, *rest]), [table]).html()

    def __repr__(self) -> str:
        missing, gaps = int(np.isnan(self.values).sum()), len(self.gaps)
        every = f", one every {self.frame:.4g} s" if self.frame else ", at uneven times"
        lines = [
            f"Recording{f' of {self.name}' if self.name else ''}: {extent(self.data)}"
            f"{'' if self.unit == '1' else f', in {self.unit}'}",
            f"from {self.times[0]:.6g} to {self.times[-1]:.6g} s{every if len(self) > 2 else ''}",
        ]
        if missing or gaps:
            lines.append(f"{missing} missing values, {gaps} gap{'' if gaps == 1 else 's'}")
        return "\n".join(lines)

    def _with(self, data: Any, frames: np.ndarray | None = None) -> Recording:
        """The same recording with other data; ``frames`` are those kept."""
        made = object.__new__(Recording)
        made.data, made.sigma = sealed(data), self.sigma
        if frames is not None and self.sigma is not None and np.ndim(self.sigma):
            made.sigma = np.take(self.sigma, frames, axis=self.data.get_axis_num("time"))
        return made

    def _spread(self, sigma: Any) -> Any:
        found = np.asarray(numbers(sigma, self.unit, "sigma", tuple(range(self.values.ndim + 1)))[0])
        known = np.broadcast_to(found, self.values.shape) if found.shape in ((), self.values.shape) else None
        if known is None or not np.all(known[~np.isnan(self.values)] > 0):
            raise RecordingError(
                f"`sigma` is positive, one number or one for each value; got {said(sigma)} for values of "
                f"shape {self.values.shape}. Leave it out where the spread is unknown."
            )
        return float(found) if found.ndim == 0 else found


def given(recording: Any, values: Any = None, *, last: bool = False) -> Recording:
    """What an analysis takes: a recording or a DataArray alone, or times and ``values`` beside each other.

    Plain values have their time first, or ``last``.
    """
    if values is None:
        return Recording.of(recording)
    if isinstance(recording, Recording):
        raise RecordingError("A recording holds its values; got values beside it. Leave `values` out.")
    plain = not arguments.labelled(values)
    if last and plain:
        values = time_first(values)
    name = "" if plain else str(values.attrs.get("long_name", ""))
    return Recording(recording, values, name=name)


def _kind(given: Any) -> str:
    return f"an object of `{type(given).__name__}`"


def like(before: Any, after: xr.DataArray) -> Any:
    """``after`` as what ``before`` was: a recording, or a DataArray."""
    return Recording.of(after) if isinstance(before, Recording) else after
