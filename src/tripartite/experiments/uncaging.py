r"""Light tools at a place: how far uncaged IP3 and calcium reach, and what a light-driven receptor makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import units
from tripartite.experiments.base import Basis, Check, Claim, Experiment, closed_form
from tripartite.language import Compartment, Model
from tripartite.mechanisms import (
    CagedCalcium,
    CagedIp3,
    CytosolicCalcium,
    Ip3Relaxation,
    LinearCalciumCoupling,
    OptoGq,
    TotalCalcium,
)
from tripartite.models.branching_astrocyte import compartment
from tripartite.network import Coupling, Diffusion, Morphology, Network, On, Population, RungeKutta4, States
from tripartite.network.rules import Ring
from tripartite.protocols import CalciumUncaging, Constant, Ip3Uncaging, Pulses
from tripartite.solve import Tsit5, simulate
from tripartite.units import Quantity, ms, s, uM, um

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DIFFUSION = {"free": 280.0, "hindered": 10.0}
"""Coefficients of diffusion of IP3 (µm²/s) from dickinson2016: in extracts of oocytes, and in cells."""
LOSS = 0.45
"""Rate at which IP3 is lost (1/s)."""
IRRADIANCES = np.geomspace(0.01, 10, 13)

_COLOURS = {"free": "neuron", "hindered": "astrocyte"}
_SHOWN = 0.4  # s
_CHAIN, _LIGHT = 41, (5.0, 30.0)  # cells; s
_RANGE = "dickinson2016, abstract"
_FITTED = "the loss was chosen for the range in the abstract of dickinson2016"
_DIFFUSION = "dickinson2016, coefficients: spread of a flash and its decay in closed form"
_BESSEL = "gordleeva2019, form of the coupling: closed form, a random walk on a chain"
_OWN = "assumed: closed form of the mechanism, whose values are assumed, too"
_FINE = Tsit5(rtol=1e-10, atol=1e-14)


class UncagingAtAPlace(Experiment):
    r"""Uncaged IP3 reaches 25 µm where it diffuses freely, and less than 5 µm where receptors hinder it.

    **Model** *ip3*: an unbranched process in which IP3 is uncaged (`CagedIp3`), diffuses, and is lost at a constant
    rate (`Ip3Relaxation`). *calcium*: a ring of cells, in one of which calcium is uncaged (`CagedCalcium`), coupled in
    proportion to its difference (`LinearCalciumCoupling`). *light*: a receptor that light drives to make IP3
    (`OptoGq`). *astrocyte*: the process with the calcium of depitta2009 (FM).

    **Protocol** A flash in the middle of a process of 300 µm with a diffusion of IP3 of 280 or 10 µm²/s; another in one
    of 41 cells. Light for 30 s of 0.01 to 10 mW/mm². In the astrocyte a flash that would raise IP3 to 30 µM over 2 µm.

    **Measure** Variance of where IP3 is, over time; what is left of it; its time integral by distance, of which one
    e-fold is the range. Calcium of each cell of the ring 20 s after the flash. Active receptors and IP3 in light. The
    length of process in which calcium exceeds 0.3 µM.

    **Claims** From the abstract of dickinson2016: with at most 10 µm²/s IP3 acts over less than 5 µm: the range of IP3,
    and how far beyond the flash calcium of the astrocyte is excited, which fails where calcium carries itself on.
    That freely diffusing IP3 acts over about 25 µm is what the loss was chosen for, so only a check. The other checks
    are closed forms: a spread of 2 D t, an exponential loss, a range of sqrt(D / loss), the random walk of the ring
    (modified Bessel functions), the equation of the receptor.

    **Assumed** The loss of 0.45 /s, chosen for the 25 µm. Kinetics of all three tools; IP3 of the astrocyte, and that
    calcium above 0.3 µM is an answer.

    **Figure** A: IP3 along the process 0.4 s after the flash, for both coefficients. B: its time integral by distance,
    and its range. C: calcium of the ring 20 s after the flash. D: active receptors and IP3 in light. E, F: calcium
    along the astrocyte's process after the same flash, with fast and slow IP3. Quick runs: steps of 2 instead of 1 ms.
    """

    name = "dickinson2016-uncaging"
    paper = "dickinson2016"
    claims = (
        Claim("Hindered IP3 acts over less than 5 µm", _RANGE, "range_hindered", (0, 5), 0.0, "µm"),
        Claim("Hindered IP3 excites the astrocyte no farther than 5 µm", _RANGE, "reach_hindered", (0, 5), 0.0, "µm"),
    )
    checks = (
        Check(
            "Freely diffusing IP3 acts over about 25 µm",
            _FITTED,
            "range_free",
            25,
            0.02,
            "µm",
            basis=Basis.DEMONSTRATION,
        ),
        *(
            closed_form(
                f"Range at {d:g} µm²/s is sqrt(D / loss)", _DIFFUSION, f"range_{name}", np.sqrt(d / LOSS), 3e-3, "µm"
            )
            for name, d in DIFFUSION.items()
        ),
        *(
            closed_form(
                f"Half the growth of the variance at {d:g} µm²/s", _DIFFUSION, f"spread_{name}", d, 2e-3, "µm²/s"
            )
            for name, d in DIFFUSION.items()
        ),
        closed_form("IP3 is lost at 0.45 /s", _DIFFUSION, "loss", LOSS, 1e-3, "1/s"),
        closed_form(
            "Ring of cells: largest deviation from the random walk, of the flash", _BESSEL, "chain_error", (0, 2e-4)
        ),
        closed_form("Ring of cells: calcium is conserved (relative)", _BESSEL, "chain_total", 1.0, 1e-9),
        closed_form(
            "Half of the light-driven receptors are active at 0.2 mW/mm²", _OWN, "half_light", 0.2, 1e-3, "mW/mm²"
        ),
        closed_form("They turn off with 5 s", _OWN, "light_off", 5.0, 1e-4, "s"),
        closed_form(
            "Active receptors and IP3 follow the closed form (largest relative deviation)",
            _OWN,
            "light_error",
            (0, 1e-6),
        ),
    )
    must_matter = {"ip3.ip3_tau": 1.35, "light.optogq_off": 1.6}

    def models(self) -> dict[str, Model]:
        lost = Ip3Relaxation(ip3=0 * uM).replace(
            "assumed: loss that gives a range of 25 µm, no IP3 at rest", ip3_rest=0 * uM, ip3_tau=1 / LOSS * s
        )
        return {
            "ip3": Model(process=Compartment(lost, CagedIp3())),
            "calcium": Model(cell=Compartment(CytosolicCalcium(ca=0 * uM), TotalCalcium(), CagedCalcium())),
            "junction": Model(junction=LinearCalciumCoupling()),
            "light": Model(process=Compartment(lost, OptoGq())),
            "astrocyte": compartment().add(astrocyte=CagedIp3()),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """The flash with both coefficients, the ring, the light, and both astrocytes."""
        import xarray as xr

        found: dict[str, Any] = {}
        for name in DIFFUSION:
            found |= _flash(models["ip3"], name, 2.0 if quick else 1.0) | _event(models["astrocyte"], name)
        return xr.Dataset(found | _ring(models) | _lit(models["light"]))

    def figure(self, data: xr.Dataset) -> Figure:
        """IP3 along the process, its range, the ring, the receptor in light, and calcium in both processes."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 3, 9.6, 5.2)
        (profile, reach, ring), (light, free, hindered) = axes
        along = data["along"]
        for name, d in DIFFUSION.items():
            colour = COLOURS[_COLOURS[name]]
            profile.plot(along, data[f"profile_{name}"], color=colour, label=f"{d:g} µm²/s")
            reach.plot(along, data[f"integral_{name}"], color=colour, label=f"{float(data[f'range_{name}']):.1f} µm")
        profile.set(xlabel="distance (µm)", ylabel="IP3 (of what was freed, 1/µm)", xlim=(-60, 60), ylim=(0, None))
        profile.set_title(f"{_SHOWN:g} s after the flash")
        profile.legend(fontsize=7)
        reach.set(xlabel="distance (µm)", ylabel="time integral of IP3 (relative)", yscale="log", xlim=(0, 60))
        reach.set(ylim=(1e-3, 1.5))
        reach.legend(title="range", title_fontsize=7, fontsize=7)
        ring.bar(data["cell"], data["chain"], width=0.7, color=COLOURS["second"], label="simulated")
        ring.plot(data["cell"], data["walk"], ".", ms=6, color=COLOURS["data"], label="random walk")
        ring.set(xlabel="cell", ylabel="calcium (of the flash)", xlim=(-7, 7), title="20 s after the flash")
        ring.legend(fontsize=7)
        _draw_light(light, data)
        for panel, name in ((free, "free"), (hindered, "hindered")):
            image = panel.pcolormesh(
                data["event_time"], data["event_along"], data[f"event_{name}"].T, cmap="viridis", vmin=0, vmax=1
            )
            panel.set(xlabel="time (s)", ylabel="distance (µm)", ylim=(-50, 50), xlim=(0, 12))
            panel.set_title(f"{DIFFUSION[name]:g} µm²/s: {float(data[f'length_{name}']):.0f} µm excited", fontsize=8)
        made.colorbar(image, ax=hindered, label="calcium (µM)")
        label_panels(axes)
        return made


def _run(
    model: Model, shape: Morphology, coefficients: dict[str, Any], flash: Any, until: float, record: tuple, step: float
) -> np.ndarray:
    """A process with a flash in its middle compartment."""
    cells = Population(model, shape, step=step * ms, method=RungeKutta4())
    network = Network(process=cells, connections=[Diffusion(cells, **coefficients)], step=step * ms)
    middle = shape.size // 2
    silent = {entry.key: 0 * units.unit(entry.unit) for entry in model.system.drives}
    protocol = On(cells[middle : middle + 1], flash)
    if silent:
        protocol = protocol & On(cells, Constant(silent))
    wanted, every = record
    run = network.run(until=until * s, protocol=protocol, record=[States(cells, wanted, every=every * ms)])
    return run.data[f"process.{wanted}"].values


def _flash(model: Model, name: str, step: float) -> dict[str, Any]:
    count, length = 601, 300.0
    shape = Morphology.cable(length * um, 0.5 * um, count)
    flash = Ip3Uncaging(amount=1 * uM, times=[0] * s)
    every, until = 20.0, 16.0
    ip3 = _run(model, shape, {"ip3": DIFFUSION[name] * um**2 / s}, flash, until, ("ip3", every), step)
    along = shape.position[:, 0] - shape.position[count // 2, 0]
    time = 1e-3 * every * np.arange(len(ip3))
    total = ip3.sum(axis=1)
    early, late = (time > 0.15) & (time < 1), (time > 0.15) & (time < 8)
    variance = (ip3[early] @ along**2) / total[early]
    rate, start = np.polyfit(time[late], np.log(total[late]), 1)
    freeing = float(model["ip3_liberation"].to("1/s").magnitude)
    integral = np.trapezoid(ip3, time, axis=0)
    reached = np.sqrt(DIFFUSION[name] / LOSS)
    measured = (along > 0.5 * reached) & (along < 2.5 * reached)
    found = {
        f"spread_{name}": ((), float(np.polyfit(time[early], variance, 1)[0] / 2), {"units": "um**2/s"}),
        f"range_{name}": (
            (),
            -1 / float(np.polyfit(along[measured], np.log(integral[measured]), 1)[0]),
            {"units": "um"},
        ),
        f"integral_{name}": ("along", integral / np.interp(0, along, integral)),
        f"profile_{name}": ("along", ip3[round(1e3 * _SHOWN / every)] * count / length, {"units": "1/um"}),
        "along": ("along", along, {"units": "um"}),
    }
    if name == "free":
        found["loss"] = ((), -float(rate), {"units": "1/s"})
        found["freed"] = float(np.exp(start) * (freeing + rate) / freeing)
    return found


def _event(model: Model, name: str) -> dict[str, Any]:
    """Calcium along the astrocyte's process after a flash, and how much of it is excited."""
    count, length = 51, 102.0
    shape = Morphology.cable(length * um, 0.5 * um, count)
    coefficients = {"ip3": DIFFUSION[name] * um**2 / s, "ca": 13 * um**2 / s}
    flash = Ip3Uncaging(amount=30 * uM, times=[2] * s)
    ca = _run(model, shape, coefficients, flash, 20.0, ("ca", 100.0), 2.0)
    excited = float((ca.max(axis=0) > 0.3).sum() * length / count)
    return {
        f"event_{name}": (("event_time", "event_along"), ca, {"units": "uM"}),
        "event_time": ("event_time", 0.1 * np.arange(len(ca)), {"units": "s"}),
        "event_along": ("event_along", shape.position[:, 0] - length / 2, {"units": "um"}),
        f"length_{name}": ((), excited, {"units": "um"}),
        f"reach_{name}": ((), (excited - length / count) / 2, {"units": "um"}),
    }


def _ring(models: dict[str, Model]) -> dict[str, Any]:
    from scipy.special import ive

    junction = models["junction"].compartments["junction"].mechanisms[0]
    cells = Population(models["calcium"], _CHAIN, step=0.04 * ms, method=RungeKutta4())
    network = Network(cells=cells, connections=[Coupling(cells, junction, Ring())], step=0.04 * ms)
    flash = On(cells[_CHAIN // 2 : _CHAIN // 2 + 1], CalciumUncaging(amount=1 * uM, times=[0] * s))
    run = network.run(until=20 * s, protocol=flash, record=[States(cells, "ca", every=100 * ms)])
    ca = run.data["cells.ca"].values[-1]
    cell = np.arange(_CHAIN) - _CHAIN // 2
    walk = ive(np.abs(cell), 2 * float(models["junction"]["ca_permeability"].to("1/s").magnitude) * 20)
    return {
        "cell": ("cell", cell),
        "chain": ("cell", ca),
        "walk": ("cell", walk),
        "chain_error": float(np.abs(ca - walk).max()),
        "chain_total": float(ca.sum()),
    }


def _lit(model: Model) -> dict[str, Any]:
    begin, lasts = _LIGHT
    time = np.linspace(0, 60, 241)
    light = Pulses("irradiance", Quantity(1.0, "mW/mm**2"), [begin] * s, lasts * s)
    run = simulate(model, light, until=60 * s, save_at=time * s, solver=_FINE)
    active, ip3 = run["optogq_active"].values, run["ip3"].values
    on, off, made = (
        float(model[name].to(unit).magnitude)
        for name, unit in (("optogq_light", "mm**2/mW/s"), ("optogq_off", "s"), ("optogq_production", "uM/s"))
    )
    loss, both = 1 / float(model["ip3_tau"].to("s").magnitude), on + 1 / off
    rise, fall = np.clip(time - begin, 0, lasts), np.clip(time - begin - lasts, 0, None)
    share, top = on / both, on / both * (1 - np.exp(-both * lasts))
    closed = np.where(fall > 0, top * np.exp(-fall / off), share * (1 - np.exp(-both * rise)))

    def lit(t: Any) -> Any:
        return made * share * ((1 - np.exp(-loss * t)) / loss - (np.exp(-both * t) - np.exp(-loss * t)) / (loss - both))

    after = made * top * (np.exp(-fall / off) - np.exp(-loss * fall)) / (loss - 1 / off)
    made_ip3 = np.where(fall > 0, lit(lasts) * np.exp(-loss * fall) + after, lit(rise))
    worst = max(np.abs(active - closed).max() / closed.max(), np.abs(ip3 - made_ip3).max() / made_ip3.max())
    dark = fall > 0.5
    steady = _steady(model)
    return {
        "light_time": ("light_time", time, {"units": "s"}),
        "light_active": ("light_time", active),
        "light_ip3": ("light_time", ip3, {"units": "uM"}),
        "light_closed": ("light_time", made_ip3, {"units": "uM"}),
        "light_error": float(worst),
        "light_off": ((), -1 / float(np.polyfit(time[dark], np.log(active[dark]), 1)[0]), {"units": "s"}),
        "half_light": ((), steady, {"units": "mW/mm**2"}),
    }


def _steady(model: Model) -> float:
    """Irradiance (mW/mm²) that keeps half of the receptors active."""
    held = Constant(irradiance=Quantity(1.0, "mW/mm**2"))
    vary = {"irradiance": Quantity(IRRADIANCES, "mW/mm**2")}
    run = simulate(model, held, until=200 * s, save_at=[200] * s, solver=_FINE, vary=vary)
    active = run["optogq_active"].values[:, -1]
    return float(np.exp(np.interp(0, np.log(active / (1 - active)), np.log(IRRADIANCES))))


def _draw_light(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    panel.axvspan(_LIGHT[0], _LIGHT[0] + _LIGHT[1], color=COLOURS["second"], alpha=0.2, lw=0, label="light")
    panel.plot(data["light_time"], data["light_active"], color=COLOURS["perturbation"], label="active receptors")
    panel.plot(data["light_time"], data["light_ip3"], color=COLOURS["astrocyte"], label="IP3 (µM)")
    panel.plot(data["light_time"], data["light_closed"], "--", lw=0.9, color=COLOURS["data"], label="closed form")
    panel.set(xlabel="time (s)", ylabel="active receptors, IP3 (µM)", ylim=(0, 1.35))
    panel.legend(fontsize=7, ncols=2, loc="upper center")
