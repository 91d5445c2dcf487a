"""The slow inward current of a neuron beside an astrocyte, in the forms that models give it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Expected, Experiment
from tripartite.language import Compartment, Model
from tripartite.mechanisms import SlowInward, SlowInwardCourse, SlowInwardDensity
from tripartite.models import NestAstrocyte
from tripartite.protocols import Constant, SpikeTrain
from tripartite.solve import Tsit5, simulate
from tripartite.units import ms, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

LOGARITHM = {0.2: 1.1969, 0.3: 4.6377, 1.0: 6.6887}
"""Calcium (µM) and the current (pA) at a scale of 1 pA."""

LEVELS = np.unique(np.concatenate([np.linspace(0.1, 1, 181), list(LOGARITHM), [0.19]]))
"""Calcium (µM) at which the current is read."""

_FORM = "form of nadkarni_jung2003 with constants of jiang2025"
_ASTROCYTE = "equations of the astrocyte of jiang2025, with SciPy and with NEST"
_COURSE = "difference of exponentials with the peak and time constants of depitta_brunel2016"
_FINE = Tsit5(rtol=1e-9, atol=1e-12)


def _computed(statement: str, source: str, number: str, expected: Expected, tolerance: float, unit: str) -> Check:
    return Check(statement, source, number, expected, tolerance, unit, basis=Basis.COMPUTED)


class SlowInwardCurrents(Experiment):
    """The slow inward current of a neuron beside an astrocyte, in the forms that models give it.

    **Model** *form*: current by the logarithm of calcium above threshold (`SlowInward`). *density*: the same as a
    current density (`SlowInwardDensity`), drawn only. *astrocyte*: the astrocyte of jiang2025, which drives the current
    (`NestAstrocyte`). *course*: a difference of exponentials after each release of gliotransmitter
    (`SlowInwardCourse`; depitta_brunel2016).

    **Protocol** Calcium held. The astrocyte starts with 0.4 µM of IP3 and is left alone for 8 s, sampled every
    millisecond. One release of all gliotransmitter, then two of 0.6 and 0.4 of it, 400 ms apart.

    **Measure** Current; its first and last millisecond above zero, peak, and sum over milliseconds. Peak
    depolarisation of the course and its time.

    **Claims** None is published. Checks: the logarithm and the transient of the astrocyte were computed independently
    from the same equations, the transient with NEST, too. The course must reach the peak that it is given, at a time
    that follows from its time constants.

    **Not claimed** The factor of 2.11 µA/cm² that turns the logarithm into a current density (`SlowInwardDensity`)
    is not confirmed in the paper, and how the course grows with what is released is assumed.

    **Figure** A: current and current density (dashed) by calcium, points computed independently. B: current and calcium
    of an astrocyte left alone. C: depolarisation after one release and after two that add up to it.
    """

    name = "jiang2025-slow-inward-current"
    paper = "nadkarni_jung2003"
    checks = (
        *(_computed(f"Current at {c:g} µM calcium", _FORM, f"current_{c:g}", (value - 5e-5, value + 5e-5), 0.0, "pA")
          for c, value in LOGARITHM.items()),
        _computed("No current at 0.19 µM calcium", _FORM, "current_below", (0, 0), 0.0, "pA"),
        _computed("First millisecond with current", _ASTROCYTE, "begins", (702, 704), 0.0, "ms"),
        _computed("Last millisecond with current", _ASTROCYTE, "ends", (4814, 4816), 0.0, "ms"),
        _computed("Peak of the current", _ASTROCYTE, "peak", 5.809, 1e-4, "pA"),
        _computed("Sum over milliseconds", _ASTROCYTE, "area", 20938, 1e-4, "pA"),
        Check("Peak depolarisation after a release of everything", _COURSE, "course_peak", 4.5, 1e-4, "mV",
              basis=Basis.CLOSED_FORM),
        Check("It comes ln(600 / 30) / (1 / 30 - 1 / 600) ms after the release", _COURSE, "course_time",
              94.60, 3e-3, "ms", basis=Basis.CLOSED_FORM),
    )  # fmt: skip
    must_matter = {"astrocyte.sic_threshold": 1.1, "course.sic_rise": 2}

    def models(self) -> dict[str, Model]:
        return {
            "form": Model(astrocyte=Compartment(SlowInward())),
            "density": Model(astrocyte=Compartment(SlowInwardDensity())),
            "astrocyte": NestAstrocyte().replace({"ip3": 0.4 * uM}, "assumed: enough for one calcium transient"),
            "course": Model(neuron=Compartment(SlowInwardCourse())),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        density = ("calcium", _by_calcium(models["density"], "sic_density"), {"units": "uA/cm**2"})
        found = _form(models["form"]) | _transient(models["astrocyte"]) | _course(models["course"])
        return xr.Dataset(found | {"density": density})

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(1, 3, 9.2, 2.7)
        form, astrocyte, course = axes.ravel()
        form.plot(data["calcium"], data["current"], color=COLOURS["neuron"])
        form.plot(list(LOGARITHM), list(LOGARITHM.values()), "o", ms=4, color=COLOURS["data"])
        form.set(xlabel="calcium (µM)", ylabel="slow inward current (pA)", ylim=(0, 8))
        density = form.twinx()
        density.plot(data["calcium"], data["density"], "--", color=COLOURS["second"])
        density.set_ylabel("density (µA/cm²)", color=COLOURS["second"])
        density.set_ylim(0, 24)
        astrocyte.plot(data["time"] / 1000, data["transient"], color=COLOURS["neuron"])
        astrocyte.set(xlabel="time (s)", ylabel="slow inward current (pA)", ylim=(0, 7.5))
        calcium = astrocyte.twinx()
        calcium.plot(data["time"] / 1000, data["ca"], color=COLOURS["astrocyte"])
        calcium.set_ylabel("calcium (µM)", color=COLOURS["astrocyte"])
        calcium.set_ylim(0, 0.75)
        for name, label, colour in (("one", "one release", "neuron"), ("two", "0.6, then 0.4 of it", "second")):
            course.plot(data["moment"], data[f"course_{name}"], color=COLOURS[colour], label=label)
        course.axhline(4.5, color=COLOURS["faint"], lw=0.8)
        course.set(xlabel="time after the release (ms)", ylabel="depolarisation (mV)", ylim=(0, 6.2))
        course.legend()
        label_panels(axes)
        return made


def _by_calcium(model: Model, output: str) -> np.ndarray:
    run = simulate(model, Constant(ca=1 * uM), until=1 * ms, save_at=[0] * ms, vary={"astrocyte.ca": LEVELS * uM})
    return run[output].values[:, 0]


def _form(model: Model) -> dict[str, Any]:
    current = _by_calcium(model, "sic")
    found: dict[str, Any] = {
        "calcium": ("calcium", LEVELS, {"units": "uM"}),
        "current": ("calcium", current, {"units": "pA"}),
        "current_below": ((), current[np.argmin(np.abs(LEVELS - 0.19))], {"units": "pA"}),
    }
    return found | {f"current_{c:g}": ((), current[np.argmin(np.abs(LEVELS - c))], {"units": "pA"}) for c in LOGARITHM}


def _transient(model: Model) -> dict[str, Any]:
    time = np.arange(0.0, 8001.0)
    run = simulate(model, until=8000 * ms, save_at=time * ms, solver=_FINE)
    current = run["sic"].values
    flowing = np.flatnonzero(current > 0)
    return {
        "time": ("time", time, {"units": "ms"}),
        "transient": ("time", current, {"units": "pA"}),
        "ca": ("time", run["ca"].values, {"units": "uM"}),
        "begins": ((), time[flowing[0]], {"units": "ms"}),
        "ends": ((), time[flowing[-1]], {"units": "ms"}),
        "peak": ((), current.max(), {"units": "pA"}),
        "area": ((), current.sum(), {"units": "pA"}),
    }


def _course(model: Model) -> dict[str, Any]:
    moment = np.arange(0, 3000.5, 0.5)
    conductance = float(model["rest_conductance"].to("nS").magnitude)
    found: dict[str, Any] = {"moment": ("moment", moment, {"units": "ms"})}
    for name, releases in (("one", {0: 1.0}), ("two", {0: 0.6, 400: 0.4})):
        course = np.zeros_like(moment)
        for start, amount in releases.items():
            # Each release is run alone: they add, and a protocol sends amounts of one.
            alone = model.replace({"sic_peak": amount * model["sic_peak"]})
            train = SpikeTrain([start] * ms, event="gliorelease")
            run = simulate(alone, train, until=3000 * ms, save_at=moment * ms, solver=_FINE)
            course += run["sic"].values / conductance
        found[f"course_{name}"] = ("moment", course, {"units": "mV"})
    one = found["course_one"][1]
    return found | {
        "course_peak": ((), one.max(), {"units": "mV"}),
        "course_time": ((), moment[one.argmax()], {"units": "ms"}),
    }
