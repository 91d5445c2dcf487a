"""The reproducibility case: an astrocyte that oscillates only while its total calcium is held."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import parameters
from tripartite.experiments import rest_and_cycle
from tripartite.experiments.base import Claim, Experiment, computed, numbers
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
    `LiRinzel` and IP3 of `PlcDeltaIp3` with `TotalCalcium` and the plasma membrane, `CapacitativeExchange`, with the
    values of riera2011 as coded in ModelDB 223273. In the *open* cell what crosses the membrane changes the total. In
    the *held* cell it enters and leaves the cytosol but the total stays 2 µM, as in the program with a constant total.
    The *closed* cell has no plasma membrane at all; its total is a parameter.

    **Protocol**
    No stimulus; all cells start at calcium 0.09 µM, total calcium 2 µM, h 0.79, IP3 0.14 µM.

    **Measure**
    Period and extremes of calcium of the held and the closed cell after 700 s; calcium of the open cell over the last
    400 of 8,000 s, and its fixed point. To see why they differ, the fixed point of the closed cell is followed along
    its total calcium.

    **Claims**
    The readme of the programs that manninen2017 published says that the one with a constant total gives traces similar
    to a figure of riera2011: the held cell oscillates. All other statements are checks, computed independently from
    the equations of these programs, which correct the printed equation of h: the held cell oscillates with a period of
    14.06 s, the closed one, which is another model, with 14.14 s, and the open cell comes to rest. The reason is
    computed here: the closed cell oscillates above a total of 1.958 µM, and the plasma membrane brings the total of
    the open cell to 1.905 µM, below it.

    **Figure** A: calcium of the held and of the open cell. B: total calcium of the open cell, and the Hopf point of the
    closed one (dotted). C: rest and extremes of the oscillation of the closed cell along its total; the diamond is
    where the open cell rests. Quick runs: 8 instead of 41 totals.
    """

    name = "riera2011-reproducibility"
    paper = "riera2011"
    claims = (
        Claim("With its total held the cell oscillates", "manninen2017, readme of ModelDB 223273", "oscillates", True),
    )
    checks = (
        computed("Held total: period", _SOURCE, "period", 14.063, 1e-3, "s"),
        computed("Held total: least calcium", _SOURCE, "low", 0.11698, 1e-3, "µM"),
        computed("Held total: largest calcium", _SOURCE, "high", 0.20771, 1e-3, "µM"),
        computed("Closed cell: period", _SOURCE, "closed_period", 14.138, 1e-3, "s"),
        computed("Closed cell: least calcium", _SOURCE, "closed_low", 0.1156, 1e-3, "µM"),
        computed("Closed cell: largest calcium", _SOURCE, "closed_high", 0.2104, 1e-3, "µM"),
        computed("Closed cell: lower Hopf point along the total", _SOURCE, "lower_hopf", 1.957747, 1e-4, "µM"),
        computed("Closed cell: period at the lower Hopf point", _SOURCE, "lower_hopf_period", 13.3575, 1e-3, "s"),
        computed("Closed cell: upper Hopf point along the total", _SOURCE, "upper_hopf", 3.387231, 1e-4, "µM"),
        computed("Open cell: calcium comes to rest", _SOURCE, "open_rests", True),
        *(
            computed(f"Open cell: {n} at rest", _SOURCE, f"rest_{n}", value, 1e-4, unit)
            for n, (value, unit) in _REST.items()
        ),
    )
    must_matter = {"open.astrocyte.CapacitativeExchange.entry": 1.15, "held.astrocyte.inactivation": 1.05}

    def models(self) -> dict[str, Model]:
        """The cell with its total held, without a plasma membrane, and with all of it."""
        closed = Model(astrocyte=Compartment(LiRinzel(), PlcDeltaIp3()).using(parameters.riera2011.ASTROCYTE))
        free = closed.add(astrocyte=[TotalCalcium(), CapacitativeExchange()])
        held = free.replace({"counted": 0.0}, "riera2011, as coded with a constant total in ModelDB 223273")
        return {"held": held, "closed": closed, "open": free}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Courses, the fixed point of the open cell, and the branch of the closed cell along its total."""
        import xarray as xr

        from tripartite.solve import simulate, steady_states

        made: dict[str, Any] = {}
        for name, prefix in (("held", ""), ("closed", "closed_")):
            found = _cycle(models[name])
            made |= numbers(
                **{
                    f"{prefix}period": float(found.period) * s,
                    f"{prefix}low": float(found.low) * uM,
                    f"{prefix}high": float(found.high) * uM,
                }
            )
        made["oscillates"] = float(made["high"][1] - made["low"][1] > 0.01)
        branch, along = rest_and_cycle.branch("total", models["closed"], "ca_total", 1.5 * uM, 4 * uM, step=0.02)
        made |= along
        for which, point in zip(("lower", "upper"), rest_and_cycle.hopf(branch, 2), strict=True):
            made |= numbers(**{f"{which}_hopf": point[0] * uM, f"{which}_hopf_period": point[2] * s})
        totals = np.array([1.98, 2.05, 2.2, 2.4, 2.7, 3.0, 3.2, 3.36]) if quick else np.linspace(1.96, 3.4, 41)
        cycles = rest_and_cycle.cycles(models["closed"], {"ca_total": totals * uM}, 800, 1200, 0.05)
        made |= rest_and_cycle.sweep("total", totals, "uM", cycles)

        free, late = models["open"], np.arange(_UNTIL - 400, _UNTIL)
        end = simulate(free, until=_UNTIL * s, solver=rest_and_cycle.TIGHT, save_at=late * s)
        made["open_rests"] = float(np.ptp(end["ca"].values) < 1e-4)
        points = steady_states(free)
        single = points.sizes["point"] == 1
        for name, (_, unit) in _REST.items():
            value = float(points[f"astrocyte.{name}"][0]) if single else np.nan
            made |= numbers(**{f"rest_{name}": value if unit == "1" else value * uM})
        return xr.Dataset(made).merge(_courses(models))

    def figure(self, data: xr.Dataset) -> Figure:
        """Calcium of two cells, the total of the open one, and the branch of the closed one along its total."""
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
        total.text(2950, float(data["lower_hopf"]) + 0.002, "Hopf point of the closed cell", fontsize=7, ha="right")
        total.set(xlabel="time (s)", ylabel="total calcium (µM)", xlim=(0, 3000), ylim=(1.9, 2.01))
        rest_and_cycle.draw(panel, "total", data)
        panel.plot(data["rest_ca_total"], data["rest_ca"], "D", color=COLOURS["model"], ms=5, label="open cell")
        panel.set(xlabel="total calcium of the closed cell (µM)", ylabel="calcium (µM)", xlim=(1.5, 4), ylim=(0, 1.15))
        panel.legend(loc="upper left")
        label_panels(axes)
        return made


def _cycle(model: Model) -> Any:
    from tripartite.analysis import oscillation
    from tripartite.solve import simulate

    run = simulate(model, until=1100 * s, solver=rest_and_cycle.TIGHT, save_at=np.arange(700, 1100, 0.01) * s)
    return oscillation(run.time, run["ca"])


def _courses(models: dict[str, Model]) -> Any:
    """The first 1,500 s of both cells, and 3,000 s of the total of the open one."""
    import xarray as xr

    from tripartite.solve import simulate

    first = {name: simulate(models[name], until=1500 * s, save_every=0.25 * s) for name in ("held", "open")}
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
