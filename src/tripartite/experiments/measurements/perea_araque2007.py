"""Release probability after calcium rises in one astrocyte (Perea & Araque 2007).

Single hippocampal synapses; a calcium rise in an astrocyte transiently raises the probability of
transmitter release through metabotropic glutamate receptors. Three time courses.

**Columns**
Each array is `(point, 2)`: time in s on the axis of the figure, and release probability
(dimensionless, 0 to 1).

**Digitised**
From figures of the paper, by M. De Pittà, as points for chapter 10 of Computational Glioscience
(github.com/mdepitta/comp-glia-book, `Ch10.DePitta/estimations/extracted_data`). Which panel and
which stimulus each set shows is not recorded there.

**Time of the stimulus**
Not given. The notebook puts t = 0 at the first point of each set, taken as the last one before
the rise. The axes of the sets do not share an origin.

**Published fits**
In `gliotransmission_kinetics.ipynb` (De Pittà, 29 June 2018, same folder) each set is shifted so
that its first point is (0, 0), resampled on 20 uniform points by linear interpolation, scaled to
[0, 1] by its own minimum and maximum, and fitted by least squares (differential evolution) with

    f(t) = c (exp(-t/decay) - exp(-t/rise)),    c such that the maximum of f is 1,

rise in [5, 30] s and decay in [15, 100] s.

**Holds for**
Points lie 15 to 24 s apart, so a rise faster than that is not resolved. The fit of `pr2`
degenerates to rise = decay (f becomes t exp(-t/tau)). Fitted to the points themselves, `pr0`
ends on the upper and `pr1` on the lower bound of the rise.

**Sources**
perea_araque2007 (measurement); depitta2019 (digitised points and fits).
"""

import numpy as np

RELEASE_PROBABILITY: dict[str, np.ndarray] = {
    "pr0": np.array(
        [
            [99.396, 0.215],
            [120.349, 0.358],
            [140.070, 0.328],
            [161.576, 0.328],
            [177.951, 0.343],
            [201.118, 0.316],
            [217.340, 0.259],
            [239.547, 0.185],
            [258.594, 0.242],
            [282.449, 0.135],
        ]
    ),
    "pr1": np.array(
        [
            [299.844, 0.223],
            [320.910, 0.419],
            [341.451, 0.371],
            [360.195, 0.286],
            [378.123, 0.223],
            [396.251, 0.253],
            [418.585, 0.238],
            [437.519, 0.242],
            [457.313, 0.246],
            [477.954, 0.244],
            [500.070, 0.128],
        ]
    ),
    "pr2": np.array(
        [
            [37.803, 0.237],
            [54.104, 0.366],
            [71.445, 0.336],
            [87.746, 0.275],
            [104.046, 0.268],
            [119.306, 0.208],
            [136.647, 0.227],
        ]
    ),
}
"""(time in s, release probability)."""

PUBLISHED_FITS: dict[str, tuple[float, float]] = {
    "pr0": (28.27879665, 74.36209088),
    "pr1": (6.2281935, 95.72461595),
    "pr2": (18.7210219, 18.72348653),
}
"""(rise, decay) in s as printed in `gliotransmission_kinetics.ipynb`, cell 2."""
