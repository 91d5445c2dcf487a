"""Every public function of analysis and observe with one wrong argument: a sentence, never a plain Python error."""

import inspect
import warnings

import numpy as np
import pytest
import xarray as xr

from tripartite import Recording, analysis, observe
from tripartite.analysis import Buffer, calcium_events
from tripartite.errors import TripartiteError
from tripartite.observe import Bleaching
from tripartite.units import Hz, mM, ms, s, uM, um

TIMES = np.arange(200) * 0.1
COURSES = 2 + np.sin(np.stack([TIMES, TIMES + 1], axis=1))
RECORDING = Recording(TIMES, COURSES)
LIGHT = xr.DataArray(COURSES[:, 0], {"time": TIMES}, ["time"])
EVENTS = calcium_events(RECORDING, threshold=2.5)
D = 13 * um**2 / s
GOOD = {
    analysis.calcium_events: {"recording": RECORDING, "threshold": 2.5, "back": 2.0},
    analysis.correlation_test: {"recording": RECORDING, "shuffles": 3, "seed": 1},
    analysis.damkoehler: {"radius": 1 * um, "diffusion": D, "flux_time": 5 * ms},
    analysis.delay_map: {"recording": RECORDING, "reach": 2.0, "reference": COURSES[:, 0]},
    analysis.diffusion_time: {"radius": 1 * um, "diffusion": D},
    analysis.effective_diffusion: {"diffusion": D, "calcium": 1 * uM, "buffers": [Buffer(1 * mM, 1 * uM)]},
    analysis.emptying_time: {"radius": 1 * um, "diffusion": D},
    analysis.escape_time: {"radius": 1 * um, "diffusion": D},
    analysis.event_threshold: {"values": COURSES, "deviations": 5},
    analysis.first_crossings: {"recording": RECORDING, "threshold": 2.5},
    analysis.free_share: {"calcium": 1 * uM, "buffers": [Buffer(1 * mM, 1 * uM)]},
    analysis.interval_cv: {"times": TIMES, "cells": np.zeros(200), "least": 5},
    analysis.length_constant: {"diffusion": D, "loss": 1 / s},
    analysis.mean_correlation: {"recording": RECORDING},
    analysis.oscillation: {"recording": RECORDING, "smallest": 0.1},
    analysis.paired_pulse_ratio: {"utilization": 0.5, "interval": 50 * ms, "recovery": 2 / s, "facilitation": 3 / s},
    analysis.pairwise_correlation: {"recording": RECORDING, "common": True},
    analysis.rate: {"times": TIMES, "size": 3, "begin": 0, "end": 1 * s},
    analysis.rate_course: {"times": TIMES, "size": 3, "edges": [0, 1, 2]},
    analysis.release_probability: {"ratio": 1.0, "interval": 50 * ms, "recovery": 2 / s, "facilitation": 3 / s},
    analysis.scopes: {"events": EVENTS, "soma": 1, "window": 1.0, "majority": 0.5},
    analysis.wave: {"recording": RECORDING, "threshold": 2.5, "distance": [0, 1], "between": (0, 1)},
    observe.camera: {"fluorescence": LIGHT, "frame_rate": 5 * Hz, "photons": 100, "exposure": 0.1 * s, "seed": 1},
    observe.delta_f_over_f: {"fluorescence": LIGHT, "percentile": 10, "window": 1 * s, "background": 0.1},
    observe.epsc_peaks: {"current": LIGHT, "at": [1, 2] * s, "window": 50 * s},
    observe.fit_bleaching: {"fluorescence": LIGHT, "percentile": 20, "pieces": 20},
    observe.paired_pulses: {"current": LIGHT, "first": 1 * s, "second": 2 * s, "window": 1 * s},
    observe.photobleach: {"fluorescence": LIGHT, "bleaching": Bleaching(5 * s)},
    observe.photometry: {"fluorescence": RECORDING, "background": 1.0, "weights": [1, 2]},
    observe.spike_fluorescence: {"spikes": [1.0], "time": TIMES, "rise": 0.1 * s, "decay": 1 * s},
    observe.spike_kernel: {"spikes": np.ones(2), "time": TIMES, "rise": 0.1, "decay": 1.0},
    observe.unbleach: {"fluorescence": LIGHT, "bleaching": Bleaching(5 * s)},
    observe.Bleaching: {"time_constant": 5 * s, "remaining": 0.1},
}


class Unshowable:
    def __repr__(self):
        raise RuntimeError


JUNK = [
    None, True, 3, -1, 0.0, 1.5, float("nan"), float("inf"), 1j, "", "x", "1 mV", b"x", [], [1, "a"], [[1], [1, 2]],
    {}, {"a": 1}, (), set(), object(), Unshowable(), type, len, np.zeros(0), np.zeros((2, 3, 4)), np.full(3, np.nan),
    np.array(["a"]), np.array([None]), np.datetime64("2020-01-01"), 1 * s, [1, 2] * s, -1 * uM, float("nan") * s,
    LIGHT, RECORDING, xr.DataArray([1, 2]), TIMES[::-1], EVENTS, Bleaching(5 * s), 10**400,
]  # fmt: skip


def test_every_function_is_tried():
    rooms = {getattr(room, name) for room in (analysis, observe) for name in room.__all__}
    functions = {f for f in rooms if inspect.isfunction(f)}
    assert functions - GOOD.keys() == {observe.epsc}  # it takes a result, and is tried with the others of its kind


@pytest.mark.parametrize("function", GOOD, ids=lambda f: f.__name__)
def test_one_wrong_argument_ends_in_a_sentence(function):
    good = GOOD[function]
    function(**good)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in inspect.signature(function).parameters:
            for junk in JUNK:
                try:
                    function(**{**good, name: junk})
                except TripartiteError:
                    continue
                except Exception as error:
                    shown = type(junk).__name__ if isinstance(junk, Unshowable) else repr(junk)[:60]
                    pytest.fail(f"{function.__name__}({name}={shown}): {type(error).__name__}: {error}"[:300])
