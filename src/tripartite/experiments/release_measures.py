"""What `release_modulation` measures: thresholds, rate curves, bound receptors, switching, filtering."""

from __future__ import annotations

from typing import Any

import numpy as np

from tripartite.experiments.release_modulation import (
    BOUND,
    INPUT_RATE,
    POISSON,
    POISSON_RATES,
    REGULAR,
    TABLE_RATES,
)
from tripartite.language import Model
from tripartite.protocols import Constant, PoissonSpikes, Pulses, RegularSpikes, SpikeTrain
from tripartite.solve import Tsit5, simulate
from tripartite.units import Hz, s, uM

EXACT = Tsit5(rtol=1e-10, atol=1e-12)
PAIR = 0.05
"""Interval of paired pulses, in s."""


def scalar(value: float, units: str = "1", **attributes: Any) -> tuple:
    """A number of a dataset."""
    return (), value, {"units": units, **attributes}


def row(name: str, values: Any, units: str = "1") -> tuple:
    """Values along a dimension of a dataset."""
    return name, np.asarray(values), {"units": units}


def releases(model: Model, protocol: Any, until: float, **options: Any) -> tuple[np.ndarray, np.ndarray]:
    """Times (s) and released fractions of all spikes, each ``(event,)`` or ``(member, event)``."""
    result = simulate(model, protocol, until=until * s, save_at=[until] * s, **options)
    events = result.events("bouton.release")
    return events["time"].values, events["amount"].values


def sign_change(x: np.ndarray, y: Any) -> float:
    """Where a smooth curve through ``(x, y)`` changes sign, by a cubic spline."""
    from scipy.interpolate import CubicSpline

    inside = CubicSpline(x, y).roots(extrapolate=False)
    return float(inside[0]) if len(inside) else float("nan")


def mean_release(model: Model, rates: np.ndarray, u0: np.ndarray) -> np.ndarray:
    """Steady released fraction of the mean field, for rates (Hz) and basal release probabilities in pairs."""
    varied = {"bouton.spike_rate": rates * Hz, "bouton.u0": u0}
    result = simulate(model, until=60 * s, save_at=[60] * s, vary=varied, solver=EXACT)
    return result["released"].values[:, -1]


def thresholds(mean: Model, synapse: Model) -> dict[str, Any]:
    """Slope of r(f) at f = 0 against U0: in the mean field, for spikes, and for pairs at one interval."""
    from scipy.integrate import simpson

    u0 = np.linspace(0.04, 0.96, 47)
    small = 1e-3
    levels = mean_release(mean, np.repeat([0.0, small, 2 * small], len(u0)), np.tile(u0, 3)).reshape(3, -1)
    in_mean = (4 * levels[1] - levels[2] - 3 * levels[0]) / (2 * small)

    # Pairs at many intervals in one train; 10 s after each leave less than 1e-8 of its trace.
    gaps = np.append(8 * np.linspace(0, 1, 81) ** 3, PAIR)
    starts = 10.0 * np.arange(len(gaps)) + gaps.cumsum() - gaps
    train = SpikeTrain(np.column_stack([starts, starts + gaps]).ravel() * s)
    _, released = releases(synapse, train, starts[-1] + 10, vary={"bouton.u0": u0}, solver=EXACT)
    first, second = released[:, 0::2], released[:, 1::2]
    by_spikes = simpson((second - first)[:, :-1], gaps[:-1], axis=1)
    ratio = second[:, -1] / first[:, -1]
    return {
        "u0": row("u0", u0),
        "slope_mean_field": row("u0", in_mean, "s"),
        "slope_spikes": row("u0", by_spikes, "s"),
        "pair_ratio": row("u0", ratio),
        "threshold_mean_field": scalar(sign_change(u0, in_mean)),
        "threshold_spikes": scalar(sign_change(u0, by_spikes)),
        "threshold_pairs": scalar(sign_change(u0, ratio - 1)),
        "pair_ratio_0.6": scalar(float(np.interp(0.6, u0, ratio))),
        "pair_ratio_0.2": scalar(float(np.interp(0.2, u0, ratio))),
    }


def rate_curves(mean: Model, synapse: Model, spikes: int) -> dict[str, Any]:
    """r(f) of regular spikes, of the mean field and of Poisson spikes, and how far they are from the tables."""
    levels = np.array(list(REGULAR))
    regular = np.array([_regular_release(synapse, rate, levels) for rate in TABLE_RATES])
    fine = np.geomspace(0.1, 50, 136)
    curve = mean_release(mean, np.tile(fine, 2), np.repeat(levels, len(fine))).reshape(2, -1)
    at = mean_release(mean, np.tile(POISSON_RATES, 2), np.repeat(levels, len(POISSON_RATES))).reshape(2, -1)
    poisson = np.array([_poisson_release(synapse, rate, levels, spikes) for rate in POISSON_RATES])
    found = {"rate": row("rate", fine, "Hz"), "table_rate": row("table_rate", TABLE_RATES, "Hz")}
    found |= {"poisson_rate": row("poisson_rate", POISSON_RATES, "Hz")}
    for position, u0 in enumerate(REGULAR):
        away = np.abs(regular[:, position] - REGULAR[u0]).max()
        found[f"regular_{u0}"] = row("table_rate", regular[:, position])
        found[f"mean_{u0}"] = row("rate", curve[position])
        found[f"poisson_{u0}"] = row("poisson_rate", poisson[:, position])
        found[f"regular_deviation_{u0}"] = scalar(float(away))
        found[f"poisson_deviation_{u0}"] = scalar(float(np.abs(poisson[:, position] / POISSON[u0] - 1).max()))
    limit, largest = _limit(mean, np.array([0.15]))
    return found | {
        "regular_5Hz": scalar(float(regular[TABLE_RATES.index(5), 0])),
        "mean_1Hz": scalar(float(at[0, POISSON_RATES.index(1)])),
        "mean_10Hz": scalar(float(at[0, POISSON_RATES.index(10)])),
        "mean_field_above": bool(np.all(at > poisson.T, where=np.isin(POISSON_RATES, (1, 5, 10)))),
        "limiting_rate": scalar(float(limit[0]), "Hz"),
        "largest_release": scalar(float(largest[0])),
    }


def _regular_release(model: Model, rate: float, u0: np.ndarray) -> np.ndarray:
    """Released fraction of the last of many regular spikes."""
    until = max(20 / rate, 20.0)
    return releases(model, RegularSpikes(rate * Hz), until, vary={"bouton.u0": u0}, solver=EXACT)[1][:, -1]


def _poisson_release(model: Model, rate: float, u0: np.ndarray, spikes: int) -> np.ndarray:
    """Mean released fraction over one Poisson train with a given number of spikes."""
    until = spikes / rate
    times = np.sort(np.random.default_rng(int(10 * rate)).uniform(0, until, spikes))
    return releases(model, SpikeTrain(times * s), until, vary={"bouton.u0": u0})[1].mean(axis=1)


def _limit(mean: Model, u0: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rate (Hz) at which r(f) of the mean field is largest, 0 when it only falls, and the largest value."""
    rates = np.geomspace(0.02, 200, 801)
    curves = mean_release(mean, np.tile(rates, len(u0)), np.repeat(u0, len(rates))).reshape(len(u0), -1)
    found = []
    for curve in curves:
        top = int(np.argmax(curve))
        if top == 0:
            found.append((0.0, curve[0]))
            continue
        a, b, c = np.polyfit(np.log(rates[top - 1 : top + 2] / rates[top]), curve[top - 1 : top + 2], 2)
        found.append((rates[top] * np.exp(-b / (2 * a)), c - b**2 / (4 * a)))
    where, largest = np.array(found).T
    return where, largest


def pulses(starts: Any, duration: float = 0.2) -> Pulses:
    """Calcium pulses, each of which releases gliotransmitter once."""
    return Pulses("astrocyte.ca", 1 * uM, np.atleast_1d(starts) * s, duration * s)


def occupancy(depressing: Model, facilitating: Model) -> dict[str, Any]:
    """What one release binds, and the mean over periodic releases, with the frequency that switches a synapse."""
    from scipy.optimize import brentq

    lasting = depressing.replace({"unbinding": 0 / s})
    one = simulate(lasting, pulses(1.0), until=3 * s, save_at=[3] * s, solver=EXACT)
    found = {"bound_by_one": scalar(float(one["bound"][-1]))}
    found |= {f"bound_{rate:g}Hz": scalar(float(periodic_mean(depressing, rate, "bound"))) for rate in BOUND}
    frequencies = np.geomspace(1e-3, 0.1, 13)
    found["release_rate"] = row("release_rate", frequencies, "Hz")
    for name, model in {"depressing": depressing, "facilitating": facilitating}.items():
        recovery, facilitation = model["bouton.recovery"], model["bouton.facilitation"]
        threshold = float((recovery / (recovery + facilitation)).to("").magnitude)

        def above(rate: float, model: Model = model, threshold: float = threshold) -> float:
            return periodic_mean(model, rate, "utilization") - threshold

        found[f"utilization_{name}"] = row("release_rate", [above(f) + threshold for f in frequencies])
        found[f"switch_{name}"] = scalar(threshold)
        switch: Any = brentq(above, 1e-3, 0.05, xtol=1e-8)
        found[f"release_threshold_{name}"] = scalar(switch, "Hz")
    return found


def periodic_mean(model: Model, rate: float, variable: str, periods: int = 5) -> float:
    """Mean over the last of ``periods`` periods of gliotransmitter releases at ``rate`` (Hz)."""
    period = 1 / rate
    # Dense after the release, where binding takes 20 ms.
    phase = np.linspace(0, 1, 2001) ** 3
    times = 1.0 + period * (periods - 1 + phase)
    result = simulate(model, pulses(1.0 + period * np.arange(periods)), until=times[-1] * s, save_at=times * s)
    return float(np.trapezoid(result[variable].values, phase))


def switching(models: dict[str, Model], trains: int) -> dict[str, Any]:
    """Paired pulses and shares of facilitated spike pairs, without and with one gliotransmitter release."""
    found: dict[str, Any] = {"condition": ("condition", ["before", "after"])}
    found |= _switch("depressing", models["depressing"], models["mean"], INPUT_RATE, trains)
    found |= _switch("facilitating", models["facilitating"], models["mean_facilitating"], INPUT_RATE, trains)
    down, up = (
        {quantity: found[f"{quantity}_{name}"][1] for quantity in ("ratio", "share", "share_error", "limit")}
        for name in ("depressing", "facilitating")
    )
    return found | {
        "pairs_become_facilitated": bool(down["ratio"][0] < 1 < down["ratio"][1]),
        "pairs_become_depressed": bool(up["ratio"][1] < 1 < up["ratio"][0]),
        "share_rises": bool(np.diff(down["share"])[0] > 3 * np.hypot(*down["share_error"])),
        "share_falls": bool(np.diff(up["share"])[0] < -3 * np.hypot(*up["share_error"])),
        "most_facilitated": bool(down["share"][1] > 0.5),
        "limit_rises": bool(down["limit"][0] < INPUT_RATE < down["limit"][1]),
        "limit_falls": bool(up["limit"][1] < INPUT_RATE < up["limit"][0]),
    }


def _switch(name: str, model: Model, mean: Model, rate: float, trains: int) -> dict[str, Any]:
    """Paired-pulse ratio, limiting rate (Hz) and share of facilitated pairs, each before and after a release."""
    ratios, basal, shares, errors = [], [], [], []
    for astrocyte in (Constant({"astrocyte.ca": 0 * uM}), pulses(1.0)):
        pair = SpikeTrain([2, 2 + PAIR] * s) & astrocyte
        result = simulate(model, pair, until=3 * s, save_at=[1.5] * s)
        basal.append(float(result["utilization"][0]))
        first, second = result.events("bouton.release")["amount"].values
        ratios.append(second / first)
        train = PoissonSpikes(rate * Hz, seed=2, start=1.5 * s)
        share = _facilitated(*releases(model, train & astrocyte, 20, seed=range(trains)))
        shares.append(share.mean())
        errors.append(share.std(ddof=1) / np.sqrt(trains))
    return {
        f"ratio_{name}": row("condition", ratios),
        f"basal_{name}": row("condition", basal),
        f"limit_{name}": row("condition", _limit(mean, np.array(basal))[0], "Hz"),
        f"share_{name}": row("condition", shares),
        f"share_error_{name}": row("condition", errors),
    }


def _facilitated(times: np.ndarray, released: np.ndarray) -> np.ndarray:
    """Share of spikes of each train that release more than the spike before."""
    pairs = np.isfinite(times[:, 1:])
    return np.sum(np.diff(released, axis=1) > 0, axis=1, where=pairs) / pairs.sum(axis=1)


def filtering(models: dict[str, Model], trains: int) -> dict[str, Any]:
    """r(f) of Poisson spikes without an astrocyte, under one that is not reached, and in closed loop."""
    rates = np.array([0.1, 0.3, 1, 2, 4, 7, 10, 15, 20, 30, 50])
    runs = {"none": ("synapse", None), "open": ("open", 1.0), "closed": ("closed", 0.0)}
    found: dict[str, Any] = {"input_rate": row("input_rate", rates, "Hz")}
    for name, (model, reservoir) in runs.items():
        curve = np.array([_filtered(models[model], rate, reservoir, trains) for rate in rates]).T
        for quantity, values in zip(("", "_error", "_bound", "_releases", "_calcium"), curve, strict=True):
            found[f"filter_{name}{quantity}"] = row("input_rate", values)
    none, opened, closed = (found[f"filter_{name}"][1] for name in runs)
    held = np.full(len(rates), 0.6 * (1 - found["filter_open_bound"][1].mean()))
    in_mean = mean_release(models["mean"], rates, held)
    low, high = rates <= 1, rates > 10
    return found | {
        "filter_open_mean": row("input_rate", in_mean),
        "calcium_beyond_jump": scalar(float(found["filter_closed_calcium"][1][high].mean()), "uM"),
        "low_pass": bool(np.all(np.diff(none) < 0)),
        "band_pass": _bell(opened, found["filter_open_error"][1]),
        "band_pass_mean": _bell(in_mean, np.zeros(len(rates))),
        "closed_between": bool(np.all((opened < closed) & (closed < none), where=low)),
        "closed_jumps": bool(closed[rates == 15] > closed[rates == 10]),
        "closed_rejoins": bool(np.all(np.abs(closed - none) < np.abs(closed - opened), where=high)),
    }


def _filtered(model: Model, rate: float, reservoir: float | None, trains: int) -> tuple[float, ...]:
    """Mean release after 15 s, its error, mean bound fraction, gliotransmitter releases and last calcium."""
    count = trains if rate < 3 else 2
    protocol = PoissonSpikes(rate * Hz, seed=3)
    if reservoir is not None:
        protocol = protocol & Constant(reservoir=reservoir * uM)
    result = simulate(model, protocol, until=195 * s, save_every=5 * s, seed=range(count))
    events = result.events("bouton.release")
    means = np.nanmean(np.where(events["time"] > 15, events["amount"], np.nan), axis=1)
    release = (float(means.mean()), float(means.std(ddof=1) / np.sqrt(count)))
    if reservoir is None:
        return *release, 0.0, 0.0, 0.0
    late = result["bound"]["time"].values >= 15
    glio = np.isfinite(result.events("gliorelease")["time"].values).sum() / count
    calcium = float(result["ca"].values[:, -10:].mean())
    return *release, float(result["bound"].values[:, late].mean()), float(glio), calcium


def _bell(curve: np.ndarray, error: np.ndarray) -> bool:
    """Whether a curve has its maximum inside, by more than three errors above both of its ends."""
    top = int(np.argmax(curve))
    rise = [curve[top] - curve[end] - 3 * np.hypot(error[top], error[end]) for end in (0, -1)]
    return 0 < top < len(curve) - 1 and min(rise) > 0
