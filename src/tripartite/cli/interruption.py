"""Ctrl-C, wherever it falls: noted, and asked for again where C code drops it."""

from __future__ import annotations

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STATUS = 130
"""How a process ends that was interrupted: 128 and the number of the signal."""
_AGAIN = 0.05
"""Seconds after which a dropped interrupt comes again: outside of what dropped it."""


def _interrupt() -> None:
    """Interrupt the main thread, out of a wait too where the system can."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


@contextmanager
def noted() -> Iterator[list[int]]:
    """A list that holds a signal once the process was interrupted."""
    found: list[int] = []
    told = sys.unraisablehook

    def note(number: int, frame: Any) -> None:
        found.append(number)
        raise KeyboardInterrupt

    def dropped(what: Any) -> None:
        if not found:
            told(what)
        elif issubclass(what.exc_type, KeyboardInterrupt):
            again = threading.Timer(_AGAIN, _interrupt)
            again.daemon = True
            again.start()

    before = signal.signal(signal.SIGINT, note)
    sys.unraisablehook = dropped
    try:
        yield found
    finally:
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = told
