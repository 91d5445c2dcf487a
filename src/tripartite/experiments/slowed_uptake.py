"""Bursts of presynaptic spikes slow the uptake of glutamate, briefly and only where they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Experiment
from tripartite.language import Compartment, Model
from tripartite.mechanisms import (
    ActivitySlowing,
    CleftGlutamate,
    KampaNmda,
    MichaelisMentenUptake,
    TransporterVoltage,
)
from tripartite.protocols import Constant, SpikeTrain
from tripartite.solve import Tsit5, simulate
from tripartite.units import mM, ms, mV

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

RATES = (10, 20, 30, 50, 75, 100)
DURATIONS = (20, 50, 100, 200, 500)
BURST = (100, 200)
"""Rate (Hz) and duration (ms) of the burst in the other panels."""
WINDOW = (0.5, 5.5)
"""Where the decay is measured, in ms after the last release."""
AMOUNTS = (0.25, 1.0, 4.0, 40.0)
"""Glutamate relative to the other panels; the last saturates uptake and enters no claim."""
DELAYS = (5, 10, 20, 30, 50, 75, 100)

_ABSTRACT = "armbruster2016, abstract"
_CHOSEN = "the constants of the slowing were chosen for what the abstract of armbruster2016 says"
_FINE = Tsit5(rtol=1e-9, atol=1e-13)


class SlowedUptake(Experiment):
    """Bursts of presynaptic spikes slow the uptake of glutamate, briefly and only where they arrive.

    **Model** Glutamate around two synapses of one astrocyte, 0.1 µM a release, far below saturation: each has uptake
    (`MichaelisMentenUptake`) that recent spikes at that synapse slow (`ActivitySlowing`). Extrasynaptic NMDA
    receptors at +40 mV (`KampaNmda`) see the glutamate of the first. *constant*: the same without slowing.
    *voltage*: uptake slowed by depolarisation only (`TransporterVoltage`).

    **Protocol** Bursts of 10 to 100 Hz that last 20 to 500 ms, at the first synapse. The second gets one spike
    with the last of them. Bursts of 100 Hz for 200 ms with a quarter of the glutamate and with four times as
    much; the same, then a test spike after 5 to 100 ms.

    **Measure** The rate at which glutamate falls from 0.5 to 5.5 ms after the last release; slowing is that after a
    lone spike over that after the burst. Time integral of the open fraction of NMDA receptors.

    **Claims** Of the abstract of armbruster2016: slowing rises with the duration of the burst, whatever the amount of
    glutamate (here: within 5 %). The abstract of the preprint of armbruster2022: slowed clearance enhances the
    activation of neurons by glutamate, here of their NMDA receptors. Checks: slowed up to threefold, more with
    frequency, back to normal within 50 ms (here: within 10 %), for which the constants were chosen.

    **Assumed** The form and the constants of `ActivitySlowing`, so that "up to threefold", the rise with frequency and
    the recovery describe the abstract and do not predict it. That neighbours are spared, as it says, follows from where
    the trace of spikes lives.

    **Beside the claims** Releases of 4 µM each saturate uptake in a burst: then glutamate stays longer for two
    reasons, and the measured slowing is half as much again. Depolarisation by 20 mV alone, with the fitted
    voltage factor, slows uptake 1.4-fold; threefold would take 67 mV.

    **Figure** A: glutamate during a burst with slowed and with constant uptake. B: slowing by the duration of the
    burst, one line a rate. C: slowing by when a test spike comes after the burst; dotted at 50 ms. D: open NMDA
    receptors in the courses of A. Quick runs: 3 instead of 6 rates.
    """

    name = "armbruster2016-uptake"
    paper = "armbruster2016"
    claims = (
        Claim("Slowing rises with the duration of the burst", _ABSTRACT, "rises_with_duration", True),
        Claim("Sixteen times as much glutamate changes the slowing by less than 5 %", _ABSTRACT, "by_amount",
              (0.95, 1.05)),
        Claim("Slowed uptake opens more NMDA receptors", "armbruster2022, abstract of its preprint", "more_nmda", True),
    )  # fmt: skip
    checks = (
        Check("Bursts slow uptake at most threefold, the strongest more than twofold", _CHOSEN, "largest", (2, 3),
              basis=Basis.DEMONSTRATION),
        Check("Slowing rises with the frequency of the burst", _CHOSEN, "rises_with_rate", True,
              basis=Basis.DEMONSTRATION),
        Check("Fifty ms after the burst uptake is normal, within 10 %", _CHOSEN, "after_50_ms", (0.9, 1.1),
              basis=Basis.DEMONSTRATION),
    )  # fmt: skip
    must_matter = {"active.tau_spikes": 5, "active.largest_slowing": 0.5}

    def models(self) -> dict[str, Model]:
        return {
            "slice": _slice(ActivitySlowing(), ActivitySlowing()),
            "constant": _slice(None, None),
            "voltage": Model(process=Compartment(TransporterVoltage())),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        model = models["slice"]
        lone = _decay(model, [0.0])[0]
        rates = RATES[1::2] if quick else RATES
        grid = np.array([[lone / _decay(model, _burst(r, d))[0] for d in DURATIONS] for r in rates])
        numbers: dict[str, Any] = {
            "rate": ("rate", list(rates), {"units": "Hz"}),
            "duration": ("duration", list(DURATIONS), {"units": "ms"}),
            "slowing": (("rate", "duration"), grid, {"units": "1"}),
            "largest": ((), grid.max()),
            "rises_with_rate": ((), float(np.all(np.diff(grid[:, DURATIONS.index(200)]) > 0))),
            "rises_with_duration": ((), float(np.all(np.diff(grid[-1, :4]) > 0))),
        }
        numbers |= _amounts(model) | _recovery(model, lone) | _receptors(models) | _voltage(models["voltage"])
        return xr.Dataset(numbers)

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.2)
        glutamate, grid, recovery, nmda = axes.ravel()
        for name, label, colour in (("slice", "slowed by spikes", "astrocyte"), ("constant", "constant", "faint")):
            glutamate.plot(data["moment"], data[f"course_{name}"], color=COLOURS[colour], label=label)
            nmda.plot(data["moment"], 100 * data[f"open_{name}"], color=COLOURS[colour], label=label)
        glutamate.set(xlabel="time (ms)", ylabel="glutamate (µM)")
        glutamate.legend(title="uptake", title_fontsize=8)
        _draw_grid(grid, data)
        recovery.plot(data["delay"], data["recovery"], "o-", ms=4, color=COLOURS["astrocyte"])
        recovery.axhline(1, color=COLOURS["faint"], lw=0.8)
        recovery.axvline(50, color=COLOURS["faint"], ls=":", lw=1)
        recovery.set(xlabel="test spike after the burst (ms)", ylabel="slowing", ylim=(0.9, 2.9))
        nmda.set(xlabel="time (ms)", ylabel="open NMDA receptors (%)")
        label_panels(axes)
        return made


def _slice(here: ActivitySlowing | None, there: ActivitySlowing | None) -> Model:
    """Two synapses, and the receptors of the first."""

    def around(slowing: ActivitySlowing | None) -> Compartment:
        # 0.1 µM a release: bursts reach the 1 µM that zheng2008 finds at most, where uptake is far from saturated.
        parts = (CleftGlutamate(content=1 * mM, dilution=1e-4), MichaelisMentenUptake())
        return Compartment(*parts, *([slowing] if slowing else []))

    active, neighbour, dendrite = around(here), around(there), Compartment(KampaNmda())
    wiring = [active.glutamate >> dendrite.glutamate]
    return Model(active=active, neighbour=neighbour, dendrite=dendrite, wiring=wiring)


def _burst(rate: float, duration: float) -> np.ndarray:
    """Times (ms) of the spikes of a burst; one at least."""
    return 1000 / rate * np.arange(max(1, round(rate * duration / 1000)))


def _events(model: Model, times: Any) -> Any:
    """Spikes and releases at the first synapse, and one of each at the second with the last of them."""
    spikes = "spike" in model.compartments["active"].events
    protocol = Constant({"dendrite.v": 40 * mV})
    for place, when in (("active", times), ("neighbour", times[-1:])):
        for event in ("release", "spike") if spikes else ("release",):
            protocol = protocol & SpikeTrain(np.asarray(when) * ms, event=event, to=f"{place}.{event}")
    return protocol


def _decay(model: Model, times: Any) -> tuple[float, float]:
    """Rate (1/ms) at which glutamate falls after the last release, at both synapses."""
    moment = times[-1] + np.array(WINDOW)
    run = simulate(model, _events(model, times), until=moment[-1] * ms, save_at=moment * ms, solver=_FINE)
    levels = [run[f"{place}.glutamate"].values for place in ("active", "neighbour")]
    first, second = (float(np.log(level[0] / level[1])) / (WINDOW[1] - WINDOW[0]) for level in levels)
    return first, second


def _amounts(model: Model) -> dict[str, Any]:
    found = []
    for amount in AMOUNTS:
        scaled = model.replace({f"{place}.content": amount * mM for place in ("active", "neighbour")})
        found.append(_decay(scaled, [0.0])[0] / _decay(scaled, _burst(*BURST))[0])
    return {
        "amount": ("amount", [a / 10 for a in AMOUNTS], {"units": "uM"}),
        "slowing_by_amount": ("amount", found, {"units": "1"}),
        "by_amount": ((), found[2] / found[0]),
        "saturated": ((), found[3] / found[0]),
    }


def _recovery(model: Model, lone: float) -> dict[str, Any]:
    burst = _burst(*BURST)
    found = np.array([lone / _decay(model, np.append(burst, burst[-1] + delay))[0] for delay in DELAYS])
    return {
        "delay": ("delay", list(DELAYS), {"units": "ms"}),
        "recovery": ("delay", found, {"units": "1"}),
        "after_50_ms": ((), found[DELAYS.index(50)]),
    }


def _receptors(models: dict[str, Model]) -> dict[str, Any]:
    moment = np.linspace(0, 500, 1001)
    found: dict[str, Any] = {"moment": ("moment", moment, {"units": "ms"})}
    opened = {}
    for name in ("slice", "constant"):
        run = simulate(models[name], _events(models[name], _burst(*BURST)), until=500 * ms, save_at=moment * ms)
        found[f"course_{name}"] = ("moment", run["active.glutamate"].values, {"units": "uM"})
        found[f"open_{name}"] = ("moment", run["nmda_open"].values, {"units": "1"})
        opened[name] = float(np.trapezoid(run["nmda_open"].values, moment))
        found[f"opened_{name}"] = ((), opened[name], {"units": "ms"})
    return found | {"more_nmda": ((), float(opened["slice"] > opened["constant"]))}


def _voltage(model: Model) -> dict[str, Any]:
    """Slowing by a depolarisation of 20 mV, and the depolarisation for a threefold one."""
    levels = np.linspace(-85, 0, 86)
    run = simulate(model, Constant(v=0 * mV), until=1 * ms, save_at=[0] * ms, vary={"process.v": levels * mV})
    slowing = 1 / run["voltage_factor"].values[:, 0]
    return {
        "by_20_mV": ((), float(np.interp(-65, levels, slowing))),
        "for_threefold": ((), float(np.interp(3, slowing, levels)) + 85, {"units": "mV"}),
    }


def _draw_grid(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    shades = (COLOURS["faint"], COLOURS["second"], COLOURS["neuron"], COLOURS["perturbation"], COLOURS["model"],
              COLOURS["data"])  # fmt: skip
    rows = zip(data["rate"].values, data["slowing"].values, shades[-len(data["rate"]) :], strict=True)
    for rate, row, colour in rows:
        panel.plot(data["duration"], row, "o-", ms=3.5, color=colour, label=f"{rate} Hz")
    panel.set(xscale="log", xlabel="duration of the burst (ms)", ylabel="slowing", ylim=(0.9, 3.1))
    panel.set_xticks(DURATIONS, [str(d) for d in DURATIONS])
    panel.minorticks_off()
    panel.legend(loc="upper left", ncols=2)
