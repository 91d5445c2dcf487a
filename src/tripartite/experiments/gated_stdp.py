"""Spike timing decides the sign of plasticity, the astrocyte whether there is any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.language import Compartment, Model
from tripartite.mechanisms import (
    EligibilityWeight,
    Ip3Metabolism,
    LiRinzel,
    PairStdp,
    PostspikeGate,
    StaticGlutamateReceptor,
    Weight,
)
from tripartite.models import GatedSynapse
from tripartite.parameters import depitta2009
from tripartite.protocols import Constant, Pairings, Pulses, SpikeTrain, Steps
from tripartite.solve import Tsit5, simulate
from tripartite.units import Hz, ms, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

GATES = np.array([0.0, 0.5, 1.0])
PRE, POST = 100.0, 110.0  # ms: one pair, 10 ms apart
PULSE = 5.0  # ms
_FINE = Tsit5(rtol=1e-11, atol=1e-15)
_RULE = "three-factor rule of fremaux_gerstner2016 with its gate read at the postsynaptic spike"
_WINDOW = "pair rule of song2000"
_TRACE = "eligibility trace of fremaux_gerstner2016"


class GatedPlasticity(Experiment):
    r"""An astrocyte that gates spike-timing-dependent plasticity, at the spike or by an eligibility trace.

    **Model** *gated*: a weight that a pair changes by f(t_post - t_pre) g_a(t_post). *eligibility*: pairs
    write into a trace that g_a turns into weight. *lagging*: that trace, gated by an astrocyte that follows
    calcium with 0.2 s lag. *astrocyte*: the first rule with a gate that follows the calcium of a G-ChI
    astrocyte (amplitude modulation). Weights start at 0, so that a change is exact in floating point.

    **Protocol** One pair at each delay from -100 to 100 ms with g_a = 0, 0.5, 1. One pair of +10 ms, and of
    -10 ms, with g_a = 1 during 5 ms that begin from 10 ms before to 10 ms after the postsynaptic spike.
    One pair whose gate opens T = 0 to 3 s later. An impulse of calcium 1 s after a pair. Pairs of +10 ms at
    1 Hz for 120 s while glutamate rises from 0 to 1 µM between 40 s and 60 s; pairs from 75 s on, when the
    gate has closed again, count as without glutamate.

    **Measure** Change of the weight; time constants by regression of its logarithm.

    **Claims** None is published with a number. Checks: closed forms of the rules, song2000 and fremaux_gerstner2016.
    F(dt) = A+ exp(-dt/tau+) after, -A- exp(dt/tau-) before, with a twentieth more depression than potentiation; no
    change at all with a silent astrocyte; only the gate at the postsynaptic spike counts; a trace decays by
    exp(-T/tau_e), and an impulse of a third factor that lasts tau_d converts
    exp(-T/tau_e) tau_e tau_d / (tau_e + tau_d) of it (izhikevich2007: 0.06131 for 1 s, 1 s and 0.2 s).

    **Assumed** The half-opening calcium and lag of the gate, and tau_e = 1 s; only closed forms and exact
    zeros rest on them. When the presynaptic spike completes a pair the gate is still the one at the
    postsynaptic spike, as the rule is written. At rest the gate of the G-ChI astrocyte is nearly, not
    exactly, closed.

    **Figure** A: change by one pair by its delay, with a closed, half open and open gate. B: the same for two delays by
    when a gate of 5 ms opens; shaded where it is open at the postsynaptic spike. C: change by a pair whose gate opens
    later, with an eligibility trace (points; line the closed form) and without. D: calcium, gate, and the change by
    each pair. Quick runs: delays 10 instead of 2 ms apart.
    """

    name = "astrocyte-gated-stdp"
    paper = "fremaux_gerstner2016"
    checks = (
        Check("A silent astrocyte: no change at any delay (largest)", _RULE, "silent", (0, 0), basis=Basis.LAW),
        Check("An open gate gives pair STDP (largest relative deviation)", _WINDOW, "window_error", (0, 1e-9),
              basis=Basis.CLOSED_FORM),
        Check("A pair 10 ms apart potentiates by 0.005 exp(-10/20)", _WINDOW, "potentiated",
              0.005 * float(np.exp(-0.5)), 1e-9, basis=Basis.CLOSED_FORM),
        Check("Area of the window: depression over potentiation", _WINDOW, "area_ratio", 1.05, 1e-9,
              basis=Basis.CLOSED_FORM),
        Check("A gate open at the postsynaptic spike counts in full", _RULE, "open_at_spike", True,
              basis=Basis.CLOSED_FORM),
        Check("A gate that opens 1 ms after it has no effect at all", _RULE, "after_spike", (0, 0), basis=Basis.LAW),
        Check("The same when the presynaptic spike completes the pair", _RULE, "post_before_pre", True,
              basis=Basis.CLOSED_FORM),
        Check("A trace decays by exp(-T/tau_e) (largest relative deviation)", _TRACE, "trace_error", (0, 1e-8),
              basis=Basis.CLOSED_FORM),
        Check("Trace that an impulse 1 s later converts", "izhikevich2007", "impulse", 0.06131, 1e-4, "s",
              basis=Basis.CLOSED_FORM),
        Check("With a calcium gate each pair counts F(dt) g_a(t_post) (relative)", _RULE, "gate_error", (0, 1e-9),
              basis=Basis.CLOSED_FORM),
        Check("A pair without glutamate changes the weight by less than 5 % of the largest",
              "own criterion of a closed gate", "outside", (0, 0.05), basis=Basis.DEMONSTRATION),
    )  # fmt: skip
    must_matter = {"synapse.tau_minus": 1.5, "synapse.tau_e": 1.5}

    def models(self) -> dict[str, Model]:
        start, chosen = {"synapse.weight": 0}, "assumed: chosen for this experiment"
        calcium = LiRinzel(), Ip3Metabolism(), StaticGlutamateReceptor()
        gated, eligible = [PairStdp(), PostspikeGate(), Weight()], [PairStdp(), EligibilityWeight()]
        lagging = GatedSynapse(eligible).replace({"astrocyte.AstrocyteGate.tau": 0.2 * s}, chosen)
        return {
            "gated": Model(synapse=Compartment(*gated)).replace(start),
            "eligibility": Model(synapse=Compartment(*eligible)).replace(start),
            "lagging": lagging.replace(start),
            "astrocyte": GatedSynapse(None, *calcium).using(depitta2009.AM).replace(start),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        parts = [
            _window(models["gated"], 10.0 if quick else 2.0),
            _order(models["gated"]),
            _trace(models["eligibility"]),
            _impulse(models["lagging"]),
            _astrocyte(models["astrocyte"]),
        ]
        return xr.merge(parts)

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.6)
        (window, order), (trace, astrocyte) = axes
        for gate, shade in zip(GATES, ("faint", "second", "neuron"), strict=True):
            for side in (data["delay"] < 0, data["delay"] > 0):
                row = 100 * data["window"].sel(gate=gate, delay=data["delay"][side])
                label = f"$g_a$ = {gate:g}" if bool(side[-1]) else None
                window.plot(row["delay"], row, "o-", color=COLOURS[shade], ms=2, lw=1, label=label)
        window.axvline(0, color=COLOURS["faint"], lw=0.8)
        window.set(xlabel="delay $t_{post} - t_{pre}$ (ms)", ylabel="change of weight (%)")
        window.legend()
        order.axvspan(-PULSE, 0, color=COLOURS["transmitter"], alpha=0.25, lw=0)
        order.plot(data["lag"], 100 * data["by_lag"], "o", color=COLOURS["neuron"], ms=4, label="delay +10 ms")
        order.plot(data["lag"], 100 * data["by_lag_before"], "o", color=COLOURS["model"], ms=4, label="delay -10 ms")
        order.text(-PULSE / 2, 0.02, "gate open\nat the spike", ha="center", fontsize=7)
        order.set(xlabel="gate opens after the postsynaptic spike (ms)", ylabel="change of weight (%)")
        order.set_xticks(range(-10, 11, 5))
        order.legend(loc="upper right")
        trace.plot(data["opening"], 100 * data["trace_closed_form"], color=COLOURS["neuron"], label="closed form")
        measured = 100 * data["by_opening"]
        trace.plot(data["opening"], measured, "o", color=COLOURS["model"], ms=4, label="eligibility trace")
        trace.axhline(0, color=COLOURS["faint"], lw=0.8, label="gate read at the spike")
        trace.set(xlabel="gate opens after the pair (s)", ylabel="change of weight (%)")
        trace.legend()
        _draw_astrocyte(astrocyte, data)
        label_panels(axes)
        return made


def _pair_rule(model: Model, delay: np.ndarray) -> np.ndarray:
    """The window F(delay), delay in ms, from the parameters of the model."""
    up, down = float(model["potentiation"]), float(model["depression"])
    tau_plus, tau_minus = (float(model[name].to("ms").magnitude) for name in ("tau_plus", "tau_minus"))
    return np.where(delay > 0, up * np.exp(-delay / tau_plus), -down * np.exp(delay / tau_minus))


def _window(model: Model, spacing: float) -> xr.Dataset:
    """Change by one pair at each delay, for each gate."""
    import xarray as xr

    positive = np.arange(spacing, 100 + spacing / 2, spacing)
    delay = np.concatenate([-positive[::-1], positive])
    rows = []
    for d in delay:
        pair = Constant(gate=0) & Pairings(d * ms, 1, 1 * Hz)
        run = simulate(model, pair, until=300 * ms, save_at=[300] * ms, vary={"gate": GATES}, solver=_FINE)
        rows.append(run["weight"].values[:, -1])
    change = np.array(rows).T
    silent, _, full = change
    slopes = [np.polyfit(delay[side], np.log(np.abs(full[side])), 1) for side in (delay > 0, delay < 0)]
    return xr.Dataset(
        {
            "window": (("gate", "delay"), change, {"units": "1"}),
            "silent": float(np.max(np.abs(silent))),
            "window_error": float(np.max(np.abs(full / _pair_rule(model, delay) - 1))),
            "potentiated": full[np.abs(delay - 10).argmin()],
            "area_ratio": float(-np.exp(slopes[1][1] - slopes[0][1]) * slopes[0][0] / slopes[1][0]),
        },
        {"gate": GATES, "delay": ("delay", delay, {"units": "ms"})},
    )


def _order(model: Model) -> xr.Dataset:
    """Change by one pair when the gate is open for 5 ms, by when it opens."""
    import xarray as xr

    lag = np.arange(-10.0, 11.0)
    rows = []
    for before in (PRE, 2 * POST - PRE):
        spikes = SpikeTrain([before] * ms) & SpikeTrain([POST] * ms, event="postspike")
        gates = [Pulses("gate", 1, [POST + opens] * ms, PULSE * ms) for opens in lag]
        runs = [simulate(model, spikes & gate, until=200 * ms, save_at=[200] * ms, solver=_FINE) for gate in gates]
        rows.append(np.array([float(run["weight"][-1]) for run in runs]))
    full = _pair_rule(model, np.array([POST - PRE, PRE - POST]))
    covers = (lag > -PULSE) & (lag <= 0)
    right = [np.allclose(row[covers], f, rtol=1e-9, atol=0) for row, f in zip(rows, full, strict=True)]
    return xr.Dataset(
        {
            "by_lag": ("lag", rows[0], {"units": "1"}),
            "by_lag_before": ("lag", rows[1], {"units": "1"}),
            "open_at_spike": float(right[0]),
            "after_spike": float(np.max(np.abs(rows[0][lag >= 1]))),
            "post_before_pre": float(right[1] and not np.any(rows[1][~covers])),
        },
        {"lag": ("lag", lag, {"units": "ms"})},
    )


def _trace(model: Model) -> xr.Dataset:
    """Change by one pair when the gate opens later and stays open, as an eligibility trace converts it."""
    import xarray as xr

    opening = np.linspace(0, 3, 13)
    spikes = SpikeTrain([PRE] * ms) & SpikeTrain([POST] * ms, event="postspike")
    change = []
    for t in opening:
        gate = Steps("gate", [0, POST / 1000 + t] * s, [0, 1])
        change.append(float(simulate(model, spikes & gate, until=60 * s, save_at=[60] * s, solver=_FINE)["weight"][-1]))
    measured = np.array(change)
    tau = float(model["tau_e"].to("s").magnitude)
    # What the gate finds at T and turns into weight until 60 s.
    expected = _pair_rule(model, np.array(POST - PRE)) * (np.exp(-opening / tau) - np.exp(-(60 - POST / 1000) / tau))
    return xr.Dataset(
        {
            "by_opening": ("opening", measured, {"units": "1"}),
            "trace_closed_form": ("opening", expected, {"units": "1"}),
            "trace_error": float(np.max(np.abs(measured / expected - 1))),
        },
        {"opening": ("opening", opening, {"units": "s"})},
    )


def _impulse(model: Model) -> xr.Dataset:
    """Conversion by a saturating impulse of calcium 1 s after a pair, per unit of trace and of impulse."""
    import xarray as xr

    spikes = SpikeTrain([PRE] * ms) & SpikeTrain([POST] * ms, event="postspike")
    pulse = Pulses("astrocyte.ca", 1e4 * uM, [POST + 1000] * ms, 10 * ms)
    run = simulate(model, spikes & pulse, until=60 * s, save_at=[60] * s, solver=_FINE)
    tau_e = float(model["tau_e"].to("s").magnitude)
    lag = float(model["AstrocyteGate.tau"].to("s").magnitude)
    # The gate rises by the area of the pulse over its lag; the trace decays a little while the pulse lasts.
    size = tau_e * (1 - np.exp(-0.010 / tau_e)) / lag
    trace = float(_pair_rule(model, np.array(POST - PRE)))
    return xr.Dataset({"impulse": ((), float(run["weight"][-1]) * tau_e / (trace * size), {"units": "s"})})


def _astrocyte(model: Model) -> xr.Dataset:
    """Pairs at 1 Hz while glutamate raises the calcium of the astrocyte for a while."""
    import xarray as xr

    until = 120 * s
    glutamate = Pulses("astrocyte.glutamate", 1 * uM, [40] * s, 20 * s)
    before = np.arange(until.magnitude) + 0.5
    after = before + (POST - PRE) / 1000
    spikes = SpikeTrain(before * s) & SpikeTrain(after * s, event="postspike")
    run = simulate(model, spikes & glutamate, until=until, save_at=np.sort([*before, *after]) * s, solver=_FINE)
    gate, weight = run["gate"].values[1::2], run["weight"].values
    change = weight[1::2] - weight[::2]
    # Each pair also meets the traces of those before it, a second away.
    pair = float(_pair_rule(model, np.array(POST - PRE)))
    # The gate needs some lags to close after the last calcium oscillation.
    inside = (after >= 40) & (after < 75)
    slow = simulate(model, spikes & glutamate, until=until, save_every=0.2 * s, solver=_FINE)
    return xr.Dataset(
        {
            "calcium": ("time", slow["astrocyte.ca"].values, {"units": "uM"}),
            "gate_course": ("time", slow["gate"].values, {"units": "1"}),
            "by_pair": ("pair", change, {"units": "1"}),
            "gate_error": float(np.max(np.abs(change - pair * gate)) / np.max(pair * gate)),
            "outside": float(np.max(change[~inside]) / np.max(change[inside])),
        },
        {"time": slow.time, "pair": ("pair", after, {"units": "s"})},
    )


def _draw_astrocyte(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS, bars
    from tripartite.language.protocol import Bar

    panel.plot(data["time"], data["calcium"], color=COLOURS["astrocyte"], label="calcium (µM)")
    panel.plot(data["time"], data["gate_course"], color=COLOURS["transmitter"], label="gate $g_a$")
    change = data["by_pair"] / float(data["by_pair"].max())
    panel.plot(data["pair"], change, ".", color=COLOURS["neuron"], ms=4, label="change by a pair / largest")
    panel.set(xlabel="time (s)", ylabel="calcium, gate, change", ylim=(-0.03, 1.5))
    panel.legend(loc="upper right")
    bars(panel, [Bar("glutamate 1 µM", 40, 60)])
