"""Which kind of equation runs where: each is tried in every place, and the page tells what the package answers.

A cell of the table is what a plan says of the equation (closed form, at which step), or the first sentence of the
error that refuses it.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import tripartite as tp
from tripartite.errors import TripartiteError
from tripartite.language import Add, Chance, Emission, Input, Mechanism, Model, Parameter, State, Transition, where
from tripartite.language.protocol import Nothing
from tripartite.network import Coupling, Network, On, Population, Projection, post, pre
from tripartite.network.connect.layout import plan_out
from tripartite.network.plan.cells import CellPlan
from tripartite.network.plan.levels import SUM
from tripartite.network.plan.synapses import SynapsePlan
from tripartite.network.rules import AllToAll, Ring
from tripartite.network.stimuli import planned
from tripartite.protocols import Steps
from tripartite.solve.simulation import Job
from tripartite.solve.solvers import Milstein, Tsit5
from tripartite.units import ms, s

PLACES = ("simulate", "cell", "synapse", "coupling")


def tau() -> Parameter:
    return Parameter(20.0, "ms", "time constant", "assumed: an example")


class Decays(Mechanism):
    """linear, moved by amounts at events

    **Sources** an example. **Holds for** examples.
    """

    x = State(0.0, "1", "x")
    tau = tau()
    spike = Input("1", "event", default=0.0)

    def rates(q):
        return {"x": -q.x / q.tau}

    def on_spike(q):
        return {"x": Add(q.spike)}


class Saturates(Mechanism):
    """moved at events by a part of itself

    **Sources** an example. **Holds for** examples.
    """

    x = State(0.0, "1", "x")
    tau = tau()
    spike = Input("1", "event", default=0.0)

    def rates(q):
        return {"x": -q.x / q.tau}

    def on_spike(q):
        return {"x": q.x + 0.5 * (1 - q.x) * q.spike}


class Lucky(Mechanism):
    """moved at events by chance

    **Sources** an example. **Holds for** examples.
    """

    x = State(0.0, "1", "x")
    tau = tau()
    spike = Input("1", "event", default=0.0)
    luck = Chance("between 0 and 1")

    def rates(q):
        return {"x": -q.x / q.tau}

    def on_spike(q):
        return {"x": Add(where(q.luck < 0.5, q.spike, 0 * q.spike))}


class Cascades(Mechanism):
    """linear, reads another linear state

    **Sources** an example. **Holds for** examples.
    """

    x = State(0.0, "1", "x")
    y = State(1.0, "1", "y")
    tau = tau()

    def rates(q):
        return {"y": -q.y / q.tau, "x": (q.y - q.x) / (2 * q.tau)}


class Follows(Mechanism):
    """linear, reads an input that moves

    **Sources** an example. **Holds for** examples.
    """

    x = State(0.0, "1", "x")
    drive = Input("1", "what it follows")
    tau = tau()

    def rates(q):
        return {"x": (q.drive - q.x) / q.tau}


class Switches(Mechanism):
    """linear, between thresholds of a linear state

    **Sources** an example. **Holds for** examples.
    """

    x = State(0.0, "1", "x")
    y = State(1.0, "1", "y")
    tau = tau()

    def rates(q):
        return {"y": -q.y / q.tau, "x": (where(q.y > 0.5, 1.0, 0.0) - q.x) / q.tau}


class Bends(Mechanism):
    """nonlinear

    **Sources** an example. **Holds for** examples.
    """

    x = State(0.5, "1", "x")
    tau = tau()

    def rates(q):
        return {"x": q.x * (1 - q.x) / q.tau}


class Crosses(Mechanism):
    """with a threshold that resets it and sends an event

    **Sources** an example. **Holds for** examples.
    """

    x = State(0.0, "1", "x")
    tau = tau()
    sent = Emission("1", "what a crossing sends")

    def rates(q):
        return {"x": (2 - q.x) / q.tau}

    def crossing(q):
        return q.x - 1

    def on_crossing(q):
        return {"x": 0.0, "sent": 1.0}


class Shakes(Mechanism):
    """linear, with noise

    **Sources** an example. **Holds for** examples.
    """

    x = State(0.0, "1", "x")
    tau = tau()
    size = Parameter(0.1, "1/ms**0.5", "amplitude of the noise", "assumed: an example")

    def rates(q):
        return {"x": -q.x / q.tau}

    def noise(q):
        return {"x": q.size}


class ShakesBent(Mechanism):
    """nonlinear, with noise by its own size

    **Sources** an example. **Holds for** examples.
    """

    x = State(0.5, "1", "x")
    tau = tau()
    size = Parameter(0.1, "1/ms**0.5", "amplitude of the noise", "assumed: an example")

    def rates(q):
        return {"x": q.x * (1 - q.x) / q.tau}

    def noise(q):
        return {"x": q.size * q.x}


class Leaps(Mechanism):
    """random transitions of counts

    **Sources** an example. **Holds for** examples.
    """

    x = State(10.0, "1", "closed")
    y = State(0.0, "1", "open")
    tau = tau()

    def transitions(q):
        return {"opening": Transition(q.x, 1 / q.tau, {"x": -1, "y": 1})}


class Owner(Mechanism):
    """Owns the state that others add to.

    **Sources** an example. **Holds for** examples.
    """

    x = State(1.0, "1", "x")
    tau = tau()

    def rates(q):
        return {"x": -q.x / q.tau}


class Adds(Mechanism):
    """adds to the rate of a state that another owns

    **Sources** an example. **Holds for** examples.
    """

    x = Input("1", "state of another")
    tau = tau()

    def rates(q):
        return {"x": -q.x / q.tau}


class AddsBent(Mechanism):
    """the same, nonlinear

    **Sources** an example. **Holds for** examples.
    """

    x = Input("1", "state of another")
    tau = tau()

    def rates(q):
        return {"x": -q.x * q.x / q.tau}


KINDS: dict[type[Mechanism], tuple[type[Mechanism], ...]] = {
    Decays: (), Saturates: (), Lucky: (), Cascades: (), Follows: (), Switches: (), Bends: (), Crosses: (), Shakes: (),
    ShakesBent: (), Leaps: (), Adds: (Owner,), AddsBent: (Owner,),
}  # fmt: skip
"""Every kind of equation, with what owns the states that it adds to."""
CHANGES = {
    "an input that a protocol drives": lambda name: Steps(name, [0] * s, [1.0]),
    "a parameter that a protocol sets": lambda name: Steps("tau", [0.001] * s, [30] * ms),
}
"""What a protocol does, by the name of an input."""


def rows() -> list[list[str]]:
    """Of every kind its name, and what is said of it in each place."""
    return [[title, *(answer(attempt) for attempt in attempts)] for title, attempts in asked()]


def page(table: list[str]) -> list[str]:
    """The page around a table, as Markdown."""
    return [
        "# What runs where",
        "",
        "A mechanism may stand in a model that `simulate` runs, in the cells of a population, in the synapses of a",
        "projection, and, where it reads a neighbour, in a coupling. This table is made when the documentation is:",
        "each kind of equation is put into each place, and the table says what its plan says, or why it is refused.",
        "",
        *table,
        "",
        "*Closed form*: as it is looked at, exact whatever the step. *Own step*: that of the population, or of",
        "`Projection(step=...)`. How many numbers a network keeps of a synaptic state is told by",
        "`network.placement()`; see [How a spike travels](../../spikes.md).",
    ]


def asked() -> Iterator[tuple[str, list[Callable[[], str]]]]:
    """Rows: what is tried, and how in each place."""
    for kind, beside in KINDS.items():
        title = inspect.getdoc(kind).splitlines()[0]  # type: ignore[union-attr]
        cell = tp.Compartment(kind(), *(owner() for owner in beside))
        yield (
            title,
            [
                lambda cell=cell: simulated(cell, Nothing()),
                lambda cell=cell: in_cell(cell),
                lambda cell=cell: in_synapse(cell),
                lambda kind=kind, beside=beside: in_coupling(kind, beside),
            ],
        )
    for title, protocol in CHANGES.items():
        yield (
            title,
            [
                lambda protocol=protocol: simulated(tp.Compartment(Follows()), protocol("drive")),
                *(lambda place=place, protocol=protocol: changed(place, protocol) for place in PLACES[1:]),
            ],
        )


def answer(attempt: Callable[[], str]) -> str:
    """What is said of an attempt: how it runs, or why it does not."""
    try:
        return f"yes: {attempt()}"
    except TripartiteError as error:
        return f"no: {reason(error)}"


def reason(error: Exception) -> str:
    """The rule that an error tells, without what came."""
    first = re.split(r"; |(?<=\w)\. (?=[A-Z`])", str(error))[0].rstrip(".")
    return first[0].lower() + first[1:]


def simulated(cell: tp.Compartment, protocol: Any) -> str:
    """With the solver that `simulate` takes by default, or else with the first that it accepts."""
    model = Model(cell=cell)
    if "drive" in {entry.key.rsplit(".", 1)[-1] for entry in model.system.drives} and not isinstance(protocol, Steps):
        protocol = Steps("drive", [0] * s, [1.0])
    elif isinstance(protocol, Steps) and protocol.input != "drive":
        protocol = protocol & Steps("drive", [0] * s, [1.0])
    noisy = bool(model.system.noises(CellPlan("cell", Population(model, 1), 1, 0.1, set()).values))
    solver = Milstein(0.1 * ms) if noisy else Tsit5()
    job = Job(model, protocol, 10 * ms, solver)
    timed = job.system is not model.system
    return f"`{type(solver).__name__}`{', each timed exactly' if timed else ', by steps' if noisy else ''}"


def in_cell(cell: tp.Compartment) -> str:
    plan = CellPlan("cell", Population(cell, 1), 1, 0.1, set())
    for event in plan.system.events:
        if event.crossing_of is None:
            plan.receive(event.key)
    how = ["closed form" if key in plan.courses else "own step" for key in plan.rates if key not in plan.clocks]
    return "; ".join(sorted(dict.fromkeys(how))) or "own step"


def in_synapse(synapse: tp.Compartment) -> str:
    """The plan of a projection between cells that spike and show a state."""
    cells = Population(Crosses(), 2)
    plan = plan_out(Network(cells=cells, connections=[between(cells, synapse)]), 1).joined[0].plan
    how = [_moved(plan, key) for key in plan.leaves if plan.level[key] != SUM]
    how += ["thresholds at its own step"] if plan.crossings else []
    return "; ".join(sorted(dict.fromkeys(how)))


def between(cells: Population, synapse: tp.Compartment, without: str = "") -> Projection:
    """Synapses of `Crosses`, which hear what it sends and see what it shows, where they can; ``without`` one wire."""
    known = {entry.key.rsplit(".", 1)[-1] for entry in Model(synapse=synapse).system.drives}
    known |= {event.key.rsplit(".", 1)[-1] for event in Model(synapse=synapse).system.events}
    wires = {"drive": lambda: post.x >> synapse.drive, "spike": lambda: pre.sent >> synapse.spike}
    wiring = [wire() for name, wire in wires.items() if name in known and name != without]
    return Projection(cells, cells, synapse=synapse, rule=AllToAll(), wiring=wiring or None)


def _moved(plan: SynapsePlan, key: str) -> str:
    if key in plan.switched:
        return "closed form" + (", piece by piece" if plan.switched[key].passings else "")
    if key in plan.stepped:
        return "own step"
    return "with the steps of the cell that it reads" if key in plan.steady else "closed form"


def in_coupling(kind: type[Mechanism], beside: tuple[type[Mechanism], ...]) -> str:
    """The kind with an input that reads the neighbour."""
    own = {
        n: getattr(i, "__func__", i)
        for n, i in vars(kind).items()
        if n in kind.declarations or callable(getattr(kind, n))
    }
    own |= {"neighbour": Input("1", "of the neighbour"), "__doc__": kind.__doc__}
    paired = type(kind.__name__, (Mechanism,), own)
    owner = beside[0]() if beside else Owner()
    cells = Population(tp.Compartment(owner), 3)
    plan_out(Network(cells=cells, connections=[Coupling(cells, paired(), Ring())]), 1)
    return "held over the step of its cells"


class Contact(Mechanism):
    """Draws two cells together.

    **Sources** an example. **Holds for** examples.
    """

    neighbour = Input("1", "x of the neighbour")
    x = Input("1", "x of the cell")
    tau = tau()

    def rates(q):
        return {"x": (q.neighbour - q.x) / q.tau}


def changed(place: str, protocol: Callable[[str], Steps]) -> str:
    """What a protocol does to cells, to synapses, or to contacts of cells."""
    cells, spiking, owners = Population(Follows(), 3), Population(Crosses(), 2), Population(Owner(), 3)
    edges = between(spiking, tp.Compartment(Follows()), without="drive")
    contacts = Coupling(owners, Contact(), Ring())
    network = Network(cells=cells, spiking=spiking, owners=owners, connections=[edges, contacts])
    where_ = {"cell": cells, "synapse": edges, "coupling": contacts}[place]
    plan = planned(network, On(where_, protocol("x" if place == "coupling" else "drive")), 10.0, 0)
    plan_out(network, 1, plan.needs)
    return "from step to step"
