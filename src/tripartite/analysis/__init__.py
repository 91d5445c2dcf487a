"""From a result or a recording to numbers: pure functions that know neither models nor solvers."""

from tripartite.analysis.oscillations import Oscillation, oscillation
from tripartite.analysis.paired_pulse import paired_pulse_ratio, release_probability
from tripartite.analysis.spiking import first_crossings, interval_cv, rate, rate_course

__all__ = [
    "Oscillation",
    "first_crossings",
    "interval_cv",
    "oscillation",
    "paired_pulse_ratio",
    "rate",
    "rate_course",
    "release_probability",
]
