r"""How long a synapse keeps what gliotransmitter did to it: a fraction of a second, minutes, or for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Expected, Experiment
from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import (
    Efficacy,
    ExponentialExcitation,
    LeakyIntegrateFire,
    PairStdp,
    PlasticEfficacy,
    PostspikeGate,
    PresynapticNmda,
    PresynapticReceptor,
    TsodyksMarkram,
    Weight,
)
from tripartite.parameters import depitta_brunel2016
from tripartite.protocols import Constant, Pairings, Pulses, RegularSpikes, SpikeTrain
from tripartite.solve import Tsit5, simulate
from tripartite.units import Hz, ms, nS, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PUFF, LASTS, AMOUNT = 10.5, 2.0, 5.0
"""Gliotransmitter comes at a time (s), for a time (s), in a concentration (µM)."""
SPIKES = 1.0 + np.arange(60)
"""Times of the presynaptic spikes (s)."""
LEVELS = np.geomspace(1e-4, 100, 31)
RATES = (0.5, 1, 2, 5, 10, 20)

_KINDS = ("ionotropic", "metabotropic")
_WORDS = {"ionotropic": "presynaptic NMDA receptor", "metabotropic": "metabotropic receptor", "plastic": "gated STDP"}
_COLOURS = {"ionotropic": "neuron", "metabotropic": "astrocyte", "plastic": "perturbation"}
_STATES = {"ionotropic": "prenmda_bound", "metabotropic": "bound"}
_KAMPA = "binding of kampa2004 to receptors at spines"
_SLOW = "binding of example 3 of stimberg2019 to presynaptic receptors"
_SPIKE_BY_SPIKE = "equations of the synapse of depitta2011, spike by spike"
_SUM = "song2000, sum over pairs in the gate"
_ALIKE = "kinetics of the receptors, which are given the same effect"


def _closed(statement: str, source: str, number: str, expected: Expected, tolerance: float = 0.0,
            unit: str = "1") -> Check:  # fmt: skip
    return Check(statement, source, number, expected, tolerance, unit, basis=Basis.CLOSED_FORM)


_FINE = Tsit5(rtol=1e-10, atol=1e-14)


class GliotransmissionMemory(Experiment):
    r"""The same gliotransmitter changes a synapse for a fraction of a second, for minutes, or for good.

    **Model** A facilitating synapse (`TsodyksMarkram`, values of depitta_brunel2016) whose basal release probability
    rises with presynaptic receptors that gliotransmitter binds: NMDA receptors (*ionotropic*, `PresynapticNmda`) or
    receptors with slow binding (*metabotropic*, `PresynapticReceptor`). *plastic*: a synapse whose weight follows
    `PairStdp` with a `PostspikeGate` and sets the conductance of a spike (`PlasticEfficacy`). All end on an
    excitatory conductance of a leaky neuron.

    **Protocol** A presynaptic spike every second for a minute. 5 µM of gliotransmitter for 2 s, from 10.5 s on; for
    the plastic synapse the gate of the astrocyte is open in its place, and a postsynaptic spike follows each
    presynaptic one by 10 ms. Gliotransmitter held at 0.1 nM to 100 µM. Regular trains with no receptor and with
    nearly every receptor bound.

    **Measure** Conductance that each spike opens; bound receptors and their return; release by a spike at the end of
    a regular train.

    **Claims** None is published. Checks: closed forms of the parts: where half the receptors are bound, how fast they
    let go (kampa2004, stimberg2019), release spike by spike (depitta2011), weight as a sum over pairs (song2000). With
    them, and the assumptions below, the order of how long the change lasts.

    **Assumed** Twice the release probability when all receptors are bound, in both kinds, so that they differ in
    kinetics only; that the gate of the astrocyte opens with the gliotransmitter. Slow signals in the terminal may
    outlast NMDA receptors; they are not part of the model.

    **Figure** A: change of the conductance that each spike opens, with three ways to act; gliotransmitter is there in
    the shaded time. B: bound receptors around it. C: bound receptors at held gliotransmitter, points at half. D:
    release by a spike of a long regular train, without and with NMDA receptors bound; lines are closed forms.
    """

    name = "gliotransmission-memory"
    paper = "depitta2011"
    checks = (
        _closed("Half of the presynaptic NMDA receptors are bound at 0.56 µM", _KAMPA, "half_ionotropic", 0.56, 1e-4,
                "µM"),
        _closed("Half of the metabotropic receptors are bound at 5.556 nM", _SLOW, "half_metabotropic", 1 / 180, 1e-4,
                "µM"),
        _closed("Presynaptic NMDA receptors let go with 178.6 ms", _KAMPA, "tau_ionotropic", 1 / 5.6, 1e-4, "s"),
        _closed("Metabotropic receptors let go with 120 s", _SLOW, "tau_metabotropic", 120, 1e-4, "s"),
        *(_closed(f"Conductance of every spike, {_WORDS[kind]} (largest relative deviation)", _SPIKE_BY_SPIKE,
                  f"error_{kind}", (0, 1e-7)) for kind in _KINDS),
        *(_closed(f"Release by trains of 0.5 to 20 Hz, {words} (largest relative deviation)", _SPIKE_BY_SPIKE,
                  f"train_error_{number}", (0, 1e-4))
          for number, words in (("free", "no receptor bound"), ("filled", "receptors bound"))),
        _closed("Pairs outside the gate leave the conductance as it is (largest change)", _SUM, "outside", (0, 1e-9),
                0.0, "nS"),
        _closed("Two pairs in the gate raise it by twice the window at 10 ms", _SUM, "raised",
                2 * 0.005 * float(np.exp(-10 / 20)), 1e-7),
        Check("The spike 1.5 s after it left: the ionotropic change has gone, within 2 %", _ALIKE, "left_ionotropic",
              (-0.02, 0.02), basis=Basis.DEMONSTRATION),
        Check("At the end of the minute more than half of the metabotropic change is left", _ALIKE,
              "left_metabotropic", (0.5, 1), basis=Basis.DEMONSTRATION),
        _closed("At the end of the minute all of the plastic change is left", _SUM, "left_plastic", 1, 1e-7),
    )  # fmt: skip
    must_matter = {"synapse.unbinding": 4, "synapse.tau_plus": 1.5}

    def models(self) -> dict[str, Model]:
        alike = "assumed: as raised by NMDA receptors"
        return {
            "ionotropic": _synapse(PresynapticNmda()),
            "metabotropic": _synapse(PresynapticReceptor()).replace({"effect": 0.3}, alike),
            "plastic": _onto_neuron(Compartment(PairStdp(), PostspikeGate(), Weight(), PlasticEfficacy())),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        found: dict[str, Any] = {"spike": ("spike", SPIKES, {"units": "s"})}
        for kind in _KINDS:
            found |= _modulated(models[kind], kind) | _held(models[kind], kind)
        return xr.Dataset(found | _paired(models["plastic"]) | _trains(models["ionotropic"]))

    def figure(self, data: xr.Dataset) -> Figure:
        """Strength of each spike, bound receptors after the puff, binding, and release by regular trains."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, height=5.4)
        (strength, bound), (held, trains) = axes
        for kind, words in _WORDS.items():
            change = 100 * (data[f"conductance_{kind}"] / data[f"before_{kind}"] - 1)
            strength.plot(data["spike"], change, "o-", ms=2.5, lw=0.9, color=COLOURS[_COLOURS[kind]], label=words)
        strength.axvspan(PUFF, PUFF + LASTS, color=COLOURS["transmitter"], alpha=0.3, lw=0)
        strength.set(xlabel="time of the spike (s)", ylabel="change of conductance (%)")
        strength.set_yscale("symlog", linthresh=0.1)
        strength.set(ylim=(-0.02, 3000), yticks=(0, 0.1, 1, 10, 100))
        strength.legend(loc="upper right", fontsize=7)
        for kind in _KINDS:
            colour = COLOURS[_COLOURS[kind]]
            bound.plot(data["time"], data[f"bound_{kind}"], color=colour, label=_WORDS[kind])
            held.plot(data["level"], data[f"held_{kind}"], color=colour, label=_WORDS[kind])
            held.plot(data[f"half_{kind}"], 0.5, "o", ms=5, color=colour)
        bound.axvspan(0, LASTS, color=COLOURS["transmitter"], alpha=0.3, lw=0)
        bound.set(xlabel="time after gliotransmitter came (s)", ylabel="receptors bound", ylim=(0, 1.05))
        bound.legend(fontsize=7, loc="center right")
        held.set(xscale="log", xlabel="gliotransmitter (µM)", ylabel="receptors bound", ylim=(0, 1.05))
        _draw_trains(trains, data)
        label_panels(axes)
        return made


def _onto_neuron(synapse: Compartment) -> Model:
    neuron = Compartment(LeakyIntegrateFire(), ExponentialExcitation())
    return Model(synapse=synapse, neuron=neuron, wiring=[synapse.conductance >> neuron.excitation])


def _synapse(receptor: Mechanism) -> Model:
    bouton = Compartment(TsodyksMarkram(), receptor, Efficacy(weight=1 * nS))
    return _onto_neuron(bouton).using(depitta_brunel2016.FACILITATING)


def _opened(model: Model, protocol: Any) -> np.ndarray:
    """Conductance (nS) that each spike opens."""
    closing = float(np.exp(-1 / model["tau_e"].to("ms").magnitude))
    run = simulate(model, protocol, until=(SPIKES[-1] + 1) * s, save_at=(SPIKES + 1e-3) * s, solver=_FINE)
    return run["g_e"].values / closing


def _value(model: Model, name: str, unit: str) -> float:
    return float(model[name].to(unit).magnitude)


def _probabilities(model: Model, kind: str) -> tuple[float, float]:
    """Basal release probability with no receptor and with all receptors bound."""
    raised = "raised" if kind == "ionotropic" else "effect"
    return _value(model, "u0", "1"), _value(model, raised, "1")


def _bound(model: Model, time: np.ndarray) -> np.ndarray:
    """Bound receptors at times (s) when gliotransmitter is there during the puff."""
    off = _value(model, "unbinding", "1/s")
    both = _value(model, "binding", "1/uM/s") * AMOUNT + off
    share = 1 - off / both
    since = np.clip(time - PUFF, 0, LASTS)
    return share * (1 - np.exp(-both * since)) * np.exp(-off * np.clip(time - PUFF - LASTS, 0, None))


def _released(model: Model, times: np.ndarray, basal: np.ndarray) -> np.ndarray:
    """Release by spikes at times (s) at basal release probabilities, in closed form between them."""
    recovery, facilitation = _value(model, "recovery", "1/s"), _value(model, "facilitation", "1/s")
    u, x, found = 0.0, 1.0, []
    for interval, probability in zip(np.diff(times, prepend=times[0]), basal, strict=True):
        u *= np.exp(-facilitation * interval)
        x = 1 - (1 - x) * np.exp(-recovery * interval)
        u += probability * (1 - u)
        found.append(u * x)
        x -= u * x
    return np.array(found)


def _modulated(model: Model, kind: str) -> dict[str, Any]:
    """Every spike before, during and after the puff; bound receptors around it."""
    puff = Pulses("gliotransmitter", AMOUNT * uM, [PUFF] * s, LASTS * s)
    conductance = _opened(model, SpikeTrain(SPIKES * s) & puff)
    free, filled = _probabilities(model, kind)
    closed = _released(model, SPIKES, free + (filled - free) * _bound(model, SPIKES))
    time = np.linspace(-1, 6, 351)
    run = simulate(model, puff, until=17 * s, save_at=(PUFF + time) * s, solver=_FINE)
    bound = run[_STATES[kind]].values
    late = time > LASTS + 0.02
    control = _released(model, SPIKES, np.full(SPIKES.size, free))
    changes = (conductance - control) / (conductance - control)[(PUFF < SPIKES) & (SPIKES < PUFF + LASTS)].max()
    place = -1 if kind == "metabotropic" else np.searchsorted(SPIKES, PUFF + LASTS + 1.4)
    return {
        f"conductance_{kind}": ("spike", conductance, {"units": "nS"}),
        f"before_{kind}": ("spike", control, {"units": "nS"}),
        f"error_{kind}": float(np.max(np.abs(conductance / closed - 1))),
        f"left_{kind}": float(changes[place]),
        "time": ("time", time, {"units": "s"}),
        f"bound_{kind}": ("time", bound),
        f"tau_{kind}": ((), -1 / np.polyfit(time[late], np.log(bound[late]), 1)[0], {"units": "s"}),
    }


def _held(model: Model, kind: str) -> dict[str, Any]:
    """Receptors bound at held concentrations, and the one that binds half of them."""
    run = simulate(
        model, Constant(gliotransmitter=1 * uM), until=3000 * s, save_at=[3000] * s, solver=_FINE,
        vary={"gliotransmitter": LEVELS * uM},
    )  # fmt: skip
    bound = run[_STATES[kind]].values[:, -1]
    odds = np.log(bound / (1 - bound))
    return {
        "level": ("level", LEVELS, {"units": "uM"}),
        f"held_{kind}": ("level", bound),
        f"half_{kind}": ((), float(np.exp(np.interp(0, odds, np.log(LEVELS)))), {"units": "uM"}),
    }


def _paired(model: Model) -> dict[str, Any]:
    """Pairs, of which those during the puff count."""
    pairs = Pairings(10 * ms, len(SPIKES), 1 * Hz, start=SPIKES[0] * s)
    conductance = _opened(model, pairs & Pulses("gate", 1, [PUFF] * s, LASTS * s))
    strength = _value(model, "strength", "nS")
    early, after = SPIKES < PUFF + 1, SPIKES > PUFF + LASTS
    raised = conductance[after] / strength - 1
    return {
        "conductance_plastic": ("spike", conductance, {"units": "nS"}),
        "before_plastic": ("spike", np.full(SPIKES.size, strength), {"units": "nS"}),
        "outside": ((), float(np.max(np.abs(conductance[early] - strength))), {"units": "nS"}),
        "raised": float(raised[-1]),
        "left_plastic": float(raised[-1] / raised[0]),
    }


def _trains(model: Model) -> dict[str, Any]:
    """What the last of many regular spikes releases, without and with gliotransmitter."""
    free, filled = _probabilities(model, "ionotropic")
    found: dict[str, Any] = {"rate": ("rate", list(RATES), {"units": "Hz"})}
    closing = _value(model, "tau_e", "s")
    for name, level in (("free", 0.0), ("filled", 1000.0)):
        steady, closed = [], []
        for rate in RATES:
            count = int(10 + 8 * rate)
            times = 2 + np.arange(count) / rate
            train = RegularSpikes(rate * Hz, start=2 * s) & Constant(gliotransmitter=level * uM)
            save = [times[-1] - 1e-6, times[-1] + 1e-6] * s
            g = simulate(model, train, until=save[-1] + 1 * ms, save_at=save, solver=_FINE)["g_e"].values
            steady.append(g[1] * np.exp(1e-6 / closing) - g[0] * np.exp(-1e-6 / closing))
            bound = level / (level + _value(model, "unbinding", "1/s") / _value(model, "binding", "1/uM/s"))
            closed.append(_released(model, times, np.full(count, free + (filled - free) * bound))[-1])
        found[f"train_{name}"] = ("rate", steady)
        found[f"closed_{name}"] = ("rate", closed)
        found[f"train_error_{name}"] = float(np.max(np.abs(np.array(steady) / closed - 1)))
    return found


def _draw_trains(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for name, colour, words in (("free", "data", "none bound"), ("filled", "neuron", "NMDA receptors bound")):
        panel.plot(data["rate"], data[f"closed_{name}"], color=COLOURS[colour], label=f"{words}, closed form")
        panel.plot(data["rate"], data[f"train_{name}"], "o", ms=4, color=COLOURS[colour])
    panel.set(xscale="log", xlabel="rate of regular spikes (Hz)", ylabel="released by a spike", ylim=(0, None))
    panel.legend(fontsize=7)
