"""The reproducibility case: an astrocyte that oscillates only while its total calcium is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import parameters
from tripartite.experiments import rest_and_cycle
from tripartite.experiments.base import Claim, Experiment
from tripartite.language import Compartment, Model
from tripartite.mechanisms import CapacitativeExchange, LiRinzel, PlcDeltaIp3, TotalCalcium
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations of riera2011 as coded in ModelDB 223273"
_REST = {"ca": (0.140471, "µM"), "ca_total": (1.905369, "µM"), "h": (0.735214, "1"), "ip3": (0.351446, "µM")}
_UNTIL = 8000  # the slowest mode of the open cell decays with a time constant of 1,270 s


class RieraReproducibility(Experiment):
    """The reproducibility case: an astrocyte that oscillates only while its total calcium is held.

    **Model**
    `LiRinzel` and IP3 of `PlcDeltaIp3`, with the values of riera2011 as coded in ModelDB 223273. The open cell
    adds `TotalCalcium` and the plasma membrane, `CapacitativeExchange`; in the held cell the total is a
    parameter, 2 µM.

    **Protocol**
    No stimulus; both cells start at calcium 0.09 µM, total calcium 2 µM, h 0.79, IP3 0.14 µM.

    **Measure**
    Period and extremes of calcium of the held cell after 700 s; calcium of the open cell over the last 400 of
    8,000 s, and its fixed points. To see why they differ, the fixed point of the held cell is followed along its
    total calcium.

    **Claims**
    The held cell oscillates with a period of 14.14 s, the open cell comes to rest: both computed
    independently from the equations of the programs that manninen2017 published, which correct the printed
    equation of h. Their note says that the held cell gives traces similar to a figure of riera2011; with
    the printed values the complete model does not.
    The reason is computed here: the held cell oscillates above a total of 1.958 µM, and the plasma membrane
    brings the total of the open cell to 1.905 µM, below it.
    """

    name = "riera2011-reproducibility"
    paper = "riera2011"
    claims = (
        Claim("Held total: period", _SOURCE, "period", 14.138, 1e-3, "s"),
        Claim("Held total: least calcium", _SOURCE, "low", 0.1156, 1e-3, "µM"),
        Claim("Held total: largest calcium", _SOURCE, "high", 0.2104, 1e-3, "µM"),
        Claim("Held total: lower Hopf point along the total", _SOURCE, "lower_hopf", 1.957747, 1e-4, "µM"),
        Claim("Held total: period at the lower Hopf point", _SOURCE, "lower_hopf_period", 13.3575, 1e-3, "s"),
        Claim("Held total: upper Hopf point along the total", _SOURCE, "upper_hopf", 3.387231, 1e-4, "µM"),
        Claim("Open cell: calcium comes to rest", _SOURCE, "open_rests", True),
        *(
            Claim(f"Open cell: {name} at rest", _SOURCE, f"rest_{name}", value, 1e-4, unit)
            for name, (value, unit) in _REST.items()
        ),
        Claim("Open cell: its only fixed point is stable", _SOURCE, "open_stable", True),
        Claim("Open cell: the total ends below the Hopf point of the held cell", _SOURCE, "below_hopf", True),
    )

    def models(self) -> dict[str, Model]:
        """The cell with its total held, and with its plasma membrane."""
        held = Model(astrocyte=Compartment(LiRinzel(), PlcDeltaIp3()).using(parameters.riera2011.ASTROCYTE))
        return {"held": held, "open": held.add(astrocyte=[TotalCalcium(), CapacitativeExchange()])}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Both courses, the fixed points of the open cell, and the branch of the held cell along its total."""
        import xarray as xr

        from tripartite.analysis import oscillation
        from tripartite.solve import simulate, steady_states

        held, free = models["held"], models["open"]
        late = np.arange(700, 1100, 0.01)
        run = simulate(held, until=1100 * s, solver=rest_and_cycle.TIGHT, save_at=late * s)
        found = oscillation(run.time, run["ca"])
        numbers = {name: float(getattr(found, name)) for name in ("period", "low", "high")}
        branch, along = rest_and_cycle.branch("total", held, "ca_total", 1.5 * uM, 4 * uM, step=0.02)
        numbers |= along
        for which, point in zip(("lower", "upper"), rest_and_cycle.hopf(branch, 2), strict=True):
            numbers |= {f"{which}_hopf": point[0], f"{which}_hopf_period": point[2]}
        totals = np.array([1.98, 2.05, 2.2, 2.4, 2.7, 3.0, 3.2, 3.36]) if quick else np.linspace(1.96, 3.4, 41)
        cycles = rest_and_cycle.cycles(held, {"ca_total": totals * uM}, 800, 1200, 0.05)
        numbers |= rest_and_cycle.sweep("total", totals, "uM", cycles)

        end = simulate(free, until=_UNTIL * s, solver=rest_and_cycle.TIGHT, save_at=np.arange(_UNTIL - 400, _UNTIL) * s)
        numbers["open_rests"] = float(np.ptp(end["ca"].values) < 1e-4)
        points = steady_states(free)
        single = points.sizes["point"] == 1
        numbers |= {f"rest_{name}": float(points[f"astrocyte.{name}"][0]) if single else np.nan for name in _REST}
        numbers["open_stable"] = float(single and bool(points["stable"].all()))
        numbers["below_hopf"] = float(numbers["rest_ca_total"] < numbers["lower_hopf"])
        return xr.Dataset(numbers).merge(_courses(models))

    def figure(self, data: xr.Dataset) -> Figure:
        """Calcium of both cells, the total of the open one, and the branch of the held one along its total."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(1, 3, 9.0, 2.9)
        course, total, panel = axes[0]
        course.plot(data["time"], data["held_ca"], color=COLOURS["astrocyte"], lw=0.5, label="total held")
        course.plot(data["time"], data["open_ca"], color=COLOURS["model"], lw=0.5, label="open cell")
        course.set(xlabel="time (s)", ylabel="calcium (µM)", xlim=(0, 1500), ylim=(0.08, 0.27))
        for line in course.legend(ncols=2, loc="upper center").get_lines():
            line.set_linewidth(1.5)
        total.plot(data["long_time"], data["open_total"], color=COLOURS["model"], label="open cell")
        total.axhline(float(data["lower_hopf"]), color=COLOURS["data"], lw=0.8, ls=":")
        total.text(2950, float(data["lower_hopf"]) + 0.002, "Hopf point of the held cell", fontsize=7, ha="right")
        total.set(xlabel="time (s)", ylabel="total calcium (µM)", xlim=(0, 3000), ylim=(1.9, 2.01))
        rest_and_cycle.draw(panel, "total", data)
        panel.plot(data["rest_ca_total"], data["rest_ca"], "D", color=COLOURS["model"], ms=5, label="open cell")
        panel.set(xlabel="total calcium, held (µM)", ylabel="calcium (µM)", xlim=(1.5, 4), ylim=(0, 1.15))
        panel.legend(loc="upper left")
        label_panels(axes)
        return made


def _courses(models: dict[str, Model]) -> Any:
    """The first 1,500 s of both cells, and 3,000 s of the total of the open one."""
    import xarray as xr

    from tripartite.solve import simulate

    first = {name: simulate(model, until=1500 * s, save_every=0.25 * s) for name, model in models.items()}
    long = simulate(models["open"], until=3000 * s, save_every=5 * s)
    return xr.Dataset(
        {
            **{f"{name}_ca": ("time", run["ca"].values, {"units": "uM"}) for name, run in first.items()},
            "open_total": ("long_time", long["ca_total"].values, {"units": "uM"}),
        },
        {
            "time": ("time", first["held"].time.values, {"units": "s"}),
            "long_time": ("long_time", long.time.values, {"units": "s"}),
        },
    )
