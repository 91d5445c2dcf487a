"""Calls that are right, room by room: each argument in turn is replaced by a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

import tripartite as tp
from tripartite.network import rules
from tripartite.units import Hz, ms, mV, nS, s, uM, um


class Call(NamedTuple):
    """A function, or one that uses what it makes, with arguments that are right."""

    name: str
    function: Callable[..., Any]
    good: dict[str, Any]


class Decay(tp.Mechanism):
    """One state that decays: what costs least to compile."""

    x = tp.State(1.0, "uM", "x: what decays", low=0)
    drive = tp.Input("uM/s", "what is added")
    rate = tp.Parameter(1.0, "1/s", "k: rate of decay", "assumed: a test", low=0)

    def rates(q):
        return {"x": q.drive - q.rate * q.x}

    def on_spike(q):
        return {"x": 2 * q.x}


def mechanisms() -> list[Call]:
    """Every mechanism with its first parameters and starts as they are declared."""
    kinds = [getattr(tp.mechanisms, name) for name in tp.mechanisms.__all__]
    kinds = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, tp.Mechanism)]
    found = []
    for kind in kinds:
        whole = kind()
        names = list(whole.values)
        found.append(Call(f"mechanisms.{kind.__name__}", kind, {name: getattr(whole, name) for name in names}))
    return found


def protocols() -> list[Call]:
    """Stimuli, as `simulate` asks for their actions."""
    model = tp.Model(cell=Decay())

    def acting(kind: type[tp.Protocol]) -> Callable[..., Any]:
        return lambda **given: list(kind(**given).actions(model, 1000.0, 0))

    p = tp.protocols
    cell = tp.Model(cell=tp.mechanisms.LeakyIntegrateFire())
    synapse = tp.Model(bouton=tp.mechanisms.AdenosineInhibition())
    return [
        Call("SpikeTrain", acting(p.SpikeTrain), {"times": [1, 2] * ms, "event": "spike", "to": None}),
        Call("RegularSpikes", acting(p.RegularSpikes),
             {"rate": 5 * Hz, "start": 0 * s, "stop": 1 * s, "event": "spike"}),
        Call("PoissonSpikes", acting(p.PoissonSpikes), {"rate": 5 * Hz, "seed": 1, "start": 0 * s, "stop": 1 * s}),
        Call("Constant", acting(p.Constant), {"drive": 1 * uM / s}),
        Call("Constant by path", acting(p.Constant), {"values": {"drive": 1 * uM / s}}),
        Call("Steps", acting(p.Steps), {"input": "drive", "times": [0, 1] * s, "values": [0, 1] * uM / s}),
        Call("Pulses", acting(p.Pulses), {"input": "drive", "high": 1 * uM / s, "starts": [1] * s, "duration": 1 * s}),
        Call("Releases", acting(p.Releases), {"event": "spike", "times": [1] * s, "amount": 1.0}),
        Call("Perturbation", acting(tp.Perturbation),
             {"label": "off", "factors": {"rate": 0.5}, "at": 1 * ms, "stop": 2 * ms}),
        Call("Perturbation of a neuron", lambda **g: list(tp.Perturbation(**g).actions(cell, 1e3, 0)),
             {"label": "leak", "factors": {"g_leak": 0.5}, "at": 1 * ms}),
        Call("Hm3dq", lambda **g: list(p.Hm3dq(**g).actions(p.Hm3dq(**g).equipped(tp.models.GChi()), 1e3, 0)),
             {"at": 0 * s, "dose": 1 * uM}),
        Call("Dpcpx", lambda **g: list(p.Dpcpx(**g).actions(synapse, 1e3, 0)), {"at": 0 * s, "dose": 1 * uM}),
    ]  # fmt: skip


def language() -> list[Call]:
    """Declarations, compartments, models and sets."""
    synapse = tp.models.TripartiteSynapse()
    values = tp.ParameterSet("set", "assumed: a test", rate=2 / s)
    part = tp.Compartment(Decay())
    return [
        Call("State", lambda **g: type("M", (tp.Mechanism,), {"y": tp.State(**g)}),
             {"value": 1.0, "unit": "uM", "meaning": "y: a state", "low": 0.0, "high": 2.0}),
        Call("Parameter", lambda **g: type("M", (tp.Mechanism,), {"y": tp.Parameter(**g)}),
             {"value": 1.0, "unit": "uM", "meaning": "y: a parameter", "source": "assumed: a test", "low": 0.0}),
        Call("Input", lambda **g: type("M", (tp.Mechanism,), {"y": tp.Input(**g)}),
             {"unit": "uM", "meaning": "y: input"}),
        Call("ParameterSet", tp.ParameterSet, {"name": "set", "source": "assumed: a test", "rate": 2 / s}),
        Call("Compartment", lambda part: tp.Compartment(part), {"part": Decay()}),
        Call("Model", tp.Model, {"cell": part, "wiring": []}),
        Call("replace", synapse.replace, {"changes": {"bouton.recovery": 1 / s}, "source": "assumed: a test"}),
        Call("using", tp.Model(cell=Decay()).using, {"values": values}),
        Call("add", tp.Model(cell=part).add, {"cell": tp.mechanisms.FixedUtilization()}),
        Call("getitem", lambda path: synapse[path], {"path": "bouton.recovery"}),
        Call("mechanism replace", Decay().replace, {"source": "assumed: a test", "rate": 2 / s}),
    ]  # fmt: skip


def solve() -> list[Call]:
    """Runs of one state."""
    model = tp.Model(cell=Decay())
    run = {"model": model, "protocol": tp.protocols.Constant(drive=0 * uM / s), "until": 10 * ms}

    def result(**given: Any) -> Any:
        return tp.simulate(**given).data.load()

    return [
        Call("simulate", result, {**run, "solver": tp.Tsit5(), "save_every": 1 * ms, "seed": 0, "progress": False}),
        Call("simulate at", result, {**run, "save_at": [1, 2] * ms, "vary": {"cell.x": [1, 2] * uM}}),
        Call("Tsit5", tp.Tsit5, {"rtol": 1e-6, "atol": 1e-9, "max_steps": 1000}),
        Call("Kvaerno5", tp.Kvaerno5, {"rtol": 1e-6, "atol": 1e-9, "max_steps": 1000}),
        Call("EulerMaruyama", lambda **g: tp.EulerMaruyama(**g).in_ms(), {"step": 1 * ms, "noise_step": 1 * ms}),
        Call("Milstein", lambda **g: tp.Milstein(**g).in_ms(), {"step": 1 * ms, "noise_step": 1 * ms}),
        Call("steady_states", tp.steady_states, {"model": model, "protocol": run["protocol"]}),
        Call("continuation", tp.continuation,
             {"model": model, "path": "drive", "low": 0 * uM / s, "high": 1 * uM / s, "step": 0.5, "most": 10}),
    ]  # fmt: skip


def stored() -> list[Call]:
    """Results: what they are asked, and what they are read from."""
    result = tp.simulate(tp.Model(cell=Decay()), tp.protocols.Constant(drive=0 * uM / s), until=10 * ms)
    return [
        Call("result getitem", lambda path: result[path], {"path": "x"}),
        Call("message", result.message, {"member": 0}),
        Call("events", result.events, {"path": "spike"}),
        Call("load", tp.Result.load, {"path": "nowhere.nc"}),
        Call("rerun", tp.rerun, {"result": result}),
        Call("plot", lambda name: result.plot(name), {"name": "x"}),
    ]


def network() -> list[Call]:
    """Declared networks, without running them; rules connect ten cells to ten."""
    n = tp.network
    cells = n.Population(tp.models.CobaNeuron(), 10, positions=n.lattice(5, 2, 10 * um))
    place = rules.Cells(10, cells.positions)

    def connected(kind: type[rules.AbstractRule]) -> Callable[..., Any]:
        return lambda **given: kind(**given).connect(place, place, 1, 1, False)

    return [
        Call("Population", n.Population,
             {"model": tp.models.CobaNeuron(), "size": 10, "count": 1, "positions": None, "values": {}, "step": 1 * ms,
              "method": n.Heun()}),
        Call("PoissonGroup", n.PoissonGroup, {"size": 10, "rate": 5 * Hz}),
        Call("PoissonInput", n.PoissonInput, {"cells": cells, "event": "excitation", "rate": 5 * Hz, "amount": 1 * nS}),
        Call("SpikeTrains", n.SpikeTrains, {"size": 3, "cells": [1, 2], "times": [1, 2] * ms}),
        Call("Network", lambda **given: n.Network(cells=cells, **given),
             {"step": 0.1 * ms, "seed": 1, "placement": n.Exact(), "inputs": [], "connections": []}),
        Call("Spikes", n.Spikes, {"cells": cells, "name": "spikes"}),
        Call("States", lambda cells, quantity, **given: n.States(cells, quantity, **given),
             {"cells": cells, "quantity": "v", "every": 1 * ms, "only": None, "name": "kept"}),
        Call("Average", lambda cells, quantity, **given: n.Average(cells, quantity, **given),
             {"cells": cells, "quantity": "v", "every": 1 * ms, "name": "kept"}),
        Call("Uniform", lambda **given: n.Uniform(**given).draw(np.random.default_rng(0), 3, "mV", "v"),
             {"low": -1 * mV, "high": 1 * mV}),
        Call("Normal", lambda **given: n.Normal(**given).draw(np.random.default_rng(0), 3, "mV", "v"),
             {"mean": 0 * mV, "sd": 1 * mV, "low": -5 * mV, "high": 5 * mV}),
        Call("lattice", lambda columns, rows, spacing: n.lattice(columns, rows, spacing),
             {"columns": 2, "rows": 3, "spacing": 10 * um}),
        Call("Torus", n.Torus, {"extent": [100, 100] * um}),
        Call("slice", lambda chosen: cells[chosen], {"chosen": slice(0, 3)}),
        Call("PairwiseBernoulli", connected(rules.PairwiseBernoulli), {"p": 0.5, "autapses": True}),
        Call("FixedInDegree", connected(rules.FixedInDegree), {"k": 2, "autapses": True, "multapses": True}),
        Call("FixedOutDegree", connected(rules.FixedOutDegree), {"k": 2, "autapses": True, "multapses": True}),
        Call("FixedTotalNumber", connected(rules.FixedTotalNumber), {"n": 2}),
        Call("Explicit", connected(rules.Explicit), {"pre": [0, 1], "post": [1, 2]}),
        Call("DistanceDependent", connected(rules.DistanceDependent),
             {"profile": rules.Gaussian(0.5, 10 * um), "autapses": False, "space": None}),
        Call("Gaussian", lambda **given: rules.Gaussian(**given).numbers(), {"peak": 0.5, "sigma": 10 * um}),
        Call("OneToOne", connected(rules.OneToOne), {}),
    ]  # fmt: skip


def figures() -> list[Call]:
    """Figures of arrays."""
    course = xr.DataArray(np.linspace(0, 1, 20), {"time": np.arange(20.0)}, ["time"], attrs={"units": "uM"})
    return [Call("figures.plot", tp.figures.plot, {"result": course})]


ROOMS: dict[str, Callable[[], list[Call]]] = {
    "mechanisms": mechanisms,
    "protocols": protocols,
    "language": language,
    "solve": solve,
    "stored": stored,
    "network": network,
    "figures": figures,
}
