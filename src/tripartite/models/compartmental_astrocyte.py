"""Astrocytes of several compartments: processes around a soma, each with a calcium of its own."""

from __future__ import annotations

from tripartite.errors import RangeError
from tripartite.language import Compartment, Mechanism, Model
from tripartite.mechanisms import Fluctuation, InfluxNoise, ProcessExchange, RelativeCalcium


class RelativeAstrocyte(Model):
    """Processes around a soma in relative units, with noise in the processes that is partly common to them.

    **Arguments** processes: how many. Compartments are ``process_0`` and so on, ``soma``, and ``around``, the source
    of the common noise. ``every(name, value)`` gives the changes that set a quantity in all processes.

    **Sources** cresswell_clay2018, with five processes. Simulate with `EulerMaruyama(0.5 * s)`, the steps of its
    program, to have exactly its noise.
    """

    def __init__(self, *, processes: int = 5):
        if processes < 1:
            raise RangeError(f"An astrocyte has one process or more; got {processes}. Give a positive number.")
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
