"""Perturbations against read-outs: a tripartite synapse, and five receptors with their antagonists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Experiment
from tripartite.language import Compartment, Model, Result
from tripartite.mechanisms import (
    Cb1Receptor,
    GabaBReceptor,
    Ip3Relaxation,
    NoradrenalineReceptor,
    P2y1Receptor,
    StaticGlutamateReceptor,
)
from tripartite.models import TripartiteSynapse
from tripartite.perturb import knockouts
from tripartite.protocols import (
    Am251,
    Carbenoxolone,
    Cgp55845,
    Constant,
    Cpa,
    Dpcpx,
    Hm3dq,
    Ip3r2Knockout,
    Mpep,
    Mrs2179,
    PoissonSpikes,
    Prazosin,
    Tboa,
)
from tripartite.units import Hz, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

AGONISTS = {"glutamate": 10, "noradrenaline": 10, "gaba": 10, "atp": 1, "endocannabinoid": 0.1}
"""Agonist and its concentration (µM), given alone; the others are as low as it gets (2-AG at its resting level)."""

_REST = {"glutamate": 0, "noradrenaline": 0, "gaba": 0, "atp": 0, "endocannabinoid": 1.0453e-3}
_SELECTIVE = "an antagonist acts on its own receptor alone"
_STORE = "without SERCA the store cannot be refilled"
_NOW: dict[str, Any] = {"at": 0 * s}


def _events(run: Result) -> float:
    """Upward crossings of 0.3 µM by the calcium of the astrocyte, per minute."""
    calcium, minutes = run["astrocyte.ca"].values, float(run.time[-1]) / 60
    return float(np.sum((calcium[:-1] < 0.3) & (calcium[1:] >= 0.3)) / minutes)


def _releases(run: Result) -> float:
    """Releases of gliotransmitter, per minute."""
    return len(run.events("gliorelease")["time"]) / (float(run.time[-1]) / 60)


READOUTS = {
    "calcium events (1/min)": _events,
    "mean calcium": "astrocyte.ca",
    "gliotransmitter releases (1/min)": _releases,
    "mean glutamate": "cleft.glutamate",
}


_TICKS = {
    "calcium events (1/min)": "calcium\nevents\n(1/min)",
    "mean calcium": "mean\ncalcium\n(µM)",
    "gliotransmitter releases (1/min)": "glio-\ntransmitter\nreleases\n(1/min)",
    "mean glutamate": "mean\nglutamate\n(µM)",
    "glutamate": "glutamate",
    "noradrenaline": "nor-\nadrenaline",
    "gaba": "GABA",
    "atp": "ATP",
    "endocannabinoid": "2-AG",
}
"""What the axes of the figure say."""


class KnockoutTable(Experiment):
    """Perturbations against read-outs: a tripartite synapse, and five receptors with their antagonists.

    **Model** *synapse*: the closed loop of stimberg2019, example 4 (`TripartiteSynapse`). *receptors*: IP3 that
    relaxes, made by receptors for glutamate, noradrenaline, GABA, ATP and 2-AG.

    **Protocol** *synapse*: Poisson spikes at 0.5 Hz for 300 s, the same in all runs, under eight perturbations from
    the beginning; at a few hertz glutamate saturates the receptors, and calcium stays up whatever is done.
    *receptors*: each agonist alone for 100 s, under each of five antagonists.

    **Measure** One call of `knockouts` makes each table. *synapse*: events of calcium, its mean, releases of
    gliotransmitter, mean glutamate. *receptors*: IP3 above rest in the end, as a fraction of that without antagonist.

    **Claims** From abstracts: without IP3R2 there are no increases of astrocytic calcium and ambient glutamate is as it
    was (petravicz2008; here mean glutamate within a tenth); blocked metabotropic glutamate receptors inhibit increases
    of calcium (wang2006; here events at less than half their rate). The limits are ours. What no source says is
    checked: without SERCA there is no event after the first loss of calcium from the store, and every antagonist
    removes the response to its agonist and leaves the others as they are.

    **What fails** Glutamate of the knock-out: gliotransmitter of this synapse decreases release so strongly that
    without it mean glutamate is 13 times as high.

    **Beyond the claims** Example 4 has so much PLCδ that calcium stays at 0.4 µM under MPEP: events go, the mean does
    not fall.

    **Figure** A: read-outs of the synapse under each perturbation, as multiples of control (colour) and as they are
    (numbers); rows without numbers found nothing to act on. B: response to one agonist under each antagonist, as a
    multiple of the response to the agonist alone. Quick runs thin out nothing.

    **Assumed** All affinities but those of MPEP and TBOA, and the receptors for GABA and ATP. The table shows the
    model under perturbations, not a slice: drugs act on nothing else here.
    """

    name = "knockout-table"
    paper = "petravicz2008"
    claims = (
        Claim("Without IP3R2 there is no calcium event", "petravicz2008, abstract", "no_event_ip3r2", True),
        Claim("Without IP3R2 glutamate is as it was", "petravicz2008, abstract", "glutamate_ip3r2", (0.9, 1.1)),
        Claim("MPEP makes calcium events rarer", "wang2006, abstract", "mpep_reduces", True),
    )
    checks = (
        Check("Without SERCA events end", _STORE, "cpa_ends", True, basis=Basis.LAW),
        Check(
            "Every antagonist removes its agonist's response by at least",
            _SELECTIVE,
            "own",
            (0.9, 1.0),
            basis=Basis.DEMONSTRATION,
        ),
        Check("No antagonist touches another's response", _SELECTIVE, "others", 1.0, 1e-9, basis=Basis.LAW),
    )
    must_matter = {"synapse.GlutamateReceptor.production": 0.001}

    def models(self) -> dict[str, Model]:
        """The synapse, and the receptors."""
        receptors = (StaticGlutamateReceptor(), NoradrenalineReceptor(), GabaBReceptor(), P2y1Receptor(), Cb1Receptor())
        pool = Ip3Relaxation(ip3_tau=7 * s)
        return {"synapse": TripartiteSynapse(), "receptors": Model(astrocyte=Compartment(pool, *receptors))}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Both tables, and what they say."""
        import xarray as xr

        rows = [Mpep(**_NOW), Ip3r2Knockout(), Cpa(**_NOW), Tboa(**_NOW), Hm3dq(**_NOW)]
        rows += [Dpcpx(**_NOW), Prazosin(**_NOW), Carbenoxolone(**_NOW)]
        spikes = PoissonSpikes(0.5 * Hz, seed=1)
        table = knockouts(models["synapse"], rows, READOUTS, spikes, 300 * s, save_every=0.05 * s)
        events = "calcium events (1/min)"
        data = table.data.rename("synapse").reset_coords("unit", drop=True)
        left = _selectivity(models["receptors"])
        own = np.eye(len(AGONISTS), dtype=bool)
        return xr.Dataset(
            {
                "synapse": data,
                "relative": table.relative.reset_coords("unit", drop=True),
                "receptors": (("antagonist", "agonist"), left.values),
                "antagonist": ("antagonist", left["perturbation"].values),
                "agonist": ("agonist", list(AGONISTS)),
                "no_event_ip3r2": float(table["IP3R2 knock-out", events] == 0),
                "glutamate_ip3r2": float(
                    table["IP3R2 knock-out", "mean glutamate"] / table["control", "mean glutamate"]
                ),
                "mpep_reduces": float(table["MPEP", events] < 0.5 * table["control", events]),
                "cpa_ends": float(table["CPA", events] <= 0.2),  # the one when the store empties
                "own": float(1 - left.values[own].max()),
                "others": float(left.values[~own].min()),
            }
        )

    def figure(self, data: xr.Dataset) -> Figure:
        """Both tables as maps, with numbers."""
        from tripartite.figures import figure, label_panels

        made, axes = figure(1, 2, 8.8, 4.2)
        synapse, receptors = axes[0]
        _draw(synapse, data["relative"], data["synapse"].values, (0, 2), "of control")
        _draw(receptors, data["receptors"], data["receptors"].values, (0, 2), "of the response to the agonist alone")
        synapse.set_title("tripartite synapse")
        receptors.set_title("response to one agonist")
        label_panels(axes)
        return made


def _selectivity(model: Model) -> Any:
    """IP3 above rest in the end, relative to that without antagonist, of shape (antagonist, agonist)."""
    import xarray as xr

    rows = [Mpep(**_NOW), Prazosin(**_NOW), Cgp55845(**_NOW), Mrs2179(**_NOW), Am251(**_NOW)]
    columns = []
    for agonist, amount in AGONISTS.items():
        held = {**_REST, agonist: amount}
        protocol = Constant(ca=0.1 * uM, **{name: value * uM for name, value in held.items()})
        rise = {agonist: lambda run: float(run["ip3"][-1]) - 0.16}
        columns.append(knockouts(model, rows, rise, protocol, 100 * s).relative.reset_coords("unit", drop=True))
    return xr.concat(columns, "readout").transpose().sel(perturbation=[row.label for row in rows])


def _draw(panel: Axes, colours: xr.DataArray, numbers: np.ndarray, limits: tuple[float, float], of: str) -> None:
    values = colours.values
    panel.imshow(np.ma.masked_invalid(values), cmap="PuOr_r", vmin=limits[0], vmax=limits[1], aspect="auto")
    for row in range(values.shape[0]):
        if np.isnan(values[row]).all():
            panel.text(
                values.shape[1] / 2 - 0.5, row, "no target", ha="center", va="center", fontsize=7, style="italic"
            )
            continue
        for column in range(values.shape[1]):
            strong = abs(values[row, column] - 1) > 0.7
            text, shade = f"{numbers[row, column]:.3g}", "white" if strong else "black"
            panel.text(column, row, text, ha="center", va="center", fontsize=7, color=shade)
    first, second = colours.dims
    panel.set_xticks(range(values.shape[1]), [_TICKS[str(n)] for n in colours[second].values], fontsize=7)
    panel.set_yticks(range(values.shape[0]), [str(n) for n in colours[first].values], fontsize=7)
    panel.set_xlabel(f"multiple {of}: 0 violet, 1 white, 2 brown", fontsize=7)
    panel.tick_params(length=0)
