r"""Two noises of IP3 receptors: one leaves a resting cell at rest, the other makes puffs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Experiment, closed_form, computed
from tripartite.language import Compartment, Model
from tripartite.mechanisms import LiRinzel, MultiplicativeNoise, ReceptorNoise
from tripartite.network import Network, Population, States
from tripartite.protocols import Constant
from tripartite.units import ms, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

IP3, RECEPTORS, LEVEL = 0.2, 20, 0.2
"""IP3 at rest (µM), receptors of a cluster, calcium (µM) that a puff exceeds."""
FACTORS = (1.5, 2, 3, 4)
"""Excursions, as multiples of the deviation at the start."""
MOMENTS = (10, 20, 40)  # s

_NOISE = "stimberg2019, example 2, equation of the noise: closed form at fixed calcium"
_REST = "stimberg2019, example 2, equation of the noise: it vanishes where h is at equilibrium"
_PUFFS = "shuai_jung2002: computed independently from its equations with the values of depitta2009, 64 runs of 400 s"
_OVERSHOOT, _STEP, _HELD = 0.5826, 10.0, 0.2  # (broadie1997), ms, µM of calcium
_SHOWN = 6


class NoiseAtRest(Experiment):
    r"""Multiplicative noise leaves a resting cell at rest; noise of receptors makes it puff.

    **Model** The calcium of a cell at a fixed concentration of IP3 (`LiRinzel`, AM values of depitta2009) with the
    noise of stimberg2019, (h_inf - h) / tau (1 + xi sqrt(tau)) (*multiplicative*, `MultiplicativeNoise`), or that of
    20 receptors (*receptors*, `ReceptorNoise`; shuai_jung2002). *held*: the first with its calcium fluxes shut.

    **Protocol** 0.2 µM IP3, below the oscillation: 64 cells of each kind (16 in quick mode) for 400 s, in steps of
    1 ms. *held*: 2,000 cells from h = 0 at 0.2 µM calcium for 40 s, in steps of 10 ms.

    **Measure** Rises of calcium through 0.2 µM after the first 50 s, and the spread of calcium at the end. For held
    calcium, mean and spread of ln|x| with x = (h - h_inf) / (its start), and the share of cells in which |x| ever
    exceeds a factor.

    **Claims** None: all are checks. The first noise vanishes at equilibrium, so the cell comes to rest as without
    noise; the second makes puffs at the rate that independent runs gave. At held calcium the first makes x a geometric
    Brownian motion: ln|x| has mean -t / tau and variance t / tau, and the chance that |x| ever exceeds a is a⁻², with a
    raised by the overshoot of a walk in steps (broadie1997).

    **Figure** A: calcium of one cell with either noise. B: h of six cells at held calcium; the grey band is what is
    possible, the dotted line equilibrium. C: mean and spread of ln|x|; lines are the closed form. D: share of cells
    with an excursion beyond a. Quick runs: 16 instead of 64 cells of each kind at rest.

    **Beside the checks** That chance is the trouble of this noise: excursions have heavy tails, so that ``h`` leaves
    [0, 1] as soon as calcium moves. In this cell at 0.5 µM IP3, where it oscillates, ``h`` is outside for 4 % of
    the time and reaches values of several units to both sides; some runs of a minute lose their calcium below zero and
    diverge. The published example is short enough not to show it.
    """

    name = "stimberg2019-noise"
    paper = "stimberg2019"
    checks = (
        closed_form("Multiplicative noise: rises of calcium at rest", _REST, "rises_multiplicative", (0, 0)),
        closed_form(
            "Multiplicative noise: calcium of all cells ends alike (standard deviation)",
            _REST,
            "spread_multiplicative",
            (0, 1e-6),
            0.0,
            "µM",
        ),
        computed("Noise of 20 receptors: rises in 350 s, 3.969 ± 0.222", _PUFFS, "rises_receptors", (1.971, 5.967)),
        *(
            closed_form(
                f"Held calcium: mean of ln|x| after {t} s, in units of -t / tau", _NOISE, f"drift_{t}", 1.0, 0.1
            )
            for t in MOMENTS
        ),
        *(
            closed_form(
                f"Held calcium: variance of ln|x| after {t} s, in units of t / tau", _NOISE, f"variance_{t}", 1.0, 0.13
            )
            for t in MOMENTS
        ),
        *(
            closed_form(
                f"Held calcium: share of cells with excursions beyond {a:g} times the start, over a⁻²",
                _NOISE,
                f"beyond_{a:g}",
                1.0,
                0.35 if a > 2 else 0.16,
            )
            for a in FACTORS
        ),
    )
    must_matter = {"held.LiRinzel.inactivation": 2.0}

    def models(self) -> dict[str, Model]:
        """The cell with either noise, and with the first at held calcium."""
        rest = LiRinzel(ca=0.0725 * uM, h=0.79)
        shut = {"release": 0 / s, "leak": 0 / s, "uptake": 0 * uM / s}
        held = Model(cell=Compartment(LiRinzel(ca=_HELD * uM, h=0.0), MultiplicativeNoise()))
        return {
            "multiplicative": Model(cell=Compartment(rest, MultiplicativeNoise())),
            "receptors": Model(cell=Compartment(rest, ReceptorNoise(channels=RECEPTORS))),
            "held": held.replace(shut, "assumed: no fluxes"),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Courses at rest with both noises, and excursions at held calcium."""
        import xarray as xr

        found: dict[str, Any] = {}
        for seed, kind in enumerate(("multiplicative", "receptors")):
            found |= _resting(models[kind], kind, 16 if quick else 64, seed)
        return xr.Dataset(found | _held(models["held"]))

    def figure(self, data: xr.Dataset) -> Figure:
        """Calcium at rest with both noises, paths at held calcium, their mean and spread, and their excursions."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, height=5.4)
        (rest, paths), (moments, beyond) = axes
        for kind, colour, words in (
            ("receptors", "second", f"{RECEPTORS} receptors"), ("multiplicative", "model", "multiplicative"),
        ):  # fmt: skip
            rest.plot(data["time"], data[f"course_{kind}"], color=COLOURS[colour], lw=0.9, label=words)
        rest.set(xlabel="time (s)", ylabel="calcium (µM)", ylim=(0, 1.1), title=f"{IP3:g} µM IP3")
        rest.legend(loc="upper left", ncols=2)
        paths.axhspan(0, 1, color=COLOURS["faint"], alpha=0.2, lw=0)
        paths.plot(data["clock"], data["paths"].T, lw=0.8, color=COLOURS["model"])
        paths.axhline(float(data["level"]), color=COLOURS["data"], lw=0.8, ls=":")
        paths.set(xlabel="time (s)", ylabel="h", title="held calcium; grey: possible")
        clock = data["clock"]
        scale = clock / float(data["tau"])
        moments.plot(clock, -scale, color=COLOURS["data"], lw=0.9, label="closed form")
        for sign in (-1, 1):
            moments.plot(clock, -scale + sign * np.sqrt(scale), color=COLOURS["data"], lw=0.9, ls="--")
        moments.plot(clock, data["mean"], ".", ms=4, color=COLOURS["model"], label="simulated: mean")
        moments.plot(clock, data["mean"] + data["deviation"], ".", ms=3, color=COLOURS["second"], label="± 1 s.d.")
        moments.plot(clock, data["mean"] - data["deviation"], ".", ms=3, color=COLOURS["second"])
        moments.set(xlabel="time (s)", ylabel="ln |x|")
        moments.legend()
        wide = np.linspace(1, 5, 100)
        beyond.plot(wide, 100 * wide**-2.0, color=COLOURS["data"], label="closed form: $a^{-2}$")
        beyond.plot(data["factor"], 100 * data["share"], "o", ms=5, color=COLOURS["model"], label="simulated")
        beyond.set(xlabel="excursion a, in starts", ylabel="cells that exceed it (%)", ylim=(0, 100))
        beyond.legend()
        label_panels(axes)
        return made


def _resting(model: Model, kind: str, count: int, seed: int) -> dict[str, Any]:
    cells = Population(model, count)
    network = Network(cells=cells, step=1 * ms)
    record = [States(cells, "ca", every=20 * ms)]
    run = network.run(until=400 * s, protocol=Constant(ip3=IP3 * uM), record=record, seed=seed)
    time, ca = run.data["time"].values, run.data["cells.ca"].values
    late = ca[time >= 50]
    shown = time <= 200
    return {
        f"rises_{kind}": float(((late[:-1] <= LEVEL) & (late[1:] > LEVEL)).sum(axis=0).mean()),
        f"spread_{kind}": ((), float(ca[-1].std()), {"units": "uM"}),
        f"course_{kind}": ("time", ca[shown, 0], {"units": "uM"}),
        "time": ("time", time[shown], {"units": "s"}),
    }


def _held(model: Model) -> dict[str, Any]:
    """The deviation from equilibrium at held calcium, as a multiple of its start."""
    a2, d1, d2, d3 = (
        float(model[f"MultiplicativeNoise.{name}"].to(unit).magnitude)
        for name, unit in (("inactivation", "1/uM/s"), ("d1", "uM"), ("d2", "uM"), ("d3", "uM"))
    )
    q2 = d2 * (IP3 + d1) / (IP3 + d3)
    tau, level = 1 / (a2 * (q2 + _HELD)), q2 / (q2 + _HELD)
    cells = Population(model, 2000)
    network = Network(cells=cells, step=_STEP * ms)
    record = [States(cells, "h", every=_STEP * ms)]
    run = network.run(until=40 * s, protocol=Constant(ip3=IP3 * uM), record=record, seed=3)
    clock, h = run.data["time"].values, run.data["cells.h"].values.T
    x = np.abs(h - level) / level
    thin = slice(None, None, 50)
    logs = np.log(x[:, thin])
    share = np.array([(x.max(axis=1) > factor).mean() for factor in FACTORS])
    seen = np.array(FACTORS) * np.exp(_OVERSHOOT * np.sqrt(_STEP / 1000 / tau))
    at = {t: np.searchsorted(clock[thin], t - 1e-9) for t in MOMENTS}
    return {
        "tau": ((), tau, {"units": "s"}),
        "level": float(level),
        "clock": ("clock", clock[thin], {"units": "s"}),
        "paths": (("path", "clock"), h[:_SHOWN, thin]),
        "mean": ("clock", logs.mean(axis=0)),
        "deviation": ("clock", logs.std(axis=0)),
        "factor": ("factor", list(FACTORS)),
        "share": ("factor", share),
        **{f"drift_{t}": float(-logs[:, place].mean() * tau / t) for t, place in at.items()},
        **{f"variance_{t}": float(logs[:, place].var() * tau / t) for t, place in at.items()},
        **{f"beyond_{a:g}": float(value) for a, value in zip(FACTORS, share * seen**2, strict=True)},
    }
