"""From a result or a recording to numbers: pure functions that know neither models nor solvers."""

from tripartite.analysis.calcium_events import CalciumEvents, Scope, calcium_events, event_threshold, scopes
from tripartite.analysis.correlation import (
    Correlations,
    CorrelationTest,
    MeanCorrelation,
    correlation_test,
    mean_correlation,
    pairwise_correlation,
)
from tripartite.analysis.delay_map import DelayMap, delay_map
from tripartite.analysis.microdomain import (
    Buffer,
    damkoehler,
    diffusion_time,
    effective_diffusion,
    emptying_time,
    escape_time,
    free_share,
    length_constant,
)
from tripartite.analysis.oscillations import Oscillation, oscillation
from tripartite.analysis.paired_pulse import paired_pulse_ratio, release_probability
from tripartite.analysis.spiking import first_crossings, interval_cv, rate, rate_course
from tripartite.analysis.waves import Wave, wave
from tripartite.errors import room

__all__ = [
    "Buffer",
    "CalciumEvents",
    "CorrelationTest",
    "Correlations",
    "DelayMap",
    "MeanCorrelation",
    "Oscillation",
    "Scope",
    "Wave",
    "calcium_events",
    "correlation_test",
    "damkoehler",
    "delay_map",
    "diffusion_time",
    "effective_diffusion",
    "emptying_time",
    "escape_time",
    "event_threshold",
    "first_crossings",
    "free_share",
    "interval_cv",
    "length_constant",
    "mean_correlation",
    "oscillation",
    "paired_pulse_ratio",
    "pairwise_correlation",
    "rate",
    "rate_course",
    "release_probability",
    "scopes",
    "wave",
]

__getattr__, __dir__ = room(__name__, __all__)
