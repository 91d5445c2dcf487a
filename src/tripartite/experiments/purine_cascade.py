"""From the ATP of astrocytes to adenosine: order and delays of the steps, and what neurons add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Claim, Experiment
from tripartite.language import Compartment, Model, Protocol
from tripartite.mechanisms import AdenosineInhibition, HemichannelRelease, NeuronalAdenosine, PurineCascade, PurineChain
from tripartite.protocols import Cd73Knockout, RegularSpikes, SpikeTrain
from tripartite.solve import Tsit5, simulate
from tripartite.units import Hz, mM, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

STEPS = ("atp", "adp", "amp", "adenosine")
TIMES = np.arange(0.0, 800.0, 0.05)
"""Times (s) at which concentrations are kept; peaks are found between them by a parabola."""
PULSE = SpikeTrain([0] * s, event="gliorelease")
BURST = RegularSpikes(20 * Hz, start=0 * s, stop=5 * s, event="spike")

_CASCADE = "kukulski2005 (scheme), example values: computed independently from the equations of the cascade"
_CHAIN = "assumed: closed form of a first-order chain"
_WALL = "wall_dale2013, abstract"
_KUKULSKI = "kukulski2005, abstract"
_FINE = Tsit5(rtol=1e-10, atol=1e-13)


class PurineSteps(Experiment):
    """From the ATP of astrocytes to adenosine: order and delays of the steps, and what neurons add.

    **Model** *cascade*: ATP, ADP, AMP and adenosine outside with saturating enzymes, the last inhibited by ATP and ADP
    (`PurineCascade`). *uninhibited*: without that inhibition. *chain*: three first-order steps (`PurineChain`).
    *ntpdase1* and *ntpdase2*: ADP hydrolysed ten times faster, and ten times slower. *both*: the cascade together with
    adenosine that leaves neurons directly (`NeuronalAdenosine`), and its action on release (`AdenosineInhibition`).
    *hemichannels*: ATP that leaves through hemichannels (`HemichannelRelease`) into the cascade.

    **Protocol** 10 µM of ATP at once. For *both* also 100 spikes in 5 s, with either source alone: without the release
    of ATP (as in dn-SNARE mice), without the last enzyme (as in CD73 knock-outs), without transporters. For
    *hemichannels* calcium outside is 1.8 mM or 0.1 mM.

    **Measure** Times and heights of the peaks; largest deviation of the sum of all purines from what was released.
    Time at which half of the adenosine of either source has appeared outside.

    **Claims** Peaks were computed independently from the same equations, their times as zeros of the rates: the largest
    of samples half a second apart comes 0.3 s late for adenosine. NTPDase1 lets no ADP accumulate, NTPDase2
    does, and so it holds up adenosine (kukulski2005). The adenosine that comes from ATP is slower than that from
    neurons, and is lost without the exocytosis of astrocytes and without CD73; what neurons release stays
    (wall_dale2013).

    **Assumed** All rates and affinities: none is measured in hippocampus. The share of neurons, about 40 % in
    wall_dale2013, follows from the example values here and is not claimed.
    """

    name = "wall-dale2013-purines"
    paper = "wall_dale2013"
    claims = (
        Claim("ADP peaks", _CASCADE, "peak_adp", 38.168, 1e-4, "s"),
        Claim("AMP peaks", _CASCADE, "peak_amp", 103.190, 1e-4, "s"),
        Claim("Adenosine peaks", _CASCADE, "peak_adenosine", 135.320, 1e-4, "s"),
        Claim("Adenosine reaches", _CASCADE, "height_adenosine", 0.253206, 1e-4, "uM"),
        Claim("Without inhibition by ATP and ADP it peaks", _CASCADE, "peak_uninhibited", 102.279, 1e-4, "s"),
        Claim("It then reaches", _CASCADE, "height_uninhibited", 0.263109, 1e-4, "uM"),
        Claim("Each step peaks after the one before", _CASCADE, "ordered", True),
        Claim("Nothing is lost: relative deviation of the sum", _CASCADE, "loss", (0, 1e-8)),
        Claim("Adenosine of the chain agrees with its closed form", _CHAIN, "chain_deviation", (0, 1e-7)),
        Claim("An enzyme that hydrolyses ADP as well leaves less of it", _KUKULSKI, "ntpdase1_less", True),
        Claim("One that hardly does accumulates it", _KUKULSKI, "ntpdase2_more", True),
        Claim("and holds up adenosine", _KUKULSKI, "ntpdase2_later", True),
        Claim("Adenosine from ATP comes later than from neurons", _WALL, "slower", True),
        Claim("It is lost if astrocytes release nothing; that from neurons stays", _WALL, "lost_snare", True),
        Claim("and without the last enzyme", _WALL, "lost_cd73", True),
    )

    def models(self) -> dict[str, Model]:
        cascade = Model(around=Compartment(PurineCascade()))
        both = Model(around=Compartment(PurineCascade(), NeuronalAdenosine(), AdenosineInhibition()))
        astrocyte, around = Compartment(HemichannelRelease()), Compartment(PurineCascade())
        why = "assumed: NTPDases differ by how fast they hydrolyse ADP"
        return {
            "cascade": cascade,
            "uninhibited": cascade.replace({"inhibition": 1e12 * uM}, "assumed: no inhibition"),
            "chain": Model(around=Compartment(PurineChain())),
            "ntpdase1": cascade.replace({"adp_vmax": 15 * uM / s}, why),
            "ntpdase2": cascade.replace({"adp_vmax": 0.15 * uM / s}, why),
            "both": both,
            "hemichannels": Model(astrocyte=astrocyte, around=around, wiring=[around.atp >> astrocyte.atp]),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        schemes = ("cascade", "uninhibited", "chain", "ntpdase1", "ntpdase2")
        found = {name: _traces(models[name], PULSE) for name in schemes}
        peaks = {name: {step: _peak(trace) for step, trace in traces.items()} for name, traces in found.items()}
        cascade, slow = peaks["cascade"], peaks["ntpdase2"]
        numbers: dict[str, Any] = {f"peak_{step}": ((), cascade[step][0], {"units": "s"}) for step in STEPS[1:]}
        numbers |= {
            "height_adenosine": ((), cascade["adenosine"][1], {"units": "uM"}),
            "peak_uninhibited": ((), peaks["uninhibited"]["adenosine"][0], {"units": "s"}),
            "height_uninhibited": ((), peaks["uninhibited"]["adenosine"][1], {"units": "uM"}),
            "ordered": bool(np.all(np.diff([cascade[step][0] for step in STEPS]) > 0)),
            "loss": np.abs(sum(found["cascade"].values()) / found["cascade"]["atp"][0] - 1).max(),
            "chain_deviation": np.abs(found["chain"]["adenosine"] - closed_chain(models["chain"])).max(),
            "ntpdase1_less": peaks["ntpdase1"]["adp"][1] < cascade["adp"][1] / 2,
            "ntpdase2_more": slow["adp"][1] > 1.5 * cascade["adp"][1],
            "ntpdase2_later": slow["adenosine"][0] > cascade["adenosine"][0],
        }
        kept = slice(None, None, 20)
        traces = {f"{name}_{step}": ("time", found[name][step][kept], {"units": "uM"})
                  for name in found for step in STEPS}  # fmt: skip
        time = {"time": ("time", TIMES[kept], {"units": "s"})}
        return xr.Dataset(time | numbers | traces | _sources(models["both"], kept) | _hemichannels(models, kept))

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import figure, label_panels

        made, axes = figure(2, 2, 7.6, 5.2)
        _draw_cascade(axes[0, 0], data)
        _draw_enzymes(axes[0, 1], data)
        _draw_sources(axes[1, 0], data)
        _draw_hemichannels(axes[1, 1], data)
        label_panels(axes)
        return made


def closed_chain(model: Model) -> np.ndarray:
    """Adenosine of a first-order chain whose rates all differ, after one release of everything (µM)."""
    rates = [model[name].to("1/s").magnitude for name in ("atp_rate", "adp_rate", "amp_rate", "removal")]
    scale = model["content"].to("uM").magnitude * np.prod(rates[:-1])
    terms = [np.exp(-k * TIMES) / np.prod([other - k for other in rates if other != k]) for k in rates]
    return scale * np.sum(terms, axis=0)


def _traces(model: Model, protocol: Protocol) -> dict[str, np.ndarray]:
    result = simulate(model, protocol, until=TIMES[-1] * s, save_at=TIMES * s, solver=_FINE)
    return {step: result[f"around.{step}"].values for step in (*STEPS, "cleared")}


def _peak(trace: np.ndarray) -> tuple[float, float]:
    """Time and height of the largest value, by the parabola through it and its neighbours."""
    top = int(trace.argmax())
    if top in (0, len(trace) - 1):
        return float(TIMES[top]), float(trace[top])
    before, here, after = trace[top - 1 : top + 2]
    shift = (before - after) / (2 * (before - 2 * here + after))
    return float(TIMES[top] + shift * TIMES[1]), float(here - (before - after) * shift / 4)


def _sources(model: Model, kept: slice) -> dict[str, Any]:
    """Adenosine of both sources together, of each alone, and what is left without the last enzyme."""
    runs = {
        "together": _traces(model, PULSE & BURST),
        "neurons": _traces(model, BURST),
        "astrocytes": _traces(model.replace({"efflux": 0 / s}), PULSE & BURST),
        "cd73": _traces(model, PULSE & BURST & Cd73Knockout()),
    }
    appeared = {name: run["adenosine"] + run["cleared"] for name, run in runs.items()}
    total = {name: course[-1] for name, course in appeared.items()}
    half = {name: float(np.interp(course[-1] / 2, course, TIMES)) for name, course in appeared.items()}
    traces = {f"adenosine_{name}": ("time", run["adenosine"][kept], {"units": "uM"}) for name, run in runs.items()}
    again = simulate(model, PULSE & BURST, until=TIMES[-1] * s, save_at=TIMES[kept] * s, solver=_FINE)
    return traces | {
        "utilization": ("time", again["utilization"].values, {"units": "1"}),
        "half_neurons": ((), half["neurons"], {"units": "s"}),
        "half_astrocytes": ((), half["astrocytes"], {"units": "s"}),
        "share_neurons": total["neurons"] / total["together"],
        "slower": half["astrocytes"] > half["neurons"],
        "lost_snare": abs((total["neurons"] + total["astrocytes"]) / total["together"] - 1) < 1e-6 < total["neurons"],
        "lost_cd73": abs(total["cd73"] / total["neurons"] - 1) < 1e-6,
    }


def _hemichannels(models: dict[str, Model], kept: slice) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, calcium in (("closed", 1.8), ("open", 0.1)):
        model = models["hemichannels"].replace({"ca_out": calcium * mM})
        run = simulate(model, until=TIMES[-1] * s, save_at=TIMES[kept] * s, solver=_FINE)
        for step in STEPS:
            found[f"{name}_{step}"] = ("time", run[f"around.{step}"].values, {"units": "uM"})
    return found


_NAMES = {"atp": "ATP", "adp": "ADP", "amp": "AMP", "adenosine": "adenosine"}
_SHADES = {"atp": "transmitter", "adp": "model", "amp": "perturbation", "adenosine": "neuron"}


def _draw_cascade(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for step in STEPS:
        panel.plot(data["time"], data[f"cascade_{step}"], color=COLOURS[_SHADES[step]], label=_NAMES[step])
    panel.set(xlabel="time after the release (s)", ylabel="concentration (µM)", xlim=(0, 400), ylim=(0, 14))
    panel.legend(loc="upper right", ncols=2)
    inset = panel.inset_axes((0.6, 0.4, 0.38, 0.22))
    for name, line in (("cascade", "-"), ("uninhibited", "--")):
        inset.plot(data["time"], data[f"{name}_adenosine"], line, color=COLOURS["neuron"], lw=1)
    inset.set(xlim=(0, 400), ylim=(0, 0.3), xticks=[0, 200, 400], yticks=[0, 0.25])
    inset.set_title("adenosine; -- uninhibited", fontsize=7, pad=2)
    inset.tick_params(labelsize=7)


def _draw_enzymes(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    lines = (
        ("ntpdase1", "tenfold (NTPDase1)", "-"),
        ("cascade", "as in A", "--"),
        ("ntpdase2", "a tenth (NTPDase2)", ":"),
    )
    for name, label, line in lines:
        panel.plot(data["time"], data[f"{name}_adp"], line, color=COLOURS["model"], label=label)
    panel.set(xlabel="time after the release (s)", ylabel="ADP (µM)", xlim=(0, 400), ylim=(0, 13))
    panel.legend(loc="upper right", title="hydrolysis of ADP", title_fontsize=8)


def _draw_sources(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    lines = (("together", "both", "data"), ("neurons", "neurons", "neuron"), ("astrocytes", "astrocytes", "astrocyte"))
    for name, label, colour in lines:
        panel.plot(data["time"], data[f"adenosine_{name}"], color=COLOURS[colour], label=label)
    panel.set(xlabel="time after the release (s)", ylabel="adenosine (µM)", xlim=(0, 400), ylim=(0, 2.7))
    panel.legend(loc="upper right", ncols=3)
    inset = panel.inset_axes((0.45, 0.36, 0.5, 0.26))
    inset.plot(data["time"], data["utilization"], color=COLOURS["perturbation"], lw=1)
    inset.set(xlim=(0, 400), xticks=[0, 200, 400])
    inset.set_title("release probability", fontsize=7, pad=2)
    inset.tick_params(labelsize=7)


def _draw_hemichannels(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for step in STEPS:
        panel.plot(data["time"], data[f"open_{step}"], color=COLOURS[_SHADES[step]], label=_NAMES[step])
        panel.plot(data["time"], data[f"closed_{step}"], ":", color=COLOURS[_SHADES[step]])
    panel.set(
        xlabel="time after the change (s)",
        ylabel="concentration (µM)",
        xlim=(0, 800),
        yscale="log",
        ylim=(1e-3, 3e3),
    )
    panel.set_title("0.1 mM calcium outside (dots: 1.8 mM)", fontsize=8)
    panel.legend(loc="upper left", ncols=4, columnspacing=1, handlelength=1)
