"""Numbers that any implementation of these mechanisms must reproduce, each at its relative tolerance.

``table.csv`` holds them. They were computed independently from the published equations, except for
``glio_first_GA_uM`` and ``eaat6_C1_m85``, which a source states. The tests measure them through the public
functions of the package; a tolerance of zero stands for a count.
"""

import csv
from pathlib import Path

import pytest

with (Path(__file__).parent / "table.csv").open(encoding="utf-8") as file:
    TABLE = {row["name"]: (float(row["value"]), float(row["tolerance"])) for row in csv.DictReader(file)}


def check(name: str, measured: object) -> None:
    """Fail unless ``measured``, in the unit that the name ends with, is the number of that name in the table."""
    expected, tolerance = TABLE[name]
    found = float(measured.magnitude if hasattr(measured, "magnitude") else measured)  # type: ignore
    assert found == pytest.approx(expected, rel=tolerance, abs=0), name
