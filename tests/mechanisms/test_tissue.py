"""Ions of tissue against their equations in SI units, and against conservation of ions and charge."""

import numpy as np
import pytest
from tests.oracles import halnes_numpy as oracle

from tripartite.experiments.spatial_buffering import load
from tripartite.models.halnes import HalnesTissue, Nodes, Pieces, tissue_parts
from tripartite.network import Bdf
from tripartite.network.run.lines import Lines
from tripartite.units import s

ORDER = ("potassium_out", "potassium_in", "sodium_out", "sodium_in", "chloride_out", "chloride_in")


def disturbed(size: int, seed: int) -> np.ndarray:
    """Concentrations (mM) near rest, with a potential between -100 and -30 mV in each piece."""
    random = np.random.default_rng(seed)
    c = oracle.START[:, None] * random.uniform(0.8, 1.25, (6, size))
    c[0] *= random.uniform(0.8, 3, size)
    excess = (oracle.START[0] + oracle.START[2] - oracle.START[4]) + random.uniform(-0.2, 0.06, size)
    c[4] = c[0] + c[2] - excess
    return c


def package_rates(grid: Nodes | Pieces, c: np.ndarray, active: bool) -> np.ndarray:
    """Rates (mM/s) of the package in the order of the oracle."""
    column = HalnesTissue(grid=grid)
    lines = Lines(column, 300 * s, None, load(column), Bdf(), 0)
    lines.timeline.apply(0)
    if active:
        lines.timeline.apply(1000)
    (cells,) = lines.cells
    for part in (*lines.cells, *lines.contacts):
        part.read()
    place = [list(cells.moving).index(f"tissue.{name}") for name in ORDER]
    y = np.empty((6, cells.size))
    y[place] = 1000 * c
    return lines.rates(0.0, y.ravel()).reshape(6, -1)[place]


@pytest.mark.parametrize("grid", [Nodes(12), Pieces(20)], ids=["nodes", "pieces"])
@pytest.mark.parametrize("active", [False, True], ids=["silent", "active"])
def test_rates_of_the_whole_line_are_those_of_the_equations(grid, active):
    places, widths = grid.places(300.0)
    c = disturbed(len(places), 5)
    release = np.where(places < 30, 5.5e-7, 0.0) if active else np.zeros(len(places))
    expected = oracle.rates(c, places * 1e-6, widths * 1e-6, release)
    # µM per ms is mM per s.
    found = package_rates(grid, c, active)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6 * np.abs(expected).max())


def test_what_moves_along_the_line_is_conserved_and_neutral():
    _, widths = Nodes(15).places(300.0)
    c = disturbed(15, 8)
    moved = package_rates(Nodes(15), c, False)
    # Without contacts each piece is alone: the difference is what moves along the line.
    across = np.column_stack([package_rates(Nodes(2), c[:, [i, i]], False)[:, 0] for i in range(15)])
    along = (moved - across) * widths
    np.testing.assert_allclose(along.sum(axis=1), 0, atol=1e-7 * np.abs(along).max())
    charge = 0.2 * (along[0] + along[2] - along[4]) + 0.4 * (along[1] + along[3] - along[5])
    np.testing.assert_allclose(charge, 0, atol=1e-6 * np.abs(along).max())


def test_kir_and_pump_have_the_computed_values_at_rest_and_in_activity():
    assert oracle.kir(10.0, oracle.START[1], -0.0597) == pytest.approx(2.179, rel=1e-4, abs=0)
    assert oracle.pump(oracle.START[0], oracle.START[3]) == pytest.approx(4.8884e-7, rel=1e-4, abs=0)
    piece = tissue_parts()["tissue"]
    system = piece.system
    y = np.array([entry.value for entry in system.states])
    c = np.array([entry.value for entry in system.constants])
    values = system.values(y, np.nan_to_num(c))
    assert values["tissue.kir_factor"] == pytest.approx(oracle.kir(*oracle.START[:2], oracle.V_START), rel=1e-6, abs=0)
    assert values["tissue.v"] == pytest.approx(-83.6, rel=1e-9, abs=0)
    assert values["tissue.e_k"] == pytest.approx(-89.336, rel=1e-5, abs=0)
