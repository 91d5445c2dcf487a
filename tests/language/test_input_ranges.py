"""What is given to an input lies in its range, whoever gives it; ranges are declared or follow from the dimension."""

import math

import numpy as np
import pytest

import tripartite as tp
from tripartite import mechanisms
from tripartite.errors import DefinitionError, RangeError
from tripartite.language import Input, Mechanism, Output, Parameter, State
from tripartite.network import Network, On, PoissonGroup, PoissonInput, Population
from tripartite.protocols import Constant, Pulses, Releases, Steps
from tripartite.units import Hz, mM, ms, nS, pA, s, uM


class Bath(Mechanism):
    """What surrounds a cell, as it is driven.

    **Sources** assumed: a test. **Holds for** tests.
    """

    substance = Input("uM", "what is driven")
    open_share = Input("1", "open fraction", low=0, high=1)
    current = Input("pA", "current of either sign")
    given = Output("uM", "what is passed on")

    def outputs(q):
        return {"given": q.substance}


class Reader(Mechanism):
    """Reads a substance up to a level, in another unit, and a fraction that another mechanism may give.

    **Sources** assumed: a test. **Holds for** tests.
    """

    substance = Input("mM", "what is read", high=2e-3)
    taken = State(0.0, "uM", "substance taken up", low=0)
    pace = Parameter(1.0, "1/s", "pace", "assumed: a test", low=0)

    def rates(q):
        return {"taken": q.pace * q.substance}


class Follower(Mechanism):
    """Has a parameter that a wire may lead to.

    **Sources** assumed: a test. **Holds for** tests.
    """

    level = Parameter(1.0, "uM", "level", "assumed: a test", low=0.5)
    reached = Output("uM", "level reached")

    def outputs(q):
        return {"reached": q.level}


FINE = {"substance": 1 * uM, "open_share": 0.5, "current": -1 * pA}


def inputs():
    return [
        (kind.__name__, item)
        for kind in map(vars(mechanisms).get, mechanisms.__all__)
        if isinstance(kind, type) and issubclass(kind, Mechanism)
        for item in kind.declared(Input).values()
    ]


def test_every_concentration_of_the_library_is_bounded_and_what_has_a_sign_is_not():
    assert len(inputs()) > 200
    for name, item in inputs():
        if item.unit in ("uM", "mM", "nM"):
            assert item.low == 0, (name, item.name)
        if item.unit in ("mV", "pA", "uA/cm**2"):
            assert item.low is None and item.high is None, (name, item.name)
        if item.meaning.startswith(("h:", "theta: fraction", "s: fraction", "B: fraction", "U")) and item.unit == "1":
            assert (item.low, item.high) == (0, 1), (name, item.name)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"substance": -1 * uM}, r"`cell.substance` must lie in \[0, inf\] uM; got -1 uM at 0 s"),
        ({"substance": -1e-3 * mM}, r"got -1 uM"),
        ({"open_share": 1.5}, r"`cell.open_share` must lie in \[0, 1\]; got 1.5"),
        ({"open_share": -0.1}, r"got -0.1"),
    ],
)
def test_a_constant_out_of_range_is_refused_in_both_engines(wrong, said):
    cells = Population(Bath(), 2)
    network = Network(cells=cells)
    with pytest.raises(RangeError, match=said):
        tp.simulate(Bath(), Constant({**FINE, **wrong}), until=1 * s)
    with pytest.raises(RangeError, match=said):
        network.run(until=1 * s, protocol=On(cells, Constant({**FINE, **wrong})), threads=1)


@pytest.mark.parametrize(
    "protocol",
    [
        Steps("substance", [0, 2] * s, [1, -1] * uM),
        Pulses("substance", -1 * uM, [2] * s, 1 * s),
        Pulses("substance", 1 * uM, [2] * s, 1 * s, low=-1 * uM),
    ],
)
def test_later_values_are_refused_with_their_time(protocol):
    rest = Constant(open_share=0.5, current=1 * pA)
    with pytest.raises(RangeError, match=r"`cell.substance` .* got -1 uM at [03] s|got -1 uM at 2 s"):
        tp.simulate(Bath(), rest & protocol, until=10 * s)


def test_ensembles_branches_and_fixed_points_take_no_value_out_of_range():
    cell = mechanisms.LiRinzel()
    for wrong in (
        lambda: tp.simulate(cell, vary={"ip3": [0.5, -0.5] * uM}, until=1 * s),
        lambda: tp.solve.continuation(cell, "ip3", -1 * uM, 1 * uM),
        lambda: tp.solve.steady_states(cell, Constant(ip3=-1 * uM)),
    ):
        with pytest.raises(RangeError, match=r"`cell.ip3` must lie in"):
            wrong()


def test_an_amount_of_an_event_has_the_range_of_its_input():
    class Minus(tp.language.Protocol):
        def actions(self, model, until, seed):
            yield tp.language.protocol.Occur(500.0, "cell.release", -0.5)

    with pytest.raises(RangeError, match=r"`cell.release` must lie in \[0, inf\]; got -0.5 at 0.5 s"):
        tp.simulate(mechanisms.CleftGlutamate(), Minus(), until=1 * s)
    assert tp.simulate(mechanisms.CleftGlutamate(), Releases("release", [0.5] * s, 0.5), until=1 * s).ok


def test_all_that_read_an_input_bound_it_in_their_units():
    both = tp.Compartment(Bath(), Reader())
    (driven,) = [e.declaration for e in tp.Model(cell=both).system.drives if e.key == "cell.substance"]
    assert (driven.low, driven.high, driven.unit, driven.name) == (0, pytest.approx(2.0), "uM", "substance")
    with pytest.raises(RangeError, match=r"\[0, 2\] uM; got 3 uM"):
        tp.simulate(both, Constant({**FINE, "substance": 3 * uM}), until=1 * s)


def test_an_input_wired_to_a_parameter_has_the_range_of_both():
    bath, follower = tp.Compartment(Bath()), tp.Compartment(Follower())
    model = tp.Model(bath=bath, follower=follower, wiring=[bath.substance >> follower.level])
    assert [e.key for e in model.system.constants].count("bath.substance") == 1
    found = tp.simulate(model, Constant({**FINE, "substance": 0.7 * uM}), until=1 * s)
    np.testing.assert_allclose(found["reached"], 0.7)
    with pytest.raises(RangeError, match=r"\[0.5, inf\] uM; got 0.2 uM"):
        tp.simulate(model, Constant({**FINE, "substance": 0.2 * uM}), until=1 * s)


@pytest.mark.parametrize(
    ("rate", "said"),
    [
        (-1 * Hz, r"rate` must lie in \[0, inf\] Hz; got -1 Hz at 0.5 s of `(source|PoissonInput.*)`"),
        (1e12 * Hz, "in a step|spike in a step"),
    ],
)
def test_a_driven_rate_is_neither_negative_nor_beyond_its_step(rate, said):
    source, cells = PoissonGroup(3, 10 * Hz), Population(tp.models.CobaNeuron(), 3)
    noise = PoissonInput(cells, "excitation", 10 * Hz, 1 * nS)
    network = Network(source=source, cells=cells, inputs=[noise])
    for where in (source, noise):
        with pytest.raises(RangeError, match=said):
            network.run(until=1 * s, protocol=On(where, Steps("rate", [0 * s, 0.5 * s], [10 * Hz, rate])))
    with pytest.raises(RangeError, match="up to 1,000,000 events in a step"):
        Network(cells=cells, inputs=[PoissonInput(cells, "excitation", 1e12 * Hz, 1 * nS)]).run(until=1 * s)


def test_a_declaration_may_open_or_narrow_its_range():
    assert Input("uM", "difference of two concentrations", low=-math.inf).low == -math.inf
    assert (Input("uM", "x", high=3).low, Input("mV", "x").low) == (0, None)
    for bounds in ((1, 0), ("0", 1), (0, math.nan), (True, 2)):
        with pytest.raises(DefinitionError):
            Input("uM", "x", *bounds)


def test_a_course_is_not_held_in_the_range_of_an_input():
    """A state with noise dips below zero, and the input that reads it with it: ranges hold for what is given."""

    class Wanders(Mechanism):
        """A concentration that fluctuates around zero.

        **Sources** assumed: a test. **Holds for** tests.
        """

        substance = State(0.0, "uM", "x: fluctuating concentration")
        relaxation = Parameter(10.0, "1/s", "k: relaxation", "assumed: a test")
        spread = Parameter(1.0, "uM/s**0.5", "s: spread", "assumed: a test")

        def rates(q):
            return {"substance": -q.relaxation * q.substance}

        def noise(q):
            return {"substance": q.spread}

    cell = tp.Compartment(Wanders(), Reader())
    found = tp.simulate(cell, until=10 * s, solver=tp.solve.EulerMaruyama(10 * ms))
    assert found.ok and found["substance"].values.min() < 0
