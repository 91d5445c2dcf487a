"""Local, somatic and global calcium events of an astrocyte with several processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Check, Claim, Experiment, computed
from tripartite.language import Model
from tripartite.mechanisms import RelativeCalcium
from tripartite.units import Quantity, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_EQUATIONS = "cresswell_clay2018: computed independently from its equations"
_NOISE = "cresswell_clay2018: computed independently from its equations, Euler steps of 0.5, 16 runs of 20,000 s"
_ABSTRACT = "cresswell_clay2018, abstract"
_PERIODS = {0.35: 193.8, 0.40: 117.4, 0.45: 84.87, 0.50: 66.20, 0.60: 46.59}
_RUN, _PROCESSES, _WINDOW = 20_000.0, 5, 25.0
_STRENGTHS, _STORES, _CORRELATIONS = (0.05, 0.1, 0.2, 0.3), (0.0, 0.001, 0.002, 0.004), (0.0, 0.2, 0.5, 0.8)
_CONDITIONS = (
    *((strength, 0.0, 0.2) for strength in _STRENGTHS),
    *((0.2, store, 0.2) for store in _STORES[1:]),
    *((0.2, 0.0, correlation) for correlation in _CORRELATIONS if correlation != 0.2),
)
"""Strength of noise (s½), exchange of the store, correlation of noise."""
_RATES = {
    (0.05, 0.0, 0.2): (0.589, 0.021, 0.466, 0.029),
    (0.1, 0.0, 0.2): (2.462, 0.022, 1.906, 0.048),
    (0.2, 0.0, 0.2): (3.818, 0.015, 2.500, 0.044),
    (0.3, 0.0, 0.2): (4.823, 0.022, 2.781, 0.052),
    (0.2, 0.001, 0.2): (3.932, 0.018, 0.441, 0.030),
    (0.2, 0.002, 0.2): (3.833, 0.018, 0.166, 0.019),
    (0.2, 0.004, 0.2): (3.554, 0.022, 0.019, 0.009),
}
"""Events per 1000 s of a process and of the soma, each with its standard error, from `_NOISE`."""
_GLOBAL = {0.0: (1.225, 0.055), 0.2: (1.681, 0.072), 0.5: (2.172, 0.046), 0.8: (2.844, 0.031)}
"""Global events per 1000 s by correlation, with standard errors, from `_NOISE`."""


def _label(condition: tuple[float, ...]) -> str:
    return "_".join(f"{round(1000 * part)}" for part in condition)


def _range(mean: float, error: float) -> tuple[float, float]:
    """Six standard errors of 16 runs to either side: four of the difference from 16 other runs."""
    return max(0.0, round(mean - 6 * error, 4)), round(mean + 6 * error, 4)


def _rate_checks() -> list[Check]:
    found = []
    for condition, (process, process_error, soma, soma_error) in _RATES.items():
        strength, store, _ = condition
        where = f"noise {strength:g}, store exchange {store:g}"
        for words, name, mean, error in (
            ("a process", "process", process, process_error),
            ("the soma", "soma", soma, soma_error),
        ):
            words = f"Events per 1000 s of {words}, {where}: {mean:g} ± {error:g}"
            found.append(computed(words, _NOISE, f"{name}_{_label(condition)}", _range(mean, error)))
    for correlation, (mean, error) in _GLOBAL.items():
        words = f"Global events per 1000 s, correlation {correlation:g}: {mean:g} ± {error:g}"
        found.append(computed(words, _NOISE, f"global_{_label((0.2, 0.0, correlation))}", _range(mean, error)))
    return found


class LocalGlobalEvents(Experiment):
    """Local and global calcium events: rate of input sets the first, its correlation the second.

    **Model** Calcium of cytosol and store in relative units (`RelativeCalcium`), alone; and five processes around a
    soma (`RelativeAstrocyte`) that exchange calcium through the cytosol (0.05) and, if they share it, through the store
    (0 to 0.004). The influx of every process fluctuates, with correlation between processes.

    **Protocol** Alone: influx from 0.2 to 1. Together: strength of noise 0.05 to 0.3, correlation 0.2; at strength
    0.2, store exchange up to 0.004 and correlation 0 to 0.8. Sixteen runs of 20,000 s each (eight in quick mode),
    Euler steps of 0.5 s as in the published program, for which the noise here equals its noise.

    **Measure** Hopf points, periods and extremes of calcium. Events: rises above 1 after a fall below 0.6. A somatic
    event is global if more than half of the processes start one within 25 s of it; then theirs are global too, all
    others are local. Threshold and window are assumed; the abstract says "soma and the majority of processes".

    **Claims** From the abstract: the rate of input (here the strength of the noise)
    sets the rates of processes and soma; its correlation sets the rate of global events; whether the store is shared
    decides how the rate of the soma follows that of the input. All numbers are checks, computed independently from the
    equations; those with noise as means of 16 other runs, met within six of their standard errors.

    **Noise of the program** It mixes its random numbers in place (utils.c), so that each process reads numbers that are
    already mixed: asked for 0.2, its processes are correlated by 0.20 to 0.29, depending on the pair, with unequal
    strength. Here all pairs have what is asked.

    **Figure** A: rest of one compartment along the influx, and extremes of its oscillation. B: calcium of the processes
    and of the soma. C-E: rates of events by strength and correlation of the noise and by the exchange through the
    store; circles are independent. F: rate of the soma by that of a process, with and without a shared store. Quick
    runs: 8 instead of 16 runs of each condition, 12 instead of 40 influxes.

    **Not reproduced** The paper's figures use another program, in which the volume of the soma differs from that of a
    process by a factor that is not known here; it is 1. Time has no unit there; one unit is 1 s here.
    """

    name = "cresswell-clay2018-events"
    paper = "cresswell_clay2018"
    claims = (
        Claim("Stronger input: more events in processes and soma", _ABSTRACT, "input_sets_rates", True),
        Claim("Correlated input: more global events", _ABSTRACT, "correlation_sets_global", True),
        Claim("A shared store ends the rise of the soma's rate with the input", _ABSTRACT, "store_decides", True),
    )
    checks = (
        computed("Lower Hopf point", _EQUATIONS, "hopf_low", 0.33862, 1e-4),
        computed("Upper Hopf point", _EQUATIONS, "hopf_high", 0.75993, 1e-4),
        computed("Period at the lower Hopf point", _EQUATIONS, "hopf_low_period", 108.1, 1e-3, "s"),
        computed("Period at the upper Hopf point", _EQUATIONS, "hopf_high_period", 25.0, 2e-3, "s"),
        computed("Store at rest, influx 0.31", _EQUATIONS, "store_at_rest", 1.362578, 1e-6),
        computed("Rest is excitable: no oscillation at influx 0.31", _EQUATIONS, "rest_is_quiet", True),
        computed("Least calcium, influx 0.35", _EQUATIONS, "ca_low", 0.223, 3e-3),
        computed("Largest calcium, influx 0.35", _EQUATIONS, "ca_high", 1.779, 3e-3),
        *(
            computed(f"Period, influx {r:g}", _EQUATIONS, f"period_{round(100 * r)}", t, 1e-3, "s")
            for r, t in _PERIODS.items()
        ),
        *_rate_checks(),
        computed("Correlation changes the rate of processes by less than 3 %", _NOISE, "process_change", (0, 0.03)),
    )
    must_matter = {"compartment.uptake": 1.05}

    def models(self) -> dict[str, Model]:
        """One compartment, and the whole astrocyte."""
        from tripartite.models import RelativeAstrocyte

        return {"compartment": Model(process=RelativeCalcium()), "astrocyte": RelativeAstrocyte()}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Branch and oscillations by influx, then events by strength, store and correlation."""
        import xarray as xr

        found = _branch(models["compartment"]) | _oscillations(models["compartment"], 12 if quick else 40)
        for condition in _CONDITIONS:
            found |= _events(models["astrocyte"], condition, 8 if quick else 16)
        # The relation of soma and processes with a shared store, for the last claim.
        for strength in (0.1, 0.3):
            found |= _events(models["astrocyte"], (strength, 0.002, 0.2), 8 if quick else 16)
        found |= _verdicts(found) | _course(models["astrocyte"])
        return xr.Dataset(found)

    def figure(self, data: xr.Dataset) -> Figure:
        """Bifurcation diagram, courses, and rates by strength, correlation and store."""
        from tripartite.figures import figure, label_panels

        made, axes = figure(2, 3, 9.6, 5.4)
        _draw_branch(axes[0, 0], data)
        _draw_course(axes[0, 1], data)
        _draw_rates(axes[0, 2], data, [(x, 0.0, 0.2) for x in _STRENGTHS], 0, "strength of noise (s½)")
        _draw_rates(axes[1, 0], data, [(0.2, 0.0, x) for x in _CORRELATIONS], 2, "correlation of noise")
        _draw_rates(axes[1, 1], data, [(0.2, x, 0.2) for x in _STORES], 1, "exchange through the store")
        _draw_relation(axes[1, 2], data)
        axes[0, 2].plot([], [], "o", ms=8, mfc="none", mew=0.7, color="k", label="independent")
        axes[0, 2].legend(loc="upper left", ncols=2)
        label_panels(axes)
        return made


def _branch(model: Model) -> dict[str, Any]:
    """Fixed points along the influx; the store at 0.31."""
    from tripartite.solve import continuation

    branch = continuation(model, "influx", 0.2, 1.0)
    hopf = sorted((float(p.value), float(p.period.to("s").magnitude)) for p in branch.hopf_points)
    (low, low_period), (high, high_period) = hopf if len(hopf) == 2 else [(np.nan, np.nan)] * 2
    (to_rest,) = [continuation(model, "influx", 0.31, 0.311).data["process.ca_er"].values[0]]
    return {
        "hopf_low": low,
        "hopf_high": high,
        "hopf_low_period": ((), low_period, {"units": "s"}),
        "hopf_high_period": ((), high_period, {"units": "s"}),
        "store_at_rest": float(to_rest),
        "branch_influx": ("point", branch.data[branch.parameter].values),
        "branch_ca": ("point", branch.data["process.ca"].values),
        "branch_stable": ("point", branch.data["stable"].values.astype(np.int8)),
    }


def _oscillations(model: Model, count: int) -> dict[str, Any]:
    """Extremes and period by influx, at the claimed values and along a grid."""
    from tripartite.analysis import oscillation
    from tripartite.solve import Tsit5, simulate

    influx = np.array([0.31, *_PERIODS, *np.linspace(0.3, 0.8, count)])
    run = simulate(
        model,
        until=4000 * s,
        save_at=np.arange(2000, 4000, 0.1) * s,
        solver=Tsit5(1e-8, 1e-10),
        vary={"influx": influx, "process.ca": influx},
    )
    found = oscillation(run.time, run["ca"], smallest=0.05)
    grid = slice(1 + len(_PERIODS), None)
    order = np.argsort(influx[grid])
    periods = {f"period_{round(100 * r)}": float(found.period[i + 1]) for i, r in enumerate(_PERIODS)}
    return {
        **{name: ((), period, {"units": "s"}) for name, period in periods.items()},
        "rest_is_quiet": float(found.amplitude[0] < 1e-3),
        "ca_low": float(found.low[1]),
        "ca_high": float(found.high[1]),
        "influx": ("influx_grid", influx[grid][order]),
        "least": ("influx_grid", found.low.values[grid][order]),
        "largest": ("influx_grid", found.high.values[grid][order]),
    }


def _astrocyte(model: Model, strength: float, store: float, correlation: float) -> Model:
    changes: dict[str, Any] = {}
    for number in range(_PROCESSES):
        changes |= {
            f"process_{number}.InfluxNoise.strength": Quantity(strength, "s**0.5"),
            f"process_{number}.InfluxNoise.correlation": correlation,
            f"process_{number}.ProcessExchange.store_exchange": store,
        }
    return model.replace(changes, "cresswell_clay2018, range of its program")


def _simulated(model: Model, until: float, seed: Any) -> tuple[np.ndarray, np.ndarray]:
    """Time, and calcium (member, time, place) with the soma last."""
    from tripartite.solve import EulerMaruyama, simulate

    run = simulate(model, until=until * s, solver=EulerMaruyama(0.5 * s), save_every=1 * s, seed=seed)
    places = [*(f"process_{number}.ca" for number in range(_PROCESSES)), "soma.ca"]
    return run.time.values, np.stack([run[place].values for place in places], axis=-1)


def _events(model: Model, condition: tuple[float, float, float], members: int) -> dict[str, Any]:
    """Events per 1000 s with standard errors over runs."""
    from tripartite.analysis import Scope, calcium_events, scopes

    time, ca = _simulated(_astrocyte(model, *condition), _RUN, range(1, members + 1))
    counts = []
    for course in ca:
        events = calcium_events(time, course, 1.0, back=0.6)
        scope = scopes(events, _PROCESSES, window=_WINDOW)
        soma = events.place == _PROCESSES
        counts.append(
            [
                np.sum(~soma) / _PROCESSES,
                np.sum(soma),
                np.sum(~soma & (scope == Scope.LOCAL)) / _PROCESSES,
                np.sum(soma & (scope == Scope.GLOBAL)),
            ]
        )
    rates = np.array(counts) / _RUN * 1000
    found: dict[str, Any] = {}
    for place, name in enumerate(("process", "soma", "local", "global")):
        found[f"{name}_{_label(condition)}"] = float(rates[:, place].mean())
        found[f"{name}_{_label(condition)}_error"] = float(rates[:, place].std(ddof=1) / np.sqrt(members))
    return found


def _verdicts(found: dict[str, Any]) -> dict[str, Any]:
    def along(name: str, conditions: list[tuple[float, float, float]]) -> np.ndarray:
        return np.array([found[f"{name}_{_label(c)}"] for c in conditions])

    strengths = [(x, 0.0, 0.2) for x in _STRENGTHS]
    correlations = [(0.2, 0.0, x) for x in _CORRELATIONS]
    rising = all(np.all(np.diff(along(name, strengths)) > 0) for name in ("process", "soma"))
    process = along("process", correlations)
    alone = along("soma", [(0.1, 0.0, 0.2), (0.3, 0.0, 0.2)])
    shared = along("soma", [(0.1, 0.002, 0.2), (0.3, 0.002, 0.2)])
    return {
        "input_sets_rates": float(rising),
        "correlation_sets_global": float(np.all(np.diff(along("global", correlations)) > 0)),
        "process_change": float(np.abs(process / process[0] - 1).max()),
        "store_decides": float(alone[1] > alone[0] and not shared[1] > shared[0]),
    }


def _course(model: Model) -> dict[str, Any]:
    """An example at the default strength and correlation."""
    time, ca = _simulated(_astrocyte(model, 0.2, 0.0, 0.2), 3000.0, 4)
    return {
        "course_time": ("course_time", time, {"units": "s"}),
        "course": (("course_time", "place"), ca),
    }


def _draw_branch(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    influx, stable = data["branch_influx"], data["branch_stable"] == 1
    panel.plot(influx, data["branch_ca"].where(stable), color=COLOURS["neuron"], label="stable rest")
    panel.plot(influx, data["branch_ca"].where(~stable), "--", color=COLOURS["faint"], label="unstable rest")
    panel.plot(data["influx"], data["largest"], ".", ms=4, color=COLOURS["astrocyte"], label="extremes")
    panel.plot(data["influx"], data["least"], ".", ms=4, color=COLOURS["astrocyte"])
    for name in ("hopf_low", "hopf_high"):
        panel.plot(data[name], data[name], "o", color=COLOURS["data"], ms=5)
    panel.set(xlabel="influx r", ylabel="calcium (relative)", title="one compartment", xlim=(0.2, 0.9), ylim=(0, 2.6))
    panel.legend(loc="upper right")


def _draw_course(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for place in range(_PROCESSES + 1):
        colour = COLOURS["model"] if place == _PROCESSES else COLOURS["astrocyte"]
        panel.plot(data["course_time"], data["course"][:, place] + 2.2 * place, color=colour, lw=0.8)
    panel.text(1.01, 2.2 * _PROCESSES, "soma", transform=panel.get_yaxis_transform(), fontsize=7)
    panel.text(1.01, 2.2, "processes", transform=panel.get_yaxis_transform(), fontsize=7, rotation=90, va="bottom")
    panel.set(xlabel="time (s; unit assumed)", ylabel="calcium (relative, shifted)", title="noise 0.2, correlation 0.2")
    panel.set_yticks([])


def _draw_rates(panel: Axes, data: xr.Dataset, conditions: list[Any], place: int, words: str) -> None:
    from tripartite.figures import COLOURS

    shown = {"process": "astrocyte", "soma": "model", "global": "perturbation", "local": "second"}
    x = [condition[place] for condition in conditions]
    for name, colour in shown.items():
        y = [float(data[f"{name}_{_label(c)}"]) for c in conditions]
        error = [float(data[f"{name}_{_label(c)}_error"]) for c in conditions]
        panel.errorbar(x, y, error, marker="o", ms=4, color=COLOURS[colour], label=name, capsize=2)
    expected = [(c[place], _RATES[c]) for c in conditions if c in _RATES]
    for value, (process, _, soma, _) in expected:
        panel.plot([value] * 2, [process, soma], "o", ms=8, mfc="none", mew=0.7, color=COLOURS["data"])
    panel.set(xlabel=words, ylabel="events (per 1000 s)", ylim=(0, 7))


def _draw_relation(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for store, colour, words in ((0.0, "neuron", "separate stores"), (0.002, "transmitter", "shared store")):
        conditions = [(x, store, 0.2) for x in ((0.05,) if store == 0 else ()) + (0.1, 0.2, 0.3)]
        x = [float(data[f"process_{_label(c)}"]) for c in conditions]
        y = [float(data[f"soma_{_label(c)}"]) for c in conditions]
        panel.plot(x, y, "o-", ms=4, color=COLOURS[colour], label=words)
    panel.set(xlabel="events of a process (per 1000 s)", ylabel="events of the soma (per 1000 s)", ylim=(-0.1, 3.2))
    panel.legend(loc="upper left")
