"""From a result or a recording to numbers: pure functions that know neither models nor solvers."""

from tripartite.analysis.paired_pulse import paired_pulse_ratio, release_probability

__all__ = ["paired_pulse_ratio", "release_probability"]
