"""Astrocytes of several compartments: processes around a soma, each with a calcium of its own."""

from __future__ import annotations

from tripartite import arguments
from tripartite.language import Compartment, Model
from tripartite.mechanisms import (
    Fluctuation,
    InfluxNoise,
    Ip3GatedEntry,
    LiRinzel,
    PlcDeltaRelaxation,
    ProcessExchange,
    RelativeCalcium,
    SomaExchange,
    SpikeIp3,
)
from tripartite.parameters import ullah2006

_MOST = 10_000


class RelativeAstrocyte(Model):
    """Processes around a soma in relative units, with noise in the processes that is partly common to them.

    **Arguments** processes: how many. Compartments are ``process_0`` and so on, ``soma``, and ``around``, the source
    of the common noise.

    **Sources** cresswell_clay2018, with five processes. Simulate with `EulerMaruyama(0.5 * s)`, the steps of its
    program, to have exactly its noise.
    """

    def __init__(self, *, processes: int = 5):
        processes = arguments.count(processes, "processes", 1, _MOST)
        soma, around = Compartment(RelativeCalcium()), Compartment(Fluctuation())
        held, wiring = {}, []
        for number in range(processes):
            process = Compartment(RelativeCalcium(), ProcessExchange(), Fluctuation(), InfluxNoise())
            held[f"process_{number}"] = process
            wiring += [
                soma.ca >> process.soma_ca,
                soma.ca_er >> process.soma_ca_er,
                around.fluctuation >> process.common,
            ]
        super().__init__(**held, soma=soma, around=around, wiring=wiring)


class ProcessStar(Model):
    """Processes around a soma that collects their calcium and IP3; each process hears the spikes of its own neuron.

    With the default volume the soma follows a burst of eight spikes when at least three processes get it at once, and
    none of them alone or one after the other: it detects coincidence.

    **Arguments** processes: how many; soma_volume: of the soma over that of a process, assumed. Compartments are
    ``process_0`` and so on, and ``soma``; send spikes with ``SpikeTrain(times, to="process_0.spike")``.

    **Sources** gordleeva2019 for the idea, ullah2006 for the cell (as coded in published networks). The equations of
    gordleeva2019 were not read: this is no reproduction of it.
    """

    def __init__(self, *, processes: int = 7, soma_volume: float = 4.0):
        processes = arguments.count(processes, "processes", 1, _MOST)
        cell = (LiRinzel(), Ip3GatedEntry(), PlcDeltaRelaxation())
        soma = Compartment(*cell).using(ullah2006.ASTROCYTE)
        exchange = SomaExchange().replace("assumed: a soma larger than its processes", soma_volume=soma_volume)
        held, wiring = {}, []
        for number in range(processes):
            process = Compartment(*cell).using(ullah2006.ASTROCYTE) + exchange + SpikeIp3()
            held[f"process_{number}"] = process
            wiring += [soma.ca >> process.soma_ca, soma.ip3 >> process.soma_ip3]
        super().__init__(**held, soma=soma, wiring=wiring)
