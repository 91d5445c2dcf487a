"""Spikes and fluorescence of the same neurons, from the database of Rupprecht et al. (2021).

Cell-attached recordings under two-photon imaging of mouse visual cortex at 59 or 60 frames a second: GCaMP6f
(recordings of chen2013) and GCaMP6s (of theis2016), four cells each. The files are licensed under the GPL and
are not part of the package.

**Sources**
rupprecht2021, chen2013, theis2016.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tripartite.errors import MissingDataError

FOLDER = "TRIPARTITE_DATA"
PLACE = Path("cascade_ground_truth")
FILES = {
    "GCaMP6f": [f"CAttached_Chen2013_GC6f_cell{cell}_mini.npz" for cell in ("1", "1B_full", "1C_full", "10_full")],
    "GCaMP6s": [f"CAttached_Theis16_set3_GCaMP6s_V1_cell_{cell}_mini.npz" for cell in (1, 2, 3, 4)],
}
_TICK = 1e-4
"""Unit of the spike times in the files, in seconds."""


class Recording(NamedTuple):
    """One stretch: ``time`` (s, evenly spaced), ``dff`` and ``spikes`` (s, within the stretch, no two at once)."""

    time: np.ndarray
    dff: np.ndarray
    spikes: np.ndarray


def read() -> dict[str, dict[str, list[Recording]]]:
    """All recordings by indicator and cell; **raises** `MissingDataError` where a file is not found."""
    return {
        indicator: {f"{indicator} {number}": _cell(name) for number, name in enumerate(names, 1)}
        for indicator, names in FILES.items()
    }


def _cell(name: str) -> list[Recording]:
    folder = os.environ.get(FOLDER)
    path = Path(folder) / PLACE / name if folder else None
    if path is None or not path.is_file():
        raise MissingDataError(
            f"These recordings are licensed under the GPL and do not come with the package; looked for "
            f"{path or f'the folder named by the environment variable {FOLDER}, which is not set'}. Take the ground "
            "truth of P. Rupprecht's repository github.com/PTRRupprecht/Cascade, save each recording k of a "
            f"cell as t_k and dff_k (s and 1) and ap_k (spikes in 0.1 ms) in `{PLACE / name}` of a folder of your "
            f"choice, and set {FOLDER} to that folder."
        )
    with np.load(path) as file:
        count = sum(key.startswith("t_") for key in file.files)
        return [_recording(*(file[f"{what}_{k}"] for what in ("t", "dff", "ap"))) for k in range(count)]


def _recording(time: np.ndarray, dff: np.ndarray, spikes: np.ndarray) -> Recording:
    # Times are stored in single precision, whose rounding makes the frames look uneven.
    even = np.linspace(float(time[0]), float(time[-1]), len(time))
    known = np.unique(spikes[np.isfinite(spikes)]) * _TICK
    return Recording(even, dff.astype(float), known[(known > 0) & (known < even[-1])])
