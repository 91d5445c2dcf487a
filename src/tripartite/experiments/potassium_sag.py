r"""Potassium during minutes of stimulation: it sags while it goes on, and undershoots afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Claim, Experiment, numbers
from tripartite.language import Compartment, Model
from tripartite.mechanisms import Kir41, KirPotassiumFlux, PotassiumNernst, SpikePotassium, SyncytialMembrane
from tripartite.protocols import Kir41Knockout, RegularSpikes
from tripartite.solve import simulate
from tripartite.units import Hz, Quantity, mM, mV, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

STOP, UNTIL = 300.0, 500.0
"""End of the stimulation and of the run (s)."""
_LEGEND = "dambrosio1999, legend of figure 8"
_ARMBRUSTER = "armbruster2020, results, figure 4: cortical astrocytes"
_CONDITIONS = ("control", "injured", "blocked")


class PotassiumSag(Experiment):
    r"""Potassium during minutes of stimulation: it sags while it goes on, and undershoots afterwards.

    **Model** The space around neurons and an astrocyte with Kir4.1 whose potential the syncytium holds, as in
    `KirBufferedNeuron`; spikes come as often as they are evoked.

    **Protocol** Spikes at 3 Hz for 300 s, then at 0.05 Hz for 200 s, with Kir4.1, with half of it (injury) and without
    it (caesium). No spikes, with the syncytium 1 mV apart.

    **Measure** Potassium outside: largest during the 3 Hz, mean of their last 10 s, least afterwards. Sag is the first
    less the second, fall the second less the third. Potential of the astrocyte at rest, and its change over a current.

    **Claims** Potassium in CA3 of the rat, antidromic stimulation, three slices (dambrosio1999): 4.9 ± 0.1 mM, then
    4.5 ± 0.05, afterwards 3.9 ± 0.1; with caesium 5.2 ± 0.1 from a rest of 4.9, still 5.2 ± 0.1, then 4.7 ± 0.05;
    two days after fluid percussion 5.2 ± 0.1, 5.1 ± 0.1, 4.7 ± 0.05. Differences are claimed, since the size of a
    spike's potassium is assumed here, each within two standard errors. Astrocytes of mouse cortex rest at −70 ± 4
    mV (s.d.) and have 3.6 ± 2.6 MΩ (armbruster2020).

    **What fails, and why** In control potassium neither sags nor undershoots: the model has no pump, whose sodium would
    keep it going, and rises by 0.1 mM only. Without Kir4.1 it rises sixfold too far, for want of any other uptake but
    a slow exchange. That it does not sag then is what a model without a pump cannot but give. The potential is that of
    potassium alone, and one patch of membrane on 2 nS of syncytium has a hundred times the resistance of a cell.

    **Assumed** That injury leaves half of Kir4.1; and what `kir41-loss` assumes: the potassium of a spike, the volume
    of the space, the hold of the syncytium.

    **Figure** A: potassium outside with Kir4.1, half of it and none; the stimulation is shaded. B: sag and fall of
    each, beside what was measured with two standard errors. Quick runs are the whole run.
    """

    name = "dambrosio1999-potassium"
    paper = "dambrosio1999"
    claims = (
        Claim("With Kir4.1 potassium sags at 3 Hz", _LEGEND, "sag_control", (0.18, 0.62), 0.0, "mM"),
        Claim("With Kir4.1 it falls afterwards", _LEGEND, "fall_control", (0.38, 0.82), 0.0, "mM"),
        Claim("Without Kir4.1 it rises by a third of a millimolar", _LEGEND, "rise_blocked", (0.1, 0.5), 0.0, "mM"),
        Claim("Without Kir4.1 it does not sag", _LEGEND, "sag_blocked", (-0.28, 0.28), 0.0, "mM"),
        Claim("Without Kir4.1 it falls afterwards", _LEGEND, "fall_blocked", (0.28, 0.72), 0.0, "mM"),
        Claim("After injury (half of Kir4.1) it hardly sags", _LEGEND, "sag_injured", (-0.18, 0.38), 0.0, "mM"),
        Claim("After injury (half of Kir4.1) it falls afterwards", _LEGEND, "fall_injured", (0.18, 0.62), 0.0, "mM"),
        Claim("The astrocyte rests at", _ARMBRUSTER, "rest", (-78, -62), 0.0, "mV"),
        Claim("The astrocyte has an input resistance of less than 10 MΩ", _ARMBRUSTER, "resistance", (0, 10), 0.0,
              "Mohm"),
    )  # fmt: skip
    must_matter = {"space.per_spike": 4}

    def models(self) -> dict[str, Model]:
        """The space and the astrocyte."""
        space = Compartment(SpikePotassium(tau_potassium=60 * s), KirPotassiumFlux())
        astrocyte = Compartment(SyncytialMembrane(), Kir41(), PotassiumNernst(potassium_in=100 * mM))
        wiring = [space.potassium_out >> astrocyte.potassium_out, astrocyte.kir_current >> space.kir_current]
        return {"tissue": Model(space=space, astrocyte=astrocyte, wiring=wiring)}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Both courses and what is read from them."""
        import xarray as xr

        trains = RegularSpikes(3 * Hz, stop=STOP * s, event="spike", to="space.spike")
        trains = trains & RegularSpikes(0.05 * Hz, start=STOP * s, event="spike", to="space.spike")
        time = np.arange(0, UNTIL + 0.25, 0.5)
        rows, found = [], {}
        losses = (trains, trains & Kir41Knockout(remaining=0.5), trains & Kir41Knockout())
        for name, protocol in zip(_CONDITIONS, losses, strict=True):
            run = simulate(models["tissue"], protocol, until=UNTIL * s, save_at=time * s)
            course = run["potassium_out"].values
            rows.append(course)
            found |= _read(name, time, course)
        found |= _membrane(models["tissue"])
        return xr.Dataset(
            {"potassium": (("condition", "time"), rows, {"units": "mM"}), **numbers(**found)},
            {"condition": list(_CONDITIONS), "time": ("time", time, {"units": "s"})},
        )

    def figure(self, data: xr.Dataset) -> Figure:
        """Courses, and sag and fall beside what was measured."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(1, 2, 7.4, 2.8)
        course, differences = axes[0]
        labels, colours = ("with Kir4.1", "with half of it", "without"), ("astrocyte", "second", "perturbation")
        for name, label, colour in zip(_CONDITIONS, labels, colours, strict=True):
            course.plot(data["time"], data["potassium"].sel(condition=name), color=COLOURS[colour], label=label)
        course.axvspan(0, STOP, color=COLOURS["faint"], alpha=0.15, lw=0)
        course.set(xlabel="time (s)", ylabel="potassium outside (mM)", xlim=(0, UNTIL))
        course.legend(loc="upper right")
        named = [claim for claim in self.claims if claim.unit == "mM"]
        for place, claim in enumerate(named):
            low, high = claim.expected  # type: ignore[misc]
            differences.plot([place, place], [low, high], color=COLOURS["data"], lw=5, alpha=0.35)
            colour = colours[_CONDITIONS.index(claim.number.split("_")[1])]
            differences.plot(place, data[claim.number], "o", color=COLOURS[colour])
        differences.axhline(0, color=COLOURS["faint"], lw=0.8)
        differences.set_xticks(range(len(named)), [c.number.split("_")[0] for c in named])
        differences.set(ylabel="potassium (mM)")
        label_panels(axes)
        return made


def _membrane(model: Model) -> dict[str, Any]:
    """Rest of the astrocyte; its input resistance, since a syncytium shifted by dV is a current g dV."""
    shift, conductance = 1 * mV, model["g_syncytium"]
    held = {"astrocyte.v_syncytium": Quantity([0, 1], "mV") + model["v_syncytium"]}
    run = simulate(model, until=20 * s, save_at=[20] * s, vary=held)
    rest, shifted = run["astrocyte.v"].values[:, -1]
    return {"rest": rest * mV, "resistance": ((shifted - rest) * mV / (conductance * shift)).to("Mohm")}


def _read(name: str, time: np.ndarray, course: np.ndarray) -> dict[str, Any]:
    """Rise, sag and fall of one course."""
    during, last, after = time < STOP, (time >= STOP - 10) & (time < STOP), time > STOP
    end = course[last].mean()
    return {
        f"rise_{name}": (course[during].max() - course[0]) * mM,
        f"sag_{name}": (course[during].max() - end) * mM,
        f"fall_{name}": (end - course[after].min()) * mM,
    }
