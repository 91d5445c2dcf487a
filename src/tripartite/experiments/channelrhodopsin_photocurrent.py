"""The photocurrent of ChR2(H134R): peak, steady state, and spikes of a neuron in light."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment, computed
from tripartite.language import Model
from tripartite.mechanisms import ChR2 as Channel
from tripartite.mechanisms import LeakyIntegrateFire
from tripartite.protocols import ChR2, Constant, Pulses
from tripartite.solve import Tsit5, simulate
from tripartite.units import Quantity, ms, mV, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations of williams2013 as coded in ChR2H134R.mod, at 470 nm and 22 °C"
_FINE = Tsit5(rtol=1e-9, atol=1e-12)
_ON, _OFF = 20.0, 520.0  # ms
_TRAIN = np.arange(100, 1100, 100)  # ms: starts of the flashes of 5 ms
_LIGHT = "5 mW/mm**2"
_FLASHES = ChR2(starts=_TRAIN * ms, duration=5 * ms, irradiance=_LIGHT)


class Photocurrent(Experiment):
    """The photocurrent of ChR2(H134R): peak, steady state, and spikes of a neuron in light.

    **Model** *clamped*: channelrhodopsin-2 with two open and two closed states (`ChR2`) in a membrane under voltage
    clamp. *neuron*: the leaky integrate-and-fire neuron of stimberg2019 without current, 20,000 µm² of membrane.

    **Protocol** *clamped*: light of 5 mW/mm² and 470 nm for 500 ms at -80 mV; then irradiances from 0.01 to 10 mW/mm²,
    and potentials from -80 to 40 mV. *neuron*: expresses the channel and gets ten flashes of 5 ms at 10 Hz.

    **Measure** Effective open fraction O1 + 0.1 O2: its peak, the time of the peak after light onset, its steady
    value. Peak and steady current by irradiance and by potential. Spikes for each flash.

    **Claims** None: all are checks. Peak, time and steady state were computed independently from the same equations.
    That a flash of the usual length evokes a spike is what the tool is for, with a membrane area chosen by us.

    **Assumed** The membrane area. The wavelength is 470 nm, not the 594 nm that the file sets.

    **Figure** A: effective open fraction in 500 ms of light. B, C: peak and steady current by irradiance and by
    potential. D: the neuron in flashes of 5 ms. Quick runs: 9 instead of 25 irradiances, 15 instead of 27 potentials.
    """

    name = "williams2013-chr2"
    paper = "williams2013"
    checks = (
        computed("Peak of the effective open fraction", _SOURCE, "peak", 0.7872, 1e-3),
        computed("The peak comes after light onset by", _SOURCE, "peak_time", 4.97, 5e-3, "ms"),
        computed("Steady effective open fraction", _SOURCE, "steady", 0.399, 2e-3),
        computed("The current reverses at", _SOURCE, "reversal", 42.7671 * np.log(14.6408 / 10.6408), 1e-3, "mV"),
        Check(
            "Every flash of 5 ms evokes a spike",
            "what the tool is for",
            "spikes_follow",
            True,
            basis=Basis.DEMONSTRATION,
        ),
    )
    must_matter = {"clamped.wavelength": 594 / 470}

    def models(self) -> dict[str, Model]:
        """A clamped membrane with the channel, and a neuron that expresses it."""
        return {
            "clamped": Model(neuron=Channel()),
            "neuron": _FLASHES.equipped(Model(neuron=LeakyIntegrateFire())),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Open fraction and currents under clamp, and spikes in light."""
        import xarray as xr

        clamped, neuron = models["clamped"], models["neuron"]
        course = _clamped(clamped, np.array([5.0]), np.array([-80.0]))
        opened, time = course["chr2_open"].values[0], course.time.values * 1000
        peak, steady = float(opened.max()), float(opened[(time > _OFF - 1) & (time < _OFF)][-1])
        light = np.geomspace(0.01, 10, 9 if quick else 25)
        by_light = _currents(clamped, light, np.full(len(light), -80.0))
        volts = np.sort([*np.linspace(-80, 40, 13 if quick else 25), 13.5, 14.0])
        by_volts = _currents(clamped, np.full(len(volts), 5.0), volts)
        return xr.Dataset(
            {
                "time": ("time", time - _ON, {"units": "ms"}),
                "open": ("time", opened),
                "peak": peak,
                "peak_time": ((), _peak_time(time, opened) - _ON, {"units": "ms"}),
                "steady": steady,
                "light": ("light", light, {"units": "mW/mm**2"}),
                "light_current": (("light", "phase"), by_light, {"units": "pA"}),
                "volts": ("volts", volts, {"units": "mV"}),
                "volts_current": (("volts", "phase"), by_volts, {"units": "pA"}),
                "reversal": ((), float(np.interp(0, by_volts[:, 1], volts)), {"units": "mV"}),
                **_spiking(neuron),
            }
        )

    def figure(self, data: xr.Dataset) -> Figure:
        """Open fraction in time, currents by light and by potential, and the neuron in flashes."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.0)
        (opened, light), (volts, neuron) = axes
        opened.plot(data["time"], data["open"], color=COLOURS["neuron"])
        opened.plot(data["peak_time"], data["peak"], "o", ms=7, mfc="none", color="k")
        opened.axhline(0.399, color="k", lw=0.8, ls=":")
        opened.text(480, 0.42, "independent: 0.399", ha="right", fontsize=7)
        opened.annotate("independent: 0.787 at 4.97 ms", (4.97, 0.787), (12, 2), textcoords="offset points", fontsize=7)
        opened.plot([0, 500], [0.95, 0.95], color=COLOURS["second"], lw=4, solid_capstyle="butt")
        opened.set(xlabel="time after light onset (ms)", ylabel="effective open fraction", xlim=(-20, 700), ylim=(0, 1))
        for phase, colour, label in ((0, "neuron", "peak"), (1, "second", "steady")):
            light.plot(
                data["light"], data["light_current"][:, phase] / 1000, "-o", ms=3, color=COLOURS[colour], label=label
            )
            volts.plot(data["volts"], data["volts_current"][:, phase] / 1000, color=COLOURS[colour], label=label)
        light.set(xscale="log", xlabel="irradiance (mW/mm²)", ylabel="current at -80 mV (nA)")
        light.legend()
        volts.axhline(0, color=COLOURS["faint"], lw=0.8)
        volts.set(xlabel="membrane potential (mV)", ylabel="current at 5 mW/mm² (nA)")
        volts.legend()
        neuron.plot(data["moment"], data["v"], color=COLOURS["neuron"], lw=0.8)
        neuron.plot(data["spikes"], np.full(data["spikes"].shape, -47.0), "|", color="k", ms=7)
        for start in _TRAIN:
            neuron.plot([start, start + 5], [-43, -43], color=COLOURS["second"], lw=4, solid_capstyle="butt")
        neuron.set(xlabel="time (ms)", ylabel="membrane potential (mV)", ylim=(-63, -41), xlim=(0, 700))
        label_panels(axes)
        return made


def _clamped(model: Model, light: np.ndarray, volts: np.ndarray) -> Any:
    """Members at these irradiances (mW/mm²) and potentials (mV), in light from 20 to 520 ms."""
    held = Constant(v=-80 * mV, responsiveness=Quantity(0.0, "1/pF"))
    runs = []
    for value in np.unique(light):
        rows = volts[light == value]
        flash = Pulses("irradiance", Quantity(value, "mW/mm**2"), [_ON] * ms, (_OFF - _ON) * ms)
        save = np.concatenate([np.arange(0, 40, 0.01), np.arange(40, 720.5, 0.5)])
        vary = {"neuron.v": rows * mV}
        runs.append(simulate(model, held & flash, until=0.72 * s, save_at=save * ms, vary=vary, solver=_FINE))
    return runs[0] if len(runs) == 1 else runs


def _currents(model: Model, light: np.ndarray, volts: np.ndarray) -> np.ndarray:
    """Current of largest size and steady current (pA), of shape ``(member, 2)``."""
    runs = _clamped(model, light, volts)
    rows = []
    for run in runs if isinstance(runs, list) else [runs]:
        current, time = run["chr2_current"].values, run.time.values * 1000
        largest = np.take_along_axis(current, np.abs(current).argmax(axis=1)[:, None], axis=1)[:, 0]
        rows.append(np.stack([largest, current[:, np.searchsorted(time, _OFF) - 1]], axis=1))
    return np.concatenate(rows)


def _peak_time(time: np.ndarray, course: np.ndarray) -> float:
    """Time of the largest value, by a parabola through it and its neighbours."""
    at = int(course.argmax())
    curve = np.polyfit(time[at - 1 : at + 2] - time[at], course[at - 1 : at + 2], 2)
    return float(time[at] - curve[1] / (2 * curve[0]))


def _spiking(neuron: Model) -> dict[str, Any]:
    """A neuron that expresses the channel in ten flashes."""
    run = simulate(neuron, _FLASHES, until=1.2 * s, save_every=0.5 * ms)
    spikes = run.events("spike")["time"].values * 1000
    follow = [np.any((spikes >= start) & (spikes < start + 20)) for start in _TRAIN]
    return {
        "moment": ("moment", run.time.values * 1000, {"units": "ms"}),
        "v": ("moment", run["v"].values, {"units": "mV"}),
        "spikes": ("spikes", spikes, {"units": "ms"}),
        "spikes_follow": float(all(follow)),
    }
