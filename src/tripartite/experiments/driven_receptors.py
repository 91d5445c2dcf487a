"""Receptors driven by a pulse of transmitter, their co-agonist sites, and magnesium that closed gates trap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Claim, Experiment
from tripartite.experiments.kinetic_schemes import steady
from tripartite.language import Compartment, Model
from tripartite.mechanisms import (
    Ampa,
    AmpaKinetics,
    CoagonistSites,
    GabaAKinetics,
    NmdaKinetics,
    TransmitterPulse,
    TrappingNmda,
)
from tripartite.protocols import Constant, Pulses, SpikeTrain
from tripartite.solve import Tsit5, simulate
from tripartite.units import mM, ms, mV, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RECEPTORS = {"ampa": (0.617986, 5.26316), "nmda": (0.0692431, 151.515), "gaba_a": (0.959819, 5.55556)}
"""Open fraction at the end of a pulse of 1 mM and 1 ms, and time constant of closing (ms)."""
SITES = {1: 0.015547, 5: 0.173034, 10: 0.345208}
"""D-serine (µM) and share of receptors with both co-agonist sites taken."""
TRAPPING = {-80: 0.0051194, -70: 0.0113337, -40: 0.112488, 0: 0.757392, 40: 0.987162}
"""Membrane potential (mV) and open fraction at 1 mM magnesium over that without."""

_PULSE = "destexhe1998, closed form of first-order binding"
_SITES = "furukawa_gouaux2003, affinity of D-serine at two sites: computed independently"
_TRAPPING = "vargas_caballero2004, scheme of ModelDB 145836: computed independently from its equations"
_FINE = Tsit5(rtol=1e-9, atol=1e-12)


class DrivenReceptors(Experiment):
    """Receptors driven by a pulse of transmitter, their co-agonist sites, and magnesium that closed gates trap.

    **Model** *pulse*: AMPA, NMDA and GABA_A receptors that follow `TransmitterPulse` by first-order binding, with
    `CoagonistSites` for D-serine. *jump*: `Ampa`, which takes the pulse as a jump. *trapping*: `TrappingNmda`.

    **Protocol** One release; potential and D-serine held. For *trapping*, glutamate held, then 1 ms of 1 mM at -60 mV.

    **Measure** Open fraction at the end of the pulse; time constant of closing from the fractions 2 and 6 ms after it;
    share with both co-agonist sites taken; steady open fraction over that without magnesium; share of the receptors
    that hold glutamate that are blocked 50 ms after the pulse.

    **Claims** Closed forms and numbers computed independently from the same equations.

    **Not claimed** The constant of unbinding of NMDA receptors, 0.0066 /ms, is that of the textbook form; its
    first source is not confirmed. That the trapping scheme is the one of vargas_caballero2004 is not, either.
    """

    name = "destexhe1998-receptors"
    paper = "destexhe1998"
    claims = (
        *(Claim(f"Open at the end of the pulse: {name}", _PULSE, f"open_{name}", value, 1e-5)
          for name, (value, _) in RECEPTORS.items()),
        *(Claim(f"Time constant of closing: {name}", _PULSE, f"tau_{name}", value, 1e-5, "ms")
          for name, (_, value) in RECEPTORS.items()),
        Claim("A jump leaves what the pulse leaves", _PULSE, "jump_over_pulse", 1.0, 1e-7),
        *(Claim(f"Both sites taken at {d} µM D-serine", _SITES, f"sites_{d}", value, 4e-5)
          for d, value in SITES.items()),
        *(Claim(f"Trapping: left at {v} mV".replace("-", "−"), _TRAPPING, f"left_{v}", value, 1e-5)
          for v, value in TRAPPING.items()),
        Claim("Trapping: blocked of those with glutamate, 50 ms after a pulse", _TRAPPING, "blocked", 0.674818, 1e-5),
    )  # fmt: skip

    def models(self) -> dict[str, Model]:
        driven = (TransmitterPulse(), AmpaKinetics(), NmdaKinetics(), GabaAKinetics(), CoagonistSites())
        trapping = Model(spine=Compartment(TrappingNmda()))
        return {
            "pulse": Model(spine=Compartment(*driven)),
            "jump": Model(spine=Compartment(Ampa())),
            "trapping": trapping,
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        return xr.Dataset(_pulse(models["pulse"], models["jump"]) | _sites(models["pulse"]) | _trap(models["trapping"]))

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(1, 3, 9.2, 2.8)
        pulse, sites, trapped = axes.ravel()
        labels = {"ampa": ("AMPA", "neuron"), "nmda": ("NMDA", "transmitter"), "gaba_a": ("GABA$_A$", "perturbation")}
        for name, (label, colour) in labels.items():
            row = data[f"course_{name}"]
            pulse.plot(data["moment"], row / row.max(), color=COLOURS[colour], label=label)
        pulse.set(xlabel="time after the release (ms)", ylabel="open, relative to peak", ylim=(0, 1.05), xlim=(0, 40))
        pulse.legend(loc="center right")
        sites.plot(data["dserine"], data["sites"], color=COLOURS["astrocyte"], label="two sites")
        sites.plot(data["dserine"], np.sqrt(data["sites"]), "--", color=COLOURS["faint"], label="one site")
        sites.set(xscale="log", xlabel="D-serine (µM)", ylabel="share with co-agonist", ylim=(0, 1))
        sites.legend()
        trapped.plot(data["voltage"], data["left"], color=COLOURS["neuron"], label="trapping scheme")
        trapped.plot(data["voltage"], data["jahr_stevens"], "--", color=COLOURS["faint"], label="Jahr and Stevens")
        trapped.set(xlabel="membrane potential (mV)", ylabel="open, over that without Mg", ylim=(0, 1.02))
        trapped.legend()
        label_panels(axes)
        return made


def _pulse(model: Model, jump: Model) -> dict[str, Any]:
    held = {"spine.v": -60 * mV}
    moment = np.unique(np.concatenate([np.linspace(0, 40, 401), [1.0, 3.0, 7.0]]))
    protocol = Constant({**held, "spine.dserine": 1 * uM}) & SpikeTrain([0] * ms, event="release")
    run = simulate(model, protocol, until=40 * ms, save_at=moment * ms, solver=_FINE)
    once = simulate(jump, Constant(held) & SpikeTrain([0] * ms, event="release"), until=1 * ms, save_at=[0] * ms)
    found: dict[str, Any] = {"moment": ("moment", moment, {"units": "ms"})}
    end, early, late = (int(np.argmin(np.abs(moment - t))) for t in (1.0, 3.0, 7.0))
    for name in RECEPTORS:
        row = run[name].values
        found[f"course_{name}"] = ("moment", row, {"units": "1"})
        found[f"open_{name}"] = ((), row[end])
        found[f"tau_{name}"] = ((), (moment[late] - moment[early]) / np.log(row[early] / row[late]), {"units": "ms"})
    return found | {"jump_over_pulse": ((), float(once["ampa"][0]) / run["ampa"].values[end])}


def _sites(model: Model) -> dict[str, Any]:
    levels = np.unique(np.concatenate([np.geomspace(0.1, 1000, 81), list(SITES)]))
    held = Constant({"spine.v": -60 * mV, "spine.dserine": 1 * uM})
    run = simulate(model, held, until=1 * ms, save_at=[0] * ms, vary={"spine.dserine": levels * uM})
    taken = run["coagonist"].values[:, 0]
    return {
        "dserine": ("dserine", levels, {"units": "uM"}),
        "sites": ("dserine", taken, {"units": "1"}),
        **{f"sites_{d}": ((), taken[np.argmin(np.abs(levels - d))]) for d in SITES},
    }


def _trap(model: Model) -> dict[str, Any]:
    voltage = np.arange(-100.0, 61.0, 10.0)
    free = steady(model, 0, changes={"magnesium": 1e-9 * mM})["nmda_open"]
    left = np.array([steady(model, v)["nmda_open"] for v in voltage]) / free
    pulse = Pulses("glutamate", 1 * mM, [0] * ms, 1 * ms)
    run = simulate(model, pulse & Constant(v=-60 * mV), until=51 * ms, save_at=[51] * ms, solver=_FINE)
    state = {entry.key.rsplit(".", 1)[-1]: float(run[entry.key][0]) for entry in model.system.states}
    holding = {name: value for name, value in state.items() if not name.startswith("nmda_free")}
    blocked = sum(value for name, value in holding.items() if name.endswith("_mg")) / sum(holding.values())
    return {
        "voltage": ("voltage", voltage, {"units": "mV"}),
        "left": ("voltage", left, {"units": "1"}),
        "jahr_stevens": ("voltage", 1 / (1 + np.exp(-0.062 * voltage) / 3.57), {"units": "1"}),
        "blocked": ((), blocked),
        **{f"left_{v}": ((), left[np.flatnonzero(voltage == v)[0]]) for v in TRAPPING},
    }
