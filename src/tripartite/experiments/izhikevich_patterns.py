"""Firing patterns of cortical neurons from four numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.experiments.firing import FINE, course, padded, trains
from tripartite.language import Compartment, Model, ParameterSet
from tripartite.mechanisms import Izhikevich
from tripartite.parameters import izhikevich2003
from tripartite.protocols import Constant
from tripartite.units import ms, mV, pA, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

SETS = {
    "RS": izhikevich2003.REGULAR_SPIKING,
    "IB": izhikevich2003.INTRINSICALLY_BURSTING,
    "CH": izhikevich2003.CHATTERING,
    "FS": izhikevich2003.FAST_SPIKING,
    "LTS": izhikevich2003.LOW_THRESHOLD_SPIKING,
}
COUNTS = {"RS": 23, "IB": 34, "CH": 87, "FS": 137, "LTS": 78}
"""Spikes in a second at I = 10, to the accuracy of an eighth-order method."""


_EXACT = "equations of izhikevich2003, by the method of Dormand and Prince of order 8, to 1e-11"
_NAME = "the name of the type; its description in izhikevich2003 was not read"
STIMULUS = Constant(current=1000 * pA)
"""I = 10 mV/ms through 100 pF."""


class IzhikevichPatterns(Experiment):
    r"""Four numbers turn one quadratic membrane into five kinds of cortical neuron.

    **Model** Quadratic membrane with recovery (`Izhikevich`; izhikevich2003), regular spiking (RS),
    intrinsically bursting (IB), chattering (CH), fast spiking (FS) and low-threshold spiking (LTS).

    **Protocol** The constant input I = 10 (mV/ms; 1000 pA at 100 pF) from v = -65 mV, u = b v, for 1 s.

    **Measure** Spikes in the second; intervals between them.

    **Claims** None is published with a number. Checks: counts computed independently from the same equations; and what
    the types are named for: the intervals of RS grow (adaptation), IB begins with a burst and goes on with single
    spikes, CH repeats bursts, FS does not adapt and is the fastest.

    **Figure** A to E: potential of each type in the first 300 ms. F: interval by its number, one colour a type.
    """

    name = "izhikevich2003-patterns"
    paper = "izhikevich2003"
    checks = (
        *(Check(f"{n}: spikes in 1 s", _EXACT, f"{n}_count", float(c), basis=Basis.COMPUTED)
          for n, c in COUNTS.items()),
        *(Check(statement, _NAME, number, True, basis=Basis.DEMONSTRATION) for statement, number in (
            ("RS adapts: the intervals grow", "rs_adapts"),
            ("IB bursts at first, then spikes alone", "ib_bursts_first"),
            ("CH repeats its bursts", "ch_repeats"),
            ("FS fires fastest and without adaptation", "fs_is_fast"),
        )),
    )  # fmt: skip
    must_matter = {"neuron.a": 1.1}

    def models(self) -> dict[str, Model]:
        return {name: Model(neuron=Compartment(_driven(values))) for name, values in SETS.items()}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        exact = {name: trains(model, 1 * s, FINE, STIMULUS)[0] for name, model in models.items()}
        courses = [course(model, 300 * ms, protocol=STIMULUS) for model in models.values()]
        between = {name: np.diff(times) for name, times in exact.items()}
        ib, ch, fs = between["IB"], between["CH"], between["FS"]
        numbers = {f"{name}_count": float(len(times)) for name, times in exact.items()}
        return xr.Dataset(
            {
                **numbers,
                "rs_adapts": float(bool(between["RS"][-1] > 1.5 * between["RS"][0])),
                "ib_bursts_first": float(bool(np.all(ib[:2] < 10) and np.all(ib[5:] > 20))),
                "ch_repeats": float(bool(np.count_nonzero((ch[:-1] < 10) & (ch[1:] > 20)) > 10)),
                "fs_is_fast": float(bool(len(fs) == max(map(len, between.values())) and fs[-1] < 1.5 * fs[2])),
                "v": (("neuron", "time"), np.array([v for _, v in courses]), {"units": "mV"}),
                "interval": (("neuron", "number"), padded(list(between.values())), {"units": "ms"}),
            },
            {"neuron": list(SETS), "time": ("time", courses[0][0], {"units": "ms"})},
        )

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(len(SETS) + 1, 1, 7.0, 7.4, gridspec_kw={"height_ratios": [1] * len(SETS) + [1.8]})
        for panel, name in zip(axes[:, 0], SETS, strict=False):
            panel.plot(data["time"], data["v"].sel(neuron=name), color=COLOURS["neuron"], lw=0.9)
            panel.set(xlim=(0, 300), ylim=(-90, 35), ylabel="v (mV)")
            panel.set_title(f"{name}: {SETS[name].name}, {int(data[f'{name}_count'])} spikes in 1 s", fontsize=8)
            panel.tick_params(labelbottom=name == "LTS")
        axes[len(SETS) - 1, 0].set_xlabel("time (ms)")
        last = axes[-1, 0]
        colours = ("neuron", "transmitter", "model", "perturbation", "astrocyte")
        for name, colour in zip(SETS, colours, strict=True):
            last.plot(data["interval"].sel(neuron=name), ".-", ms=3, lw=0.6, color=COLOURS[colour], label=name)
        last.set(xlabel="number of the interval", ylabel="interval (ms)", xlim=(0, 60), ylim=(0, 75))
        last.legend(ncols=5, loc="upper right")
        label_panels(axes)
        return made


def _driven(values: ParameterSet) -> Izhikevich:
    neuron = Izhikevich(v=-65 * mV).using(values)
    return neuron.replace(u=neuron.b * neuron.v)
