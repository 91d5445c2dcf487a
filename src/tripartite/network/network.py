"""The network as its user declares it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import NetworkError, RangeError, said
from tripartite.language.built import Kept
from tripartite.language.card import Card, Table
from tripartite.language.protocol import Protocol, warn_unreached
from tripartite.network.coupling import Coupling
from tripartite.network.diffusion import Diffusion
from tripartite.network.placement import Exact, Placement
from tripartite.network.population import Group, Population, kind_of
from tripartite.network.projection import Projection
from tripartite.network.sources import PoissonInput

if TYPE_CHECKING:
    import xarray as xr

    from tripartite.language.result import Result
    from tripartite.network.bdf import Bdf
    from tripartite.network.connect.report import PlacementReport
    from tripartite.network.recording import Record
    from tripartite.network.run.convergence import Convergence
    from tripartite.network.run.simulation import Simulation


Connection = Projection | Coupling | Diffusion

_CALLED = {Projection: "synapses", Coupling: "coupling", Diffusion: "diffusion"}
"""How connections without a name are called, with their number."""


class Network(Kept):
    """Named populations and what connects them.

    ``Network(neurons=neurons, astrocytes=astrocytes, connections=[...], inputs=[...], step=0.1 * ms)``.

    ``network["neurons"]`` is one of its populations, ``network["recurrent"]`` one of its connections.

    **Arguments** populations by name; connections: `Projection`, `Coupling` and `Diffusion`, by name or as a list,
    where they are called ``synapses0``, ``coupling0``, ``diffusion0`` and so on; inputs: `PoissonInput`; step: the
    base step, of which every population's own is a multiple; placement: `Exact()` or `Naive()`; precision:
    `numpy.float64` or `numpy.float32` of the numbers of cells and synapses; seed: of connections and drawn values
    (a run has its own).
    """

    def __init__(
        self,
        *,
        connections: Mapping[str, Connection] | Iterable[Connection] = (),
        inputs: Iterable[PoissonInput] = (),
        step: Any = "0.1 ms",
        placement: Placement = Exact(),
        precision: Any = np.float64,
        seed: int = 0,
        **populations: Group,
    ):
        for name in populations:
            arguments.identifier(name, "name of a population")
        self.groups = populations
        self.step = units.number(step, "ms", "step")
        if self.step <= 0:
            raise RangeError(f"The step of a network is positive; got {step}. Write `step=0.1 * ms`.")
        if not populations:
            raise NetworkError("A network needs a population; got none. Write `Network(neurons=Population(...))`.")
        for name, group in populations.items():
            if not isinstance(group, Group):
                raise NetworkError(f"`{name}` must be a population or a source of spikes; got {said(group)}.")
        if len({id(g) for g in populations.values()}) < len(populations):
            raise NetworkError(f"Every population has one name; {', '.join(populations)} share one. Build two.")
        self.connections = _named(connections)
        """What joins cells, by name."""
        stepped = (*populations.items(), *self.connections.items())
        steps = {n: item.step for n, item in stepped if isinstance(item, Population | Projection)}
        self.steps = {name: step for name, step in steps.items() if step is not None}
        """Steps (ms) of the populations and projections that have their own."""
        joined = self.connections.values()
        self.projections = [c for c in joined if isinstance(c, Projection)]
        self.couplings = [c for c in joined if isinstance(c, Coupling)]
        self.diffusions = [c for c in joined if isinstance(c, Diffusion)]
        for name in self.connections.keys() & populations.keys():
            raise NetworkError(
                f"A population and a connection have two names; got `{name}` for both. Rename one of them."
            )
        self.names = {id(item): name for name, item in (*populations.items(), *self.connections.items())}
        self.inputs = arguments.several(inputs, PoissonInput, "inputs", "inputs=[PoissonInput(...)]")
        self.precision = _precision(precision)
        self.placing = arguments.instance(placement, Placement, "placement", "placement=Naive()")
        self.seed = arguments.seed(seed)
        self._check_members()
        for kind, given in (("connection", joined), ("input", self.inputs)):
            for item in given:
                if sum(other is item for other in given) > 1:
                    raise NetworkError(
                        f"A network lists each {kind} once; got the {item!r} twice. Leave one out, or build two."
                    )

    def __setstate__(self, state: dict[str, Any]) -> None:
        """A copy, in this process or another, has populations and connections of its own."""
        items = (*state["groups"].items(), *state["connections"].items())
        vars(self).update(state, names={id(item): name for name, item in items})

    def __getitem__(self, name: str) -> Group | Connection:
        """A population or a connection by its name; **raises** `UnknownNameError`."""
        named = {**self.groups, **self.connections}
        return named[arguments.known(name, named, "The network has no population and no connection")]

    @property
    def real(self) -> str:
        """The type of numbers in generated code, where it is not Python's own."""
        return "" if self.precision is np.float64 else "np.float32"

    def estimate(self, threads: int = 1) -> int:
        """About how many bytes the network will need, at most, while it is built and run; nothing is built."""
        from tripartite.network.connect.estimate import needed
        from tripartite.network.connect.layout import plan_out
        from tripartite.network.run.simulation import checked_threads

        return needed(plan_out(self, checked_threads(threads)))

    def start(self, *, seed: int = 0, threads: int | None = None) -> Simulation:
        """Build the network at 0 s: ``simulation.run(2 * s)`` then goes on for two seconds, again and again."""
        from tripartite.network.run.simulation import Simulation

        return Simulation(self, seed=seed, threads=threads)

    def run(
        self,
        *,
        until: Any,
        record: Sequence[Record] | Record | None = None,
        protocol: Protocol | None = None,
        seed: int = 0,
        threads: int | None = None,
        progress: bool | None = None,
        stream_to: str | Path | None = None,
        solver: Bdf | None = None,
    ) -> Result:
        """Build the network and run it from 0 s to ``until``.

        **Arguments** record: `Spikes`, `States`, `Average` and `Synapses` to keep; all spikes and averages of all
        states when not given. protocol: `On(cells, protocol)`, several joined by ``&``. seed: of everything random
        in the run; threads: all cores it may use when not given, the result does not depend on their number.
        progress: show a bar; by default for runs of more than two seconds in a terminal. stream_to: a folder ending
        in .zarr to write to while running; if the run is stopped, by whatever, the same call goes on with it.
        solver: `Bdf` solves a stiff network without spikes implicitly as a whole, in one thread and in memory.

        **Raises** `DivergedError`, with what was recorded, when a number stops being finite.
        """
        shown = None if progress is None else arguments.flag(progress, "progress")
        warn_unreached(protocol, units.number(until, "s", "until"))
        if solver is not None:
            from tripartite.network.run import lines

            if stream_to is not None:
                raise NetworkError(
                    f"A run with a solver keeps its result in memory; got stream_to={said(str(stream_to))}. "
                    "Leave it out "
                    "and save the result."
                )
            return lines.run(self, until, record, protocol, solver, seed, shown)
        from tripartite.network.run.whole import run

        return run(self, until, record, protocol, seed, threads, shown, stream_to)

    def resume(
        self,
        path: str | Path,
        *,
        threads: int | None = None,
        progress: bool | None = None,
        classes: Iterable[type] = (),
    ) -> Result:
        """Go on with a run that streamed to ``path`` and was stopped: the result is that of a run never stopped.

        What was asked for is read from there. A run begun in other versions goes on with a warning.
        ``classes``: protocols of your own that the folder may hold; it cannot name others than those of the package.
        """
        from tripartite.network.run.simulation import checked_threads
        from tripartite.network.run.whole import resume

        shown = None if progress is None else arguments.flag(progress, "progress")
        return resume(self, arguments.path(path, "path"), checked_threads(threads), shown, classes)

    def _check_members(self) -> None:
        given = [group.spikes for group in self.groups.values() if isinstance(group, Population) and group.spikes]
        for source in given:
            if id(source) in self.names or sum(source is other for other in given) > 1:
                raise NetworkError(
                    f"A source gives its spikes to one population, or is one of the groups of a network; {source!r} "
                    "would be asked twice, and draw other spikes. Give each a source of its own, or project from the "
                    "population."
                )
        for projection in self.projections:
            for role, cells in projection.roles.items():
                self.name_of(cells.group, f"the role `{role}` of a projection")
                if role == "post" and not isinstance(cells.group, Population):
                    raise NetworkError("A source of spikes cannot be postsynaptic. Let it be presynaptic or a partner.")
        for coupling in self.couplings:
            self.name_of(coupling.cells.group, "a coupling")
        for diffusion in self.diffusions:
            self.name_of(diffusion.cells.group, "a diffusion")
        for item in self.inputs:
            self.name_of(item.cells.group, "an input")

    def name_of(self, group: Group, where: str) -> str:
        """The name of one of the network's populations."""
        if id(group) not in self.names:
            raise NetworkError(
                f"A network connects its own populations; {said(group)}, in {where}, is none of "
                f"{', '.join(f'`{n}`' for n in self.groups)}. Add it to the network by name."
            )
        return self.names[id(group)]

    def _noun(self) -> str:
        return "A network"

    def _remedy(self, name: str) -> str:
        return (
            "Build another network with what is to differ; what changes during a run is a protocol: "
            "`network.run(until=..., protocol=On(cells, protocol))`."
        )

    def _card(self) -> Card:
        groups = [
            (name, group.size, kind_of(group), f"{self.steps.get(name, self.step):g} ms")
            for name, group in self.groups.items()
        ]
        joins = [(name, *self._joins(connection)) for name, connection in self.connections.items()]
        inputs = [
            (self.names[id(i.cells.group)], i.event, f"{i.rate * 1000:g} Hz", _quantity(i.amount)) for i in self.inputs
        ]
        tables = [
            Table("Populations", ("name", "cells", "model", "step"), groups),
            Table("Connections", ("name", "between", "by", "rule"), joins),
            Table("Poisson inputs", ("to", "event", "rate", "amount"), inputs),
        ]
        return Card(type(self).__name__, f"step {self.step:g} ms, seed {self.seed}", tables)

    def _joins(self, connection: Connection) -> tuple[str, str, str]:
        """Which populations are joined, by what, and who with whom."""
        if isinstance(connection, Projection):
            ends = {role: self.names[id(cells.group)] for role, cells in connection.roles.items()}
            under = " and ".join(ends[partner] for partner in connection.partners)
            between = f"{ends['pre']} → {ends['post']}{f' under {under}' if under else ''}"
            return between, kind_of(connection), repr(connection.rule)
        name = self.names[id(connection.cells.group)]
        if isinstance(connection, Coupling):
            return name, type(connection.mechanism).__name__, repr(connection.neighbours)
        return name, f"diffusion of {', '.join(connection.coefficients)}", ""

    def _repr_html_(self) -> str:
        return self._card().html()

    def __repr__(self) -> str:
        return self._card().text()

    def convergence(self, *, until: Any, seeds: int = 5, threads: int | None = None) -> Convergence:
        """Halve each step in turn and report how rates, events and mean states change, beside what chance changes."""
        from tripartite.network.run.convergence import convergence

        return convergence(self, until, seeds, threads)

    def edges(self, name: str) -> xr.Dataset:
        """The synapses of a projection by its name, as every run of this network has them; nothing is run.

        **Returns** of each synapse (dimension ``synapse``) ``pre``, ``post`` and every partner (-1: none), numbered in
        their populations, ``distance`` in µm (where both sides have positions), ``delay`` in ms, as it is rounded to
        steps, and what the projection gives as ``values`` (``weight``, or the whole path where two end alike).
        `Explicit` keeps the order of its lists; other rules count by presynaptic, then by postsynaptic cell, in the
        order in which these are chosen. Values of synapses are given and recorded in this order.

        **Raises** `NetworkError` for more synapses than fit into memory, before they are drawn.
        """
        from tripartite.network.connect.edges import table

        connection = self.connections[arguments.known(name, self.connections, "The network has no connection")]
        if not isinstance(connection, Projection):
            raise NetworkError(
                f"Synapses belong to projections; `{name}` is a {said(connection)}. Ask a `Coupling` for its `edges`."
            )
        return table(self, connection)

    def placement(self) -> PlacementReport:
        """Where every synaptic variable lives, and what it takes there and would take once per synapse."""
        from tripartite.network.connect.layout import lay_out
        from tripartite.network.connect.report import placement_report

        return placement_report(lay_out(self, threads=1))


def _named(connections: Any) -> dict[str, Connection]:
    """Connections by name: that which they are given, or their kind and its number."""
    kinds, example = (Projection, Coupling, Diffusion), "connections=[Projection(...)]"
    if isinstance(connections, Mapping):
        found: dict[str, Connection] = {}
        for name, item in connections.items():
            found[arguments.identifier(name, "name of a connection")] = arguments.instance(
                item, kinds, f"connections[{name!r}]", "Projection(...)"
            )
    else:
        found, numbers = {}, dict.fromkeys(_CALLED, 0)
        for item in arguments.several(connections, kinds, "connections", example):
            kind = next(k for k in _CALLED if isinstance(item, k))
            found[f"{_CALLED[kind]}{numbers[kind]}"] = item
            numbers[kind] += 1
    return found


def _quantity(value: Any) -> str:
    return units.shown(value) if hasattr(value, "units") else str(value)


def _precision(kind: Any) -> type[np.floating]:
    """The type of numbers that ``precision`` asks for."""
    try:
        found = np.dtype(kind) if isinstance(kind, type | np.dtype | str) else None
    except (TypeError, ValueError, SyntaxError):
        found = None
    if found is None or found not in (np.float64, np.float32):
        raise NetworkError(f"Numbers have double or single precision; got {said(kind)}. Write `precision=np.float32`.")
    return found.type  # type: ignore[union-attr]
