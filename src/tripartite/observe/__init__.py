"""From states to what an instrument shows: indicators as mechanisms, read-outs as functions of results."""

from tripartite.errors import room
from tripartite.observe.bleaching import Bleaching, fit_bleaching, photobleach, unbleach
from tripartite.observe.camera import camera
from tripartite.observe.fluorescence import delta_f_over_f, photometry
from tripartite.observe.gcamp import GCAMP6F, GCAMP6M, Gcamp
from tripartite.observe.indicator_buffer import IndicatorBuffer
from tripartite.observe.kinetic_gcamp import KINETIC_GCAMP6F, KINETIC_GCAMP6M, KineticGcamp
from tripartite.observe.spike_fluorescence import (
    HillShape,
    LinearShape,
    LogisticShape,
    spike_fluorescence,
    spike_kernel,
)
from tripartite.observe.synaptic_current import epsc, epsc_peaks, paired_pulses

__all__ = [
    "GCAMP6F",
    "GCAMP6M",
    "KINETIC_GCAMP6F",
    "KINETIC_GCAMP6M",
    "Bleaching",
    "Gcamp",
    "HillShape",
    "IndicatorBuffer",
    "KineticGcamp",
    "LinearShape",
    "LogisticShape",
    "camera",
    "delta_f_over_f",
    "epsc",
    "epsc_peaks",
    "fit_bleaching",
    "paired_pulses",
    "photobleach",
    "photometry",
    "spike_fluorescence",
    "spike_kernel",
    "unbleach",
]

__getattr__, __dir__ = room(__name__, __all__)
