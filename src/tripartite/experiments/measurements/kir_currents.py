"""Currents through Kir4.1 by potential, digitised from figures of three papers.

Currents of astrocytes that barium blocks, or of channels in oocytes, at the potassium of each paper's solutions. The
tables carry no licence and are not part of the package.

**Columns**
Potential (mV), and current in the unit of the figure (nA, pA/pF, or a part of the largest).

**Sources**
chai2017 (hippocampus, striatum), seifert2009 (figures 1b and 9c), sicca2016 (wild type and R18Q); digitised and
fitted by johnson_ion_concentrations, from whose program the potassium of the solutions is taken.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from tripartite.errors import MissingDataError

FOLDER = "TRIPARTITE_DATA"
PLACE = Path("astrocyte_transporters_digitised")


class Table(NamedTuple):
    """File, source, and potassium (mM) outside and in the cell."""

    file: str
    source: str
    outside: float
    inside: float


TABLES = {
    "hippocampus": Table("chai_etal_2017_fig1F_hippocampus.csv", "chai2017, figure 1F", 4.5, 130.0),
    "striatum": Table("chai_etal_2017_fig1F_striatum.csv", "chai2017, figure 1F", 4.5, 130.0),
    "juvenile hippocampus": Table("seifart_etal_2009_fig1b_IV.csv", "seifert2009, figure 1b", 5.0, 130.0),
    "barium-sensitive": Table("seifart_etal_2009_fig9c.csv", "seifert2009, figure 9c", 5.0, 130.0),
    "oocyte, wild type": Table("sicca_etal_2016_fig1c_WT.csv", "sicca2016, figure 1c", 5.0, 120.0),
    "oocyte, R18Q": Table("sicca_etal_2016_fig1c_R18Q.csv", "sicca2016, figure 1c", 5.0, 120.0),
}


def read() -> dict[str, np.ndarray]:
    """Tables (point, 2) by name; **raises** `MissingDataError` where a file is not found."""
    return {name: _table(table.file) for name, table in TABLES.items()}


def _table(name: str) -> np.ndarray:
    folder = os.environ.get(FOLDER)
    path = Path(folder) / PLACE / name if folder else None
    if path is None or not path.is_file():
        raise MissingDataError(
            f"These tables carry no licence and do not come with the package; looked for "
            f"{path or f'the folder named by the environment variable {FOLDER}, which is not set'}. Take the folder "
            f"`kir4_1_data` of github.com/caljohnson/astrocyte_ion_concentrations, save it as `{PLACE}` in a folder of "
            f"your choice, and set {FOLDER} to that folder."
        )
    return np.loadtxt(path, delimiter=",")
