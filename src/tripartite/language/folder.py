"""A result that grows on disk: a zarr folder of which only what was committed is ever read.

The commit is the folder's ``zarr.json``. It holds the lengths of all arrays, how the run stands, the name of its
checkpoint and digests of it all, and is replaced as one file after everything that it speaks of is on the disk. So
whoever opens the folder with any reader of zarr sees the last commit, and a run that was killed at any moment goes on
from there.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import numpy as np

from tripartite.errors import ResultError
from tripartite.language import digests
from tripartite.language.digests import Committed, Digests
from tripartite.language.disk import ASIDE, Lock, flush, put, put_bytes, told
from tripartite.language.growing import LONGEST, Growing, chunk_shape
from tripartite.language.root import CHECKPOINT, LOCK, ROOT, check_names, committed, facts, group

if TYPE_CHECKING:
    import xarray as xr

REST = 2.0
"""Time (s) between two commits at least."""
_SHARE = 20
"""A commit is followed by this many times its duration without one, so that writing costs about 5 %."""
STOPPED, UNDEFINED = 2, 7
"""The status of what has not reached its end, and of what reached it with numbers that are not finite."""


@dataclass(frozen=True)
class Growth:
    """How a variable grows: along which axis, and whether the rows of a table grow apart."""

    axis: int = 0
    rows: int | None = None

    @property
    def stored(self) -> int:
        """The axis of the array on disk that grows."""
        return self.axis if self.rows is None else 1


class Folder:
    """A folder that one run writes and nobody else while it lives; to be used in a ``with`` statement."""

    def __init__(self, path: Path):
        self.path = path
        self.lock = Lock(path / LOCK)
        self.root: dict[str, Any] = {}
        self.digests = Digests(path)
        self.growing: dict[str, list[Growing]] = {}
        self.growth: dict[str, Growth] = {}
        self.touched: set[Path] = set()
        self.rested = time.monotonic() + REST
        self.kept = ""
        """What to say when writing fails: what is safe."""
        self.new = False

    def __enter__(self) -> Self:
        if self.path.suffix != ".zarr":
            raise ResultError(
                f"A folder for a run or a checkpoint ends in .zarr; got `{self.path}`. Write for instance `run.zarr`."
            )
        with told(self.path):
            if not self.path.exists():
                os.makedirs(self.path, exist_ok=True)
            committed(self.path, strange=True)
            self.new = not os.listdir(self.path)
            self.lock.take(
                f"A folder is written by one run at a time; another one that is alive writes into `{self.path}`. Wait "
                "for it, or choose another folder."
            )
            try:
                self.root = committed(self.path)
                self._tidy()
            except BaseException:
                self.lock.free()
                raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with suppress(OSError):
            if self.new and kind is not None and not self.facts.get("checkpoint") and not self._recorded():
                shutil.rmtree(self.path)  # begun by this run, with nothing in it
        self.lock.free()

    def _recorded(self) -> bool:
        return any(part.length for parts in self.growing.values() for part in parts)

    @property
    def facts(self) -> dict[str, Any]:
        """What was committed beside the data; empty when nothing was."""
        return facts(self.root)

    @property
    def due(self) -> bool:
        """Whether the last commit is long enough ago."""
        return time.monotonic() >= self.rested

    def begin(self, data: xr.Dataset, growth: Mapping[str, Growth], facts: Mapping[str, Any]) -> None:
        """Commit a dataset with nothing in it yet but its coordinates and attributes; ``growth`` says what grows."""
        root, files = _described(data, growth)
        with told(self.path):
            for name, content in files.items():
                self._make((self.path / name).parent)
                put_bytes(self.path / name, content)
                if not name.endswith(f"/{ROOT}"):
                    self.digests.add(self.path / name, content)
            self._grow(root, growth)
            self._commit(root, {**facts, "number": 0, "checkpoint": None, "lengths": self._lengths()})

    def go_on(self, data: xr.Dataset, growth: Mapping[str, Growth]) -> bool:
        """Take up what was committed: the same variables, at the lengths they had at the last checkpoint.

        **Returns** whether more was committed than that checkpoint knows of.
        """
        root, _ = _described(data, growth)
        stored, mine = _arrays(self.root), _arrays(root)
        for name in stored.keys() | mine.keys():
            if _form(stored.get(name)) != _form(mine.get(name)):
                raise ResultError(
                    f"A run goes on with the variables it began with; `{name}` of `{self.path}` has another form. Run "
                    "anew into another folder."
                )
        committed = Committed(self.path, self.root)
        self.digests = committed.writer()
        self._grow(self.root, growth)
        for name, parts in self.growing.items():
            lengths = np.atleast_1d(self.facts["lengths"][name]).tolist()
            for part, length in zip(parts, lengths, strict=True):
                part.rewind(length, committed)
        return self._shapes() != {name: stored[name]["shape"] for name in growth}

    def append(self, name: str, values: np.ndarray, row: int = 0) -> None:
        """Write what a variable has grown by, ``(line, ...)``; nobody reads it before `commit`."""
        with told(self.path, self.kept):
            self.growing[name][row].append(values)

    def commit(
        self,
        status: Any,
        message: Mapping[str, str],
        facts: Mapping[str, Any],
        checkpoint: Callable[[IO[bytes]], Any] | None = None,
        keep: bool = False,
    ) -> None:
        """Make what was appended part of the result, with how the run stands and where it can go on.

        ``checkpoint(file)`` writes a new one; ``keep`` leaves the one before in force, with its lengths.
        """
        begun = time.monotonic()
        facts = {**self.facts, **facts, "number": self.facts["number"] + 1}
        with told(self.path, self.kept):
            if not keep:
                facts |= {"lengths": self._lengths(), **self._checkpoint(facts["number"], checkpoint)}
            root = json.loads(json.dumps(self.root))
            for name, shape in self._shapes().items():
                _arrays(root)[name]["shape"] = shape
            self._status(_arrays(root)["status"], np.asarray(status), message)
            if facts.get("finished"):
                self._settle(root)
            self._commit(root, facts)
            self._tidy()
        self.rested = time.monotonic() + max(REST, _SHARE * (time.monotonic() - begun))

    def hold(self, checkpoint: Callable[[IO[bytes]], Any]) -> None:
        """Commit a checkpoint without data, in place of the one before."""
        if self.root and not self.facts.get("held"):
            raise ResultError(f"A checkpoint has its own folder; `{self.path}` holds a run. Choose another name.")
        facts = {"number": self.facts.get("number", 0) + 1, "held": True}
        with told(self.path):
            self._commit(group({}, {}), facts | self._checkpoint(facts["number"], checkpoint))
            self._tidy()

    def _checkpoint(self, number: int, write: Callable[[IO[bytes]], Any] | None) -> dict[str, Any]:
        if write is None:
            return {"checkpoint": None, "digest": None}
        file = self.path / f".checkpoint-{number}"
        put(file, write)
        return {"checkpoint": file.name, "digest": digests.of_file(file)}

    def _grow(self, root: Mapping[str, Any], growth: Mapping[str, Growth]) -> None:
        self.growth = dict(growth)
        for name, how in growth.items():
            meta = _arrays(root)[name]
            kind = np.dtype(meta["data_type"])
            shape, chunk = list(meta["shape"]), list(meta["chunk_grid"]["configuration"]["chunk_shape"])
            fill = np.nan if kind.kind == "f" else 0
            if how.rows is not None:
                parts = [
                    Growing(self.path / name, self.digests, kind, (), (chunk[1],), row=row, fill=fill)
                    for row in range(how.rows)
                ]
            else:
                lines = chunk.pop(how.axis)
                shape.pop(how.axis)
                parts = [
                    Growing(self.path / name, self.digests, kind, tuple(shape), (lines, *chunk), how.axis, fill=fill)
                ]
            self.growing[name] = parts

    def _shapes(self) -> dict[str, list[int]]:
        found = {}
        for name, parts in self.growing.items():
            found[name] = list(_arrays(self.root)[name]["shape"])
            found[name][self.growth[name].stored] = max(part.length for part in parts)
        return found

    def _lengths(self) -> dict[str, Any]:
        found = {}
        for name, parts in self.growing.items():
            lengths = [part.length for part in parts]
            found[name] = lengths[0] if self.growth[name].rows is None else lengths
        return found

    def _status(self, meta: dict[str, Any], status: np.ndarray, message: Mapping[str, str]) -> None:
        """How the run stands, in the metadata themselves; a number for each member lies in a file they then name."""
        meta["attributes"]["messages"] = json.dumps(dict(message))
        same = status.size and bool(np.all(status == status.flat[0]))
        meta["fill_value"] = int(status.flat[0]) if same else STOPPED
        meta["chunk_key_encoding"]["configuration"]["separator"] = "." if same else "/"
        if not same:
            whole = Growing(self.path / "status", self.digests, np.dtype(meta["data_type"]), (), (len(status),))
            whole.append(status)
            self.touched |= whole.touched

    def _settle(self, root: Mapping[str, Any]) -> None:
        """Tell every array what the root says of it, for readers that look there."""
        for name, meta in _arrays(root).items():
            put_bytes(self.path / name / ROOT, json.dumps(meta).encode())

    def _commit(self, root: dict[str, Any], facts: Mapping[str, Any]) -> None:
        for part in (part for parts in self.growing.values() for part in parts):
            self.touched |= part.touched
            part.touched.clear()
        own = {"stream": dict(facts), **self.digests.write()}
        self.touched.add(self.path)
        for folder in sorted(self.touched):
            flush(folder)
        self.touched.clear()
        digests.seal(root, own)
        put_bytes(self.path / ROOT, json.dumps(root).encode())
        flush(self.path)
        self.root = root

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            self._make(folder.parent)
            os.mkdir(folder)
        self.touched.add(folder)

    def _tidy(self) -> None:
        """Remove checkpoints that were not or are no longer committed."""
        for name in os.listdir(self.path):
            stem = name.removesuffix(ASIDE)
            if name != self.facts.get("checkpoint") and CHECKPOINT.fullmatch(stem):
                os.unlink(self.path / name)


def _described(data: xr.Dataset, growth: Mapping[str, Growth]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The root of a folder for a dataset, and its other files."""
    from zarr.codecs import ZstdCodec
    from zarr.storage import MemoryStore

    check_names([str(name) for name in data.variables])
    encoding = {}
    for name, how in growth.items():
        shape = list(data[name].shape)
        if how.rows is None:
            shape.pop(how.axis)
            lines, *rest = chunk_shape(tuple(shape))
            rest.insert(how.axis, lines)
        else:
            rest = [1, max(64, min(LONGEST, 2**20 // how.rows))]
        encoding[name] = {"chunks": tuple(rest), "compressors": (ZstdCodec(level=1, checksum=True),)}
    files: dict[str, Any] = {}
    data.to_zarr(MemoryStore(files), mode="w-", consolidated=False, encoding=encoding, zarr_format=3)
    written = {name: content.to_bytes() for name, content in files.items() if not name.startswith("status/c")}
    root = json.loads(written.pop(ROOT))
    ending = f"/{ROOT}"
    arrays = {name.removesuffix(ending): json.loads(c) for name, c in written.items() if name.endswith(ending)}
    arrays = {str(name): arrays[str(name)] for name in data.variables}  # in their order
    for name, how in growth.items():
        if arrays[name]["data_type"].startswith("float"):
            arrays[name]["fill_value"] = "NaN"
        assert how.rows is None or len(arrays[name]["shape"]) == 2
    arrays["status"]["fill_value"] = STOPPED
    arrays["status"]["chunk_key_encoding"]["configuration"]["separator"] = "."
    return group(root["attributes"], arrays), written


def _arrays(root: Mapping[str, Any]) -> dict[str, Any]:
    return root["consolidated_metadata"]["metadata"]


def _form(meta: Mapping[str, Any] | None) -> Any:
    parts = ("data_type", "chunk_grid", "codecs", "dimension_names")
    return None if meta is None else [meta.get(part) for part in parts]
