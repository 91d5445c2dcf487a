"""From a result or a recording to numbers: pure functions that know neither models nor solvers."""

from tripartite.analysis.calcium_events import CalciumEvents, Scope, calcium_events, event_threshold, scopes
from tripartite.analysis.correlation import mean_correlation, pairwise_correlation
from tripartite.analysis.delay_map import DelayMap, delay_map
from tripartite.analysis.oscillations import Oscillation, oscillation
from tripartite.analysis.paired_pulse import paired_pulse_ratio, release_probability
from tripartite.analysis.spiking import first_crossings, interval_cv, rate, rate_course
from tripartite.analysis.waves import Wave, wave

__all__ = [
    "CalciumEvents",
    "DelayMap",
    "Oscillation",
    "Scope",
    "Wave",
    "calcium_events",
    "delay_map",
    "event_threshold",
    "first_crossings",
    "interval_cv",
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
