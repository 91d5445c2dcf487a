"""The parameter sets that every side of a benchmark runs: SERCA uptake and glutamate vary."""

import numpy as np
from numpy.typing import NDArray

UPTAKE = (0.7, 1.1)  # uM/s, uniform
GLUTAMATE = (0.1, 10.0)  # uM, log-uniform
SEED = 1


def parameter_sets(count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Uptake (uM/s) and glutamate (uM) of `count` sets; a smaller count gives the first ones."""
    draws = np.random.default_rng(SEED).uniform(size=(count, 2))
    low, high = np.log(GLUTAMATE)
    uptake = UPTAKE[0] + (UPTAKE[1] - UPTAKE[0]) * draws[:, 0]
    return uptake, np.exp(low + (high - low) * draws[:, 1])
