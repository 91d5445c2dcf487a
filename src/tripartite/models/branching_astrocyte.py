"""An astrocyte with branches: calcium, IP3 and receptors in every compartment, and diffusion between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tripartite import arguments
from tripartite.language import Compartment, Model
from tripartite.mechanisms import Ip3Metabolism, LiRinzel, NoradrenalineReceptor, StaticGlutamateReceptor
from tripartite.network import Diffusion, Network, Population
from tripartite.network.morphology import Morphology
from tripartite.parameters import depitta2009


def compartment() -> Model:
    """What every compartment holds: the frequency-encoding cell of depitta2009, at rest without IP3 production."""
    held = Compartment(LiRinzel(), Ip3Metabolism(), StaticGlutamateReceptor(), NoradrenalineReceptor())
    rest = {"ca": "0.0277 uM", "h": 0.957, "ip3": "0.01 uM"}
    return Model(astrocyte=held).using(depitta2009.FM).replace(rest, "assumed: near rest")


class BranchingAstrocyte(Network):
    """Astrocytes of one shape in which IP3 and calcium diffuse; inputs ``glutamate`` and ``noradrenaline``.

    **Arguments** shape: a `Morphology`; model: what every compartment holds, as `compartment` gives it; count: how many
    such cells; values: parameters and starts by path, one for every compartment; ip3_diffusion, ca_diffusion:
    coefficients; step: of the network.

    **Sources** values of the cell depitta2009 (FM); diffusion of IP3 280 µm²/s and of calcium 13 µm²/s as in
    denizot2019. The network has the population ``astrocyte``.
    """

    def __init__(
        self,
        shape: Morphology,
        model: Model | None = None,
        *,
        count: int = 1,
        values: Mapping[str, Any] | None = None,
        ip3_diffusion: Any = "280 um**2/s",
        ca_diffusion: Any = "13 um**2/s",
        step: Any = "20 ms",
    ):
        arguments.instance(shape, Morphology, "shape", "Morphology.star()")
        cells = Population(compartment() if model is None else model, shape, count=count, values=values)
        links = [Diffusion(cells, ip3=ip3_diffusion, ca=ca_diffusion)]
        super().__init__(astrocyte=cells, connections=links, step=step)


def primary_branches(shape: Morphology) -> np.ndarray:
    """Which of the branches that leave the soma each compartment belongs to, -1 for the soma, (compartment,)."""
    found = np.full(shape.size, -1)
    for place in shape.order[1:]:
        above = shape.parent[place]
        found[place] = found[above] if shape.parent[above] >= 0 else found.max() + 1
    return found
