"""Figures of results, recordings and arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr

import tripartite as tp
from tripartite.language.protocol import Bar
from tripartite.units import ms

from ..call import STILL, Call, Decay
from .language import FREE
from .stored import SIZES

g = tp.figures


def calls() -> list[Call]:
    course = xr.DataArray(np.linspace(0, 1, 20), {"time": np.arange(20.0)}, ["time"], attrs={"units": "uM"})
    result = tp.simulate(tp.Model(cell=Decay()), STILL, until=10 * ms)
    recording = tp.Recording.of(course)
    made, axes = g.figure()
    return [
        Call(g.plot, {"result": course}),
        Call(g.plot, {"names": "x"}, lambda names: g.plot(result, names), name="plot of"),
        Call(g.plot, {"result": result, "width": 7.0, "height": 3.0}, only=["width", "height"], name="plot sized",
             also=SIZES),
        Call(g.compare, {"results": {"one": result, "two": result}, "width": 7.0, "height": 3.0},
             lambda results, **more: g.compare(results, **more), kinds={"results": "mapping object"},
             also=SIZES),
        Call(g.compare, {"names": "x"}, lambda names: g.compare({"a": result}, names), name="compare of"),
        Call(g.compare, {"one": result}, name="compare named"),
        Call(g.plot_recording, {"recording": recording, "events": tp.analysis.calcium_events(recording), "width": 7.0,
                                "height": 2.0}, also=SIZES),
        Call(g.figure, {"rows": 1, "columns": 1, "width": 7.0, "height": 2.0}, also=SIZES),
        Call(g.bars, {"panel": axes[0, 0], "marks": [Bar("drug", 0.0, 1.0)], "colours": {"drug": "black"}}),
        Call(g.label_panels, {"axes": axes}, kinds={"axes": "list object"}),
        Call(g.headed, {"made": g.figure()[0], "sentence": "What is seen"}, also={
            "sentence": {**FREE, "empty text": "no line"}}),
        Call(g.lettered, {"made": made}),
        Call(g.save, {"made": made, "path": Path("figure.png")}),
        Call(g.ShownFigure.save, {"path": "figure.png"}, made.save),
    ]  # fmt: skip
