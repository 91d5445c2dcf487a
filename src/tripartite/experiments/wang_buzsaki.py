"""The rates of a fast-spiking interneuron by its current."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.experiments.firing import course, last_rate, trains
from tripartite.language import Compartment, Model
from tripartite.mechanisms import WangBuzsaki
from tripartite.units import cm, ms, s, uA

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RATES = {0.2: 8.62062, 0.5: 32.21715, 1.0: 59.70149, 2.0: 101.78572}
"""Rate (Hz) of the last interval of a second by current (µA/cm²), to the accuracy of an eighth-order method."""


_EXACT = "equations of wang_buzsaki1996, by the method of Dormand and Prince of order 8, to 1e-10"


class WangBuzsakiRates(Experiment):
    r"""The rates of a fast-spiking interneuron: slow firing at rheobase, 100 Hz at 2 µA/cm².

    **Model** One compartment with sodium, potassium and leak (`WangBuzsaki`; wang_buzsaki1996).

    **Protocol** Constant current densities from 0 to 3 µA/cm², switched on at 0 s, for 1 s.

    **Measure** Rate: the reciprocal of the last interval between rises through 0 mV.

    **Claims** None is published. Checks: silence at 0.15 µA/cm² and rates at four currents, computed independently
    from the same equations; a rate below 10 Hz near rheobase, so that the rate rises without a jump (class 1).

    **Figure** A: potential at 0.2 and at 1 µA/cm². B: rate by current, circles the independent rates. Quick runs: 31
    instead of 121 currents.
    """

    name = "wang-buzsaki1996-rates"
    paper = "wang_buzsaki1996"
    checks = (
        Check("Silent at 0.15 µA/cm²", _EXACT, "rate_150", 0.0, 0.0, "Hz", basis=Basis.COMPUTED),
        *(
            Check(f"Rate at {current:g} µA/cm²", _EXACT, f"rate_{round(1000 * current)}", rate, 1e-4, "Hz",
                  basis=Basis.COMPUTED)
            for current, rate in RATES.items()
        ),
        Check("Near rheobase it fires below 10 Hz (class 1)", _EXACT, "slowest", (0, 10), 0.0, "Hz",
              basis=Basis.COMPUTED),
    )  # fmt: skip
    must_matter = {"neuron.g_k": 1.1}

    def models(self) -> dict[str, Model]:
        return {"interneuron": Model(neuron=Compartment(WangBuzsaki()))}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        model, density = models["interneuron"], uA / cm**2
        swept = np.linspace(0, 3, 31 if quick else 121)
        rates = np.array([last_rate(t, 3) for t in trains(model, 1 * s, **{"neuron.current": swept * density})])
        probed = np.array([0.15, *RATES])
        exact = [last_rate(t) for t in trains(model, 1 * s, **{"neuron.current": probed * density})]
        near = trains(model, 3 * s, **{"neuron.current": np.linspace(0.155, 0.2, 10) * density})
        slow = [last_rate(t) for t in near if len(t) >= 4]
        time, v = course(model, 150 * ms, vary={"neuron.current": np.array([0.2, 1.0]) * density})
        hz = {"units": "Hz"}
        return xr.Dataset(
            {
                "rate": ("swept", rates, hz),
                **{f"rate_{round(1000 * i)}": ((), r, hz) for i, r in zip(probed, exact, strict=True)},
                "slowest": ((), min(slow, default=float("nan")), hz),
                "v": (("shown", "time"), v, {"units": "mV"}),
            },
            {
                "swept": ("swept", swept, {"units": "uA/cm**2"}),
                "shown": ("shown", [0.2, 1.0], {"units": "uA/cm**2"}),
                "time": ("time", time, {"units": "ms"}),
            },
        )

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(1, 2, 7.0, 2.8)
        left, right = axes[0]
        for level, colour, lift in zip(data["shown"].values, ("second", "neuron"), (0, 0), strict=True):
            left.plot(data["time"], data["v"].sel(shown=level) + lift, color=COLOURS[colour], label=f"{level:g} µA/cm²")
        left.set(xlabel="time (ms)", ylabel="membrane potential (mV)", ylim=(-80, 75))
        left.legend(loc="upper right", ncols=2)
        right.plot(data["swept"], data["rate"], color=COLOURS["neuron"])
        right.plot(list(RATES), list(RATES.values()), "o", color="k", mfc="none", ms=5, label="independent, exact")
        right.set(xlabel="current density (µA/cm²)", ylabel="rate (Hz)", xlim=(0, 3), ylim=(0, None))
        right.legend()
        label_panels(axes)
        return made
