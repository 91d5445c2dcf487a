"""The figure of the open astrocyte: where it oscillates, transients, the store, CalEx."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite.figures import COLOURS, figure, label_panels

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def draw(data: xr.Dataset, periods: dict[float, float], weak: float) -> Figure:
    """Six panels; ``periods`` (s) by IP3 (µM), and ``weak`` with less entry, come from the independent computation."""
    made, axes = figure(2, 3, 9.6, 5.4)
    _draw_branch(axes[0, 0], data)
    _draw_periods(axes[0, 1], data, periods, weak)
    _draw_transients(axes[0, 2], data)
    _draw_step(axes[1, 0], axes[1, 1], data)
    _draw_calex(axes[1, 2], data)
    label_panels(axes)
    return made


def _draw_branch(panel: Axes, data: xr.Dataset) -> None:
    ip3, ca = data["branch_ip3"].values, data["branch_ca"].values
    stable = data["branch_stable"].values == 1
    panel.plot(ip3, np.where(stable, ca, np.nan), color=COLOURS["neuron"], label="stable rest")
    panel.plot(ip3, np.where(stable, np.nan, ca), "--", color=COLOURS["faint"], label="unstable rest")
    for field, label in (("low", "oscillation, extremes"), ("high", None)):
        panel.plot(data["ip3"], data[f"full_{field}"], color=COLOURS["astrocyte"], lw=1.8, label=label)
    for place in ("hopf_low", "hopf_high"):
        value = float(data[place])
        panel.plot(value, np.interp(value, ip3, ca), "o", color="k", ms=5, label="Hopf point" if "low" in place else "")
    panel.set(xlabel="IP3 (µM)", ylabel="calcium (µM)", xlim=(0, 0.5), ylim=(0, 1.15))
    panel.legend(loc="upper left")


def _draw_periods(panel: Axes, data: xr.Dataset, periods: dict[float, float], weak: float) -> None:
    shown = {"full": ("astrocyte", "1.57 µM/s"), "weak": ("second", "0.5 µM/s")}
    for name, (colour, label) in shown.items():
        panel.plot(data["ip3"], data[f"{name}_period"], color=COLOURS[colour], label=label)
    panel.plot(list(periods), list(periods.values()), "o", color="k", mfc="none", ms=5, label="independent")
    panel.plot(0.25, weak, "o", color="k", mfc="none", ms=5)
    panel.text(0.16, 3, "none at any IP3 without entry", fontsize=8, color=COLOURS["perturbation"], va="bottom")
    panel.set(xlabel="IP3 (µM)", ylabel="period (s)", xlim=(0.15, 0.42), ylim=(0, 75))
    panel.legend(title="store-operated entry", title_fontsize=8, loc="upper right")


def _draw_transients(panel: Axes, data: xr.Dataset) -> None:
    for member, colour in enumerate(("faint", "second", "astrocyte")):
        row = data.isel(transient=member)
        panel.plot(row["transient_time"], row["transient_ca"], color=COLOURS[colour], label=f"{row['transient']:g} µM")
    panel.plot([20, 37], [1.62] * 2, color=COLOURS["perturbation"], lw=4, solid_capstyle="butt")
    panel.text(20, 1.66, "IP3 rises", fontsize=7, va="bottom")
    panel.set(xlabel="time (s)", ylabel="calcium (µM)", xlim=(0, 150), ylim=(0, 1.8))
    panel.legend(title="peak of IP3", title_fontsize=8)


def _draw_step(cytosol: Axes, store: Axes, data: xr.Dataset) -> None:
    for panel, name, top, end in ((cytosol, "refill_ca", 4.2, 300), (store, "refill_er", 320, 1600)):
        for member, (colour, label) in enumerate((("astrocyte", "with entry"), ("perturbation", "without"))):
            panel.plot(data["refill_time"], data[name].isel(entry=member), color=COLOURS[colour], label=label)
        panel.plot([50, min(550, end)], [0.93 * top] * 2, color=COLOURS["transmitter"], lw=4, solid_capstyle="butt")
        panel.text(50, 0.95 * top, "IP3 0.5 µM", fontsize=7, va="bottom")
        panel.set(xlabel="time (s)", xlim=(0, end), ylim=(0, top))
    cytosol.set(ylabel="calcium (µM)")
    store.set(ylabel="calcium of the store (µM)")
    store.legend(loc="upper right", title="store-operated", title_fontsize=8)


def _draw_calex(panel: Axes, data: xr.Dataset) -> None:
    for name, colour, label in (("calex_peak", "astrocyte", "evoked peak"), ("calex_rest", "neuron", "rest")):
        panel.plot(data["factor"], data[name] / data[name][0], "o-", ms=4, color=COLOURS[colour], label=label)
    panel.set(xlabel="extrusion by pumps (x)", ylabel="calcium, relative", xlim=(0, 10.5), ylim=(0, 1.08))
    panel.legend(loc="lower left")
