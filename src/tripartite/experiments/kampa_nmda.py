"""Magnesium leaves NMDA receptors fast and slowly, and the slow part makes the timing of spikes matter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Experiment
from tripartite.experiments.kinetic_schemes import steady
from tripartite.experiments.nmda_measures import components, fitted, half_width, relaxation, responses, transients
from tripartite.language import Compartment, Model
from tripartite.mechanisms import KampaNmda
from tripartite.units import mM, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OPEN = {-70: (1.41e-4, 4e-3), 40: (1.0072e-2, 1e-4)}
"""Membrane potential (mV), fraction open at 1 mM glutamate and 1 mM magnesium, and half its last digit."""
LEFT = {-70: (0.0149, 4e-3), -40: (0.133, 4e-3), 0: (0.781, 1e-3)}
"""The same over what is open at 1 µM magnesium."""

_STEADY = "equations of the kinetic model of kampa2004"
_ABSTRACT = "kampa2004, abstract"
_BLANPIED = "blanpied2005, table 1: NR1/2B in HEK cells"


def _words(v: int) -> str:
    return f"{v} mV".replace("-", "−")


class KampaUnblock(Experiment):
    """Magnesium leaves NMDA receptors fast and slowly, and the slow part makes the timing of spikes matter.

    **Model** The ten-state receptor of kampa2004 (`KampaNmda`). *free*: the same without magnesium, whose open
    fraction times the equation of Jahr and Stevens (1990) stands for an instantaneous block.

    **Protocol** Glutamate and potential held. Then 1 mM glutamate at -60 mV and a step to +40 mV after 10 ms or 3.5 s;
    the same from -67 mV in a tenth of the magnesium, with two exponentials. Then 1 ms of 1 mM glutamate at -70 mV and a
    depolarisation to +20 mV for 2 ms, 5 to 300 ms later.

    **Measure** Steady fractions of the states. Three exponentials fitted to the open fraction after both steps, and
    their shares of what rises. The time integral of the open fraction from the start of the brief depolarisation to
    1 ms after it, by delay; its half width.

    **Claims** The abstract reports time constants of about 0.1, 4 and about 300 ms, whose shares depend on when the
    step comes; that magnesium lowers opening and affinity and enhances desensitisation; that an early depolarisation
    opens channels better; and that the timing curve is narrower than with an instantaneous block. "About" and "4" are
    read as half of the last digit. After a step from -67 to +40 mV in 0.1 mM magnesium recombinant NR1/2B receptors
    relax with 0.399 ± 0.031 ms (71.3 ± 1.5 %) and 8.51 ± 0.42 ms (blanpied2005; two standard errors). Checks: steady
    fractions, computed independently from the same equations.

    **What fails, and why** The fit has time constants of 0.074, 3.49 and 314 ms: its second one, pulled by its
    neighbours, lies just outside what is claimed. The relaxation of the scheme that has the largest part in the late
    unblock, of those from 1 to 30 ms, is 3.52 ms. That measure was chosen after the fit had failed; it is a check that
    shows where the difference comes from, and the claim fails. Soon after glutamate the opening rises in the first two
    components and falls in the third, which is desensitisation by then. Recombinant receptors, opened by NMDA and
    stepped in whole cells, lose magnesium several times more slowly than this scheme of cortical ones.

    **Assumed** The shape of the brief depolarisation; the paper has recorded dendritic spikes. The paper fits
    recorded currents, here the model that it fitted to them is measured.

    **Figure** A: steady open fraction over that without magnesium, beside an instantaneous block; points computed
    independently. B: open fraction after a step 10 ms and 3.5 s after glutamate. C: shares of the three fitted
    components. D: what a brief depolarisation opens by its delay. Quick runs: 5 instead of 10 delays.
    """

    name = "kampa2004-nmda"
    paper = "kampa2004"
    claims = (
        Claim("Fast component of the unblock: about 0.1 ms", _ABSTRACT, "tau_fast", (0.05, 0.15), 0.0, "ms"),
        Claim("Slower component of 4 ms", _ABSTRACT, "tau_slow", (3.5, 4.5), 0.0, "ms"),
        Claim("Slowest component of about 300 ms", _ABSTRACT, "tau_slowest", (250, 350), 0.0, "ms"),
        Claim("Long after glutamate the slower components have a larger share", _ABSTRACT, "slow_grows", True),
        Claim("Magnesium lowers the probability of opening", _ABSTRACT, "opening_falls", True),
        Claim("Magnesium lowers the affinity for glutamate", _ABSTRACT, "affinity_falls", True),
        Claim("Magnesium enhances desensitisation", _ABSTRACT, "desensitisation_rises", True),
        Claim("An early depolarisation opens more of what it could open", _ABSTRACT, "early_is_better", True),
        Claim("The timing curve is narrower than with an instantaneous block", _ABSTRACT, "curve_is_narrower", True),
        Claim("From −67 mV in 0.1 mM magnesium: fast component", _BLANPIED, "little_fast", (0.337, 0.461), 0.0, "ms"),
        Claim("Its share", _BLANPIED, "little_share", (0.683, 0.743)),
        Claim("The slow component beside it", _BLANPIED, "little_slow", (7.67, 9.35), 0.0, "ms"),
    )
    checks = (
        *(Check(f"Open at {_words(v)}", _STEADY, f"open_{v}", OPEN[v][0], OPEN[v][1], basis=Basis.COMPUTED)
          for v in OPEN),
        *(Check(f"Open at {_words(v)}, over that with 1 µM magnesium", _STEADY, f"left_{v}", value, tol,
                basis=Basis.COMPUTED) for v, (value, tol) in LEFT.items()),
        Check("Largest relaxation of the scheme between 1 and 30 ms: about 4 ms",
              "measure chosen after the fit had missed what the abstract says", "relaxation_slow", (3.5, 4.5), 0.0,
              "ms", basis=Basis.DEMONSTRATION),
    )  # fmt: skip
    must_matter = {"spine.unbinding_mg": 0.33, "spine.closing_mg": 0.5}

    def models(self) -> dict[str, Model]:
        receptor = Model(spine=Compartment(KampaNmda()))
        return {"receptor": receptor, "free": receptor.replace({"magnesium": 0 * mM}, "assumed: no magnesium")}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        numbers = _fractions(models["receptor"]) | _gating(models)
        numbers |= _unblock(models["receptor"]) | _timing(models, quick)
        return xr.Dataset(numbers)

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.4)
        block, unblock, share, timing = axes.ravel()
        block.plot(data["voltage"], data["left"], color=COLOURS["neuron"], label="ten states")
        block.plot(data["voltage"], data["jahr_stevens"], "--", color=COLOURS["faint"], label="Jahr and Stevens")
        block.plot(
            list(LEFT), [value for value, _ in LEFT.values()], "o", ms=4, color=COLOURS["data"], label="independent"
        )
        block.set(xlabel="membrane potential (mV)", ylabel="open, over that without Mg", ylim=(0, 1.02))
        block.legend()
        _draw_unblock(unblock, data)
        _draw_shares(share, data)
        timing.plot(data["delay"], data["opened"] / data["opened"][0], "o-", ms=3.5, color=COLOURS["neuron"])
        timing.plot(data["delay"], data["opened_instant"] / data["opened_instant"][0], "o--", ms=3.5,
                    color=COLOURS["faint"])  # fmt: skip
        timing.annotate("ten states", (12, 0.2), color=COLOURS["neuron"], fontsize=8)
        timing.annotate("instantaneous block", (85, 0.72), color=COLOURS["faint"], fontsize=8)
        timing.set(xlabel="depolarisation after glutamate (ms)", ylabel="opened by it, relative", ylim=(0, 1.2))
        label_panels(axes)
        return made


def _fractions(model: Model) -> dict[str, Any]:
    voltage = np.arange(-100.0, 61.0, 10.0)
    full = np.array([steady(model, v)["nmda_open"] for v in voltage])
    trace = np.array([steady(model, v, changes={"magnesium": 1 * uM})["nmda_open"] for v in voltage])
    found = {
        "voltage": ("voltage", voltage, {"units": "mV"}),
        "left": ("voltage", full / trace, {"units": "1"}),
        "jahr_stevens": ("voltage", 1 / (1 + np.exp(-0.062 * voltage) / 3.57), {"units": "1"}),
    }
    for v in {*OPEN, *LEFT}:
        place = int(np.flatnonzero(voltage == v)[0])
        found |= {f"open_{v}": ((), full[place]), f"left_{v}": ((), full[place] / trace[place])}
    return found


def _gating(models: dict[str, Model]) -> dict[str, Any]:
    """Opening of bound receptors, half-saturating glutamate, and desensitised share, without and with magnesium."""
    levels = np.geomspace(0.01, 100, 81)
    opening, half, asleep = [], [], []
    for name in ("free", "receptor"):
        curve = [steady(models[name], -60, glutamate * uM) for glutamate in levels]
        last = curve[-1]
        gate_open = np.array([p["nmda_open"] + p["nmda_open_mg"] for p in curve])
        opening.append(gate_open[-1] / (gate_open[-1] + last["nmda_closed"] + last["nmda_closed_mg"]))
        half.append(float(np.exp(np.interp(gate_open[-1] / 2, gate_open, np.log(levels)))))
        asleep.append(sum(value for state, value in last.items() if "desensitised" in state))
    return {
        "opening": ("magnesium", opening, {"units": "1"}),
        "half_saturation": ("magnesium", half, {"units": "uM"}),
        "desensitised": ("magnesium", asleep, {"units": "1"}),
        "opening_falls": ((), float(opening[1] < opening[0])),
        "affinity_falls": ((), float(half[1] > half[0])),
        "desensitisation_rises": ((), float(asleep[1] > asleep[0])),
    }


def _unblock(model: Model) -> dict[str, Any]:
    moment, course = transients(model)
    tau, amplitude = fitted(moment, course)
    exact_tau, exact = components(model)
    rising = np.maximum(amplitude, 0)
    share = rising / rising.sum(axis=1, keepdims=True)
    ms = {"units": "ms"}
    little, shares = relaxation(model)
    return {
        "little_fast": ((), little[0], ms),
        "little_slow": ((), little[1], ms),
        "little_share": ((), shares[0]),
        "moment": ("moment", moment, ms),
        "course": (("step", "moment"), course, {"units": "1"}),
        "step": ("step", [10.0, 3500.0], {"units": "ms after glutamate"}),
        "share": (("step", "component"), share, {"units": "1"}),
        "tau": ("component", tau, ms),
        "relaxation": ("mode", exact_tau, ms),
        "relaxation_share": (("step", "mode"), exact, {"units": "1"}),
        **{f"tau_{name}": ((), value, ms) for name, value in zip(("fast", "slow", "slowest"), tau, strict=True)},
        "relaxation_slow": ((), _largest(exact_tau, exact[1], 1, 30), ms),
        "slow_grows": ((), float(share[1, 1:].sum() > share[0, 1:].sum())),
    }


def _largest(tau: np.ndarray, share: np.ndarray, low: float, high: float) -> float:
    """The relaxation time (ms) between two bounds that has the largest share."""
    return float(tau[np.where((tau >= low) & (tau < high), np.abs(share), -1).argmax()])


def _timing(models: dict[str, Model], quick: bool) -> dict[str, Any]:
    delay = np.array([5.0, 10, 20, 30, 50, 75, 100, 150, 200, 300])[:: 2 if quick else 1]
    opened, instant = (responses(models[name], delay) for name in ("receptor", "free"))
    # Without magnesium, the block of Jahr and Stevens at +20 mV is a constant factor and drops out.
    width, width_instant = half_width(delay, opened), half_width(delay, instant)
    return {
        "delay": ("delay", delay, {"units": "ms"}),
        "opened": ("delay", opened, {"units": "ms"}),
        "opened_instant": ("delay", instant, {"units": "ms"}),
        "width": ((), width, {"units": "ms"}),
        "width_instant": ((), width_instant, {"units": "ms"}),
        "early_is_better": ((), float(np.all(np.diff(opened / instant) < 0))),
        "curve_is_narrower": ((), float(width < width_instant)),
    }


def _draw_unblock(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for row, label, colour in zip(data["course"].values, ("10 ms", "3.5 s"), ("neuron", "model"), strict=True):
        panel.plot(data["moment"], 100 * row, color=COLOURS[colour], label=label)
    panel.set(xscale="log", xlabel="time after the step to +40 mV (ms)", ylabel="open channels (%)", xlim=(0.02, 1000))
    panel.set_ylim(0, 4.8)
    panel.legend(title="step after glutamate", title_fontsize=8)


def _draw_shares(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    place = np.arange(3)
    for shift, row, label, colour in zip((-0.2, 0.2), data["share"].values, ("10 ms", "3.5 s"), ("neuron", "model"),
                                         strict=True):  # fmt: skip
        panel.bar(place + shift, 100 * row, 0.36, color=COLOURS[colour], label=label)
    panel.axhline(0, color=COLOURS["faint"], lw=0.8)
    panel.set_xticks(place, [f"{tau:.3g} ms" for tau in data["tau"].values])
    panel.set(xlabel="time constant of the component", ylabel="share of the unblock (%)", ylim=(0, 75))
    panel.legend(title="step after glutamate", title_fontsize=8, ncols=2)
