"""What the astrocyte releases."""

from tripartite.errors import room
from tripartite.mechanisms.gliotransmission.channels import ChannelRelease, HemichannelRelease
from tripartite.mechanisms.gliotransmission.dserine import DSerine, DSerineFlux
from tripartite.mechanisms.gliotransmission.exocytosis import Gliotransmitter, ThresholdExocytosis
from tripartite.mechanisms.gliotransmission.graded import GradedExocytosis, VesicleFusion
from tripartite.mechanisms.gliotransmission.quantal import QuantalExocytosis
from tripartite.mechanisms.gliotransmission.slow_inward import SlowInward, SlowInwardCourse, SlowInwardDensity
from tripartite.mechanisms.gliotransmission.tnf import GlialTnf
from tripartite.mechanisms.gliotransmission.uptake import GliotransmitterUptake

__all__ = [
    "ChannelRelease",
    "DSerine",
    "DSerineFlux",
    "GlialTnf",
    "Gliotransmitter",
    "GliotransmitterUptake",
    "GradedExocytosis",
    "HemichannelRelease",
    "QuantalExocytosis",
    "SlowInward",
    "SlowInwardCourse",
    "SlowInwardDensity",
    "ThresholdExocytosis",
    "VesicleFusion",
]

__getattr__, __dir__ = room(__name__, __all__)
