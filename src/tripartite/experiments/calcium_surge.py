"""How much of an astrocyte's arbor must be active before the whole cell follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Experiment, numbers
from tripartite.language import Model
from tripartite.units import Quantity, ms, s, uM, um

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from tripartite.network.morphology import Morphology

_ABSTRACT = "lines2024, abstract"
_ORIGIN = "lines2024, results: calcium originates in the arborization"
_SPATIAL = "lines2024, results: spatial threshold"
_COURSE = "lines2024, results: spatiotemporal characteristics"
_KNOCKOUT = "lines2024, results: type-2 IP3 receptor"
_FITTED = "the size of the soma was chosen for the 23 % of lines2024, abstract; tolerance assumed"
_BRANCHES, _MOST, _SPREAD = 16, 10, 0.15
_ACTIVE = 0.3  # µM
_RADII = (4.0, 5.0, 6.0, 7.0, 8.0)
_SOMA = 7.3


class CalciumSurge(Experiment):
    """Local calcium of an astrocyte becomes a surge of the whole cell above a share of active arbor.

    **Model** An astrocyte with a soma of 7.3 µm radius, sixteen branches that fork twice, and an endfoot, in 338
    compartments (`BranchingAstrocyte`): calcium release and IP3 as in depitta2009 (FM), receptors of glutamate,
    diffusion of IP3 (280 µm²/s) and calcium (13 µm²/s). Nothing in it knows of a threshold.

    **Protocol** Glutamate saturates the receptors of 0 to 10 whole branches, chosen at random, for 30 s from 5 s on;
    the largest IP3 production of each branch varies (0.5 µM/s, log-normal with a standard deviation of 0.15). The same
    for 10 s, with half of the production, without IP3 receptors of the store, and with somata of other sizes.

    **Measure** Active is what rises above 0.3 µM (assumed). The active share of the arbor (by membrane, before the soma
    becomes active), whether a surge follows (the soma and more than half of the arbor active within 60 s), and the
    share that best parts trials with and without surge. In trials with a surge: delay from arbor to soma; 10-90 % rise
    and 90-10 % decay of the mean calcium of the arbor and of calcium of the soma (without an indicator; a decay that is
    not over when the run ends counts as lasting until then); active arbor before the soma and in the end; correlation
    of the onset of each compartment with its distance from the soma, before the soma and after it; mean time between
    the onsets of two compartments.

    **Why there is a threshold** IP3 that active branches make flows into the soma, which is large and removes it. Its
    calcium release starts at a concentration of IP3 (a fold), so that enough branches must feed it at once; the soma's
    own calcium then spreads into the branches that were silent.

    **Claims** From the abstract: below the threshold responses stay where they began, above it they spread to the whole
    cell. From the results, on hindpaw stimulation of anaesthetised mice (two standard errors to either side): the arbor
    begins 2.1 s before the soma and rises 1.6 times more slowly; both decay within 5 s; the active arbor doubles to
    45 %; the threshold is the same for all stimuli; far parts begin first until the soma is active, near ones
    afterwards; without type-2 IP3 receptors 42 % of the active arbor remain, and the soma responds in 4.5 ± 2.2 % of
    cells. Parts of the arbor follow each other after 9.4 ± 0.3 s where the soma stays silent, 4.4 ± 0.2 s before it and
    2.1 ± 0.1 s after it.

    **What fails** The threshold of this cell is one of IP3 in the soma, not of space: a brief or a weak stimulus needs
    half of the arbor. IP3 fills the soma in 14 s instead of 2; its calcium is then a spike of 0.2 s rise and 2 s decay,
    while the arbor climbs over all that time. Glutamate comes to all branches at once, so that activations do not come
    closer while more of them join. The surge takes 95 % of the arbor instead of 45 %, and without IP3
    receptors nothing is left, as the cell has no other source of calcium.

    **Set, not predicted** The number depends on the size of the soma against the branches that feed it: the radius of
    7.3 µm was chosen with the published number known, and the figure shows what others give. With it the model tells
    that such a threshold follows from somatic recruitment, not that it must be 23 %. The shape is made, not measured.
    The tolerance of 0.03 is assumed. The spread of 0.15 and the half of the arbor that makes a surge were set after
    first runs, in which a wider spread blurred the threshold.

    **Figure** A, B: calcium of all branches and of the soma in a trial below and one above the threshold; the bar is
    glutamate. C: active arbor in the end by that before the soma, one dot a trial; crosses without IP3 receptors. D:
    threshold by radius of the soma; the filled dot was chosen. Quick runs: 6 instead of 12 trials for each number of
    branches, 2 instead of 5 other somata.
    """

    name = "lines2024-surge"
    paper = "lines2024"
    claims = (
        Claim("Far below the threshold no trial becomes a surge", _ABSTRACT, "none_below", True),
        Claim("Far above it every trial does", _ABSTRACT, "all_above", True),
        Claim("Below it, what is active is what was stimulated", _ABSTRACT, "local_spread", (0.9, 1.15)),
        Claim("The arbor is active before the soma by", _ORIGIN, "soma_delay", (1.4, 2.8), unit="s"),
        Claim("Rise of the arbor, relative to that of the soma", _ORIGIN, "rise_ratio", (1.4, 1.9)),
        Claim("The arbor decays within", _ORIGIN, "arbor_decay", (4.4, 5.2), unit="s"),
        Claim("The soma decays within", _ORIGIN, "soma_decay", (3.9, 4.7), unit="s"),
        Claim("The threshold is the same for a brief stimulus", _SPATIAL, "threshold_brief", (0.212, 0.240)),
        Claim("The threshold is the same for a weak stimulus", _SPATIAL, "threshold_weak", (0.212, 0.240)),
        Claim("Active arbor after the soma", _SPATIAL, "share_after", (0.41, 0.49)),
        Claim("Active arbor after the soma, relative to before", _SPATIAL, "share_growth", (1.7, 2.1)),
        Claim("Before the soma is active, far parts begin first", _COURSE, "order_before", (-1, 0)),
        Claim("Afterwards near parts begin first", _COURSE, "order_after", (0, 1)),
        Claim("Active arbor that is left without type-2 receptors", _KNOCKOUT, "left_without_ip3r2", (0.36, 0.48)),
        Claim("Cells whose soma responds without type-2 receptors", _KNOCKOUT, "soma_without_ip3r2", (0, 0.09)),
        Claim("Time between activations before the soma, over that in cells whose soma stays silent", _COURSE,
              "between_before", (0.42, 0.52)),
        Claim("Time between activations after the soma, over that before it", _COURSE, "between_after", (0.42, 0.54)),
    )  # fmt: skip
    checks = (
        Check(
            "Threshold, with the size of the soma chosen for it",
            _FITTED,
            "threshold",
            (0.20, 0.26),
            basis=Basis.DEMONSTRATION,
        ),
    )
    must_matter = {"astrocyte.r_5p": 1.3}

    def models(self) -> dict[str, Model]:
        """A compartment of the astrocyte, and one without IP3 receptors."""
        from tripartite.models.branching_astrocyte import compartment

        cell = compartment()
        return {"astrocyte": cell, "knockout": cell.replace({"release": 0 / s}, "lines2024: no type-2 IP3 receptors")}

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Trials by stimulated share, the knock-out, other somata, and two courses."""
        import xarray as xr

        trials = _trials(models["astrocyte"], _SOMA, 6 if quick else 12, courses=True)
        lost = _trials(models["knockout"], _SOMA, 1)
        few = 1 if quick else 6
        brief = _trials(models["astrocyte"], _SOMA, few, seconds=10)
        weak = _trials(models["astrocyte"], _SOMA, few, production=0.5)
        radii = [_threshold(_trials(models["astrocyte"], radius, 2)) for radius in ((5.0, 8.0) if quick else _RADII)]
        active, surge = trials["active"], trials["surge"] > 0
        below, above = active < 0.6 * _threshold(trials), active > 1.5 * _threshold(trials)
        local = ~surge & (trials["stimulated"] > 0)
        found: dict[str, Any] = {
            "threshold": _threshold(trials),
            "none_below": float(not surge[below].any()),
            "all_above": float(surge[above].all()),
            "local_spread": float((trials["end"][local] / trials["stimulated"][local]).mean()),
            "threshold_brief": _threshold(brief),
            "threshold_weak": _threshold(weak),
            "left_without_ip3r2": float(lost["end"].mean() / trials["end"].mean()),
            "soma_without_ip3r2": float(np.mean(lost["responds"])),
            "between_before": _mean(trials["early_apart"], surge) / _mean(trials["early_apart"], local),
            "between_after": _mean(trials["late_apart"], surge) / _mean(trials["early_apart"], surge),
            "share_after": float(trials["end"][surge].mean()),
            "share_growth": float(trials["end"][surge].mean() / trials["active"][surge].mean()),
            **numbers(soma_delay=np.nanmean(trials["soma_delay"][surge]) * s),
            **numbers(arbor_decay=_mean(trials["arbor_decay"], surge) * s),
            **numbers(soma_decay=_mean(trials["soma_decay"], surge) * s),
            "rise_ratio": _mean(trials["arbor_rise"], surge) / _mean(trials["soma_rise"], surge),
            "order_before": _mean(trials["order_before"], surge),
            "order_after": _mean(trials["order_after"], surge),
            "radius": ("soma", np.array((5.0, 8.0) if quick else _RADII), {"units": "um"}),
            "threshold_by_radius": ("soma", np.array(radii)),
            "lost_stimulated": ("lost", lost["stimulated"]),
            "lost_end": ("lost", lost["end"]),
            "course_time": ("course_time", trials["time"], {"units": "s"}),
            "courses": (("share", "course_time", "branch"), trials["courses"], {"units": "uM"}),
            "share": trials["shares"],
        }
        found |= {name: ("trial", trials[name]) for name in ("stimulated", "active", "end", "surge")}
        return xr.Dataset(found)

    def figure(self, data: xr.Dataset) -> Figure:
        """Two trials, active arbor before and after, and what the soma's size does."""
        from tripartite.figures import figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.6)
        for panel, place in ((axes[0, 0], 0), (axes[0, 1], 1)):
            _draw_course(panel, data, place)
        _draw_shares(axes[1, 0], data)
        _draw_radii(axes[1, 1], data)
        label_panels(axes)
        return made


def _shape(radius: float) -> Morphology:
    from tripartite.network.morphology import Morphology

    return Morphology.tree(branches=_BRANCHES, generations=3, pieces=3, leaflets=0, soma_radius=radius * um)


def _trials(
    model: Model, radius: float, repeats: int, *, seconds: float = 30, production: float = 1, courses: bool = False
) -> dict[str, Any]:
    """What every trial did: ``repeats`` for each number of stimulated branches, all cells of one network."""
    from tripartite.models.branching_astrocyte import BranchingAstrocyte, primary_branches
    from tripartite.network import On, States
    from tripartite.protocols import Constant, Pulses

    shape = _shape(radius)
    branch, random = primary_branches(shape), np.random.default_rng(1)
    numbers = np.repeat(np.arange(_MOST + 1), repeats)
    strength = np.zeros((len(numbers), _BRANCHES + 1))  # the last column, which -1 means, is the soma
    for row, number in zip(strength, numbers, strict=True):
        row[random.permutation(_BRANCHES)[:number]] = np.exp(_SPREAD * random.normal(size=number))
    places = shape.places(len(numbers))
    largest = np.zeros(places.size)
    largest[places] = production * model["v_beta"].to("uM/s").magnitude * strength[:, branch]
    network = BranchingAstrocyte(shape, model, count=len(numbers), values={"v_beta": Quantity(largest, "uM/s")})
    cells = network.groups["astrocyte"]
    stimulus = On(cells, Pulses("glutamate", 100 * uM, [5] * s, seconds * s) & Constant(noradrenaline=0 * uM))
    run = network.run(until=60 * s, record=[States(cells, "ca", every=200 * ms)], protocol=stimulus)
    ca = run["astrocyte.ca"].values[:, places]
    time = run["astrocyte.ca"][run["astrocyte.ca"].dims[0]].values
    found = _judged(time, ca, shape, branch, numbers)
    if courses:
        found |= _two_courses(ca, shape, branch, numbers)
    return found


def _judged(time: np.ndarray, ca: np.ndarray, shape: Morphology, branch: np.ndarray, numbers: np.ndarray) -> dict:
    """Active shares and surges of calcium (time, cell, compartment)."""
    arbor = branch >= 0
    weight = shape.area[arbor] / shape.area[arbor].sum()
    above = ca > _ACTIVE
    soma = above[:, :, shape.within("soma")][:, :, 0]
    start = np.where(soma.any(axis=0), soma.argmax(axis=0), len(time))
    before = np.array([above[:n, k][:, arbor].any(axis=0) @ weight for k, n in enumerate(start)])
    end = above[:, :, arbor].any(axis=0) @ weight
    some = above[:, :, arbor].any(axis=2)
    first = np.where(some.any(axis=0), some.argmax(axis=0), len(time))
    last = len(time) - 1
    delay = np.where(start <= last, time[np.minimum(start, last)] - time[np.minimum(first, last)], np.nan)
    stimulated = np.array(numbers) / _BRANCHES
    surge = (end > 0.5) & (start <= last)
    mean, own = ca[:, :, arbor] @ weight, ca[:, :, shape.within("soma")][:, :, 0]
    arbor_times, soma_times = (np.array([_rise_and_decay(time, row) for row in c.T]) for c in (mean, own))
    onset = np.where(above.any(axis=0), above.argmax(axis=0), len(time))[:, arbor]
    early, late = onset < start[:, None], (onset > start[:, None]) & (onset <= last)
    return {
        "time": time,
        "stimulated": stimulated,
        "active": before,
        "end": end,
        "surge": surge.astype(float),
        "responds": start <= last,
        "early_apart": np.array([_apart(time[o[e]]) for o, e in zip(onset, early, strict=True)]),
        "late_apart": np.array([_apart(time[o[e]]) for o, e in zip(onset, late, strict=True)]),
        "soma_delay": delay,
        "arbor_rise": arbor_times[:, 0],
        "arbor_decay": arbor_times[:, 1],
        "soma_rise": soma_times[:, 0],
        "soma_decay": soma_times[:, 1],
        "order_before": np.array([_order(o, e, shape.path[arbor]) for o, e in zip(onset, early, strict=True)]),
        "order_after": np.array([_order(o, e, shape.path[arbor]) for o, e in zip(onset, late, strict=True)]),
    }


def _rise_and_decay(time: np.ndarray, course: np.ndarray) -> tuple[float, float]:
    """Times from 10 to 90 % before the peak, and from 90 to 10 % after it or until the end."""
    share, top = (course - course[0]) / (course.max() - course[0]), int(course.argmax())
    up = [time[np.argmax(share >= level)] for level in (0.1, 0.9)]
    down = [
        time[top + np.argmax(share[top:] < level)] if (share[top:] < level).any() else time[-1] for level in (0.9, 0.1)
    ]
    return float(up[1] - up[0]), float(down[1] - down[0])


def _order(onset: np.ndarray, chosen: np.ndarray, path: np.ndarray) -> float:
    """Correlation of onset with distance from the soma, among the chosen compartments."""
    if chosen.sum() < 3 or np.ptp(onset[chosen]) == 0:
        return float("nan")
    return float(np.corrcoef(onset[chosen], path[chosen])[0, 1])


def _apart(onsets: np.ndarray) -> float:
    """Mean time between two of some onsets (s)."""
    if len(onsets) < 2:
        return float("nan")
    return float(np.abs(onsets[:, None] - onsets).sum() / (len(onsets) * (len(onsets) - 1)))


def _mean(values: np.ndarray, chosen: np.ndarray) -> float:
    values = values[chosen & np.isfinite(values)]
    return float(values.mean()) if len(values) else float("nan")


def _two_courses(ca: np.ndarray, shape: Morphology, branch: np.ndarray, numbers: np.ndarray) -> dict[str, Any]:
    """Mean calcium of every branch and of the soma, in a trial well below and one well above the threshold."""
    chosen = [int(np.flatnonzero(numbers == number)[0]) for number in (2, 6)]
    courses = [
        np.column_stack(
            [ca[:, trial][:, branch == k].mean(axis=1) for k in range(_BRANCHES)]
            + [ca[:, trial][:, shape.within("soma")][:, 0]]
        )
        for trial in chosen
    ]
    return {"courses": np.array(courses), "shares": np.array([2, 6]) / _BRANCHES}


def _threshold(trials: dict[str, Any]) -> float:
    """The active share that parts surges from others with the fewest errors; the middle of equally good ones."""
    active, surge = trials["active"], trials["surge"] > 0
    if not surge.any() or surge.all():
        return np.nan
    edges = np.unique(active)
    middles = (edges[1:] + edges[:-1]) / 2
    errors = np.array([np.sum((active > middle) != surge) for middle in middles])
    return float(middles[errors == errors.min()].mean())


def _draw_course(panel: Axes, data: xr.Dataset, place: int) -> None:
    from tripartite.figures import COLOURS

    course = data["courses"][place].values
    stimulated = course[:, :-1].max(axis=0).argsort()
    for row, number in enumerate(stimulated):
        panel.plot(data["course_time"], course[:, number] + 1.0 * row, color=COLOURS["astrocyte"], lw=0.7)
    panel.plot(data["course_time"], course[:, -1] + 1.0 * (_BRANCHES + 1), color=COLOURS["model"], lw=1.2)
    panel.text(60.5, _BRANCHES + 1, "soma", fontsize=7, va="center")
    panel.text(60.5, _BRANCHES / 2, "branches", fontsize=7, va="center", rotation=90)
    panel.plot([5, 35], [-0.8, -0.8], color=COLOURS["transmitter"], lw=3, solid_capstyle="butt")
    share = 100 * float(data["share"][place])
    panel.set(xlabel="time (s)", ylabel="calcium (shifted by 1 µM)", title=f"{share:.1f} % stimulated")
    panel.set_yticks([])
    panel.set(xlim=(0, 60))


def _draw_shares(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    panel.axvline(23, color=COLOURS["faint"], ls=":", lw=1)
    panel.text(24, 3, "23 %\n(measured)", fontsize=7, color=COLOURS["faint"])
    panel.axvline(100 * float(data["threshold"]), color=COLOURS["model"], lw=0.8)
    panel.plot(100 * data["active"], 100 * data["end"], "o", ms=4, color=COLOURS["astrocyte"], label="trials")
    panel.plot(
        100 * data["lost_stimulated"], 100 * data["lost_end"], "x", ms=4, color=COLOURS["perturbation"],
        label="no IP3 receptors\n(by stimulated share)",
    )  # fmt: skip
    panel.set(xlabel="active arbor before the soma (%)", ylabel="active arbor in the end (%)", ylim=(-5, 108))
    panel.legend(loc=(0.45, 0.35))


def _draw_radii(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    panel.plot(data["radius"], 100 * data["threshold_by_radius"], "o-", ms=4, color=COLOURS["neuron"])
    panel.plot(_SOMA, 100 * float(data["threshold"]), "o", ms=6, color=COLOURS["model"], label="chosen")
    panel.axhline(23, color=COLOURS["faint"], ls=":", lw=1)
    panel.set(xlabel="radius of the soma (µm)", ylabel="threshold (% of the arbor)", ylim=(0, 45))
    panel.legend(loc="upper left")
