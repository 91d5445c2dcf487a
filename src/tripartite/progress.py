"""Progress of what takes long: it appears after two seconds, in a terminal or a notebook.

What runs inside something else that shows its progress adds a line below it.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

from tripartite import arguments

_PATIENCE = 2.0
_WIDTH = 30


class Display(Protocol):
    """Where progress is shown; ``pause`` seconds lie between two pictures."""

    pause: float

    def draw(self, text: str) -> None: ...

    def close(self) -> None: ...


@dataclass
class _Shown:
    """What is shown now, by all that run inside each other."""

    display: Display | None = None
    lines: list[Progress] = field(default_factory=list)
    drawn: float = 0.0

    def add(self, line: Progress) -> None:
        if self.display is None:
            self.display = _display()
        self.lines.append(line)
        self.draw(True)

    def remove(self, line: Progress) -> None:
        self.lines.remove(line)
        if not self.lines and self.display is not None:
            self.display.close()
            self.display = None

    def draw(self, now: bool = False) -> None:
        if self.display is not None and (now or time.monotonic() - self.drawn >= self.display.pause):
            self.drawn = time.monotonic()
            self.display.draw("\n".join(map(str, self.lines)))


_shown = _Shown()


class Progress:
    """How far something of ``total`` has come and when it will end, to be used in a ``with`` statement.

    A run counts milliseconds, `Progress.steps` anything else. ``shown``: True from the start on, False never, None
    after two seconds where a person looks, which is a terminal or a notebook.
    """

    def __init__(self, total: float, shown: bool | None = None, *, what: str = "simulating"):
        shown = None if shown is None else arguments.flag(shown, "progress")
        self.total, self.what = max(float(total), 1e-300), what
        self.counts = False
        self.done = 0.0
        self.forced = bool(shown)
        self.wanted = (in_notebook() or sys.stderr.isatty()) if shown is None else shown
        self.begun = time.monotonic()
        self.visible = False

    @classmethod
    def steps(cls, total: int, what: str, shown: bool | None = None) -> Progress:
        """Progress through ``total`` steps of any kind: ``with Progress.steps(20, "fitting") as bar: bar.step()``."""
        made = cls(total, shown, what=what)
        made.counts = True
        return made

    def to(self, done: float) -> None:
        """So much of the total is done: milliseconds, or steps."""
        self.done = done
        if not self.wanted:
            return
        if self.visible:
            _shown.draw()
        elif self.forced or time.monotonic() - self.begun > _PATIENCE:
            self.visible = True
            _shown.add(self)

    def step(self, count: float = 1) -> None:
        """One step more is done, or several."""
        self.to(self.done + count)

    def __str__(self) -> str:
        part = min(self.done / self.total, 1.0)
        full = round(_WIDTH * part)
        scale, unit = (1, "") if self.counts else (1000, " s")
        now = f"{self.done / scale:.4g} of {self.total / scale:.4g}{unit}"
        spent = time.monotonic() - self.begun
        left = f", {_duration(spent * (1 - part) / part)} left" if part > 0 else ""
        return f"{self.what} {'━' * full}{'─' * (_WIDTH - full)} {now}{left}"

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *exception: object) -> None:
        if self.visible:
            self.visible = False
            _shown.remove(self)


class _Terminal:
    """Lines that are redrawn in place and vanish at the end."""

    pause = 0.1

    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self.live = Live(
            console=Console(stderr=True), transient=True, auto_refresh=False, redirect_stdout=sys.stdout.isatty()
        )
        self.live.start()

    def draw(self, text: str) -> None:
        from rich.text import Text

        self.live.update(Text(text, no_wrap=True, overflow="ellipsis"), refresh=True)

    def close(self) -> None:
        self.live.stop()


class _Notebook:
    """One output of a notebook's cell, redrawn in place; plain text, which needs no widgets."""

    pause = 0.25

    def __init__(self) -> None:
        self.handle: Any = None

    def draw(self, text: str) -> None:
        from IPython.display import display  # type: ignore[import-not-found]

        if self.handle is None:
            self.handle = display({"text/plain": text}, raw=True, display_id=True)
        else:
            self.handle.update({"text/plain": text}, raw=True)

    def close(self) -> None:
        self.draw("")


class _Log:
    """A line now and then, for output that goes to a file."""

    pause = 10.0

    def draw(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    def close(self) -> None:
        pass


def _display() -> Display:
    if in_notebook():
        return _Notebook()
    return _Terminal() if sys.stderr.isatty() else _Log()


def in_notebook() -> bool:
    """Whether the code runs in a notebook's kernel."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    return hasattr(shell, "kernel")


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
