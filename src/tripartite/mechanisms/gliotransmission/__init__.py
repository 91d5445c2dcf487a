"""What the astrocyte releases."""

from tripartite.mechanisms.gliotransmission.dserine import DSerine
from tripartite.mechanisms.gliotransmission.exocytosis import Gliotransmitter, ThresholdExocytosis
from tripartite.mechanisms.gliotransmission.slow_inward import SlowInward, SlowInwardCourse, SlowInwardDensity

__all__ = ["DSerine", "Gliotransmitter", "SlowInward", "SlowInwardCourse", "SlowInwardDensity", "ThresholdExocytosis"]
