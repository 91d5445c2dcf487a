"""Noradrenaline reaches astrocytes through α1 receptors: affinity, time course, block and desensitisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import parameters
from tripartite.experiments.base import Basis, Check, Claim, Experiment, closed_form, computed
from tripartite.language import Compartment, Model
from tripartite.mechanisms import (
    DesensitisingNoradrenalineReceptor,
    Ip3Metabolism,
    LiRinzel,
    Noradrenaline,
    NoradrenalineReceptor,
)
from tripartite.protocols import Constant, Ip3r2Knockout, Prazosin, Releases
from tripartite.solve import Tsit5, simulate
from tripartite.units import nM, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_CODE = "wang_astroglia, file Astrocyte.h: computed independently from its equation"
_PULSE = "wang_astroglia, file StimuliGenerator.cpp: computed independently from its equation"
_SCHILD = "competition at equilibrium (Gaddum and Schild)"
_STARTLE = "srinivasan2015, legend of figure 8"
_FINE = Tsit5(rtol=1e-9, atol=1e-12)
_RESTING = 0.069  # µM of calcium
_TWICE = (20.0, 80.0)  # s


class NoradrenalineTransient(Experiment):
    """Noradrenaline reaches astrocytes through α1 receptors: affinity, time course, block and desensitisation.

    **Model** *receptor*: α1 receptors (`NoradrenalineReceptor`) beside IP3. *cell*: G-ChI of depitta2009 (AM) in
    which they stand in for the glutamate receptors, with noradrenaline that rises and falls (`Noradrenaline`).
    *desensitising*: the same with receptors that tire (`DesensitisingNoradrenalineReceptor`).

    **Protocol** *receptor*: noradrenaline from 0.1 µM to 1 mM at 0.069 µM calcium, without and with 9 nM prazosin of
    1 nM affinity. *cell*: a release of 79 µM at 20 s, without and with 1 µM prazosin. *desensitising*: two releases,
    60 s apart. The first protocol of *cell* once more without IP3 receptors of type 2 (`Ip3r2Knockout`).

    **Measure** Effective occupancy; half-effective concentration; course of noradrenaline; calcium; and the rise of
    IP3 production's share, that is of receptors times occupancy, at the second release against the first.

    **Claims** From the legend of figure 8 of srinivasan2015, on mice that are startled, which releases noradrenaline:
    calcium of processes peaks after about 3 s; prazosin removes all response of the soma; without IP3 receptors of type
    2 a slow component remains. Less than half of the response counts as removed, a twentieth as remaining (assumed).

    **Checks** Affinity 10.74 µM and occupancy 0.802 at 79 µM; a peak of 79 µM 2.27 s after release (independent, from
    the equations of the program). A competitive antagonist moves the curve by 1 + dose / affinity. Receptors that tire
    answer a second release less.

    **What fails** All calcium of this cell comes from IP3 receptors, so that none remains without them: the slow
    component needs another source.

    **Figure** A: effective occupancy by noradrenaline, without and with prazosin; the circle is independent. B: course
    of noradrenaline after a release. C: calcium with and without prazosin. D: sensitive receptors, and those that are
    also occupied, after two releases. Quick runs thin out nothing.

    **Assumed** The rates of desensitisation. The cell is that of depitta2009, whose IP3 lasts longer than that of the
    program, which has pumps and exchangers that are left out here; its calcium is not compared.
    """

    name = "wang-noradrenaline"
    paper = "wang_astroglia"
    claims = (
        Claim("Calcium peaks about 3 s after the release", _STARTLE, "ca_peak_time", (2.0, 4.5), unit="s"),
        Claim("Prazosin removes the response (what is left of it)", _STARTLE, "left_by_prazosin", (0, 0.5)),
        Claim("Without IP3R2 some of it remains", _STARTLE, "left_without_ip3r2", (0.05, 1)),
    )
    checks = (
        computed("Affinity at 0.069 µM calcium", _CODE, "affinity", 10.74, 1e-3, "µM"),
        computed("Effective occupancy at 79 µM", _CODE, "occupancy_79", 0.802, 1e-3),
        computed("Noradrenaline peaks at", _PULSE, "peak", 79.0, 1e-4, "µM"),
        computed("The peak comes after the release by", _PULSE, "peak_time", 7 / 6 * np.log(7), 5e-3, "s"),
        closed_form("Prazosin of nine times its affinity moves the curve by", _SCHILD, "shift", 10.0, 1e-3),
        Check(
            "The second response is smaller",
            "rates of desensitisation are assumed",
            "second_is_smaller",
            True,
            basis=Basis.DEMONSTRATION,
        ),
    )
    must_matter = {"receptor.k_ne_pkc": 0.001}

    def models(self) -> dict[str, Model]:
        """Receptors alone, and two cells."""
        pool = parameters.depitta2009.AM.without("v_beta")

        def cell(receptor: NoradrenalineReceptor) -> Model:
            return Model(astrocyte=Compartment(LiRinzel(), Ip3Metabolism(), receptor, Noradrenaline()).using(pool))

        return {
            "receptor": Model(astrocyte=Compartment(Ip3Metabolism(), NoradrenalineReceptor())),
            "cell": cell(NoradrenalineReceptor()),
            "desensitising": cell(DesensitisingNoradrenalineReceptor()),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Dose-response curves and courses."""
        import xarray as xr

        level = np.geomspace(0.1, 1e4, 501)
        free, blocked = (_occupancy(models["receptor"], level, dose) for dose in (0.0, 9.0))
        half, moved = (float(np.exp(np.interp(0.5, row, np.log(level)))) for row in (free, blocked))
        release = Releases("noradrenaline_release", [20] * s, 79 * uM)
        options: dict[str, Any] = {"until": 120 * s, "save_every": 0.02 * s, "solver": _FINE}
        run = simulate(models["cell"], release, **options)
        stopped = simulate(models["cell"], release & Prazosin(at=0 * s), **options)
        without = simulate(models["cell"], release & Ip3r2Knockout(), **options)["ca"].values
        twice = Releases("noradrenaline_release", list(_TWICE) * s, 79 * uM)
        tired = simulate(models["desensitising"], twice, **options)
        time, course = run.time.values, run["noradrenaline"].values
        before = run["ca"].values[time < 20]
        rise = run["ca"].values.max() - before.max()
        share = tired["alpha1_sensitive"].values * tired["alpha1_occupancy"].values
        first, second = (share[(time >= t) & (time < t + 30)].max() for t in _TWICE)
        return xr.Dataset(
            {
                "level": ("level", level, {"units": "uM"}),
                "free": ("level", free),
                "blocked": ("level", blocked),
                "affinity": ((), half, {"units": "uM"}),
                "occupancy_79": float(_occupancy(models["receptor"], np.array([79.0]), 0.0)[0]),
                "shift": moved / half,
                "time": ("time", time[::5], {"units": "s"}),
                "noradrenaline": ("time", course[::5], {"units": "uM"}),
                "ca": ("time", run["ca"].values[::5], {"units": "uM"}),
                "ca_blocked": ("time", stopped["ca"].values[::5], {"units": "uM"}),
                "sensitive": ("time", tired["alpha1_sensitive"].values[::5]),
                "share": ("time", share[::5]),
                "peak": ((), float(course.max()), {"units": "uM"}),
                "peak_time": ((), float(time[course.argmax()]) - 20, {"units": "s"}),
                "ca_peak_time": ((), float(time[run["ca"].values.argmax()]) - 20, {"units": "s"}),
                "left_by_prazosin": float((stopped["ca"].values.max() - before.max()) / rise),
                "left_without_ip3r2": float((without[time >= 20].max() - without[time < 20].max()) / rise),
                "second_is_smaller": float(second < 0.95 * first),
            }
        )

    def figure(self, data: xr.Dataset) -> Figure:
        """Occupancy, noradrenaline, calcium with and without block, desensitisation."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 4.8)
        (dose, pulse), (calcium, tired) = axes
        dose.plot(data["level"], data["free"], color=COLOURS["astrocyte"], label="free")
        dose.plot(data["level"], data["blocked"], color=COLOURS["perturbation"], label="prazosin, 9 × affinity")
        dose.plot(79, data["occupancy_79"], "o", color="k", mfc="none", ms=7, label="independent: 0.802")
        dose.set(xscale="log", xlabel="noradrenaline (µM)", ylabel="effective occupancy", ylim=(0, 1.3))
        dose.legend(fontsize=7, loc="upper left")
        pulse.plot(data["time"], data["noradrenaline"], color=COLOURS["transmitter"])
        pulse.set(xlabel="time (s)", ylabel="noradrenaline (µM)", xlim=(0, 80))
        calcium.plot(data["time"], data["ca"], color=COLOURS["astrocyte"], label="noradrenaline at 20 s")
        calcium.plot(data["time"], data["ca_blocked"], color=COLOURS["perturbation"], label="with prazosin")
        calcium.set(xlabel="time (s)", ylabel="calcium (µM)", ylim=(0, 1.35 * float(data["ca"].max())))
        calcium.legend(fontsize=7)
        tired.plot(data["time"], data["sensitive"], color=COLOURS["faint"], label="sensitive receptors")
        tired.plot(data["time"], data["share"], color=COLOURS["astrocyte"], label="sensitive and occupied")
        tired.set(xlabel="time (s)", ylabel="fraction", ylim=(0, 1.3))
        tired.legend(fontsize=7, loc="upper right")
        label_panels(axes)
        return made


def _occupancy(model: Model, level: np.ndarray, dose: float) -> np.ndarray:
    """Effective occupancy at levels of noradrenaline (µM), under prazosin (nM)."""
    held = Constant(ca=_RESTING * uM, noradrenaline=1 * uM) & Prazosin(at=0 * s, dose=dose * nM, affinity=1 * nM)
    run = simulate(model, held, until=1 * s, save_at=[1] * s, vary={"astrocyte.noradrenaline": level * uM})
    return run["alpha1_occupancy"].values[:, 0]
