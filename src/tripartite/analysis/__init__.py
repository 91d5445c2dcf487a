"""From a result or a recording to numbers: pure functions that know neither models nor solvers."""

from tripartite.analysis.oscillations import Oscillation, oscillation
from tripartite.analysis.paired_pulse import paired_pulse_ratio, release_probability

__all__ = ["Oscillation", "oscillation", "paired_pulse_ratio", "release_probability"]
