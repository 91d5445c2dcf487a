"""Fluorescence predicted from spikes, on neurons in which both were recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.experiments.measurements import rupprecht2021
from tripartite.language import Compartment, Model
from tripartite.mechanisms import SpikeCalcium
from tripartite.observe import KINETIC_GCAMP6F, HillShape, KineticGcamp, spike_kernel
from tripartite.protocols import SpikeTrain
from tripartite.units import s, uM

if TYPE_CHECKING:
    from collections.abc import Callable

    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tripartite.experiments.measurements.rupprecht2021 import Recording

    Predict = Callable[[Recording], np.ndarray]

_STARTS = ((0.05, 0.5, 5.0, 2.0), (0.1, 1.5, 3.0, 1.0))
_BOUNDS = ((0.003, 0.05, 0.05, 0.5), (1.0, 10.0, 100.0, 6.0))
"""Rise and decay (s), half and exponent: where the fit starts, and how far it may go."""

_SHOWN = {"GCaMP6f": "GCaMP6f 1", "GCaMP6s": "GCaMP6s 3"}
_ORDER = "order of the decays of the indicators, on recordings of rupprecht2021"
_OWN = "what an instrument should do on held-out data"


class CascadeGroundTruth(Experiment):
    r"""Two instruments predict the fluorescence of held-out minutes from recorded spikes.

    **Model** *Kernel*: every spike adds exp(-d/decay) (1 - exp(-d/rise)), the sum goes through a Hill curve
    (`spike_fluorescence`; wei2020). *Kinetic*: every spike lets calcium in (`SpikeCalcium`), which a GCaMP
    with the affinity, exponent and off rate of the indicator shows (`KineticGcamp`).

    **Protocol** The spikes recorded cell-attached in eight neurons of mouse visual cortex (rupprecht2021): four
    with GCaMP6f (chen2013), four with GCaMP6s (theis2016). Each cell is fitted on the first half of every
    recording and judged on the second.

    **Measure** Kernel: rise, decay, half and exponent by least squares; kinetic: influx per spike and clearance
    of calcium on a grid; both with a scale and an offset. Correlation and explained variance of the held-out
    halves, together for all recordings of a cell; the same with the spikes shifted by half a recording in a
    circle. Half-decay: from the peak of the kernel's response to one spike to half of it.

    **Claims** None. The fitted kernel of every 6s cell decays more slowly than that of every 6f cell, as the
    indicators are known for; like the other checks, which have round limits set after a first look at these
    recordings, it guards the instruments against mistakes and reproduces no published number.

    **Figure** A, B: dF/F of a cell of each indicator in a held-out minute, with both predictions and the spikes. C:
    held-out correlation by cell, of the kernel (full) and the kinetic instrument (pale); dashes are shifted spikes. D:
    half-decay of one spike. Quick runs: a grid of 6 × 5 instead of 12 × 10 for the kinetic instrument.

    **Beyond the checks** The kinetic instrument has half as many free numbers and still comes close to the
    kernel. Its grid does not tell the kinetics of 6f from those of 6s: clearance of calcium makes up for the
    difference. In one 6f cell it explains no held-out variance on the full grid, although it correlates.
    Scales differ between cells by more than tenfold, so that absolute calcium cannot be read off.

    **Holds for** spikes of one cell with the neuropil removed as in the database; the baselines drift in some
    recordings, which no instrument here explains.
    """

    name = "cascade-ground-truth"
    paper = "rupprecht2021"
    checks = (
        Check(
            "Every 6s cell decays more slowly than every 6f cell", _ORDER, "slower_6s", True, basis=Basis.DEMONSTRATION
        ),
        Check("Kernel: median held-out correlation", _OWN, "kernel_median", (0.8, 1.0), basis=Basis.DEMONSTRATION),
        Check("Kinetic: median held-out correlation", _OWN, "kinetic_median", (0.8, 1.0), basis=Basis.DEMONSTRATION),
        Check(
            "Kernel: more variance explained than by the mean, in every cell",
            _OWN,
            "kernel_explains",
            True,
            basis=Basis.DEMONSTRATION,
        ),
        Check(
            "Kernel: true spikes predict better than shifted ones, in every cell",
            _OWN,
            "kernel_knows",
            True,
            basis=Basis.DEMONSTRATION,
        ),
        Check(
            "Kinetic: true spikes predict better than shifted ones, in every cell",
            _OWN,
            "kinetic_knows",
            True,
            basis=Basis.DEMONSTRATION,
        ),
    )
    must_matter = {"neuron.off_rate": 0.003}

    def models(self) -> dict[str, Model]:
        return {
            "GCaMP6s": Model(neuron=Compartment(SpikeCalcium(), KineticGcamp())),
            "GCaMP6f": Model(neuron=Compartment(SpikeCalcium(), KineticGcamp().using(KINETIC_GCAMP6F))),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        rows, shown, names = [], {}, []
        for indicator, cells in rupprecht2021.read().items():
            for name, recordings in cells.items():
                kernel, half_decay = fit_kernel(recordings)
                kinetic = _fit_kinetic(models[indicator], recordings, (6, 5) if quick else (12, 10))
                row = {"half_decay": half_decay, "indicator": indicator}
                for label, predict in (("kernel", kernel), ("kinetic", kinetic)):
                    row |= {f"{label}_{k}": v for k, v in _judged(predict, recordings).items()}
                rows.append(row)
                names.append(name)
                if name == _SHOWN[indicator]:
                    shown |= _courses(indicator, recordings[0], kernel, kinetic)
        columns = {key: ("cell", [row[key] for row in rows]) for key in rows[0]}
        table = xr.Dataset({**columns, **shown}, {"cell": names})
        table["half_decay"].attrs["units"] = "s"
        slow, fast = (table["half_decay"][table["indicator"] == kind] for kind in ("GCaMP6s", "GCaMP6f"))
        table["slower_6s"] = float(slow.min() > fast.max())
        table["kernel_explains"] = float((table["kernel_r2"] > 0).all())
        for label in ("kernel", "kinetic"):
            table[f"{label}_median"] = float(table[f"{label}_correlation"].median())
            table[f"{label}_knows"] = float((table[f"{label}_correlation"] > table[f"{label}_shifted"]).all())
        return table

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 4.8, gridspec_kw={"width_ratios": [2, 1]})
        for panel, indicator in zip(axes[:, 0], _SHOWN, strict=True):
            _draw(panel, indicator, data)
        colours = [COLOURS["astrocyte" if kind == "GCaMP6f" else "neuron"] for kind in data["indicator"].values]
        place = np.arange(data.sizes["cell"])
        quality, decay = axes[:, 1]
        quality.bar(place - 0.2, data["kernel_correlation"], 0.38, color=colours, label="kernel")
        quality.bar(place + 0.2, data["kinetic_correlation"], 0.38, color=colours, alpha=0.5, label="kinetic")
        quality.plot(place - 0.2, data["kernel_shifted"], "_", color="k", ms=6, label="spikes shifted")
        quality.plot(place + 0.2, data["kinetic_shifted"], "_", color="k", ms=6)
        quality.axhline(0, color=COLOURS["faint"], lw=0.8)
        quality.set(ylabel="held-out correlation", ylim=(-0.3, 1.55), yticks=[0, 0.5, 1])
        quality.legend(fontsize=7, loc="upper left")
        decay.bar(place, data["half_decay"], 0.7, color=colours)
        decay.set(ylabel="half-decay of one spike (s)")
        for panel in (quality, decay):
            panel.set_xticks(place, [name.replace("GCaMP", "") for name in data["cell"].values], rotation=60)
        label_panels(axes)
        return made


def fit_kernel(recordings: list[Recording]) -> tuple[Predict, float]:
    """The kernel instrument fitted on the first halves, and the half-decay (s) of its response to one spike."""
    from scipy.optimize import least_squares

    halves, measured = [len(r.time) // 2 for r in recordings], _first_halves([r.dff for r in recordings])

    def shape(recording: Recording, p: np.ndarray) -> np.ndarray:
        rise, decay, half, exponent = np.exp(p)
        calcium = spike_kernel(recording.spikes, recording.time, rise, decay)
        return HillShape(1.0, half, exponent)(calcium)

    def both(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        made = np.concatenate([shape(r, p)[:n] for r, n in zip(recordings, halves, strict=True)])
        return made, np.polyfit(made, measured, 1)

    def residual(p: np.ndarray) -> np.ndarray:
        made, line = both(p)
        return np.polyval(line, made) - measured

    bounds = np.log(_BOUNDS)
    fits = [least_squares(residual, np.log(start), bounds=(bounds[0], bounds[1]), max_nfev=60) for start in _STARTS]
    best = min(fits, key=lambda found: found.cost).x
    line = both(best)[1]
    time = np.linspace(0, 20, 20001)
    answer = shape(rupprecht2021.Recording(time, time, np.array([0.0])), best)
    peak = int(answer.argmax())
    below = np.flatnonzero(answer[peak:] < answer[peak] / 2)
    half_decay = float(time[below[0]]) if len(below) else float("nan")
    return (lambda recording: np.polyval(line, shape(recording, best))), half_decay


def _fit_kinetic(model: Model, recordings: list[Recording], size: tuple[int, int]) -> Predict:
    """The kinetic instrument: the best of a grid of influx and clearance on the first halves."""
    influx, clearance = (
        a.ravel() for a in np.meshgrid(np.geomspace(5e-3, 0.6, size[0]), np.geomspace(0.03, 2, size[1]))
    )
    measured = _first_halves([r.dff for r in recordings])
    courses = [_kinetic(model, r, influx, clearance) for r in recordings]
    trials = []
    for member in range(len(influx)):
        made = _first_halves([course[member] for course in courses])
        line = np.polyfit(made, measured, 1)
        trials.append((float(np.sum((np.polyval(line, made) - measured) ** 2)), member, line))
    _, member, line = min(trials, key=lambda trial: trial[0])
    best = slice(member, member + 1)
    return lambda recording: np.polyval(line, _kinetic(model, recording, influx[best], clearance[best])[0])


def _kinetic(model: Model, recording: Recording, influx: np.ndarray, clearance: np.ndarray) -> np.ndarray:
    from tripartite.solve import simulate

    run = simulate(
        model,
        SpikeTrain(recording.spikes * s),
        until=(recording.time[-1] + 0.01) * s,
        save_at=recording.time * s,
        vary={"influx": influx * uM, "clearance_time": clearance * s},
    )
    return run["dff"].values


def _judged(predict: Predict, recordings: list[Recording]) -> dict[str, float]:
    """Correlation and explained variance of the held-out halves, and correlation with shifted spikes."""
    measured = _second_halves([r.dff for r in recordings])
    made = _second_halves([predict(r) for r in recordings])
    other = _second_halves([predict(_shifted(r)) for r in recordings])
    spread = float(np.sum((measured - measured.mean()) ** 2))
    return {
        "correlation": float(np.corrcoef(made, measured)[0, 1]),
        "r2": 1 - float(np.sum((made - measured) ** 2)) / spread,
        "shifted": float(np.corrcoef(other, measured)[0, 1]),
    }


def _shifted(recording: Recording) -> Recording:
    length = recording.time[-1]
    return recording._replace(spikes=np.unique((recording.spikes + length / 2) % length))


def _first_halves(rows: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([row[: len(row) // 2] for row in rows])


def _second_halves(rows: list[np.ndarray]) -> np.ndarray:
    return np.concatenate([row[len(row) // 2 :] for row in rows])


def _courses(indicator: str, recording: Recording, kernel: Predict, kinetic: Predict) -> dict[str, Any]:
    """A minute of the held-out half for the figure."""
    start = len(recording.time) // 2
    seen = slice(start, start + 3600)
    time = recording.time[seen]
    dim = f"{indicator}_time"
    spikes = recording.spikes[(recording.spikes > time[0]) & (recording.spikes < time[-1])]
    rows = {"measured": recording.dff, "kernel_course": kernel(recording), "kinetic_course": kinetic(recording)}
    found: dict[str, Any] = {f"{indicator}_{k}": (dim, v[seen], {"units": "1"}) for k, v in rows.items()}
    found[f"{indicator}_seconds"] = (dim, time, {"units": "s"})
    found[f"{indicator}_spikes"] = (f"{indicator}_spike", spikes, {"units": "s"})
    return found


def _draw(panel: Axes, indicator: str, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    time = data[f"{indicator}_seconds"]
    panel.plot(time, data[f"{indicator}_measured"], color=COLOURS["faint"], lw=0.7, label="measured")
    panel.plot(time, data[f"{indicator}_kernel_course"], color=COLOURS["model"], lw=1.2, label="kernel")
    panel.plot(time, data[f"{indicator}_kinetic_course"], color=COLOURS["neuron"], lw=1.0, ls="--", label="kinetic")
    measured = data[f"{indicator}_measured"]
    low, high = float(measured.min()), max(float(data[f"{indicator}_{k}_course"].max()) for k in ("kernel", "kinetic"))
    span = max(high, float(measured.max())) - low
    spikes = data[f"{indicator}_spikes"]
    panel.plot(spikes, np.full(spikes.shape, low - 0.1 * span), "|", color="k", ms=4)
    panel.set(xlabel="time (s)", ylabel="dF/F", xlim=(float(time[0]), float(time[-1])))
    panel.set_ylim(low - 0.16 * span, low + 1.3 * span)
    panel.set_title(f"{_SHOWN[indicator]}, held out", fontsize=8)
    panel.legend(ncols=3, loc="upper left")
