"""Long runs of a network on disk while they go on: bounded memory, and a checkpoint with every commit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tripartite import arguments
from tripartite.errors import DivergedError
from tripartite.language import grid
from tripartite.language.encoding import readable
from tripartite.language.folder import STOPPED, Folder, Growth
from tripartite.language.result import Result
from tripartite.network.run import checkpoint
from tripartite.network.run.outcome import dataset

if TYPE_CHECKING:
    from tripartite.network.run.recorder import Recorder

_STRETCH = 1000.0
"""Time (ms) after which the clock is looked at."""
_WINDOW = 2**26
"""Bytes kept in memory before they are written, whatever the time."""


class Stream:
    """A run of a network in a folder that opens as a result at any time."""

    def __init__(self, folder: Folder, recorder: Recorder):
        self.folder, self.recorder = folder, recorder
        self.step = recorder.simulation.network.step
        tracks = recorder.tracks
        self.growth = {name: Growth() for name in tracks.growing}
        empty = {name: track.empty for name, track in tracks.growing.items()}
        self.template = dataset(tracks, empty, recorder.provenance, self._unfinished())

    def begin(self) -> None:
        """Commit names, attributes and coordinates, with nothing in them yet."""
        self.folder.begin(self.template, self.growth, {"end": self.recorder.end})

    def go_on(self, more: dict[str, Any]) -> None:
        """Take up the last checkpoint; what was recorded after it is recorded again."""
        ahead = self.folder.go_on(self.template, self.growth)
        if more:
            with readable():
                self.recorder.latest = dict(more["latest"])
                self.recorder.healthy = arguments.count(more["healthy"], "healthy")
                self.recorder.undefined = str(more["undefined"])
                self.recorder.strayed = str(more["strayed"])
        if ahead:  # of a run that diverged: nobody reads what is recorded again before it is there
            code, message = self._unfinished()
            self.folder.commit(code, {"0": message}, {}, keep=True)

    def run(self, bar: Any) -> Result:
        """Go on to the end; what was committed survives whatever happens."""
        recorder, simulation, folder = self.recorder, self.recorder.simulation, self.folder
        stretch = max(1, round(_STRETCH / self.step))
        try:
            while simulation.now < recorder.end:
                recorder.advance(min((simulation.now // stretch + 1) * stretch, recorder.end))
                bar.to(simulation.now * self.step)
                if simulation.now < recorder.end and (folder.due or recorder.bytes > _WINDOW):
                    self.commit()
        except DivergedError as error:
            self._write(recorder.failed)  # kept, though a repeated run begins at the last checkpoint
            folder.commit(1, {"0": str(error)}, {}, keep=True)
            raise DivergedError(str(error), Result.load(folder.path)) from None
        self.commit()
        return Result.load(folder.path)

    def commit(self) -> None:
        """Make what was kept part of the result, with a checkpoint to go on from."""
        recorder = self.recorder
        finished = recorder.simulation.now == recorder.end
        self._write(recorder.take())
        code, message = recorder.status if finished else self._unfinished()
        words = {"undefined": recorder.undefined, "strayed": recorder.strayed}
        more = {"latest": recorder.latest, "healthy": recorder.healthy, **words}
        state = partial(checkpoint.write, recorder.simulation, more)
        self.folder.commit(code, {"0": message} if message else {}, {"finished": finished}, state)
        self.folder.kept = f"What was recorded until {self._reached():g} s is kept, and the same call goes on from it. "

    def _write(self, found: dict[str, Any]) -> None:
        for name, values in found.items():
            self.folder.append(name, values)

    def _reached(self) -> float:
        return grid.seconds(self.recorder.simulation.now, self.step)

    def _unfinished(self) -> tuple[int, str]:
        end = grid.seconds(self.recorder.end, self.step)
        return STOPPED, f"The run was stopped at {self._reached():g} s of {end:g} s: `network.resume(path)` goes on."
