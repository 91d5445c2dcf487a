"""The mean field of a synapse under gliotransmission, by the frequency of the releases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Experiment
from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import MeanPresynapticReceptor, MeanTsodyksMarkram, PeriodicPresynapticReceptor
from tripartite.parameters.depitta_brunel2016 import FACILITATING
from tripartite.protocols import Constant
from tripartite.solve import Tsit5, simulate
from tripartite.units import Hz, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BOUND = {0.005: 0.429, 0.02: 0.774, 0.05: 0.898}
"""Mean fraction of bound receptors by the frequency of regular releases (Hz)."""
RELEASES = (0.0005, 0.02)
"""Frequencies of releases (Hz) in the panel on rates: below and far above the thresholds."""

_LEGEND = "depitta2012, legend of figure 5A"
_MEAN_FIELD = "equations of the mean field of depitta2011"
_POISSON = "mean field of depitta2011 for Poisson releases without depletion"
_EXACT = Tsit5(rtol=1e-10, atol=1e-13)


class MeanGliotransmission(Experiment):
    """A few gliotransmitter releases in ten minutes turn a depressing synapse into a facilitating one.

    **Model** `MeanTsodyksMarkram` beside `PeriodicPresynapticReceptor` (regular releases) or
    `MeanPresynapticReceptor` (Poisson releases): depressing synapse with alpha 0, facilitating synapse
    (depitta_brunel2016) with alpha 1. Values of stimberg2019, examples 3 and 4.

    **Protocol** Releases of gliotransmitter at 0.0005 to 1 Hz; presynaptic spikes at 0.1 to 50 Hz.

    **Measure** Mean fraction of bound receptors and mean release probability. The frequency of releases at which
    that crosses Omega_d / (Omega_d + Omega_f), where r(f) changes the sign of its slope. Steady release per spike.

    **Claims** Beyond some frequency of releases a depressing synapse facilitates, and a facilitating one depresses
    (depitta2012, legend of its figure 5, adapted from depitta2011, whose own legend on it was not read): r(f), which
    only falls, rises at first, and the reverse. Checks: numbers computed independently from the equations.

    **Beside the claims** Irregular releases bind less on average: the threshold is then 0.0058 instead of 0.0041 Hz.
    Spike by spike the switch comes elsewhere; see `depitta2011-release`, which also simulates every release.

    **Figure** A: mean U0 by the frequency of releases, regular and irregular; points where r(f) begins level. B and C:
    release per spike by rate at few and at more releases, for both synapses. Quick runs: 31 instead of 101 rates.
    """

    name = "depitta2011-mean-field"
    paper = "depitta2011"
    claims = (
        Claim("Beyond some frequency of releases the depressing synapse facilitates", _LEGEND, "facilitates", True),
        Claim("Beyond some frequency of releases the facilitating synapse depresses", _LEGEND, "depresses", True),
    )
    checks = (
        *(Check(f"Regular releases at {f:g} Hz bind {b}", _MEAN_FIELD, f"bound_{f:g}Hz", (b - 5e-4, b + 5e-4),
                basis=Basis.COMPUTED) for f, b in BOUND.items()),
        Check("Threshold of regular releases, depressing synapse", _MEAN_FIELD,
              "threshold_depressing", 0.0041139, 1e-4, "Hz", basis=Basis.COMPUTED),
        Check("Threshold of regular releases, facilitating synapse", _MEAN_FIELD,
              "threshold_facilitating", 0.00470, 1e-3, "Hz", basis=Basis.COMPUTED),
        Check("Threshold of Poisson releases, depressing synapse", _POISSON,
              "threshold_poisson", 0.0058197, 3e-3, "Hz", basis=Basis.CLOSED_FORM),
    )  # fmt: skip
    must_matter = {"bouton.exposure": 0.1}

    def models(self) -> dict[str, Model]:
        def synapse(receptor: Mechanism) -> Model:
            return Model(bouton=Compartment(MeanTsodyksMarkram(), receptor))

        facilitating = {"effect": 1}
        source = "depitta_brunel2016, facilitating synapse"
        return {
            "depressing": synapse(PeriodicPresynapticReceptor()),
            "facilitating": synapse(PeriodicPresynapticReceptor())
            .replace({"MeanTsodyksMarkram.recovery": FACILITATING["recovery"]}, source)
            .replace({"facilitation": FACILITATING["facilitation"], "u0": FACILITATING["u0"], **facilitating}, source),
            "poisson": synapse(MeanPresynapticReceptor()),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        rate = np.geomspace(5e-4, 1, 61)
        numbers: dict[str, Any] = {"release_rate": ("release_rate", rate, {"units": "Hz"})}
        for name, model in models.items():
            mean = _mean(model, rate)
            numbers[f"u0_{name}"] = ("release_rate", mean, {"units": "1"})
            level = _switch(model)
            numbers[f"switch_{name}"] = ((), level)
            numbers[f"threshold_{name}"] = ((), _crossing(model, rate, mean, level), {"units": "Hz"})
        at = np.array(list(BOUND))
        found = _mean(models["depressing"], at)
        bound = 1 - found / float(models["depressing"]["u0"].magnitude)
        numbers |= {f"bound_{f:g}Hz": ((), b) for f, b in zip(at, bound, strict=True)}
        return xr.Dataset(numbers | _filters(models, 31 if quick else 101))

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(1, 3, 9.4, 2.9)
        names = {"depressing": ("depressing, α = 0", "neuron", "-"), "facilitating": ("facilitating, α = 1",
                 "transmitter", "-"), "poisson": ("depressing, irregular", "second", "--")}  # fmt: skip
        for name, (label, colour, line) in names.items():
            axes[0, 0].plot(data["release_rate"], data[f"u0_{name}"], line, color=COLOURS[colour], label=label)
            axes[0, 0].plot(data[f"threshold_{name}"], data[f"switch_{name}"], "o", ms=4, color=COLOURS[colour])
        axes[0, 0].set(xscale="log", xlabel="gliotransmitter releases (Hz)", ylabel="mean $U_0$", ylim=(0, 1.3))
        axes[0, 0].legend(loc="upper left")
        for panel, name in zip(axes[0, 1:], ("depressing", "facilitating"), strict=True):
            _draw_filter(panel, data, name)
        label_panels(axes)
        return made


def _mean(model: Model, rate: np.ndarray) -> np.ndarray:
    """Mean basal release probability at frequencies of releases (Hz), long after they began."""
    held = Constant(glio_rate=1 * Hz, spike_rate=0 * Hz)
    run = simulate(model, held, until=3000 * s, save_at=[3000] * s, vary={"bouton.glio_rate": rate * Hz}, solver=_EXACT)
    return run["utilization"].values[:, -1]


def _switch(model: Model) -> float:
    """Release probability at which r(f) of the mean field begins level."""
    recovery, facilitation = model["MeanTsodyksMarkram.recovery"], model["facilitation"]
    return float((recovery / (recovery + facilitation)).to("").magnitude)


def _crossing(model: Model, rate: np.ndarray, mean: np.ndarray, level: float) -> float:
    """Frequency of releases (Hz) at which the mean release probability reaches ``level``, by a cubic spline."""
    from scipy.interpolate import CubicSpline

    place = int(np.flatnonzero(np.diff(np.sign(mean - level)))[0])
    near = np.geomspace(rate[place], rate[place + 1], 9)
    return float(CubicSpline(near, _mean(model, near) - level).roots(extrapolate=False)[0])


def _filters(models: dict[str, Model], count: int) -> dict[str, Any]:
    """Released per spike by the rate of spikes, at few and at more releases."""
    rate = np.geomspace(0.05, 50, count)
    found: dict[str, Any] = {"spike_rate": ("spike_rate", rate, {"units": "Hz"})}
    shape = {}
    for name in ("depressing", "facilitating"):
        for which, glio in enumerate(RELEASES):
            held = Constant(glio_rate=glio * Hz, spike_rate=1 * Hz)
            run = simulate(
                models[name],
                held,
                until=100 * s,
                save_at=[100] * s,
                vary={"bouton.spike_rate": rate * Hz},
                solver=_EXACT,
            )
            row = run["released"].values[:, -1]
            found[f"filter_{name}_{which}"] = ("spike_rate", row, {"units": "1"})
            top = int(row.argmax())
            falls, rises = bool(np.all(np.diff(row[top:]) < 0)), bool(np.all(np.diff(row[: top + 1]) > 0))
            shape[name, which] = "low" if falls and top == 0 else "band" if falls and rises else "other"
    return found | {
        "facilitates": (shape["depressing", 0], shape["depressing", 1]) == ("low", "band"),
        "depresses": (shape["facilitating", 0], shape["facilitating", 1]) == ("band", "low"),
    }


def _draw_filter(panel: Axes, data: xr.Dataset, name: str) -> None:
    from tripartite.figures import COLOURS

    for which, colour in enumerate(("faint", "astrocyte")):
        label = f"every {1 / RELEASES[which]:.0f} s"
        panel.plot(data["spike_rate"], data[f"filter_{name}_{which}"], color=COLOURS[colour], label=label)
    panel.set(xscale="log", xlabel="rate of spikes (Hz)", ylabel="released per spike", ylim=(0, None), title=name)
    panel.legend(title="gliotransmitter", title_fontsize=8)
