"""A neuron, its space and an astrocyte with Kir4.1 after the published equations, by a fixed step of order four."""

import numpy as np
from numba import njit

STEP = 0.01  # ms


@njit
def _rates(y, current, g_kir, out):
    v, h, n, ko, va = y
    ek = 26.64 * np.log(ko / (4 * np.exp(90 / 26.64)))
    am = 0.1 * (v + 35) / (1 - np.exp(-0.1 * (v + 35)))
    bm = 4 * np.exp(-(v + 60) / 18)
    ah, bh = 0.07 * np.exp(-(v + 58) / 20), 1 / (1 + np.exp(-0.1 * (v + 28)))
    an, bn = 0.01 * (v + 34) / (1 - np.exp(-0.1 * (v + 34))), 0.125 * np.exp(-(v + 44) / 80)
    m = am / (am + bm)
    out[0] = current - 35 * m**3 * h * (v - 55) - 9 * n**4 * (v - ek) - 0.1 * (v + 65)
    out[1] = 5 * (ah * (1 - h) - bh * h)
    out[2] = 5 * (an * (1 - n) - bn * n)
    force = va - 26.64 * np.log(ko / 100)
    kir = g_kir * np.sqrt(ko) * force / (1 + np.exp((force - 34) / 19.23))  # pA, g in nS
    # 1 pA into 30 µm³ is 1e-12 / 96485.33 / 30e-15 mol/l per s.
    out[3] = kir * 1e-12 / 96485.33 / 30e-15 - (ko - 4) / 60000
    out[4] = (2 * (-85.75 - va) - kir) / 15


@njit
def run(current, off, until, g_kir):
    """Spike times (ms), and potassium (mM) every 10 ms, for a current (µA/cm²) until ``off`` (ms); g in nS."""
    y = np.array([-64.0, 0.78, 0.09, 4.0, -85.8])
    k1, k2, k3, k4 = np.empty(5), np.empty(5), np.empty(5), np.empty(5)
    steps, every = round(until / STEP), 1000
    potassium, spikes = np.empty(steps // every + 1), []
    for i in range(steps):
        if i % every == 0:
            potassium[i // every] = y[3]
        now = current if i * STEP < off else 0.0
        _rates(y, now, g_kir, k1)
        _rates(y + STEP / 2 * k1, now, g_kir, k2)
        _rates(y + STEP / 2 * k2, now, g_kir, k3)
        _rates(y + STEP * k3, now, g_kir, k4)
        before = y[0]
        y = y + STEP / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        if before < 0 <= y[0]:
            spikes.append(i * STEP)
            y[3] += 0.01
    potassium[-1] = y[3]
    return np.array(spikes), potassium
