"""How calcium spreads: among buffers, out of microdomains, along processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Experiment, closed_form, computed
from tripartite.language import Compartment, Model
from tripartite.mechanisms import (
    CytosolicCalcium,
    ImmobileBuffer,
    MicrodomainExchange,
    MobileBuffer,
    PlasmaLeak,
    TotalCalcium,
)
from tripartite.network import Diffusion, Morphology, Network, Population, RungeKutta4, States
from tripartite.solve import Tsit5, simulate
from tripartite.units import Quantity, ms, s, uM, um

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_BUFFERS = "savtchenko2018, values of its program: computed independently from the equilibrium of its buffers"
_DOMAIN = "denizot2019, diffusion of its program: computed independently from the diffusion equation"
_CLOSED = "savtchenko2018, equations: closed form of its cable and of a node with a linear flux"
_FREE = {"program": 220.0, "dialog": 150.0}
"""Diffusion coefficients of free calcium (µm²/s) that the program and its dialog start with."""
_MOBILE, _LOSS = 50.0, 5.0
"""Of the mobile buffer in denizot2019 (µm²/s); loss along the cable (1/s)."""
_CABLE = 16.0
"""Length (µm) of the cable with buffers: on one of 4 µm the mobile buffer, which lets go within 3 ms, lags by 0.5 %."""
_RADII = {"quarter": (0.25, 4.81), "half": (0.5, 19.2), "whole": (1.0, 76.9)}
"""Radius (µm) and time to empty (ms)."""


class CalciumDiffusion(Experiment):
    r"""Calcium spreads slowly among buffers, and a microdomain is on its own when it empties slowly.

    **Model** *program*, *dialog*: free calcium (0.05 µM) with an immobile and a mobile buffer that bind as fast as in
    the program of savtchenko2018, with the values of the program and those that its dialog starts with. *domain*: a
    compartment of radius a beside a large one, with a linear efflux. *cable*: calcium with a linear efflux.

    **Protocol** A cosine of calcium along a closed cable of 16 µm in 20 compartments, 1 % of the concentration, decays
    by diffusion of free calcium and mobile buffer. A sphere of 0.5 µm in 40 shells, filled evenly or at its centre,
    empties through its surface. A microdomain empties into its parent, or deals with a steady influx at radii of
    0.02 to 1.6 µm and an efflux with 19.2 ms. Calcium enters one end of a cable of 40 µm (20 µm²/s, loss 5 /s).

    **Measure** Effective diffusion coefficient from the decay of the cosine; time constant of the sphere once only
    its slowest mode is left, and mean time from its centre to outside; time constant of the microdomain; share of
    influx dealt with inside; length constant of the steady profile.

    **Claims** None: all are checks, for the paper's own numbers were not available. Effective coefficients, times and
    time constants were computed independently, from the values of its program; the share Da / (1 + Da), with Da the
    time to empty over the time constant of the efflux, and the length constant sqrt(D / k) are closed forms. The
    tolerances are those of 40 shells, and of steps between which equations and diffusion take turns.

    **Assumed** The mobile buffer binds as fast as the immobile one.

    **Figure** A: decay of a cosine of calcium among the buffers of the program and of its dialog; dashed, without them.
    B: what is left in a sphere, filled evenly or at its centre. C: share of an influx that a microdomain deals with
    itself, and the closed form. D: steady calcium along a cable. Quick runs: 9 instead of 41 microdomains.
    """

    name = "savtchenko2018-diffusion"
    paper = "savtchenko2018"
    checks = (
        computed("Effective diffusion, program", _BUFFERS, "effective_program", 42.1, 2e-3, "um**2/s"),
        computed("Effective diffusion, dialog", _BUFFERS, "effective_dialog", 41.6, 2e-3, "um**2/s"),
        computed("Slowest mode of a sphere of 0.5 µm", _DOMAIN, "sphere_time", 1.948, 5e-3, "ms"),
        computed("Mean time from its centre to outside", _DOMAIN, "sphere_escape", 3.205, 1e-2, "ms"),
        *(
            computed(f"A microdomain of {radius:g} µm empties", _DOMAIN, f"domain_{name}", time, 3e-3, "ms")
            for name, (radius, time) in _RADII.items()
        ),
        closed_form("The share follows Da / (1 + Da)", _CLOSED, "share_follows", True),
        closed_form("Length constant of a cable", _CLOSED, "length_constant", 2.0, 2e-3, "um"),
    )
    must_matter = {"domain.diffusion": 1.08, "program.mobile_total": 0.8}

    def models(self) -> dict[str, Model]:
        dialog = {"immobile_total": 70 * uM, "mobile_total": 7.5 * uM}
        program = Model(cell=Compartment(CytosolicCalcium(ca=0.05 * uM), ImmobileBuffer(), MobileBuffer()))
        open_ = PlasmaLeak().replace(
            source="assumed: a linear efflux", membrane_ratio=1.0, inflow=0 * uM / s, outflow=_LOSS / s
        )
        exchange = MicrodomainExchange().replace(source="assumed: a parent without end", volume_ratio=0.0)
        domain = Compartment(CytosolicCalcium(ca=1 * uM), TotalCalcium(), open_, exchange)
        parent = Compartment(CytosolicCalcium(ca=0 * uM))
        return {
            "program": program,
            "dialog": program.replace(dialog, "savtchenko2018, dialog of the authors' program"),
            "domain": Model(domain=domain, parent=parent, wiring=[parent.ca >> domain.parent_ca]),
            "cable": Model(cell=Compartment(CytosolicCalcium(ca=0 * uM), TotalCalcium(), open_)),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        found = _sphere(models["domain"]) | _domains(models["domain"], 9 if quick else 41) | _cable(models["cable"])
        for name in _FREE:
            found |= _buffered(models[name], name)
        return xr.Dataset(found)

    def figure(self, data: xr.Dataset) -> Figure:
        """Decay among buffers; the emptying sphere; share by Damköhler number; profile along a cable."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, height=5.4)
        (buffered, sphere), (share, cable) = axes
        for name, colour in (("program", "model"), ("dialog", "second")):
            label = f"{name}: {float(data[f'effective_{name}']):.1f} µm²/s"
            buffered.plot(data["decay_time"], data[f"decay_{name}"], color=COLOURS[colour], label=label)
        free = np.exp(-((np.pi / _CABLE) ** 2) * 220e-3 * data["decay_time"])
        buffered.plot(data["decay_time"], free, color=COLOURS["faint"], ls="--", label="free calcium: 220 µm²/s")
        buffered.set(xlabel="time (ms)", ylabel="amplitude of the cosine", ylim=(0, 1.02))
        buffered.legend()
        sphere.plot(data["sphere_clock"], data["sphere_left"], color=COLOURS["astrocyte"], label="from the centre")
        sphere.plot(data["sphere_clock"], data["sphere_even"], color=COLOURS["neuron"], label="filled evenly")
        sphere.set(xlabel="time (ms)", ylabel="calcium left in the sphere", yscale="log")
        sphere.set(xlim=(0, 18), ylim=(1e-4, 1.2))
        sphere.text(0.04, 0.06, f"slowest mode\n{float(data['sphere_time']):.3f} ms", transform=sphere.transAxes)
        sphere.legend()
        wide = np.geomspace(1e-4, 30, 200)
        share.plot(wide, wide / (1 + wide), color=COLOURS["faint"], label="Da / (1 + Da)")
        share.plot(data["da"], data["share"], "o", ms=4, color=COLOURS["astrocyte"], label="simulated")
        share.set(xscale="log", xlabel="Da: time to empty over time of efflux", ylabel="share of influx kept inside")
        share.legend(loc="upper left")
        cable.plot(data["along"], data["profile"], color=COLOURS["astrocyte"])
        cable.set(xlabel="distance from where calcium enters (µm)", ylabel="calcium (relative)", yscale="log")
        cable.set(xlim=(0, 16), ylim=(3e-4, 1.2))
        cable.text(0.96, 0.9, f"length constant\n{float(data['length_constant']):.3f} µm", ha="right", va="top",
                   transform=cable.transAxes)  # fmt: skip
        label_panels(axes)
        return made


def _buffered(model: Model, name: str) -> dict[str, Any]:
    """How fast a cosine of calcium and of what is bound to both buffers decays along a closed cable."""
    count, length, rest, step, every = 20, _CABLE, 0.05, 0.004, 1.0
    wave = np.cos(np.pi * (np.arange(count) + 0.5) / count)
    calcium = rest * (1 + 0.01 * wave)
    values = {"ca": calcium * uM}
    for buffer in ("immobile", "mobile"):
        total, affinity = (float(model[f"{buffer}_{part}"].to("uM").magnitude) for part in ("total", "affinity"))
        values[f"{buffer}_bound"] = total * calcium / (affinity + calcium) * uM
    cells = Population(
        model, Morphology.cable(length * um, 0.5 * um, count), values=values, step=step * ms, method=RungeKutta4()
    )
    links = [Diffusion(cells, ca=_FREE[name] * um**2 / s, mobile_bound=_MOBILE * um**2 / s)]
    network = Network(cells=cells, connections=links, step=step * ms)
    run = network.run(until=120 * ms, record=States(cells, "ca", every=every * ms))["cells.ca"]
    time = 1000 * run[run.dims[0]].values
    amplitude = run.values @ wave / (wave @ wave) / (0.01 * rest)
    rate = -np.polyfit(time, np.log(amplitude), 1)[0]
    eigenvalue = (2 * count / length * np.sin(np.pi / (2 * count))) ** 2
    return {
        f"effective_{name}": ((), 1000 * rate / eigenvalue, {"units": "um**2/s"}),
        f"decay_{name}": ("decay_time", amplitude),
        "decay_time": ("decay_time", time, {"units": "ms"}),
    }


def _sphere(model: Model) -> dict[str, Any]:
    """A sphere in shells, inside so much that what leaves it does not come back."""
    count, radius, step = 40, 0.5, 0.005
    shells = Morphology.shells(radius * um, count)
    surface = 4 * np.pi * radius**2
    shape = Morphology(
        parent=[*shells.parent, count - 1],
        volume=Quantity([*shells.volume, 1e9], "um**3"),
        area=Quantity([*shells.area, 1.0], "um**2"),
        contact=Quantity([*shells.contact, surface], "um**2"),
        distance=Quantity([*shells.distance, radius / count / 2], "um"),
        position=Quantity(np.zeros((count + 1, 3)), "um"),
    )
    left = {}
    starts = {"left": np.eye(count)[0] / shells.volume[0], "even": np.ones(count) / shells.volume.sum()}
    for name, start in starts.items():
        cells = Population(CytosolicCalcium(), shape, values={"ca": np.append(start, 0.0) * uM})
        links = [Diffusion(cells, ca=model["diffusion"])]
        network = Network(cells=cells, connections=links, step=step * ms)
        run = network.run(until=25 * ms, record=States(cells[:count], "ca", every=step * ms, name="cells"))["cells.ca"]
        left[name] = run.values @ shells.volume
    time = 1000 * run[run.dims[0]].values
    late = (time > 10) & (time < 20)
    mode = -1 / np.polyfit(time[late], np.log(left["even"][late]), 1)[0]
    return {
        "sphere_clock": ("sphere_clock", time, {"units": "ms"}),
        "sphere_left": ("sphere_clock", left["left"]),
        "sphere_even": ("sphere_clock", left["even"]),
        "sphere_time": ((), mode, {"units": "ms"}),
        "sphere_escape": ((), float(np.trapezoid(left["left"], time)), {"units": "ms"}),
    }


def _domains(model: Model, points: int) -> dict[str, Any]:
    """Emptying of microdomains, and what becomes of a steady influx into them."""
    tight = Tsit5(rtol=1e-10, atol=1e-13)
    radii = np.array([radius for radius, _ in _RADII.values()])
    closed = model.replace({"outflow": 0 / s})
    run = simulate(closed, until=5 * ms, save_at=[5] * ms, solver=tight, vary={"radius": radii * um})
    times = -5 / np.log(run["domain.ca"].values[:, -1])
    found: dict[str, Any] = {f"domain_{n}": ((), t, {"units": "ms"}) for n, t in zip(_RADII, times, strict=True)}
    efflux = 0.25 / model["diffusion"].to("um**2/s").magnitude * 1000
    da = np.geomspace(1e-3, 10, points)
    steady = model.replace({"outflow": 1000 / efflux / s, "inflow": 1 * uM / s})
    vary = {"radius": 0.5 * np.sqrt(da) * um}
    run = simulate(steady, until=1 * s, save_at=[1] * s, solver=tight, vary=vary)
    share = run["domain.ca"].values[:, -1] * 1000 / efflux
    return found | {
        "da": ("da", da),
        "share": ("da", share),
        "share_follows": float(np.allclose(share, da / (1 + da), rtol=1e-6)),
    }


def _cable(model: Model) -> dict[str, Any]:
    """The steady profile of calcium that enters one end and is lost everywhere."""
    count, step = 400, 0.5
    shape = Morphology.cable(40 * um, 0.3 * um, count)
    inflow = np.append(100.0, np.zeros(count - 1))
    cells = Population(model, shape, values={"inflow": Quantity(inflow, "uM/s")}, step=step * ms)
    network = Network(cells=cells, connections=[Diffusion(cells, ca=20 * um**2 / s)], step=step * ms)
    run = network.run(until=4 * s, record=States(cells, "ca", every=1 * s))["cells.ca"]
    profile, along = run.values[-1], shape.position[:, 0]
    middle = slice(20, 200)
    constant = -1 / np.polyfit(along[middle], np.log(profile[middle]), 1)[0]
    return {
        "along": ("along", along, {"units": "um"}),
        "profile": ("along", profile / profile[0]),
        "length_constant": ((), constant, {"units": "um"}),
    }
