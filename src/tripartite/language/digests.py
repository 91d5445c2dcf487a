"""Digests of what was committed to a folder: whatever somebody changes, deletes or adds is told from it.

The digest of a chunk file that is full is a line of ``.digests``, a list in the form of ``sha256sum`` that only grows.
The last chunk of what still grows may be written anew by a run that dies before it commits; its digest is that of the
lines that were committed. It lies in the root of the folder, with the length and digest of the list and a digest of
the root itself. So a commit is still one rename, and costs what was added since the one before.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tripartite.language import vetting

LIST = ".digests"
_OWN = "tripartite"
_LARGEST = 2**34


def of(content: Any) -> str:
    """The digest of bytes, or of an array."""
    return hashlib.sha256(content).hexdigest()


def of_file(path: Path) -> str:
    """The digest of a file, read in pieces."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def seal(root: dict[str, Any], own: Mapping[str, Any]) -> None:
    """Put into the root of a folder what the package keeps there, with a digest of it all.

    It lies beside the consolidated metadata and not among the attributes: what another program derives from a result
    takes those along.
    """
    root["consolidated_metadata"][_OWN] = {**own, "root": ""}
    root["consolidated_metadata"][_OWN]["root"] = _of_root(root)


def kept(root: Mapping[str, Any]) -> dict[str, Any]:
    """What `seal` put into a root; empty for the folder of another program."""
    inside = root.get("consolidated_metadata")
    return inside.get(_OWN, {}) if isinstance(inside, dict) else {}


def check_root(path: Path, root: Mapping[str, Any]) -> None:
    """Refuse a root that is not what was committed."""
    own = kept(root)
    if not own:
        if (path / LIST).exists():
            vetting.refuse(path, f"another program wrote into it (delete `{path / LIST}` to read it as it is)")
        return
    if not isinstance(own, dict) or own.get("root") != _of_root(root):
        vetting.refuse(path, "the digest of its `zarr.json` does not fit")


def _of_root(root: Mapping[str, Any]) -> str:
    inside = root["consolidated_metadata"]
    blank = {**root, "consolidated_metadata": {**inside, _OWN: {**inside[_OWN], "root": ""}}}
    return of(json.dumps(blank, sort_keys=True).encode())


class Digests:
    """The digests of a folder that is being written: the list on disk, and those of chunks that still grow."""

    def __init__(self, folder: Path, length: int = 0, begun: Any = None):
        self.folder = folder
        self.length, self.sum = length, begun or hashlib.sha256()
        self.new: list[bytes] = []
        self.tails: dict[str, list[Any]] = {}
        """For every chunk file that is not full: axis of the lines, how many are committed, digest of the block."""

    def add(self, file: Path, content: bytes) -> None:
        """Note a chunk file that stays as it is."""
        self._add(file, of(content))

    def add_file(self, file: Path) -> None:
        """Note a file on the disk that stays as it is."""
        self._add(file, of_file(file))

    def add_tail(self, file: Path, axis: int, lines: int, block: np.ndarray) -> None:
        """Note a chunk file that will be written anew, with the ``block`` of numbers in it."""
        self.tails[self.key(file)] = [axis, lines, of(block)]

    def write(self) -> dict[str, Any]:
        """Bring the list to the disk; returns what the root says of it and of the chunks that still grow."""
        if self.new:
            added = b"".join(self.new)
            with open(self.folder / LIST, "rb+" if self.length else "wb") as file:
                file.seek(self.length)
                file.truncate()  # what a killed run wrote and did not commit
                file.write(added)
                file.flush()
                os.fsync(file.fileno())
            self.sum.update(added)
            self.length += len(added)
            self.new.clear()
        return {"list": [self.length, self.sum.hexdigest()], "tails": dict(sorted(self.tails.items()))}

    def _add(self, file: Path, digest: str) -> None:
        key = self.key(file)
        self.tails.pop(key, None)
        self.new.append(f"{digest}  {key}\n".encode())

    def key(self, file: Path) -> str:
        """What the list calls a file."""
        return file.relative_to(self.folder).as_posix()


class Committed:
    """The chunk files of a folder as its root says that they were committed."""

    def __init__(self, folder: Path, root: Mapping[str, Any]):
        self.folder, self.arrays = folder, root["consolidated_metadata"]["metadata"]
        own = kept(root)
        self.tails = own["tails"]
        length, known = own["list"]
        try:
            content = vetting.plain_bytes(folder / LIST, _LARGEST)[:length] if length else b""
        except FileNotFoundError:
            vetting.refuse(folder, f"`{LIST}` is missing (the files whose names begin with a dot belong to it)")
        except OSError as reason:
            vetting.refuse(folder, f"`{LIST}` cannot be read ({reason})")
        self.list = hashlib.sha256(content)
        if self.list.hexdigest() != known:
            vetting.refuse(folder, f"`{LIST}` is not what was committed")
        self.length = length
        lines = content.decode().split("\n")[:-1]
        self.files = {line[66:]: line[:64] for line in lines}  # the last of two lines on a file holds

    def writer(self) -> Digests:
        """Digests that go on with these; chunks that still grow are to be added anew."""
        return Digests(self.folder, self.length, self.list.copy())

    def content(self, key: str) -> bytes | None:
        """What was committed of a chunk file; None where nothing was, whatever lies there.

        **Raises** `ResultError` for a file that is missing or is not what was committed.
        """
        if key not in self.tails and key not in self.files:
            return None
        try:
            content = vetting.plain_bytes(self.folder / key, _LARGEST)
        except (FileNotFoundError, NotADirectoryError):
            vetting.refuse(self.folder, f"`{key}` is missing")
        except OSError as reason:
            vetting.refuse(self.folder, f"`{key}` cannot be read ({reason})")
        if key in self.tails:
            return self._cut(key, content)
        if of(content) != self.files[key]:
            vetting.refuse(self.folder, f"`{key}` is not what was committed")
        return content

    def _cut(self, key: str, content: bytes) -> bytes:
        """The committed lines of a chunk that may have been written anew since."""
        from numcodecs.zstd import Zstd

        axis, lines, known = self.tails[key]
        meta = self.arrays[key.split("/")[0]]
        kind = np.dtype(meta["data_type"]).newbyteorder("<")
        block = np.empty(meta["chunk_grid"]["configuration"]["chunk_shape"], kind)
        vetting.check_frame(content, block.nbytes, f"{self.folder}/{key}")
        try:
            Zstd().decode(content, block)
        except (RuntimeError, ValueError) as reason:
            vetting.refuse(self.folder, f"`{key}` is not what was committed ({reason})")
        beyond = (*(slice(None),) * axis, slice(lines, None))
        later = block[beyond].size and not _blank(block[beyond], meta["fill_value"])
        block[beyond] = kind.type(meta["fill_value"])
        if of(block) != known:
            vetting.refuse(self.folder, f"`{key}` is not what was committed")
        return Zstd(1, checksum=True).encode(block) if later else content


def _blank(values: np.ndarray, fill: Any) -> bool:
    return bool(np.all(np.isnan(values) if fill == "NaN" else values == fill))
