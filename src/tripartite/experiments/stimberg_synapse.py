"""Stimberg et al. (2019): spikes drive an astrocyte, and an astrocyte changes a synapse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Expected, Experiment
from tripartite.language import Compartment, Model
from tripartite.mechanisms import CleftGlutamate, GlutamateReceptor, Ip3Metabolism, Ip3Reservoir, LiRinzel
from tripartite.models import OpenLoopSynapse, ReleaseDecreasing, Synapse
from tripartite.parameters.stimberg2019 import EXAMPLE_2, EXAMPLE_2_INPUT, EXAMPLE_3
from tripartite.protocols import Constant, RegularSpikes, SpikeTrain
from tripartite.units import Hz, ms, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

TRAIN_START = 16.5
TRAIN = TRAIN_START + 1e-3 * np.array([0, 50, 100, 150, 200, *range(300, 400, 10), 400])
"""Spikes of example 3, in s."""
RESERVOIRS = {"weak": 0.8, "strong": 1.25}
"""IP3 in the reservoir (µM) that makes gliotransmission weak and stronger."""

EXPECTED_RELEASE = {
    "none": [0.6000, 0.3671, 0.1540, 0.1035, 0.0958, 0.1629, 0.0429, 0.0220, 0.0201],
    "weak": [0.14352, 0.21558, 0.22237, 0.19529, 0.16125, 0.14634, 0.11147, 0.07534, 0.04900, 0.03362, 0.02600,
             0.02263, 0.02123, 0.02064, 0.02036, 0.02020],
    "strong": [0.04669, 0.08102, 0.10252, 0.11324, 0.11618, 0.10692, 0.11201, 0.10806, 0.09799, 0.08481,
               0.07101, 0.05830, 0.04760, 0.03921, 0.03299, 0.02858],
}  # fmt: skip
"""Fractions released by the spikes of example 3, computed independently; rounded to the digits given."""

_EX2 = "equations of example 2 of stimberg2019"
_EX3 = "equations of example 3 of stimberg2019"
_CHAPTER = "stimberg2019, section on gliotransmitter release and figure 3"
_PEAKS = ((3.145, 1.1584), (4.526, 0.7400), (8.765, 0.6904), (13.005, 0.6007))
_ORDINAL = ("first", "second", "third", "fourth")


def _computed(statement: str, source: str, number: str, expected: Expected, tolerance: float, unit: str = "1") -> Check:
    return Check(statement, source, number, expected, tolerance, unit, basis=Basis.COMPUTED)


def _example_2_checks() -> list[Check]:
    checks = []
    for number, (time, height) in enumerate(_PEAKS, 1):
        name = _ORDINAL[number - 1]
        checks += [
            _computed(f"The {name} peak comes at {time} s", _EX2, f"peak_time_{number}", time, 2e-4, "s"),
            _computed(f"The {name} peak is {height} µM high", _EX2, f"peak_height_{number}", height, 1e-4, "uM"),
        ]
    return [
        *checks,
        _computed("IP3 reaches at most 2.2414 µM", _EX2, "highest_ip3", 2.2414, 1e-4, "uM"),
        _computed("At most 0.9416 of the receptors are active", _EX2, "highest_active", 0.9416, 1e-4),
        _computed("At least 0.5590 of the IP3 receptors are not inactivated", _EX2, "lowest_h", 0.5590, 1e-4),
    ]


_CLAIMS = (
    Claim("Weak gliotransmission is one release", _CHAPTER, "releases_weak", 1),
    Claim("Stronger gliotransmission is two releases", _CHAPTER, "releases_strong", 2),
    Claim("Without gliotransmission the synapse depresses", _CHAPTER, "depresses", True),
    Claim("With gliotransmission the first spike releases less", _CHAPTER, "releases_less", True),
    Claim("With gliotransmission the second spike releases more", _CHAPTER, "facilitates", True),
    Claim("This increase is larger for stronger gliotransmission", _CHAPTER, "facilitates_more", True),
)
_EXAMPLE_3_CHECKS = (
    _computed("The release of weak gliotransmission is at 2.085 s", _EX3, "time_weak_1", 2.085, 1e-3, "s"),
    _computed("The first of stronger gliotransmission is at 1.059 s", _EX3, "time_strong_1", 1.059, 1e-3, "s"),
    _computed("The second release comes at 10.342 s", _EX3, "time_strong_2", 10.342, 1e-3, "s"),
    _computed("The second release adds 77.82 µM", _EX3, "jump_strong_2", 77.82, 1e-4, "uM"),
    _computed("After one release 0.76080 receptors are bound at 16.5 s", _EX3, "bound_weak", 0.76080, 1e-5),
    _computed("After two releases 0.92219 are bound at 16.5 s", _EX3, "bound_strong", 0.92219, 1e-5),
    _computed("Nine releases without gliotransmission agree to 4 decimals", _EX3, "deviation_none", (0, 5e-5), 0.0),
    _computed("All 16 under weak gliotransmission agree to 5 decimals", _EX3, "deviation_weak", (0, 5e-6), 0.0),
    _computed("All 16 under stronger gliotransmission agree to 5", _EX3, "deviation_strong", (0, 5e-6), 0.0),
)


class StimbergSynapse(Experiment):
    """Spikes raise calcium in an astrocyte, and gliotransmitter makes a depressing synapse facilitate.

    **Model** Example 2: cleft and G-ChI astrocyte with binding receptors; each spike puts 500 µM of glutamate
    into the cleft (no short-term plasticity), cleared at 40 /s; the reservoir holds no IP3 and takes IP3 up
    at most at 0.09 µM/s. Example 3: an astrocyte without receptors (open loop) is filled from a reservoir,
    releases gliotransmitter when calcium crosses 0.5 µM, and that decreases release of a depressing synapse.

    **Protocol** Example 2: a spike every 2 s from 2 s on, 30 s. Example 3: 0.8 µM (weak) or 1.25 µM (stronger
    gliotransmission) of IP3 in the reservoir for 17.1 s; 16 spikes from 16.5 s on, at 20 and then 100 Hz.

    **Measure** Heights (µM) and times (s) of the first four calcium peaks; times of the gliotransmitter
    releases; fraction of bound presynaptic receptors at 16.5 s; fraction of resources released by each spike.

    **Claims** What the chapter says of its figure 3: one and two releases; depression turned into facilitation, more so
    by two. Checks: numbers computed independently from the published equations of examples 2 and 3, with error control.

    **Assumed** The astrocyte of example 2 is its deterministic one; the stochastic one is left out. The
    reservoir holds its concentration from 0 s on; the published code declares it constant, and the draft
    of the chapter marks the onset of the stimulus as unclear.

    **Figure** A to D: example 2, active receptors, IP3, calcium with the four peaks as circles, and IP3 receptors that
    are not inactivated. E to H: example 3, calcium with the threshold of release dotted, gliotransmitter, glutamate
    during the train, and what each spike releases, without gliotransmission and after one and two releases.
    """

    name = "stimberg2019-synapse"
    paper = "stimberg2019"
    claims = _CLAIMS
    checks = (*_example_2_checks(), *_EXAMPLE_3_CHECKS)
    must_matter = {"astrocyte.uptake": 1.2}

    def models(self) -> dict[str, Model]:
        cleft = Compartment(CleftGlutamate())
        astrocyte = Compartment(LiRinzel(), Ip3Metabolism(), GlutamateReceptor(), Ip3Reservoir())
        driven = Model(cleft=cleft, astrocyte=astrocyte, wiring=[cleft.glutamate >> astrocyte.glutamate])
        modulated = OpenLoopSynapse(ReleaseDecreasing(), LiRinzel(), Ip3Metabolism(), Ip3Reservoir())
        return {
            "driven": driven.using(EXAMPLE_2).using(EXAMPLE_2_INPUT),
            "modulated": modulated.using(EXAMPLE_3),
            "naive": Synapse(),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        driven = _drive_astrocyte(models["driven"])
        return xr.Dataset(driven | _modulate_synapse(models["modulated"], models["naive"]))

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import style

        made, axes = style.figure(4, 2, width=7.4, height=7.4)
        _draw_example_2(axes[:, 0], data)
        _draw_example_3(axes[:, 1], data)
        style.label_panels(axes.T)
        return made


def _drive_astrocyte(model: Model) -> dict[str, Any]:
    """Example 2: traces every millisecond, and what is read from them."""
    from scipy.signal import find_peaks

    from tripartite.solve import Tsit5, simulate

    spikes = RegularSpikes(0.5 * Hz, start=2 * s, event="release") & Constant(reservoir=0 * uM)
    result = simulate(model, spikes, until=30 * s, save_every=1 * ms, solver=Tsit5(rtol=1e-9, atol=1e-12))
    time, ca = result["ca"]["time"].values, result["ca"].values
    peaks, _ = find_peaks(ca, height=0.5)
    found: dict[str, Any] = {
        "highest_ip3": ((), float(result["ip3"].max()), {"units": "uM"}),
        "highest_active": ((), float(result["active"].max()), {"units": "1"}),
        "lowest_h": ((), float(result["h"].min()), {"units": "1"}),
    }
    for number in range(len(_PEAKS)):
        there = number < len(peaks)
        found[f"peak_time_{number + 1}"] = ((), time[peaks[number]] if there else np.nan, {"units": "s"})
        found[f"peak_height_{number + 1}"] = ((), ca[peaks[number]] if there else np.nan, {"units": "uM"})
    shown = slice(None, None, 20)
    for name in ("active", "ip3", "ca", "h"):
        found[f"driven_{name}"] = ("driven_time", result[name].values[shown], result[name].attrs)
    found["driven_time"] = ("driven_time", time[shown], {"units": "s", "long_name": "time"})
    return found


def _modulate_synapse(model: Model, naive: Model) -> dict[str, Any]:
    """Example 3: the synapse alone, and under one and two releases of gliotransmitter."""
    from tripartite.solve import Tsit5, simulate

    exact = Tsit5(rtol=1e-10, atol=1e-13)
    slow = np.arange(0, TRAIN_START, 1e-3)
    times = np.concatenate([slow, TRAIN_START + np.arange(0, 0.6, 1e-3)])
    train = SpikeTrain(TRAIN * s)
    runs = {"none": simulate(naive, train, until=17.1 * s, save_at=times * s, solver=exact)}
    for name, reservoir in RESERVOIRS.items():
        both = train & Constant(reservoir=reservoir * uM)
        runs[name] = simulate(model, both, until=17.1 * s, save_at=times * s, solver=exact)
    found: dict[str, Any] = {"time": ("time", times, {"units": "s", "long_name": "time"})}
    found["spike"] = ("spike", TRAIN, {"units": "s", "long_name": "time of the spike"})
    for name, result in runs.items():
        fractions = result.events("bouton.release")["amount"].values
        expected = np.array(EXPECTED_RELEASE[name])
        found[f"release_{name}"] = ("spike", fractions, {"units": "1"})
        found[f"deviation_{name}"] = ((), np.abs(fractions[: len(expected)] - expected).max(), {"units": "1"})
        found[f"glutamate_{name}"] = ("time", result["glutamate"].values, {"units": "uM"})
    for name in RESERVOIRS:
        found |= _gliotransmission(name, model, runs[name], len(slow))
    return found | _compare_releases(found)


def _gliotransmission(name: str, model: Model, result: Any, first_spike: int) -> dict[str, Any]:
    """Times and sizes of the gliotransmitter releases, and what they leave bound when the spikes begin."""
    events = result.events("gliorelease")
    times, amounts = events["time"].values, events["amount"].values
    full = (model["around.dilution"] * model["around.content"]).to("uM").magnitude
    found: dict[str, Any] = {
        f"releases_{name}": ((), len(times), {"units": "1"}),
        f"bound_{name}": ((), result["bound"].values[first_spike], {"units": "1"}),
        f"ca_{name}": ("time", result["ca"].values, {"units": "uM"}),
        f"gliotransmitter_{name}": ("time", result["gliotransmitter"].values, {"units": "uM"}),
    }
    for number in range(2):
        there = number < len(times)
        found[f"time_{name}_{number + 1}"] = ((), times[number] if there else np.nan, {"units": "s"})
        found[f"jump_{name}_{number + 1}"] = (
            (),
            full * amounts[number] if there else np.nan,
            {"units": "uM"},
        )
    return found


def _compare_releases(found: dict[str, Any]) -> dict[str, Any]:
    """The chapter's four statements on what the three synapses release."""
    none, weak, strong = (found[f"release_{name}"][1] for name in EXPECTED_RELEASE)
    pairs = [release[1] / release[0] for release in (none, weak, strong)]
    return {
        "depresses": bool(pairs[0] < 1 and none[-1] < none[0]),
        "releases_less": bool(max(weak[0], strong[0]) < none[0]),
        "facilitates": bool(min(pairs[1:]) > 1),
        "facilitates_more": bool(pairs[2] > pairs[1]),
    }


def _draw_example_2(axes: Any, data: xr.Dataset) -> None:
    from tripartite.figures.style import COLOURS

    rows = (
        ("active", "active receptors", "transmitter"),
        ("ip3", "IP3 (µM)", "astrocyte"),
        ("ca", "calcium (µM)", "astrocyte"),
        ("h", "available IP3R", "astrocyte"),
    )
    time = data["driven_time"].values
    for panel, (name, label, colour) in zip(axes, rows, strict=True):
        panel.plot(time, data[f"driven_{name}"].values, color=COLOURS[colour])
        panel.set(ylabel=label, xlim=(0, 30))
    times = [float(data[f"peak_time_{k}"]) for k in range(1, 5)]
    heights = [float(data[f"peak_height_{k}"]) for k in range(1, 5)]
    axes[2].plot(times, heights, "o", ms=4, mfc="none", color=COLOURS["data"], label="measured peaks")
    axes[2].legend(loc="upper right")
    axes[0].set_title("spikes at 0.5 Hz", fontsize=9)
    axes[-1].set_xlabel("time (s)")


def _draw_example_3(axes: Any, data: xr.Dataset) -> None:
    from tripartite.figures.style import COLOURS

    colours = {"none": COLOURS["data"], "weak": COLOURS["astrocyte"], "strong": COLOURS["perturbation"]}
    labels = {"none": "no gliotransmission", "weak": "one release", "strong": "two releases"}
    time = data["time"].values
    for name in RESERVOIRS:
        axes[0].plot(time, data[f"ca_{name}"].values, color=colours[name], label=labels[name])
        axes[1].plot(time, data[f"gliotransmitter_{name}"].values, color=colours[name])
    axes[0].axhline(0.5, ls=":", lw=1, color=COLOURS["faint"])
    axes[0].text(TRAIN_START, 0.66, "threshold of release", ha="right", va="bottom", fontsize=7)
    axes[0].set(ylabel="calcium (µM)", xlim=(0, TRAIN_START))
    axes[1].set(ylabel="gliotransmitter (µM)", xlim=(0, TRAIN_START), xlabel="time (s)")
    for name, colour in colours.items():
        axes[2].plot((time - TRAIN_START) * 1e3, data[f"glutamate_{name}"].values, color=colour)
        since = (data["spike"].values - TRAIN_START) * 1e3
        axes[3].plot(since, data[f"release_{name}"].values, "o-", ms=3, lw=0.8, color=colour, label=labels[name])
    axes[2].set(ylabel="glutamate (µM)", xlim=(-10, 500))
    axes[3].set(ylabel="released per spike", xlabel="time since the first spike (ms)", xlim=(-10, 500))
    axes[0].set_title("IP3 from a reservoir", fontsize=9)
    axes[3].legend(loc="upper right")
