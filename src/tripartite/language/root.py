"""The root of a zarr folder, ``zarr.json``: what was committed, and the checkpoint that it names."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tripartite.errors import ResultError, said
from tripartite.language import digests, vetting

ROOT, LOCK = "zarr.json", ".lock"
CHECKPOINT = re.compile(r"\.checkpoint-[0-9]{1,18}")


def group(attributes: Mapping[str, Any], arrays: Mapping[str, Any]) -> dict[str, Any]:
    """The root of a zarr folder that holds arrays, given their metadata by name."""
    inside = {"kind": "inline", "must_understand": False, "metadata": dict(arrays)}
    return {"zarr_format": 3, "node_type": "group", "attributes": dict(attributes), "consolidated_metadata": inside}


def facts(root: Mapping[str, Any]) -> dict[str, Any]:
    """What a run said beside its data with its last commit; empty for what no run wrote."""
    return digests.kept(root).get("stream", {})


def committed(path: Path, strange: bool = False) -> dict[str, Any]:
    """The root of a folder that a run writes; empty when nothing was committed yet.

    **Raises** `ResultError` for a folder with something else in it, also when ``strange`` and there is no lock.
    """
    refusal = ResultError(
        f"A run streams to a new folder, or goes on in its own; `{path}` is neither. Choose another name."
    )
    if not path.is_dir():
        raise refusal
    if not (path / ROOT).exists():
        if strange and not (path / LOCK).exists() and os.listdir(path):
            raise refusal
        return {}
    root = stored(path)
    if not facts(root):
        if "stream" in root.get("attributes", {}):
            raise ResultError(
                f"A run goes on with what has digests; `{path}` was written without, by an earlier version. It opens "
                "as a result: run anew into another folder."
            )
        raise refusal
    return root


def stored(path: Path) -> dict[str, Any]:
    """What the root of a zarr folder says, if that is what was committed."""
    try:
        root = json.loads(vetting.plain_bytes(path / ROOT))
    except (OSError, ValueError, RecursionError) as reason:
        raise ResultError(f"A result is read from what was written whole; `{path / ROOT}` is not ({reason}).") from None
    if not isinstance(root, dict) or not isinstance(root.get("attributes", {}), dict):
        raise ResultError(f"The root of a zarr folder has attributes; `{path / ROOT}` has none. Check the path.")
    digests.check_root(path, root)
    return root


def checkpoint_arrays(path: Path, root: Mapping[str, Any]) -> dict[str, np.ndarray] | None:
    """The arrays of a committed checkpoint; None where there is none."""
    name = facts(root).get("checkpoint")
    if name is None:
        return None
    if not isinstance(name, str) or not CHECKPOINT.fullmatch(name):
        raise ResultError(f"A checkpoint lies in its own folder; `{path}` names {said(name)}. The folder was changed.")
    try:
        return vetting.packed_arrays(path / name, facts(root)["digest"])
    except vetting.UNREADABLE as reason:
        raise ResultError(
            f"A run goes on from what it wrote; `{path / name}` is missing or damaged ({reason}). Run anew into "
            "another folder."
        ) from None


def checkpoint(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray] | None]:
    """The root of a folder and the arrays of its checkpoint, also while a run writes there."""
    while True:
        root = committed(path)
        try:
            return root, checkpoint_arrays(path, root)
        except ResultError:
            if committed(path) == root:
                raise


def check_names(names: Sequence[str]) -> None:
    """Refuse variables whose names a folder would take for something else."""
    for name in names:
        plain = name.isprintable() and not name.startswith(".") and name not in (ROOT, "c", "")
        if not plain or "/" in name or "\\" in name:
            raise ResultError(
                "A variable of a result has the name of a file, without `/` and with no `.` in front; got "
                f"{said(name)}. Give another name."
            )
