"""Tsodyks-Markram synapse, updated from spike to spike with exact exponentials.

Between spikes du/dt = -Omega_f u and dx/dt = Omega_d (1 - x). At a spike, in this order:
u += U0 (1 - u), r = u x, x -= r. Time in s.

**Sources** stimberg2019, equations of examples 3 to 6; depitta2011 for the mean field.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

STIMBERG: dict[str, float] = {
    "U0": 0.6,  # release probability at rest
    "Omega_d": 2.0,  # 1/s, recovery of resources
    "Omega_f": 3.33,  # 1/s, decay of facilitation
}


def simulate(
    p: dict[str, float],
    spikes: Array,
    *,
    U0: float | Array | None = None,
    initial: tuple[float, float] = (0.0, 1.0),
    start: float | None = None,
) -> tuple[Array, Array, Array, Array]:
    """Spike times (s) and, after each spike, u and x, then the released fraction r.

    **Arguments**

    - `U0`: overrides `p["U0"]`; one value, or one per spike (gliotransmission).
    - `initial`: u and x at `start`, which is the first spike unless given.
    """
    spikes = np.asarray(spikes, dtype=float)
    usage = np.broadcast_to(p["U0"] if U0 is None else U0, spikes.shape)
    u, x = initial
    last = spikes[0] if start is None else start
    after = np.empty((len(spikes), 3))
    for k, spike in enumerate(spikes):
        u = u * np.exp(-p["Omega_f"] * (spike - last))
        x = 1 - (1 - x) * np.exp(-p["Omega_d"] * (spike - last))
        u = u + usage[k] * (1 - u)
        r = u * x
        x = x - r
        after[k] = u, x, r
        last = spike
    return spikes, after[:, 0], after[:, 1], after[:, 2]


def between(p: dict[str, float], spikes: Array, u: Array, x: Array, times: Array) -> Array:
    """States `(time, 2)`, ordered u, x, at `times`; the value at a spike is the one after it.

    `u` and `x` are the values after each spike; before the first one u = 0 and x = 1.
    """
    index = np.searchsorted(spikes, times, side="right") - 1
    since = times - spikes[np.maximum(index, 0)]
    started = index >= 0
    u_now = np.where(started, u[index] * np.exp(-p["Omega_f"] * since), 0.0)
    x_now = np.where(started, 1 - (1 - x[index]) * np.exp(-p["Omega_d"] * since), 1.0)
    return np.stack([u_now, x_now], axis=1)


def periodic_release(p: dict[str, float], rate: float) -> float:
    """Steady released fraction per spike at regular spikes of `rate` (Hz), in closed form."""
    a = np.exp(-p["Omega_f"] / rate)
    b = np.exp(-p["Omega_d"] / rate)
    u = p["U0"] / (1 - (1 - p["U0"]) * a)
    x = (1 - b) / (1 - b * (1 - u))
    return float(u * x)


def poisson_mean_field(p: dict[str, float], rate: float) -> tuple[float, float, float]:
    """Mean u, x and r at Poisson spikes of `rate` (Hz), with u and x taken as independent."""
    u = p["U0"] * (p["Omega_f"] + rate) / (p["Omega_f"] + p["U0"] * rate)
    x = p["Omega_d"] / (p["Omega_d"] + u * rate)
    return u, x, u * x


def switching_threshold(p: dict[str, float]) -> float:
    """U0 above which a synapse depresses and below which it facilitates."""
    return p["Omega_d"] / (p["Omega_d"] + p["Omega_f"])


def paired_pulse_ratio(p: dict[str, float], interval: float) -> float:
    """Second over first release of a rested synapse, `interval` seconds apart."""
    _, _, _, r = simulate(p, np.array([0.0, interval]))
    return float(r[1] / r[0])
