"""Results on disk: a NetCDF file or a zarr folder, whole or not there."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from tripartite.errors import ResultError, TripartiteError, said
from tripartite.language import digests, vetting
from tripartite.language.digests import Committed, Digests
from tripartite.language.disk import ASIDE, flush, locked, put_bytes, told
from tripartite.language.root import LOCK, ROOT, check_names, facts, group, stored

if TYPE_CHECKING:
    import xarray as xr

_JSON = "attributes_as_json"
"""Attribute that lists those which the file cannot hold and that are kept as JSON."""
_OLD = ".old"
_SMALL = 2**26
"""Bytes of a folder that are read at once, so that what is wrong with them is told at once."""


def save(data: xr.Dataset, path: Path) -> None:
    """Write a dataset; a kill leaves what was there before or what is new."""
    if path.suffix not in (".nc", ".zarr"):
        raise ResultError(f"A result is saved as .nc or .zarr; got `{path}`. Choose one of the two endings.")
    check_names([str(name) for name in data.variables])
    with told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".zarr":
            _check_free(path)
            _recover(path)
        elif path.is_dir():
            raise ResultError(f"A result ending in .nc is one file; `{path}` is a folder. Choose another name.")
        elif path.exists() and not vetting.marked(path):
            _refuse(path)
        _sweep(path)
        aside = Path(tempfile.mkdtemp(prefix=f".{path.name}.{os.getpid()}.", suffix=ASIDE, dir=path.parent))
        try:
            made = aside / path.name
            _write(_plain(data), made)
            _swap(made, path)
            flush(path.parent)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def load(path: Path) -> xr.Dataset:
    """Read what `save` or a streamed run wrote; a folder is read as it is needed, a file at once."""
    import xarray as xr

    try:
        if path.suffix == ".nc":
            vetting.check_netcdf(path)
            return _restored(xr.load_dataset(path, engine="h5netcdf", decode_times=False))
        root = stored(path)
        listed = root.get("consolidated_metadata")
        arrays = _listed(path) if listed is None else listed["metadata"]
        store = vetting.store(path, vetting.check_arrays(path, arrays), _contents(path, root))
        kept: dict[str, Any] = {
            "consolidated": listed is not None,
            "decode_times": False,
            "cache": False,
        }  # what is read is one's own
        data = _restored(xr.open_dataset(store, engine="zarr", **kept))
        return data.load() if data.nbytes < _SMALL else data
    except TripartiteError:
        raise
    except Exception as reason:  # whatever the readers of these formats meet in a file that was changed
        vetting.refuse(path, f"{type(reason).__name__}: {str(reason)[:200]}")


def _contents(path: Path, root: dict[str, Any]) -> Callable[[str], bytes | None]:
    """What lies under a key of a folder: what was committed with its root, or whatever another program wrote."""
    if not digests.kept(root):
        return partial(vetting.content, path)
    committed, whole = Committed(path, root), json.dumps(root).encode()
    return lambda key: whole if key == ROOT else committed.content(key)


def _listed(path: Path) -> dict[str, Any]:
    """What the arrays of a folder say of themselves."""
    folders = [here for here in path.iterdir() if here.is_dir() and not here.name.startswith(".")]
    return {here.name: json.loads(vetting.plain_bytes(here / ROOT)) for here in folders if (here / ROOT).exists()}


def check(path: Path) -> None:
    """Refuse what is no saved result."""
    if path.suffix == ".zarr" and not path.exists() and path.parent.is_dir():
        _recover(path)
    if not path.exists():
        raise ResultError(f"A saved result is read from disk; there is no `{path}`. Check the path.")
    if path.suffix not in (".nc", ".zarr"):
        raise ResultError(f"A result is read from .nc or .zarr; got `{path}`. Give one of the two.")
    if path.is_dir() != (path.suffix == ".zarr"):
        raise ResultError(
            f"A result is a file ending in .nc or a folder ending in .zarr; `{path}` is neither. Check it."
        )
    if path.suffix == ".zarr" and not (path / ROOT).exists():
        begun = "Nothing was committed to it yet" if (path / LOCK).exists() else f"It has no `{ROOT}`"
        raise ResultError(f"A result is read from what was written whole; `{path}` holds none. {begun}.")
    if path.suffix == ".zarr" and facts(stored(path)).get("held"):
        raise ResultError(f"`{path}` holds a network at a time and no result. Read it by `Simulation.load`.")


def _write(data: xr.Dataset, path: Path) -> None:
    if path.suffix == ".nc":
        data.to_netcdf(path, engine="h5netcdf")
        vetting.seal(path)
        _flush_file(path)
        return
    data.to_zarr(path, mode="w-", consolidated=False, zarr_format=3)
    listed = Digests(path)
    for file in sorted(file for file in path.rglob("*") if file.is_file()):
        _flush_file(file)
        if file.name != ROOT:
            listed.add_file(file)
    arrays = {str(name): json.loads((path / str(name) / ROOT).read_bytes()) for name in data.variables}
    root = group(json.loads((path / ROOT).read_bytes())["attributes"], arrays)
    digests.seal(root, listed.write())
    put_bytes(path / ROOT, json.dumps(root).encode())
    for folder in (path, *(folder for folder in path.rglob("*") if folder.is_dir())):
        flush(folder)


def _flush_file(path: Path) -> None:
    with open(path, "rb+") as file:
        os.fsync(file.fileno())


def _swap(made: Path, path: Path) -> None:
    """Put what was made in its place. A folder cannot replace another: the old one steps aside (see `_recover`)."""
    old = path.with_name(f".{path.name}{_OLD}")
    if path.is_dir():
        os.rename(path, old)
    try:
        os.replace(made, path)
    except OSError:
        _recover(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _recover(path: Path) -> None:
    """Put the old folder back if a kill came between its leaving and the arrival of the new one."""
    old = path.with_name(f".{path.name}{_OLD}")
    if old.exists():
        if path.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            os.rename(old, path)


def _sweep(path: Path) -> None:
    """Remove what killed processes left of their saving to the same place."""
    stem = f".{path.name}."
    for left in path.parent.iterdir():
        number = left.name.removeprefix(stem).split(".")[0]
        ours = left.name.startswith(stem) and left.name.endswith(ASIDE) and number.isdigit()
        if ours and not _alive(int(number)):
            shutil.rmtree(left, ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True


def _check_free(path: Path) -> None:
    """Leave alone what is no result, and a run that is not at its end."""
    if not path.exists() or (path.is_dir() and not os.listdir(path)):
        return
    if locked(path / LOCK):
        raise ResultError(f"A run is writing into `{path}`. Wait for its end, or save under another name.")
    root = stored(path) if (path / ROOT).exists() else {}
    if not digests.kept(root):
        _refuse(path)
    if facts(root) and not facts(root).get("finished"):
        raise ResultError(
            f"Saving would end a run that can still go on; `{path}` holds one with its checkpoint. Save under another "
            "name."
        )


def _refuse(path: Path) -> NoReturn:
    raise ResultError(
        f"Saving replaces a result that was saved, and nothing else; `{path}` is none, or another program changed it. "
        "Choose another name, or remove it first."
    )


def _plain(data: xr.Dataset) -> xr.Dataset:
    """A dataset whose attributes any file can hold: what is neither text nor numbers becomes JSON."""
    found = data.copy()
    listed = []
    for name, attributes in [("", found.attrs), *((str(n), v.attrs) for n, v in found.variables.items())]:
        for key, value in attributes.items():
            if value is None or isinstance(value, bool | np.bool_ | dict | list | tuple):
                attributes[key] = _as_json(name, key, value)
                listed.append([name, str(key)])
    if listed:
        found.attrs[_JSON] = json.dumps(listed)
    return found


def _as_json(name: str, key: Any, value: Any) -> str:
    try:
        return json.dumps(value.item() if isinstance(value, np.bool_) else value)
    except (TypeError, ValueError):
        where = f"`{name}`" if name else "the dataset"
        raise ResultError(
            f"Attributes that are saved are text, numbers, True, False, None, and lists of them; `{key}` of {where} is "
            f"{said(value)}. Change or remove it."
        ) from None


def _restored(data: xr.Dataset) -> xr.Dataset:
    """A dataset with the attributes that `_plain` put into JSON."""
    listed = data.attrs.pop(_JSON, None)
    for name, key in json.loads(listed) if isinstance(listed, str) else ():
        attributes = data.variables[name].attrs if name else data.attrs
        if isinstance(attributes.get(key), str):
            attributes[key] = json.loads(attributes[key])
    return data
