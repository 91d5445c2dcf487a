"""Whether a stored result can be read without harm: asked of what a file claims, before its numbers are touched.

A file may come from anybody. Here it may only hold arrays of numbers and text under plain names, stored as this
package stores them: no links to other files, no code-bearing codecs, and no more numbers than its bytes can hold.
"""

from __future__ import annotations

import asyncio
import hashlib
import math
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn
from zipfile import BadZipFile, ZipFile

import numpy as np

from tripartite import memory
from tripartite.errors import ResultError, said

_MARK = b"tripartite sha256:"
_FILTERS = {1: "deflate", 2: "shuffle", 3: "fletcher32"}
_PATIENCE = 30.0
"""Time (s) that reading a file of another origin may take, beside that for its size."""
_FREE = 2**28
"""Bytes that a folder may claim beyond what it holds: chunks of one number throughout are not stored."""
_SQUEEZED = 5000
"""Times that numbers may be larger than what is stored of them."""


def seal(path: Path) -> None:
    """Append the digest of a file, which readers of NetCDF pass over."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with open(path, "ab") as file:
        file.write(_MARK + digest.encode())


def check_netcdf(path: Path) -> None:
    """Refuse a damaged file, and one that claims what it does not hold.

    What carries no digest of ours is read by a process of its own before: libraries hang and crash on some files.
    """
    if not _sealed(path):
        _try(path)
    _check_claims(path)


def _try(path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    call = [sys.executable, "-W", "ignore", "-m", "tripartite.language.vetting", str(path)]
    try:
        done = subprocess.run(
            call, env=environment, capture_output=True, text=True, timeout=_PATIENCE + path.stat().st_size / 1e7
        )
    except subprocess.TimeoutExpired:
        refuse(path, "reading it does not end")
    if done.returncode:
        said = done.stderr.strip().splitlines()
        refuse(path, said[-1][:300] if said else f"reading it ended with {done.returncode}")


def _read_whole(path: Path) -> None:
    """Read a file as `load` will."""
    _check_claims(path)
    import xarray as xr

    xr.load_dataset(path, engine="h5netcdf", decode_times=False).close()


def _check_claims(path: Path) -> None:
    import h5py

    size, claimed = path.stat().st_size, 0
    with h5py.File(path, "r") as file:
        for name in map(str, file):
            if not isinstance(file.get(name, getlink=True), h5py.HardLink):
                refuse(path, f"`{name}` is a link to somewhere else")
            item = file[name]
            if not isinstance(item, h5py.Dataset):
                refuse(path, f"`{name}` is no variable")
            claimed += _claimed(path, name, item)
    if claimed > 1100 * size + 2**20:
        refuse(path, f"its {memory.shown(size)} claim to be {memory.shown(claimed)} of numbers")
    memory.check(1.5 * claimed, f"reading `{path}`", "Read a part of it with `xarray.open_dataset`.", ResultError)


def _claimed(path: Path, name: str, item: Any) -> int:
    """Bytes of a variable in memory."""
    import h5py

    if item.external or item.is_virtual:
        refuse(path, f"`{name}` lies in another file")
    plan = item.id.get_create_plist()
    if any(plan.get_filter(k)[0] not in _FILTERS for k in range(plan.get_nfilters())):
        refuse(path, f"`{name}` is packed in a way that results are not")
    kind = item.dtype.kind
    if kind not in "biufSU" and h5py.check_string_dtype(item.dtype) is None:
        refuse(path, f"`{name}` holds neither numbers nor text")
    whole = math.prod(item.shape or (1,))
    chunk = math.prod(item.chunks or (1,))
    return max(whole, chunk) * max(1, item.dtype.itemsize)


def marked(path: Path) -> bool:
    """Whether a file is a result of this package, whole or not, or holds nothing."""
    if not stat.S_ISREG(path.stat().st_mode):
        return False
    with open(path, "rb") as file:
        whole = file.seek(0, os.SEEK_END)
        file.seek(max(0, whole - len(_MARK) - 64))
        return not whole or file.read().startswith(_MARK)


def _sealed(path: Path) -> bool:
    """Whether a file carries its digest; one that does not fit is refused."""
    if not stat.S_ISREG(path.stat().st_mode):
        refuse(path, "it is no plain file")
    length = len(_MARK) + 64
    with open(path, "rb") as file:
        whole = file.seek(0, os.SEEK_END)
        file.seek(max(0, whole - length))
        trailer = file.read()
        if not trailer.startswith(_MARK):
            return False
        file.seek(0)
        digest, left = hashlib.sha256(), whole - length
        while left > 0 and (block := file.read(min(left, 2**20))):
            digest.update(block)
            left -= len(block)
    if digest.hexdigest().encode() != trailer[len(_MARK) :]:
        refuse(path, "its digest does not fit")
    return True


def check_arrays(path: Path, arrays: dict[str, Any]) -> dict[str, int | None]:
    """Refuse a zarr folder that claims what it does not hold; returns the bytes of a chunk of every packed array.

    ``arrays``: their metadata by name.
    """
    found: dict[str, int | None] = {}
    for name, meta in arrays.items():
        _check_name(path, name)
        chunk, claimed = _check_array(path, name, meta)
        found[name] = chunk if any(c.get("name") == "zstd" for c in meta["codecs"]) else None
        held = _stored(path, path / name)
        if claimed > _FREE + _SQUEEZED * held:
            refuse(path, f"`{name}` claims {memory.shown(claimed)} and holds {memory.shown(held)}")
    return found


def _check_name(path: Path, name: Any) -> None:
    plain = isinstance(name, str) and name and not name.startswith(".")
    if not plain or any(sign in name for sign in "/\\\0"):
        refuse(path, f"a variable is called {said(name)}"[:200])


def _check_array(path: Path, name: str, meta: Any) -> tuple[int, int]:
    """Bytes of a chunk, and of the whole."""
    if not isinstance(meta, dict) or meta.get("node_type") != "array" or meta.get("zarr_format") != 3:
        refuse(path, f"`{name}` is no array")
    kind, codecs = meta.get("data_type"), [c["name"] for c in meta["codecs"]]
    text = kind == "string" or (isinstance(kind, dict) and kind.get("name") in _TEXTS)
    if not text and kind not in _NUMBERS:
        refuse(path, f"`{name}` holds neither numbers nor text")
    if not set(codecs) <= _CODECS or meta.get("storage_transformers"):
        refuse(path, f"`{name}` is packed in a way that results are not")
    shape, grid = meta["shape"], meta["chunk_grid"]["configuration"]["chunk_shape"]
    if len(shape) != len(grid) or not all(isinstance(k, int) and 0 <= k < 2**48 for k in [*shape, *grid]):
        refuse(path, f"`{name}` has no shape")
    each = 16 if text else np.dtype(str(kind)).itemsize
    if isinstance(kind, dict):
        each = max(each, int(kind.get("configuration", {}).get("length_bytes", 16)))
    chunk = math.prod(grid) * each
    if chunk > 2**31:
        refuse(path, f"`{name}` has chunks of {memory.shown(chunk)}")
    return (0 if text else chunk), max(math.prod(shape) * each, chunk)


_NUMBERS = {"bool", *(f"{k}{n}" for k in ("int", "uint") for n in (8, 16, 32, 64)), "float32", "float64"}
_TEXTS = {"fixed_length_utf32", "null_terminated_bytes"}
_CODECS = {"bytes", "zstd", "vlen-utf8", "crc32c"}


def _stored(path: Path, folder: Path) -> int:
    """Bytes of all files below a folder, which are files and folders and nothing else."""
    found, waiting = 0, [folder]
    while waiting:
        here = waiting.pop()
        if here.is_symlink():
            refuse(path, f"`{here.name}` is a link")
        if not here.is_dir():
            continue
        with os.scandir(here) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif entry.is_file(follow_symlinks=False):
                    with suppress(FileNotFoundError):  # what a run that writes has moved to its place since
                        found += entry.stat(follow_symlinks=False).st_size
                else:
                    refuse(path, f"`{entry.name}` is neither a file nor a folder")
    return found


def check_frame(content: bytes, chunk: int, where: str) -> None:
    """Refuse a packed chunk that says it is larger than a chunk: unpacking believes it."""
    if content[:4] != b"\x28\xb5\x2f\xfd" or len(content) < 6:
        return
    form = content[4]
    width = (1 if form & 0x20 else 0, 2, 4, 8)[form >> 6]
    begin = 5 + (0 if form & 0x20 else 1) + (0, 1, 2, 4)[form & 3]
    said = int.from_bytes(content[begin : begin + width], "little") + (256 if width == 2 else 0)
    most = chunk or 2**26
    if width == 0 or said > most or (chunk and said != chunk):
        raise ResultError(
            f"A chunk unpacks to the size of a chunk; `{where}` says something else. The file was changed or is "
            "damaged: use an unchanged copy."
        )


def refuse(path: Path, why: str) -> NoReturn:
    """Say what a file is not."""
    raise ResultError(
        f"A result is read as `Result.save` or a run wrote it; `{path}` was changed or is damaged: {why}. Use an "
        "unchanged copy."
    )


def content(path: Path, key: str) -> bytes | None:
    """What lies in a file of a folder of unknown origin; None where there is none."""
    try:
        if stat.S_ISDIR(os.lstat(path / key).st_mode):
            return None
        return plain_bytes(path / key, 2**34)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as reason:
        refuse(path, f"`{key}` cannot be read ({reason})")


def store(path: Path, chunks: dict[str, int | None], content: Callable[[str], bytes | None]) -> Any:
    """A zarr store of what ``content`` gives by key; ``chunks``: bytes of a chunk of every packed array."""
    from zarr.core.buffer import default_buffer_prototype
    from zarr.storage import LocalStore

    class Vetted(LocalStore):
        def get_sync(self, key: str, *, prototype: Any = None, byte_range: Any = None) -> Any:
            assert byte_range is None and ".." not in key.split("/")  # no codec that is let in reads parts of files
            found = content(key)
            if found is None:
                return None
            chunk = chunks.get(key.split("/")[0])
            if chunk is not None and not key.endswith("zarr.json"):
                check_frame(found[:18], chunk, f"{path}/{key}")
            return (prototype or default_buffer_prototype()).buffer.from_bytes(found)

        async def get(self, key: str, prototype: Any = None, byte_range: Any = None) -> Any:
            return await asyncio.to_thread(self.get_sync, key, prototype=prototype, byte_range=byte_range)

        async def get_partial_values(self, prototype: Any, key_ranges: Any) -> Any:
            return [await self.get(key, prototype, part) for key, part in key_ranges]

    return Vetted(path, read_only=True)


def plain_bytes(path: Path, most: int = 2**28) -> bytes:
    """What a file holds; **raises** `OSError` for a link, a pipe, and what is larger than ``most``."""
    known = os.lstat(path)
    if not stat.S_ISREG(known.st_mode):
        raise OSError("it is no plain file")
    if known.st_size > most:
        raise OSError(f"it has {memory.shown(known.st_size)}")
    return path.read_bytes()


UNREADABLE = (OSError, ValueError, KeyError, TypeError, BadZipFile, EOFError, NotImplementedError, RuntimeError)
"""What `packed_arrays` raises."""


def packed_arrays(path: Path, digest: str) -> dict[str, np.ndarray]:
    """The arrays of a file that `numpy.savez` wrote, none larger than what is there of it.

    **Raises** what is in `UNREADABLE` for a file with another digest, and for anything else.
    """
    from numpy.lib import format as npy

    found: dict[str, np.ndarray] = {}
    if not stat.S_ISREG(os.lstat(path).st_mode):
        raise OSError("it is no plain file")
    with open(path, "rb") as whole:
        if hashlib.file_digest(whole, "sha256").hexdigest() != digest:
            raise ValueError("its digest does not fit")
    with ZipFile(path) as file:
        members = file.infolist()
        if sum(m.file_size for m in members) > path.stat().st_size or any(m.compress_type for m in members):
            raise ValueError("it claims more than it holds")
        for member in members:
            with file.open(member) as part:
                version = npy.read_magic(part)
                header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
                shape, by_column, kind = header(part)
                content = part.read()
            if kind.hasobject or by_column or math.prod(shape) * kind.itemsize != len(content):
                raise ValueError(f"`{member.filename}` is no array of numbers")
            found[member.filename.removesuffix(".npy")] = np.frombuffer(content, kind).reshape(shape).copy()
    return found


if __name__ == "__main__":
    _read_whole(Path(sys.argv[1]))
