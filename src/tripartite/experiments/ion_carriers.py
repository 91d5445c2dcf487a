r"""Carriers that move charge: where they turn, how far they depolarise, and how hard they pump."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.language import Compartment, Mechanism, Model, State
from tripartite.mechanisms import (
    CooperativePump,
    CytosolicCalcium,
    Ncx,
    SyncytialMembrane,
    TotalCalcium,
    TransporterCurrent,
)
from tripartite.parameters import kager2000
from tripartite.protocols import Constant, Pulses
from tripartite.solve import Tsit5, simulate
from tripartite.units import mM, ms, mV, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SODIUM = (8.0, 10.0, 15.0, 20.0)
"""Sodium in the cell (mM) under the exchanger."""
POTENTIALS = np.linspace(-120, 40, 33)
CALCIUM = 0.1
"""Calcium in the cell (µM) at which the exchanger's reversal is measured."""
PUMP = {(10.0, 3.0): 0.0450, (15.0, 8.0): 0.13824}
"""Share of its largest rate at which the pump runs, by sodium inside and potassium outside (mM)."""
GLUTAMATE = np.geomspace(1, 1e4, 25)
"""Glutamate (µM) at the carrier."""

_NCX = "reversal of the sodium-calcium exchanger of luo_rudy1994"
_PUMP = "pump of the neuron of somjen2008 in ModelDB 113446"
_CURRENT = "current of johnson_ion_concentrations: g u = I exp(-beta u), by Lambert's function"
_FINE = Tsit5(rtol=1e-10, atol=1e-13)


class Ions(Mechanism):
    r"""Potassium outside and sodium inside of a cell, to which a pump adds.

    **Sources** assumed: conservation of mass, with the rest of cressman2009.
    **Holds for** the time in which nothing else moves the two.
    """

    potassium_out = State(4.0, "mM", "K_o: potassium outside", low=0)
    sodium_in = State(18.0, "mM", "Na_i: sodium in the cell", low=0)


class IonCarriers(Experiment):
    r"""Carriers that move charge: where they turn, how far they depolarise, and how hard they pump.

    **Model** *exchanger*: the sodium-calcium exchanger alone in a cell (`Ncx`; luo_rudy1994). *uptake*: the current of
    glutamate uptake into a patch of astrocyte that the syncytium holds (`TransporterCurrent`, `SyncytialMembrane`).
    *pump*: the sodium-potassium pump that needs three sodium and two potassium ions at once (`CooperativePump`;
    kager2000, somjen2008). *pump3.5*: with the affinity for potassium of kager2000.

    **Protocol** Exchanger: potentials from -120 to 40 mV at four concentrations of sodium in the cell, at 0.1 µM
    calcium; then left alone at -85 mV and 15 mM sodium until its calcium is at equilibrium. Uptake: glutamate held at
    1 µM to 10 mM; a pulse of 1 mM for 50 ms. Pump: ions held at chosen concentrations.

    **Measure** Where the exchanger's flux turns, and its final calcium. Depolarisation; charge that uptake carried in
    against what the capacitance holds and the syncytium took. Rate of the pump.

    **Claims** None is published. Checks: three sodium for one calcium turn at 3 E_Na - 2 E_Ca, so that calcium ends at
    Ca_o (Na_i / Na_o)³ exp(V F / RT). Charge is conserved; the steady depolarisation solves g u = I exp(-beta u). The
    pump's two rates were computed independently.

    **Assumed** Densities and largest rates, on which no check rests: 1 pA and 0.1 mA/m² are not measured for
    astrocytes. With them the exchanger takes a quarter of an hour to equilibrate a process, and uptake depolarises by
    0.6 mV at most. What exchanger and pump carry in charge does not reach a membrane potential here.

    **Figure** A: calcium that the exchanger lets in by potential, for four levels of sodium; points where it turns. B:
    calcium on its way to the dashed equilibrium. C: depolarisation by uptake, points simulated, line the closed form.
    D: rate of the pump by potassium for two affinities and two levels of sodium. Quick runs: 7 instead of 31 levels
    in D.
    """

    name = "luo-rudy1994-carriers"
    paper = "luo_rudy1994"
    checks = (
        *(Check(f"The exchanger turns at 3 E_Na - 2 E_Ca with {n:g} mM sodium inside", _NCX, f"turns_{n:g}",
                26.727 * float(3 * np.log(145 / n) - np.log(1800 / CALCIUM)), 1e-3, "mV", basis=Basis.CLOSED_FORM)
          for n in (8.0, 20.0)),
        Check("Alone, it brings calcium to Ca_o (Na_i / Na_o)³ exp(V F / RT)", _NCX, "equilibrium",
              1800 * (15 / 145) ** 3 * float(np.exp(-85 / 26.727)), 1e-4, "µM", basis=Basis.CLOSED_FORM),
        Check("Below its reversal it lets calcium out, above it in", "thermodynamics", "outward_below", True,
              basis=Basis.LAW),
        *(Check(f"The pump runs at {share} of its largest rate at {na:g} mM sodium and {k:g} mM potassium", _PUMP,
                f"pump_{na:g}_{k:g}", share, 1e-3, basis=Basis.COMPUTED) for (na, k), share in PUMP.items()),
        Check("Charge carried in is on the membrane or in the syncytium (share)", "conservation of charge", "charge",
              1.0, 1e-4, basis=Basis.LAW),
        Check("Steady depolarisation at every glutamate (largest relative deviation)", _CURRENT,
              "depolarisation_error", (0, 1e-6), basis=Basis.CLOSED_FORM),
    )  # fmt: skip
    must_matter = {"exchanger.sodium_out": 0.95, "pump.k_potassium": 1.2}

    def models(self) -> dict[str, Model]:
        exchanger = Compartment(Ncx(), CytosolicCalcium(ca=CALCIUM * uM), TotalCalcium())
        pump = Compartment(Ions(), CooperativePump())
        return {
            "exchanger": Model(cell=exchanger),
            "uptake": Model(process=Compartment(SyncytialMembrane(), TransporterCurrent())),
            "pump": Model(cell=pump),
            "pump3.5": Model(cell=pump).using(kager2000.PUMP),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        found = _exchange(models["exchanger"]) | _equilibrium(models["exchanger"]) | _uptake(models["uptake"])
        return xr.Dataset(found | _pulse(models["uptake"]) | _pumped(models, 7 if quick else 31))

    def figure(self, data: xr.Dataset) -> Figure:
        """Exchange by potential, its way to equilibrium, depolarisation by uptake, and the pump."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, height=5.4)
        (curves, course), (uptake, pump) = axes
        for sodium, shade in zip(SODIUM, ("second", "neuron", "astrocyte", "model"), strict=True):
            curves.plot(
                data["potential"], 1000 * data["flux"].sel(sodium=sodium), color=COLOURS[shade], label=f"{sodium:g} mM"
            )
            curves.plot(data[f"turns_{sodium:g}"], 0, "o", ms=4, color=COLOURS[shade])
        curves.axhline(0, color=COLOURS["faint"], lw=0.8)
        curves.set(xlabel="membrane potential (mV)", ylabel="calcium let in (nM/s)")
        curves.legend(title="sodium inside", title_fontsize=7, fontsize=7, loc="upper left")
        course.plot(data["time"], data["ca"], color=COLOURS["astrocyte"])
        course.axhline(float(data["closed_calcium"]), color=COLOURS["data"], lw=0.9, ls="--")
        course.text(0.97, 0.05, "dashed: equilibrium", transform=course.transAxes, ha="right", fontsize=7)
        course.set(
            xlabel="time (min)",
            ylabel="calcium (µM)",
            ylim=(0.08, 0.102),
            xlim=(0, 90),
            title="exchanger alone, -85 mV",
        )
        _draw_uptake(uptake, data)
        for name, style, shade in (("pump", "-", "neuron"), ("pump3.5", "-", "second"), ("pump", "--", "neuron")):
            sodium = 15 if style == "-" else 10
            label = f"{'2' if name == 'pump' else '3.5'} mM, {sodium} mM sodium"
            share = 100 * data[f"share_{name}"].sel(pump_sodium=sodium)
            pump.plot(data["potassium"], share, style, color=COLOURS[shade], label=label)
        for (_, k), value in PUMP.items():
            pump.plot(k, 100 * value, "o", ms=5, mfc="none", color=COLOURS["data"])
        pump.plot([], [], "o", ms=5, mfc="none", color=COLOURS["data"], label="independent")
        pump.set(xlabel="potassium outside (mM)", ylabel="pump (% of its largest rate)", ylim=(0, 32))
        pump.legend(title="half activation by potassium", title_fontsize=7, fontsize=7, loc="upper left")
        label_panels(axes)
        return made


def _value(model: Model, name: str, unit: str) -> float:
    return float(model[name].to(unit).magnitude)


def _exchange(model: Model) -> dict[str, Any]:
    """Flux by potential, and where it turns."""
    instant = 0.1
    flux, found = [], {}
    for sodium in SODIUM:
        held = Constant(v=0 * mV, sodium_in=sodium * mM)
        fine = np.linspace(-120, 40, 641)
        vary = {"v": fine * mV}
        run = simulate(model, held, until=instant * ms, save_at=[0, instant] * ms, solver=_FINE, vary=vary)
        rate = np.diff(run["ca_total"].values, axis=1)[:, 0] / instant * 1e3
        place = np.flatnonzero(np.diff(np.sign(rate)) != 0)[0]
        turns = np.interp(0, rate[place : place + 2], fine[place : place + 2])
        found[f"turns_{sodium:g}"] = ((), float(turns), {"units": "mV"})
        flux.append(np.interp(POTENTIALS, fine, rate))
    rising = [row[0] < 0 < row[-1] for row in flux]
    return found | {
        "sodium": ("sodium", list(SODIUM), {"units": "mM"}),
        "potential": ("potential", POTENTIALS, {"units": "mV"}),
        "flux": (("sodium", "potential"), flux, {"units": "uM/s"}),
        "outward_below": float(all(rising)),
    }


def _equilibrium(model: Model) -> dict[str, Any]:
    time = np.linspace(0, 180, 361)
    held = Constant(v=-85 * mV, sodium_in=15 * mM)
    run = simulate(model, held, until=10800 * s, save_at=60 * time * s, solver=_FINE)
    sodium, thermal = _value(model, "sodium_out", "mM"), _value(model, "thermal_voltage", "mV")
    closed = _value(model, "ca_out", "uM") * (15 / sodium) ** 3 * np.exp(-85 / thermal)
    return {
        "time": ("time", time, {"units": "min"}),
        "ca": ("time", run["ca"].values, {"units": "uM"}),
        "closed_calcium": ((), closed, {"units": "uM"}),
        "equilibrium": ((), float(run["ca"][-1]), {"units": "uM"}),
    }


def _uptake(model: Model) -> dict[str, Any]:
    """Steady depolarisation by glutamate."""
    from scipy.special import lambertw

    vary = {"glutamate": GLUTAMATE * uM}
    run = simulate(model, Constant(glutamate=1 * uM), until=1 * s, save_at=[1000] * ms, solver=_FINE, vary=vary)
    rest, g = _value(model, "v_syncytium", "mV"), _value(model, "g_syncytium", "nS")
    up = run["v"].values[:, -1] - rest
    beta, half = _value(model, "steepness", "1/mV"), _value(model, "k_glutamate", "uM")
    sodium = _value(model, "sodium_out", "mM") / (_value(model, "sodium_out", "mM") + _value(model, "k_sodium", "mM"))
    driven = _value(model, "largest_current", "pA") * sodium * GLUTAMATE / (GLUTAMATE + half) * np.exp(-beta * rest)
    closed = lambertw(beta * driven / g).real / beta
    return {
        "glutamate": ("glutamate", GLUTAMATE, {"units": "uM"}),
        "depolarisation": ("glutamate", up, {"units": "mV"}),
        "closed_depolarisation": ("glutamate", closed, {"units": "mV"}),
        "depolarisation_error": float(np.max(np.abs(up / closed - 1))),
    }


def _pulse(model: Model) -> dict[str, Any]:
    """Where the charge of a pulse of glutamate goes."""
    begin, lasts, until = 10.0, 50.0, 160.0
    time = np.linspace(0, until, 16001)
    rest = model.replace({"v": model["v_syncytium"]})
    pulse = Pulses("glutamate", 1 * mM, [begin] * ms, lasts * ms)
    run = simulate(rest, pulse, until=until * ms, save_at=time * ms, solver=_FINE)
    v, current = run["v"].values, run["transporter_current"].values
    up = v - _value(model, "v_syncytium", "mV")
    # The current jumps with glutamate: its integral is taken where it flows.
    flows = (time > begin + 1e-9) & (time < begin + lasts - 1e-9)
    edge = time[1] * (current[flows][0] + current[flows][-1])
    carried = -(np.trapezoid(current[flows], time[flows]) + edge)
    held = _value(model, "capacitance", "pF") * up[-1]
    taken = _value(model, "g_syncytium", "nS") * np.trapezoid(up, time)
    return {
        "charge": float((held + taken) / carried),
    }


def _pumped(models: dict[str, Model], points: int) -> dict[str, Any]:
    """Share of its largest rate at which the pump runs."""
    moment = 1e-3
    potassium = np.linspace(1, 12, points)

    def share(model: Model, sodium: np.ndarray, outside: np.ndarray) -> np.ndarray:
        vary = {"cell.sodium_in": sodium * mM, "cell.potassium_out": outside * mM}
        run = simulate(model, until=moment * ms, save_at=[0, moment] * ms, solver=_FINE, vary=vary)
        fallen = -np.diff(run["sodium_in"].values, axis=1)[:, 0] / moment / 3
        return fallen / _value(model, "largest_pump", "mM/ms")

    given = np.array(list(PUMP))
    found: dict[str, Any] = {
        "potassium": ("potassium", potassium, {"units": "mM"}),
        "pump_sodium": ("pump_sodium", [10.0, 15.0], {"units": "mM"}),
    }
    for (na, k), value in zip(PUMP, share(models["pump"], *given.T), strict=True):
        found[f"pump_{na:g}_{k:g}"] = float(value)
    for name in ("pump", "pump3.5"):
        rows = [share(models[name], np.full(points, sodium), potassium) for sodium in (10.0, 15.0)]
        found[f"share_{name}"] = (("pump_sodium", "potassium"), rows)
    return found


def _draw_uptake(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    panel.plot(data["glutamate"], data["closed_depolarisation"], color=COLOURS["data"], label="closed form")
    panel.plot(data["glutamate"], data["depolarisation"], "o", ms=3.5, color=COLOURS["transmitter"], label="simulated")
    panel.set(xscale="log", xlabel="glutamate (µM)", ylabel="depolarisation by uptake (mV)", ylim=(0, None))
    panel.legend(loc="upper left")
