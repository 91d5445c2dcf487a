"""Diffusion of substances along the processes of branching cells."""

from __future__ import annotations

from typing import Any

import numpy as np

from tripartite import units
from tripartite.errors import NetworkError, RangeError, said
from tripartite.language.built import Kept
from tripartite.network.population import Members, Population, members

UNIT = "um**2/ms"


class Diffusion(Kept):
    """Diffusion of states between neighbouring compartments: ``Diffusion(astrocyte, ip3=280 * um**2 / s)``.

    Between compartments i and j a substance moves at D S / L (C_j - C_i), with their area of contact S and the
    distance L of their centres; ends are closed. What one loses the other gains, volumes considered. It is solved
    after the equations of each step, backward in time (first order), which is stable and positive for any step.

    **Arguments** cells: a population with a morphology; diffusion coefficients by state, each one value, or one for
    every compartment of the morphology, for its contact with its parent.
    """

    def __init__(self, cells: Any, **coefficients: Any):
        self.cells: Members = members(cells)
        group = self.cells.group
        if not isinstance(group, Population) or not self.cells.whole:
            raise NetworkError(
                f"Substances diffuse in the whole of a population; got {said(cells)}. Give the population itself."
            )
        shape = group.shape("diffusion along their processes")
        if not coefficients:
            raise NetworkError("A state diffuses, or several; got none. Write `Diffusion(cells, ca=20 * um**2 / s)`.")
        self.coefficients: dict[str, np.ndarray] = {}
        """Internal values (compartment,), by the name that was given."""
        for name, value in coefficients.items():
            found = np.asarray(units.to_internal(value, UNIT, name))
            if found.shape not in ((), (shape.size,)) or np.any(found < 0):
                raise RangeError(
                    f"A diffusion coefficient is not negative, and one number or one for each of {shape.size} "
                    f"compartments; got {value} for `{name}`. Write for instance `{name}=20 * um**2 / s`."
                )
            self.coefficients[name] = np.broadcast_to(found, (shape.size,))

    def __repr__(self) -> str:
        return f"Diffusion of {', '.join(self.coefficients)} in {self.cells.group!r}"
