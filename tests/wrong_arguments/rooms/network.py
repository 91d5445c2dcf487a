"""Populations, what connects, feeds and records them, and runs of a few cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import tripartite as tp
from tripartite.network import Network, rules
from tripartite.units import Hz, ms, mV, nS, s, um

from ..call import STILL, Call, Decay

n = tp.network
ONE = {"a class": "one class"}
CHOICE = {"chosen": "slice count array"}
NAMED = {
    "code": "any text can begin a name of a stored variable",
    "misread text": "any text can begin a name of a stored variable",
}


def calls() -> list[Call]:
    cells = n.Population(tp.models.CobaNeuron(), 10, positions=n.lattice(5, 2, 10 * um))
    shape = tp.Morphology.cable(10 * um, 1 * um, 3)
    branched = n.Population(Decay(), shape)
    synapse = tp.Compartment(tp.mechanisms.StaticSynapse())
    wiring = [synapse.conductance >> n.post.excitation]
    rule = rules.PairwiseBernoulli(0.5)
    astrocytes = n.Population(tp.models.NestAstrocyte(), 5)
    joined = n.Projection(cells, cells, synapse=synapse, rule=rule, wiring=wiring)
    network = n.Network(cells=cells, connections=[joined])
    still = n.Population(Decay(), 4)
    small = n.Network(still=still, step=1 * ms)
    driven = n.On(still, STILL)
    run = {"until": 5 * ms, "record": [n.States(still, every=1 * ms)], "protocol": driven, "seed": 1, "threads": 1,
           "progress": False}  # fmt: skip
    simulation = small.start(threads=1)
    simulation.run(2 * ms, protocol=driven)
    saved = simulation.save(Path("saved.zarr").absolute())
    resting = n.Network(still=n.Population(Still(), 2), step=1 * ms)
    random = np.random.default_rng(0)

    def loaded(**given: Any) -> Any:
        return small.run(**given).data.load()

    return [
        Call(n.Population, {"model": tp.models.CobaNeuron(), "size": 10, "count": 1,
                            "positions": [[0.0, 0.0]] * 10 * um, "values": {"v": -60 * mV}, "step": 1 * ms,
                            "method": n.Heun()}),
        Call(n.Population, {"model": Decay(), "size": shape, "count": 2, "positions": [[0.0, 0.0]] * 2 * um},
             only=["size", "count", "positions"], kinds={"size": "object count"}, name="Population of branching cells"),
        Call(n.Population.__getitem__, {"chosen": slice(0, 3)}, cells.__getitem__, kinds=CHOICE),
        Call(n.Population.__getitem__, {"chosen": "branch"}, branched.__getitem__, kinds=CHOICE,
             name="Population region"),
        Call(n.Population.near, {"centre": [15.0, 15.0] * um, "radius": 20 * um, "space": n.Torus(1 * um)}, cells.near),
        Call(n.Population.between, {"low": [0.0, 0.0] * um, "high": [20.0, 30.0] * um}, cells.between),
        Call(n.PoissonGroup, {"size": 2, "rate": 5 * Hz, "positions": [[0.0, 0.0]] * 2 * um}),
        Call(n.PoissonInput, {"cells": cells, "event": "excitation", "rate": 5 * Hz, "amount": 1 * nS}),
        Call(n.SpikeTrains, {"size": 3, "cells": [1, 2], "times": [1, 2] * ms, "positions": [[0.0, 0.0]] * 3 * um}),
        Call(n.Projection, {"pre": cells, "post": cells, "third": astrocytes, "synapse": synapse, "rule": rule,
                            "attach": rules.BernoulliWithPool(), "delay": 1 * ms, "wiring": wiring,
                            "values": {"weight": 1 * nS}, "method": n.Heun(), "step": 1 * ms,
                            "partners": {"dopamine": astrocytes[:1]}},
             also={"delay": {"a list of seconds": "one for each synapse"}}),
        Call(n.Partner, {"cells": astrocytes, "attach": rules.BernoulliWithPool(), "delay": 1 * ms}),
        Call(n.partner, {"name": "dopamine"}),
        Call(n.Coupling, {"cells": n.Population(tp.models.Chi(), 4), "mechanism": tp.mechanisms.Ip3Coupling(),
                          "neighbours": rules.Ring(), "values": {}}),
        Call(n.Diffusion, {"cells": branched, "x": 10 * um**2 / s}),
        Call(n.Network, {"cells": cells, "step": 0.1 * ms, "seed": 1, "placement": n.Exact(), "precision": np.float32,
                         "inputs": [], "connections": []}),
        Call(Network.__getitem__, {"name": "still"}, small.__getitem__),
        Call(Network.edges, {"name": "synapses0"}, network.edges),
        Call(n.ByDistance, {"function": lambda d: d, "space": n.Torus(200 * um)}),
        Call(n.Conduction, {"velocity": 1 * um / ms, "offset": 1 * ms, "space": n.Torus(200 * um)}),
        Call(Network.run, run, loaded, kinds={"record": "list object"}),
        Call(Network.run, {"until": 5 * ms, "protocol": driven, "stream_to": "streamed.zarr"}, loaded,
             only=["stream_to"], name="Network.run to a folder"),
        Call(Network.run, {"until": 4 * ms, "solver": n.Bdf()}, resting.run, only=["solver", "until"],
             name="Network.run implicitly"),
        Call(Network.start, {"seed": 1, "threads": 1}, small.start),
        Call(Network.estimate, {"threads": 1}, small.estimate, also={"threads": {"none": "all there are"}}),
        Call(Network.convergence, {"until": 4 * ms, "seeds": 1, "threads": 1},
             resting.convergence),
        Call(Network.resume, {"path": "nowhere.zarr", "threads": 1, "progress": False, "classes": [Decay]},
             resumed(small), kinds={"classes": "list object"}, also={"classes": ONE}),
        Call(n.Simulation, {"network": small, "seed": 1, "threads": 1}),
        Call(n.Simulation.run, {"duration": 2 * ms, "record": [], "protocol": driven, "progress": False},
             simulation.run, kinds={"record": "list object"}),
        Call(n.Simulation.save, {"path": "kept.zarr"}, simulation.save),
        Call(n.Simulation.load, {"path": saved, "network": small, "threads": 1, "classes": [Decay]},
             kinds={"classes": "list object"}, also={"classes": ONE}),
        Call(n.Simulation.__getitem__, {"name": "still_cell_x"}, simulation.__getitem__),
        Call(n.On, {"where": cells, "protocol": STILL}),
        Call(n.Spikes, {"cells": cells, "name": "spikes"}, also={"name": NAMED}),
        Call(n.Spikes, {"events": "spike"}, lambda events: n.Spikes(cells, events), name="Spikes of", also={
            "events": {**NAMED, "a mock": "never"}}),
        Call(n.States, {"cells": cells, "every": 1 * ms, "name": "kept"}, also={"name": NAMED}),
        Call(n.States, {"quantities": "v"}, lambda quantities: n.States(cells, quantities), name="States of",
             also={"quantities": NAMED}),
        Call(n.Average, {"cells": cells, "every": 1 * ms, "name": "kept"}, also={"name": NAMED}),
        Call(n.Average, {"quantities": "v"}, lambda quantities: n.Average(cells, quantities), name="Average of",
             also={"quantities": NAMED}),
        Call(n.Synapses, {"projection": joined, "every": 1 * ms, "name": "kept"},
             also={"name": NAMED, "every": {"none": "as often as is usual"}}),
        Call(n.Synapses, {"quantities": "weight"}, lambda quantities: n.Synapses(joined, quantities, every=1 * ms),
             name="Synapses of", also={"quantities": NAMED}),
        Call(n.Uniform, {"low": -1 * mV, "high": 1 * mV}, lambda **g: n.Uniform(**g).draw(random, 3, "mV", "v")),
        Call(n.Normal, {"mean": 0 * mV, "sd": 1 * mV, "low": -5 * mV, "high": 5 * mV},
             lambda **g: n.Normal(**g).draw(random, 3, "mV", "v")),
        Call(n.lattice, {"rows": 2, "columns": 3, "spacing": 10 * um}),
        Call(n.ring, {"size": 5, "spacing": 10 * um}),
        Call(n.scatter, {"size": 5, "extent": [10, 10] * um, "seed": 1}),
        Call(n.Torus, {"extent": [100, 100] * um}),
        Call(n.Euler, {"substeps": 1}),
        Call(n.Heun, {"substeps": 1}),
        Call(n.RungeKutta4, {"substeps": 1}),
        Call(n.Bdf, {"rtol": 1e-6, "atol": 1e-8}),
        Call(n.mean, {"port": synapse.conductance}),
        Call(n.total, {"port": synapse.conductance}),
        Call(Network.name_of, {"group": cells, "where": "a test"}, network.name_of, only=["group"]),
        Call(tp.language.Port.__rshift__, {"target": n.post.excitation}, n.mean(synapse.conductance).__rshift__,
             name="mean >>"),
    ]  # fmt: skip


class Still(tp.Mechanism):
    """One state that decays by itself."""

    x = tp.State(1.0, "uM", "x: what decays", low=0)
    rate = tp.Parameter(1.0, "1/s", "k: rate of decay", "assumed: a test", low=0)

    def rates(q):
        return {"x": -q.rate * q.x}


def resumed(network: Any) -> Any:
    """`Network.resume` of a run that was streamed before."""
    still = network.groups["still"]
    place = Path("resumed.zarr").absolute()
    network.run(until=5 * ms, protocol=n.On(still, STILL), stream_to=place, threads=1)

    def resume(path: Any, **given: Any) -> Any:
        return network.resume(place if isinstance(path, str) and path == "nowhere.zarr" else path, **given)

    return resume
