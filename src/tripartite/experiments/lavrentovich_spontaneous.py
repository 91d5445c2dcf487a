"""An astrocyte that oscillates by itself, at the pace at which calcium enters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments import rest_and_cycle
from tripartite.experiments.base import Experiment, computed, numbers
from tripartite.language import Compartment, Model
from tripartite.mechanisms import LavrentovichHemkin, PlcDeltaIp3
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations of lavrentovich_hemkin2008 as coded in ModelDB 112547"
_PERIODS = {0.03: 338.8, 0.04: 224.7, 0.05: 183.406, 0.06: 171.9}
_RESTS = {0.02: 0.04, 0.065: 0.13}


def _number(name: str, entry: float) -> str:
    return f"{name}_at_{round(1000 * entry)}_nM_per_s"


class SpontaneousAstrocyte(Experiment):
    """An astrocyte that oscillates by itself, at the pace at which calcium enters.

    **Model**
    Release from an ER that constant entry refills (`LavrentovichHemkin`), and IP3 that calcium makes
    (`PlcDeltaIp3`), with the values of lavrentovich_hemkin2008 as coded in ModelDB 112547.

    **Protocol**
    No stimulus. Entry is held at a value from 0.01 to 0.08 µM/s; 4,500 s from calcium 0.1 µM, ER calcium
    1.5 µM and IP3 0.1 µM.

    **Measure**
    Least and largest calcium and period after 1,500 s; the fixed point followed along entry, with its Hopf
    points. At rest what enters leaves, so that calcium is entry divided by the rate of extrusion.

    **Claims**
    None: all are checks. Extremes and period at the published entry of 0.05 µM/s, periods at three others, rest at two,
    and the Hopf points were computed independently, by LSODA and by the eigenvalues of a difference Jacobian. At 0.06
    µM/s, above the upper Hopf point, the oscillation lasts beside a stable rest.

    **Figure** A: calcium and IP3. B: calcium of the ER. C: rest and extremes of the oscillation along entry, with Hopf
    points. D: periods; circles are independent. Quick runs: 6 instead of 42 values of entry beside the checked ones.

    **Holds for**
    The program, not the paper: its figures were not compared. Of four models that manninen2017 wrote anew, this
    one among them, only one could be reproduced from its publication and errata alone.
    """

    name = "lavrentovich2008-spontaneous"
    paper = "lavrentovich_hemkin2008"
    checks = (
        computed("Least calcium", _SOURCE, "low", 0.02393, 1e-3, "µM"),
        computed("Largest calcium", _SOURCE, "high", 0.65004, 1e-3, "µM"),
        *(
            computed(f"Period at an entry of {entry:g} µM/s", _SOURCE, _number("period", entry), period, 2e-3, "s")
            for entry, period in _PERIODS.items()
        ),
        *(
            computed(f"Calcium rests at an entry of {entry:g} µM/s", _SOURCE, _number("rest", entry), ca, 1e-3, "µM")
            for entry, ca in _RESTS.items()
        ),
        computed("Lower Hopf point", _SOURCE, "lower_hopf", 0.0238379, 1e-4, "µM/s"),
        computed("Period at the lower Hopf point", _SOURCE, "lower_hopf_period", 308.384, 1e-3, "s"),
        computed("Upper Hopf point", _SOURCE, "upper_hopf", 0.0594301, 1e-4, "µM/s"),
        computed("Period at the upper Hopf point", _SOURCE, "upper_hopf_period", 61.035, 1e-3, "s"),
        computed("At 0.06 µM/s it oscillates beside a stable rest", _SOURCE, "bistable", True),
    )
    must_matter = {"astrocyte.leak": 1.1}

    def models(self) -> dict[str, Model]:
        """The astrocyte."""
        return {"astrocyte": Model(astrocyte=Compartment(LavrentovichHemkin(), PlcDeltaIp3()))}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """One course, the branch of rest states along entry, and the oscillations beside it."""
        import xarray as xr

        from tripartite.solve import simulate

        model = models["astrocyte"]
        branch, made = rest_and_cycle.branch("entry", model, "entry", 0.01 * uM / s, 0.08 * uM / s)
        for which, point in zip(("lower", "upper"), rest_and_cycle.hopf(branch, 2), strict=True):
            made |= numbers(**{f"{which}_hopf": point[0] * uM / s, f"{which}_hopf_period": point[2] * s})
        grid = np.array([0.025, 0.0275, 0.035, 0.045, 0.055, 0.0625] if quick else np.arange(0.024, 0.0651, 0.001))
        values = np.unique(np.round(np.concatenate([grid, list(_PERIODS), list(_RESTS)]), 6))
        found = rest_and_cycle.cycles(model, {"entry": values * uM / s}, 1500, 4500, 0.05)
        made |= rest_and_cycle.sweep("entry", values, "uM/s", found)
        made |= _at_entries(values, found, branch)
        run = simulate(model, until=600 * s, save_every=0.25 * s, solver=rest_and_cycle.TIGHT)
        for name in ("ca", "ca_er", "ip3"):
            made[name] = ("time", run[name].values, {"units": "uM"})
        return xr.Dataset(made, {"time": ("time", run.time.values, {"units": "s"})})

    def figure(self, data: xr.Dataset) -> Figure:
        """Courses of both stores and of IP3, the branch of rest states, and the period along entry."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, height=5.0)
        course, store, panel, period = axes.flat
        course.plot(data["time"], data["ca"], color=COLOURS["astrocyte"], label="calcium")
        course.plot(data["time"], data["ip3"], color=COLOURS["transmitter"], label="IP3")
        course.set(xlabel="time (s)", ylabel="concentration (µM)", xlim=(0, 600), ylim=(0, 0.95))
        course.legend(ncols=2, loc="upper center")
        store.plot(data["time"], data["ca_er"], color=COLOURS["second"])
        store.set(xlabel="time (s)", ylabel="calcium in the ER (µM)", xlim=(0, 600), ylim=(0, None))
        rest_and_cycle.draw(panel, "entry", data, 1000)
        panel.set(xlabel="calcium entry (nM/s)", ylabel="calcium (µM)", xlim=(10, 80), ylim=(0, 1.3))
        panel.legend(loc="upper left")
        period.plot(1000 * data["entry_member_at"], data["entry_period"], ".-", ms=3, color=COLOURS["astrocyte"])
        period.plot(1000 * np.array(list(_PERIODS)), list(_PERIODS.values()), "o", color="k", mfc="none", ms=5,
                    label="independent")  # fmt: skip
        period.set(xlabel="calcium entry (nM/s)", ylabel="period (s)", xlim=(10, 80), ylim=(0, None))
        period.legend()
        label_panels(axes)
        return made


def _at_entries(values: np.ndarray, found: Any, branch: Any) -> dict[str, Any]:
    """The claimed numbers; a cell that does not oscillate regularly has no period, one that does no rest."""
    place = {entry: int(np.abs(values - entry).argmin()) for entry in (*_PERIODS, *_RESTS)}
    regular = found.regular.values
    made = {
        _number("period", entry): (float(found.period[place[entry]]) if regular[place[entry]] else np.nan) * s
        for entry in _PERIODS
    }
    for entry in _RESTS:
        steady = float(found.amplitude[place[entry]]) < 1e-3
        made[_number("rest", entry)] = (float(found.high[place[entry]]) if steady else np.nan) * uM
    main = place[0.05]
    along = branch.data[branch.parameter].values
    resting = bool(branch.data["stable"].values[np.abs(along - 0.06).argmin()])
    ends = {"low": float(found.low[main]) * uM, "high": float(found.high[main]) * uM}
    return numbers(**made, **ends, bistable=resting and regular[place[0.06]])
