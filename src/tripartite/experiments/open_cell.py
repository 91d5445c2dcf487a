"""Calcium that crosses the plasma membrane: an open astrocyte oscillates only while its store is refilled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Check, Experiment, computed, numbers
from tripartite.language import Model
from tripartite.mechanisms import CalEx, Ip3Transient
from tripartite.models import OpenCell
from tripartite.protocols import Constant, Pulses, Steps
from tripartite.solve import Tsit5, continuation, simulate, steady_states
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations of handy2017"
_SCAN = "computed independently from the equations of handy2017 (stability on a grid of 0.001 µM)"

WAVES = {
    0.20: (0.1272, 0.3856, 28.27),
    0.25: (0.1265, 0.5143, 24.879),
    0.30: (0.1412, 0.5793, 23.08),
    0.35: (None, None, 22.20),
}
"""Least and largest calcium (µM) and period (s) of the oscillation by IP3 (µM)."""

WEAK_PERIOD = 36.35
"""Period (s) with entry at 0.5 µM/s and 0.25 µM IP3."""

STEADY = {0.15: 0.1685, 0.40: 0.4158}
"""Calcium (µM) where it does not oscillate, by IP3 (µM)."""

TRANSIENTS = {0.1: (0.150, None), 0.2: (1.129, 35.7), 0.375: (1.4885, 30.5)}
"""Peak of calcium (µM) and its time (s) by the peak of IP3 (µM), after a stimulus at 20 s."""

PLATEAUS = {0.5: (3.289, 2.04, 0.479, 84.7), 0.8: (4.08, 1.89, 0.594, 67.3)}
"""First peak (µM), its time after the step (s), plateau (µM) and store (µM) by sustained IP3 (µM)."""

CALEX = {1: (0.0865, 1.488), 2: (0.0841, 1.145), 3: (0.0820, 0.960), 5: (0.0789, 0.759), 10: (0.0736, 0.545)}
"""Calcium at rest and at the peak of a transient (µM) by the factor on all extrusion by pumps."""

_TIGHT = Tsit5(rtol=1e-9, atol=1e-12)
_STIMULUS = Pulses("stimulus", 1, [20] * s, 17 * s)
_GRID = np.array([0.15, 0.20, 0.25, 0.30, 0.35, 0.40])  # µM IP3
_STATES = ("astrocyte.ca", "astrocyte.ca_total", "astrocyte.h")


def _named(prefix: str, ip3: float) -> str:
    return f"{prefix}_at_{round(1000 * ip3)}_nM"


def _wave_claims() -> list[Check]:
    words = {"low": "least calcium", "high": "largest calcium", "period": "period"}
    found = [
        computed(f"{words[name]} at {ip3:g} µM IP3", _SOURCE, _named(name, ip3), value, 2e-3, unit)
        for ip3, wave in WAVES.items()
        for name, value, unit in zip(words, wave, ("µM", "µM", "s"), strict=True)
        if value is not None
    ]
    steady = [
        computed(f"steady calcium at {ip3:g} µM IP3", _SOURCE, _named("steady", ip3), value, 1e-3, "µM")
        for ip3, value in STEADY.items()
    ]
    return found + steady


def _transient_claims() -> list[Check]:
    found = []
    for peak, (value, time) in TRANSIENTS.items():
        found.append(computed(f"peak of calcium for {peak:g} µM IP3", _SOURCE, _named("peak", peak), value, 2e-3, "µM"))
        if time is not None:
            found.append(computed(f"its time for {peak:g} µM IP3", _SOURCE, _named("peak_time", peak), time, 1e-2, "s"))
    return found


def _plateau_claims() -> list[Check]:
    found = []
    for ip3, (first, delay, plateau, store) in PLATEAUS.items():
        step = f"a step of IP3 to {ip3:g} µM"
        found += [
            computed(f"first peak after {step}", _SOURCE, _named("first_peak", ip3), first, 2e-3, "µM"),
            computed(f"plateau after {step}", _SOURCE, _named("plateau", ip3), plateau, 2e-3, "µM"),
            computed(f"store after {step}", _SOURCE, _named("store", ip3), store, 2e-3, "µM"),
            computed(f"time from {step} to the peak", _SOURCE, _named("delay", ip3), delay, 5e-3, "s"),
        ]
    return found


def _calex_claims() -> list[Check]:
    found = []
    for factor, (rest, peak) in CALEX.items():
        times = f"extrusion by pumps x{factor}"
        found += [
            computed(f"{times}: calcium at rest", _SOURCE, f"calex_rest_x{factor}", rest, 1e-3, "µM"),
            computed(f"{times}: peak of the transient", _SOURCE, f"calex_peak_x{factor}", peak, 2e-3, "µM"),
        ]
    return [
        *found,
        computed("extrusion by pumps x2: least calcium at 0.25 µM IP3", _SOURCE, "calex_low_x2", 0.165, 5e-3, "µM"),
        computed("extrusion by pumps x2: largest calcium at 0.25 µM IP3", _SOURCE, "calex_high_x2", 0.378, 5e-3, "µM"),
        computed("extrusion by pumps x3 and more: no oscillation at 0.25 µM IP3", _SOURCE, "calex_silent", True),
    ]


class OpenCellOscillations(Experiment):
    """Calcium that crosses the plasma membrane: an open astrocyte oscillates only while its store is refilled.

    **Model** `OpenCell`: IP3 receptors, leak and SERCA of the store; leak, pump and store-operated entry (SOC) of
    the plasma membrane, with the values of handy2017. `Ip3Transient` gives the course of IP3 of the paper's single
    peak, and `CalEx` an extrusion that is added to the pump of the plasma membrane with the pump's own affinity.

    **Protocol** IP3 held from 0.01 to 0.8 µM, with entry as it is, lowered to 0.5 µM/s, and off; a stimulus of
    17 s from 20 s on; a step of IP3 at 50 s that lasts, and one that ends at 550 s, to see the store refill; all
    extrusion by pumps multiplied by up to ten.

    **Measure** Hopf points by continuation; least and largest calcium and period from 5,000 to 6,000 s; peaks of
    transients; calcium and store 1,950 s after a step.

    **Claims** None: all are checks, computed independently from the same equations. The Hopf points come from a scan of
    0.001 µM and are checked as the grid cell in which stability changed. Extrusion by CalEx lowers evoked peaks much
    and rest little; that it does so in tissue is not claimed, for the measured reductions were not available.

    **Figure** A: rest, Hopf points and the extremes of the oscillation along IP3. B: periods with entry as it is and
    at a third; circles are independent. C: transients after IP3 of three sizes. D: a step of IP3. E: the store during
    500 s of IP3 and after, with and without entry. F: rest, evoked peak and oscillation by extrusion. Quick runs: 11
    instead of 46 concentrations of IP3.

    **Beyond the checks** Without entry the store does not fill again when IP3 is gone: 1,050 s later it holds 50 µM
    and creeps towards 74 µM, where with entry it is back at 190 of 197 µM. Entry at a third lets the cell oscillate
    at 0.4 µM IP3, where it is steady with all of it.
    """

    name = "handy2017-open-cell"
    paper = "handy2017"
    checks = (
        computed("calcium at rest", _SOURCE, "rest", 0.0865415, 1e-5, "µM"),
        computed("calcium of the store at rest", _SOURCE, "rest_store", 196.78, 1e-4, "µM"),
        computed("lower Hopf point in its cell of the scan", _SCAN, "hopf_low", (0.171, 0.172), 0.0, "µM"),
        computed("period at the lower Hopf point", _SOURCE, "hopf_low_period", 26.6, 3e-3, "s"),
        computed("upper Hopf point in its cell of the scan", _SCAN, "hopf_high", (0.356, 0.357), 0.0, "µM"),
        *_wave_claims(),
        computed("SOC 0.5 µM/s: period at 0.25 µM IP3", _SOURCE, "weak_period_at_250_nM", WEAK_PERIOD, 2e-3, "s"),
        computed("without SOC: no oscillation at any IP3 from 0.15 to 0.40 µM", _SOURCE, "no_entry_silent", True),
        computed("without SOC: calcium that remains at 0.25 µM IP3", _SOURCE, "no_entry_ca", 0.0396, 2e-3, "µM"),
        computed(
            "without SOC: least total calcium from 0.15 to 0.40 µM IP3", _SOURCE, "no_entry_least", (6, 10), 0, "µM"
        ),
        computed("without SOC: largest total calcium there", _SOURCE, "no_entry_most", (6, 10), 0, "µM"),
        computed("without SOC and IP3: calcium", _SOURCE, "no_entry_rest_ca", 0.03958, 5e-4, "µM"),
        computed("without SOC and IP3: total calcium", _SOURCE, "no_entry_rest_total", 13.7768, 5e-4, "µM"),
        computed("without SOC and IP3: receptors not inactivated", _SOURCE, "no_entry_rest_h", 0.78512, 5e-4),
        computed("a transient of IP3 gives a single peak", _SOURCE, "single_peak", True),
        *_transient_claims(),
        *_plateau_claims(),
        *_calex_claims(),
    )
    must_matter = {"astrocyte.inactivation": 5.0}

    def models(self) -> dict[str, Model]:
        """The open cell, and with a transient of IP3, with CalEx, and with both."""
        calex = CalEx(extrusion=0 * uM / s, k_calex=2.5 * uM, membrane_ratio=0.2)
        return {
            "cell": OpenCell(),
            "stimulated": OpenCell(Ip3Transient()),
            "calex": OpenCell(calex),
            "calex_stimulated": OpenCell(Ip3Transient(), calex),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Branch, oscillations, transients, steps and CalEx."""
        import xarray as xr

        cell = models["cell"]
        made = _branch(cell) | _waves(cell) | _entries(cell, 11 if quick else 46)
        made |= _transients(models["stimulated"]) | _plateaus(cell) | _refill(cell)
        return xr.Dataset(made | _calex(models["calex"], models["calex_stimulated"]))

    def figure(self, data: xr.Dataset) -> Figure:
        """Bifurcation diagram, periods, transients, step, refill, CalEx."""
        from tripartite.experiments.open_cell_figure import draw

        return draw(data, {ip3: wave[2] for ip3, wave in WAVES.items()}, WEAK_PERIOD)


def _branch(model: Model) -> dict[str, Any]:
    """Rest, fixed points along IP3, and Hopf points."""
    rest = steady_states(model, Constant(ip3=0 * uM))
    branch = continuation(model, "ip3", 0.01 * uM, 0.8 * uM)
    hopf = sorted((float(p.value.magnitude), float(p.period.magnitude)) for p in branch.hopf_points)
    hopf = hopf if len(hopf) == 2 else [(np.nan, np.nan)] * 2
    ca, total = (float(rest[name][0]) for name in _STATES[:2])
    found = numbers(
        rest=ca * uM,
        rest_store=(total - ca) / float(model["TotalCalcium.er_ratio"].magnitude) * uM,
        hopf_low=hopf[0][0] * uM,
        hopf_low_period=hopf[0][1] * s,
        hopf_high=hopf[1][0] * uM,
    )
    return found | {
        "branch_ip3": ("point", branch.data["astrocyte.ip3"].values, {"units": "uM"}),
        "branch_ca": ("point", branch.data["astrocyte.ca"].values, {"units": "uM"}),
        "branch_stable": ("point", branch.data["stable"].values.astype(np.int8)),
    }


def _oscillations(model: Model, vary: dict[str, Any], ip3: Any = 0 * uM) -> tuple[Any, xr.Dataset]:
    """Oscillation of calcium from 5,000 to 6,000 s, and the states at the end."""
    from tripartite.analysis import oscillation

    at = np.arange(5000, 6000, 0.04) * s
    result = simulate(model, Constant(ip3=ip3), until=6000 * s, solver=_TIGHT, save_at=at, vary=vary)
    return oscillation(result.data["time"], result["astrocyte.ca"], smallest=0.02), result.data.isel(time=-1)


def _waves(model: Model) -> dict[str, Any]:
    found, _ = _oscillations(model, {"ip3": _GRID * uM})
    made = {}
    for member, ip3 in enumerate(_GRID):
        silent = np.isnan(found.period[member])
        if ip3 in WAVES:
            units = {"low": uM, "high": uM, "period": s}
            made |= {_named(name, ip3): float(getattr(found, name)[member]) * unit for name, unit in units.items()}
        else:
            made[_named("steady", ip3)] = (float(found.high[member]) if silent else np.nan) * uM
    return numbers(**made)


def _entries(model: Model, count: int) -> dict[str, Any]:
    """Oscillations along IP3 with entry as it is, at a third, and off."""
    ip3 = np.linspace(0.15, 0.42, count)
    made: dict[str, Any] = {"ip3": ("ip3", ip3, {"units": "uM"})}
    for name, entry in (("full", model["StoreOperatedEntry.entry"]), ("weak", 0.5 * uM / s), ("none", 0 * uM / s)):
        found, _ = _oscillations(model.replace({"StoreOperatedEntry.entry": entry}), {"ip3": ip3 * uM})
        for field in ("low", "high", "period"):
            values = np.where(np.isnan(found.period), np.nan, getattr(found, field))
            made[f"{name}_{field}"] = ("ip3", values, {"units": "s" if field == "period" else "uM"})
    weak, _ = _oscillations(model.replace({"StoreOperatedEntry.entry": 0.5 * uM / s}), {}, 0.25 * uM)
    closed = model.replace({"StoreOperatedEntry.entry": 0 * uM / s})
    silent, last = _oscillations(closed, {"ip3": _GRID * uM})
    rest = steady_states(closed, Constant(ip3=0 * uM))
    total = last["astrocyte.ca_total"].values
    ca, everything, h = (float(rest[name][0]) for name in _STATES)
    return made | numbers(
        weak_period_at_250_nM=float(weak.period) * s,
        no_entry_silent=np.isnan(silent.period).all() and np.isnan(made["none_period"][1]).all(),
        no_entry_ca=float(silent.high[list(_GRID).index(0.25)]) * uM,
        no_entry_least=total.min() * uM,
        no_entry_most=total.max() * uM,
        no_entry_rest_ca=ca * uM,
        no_entry_rest_total=everything * uM,
        no_entry_rest_h=h,
    )


def _transients(model: Model) -> dict[str, Any]:
    peaks = np.array(list(TRANSIENTS))
    result = simulate(
        model, _STIMULUS, until=300 * s, solver=_TIGHT, save_every=0.02 * s, vary={"Ip3Transient.peak": peaks * uM}
    )
    time, ca = result.data["time"].values, result["astrocyte.ca"].values
    made: dict[str, Any] = {"single_peak": float(_maxima(ca[-1]) == 1)}
    for peak, course in zip(peaks, ca, strict=True):
        ends = {_named("peak", peak): course.max() * uM, _named("peak_time", peak): time[course.argmax()] * s}
        made |= numbers(**ends)
    few = slice(None, 8000, 10)
    return made | {
        "transient_time": ("transient_time", time[few], {"units": "s"}),
        "transient_ca": (("transient", "transient_time"), ca[:, few], {"units": "uM"}),
        "transient": ("transient", peaks, {"units": "uM"}),
    }


def _maxima(course: np.ndarray) -> int:
    """Maxima at least 0.05 µM above the start."""
    inner = course[1:-1]
    return int(np.sum((inner > course[:-2]) & (inner >= course[2:]) & (inner > course[0] + 0.05)))


def _plateaus(model: Model) -> dict[str, Any]:
    made = {}
    for ip3 in PLATEAUS:
        step = Steps("ip3", [0, 50] * s, [0, ip3] * uM)
        early = np.arange(50, 60, 0.005)
        at = np.append(early, 2000) * s
        result = simulate(model, step, until=2000 * s, solver=_TIGHT, save_at=at)
        ca = result["astrocyte.ca"].values
        made |= {
            _named("first_peak", ip3): ca.max() * uM,
            _named("delay", ip3): (early[ca[:-1].argmax()] - 50) * s,
            _named("plateau", ip3): ca[-1] * uM,
            _named("store", ip3): float(result["ca_er"][-1]) * uM,
        }
    return numbers(**made)


def _refill(model: Model) -> dict[str, Any]:
    """Calcium of cytosol and store during 500 s of IP3 and after, with and without entry."""
    step = Steps("ip3", [0, 50, 550] * s, [0, 0.5, 0] * uM)
    entry = [float(model["StoreOperatedEntry.entry"].magnitude), 0.0] * uM / s
    vary = {"StoreOperatedEntry.entry": entry}
    result = simulate(model, step, until=1600 * s, solver=_TIGHT, save_every=0.5 * s, vary=vary)
    return {
        "refill_time": ("refill_time", result.data["time"].values, {"units": "s"}),
        "refill_ca": (("entry", "refill_time"), result["astrocyte.ca"].values, {"units": "uM"}),
        "refill_er": (("entry", "refill_time"), result["ca_er"].values, {"units": "uM"}),
    }


def _calex(cell: Model, stimulated: Model) -> dict[str, Any]:
    """Rest, evoked peak and oscillation by the factor on all extrusion by pumps."""
    factors = np.array(list(CALEX))
    extra = (factors - 1) * float(cell["Pmca.extrusion"].magnitude) * uM / s
    rests = [steady_states(cell.replace({"CalEx.extrusion": e}), Constant(ip3=0 * uM)).isel(point=0) for e in extra]
    units = (uM, uM, 1.0)
    starts = {k: np.array([float(rest[k]) for rest in rests]) * u for k, u in zip(_STATES, units, strict=True)}
    result = simulate(
        stimulated, _STIMULUS, until=100 * s, solver=_TIGHT, save_every=0.02 * s,
        vary={"CalEx.extrusion": extra, **starts},
    )  # fmt: skip
    peaks = result["astrocyte.ca"].max("time").values
    waves, _ = _oscillations(cell, {"CalEx.extrusion": extra}, 0.25 * uM)
    made: dict[str, Any] = {"factor": ("factor", factors)}
    for member, factor in enumerate(factors):
        rest = float(rests[member]["astrocyte.ca"])
        made |= numbers(**{f"calex_rest_x{factor}": rest * uM, f"calex_peak_x{factor}": peaks[member] * uM})
    return made | {
        "calex_rest": ("factor", [float(rest["astrocyte.ca"]) for rest in rests], {"units": "uM"}),
        "calex_peak": ("factor", peaks, {"units": "uM"}),
        **numbers(
            calex_low_x2=float(waves.low[1]) * uM,
            calex_high_x2=float(waves.high[1]) * uM,
            calex_silent=np.isnan(waves.period.values[factors >= 3]).all(),
        ),
    }
