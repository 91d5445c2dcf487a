"""Routes of gliotransmitter: cleared or taken up, through vesicles or channels, by events or as a flux."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Experiment, closed_form
from tripartite.language import Compartment, Model
from tripartite.mechanisms import (
    ChannelRelease,
    DSerine,
    DSerineFlux,
    Gliotransmitter,
    GliotransmitterUptake,
    PresynapticReceptor,
    ThresholdExocytosis,
)
from tripartite.protocols import Pulses, Releases
from tripartite.solve import Tsit5, simulate
from tripartite.units import ms, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RELEASED = np.linspace(0, 1, 21)
"""Fractions of the gliotransmitter released at once."""
DECAY = 0.1 * np.arange(2501)
"""Times (ms) after a release of everything."""
SETTLED, LASTS = 200.0, 10.0
"""Time (s) at which calcium rises, after everything has settled, and for how long."""
COURSE = 0.02 * np.arange(-250, 2501)
"""Times (s) around that rise."""
RISE = Pulses("astrocyte.ca", 1 * uM, [SETTLED] * s, LASTS * s, 0.1 * uM)

_CHAPTER = "depitta2019, chapter 10: J_s"
_UPTAKE = "depitta2019, chapter 10: closed form of the optional uptake, its size assumed"
_OWN = "assumed: closed form of the equations with their example values"
_FINE = Tsit5(rtol=1e-9, atol=1e-12)
_J = 3.25
_CONTENT, _K_UPTAKE, _UPTAKE_RATE, _BINDING = 130.0, 100.0, 6000.0, 1.5
_EXPOSURE = (_CONTENT**2 / 2 + _K_UPTAKE * _CONTENT) / _UPTAKE_RATE
_OPEN = 1 / (1 + 0.5**4)


class ReleaseRoutes(Experiment):
    """Routes of gliotransmitter: cleared or taken up, through vesicles or channels, by events or as a flux.

    **Model** *cleared*: gliotransmitter cleared at a constant rate, and presynaptic receptors that keep what they bind
    (`Gliotransmitter`, `PresynapticReceptor`). *taken up*: the same with saturable uptake instead, as fast at low
    concentrations (`GliotransmitterUptake`). *channel*: release through channels that calcium opens (`ChannelRelease`).
    *dserine*: D-serine released at a rate that calcium sets (`DSerineFlux`), *events* by each event (`DSerine`).

    **Protocol** Part or all of the gliotransmitter released at once. Calcium from 0.1 to 1 µM for 10 s.

    **Measure** Bound receptors once all gliotransmitter is gone; its half-life after a release of everything; levels
    before and at the end of the rise of calcium; time in which the channels open to 1 - 1/e.

    **Claims** None: all are checks, closed forms of the equations. A release of everything binds 1 - exp(-J_s) of the
    receptors, with J_s = 3.25 for the values of depitta2019.

    **Assumed** The largest uptake (zero in depitta2019), and every number of channels and D-serine: no measurement
    settles them. They show the shape of each route, not its share.

    **Figure** A: gliotransmitter after a release of everything, cleared or taken up. B: receptors that bind in the end,
    by how much is released. C: gliotransmitter through channels while calcium is raised (shaded). D: D-serine as a flux
    and by one event. Quick runs thin out nothing.
    """

    name = "depitta2019-release-routes"
    paper = "depitta2019"
    checks = (
        closed_form(
            "A release of everything, cleared, binds 1 - exp(-3.25)", _CHAPTER, "bound_cleared", 1 - np.exp(-_J), 1e-6
        ),
        closed_form(
            "With saturable uptake it binds more", _UPTAKE, "bound_taken", 1 - np.exp(-_BINDING * _EXPOSURE), 1e-6
        ),
        closed_form(
            "Half of it is taken up after",
            _UPTAKE,
            "half_taken",
            1000 * (_CONTENT / 2 + _K_UPTAKE * np.log(2)) / _UPTAKE_RATE,
            1e-5,
            "ms",
        ),
        closed_form(
            "and cleared after",
            "stimberg2019, example 3: ln 2 / Omega_e",
            "half_cleared",
            1000 * np.log(2) / 60,
            1e-5,
            "ms",
        ),
        closed_form(
            "Gliotransmitter of open channels",
            _OWN,
            "channel_high",
            5000 * 0.2 * _OPEN / (0.2 * _OPEN + 60),
            1e-6,
            "uM",
        ),
        closed_form("Time in which the channels open", _OWN, "channel_time", 100.0, 2e-3, "ms"),
        closed_form(
            "D-serine of lasting calcium",
            _OWN,
            "dserine_high",
            0.5 + 20 * _OPEN - (20 * _OPEN - 20 * (0.1**4 / (0.1**4 + 0.5**4))) * np.exp(-1),
            1e-6,
            "uM",
        ),
    )
    must_matter = {"cleared.clearance": 0.8, "taken.k_uptake": 0.5, "channel.gating": 2.0}

    def models(self) -> dict[str, Model]:
        receptor = PresynapticReceptor().replace("assumed: to count what binds", unbinding=0 / s)
        around, bouton = Compartment(Gliotransmitter()), Compartment(receptor)
        cleared = Model(around=around, bouton=bouton, wiring=[around.gliotransmitter >> bouton.gliotransmitter])
        taken = cleared.add(around=GliotransmitterUptake()).replace({"clearance": 0 / s}, "assumed: uptake alone")
        astrocyte, outside = Compartment(ChannelRelease()), Compartment(Gliotransmitter())
        source, site = Compartment(ThresholdExocytosis()), Compartment(DSerine())
        return {
            "cleared": cleared,
            "taken": taken,
            "channel": Model(
                astrocyte=astrocyte, outside=outside, wiring=[outside.gliotransmitter >> astrocyte.gliotransmitter]
            ),
            "dserine": Model(astrocyte=Compartment(DSerineFlux())),
            "events": Model(astrocyte=source, outside=site, wiring=[source.gliorelease >> site.gliorelease]),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        found: dict[str, Any] = {
            "released": ("released", RELEASED),
            "decay_time": ("decay_time", DECAY, {"units": "ms"}),
            "time": ("time", COURSE, {"units": "s"}),
        }
        for name in ("cleared", "taken"):
            found |= _after_release(models[name], name)
        return xr.Dataset(found | _fluxes(models))

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.0)
        looks = (("cleared", "constant clearance", "neuron"), ("taken", "saturable uptake", "transmitter"))
        for name, label, colour in looks:
            axes[0, 0].plot(data["decay_time"], data[f"decay_{name}"], color=COLOURS[colour], label=label)
            axes[0, 1].plot(data["released"], data[f"binds_{name}"], color=COLOURS[colour], label=label)
        axes[0, 0].set(xlabel="time after the release (ms)", ylabel="gliotransmitter (µM)", xlim=(0, 150))
        axes[0, 0].legend()
        axes[0, 1].set(xlabel="fraction released", ylabel="bound receptors", ylim=(0, 1.02))
        axes[1, 0].plot(data["time"], data["channel"], color=COLOURS["astrocyte"])
        axes[1, 0].set(xlabel="time after calcium rises (s)", ylabel="gliotransmitter (µM)", xlim=(-5, 20))
        axes[1, 0].set_title("through channels", fontsize=8)
        for name, label, colour in (("dserine", "flux", "astrocyte"), ("events", "one event", "second")):
            axes[1, 1].plot(data["time"], data[name], color=COLOURS[colour], label=label)
        axes[1, 1].set(xlabel="time after calcium rises (s)", ylabel="D-serine (µM)", xlim=(-5, 50))
        axes[1, 1].legend()
        for panel in axes[1]:
            panel.axvspan(0, LASTS, color=COLOURS["transmitter"], alpha=0.2, lw=0)
        label_panels(axes)
        return made


def _after_release(model: Model, name: str) -> dict[str, Any]:
    """Gliotransmitter after a release of everything, and what releases of all sizes bind in the end."""
    bound = []
    for amount in RELEASED:
        run = simulate(
            model, Releases("gliorelease", [0] * s, float(amount)), until=2 * s, save_at=[2] * s, solver=_FINE
        )
        bound.append(float(run["bound"][-1]))
    whole = Releases("gliorelease", [0] * s, 1)
    course = simulate(model, whole, until=DECAY[-1] * ms, save_at=DECAY * ms, solver=_FINE)["gliotransmitter"].values
    half = float(np.interp(np.log(2), -np.log(course / course[0]), DECAY))
    return {
        f"decay_{name}": ("decay_time", course, {"units": "uM"}),
        f"binds_{name}": ("released", bound),
        f"bound_{name}": bound[-1],
        f"half_{name}": ((), half, {"units": "ms"}),
    }


def _fluxes(models: dict[str, Model]) -> dict[str, Any]:
    """What a rise of calcium brings outside, once everything has settled at 0.1 µM."""
    kept = (SETTLED + COURSE) * s
    runs = {
        name: simulate(models[name], RISE, until=kept[-1], save_at=kept, solver=_FINE)
        for name in ("channel", "dserine", "events")
    }
    begin, end = int(np.searchsorted(COURSE, 0)), int(np.searchsorted(COURSE, LASTS - 1e-9))
    opening = runs["channel"]["channel_open"].values[begin : end + 1]
    opened = (opening - opening[0]) / (opening[-1] - opening[0])
    traces = {"channel": "gliotransmitter", "dserine": "dserine", "events": "dserine"}
    found: dict[str, Any] = {
        name: ("time", runs[name][trace].values, {"units": "uM"}) for name, trace in traces.items()
    }
    return found | {
        "channel_high": ((), found["channel"][1][end], {"units": "uM"}),
        "dserine_high": ((), found["dserine"][1][end], {"units": "uM"}),
        "channel_time": ((), 1000 * np.interp(1 - np.exp(-1), opened, COURSE[begin : end + 1]), {"units": "ms"}),
    }
