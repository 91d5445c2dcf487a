"""Operations on files that are counted, and a process that dies, or a disk that is full, at the n-th of them."""

from __future__ import annotations

import builtins
import errno
import io
import os
import signal
import tempfile
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_REAL = {name: getattr(os, name) for name in ("open", "mkdir", "replace", "rename", "unlink", "rmdir", "fsync")}
_OPEN = builtins.open
_MAKING = ("open", "create", "mkdir", "write", "fsync")
"""What needs room on a disk."""


@dataclass
class Watch:
    """Counts operations below ``root``; at number ``at`` (from 1 on) what ``strike`` does happens in its place.

    ``strike(kind, act, half)`` may let the operation happen by ``act()``, or half of a write by ``half()``.
    """

    root: Path
    at: int = 0
    strike: Callable[[str, Callable[[], Any], Callable[[], Any]], Any] | None = None
    after: bool = False
    """Whether all operations from number ``at`` on are struck."""
    kinds: list[str] = field(default_factory=list)
    lock: Any = field(default_factory=threading.Lock)

    def do(self, kind: str, act: Callable[[], Any], half: Callable[[], Any] | None = None) -> Any:
        with self.lock:
            self.kinds.append(kind)
            number = len(self.kinds)
        if self.strike is not None and (number == self.at or (self.after and number > self.at)):
            return self.strike(kind, act, half or act)
        return act()

    def below(self, path: Any) -> bool:
        if isinstance(path, int):
            return True
        return os.path.abspath(os.fspath(path)).startswith(str(self.root))


def memory_folder() -> Path:
    """A new folder in memory where the system has such a place: flushing to a disk would take most of the time."""
    return Path(tempfile.mkdtemp(dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))


@contextmanager
def watched(watch: Watch) -> Iterator[Watch]:
    """Let everything that Python does to files below the root pass through a watch."""

    class File(io.FileIO):
        def write(self, data: Any) -> int:
            content = memoryview(data).cast("B")

            def put(part: memoryview) -> int:
                done = 0
                while done < len(part):
                    done += io.FileIO.write(self, part[done:]) or 0
                return done

            return watch.do("write", lambda: put(content), lambda: put(content[: len(content) // 2]))

    def open_(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
        if not isinstance(file, int) and "b" in mode and set(mode) & set("wax+") and watch.below(file):
            raw = watch.do("create", lambda: File(file, mode.replace("b", "")))
            return io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)
        return _OPEN(file, mode, *args, **options)

    def wrap(name: str) -> Callable[..., Any]:
        def call(path: Any, *args: Any, **options: Any) -> Any:
            ours = watch.below(path) or options.get("dir_fd") is not None
            if name == "open" and not (args and args[0] & os.O_CREAT):
                ours = False
            act = lambda: _REAL[name](path, *args, **options)  # noqa: E731
            return watch.do(name, act) if ours else act()

        return call

    try:
        builtins.open = io.open = open_  # type: ignore[assignment]
        for name in _REAL:
            setattr(os, name, wrap(name))
        yield watch
    finally:
        builtins.open = io.open = _OPEN
        for name, function in _REAL.items():
            setattr(os, name, function)


def count(root: Path, run: Callable[[], Any]) -> list[str]:
    """What an undisturbed run does to files, in order."""
    with watched(Watch(root)) as watch:
        run()
    return watch.kinds


def kill(root: Path, run: Callable[[], Any], at: int, half: bool = False) -> bool:
    """Run in a process of its own that dies before operation ``at``, or half way through it; whether it did."""

    def strike(kind: str, act: Callable[[], Any], part: Callable[[], Any]) -> None:
        try:
            if half:
                part()
        finally:  # zarr writes with several threads: what comes n-th may be to make a folder that is there already
            os.kill(os.getpid(), signal.SIGKILL)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a process with threads is forked: the child uses none of them
        child = os.fork()
    if child == 0:
        try:
            with watched(Watch(root, at, strike)):
                run()
            os._exit(0)
        except BaseException:
            os._exit(3)
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or status == 0, f"the run ended in an error, with status {status}"
    return killed


def fail(root: Path, run: Callable[[], Any], at: int, number: int = errno.ENOSPC) -> None:
    """Run with a disk that is full from operation ``at`` on (or that refuses every operation)."""

    def strike(kind: str, act: Callable[[], Any], part: Callable[[], Any]) -> Any:
        if number == errno.ENOSPC and kind not in _MAKING:
            return act()
        if kind == "write":
            part()
        raise OSError(number, os.strerror(number))

    with watched(Watch(root, at, strike, after=True)):
        run()


def points(kinds: list[str]) -> list[tuple[int, bool]]:
    """Every moment to die at: before each operation (which is after the one before), and half way through writes."""
    return [(n, half) for n, kind in enumerate(kinds, 1) for half in ((False, True) if kind == "write" else (False,))]
