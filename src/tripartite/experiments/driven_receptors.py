"""Receptors driven by a pulse of transmitter, their co-agonist sites, and magnesium that closed gates trap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
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

RECEPTORS = {"ampa": 0.617986, "nmda": 0.0692431, "gaba_a": 0.959819}
"""Open fraction at the end of a pulse of 1 mM and 1 ms."""
TRAPPING = {-70: 0.0113337, -40: 0.112488, 0: 0.757392}
"""Membrane potential (mV) and open fraction at 1 mM magnesium over that without."""

_PULSE = "first-order binding with the values of destexhe1998"
_SITES = "affinity of D-serine of furukawa_gouaux2003 at two sites"
_TRAPPING = "scheme of ModelDB 145836, solved as a linear system"
_FINE = Tsit5(rtol=1e-9, atol=1e-12)


class DrivenReceptors(Experiment):
    """Receptors driven by a pulse of transmitter, their co-agonist sites, and magnesium that closed gates trap.

    **Model** *pulse*: AMPA, NMDA and GABA_A receptors that follow `TransmitterPulse` by first-order binding, with
    `CoagonistSites` for D-serine. *jump*: `Ampa`, which takes the pulse as a jump. *trapping*: `TrappingNmda`.

    **Protocol** One release; potential and D-serine held. For *trapping*, glutamate held, then 1 ms of 1 mM at -60 mV.

    **Measure** Open fraction at the end of the pulse; time constant of closing from the fractions 2 and 6 ms after it;
    share with both co-agonist sites taken; steady open fraction over that without magnesium; share of the receptors
    that hold glutamate that are blocked 50 ms after the pulse.

    **Claims** None is published. Checks: closed forms and numbers computed independently from the same equations.

    **Not claimed** The constant of unbinding of NMDA receptors, 0.0066 /ms, is that of the textbook form; its
    first source is not confirmed. That the trapping scheme is the one of vargas_caballero2004 is not, either.

    **Figure** A: open receptors after a release, each relative to its peak. B: share with one and with both co-agonist
    sites taken, by D-serine. C: open fraction over that without magnesium, beside an instantaneous block.
    """

    name = "destexhe1998-receptors"
    paper = "destexhe1998"
    checks = (
        *(Check(f"Open at the end of the pulse: {name}", _PULSE, f"open_{name}", value, 1e-5, basis=Basis.CLOSED_FORM)
          for name, value in RECEPTORS.items()),
        Check("Time constant of closing: nmda", _PULSE, "tau_nmda", 151.515, 1e-5, "ms", basis=Basis.CLOSED_FORM),
        Check("A jump leaves what the pulse leaves", "agreement of two mechanisms", "jump_over_pulse", 1.0, 1e-7,
              basis=Basis.LAW),
        Check("Both sites taken at 5 µM D-serine", _SITES, "sites_5", 0.173034, 4e-5, basis=Basis.CLOSED_FORM),
        *(Check(f"Trapping: left at {v} mV".replace("-", "−"), _TRAPPING, f"left_{v}", value, 1e-5,
                basis=Basis.COMPUTED) for v, value in TRAPPING.items()),
        Check("Trapping: blocked of those with glutamate, 50 ms after a pulse", _TRAPPING, "blocked", 0.674818, 1e-5,
              basis=Basis.COMPUTED),
    )  # fmt: skip
    must_matter = {"spine.NmdaKinetics.unbinding": 2, "spine.sites": 0.5, "spine.trapping": 0.5}

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
    levels = np.unique(np.concatenate([np.geomspace(0.1, 1000, 81), [5.0]]))
    held = Constant({"spine.v": -60 * mV, "spine.dserine": 1 * uM})
    run = simulate(model, held, until=1 * ms, save_at=[0] * ms, vary={"spine.dserine": levels * uM})
    taken = run["coagonist"].values[:, 0]
    return {
        "dserine": ("dserine", levels, {"units": "uM"}),
        "sites": ("dserine", taken, {"units": "1"}),
        "sites_5": ((), taken[np.argmin(np.abs(levels - 5))]),
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
