"""A network without spikes as one system of differential equations, solved implicitly: the method of lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from scipy.integrate import solve_ivp
from scipy.sparse import block_diag, coo_array, csr_array, eye_array, kron

from tripartite import arguments, memory
from tripartite.errors import DivergedError, NetworkError, said
from tripartite.interpret.kernels.build import conditions
from tripartite.language import grid
from tripartite.language.folder import UNDEFINED
from tripartite.language.protocol import Protocol
from tripartite.language.result import Result
from tripartite.network.bdf import Bdf
from tripartite.network.connect.layout import lay_out
from tripartite.network.population import Population
from tripartite.network.recording import Average, Record, States, default_records
from tripartite.network.run.equations import Cells, Contacts
from tripartite.network.run.health import undefined
from tripartite.network.run.outcome import dataset
from tripartite.network.run.provenance import provenance
from tripartite.network.run.recorder import checked
from tripartite.network.run.samples import Samples
from tripartite.network.run.simulation import whole_steps
from tripartite.network.run.timeline import Timeline
from tripartite.network.run.tracks import Tracks
from tripartite.network.stimuli import planned
from tripartite.progress import Progress

if TYPE_CHECKING:
    from tripartite.network.network import Network


def run(
    network: Network,
    until: Any,
    record: Sequence[Record] | Record | None,
    protocol: Protocol | None,
    solver: Bdf,
    seed: int,
    progress: bool | None,
) -> Result:
    """The network from 0 s to ``until``, all cells together; arguments as those of `Network.run`."""
    lines = Lines(network, until, record, protocol, solver, seed)
    with Progress(lines.end * network.step, progress) as bar:
        return lines.run(bar)


class Lines:
    """One run: the equations of all cells and contacts over arrays, and what it keeps."""

    def __init__(self, network: Network, until: Any, record: Any, protocol: Protocol | None, solver: Bdf, seed: int):
        if not isinstance(solver, Bdf):
            raise NetworkError(f"A network is solved as a whole by `Bdf`; got {said(solver)}. Write `solver=Bdf()`.")
        _check(network)
        self.network, self.protocol, self.solver = network, protocol, solver
        self.seed, self.now = arguments.seed(seed), 0
        self.end = whole_steps(until, network.step, "until")
        plan = planned(network, protocol, self.end * network.step, self.seed)
        if plan.heard:
            _refuse(f"sends events to `{next(iter(plan.heard))}`", "Drive an input with `Steps` or `Pulses` instead")
        if plan.clamped:
            _refuse("clamps a state", "Leave out `solver`, or make the state an input and drive it by `Steps`")
        self.layout = lay_out(network, 1, plan.needs, stepped=False)
        for name, cells in self.layout.cells.items():
            if cells.clocks:
                _refuse(f"measures the time `{min(cells.clocks)}` in `{name}`", "Leave out what counts time")
        self.cells = [Cells(cells, self.layout) for cells in self.layout.cells.values()]
        self.contacts = [Contacts(coupling, self.layout) for coupling in self.layout.couplings]
        self.timeline = Timeline(self.layout, plan, {}, lambda array: None)
        self.places = np.cumsum([0, *(cells.count for cells in self.cells)])
        self.tracks = Tracks()
        self.records = _records(network, record)
        self.samples = Samples(self.layout, self.records, self.tracks)
        memory.check(
            2 * self.tracks.bytes(self.end),
            "what is recorded",
            "Record less often or fewer cells.",
            NetworkError,
        )
        self.kept: dict[str, list[np.ndarray]] = {name: [] for name in self.tracks.growing}
        self.latest = dict.fromkeys(self.tracks.times.values(), -1.0)
        self.undefined: str | None = None

    def run(self, bar: Any) -> Result:
        """Solve from change to change of the protocol, and label what was kept."""
        y, width = np.concatenate([cells.start for cells in self.cells]), self.network.step
        tolerance = np.concatenate([np.repeat(cells.units, cells.size) for cells in self.cells]) * self.solver.atol
        pattern = self.pattern()
        self._keep(y, 0)
        while self.now < self.end:
            self.timeline.apply(self.now)
            for part in (*self.cells, *self.contacts):
                part.read()
            stop = min(self.end, self.timeline.after(self.now))
            due = self._due(stop)
            found = solve_ivp(
                self.rates, (self.now * width, stop * width), y, method="BDF", t_eval=due * width,
                rtol=self.solver.rtol, atol=tolerance, jac_sparsity=pattern,
            )  # fmt: skip
            for step, column in zip(due, found.y.T, strict=False):
                if step == stop < self.end:  # what is sampled at an instant is the value after it
                    self.timeline.change(stop)
                self._keep(column, int(step))
            if found.status != 0 or not np.all(np.isfinite(found.y)):
                self._diverged(found)
            y, self.now = found.y[:, -1], stop
            bar.to(stop * width)
        return self._result((UNDEFINED, self.undefined) if self.undefined else (0, ""))

    def rates(self, t: float, y: np.ndarray) -> np.ndarray:
        """Rates of the states of all cells, population after population and state after state."""
        values = [cells.values(y[low:high]) for cells, low, high in self._parts()]
        made = [cells.rates(known) for cells, known in zip(self.cells, values, strict=True)]
        place = {cells.plan.name: number for number, cells in enumerate(self.cells)}
        for contacts in self.contacts:
            number = place[contacts.plan.host.name]
            contacts.add(values[number], made[number], self.cells[number].moving)
        return np.concatenate([rates.ravel() for rates in made])

    def pattern(self) -> Any:
        """Which rate may depend on which state: those of the cell and of the cells that it touches."""
        blocks = []
        for cells in self.cells:
            touching = eye_array(cells.size, format="csr")
            for contacts in self.contacts:
                if contacts.plan.host is cells.plan:
                    ones = np.ones(len(contacts.here))
                    touching = touching + coo_array((ones, (contacts.here, contacts.there)), (cells.size,) * 2)
            states = len(cells.moving)
            if states:
                blocks.append(kron(np.ones((states, states)), csr_array(touching) != 0))
        return block_diag(blocks, format="csr")

    def _parts(self) -> list[tuple[Cells, int, int]]:
        return list(zip(self.cells, self.places[:-1], self.places[1:], strict=True))

    def _due(self, stop: int) -> np.ndarray:
        """Steps after now, up to ``stop``, at which something is sampled; ``stop`` itself always."""
        steps = {stop}
        for every in self.tracks.times:
            steps |= set(range((self.now // every + 1) * every, stop + 1, every))
        return np.array(sorted(steps))

    def _keep(self, y: np.ndarray, step: int) -> None:
        """Put states where the sampler reads them, and keep what is due at a step."""
        for cells, low, high in self._parts():
            cells.store(y[low:high])
        found = self.samples.now(step)
        self.undefined = self.undefined or undefined(self.tracks, found)
        for name, values in found.items():
            if name in self.latest:
                values = values[values > self.latest[name]]
                self.latest[name] = max([self.latest[name], *values[-1:]])
            self.kept[name].append(values)

    def _result(self, status: tuple[int, str]) -> Result:
        growing = self.tracks.growing
        values = {name: np.concatenate([growing[name].empty, *pieces]) for name, pieces in self.kept.items()}
        about = provenance(self, self.records, self.end) | {"solver": repr(self.solver)}  # type: ignore[arg-type]
        return Result(lambda: dataset(self.tracks, values, about, status))

    def _diverged(self, found: Any) -> NoReturn:
        reached = found.t[-1] / 1000 if len(found.t) else grid.seconds(self.now, self.network.step)
        sentence = f"the solver stopped after {reached:g} s: {found.message}"
        raise DivergedError(
            f"The numbers of a network stay finite; {sentence} Check the values of what it depends on, or loosen the "
            "tolerances. What was recorded is in `error.result`.",
            self._result((1, sentence)),
        )


def _records(network: Network, record: Any) -> list[Any]:
    records = default_records(network) if record is None else checked(record)
    kept = [r for r in records if isinstance(r, States | Average)]
    if record is not None and len(kept) < len(records):
        _refuse("is asked for spikes or synapses", "Record `States` and `Average`")
    return kept


def _check(network: Network) -> None:
    """What can be solved as one smooth system: populations without spikes and noise, and couplings."""
    for name, group in network.groups.items():
        if not isinstance(group, Population):
            _refuse(f"has the source of spikes `{name}`", "Leave it out")
        system = group.model.system
        if system.events:
            _refuse(f"has events in `{name}` (`{system.events[0].key}`)", "Leave out what jumps")
        if any(part.mechanism.equation(name) for part in system.parts for name in ("noise", "transitions")):
            _refuse(f"has noise in `{name}`", "Leave out what draws numbers")
        if jumping := conditions(system):
            _refuse(f"has rates in `{name}` that jump where `{jumping[0]}` changes", "Let them change smoothly")
    for what, items in (
        ("projections", network.projections),
        ("inputs", network.inputs),
        ("diffusions", network.diffusions),
    ):
        if items:
            _refuse(
                f"has {what}", "Join its cells by a `Coupling`" if what != "inputs" else "Drive its cells by a protocol"
            )
    if network.real:
        _refuse("has single precision", "Build it with `precision=numpy.float64`")


def _refuse(has: str, remedy: str) -> NoReturn:
    raise NetworkError(
        f"`Bdf` solves smooth equations of cells and their contacts; this network {has}. {remedy}, or run without "
        "`solver`."
    )
