"""The balanced network COBA: neurons that keep each other firing irregularly, without astrocytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Expected, Experiment
from tripartite.units import pA, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from tripartite.language import Model

_BRIAN = "benchmark 1 of brette2007 in Brian 2.9, five runs of the same duration"
_SEEDS = (1, 2, 3, 4, 5)
_BEGIN, _END = 0.1, 2.0
_EXCITATORY, _INHIBITORY = 3200, 800
_DRIVES = {"alone": 0.0, "driven": 200.0}
"""Constant current (pA)."""
_SHOWN = 8
"""One in so many cells is drawn."""


def _computed(statement: str, number: str, expected: Expected, tolerance: float = 0.0, unit: str = "1") -> Check:
    return Check(statement, _BRIAN, number, expected, tolerance, unit, basis=Basis.COMPUTED)


class CobaBalanced(Experiment):
    """The balanced network COBA: neurons that keep each other firing irregularly, without astrocytes.

    **Model** 3,200 excitatory and 800 inhibitory leaky neurons with exponential conductances, every pair connected
    with probability 0.02 by 6 nS or 67 nS; a spike takes one step of 0.1 ms. Starts are drawn as in the example COBA
    of the simulator Brian; conductances that would start below zero start at zero.

    **Protocol** 2 s without any input (the network sustains itself), and with 200 pA into every neuron; five
    networks each.

    **Measure** Mean rate from 0.1 s on; mean coefficient of variation of the interspike intervals of cells with five
    spikes or more; whether there are spikes in the last 10 ms. Means over the networks whose activity lasts.

    **Claims** None: the paper gives the network and no rates. Checks: Brian 2.9, with connections and starts of its
    own, has 18.96 spikes/s (s.d. between networks 1.39) and a variation of 1.730 (0.054) without input, 21.04 (1.65)
    and 1.789 (0.036) with it. Means over five networks must agree within three standard errors of the difference of two
    such means: 14 and 15 % of the rates, 6 and 4 % of the variations. All five networks last in Brian, four of five in
    NEST 3.10: at least four must.

    **Figure** A: spikes of the first network without input, one neuron in eight. B: its rate in bins of 5 ms, and with
    200 pA. C: variation of intervals of its neurons, dashed the mean in Brian. D: rates of all networks beside Brian's
    mean and standard deviation.
    """

    name = "brette2007-coba"
    paper = "brette2007"
    checks = (
        _computed("Without input, activity lasts in at least four of five networks", "lasting_alone", (4, 5)),
        _computed("Neurons fire at 18.96 Hz", "rate_alone", 18.96, 0.14, "Hz"),
        _computed("The intervals of a neuron have a variation of 1.730", "cv_alone", 1.730, 0.06),
        _computed("With 200 pA all five networks last", "lasting_driven", 5),
        _computed("With 200 pA, neurons fire at 21.04 Hz", "rate_driven", 21.04, 0.15, "Hz"),
        _computed("With 200 pA, intervals have a variation of 1.789", "cv_driven", 1.789, 0.04),
    )
    must_matter = {"inhibitory.weight": 0.6}

    def models(self) -> dict[str, Model]:
        """Neuron and synapses."""
        from tripartite.models.coba_network import coba_parts

        return coba_parts()

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Numbers of five networks alone and driven, and the spikes of the first; ``quick`` changes nothing."""
        import xarray as xr

        found: dict[str, Any] = {}
        for name, current in _DRIVES.items():
            neuron = models["neuron"]
            driven = neuron.replace({"bias_current": neuron["bias_current"] + current * pA})
            found |= _five(name, {**models, "neuron": driven})
        return xr.Dataset(found)

    def figure(self, data: xr.Dataset) -> Figure:
        """Spikes and rate of the first network alone; irregularity and rates of all."""
        from tripartite.figures import figure, label_panels

        made, axes = figure(2, 2, height=4.6, width_ratios=[2.2, 1])
        _draw_raster(axes[0, 0], data)
        _draw_course(axes[1, 0], data)
        _draw_variation(axes[0, 1], data)
        _draw_rates(axes[1, 1], data)
        label_panels(axes.T)
        return made


def _five(name: str, models: dict[str, Model]) -> dict[str, Any]:
    """Runs of all seeds under one drive."""
    from tripartite.analysis import interval_cv, rate, rate_course
    from tripartite.models.coba_network import CobaNetwork
    from tripartite.network import Spikes

    rates, variations, lasting = [], [], []
    found: dict[str, Any] = {}
    for seed in _SEEDS:
        network = CobaNetwork(models, seed=seed)
        result = network.run(until=_END * s, record=[Spikes(network.groups["neurons"])], seed=seed)
        times, cells = result.data["neurons.spike.times"].values, result.data["neurons.spike.cells"].values
        late = times >= _BEGIN
        rates.append(rate(times, _EXCITATORY + _INHIBITORY, _BEGIN, _END))
        variation = interval_cv(times[late], cells[late])
        variations.append(float(variation.mean()) if len(variation) else np.nan)
        lasting.append(bool(len(times)) and times.max() >= _END - 0.01)
        if seed == _SEEDS[0]:
            edges = np.linspace(0, _END, 401)
            shown = cells % _SHOWN == 0
            found[f"course_{name}"] = ("bin", rate_course(times, _EXCITATORY + _INHIBITORY, edges), {"units": "Hz"})
            found["bin"] = ("bin", (edges[1:] + edges[:-1]) / 2, {"units": "s"})
            found[f"spike_{name}"] = (f"spikes_{name}", times[shown], {"units": "s"})
            found[f"cell_{name}"] = (f"spikes_{name}", cells[shown])
            found[f"variations_{name}"] = (f"irregular_{name}", variation)
    kept = np.array(lasting)
    found[f"lasting_{name}"] = int(kept.sum())
    found[f"rates_{name}"] = ("network", rates, {"units": "Hz"})
    for key, values in (("rate", rates), ("cv", variations)):
        mean = float(np.mean(np.array(values)[kept])) if kept.any() else np.nan
        found[f"{key}_{name}"] = ((), mean, {"units": "Hz"} if key == "rate" else {})
    return found


def _draw_raster(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    cells, times = data["cell_alone"].values, data["spike_alone"].values
    for chosen, colour, label in (
        (cells < _EXCITATORY, COLOURS["neuron"], "excitatory"),
        (cells >= _EXCITATORY, COLOURS["model"], "inhibitory"),
    ):
        panel.plot(times[chosen], cells[chosen], ",", color=colour)
        panel.text(1.01, np.mean(cells[chosen]), label, color=colour, transform=panel.get_yaxis_transform(), fontsize=7,
                   rotation=270, va="center")  # fmt: skip
    panel.set(xlim=(0, _END), ylim=(0, _EXCITATORY + _INHIBITORY), ylabel=f"neuron (one in {_SHOWN})")
    panel.set_title("without input")


def _draw_course(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for name, colour in (("alone", COLOURS["data"]), ("driven", COLOURS["perturbation"])):
        label = "without input" if name == "alone" else "200 pA"
        panel.plot(data["bin"], data[f"course_{name}"], color=colour, lw=0.8, label=label)
    panel.set(xlim=(0, _END), xlabel="time (s)", ylabel="rate in 5 ms (Hz)", ylim=(0, 40))
    panel.legend(loc="upper right", ncols=2)


def _draw_variation(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    bins = np.linspace(0, 4, 41)
    counts, *_ = panel.hist(data["variations_alone"].values, bins, color=COLOURS["neuron"], alpha=0.7)
    panel.axvline(1, ls=":", lw=1, color=COLOURS["faint"])
    panel.text(0.95, 0.95, "Poisson", transform=panel.get_xaxis_transform(), rotation=90, ha="right", va="top",
               fontsize=7, color=COLOURS["faint"])  # fmt: skip
    panel.axvline(1.730, ls="--", lw=1, color=COLOURS["data"], label="Brian, mean")
    panel.set(xlabel="variation of intervals", ylabel="neurons", xlim=(0, 4), ylim=(0, 1.3 * counts.max()))
    panel.legend(loc="upper right")


def _draw_rates(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    expected = {"alone": (18.96, 1.39), "driven": (21.04, 1.65)}
    for place, (name, (mean, sd)) in enumerate(expected.items()):
        panel.errorbar(place - 0.15, mean, sd, fmt="s", color=COLOURS["data"], ms=4, capsize=3)
        panel.plot(np.full(len(_SEEDS), place + 0.1), data[f"rates_{name}"], "o", ms=4, color=COLOURS["neuron"])
    panel.plot([], [], "o", ms=4, color=COLOURS["neuron"], label="five networks")
    panel.errorbar([], [], [], fmt="s", color=COLOURS["data"], ms=4, capsize=3, label="Brian, s.d.")
    panel.set_xticks([0, 1], ["no input", "200 pA"])
    panel.set(xlim=(-0.6, 1.6), ylim=(0, 30), ylabel="rate (Hz)")
    panel.legend(loc="lower center")
