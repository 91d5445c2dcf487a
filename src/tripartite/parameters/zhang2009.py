"""Zhang, Hyrc and Thio (2009): glycine at NMDA receptors of neurons.

Half of the response at 60 nM, through two independent sites that must both be taken.
"""

from tripartite.language import ParameterSet
from tripartite.units import nM

NEURONS = ParameterSet(
    "glycine sites in neurons",
    "zhang2009, legend of figure 2",
    k_glycine=(24.85 * nM, "zhang2009, legend of figure 2: half of the response at 60 nM, here through two sites"),
)
