"""Long runs on disk while they go on: bounded memory, and a checkpoint with every chunk to resume from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripartite import arguments
from tripartite.errors import DivergedError, ResultError
from tripartite.language.encoding import readable
from tripartite.language.result import Result
from tripartite.network.run import checkpoint
from tripartite.network.run.outcome import dataset, status_attributes

if TYPE_CHECKING:
    from tripartite.network.run.recorder import Recorder

_CHUNK = 1000.0
"""Time (ms) between two checkpoints."""
_WINDOW = 2**26
"""Bytes kept in memory before they are written, whatever the time."""
_EVENTS = 2**16
"""Events in one file."""


class Stream:
    """A zarr folder that grows chunk by chunk; it opens as a result at any time."""

    def __init__(self, path: Path, recorder: Recorder):
        self.path, self.recorder = path, recorder
        self.arrays: dict[str, Any] = {}
        self.step = recorder.simulation.network.step

    def create(self) -> None:
        """Write names, attributes and coordinates, with nothing in them yet."""
        recorder, path = self.recorder, self.path
        if path.suffix != ".zarr" or path.exists():
            raise ResultError(f"A run streams to a new folder ending in .zarr; got `{path}`. Choose another name.")
        tracks = recorder.tracks
        empty = {name: track.empty for name, track in tracks.growing.items()}
        data = dataset(tracks, empty, recorder.provenance, self._unfinished())
        lines = {dim: max(1, round(_CHUNK / self.step) // steps) for steps, dim in tracks.times.items()}
        sizes = {name: lines.get(track.dims[0], _EVENTS) for name, track in tracks.growing.items()}
        chunks = {name: {"chunks": (sizes[name], *map(_some, t.rest))} for name, t in tracks.growing.items()}
        data.to_zarr(path, mode="w-", consolidated=False, encoding=chunks)

    def run(self, bar: Any) -> Result:
        """Go on to the end; what is complete on disk survives whatever happens."""
        recorder, simulation = self.recorder, self.recorder.simulation
        chunk = max(1, round(_CHUNK / self.step))
        try:
            while simulation.now < recorder.end:
                recorder.advance(min((simulation.now // chunk + 1) * chunk, recorder.end))
                bar.to(simulation.now * self.step)
                if simulation.now % chunk == 0 or simulation.now == recorder.end or recorder.bytes > _WINDOW:
                    self.append()
        except DivergedError as error:
            self._write(recorder.failed)  # kept, though a resumed run begins at the last checkpoint
            self._status(1, str(error))
            raise DivergedError(str(error), Result.load(self.path)) from None
        self._status(0, "")
        return Result.load(self.path)

    def append(self) -> None:
        """Write what was kept, and a checkpoint beside it."""
        import zarr

        self._write(self.recorder.take())
        lengths = {name: self._open(name).shape[0] for name in self.recorder.tracks.growing}
        more = {"lengths": lengths, "latest": self.recorder.latest, "healthy": self.recorder.healthy}
        checkpoint.write(zarr.open_group(self.path, mode="a"), self.recorder.simulation, more)
        self._status(*self._unfinished())

    def _open(self, name: str) -> Any:
        import zarr

        if name not in self.arrays:
            self.arrays[name] = zarr.open_array(self.path / name, mode="r+")
        return self.arrays[name]

    def _write(self, found: dict[str, Any]) -> None:
        for name, values in found.items():
            if len(values):
                self._open(name).append(values)

    def _unfinished(self) -> tuple[int, str]:
        reached, end = self.recorder.simulation.now * self.step / 1000, self.recorder.end * self.step / 1000
        return 2, f"The run was stopped at {reached:g} s of {end:g} s: `network.resume(path)` goes on."

    def _status(self, code: int, message: str) -> None:
        array = self._open("status")
        array[...] = code
        array.attrs.update(status_attributes(message))

    def rewind(self, more: dict[str, Any]) -> None:
        """Forget what was written after the last complete checkpoint."""
        with readable():
            for name in self.recorder.tracks.growing:
                array = self._open(name)
                length = arguments.count(more["lengths"][name], f"length of `{name}`", 0, array.shape[0])
                array.resize((length, *array.shape[1:]))
            self.recorder.latest = dict(more["latest"])
            self.recorder.healthy = arguments.count(more["healthy"], "healthy")


def request(path: Path) -> dict[str, Any]:
    """What a streamed run was asked for: its provenance."""
    return Result.load(path).provenance


def _some(length: int) -> int:
    return max(1, min(length, 4096))
