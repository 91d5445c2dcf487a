"""What a voltage clamp shows of a synapse: the current, its peaks, and the ratio of two of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import DimensionError, RangeError, ResultError, named
from tripartite.language import Recording, Result

if TYPE_CHECKING:
    import xarray as xr


def epsc(result: Result, *, currents: tuple[str, ...] = ("ampa_current", "nmda_current")) -> xr.DataArray:
    """The synaptic current of a clamped cell (pA, outward positive): the sum of those ``currents`` that it has.

    Hold the potential by the protocol, ``Constant(v=-70 * mV)``; the clamp is ideal.

    **Raises** `ResultError` where the result has none of them, `DimensionError` where one is no current.
    """
    arguments.instance(result, Result, "result", "simulate(...)")
    currents = tuple(arguments.texts(currents, "currents", '["nmda_current"]'))
    ends = {name.rsplit(".", 1)[-1] for name in result.names}
    found = [result[name] for name in currents if name.rsplit(".", 1)[-1] in ends]
    if not found:
        raise ResultError(
            f"The clamp shows the sum of {', '.join(map(named, currents))}; the result has "
            f"{', '.join(f'`{name}`' for name in result.names)}. Name the currents of the model in `currents`."
        )
    total = found[0] * _in_pa(found[0])
    for current in found[1:]:
        total = total + current * _in_pa(current)
    return total.assign_attrs({"units": "pA", "long_name": "synaptic current"})


def _in_pa(current: xr.DataArray) -> float:
    """What turns the numbers of a current into pA."""
    unit = str(current.attrs.get("units", "1"))
    if not units.same_dimension(unit, "pA"):
        raise DimensionError(
            f"A clamp shows currents; `{current.name}` is in {unit}. Name currents in `currents`, such as nA or pA."
        )
    return units.factor(unit) / units.factor("pA")


def epsc_peaks(current: Recording | xr.DataArray, at: Any, *, window: Any = "50 ms") -> xr.DataArray:
    """Peak of the current after each stimulus (pA): the largest departure from the last sample before it.

    **Arguments** ``current`` over ``time`` (s); ``at``: times of the stimuli; ``window``: how long after each
    to look, at most until the next.

    **Returns** ``current``'s dimensions with ``stimulus`` in place of ``time``, signed. Frames that are missing in any
    course are left out.

    **Raises** `RangeError` where no sample lies before a stimulus or in its window.
    """
    import xarray as xr

    current = Recording.of(current).present().data
    times, span = units.row(at, "s", "at") / 1000, units.number(window, "s", "window") / 1000
    if len(times) < 1 or np.any(np.diff(times) <= 0) or span <= 0:
        raise RangeError(
            f"Stimuli come one after another, and a window is a positive time; got at={at}, window={window}. Sort them."
        )
    found = []
    for start, following in zip(times, [*times[1:], float("inf")], strict=True):
        before = current.sel(time=current["time"] < start - 1e-9)
        after = current.sel(
            time=(current["time"] >= start - 1e-9) & (current["time"] < min(start + span, following) - 1e-9)
        )
        if not before.sizes["time"] or not after.sizes["time"]:
            raise RangeError(
                f"A peak needs a sample before the stimulus and samples in the window after it; at {start:g} s there "
                "are none. Save more often, or let the run begin before the first stimulus."
            )
        change = after - before.isel(time=-1, drop=True)
        found.append(change.isel(time=abs(change).argmax("time"), drop=True))
    return xr.concat(found, xr.IndexVariable("stimulus", times, {"units": "s"})).assign_attrs(current.attrs)


def paired_pulses(current: Recording | xr.DataArray, first: Any, second: Any, *, window: Any = "50 ms") -> xr.DataArray:
    """Second peak over first, each from the current just before its stimulus.

    `tripartite.analysis.release_probability` turns it into the release probability.

    **Holds for** an interval after which the first current is nearly over, or decays little during the rise of
    the second: the second peak is measured from where the first had fallen, not from its continuation.
    """
    pair = [units.number(value, "s", "stimulus") / 1000 for value in (first, second)]
    peaks = epsc_peaks(current, pair * units.unit("s"), window=window)
    ratio = peaks.isel(stimulus=1, drop=True) / peaks.isel(stimulus=0, drop=True)
    return ratio.assign_attrs({"units": "1", "long_name": "paired-pulse ratio"})
