"""The benchmark networks of Jiang et al. (2025): 10,000 neurons and as many astrocytes."""

from __future__ import annotations

import abc
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from tripartite.experiments.base import Basis, Check, Experiment
from tripartite.units import ms, s

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure

    from tripartite.language import Model
    from tripartite.models.jiang_network import JiangVariant

_PAPER = (
    "jiang2025, mean of nine simulations of its benchmark, as the program astrosimgpu reports it (docs/validation.md); "
    "the values of the astrocyte were chosen among published ones because this rate comes out"
)
_BEGIN, _END = 1.0, 11.0
_EXCITATORY, _INHIBITORY = 8000, 2000
_SEEDS = (1, 2, 3)
_SHOWN = 20
"""One in so many neurons is drawn."""


class AbstractJiangNetwork(Experiment, abc.ABC):
    """Runs one of the two networks over seeds, and draws it."""

    published: ClassVar[float]
    """Mean rate (Hz) of all neurons."""

    @abc.abstractmethod
    def variant(self) -> JiangVariant:
        """What sets this network apart."""

    def models(self) -> dict[str, Model]:
        """Neuron, astrocyte and synapses."""
        return self.variant().parts()

    def run(self, models: dict[str, Model], quick: bool) -> xr.Dataset:
        """Rates of three networks (``quick``: of one), and what the first one does."""
        import xarray as xr

        from tripartite.models.jiang_network import JiangNetwork

        rates, found = [], {}
        for seed in _SEEDS[:1] if quick else _SEEDS:
            data = _once(JiangNetwork(self.variant(), models, seed=seed), seed)
            rates.append(float(data["rate"]))
            found = found or data
        found["rates"] = ("network", rates, {"units": "Hz"})
        found["rate"] = ((), float(np.mean(rates)), {"units": "Hz"})
        return xr.Dataset(found)

    def figure(self, data: xr.Dataset) -> Figure:
        """Spikes of some neurons, the rate, and calcium and current over time."""
        from tripartite.figures import figure, label_panels

        made, axes = figure(2, 2, height=4.6, width_ratios=[1.5, 1])
        _draw_raster(axes[0, 0], data)
        _draw_course(axes[1, 0], data)
        _draw_astrocytes(axes[0, 1], data)
        _draw_rates(axes[1, 1], data, self.published)
        label_panels(axes.T)
        return made


class JiangSparse(AbstractJiangNetwork):
    """Sparse firing of 10,000 neurons among as many astrocytes (benchmark of NEST).

    **Model** 8,000 excitatory and 2,000 inhibitory adaptive exponential neurons with alpha conductances, connected
    with probability 0.1 by depressing synapses, and driven by 2,000 Poisson spikes/s each; half of the excitatory
    synapses raise the IP3 of one of the ten astrocytes of their target, which sends it a slow inward current.
    Inhibition lasts 4 ms and takes 1 ms to arrive.

    **Protocol** 11 s; three networks with connections and Poisson spikes of their own, one with ``--quick``.

    **Measure** Mean rate of all neurons from 1 s to 11 s, over the networks.

    **Claims** None. The paper reports 4.76 spikes/s as the mean of nine simulations; the number is read here as the
    program astrosimgpu reports it, and a choice below was made by it, so that it is a check. That program has 4.7617
    with a standard deviation of 0.026 between seeds: three of these for a single network, and the rounding of the
    paper, make 1.8 %; 2 % are allowed, set before this experiment first ran, whatever the number of networks.

    **Assumed** Files for these networks differ in the values of the astrocyte. These are those of NEST's example
    network, with jumps of IP3 of 0.2 nM that last 7.1 s and currents weighted by 0.05. They were chosen because the
    published rates come out with them, and not with jumps of 0.5 µM that last 2 ms (2.9 spikes/s): the checks test
    all the rest of the network, not this choice.

    **Figure** A: spikes of one neuron in twenty in the last 2 s. B: rate in bins of 5 ms. C: mean calcium and IP3 of
    the astrocytes with their spread between cells. D: rate of each network beside the published one, shaded 2 %. Quick
    runs: one instead of three networks.
    """

    name = "jiang2025-sparse"
    paper = "jiang2025"
    published = 4.76
    checks = (
        Check("The mean rate is 4.76 spikes/s", _PAPER, "rate", published, 0.02, "Hz", basis=Basis.DEMONSTRATION),
        Check("An independent program has 4.7617, within three of its standard deviations",
              "program astrosimgpu, s.d. between seeds 0.026", "rate",
              (4.7617 - 3 * 0.026, 4.7617 + 3 * 0.026), 0.0, "Hz", basis=Basis.COMPUTED),
    )  # fmt: skip
    must_matter = {"neuron.g_l": 1.2}

    def variant(self) -> JiangVariant:
        """The sparse network."""
        from tripartite.models.jiang_network import SPARSE

        return SPARSE


class JiangSynchronous(AbstractJiangNetwork):
    """Synchronous firing of 10,000 neurons among as many astrocytes (benchmark of NEST).

    **Model** That of ``jiang2025-sparse``, but for inhibition, which lasts 2 ms and takes 2 ms to arrive.

    **Protocol** 11 s; three networks with connections and Poisson spikes of their own, one with ``--quick``.

    **Measure** Mean rate of all neurons from 1 s to 11 s, over the networks.

    **Claims** None, as for ``jiang2025-sparse``. The paper reports 11.95 spikes/s as the mean of nine simulations,
    without their spread; 2 % are allowed.

    **Assumed** The values of the astrocyte, as for ``jiang2025-sparse``.

    **Figure** As of ``jiang2025-sparse``. A: spikes of one neuron in twenty. B: rate in bins of 5 ms. C: mean calcium
    and IP3 of the astrocytes. D: rate of each network beside the published one.
    """

    name = "jiang2025-synchronous"
    paper = "jiang2025"
    published = 11.95
    checks = (
        Check("The mean rate is 11.95 spikes/s", _PAPER, "rate", published, 0.02, "Hz", basis=Basis.DEMONSTRATION),
    )
    must_matter = {"neuron.g_l": 1.2}

    def variant(self) -> JiangVariant:
        """The synchronous network."""
        from tripartite.models.jiang_network import SYNCHRONOUS

        return SYNCHRONOUS


def _once(network: Any, seed: int) -> dict[str, Any]:
    """The rate of one network, and what its figure needs."""
    from tripartite.analysis import rate, rate_course
    from tripartite.network import Average, Spikes

    neurons, astrocytes = network.groups["neurons"], network.groups["astrocytes"]
    record = [
        Spikes(neurons),
        Average(astrocytes, "ca", "ip3", every=100 * ms),
        Average(neurons, "sic", every=100 * ms),
    ]
    result = network.run(until=_END * s, record=record, seed=seed)
    times, cells = result.data["neurons.spike.times"].values, result.data["neurons.spike.cells"].values
    found: dict[str, Any] = {"rate": rate(times, neurons.size, _BEGIN, _END)}
    edges = np.linspace(_END - 2, _END, 401)
    drawn = (cells % _SHOWN == 0) & (times >= _END - 2)
    found["spike"] = ("spikes", times[drawn], {"units": "s"})
    found["cell"] = ("spikes", cells[drawn])
    found["bin"] = ("bin", (edges[1:] + edges[:-1]) / 2, {"units": "s"})
    found["course"] = ("bin", rate_course(times, neurons.size, edges), {"units": "Hz"})
    for name, unit in (("astrocytes.ca", "uM"), ("astrocytes.ip3", "uM"), ("neurons.sic", "pA")):
        for kind in ("mean", "sd"):
            variable = result.data[f"{name}.{kind}"]
            found[f"{name.split('.')[1]}_{kind}"] = ("time", variable.values, {"units": unit})
            found["time"] = ("time", variable[variable.dims[0]].values, {"units": "s"})
    return found


def _draw_raster(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    cells, times = data["cell"].values, data["spike"].values
    for chosen, colour, label in (
        (cells < _EXCITATORY, COLOURS["neuron"], "excitatory"),
        (cells >= _EXCITATORY, COLOURS["model"], "inhibitory"),
    ):
        panel.plot(times[chosen], cells[chosen], ".", ms=1.2, color=colour)
        middle = _EXCITATORY / 2 if label == "excitatory" else _EXCITATORY + _INHIBITORY / 2
        panel.text(1.01, middle, label, color=colour, transform=panel.get_yaxis_transform(), fontsize=7,
                   rotation=270, va="center")  # fmt: skip
    panel.set(xlim=(_END - 2, _END), ylim=(0, _EXCITATORY + _INHIBITORY), ylabel=f"neuron (one in {_SHOWN})")
    panel.set_title("the last 2 s")


def _draw_course(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    panel.plot(data["bin"], data["course"], color=COLOURS["data"], lw=0.8)
    panel.set(xlim=(_END - 2, _END), ylim=(0, None), xlabel="time (s)", ylabel="rate in 5 ms (Hz)")


def _draw_astrocytes(panel: Any, data: xr.Dataset) -> None:
    from tripartite.figures import COLOURS

    for name, label, colour in (("ca", "calcium", COLOURS["astrocyte"]), ("ip3", "IP3", COLOURS["second"])):
        mean, sd = data[f"{name}_mean"].values, data[f"{name}_sd"].values
        panel.plot(data["time"], mean, color=colour, label=label)
        panel.fill_between(data["time"], mean - sd, mean + sd, color=colour, alpha=0.25, lw=0)
    panel.set(xlim=(0, _END), ylim=(0, None), xlabel="time (s)", ylabel="mean ± s.d. (µM)")
    panel.legend(loc="upper right")
    panel.set_title("astrocytes")


def _draw_rates(panel: Any, data: xr.Dataset, published: float) -> None:
    from tripartite.figures import COLOURS

    number = data.sizes["network"]
    panel.axhspan(published * 0.98, published * 1.02, color=COLOURS["faint"], alpha=0.3, lw=0)
    panel.axhline(published, ls="--", lw=1, color=COLOURS["data"], label="published")
    panel.plot(np.arange(1, number + 1), data["rates"], "o", color=COLOURS["neuron"], label="one network each")
    panel.set(xlim=(0.5, number + 0.5), ylim=(0, published * 1.4), ylabel="mean rate (Hz)", xlabel="seed")
    panel.set_xticks(np.arange(1, number + 1))
    panel.legend(loc="lower center")
