"""Store-operated entry through STIM and Orai refills the store and so paces calcium oscillations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Experiment, computed, numbers
from tripartite.language import Model
from tripartite.mechanisms import SlowStoreOperatedEntry, StimOrai
from tripartite.models import StimOraiCell
from tripartite.protocols import Constant, Steps
from tripartite.solve import Tsit5, simulate
from tripartite.units import s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SOURCE = "computed independently from the equations of chen2008"
_SLOW = "computed independently from the affinity of luik2008 as coded by mandge_manchanda2018"

OPEN = {400: 0.026, 300: 0.082, 200: 0.330, 169: 0.5, 100: 0.901, 50: 0.994}
"""Open fraction of the slow gate by calcium of the store (µM)."""

_TIGHT = Tsit5(rtol=1e-9, atol=1e-12)
_ENTRIES = np.array([2.3, 1.0, 0.0])  # 1/(µM s), as published, lowered, off


class StimOraiOscillations(Experiment):
    """Store-operated entry through STIM and Orai refills the store and so paces calcium oscillations.

    **Model** `StimOraiCell` with the values of chen2008 (BioModels 202): receptors, leak and SERCA of the store,
    IP3 that calcium makes, leak and pump of the plasma membrane, and `StimOrai`, which lets calcium enter when STIM
    finds the store empty. Beside it `SlowStoreOperatedEntry`, whose affinity was measured (luik2008).

    **Protocol** 3,000 s with entry as published, lowered to 1 /(µM s) and off, from calcium 0.05 µM, store 10 µM,
    IP3 0.5 µM, h 0.8 and active STIM 0.06 µM, all channels taken apart. For the onset `StimOrai` alone, its store
    held at 15 µM for 100 s, then at 1 µM; and `SlowStoreOperatedEntry` alone, from 400 to 50 µM. The slow gate
    with its store held at six values.

    **Measure** Least and largest calcium and period from 1,000 to 2,000 s (period to 3,000 s); open channels after
    the store is emptied, and the time to half of the change; open channels of the slow gate after 200 s.

    **Claims** None: all are checks, computed independently from the same equations. The figures of the papers were not
    at hand.

    **Figure** A: calcium with entry as published, lowered and off. B: one spike with open channels and active STIM.
    C: periods by strength of entry; circles are independent. D: open channels after the store is emptied, of STIM and
    Orai and of the slow gate. Quick runs: 9 instead of 33 strengths of entry.

    **Beyond the checks** With the published constants an emptied store opens half of the channels of `StimOrai`
    within half a second; the slow gate needs 3.5 s with its time constant of 5 s. In cells it takes seconds to
    minutes. Less entry means longer silence while the store refills, and larger spikes.
    """

    name = "chen2008-stim-orai"
    paper = "chen2008"
    checks = (
        computed("least calcium", _SOURCE, "low", 0.0409, 2e-3, "µM"),
        computed("largest calcium", _SOURCE, "high", 3.604, 2e-3, "µM"),
        computed("period", _SOURCE, "period", 69.986, 2e-3, "s"),
        computed("least calcium of the store", _SOURCE, "store_low", 8.65, 1e-3, "µM"),
        computed("largest calcium of the store", _SOURCE, "store_high", 12.76, 1e-3, "µM"),
        computed("entry 1 /(µM s): period", _SOURCE, "weak_period", 338.97, 2e-3, "s"),
        computed("entry 1 /(µM s): largest calcium", _SOURCE, "weak_high", 4.7266, 2e-3, "µM"),
        computed("without entry: no oscillation", _SOURCE, "silent", True),
        computed("without entry: least calcium", _SOURCE, "silent_low", 0.0151, 5e-3, "µM"),
        computed("without entry: largest calcium", _SOURCE, "silent_high", 0.0155, 5e-3, "µM"),
        *(
            computed(f"slow gate: open at {er} µM in the store", _SLOW, f"gate_at_{er}", o, 2e-2)
            for er, o in OPEN.items()
        ),
    )
    must_matter = {"astrocyte.StimOrai.subunits": 0.75}

    def models(self) -> dict[str, Model]:
        """The cell, and entry alone, by STIM and Orai or by the slow gate."""
        return {
            "cell": StimOraiCell(),
            "entry": Model(astrocyte=StimOrai()),
            "gate": Model(astrocyte=SlowStoreOperatedEntry()),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Courses with three strengths of entry, periods along the strength, and the onset."""
        import xarray as xr

        made = _courses(models["cell"]) | _periods(models["cell"], 9 if quick else 33)
        return xr.Dataset(made | _onset(models["entry"], models["gate"]) | _gate(models["gate"]))

    def figure(self, data: xr.Dataset) -> Figure:
        """Courses, one spike with its channels, periods, onset."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.2, 5.0)
        _draw_courses(axes[0, 0], data)
        _draw_spike(axes[0, 1], data)
        panel = axes[1, 0]
        panel.plot(data["strength"], data["periods"], "o-", ms=3, color=COLOURS["astrocyte"])
        panel.plot([2.3, 1], [69.986, 338.97], "o", color="k", mfc="none", ms=6, label="independent")
        panel.set(xlabel="entry per open channel (1/(µM s))", ylabel="period (s)", ylim=(0, None))
        panel.legend()
        panel = axes[1, 1]
        kinds = (("onset", "astrocyte", "STIM and Orai"), ("slow_onset", "second", "slow gate, 5 s"))
        for name, colour, label in kinds:
            half = f"{label}: half in {float(data[f'{name}_half']):.1f} s"
            panel.plot(data["onset_time"], data[f"{name}_open"], color=COLOURS[colour], label=half)
        panel.set(xlabel="time after the store is emptied (s)", ylabel="open channels, relative")
        panel.set(xlim=(-2, 25), ylim=(0, 1.05))
        panel.legend(loc="lower right")
        label_panels(axes)
        return made


def _run(model: Model, strength: np.ndarray, until: float) -> Any:
    at = np.arange(1000, until, 0.1) * s
    vary = {"StimOrai.entry": strength / (uM * s)}
    return simulate(model, until=until * s, solver=_TIGHT, save_at=at, vary=vary)


def _courses(model: Model) -> dict[str, Any]:
    from tripartite.analysis import oscillation

    result = _run(model, _ENTRIES, 3000)
    ca = result["astrocyte.ca"]
    long = oscillation(result.data["time"], ca, smallest=0.01)
    second = slice(1000, 2000)
    window = oscillation(result.data["time"].sel(time=second), ca.sel(time=second), smallest=0.01)
    store = result["ca_er"].sel(time=second).values[0]
    seen = {"ca": ca, "open": result["orai_open"], "store": result["ca_er"]}
    found = numbers(
        low=float(window.low[0]) * uM,
        high=float(window.high[0]) * uM,
        period=float(long.period[0]) * s,
        store_low=store.min() * uM,
        store_high=store.max() * uM,
        weak_period=float(long.period[1]) * s,
        weak_high=float(window.high[1]) * uM,
        silent=np.isnan(long.period[2]),
        silent_low=float(window.low[2]) * uM,
        silent_high=float(window.high[2]) * uM,
    )
    return found | {
        "time": ("time", result.data["time"].values[:10000] - 1000, {"units": "s"}),
        **{n: (("entry", "time"), v.values[:, :10000], {"units": v.attrs["units"]}) for n, v in seen.items()},
    }


def _periods(model: Model, count: int) -> dict[str, Any]:
    from tripartite.analysis import oscillation

    strength = np.linspace(0.8, 4, count)
    result = _run(model, strength, 3000)
    found = oscillation(result.data["time"], result["astrocyte.ca"], smallest=0.01)
    return {"strength": ("strength", strength), "periods": ("strength", found.period.values, {"units": "s"})}


def _onset(entry: Model, gate: Model) -> dict[str, Any]:
    """Open channels after the store is emptied at once, of both kinds of entry."""
    time = np.arange(98, 140, 0.02)
    made: dict[str, Any] = {"onset_time": ("onset_time", time - 100, {"units": "s"})}
    for name, model, state, store in (
        ("onset", entry, "orai_open", [15, 1]),
        ("slow_onset", gate, "soce", [400, 50]),
    ):
        held = Constant(ca=0.1 * uM, ca_total=16 * uM) & Steps("ca_er", [0, 100] * s, store * uM)
        opened = simulate(model, held, until=140 * s, solver=_TIGHT, save_at=time * s)[state].values
        half = (opened[time <= 100][-1] + opened.max()) / 2
        made[f"{name}_open"] = ("onset_time", opened / opened.max())
        made[f"{name}_half"] = ((), float(time[(time > 100) & (opened >= half)][0]) - 100, {"units": "s"})
    return made


def _gate(model: Model) -> dict[str, Any]:
    """Open fraction of the slow gate with the store held."""
    held = Constant(ca=0.1 * uM, ca_total=16 * uM, ca_er=100 * uM)
    store = np.array(list(OPEN), dtype=float)
    result = simulate(model, held, until=200 * s, solver=_TIGHT, save_at=[200] * s, vary={"ca_er": store * uM})
    return {f"gate_at_{er}": float(value) for er, value in zip(OPEN, result["soce"].values[:, -1], strict=True)}


def _draw_courses(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    shown = zip((1, 0, 2), ("second", "astrocyte", "perturbation"), ("1", "2.3 (published)", "off"), strict=True)
    for member, colour, label in shown:
        panel.plot(data["time"], data["ca"].isel(entry=member), color=COLOURS[colour], label=label)
    panel.set(xlabel="time (s)", ylabel="calcium (µM)", xlim=(0, 800), ylim=(-0.1, 8.2))
    panel.legend(
        title="entry (1/(µM s))", title_fontsize=8, ncols=3, loc="upper center", columnspacing=1, handlelength=1.2
    )


def _draw_spike(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    names = (("ca", "astrocyte", "calcium"), ("store", "neuron", "store"), ("open", "model", "open channels"))
    for name, colour, label in names:
        course = data[name].isel(entry=0).values
        panel.plot(data["time"], course / course.max(), color=COLOURS[colour], label=label)
    panel.set(xlabel="time (s)", ylabel="part of largest", xlim=(0, 160), ylim=(0, 1.32))
    panel.legend(ncols=3, loc="upper center", columnspacing=1, handlelength=1.2)
