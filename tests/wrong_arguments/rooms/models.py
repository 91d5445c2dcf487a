"""Ready models and networks."""

from __future__ import annotations

from typing import Any

import tripartite as tp
from tripartite.units import ms

from ..call import Call

m = tp.models
_OWN = (m.Synapse, m.KirBufferedNeuron, m.ProcessStar, m.RelativeAstrocyte)
_NAMED = [getattr(m, name) for name in m.__all__]
EACH = [kind for kind in _NAMED if isinstance(kind, type) and issubclass(kind, tp.Model) and kind not in _OWN]
"""Every model that takes more mechanisms."""


def calls() -> list[Call]:
    scaled = {"scale": 0.2, "seed": 1, "placement": tp.network.Exact()}
    found = []
    for kind in EACH:
        more = MORE.get(kind.__name__, "more")
        found.append(Call(kind, {more: tp.mechanisms.DesignerLigand()}, adding(kind, more)))
    return [
        *found,
        Call(m.GChi, {"receptor": tp.mechanisms.GlutamateReceptor()}),
        Call(m.TripartiteSynapse, {"gliotransmission": m.ReleaseDecreasing()}),
        Call(m.OpenLoopSynapse, {"gliotransmission": m.ReleaseDecreasing()}),
        Call(m.GatedSynapse, {"plasticity": [tp.mechanisms.PairStdp(), tp.mechanisms.GatedWeight()]}),
        Call(m.Synapse, {"utilization": tp.mechanisms.FixedUtilization()}),
        Call(m.KirBufferedNeuron, {"neuron": tp.mechanisms.LeakyIntegrateFire()}),
        Call(m.ProcessStar, {"processes": 2, "soma_volume": 4.0}),
        Call(m.RelativeAstrocyte, {"processes": 2}),
        Call(m.AstrocyteRing, {"parts": m.astrocyte_networks.ring_parts(), "size": 5, "step": 50 * ms}),
        Call(m.AstrocyteChain, {"parts": m.astrocyte_networks.chain_parts(), "size": 5, "step": 10 * ms}),
        Call(m.CobaNetwork, {"parts": m.coba_network.coba_parts(), **scaled}),
        Call(m.JiangNetwork, {"variant": m.SPARSE, "parts": m.SPARSE.parts(), **scaled}),
        Call(m.StimbergNetwork, {"parts": m.stimberg_network.stimberg_parts(), **scaled}),
        Call(m.HalnesTissue, {"parts": m.halnes.tissue_parts(), "grid": m.halnes.Nodes(11)}),
        Call(m.halnes.Nodes, {"count": 11}),
        Call(m.halnes.Pieces, {"count": 11}),
    ]  # fmt: skip


MORE = {"GChi": "more", "TripartiteSynapse": "driven", "OpenLoopSynapse": "astrocyte", "GatedSynapse": "calcium",
        "NmdaSynapse": "calcium", "SpilloverSynapse": "uptake"}  # fmt: skip


def adding(kind: type, more: str) -> Any:
    """The model with one more mechanism, which comes by its place."""
    first = (None,) if more in ("driven", "astrocyte") or kind in (m.GChi, m.GatedSynapse) else ()
    return lambda **given: kind(*first, given[more])
