"""How alike the calcium of an astrocyte's processes is, by what couples them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Experiment
from tripartite.language import Model
from tripartite.units import Quantity, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_PROCESSES, _RUN = 6, 20_000.0
_EXCHANGE = (0.4, 0.3, 0.2, 0.1, 0.025)
_COMMON = (0.6, 0.45, 0.3, 0.15, 0.0)
_MATURATION = np.linspace(0, 1, len(_EXCHANGE))
_ROUTES = {
    "both": (_EXCHANGE, _COMMON),
    "exchange": (_EXCHANGE, (0.0,) * len(_EXCHANGE)),
    "input": ((0.025,) * len(_EXCHANGE), _COMMON),
}
"""Exchange with the soma and correlation of the input, from immature to mature."""
_WATANABE = "model of what is reported for P8 to P22 (Watanabe et al. 2023); no numbers of it were read"
_LAYERS = "takata_hirase2008, abstract"
_CHOSEN = "exchange and common input were chosen for the two layers of takata_hirase2008"


def _shown(statement: str, source: str, number: str, expected: tuple[float, float] | bool) -> Check:
    return Check(statement, source, number, expected, basis=Basis.DEMONSTRATION)


class MicrodomainCorrelation(Experiment):
    """Calcium of an astrocyte's processes decorrelates as they are coupled less and driven more locally.

    **Model** Six processes around a soma in relative units, with noise of strength 0.2 s½ (`RelativeAstrocyte`; see
    cresswell-clay2018-events for its values and for what its time means). One model for each step of each route.

    **Protocol** Maturation as a number from 0 to 1: the exchange of each process with the soma falls from 0.4 to 0.025,
    and the part of the input common to all processes from 0.6 to none; also each of the two alone. Four runs of 20,000
    s each in quick mode, else twelve. How the two change with age is assumed.

    **Measure** Pearson correlation of calcium, mean over all pairs of processes and runs, with its standard error over
    runs. The number of processes is the same throughout. As correlation may follow the rate of events, the rate is
    measured, too; and processes shifted in time against each other, which keeps rates and shapes of events and takes
    away what they share, must not correlate.

    **Claims** Astrocytes of layer 1, whose processes are independent, have nearly twice the calcium activity of those
    of layer 2/3, whose processes are synchronous (takata_hirase2008, abstract; 1.6 to 2.2 allowed): the rate of events
    at the mature end over that at the immature one.

    **What fails** That claim: coupling makes processes synchronous and leaves the rate of their events as it is. The
    layers differ in more than coupling.

    **Checks** That both ends are reached, above 0.5 and below 0.05, is what the values were chosen for. A fall of the
    correlation between postnatal days 8 and 22 is reported; no numbers of it were read, so that the sign is shown as a
    property of the model.

    **Figure** A, B: calcium of the six processes at the immature and the mature end. C: mean correlation along the
    three routes, with standard errors. D: events of a process along them. Quick runs: 4 instead of 12 runs of each
    model.
    """

    name = "takata2008-decorrelation"
    paper = "takata_hirase2008"
    claims = (Claim("Independent processes are nearly twice as active", _LAYERS, "activity", (1.6, 2.2)),)
    checks = (
        _shown("Correlation falls at every step of maturation", _WATANABE, "falls_both", True),
        _shown("It falls when only the exchange falls", _WATANABE, "falls_exchange", True),
        _shown("It falls when only the common input falls", _WATANABE, "falls_input", True),
        _shown("Strongly coupled processes are synchronous", _CHOSEN, "immature", (0.5, 1.0)),
        _shown("Weakly coupled processes are independent", _CHOSEN, "mature", (-0.05, 0.05)),
        Check(
            "Shifted in time, processes do not correlate",
            "what is independent does not correlate",
            "shifted",
            (0.0, 0.05),
            basis=Basis.LAW,
        ),
        _shown("Event rates differ by less than a quarter", "control for rates of events", "rate_change", (0.0, 0.25)),
    )
    must_matter = {"around.memory": 40.0}

    def models(self) -> dict[str, Model]:
        """The astrocyte at every step of every route."""
        from tripartite.models import RelativeAstrocyte

        whole = RelativeAstrocyte(processes=_PROCESSES)
        return {
            f"{route}_{step}": _matured(whole, exchange, common)
            for route, values in _ROUTES.items()
            for step, (exchange, common) in enumerate(zip(*values, strict=True))
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Correlation and event rates along the three routes, and a stretch of both ends."""
        import xarray as xr

        found: dict[str, Any] = {}
        shifted, rates, last = [], [], len(_MATURATION) - 1
        for route in _ROUTES:
            rows = []
            for step in range(len(_MATURATION)):
                time, ca = _simulated(models[f"{route}_{step}"], 4 if quick else 12)
                rows.append(_correlations(ca))
                shifted.append(_correlations(_shifted(ca))[0])
                rates.append(_rate(time, ca))
                if route == "both" and step in (0, last):
                    found["immature_course" if step == 0 else "mature_course"] = (("time", "process"), ca[0, :1000])
                    found["time"] = ("time", time[:1000], {"units": "s"})
            found[f"correlation_{route}"] = ("maturation", np.array([row[0] for row in rows]))
            found[f"error_{route}"] = ("maturation", np.array([row[1] for row in rows]))
            found[f"falls_{route}"] = float(np.all(np.diff([row[0] for row in rows]) < 0))
        both = found["correlation_both"][1]
        found |= {"immature": float(both[0]), "mature": float(both[-1]), "shifted": float(np.abs(shifted).max())}
        found["rates"] = (("route", "maturation"), np.reshape(rates, (len(_ROUTES), -1)))
        found["rate_change"] = float(max(rates) / min(rates) - 1)
        found["activity"] = rates[last] / rates[0]
        return xr.Dataset(found, {"maturation": _MATURATION})

    def figure(self, data: xr.Dataset) -> Figure:
        """Courses of both ends, correlations and rates."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.2)
        _draw_course(axes[0, 0], data, "immature")
        _draw_course(axes[0, 1], data, "mature")
        colours = dict(zip(_ROUTES, ("astrocyte", "neuron", "perturbation"), strict=True))
        words = {"both": "both", "exchange": "exchange alone", "input": "common input alone"}
        for number, (route, colour) in enumerate(colours.items()):
            y, error = data[f"correlation_{route}"], data[f"error_{route}"]
            axes[1, 0].errorbar(
                data["maturation"], y, error, marker="o", ms=4, capsize=2, color=COLOURS[colour], label=words[route]
            )
            axes[1, 1].plot(data["maturation"], data["rates"][number], "o-", ms=4, color=COLOURS[colour])
        axes[1, 0].set(xlabel="maturation", ylabel="mean correlation of processes", ylim=(-0.05, 1))
        axes[1, 0].legend(loc="upper right")
        axes[1, 1].set(xlabel="maturation", ylabel="events of a process (per 1000 s)", ylim=(0, 6))
        label_panels(axes)
        return made


def _matured(model: Model, exchange: float, common: float) -> Model:
    changes: dict[str, Any] = {}
    for number in range(_PROCESSES):
        changes |= {
            f"process_{number}.InfluxNoise.strength": Quantity(0.2, "s**0.5"),
            f"process_{number}.InfluxNoise.correlation": common,
            f"process_{number}.ProcessExchange.exchange": exchange,
        }
    return model.replace(changes, "assumed: course of maturation")


def _simulated(model: Model, members: int) -> tuple[np.ndarray, np.ndarray]:
    """Time and calcium of the processes (member, time, process)."""
    from tripartite.solve import EulerMaruyama, simulate

    seeds = range(1, members + 1)
    run = simulate(model, until=_RUN * s, solver=EulerMaruyama(0.5 * s), save_every=2 * s, seed=seeds)
    ca = np.stack([run[f"process_{number}.ca"].values for number in range(_PROCESSES)], axis=-1)
    return run.time.values, ca


def _correlations(ca: np.ndarray) -> tuple[float, float]:
    """Mean over pairs and runs, and its standard error over runs."""
    from tripartite.analysis import mean_correlation

    found = np.array([float(mean_correlation(course)) for course in ca])
    return float(found.mean()), float(found.std(ddof=1) / np.sqrt(len(found)))


def _shifted(ca: np.ndarray) -> np.ndarray:
    """The same courses, each process moved in time by another part of the run."""
    apart = ca.shape[1] // (_PROCESSES + 1)
    return np.stack([np.roll(ca[:, :, k], k * apart, axis=1) for k in range(_PROCESSES)], axis=-1)


def _rate(time: np.ndarray, ca: np.ndarray) -> float:
    """Events of a process per 1000 s."""
    from tripartite.analysis import calcium_events

    counts = [len(calcium_events(time, course, 1.0, back=0.6).start) for course in ca]
    return float(np.mean(counts)) / _PROCESSES / _RUN * 1000


def _draw_course(panel: Axes, data: xr.Dataset, name: str) -> None:
    from tripartite.figures import COLOURS

    for number in range(_PROCESSES):
        panel.plot(data["time"], data[f"{name}_course"][:, number] + 2.2 * number, color=COLOURS["astrocyte"], lw=0.8)
    panel.set(xlabel="time (s; unit assumed)", ylabel="calcium (relative, shifted)", title=name)
    panel.set_yticks([])
