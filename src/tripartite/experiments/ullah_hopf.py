"""Where IP3 regeneration sets an astrocyte oscillating: the Hopf point of Ullah's model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import parameters
from tripartite.experiments import rest_and_cycle
from tripartite.experiments.base import Experiment, computed, numbers
from tripartite.language import Compartment, Model
from tripartite.mechanisms import Ip3GatedEntry, LiRinzel, PlcDeltaRelaxation
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations of ullah2006, as coded in published networks"
_PERIODS = {0.6: 14.99, 0.8: 10.92, 1.0: 9.66}
_REST = {"ca": (0.06612, "µM"), "h": (0.88820, "1"), "ip3": (0.68577, "µM")}
_BIRTH = {"ca": (0.114997, "µM"), "h": (0.848594, "1"), "ip3": (1.166172, "µM")}
_WORDS = {"ca": "calcium", "h": "h", "ip3": "IP3"}


class UllahHopf(Experiment):
    """Where IP3 regeneration sets an astrocyte oscillating: the Hopf point of Ullah's model.

    **Model**
    `LiRinzel`, calcium through the plasma membrane (`Ip3GatedEntry`) and IP3 that calcium regenerates
    (`PlcDeltaRelaxation`), with the values that published networks with this astrocyte use for the model of
    ullah2006. As there, the calcium of the ER follows from a constant total although calcium enters and leaves.

    **Protocol**
    No stimulus. The largest rate of PLCδ, v_4, from 0.2 to 1.5 µM/s; 1,200 s from the start that those
    programs store.

    **Measure**
    The fixed point at the published 0.3 µM/s; the fixed point followed along v_4 and its Hopf point; extremes of
    calcium and period after 600 s.

    **Claims**
    None: all are checks, computed independently from the same equations, by root finding, the eigenvalues of a
    difference Jacobian, and LSODA. Up to the Hopf point at 0.511 µM/s the astrocyte rests, beyond it oscillates.

    **Figure** A: rest and extremes of the oscillation along the largest rate of PLCδ. B: periods; circles are
    independent, the dot is that of the Hopf point. C: calcium below and above it. Quick runs: 12 instead of 61 rates.

    **Holds for**
    The equations and values are those of the programs; the paper itself was not at hand to compare with.
    """

    name = "ullah2006-hopf"
    paper = "ullah2006"
    checks = (
        *(
            computed(f"Rest at 0.3 µM/s: {_WORDS[name]}", _SOURCE, f"rest_{name}", value, 1e-4, unit)
            for name, (value, unit) in _REST.items()
        ),
        computed("Hopf point", _SOURCE, "hopf", 0.510898, 1e-4, "µM/s"),
        *(
            computed(f"Hopf point: {_WORDS[name]}", _SOURCE, f"hopf_{name}", value, 1e-4, unit)
            for name, (value, unit) in _BIRTH.items()
        ),
        computed("Period at the Hopf point", _SOURCE, "hopf_period", 11.4616, 1e-3, "s"),
        computed("Least calcium at 0.6 µM/s", _SOURCE, "low", 0.0687, 1e-3, "µM"),
        computed("Largest calcium at 0.6 µM/s", _SOURCE, "high", 0.4944, 1e-3, "µM"),
        *(
            computed(f"Period at {rate:g} µM/s", _SOURCE, f"period_at_{round(1000 * rate)}_nM_per_s", period, 1e-3, "s")
            for rate, period in _PERIODS.items()
        ),
    )
    must_matter = {"astrocyte.ip3_rest": 1.25}

    def models(self) -> dict[str, Model]:
        """The astrocyte with the published production."""
        cell = Compartment(LiRinzel(), Ip3GatedEntry(), PlcDeltaRelaxation())
        return {"astrocyte": Model(astrocyte=cell.using(parameters.ullah2006.ASTROCYTE))}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Rest at the published rate, the branch along it, oscillations beside it, and two courses."""
        import xarray as xr

        from tripartite.solve import simulate, steady_states

        model = models["astrocyte"]
        branch, made = rest_and_cycle.branch("rate", model, "v_delta", 0.2 * uM / s, 1.5 * uM / s, step=0.02)
        point = branch.hopf_points[0] if len(branch.hopf_points) == 1 else None
        at, period = (point.value, point.period) if point else (np.nan * uM / s, np.nan * s)
        made |= numbers(hopf=at, hopf_period=period)
        for name, (_, unit) in _BIRTH.items():
            value = float(point.states[f"astrocyte.{name}"].magnitude) if point else np.nan
            made |= numbers(**{f"hopf_{name}": value if unit == "1" else value * uM})
        resting = steady_states(model.replace({"v_delta": 0.3 * uM / s}))
        for name, (_, unit) in _REST.items():
            value = float(resting[f"astrocyte.{name}"][0]) if resting.sizes["point"] == 1 else np.nan
            made |= numbers(**{f"rest_{name}": value if unit == "1" else value * uM})

        values = np.unique([*(np.linspace(0.4, 1.5, 12) if quick else np.linspace(0.3, 1.5, 61)), *_PERIODS])
        found = rest_and_cycle.cycles(model, {"v_delta": values * uM / s}, 600, 1200, 0.02)
        made |= rest_and_cycle.sweep("rate", values, "uM/s", found) | _at_rates(values, found)
        run = simulate(model, until=200 * s, save_every=0.1 * s, vary={"v_delta": [0.3, 0.6] * uM / s})
        for member, name in enumerate(("rests", "oscillates")):
            made[name] = ("time", run["ca"].values[member], {"units": "uM"})
        return xr.Dataset(made, {"time": ("time", run.data["time"].values, {"units": "s"})})

    def figure(self, data: xr.Dataset) -> Figure:
        """The branch with its oscillation, the period, and courses below and above the Hopf point."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(1, 3, 9.0, 2.9)
        panel, period, course = axes[0]
        rest_and_cycle.draw(panel, "rate", data)
        panel.set(xlabel="largest rate of PLCδ, $v_4$ (µM/s)", ylabel="calcium (µM)", xlim=(0.2, 1.5), ylim=(0, 0.95))
        panel.legend(loc="upper left")
        period.plot(data["rate_member_at"], data["rate_period"], ".-", ms=3, color=COLOURS["astrocyte"])
        period.plot(list(_PERIODS), list(_PERIODS.values()), "o", color="k", mfc="none", ms=5, label="independent")
        period.plot(data["hopf"], data["hopf_period"], "o", color="k", ms=5, label="2π/ω at the Hopf point")
        period.set(xlabel="largest rate of PLCδ, $v_4$ (µM/s)", ylabel="period (s)", xlim=(0.2, 1.5), ylim=(0, 22))
        period.legend(loc="upper right")
        course.plot(data["time"], data["oscillates"], color=COLOURS["astrocyte"], label="0.6 µM/s")
        course.plot(data["time"], data["rests"], color=COLOURS["neuron"], label="0.3 µM/s")
        course.set(xlabel="time (s)", ylabel="calcium (µM)", xlim=(0, 200), ylim=(0, 0.7))
        course.legend(ncols=2, loc="upper center")
        label_panels(axes)
        return made


def _at_rates(values: np.ndarray, found: Any) -> dict[str, Any]:
    place = {rate: int(np.abs(values - rate).argmin()) for rate in _PERIODS}
    regular = found.regular.values
    made = {
        f"period_at_{round(1000 * rate)}_nM_per_s": (float(found.period[here]) if regular[here] else np.nan) * s
        for rate, here in place.items()
    }
    return numbers(**made, low=float(found.low[place[0.6]]) * uM, high=float(found.high[place[0.6]]) * uM)
