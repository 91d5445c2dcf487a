"""Calcium traces of cultured astrocytes (Herzog 2013), read from a file that the user supplies.

Four cells and their mean, 30 s at 47.6 Hz, fluorescence scaled to [0, 1] by the minimum and maximum of each
trace. The indicator is not stated. The file carries no licence, so it is not part of the package.

**Sources**
herzog2013.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from tripartite.errors import MissingDataError

FOLDER = "TRIPARTITE_DATA"
FILE = Path("depitta_book_experimental") / "herzog2013_astrocyte_culture_ca_traces.csv"
TRACES = ("trace1", "trace2", "trace3", "trace4")


def read() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Times (s) and the four traces by name."""
    folder = os.environ.get(FOLDER)
    path = Path(folder) / FILE if folder else None
    if path is None or not path.is_file():
        raise MissingDataError(
            f"These calcium traces have no licence and do not come with the package; looked for "
            f"{path or f'the folder named by the environment variable {FOLDER}, which is not set'}. Take the "
            "traces of chapter 5 from M. De Pittà's repository github.com/mdepitta/comp-glia-book, save them "
            f"as `{FILE}` (columns t_s, trace1, trace2, trace3, trace4, mean) in a folder of your choice, and set "
            f"{FOLDER} to that folder."
        )
    table = np.genfromtxt(path, delimiter=",", names=True)
    return table["t_s"], {name: table[name] for name in TRACES}
