"""Adenosine holds release probability down through A1 receptors, and paired pulses show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tripartite.analysis import paired_pulse_ratio, release_probability
from tripartite.experiments.base import Basis, Check, Claim, Experiment
from tripartite.language import Compartment, Model
from tripartite.mechanisms import Adenosine, AdenosineA1, AdenosineUtilization, TsodyksMarkram
from tripartite.protocols import Dpcpx, RegularSpikes, SpikeTrain, Steps
from tripartite.solve import Tsit5, simulate
from tripartite.units import Hz, ms, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

RATES = {0: 0.3, 1: 0.20530, 5: 0.18584, 10: 0.19910, 20: 0.23230, 50: 0.32253}
"""Presynaptic rate (Hz) and steady release probability."""

RATIOS = {0.6: 0.6119, 0.3752: 1.0099, 0.3: 1.1603, 0.2: 1.3738, 0.1: 1.6025}
"""Release probability and paired-pulse ratio at 50 ms."""

INTERVAL = 50 * ms
_FINE = Tsit5(rtol=1e-11, atol=1e-14)
_STEADY = "steady state of the declared equations, which are a textbook's"
_SHAPE = "what the declared equations and assumed values do"
_PAIRED = "equations of depitta2011 and tsodyks1998"


class AdenosineFeedback(Experiment):
    r"""Adenosine from synaptic activity is a negative feedback on release that paired pulses can read.

    **Model** Two of them. *feedback*: adenosine builds up with the presynaptic rate, and its occupancy of
    A1 receptors pulls the release probability p down while activity itself facilitates it
    (`AdenosineA1`); *open_loop* is the same without A1 action. *synapse*: a Tsodyks-Markram bouton whose
    basal release probability adenosine divides, U(a) = U0 / (1 + alpha a); *clamped* is that synapse with
    adenosine held by the bath.

    **Protocol** A step of the presynaptic rate from 0 to 5 Hz at 5 s. Constant rates from 0 to 50 Hz. Pairs
    of spikes 50 ms apart at increasing bath adenosine. DPCPX (500 nM) from 100 s on, during a train of 1 Hz whose own
    adenosine acts on the bouton.

    **Measure** p over time, its peak and its end; p after 300 s, against the closed form
    p* = (p0/tau_p + kappa_p r) / (1/tau_p + kappa_p r + gamma_p R(a*)), a* = tau_a kappa_a r; the second
    release of a pair over the first, and the release probability that the exact inverse reads from it.

    **Claims** Adenosine raises the paired-pulse ratio (bannon2014). DPCPX raises release (hargus2009, table 1: EPSC
    from 325 to 486 pA in the subiculum), which is claimed in sign only. Checks: the closed-form values; overshoot and
    fall after the step; a minimum of p* at a rate between (facilitation grows without bound, receptor occupancy does
    not, so the feedback fails at high rates); paired-pulse ratios, their inverse, and the release probability of a
    ratio of 1.

    **Assumed** All values of both adenosine models: no paper gives them, and only products such as
    alpha times the scale of adenosine could be measured. That DPCPX acts at once.

    **Figure** A: p after the step with and without A1 action, and adenosine. B: steady p by rate, line the closed form,
    points simulated. C: paired-pulse ratio by release probability, points simulated at the adenosine written beside
    them. D: release by each spike of a train, with DPCPX from 100 s on. Quick runs: a coarser line in B.
    """

    name = "adenosine-a1-feedback"
    paper = "hargus2009"
    claims = (
        Claim("Adenosine raises the paired-pulse ratio", "bannon2014, abstract", "ratio_rises", True),
        Claim("DPCPX raises release", "hargus2009, table 1", "dpcpx_raises", True),
    )
    checks = (
        *(Check(f"Steady release probability at {rate} Hz", _STEADY, f"steady_{rate}", RATES[rate], 3e-5,
                basis=Basis.COMPUTED) for rate in (5, 50)),
        Check("The simulation rests on the closed form (largest deviation)", _STEADY, "steady_error", (0, 1e-9),
              basis=Basis.CLOSED_FORM),
        Check("After a step of the rate p rises first, then falls below its start", _SHAPE, "overshoots", True,
              basis=Basis.DEMONSTRATION),
        Check("p falls as adenosine builds up, never without A1 action", _SHAPE, "feedback_is_negative", True,
              basis=Basis.DEMONSTRATION),
        Check("p* is lowest at a rate between 0 and 50 Hz", _SHAPE, "non_monotone", True, basis=Basis.DEMONSTRATION),
        *(Check(f"Paired-pulse ratio at U = {u}, 50 ms apart", _PAIRED, f"ratio_{u}", RATIOS[u], 1e-4,
                basis=Basis.COMPUTED) for u in (0.6, 0.3, 0.1)),
        Check("Release probability at which the pair is equal", _PAIRED, "equal_pair", 0.38030, 2e-5,
              basis=Basis.COMPUTED),
        Check("The inverse reads U from simulated spikes (largest deviation)",
              "the ratio of pairs, inverted exactly", "read_error", (0, 1e-9), basis=Basis.LAW),
    )  # fmt: skip
    must_matter = {"bouton.inhibition": 0.5, "bouton.TsodyksMarkram.recovery": 2}

    def models(self) -> dict[str, Model]:
        feedback = Model(bouton=AdenosineA1())
        synapse = Model(bouton=Compartment(TsodyksMarkram(), Adenosine(), AdenosineUtilization()))
        return {
            "feedback": feedback,
            "open_loop": feedback.replace({"inhibition": 0 / s}, "assumed: A1 action taken away"),
            "synapse": synapse,
            "clamped": synapse.replace({"increment": 0, "decay": 0 / s}, "assumed: held by the bath"),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        parts = [_step(models), _steady(models, 25 if quick else 101), _pairs(models["clamped"]), _dpcpx(models)]
        return xr.merge(parts)

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, bars, figure, label_panels
        from tripartite.language.protocol import Bar

        made, axes = figure(2, 2, 7.4, 5.4)
        (step, rates), (pairs, drug) = axes
        step.plot(data["time"], data["p_open"], color=COLOURS["faint"], label="p without A1 action")
        step.plot(data["time"], data["p"], color=COLOURS["neuron"], label="p with feedback")
        step.plot(data["time"], data["a"] / 20, color=COLOURS["astrocyte"], label="adenosine / 20")
        step.set(xlabel="time (s)", ylabel="release probability p", ylim=(0, 0.52))
        bars(step, [Bar("5 Hz", 5, float(data["time"][-1]))])
        step.legend(loc="upper right")
        rates.plot(data["rate"], data["p_closed_form"], color=COLOURS["neuron"], label="closed form")
        rates.plot(data["rate_run"], data["p_run"], "o", color=COLOURS["model"], ms=5, label="simulated, 300 s")
        lowest = float(data["lowest_rate"])
        rates.axvline(lowest, color=COLOURS["faint"], lw=0.8, ls=":")
        rates.text(lowest + 1.2, 0.27, f"lowest at {lowest:.1f} Hz", fontsize=8, color=COLOURS["faint"])
        rates.set(xlabel="presynaptic rate (Hz)", ylabel="steady p*", ylim=(0.15, 0.35))
        rates.legend(loc="upper center")
        pairs.axhline(1, color=COLOURS["faint"], lw=0.8, ls=":")
        pairs.plot(data["u_curve"], data["ratio_curve"], color=COLOURS["neuron"], label="exact")
        pairs.plot(data["u"], data["ratio"], "o", color=COLOURS["model"], ms=5, label="pairs of spikes")
        for u, ratio, a in zip(data["u"].values, data["ratio"].values, data["bath"].values, strict=True):
            pairs.annotate(f"a = {a:.3g}", (u, ratio), (6, 3), textcoords="offset points", fontsize=7)
        pairs.set(xlabel="release probability U", ylabel="second release / first", xlim=(0, 1))
        pairs.legend()
        drug.plot(data["spike"], data["release_dpcpx"], ".", color=COLOURS["perturbation"], ms=4, label="with DPCPX")
        drug.plot(data["spike"], data["release"], ".", color=COLOURS["neuron"], ms=4, label="control")
        drug.set(xlabel="time (s)", ylabel="fraction released by a spike", ylim=(0, 0.7))
        bars(drug, [Bar("DPCPX 500 nM", 100, 200)])
        drug.legend(loc="lower right")
        label_panels(axes)
        return made


def _step(models: dict[str, Model]) -> xr.Dataset:
    import xarray as xr

    protocol = Steps("rate", [0, 5] * s, [0, 5] * Hz)
    closed, opened = (
        simulate(models[name], protocol, until=30 * s, save_every=0.02 * s, solver=_FINE)
        for name in ("feedback", "open_loop")
    )
    p, p_open, a = closed["p"], opened["p"], closed["a"]
    peak, falling = float(p.max()), p.values[p.values.argmax() :]
    rising = float(np.diff(p_open.values).min()) >= -1e-9
    return xr.Dataset(
        {
            "p": ("time", p.values, p.attrs),
            "p_open": ("time", p_open.values, p.attrs),
            "a": ("time", a.values, a.attrs),
            "peak": peak,
            "overshoots": float(peak > float(p[0]) > float(p[-1])),
            "feedback_is_negative": float(np.all(np.diff(falling) <= 1e-9) and rising),
        },
        {"time": closed.data["time"]},
    )


def _closed_form(model: Model, rate: np.ndarray) -> np.ndarray:
    """Steady release probability at rates in Hz; works for any Hill exponent."""
    value = {name: float(model[name].to_base_units().magnitude) for name in AdenosineA1().values}
    a = value["tau_a"] * value["build_up"] * rate
    occupancy = a ** value["n"] / (value["k"] ** value["n"] + a ** value["n"])
    rise = value["facilitation"] * rate
    held = value["inhibition"] * occupancy
    return (value["p0"] / value["tau_p"] + rise) / (1 / value["tau_p"] + rise + held)


def _steady(models: dict[str, Model], points: int) -> xr.Dataset:
    import xarray as xr

    model, rates = models["feedback"], np.array(list(RATES), dtype=float)
    run = simulate(model, until=300 * s, save_at=[300] * s, vary={"rate": rates * Hz}, solver=_FINE)
    p = run["p"].values[:, -1]
    curve = np.linspace(0, np.sqrt(50), points) ** 2
    dense = np.linspace(0, 50, 50_001)
    expected = _closed_form(model, dense)
    return xr.Dataset(
        {
            "p_run": ("rate_run", p, {"units": "1"}),
            "p_closed_form": ("rate", _closed_form(model, curve), {"units": "1"}),
            **{f"steady_{rate}": value for rate, value in zip(RATES, p, strict=True)},
            "steady_error": float(np.max(np.abs(p - _closed_form(model, rates)))),
            "lowest_rate": ((), dense[expected.argmin()], {"units": "Hz"}),
            "non_monotone": float(expected.min() < min(expected[0], expected[-1]) and p.min() < min(p[0], p[-1])),
        },
        {"rate": ("rate", curve, {"units": "Hz"}), "rate_run": ("rate_run", rates, {"units": "Hz"})},
    )


def _pairs(model: Model) -> xr.Dataset:
    """Pairs of spikes at bath adenosine that sets the release probabilities of the claims."""
    import xarray as xr

    u = np.array(list(RATIOS))
    bath = (float(model["u0"]) / u - 1) / float(model["strength"])
    run = simulate(
        model,
        SpikeTrain([0, 1] * INTERVAL),
        until=2 * INTERVAL,
        vary={"bouton.adenosine": bath},
        solver=_FINE,
    )
    released = run.events("release")["amount"].values
    ratio = released[:, 1] / released[:, 0]
    synapse = {"interval": INTERVAL, "recovery": model["recovery"], "facilitation": model["facilitation"]}
    curve = np.linspace(0, 1, 101)
    return xr.Dataset(
        {
            "ratio": ("u", ratio, {"units": "1"}),
            "bath": ("u", bath, {"units": "1", "long_name": "adenosine in units of its scale"}),
            "ratio_curve": ("u_curve", paired_pulse_ratio(curve, **synapse), {"units": "1"}),
            **{f"ratio_{key}": value for key, value in zip(RATIOS, ratio, strict=True)},
            "equal_pair": float(release_probability(1.0, **synapse)),
            "read_error": float(np.max(np.abs(release_probability(ratio, **synapse) - released[:, 0]))),
            "ratio_rises": float(np.all(np.diff(bath) > 0) and np.all(np.diff(ratio) > 0)),
        },
        {"u": u, "u_curve": curve},
    )


def _dpcpx(models: dict[str, Model]) -> xr.Dataset:
    """Release before and under DPCPX, by a train of 1 Hz."""
    import xarray as xr

    train, drug = RegularSpikes(1 * Hz), Dpcpx(at=99.5 * s)
    control, blocked = (
        simulate(models["synapse"], protocol, until=200 * s).events("release") for protocol in (train, train & drug)
    )
    release, under = control["amount"].values, blocked["amount"].values
    return xr.Dataset(
        {
            "release": ("spike", release, {"units": "1"}),
            "release_dpcpx": ("spike", under, {"units": "1"}),
            "dpcpx_gain": under[-1] / release[-1],
            "dpcpx_raises": float(under[-1] > under[99] and under[-1] > release[-1]),
        },
        {"spike": ("spike", control["time"].values, {"units": "s"})},
    )
