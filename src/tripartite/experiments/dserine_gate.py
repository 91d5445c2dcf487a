"""D-serine from the astrocyte gates NMDA receptors, and with them long-term potentiation."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Experiment
from tripartite.language import Compartment, Model, Perturbation, Protocol
from tripartite.mechanisms import Ampa, Nmda
from tripartite.models import NmdaSynapse
from tripartite.protocols import Constant, Pairings, Pulses, RegularSpikes, SpikeTrain
from tripartite.solve import Tsit5, simulate
from tripartite.units import Hz, mM, ms, mV, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLOCK = {
    -80: 0.02442, -70: 0.04447, -60: 0.07963, -40: 0.23016, -20: 0.50814, 0: 0.78118, 20: 0.92502, 40: 0.97708,
}  # fmt: skip
"""Membrane potential (mV) and fraction of receptors free of magnesium, at 1 mM magnesium."""

OCCUPANCY = {1: 0.1247, 5: 0.4160, 10: 0.5875}
"""D-serine (µM) and fraction of co-agonist sites occupied."""

_BLOCK = "equation of jahr_stevens1990"
_SHOWN = (-70, -20, 20)
"""Potentials (mV) of `BLOCK` that are judged."""
_FINE = Tsit5(rtol=1e-9, atol=1e-12)

PAIRINGS = Pairings(10 * ms, 60, 1 * Hz, start=5 * s)
ALONE = RegularSpikes(1 * Hz, start=5 * s, stop=65 * s, event="spike")
RELEASING = Pulses("astrocyte.ca", 1 * uM, np.arange(4.5, 60, 10) * s, 2 * s, 0.1 * uM)
SILENT = Constant({"astrocyte.ca": 0.1 * uM})
DEGRADED = Perturbation("D-serine degraded", {"removal": 50.0, "around.rest": 1 / 50}, at=0 * s)


class Condition(NamedTuple):
    """One cell of the experiment: what is done, and to which model."""

    label: str
    protocol: Protocol
    model: str = "synapse"


CONDITIONS = {
    "both": Condition("pairing +\nastrocyte", PAIRINGS & RELEASING),
    "pairing": Condition("pairing,\nclamped", PAIRINGS & SILENT),
    "astrocyte": Condition("pre alone +\nastrocyte", ALONE & RELEASING),
    "neither": Condition("pre alone,\nclamped", ALONE & SILENT),
    "degraded": Condition("both, D-ser\ndegraded", PAIRINGS & RELEASING & DEGRADED),
    "rescued": Condition("clamped,\nD-ser bath", PAIRINGS & SILENT, "bath"),
}
COMPLETE, LACKING = ("both", "rescued"), ("pairing", "astrocyte", "neither", "degraded")


class DserineGate(Experiment):
    r"""NMDA receptors ask for glutamate, depolarisation and a co-agonist that the astrocyte supplies.

    **Model** *receptor*: AMPA and NMDA receptors under voltage clamp at a given D-serine. *synapse*: bouton,
    spine and an astrocyte that releases D-serine when its calcium crosses a threshold (`NmdaSynapse`);
    *bath* is the same with 10 µM D-serine added.

    **Protocol** Voltages from -100 to 60 mV, magnesium 0.5, 1 and 2 mM, D-serine 1 to 10 µM. Then 60 pairs at
    1 Hz, the postsynaptic spike 10 ms after the presynaptic one, or the presynaptic spikes alone; astrocytic
    calcium either pulsed to 1 µM every 10 s, half a second before a pair, or clamped at 0.1 µM. D-serine is
    degraded by 50 times faster removal at unchanged supply, as by D-amino acid oxidase.

    **Measure** Unblocked fraction, its midpoint and the potential of the largest inward current; occupancy;
    peak NMDA current; spine calcium; change of the synaptic weight. The highest spine calcium among the
    conditions that lack something, and the lowest among the peaks of the others, bound the thresholds of
    potentiation that give the same table: that range is measured, too.

    **Claims** Occupancy sets the availability of NMDA receptors (panatier2006). Clamping astrocytic calcium lowers the
    occupancy and blocks potentiation, exogenous D-serine restores it (henneberger2010, abstract); degrading D-serine
    abolishes it (fossat2012, abstract). "Blocks" means no change at all. Checks: magnesium block by Jahr and Stevens
    (1990), occupancy by the affinity of Furukawa and Gouaux (2003), and what the assumed threshold does.

    **Assumed** Amount and removal of D-serine, spine calcium and its threshold, and the size of
    potentiation: no measurement settles them, so only signs are claimed. The affinity is that of the
    isolated binding core; intact receptors need less.

    **Figure** A: receptors free of magnesium, the point at half block. B: peak NMDA current at three levels of
    D-serine. C: D-serine during the pairing; D: spine calcium around one pair, with the assumed threshold. E: change of
    the weight in six conditions. F: that change by the threshold, shaded where the table stays the same. Quick runs: 21
    instead of 61 thresholds.
    """

    name = "dserine-nmdar-gate"
    paper = "henneberger2010"
    claims = (
        Claim("More D-serine, more NMDA current", "panatier2006, abstract", "current_rises", True),
        Claim("Clamped astrocytic calcium lowers the occupancy", "henneberger2010, abstract", "clamp_lowers", True),
        Claim("Pairing and astrocyte together potentiate", "henneberger2010, abstract", "ltp_both", True),
        Claim("Clamped astrocytic calcium blocks LTP", "henneberger2010, abstract", "no_ltp_pairing", True),
        Claim("Exogenous D-serine restores LTP", "henneberger2010, abstract", "ltp_rescued", True),
        Claim("Degraded D-serine abolishes LTP", "fossat2012, abstract", "no_ltp_degraded", True),
    )
    checks = (
        *(Check(f"Fraction not blocked by magnesium at {v} mV", _BLOCK, f"unblocked_{v}", BLOCK[v], 3e-4,
                basis=Basis.COMPUTED) for v in _SHOWN),
        Check("Half block", _BLOCK, "v_half", -20.5253, 1e-4, "mV", basis=Basis.CLOSED_FORM),
        Check("Half block at 0.5 mM magnesium", _BLOCK, "v_half_low", -31.71, 6e-4, "mV", basis=Basis.CLOSED_FORM),
        Check("Potential of the largest inward current", _BLOCK, "v_inward", -26.96, 2e-4, "mV", basis=Basis.COMPUTED),
        Check("Co-agonist occupancy at 5 µM D-serine", "affinity of D-serine of furukawa_gouaux2003, one site",
              "occupancy_5", OCCUPANCY[5], 4e-4, basis=Basis.CLOSED_FORM),
        Check("The astrocyte without pairing gives no LTP", "coincidence that the magnesium block asks for",
              "no_ltp_astrocyte", True, basis=Basis.DEMONSTRATION),
        Check("The table stays the same over more than twofold thresholds of potentiation",
              "a verdict that hung on one assumed number would be none", "threshold_range", (2, np.inf),
              basis=Basis.DEMONSTRATION),
    )  # fmt: skip
    must_matter = {"around.amount": 0.05, "spine.k_mg": 2}

    def models(self) -> dict[str, Model]:
        synapse = NmdaSynapse()
        bath = {"around.dserine": 10 * uM, "around.rest": 10 * uM}
        return {
            "receptor": Model(spine=Compartment(Ampa(), Nmda())),
            "synapse": synapse,
            "bath": synapse.replace(bath, "assumed: bath that fills more than half of the sites"),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        parts = [_block(models["receptor"]), _currents(models["receptor"]), _table(models, 21 if quick else 61)]
        return xr.merge(parts)

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(3, 2, 7.4, 7.6)
        (block, current), (dserine, calcium), (change, robust) = axes
        block.plot(data["voltage"], data["unblocked"], color=COLOURS["neuron"])
        block.plot(data["v_half"], 0.5, "o", color=COLOURS["model"])
        block.annotate(f"{float(data['v_half']):.2f} mV", (data["v_half"], 0.5), (8, -8), textcoords="offset points")
        block.set(xlabel="membrane potential (mV)", ylabel="fraction free of Mg", ylim=(0, 1.02))
        for level, shade in zip(data["level"].values, ("second", "neuron", "data"), strict=True):
            row = data.sel(level=level)
            label = f"{level:g} µM, θ = {float(row['occupancy']):.3f}"
            current.plot(data["voltage"], row["current"], color=COLOURS[shade], label=label)
        current.axhline(0, color=COLOURS["faint"], lw=0.8)
        current.set(
            xlabel="membrane potential (mV)", ylabel="peak NMDA current (pA)", xlim=(-100, 40), ylim=(-0.25, 0.6)
        )
        current.legend(title="D-serine, occupancy", title_fontsize=8)
        _draw_courses(dserine, calcium, data)
        _draw_verdicts(change, robust, data)
        label_panels(axes)
        return made


def _block(model: Model) -> xr.Dataset:
    """The magnesium block by voltage; midpoints from the logit, which is a straight line."""
    import xarray as xr

    voltage = np.linspace(-100, 60, 3201)
    level = np.repeat([1.0, 0.5, 2.0], len(voltage))
    run = simulate(
        model,
        Constant(dserine=1 * uM, v=0 * mV),
        until=1 * ms,
        save_at=[0] * ms,
        vary={"spine.v": np.tile(voltage, 3) * mV, "magnesium": level * mM},
    )
    rows = run["unblocked"].values.reshape(3, -1)
    halves = [float(np.interp(0, np.log(row / (1 - row)), voltage)) for row in rows]
    force = rows[0] * (voltage - float(model["Nmda.reversal"].magnitude))
    lowest = force.argmin()
    bend = np.polyfit(voltage[lowest - 5 : lowest + 6] - voltage[lowest], force[lowest - 5 : lowest + 6], 2)
    mv = {"units": "mV"}
    return xr.Dataset(
        {
            "unblocked": ("voltage", rows[0], {"units": "1"}),
            **{f"unblocked_{v}": rows[0][np.abs(voltage - v).argmin()] for v in BLOCK},
            **{key: ((), v, mv) for key, v in zip(("v_half", "v_half_low", "v_half_high"), halves, strict=True)},
            "v_inward": ((), voltage[lowest] - bend[1] / (2 * bend[0]), mv),
            "inward": ((), force[lowest], mv),
        },
        {"voltage": ("voltage", voltage, mv)},
    )


def _currents(model: Model) -> xr.Dataset:
    """Occupancy, and the NMDA current right after a release, by voltage and D-serine."""
    import xarray as xr

    levels, voltage = np.array(list(OCCUPANCY), dtype=float), np.linspace(-100, 60, 3201)
    run = simulate(
        model,
        Constant(dserine=1 * uM, v=0 * mV) & SpikeTrain([1] * ms, event="release"),
        until=2 * ms,
        save_at=[1] * ms,
        vary={"dserine": np.repeat(levels, len(voltage)) * uM, "spine.v": np.tile(voltage, len(levels)) * mV},
    )
    shape = (len(levels), len(voltage))
    current, occupancy = (run[name].values[:, 0].reshape(shape) for name in ("nmda_current", "coagonist"))
    inward = current[:, np.abs(voltage + 40).argmin()]
    return xr.Dataset(
        {
            "current": (("level", "voltage"), current, {"units": "pA"}),
            "occupancy": ("level", occupancy[:, 0], {"units": "1"}),
            **{f"occupancy_{d}": value for d, value in zip(OCCUPANCY, occupancy[:, 0], strict=True)},
            "current_rises": float(np.all(np.diff(-inward) > 0)),
        },
        {"level": ("level", levels, {"units": "uM"}), "voltage": ("voltage", voltage, {"units": "mV"})},
    )


def _table(models: dict[str, Model], points: int) -> xr.Dataset:
    """Course, calcium peak and weight change of every condition, and the change by the assumed threshold."""
    import xarray as xr

    thresholds = np.geomspace(0.01, 3, points)
    columns = []
    for condition in CONDITIONS.values():
        model = models[condition.model]
        run = simulate(model, condition.protocol, until=70 * s, save_every=0.5 * ms, solver=_FINE)
        swept = simulate(
            model, condition.protocol, until=70 * s, save_at=[70] * s, vary={"spine.threshold": thresholds * uM}
        )
        calcium, weight, slow = run["spine_ca"], run["weight"], slice(None, None, 100)
        pair = (run.time >= 14.98) & (run.time <= 15.12)
        columns.append(
            {
                "dserine": ("time", run["dserine"].values[slow], {"units": "uM"}),
                "spine_ca": ("moment", calcium.values[pair], {"units": "uM"}),
                "peak": ((), float(calcium.max()), {"units": "uM"}),
                "change": float(weight[-1]) - 1,
                "filled": float(run["coagonist"].sel(time=slice(5, 65)).mean()),
                "change_by_threshold": ("threshold", swept["weight"].values[:, -1] - 1, {"units": "1"}),
            }
        )
        clock = {
            "time": ("time", run.time.values[slow], {"units": "s"}),
            "moment": ("moment", (run.time.values[pair] - 15) * 1000, {"units": "ms"}),
            "threshold": ("threshold", thresholds, {"units": "uM"}),
        }
    data = xr.concat([xr.Dataset(column, clock) for column in columns], xr.IndexVariable("condition", list(CONDITIONS)))
    return data.merge(_verdicts(data, models["synapse"]))


def _verdicts(data: xr.Dataset, model: Model) -> xr.Dataset:
    import xarray as xr

    change = {name: float(data["change"].sel(condition=name)) for name in CONDITIONS}
    filled = data["filled"]
    low = float(data["peak"].sel(condition=list(LACKING)).max())
    high = float(data["peak"].sel(condition=list(COMPLETE)).min())
    return xr.Dataset(
        {
            **{f"ltp_{name}": float(change[name] > 0) for name in COMPLETE},
            **{f"no_ltp_{name}": float(change[name] == 0) for name in LACKING},
            "clamp_lowers": float(filled.sel(condition="pairing") < filled.sel(condition="both")),
            "threshold_assumed": ((), float(model["spine.threshold"].magnitude), {"units": "uM"}),
            "threshold_low": ((), low, {"units": "uM"}),
            "threshold_high": ((), high, {"units": "uM"}),
            "threshold_range": high / low,
        }
    )


def _draw_courses(dserine: Axes, calcium: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    shown = {"both": "astrocyte", "rescued": "second", "degraded": "perturbation", "pairing": "faint"}
    words = {"both": "astrocyte releases", "rescued": "clamped, bath", "degraded": "degraded", "pairing": "clamped"}
    for name, colour in shown.items():
        dserine.plot(data["time"], data["dserine"].sel(condition=name), color=COLOURS[colour], label=words[name])
    dserine.set(xlabel="time (s)", ylabel="D-serine (µM)", ylim=(0, 36))
    dserine.legend(ncols=2, loc="upper center")
    shown = {"both": "astrocyte", "degraded": "perturbation", "astrocyte": "neuron", "pairing": "faint"}
    words = {
        "both": "both",
        "degraded": "both, degraded",
        "astrocyte": "pre alone + astrocyte",
        "pairing": "pairing, clamped",
    }
    for name, colour in shown.items():
        calcium.plot(data["moment"], data["spine_ca"].sel(condition=name), color=COLOURS[colour], label=words[name])
    calcium.axhline(float(data["threshold_assumed"]), color=COLOURS["data"], lw=0.8, ls=":")
    calcium.text(118, float(data["threshold_assumed"]) + 0.02, "threshold (assumed)", fontsize=7, ha="right")
    calcium.set(
        xlabel="time after the presynaptic spike (ms)", ylabel="spine calcium (µM)", xlim=(-20, 120), ylim=(-0.03, 1.4)
    )
    calcium.legend()


def _draw_verdicts(change: Axes, robust: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    colours = ("astrocyte", "faint", "neuron", "data", "perturbation", "second")
    names = list(CONDITIONS)
    percent = 100 * data["change"].sel(condition=names)
    change.bar(range(len(names)), percent, color=[COLOURS[c] for c in colours])
    for place, value in enumerate(percent.values):
        change.text(place, value + 1, f"{value:.0f}", ha="center", fontsize=8)
    change.set_xticks(range(len(names)), [CONDITIONS[n].label for n in names], rotation=55, fontsize=7)
    change.set(ylabel="change of weight (%)", ylim=(0, 1.2 * float(percent.max())))
    low, high = float(data["threshold_low"]), float(data["threshold_high"])
    robust.axvspan(low, high, color=COLOURS["transmitter"], alpha=0.25, lw=0)
    for name, colour in zip(names, colours, strict=True):
        line = 100 * data["change_by_threshold"].sel(condition=name)
        robust.plot(data["threshold"], line, color=COLOURS[colour], label=CONDITIONS[name].label.replace("\n", " "))
    robust.axvline(float(data["threshold_assumed"]), ymax=0.75, color=COLOURS["data"], lw=0.8, ls=":")
    top = 145 * float(data["change_by_threshold"].max())
    robust.set(xscale="log", xlabel="threshold of potentiation (µM)", ylabel="change of weight (%)", ylim=(-10, top))
    robust.text(np.sqrt(low * high), 0.97, f"same table\n{low:.2f}-{high:.2f} µM\n({high / low:.1f}-fold)",
                transform=robust.get_xaxis_transform(), ha="center", va="top", fontsize=7)  # fmt: skip
