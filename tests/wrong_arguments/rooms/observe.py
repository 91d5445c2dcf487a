"""Instruments: from states to light and currents."""

from __future__ import annotations

import numpy as np

import tripartite as tp
from tripartite.units import Hz, ms, s

from ..call import Call
from .analysis import TIME, TIMES

o = tp.observe


class Current(tp.Mechanism):
    """A current that decays."""

    current = tp.State(-10.0, "pA", "I: a current")
    rate = tp.Parameter(10.0, "1/s", "k: rate of decay", "assumed: a test")

    def rates(q):
        return {"current": -q.rate * q.current}


def calls() -> list[Call]:
    times = np.arange(0.0, 20.0, 0.05)
    light = tp.Recording(times * s, 1 + np.exp(-times / 8))
    current = tp.Recording(times * s, np.sin(times), unit="pA")
    bleaching = o.Bleaching(10 * s, 0.2)
    result = tp.simulate(Current(), until=10 * ms)
    return [
        Call(o.Bleaching, {"time_constant": 10 * s, "remaining": 0.5}),
        Call(o.Bleaching.course, {"time": times}, bleaching.course, kinds={"time": "array"}, also={"time": TIMES}),
        Call(o.photobleach, {"fluorescence": light, "bleaching": bleaching}),
        Call(o.unbleach, {"fluorescence": light, "bleaching": bleaching}),
        Call(o.fit_bleaching, {"fluorescence": light, "percentile": 20.0, "pieces": 20}),
        Call(o.camera, {"fluorescence": light, "frame_rate": 5 * Hz, "photons": 100.0, "gain": 1.0, "background": 0.1,
                        "read_noise": 1.0, "exposure": 100 * ms, "seed": 1}),
        Call(o.delta_f_over_f, {"fluorescence": light, "percentile": 10.0, "window": 5 * s, "background": 0.1},
             kinds={"window": "level"}, also={"window": TIME}),
        Call(o.photometry, {"fluorescence": light, "background": 0.1, "bleaching": bleaching}),
        Call(o.photometry, {"fluorescence": tp.Recording(times * s, np.ones((len(times), 2))),
                            "weights": [1.0, 2.0]}, only=["weights"], kinds={"weights": "array"},
             name="photometry weighted"),
        Call(o.epsc, {"result": result, "currents": ("current",)}, kinds={"currents": "text"}),
        Call(o.epsc_peaks, {"current": current, "at": [1.0, 2.0] * s, "window": 50 * ms}),
        Call(o.paired_pulses, {"current": current, "first": 1 * s, "second": 2 * s, "window": 50 * ms}),
        Call(o.spike_fluorescence, {"spikes": [1.0, 2.0] * s, "time": times, "rise": 0.1 * s, "decay": 1 * s,
                                    "shape": o.HillShape(1.0, 0.5, 2.0)},
             kinds={"spikes": "array gappy list", "time": "array"}, also={"spikes": TIMES, "time": TIMES}),
        Call(o.spike_kernel, {"spikes": [1.0, 2.0] * s, "time": times, "rise": 0.1 * s, "decay": 1 * s},
             kinds={"spikes": "array gappy list", "time": "array", "rise": "level", "decay": "level"},
             also={"rise": TIME, "decay": TIME, "spikes": TIMES, "time": TIMES}),
        Call(o.LinearShape, {"amplitude": 1.0}),
        Call(o.HillShape, {"amplitude": 1.0, "half": 1.0, "exponent": 1.0}),
        Call(o.LogisticShape, {"amplitude": 1.0, "slope": 1.0, "centre": 1.0}),
        Call(o.LinearShape.__call__, {"calcium": times}, o.LinearShape(2.0).__call__,
             kinds={"calcium": "array gappy number"},
             also={"calcium": dict.fromkeys(("not a number", "infinite"), "what is not known stays so")}),
    ]  # fmt: skip
