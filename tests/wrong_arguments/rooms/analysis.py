"""From recordings to numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import tripartite as tp
from tripartite.units import s, uM, um

from ..call import Call
from .stored import FILE, SIZES

a = tp.analysis
TIME = {"a number as text": "seconds"}
TIMES = dict.fromkeys(
    ("not a number in seconds", "negative seconds", "infinite seconds", "two seconds", "a list of seconds",
     "text in seconds", "a unit"),
    "times, of which those that are not finite are no spikes",
)  # fmt: skip


def calls() -> list[Call]:
    times = np.arange(0.0, 30.0, 0.1)
    course = np.clip(np.sin(times) ** 21, 0, None) + 0.01 * np.cos(37 * times)
    values = np.column_stack([course, course**2 + 0.1])
    recording = tp.Recording(times * s, values * uM)
    gappy = {"recording": "array", "values": "array gappy", "times": "array gappy"}
    both: dict[str, Any] = {"recording": times, "values": values}
    events = a.calcium_events(recording)
    buffers = [a.Buffer(100 * uM, 1 * uM)]
    spread = 200 * um**2 / s
    spikes = np.linspace(0, 10, 50)
    return [
        Call(a.calcium_events, {**both, "threshold": 0.5, "back": 0.3, "smooth": 0.5 * s}, kinds={
            **gappy, "threshold": "array number", "back": "array number", "smooth": "level"}, also={"smooth": TIME}),
        Call(a.calcium_events, {"recording": recording, "deviations": 4.5, "fall": 0.3}, name="calcium_events risen"),
        Call(a.event_threshold, {"values": values, "deviations": 5.0}, kinds={"values": "array gappy"}),
        Call(a.scopes, {"events": events, "soma": 0, "window": 1.0, "majority": 0.5}, also={
            "window": {"text in seconds": "a time", "a unit": "a time"}}),
        Call(a.CalciumEvents.of, {"place": 0}, events.of, also={"place": {"a number as text": "its name"}}),
        Call(a.CalciumEvents.plot, {"width": 7.0, "height": 2.0}, events.plot, also=SIZES),
        Call(a.CalciumEvents.to_csv, {"path": Path("events.csv")}, events.to_csv, also={"path": FILE}),
        Call(a.first_crossings, {**both, "threshold": 0.5}, kinds={**gappy, "threshold": "array number"}),
        Call(a.rate, {"times": spikes, "size": 10, "begin": 0 * s, "end": 10 * s}, kinds={
            **gappy, "begin": "level", "end": "level"}, also={"begin": TIME, "end": TIME, "times": TIMES}),
        Call(a.rate_course, {"times": spikes, "size": 10, "edges": [0.0, 5.0, 10.0] * s},
             kinds={**gappy, "edges": "array"}, also={"times": TIMES}),
        Call(a.interval_cv, {"times": spikes, "cells": np.zeros(50), "least": 5},
             kinds={**gappy, "cells": "array gappy"}),
        Call(a.pairwise_correlation, {**both, "common": True}, kinds=gappy),
        Call(a.mean_correlation, both, kinds=gappy),
        Call(a.correlation_test, {**both, "shuffles": 3, "seed": 1}, kinds=gappy),
        Call(a.delay_map, {**both, "reach": 6.8 * s, "reference": values[:, 0]},
             kinds={**gappy, "reach": "level", "reference": "array gappy"}, also={"reach": TIME}),
        Call(a.oscillation, {"recording": times, "values": values.T, "smallest": 0.1}, kinds=gappy),
        Call(a.wave, {**both, "threshold": 0.5, "distance": [0.0, 10.0]},
             kinds={**gappy, "threshold": "array number", "distance": "array"}),
        Call(a.wave, {**both, "threshold": 0.5, "between": [2.0, 10.0]}, name="wave between",
             only=["between"]),
        Call(a.Buffer.binding_ratio, {"calcium": 0.1 * uM}, buffers[0].binding_ratio),
        Call(a.Buffer, {"total": 100 * uM, "affinity": 1 * uM, "diffusion": 10 * um**2 / s},
             lambda **g: a.effective_diffusion(spread, 0.1 * uM, [a.Buffer(**g)])),
        Call(a.free_share, {"calcium": 0.1 * uM, "buffers": buffers}),
        Call(a.effective_diffusion, {"diffusion": spread, "calcium": 0.1 * uM, "buffers": buffers}),
        Call(a.diffusion_time, {"radius": 1 * um, "diffusion": spread}),
        Call(a.emptying_time, {"radius": 1 * um, "diffusion": spread}),
        Call(a.escape_time, {"radius": 1 * um, "diffusion": spread}),
        Call(a.length_constant, {"diffusion": spread, "loss": 1 / s}),
        Call(a.damkoehler, {"radius": 1 * um, "diffusion": spread, "flux_time": 1 * s}),
        Call(a.paired_pulse_ratio, {"utilization": 0.5, "interval": 0.05 * s, "recovery": 1 / s,
                                    "facilitation": 2 / s}, kinds={"utilization": "number array"}),
        Call(a.release_probability, {"ratio": 1.0, "interval": 0.05 * s, "recovery": 1 / s, "facilitation": 2 / s},
             kinds={"ratio": "number array"}),
    ]  # fmt: skip
