"""The rates of the squid's axon by its current, and the jump at their onset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite.experiments.base import Basis, Check, Expected, Experiment
from tripartite.experiments.firing import course, last_rate, trains
from tripartite.language import Compartment, Model
from tripartite.mechanisms import HodgkinHuxley
from tripartite.units import cm, ms, s, uA

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RATES = {6.5: 55.02167, 7.0: 58.30697, 10.0: 68.31383, 20.0: 86.46453}
"""Rate (Hz) of the last interval of a second by current (µA/cm²)."""

_EXACT = "equations of hodgkin_huxley1952, by the method of Dormand and Prince of order 8, to 1e-10"
_REST = "equations of hodgkin_huxley1952, by eigenvalues at rest"


def _computed(statement: str, source: str, number: str, expected: Expected, tolerance: float, unit: str) -> Check:
    return Check(statement, source, number, expected, tolerance, unit, basis=Basis.COMPUTED)


class HodgkinHuxleyRates(Experiment):
    r"""The squid's axon answers a step of current with one spike, or with 50 spikes a second and more.

    **Model** A patch of squid axon, rest shifted to -65 mV (`HodgkinHuxley`; hodgkin_huxley1952).

    **Protocol** Constant current densities from 0 to 25 µA/cm², switched on at 0 s from the published start
    (m, h, n = 0.0529, 0.5961, 0.3177), for 1 s.

    **Measure** Rate: the reciprocal of the last interval between rises through 0 mV, 0 if fewer than four came.
    Where rest loses its stability is found by continuation along the current.

    **Claims** None is published. Checks: no repetitive firing at 6.0 µA/cm² and rates at four currents, computed
    independently from the same equations; the lowest lasting rate is above 45 Hz (class 2). Rest is still stable at
    9 µA/cm² and has lost its stability at 10: firing and rest coexist between.

    **Figure** A: potential at 6 and at 10 µA/cm²; only the latter repeats. B: rate by current, circles the independent
    rates, the dashed line where rest loses its stability. Quick runs: 26 instead of 101 currents.
    """

    name = "hodgkin-huxley1952-rates"
    paper = "hodgkin_huxley1952"
    checks = (
        _computed("No repetitive firing at 6.0 µA/cm²", _EXACT, "rate_60", 0.0, 0.0, "Hz"),
        *(
            _computed(f"Rate at {current:g} µA/cm²", _EXACT, f"rate_{round(10 * current)}", rate, 1e-4, "Hz")
            for current, rate in RATES.items()
        ),
        _computed("The lowest lasting rate is above 45 Hz (class 2)", _EXACT, "lowest_rate", (45, np.inf), 0.0, "Hz"),
        _computed("Rest loses its stability beside lasting firing", _REST, "rest_unstable_from", 9.779, 1e-3,
                  "uA/cm**2"),
    )  # fmt: skip
    must_matter = {"neuron.g_na": 0.95}

    def models(self) -> dict[str, Model]:
        return {"axon": Model(neuron=Compartment(HodgkinHuxley()))}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        from tripartite.solve import continuation

        model, density = models["axon"], uA / cm**2
        swept = np.unique([*np.linspace(0, 25, 26 if quick else 101), *np.linspace(6.1, 6.5, 5)])
        rates = np.array([last_rate(t) for t in trains(model, 1 * s, **{"neuron.current": swept * density})])
        probed = np.array([6.0, *RATES])
        exact = [last_rate(t) for t in trains(model, 1 * s, **{"neuron.current": probed * density})]
        onset = trains(model, 1 * s, **{"neuron.current": np.linspace(6.1, 6.5, 9) * density})
        lasting = [last_rate(t) for t in onset if len(t) and t[-1] > 950]
        branch = continuation(model, "current", 0 * density, 25 * density)
        lost = min((p.value.to("uA/cm**2").magnitude for p in branch.hopf_points), default=float("nan"))
        shown = np.array([6.0, 10.0])
        time, v = course(model, 100 * ms, vary={"neuron.current": shown * density})
        hz = {"units": "Hz"}
        return xr.Dataset(
            {
                "rate": ("swept", rates, hz),
                **{f"rate_{round(10 * i)}": ((), r, hz) for i, r in zip(probed, exact, strict=True)},
                "lowest_rate": ((), min(lasting, default=float("nan")), hz),
                "rest_unstable_from": ((), float(lost), {"units": "uA/cm**2"}),
                "v": (("shown", "time"), v, {"units": "mV"}),
            },
            {
                "swept": ("swept", swept, {"units": "uA/cm**2"}),
                "shown": ("shown", shown, {"units": "uA/cm**2"}),
                "time": ("time", time, {"units": "ms"}),
            },
        )

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(1, 2, 7.0, 2.8)
        left, right = axes[0]
        for level, colour in zip(data["shown"].values, ("second", "neuron"), strict=True):
            left.plot(data["time"], data["v"].sel(shown=level), color=COLOURS[colour], label=f"{level:g} µA/cm²")
        left.set(xlabel="time (ms)", ylabel="membrane potential (mV)", ylim=(-82, 75))
        left.legend(loc="upper right", ncols=2)
        right.plot(data["swept"], np.where(data["rate"] > 0, data["rate"], np.nan), color=COLOURS["neuron"])
        right.plot(data["swept"], np.where(data["rate"] == 0, 0, np.nan), color=COLOURS["neuron"])
        right.plot(list(RATES), list(RATES.values()), "o", color="k", mfc="none", ms=5, label="independent")
        right.axvline(float(data["rest_unstable_from"]), color=COLOURS["faint"], lw=0.8, ls="--")
        right.text(float(data["rest_unstable_from"]) + 0.3, 8, "rest unstable", color=COLOURS["faint"], fontsize=8)
        right.set(xlabel="current density (µA/cm²)", ylabel="rate (Hz)", xlim=(0, 25), ylim=(-3, 100))
        right.legend(loc="lower right", bbox_to_anchor=(1, 0.2))
        label_panels(axes)
        return made
