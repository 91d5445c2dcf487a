"""A camera: frames, photons and read-out noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, memory, units
from tripartite.errors import RangeError
from tripartite.language import Recording
from tripartite.language.recording import like

if TYPE_CHECKING:
    from tripartite.observe.bleaching import Light

_MOST_PHOTONS = 1e15


def camera(
    fluorescence: Light,
    *,
    frame_rate: Any,
    photons: float,
    gain: float = 1.0,
    background: float = 0.0,
    read_noise: float = 0.0,
    exposure: Any = None,
    seed: int = 0,
) -> Light:
    r"""What a camera counts: g Poisson(Phi (F + B)) + N(0, sigma_r^2), with F averaged over each exposure.

    **Arguments**
    ``fluorescence``: F over ``time`` (s) and any other dimensions, not negative: take 1 + dff, not dff.
    ``frame_rate``: frames per time. ``exposure``: the time for which a frame is open, all of it by default.
    ``photons``: Phi, mean photons in a frame for F = 1. ``background``: B, light of no cell, as F.
    ``gain``: g, counts per photon. ``read_noise``: sigma_r, in counts.

    **Returns** counts; ``time`` is the middle of each exposure. Their variance is g times their mean, plus
    ``read_noise`` squared; the average over an exposure is exact for straight lines between the samples. A frame
    whose exposure meets a missing sample or reaches into a gap (`Recording.gaps`) is missing.

    **Raises** `ResultError` for what is no recording, `RangeError` for a negative fluorescence, or an exposure longer
    than a frame.
    """
    import xarray as xr

    recording = Recording.of(fluorescence)
    light = recording.data
    rate = units.number(frame_rate, "1/s", "frame_rate")
    if rate <= 0:
        raise RangeError(f"A camera takes frames; got a rate of {frame_rate}. Write for instance `frame_rate=10 * Hz`.")
    numbers = {"photons": photons, "gain": gain, "background": background, "read_noise": read_noise}
    photons, gain, background, read_noise = (units.number(v, "1", name) for name, v in numbers.items())
    frame = 1 / rate / 1000
    opened = frame if exposure is None else units.number(exposure, "s", "exposure") / 1000
    if not 0 < opened <= frame * (1 + 1e-9) or min(photons, gain) <= 0 or min(background, read_noise) < 0:
        raise RangeError(
            f"An exposure is not longer than a frame, photons and gain are positive, background and read noise not "
            f"negative; got exposure {opened:g} s, frame {frame:g} s, photons={photons}, gain={gain}, "
            f"background={background}, read_noise={read_noise}. Correct the one that is not."
        )
    starts, seen = _frames(recording, frame, opened)
    if not len(starts) or np.any(seen + background < 0):
        raise RangeError(
            f"Photons come from a fluorescence that is not negative, over at least one exposure; got a least value of "
            f"{np.nanmin(seen, initial=np.inf):g} in {len(starts)} frames. Show 1 + dff, or record for longer."
        )
    brightest = photons * (float(np.nanmax(seen, initial=0.0)) + background)
    if brightest > _MOST_PHOTONS:
        raise RangeError(
            f"A frame holds at most {_MOST_PHOTONS:g} photons; got {brightest:g} in the brightest. Lower `photons` or "
            "`background`."
        )
    random = np.random.default_rng(arguments.seed(seed))
    missing = np.isnan(seen)
    drawn = random.poisson(photons * (np.where(missing, 0.0, seen) + background))
    counts = np.where(missing, np.nan, gain * drawn + read_noise * random.normal(size=seen.shape))
    others = [d for d in light.dims if d != "time"]
    coordinates = {name: c for name, c in light.coords.items() if "time" not in c.dims}
    coordinates["time"] = ("time", starts + opened / 2, {"units": "s"})
    shown = xr.DataArray(counts, coordinates, [*others, "time"], attrs={"units": "1", "long_name": "counts"})
    return like(fluorescence, shown)


def _frames(recording: Recording, frame: float, opened: float) -> tuple[np.ndarray, np.ndarray]:
    """Where exposures of so many seconds begin, one a frame, and the mean light in each (last axis)."""
    light, time = recording.data, recording.times
    frames = (time[-1] - time[0] - opened) / frame
    wanted = 100 * max(frames, 0.0) * (light.size / len(time))
    memory.check(wanted, f"a camera with {frames:.3g} frames", "Lower its rate.", RangeError)
    starts = time[0] + frame * np.arange(max(int(np.floor(frames + 1e-9)) + 1, 0))
    values = np.moveaxis(light.values, light.get_axis_num("time"), -1)
    after = np.searchsorted(time, [stop for _, stop in recording.gaps])
    middles = (time[after - 1] + time[after]) / 2  # of the gaps, in which nothing is known
    known = np.insert(time, after, middles), np.insert(values, after, np.nan, axis=-1)
    return starts, exposed(*known, starts, opened)


def exposed(time: np.ndarray, values: np.ndarray, starts: np.ndarray, duration: float) -> np.ndarray:
    """Mean of ``values`` (last axis: ``time``) from each of ``starts`` on for ``duration``, exact between samples."""
    edges = np.concatenate([starts, starts + duration])
    grid = np.union1d(time, edges)
    right = np.clip(np.searchsorted(time, grid, side="right"), 1, len(time) - 1)
    share = (grid - time[right - 1]) / (time[right] - time[right - 1])
    along = values[..., right - 1] * (1 - share) + values[..., right] * share
    pieces = (along[..., 1:] + along[..., :-1]) / 2 * np.diff(grid)
    unknown = np.isnan(pieces)
    pieces = np.where(unknown, 0.0, pieces)
    holes = np.concatenate([np.zeros((*along.shape[:-1], 1), int), np.cumsum(unknown, axis=-1)], axis=-1)
    area = np.concatenate([np.zeros((*along.shape[:-1], 1)), np.cumsum(pieces, axis=-1)], axis=-1)
    first, last = np.split(np.searchsorted(grid, edges), 2)
    mean = (area[..., last] - area[..., first]) / duration
    return np.where(holes[..., last] > holes[..., first], np.nan, mean)
