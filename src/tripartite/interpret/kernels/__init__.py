"""Fourth reading: traced equations, written out as readable Numba source and compiled once per machine."""

from tripartite.interpret.kernels.build import Names, backward, conditions, forward, load, noise_dependence
from tripartite.interpret.kernels.held import Held
from tripartite.interpret.kernels.interface import Backward, Forward

__all__ = ["Backward", "Forward", "Held", "Names", "backward", "conditions", "forward", "load", "noise_dependence"]
