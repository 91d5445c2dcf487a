"""Stimuli and perturbations, as `simulate` asks for what they do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any

import tripartite as tp
from tripartite.language.encoding import decode, encode
from tripartite.units import Hz, ms, s, uM

from ..call import Call, Decay
from .language import FREE

p = tp.protocols


def _acting(kind: type[tp.Protocol], model: Any, make: Callable[..., Any] | None = None) -> Callable[..., Any]:
    """Makes a protocol, and does and marks what it does."""

    def acted(**given: Any) -> Any:
        made = (make or kind)(**given)
        equipped = made.equipped(model)
        done = list(made.actions(equipped, 1000.0, 0))
        again = decode(json.loads(json.dumps(encode(made))), kind)  # what is accepted can be stored
        assert list(again.actions(equipped, 1000.0, 0)) == done
        return done, made.bars(1.0)

    return acted


_NAMED = [getattr(p, name) for name in p.__all__]
EACH = [k for k in _NAMED if isinstance(k, type) and issubclass(k, p.AbstractTargeted) and hasattr(k, "label")]
"""Every drug and every knock-out."""


def _drugs() -> list[Call]:
    """Drugs and knock-outs, on a model that has what they act on."""
    found = []
    for kind in EACH:
        mechanism = kind.sites()[0][0]
        model = tp.Model(place=mechanism())
        good: dict[str, Any] = {"at": 0 * s}
        good |= {f.name: f.default for f in fields(kind) if f.init and f.default is not MISSING}
        quantities = {"stop": 1 * s, "dose": 1 * uM, "affinity": 1 * uM, "onset": 1 * s, "washout": 1 * s}
        good |= {name: value for name, value in quantities.items() if name in good}
        good |= {"at": 0.5 * s}
        found.append(Call(kind, good, _acting(kind, model)))
        found.append(Call(kind.explain, {"model": model}, kind(**good).explain, name=f"{kind.__name__}.explain"))
    return found


def calls() -> list[Call]:
    model, gchi = tp.Model(cell=Decay()), tp.models.GChi()
    open_cell = tp.models.OpenCell()
    light = {"starts": [0.1] * s, "duration": 0.1 * s, "irradiance": 5 * (tp.units.mW / tp.units.mm**2)}
    none: dict[str, Any] = {}
    drug = p.Dpcpx(at=0 * s)
    synapse = tp.Model(bouton=tp.mechanisms.AdenosineInhibition())

    def call(kind: Any, good: dict[str, Any], on: Any = model, **more: Any) -> Call:
        return Call(kind, good, _acting(kind, on), **more)

    spikes = {"event": "spike", "to": "cell.spike"}
    course = {"mean": 1 * uM / s, "start": 0.1 * s, "stop": 0.5 * s}
    tools = [
        call(p.Hm3dq, {"into": "astrocyte", "values": none, "at": 0 * s, "dose": 1 * uM}, gchi),
        call(p.Hm4di, {"into": "astrocyte", "values": none, "at": 0 * s, "dose": 1 * uM}, gchi),
        call(p.OptoGq, {"into": "astrocyte", "values": none, **light}, gchi),
        call(p.Ip3Uncaging, {"into": "astrocyte", "values": none, "amount": 1 * uM, "times": [0.1] * s}, gchi),
        call(p.CalciumUncaging, {"into": "astrocyte", "values": none, "amount": 1 * uM, "times": [0.1] * s}, open_cell),
        call(p.CalEx, {"into": "astrocyte", "values": none}, open_cell),
        call(p.ChR2, {"into": "cell", "values": none, **light}, tp.Model(cell=tp.mechanisms.LeakyIntegrateFire())),
        Call(p.Hm3dq.explain, {"model": gchi}, p.Hm3dq(at=0 * s).explain, name="Hm3dq.explain"),
        Call(p.CalEx.targets, {"model": open_cell}, p.CalEx().targets, name="CalEx.targets"),
        Call(p.CalEx.places, {"model": open_cell}, p.CalEx().places, name="CalEx.places"),
    ]
    return [
        call(p.SpikeTrain, {"times": [1, 2] * ms, "amounts": 2.0, **spikes},
             also={"amounts": {"two numbers": "one for each"}}),
        call(p.RegularSpikes, {"rate": 5 * Hz, "start": 0 * s, "stop": 1 * s, "amount": 2.0, **spikes}),
        call(p.PoissonSpikes, {"rate": 5 * Hz, "seed": 1, "start": 0 * s, "stop": 1 * s, "amount": 2.0, **spikes}),
        call(p.Pairings, {"delay": 10 * ms, "count": 3, "rate": 5 * Hz, "start": 0 * s},
             tp.models.GatedSynapse()),
        call(p.Constant, {"drive": 1 * uM / s}),
        call(p.Constant, {"values": {"drive": 1 * uM / s}}, name="Constant by path"),
        call(p.Steps, {"input": "drive", "times": [0, 1] * s, "values": [0, 1] * uM / s}),
        call(p.Steps, {"input": "rate", "times": [0, 1] * s, "values": [0, 1] * (1 / s), "stop": 2 * s},
             name="Steps of a parameter"),
        call(p.Clamp, {"state": "x", "values": [1, 2] * uM, "at": [0, 1] * s, "stop": 2 * s},
             also={"stop": {"a list of seconds": "one for each"}}),
        call(p.Pulses, {"input": "drive", "high": 1 * uM / s, "starts": [0.5] * s, "duration": 0.1 * s,
                        "low": 0 * uM / s}),
        call(p.Ramps, {"input": "drive", "times": [0, 1] * s, "values": [0, 1] * uM / s, "step": 10 * ms}),
        call(p.Ramps, {"input": "rate", "times": [0, 1] * s, "values": [0, 1] * (1 / s), "step": 10 * ms,
                       "stop": 2 * s}, name="Ramps of a parameter"),
        Call(p.Ramps.recorded, {"input": "drive", "recording": tp.Recording([0, 1] * s, [0, 1] * uM / s)},
             _acting(p.Ramps, model, p.Ramps.recorded)),
        call(p.Sine, {"input": "drive", "amplitude": 1 * uM / s, "frequency": 5 * Hz, "phase": 0.5, **course,
                      "step": 10 * ms}),
        call(p.WhiteNoise, {"input": "drive", "sd": 0.1 * uM / s, "every": 10 * ms, "seed": 1, **course}),
        call(p.OrnsteinUhlenbeckNoise, {"input": "drive", "sd": 0.1 * uM / s, "every": 10 * ms, "seed": 1,
                                        "time_constant": 20 * ms, **course}),
        call(p.Releases, {"event": "spike", "times": [1] * s, "amount": 1.0, "to": "cell.spike"}),
        call(tp.Perturbation, {"label": "off", "factors": {"rate": 0.5}, "at": 1 * ms, "stop": 2 * ms},
             also={"label": FREE}),
        Call(tp.Perturbation.targets, {"model": model}, tp.Perturbation("off", {"rate": 0.5}, at=0 * s).targets),
        Call(p.AbstractTargeted.effects, {"model": synapse}, drug.effects),
        Call(p.AbstractTargeted.targets, {"model": synapse}, drug.targets),
        Call(p.AbstractTargeted.missed, {"model": synapse}, drug.missed),
        Call(p.AbstractTargeted.explain, {"model": synapse}, drug.explain),
        *_drugs(),
        *tools,
    ]  # fmt: skip
