"""What the package keeps on disk between runs: in folders of the user alone, and used only as it was written.

``TRIPARTITE_CACHE`` names the place; by default it is ``tripartite`` in ``$XDG_CACHE_HOME`` or ``~/.cache``. Each room
in it is a folder of its own, made with mode 0700. A room that is a link, belongs to somebody else or cannot be written
is not used: what would be kept there is made anew, with one warning. Files carry the digest of what they hold, so that
an edited or damaged one counts as missing.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_MARK = b"tripartite kept\n"
_OWN = getattr(os, "geteuid", None)
"""Asks who runs this; systems without it keep caches in folders that are private anyway."""
_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_AT = os.open in os.supports_dir_fd
_told: list[str] = []


def place(room: str) -> Path | None:
    """Where a room is; None without a home to be in."""
    named = os.environ.get("TRIPARTITE_CACHE")
    try:
        if named:
            return Path(named).expanduser().absolute() / room
        above = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        return Path(above).absolute() / "tripartite" / room
    except RuntimeError:
        return None


def private(room: str) -> Path | None:
    """The folder of a room, made if need be; None, with a warning, where none is the user's alone."""
    with _opened(room) as folder:
        return None if folder is None else place(room)


def read(room: str, name: str) -> bytes | None:
    """What `write` kept under ``name``; None for what is missing, damaged or somebody else's."""
    with _opened(room) as folder:
        if folder is None:
            return None
        try:
            found = _read(folder, name)
        except OSError:
            return None
    head = len(_MARK) + 32
    return found[head:] if found is not None and found[:head] == _sealed(name, found[head:]) else None


def write(room: str, name: str, data: bytes, sealed: bool = True) -> None:
    """Keep ``data`` under ``name`` in one act; a folder that is full or read-only loses nothing but time."""
    with _opened(room) as folder:
        if folder is None:
            return
        part = f".{name[:40]}.{secrets.token_hex(8)}"
        try:
            file = _open(folder, part, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            try:
                with os.fdopen(file, "wb") as stream:
                    stream.write(_sealed(name, data) + data if sealed else data)
                os.replace(*_at(folder, part), *_at(folder, name), **_both(folder))
            except OSError:
                os.unlink(*_at(folder, part), **({"dir_fd": folder} if isinstance(folder, int) else {}))
                raise
        except OSError as reason:
            _tell(room, f"cannot be written ({reason.strerror or reason})")


def show(room: str, name: str, text: str) -> Path | None:
    """Keep ``text`` for people to read, and say where; nothing reads it back."""
    where = place(room)
    if where is None:
        return None
    try:
        known = (where / name).read_text(encoding="utf-8")
    except (OSError, ValueError):
        known = None
    if known != text:
        write(room, name, text.encode(), sealed=False)
    return where / name


def _sealed(name: str, data: bytes) -> bytes:
    return _MARK + hashlib.sha256(name.encode() + b"\0" + data).digest()


@contextmanager
def _opened(room: str) -> Iterator[int | Path | None]:
    """A room that is the user's alone; as a descriptor, where there are such, so that it cannot be swapped."""
    where, folder = place(room), None
    if where is None:
        _tell(room, "has no place, since there is no home folder")
        yield None
        return
    try:
        folder = _entered(where)
    except OSError as reason:
        _tell(room, f"cannot be used ({reason.strerror or reason})")
    try:
        yield folder
    finally:
        if isinstance(folder, int):
            os.close(folder)


def _entered(where: Path) -> int | Path:
    where.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        where.mkdir(mode=0o700)
    if not _AT:
        if where.is_symlink() or not where.is_dir():
            raise OSError("it is no folder")
        return where
    folder = os.open(where, os.O_RDONLY | os.O_DIRECTORY | _PLAIN)
    try:
        known = os.fstat(folder)
        if _OWN is not None and known.st_uid != _OWN():
            raise OSError("it belongs to somebody else")
        if stat.S_IMODE(known.st_mode) & 0o077:
            os.fchmod(folder, 0o700)
    except OSError:
        os.close(folder)
        raise
    return folder


def _read(folder: int | Path, name: str) -> bytes | None:
    """The bytes of a plain file that nobody else can have written."""
    file = _open(folder, name, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(file, "rb") as stream:
        known = os.fstat(file)
        mine = _OWN is None or (known.st_uid == _OWN() and not known.st_mode & 0o022)
        return stream.read() if stat.S_ISREG(known.st_mode) and mine else None


def _open(folder: int | Path, name: str, flags: int) -> int:
    if isinstance(folder, int):
        return os.open(name, flags | _PLAIN, 0o600, dir_fd=folder)
    return os.open(folder / name, flags | _PLAIN, 0o600)


def _at(folder: int | Path, name: str) -> tuple[str | Path]:
    return (name,) if isinstance(folder, int) else (folder / name,)


def _both(folder: int | Path) -> dict[str, int]:
    return {"src_dir_fd": folder, "dst_dir_fd": folder} if isinstance(folder, int) else {}


def _tell(room: str, why: str) -> None:
    """Say once that nothing is kept."""
    if _told:
        return
    _told.append(why)
    where = place(room)
    warnings.warn(
        f"Compiled code is kept in a folder of your own; {f'`{where}`' if where else 'it'} {why}, so code is compiled "
        "anew each time. Set TRIPARTITE_CACHE to a folder that you own and can write to.",
        RuntimeWarning,
        stacklevel=2,
    )
