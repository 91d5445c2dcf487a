"""Runs, gradients, fixed points and branches of one state."""

from __future__ import annotations

from typing import Any

import tripartite as tp
from tripartite.units import ms, s, uM

from ..call import STILL, Call, Decay


class Noisy(tp.Mechanism):
    """One state with noise."""

    x = tp.State(1.0, "uM", "x: what decays")
    rate = tp.Parameter(1.0, "1/s", "k: rate of decay", "assumed: a test", low=0)
    spread = tp.Parameter(0.1, "uM/s**0.5", "noise", "assumed: a test", low=0)

    def rates(q):
        return {"x": -q.rate * q.x}

    def noise(q):
        return {"x": q.spread}


def last(traces: Any) -> Any:
    """A scalar of a run."""
    return traces["x"][-1]


def mean(run: Any) -> Any:
    """A read-out."""
    return run["x"].mean()


def calls() -> list[Call]:
    model = tp.Model(cell=Decay())
    run = {"model": model, "protocol": STILL, "until": 10 * ms}
    readouts = {"mean": mean}
    rows = {"half": tp.Perturbation("half", {"rate": 0.5}, at=0 * s)}
    table = tp.knockouts(model, rows, readouts, STILL, 10 * ms)
    result = tp.simulate(model, STILL, until=10 * ms)

    def loaded(**given: Any) -> Any:
        return tp.simulate(**given).data.load()

    return [
        Call(tp.simulate, {**run, "solver": tp.Tsit5(), "save_every": 1 * ms, "seed": 0, "progress": False}, loaded,
             kinds={"seed": "count counts"}, also={"model": {"a class": "never"}}),
        Call(tp.simulate, {**run, "save_at": [1, 2] * ms, "vary": {"cell.x": [1, 2] * uM}}, loaded,
             only=["save_at", "vary"], name="simulate some"),
        Call(tp.simulate, {**run, "stream_to": "run.zarr"}, loaded, only=["stream_to"], name="simulate to a folder"),
        Call(tp.simulate, {"model": Noisy(), "until": 10 * ms, "solver": tp.Milstein(1 * ms), "seed": 1}, loaded,
             only=["solver", "seed", "until"], kinds={"seed": "count counts"}, name="simulate noise"),
        Call(tp.simulate, {**run, "solver": tp.Kvaerno5()}, loaded, only=["until"], name="simulate stiff"),
        Call(tp.Tsit5, {"rtol": 1e-6, "atol": 1e-9, "max_steps": 1000},
             lambda **g: loaded(**run, solver=tp.Tsit5(**g))),
        Call(tp.Kvaerno5, {"rtol": 1e-6, "atol": 1e-9, "max_steps": 1000},
             lambda **g: loaded(**run, solver=tp.Kvaerno5(**g))),
        Call(tp.EulerMaruyama, {"step": 1 * ms, "noise_step": 1 * ms},
             lambda **g: loaded(model=Noisy(), until=10 * ms, solver=tp.EulerMaruyama(**g))),
        Call(tp.Milstein, {"step": 1 * ms, "noise_step": 1 * ms},
             lambda **g: loaded(model=Noisy(), until=10 * ms, solver=tp.Milstein(**g))),
        Call(tp.gradient, {"loss": last, **run, "by": ["rate"], "solver": tp.Tsit5(), "save_every": 1 * ms, "seed": 0},
             kinds={"by": "list text"}),
        Call(tp.gradient, {"loss": last, **run, "by": ["rate"], "save_at": [1, 2] * ms}, only=["save_at"],
             name="gradient some"),
        Call(tp.steady_states, {"model": model, "protocol": STILL, "starts": {"x": 0.5 * uM}, "count": 4}),
        Call(tp.continuation, {"model": model, "path": "drive", "low": 0 * uM / s, "high": 1 * uM / s,
                               "protocol": STILL, "start": {"x": 0.1 * uM}, "step": 0.5, "most": 10}),
        Call(tp.rerun, {"result": result, "classes": [Decay]}, kinds={"classes": "list object"}),
        Call(tp.knockouts, {"model": model, "perturbations": rows, "readouts": readouts, "protocol": STILL,
                            "until": 10 * ms}, kinds={"perturbations": "mapping list"}),
        Call(tp.perturb.Knockouts.applies, {"perturbation": "half"}, table.applies),
        Call(tp.perturb.Knockouts.__getitem__, {"place": ("half", "mean")}, table.__getitem__),
    ]  # fmt: skip
