"""Rates of the tissue of Halnes et al. (2013) in SI units, written from its equations: ions, potential, fluxes."""

import numpy as np

R, F, T = 8.315, 96500.0, 298.0
PSI = R * T / F
A_IN, A_OUT, MEMBRANE, CAPACITANCE = 0.4, 0.2, 0.4 / 5e-8, 0.01
START = np.array([3.082, 99.959, 144.662, 15.189, 133.71, 5.145])
"""mM: potassium out, in; sodium out, in; chloride out, in."""
V_START = -0.0836
D = np.array([1.96e-9, 1.96e-9, 1.33e-9, 1.33e-9, 2.03e-9, 2.03e-9])
CHARGE = np.array([1, 1, 1, 1, -1, -1])
TORTUOSITY = np.array([1.6, 3.2] * 3)


def kir(out, inside, v):
    """Factor of Kir4.1; v in volt."""
    e_k, rest = PSI * np.log(out / inside), PSI * np.log(START[0] / START[1])
    force = 1e3 * (v - e_k)
    by_force = (1 + np.exp(18.5 / 42.4)) / (1 + np.exp((force + 18.5) / 42.4))
    by_v = (1 + np.exp(-(118.6 + 1e3 * rest) / 44.1)) / (1 + np.exp(-(118.6 + 1e3 * v) / 44.1))
    return np.sqrt(out / START[0]) * by_force * by_v


def pump(out, sodium):
    """mol/m²/s"""
    return 1.115e-6 * out / (out + 1.5) * sodium**1.5 / (sodium**1.5 + 10**1.5)


def potential(c):
    """Membrane potential (V) of concentrations (ion, piece)."""
    excess = c[0] + c[2] - c[4] - (START[0] + START[2] - START[4])
    return V_START - F * A_OUT / MEMBRANE / CAPACITANCE * excess


def rates(c, places, widths, release):
    """Rates (mM/s) of concentrations (6, piece); places and widths in m, release in mol/m²/s by piece."""
    v = potential(c)
    p = pump(c[0], c[3])
    k = 16.96 * kir(c[0], c[1], v) / F * (v - PSI * np.log(c[0] / c[1])) - 2 * p
    na = 1.0 / F * (v - PSI * np.log(c[2] / c[3])) + 3 * p
    cl = -0.5 / F * (v + PSI * np.log(c[4] / c[5]))
    load = release - 2.9e-8 * (c[0] - START[0])
    across = np.array([k + load, -k, na - load, -na, cl, -cl])
    scale = np.array([MEMBRANE / A_OUT, MEMBRANE / A_IN] * 3)
    dx = np.diff(places)
    slope, middle, field = np.diff(c) / dx, (c[:, 1:] + c[:, :-1]) / 2, np.diff(v) / dx
    along = -(D / TORTUOSITY**2)[:, None] * slope
    carried = F * CHARGE[:, None] * along
    resistivity = [
        PSI * TORTUOSITY[side] ** 2 / (F * np.sum(D[side::2, None] * middle[side::2], axis=0)) for side in (0, 1)
    ]
    out, inside = carried[0::2].sum(axis=0), carried[1::2].sum(axis=0)
    r_out, r_in = resistivity
    to_out = (-field + r_in * inside + r_in * A_OUT / A_IN * out) * r_out / (r_out + r_in * A_OUT / A_IN)
    to_in = (field + r_out * A_IN / A_OUT * inside + r_out * out) * r_in / (r_in + r_out * A_IN / A_OUT)
    drift = np.array([to_out, to_in] * 3)
    flux = np.pad(along - (CHARGE * D / TORTUOSITY**2)[:, None] / PSI * middle * drift, ((0, 0), (1, 1)))
    return across * scale[:, None] - np.diff(flux) / widths
