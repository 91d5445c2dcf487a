"""Plateaus make a place field, and move it: the weight-dependent rule of the behavioural time scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Claim, Experiment, computed, numbers
from tripartite.language import Compartment, Input, Mechanism, Model, Output, Parameter, State, absolute, exp, where
from tripartite.mechanisms import Btsp, Weight
from tripartite.protocols import Pulses, SpikeTrain
from tripartite.solve import Tsit5, simulate
from tripartite.units import mV, s, unit

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

INPUTS, LAPS, REST = 200, 3, 1.0
FIRST, SECOND = 120.0, 45.0
"""Places of the plateaus of both inductions (cm)."""
SPEED, SLOW = 25.0, 15.0
"""Speeds (cm/s); at the lower one half a lap takes 6.2 s, at the other 3.7 s."""
HEIGHT = 8.0
"""Peak of the ramp after the first induction (mV)."""
DELAYS = np.array([-5.5, -3.0, 3.0, 5.5])
"""When the old field comes after the plateau (s), in slow laps."""
BIN = 1.87
"""Spacing of places in the independent computation (cm)."""

_SETUP = "milstein2021, config of the synthetic data"
_OWN = "a loop over steps of 5 ms by the equations and the network's fit of milstein2021"
_SIZES = "milstein2021, results, figure 2: 26 inductions, mean and two s.e.m."
_TIMES = "milstein2021, results, figure 2F"
_SLOPES = "milstein2021, results, figure 3"
_SOLVER = Tsit5(rtol=1e-7, atol=1e-9)


class PlaceCell(Mechanism):
    r"""A cell that fires where an animal on a circular track is near a place, and not while it rests.

    **Sources** milstein2021, config of the synthetic data.
    **Holds for** steady speeds.
    """

    place = State(0.0, "cm", "x: where the animal is")
    rate = Output("1", "R: firing rate relative to its peak")
    speed = Input("cm/s", "speed of the animal", low=0)

    centre = Parameter(0.0, "cm", "x_i: middle of the field", "assumed: the first of fields that cover the track")
    width = Parameter(90 / 3 / 2**0.5, "cm", "sigma': distance at which the rate is 1/e", _SETUP, low=1e-9)
    track = Parameter(187.0, "cm", "length of the track", _SETUP, low=1e-9)

    def rates(q):
        return {"place": q.speed}

    def outputs(q):
        running = q.speed > 0  # pyright: ignore[reportOperatorIssue]
        apart = absolute(q.place - q.centre)
        distance = where(apart > q.track / 2, q.track - apart, apart)

        return {"rate": where(running, exp(-((distance / q.width) ** 2)), 0.0)}

    def crossing(q):
        return q.place - q.track

    def on_crossing(q):
        return {"place": q.place - q.track}


class MovingPlaceFields(Experiment):
    r"""Plateaus make a place field, and move it: weak inputs are strengthened, strong ones weakened.

    **Model** *inputs*: one of 200 place cells, evenly along a circular track of 187 cm, and its synapse with the
    weight-dependent rule (`Btsp`, the fit of the network). The ramp of the postsynaptic cell is the sum of rates
    weighted by what the weights are above 1, their value in a silent cell.

    **Protocol** Three laps at 25 cm/s with 1 s of rest between them, a plateau of 300 ms in each: first at 120 cm in a
    silent cell, then at 45 cm in the cell that came of it. Traces are divided by the largest of the first induction
    over all cells and times. The same second induction in laps at 15 cm/s, with the plateau where the old field comes
    5.5 or 3 s later or earlier: in a lap at 25 cm/s nothing is further away than 3.7 s.

    **Measure** The ramp every millimetre, scaled so that the first induction peaks at 8 mV; its change in the second;
    time from the plateau by the speed. Lines through change and outcome against the ramp before, over all places.

    **Claims** Sizes of the change; distance of the new field from the plateau; how much longer potentiation lasts
    before than after the plateau; where depression is deepest, and that there is little when the old field is further
    away than 5 s; slopes (milstein2021, measured in mice). Ranges are two standard errors, and 0.5 about the ratio of
    2.2 and 0.15 about the slopes of -0.91 and 0.04, for which none is printed. The authors fitted the rule to sizes
    like the measured ones (8 mV, then 7.65 mV more and 5 mV less), and the second slope is 1 more than the first in
    any one set of data: these claims ask less than they seem to. Checks were computed independently, on a grid of
    1.87 cm.

    **What fails** The three claims on times: potentiation ends 0.8 s after the plateau, where the old field comes next,
    depression is deepest just before 2 s, and reaches further back than measured. If the trace of activity lasted half
    as long (0.83 s in place of 1.66 s), all three would hold, but the ramp would lose 1.8 mV only: this fit gives the
    sizes and not the times. One plateau at one distance stands here for 26 at many.

    **Assumed** That place cells are silent at rest; laps at 15 cm/s, of which the authors' synthetic data have none.
    In these, traces of activity reach 1.3 times the largest by which they are divided.

    **Figure** A: ramps after each lap of the first induction and after the second; triangles are plateaus. B: change
    of the ramp in the second induction by time from the plateau; shaded where depression was measured. C: change of
    each weight in the second induction by what it was, for inputs whose fields come before and after the plateau.
    D: largest decrease by when the old field comes, in slow laps; dotted a third of that at 3 s.
    """

    name = "milstein2021-place-fields"
    paper = "milstein2021"
    claims = (
        Claim("Second induction: largest increase of the ramp", _SIZES, "increase", (5.27, 8.19), unit="mV"),
        Claim("Second induction: largest decrease of the ramp", _SIZES, "decrease", (3.25, 4.53), unit="mV"),
        Claim("Distance of the new field from the plateau",
              "milstein2021, results, figure 1: 26 inductions, mean and two s.e.m.", "distance", (10.1, 28.9),
              unit="cm"),
        Claim("Potentiation lasts longer before than after the plateau (ratio)", _TIMES, "asymmetry", (1.7, 2.7)),
        Claim("Depression is deepest 2 to 6 s from the plateau", _TIMES, "deepest", (2, 6), unit="s"),
        Claim("Depression with the old field 5.5 s away is less than a third of that at 3 s (ratio)", _TIMES, "far",
              (0, 1 / 3)),
        Claim("Change against the ramp before: slope", f"{_SLOPES}G", "slope_change", (-1.06, -0.76)),
        Claim("Ramp after against the ramp before: slope", f"{_SLOPES}H", "slope_after", (-0.11, 0.19)),
    )  # fmt: skip
    checks = (
        computed("Peak after the first lap", _OWN, "lap_1", 5.59, 0.002, "mV"),
        computed("Peak after the second lap", _OWN, "lap_2", 7.41, 0.002, "mV"),
        computed("Place of the first field", _OWN, "first_place", (105.7 - BIN, 105.7 + BIN), unit="cm"),
        computed("Smallest weight after the first induction", _OWN, "smallest", 0.93, 0.005),
        computed("Largest weight after the first induction", _OWN, "largest", 2.17, 0.005),
        computed("Peak of the new field", _OWN, "new_peak", 7.90, 0.002, "mV"),
        computed("Place of the new field", _OWN, "new_place", (32.7 - BIN, 32.7 + BIN), unit="cm"),
        computed("Largest increase by the second induction", _OWN, "increase", 7.20, 0.002, "mV"),
        computed("Place of the largest increase", _OWN, "increase_place", (27.1 - BIN, 27.1 + BIN), unit="cm"),
        computed("Largest decrease by the second induction", _OWN, "decrease", 3.44, 0.01, "mV"),
        computed("Place of the largest decrease", _OWN, "decrease_place", (90.7 - BIN, 90.7 + BIN), unit="cm"),
        computed("What is left at the old peak", _OWN, "left", 5.0, 0.01, "mV"),
    )
    must_matter = {"inputs.depression": 0.7, "inputs.tau_activity": 0.7}

    def models(self) -> dict[str, Model]:
        return {"inputs": Model(synapse=Compartment(PlaceCell(), Btsp(), Weight()))}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        model, length = models["inputs"], models["inputs"]["track"].m_as("cm")
        untouched = _laps(model, FIRST, SPEED, np.ones(INPUTS))
        highest = {f"highest_{name}": float(untouched[name].max()) for name in ("activity", "instruction")}
        model = model.replace(highest, "computed: largest over cells and times of the first induction")
        first = _laps(model, FIRST, SPEED, np.ones(INPUTS))["weight"]
        second = _laps(model, SECOND, SPEED, first[-1])["weight"]

        places = np.arange(0, length, 0.1)
        fields = _fields(model, places)
        scale = HEIGHT / (fields @ (first[-1] - 1)).max()
        by_lap = [scale * fields @ (weights - 1) for weights in first]
        before, after = by_lap[-1], scale * fields @ (second[-1] - 1)
        change, old = after - before, int(before.argmax())

        time = _around(places - SECOND, length) / SPEED
        slow = []
        for delay in DELAYS:
            weights = _laps(model, (places[old] - delay * SLOW) % length, SLOW, first[-1])["weight"][-1]
            slow.append(-(scale * fields @ (weights - first[-1])).min())
        three, five = (max(d for d, t in zip(slow, np.abs(DELAYS), strict=True) if t == at) for at in (3.0, 5.5))

        cm = unit("cm")
        found = numbers(
            increase=change.max() * mV,
            decrease=-change.min() * mV,
            distance=abs(places[after.argmax()] - SECOND) * cm,
            asymmetry=_asymmetry(time, change),
            deepest=abs(time[change.argmin()]) * s,
            far=five / three,
            slope_change=np.polyfit(before, change, 1)[0],
            slope_after=np.polyfit(before, after, 1)[0],
            lap_1=by_lap[0].max() * mV,
            lap_2=by_lap[1].max() * mV,
            first_place=places[old] * cm,
            smallest=first[-1].min(),
            largest=first[-1].max(),
            new_peak=after.max() * mV,
            new_place=places[after.argmax()] * cm,
            increase_place=places[change.argmax()] * cm,
            decrease_place=places[change.argmin()] * cm,
            left=after[old] * mV,
        )
        curves = {
            "by_lap": (("lap", "place"), np.array(by_lap), {"units": "mV"}),
            "after": ("place", after, {"units": "mV"}),
            "time": ("place", time, {"units": "s"}),
            "weight_before": ("input", first[-1], {"units": "1"}),
            "weight_after": ("input", second[-1], {"units": "1"}),
            "field_time": ("input", _around(_centres(model) - SECOND, length) / SPEED, {"units": "s"}),
            "slow_decrease": ("delay", np.array(slow), {"units": "mV"}),
        }
        axes = {"place": ("place", places, {"units": "cm"}), "delay": ("delay", DELAYS, {"units": "s"})}
        return xr.Dataset(curves | found, axes | {"lap": np.arange(1, LAPS + 1)})

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.6)
        (ramps, change), (weights, slow) = axes
        for lap in data["lap"].values:
            last = lap == LAPS
            ramps.plot(data["place"], data["by_lap"].sel(lap=lap), color=COLOURS["neuron"], alpha=1 if last else 0.4,
                       lw=1.3 if last else 0.8, label="first induction (laps 1 to 3)" if last else None)  # fmt: skip
        ramps.plot(data["place"], data["after"], color=COLOURS["model"], label="second induction")
        for place, colour in ((FIRST, "neuron"), (SECOND, "model")):
            ramps.plot([place], [-0.9], "^", color=COLOURS[colour], ms=6)
        ramps.set(xlabel="place (cm)", ylabel="ramp (mV)", ylim=(-1.3, 11.5), xlim=(0, 187))
        ramps.legend(loc="upper left")

        order = np.argsort(data["time"].values)
        moved = (data["after"] - data["by_lap"].sel(lap=LAPS))[order]
        for side in (-1, 1):
            change.axvspan(2 * side, 6 * side, color=COLOURS["transmitter"], alpha=0.2, lw=0)
        change.axhline(0, color=COLOURS["faint"], lw=0.8)
        change.plot(data["time"][order], moved, color=COLOURS["model"])
        change.plot([0], [-4.4], "^", color=COLOURS["model"], ms=6)
        change.set(xlabel="time from the plateau (s)", ylabel="change of the ramp (mV)", xlim=(-4, 4), ylim=(-5, 8))

        start = data["weight_before"].values
        weights.axhline(0, color=COLOURS["faint"], lw=0.8)
        later = data["field_time"].values > 0
        for side, label, colour in ((~later, "field before the plateau", "neuron"), (later, "after it", "second")):
            moved = (data["weight_after"].values - start)[side]
            weights.plot(start[side], moved, ".", color=COLOURS[colour], ms=4, label=label)
        weights.set(xlabel="weight before", ylabel="change of the weight", ylim=(-0.8, 1.6))
        weights.legend(loc="upper right")

        slow.plot(data["delay"], data["slow_decrease"], "o", color=COLOURS["model"], ms=5)
        slow.axvline(0, color=COLOURS["faint"], lw=0.8)
        slow.axhline(data["slow_decrease"].sel(delay=[-3, 3]).max() / 3, color=COLOURS["faint"], lw=0.8, ls=":")
        slow.set(xlabel="old field comes after the plateau (s)", ylabel="largest decrease (mV)", ylim=(0, 4.5))
        label_panels(axes)
        return made


def _centres(model: Model) -> np.ndarray:
    return np.arange(INPUTS) * model["track"].m_as("cm") / INPUTS


def _around(distance: np.ndarray, length: float) -> np.ndarray:
    """Distances on a circular track, the short way."""
    return (distance + length / 2) % length - length / 2


def _fields(model: Model, places: np.ndarray) -> np.ndarray:
    """Rates of all inputs at places (cm), of shape ``(place, input)``."""
    away = _around(places[:, None] - _centres(model), model["track"].m_as("cm"))
    return np.exp(-((away / model["width"].m_as("cm")) ** 2))


def _laps(model: Model, plateau: float, speed: float, weights: np.ndarray) -> dict[str, np.ndarray]:
    """Largest traces, and weights after each lap, of an induction that begins with these weights.

    ``plateau``: its place (cm). Traces have the shape ``(time, input)``, weights ``(lap, input)``.
    """
    lap = model["track"].m_as("cm") / speed
    starts = np.arange(LAPS) * (lap + REST)
    plateaus, ends = starts + plateau / speed, starts + lap + REST
    seen = np.unique(np.concatenate([np.arange(0, ends[-1], 0.02), plateaus + model["lasting"].m_as("s"), ends]))
    walk = Pulses("speed", speed * unit("cm/s"), starts * s, lap * s) & SpikeTrain(plateaus * s, event="plateau")
    members: dict[str, Any] = {"centre": _centres(model) * unit("cm"), "weight": weights}
    run = simulate(model, walk, until=ends[-1] * s, save_at=seen * s, vary=members, solver=_SOLVER)
    found = {name: run[name].values.T for name in ("activity", "instruction", "weight")}
    return found | {"weight": found["weight"][np.searchsorted(seen, ends)]}


def _asymmetry(time: np.ndarray, change: np.ndarray) -> float:
    """How much longer the ramp rises before than after the plateau."""
    order = np.argsort(time)
    time, falls = time[order], change[order] <= 0
    return -time[falls & (time < 0)].max(initial=-np.inf) / time[falls & (time > 0)].min(initial=np.inf)
