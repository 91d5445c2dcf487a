"""Rules of a network, as they connect ten cells to ten."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import tripartite as tp
from tripartite.errors import NetworkError
from tripartite.network import rules as r
from tripartite.units import um

from ..call import Call


def calls() -> list[Call]:
    place = r.Cells(10, tp.network.lattice(5, 2, 10 * um).to("um").magnitude)
    edges = r.OneToOne().connect(place, place, 1, 1, False)
    shape = tp.Morphology.cable(10 * um, 1 * um, 5)
    torus = tp.network.Torus([100, 100] * um)

    def connected(kind: type) -> Callable[..., Any]:
        def connect(**given: Any) -> Any:
            rule = kind(**given)
            if rule.expected(place, place) > 1e6:
                raise NetworkError("A network asks first whether its connections fit into memory, and refuses these.")
            return rule.connect(place, place, 1, 1, False)

        return connect

    def touching(kind: type) -> Callable[..., Any]:
        return lambda **given: kind(**given).connect(place)

    def attached(kind: type) -> Callable[..., Any]:
        return lambda **given: kind(**given).attach(edges, place, place, place, 1, 1)

    def shared(kind: type) -> Callable[..., Any]:
        return lambda **given: kind(**given).share(edges, place, place, place, 1, 1)

    def call(kind: type, use: Callable[[type], Any], good: dict[str, Any], **more: Any) -> Call:
        return Call(kind, good, use(kind), **more)

    fixed = {"k": 2, "autapses": True, "multapses": True}
    return [
        call(r.PairwiseBernoulli, connected, {"p": 0.5, "autapses": True}),
        call(r.FixedInDegree, connected, fixed),
        call(r.FixedOutDegree, connected, fixed),
        call(r.FixedTotalNumber, connected, {"n": 2, "autapses": True, "multapses": True}),
        call(r.AllToAll, connected, {"autapses": True}),
        call(r.OneToOne, connected, {}),
        call(r.Explicit, connected, {"pre": [0, 1], "post": [1, 2]}),
        Call(r.Explicit.from_matrix, {"matrix": np.eye(3)}),
        call(r.DistanceDependent, connected, {"profile": r.Gaussian(0.5, 10 * um), "autapses": False, "space": torus}),
        Call(r.Gaussian, {"peak": 0.5, "sigma": 10 * um}),
        Call(r.Exponential, {"peak": 0.5, "scale": 10 * um}),
        Call(r.Within, {"radius": 10 * um, "p": 0.5}),
        Call(r.AbstractProfile.__call__, {"distances": [1.0, 2.0] * um}, r.Gaussian(0.5, 10 * um).__call__),
        call(r.Ring, touching, {"reach": 1}),
        call(r.Grid, touching, {"rows": 2, "columns": 5, "periodic": False}),
        call(r.WithinDistance, touching, {"radius": 15 * um, "space": torus}),
        call(r.EdgeList, touching, {"i": [0, 1], "j": [1, 2]}),
        call(r.Nearest, touching, {"degree": 2, "seed": 1}),
        call(r.RandomPairs, touching, {"mean_degree": 2.0, "seed": 1}),
        call(r.Along, touching, {"morphology": shape}),
        call(r.BernoulliWithPool, attached, {"p": 0.5, "pool_size": 2, "pool": r.RandomPool()}),
        call(r.NearestTerritory, attached, {"of": r.Post(), "within": 50 * um, "space": torus}),
        call(r.ExplicitAttachment, attached, {"indices": [0] * 10}),
        call(r.OverlappingTerritories, shared,
             {"nearest": 2, "radius": 50 * um, "covered": 0.9, "of": r.Post(), "space": torus}),
        call(r.ExplicitSharing, shared, {"edges": [0, 0, 1], "astrocytes": [0, 1, 2], "fractions": [0.5, 0.25, 1]}),
    ]  # fmt: skip
