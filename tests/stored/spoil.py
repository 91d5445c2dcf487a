"""Spoils saved results and reads them, within limits of time and memory.

``python -m tests.stored.spoil KIND SEED COUNT`` prints how many were read and how many were refused; whatever
else happens ends the process. KIND is ``nc`` or ``zarr``, ``bare-...`` for what another program wrote, without
digests, and ``forged-zarr`` for a folder whose digests were made to fit what was changed.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from tripartite.errors import TripartiteError
from tripartite.language import digests, vetting
from tripartite.language.result import Result

LIMIT, PATIENCE = 3 * 2**30, 100
SIZES = [
    0,
    -1,
    1,
    2**31,
    2**40,
    2**63,
    1e308,
    "x",
    "../..",
    "/etc/passwd",
    None,
    [],
    {},
    [[]],
    True,
    "NaN",
    "|O",
    "pickle",
]


def dataset() -> xr.Dataset:
    """What a small run looks like."""
    time = np.arange(300) / 10
    variables = {
        "cell.ca": ("time", np.sin(time), {"units": "uM", "long_name": "calcium"}),
        "cell.spike.times": ("cell.spike.event", np.arange(5.0), {"units": "s"}),
        "status": ((), np.int64(0), {"messages": "{}"}),
    }
    return xr.Dataset(variables, {"time": ("time", time, {"units": "s"})}, {"provenance": json.dumps({"seeds": [1]})})


def read(path: Path) -> xr.Dataset:
    """Everything that a reader of a result looks at."""
    result = Result.load(path)
    for variable in result.data.variables.values():
        np.asarray(variable.values)
    assert isinstance(result.provenance, dict)
    repr(result)
    return result.data


def bytes_changed(content: bytes, draw: random.Random) -> bytes:
    """A few bytes, blocks or the length changed."""
    data = bytearray(content)
    for _ in range(draw.choice([1, 1, 2, 8, 64])):
        place, kind = draw.randrange(len(data) or 1), draw.randrange(5)
        if kind == 0 and data:
            data[place] ^= 1 << draw.randrange(8)
        elif kind == 1:
            data[place : place + draw.choice([1, 4, 8])] = draw.choice([b"\xff" * 8, b"\0" * 8, b"\x7f" + b"\xff" * 7])
        elif kind == 2:
            data[place : place + 16] = data[draw.randrange(len(data) or 1) :][:16]
        elif kind == 3:
            del data[place : place + draw.choice([1, 8, 512])]
        elif draw.random() < 0.1:
            del data[place:]
    return bytes(data)


def tree_changed(tree: Any, draw: random.Random) -> Any:
    """One value somewhere in a JSON tree replaced, removed or moved."""
    if isinstance(tree, dict | list) and tree and draw.random() < 0.85:
        key = draw.choice(list(tree) if isinstance(tree, dict) else range(len(tree)))
        if draw.random() < 0.1:
            del tree[key]
        elif draw.random() < 0.1 and isinstance(tree, dict):
            tree[str(draw.choice(SIZES))] = tree.pop(key)
        else:
            tree[key] = tree_changed(tree[key], draw)
        return tree
    return draw.choice(SIZES)


def spoil(path: Path, draw: random.Random, sealed: bool) -> None:
    """Change a saved result in place."""
    if path.suffix == ".nc":
        length = len(vetting._MARK) + 64
        content = path.read_bytes()
        path.write_bytes(bytes_changed(content[:-length], draw) + (content[-length:] if sealed else b""))
        return
    files = sorted(p for p in path.rglob("*") if p.is_file())
    metas = [p for p in files if p.name == "zarr.json"]
    if draw.random() < 0.7:
        file = draw.choice(metas)
        file.write_text(json.dumps(tree_changed(json.loads(file.read_text()), draw)))
    else:
        file = draw.choice(files)
        file.write_bytes(bytes_changed(file.read_bytes(), draw))


def forge(path: Path) -> None:
    """Make the digests of a folder fit what is in it, as far as that can be done."""
    files = sorted(p for p in path.rglob("*") if p.is_file() and p.name not in ("zarr.json", digests.LIST))
    listed = "".join(f"{digests.of_file(p)}  {p.relative_to(path).as_posix()}\n" for p in files).encode()
    (path / digests.LIST).write_bytes(listed)
    try:
        root = json.loads((path / "zarr.json").read_text())
        own = digests.kept(root)
        own["list"] = [len(listed), digests.of(listed)]
        digests.seal(root, own)
        (path / "zarr.json").write_text(json.dumps(root))
    except (ValueError, TypeError, KeyError, AttributeError):
        pass


def write(path: Path, kind: str) -> Path:
    """The whole file or folder that is spoiled."""
    if kind == "bare-zarr":
        dataset().to_zarr(path, consolidated=False, zarr_format=3)
        return path
    return Result(dataset).save(path)


def main(kind: str, seed: int, count: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (LIMIT, LIMIT))
    draw, good, told = random.Random(seed), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        whole = write(Path(folder) / f"whole.{kind.rpartition('-')[2]}", kind)
        read(whole)
        for number in range(count):
            path = Path(folder) / f"spoiled{whole.suffix}"
            (shutil.copytree if whole.is_dir() else shutil.copy)(whole, path)
            spoil(path, draw, not kind.startswith("bare-"))
            if kind == "forged-zarr":
                forge(path)
            print(f"case {number}", file=sys.stderr, flush=True)
            signal.alarm(PATIENCE)
            try:
                found = read(path)
                if kind in ("nc", "zarr"):  # what has digests reads as it was written, or not at all
                    xr.testing.assert_identical(found, dataset())
                good += 1
            except TripartiteError as reason:
                assert str(reason).rstrip().endswith("."), reason
                told += 1
            (shutil.rmtree if path.is_dir() else Path.unlink)(path)
    print(json.dumps({"read": good, "told": told}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
