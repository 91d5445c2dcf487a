"""A step of current through a network of neurons and astrocytes: calcium, gliotransmission, and what they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.language import Model
from tripartite.protocols import Steps
from tripartite.units import ms, pA, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from tripartite.language import Result
    from tripartite.network import Network

_BRIAN = "program of example 6 of stimberg2019, run in Brian 2.9 for 5 s (two networks)"
_NEURON = "neuron of example 6 of stimberg2019 without synapses, in Euler steps of 0.1 ms"
_EXCITATORY, _INHIBITORY = 3200, 800
_FIRING = {100: 7.05, 120: 24.74}
"""Rate (Hz) of the neuron without synapses by current (pA), from `_NEURON`."""
_UNITS = {
    "before": "Hz", "during": "Hz", "after": "Hz", "after_staircase": "Hz", "first_release": "s", "ip3_before": "uM",
    "ip3_peak": "uM", "ca_peak": "uM",
}  # fmt: skip
_SHOWN = 8
_STAIRCASE = 60 * 0.01 / (1 - (1 - 0.6 + 0.6**2 / 2 - 0.6**3 / 6 + 0.6**4 / 24))
"""Integral of gliotransmitter in Runge-Kutta steps of 10 ms, each held for its step, over the true one."""


def _computed(statement: str, number: str, expected: float, tolerance: float = 0.0, unit: str = "1",
              source: str = _BRIAN) -> Check:  # fmt: skip
    return Check(statement, source, number, expected, tolerance, unit, basis=Basis.COMPUTED)


class StimbergStep(Experiment):
    """A step of current through a network of neurons and astrocytes (figure 6 of the chapter).

    **Model** 3,200 excitatory and 800 inhibitory leaky neurons near their rheobase, 1.28 million synapses that
    depress and facilitate, and 3,200 astrocytes on a square, coupled by gap junctions. Excitatory synapses feed the
    astrocyte at their postsynaptic neuron, whose gliotransmitter lowers their release. Geometry as in the program.

    **Protocol** 100 pA into every neuron, 120 pA from 2 to 4 s; 8 s. Five networks.

    **Measure** Mean rates of excitatory neurons before (0-2 s), during (2-4 s) and after (4-5 s) the step; mean
    calcium and IP3 of the astrocytes; releases of gliotransmitter until 5 s, and when the first comes. Means over the
    networks. Rates of the neuron alone, over 20 s.

    **Claims** None: the chapter shows the figure and prints no number. Checks: its program, run in Brian 2.9, has these
    numbers; tolerances are three standard errors of the difference between means over two networks, from the
    spread between networks; for bound receptors, of which Brian sampled every 64th, that of the sample. Firing
    without synapses was computed independently in Euler steps of 0.1 ms.

    The program holds gliotransmitter, which decays within 17 ms, for steps of 10 ms: synapses see a third more of it
    than there is, 93 instead of 86 % of their receptors are bound by the first release, and firing after the step is
    1.28 instead of 1.0 Hz. Here it is integrated exactly; the rate after the step is judged in networks whose
    receptors bind as much faster (``staircase``), which stands for the published steps.

    **Figure** A: the current. B: spikes of one neuron in eight, and releases of gliotransmitter above them. C: rates of
    both kinds of neurons. D: mean calcium and IP3 of the astrocytes with their spread between cells. Quick runs are the
    whole run.
    """

    name = "stimberg2019-network"
    paper = "stimberg2019"
    checks = (
        _computed("1,458 astrocytes have excitatory synapses", "owners", 1458),
        _computed("6,286 pairs of astrocytes are coupled", "junctions", 6286),
        *(_computed(f"Without synapses, {amount} pA make the neuron fire at {rate} Hz", f"alone_{amount}", rate, 5e-3,
                    "Hz", _NEURON) for amount, rate in _FIRING.items()),
        _computed("Before the step excitatory neurons fire at 0.35 Hz", "before", 0.3526, 0.2, "Hz"),
        _computed("During the step they fire at 1.96 Hz", "during", 1.963, 0.1, "Hz"),
        _computed("Until 2 s IP3 rises to 0.487 µM", "ip3_before", 0.4872, 0.02, "uM"),
        _computed("The step raises IP3 to at most 0.651 µM", "ip3_peak", 0.6514, 0.01, "uM"),
        _computed("It raises calcium to at most 0.547 µM", "ca_peak", 0.5466, 0.01, "uM"),
        _computed("The first release comes at 2.275 s", "first_release", 2.275, 0.02, "s"),
        _computed("Until 5 s there are 1,510 releases", "releases", 1510, 0.01),
        _computed("With published steps, after the step neurons fire at 1.28 Hz", "after_staircase", 1.283, 0.4, "Hz"),
        _computed("With published steps, 54.4 % of receptors are bound at 3 s", "bound_staircase", 0.5441, 0.025),
    )  # fmt: skip
    must_matter = {"neuron.refractory": 2}

    def models(self) -> dict[str, Model]:
        """Neuron, astrocyte, synapses and gap junction."""
        from tripartite.models.stimberg_network import stimberg_parts

        return stimberg_parts()

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Five networks, each also with the published steps of gliotransmitter; ``quick`` changes nothing."""
        import xarray as xr

        excitatory = models["excitatory"]
        faster = excitatory.replace({"binding": _STAIRCASE * excitatory["binding"]})
        seeds = range(1, 6)
        networks = [_once(models, seed) for seed in seeds]
        held = [_held({**models, "excitatory": faster}, seed) for seed in seeds]
        found = _alone(models["neuron"]) | {k: v for k, v in networks[0].items() if isinstance(v, tuple)}
        for rows in (networks, held):
            for key, value in rows[0].items():
                if not isinstance(value, tuple):
                    mean = float(np.mean([row[key] for row in rows]))
                    found[key] = ((), mean, {"units": _UNITS[key]} if key in _UNITS else {})
        for key, rows in (("after", networks), ("after_staircase", held)):
            found[f"{key}_networks"] = ("network", [row[key] for row in rows], {"units": "Hz"})
        return xr.Dataset(found)

    def figure(self, data: xr.Dataset) -> Figure:
        """Current, spikes and releases, rates, and the astrocytes of the first network; rates of all."""
        from tripartite.figures import figure, label_panels

        made, axes = figure(4, 1, height=7.2, height_ratios=[0.35, 2.4, 1, 1], sharex=True)
        _draw_current(axes[0, 0])
        _draw_raster(axes[1, 0], data)
        _draw_rates(axes[2, 0], data)
        _draw_astrocytes(axes[3, 0], data)
        label_panels(axes)
        return made


def _stepped(network: Network, until: float, record: list[Any], seed: int) -> Result:
    from tripartite.network.stimuli import On

    stimulus = Steps("current", [2, 4] * s, [20, 0] * pA)
    return network.run(until=until * s, record=record, protocol=On(network.groups["neurons"], stimulus), seed=seed)


def _once(models: dict[str, Model], seed: int) -> dict[str, Any]:
    """Numbers of one network, and as tuples what its figure needs."""
    from tripartite.analysis import rate
    from tripartite.models.stimberg_network import StimbergNetwork, stimberg_territories
    from tripartite.network import Average, Spikes

    network = StimbergNetwork(models, seed=seed)
    neurons, astrocytes = network.groups["neurons"], network.groups["astrocytes"]
    record = [Spikes(neurons), Spikes(astrocytes), Average(astrocytes, "ca", "ip3", every=100 * ms)]
    data = _stepped(network, 8.0, record, seed).data
    times, cells = data["neurons.spike.times"].values, data["neurons.spike.cells"].values
    excited = times[cells < _EXCITATORY]
    found: dict[str, Any] = {
        name: rate(excited, _EXCITATORY, *window)
        for name, window in (("before", (0, 2)), ("during", (2, 4)), ("after", (4, 5)))
    }
    found["junctions"] = len(network.couplings[0].neighbours.pairs(astrocytes)[0])
    found |= _glia(data, stimberg_territories()) | _firing(times, cells)
    found["spike"] = ("spikes", times[cells % _SHOWN == 0], {"units": "s"})
    found["cell"] = ("spikes", cells[cells % _SHOWN == 0])
    return found


def _firing(times: np.ndarray, cells: np.ndarray) -> dict[str, Any]:
    """Rates over time of both kinds of neurons."""
    from tripartite.analysis import rate_course

    edges = np.linspace(0, 8, 801)
    found: dict[str, Any] = {"bin": ("bin", (edges[1:] + edges[:-1]) / 2, {"units": "s"})}
    for name, chosen, size in (
        ("excitatory", cells < _EXCITATORY, _EXCITATORY),
        ("inhibitory", cells >= _EXCITATORY, _INHIBITORY),
    ):
        found[f"course_{name}"] = ("bin", rate_course(times[chosen], size, edges), {"units": "Hz"})
    return found


def _glia(data: xr.Dataset, territories: np.ndarray) -> dict[str, Any]:
    """What the astrocytes do."""
    release, who = data["astrocytes.gliorelease.times"].values, data["astrocytes.gliorelease.cells"].values
    owners = np.unique(territories[territories >= 0])
    early = release < 5
    found: dict[str, Any] = {
        "owners": len(owners),
        "releases": int(early.sum()),
        "first_release": float(release.min(initial=np.inf)),
        "ip3_before": float(data["astrocytes.ip3.mean"][20]),
        "ip3_peak": float(data["astrocytes.ip3.mean"][:50].max()),
        "ca_peak": float(data["astrocytes.ca.mean"][:50].max()),
        "release": ("release", release, {"units": "s"}),
        "releasing": ("release", who),
        "time": ("time", 0.1 * np.arange(data["astrocytes.ca.mean"].size), {"units": "s"}),
    }
    for name in ("ca", "ip3"):
        for kind in ("mean", "sd"):
            found[f"{name}_{kind}"] = ("time", data[f"astrocytes.{name}.{kind}"].values, {"units": "uM"})
    return found


def _held(models: dict[str, Model], seed: int) -> dict[str, Any]:
    """The rate after the step and the receptors bound at 3 s, in one network."""
    from tripartite.analysis import rate
    from tripartite.models.stimberg_network import StimbergNetwork
    from tripartite.network import Spikes, Synapses

    network = StimbergNetwork(models, seed=seed)
    neurons = network.groups["neurons"]
    record = [Spikes(neurons), Synapses(network.projections[0], "bound", every=3 * s)]
    data = _stepped(network, 5.0, record, seed).data
    times, cells = data["neurons.spike.times"].values, data["neurons.spike.cells"].values
    return {
        "after_staircase": rate(times[cells < _EXCITATORY], _EXCITATORY, 4, 5),
        "bound_staircase": float(data["synapses0.bound"][1].mean()),
    }


def _alone(neuron: Model) -> dict[str, Any]:
    """Rates of the neuron without synapses."""
    from tripartite.network import Network, Population, Spikes

    currents = np.array(list(_FIRING))
    cells = Population(neuron, len(currents), values={"bias_current": currents * pA})
    data = Network(cells=cells).run(until=20 * s, record=[Spikes(cells)]).data
    times, who = data["cells.spike.times"].values, data["cells.spike.cells"].values
    intervals = [np.diff(times[who == k]) for k in range(len(currents))]
    hz = {"units": "Hz"}
    return {f"alone_{c}": ((), float(1 / np.mean(i)), hz) for c, i in zip(currents, intervals, strict=True)}


def _draw_current(panel: Any) -> None:
    from tripartite.figures import COLOURS

    panel.plot([0, 2, 2, 4, 4, 8], [100, 100, 120, 120, 100, 100], color=COLOURS["perturbation"])
    panel.set(ylim=(95, 125), ylabel="current\n(pA)")


def _draw_raster(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    times, cells = data["spike"].values, data["cell"].values
    rows = (
        ("excitatory", times[cells < _EXCITATORY], cells[cells < _EXCITATORY], COLOURS["neuron"], 0),
        ("inhibitory", times[cells >= _EXCITATORY], cells[cells >= _EXCITATORY], COLOURS["model"], 0),
        ("releases", data["release"].values, data["releasing"].values, COLOURS["astrocyte"], _EXCITATORY + _INHIBITORY),
    )
    for label, when, who, colour, base in rows:
        panel.plot(when, who + base, ",", color=colour)
        middle = base + (1600 if label != "inhibitory" else 3600)
        panel.text(1.01, middle, label, color=colour, transform=panel.get_yaxis_transform(), fontsize=7, rotation=270,
                   va="center")  # fmt: skip
    panel.set(ylim=(0, 7200), ylabel=f"neuron (one in {_SHOWN}) or astrocyte")


def _draw_rates(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for name, colour in (("excitatory", COLOURS["neuron"]), ("inhibitory", COLOURS["model"])):
        panel.plot(data["bin"], np.maximum(data[f"course_{name}"], 0.01), color=colour, lw=0.8, label=name)
    panel.set(yscale="log", ylim=(0.05, 100), ylabel="rate in 10 ms\n(Hz)")
    panel.legend(loc="upper right", ncols=2)


def _draw_astrocytes(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for name, label, colour in (("ca", "calcium", COLOURS["astrocyte"]), ("ip3", "IP3", COLOURS["second"])):
        mean, sd = data[f"{name}_mean"].values, data[f"{name}_sd"].values
        panel.plot(data["time"], mean, color=colour, label=label)
        panel.fill_between(data["time"], np.maximum(mean - sd, 0), mean + sd, color=colour, alpha=0.2, lw=0)
    panel.set(xlim=(0, 8), ylim=(0, None), xlabel="time (s)", ylabel="mean ± s.d.\n(µM)")
    panel.legend(loc="upper right", ncols=2)
