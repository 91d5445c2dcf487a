"""Waves of calcium around a ring of coupled astrocytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment, computed, numbers
from tripartite.units import ms, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from tripartite.language import Model, Result
    from tripartite.network import Network

_CELLS, _DRIVEN = 50, 25
_FRONT = (
    7.428, 25.098, 40.158, 55.798, 71.447, 86.977, 102.442, 117.882, 133.487, 148.978, 164.522, 180.052, 195.582,
    211.112, 226.642, 242.172, 257.707, 273.238, 288.768, 304.298, 319.828, 335.358, 350.888, 366.422, 381.932, 390.778,
)  # fmt: skip
"""First crossing of 0.5 µM (s) by distance from the driven cell, from `_EX5`."""
_EX5 = "stimberg2019, example 5: computed independently from its equations in Runge-Kutta steps of 5 ms"


def _front_checks() -> list[Check]:
    found = []
    for distance, time in enumerate(_FRONT):
        cell = "The driven cell" if distance == 0 else f"Cell {_DRIVEN - distance}"
        found.append(computed(f"{cell} first crosses 0.5 µM at {time} s", _EX5, f"first_{distance}", time, 1e-3, "s"))
    return found


class AstrocyteRingWaves(Experiment):
    """Calcium waves around a ring of coupled astrocytes.

    **Model** 50 astrocytes, calcium and IP3 (ChI) without receptors, each coupled to two neighbours by nonlinear gap
    junctions of 0.09 µM/s and to a reservoir of IP3 of its own.

    **Protocol** 1 µM in the reservoir of cell 25 for the first 20 s of every 50 s, all other reservoirs empty.

    **Measure** When calcium of each cell first rises above 0.5 µM.

    **Claims** None: all are checks. Times of the first front around the ring were computed independently with steps of
    5 ms (within 0.1 %); the two directions are equal to 1e-9 s. The later course is chaotic, so that rounding ends the
    symmetry: nothing is said of it. Waves along chains are those of goldberg2010-waves.

    **Assumed** Steps of 10 ms (published are 50 ms, which delay the end of the front by 0.2 s).

    **Figure** A: calcium of six cells while the first front passes; bars are the stimulus. B: when each cell first
    exceeded 0.5 µM; circles are independent. C: calcium of all cells over the long course. Quick runs: 1,000 instead of
    4,000 s of that course.
    """

    name = "stimberg2019-ring"
    paper = "stimberg2019"
    checks = (
        *_front_checks(),
        Check(
            "Both directions are alike but for rounding",
            "the ring is symmetric",
            "asymmetry",
            (0, 1e-9),
            unit="s",
            basis=Basis.LAW,
        ),
    )
    must_matter = {"ring.r_5p": 1.1}

    def models(self) -> dict[str, Model]:
        """Astrocyte and gap junction of the ring."""
        from tripartite.models.astrocyte_networks import ring_parts

        ring = ring_parts()
        return {"ring": ring["astrocyte"], "ring_coupling": ring["coupling"]}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """First crossings around the ring; ``quick`` shortens the course that is only drawn."""
        import xarray as xr

        found = _ring(models) | _long_course(models, 1000.0 if quick else 4000.0)
        return xr.Dataset(found)

    def figure(self, data: xr.Dataset) -> Figure:
        """The front and the later course of the ring."""
        from tripartite.figures import figure, label_panels

        made, axes = figure(1, 3, 10.0, 3.2)
        _draw_ring(axes[0, 0], data)
        _draw_front(axes[0, 1], data)
        _draw_course(axes[0, 2], data)
        label_panels(axes)
        return made


def _run_ring(models: dict[str, Model], step: Any, until: float, every: Any) -> Result:
    from tripartite.models.astrocyte_networks import AstrocyteRing
    from tripartite.network import States
    from tripartite.network.stimuli import On
    from tripartite.protocols import Constant, Pulses

    parts = {"astrocyte": models["ring"], "coupling": models["ring_coupling"]}
    ring: Network = AstrocyteRing(parts, size=_CELLS, step=step)
    cells = ring.groups["astrocytes"]
    pulses = Pulses("reservoir", 1 * uM, np.arange(0, until, 50) * s, 20 * s)
    empty = Constant(reservoir=0 * uM)
    stimulus = On(cells[_DRIVEN : _DRIVEN + 1], pulses) & On(cells[:_DRIVEN], empty) & On(cells[_DRIVEN + 1 :], empty)
    return ring.run(until=until * s, record=[States(cells, "ca", every=every)], protocol=stimulus)


def _ring(models: dict[str, Model]) -> dict[str, Any]:
    from tripartite.analysis import first_crossings

    ca = _run_ring(models, 10 * ms, 420.0, 10 * ms)["astrocytes.ca"]
    time = ca[ca.dims[0]].values
    first = first_crossings(time, ca.values, 0.5)
    found: dict[str, Any] = {
        "first": ("cell", first, {"units": "s"}),
        **numbers(asymmetry=np.abs(first[1:_DRIVEN] - first[:_DRIVEN:-1]).max() * s),
        "front_time": ("front_time", time[::50], {"units": "s"}),
    }
    for distance in range(len(_FRONT)):
        found |= numbers(**{f"first_{distance}": first[_DRIVEN - distance] * s})
    shown = _DRIVEN - np.array([0, 5, 10, 15, 20, 25])
    found["front"] = (("front_time", "shown"), ca.values[::50, shown], {"units": "uM"})
    found["shown"] = ("shown", shown)
    return found


def _long_course(models: dict[str, Model], until: float) -> dict[str, Any]:
    """Calcium of every cell in the published steps, for the figure."""
    ca = _run_ring(models, 50 * ms, until, 2 * s)["astrocytes.ca"]
    return {
        "course": (("course_time", "cell"), ca.values.astype(np.float32), {"units": "uM"}),
        "course_time": ("course_time", ca[ca.dims[0]].values, {"units": "s"}),
    }


def _draw_ring(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for place, cell in enumerate(data["shown"].values):
        panel.plot(data["front_time"], data["front"][:, place] + 1.3 * place, color=COLOURS["astrocyte"], lw=0.9)
        panel.text(1.01, 1.3 * place, f"{cell}", transform=panel.get_yaxis_transform(), fontsize=7, va="bottom")
    for start in range(0, 420, 50):
        panel.plot([start, start + 20], [-0.35] * 2, color=COLOURS["perturbation"], lw=3, solid_capstyle="butt")
    panel.text(0, -0.6, "IP3 for cell 25", fontsize=7, va="top")
    panel.plot([30, 30], [9.0, 8.0], color=COLOURS["data"], lw=1.5)
    panel.text(36, 8.5, "1 µM", fontsize=7, va="center")
    panel.set(xlim=(0, 420), ylim=(-1.4, 9.2), xlabel="time (s)", ylabel="calcium")
    panel.set_yticks([])
    panel.set_title("ring: the first front")


def _draw_front(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    panel.plot(data["first"], np.arange(_CELLS), "o", ms=3, color=COLOURS["astrocyte"], label="this run")
    cells = _DRIVEN - np.arange(len(_FRONT))
    panel.plot(_FRONT, cells, "o", ms=6, mfc="none", mew=0.7, color=COLOURS["data"], label="independent")
    panel.plot(_FRONT[1:-1], 2 * _DRIVEN - cells[1:-1], "o", ms=6, mfc="none", mew=0.7, color=COLOURS["data"])
    panel.set(xlabel="first above 0.5 µM (s)", ylabel="cell", xlim=(0, 420), ylim=(-2, 51))
    panel.legend(loc="center right")


def _draw_course(panel: Any, data: xr.Dataset) -> None:
    time = data["course_time"].values
    image = panel.pcolormesh(time, np.arange(_CELLS), data["course"].values.T, cmap="viridis", rasterized=True)
    panel.set(xlabel="time (s)", ylabel="cell")
    panel.set_title("ring: the later course")
    panel.figure.colorbar(image, ax=panel, label="calcium (µM)", shrink=0.9)
