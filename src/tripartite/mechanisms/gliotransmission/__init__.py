"""What the astrocyte releases."""

from tripartite.mechanisms.gliotransmission.dserine import DSerine
from tripartite.mechanisms.gliotransmission.exocytosis import Gliotransmitter, ThresholdExocytosis

__all__ = [
    "DSerine",
    "Gliotransmitter",
    "ThresholdExocytosis",
]
