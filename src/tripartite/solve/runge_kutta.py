"""One step of Tsitouras's explicit Runge-Kutta method, with its error and its interpolant."""

from __future__ import annotations

import math

import numpy as np

from tripartite.interpret.kernels.interface import borrowing

# Tsitouras (2011): stage matrix, error weights (fifth minus fourth order); the last stage starts the next step.
A = np.array(
    [
        [0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        [0.161, 0.0, 0.0, 0.0, 0.0, 0.0],
        [-0.008480655492356989, 0.335480655492357, 0.0, 0.0, 0.0, 0.0],
        [2.8971530571054935, -6.359448489975075, 4.3622954328695815, 0.0, 0.0, 0.0],
        [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525, 0.0, 0.0],
        [
            5.86145544294642,
            -12.92096931784711,
            8.159367898576159,
            -0.071584973281401,
            -0.028269050394068383,
            0.0,
        ],
        [
            0.09646076681806523,
            0.01,
            0.4798896504144996,
            1.379008574103742,
            -3.2900695154360807,
            2.324710524099774,
        ],
    ]
)
ERROR = np.array(
    [
        0.0017800110522257773,
        0.0008164344596567463,
        -0.007880878010261994,
        0.1447110071732629,
        -0.5823571654525552,
        0.45808210592918686,
        -1 / 66,
    ]
)
# Dense output of fourth order: weight of stage i is the polynomial sum of D[i, p] theta^(p+1).
_ROOTS = {
    0: (-1.0530884977290216, (1.0, -1.3299890189751412), (1.0, -1.4364028541716351, 0.7139816917074209)),
    1: (0.1017, (1.0, 0.0), (1.0, -2.1966568338249754, 1.2949852507374631)),
    2: (2.490627285651253, (1.0, 0.0), (1.0, -2.3853564547206166, 1.5780346820809249)),
    3: (-16.54810288924490, (1.0, -1.21712927295533244), (1.0, 0.0), (1.0, -0.61620406037800089)),
    4: (47.37952196281928, (1.0, -1.203071208372362603), (1.0, 0.0), (1.0, -0.658047292653547382)),
    5: (-34.87065786149661, (1.0, -1.2), (1.0, 0.0), (1.0, -0.666666666666666667)),
    6: (2.5, (1.0, -1.0), (1.0, 0.0), (1.0, -0.6)),
}


def _dense() -> np.ndarray:
    table = np.zeros((7, 4))
    for stage, (scale, *factors) in _ROOTS.items():
        product = np.array([1.0])
        for factor in factors:
            product = np.convolve(product, factor)
        table[stage] = scale * product[::-1]
    return table


D = _dense()


@borrowing
def interpolate(theta, h, y, k, out):
    """State at the fraction ``theta`` of a step of length ``h`` from ``y`` with stages ``k``."""
    n = y.shape[0]
    for i in range(n):
        out[i] = y[i]
    for s in range(7):
        weight = h * theta * (D[s, 0] + theta * (D[s, 1] + theta * (D[s, 2] + theta * D[s, 3])))
        for i in range(n):
            out[i] += weight * k[s, i]


@borrowing
def copy(source, target):
    """Copy one vector into another; runs and, above all, compiles faster than slice assignment."""
    for i in range(source.shape[0]):
        target[i] = source[i]


@borrowing
def attempt(f, y, c, h, k, new, rtol, atol):
    """One step from ``y`` with first stage ``k[0]``; fills ``k`` and ``new``, returns the scaled error."""
    n = y.shape[0]
    for s in range(1, 7):
        for i in range(n):
            total = 0.0
            for j in range(s):
                total += A[s, j] * k[j, i]
            new[i] = y[i] + h * total
        f.rates(new, c, k[s])
    square = 0.0
    for i in range(n):
        error = 0.0
        for s in range(7):
            error += ERROR[s] * k[s, i]
        scaled = h * error / (atol + rtol * max(abs(y[i]), abs(new[i])))
        square += scaled * scaled
    return math.sqrt(square / max(n, 1))


@borrowing
def first_step(f, y, c, dy, rtol, atol):
    """A cautious first step length from the size of the rates."""
    f.rates(y, c, dy)
    size, speed = 0.0, 0.0
    for i in range(y.shape[0]):
        scale = atol + rtol * abs(y[i])
        size += (y[i] / scale) ** 2
        speed += (dy[i] / scale) ** 2
    if speed == 0.0 or not math.isfinite(speed):
        return 1e-2
    return 0.01 * math.sqrt(max(size, 1.0) / speed)
