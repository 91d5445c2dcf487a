"""Every mechanism runs in a network, as a synapse and, if its events just add up, as a cell."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite import network, units
from tripartite.errors import WiringError
from tripartite.language import Compartment, Emission, Mechanism, Model, Output, Parameter, State
from tripartite.network.plan.cells import CellPlan
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import ms

from . import index, written

STEP, UNTIL = 0.002 * ms, 10 * ms
TOGETHER = 12
"""Mechanisms in one network: compiling one driver for several takes less time than one for each."""
TIMES = np.array([1.0, 3.0, 4.0]) * ms


def inputs_of(kind: type[Mechanism]) -> dict[str, tuple[float, str]]:
    """A value and its unit for every input of a mechanism."""
    random = np.random.default_rng(5)
    drives = {entry.key.split(".")[-1]: entry for entry in index.alone(kind).drives}
    return {name: (index.random_value(e, random) / units.factor(e.unit), e.unit) for name, e in drives.items()}


def model_of(kind: type[Mechanism]) -> Model:
    """The mechanism with constant values for all its inputs."""
    given, values = {}, {}
    for name, (value, unit) in inputs_of(kind).items():
        given[name] = Output(unit, "a constant input")
        given[f"given_{name}"] = Parameter(value, unit, "a constant input", "assumed: a test")
        values[name] = f"given_{name}"
    if given:
        given["outputs"] = lambda q: {name: getattr(q, source) for name, source in values.items()}
    constant = [type("Constant", (Mechanism,), given)()] if given else []
    return Model(cell=Compartment(*(part.mechanism for part in index.alone(kind).parts), *constant))


def is_cell(kind: type[Mechanism]) -> bool:
    """Whether what events bring to many of them at once just adds up."""
    plan = CellPlan("cell", network.Population(model_of(kind), 1), 1, 0.002, set())
    try:
        return all(plan.gains(e.key) is not None for e in plan.system.events if e.crossing_of is None)
    except WiringError:
        return False


CELLS = [kind for kind in index.INDEX if is_cell(kind)]
SYNAPSES = [kind for kind in index.INDEX if kind not in CELLS]
CHUNKS, SYNAPSE_CHUNKS = (
    [kinds[i : i + TOGETHER] for i in range(0, len(kinds), TOGETHER)] for kinds in (CELLS, SYNAPSES)
)


def ends(chunk: list[type[Mechanism]]) -> str:
    return f"{chunk[0].__name__} to {chunk[-1].__name__}"


def expected(model: Model, protocol: tp.Protocol) -> tp.Result:
    return tp.simulate(model, protocol, until=UNTIL, solver=tp.Tsit5(1e-9, 1e-12), save_at=[0, 10] * ms)


def course_of(kind: type[Mechanism]) -> np.ndarray:
    """First and last internal values ``(state, 2)`` of a cell under its inputs, by SciPy where nothing jumps."""
    system = index.alone(kind)
    if system.crossing_count:
        inputs = {name: units.Quantity(*given) for name, given in inputs_of(kind).items()}
        result = expected(index.model(kind), Constant(inputs))
        return np.array([result[e.key].values * units.factor(e.unit) for e in system.states])
    drives = [value * units.factor(unit) for value, unit in inputs_of(kind).values()]
    constants = np.array([*(entry.value for entry in system.parameters), *drives])
    start = np.array([entry.value for entry in system.states])
    rates = written.kernels(kind).rates
    until = UNTIL.to("ms").magnitude
    found = solve_ivp(lambda t, y: rates(y, constants), (0, until), start, method="LSODA", rtol=1e-10, atol=1e-20)
    return found.y[:, [0, -1]]


@pytest.mark.parametrize("chunk", CHUNKS, ids=ends)
def test_cells_do_what_simulate_does(chunk: list[type[Mechanism]]) -> None:
    cells = {kind.__name__: network.Population(model_of(kind), 2, method=network.RungeKutta4()) for kind in chunk}
    states = {kind.__name__: [e.key.split(".")[-1] for e in index.alone(kind).states] for kind in chunk}
    record = [network.States(cells[kind], name, every=UNTIL) for kind, names in states.items() for name in names]
    result = tp.Network(**cells, step=STEP).run(until=UNTIL, record=record)
    for kind in chunk:
        is_random = kind.equation("noise") or kind.equation("transitions")
        course = None if is_random else course_of(kind)
        for position, name in enumerate(states[kind.__name__]):
            found = result.data[f"{kind.__name__}.{name}"].values[-1]
            assert np.all(np.isfinite(found)), f"{kind.__name__}.{name}"
            if course is not None:
                wanted = course[position] / units.factor(index.alone(kind).states[position].unit)
                atol = 1e-6 * float(np.abs(wanted).max())
                np.testing.assert_allclose(found, wanted[-1], rtol=1e-4, atol=atol, err_msg=f"{kind}.{name}")


class Pacemaker(Mechanism):
    """A cell that spikes regularly, 1 µs late because the end of its period is seen with the end of a step."""

    since = State(0.0, "ms", "time since the last spike", low=0)
    spike = Emission("1", "a spike")
    period = Parameter(2.305, "ms", "time between spikes", "assumed: a test")

    def rates(q):
        return {"since": 1}

    def crossing(q):
        return q.since - q.period

    def on_crossing(q):
        return {"since": 0 * q.since, "spike": 1}


PACE = 2.306 * np.arange(1, 5) * ms


def with_senders(model: Model) -> tuple[Model, set[str]]:
    """The model with a mechanism that answers spikes by sending what its events wait for; events left."""
    compartment = model.compartments["cell"]
    left = {e.key.split(".")[-1] for e in model.system.events if e.crossing_of is None}
    awaited = sorted(left - {"spike", "postspike"})
    if not awaited:
        return model, left
    sent: dict = {name: Emission(compartment.inputs[name].unit, "an amount") for name in awaited}
    for name in awaited:
        sent[f"sent_{name}"] = Parameter(0.3, compartment.inputs[name].unit, "an amount", "assumed: a test")
    sent["on_spike"] = lambda q: {name: getattr(q, f"sent_{name}") for name in awaited}
    return model.add(cell=type("Sender", (Mechanism,), sent)()), left - set(awaited) | {"spike"}


@pytest.mark.parametrize(
    "chunk",
    [
        *(pytest.param(chunk, id=ends(chunk)) for chunk in SYNAPSE_CHUNKS),
        *(pytest.param(chunk, id=f"cells {ends(chunk)}", marks=pytest.mark.slow) for chunk in CHUNKS),
    ],
)
def test_synapses_do_what_simulate_does(chunk: list[type[Mechanism]]) -> None:
    before, after = network.SpikeTrains(1, [0, 0, 0], TIMES), network.Population(Pacemaker(), 1)
    models = {kind.__name__: with_senders(model_of(kind)) for kind in chunk}
    connections, record = {}, []
    for name, (model, _) in models.items():
        connections[name] = network.Projection(
            before, after, synapse=model, rule=network.rules.OneToOne(), method=network.RungeKutta4()
        )
        states = [e.key.split(".")[-1] for e in model.system.states]
        record.append(network.Synapses(connections[name], *states, every=UNTIL, name=name))
    net = tp.Network(before=before, after=after, connections=list(connections.values()), step=STEP)
    result = net.run(until=UNTIL, record=record)
    for name, (model, events) in models.items():
        trains: tp.Protocol = tp.language.Nothing()
        for event, times in (("spike", TIMES), ("postspike", PACE)):
            if event in events:
                trains = trains & SpikeTrain(times, event=event)
        luck = any(p.mechanism.equation("noise") or p.mechanism.equation("transitions") for p in model.system.parts)
        course = None if luck or model.system.chances else expected(model, trains)
        for state in (e.key.split(".")[-1] for e in model.system.states):
            found = float(result[f"{name}.{state}"].values.ravel()[-1])
            assert np.isfinite(found), f"{name}.{state}"
            if course is None:
                continue
            wanted = float(course[state][-1])
            np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-9, err_msg=f"{name}.{state}")
