"""TNF-alpha from glia scales synapses over days: balance, deprivation, over-expression, knock-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Experiment
from tripartite.language import Compartment, Model, Nothing, Perturbation, Protocol
from tripartite.mechanisms import GlialTnf, ScaledRate, TnfScaling
from tripartite.protocols import Constant
from tripartite.solve import Tsit5, simulate
from tripartite.units import unit

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

HOUR, DAYS = unit("hour"), 10
TIMES = np.arange(0, 24 * DAYS + 0.25, 0.25)
"""Times (hours) at which the run is kept."""
DEPRIVED = Perturbation("drive at a tenth", {"drive": 0.1}, at=24 * HOUR)
OVEREXPRESSED = 1.5

_SAVIN = "savin2009, abstract"
_OWN = "equations with their example values"
_MEANT = "what the equations are made to show"
_SETTLED = 48.0
"""After so many hours (h) the fast parts of the return to the target are over."""
_FINE = Tsit5(rtol=1e-10, atol=1e-12)


class GlialScaling(Experiment):
    """TNF-alpha from glia scales synapses over days: balance, deprivation, over-expression, knock-out.

    **Model** *loop*: glia that sense the rate of a neuron and release TNF-alpha when it is low (`GlialTnf`), which
    scales its synapses (`TnfScaling`), and with them its rate (`ScaledRate`). *synapses*: the same without glia, with
    TNF-alpha held by the experimenter.

    **Protocol** Ten days. The drive of the neuron falls to a tenth after one day. TNF-alpha held at 1.5 (glia that
    over-express it) or at 1 (glia that cannot respond, with just enough of it to keep the synapses).

    **Measure** Rate at the end; largest TNF-alpha; growth of the rate per day under over-expression; slowest decay and
    period of the return to the target rate after a small disturbance, from the last crossings.

    **Claims** Glia bring the rate back to its target (savin2009: the mechanism balances activity under normal
    conditions). Checks: growth, decay and period as the equations give them in closed form. The model of savin2009
    develops seizure-like activity after over-expression; here the rate grows without end, which is all that one neuron
    can show.

    **Assumed** Every value, the target of 5 Hz too; the published ones were not accessible. Times and sizes therefore
    say nothing of a brain.

    **Figure** A: rate over ten days when glia respond, when they cannot, and under over-expression; dotted the target.
    B: TNF-alpha and the strength of excitation and inhibition after the drive fell. C: return of the rate after a small
    disturbance.
    """

    name = "savin2009-tnf"
    paper = "savin2009"
    claims = (Claim("Glia bring the rate back to its target (ratio)", _SAVIN, "rate_back", 1.0, 0.02),)
    checks = (
        Check("TNF-alpha rises on the way", _MEANT, "tnf_rises", True, basis=Basis.DEMONSTRATION),
        Check("Excitatory synapses are scaled up, inhibitory ones down", _MEANT, "scaled_up", True,
              basis=Basis.DEMONSTRATION),
        Check("Over-expression: the rate grows by this factor a day", _OWN, "growth",
              float(np.exp(0.5 * 0.75 / 12 * 24)), 1e-6, basis=Basis.CLOSED_FORM),
        Check("Slowest return to the target", _OWN, "decay", 27.690, 1e-3, "hour", basis=Basis.CLOSED_FORM),
        Check("Period of that return", _OWN, "period", 66.238, 1e-3, "hour", basis=Basis.CLOSED_FORM),
    )  # fmt: skip
    must_matter = {"loop.steepness": 0.1, "tissue.excitatory_gain": 1.2}

    def models(self) -> dict[str, Model]:
        loop = Model(tissue=Compartment(GlialTnf(), TnfScaling(), ScaledRate()))
        return {"loop": loop, "synapses": Model(tissue=Compartment(TnfScaling(), ScaledRate()))}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        loop, synapses = models["loop"], models["synapses"]
        deprived = _course(loop, DEPRIVED)
        courses = {
            "loop": deprived["rate"],
            "overexpression": _course(synapses, Constant(tnf=OVEREXPRESSED))["rate"],
            "knockout": _course(synapses, Constant(tnf=1) & DEPRIVED)["rate"],
        }
        found: dict[str, Any] = {
            f"course_{name}": ("time", course, {"units": "Hz"}) for name, course in courses.items()
        }
        found |= {name: ("time", deprived[name], {"units": "1"}) for name in ("tnf", "excitation", "inhibition")}
        found |= {"target": ((), _target(loop), {"units": "Hz"}), "rate_back": courses["loop"][-1] / _target(loop)}
        found |= {
            "time": ("time", TIMES / 24, {"units": "day"}),
            "tnf_rises": bool(1 < deprived["tnf"].max() < 2),
            "scaled_up": bool(deprived["excitation"][-1] > 1 > deprived["inhibition"][-1]),
            "growth": (courses["overexpression"][-1] / courses["overexpression"][0]) ** (1 / DAYS),
        }
        return xr.Dataset(found | _return(loop))

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(1, 3, 9.2, 2.7)
        rate, signal, back = axes.ravel()
        lines = (("loop", "glia respond", "astrocyte"), ("knockout", "they cannot", "perturbation"),
                 ("overexpression", "over-expression", "model"))  # fmt: skip
        for name, label, colour in lines:
            rate.plot(data["time"], data[f"course_{name}"], color=COLOURS[colour], label=label)
        rate.axhline(data["target"], color=COLOURS["faint"], lw=0.8, ls=":")
        rate.set(xlabel="time (days)", ylabel="rate of the neuron (Hz)", yscale="log", ylim=(0.3, 1e4))
        rate.legend(loc="upper left")
        for name, label, colour in (("tnf", "TNF-α", "transmitter"), ("excitation", "excitation", "neuron"),
                                    ("inhibition", "inhibition", "second")):  # fmt: skip
            signal.plot(data["time"], data[name], color=COLOURS[colour], label=label)
        signal.set(xlabel="time (days)", ylabel="relative to the start", ylim=(0, 7.5))
        signal.set_title("drive at a tenth from day 1", fontsize=8)
        signal.legend(loc="upper right", ncols=2)
        back.plot(data["time"], 1e4 * data["disturbance"], color=COLOURS["astrocyte"])
        back.axhline(0, color=COLOURS["faint"], lw=0.8)
        back.set(xlabel="time (days)", ylabel="rate off its target ($10^{-4}$)", xlim=(0, 8))
        label_panels(axes)
        return made


def _course(model: Model, protocol: Protocol) -> dict[str, np.ndarray]:
    run = simulate(model, protocol, until=TIMES[-1] * HOUR, save_at=TIMES * HOUR, solver=_FINE)
    return {str(key).rpartition(".")[2]: traced.values for key, traced in run.data.items() if "time" in traced.dims}


def _target(loop: Model) -> float:
    return loop["target"].m_as("Hz")


def _return(loop: Model) -> dict[str, Any]:
    """How a small disturbance of the synapses dies away: time constant and period, from its crossings of zero."""
    off = _course(loop.replace({"excitation": 1 + 1e-4}), Nothing())["rate"] / _target(loop) - 1
    late = np.flatnonzero(TIMES >= _SETTLED)
    found = [i for i in late[:-1] if off[i] * off[i + 1] < 0]
    if len(found) < 3:
        hours = {"units": "hour"}
        return {"disturbance": ("time", off), "period": ((), np.nan, hours), "decay": ((), np.nan, hours)}
    crossings = [TIMES[i] + (TIMES[i + 1] - TIMES[i]) * off[i] / (off[i] - off[i + 1]) for i in found]
    slopes = [(off[i + 1] - off[i]) for i in found]
    period = crossings[2] - crossings[0]
    return {
        "disturbance": ("time", off),
        "period": ((), period, {"units": "hour"}),
        "decay": ((), period / np.log(slopes[0] / slopes[2]), {"units": "hour"}),
    }
