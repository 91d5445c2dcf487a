"""Neighbouring synapses cooperate through spilled glutamate, and uptake keeps them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Claim, Experiment, numbers
from tripartite.language import Compartment, Model, Result
from tripartite.mechanisms import ExtrasynapticGlutamate, MichaelisMentenUptake, TransporterDensity
from tripartite.models import SpilloverSynapse
from tripartite.protocols import Constant, RegularSpikes, SpikeTrain
from tripartite.solve import Tsit5, simulate
from tripartite.units import Hz, ms, mV, s, uM

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLOCKED = 0.05
"""Share of the uptake that is left when it is blocked."""
PAIR = 50.0
"""Interval of paired releases, in ms."""
SHOWN = (0.0, 0.5, 1.0)
"""Shares of active neighbours in the panel on uptake."""

_COOPERATION = "arnth_jensen2002, abstract"
_ARMBRUSTER = "armbruster2020, results, figure 3"
_ZHENG = "zheng2008, abstract: CA1"
_SLOW = "armbruster2020, supplement of figure 3: diffusion five times slower"
_DENSITY = "densities of GLT and GLAST in CA1 of lehre_danbolt1998"
_HELD = Constant({"dendrite.v": 40 * mV, "spine.v": -70 * mV})
_FINE = Tsit5(rtol=1e-8, atol=1e-12)


class SpilloverCooperation(Experiment):
    """Neighbouring synapses cooperate through spilled glutamate, and uptake keeps them apart.

    **Model** `SpilloverSynapse`: glutamate leaves the cleft within a millisecond or two; outside, uptake by
    astrocytes removes it, and diffusion carries it to those neighbours that are not active. AMPA receptors in the
    cleft; NMDA receptors outside, at +40 mV. *blocked*: 5 % of the uptake, as with TBOA. *slow*: diffusion
    five times slower. *density*: uptake from the number of transporters in CA1 (`TransporterDensity`).

    **Protocol** One release, alone or together with a share of the neighbours, at uptake from 2 to 200 % of its
    normal value, and with diffusion five times slower. Two releases 50 ms apart together with all neighbours; releases
    once a second.

    **Measure** Time integral of the open fraction of NMDA receptors over 500 ms; cooperation is that with all
    neighbours over that with none. Glutamate that is left at the second release, over its peak. Peak of the open
    AMPA receptors. Times in which glutamate falls to 1/e; time in which all but 1/e of what is taken up is taken up.

    **Claims** The abstract of arnth_jensen2002: glutamate of neighbouring synapses joins, so that they cooperate
    in the activation of receptors; uptake controls this cooperation, and the interaction in time between
    releases of one axon. The abstract of zheng2008: transporters have little effect on AMPA receptors in the
    cleft (here: their peak changes by less than 5 %). Checks: concentration of transporters from the densities of
    lehre_danbolt1998; low-dose clearance with the turnover and affinity assumed. "More" asks for a tenth more at least.
    Two decays of armbruster2020 (Monte Carlo, within a factor of 1.5), and what slower diffusion does to uptake there;
    ambient glutamate of zheng2008, here while all synapses fire once a second, which is assumed.

    **What fails** In the Monte Carlo model glutamate is gone from the cleft in 33 µs and from around it in 125 µs: the
    1.2 ms of the cleft here were measured (clements1992), and the two do not agree. With two well-mixed spaces
    diffusion has to bring glutamate to the transporters; in space they are on its way, whatever its speed.

    **Assumed** Volumes, affinity and turnover of the transporters, and neighbours as a mean: numbers of this page
    are those of the model, only signs are claimed. A single synapse is kept apart by diffusion more than by
    uptake: blocking adds 5 % to what its glutamate opens outside, but doubles what many together open.

    **Figure** A: opening of NMDA receptors by the share of active neighbours, with all and 5 % of the uptake. B: the
    same by uptake, for three shares. C: glutamate outside after two releases. D: open AMPA receptors. Quick runs: 6
    instead of 21 shares, 7 instead of 21 levels of uptake.
    """

    name = "arnth-jensen2002-spillover"
    paper = "arnth_jensen2002"
    claims = (
        Claim("More active neighbours open more NMDA receptors", _COOPERATION, "neighbours_cooperate", True),
        Claim("Blocked uptake raises the cooperation", _COOPERATION, "uptake_controls", True),
        Claim("Blocked uptake leaves more glutamate for the next release", _COOPERATION, "uptake_separates", True),
        Claim("Blocked uptake changes the peak of AMPA receptors by less than 5 %", "zheng2008, abstract",
              "ampa_change", (0, 0.05)),
        Claim("In the cleft glutamate decays with", f"{_ARMBRUSTER}: within 110 nm", "decay_cleft", (22, 50),
              unit="us"),
        Claim("Around the synapse it decays with", f"{_ARMBRUSTER}: at 160 to 260 nm", "decay_around", (83, 188),
              unit="us"),
        Claim("Fivefold slower diffusion changes the time of uptake by less than a fifth",
              "armbruster2020, results, supplement of figure 3", "slower_diffusion", (0.8, 1.2)),
        Claim("Of activity glutamate at a fifth of the uptake is at most 1.5 µM", _ZHENG, "ambient_20", (0, 1.5),
              unit="µM"),
        Claim("At a fiftieth of the uptake it is more", _ZHENG, "ambient_2", (1.5, np.inf), unit="µM"),
    )  # fmt: skip
    checks = (
        Check(
            "Transporters in a volume of tissue", _DENSITY, "transporters", 25.2, 2e-3, "µM", basis=Basis.CLOSED_FORM
        ),
        Check(
            "Clearance of little glutamate at 14 turnovers per second and an affinity of 20 µM",
            _DENSITY,
            "low_dose",
            88,
            6e-3,
            "1/s",
            basis=Basis.CLOSED_FORM,
        ),
    )
    must_matter = {"surround.diffusion": 1e-3, "surround.glt": 0.9}

    def models(self) -> dict[str, Model]:
        model = SpilloverSynapse()
        blocked = {"surround.vmax": BLOCKED * model["surround.vmax"]}
        density = Compartment(ExtrasynapticGlutamate(), MichaelisMentenUptake(), TransporterDensity())
        return {
            "normal": model,
            "blocked": model.replace(blocked, "assumed: most of the uptake is blocked"),
            "density": Model(surround=density),
            "slow": model.replace({path: model[path] / 5 for path in ("cleft.escape", "surround.diffusion")}, _SLOW),
        }

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        import xarray as xr

        share = np.linspace(0, 1, 6 if quick else 21)
        found: dict[str, Any] = {"share": ("share", share, {"units": "1"})}
        pair = {name: models[name] for name in ("normal", "blocked")}
        rows = {name: _release(model, share) for name, model in pair.items()}
        for name, row in rows.items():
            found[f"opened_{name}"] = ("share", row["opened"], {"units": "ms"})
            found[f"cooperation_{name}"] = ((), row["opened"][-1] / row["opened"][0])
        found |= _pairs(pair) | _by_uptake(models["normal"], quick) | _density(models["density"])
        found |= _decays(models["normal"], models["slow"]) | _activity(models["normal"])
        opened = rows["normal"]["opened"]
        change = np.abs(rows["blocked"]["ampa"] / rows["normal"]["ampa"] - 1).max()
        found |= {
            "neighbours_cooperate": float(np.all(np.diff(opened) > 0) and opened[-1] > 1.1 * opened[0]),
            "uptake_controls": (
                (),
                float(found["cooperation_blocked"][1] > found["cooperation_normal"][1]),
            ),
            "ampa_change": ((), float(change)),
        }
        return xr.Dataset(found)

    def figure(self, data: xr.Dataset) -> Figure:
        from tripartite.figures import COLOURS, figure, label_panels

        made, axes = figure(2, 2, 7.4, 5.2)
        neighbours, uptake, pair, ampa = axes.ravel()
        for name, label, colour in (("normal", "normal", "astrocyte"), ("blocked", "5 % left", "perturbation")):
            neighbours.plot(100 * data["share"], data[f"opened_{name}"], color=COLOURS[colour], label=label)
            pair.plot(data["moment"], data[f"course_{name}"], color=COLOURS[colour])
            ampa.plot(data["early"], 100 * data[f"ampa_{name}"], color=COLOURS[colour],
                      ls="-" if name == "normal" else "--")  # fmt: skip
        neighbours.set(xlabel="neighbours active together (%)", ylabel="NMDA opening (ms)", ylim=(0, None))
        neighbours.legend(title="uptake", title_fontsize=8)
        _draw_uptake(uptake, data)
        pair.set(xlabel="time (ms)", ylabel="glutamate outside (µM)", ylim=(0, None))
        ampa.set(xlabel="time (ms)", ylabel="open AMPA receptors (%)", ylim=(0, None))
        label_panels(axes)
        return made


def _release(model: Model, share: np.ndarray) -> dict[str, np.ndarray]:
    """NMDA opening (ms) and the peak of open AMPA receptors after one release, by the share of neighbours."""
    moment = np.concatenate([np.linspace(0, 10, 201), np.linspace(10.5, 500, 980)])
    run = simulate(
        model,
        _HELD & SpikeTrain([0] * ms),
        until=500 * ms,
        save_at=moment * ms,
        vary={"surround.coactive": share},
        solver=_FINE,
    )
    opened = np.trapezoid(run["nmda_open"].values, moment, axis=-1)
    return {"opened": opened, "ampa": run["ampa"].values.max(axis=-1)}


def _pairs(models: dict[str, Model]) -> dict[str, Any]:
    moment, early = np.linspace(0, 150, 1501), np.linspace(0, 20, 201)
    found: dict[str, Any] = {
        "moment": ("moment", moment, {"units": "ms"}),
        "early": ("early", early, {"units": "ms"}),
    }
    left = {}
    for name, model in models.items():
        together = model.replace({"surround.coactive": 1})
        run = simulate(together, _HELD & SpikeTrain([0, PAIR] * ms), until=150 * ms, save_at=moment * ms, solver=_FINE)
        course = run["surround.glutamate"].values
        left[name] = course[np.searchsorted(moment, PAIR) - 1] / course.max()
        found[f"course_{name}"] = ("moment", course, {"units": "uM"})
        found[f"ampa_{name}"] = ("early", np.interp(early, moment, run["ampa"].values), {"units": "1"})
        found[f"left_{name}"] = ((), left[name])
    return found | {"uptake_separates": ((), float(left["blocked"] > left["normal"]))}


def _by_uptake(model: Model, quick: bool) -> dict[str, Any]:
    levels = np.geomspace(0.02, 2, 7 if quick else 21)
    rows = []
    for level in levels:
        changed = model.replace({"surround.vmax": level * model["surround.vmax"]})
        rows.append(_release(changed, np.array(SHOWN))["opened"])
    return {
        "uptake": ("uptake", levels, {"units": "1"}),
        "shown": ("shown", list(SHOWN), {"units": "1"}),
        "opened_by_uptake": (("uptake", "shown"), np.array(rows), {"units": "ms"}),
    }


def _decays(model: Model, slow: Model) -> dict[str, Any]:
    """Times until 1/e is left of the peaks of one release, and how slower diffusion changes the time of uptake."""
    moment = np.linspace(0, 60, 12001)
    run, slowed = (
        simulate(each, _HELD & SpikeTrain([0] * ms), until=60 * ms, save_at=moment * ms, solver=_FINE)
        for each in (model, slow)
    )

    def left(course: np.ndarray) -> float:
        after = course[course.argmax() :]
        return float(np.interp(-1, -after / after[0] * np.e, moment[: len(after)]))

    def uptake(run: Result) -> float:
        taken = np.cumsum(run["surround.clearance"].values * run["surround.glutamate"].values)
        return float(np.interp(1 - 1 / np.e, taken / taken[-1], moment))

    return numbers(
        decay_cleft=left(run["cleft.glutamate"].values) * ms,
        decay_around=left(run["surround.glutamate"].values) * ms,
        slower_diffusion=uptake(slowed) / uptake(run),
    )


def _activity(model: Model) -> dict[str, Any]:
    """Mean glutamate around the synapses while all of them fire once a second, by the uptake that is left."""
    moment = np.linspace(0, 10, 20001)
    together = model.replace({"surround.coactive": 1})
    vary = {"surround.vmax": np.array([0.2, 0.02]) * model["surround.vmax"]}
    spikes = RegularSpikes(1 * Hz, stop=10 * s)
    run = simulate(together, _HELD & spikes, until=10 * s, save_at=moment * s, vary=vary)
    fifth, fiftieth = run["surround.glutamate"].values[:, len(moment) // 2 :].mean(axis=1)
    return numbers(ambient_20=fifth * uM, ambient_2=fiftieth * uM)


def _density(model: Model) -> dict[str, Any]:
    run = simulate(model, until=1 * ms)
    share = float(model["extracellular"].magnitude)
    transporters, vmax = float(run["transporters"][0]), float(run["vmax"][0])
    return {
        "transporters": ((), transporters * share, {"units": "uM"}),
        "tissue_vmax": ((), 1000 * vmax * share, {"units": "uM/s"}),
        "vmax": ((), vmax, {"units": "mM/s"}),
        "low_dose": ((), float(run["clearance"][0]), {"units": "1/s"}),
    }


def _draw_uptake(panel: Axes, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for place, colour in enumerate(("second", "neuron", "data")):
        label = f"{100 * SHOWN[place]:.0f} %"
        panel.plot(100 * data["uptake"], data["opened_by_uptake"][:, place], color=COLOURS[colour], label=label)
    panel.set(xscale="log", xlabel="uptake (% of normal)", ylabel="NMDA opening (ms)", ylim=(0, None))
    panel.legend(title="neighbours active", title_fontsize=8)
