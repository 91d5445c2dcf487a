"""Time courses of synaptic release modulated by one astrocyte (Covelo & Araque 2018).

Putative single CA3-CA1 synapses in slices of mouse hippocampus. An activated astrocyte first
raises transmitter release (glutamate), then lowers it (ATP and adenosine); `GLUTAMATE` holds
two courses of the first phase, `ATP` two courses of the second.

**Columns**
Each array is `(point, 2)`: time in s on the axis of the figure, and release in percent of
control. The unit percent is read off the control level, which lies near 100.

**Digitised**
From figures of the paper, by M. De Pittà, as points for chapter 10 of Computational Glioscience
(github.com/mdepitta/comp-glia-book, `Ch10.DePitta/estimations/extracted_data`). Which panel and
which stimulus each set shows is not recorded there.

**Time of the stimulus**
Not given. The notebook puts t = 0 at the first point of each set, the last one near control
before the change. The axes of the sets need not share an origin.

**Published fits**
In `gliotransmission_kinetics.ipynb` (De Pittà, 29 June 2018, same folder) each set is shifted so
that its first point is (0, 0), resampled on a uniform grid, scaled to [0, 1] by its own minimum
and maximum, and fitted by least squares (differential evolution) with

    f(t) = c (exp(-t/decay) - exp(-t/rise)),    c such that the maximum of f is 1.

Glutamate: 20 points by linear interpolation; rise in [0.05, 0.5] s, decay in [1, 10] s.
ATP: sign reversed, 30 points of a cubic spline (smoothing 0.1); rise in [0.1, 10] s, decay in
[5, 20] s.

**Holds for**
The rise of glutamate is not resolved: points lie about 1 s apart, and for `glu1` the fit ends on
its lower bound. The fit of `atp0` degenerates to rise = decay (f becomes t exp(-t/tau)); the
same fit to the points themselves, without the spline, gives 2.9 s and 17.2 s.

**Sources**
covelo_araque2018 (measurement); depitta2019 (digitised points and fits).
"""

import numpy as np

GLUTAMATE: dict[str, np.ndarray] = {
    "glu0": np.array(
        [
            [3.200, 96.517],
            [4.186, 159.204],
            [5.127, 164.179],
            [6.042, 135.323],
            [6.968, 120.398],
            [7.888, 97.512],
            [9.155, 119.403],
            [11.006, 88.557],
            [12.116, 109.453],
            [13.043, 95.522],
            [14.154, 118.408],
            [15.068, 88.557],
            [17.716, 77.612],
            [18.510, 93.532],
            [19.754, 85.572],
            [20.710, 109.453],
            [21.480, 95.522],
            [22.571, 91.542],
            [24.601, 90.547],
        ]
    ),
    "glu1": np.array(
        [
            [4.074, 105.036],
            [5.062, 185.612],
            [5.432, 168.345],
            [6.173, 155.396],
            [6.667, 126.619],
            [7.284, 105.036],
            [8.272, 97.842],
            [9.136, 113.669],
            [9.877, 117.986],
            [10.494, 109.353],
            [11.358, 109.353],
            [12.222, 130.935],
            [13.210, 94.964],
            [13.951, 100.719],
            [14.691, 119.424],
            [15.556, 109.353],
            [16.667, 82.014],
            [17.778, 71.942],
            [18.148, 90.647],
            [19.012, 113.669],
            [22.716, 97.842],
        ]
    ),
}
"""Potentiation: (time in s, release in percent of control)."""

ATP: dict[str, np.ndarray] = {
    "atp0": np.array(
        [
            [12.945, 101.020],
            [13.885, 87.755],
            [14.809, 95.918],
            [17.165, 57.143],
            [18.258, 46.939],
            [19.490, 58.163],
            [20.415, 64.286],
            [21.194, 60.204],
            [22.288, 47.959],
            [23.048, 68.367],
            [23.818, 74.490],
            [25.377, 63.265],
            [26.289, 87.755],
            [27.080, 67.347],
            [28.329, 56.122],
            [30.344, 56.122],
            [31.576, 66.327],
            [32.659, 69.388],
            [33.264, 89.796],
            [34.519, 70.408],
            [36.058, 84.694],
            [37.579, 123.469],
            [38.377, 93.878],
        ]
    ),
    "atp1": np.array(
        [
            [4.091, 98.571],
            [4.835, 91.429],
            [5.579, 87.143],
            [6.074, 74.286],
            [7.438, 81.429],
            [8.430, 74.286],
            [9.050, 67.143],
            [10.041, 57.143],
            [11.033, 48.571],
            [11.529, 47.143],
            [12.521, 60.000],
            [13.512, 72.857],
            [14.256, 75.714],
            [15.000, 88.571],
            [15.744, 118.571],
            [16.364, 118.571],
            [17.603, 85.714],
            [18.223, 95.714],
            [19.091, 85.714],
            [19.835, 84.286],
            [20.950, 92.857],
            [21.446, 104.286],
            [22.562, 92.857],
            [23.306, 88.571],
            [24.050, 104.286],
            [25.165, 88.571],
            [25.785, 85.714],
            [26.901, 91.429],
            [27.273, 77.143],
            [28.388, 72.857],
            [29.132, 87.143],
            [30.000, 98.571],
        ]
    ),
}
"""Depression: (time in s, release in percent of control)."""

PUBLISHED_FITS: dict[str, tuple[float, float]] = {
    "glu0": (0.16312575, 5.86850451),
    "glu1": (0.05, 6.65208369),
    "atp0": (8.21481183, 8.20887965),
    "atp1": (1.5852049, 11.96681289),
}
"""(rise, decay) in s as printed in `gliotransmission_kinetics.ipynb`, cells 2 and 3."""
