r"""Spatial buffering: potassium that astrocytes carry away from active neurons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Expected, Experiment
from tripartite.language import Model, Protocol, Result
from tripartite.models.halnes import HalnesTissue, Nodes, Pieces, tissue_parts
from tripartite.network import Bdf, On, States
from tripartite.protocols import Constant, Pulses
from tripartite.units import Quantity, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_SOURCE = "equations of halnes2013 by finite volumes, on 101 points with half pieces at the ends"
_CELLS = "equations of halnes2013 by finite volumes, on 100 equal pieces"
_UNCOUPLED = "breithausen2020, abstract"
_LOADS = {"small": 0.35, "large": 1.6}
"""Release by neurons relative to that of the paper, for a transient below 8 mM and one above 12 mM."""
_BLOCKED = "equations of halnes2013 by finite volumes, on 101 points, with tortuosity 100 in astrocytes"

_STEADY = 399
_QUANTITIES = ("potassium_out", "potassium_in", "sodium_in", "v", "e_k", "kir_factor")
_PRECISE = Bdf(rtol=1e-6, atol=1e-8)


def _computed(statement: str, source: str, number: str, expected: Expected, tolerance: float, unit: str = "1") -> Check:
    return Check(statement, source, number, expected, tolerance, unit, basis=Basis.COMPUTED)


class SpatialBuffering(Experiment):
    r"""Spatial buffering: potassium that astrocytes carry away from active neurons.

    **Model** A line of 300 µm of tissue: potassium, sodium and chloride in astrocytes and outside, with Kir4.1, leaks
    and a pump between the two, and diffusion and drift along the line (`HalnesTissue`; halnes2013). The ends are
    sealed.

    **Protocol** For 100 s nothing, for 300 s neurons release potassium and take up sodium in the first tenth of the
    line, then nothing for 200 s. With 0.35 and 1.6 times the release, potassium reaches about 6 and 14 mM. Once more
    with next to no transport inside astrocytes (tortuosity 100 for 3.2), and once with the line cut into equal pieces.

    **Measure** Concentrations and potentials at both ends before the release, at its end, 10 s later, and after
    200 s. The factor of Kir4.1 at the initial values.

    **Claims** Of the abstract: astrocytes at the active end are depolarised and take potassium up, and release it where
    little is outside. Of that of breithausen2020 (CA1 of the rat): uncoupled astrocytes enlarge transients of potassium
    only above some 10 mM; next to no transport inside stands for uncoupling here. Checks: numbers computed
    independently by a finite-volume program with a stiff solver.

    **What fails, and why** Uncoupling enlarges the small transient, too: in this model all uptake over minutes goes on
    through transport inside astrocytes, and the slice has other ways out.

    **How the number depends on the grid** With 101 points, as in the checks, the active zone covers nine and a half
    pieces, 28.5 µm in place of 30, and potassium reaches 10.31 mM. More points give more: 10.48 mM with 201, 10.56 mM
    with 401. Equal pieces cover the zone exactly; with them potassium reaches 10.65 mM whatever their number. That
    is the solution of the equations; 10.31 mM is that of the grid. A program that leaves out the point at 0 µm, as
    the published one does, computes still less.

    **Beyond the claims** At the end of release the potential of the active zone lies above the reversal of potassium
    there, as it does far away: Kir4.1 lets potassium out everywhere, and it is the pump that takes it up. Without
    transport inside, potassium at the active end rises higher.

    **Figure** A: potassium outside at both ends with and without transport inside astrocytes; shaded, neurons release.
    B: the same along the line at the end of release. C: membrane potential and reversal of potassium. D: potassium at
    the active end by the number of pieces, for two ways to cut the line. Quick runs: 2 instead of 4 numbers in D.
    """

    name = "halnes2013-buffering"
    paper = "halnes2013"
    claims = (
        Claim(
            "Release depolarises astrocytes at the active end and raises their uptake",
            "halnes2013, abstract",
            "takes_up",
            True,
        ),
        Claim("Far away they release more potassium than at rest", "halnes2013, abstract", "releases_far", True),
        Claim("Uncoupling changes transients below 8 mM by less than a tenth", _UNCOUPLED, "ratio_small", (0.9, 1.1)),
        Claim("It enlarges transients above 12 mM by more than a tenth", _UNCOUPLED, "ratio_large", (1.1, np.inf)),
    )
    checks = (
        _computed("Rest: factor of Kir4.1", _SOURCE, "kir_rest", 0.958882, 1e-4),
        _computed("Release: potassium outside, active end", _SOURCE, "potassium_near", 10.31, 1e-2, "mM"),
        _computed("Release: potential, active end", _SOURCE, "v_near", -59.74, 1e-3, "mV"),
        _computed("Release: potassium inside, active end", _SOURCE, "inside_near", 112.1, 1e-3, "mM"),
        _computed("Release: sodium inside, active end", _SOURCE, "sodium_near", 8.62, 1e-3, "mM"),
        _computed("Release: potassium outside, far end", _SOURCE, "potassium_far", 3.364, 1e-3, "mM"),
        _computed("10 s after release: potassium outside, active end", _SOURCE, "potassium_after", 3.525, 1e-3, "mM"),
        _computed("Equal pieces: potassium outside, active end", _CELLS, "potassium_pieces", 10.647, 1e-3, "mM"),
        _computed("No transport inside: potassium outside, active end", _BLOCKED, "potassium_blocked", 15.854, 1e-3,
                  "mM"),
    )  # fmt: skip
    must_matter = {"tissue.largest_pump": 0.5}

    def models(self) -> dict[str, Model]:
        """One piece of tissue, and what passes between two."""
        return tissue_parts()

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """The line as claimed, without transport inside astrocytes, and cut in other ways."""
        import xarray as xr

        wide = models["exchange"].replace({"tortuosity_in": 100.0}, "assumed: next to no transport inside")
        free, blocked = solved(models, Nodes(101)), solved({**models, "exchange": wide}, Nodes(101))
        counts = (20, 100) if quick else (20, 50, 100, 200)
        pieces = [highest(solved(models, Pieces(count), 300 * s)) for count in counts]
        nodes = [highest(free if n == 100 else solved(models, Nodes(n + 1), 300 * s)) for n in counts]
        mm = {"units": "mM"}
        profiles = {
            f"{kind}_{name}": ("place", run[f"tissue.{name}"].sel(time=_STEADY).values, run[f"tissue.{name}"].attrs)
            for kind, run in (("free", free), ("blocked", blocked))
            for name in _QUANTITIES
        }
        courses = {
            f"{kind}_{end}": ("time", run["tissue.potassium_out"].values[:, cell], mm)
            for kind, run in (("free", free), ("blocked", blocked))
            for end, cell in (("near", 0), ("far", -1))
        }
        return xr.Dataset(
            {
                **_numbers(free, models["tissue"]),
                "potassium_blocked": ((), highest(blocked), mm),
                "potassium_pieces": ((), pieces[counts.index(100)], mm),
                "by_pieces": ("count", pieces, mm),
                "by_nodes": ("count", nodes, mm),
                **_uncoupled(models, {**models, "exchange": wide}),
                **profiles,
                **courses,
            },
            {
                "time": ("time", free.time.values, {"units": "s"}),
                "place": ("place", Nodes(101).places(300.0)[0], {"units": "um"}),
                "count": ("count", list(counts)),
            },
        )

    def figure(self, data: xr.Dataset) -> Figure:
        """Potassium in time and along the line, potentials along it, and what the grid does to the largest value."""
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.2)
        (course, profile), (potential, grid) = axes
        _draw_potassium(course, profile, data)
        potential.plot(data["place"], data["free_v"], color=COLOURS["astrocyte"], label="membrane potential")
        potential.plot(data["place"], data["free_e_k"], color=COLOURS["neuron"], label="reversal of potassium")
        potential.set(xlabel="place (µm)", ylabel="potential (mV)", xlim=(0, 300))
        potential.legend()
        grid.plot(data["count"], data["by_pieces"], "o-", color=COLOURS["astrocyte"], ms=4, label="equal pieces")
        grid.plot(
            data["count"], data["by_nodes"], "s-", color=COLOURS["model"], ms=4, label="points, half pieces at ends"
        )
        grid.plot(100, 10.31, "o", color="k", mfc="none", ms=9, label="independent")
        grid.set(xlabel="pieces", ylabel="potassium at the end (mM)", ylim=(8, 10.8), xlim=(0, None))
        grid.legend(loc="lower right")
        label_panels(axes)
        return made


def _uncoupled(models: Mapping[str, Model], wide: Mapping[str, Model]) -> dict[str, Any]:
    """Potassium at the active end under a small and a large load, without transport inside over that with it."""
    found: dict[str, Any] = {}
    for name, factor in _LOADS.items():
        free, blocked = (highest(solved(parts, Pieces(20), 300 * s, factor)) for parts in (models, wide))
        found |= {f"ratio_{name}": blocked / free, f"coupled_{name}": ((), free, {"units": "mM"})}
    return found


def load(column: HalnesTissue, factor: float = 1.0) -> Protocol:
    """Neurons release potassium in the active part of the line from 100 to 400 s."""
    release = Quantity(5.5e-7 * factor, "mol/(m**2*s)")
    active = On(column.active, Pulses("neuronal_potassium", release, [100] * s, 300 * s))
    return active & On(column.silent, Constant(neuronal_potassium=0 * release))


def solved(parts: Mapping[str, Model], grid: Nodes | Pieces, until: Any = 600 * s, factor: float = 1.0) -> Result:
    """All recorded quantities of one line, every second."""
    column = HalnesTissue(parts, grid=grid)
    record = States(column.tissue, *_QUANTITIES, every=1 * s)
    return column.run(until=until, protocol=load(column, factor), record=record, solver=_PRECISE)


def highest(run: Result) -> float:
    """Potassium outside (mM) at the active end in the last second of release that was recorded."""
    return float(run["tissue.potassium_out"].sel(time=slice(0, _STEADY))[-1, 0])


def _numbers(run: Result, piece: Model) -> dict[str, Any]:
    """What the claims are about, at both ends of the line."""
    steady, rest = run.data.sel(time=_STEADY), run.data.sel(time=99)
    found: dict[str, Any] = {
        "kir_rest": float(run["tissue.kir_factor"][0, 0]),
        "potassium_after": ((), float(run["tissue.potassium_out"].sel(time=410)[0]), {"units": "mM"}),
    }
    names = {"potassium": "potassium_out", "v": "v", "inside": "potassium_in", "sodium": "sodium_in"}
    for short, name in names.items():
        for end, cell in (("near", 0), ("far", -1)):
            values = steady[f"tissue.{name}"]
            found[f"{short}_{end}"] = ((), float(values[cell]), values.attrs)
    uptake, far = ([_uptake(at, piece, cell) for at in (rest, steady)] for cell in (0, -1))
    depolarised = steady["tissue.v"][0] > rest["tissue.v"][0]
    return found | {
        "takes_up": float(bool(depolarised) and uptake[1] > max(uptake[0], 0)),
        "releases_far": float(far[1] < min(far[0], 0)),
    }


def _uptake(at: xr.Dataset, piece: Model, cell: int) -> float:
    """Potassium (mol/m²/s) that the membrane of a piece takes up: by its pump less by its channels."""
    value = {name: float(at[f"tissue.{name}"][cell]) for name in _QUANTITIES}
    g, charge = (float(piece[name].to_base_units().magnitude) for name in ("g_kir", "TissueMembrane.faraday"))
    largest, k, na = (
        float(piece[f"TissuePump.{name}"].magnitude) for name in ("largest_pump", "k_potassium", "k_sodium")
    )
    sodium = value["sodium_in"] ** 1.5
    pump = largest * value["potassium_out"] / (value["potassium_out"] + k) * sodium / (sodium + na**1.5)
    return 2 * pump - g * value["kir_factor"] * (value["v"] - value["e_k"]) / 1000 / charge


def _draw_potassium(course: Axes, profile: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for kind, colour, words in (("free", "astrocyte", ""), ("blocked", "perturbation", ", blocked")):
        course.plot(data["time"], data[f"{kind}_near"], color=COLOURS[colour], label=f"0 µm{words}")
        course.plot(data["time"], data[f"{kind}_far"], color=COLOURS[colour], ls="--", label=f"300 µm{words}")
        label = "astrocytes carry potassium" if kind == "free" else "no transport inside them"
        profile.plot(data["place"], data[f"{kind}_potassium_out"], color=COLOURS[colour], label=label)
    course.axvspan(100, 400, color=COLOURS["faint"], alpha=0.15, lw=0)
    course.set(xlabel="time (s)", ylabel="potassium outside (mM)", xlim=(0, 600), ylim=(2.5, 17))
    course.legend(loc="upper right", fontsize=7, handlelength=1.2)
    profile.axvspan(0, 30, color=COLOURS["faint"], alpha=0.15, lw=0)
    profile.text(32, 16, "active neurons: 0 to 30 µm", fontsize=7)
    profile.set(xlabel="place (µm)", ylabel="potassium outside (mM)", xlim=(0, 300), ylim=(2.5, 17))
    profile.legend(loc="center right")
