"""A progress bar for long runs: it appears after two seconds, in a terminal."""

from __future__ import annotations

import sys
import time
from typing import Any

_PATIENCE = 2.0


class Progress:
    """Shows how far a run of ``until`` ms has come and when it will end."""

    def __init__(self, until: float, shown: bool | None = None):
        self.until = until
        self.forced = bool(shown)
        self.wanted = sys.stderr.isatty() if shown is None else shown
        self.begun = time.monotonic()
        self.bar: Any = None
        self.task: Any = None

    def to(self, t: float) -> None:
        """The run has reached ``t`` ms."""
        waited = self.forced or time.monotonic() - self.begun > _PATIENCE
        if not self.wanted or (self.bar is None and not waited):
            return
        if self.bar is None:
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.fields[now]:.4g} s"), BarColumn(), TimeRemainingColumn())
            self.bar = Bar(*columns, console=Console(stderr=True, force_terminal=self.forced or None), transient=True)
            self.bar.start()
            self.task = self.bar.add_task("simulating", total=self.until, now=0.0)
        self.bar.update(self.task, completed=t, now=t / 1000)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.bar is not None:
            self.bar.stop()
