"""Declarations, compartments, models, sets, sources."""

from __future__ import annotations

from typing import Any

import numpy as np

import tripartite as tp
from tripartite import language, sources
from tripartite.units import s, uM

from ..call import STILL, Call, Decay

FREE = {
    "code": "any text names or explains",
    "misread text": "any text names or explains",
}

ANY = dict.fromkeys(
    ("kilograms", "degrees", "negative seconds", "text in seconds", "a number as text", "a unit", "nanomolar",
     "millivolt", "percent", "a number without a unit"),
    "only the mechanism knows the dimension and the range",
)  # fmt: skip


def calls() -> list[Call]:
    synapse, decay = tp.models.TripartiteSynapse(), tp.Model(cell=Decay())
    values = tp.ParameterSet("set", "assumed: a test", rate=2 / s)
    part, more = tp.Compartment(Decay()), tp.Compartment(Decay())
    both = tp.Model(one=part, two=more)
    wiring = [synapse.compartments["bouton"].release >> synapse.compartments["cleft"].release]
    whole = {"bouton": synapse.compartments["bouton"], "cleft": synapse.compartments["cleft"]}

    def declared(kind: type) -> Any:
        return lambda **given: type("M", (tp.Mechanism,), {"y": kind(**given)})

    return [
        Call(tp.State, {"value": 1.0, "unit": "uM", "meaning": "y: a state", "low": 0.0, "high": 2.0,
                        "supersedes": False}, declared(tp.State), also={"meaning": FREE}),
        Call(tp.Parameter, {"value": 1.0, "unit": "uM", "meaning": "y: a parameter", "source": "assumed: a test",
                            "low": 0.0, "high": 2.0, "target": "SERCA"}, declared(tp.Parameter),
             also={"meaning": FREE, "target": FREE}),
        Call(language.Target, {"name": "SERCA"}, also={"name": FREE}),
        Call(language.HalfConcentration, {"name": "SERCA"}, also={"name": FREE}),
        Call(language.BindingRate, {"name": "SERCA"}, also={"name": FREE}),
        Call(tp.Parameter.but, {"value": 1.0, "unit": "uM", "low": 0.0}, Decay.rate.but,
             also={"low": {"none": "no bound"}}),
        Call(tp.Input, {"unit": "uM", "meaning": "y: input", "low": 0.0, "high": 2.0, "default": 1.0},
             declared(tp.Input),
             also={"meaning": FREE, "high": {"infinite": "no bound"}}),
        Call(tp.Output, {"unit": "uM", "meaning": "y: output", "supersedes": True}, tp.Output, also={"meaning": FREE}),
        Call(tp.Emission, {"unit": "uM", "meaning": "y: emission"}, tp.Emission, also={"meaning": FREE}),
        Call(language.Chance, {"meaning": "y: luck"}, declared(language.Chance), also={"meaning": FREE}),
        Call(tp.ParameterSet, {"name": "set", "source": "assumed: a test", "rate": 2 / s},
             kinds={"rate": "level"}, also={"name": FREE, "rate": ANY}),
        Call(tp.ParameterSet.but, {"name": "other", "rate": 3 / s}, values.but, kinds={"rate": "level"},
             also={"name": FREE, "rate": ANY}),
        Call(tp.ParameterSet.without, {"names": "rate"}, lambda names: values.without(names)),
        Call(tp.ParameterSet.source_of, {"name": "rate"}, values.source_of),
        Call(tp.ParameterSet.__getitem__, {"name": "rate"}, values.__getitem__),
        Call(tp.Compartment, {"mechanisms": Decay()}, lambda mechanisms: tp.Compartment(mechanisms)),
        Call(tp.Compartment.replace, {"rate": 2 / s}, part.replace),
        Call(tp.Compartment.using, {"values": values}, part.using),
        Call(tp.Compartment.__add__, {"mechanism": tp.mechanisms.FixedUtilization()}, part.__add__),
        Call(language.Port.__rshift__, {"target": more.drive}, part.x.__rshift__),
        Call(tp.Model, {"wiring": wiring, **whole}),
        Call(tp.Model.replace, {"changes": {"one.rate": 1 / s}, "source": "assumed: a test"}, both.replace,
             also={"source": FREE}),
        Call(tp.Model.hold, {"changes": {"one.rate": 1 / s}, "source": "assumed: a test"}, both.hold,
             also={"source": FREE}),
        Call(tp.Model.using, {"values": values}, decay.using),
        Call(tp.Model.add, {"cell": tp.mechanisms.FixedUtilization()}, decay.add,
             also={"cell": dict.fromkeys(("empty list", "empty tuple"), "nothing is added")}),
        Call(tp.Model.__getitem__, {"path": "bouton.recovery"}, synapse.__getitem__),
        Call(tp.Mechanism.replace, {"source": "assumed: a test", "rate": 2 / s}, Decay().replace,
             also={"source": FREE}),
        Call(tp.Mechanism.using, {"values": values}, Decay().using),
        Call(tp.Mechanism, {"x": 1 * uM, "rate": 2 / s}, Decay, name="Mechanism"),
        Call(language.as_model, {"item": Decay()}),
        Call(tp.Protocol.__and__, {"other": STILL}, STILL.__and__),
        Call(sources.check, {"source": "assumed: a test"}),
        Call(sources.cite, {"sources": ["depitta2009, table 1"]}, kinds={"sources": "list text"},
             also={"sources": {**FREE, **dict.fromkeys(
                 ("text in an array", "a table of pandas"), "texts, of which it takes the keys")}}),
        Call(sources.keys_in, {"source": "depitta2009, table 1"}, also={"source": FREE}),
        Call(sources.papers, {"stated": {"a": "depitta2009"}}),
        Call(sources.reference, {"key": "depitta2009"}),
        Call(tp.units.unit, {"text": "uM/s"}, also={"text": dict.fromkeys(("empty text", "blank text"), "no unit")}),
        Call(tp.units.to_internal, {"value": np.array([1.0, 2.0]) * uM, "expected": "uM", "name": "x"}, only=["value"]),
    ]  # fmt: skip
