r"""White noise on a membrane: how far it moves the potential, and how often it makes a neuron fire."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.language import Compartment, Model
from tripartite.mechanisms import LeakyIntegrateFire, MembraneNoise
from tripartite.network import Network, On, Population, Spikes, States
from tripartite.protocols import Constant
from tripartite.units import Quantity, ms, mV, pA, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CURRENTS = (0, 40, 80, 120, 160)
"""Injected currents (pA); without noise the neuron fires above 99.9 pA."""
STRENGTHS = (200, 400)
"""Strengths of the noise (pA √ms)."""
STEPS = (0.05, 0.1, 0.2, 0.4)
"""Steps of the sweep (ms), at `_SWEPT` current and strength."""

_SWEPT = (80, 400)
_OVERSHOOT = 0.5826
"""-ζ(1/2) / √(2π): how far a walk in steps overshoots a barrier on average, in standard deviations of a step."""
_CLOSED = "firing rate of the leaky integrate-and-fire neuron in white noise, siegert1951"
_STEPPED = "siegert1951 with the threshold moved by the overshoot of a walk in steps, broadie1997"
_FREE = "stationary distribution of the Ornstein-Uhlenbeck process"
_RARE = {(0, 200): 0.28, (40, 200): 0.08, (0, 400): 0.06, (40, 400): 0.04, (80, 200): 0.03}
"""Tolerances where spikes are few: four standard errors of a Poisson count in quick mode."""
_WARM = 0.5  # s


def siegert(model: Model, current: float, strength: float, step: float = 0.0) -> float:
    """Rate (Hz) at a current (pA) and a strength (pA √ms), seen in steps (ms); of the values that the model has."""
    from scipy.integrate import quad
    from scipy.special import erfcx

    g, c, rest, threshold, reset, pause = (
        float(model[name].to(unit).magnitude)
        for name, unit in (("g_l", "nS"), ("capacitance", "pF"), ("e_l", "mV"), ("v_threshold", "mV"),
                           ("v_reset", "mV"), ("refractory", "ms"))
    )  # fmt: skip
    tau, spread, mean = c / g, strength / np.sqrt(g * c), rest + current / g
    seen = threshold + _OVERSHOOT * strength / c * np.sqrt(step)
    area = quad(lambda y: erfcx(-y), (reset - mean) / spread, (seen - mean) / spread)[0]
    return 1000 / (pause + tau * np.sqrt(np.pi) * area)


def _named(current: float, strength: float) -> str:
    return f"rate_{current}_{strength}"


def _closed(statement: str, source: str, number: str, expected: float, tolerance: float, unit: str = "1") -> Check:
    return Check(statement, source, number, expected, tolerance, unit, basis=Basis.CLOSED_FORM)


class NoisyFiring(Experiment):
    """White noise makes a neuron fire below threshold, as often as the closed form of Siegert says.

    **Model** A leaky integrate-and-fire neuron (`LeakyIntegrateFire`, values of stimberg2019) with white noise of its
    current (`MembraneNoise`). *free*: the same with a threshold out of reach.

    **Protocol** Populations of 100 neurons (30 in quick mode), for 20 s, at injected currents from 0 to 160 pA and two
    strengths of noise, in steps of 0.1 ms; at 80 pA and the stronger noise also in steps from 0.05 (0.1) to 0.4 ms.
    The free membrane runs at 40 pA.

    **Measure** Mean rate after the first 0.5 s. Mean and variance of the free potential, and its autocorrelation
    after 20 ms.

    **Claims** None is published. Checks: closed forms. The free potential is an Ornstein-Uhlenbeck process with the
    variance I² / (2 g C). The firing neuron follows the formula of siegert1951. A network looks at the threshold once a
    step, so that an excursion between two steps is missed: as if the threshold lay higher by 0.5826 standard deviations
    of one step (broadie1997, for a Brownian walk). Rates are judged against the formula with that threshold, and their
    value for steps that shrink to nothing, extrapolated along the root of the step, against the formula itself, within
    four standard errors of a Poisson count where spikes are few, and 2 or 3 % where they are many.

    **Beside the checks** At steps of 0.1 ms and this noise rates lie 2 to 15 % below those of continuous time: a
    model whose rates matter to a few percent needs shorter steps, or noise with a time constant.

    **Figure** A: potential of one free membrane. B: its distribution, line the closed form. C: rate by current for two
    strengths of noise: points simulated, lines the formula, strokes the formula with the threshold seen in steps. D:
    rate by step, diamond extrapolated. Quick runs: 30 instead of 100 neurons, 3 instead of 4 steps.
    """

    name = "siegert1951-noise"
    paper = "siegert1951"
    checks = (
        _closed("Free membrane: mean potential at 40 pA", _FREE, "free_mean", -60 + 40 / 9.99, 1e-3, "mV"),
        _closed("Free membrane: variance over I² / (2 g C)", _FREE, "free_variance", 1.0, 0.03),
        _closed("Free membrane: autocorrelation after 20 ms", _FREE, "free_correlation",
                float(np.exp(-20 * 9.99 / 198)), 0.04),
        *(_closed(f"Rate at {current} pA and {strength} pA √ms over that of the formula, threshold seen in steps",
                  _STEPPED, _named(current, strength), 1.0, _RARE.get((current, strength), 0.02))
          for strength in STRENGTHS for current in (0, 80, 160)),
        _closed("Steps shrunk to nothing: rate at 80 pA and 400 pA √ms over that of the formula", _CLOSED,
                "extrapolated", 1.0, 0.03),
    )  # fmt: skip
    must_matter = {"free.g_l": 1.2}

    def models(self) -> dict[str, Model]:
        """The neuron, and its membrane without spikes."""
        neuron = Model(neuron=Compartment(LeakyIntegrateFire(), MembraneNoise()))
        never = {"v_threshold": 1000 * mV}
        return {"neuron": neuron, "free": neuron.replace(never, "assumed: out of reach")}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Rates at every current and strength, rates by step, and the free membrane."""
        import xarray as xr

        size = 30 if quick else 100
        steps = STEPS[1:] if quick else STEPS
        found = _free(models["free"], size) | _rates(models["neuron"], size)
        return xr.Dataset(found | _steps(models["neuron"], 2 * size, steps))

    def figure(self, data: xr.Dataset) -> Figure:
        """Potential with and without threshold, its distribution, rates by current, rates by step."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, height=5.2)
        (course, spread), (rates, steps) = axes
        course.plot(data["time"], data["course"], color=COLOURS["neuron"], lw=0.8)
        course.axhline(-50, color=COLOURS["data"], lw=0.8, ls=":")
        course.text(0.99, -44.2, "dotted: threshold of the firing neuron", ha="right", va="bottom", fontsize=7,
                    transform=course.get_yaxis_transform())  # fmt: skip
        course.set(xlabel="time (s)", ylabel="potential (mV)", title="free membrane", ylim=(-68, -42))
        spread.stairs(data["density"], data["edge"], fill=True, color=COLOURS["second"], label="simulated")
        at, mean, sd = np.linspace(-72, -40, 200), float(data["free_mean"]), float(data["closed_sd"])
        normal = np.exp(-(((at - mean) / sd) ** 2) / 2) / sd / np.sqrt(2 * np.pi)
        spread.plot(at, normal, color=COLOURS["data"], label="closed form")
        spread.set(xlabel="potential (mV)", ylabel="density (1/mV)", ylim=(0, 1.3 * normal.max()))
        spread.legend()
        _draw_rates(rates, data)
        _draw_steps(steps, data)
        label_panels(axes)
        return made


def _count(model: Model, size: int, inputs: list[tuple[float, float]], step: float, seed: int) -> np.ndarray:
    """Rates (Hz) of populations at each current (pA) and strength (pA √ms)."""
    strengths = Quantity(np.repeat([strength for _, strength in inputs], size).astype(float), "pA*ms**0.5")
    cells = Population(model, size * len(inputs), values={"intensity": strengths})
    parts = [On(cells[i * size : (i + 1) * size], Constant(current=c * pA)) for i, (c, _) in enumerate(inputs)]
    protocol = parts[0]
    for part in parts[1:]:
        protocol = protocol & part
    network = Network(neurons=cells, step=step * ms)
    run = network.run(until=(20 + _WARM) * s, protocol=protocol, record=[Spikes(cells)], seed=seed)
    times, who = run.data["neurons.spike.times"].values, run.data["neurons.spike.cells"].values
    return np.bincount(who[times >= _WARM] // size, minlength=len(inputs)) / size / 20


def _rates(model: Model, size: int) -> dict[str, Any]:
    inputs = [(float(current), float(strength)) for strength in STRENGTHS for current in CURRENTS]
    rate = _count(model, size, inputs, 0.1, 1)
    seen = np.array([siegert(model, *pair, 0.1) for pair in inputs])
    found: dict[str, Any] = {
        _named(int(current), int(strength)): float(measured / formula)
        for (current, strength), measured, formula in zip(inputs, rate, seen, strict=True)
    }
    shape = (len(STRENGTHS), len(CURRENTS))
    fine = np.linspace(CURRENTS[0], CURRENTS[-1], 81)
    curves = [[siegert(model, current, strength) for current in fine] for strength in STRENGTHS]
    return found | {
        "current": ("current", list(CURRENTS), {"units": "pA"}),
        "strength": ("strength", list(STRENGTHS), {"units": "pA*ms**0.5"}),
        "rates": (("strength", "current"), rate.reshape(shape), {"units": "Hz"}),
        "fine": ("fine", fine, {"units": "pA"}),
        "formula": (("strength", "fine"), curves, {"units": "Hz"}),
        "stepped": (("strength", "current"), seen.reshape(shape), {"units": "Hz"}),
    }


def _steps(model: Model, size: int, steps: tuple[float, ...]) -> dict[str, Any]:
    """Rates by step at one current and strength, and what they tend to."""
    pair = (float(_SWEPT[0]), float(_SWEPT[1]))
    rate = np.array([_count(model, size, [pair], step, 2)[0] for step in steps])
    limit = np.polynomial.polynomial.polyfit(np.sqrt(steps), rate, 1)[0]
    fine = np.linspace(0, max(steps), 101)
    return {
        "step": ("step", list(steps), {"units": "ms"}),
        "by_step": ("step", rate, {"units": "Hz"}),
        "fine_step": ("fine_step", fine, {"units": "ms"}),
        "formula_by_step": ("fine_step", [siegert(model, *pair, step) for step in fine], {"units": "Hz"}),
        "limit": ((), limit, {"units": "Hz"}),
        "extrapolated": float(limit / siegert(model, *pair)),
    }


def _free(model: Model, size: int) -> dict[str, Any]:
    """Moments of the potential without spikes."""
    strength = float(STRENGTHS[0])
    cells = Population(model, size, values={"intensity": Quantity(strength, "pA*ms**0.5")}, step=0.1 * ms)
    network = Network(neurons=cells, step=0.1 * ms)
    protocol = On(cells, Constant(current=40 * pA))
    run = network.run(until=20 * s, protocol=protocol, record=[States(cells, "v", every=1 * ms)], seed=3)
    v = run.data["neurons.v"].values[200:]
    deviation = v - v.mean()
    closed = strength**2 / (2 * float(model["g_l"].to("nS").magnitude) * float(model["capacitance"].to("pF").magnitude))
    density, edge = np.histogram(v[::20], bins=60, density=True)
    return {
        "free_mean": ((), v.mean(), {"units": "mV"}),
        "free_variance": float(deviation.var() / closed),
        "free_correlation": float((deviation[20:] * deviation[:-20]).mean() / deviation.var()),
        "closed_sd": ((), np.sqrt(closed), {"units": "mV"}),
        "density": ("bin", density, {"units": "1/mV"}),
        "edge": ("edge", edge, {"units": "mV"}),
        "time": ("time", 1e-3 * np.arange(1000), {"units": "s"}),
        "course": ("time", v[:1000, 0], {"units": "mV"}),
    }


def _draw_rates(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for strength, colour in zip(STRENGTHS, ("neuron", "model"), strict=True):
        label = f"{strength} pA √ms"
        panel.plot(data["fine"], data["formula"].sel(strength=strength), color=COLOURS[colour], label=label)
        panel.plot(data["current"], data["rates"].sel(strength=strength), "o", ms=4, color=COLOURS[colour])
        panel.plot(data["current"], data["stepped"].sel(strength=strength), "_", ms=11, color=COLOURS["data"])
    panel.plot([], [], "_", ms=11, color=COLOURS["data"], label="threshold seen in steps")
    panel.set(xlabel="injected current (pA)", ylabel="rate (Hz)", ylim=(0, 62))
    panel.legend(loc="upper left")


def _draw_steps(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    panel.plot(data["fine_step"], data["formula_by_step"], color=COLOURS["data"], label="formula, threshold in steps")
    panel.plot(data["step"], data["by_step"], "o", ms=5, color=COLOURS["model"], label="simulated")
    panel.plot(0, data["limit"], "D", ms=5, mfc="none", color=COLOURS["model"], label="extrapolated")
    panel.set(xlabel="step (ms)", ylabel="rate (Hz)", title="80 pA, 400 pA √ms")
    panel.legend()
