"""Long runs written to disk while they run: bounded memory, a zarr folder that opens as a result."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tripartite.errors import SolveError
from tripartite.language.result import Result
from tripartite.progress import Progress
from tripartite.solve.explicit import EventRows
from tripartite.solve.outcome import Outcome

if TYPE_CHECKING:
    from tripartite.solve.simulation import Job

_WINDOW = 2**26  # bytes of saved states held in memory


def stream(job: Job, path: Path, bar: Progress) -> Result:
    """Run a job window by window, appending each to the zarr folder ``path``.

    The step that would pass the end of a window is shortened to end there. Events and the status are
    written at the end of the run.
    """
    if path.suffix != ".zarr" or path.exists():
        raise SolveError(f"A run streams to a new folder ending in .zarr; got `{path}`. Choose another name.")
    size = max(1, _WINDOW // max(1, 8 * len(job.system.states) * (job.members or 1)))
    windows = [job.save[i : i + size] for i in range(0, len(job.save), size)]
    events: EventRows = [[] for _ in range(job.members or 1)]
    outcome: Outcome | None = None
    for number, window in enumerate(windows):
        last = number == len(windows) - 1
        outcome = job.run(window, bar, job.until if last else float(window[-1]))
        for mine, new in zip(events, outcome.events, strict=True):
            mine.extend(new)
        data = outcome.dataset()
        over_time = data[[name for name, v in data.data_vars.items() if "time" in v.dims]]
        if number == 0:
            over_time.to_zarr(path, mode="w-", consolidated=False)
        else:
            fixed = [str(name) for name, v in over_time.coords.items() if "time" not in v.dims]
            over_time.drop_vars(fixed).to_zarr(path, append_dim="time", consolidated=False)
    assert outcome is not None
    outcome.events = events
    data = outcome.dataset()
    rest = data.drop_vars([*(n for n, v in data.data_vars.items() if "time" in v.dims), "time"])
    rest.to_zarr(path, mode="a", consolidated=False)
    return Result.load(path)
