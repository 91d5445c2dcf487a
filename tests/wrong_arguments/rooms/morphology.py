"""Branching cells: given, built, read, changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import tripartite as tp
from tripartite.units import uM, um

from ..call import Call
from .language import ANY, FREE

m = tp.Morphology
SWC = "1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n4 3 10 0 0 1 1\n5 3 20 0 0 1 4\n"
TREE: dict[str, Any] = {
    "branches": 2, "generations": 2, "length": 8 * um, "radius": 0.8 * um, "pieces": 2, "leaflets": 1,
    "leaflet_length": 1 * um, "leaflet_radius": 0.1 * um, "soma_radius": 5 * um, "endfoot_length": 6 * um,
    "endfoot_radius": 1.5 * um,
}  # fmt: skip


def calls() -> list[Call]:
    shape = m.cable(10 * um, 1 * um, 3)
    file = Path("cell.swc").absolute()
    file.write_text(SWC)
    three = {"parent": [-1, 0, 1], "volume": [1, 1, 1] * um**3, "area": [1, 1, 1] * um**2, "contact": [1, 1, 1] * um**2,
             "distance": [1, 1, 1] * um, "position": [[0.0], [1.0], [2.0]] * um, "region": "branch"}  # fmt: skip
    named = {"region": FREE}
    return [
        Call(m, three, also={"region": {**FREE, "a table of pandas": "the names of its columns"}}),
        Call(m.from_swc, {"path": file, "longest": 5 * um, "regions": {3: "process"}},
             also={"regions": {"numbers by number": "never"}}),
        Call(m.cable, {"length": 10 * um, "radius": 1 * um, "count": 3, "region": "branch"}, also=named),
        Call(m.shells, {"radius": 10 * um, "count": 3, "region": "shell"}, also=named),
        Call(m.tree, TREE),
        Call(m.star, {name: value for name, value in TREE.items() if name != "generations"}),
        Call(m.with_leaflets, {"count": 2, "length": 1 * um, "radius": 0.1 * um, "region": "branch"},
             shape.with_leaflets),
        Call(m.scaled, {"factor": 2.0}, shape.scaled),
        Call(m.labelled, {"region": "tip", "chosen": np.array([False, False, True])}, shape.labelled, also=named),
        Call(m.within, {"region": "branch"}, shape.within),
        Call(m.by_region, {"default": 1 * uM}, lambda default: shape.by_region(default), kinds={"default": "level"},
             also={"default": ANY}),
        Call(m.by_region, {"branch": 1 * uM}, shape.by_region, name="by_region named", kinds={"branch": "level"},
             also={"branch": ANY}),
        Call(tp.models.BranchingAstrocyte, {"shape": shape, "model": tp.models.OpenCell(), "count": 1, "values": {},
                                            "ip3_diffusion": 280 * um**2 / tp.units.s,
                                            "ca_diffusion": 13 * um**2 / tp.units.s, "step": 20 * tp.units.ms}),
    ]  # fmt: skip
