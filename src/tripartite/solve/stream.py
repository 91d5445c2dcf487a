"""Long runs on disk while they go on: bounded memory, and a folder that opens as a result and can be gone on with."""

from __future__ import annotations

import json
import zlib
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from tripartite.errors import ResultError
from tripartite.interpret.kernels.build import source
from tripartite.language.encoding import readable
from tripartite.language.folder import STOPPED, Folder, Growth
from tripartite.language.result import Result
from tripartite.language.root import checkpoint_arrays, committed, facts
from tripartite.language.sameness import differences, listed
from tripartite.progress import Progress
from tripartite.solve.explicit import EventRows
from tripartite.solve.outcome import Outcome
from tripartite.solve.records import DONE, TAPE_FULL
from tripartite.solve.underway import refilled

if TYPE_CHECKING:
    import xarray as xr

    from tripartite.solve.simulation import Job

_WINDOW = 2**26  # bytes of saved states held in memory
_ASKED = ("model", "protocol", "solver", "until", "saved", "seeds", "varied", "versions", "python")


def stream(job: Job, path: Path, bar: Progress) -> Result:
    """Run a job window by window into the folder ``path``, or go on with it there.

    The step that would pass the end of a window is shortened to end there. What is done is committed whenever a
    driver comes to Python and the last commit is long enough ago.
    """
    template = job.outcome(job.save[:0], job.room(job.save[:0]), job.no_events()).dataset()
    asked = _asked(job, json.loads(template.attrs["provenance"]))
    if path.is_dir() and _same(path, committed(path, strange=True), asked).get("finished"):
        return Result.load(path)
    with Folder(path) as folder:  # what cannot be written to is found here, before anything is computed
        _same(path, folder.root, asked)
        run = _Run(job, folder, template)
        if folder.root:
            folder.go_on(template, run.growth)
            run.restore()
        else:
            template["status"].attrs["messages"] = json.dumps({"all": run.stopped("0 s")})
            folder.begin(template, run.growth, {"asked": asked, "window": _WINDOW})
        run.go(bar)
    return Result.load(path)


class _Run:
    """A job in its folder: which window it is in, and what of it was written."""

    def __init__(self, job: Job, folder: Folder, template: xr.Dataset):
        self.job, self.folder = job, folder
        size = max(1, _WINDOW // max(1, 8 * len(job.system.states) * (job.members or 1)))
        self.windows = [job.save[i : i + size] for i in range(0, len(job.save), size)]
        self.number = self.written = 0
        """The window, and how many of its save times were written."""
        self.resumed = False
        self.undefined: dict[int, str] = {}
        """By member, what was written and is no finite number."""
        self.strayed: dict[int, str] = {}
        """By member, which state was written out of its range."""
        self.states = job.room(self.windows[0])
        self.events: EventRows = job.no_events()
        single = job.members is None
        self.growth = {}
        for name, variable in template.variables.items():
            if "time" in variable.dims:
                self.growth[str(name)] = Growth(axis=variable.dims.index("time"))
            elif any(str(dim).endswith(".event") for dim in variable.dims):
                self.growth[str(name)] = Growth(rows=None if single else job.members)

    def go(self, bar: Progress) -> None:
        """Run from where the job stands to its end."""
        job = self.job
        while True:
            window, last = self.windows[self.number], self.number == len(self.windows) - 1
            end = job.until if last else float(window[-1])
            job.carry(window, self.states, self.events, end, partial(self.tick, bar), self.resumed)
            self.resumed = False
            if last:
                self.commit(finished=True)
                return
            self.append(len(window))
            self.number, self.written = self.number + 1, 0
            self.states = job.room(self.windows[self.number])

    def tick(self, bar: Progress, t: float) -> None:
        """The driver has come to ``t`` ms and holds nothing that the job does not."""
        bar.to(t)
        if self.folder.due:
            self.commit()

    def commit(self, finished: bool = False) -> None:
        """Make what all members have saved part of the result, with where they stand."""
        job, walk = self.job, self.job.walk
        window = self.windows[self.number]
        reached = np.where(walk.status > TAPE_FULL, len(window), walk.save)
        outcome = self.append(len(window) if finished else int(reached.min()))
        if finished:
            status = outcome.dataset()["status"]
            self.folder.commit(status.values, json.loads(status.attrs["messages"]), {"finished": True})
            return
        now = f"{walk.t.min() / 1000:g} s"
        status = np.full(job.members or 1, STOPPED)
        words = {"undefined": self.undefined, "strayed": self.strayed}
        facts = {"finished": False, **{kind: {str(m): said for m, said in of.items()} for kind, of in words.items()}}
        self.folder.commit(status if job.members else status[0], {"all": self.stopped(now)}, facts, self.write)
        self.folder.kept = f"What was done until {now} is kept, and the same call goes on from it. "

    def stopped(self, now: str) -> str:
        """What is said of a run that has not come to its end."""
        return f"The run was stopped at {now} of {self.job.until / 1000:g} s: the same call of `simulate` goes on."

    def append(self, count: int) -> Outcome:
        """Write the first ``count`` save times of the window, as far as they were not, and all new events."""
        part = slice(self.written, max(count, self.written))
        outcome = self.job.outcome(self.windows[self.number][part], self.states[:, :, part], self.events)
        outcome.status[outcome.status <= TAPE_FULL] = DONE  # on its way: whether it arrives is said at the end
        outcome.undefined, outcome.strayed = self.undefined, self.strayed
        data = outcome.dataset()
        for name, how in self.growth.items():
            values = data[name].values
            if how.rows is None:
                self.folder.append(name, np.moveaxis(values, how.axis, 0))
            else:
                times = data[name.rpartition(".")[0] + ".times"].values
                for row in range(how.rows):
                    self.folder.append(name, values[row][~np.isnan(times[row])], row)
        self.written = part.stop
        self.events = self._no_events()
        return outcome

    def _no_events(self) -> EventRows:
        for rows in self.events:  # the drivers append to these very lists
            rows.clear()
        return self.events

    def write(self, file: IO[bytes]) -> None:
        """Where all members stand, and what some have saved beyond others."""
        walk = self.job.walk
        beyond = np.ascontiguousarray(self.states[:, :, self.written : max(self.written, int(walk.save.max()))])
        place = np.array([self.number, self.written])
        np.savez(file, allow_pickle=False, place=place, beyond=beyond, **walk._asdict())  # type: ignore[arg-type]

    def restore(self) -> None:
        """Put the job where its last commit left it."""
        found = checkpoint_arrays(self.folder.path, self.folder.root)
        if found is None:
            return
        walk = self.job.walk
        with readable():
            self.number, self.written = map(int, found["place"])
            self.undefined, self.strayed = (
                {int(m): str(said) for m, said in self.folder.facts[kind].items()} for kind in ("undefined", "strayed")
            )
            walk = self.job.walk = refilled(walk, found)
            for name, array in walk._asdict().items():
                array[...] = found[name]
            self.states = self.job.room(self.windows[self.number])
            beyond = found["beyond"]
            self.states[:, :, self.written : self.written + beyond.shape[2]] = beyond
        self.resumed = True


def _asked(job: Job, provenance: dict[str, Any]) -> dict[str, Any]:
    """What determines a run: its provenance, and digests of every number and equation that it is made of."""
    digests = {"starts": _digest([job.y]), "values": _digest([job.base]), "save times": _digest([job.save])}
    for name in ("time", "kind", "index", "value"):
        digests[f"actions ({name})"] = _digest([getattr(schedule, name) for schedule in job.schedules])
    digests["equations"] = zlib.crc32(source(job.system).encode())
    return {**{name: provenance[name] for name in _ASKED}, "digests": digests}


def _digest(arrays: list[np.ndarray]) -> int:
    found = 0
    for array in arrays:
        found = zlib.crc32(np.ascontiguousarray(array), found)  # type: ignore[arg-type]
    return found


def _same(path: Path, root: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """The facts of a folder, if the run in it is the one that is asked for; empty for a new one."""
    if not root:
        return {}
    said = facts(root)
    if "asked" not in said:
        raise ResultError(
            f"A run of `simulate` goes on in its own folder; `{path}` holds something else. Choose another."
        )
    found = differences({**said["asked"], "window": said.get("window")}, {**asked, "window": _WINDOW})
    if found:
        raise ResultError(
            f"A run that streams into an existing folder goes on with it; `{path}` was asked for something else: "
            f"{listed(found)}. Choose another folder."
        )
    return said
