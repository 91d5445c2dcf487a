"""Firing patterns of the adaptive exponential neuron."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Experiment
from tripartite.experiments.firing import course, padded, trains
from tripartite.language import Compartment, Model
from tripartite.mechanisms import AdaptiveExponential
from tripartite.parameters import naud2008
from tripartite.units import ms, pA, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

SETS = {
    "tonic": naud2008.TONIC,
    "adapting": naud2008.ADAPTING,
    "initial_burst": naud2008.INITIAL_BURST,
    "regular_bursting": naud2008.REGULAR_BURSTING,
}
COUNTS = {"tonic": 51, "adapting": 10, "initial_burst": 10, "regular_bursting": 9}
"""Spikes in half a second."""

INTERVALS = {
    "tonic": (8.930, 9.585),
    "adapting": (11.272, 75.897),
    "initial_burst": (3.419, 63.950),
    "regular_bursting": (2.918, 5.350),
}
"""First and last interval (ms) of the half second."""

STEPS = {500: 0, 650: 5, 1000: 31}
"""Spikes in a second of the neuron of brette_gerstner2005, by current (pA)."""

_EXACT = "equations and values of naud2008, by the method of Dormand and Prince of order 8, to 1e-11"
_FIT = "equations and values of brette_gerstner2005, by the method of Dormand and Prince of order 8, to 1e-11"
_RHEOBASE = "loss of stability of rest in the equations of brette_gerstner2005: trace of the Jacobian"
_PATTERN = "naud2008, names of the patterns, as in the example Naud_et_al_2008 of the simulator Brian"


class AdexPatterns(Experiment):
    r"""The adaptive exponential neuron fires tonically, adapts, or bursts once or for ever.

    **Model** `AdaptiveExponential` with four sets of naud2008, and with the fit of brette_gerstner2005.

    **Protocol** The constant current of each set for 0.5 s from rest; for the fit 500 to 1000 pA for 1 s. Where
    rest loses its stability is found from the Jacobian along the fixed points.

    **Measure** Spikes, and the intervals between them.

    **Claims** What the names of the published patterns say: tonic intervals are even, adapting ones grow, an initial
    burst is followed by single spikes, regular bursts recur. In numbers they are ours: even within 1 %, intervals of a
    burst below 10 ms. Checks: counts and first and last intervals, computed independently from the same equations.

    **Assumed** The peak of a spike, 0 mV, which moves a spike by 0.01 ms. The values of the sets were read
    from an example of the simulator Brian, not from the paper's table.

    **Figure** A to D: potential with each set in the first 300 ms. E: spikes in a second by current with the fit,
    circles the independent counts. F: interval by its number, one colour a set. Quick runs: 12 instead of 47 currents.
    """

    name = "naud2008-patterns"
    paper = "naud2008"
    claims = (
        Claim("Tonic intervals are even: the last ten within 1 %", _PATTERN, "tonic_is_even", True),
        Claim("Adapting intervals grow", _PATTERN, "adapting_grows", True),
        Claim("One burst, then single spikes", _PATTERN, "burst_comes_once", True),
        Claim("Bursts recur", _PATTERN, "bursts_recur", True),
    )
    checks = (
        *(Check(f"{n.replace('_', ' ')}: spikes in 0.5 s", _EXACT, f"{n}_count", float(c), basis=Basis.COMPUTED)
          for n, c in COUNTS.items()),
        *(Check(f"{n.replace('_', ' ')}: {which} interval", _EXACT, f"{n}_{which}", value, 1e-3, "ms",
                basis=Basis.COMPUTED)
          for n, pair in INTERVALS.items() for which, value in zip(("first", "last"), pair, strict=True)),
        *(Check(f"Fit: spikes in 1 s at {i} pA", _FIT, f"fit_{i}", float(c), basis=Basis.COMPUTED)
          for i, c in STEPS.items()),
        Check("Fit: current where rest loses its stability", _RHEOBASE, "rheobase", 627.18, 1e-4, "pA",
              basis=Basis.CLOSED_FORM),
    )  # fmt: skip
    must_matter = {"neuron.tau_w": 0.5}

    def models(self) -> dict[str, Model]:
        patterns = {name: Model(neuron=AdaptiveExponential().using(values)) for name, values in SETS.items()}
        patterns = {n: m.replace({"neuron.v": m["neuron.e_l"]}) for n, m in patterns.items()}
        return {**patterns, "fit": Model(neuron=Compartment(AdaptiveExponential()))}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        spikes = {name: trains(models[name], 0.5 * s)[0] for name in SETS}
        between = {name: np.diff(times) for name, times in spikes.items()}
        swept = np.array(sorted({*STEPS, *np.linspace(550, 1000, 10 if quick else 46)}))
        counts = [len(t) for t in trains(models["fit"], 1 * s, **{"neuron.current": swept * pA})]
        numbers = {f"fit_{i}": float(counts[int(np.searchsorted(swept, i))]) for i in STEPS}
        for name, intervals in between.items():
            numbers[f"{name}_count"] = float(len(spikes[name]))
            numbers |= {f"{name}_first": ((), intervals[0], {"units": "ms"})}
            numbers |= {f"{name}_last": ((), intervals[-1], {"units": "ms"})}
        adapting, once, often = (between[name] for name in ("adapting", "initial_burst", "regular_bursting"))
        courses = [course(models[name], 300 * ms) for name in SETS]
        return xr.Dataset(
            {
                **numbers,
                "tonic_is_even": float(bool(np.ptp(between["tonic"][-10:]) < 0.01 * between["tonic"][-1])),
                "adapting_grows": float(bool(np.all(np.diff(adapting) > 0))),
                "burst_comes_once": float(bool(np.all(once[:2] < 10) and np.all(once[2:] > 50))),
                "bursts_recur": float(bool(np.count_nonzero((often[:-1] < 10) & (often[1:] > 100)) > 1)),
                "rheobase": ((), rheobase(models["fit"]), {"units": "pA"}),
                "count": ("swept", np.array(counts, float), {"units": "1"}),
                "spikes": (("pattern", "number"), padded(list(spikes.values())), {"units": "ms"}),
                "v": (("pattern", "time"), np.array([v for _, v in courses]), {"units": "mV"}),
            },
            {
                "pattern": list(SETS),
                "swept": ("swept", swept, {"units": "pA"}),
                "time": ("time", courses[0][0], {"units": "ms"}),
            },
        )

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(3, 2, 7.0, 5.4)
        for panel, name in zip(axes.flat, SETS, strict=False):
            panel.plot(data["time"], data["v"].sel(pattern=name), color=COLOURS["neuron"], lw=0.9)
            # Points every 0.05 ms miss the upstroke; the line runs to the peak where a spike was found.
            panel.vlines(data["spikes"].sel(pattern=name), -45, 0, color=COLOURS["neuron"], lw=0.9)
            panel.set(xlabel="time (ms)", ylabel="V (mV)", xlim=(0, 300), ylim=(-75, 5))
            panel.set_title(f"{SETS[name].name}, {int(data[f'{name}_count'])} spikes in 0.5 s", fontsize=8)
        fit, intervals = axes[2]
        fit.plot(data["swept"], data["count"], color=COLOURS["neuron"])
        fit.plot(list(STEPS), list(STEPS.values()), "o", color="k", mfc="none", ms=5, label="independent")
        fit.set(xlabel="current (pA)", ylabel="spikes in 1 s")
        fit.legend()
        for name, colour in zip(SETS, ("neuron", "transmitter", "model", "perturbation"), strict=True):
            times = data["spikes"].sel(pattern=name).values
            intervals.plot(np.diff(times), ".-", ms=3, lw=0.6, color=COLOURS[colour], label=SETS[name].name)
        intervals.set(xlabel="number of the interval", ylabel="interval (ms)", xlim=(-0.5, 20), ylim=(0, 150))
        intervals.legend(fontsize=7, loc="upper right")
        label_panels(axes)
        return made


def rheobase(model: Model) -> float:
    """Current (pA) at which rest loses its stability, from the symbolic rates of ``v`` and ``w``."""
    import sympy
    from scipy.optimize import brentq

    from tripartite.interpret import symbols

    known, rates = symbols.symbols(model), symbols.rates(model)
    v, w, current = (known[key] for key in ("neuron.v", "neuron.w", "neuron.current"))
    values = [(known[e.key], e.value) for e in (*model.system.states, *model.system.parameters)]
    fixed = [(symbol, value) for symbol, value in values if symbol not in (v, w)]
    into_v, into_w = (rates[key].subs(fixed) for key in ("neuron.v", "neuron.w"))
    rest = sympy.solve(into_w, w)[0]
    trace = sympy.lambdify(v, (into_v.diff(v) + into_w.diff(w)).subs(w, rest))
    needed = sympy.lambdify(v, sympy.solve(into_v.subs(w, rest), current)[0])
    threshold = float(model["v_threshold"].magnitude)
    # The trace rises through zero just above V_T.
    return float(needed(brentq(trace, threshold - 5, threshold + 5, xtol=1e-12)))
