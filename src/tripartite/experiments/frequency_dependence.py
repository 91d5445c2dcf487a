"""How the response of a depressing and of a facilitating synapse depends on the rate of spikes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.language import Compartment, Model
from tripartite.mechanisms import ActiveResources, FacilitatingUtilization, FixedUtilization, TsodyksDepression
from tripartite.parameters import tsodyks1998
from tripartite.protocols import RegularSpikes
from tripartite.solve import Tsit5, simulate
from tripartite.units import Hz, ms, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

STEADY = {
    "depressing": {1: 0.483155, 10: 0.108632, 100: 0.012729},
    "facilitating": {1: 0.035170, 10: 0.134531, 100: 0.070232},
}
"""Active resources after a spike of a long regular train, by its rate (Hz)."""

_MAP = "equations and values of tsodyks1998, with a matrix exponential between spikes"
_NAMES = "what the two synapses are named for"
_FINE = Tsit5(rtol=1e-9, atol=1e-12)


class FrequencyDependence(Experiment):
    """How the response of a depressing and of a facilitating synapse depends on the rate of spikes.

    **Model** Resources that are available, active or inactive (`TsodyksDepression`), with a fixed or a facilitating
    utilization (`FacilitatingUtilization`), and the current that active ones carry (`ActiveResources`). Both
    synapses of tsodyks1998; the depressing one with U = 0.6, since the printed 0.5 does not give its figure.

    **Protocol** Regular trains at 1 to 100 Hz for at least 6 s, and 20 Hz for half a second.

    **Measure** Active resources right after the last spike of a long train; the rate at which they are most.

    **Claims** None is published with a number. Checks: steady responses and the best rate were computed independently
    from the same equations, with exact solutions between spikes.

    **Not claimed** That the figure of the paper needs U = 0.6 was found by others, who read it from the figure.

    **Figure** A and B: current of the two synapses during half a second at 20 Hz. C: active resources after a spike of
    a long train by its rate, points computed independently. Quick runs: 12 instead of 31 rates.
    """

    name = "tsodyks1998-synapses"
    paper = "tsodyks1998"
    checks = (
        *(Check(f"Active after a spike, {name}, {rate} Hz", _MAP, f"{name}_{rate}", (v - 6e-7, v + 6e-7),
                basis=Basis.COMPUTED) for name, table in STEADY.items() for rate, v in table.items()),
        Check("Rate of the largest response of the facilitating synapse", _MAP, "best_rate", 20.70, 2e-3, "Hz",
              basis=Basis.COMPUTED),
        Check("The depressing synapse responds less and less to a train", _NAMES, "depresses", True,
              basis=Basis.DEMONSTRATION),
        Check("The second response of the facilitating synapse is larger than the first", _NAMES, "facilitates", True,
              basis=Basis.DEMONSTRATION),
    )  # fmt: skip
    must_matter = {"synapse.u0": 0.8, "synapse.tau_rec": 0.8}

    def models(self) -> dict[str, Model]:
        depressing = Compartment(TsodyksDepression(), FixedUtilization(), ActiveResources())
        facilitating = Compartment(TsodyksDepression(), FacilitatingUtilization(), ActiveResources())
        return {
            "depressing": Model(synapse=depressing.using(tsodyks1998.DEPRESSING)),
            "facilitating": Model(synapse=facilitating.using(tsodyks1998.FACILITATING)),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        numbers: dict[str, Any] = {}
        shown = np.geomspace(0.5, 100, 12 if quick else 31)
        time = np.linspace(0, 600, 2401)
        for name, model in models.items():
            numbers |= {f"{name}_{rate}": ((), _steady(model, rate)) for rate in STEADY[name]}
            numbers[f"steady_{name}"] = ("rate", [_steady(model, rate) for rate in shown], {"units": "1"})
            train = RegularSpikes(20 * Hz, stop=0.5 * s)
            run = simulate(model, train, until=600 * ms, save_at=time * ms, solver=_FINE)
            numbers[f"current_{name}"] = ("time", run["synaptic_current"].values, {"units": "pA"})
        numbers |= {"rate": ("rate", shown, {"units": "Hz"}), "time": ("time", time, {"units": "ms"})}
        near = np.array([18.0, 20.0, 22.0, 24.0])
        fit = np.polynomial.Polynomial.fit(near, [_steady(models["facilitating"], rate) for rate in near], 3)
        tops = [float(root.real) for root in fit.deriv().roots() if near[0] < root.real < near[-1]]
        spikes = np.searchsorted(time, 50.0 * np.arange(10)) + 1
        first = {name: numbers[f"current_{name}"][1][spikes] for name in models}
        return xr.Dataset(
            numbers
            | {
                "best_rate": ((), tops[0] if tops else np.nan, {"units": "Hz"}),
                "depresses": ((), float(np.all(np.diff(first["depressing"]) < 0))),
                "facilitates": ((), float(first["facilitating"][1] > first["facilitating"][0])),
            }
        )

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(1, 3, 9.2, 2.7)
        for panel, name, colour in ((axes[0, 0], "depressing", "neuron"), (axes[0, 1], "facilitating", "transmitter")):
            panel.plot(data["time"], data[f"current_{name}"], color=COLOURS[colour])
            panel.set(xlabel="time (ms)", ylabel="synaptic current (pA)", title=name, ylim=(0, None))
            axes[0, 2].plot(data["rate"], data[f"steady_{name}"], color=COLOURS[colour], label=name)
            axes[0, 2].plot(list(STEADY[name]), list(STEADY[name].values()), "o", ms=4, color=COLOURS[colour])
        axes[0, 2].set(xscale="log", yscale="log", xlabel="rate of spikes (Hz)", ylabel="active after a spike")
        axes[0, 2].set_yticks([0.02, 0.05, 0.1, 0.2, 0.5], ["0.02", "0.05", "0.1", "0.2", "0.5"])
        axes[0, 2].minorticks_off()
        axes[0, 2].legend()
        label_panels(axes)
        return made


def _steady(model: Model, rate: float) -> float:
    """Active resources right after the last spike of a train of 6 s and at least 12 spikes."""
    count = max(12, int(6 * rate))
    train, last = RegularSpikes(rate * Hz), (count - 1) / rate
    after = last + 1e-10  # a rounded time must not fall before the spike
    run = simulate(model, train, until=(last + 0.1 / rate) * s, save_at=[after] * s, solver=_FINE)
    return float(run["y"].values[-1])
