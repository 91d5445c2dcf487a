"""Gliotransmitter released by whole vesicles: its spread, and what the mean over many releases hides."""

from __future__ import annotations

from math import comb
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.language import Compartment, Mechanism, Model, Result
from tripartite.mechanisms import (
    Gliotransmitter,
    GradedExocytosis,
    PresynapticReceptor,
    QuantalExocytosis,
    ThresholdExocytosis,
    VesicleFusion,
)
from tripartite.protocols import Pulses
from tripartite.solve import Tsit5, simulate
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STARTS = 0.2 + 0.8 * np.arange(6)
"""Times (s) at which calcium rises; too short apart for all vesicles to be refilled."""
RISE = 0.3
"""Calcium (s) stays high for so long."""
SAMPLED = np.sort(np.concatenate([STARTS + 1e-3, np.arange(0.0, 5.0, 0.05)]))
"""Times (s) at which traces are kept; the first millisecond after every rise among them."""

RUNS = 4000
_BEFORE_SECOND = int(np.searchsorted(SAMPLED, STARTS[1])) - 1

_BINOMIAL = "example 3 of stimberg2019 with independent vesicles: binomial distribution"
_AGREE = "agreement of vesicles with the model without chance"
_FINE = Tsit5(rtol=1e-6, atol=1e-8)
_VESICLES, _CHANCE, _RECOVERY, _GAP = 4, 0.6, 0.6, 0.8
_KEPT = np.exp(-_RECOVERY * _GAP)
_BOUND_BY_ONE = np.exp(-1.5 * 6.5e-4 * 50e3 / 60)
"""Receptors that one vesicle leaves free: O_G times its content outside, over the rate of clearance."""


class QuantalRelease(Experiment):
    """Gliotransmitter released by whole vesicles: its spread, and what the mean over many releases hides.

    **Model** An astrocyte, the space around the synapse and presynaptic receptors, with the values of example 3 of
    stimberg2019. *quantal*: four vesicles, each of which fuses with probability 0.6 when calcium rises through 0.5 µM
    (`QuantalExocytosis`). *mean*: the same without chance (`ThresholdExocytosis`). *vesicles* and *graded*: release
    at a rate that grows with calcium, by whole vesicles (`VesicleFusion`) and in the mean (`GradedExocytosis`).

    **Protocol** Calcium at 1 µM for 0.3 s, six times at intervals of 0.8 s, 0.1 µM in between.

    **Measure** Over 4000 runs: mean and squared coefficient of variation of the first release, share of failures,
    covariance of the first two releases, bound receptors just before the second, unbinding switched off; the largest
    difference between the mean of the runs and the model without chance, over the spread that chance gives such a mean.

    **Claims** None is published. Checks: closed forms of the binomial distribution, with four standard errors of the
    number of runs, and the models without chance. The mean of 78 µM is that of stimberg2019, the squared variation
    (1 - U) / (n U).

    **Assumed** Vesicles fuse and are refilled independently. How the rate grows with calcium in *vesicles* and
    *graded* is a choice, so that only their agreement is checked, no number.

    **Figure** A: ready vesicles in three runs; calcium is high in the shaded times. B: vesicles of the first release,
    points the binomial distribution. C: mean and spread of six releases beside the model without chance. D: vesicles
    left by graded release, two runs, the mean of all, and the model without chance.
    """

    name = "stimberg2019-quantal-release"
    paper = "stimberg2019"
    checks = (
        Check("Mean of the first release", "equations of example 3 of stimberg2019", "first_mean", 78.0, 0.026, "uM",
              basis=Basis.CLOSED_FORM),
        Check("Squared coefficient of variation of the first release", _BINOMIAL, "first_cv2",
              (1 - _CHANCE) / (_VESICLES * _CHANCE), 0.1, basis=Basis.CLOSED_FORM),
        Check("All four vesicles fail", _BINOMIAL, "failures", (1 - _CHANCE) ** _VESICLES, 0.4,
              basis=Basis.CLOSED_FORM),
        Check("Vesicles of the second release, in the mean", _BINOMIAL, "second_mean",
              _VESICLES * _CHANCE * (1 - _CHANCE * _KEPT), 0.04, basis=Basis.CLOSED_FORM),
        Check("Covariance of the vesicles of the first and the second release", _BINOMIAL, "covariance",
              -_VESICLES * _CHANCE**2 * (1 - _CHANCE) * _KEPT, 0.18, basis=Basis.CLOSED_FORM),
        Check("Quantal releases bind fewer receptors in the mean than their mean does", _BINOMIAL, "bound_quantal",
              1 - (1 - _CHANCE * (1 - _BOUND_BY_ONE)) ** _VESICLES, 0.015, basis=Basis.CLOSED_FORM),
        Check("Six quantal releases follow the model without chance in the mean (standard errors)", _AGREE,
              "quantal_deviation", (0, 4.0), basis=Basis.LAW),
        Check("So does graded release by vesicles (standard errors)", _AGREE, "graded_deviation", (0, 4.0),
              basis=Basis.LAW),
    )  # fmt: skip
    must_matter = {"quantal.fraction": 1.15, "vesicles.recovery": 0.1}

    def models(self) -> dict[str, Model]:
        return {
            "quantal": _model(QuantalExocytosis()),
            "mean": _model(ThresholdExocytosis()),
            "vesicles": _model(VesicleFusion(), adds=True),
            "graded": _model(GradedExocytosis(), adds=True),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        return xr.Dataset({"time": ("time", SAMPLED, {"units": "s"}), **_quantal(models), **_graded(models)})

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.0)
        _draw_ready(axes[0, 0], data)
        _draw_numbers(axes[0, 1], data)
        _draw_releases(axes[1, 0], data)
        _draw_graded(axes[1, 1], data)
        label_panels(axes)
        return made


def _model(exocytosis: Mechanism, adds: bool = False) -> Model:
    astrocyte, around = Compartment(exocytosis), Compartment(Gliotransmitter())
    bouton = Compartment(PresynapticReceptor().replace("assumed: to count what binds", unbinding=0 / s))
    released = (
        around.gliotransmitter >> astrocyte.gliotransmitter if adds else astrocyte.gliorelease >> around.gliorelease
    )
    wiring = [released, around.gliotransmitter >> bouton.gliotransmitter]
    return Model(astrocyte=astrocyte, around=around, bouton=bouton, wiring=wiring)


def simulated(model: Model, seeds: Any = 0) -> Result:
    """The run under the pulses of calcium; one for each of several seeds."""
    pulses = Pulses("astrocyte.ca", 1 * uM, STARTS * s, RISE * s, 0.1 * uM)
    return simulate(model, pulses, until=5 * s, save_at=SAMPLED * s, solver=_FINE, seed=seeds)


def _quantal(models: dict[str, Model]) -> dict[str, Any]:
    """What whole vesicles release, and how far their mean is from the model without chance."""
    model, mean = models["quantal"], simulated(models["mean"])
    result = simulated(model, range(RUNS))
    vesicles = int((model["ready"] + model["emptied"]).magnitude)
    full = float((models["mean"]["around.dilution"] * models["mean"]["around.content"]).to("uM").magnitude)
    fused = result.events("gliorelease")["amount"].values
    single = mean.events("gliorelease")["amount"].values
    number = np.rint(fused * vesicles)
    spread = fused.std(axis=0, ddof=1) / np.sqrt(RUNS)
    return {
        "ready": (("member", "time"), result["ready"].values[:3], {"units": "1"}),
        "count": ("count", np.arange(vesicles + 1)),
        "share": ("count", [(number[:, 0] == k).mean() for k in range(vesicles + 1)]),
        "expected_share": ("count", [comb(vesicles, k) * _CHANCE**k * (1 - _CHANCE) ** (vesicles - k)
                                     for k in range(vesicles + 1)]),
        "release": ("release", STARTS, {"units": "s"}),
        "released_quantal": ("release", fused.mean(axis=0) * full, {"units": "uM"}),
        "released_spread": ("release", fused.std(axis=0, ddof=1) * full, {"units": "uM"}),
        "released_mean": ("release", single * full, {"units": "uM"}),
        "first_mean": ((), fused[:, 0].mean() * full, {"units": "uM"}),
        "first_cv2": fused[:, 0].var(ddof=1) / fused[:, 0].mean() ** 2,
        "failures": (number[:, 0] == 0).mean(),
        "second_mean": number[:, 1].mean(),
        "covariance": np.cov(number[:, 0], number[:, 1])[0, 1],
        "bound_quantal": result["bound"].values[:, _BEFORE_SECOND].mean(),
        "bound_mean": mean["bound"].values[_BEFORE_SECOND],
        "quantal_deviation": np.abs((fused.mean(axis=0) - single) / spread).max(),
    }  # fmt: skip


def _graded(models: dict[str, Model]) -> dict[str, Any]:
    """Resources left by release at a rate: in the mean, and by vesicles, over the standard errors of their mean."""
    graded = simulated(models["graded"])["resources"].values
    result = simulated(models["vesicles"], range(RUNS))
    left = result["ready"].values / (result["ready"].values[:, :1] + result["emptied"].values[:, :1])
    late = STARTS[0] + 0.1 < SAMPLED
    error = left.std(axis=0, ddof=1) / np.sqrt(RUNS)
    return {
        "left_graded": ("time", graded, {"units": "1"}),
        "left_vesicles": ("time", left.mean(axis=0), {"units": "1"}),
        "left_runs": (("member", "time"), left[:3], {"units": "1"}),
        "graded_deviation": np.abs((left.mean(axis=0) - graded)[late] / error[late]).max(),
    }


def _draw_ready(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for offset, run in enumerate(data["ready"].values):
        colour = (COLOURS["astrocyte"], COLOURS["second"], COLOURS["faint"])[offset]
        panel.step(data["time"], run + 0.06 * (offset - 1), where="post", color=colour, label=f"run {offset + 1}")
    for start in STARTS:
        panel.axvspan(start, start + RISE, color=COLOURS["transmitter"], alpha=0.25, lw=0)
    panel.set(xlabel="time (s)", ylabel="ready vesicles", yticks=range(5), xlim=(0, 5), ylim=(-0.3, 5.2))
    panel.legend(loc="upper right", ncols=3)


def _draw_numbers(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    panel.bar(data["count"], data["share"], width=0.6, color=COLOURS["astrocyte"], label=f"{RUNS} runs")
    panel.plot(data["count"], data["expected_share"], "o", ms=4, color=COLOURS["data"], label="binomial")
    panel.set(xlabel="vesicles of the first release", ylabel="share of runs", ylim=(0, 0.45))
    panel.legend(loc="upper left")


def _draw_releases(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    number = np.arange(1, len(STARTS) + 1)
    panel.errorbar(number, data["released_quantal"], data["released_spread"], fmt="o", ms=4, lw=1, capsize=2,
                   color=COLOURS["astrocyte"], label="quantal: mean, spread of runs")  # fmt: skip
    panel.plot(number, data["released_mean"], "_", ms=14, color=COLOURS["data"], label="without chance")
    panel.set(xlabel="number of the release", ylabel="gliotransmitter (µM)", ylim=(0, 150))
    panel.legend(loc="upper right")


def _draw_graded(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for number, run in enumerate(data["left_runs"].values[:2]):
        panel.step(
            data["time"], run, where="post", color=COLOURS["second"], lw=0.8, label=None if number else "two runs"
        )
    panel.plot(data["time"], data["left_vesicles"], color=COLOURS["astrocyte"], lw=2.5, label=f"mean of {RUNS} runs")
    panel.plot(data["time"], data["left_graded"], "--", color=COLOURS["data"], lw=1, label="graded, without chance")
    panel.set(xlabel="time (s)", ylabel="fraction of vesicles ready", xlim=(0, 5), ylim=(-0.03, 1.55))
    panel.legend(loc="upper right")
