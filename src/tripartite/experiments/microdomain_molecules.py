"""A microdomain with every molecule counted, beside the law of mass action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Claim, Experiment, computed, numbers
from tripartite.experiments.courses import decay, rise, width
from tripartite.language import Compartment, Model
from tripartite.mechanisms import MeanMicrodomain, StochasticMicrodomain
from tripartite.protocols import Constant, Pulses
from tripartite.units import s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from tripartite.analysis import CalciumEvents

_EQUATIONS = "denizot2019: computed independently from the equations of its program (ModelDB 247694)"
_RUNS = "denizot2019: computed independently by Gillespie's method, 24 runs of 4000 s"
_PROCESSES = "depitta2012, table 2: processes in slices, collected"
_HIGH, _LOW, _SETTLING = 80.0, 65.0, 200.0


def _range(mean: float, error: float) -> tuple[float, float]:
    """Twelve standard errors of 24 runs of 4000 s: four of the difference from eight runs of 2000 s."""
    return max(0.0, round(mean - 12 * error, 6)), round(mean + 12 * error, 6)


class MicrodomainMolecules(Experiment):
    """Puffs in a microdomain, one open channel each, that the law of mass action does not have.

    **Model** Calcium, IP3 and a thousand IP3 receptors with three binding sites in a well-mixed volume:
    every molecule counted (`StochasticMicrodomain`; denizot2019), and by the law of mass action
    (`MeanMicrodomain`). Counts, volume and time are in the units of the published program, with a second for
    the unit of time.

    **Protocol** Rest; by the law of mass action also 50 molecules of IP3 a second for one second, at 20 s
    from the steady state. 24 counted runs of 4000 s (eight of 2000 s in quick mode), 200 s left out; every
    transition is timed exactly.

    **Measure** Steady state and peaks by the law of mass action. Counted: means; puffs, from a rise above 80
    calcium ions until a fall below 65; the share of time in them; of the mean of all puffs, aligned where they cross 80
    ions, the time from 10 to 90 % of its height, the time constant of its decay and its width at half height.

    **Claims** Calcium in processes rises within 0.1 to 0.2 s, decays within 0.2 to 4 s and is some 0.5 to 4 s wide
    (depitta2012, collected from slices). What denizot2019 claims is about geometry, which is not part of this. Checks:
    computed independently from the equations of the published program. At rest less than a twentieth of a channel is
    open on average, which in truth is one channel for some seconds now and then.

    **What fails** All three: puffs are several times too slow, if a second is the unit of time that the program has.

    **Figure** A, B: calcium ions and open receptors in 1000 s of one counted run (dashed: mass action). C: how often
    each number of ions was there, in all runs. D: the answer to 50 molecules of IP3 by mass action. Quick runs: eight
    runs of 2000 s instead of 24 of 4000 s.
    """

    name = "denizot2019-microdomain"
    paper = "denizot2019"
    claims = (
        Claim("In processes calcium rises within", _PROCESSES, "puff_rise", (0.1, 0.2), unit="s"),
        Claim("In processes it decays with", _PROCESSES, "puff_decay", (0.2, 4.0), unit="s"),
        Claim("In processes it stays above half of its peak for", _PROCESSES, "puff_width", (0.5, 4.0), unit="s"),
    )
    checks = (
        computed("Mass action: calcium ions at rest", _EQUATIONS, "mean_ca", 52.0825, 1e-4),
        computed("Mass action: IP3 molecules at rest", _EQUATIONS, "mean_ip3", 13.0206, 1e-4),
        computed("Mass action: open receptors of 1000 at rest", _EQUATIONS, "mean_open", 0.0416, 2e-3),
        computed("Mass action: calcium ions at the peak after IP3", _EQUATIONS, "peak_ca", 57.90, 1e-3),
        computed("Mass action: IP3 molecules at their peak", _EQUATIONS, "peak_ip3", 62.2, 1e-3),
        computed("Mass action: calcium peaks at 48.8 s", _EQUATIONS, "peak_time", 48.8, 5e-3, "s"),
        computed("Counted: mean of calcium ions, 52.22 ± 0.13", _RUNS, "counted_ca", _range(52.217, 0.126)),
        computed("Counted: mean of IP3 molecules, 13.01 ± 0.14", _RUNS, "counted_ip3", _range(13.009, 0.141)),
        computed("Counted: mean of open receptors, 0.0442 ± 0.0025", _RUNS, "counted_open", _range(0.0442, 0.0025)),
        computed("Counted: puffs in 1000 s, 7.01 ± 0.28", _RUNS, "puffs", _range(7.01, 0.28)),
        computed("Counted: share of time in puffs, 0.0433 ± 0.0023", _RUNS, "in_puffs", _range(0.0433, 0.0023)),
        computed("Counted: standard deviation of calcium ions, 12.2", _RUNS, "counted_sd", 12.18, 0.15),
    )
    must_matter = {"microdomain.influx": 1.2}

    def models(self) -> dict[str, Model]:
        """The two forms."""
        return {
            "counted": Model(microdomain=Compartment(StochasticMicrodomain())),
            "mean": Model(microdomain=Compartment(MeanMicrodomain())),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Steady state and pulse by mass action; counted runs."""
        import xarray as xr

        return xr.Dataset(_mass_action(models["mean"]) | _counted(models["counted"], quick))

    def figure(self, data: xr.Dataset) -> Figure:
        """Calcium of a counted run, how it is distributed, and the response by mass action."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, height=5.0)
        panel = axes[0, 0]
        panel.plot(data["time"], data["course_ca"], color=COLOURS["astrocyte"], lw=0.6)
        panel.axhline(float(data["mean_ca"]), color="k", lw=0.9, ls="--")
        panel.set(xlabel="time (s)", ylabel="calcium ions", title="counted; dashed: mass action")
        panel = axes[0, 1]
        panel.plot(data["time"], data["course_open"], color=COLOURS["model"], lw=0.9, drawstyle="steps-post")
        panel.set(xlabel="time (s)", ylabel="open receptors of 1000", title="the same run")
        panel = axes[1, 0]
        panel.bar(data["ions"], data["share"], width=1.0, color=COLOURS["astrocyte"])
        panel.set(xlabel="calcium ions", ylabel="share of time", yscale="log", title="all runs")
        panel = axes[1, 1]
        panel.plot(data["pulse_time"], data["pulse_ca"], color=COLOURS["astrocyte"], label="calcium")
        panel.plot(data["pulse_time"], data["pulse_ip3"], color=COLOURS["transmitter"], label="IP3")
        panel.set(xlabel="time (s)", ylabel="molecules", title="mass action: IP3 for 1 s at 20 s", ylim=(0, None))
        panel.legend()
        label_panels(axes)
        return made


def _mass_action(model: Model) -> dict[str, Any]:
    from tripartite.solve import Tsit5, simulate

    tight = Tsit5(1e-9, 1e-10)
    rest = simulate(model, Constant(ip3_influx=0 / s), until=20_000 * s, solver=tight, save_at=[20_000] * s)
    states = {e.key: float(rest[e.key][-1]) for e in model.system.states}
    pulse = Pulses("ip3_influx", 50 / s, [20] * s, 1 * s)
    after = simulate(model.replace(states), pulse, until=400 * s, solver=tight, save_every=0.1 * s)
    ca, ip3 = after["ca_molecules"].values, after["ip3_molecules"].values
    time = after.data["time"].values
    return {
        "mean_ca": states["microdomain.ca_molecules"],
        "mean_ip3": states["microdomain.ip3_molecules"],
        "mean_open": states["microdomain.sites_ap"],
        "peak_ca": float(ca.max()),
        "peak_ip3": float(ip3.max()),
        **numbers(peak_time=time[ca.argmax()] * s),
        "pulse_time": ("pulse_time", time, {"units": "s"}),
        "pulse_ca": ("pulse_time", ca),
        "pulse_ip3": ("pulse_time", ip3),
    }


def _counted(model: Model, quick: bool) -> dict[str, Any]:
    from tripartite.analysis import calcium_events
    from tripartite.solve import simulate

    runs, until = (8, 2000.0) if quick else (24, 4000.0)
    result = simulate(model, Constant(ip3_influx=0 / s), until=until * s, save_every=0.1 * s, seed=range(runs))
    time = result.data["time"].values
    late = time > _SETTLING
    ca, ip3, opened = (result[n].values[:, late] for n in ("ca_molecules", "ip3_molecules", "sites_ap"))
    puffs = calcium_events(time[late], ca.T, _HIGH, back=_LOW)
    span = runs * (until - _SETTLING)
    ions, seen = np.unique(ca, return_counts=True)
    shown = (time > _SETTLING) & (time <= _SETTLING + 1000)
    return {
        "counted_ca": float(ca.mean()),
        "counted_sd": float(ca.std()),
        "counted_ip3": float(ip3.mean()),
        "counted_open": float(opened.mean()),
        "puffs": 1000 * len(puffs.start) / span,
        "in_puffs": float((puffs.stop - puffs.start).sum() / span),
        **_mean_puff(time[late], ca, puffs),
        "time": ("time", time[shown], {"units": "s"}),
        "course_ca": ("time", result["ca_molecules"].values[0, shown]),
        "course_open": ("time", result["sites_ap"].values[0, shown]),
        "ions": ("ions", ions),
        "share": ("ions", seen / seen.sum()),
    }


def _mean_puff(time: np.ndarray, ca: np.ndarray, puffs: CalciumEvents) -> dict[str, Any]:
    """Rise, decay and width of the mean of all puffs, aligned where they cross their threshold."""
    around = np.arange(-50, 200)
    begin = np.searchsorted(time, puffs.start)
    whole = (begin >= -around[0]) & (begin + around[-1] < len(time))
    rows = ca[puffs.place[whole], begin[whole] + around[:, None]]
    mean, moment = rows.mean(axis=1), around * (time[1] - time[0])
    mean = mean - mean[:20].mean()
    return numbers(
        puff_rise=rise(moment, mean) * s, puff_decay=decay(moment, mean) * s, puff_width=width(moment, mean) * s
    )
