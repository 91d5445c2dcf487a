"""Fits and profiles of two parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

import tripartite as tp
from tripartite.units import s, uM

from ..call import STILL, Call, Decay
from .analysis import TIMES
from .stored import SIZES

f = tp.fit


def placed(rate: Any) -> dict[str, Any]:
    """Values by path from a free quantity."""
    return {"rate": rate}


def calls() -> list[Call]:
    model = tp.Model(cell=Decay())
    times = np.linspace(0, 3, 12)
    recording = tp.Recording(times * s, (np.exp(-1.3 * times) + 0.001 * np.cos(9 * times)) * uM)
    free = {"rate": f.Free(0.1 / s, 10 / s), "x": f.Free(0.5 * uM, 2 * uM)}
    good = {"model": model, "recording": recording, "reading": f.Direct("x"), "free": free, "protocol": STILL,
            "place": placed, "solver": tp.Tsit5(), "fixed": {"x": 1.0}}  # fmt: skip
    problem = f.Problem(model, recording, f.Direct("x"), free, protocol=STILL)
    found = f.fit(problem, screened=16, starts=1)
    profile = tp.identify.profile(found, "rate")
    return [
        Call(f.Direct, {"variable": "x"}, lambda variable: f.Problem(model, recording, f.Direct(variable), free,
                                                                     protocol=STILL)),
        Call(f.Scaled, {"variable": "x"}, lambda variable: f.Problem(model, recording, f.Scaled(variable), free,
                                                                     protocol=STILL)),
        Call(f.Linear, {"variable": "x"}, lambda variable: f.Problem(model, recording, f.Linear(variable), free,
                                                                     protocol=STILL)),
        Call(f.Free, {"low": 0.1 / s, "high": 10 / s}, also={"high": dict.fromkeys(
            ("text", "text of its own class", "long text"), "the name of another free quantity")}),
        Call(f.Free.number, {"value": 1 / s}, free["rate"].number),
        Call(f.Problem, good),
        Call(f.Problem.fix, {"x": 1.0}, problem.fix),
        Call(f.Problem.bounds, {"name": "x"}, problem.bounds),
        Call(f.Problem.known, {"name": "x"}, problem.known),
        Call(f.fit, {"problem": problem, "screened": 16, "starts": 1, "seed": 1, "guess": found.values,
                     "progress": False}),
        Call(f.Fit.bounds, {"name": "x"}, found.bounds),
        Call(f.Fit.unit, {"name": "x"}, found.unit),
        Call(f.Fit.curve, {"times": times}, found.curve, kinds={"times": "array"}, also={"times": TIMES}),
        Call(f.Fit.curves, {"times": times, "members": [found.values]}, found.curves,
             kinds={"times": "array", "members": "list"},
             also={"times": TIMES}),
        Call(f.Fit.doubts, {"level": 0.95, "of": "x"}, found.doubts),
        Call(tp.figures.plot_fit, {"found": found, "width": 7.0, "height": 4.2}, also=SIZES),
        Call(f.Quality.doubts, {"level": 0.95}, found.quality.doubts),
        Call(f.Fit.least, {"fixed": {"x": 1.0}, "starts": [found.values]}, found.least, kinds={"starts": "list"}),
        Call(tp.figures.plot_profile, {"found": profile, "width": 4.0, "height": 3.0}, also=SIZES),
        Call(tp.identify.Profile.plot, {"width": 4.0, "height": 3.0}, profile.plot, also=SIZES),
        Call(f.Fit.plot, {"width": 7.0, "height": 4.0}, found.plot, also=SIZES),
        Call(tp.identify.profile, {"objective": found, "name": "rate", "level": 0.95, "progress": False}),
        Call(tp.identify.Profile.accepted, {}, profile.accepted),
    ]  # fmt: skip
