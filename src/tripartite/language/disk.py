"""Files that are whole or not there: written aside, flushed and renamed; and a lock that ends with its process."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from tripartite.errors import ResultError

try:
    import fcntl
except ImportError:  # a system without such locks
    fcntl = None

ASIDE = ".part"
"""Ending of a file that is still being written."""
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EACCES, errno.EPERM, errno.EROFS}


def put(path: Path, write: Callable[[IO[bytes]], Any]) -> None:
    """Make the file ``path`` of what ``write(file)`` writes, as one act: a kill leaves the old file or the new one."""
    aside = path.with_name(path.name + ASIDE)
    try:
        with open(aside, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except Exception:
        with suppress(OSError):
            os.unlink(aside)
        raise


def put_bytes(path: Path, content: bytes) -> None:
    """Make the file ``path`` of ``content``, as one act."""
    put(path, lambda file: file.write(content))


def flush(folder: Path) -> None:
    """Wait until the names in a folder are on the disk; without it a power failure may undo a rename."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def told(path: Path, kept: str = "") -> Iterator[None]:
    """Turn what the system says about writing to ``path`` into a sentence; ``kept``: what is safe, and how to go on."""
    try:
        yield
    except OSError as error:
        remedy = "Correct that, or choose another place."
        if error.errno in _FULL:
            remedy = "Make room, or choose another place."
        elif error.errno in _CLOSED:
            remedy = "Choose a place that you may write to."
        said = error.strerror or str(error)
        raise ResultError(
            f"Data are written where there is room and leave; `{path}`: {said}. {kept}{remedy}"
        ) from error


class Lock:
    """Held by at most one run at a time; the system gives it back when the process ends, however it ends."""

    def __init__(self, path: Path):
        self.path = path
        self.handle: int | None = None

    def take(self, refusal: str) -> None:
        """Hold the lock, or raise `ResultError` with what to say about the one who does."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if fcntl is not None:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise ResultError(refusal) from None
        except OSError as error:
            warnings.warn(
                f"`{self.path.parent}` lies on a file system without locks ({error.strerror}): see to it that no other "
                "run writes there.",
                stacklevel=2,
            )
        self.handle = handle

    def free(self) -> None:
        """Give the lock back."""
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None


def locked(path: Path) -> bool:
    """Whether a living process holds the lock ``path``."""
    if fcntl is None or not path.exists():
        return False
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    finally:
        os.close(handle)
    return False
