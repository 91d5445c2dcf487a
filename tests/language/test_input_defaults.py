"""An input that nobody gives has its default, in every engine; what somebody gives takes its place."""

import math

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import DefinitionError, QuantityError, RangeError, WiringError
from tripartite.language import Compartment, Input, Mechanism, Model, Output, Parameter, State
from tripartite.language.protocol import Nothing, Protocol
from tripartite.mechanisms import LeakyIntegrateFire
from tripartite.network import (
    Average,
    Bdf,
    Coupling,
    Network,
    On,
    Population,
    Projection,
    RungeKutta4,
    SpikeTrains,
    States,
    post,
    total,
)
from tripartite.network.rules import AllToAll, EdgeList, OneToOne
from tripartite.protocols import Constant, Pulses, SpikeTrain, Steps
from tripartite.units import ms, s, uM

TAU, HALF = 2.0, 0.3
NOTHING = Nothing()
CLOSED = lambda t, level, start=0.0: level + (start - level) * np.exp(-np.asarray(t) / TAU)  # noqa: E731


class Filling(Mechanism):
    """Follows an input that is 3 uM unless somebody gives another.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = Input("uM", "what is followed", default=3.0)
    x = State(0.0, "uM", "what follows", low=0)
    pace = Parameter(1 / TAU, "1/s", "pace", "assumed: a test", low=0)

    def rates(q):
        return {"x": q.pace * (q.level - q.x)}


class Curved(Mechanism):
    """As `Filling`, by an equation that has no closed form.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = Input("uM", "what is followed", default=3.0)
    x = State(0.0, "uM", "what follows", low=0)
    pace = Parameter(1 / TAU, "1/s", "pace", "assumed: a test", low=0)
    half = Parameter(HALF, "uM", "half concentration", "assumed: a test", low=1e-6)

    def rates(q):
        return {"x": q.pace * (q.level * q.half / (q.half + q.x) - q.x)}


class Reader(Mechanism):
    """Reads the level of `Filling` in another unit, with a default of its own.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = Input("mM", "what is read", default=3e-3)
    seen = Output("uM", "what is seen")

    def outputs(q):
        return {"seen": q.level}


class Other(Mechanism):
    """Reads the level with another default.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = Input("uM", "what is read", default=1.0)
    seen = Output("uM", "what is seen")

    def outputs(q):
        return {"seen": q.level}


class Strict(Mechanism):
    """Reads the level up to a bound, without a default.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = Input("uM", "what is read", high=2.0)
    seen = Output("uM", "what is seen")

    def outputs(q):
        return {"seen": q.level}


def final(model, protocol: Protocol = NOTHING, **options):
    return float(tp.simulate(model, protocol, until=4 * s, **options)["x"][-1])


@pytest.mark.parametrize("solver", [None, tp.Tsit5(rtol=1e-10, atol=1e-12), tp.Kvaerno5(rtol=1e-10, atol=1e-12)])
def test_an_input_that_nobody_gives_has_its_default_by_every_solver(solver):
    found = tp.simulate(Filling(), until=4 * s, solver=solver)
    np.testing.assert_allclose(found["x"], CLOSED(found["x"].time, 3.0), rtol=1e-5, atol=1e-9)


def test_protocols_wires_and_states_take_the_place_of_a_default():
    assert final(Filling(), Constant(level=5 * uM)) == pytest.approx(CLOSED(4, 5.0), rel=1e-6)
    late = tp.simulate(Filling(), Steps("level", [1] * s, [5] * uM), until=4 * s, solver=tp.Tsit5(rtol=1e-10))
    assert float(late["x"][-1]) == pytest.approx(CLOSED(3, 5.0, CLOSED(1, 3.0)), rel=1e-8)
    source = Compartment(tp.mechanisms.LiRinzel())
    cell = Compartment(Filling())
    wired = Model(source=source, cell=cell, wiring=[source.ca >> cell.level])
    assert [e.key for e in wired.system.drives] == ["source.ip3"]


def test_between_pulses_an_input_has_its_default_unless_low_says_otherwise():
    for low, between in ((None, 3.0), (0 * uM, 0.0)):
        got = final(Filling(), Pulses("level", 5 * uM, [1] * s, 1 * s, low), solver=tp.Tsit5(rtol=1e-10))
        assert got == pytest.approx(CLOSED(2, between, CLOSED(1, 5.0, CLOSED(1, between))), rel=1e-8)


def test_ensembles_gradients_fixed_points_and_branches_take_the_default():
    varied = tp.simulate(Filling(), until=4 * s, vary={"level": [1, 3, 7] * uM})
    np.testing.assert_allclose(varied["x"][:, -1], CLOSED(4, np.array([1, 3, 7])), rtol=1e-6)
    paced = tp.simulate(Filling(), until=4 * s, vary={"pace": np.array([0.5, 1.0]) / s})
    np.testing.assert_allclose(paced["x"][:, -1], 3 * (1 - np.exp(-4 * np.array([0.5, 1.0]))), rtol=1e-6)
    rest = tp.solve.steady_states(Filling())
    np.testing.assert_allclose(np.ravel(rest["cell.x"]), [3.0], rtol=1e-6)
    branch = tp.solve.continuation(Filling(), "level", 1 * uM, 4 * uM)
    np.testing.assert_allclose(branch.data["cell.x"], branch.data["cell.level"], rtol=1e-6)


def last(traces):
    return traces["x"][-1]


def test_a_gradient_follows_the_default_and_is_taken_by_it():
    value, slopes = tp.solve.gradient(last, Filling(), until=4 * s, by=["level", "pace"], solver=tp.Tsit5(rtol=1e-10))
    assert value == pytest.approx(CLOSED(4, 3.0), rel=1e-8)
    assert slopes["level"].to("1/uM").magnitude == pytest.approx(1 - np.exp(-4 / TAU), rel=1e-6)
    assert slopes["pace"].to("s").magnitude == pytest.approx(3 * 4 * np.exp(-4 / TAU), rel=1e-6)


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("kind", [Filling, Curved])
def test_cells_have_the_default_until_a_protocol_drives_them(kind, threads):
    cells = Population(kind(), 7, step=2 * ms)
    drive = On(cells[2:4], Steps("level", [1] * s, [5] * uM)) & On(cells[5:], Constant(level=0 * uM))
    found = Network(cells=cells, step=1 * ms).run(
        until=4 * s, protocol=drive, record=[States(cells, "x", every=1 * s)], threads=threads
    )["cells.x"]
    tight = {"until": 4 * s, "solver": tp.Tsit5(rtol=1e-10), "save_every": 1 * s}
    rest = tp.simulate(kind(), **tight)["x"]
    late = tp.simulate(kind(), Steps("level", [1] * s, [5] * uM), **tight)["x"]
    none = tp.simulate(kind(), Constant(level=0 * uM), **tight)["x"]
    expected = np.stack([{2: late, 3: late, 5: none, 6: none}.get(i, rest).values for i in range(7)], axis=1)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-12)
    plain = Network(cells=cells, step=1 * ms).run(until=4 * s, record=[Average(cells, "x", every=1 * s)], threads=1)
    np.testing.assert_allclose(plain["cells.x.mean"], rest.values, rtol=1e-5)


class Weighing(Mechanism):
    """A synapse that hands on what it has, by a factor that is 2 unless somebody gives it.

    **Sources** assumed: a test. **Holds for** tests.
    """

    factor = Input("1", "factor", default=2.0)
    given = State(0.0, "uM", "what is given", low=0)
    amount = Parameter(1.0, "uM", "what a spike brings", "assumed: a test", low=0)
    decay = Parameter(1.0, "1/s", "decay", "assumed: a test", low=0)
    sent = Output("uM", "what is sent")

    def outputs(q):
        return {"sent": q.factor * q.given}

    def rates(q):
        return {"given": -q.decay * q.factor * q.given}

    def on_spike(q):
        return {"given": q.given + q.factor * q.amount}


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_synapses_have_the_default_all_along(threads):
    synapse = Compartment(Weighing())
    cells, trains = Population(Filling(), 2, step=1 * ms), SpikeTrains(1, [0], [0.5] * s)
    edges = Projection(trains, cells, synapse=synapse, rule=AllToAll(), wiring=[total(synapse.sent) >> post.level])
    found = Network(pre=trains, cells=cells, connections=[edges], step=0.1 * ms).run(
        until=2 * s, record=[States(cells, "x", every=0.5 * s)], threads=threads
    )["cells.x"][1:]
    late = np.array([0.0, 0.5, 1.0, 1.5])
    exact = 4 / TAU / (2 - 1 / TAU) * (np.exp(-late / TAU) - np.exp(-2 * late))
    np.testing.assert_allclose(found, np.stack([exact, exact], axis=1), rtol=1e-3, atol=1e-12)


class Leaking(Mechanism):
    """Moves what follows towards the neighbour, at permeabilities that the cells may have.

    **Sources** assumed: a test. **Holds for** tests.
    """

    x = Input("uM", "what is here")
    neighbour = Input("uM", "what is there")
    permeability = Input("1/s", "permeability here", default=0.25)
    neighbour_permeability = Input("1/s", "permeability there", default=0.75)

    def rates(q):
        return {"x": (q.permeability + q.neighbour_permeability) * (q.neighbour - q.x)}


class Permeable(Mechanism):
    """A membrane with a permeability of its own.

    **Sources** assumed: a test. **Holds for** tests.
    """

    permeability = Parameter(2.0, "1/s", "permeability", "assumed: a test", low=0)


@pytest.mark.parametrize("solver", [None, Bdf()])
@pytest.mark.parametrize(("more", "speed"), [((), 1.0), ((Permeable(),), 4.0)])
def test_couplings_have_the_default_unless_their_cells_have_the_quantity(more, speed, solver):
    model = Compartment(Filling(), *more)
    cells = Population(model, 2, values={"x": [0.0, 1.0] * uM}, step=1 * ms, method=RungeKutta4())
    network = Network(cells=cells, connections=[Coupling(cells, Leaking(), EdgeList([0], [1]))], step=1 * ms)
    options = {} if solver is None else {"solver": solver}
    found = network.run(until=1 * s, record=[States(cells, "x", every=1 * s)], **options)["cells.x"][-1]
    apart = np.exp(-1 / TAU - 2 * speed)
    middle = CLOSED(1, 3.0, 0.5)
    np.testing.assert_allclose(found, [middle - apart / 2, middle + apart / 2], rtol=1e-3)


def test_readers_share_one_default_in_their_units_and_its_range():
    shared = Model(cell=Compartment(Filling(), Reader()))
    (level,) = shared.system.drives
    assert level.value == pytest.approx(3.0) and level.declaration.default == pytest.approx(3.0)
    assert float(tp.simulate(shared, until=1 * s)["seen"][-1]) == pytest.approx(3.0)
    with pytest.raises(WiringError, match="`level` has 3 uM and 1 uM"):
        _ = Model(cell=Compartment(Filling(), Other())).system
    with pytest.raises(RangeError, match=r"`cell.level` must lie in \[0, 2\] uM; got 3 uM \(its default\)"):
        _ = Model(cell=Compartment(Filling(), Strict())).system


def test_what_has_no_default_still_needs_a_source():
    with pytest.raises(WiringError, match=r"source from 0 s on; `cell\.level`"):
        tp.simulate(Strict(), until=1 * s)
    with pytest.raises(QuantityError, match="times rising from 0 s"):
        tp.simulate(Strict(), Steps("level", [1] * s, [1] * uM), until=2 * s)


@pytest.mark.parametrize("wrong", [-1.0, math.inf, math.nan, "3", 3 * uM, True, [3.0]])
def test_a_default_is_a_plain_finite_number_in_its_range(wrong):
    with pytest.raises(DefinitionError, match=r"declared value|value and unit apart"):
        Input("uM", "what is followed", default=wrong)


def test_the_default_of_an_event_can_only_be_that_nobody_need_send_it():
    with pytest.raises(DefinitionError, match="An event happens or does not"):

        class Sure(Mechanism):
            release = Input("1", "release", default=1.0)
            x = State(0.0, "1", "count")

            def on_release(q):
                return {"x": q.x + q.release}


class Counting(Mechanism):
    """Counts what may come. **Sources** assumed: a test. **Holds for** tests."""

    perhaps = Input("1", "what nobody need send", default=0)
    x = State(0.0, "1", "sum")

    def on_perhaps(q):
        return {"x": q.x + q.perhaps}


class Needing(Mechanism):
    """Counts what has to come, too. **Sources** assumed: a test. **Holds for** tests."""

    perhaps = Input("1", "what somebody has to send")
    y = State(0.0, "1", "sum")

    def on_perhaps(q):
        return {"y": q.y + q.perhaps}


def test_a_synapse_may_leave_an_event_unsent_that_all_who_answer_it_allow():
    cells = Population(LeakyIntegrateFire(), 2)
    spikes = SpikeTrains(2, [0], [1.0] * ms)

    def joined(*parts):
        synapses = Projection(spikes, cells, synapse=Compartment(*parts), rule=OneToOne())
        return Network(cells=cells, spikes=spikes, connections={"s": synapses}, step=1 * ms)

    run = joined(Counting()).run(until=5 * ms, threads=1)
    assert run.ok
    with pytest.raises(WiringError, match=r"perhaps` of the synapse has no source"):
        joined(Counting(), Needing()).run(until=5 * ms, threads=1)
    sent = tp.simulate(Model(cell=Counting()), SpikeTrain([1.0] * s, to="perhaps"), until=2 * s)
    assert float(sent["x"][-1]) == 1.0


def test_cards_and_pages_show_defaults():
    assert "3" in Filling()._given().text() and "default" in Filling()._given().text()
    card = Model(cell=Filling())._card().text()
    assert "default" in card and "cell.level" in card
    assert "default  unit" not in Model(cell=Strict())._card().text()
    assert "default" in Compartment(Filling())._repr_html_()
