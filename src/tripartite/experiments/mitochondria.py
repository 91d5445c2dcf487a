"""Mitochondria and proteins shape bursts of calcium in a closed cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment, computed, numbers
from tripartite.language import Model
from tripartite.models import MitochondrialCell
from tripartite.solve import Tsit5, simulate
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations of marhl2000"

RANGES: dict[int, tuple[int, tuple[float, ...], tuple[float, ...]]] = {
    2950: (93, (), ()),
    3500: (103, (0.052, 0.542), (0.609, 1.048)),
    4000: (124, (0.056, 0.517), (0.378, 0.662)),
    4100: (129, (0.058, 0.512), (0.338, 0.585)),
    4500: (149, (0.209, 0.322), (0.163, 0.172)),
}
"""Maxima in 300 s and extremes (µM) of calcium in cytosol and in mitochondria, by the release rate (1/s)."""

_TIGHT = Tsit5(rtol=1e-9, atol=1e-12)


def _claims() -> list[Check]:
    found = []
    for rate, (count, ca, mito) in RANGES.items():
        place = f"release {rate} /s"
        found.append(computed(f"{place}: maxima of calcium in 300 s", _SOURCE, f"maxima_at_{rate}", count, 1e-2))
        for name, words, extremes in (("ca", "calcium", ca), ("mito", "calcium of mitochondria", mito)):
            for which, value in zip(("least", "largest"), extremes, strict=False):
                found.append(
                    computed(f"{place}: {which} {words}", _SOURCE, f"{name}_{which}_at_{rate}", value, 1e-2, "µM")
                )
    return found


class MitochondrialBursts(Experiment):
    """Mitochondria and proteins shape bursts of calcium in a closed cell.

    **Model** `MitochondrialCell` with the values of marhl2000 (BioModels 39): calcium-induced release, leak and
    linear SERCA of the ER; mitochondria with a steep uniporter; proteins that bind calcium.

    **Protocol** 600 s from calcium 0.35 µM, ER 0.76 µM, mitochondria 0.29 µM and 85.45 µM bound, for release rates
    of the ER from 2,500 to 4,700 /s; five of them are those of the checks.

    **Measure** Maxima of calcium and extremes of calcium in cytosol and mitochondria from 300 to 600 s, on a grid of
    0.01 s; all calcium of the cell over the whole run.

    **Claims** None: all are checks. Counts and extremes were computed independently from the same equations; counts
    within one per cent, because the first and last maximum may fall on either side of the window. All calcium of the
    closed cell is conserved.

    **Figure** A, B: calcium of cytosol and mitochondria at 4,100 and 4,500 /s. C: every maximum of calcium along the
    release rate. D: ranges of calcium in mitochondria and cytosol; circles are independent. Quick runs: 45 instead of
    111 release rates.

    **Beyond the checks** At 2,950 /s the pattern does not settle within the run, and its extremes depend on the
    solver's tolerance (least calcium of mitochondria 0.809 µM at 1e-8 by BDF, 0.874 µM at 1e-11): only the count is
    checked there, and it too may differ by one. Faster release makes bursts shorter, until at 4,500 /s small
    regular oscillations remain.
    """

    name = "marhl2000-mitochondria"
    paper = "marhl2000"
    checks = (
        *_claims(),
        Check("calcium is conserved, in parts of all", "the cell is closed", "lost", (0.0, 1e-9), basis=Basis.LAW),
    )
    must_matter = {"astrocyte.uniporter": 0.5}

    def models(self) -> dict[str, Model]:
        """The closed cell."""
        return {"cell": MitochondrialCell()}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Courses at the rates of the claims, and maxima along the rate."""
        import xarray as xr

        return xr.Dataset(_courses(models["cell"]) | _diagram(models["cell"], 45 if quick else 111))

    def figure(self, data: xr.Dataset) -> Figure:
        """Courses of a burst and of small oscillations, mitochondria, and maxima along the release rate."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.2, 5.0)
        _draw_course(axes[0, 0], data, 4100)
        _draw_course(axes[0, 1], data, 4500)
        axes[0, 0].legend(ncols=2, loc="upper center")
        panel = axes[1, 0]
        panel.plot(data["rates"], data["maxima"], ".", ms=2, color=COLOURS["astrocyte"])
        panel.set(xlabel="release rate of the ER (1/s)", ylabel="maxima of calcium (µM)", ylim=(0, 0.65))
        panel = axes[1, 1]
        for name, colour, label in (("mito", "model", "mitochondria"), ("ca", "astrocyte", "cytosol")):
            panel.fill_between(
                data["rates"], data[f"{name}_low"], data[f"{name}_high"], color=COLOURS[colour], alpha=0.3, lw=0.5,
                label=label,
            )  # fmt: skip
        for rate, (_, ca, mito) in RANGES.items():
            panel.plot([rate] * len(ca + mito), ca + mito, "o", color="k", mfc="none", ms=4)
        panel.plot([], [], "o", color="k", mfc="none", ms=4, label="independent")
        panel.set(xlabel="release rate of the ER (1/s)", ylabel="calcium, range (µM)", ylim=(0, None))
        panel.legend()
        label_panels(axes)
        return made


def _run(model: Model, rates: np.ndarray, start: float) -> Any:
    at = np.arange(start, 600.005, 0.01) * s
    vary = {"CalciumInducedRelease.release": rates / s}
    return simulate(model, until=600 * s, solver=_TIGHT, save_at=np.minimum(at, 600 * s), vary=vary)


def _is_maximum(ca: np.ndarray) -> np.ndarray:
    return (ca[..., 1:-1] > ca[..., :-2]) & (ca[..., 1:-1] >= ca[..., 2:])


def _courses(model: Model) -> dict[str, Any]:
    result = _run(model, np.array(list(RANGES), dtype=float), 0)
    ratio = float(model["mito_ratio"].magnitude)
    everything = (result["ca_total"] + ratio * result["ca_mito"] + result["ca_bound"]).values
    late = result.data.sel(time=slice(300, None))
    found: dict[str, Any] = {
        "lost": float(np.abs(everything / everything[:, :1] - 1).max()),
        "time": ("time", late["time"].values[:10000:5] - 300, {"units": "s"}),
    }
    for member, rate in enumerate(RANGES):
        course = late.isel(member=member)
        found[f"maxima_at_{rate}"] = int(_is_maximum(course["astrocyte.ca"].values).sum())
        for name in ("ca", "mito"):
            values = course["astrocyte.ca" if name == "ca" else "astrocyte.ca_mito"].values
            ends = {f"{name}_least_at_{rate}": values.min() * uM, f"{name}_largest_at_{rate}": values.max() * uM}
            found |= numbers(**ends)
            found[f"{name}_course_{rate}"] = ("time", values[:10000:5], {"units": "uM"})
    return found


def _diagram(model: Model, count: int) -> dict[str, Any]:
    """Maxima and extremes along the release rate."""
    rates = np.linspace(2500, 4700, count)
    result = _run(model, rates, 500)
    ca, mito = result["astrocyte.ca"].values, result["ca_mito"].values
    maxima = np.full((count, 80), np.nan)
    for row, course in zip(maxima, ca, strict=True):
        found = course[1:-1][_is_maximum(course)][:80]
        row[: len(found)] = found
    made: dict[str, Any] = {
        "rates": ("rates", rates, {"units": "1/s"}),
        "maxima": (("rates", "maximum"), maxima, {"units": "uM"}),
    }
    for name, values in (("ca", ca), ("mito", mito)):
        made |= {f"{name}_low": ("rates", values.min(1)), f"{name}_high": ("rates", values.max(1))}
    return made


def _draw_course(panel: Axes, data: xr.Dataset, rate: int) -> None:
    from tripartite.figures import COLOURS

    panel.plot(data["time"], data[f"mito_course_{rate}"], color=COLOURS["model"], label="mitochondria")
    panel.plot(data["time"], data[f"ca_course_{rate}"], color=COLOURS["astrocyte"], lw=1, label="cytosol")
    panel.set(xlabel="time (s)", ylabel="calcium (µM)", xlim=(0, 60), ylim=(0, 0.72), title=f"release {rate:,} /s")
