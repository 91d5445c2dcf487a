"""Results and recordings: what they are asked, and what they are read from and written to."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import tripartite as tp
from tripartite.units import ms, s, uM

from ..call import STILL, Call, Decay
from .language import FREE

R = tp.Recording
FILE = dict.fromkeys(("code", "misread text", "a number as text"), "a file may have any name")
SIZES = {"width": {"none": "as usual"}, "height": {"none": "as usual"}}
FOUND = {"none": "found out"}
NO_UNIT = {"a unit": "a unit", "empty text": "no unit"}
PLAIN = {"a number as text": "seconds", "text in seconds": "seconds"}


def calls() -> list[Call]:
    result = tp.simulate(tp.Model(cell=Decay()), STILL, until=10 * ms, vary={"x": [1, 2] * uM})
    saved = result.save(Path("kept.nc").absolute())
    times, values = np.arange(20.0), np.sin(np.arange(20.0))[:, None] + np.ones(2)
    recording = R(times * s, values * uM, places=["soma", "process"])
    table = recording.to_csv(Path("table.csv").absolute())
    bare = Path("bare.csv").absolute()
    bare.write_text("1;2\n3;4\n5;6\n")
    told = {"time": 0, "unit": "uM", "time_unit": "s", "columns": [1], "delimiter": ";", "decimal": ".",
            "encoding": "utf-8"}  # fmt: skip
    return [
        Call(tp.Result.__getitem__, {"path": "x"}, result.__getitem__),
        Call(tp.Result.resolve, {"path": "x"}, result.resolve),
        Call(tp.Result.message, {"member": 1}, result.message),
        Call(tp.Result.events, {"path": "cell.spike"}, spiking().events),
        Call(tp.Result.save, {"path": "saved.nc"}, result.save),
        Call(tp.Result.save, {"path": "saved.zarr"}, result.save, name="Result.save as a folder"),
        Call(tp.Result.load, {"path": saved}, lambda path: tp.Result.load(path).data),
        Call(tp.Result.plot, {"names": "x"}, lambda names: result.plot(names)),
        Call(tp.Result.plot, {"width": 7.0, "height": 3.0}, result.plot, name="Result.plot sized", also=SIZES),
        Call(R, {"times": np.arange(3.0), "values": np.ones((3, 2)), "sigma": 0.1, "unit": "uM", "name": "calcium",
                 "places": ["soma", "process"]},
             kinds={"values": "array gappy", "sigma": "number array", "places": "list"}, also={
                 "name": {**FREE, **dict.fromkeys(("empty text", "blank text"), "no name")}, "unit": NO_UNIT,
                 "sigma": {"nanomolar": "converted"}, "places": {"text in an array": "names"}}),
        Call(R, {"times": [1, 2, 3] * s, "values": [1, 2, 3] * uM}, name="Recording of quantities",
             kinds={"values": "array gappy level"}),
        Call(R.of, {"given": recording}),
        Call(R.read_csv, {"path": table}),
        Call(R.read_csv, {"path": bare, **told}, name="read_csv told", kinds={"time": "count", "columns": "array"},
             also={**dict.fromkeys(told, FOUND), "unit": {**NO_UNIT, **FOUND}, "time_unit": {**FOUND, **NO_UNIT}}),
        Call(R.read_csv, {"path": bare, "frame_rate": 5 / s}, name="read_csv without times"),
        Call(R.to_csv, {"path": Path("written.csv")}, recording.to_csv, also={"path": FILE}),
        Call(R.plot, {"width": 7.0, "height": 3.0}, recording.plot, also=SIZES),
        Call(R.plot, {"events": tp.analysis.calcium_events(recording)}, recording.plot, name="Recording.plot events",
             also={"events": {"none": "no events"}}),
        Call(R.between, {"start": 2 * s, "stop": 9 * s}, recording.between,
             kinds=dict.fromkeys(("start", "stop"), "level"), also=dict.fromkeys(("start", "stop"), PLAIN)),
        Call(R.to, {"unit": "nM"}, recording.to),
        Call(R.__getitem__, {"place": "soma"}, recording.__getitem__, kinds={"place": "count"}),
    ]  # fmt: skip


def spiking() -> tp.Result:
    """A result with events."""
    cell = tp.Model(cell=tp.mechanisms.LeakyIntegrateFire())
    return tp.simulate(cell, until=50 * ms)
