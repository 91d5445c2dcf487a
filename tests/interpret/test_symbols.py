"""The SymPy reading against the numeric one, the equations themselves, and the explicit solver."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import tripartite as tp
from tripartite import mechanisms, observe
from tripartite.interpret import symbols, typeset
from tripartite.language import Mechanism, Model, Parameter, State
from tripartite.language.model import as_model
from tripartite.language.system import System
from tripartite.units import ms, s, uM

CLASSES = [
    item
    for room in (mechanisms, observe)
    for item in (getattr(room, name) for name in room.__all__)
    if isinstance(item, type) and issubclass(item, Mechanism)
]
MODELS = [tp.models.TripartiteSynapse, tp.models.GChi]
each_class = pytest.mark.parametrize("mechanism", CLASSES, ids=lambda c: c.__name__)
each_system = pytest.mark.parametrize("make", [*CLASSES, *MODELS], ids=lambda c: c.__name__)


def _eligible() -> Model:
    return Model(synapse=tp.Compartment(mechanisms.PairStdp(), mechanisms.EligibilityWeight()))


def _somewhere(system: System, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Positive states, drives and chances between 0.2 and 0.8 internal units, parameters as declared."""
    random = np.random.default_rng(seed)
    y = random.uniform(0.2, 0.8, len(system.states))
    drives = random.uniform(0.2, 0.8, len(system.constants) - len(system.parameters))
    return y, np.concatenate([[entry.value for entry in system.parameters], drives])


def _numeric(system: System, y: np.ndarray, c: np.ndarray) -> np.ndarray:
    return np.array(system.rates(system.values(y, c)), dtype=float)


def _evaluated(system: System, expressions, y: np.ndarray, c: np.ndarray) -> np.ndarray:
    function = sympy.lambdify(list(symbols.symbols(system).values()), expressions, "numpy")
    return np.array(function(*y, *c), dtype=float)


@each_system
def test_symbolic_rates_have_the_values_of_numeric_ones(make):
    system = as_model(make()).system
    y, c = _somewhere(system)
    found = _evaluated(system, list(symbols.rates(system).values()), y, c)
    np.testing.assert_allclose(found, _numeric(system, y, c), rtol=1e-12)


@each_system
def test_the_jacobian_is_that_of_finite_differences(make):
    system = as_model(make()).system
    y, c = _somewhere(system)
    found = _evaluated(system, symbols.jacobian(system).tolist(), y, c).reshape(len(y), len(y))
    for j, step in enumerate(1e-6 * y):
        shift = step * (np.arange(len(y)) == j)
        slope = (_numeric(system, y + shift, c) - _numeric(system, y - shift, c)) / (2 * step)
        # Cancellation leaves about 1e-16 |rate| / step of the slope undetermined.
        noise = 1e-9 * np.abs(_numeric(system, y, c)) / y[j] + 1e-14
        assert np.all(np.abs(found[:, j] - slope) <= 1e-6 * np.abs(slope) + noise)


@each_class
def test_every_equation_has_a_line_of_latex_with_matching_braces(mechanism):
    written = typeset.latex(mechanism)
    expected = {
        "rates",
        "noise",
        "outputs",
        "transitions",
        "crossing",
        "on_crossing",
        *(f"on_{e}" for e in mechanism.events()),
    }
    assert written.keys() == {name for name in expected if mechanism.equation(name)}
    for lines in written.values():
        assert lines
        for line in lines.values():
            assert line.count("{") == line.count("}")
            assert line.count(r"\left") - line.count(r"\leftarrow") == line.count(r"\right")


def test_latex_keeps_the_terms_in_the_order_of_the_paper():
    line = typeset.latex(mechanisms.Ip3Metabolism)["rates"]["ip3"]
    places = [
        line.index(text) for text in (r"\frac{\mathrm{d} I}", r"J_{\delta}", r"v_{\mathrm{3K}}", r"r_{\mathrm{5P}}")
    ]
    assert places == sorted(places)


def test_latex_marks_what_adds_and_what_jumps():
    assert r"\mathrel{+}= O_{\beta} \Gamma_{A}" in typeset.latex(mechanisms.GlutamateReceptor)["rates"]["ip3"]
    assert typeset.latex(mechanisms.TsodyksMarkram)["on_spike"]["u"] == (
        r"u_{S} \leftarrow u_{S} + U_{0} \left(1 - u_{S}\right)"
    )
    assert typeset.latex(mechanisms.ThresholdExocytosis)["crossing"] == {"crossing": r"C - C_{\theta} \nearrow 0"}


def test_symbols_carry_the_names_of_the_paper_and_stay_distinct():
    receptor = symbols.symbols(mechanisms.ThresholdExocytosis())
    assert sympy.latex(receptor["cell.ThresholdExocytosis.recovery"]) == r"\Omega_{A}"
    both = tp.Compartment(mechanisms.LiRinzel(), mechanisms.ReceptorNoise())
    names = [symbol.name for symbol in symbols.symbols(both).values()]
    assert len(set(names)) == len(names)
    assert {"C", "h", "d_1_cell_LiRinzel", "d_1_cell_ReceptorNoise"} <= set(names)


@each_system
def test_closed_forms_start_at_the_start_and_satisfy_their_equation(make):
    system = as_model(make()).system
    known, starts, rates = symbols.symbols(system), symbols.starts(system), symbols.rates(system)
    closed = symbols.closed_form(system)
    course = {known[key]: expression for key, expression in closed.items()}
    y, c = _somewhere(system)
    values = dict(zip(known.values(), [*y, *c], strict=True)) | dict(zip(starts.values(), y, strict=True))
    for key, expression in closed.items():
        begun = float(expression.subs(values | {symbols.TIME: 0}))
        assert begun == pytest.approx(float(values[starts[key]]), rel=1e-12, abs=1e-14)
        left = expression.diff(symbols.TIME)
        right = rates[key].subs(course)
        for time in (0.0, 3.0, 200.0):
            at = values | {symbols.TIME: time}
            scale = abs(float(left.subs(values | {symbols.TIME: 0.0}))) + 1e-12
            assert abs(float((left - right).subs(at))) < 1e-9 * scale


@pytest.mark.parametrize(
    ("make", "solved"),
    [
        (mechanisms.TsodyksMarkram, {"u", "x"}),
        (mechanisms.Gliotransmitter, {"gliotransmitter"}),
        (_eligible, {"before", "after", "eligibility", "weight"}),
        (mechanisms.LiRinzel, set()),
        (mechanisms.Ip3Metabolism, set()),
        (tp.models.TripartiteSynapse, {"u", "x", "glutamate", "resources", "gliotransmitter"}),
    ],
)
def test_exactly_the_linear_states_have_a_closed_form(make, solved):
    assert {key.rsplit(".", 1)[-1] for key in symbols.closed_form(make())} == solved


def test_a_state_that_a_noisy_one_drives_has_no_closed_form():
    class Diffusing(Mechanism):
        """A random walk and what it drives."""

        x = State(0.0, "1", "x: walk")
        y = State(0.0, "1", "y: filtered walk")
        free = State(1.0, "1", "z: neither")
        rate = Parameter(1.0, "1/ms", "k: rate", "assumed: a test")

        def rates(q):
            return {"x": -q.rate * q.x, "y": q.rate * (q.x - q.y), "free": -q.rate * q.free}

        def noise(q):
            return {"x": q.rate**0.5}

    assert symbols.closed_form(Diffusing()).keys() == {"cell.free"}


def test_a_chain_of_equal_decays_is_solved_by_its_limit():
    class Alpha(Mechanism):
        """An alpha function: two decays with one time constant."""

        a = State(1.0, "1", "a: first")
        b = State(0.0, "1", "b: second")
        tau = Parameter(5.0, "ms", "tau: decay", "assumed: a test", low=0)

        def rates(q):
            return {"a": -q.a / q.tau, "b": (q.a - q.b) / q.tau}

    system = as_model(Alpha()).system
    a, b = symbols.starts(system).values()
    tau, t = symbols.symbols(system)["cell.Alpha.tau"], symbols.TIME
    expected = (b + a * t / tau) * sympy.exp(-t / tau)
    assert sympy.simplify(symbols.closed_form(system)["cell.b"] - expected) == 0


@pytest.mark.parametrize(
    ("mechanism", "drive"),
    [
        (mechanisms.TsodyksMarkram(u=0.7, x=0.2), {"utilization": 0.6}),
        (mechanisms.EligibilityWeight(eligibility=0.01), {"gate": 0.4, "drift": 1e-5 / ms}),
        (mechanisms.GlutamateReceptor(active=0.1), {"glutamate": 20 * uM, "ca": 0.3 * uM, "ip3": 0.1 * uM}),
    ],
    ids=["TsodyksMarkram", "EligibilityWeight", "GlutamateReceptor"],
)
def test_closed_forms_are_what_a_simulation_shows(mechanism, drive):
    model = Model(cell=tp.Compartment(mechanism, *([_Ip3()] if "ip3" in drive else [])))
    drive = {name: value for name, value in drive.items() if name in {e.key[5:] for e in model.system.drives}}
    times = np.array([0.0, 5.0, 50.0, 400.0])
    result = tp.simulate(
        model, tp.protocols.Constant(drive), until=0.4 * s, save_at=times * ms, solver=tp.Tsit5(rtol=1e-10, atol=1e-13)
    )
    system = model.system
    known, starts = symbols.symbols(system), symbols.starts(system)
    values = {known[e.key]: e.value for e in system.parameters} | {starts[e.key]: e.value for e in system.states}
    values |= {known[f"cell.{name}"]: getattr(value, "magnitude", value) for name, value in drive.items()}
    closed = symbols.closed_form(system)
    assert closed
    for key, expression in closed.items():
        course = sympy.lambdify(symbols.TIME, expression.subs(values), "numpy")
        np.testing.assert_allclose(course(times) * np.ones(4), result[key].values, rtol=1e-8, atol=1e-13)


class _Ip3(Mechanism):
    """IP3 that something else makes."""

    ip3 = State(0.1, "uM", "I: IP3 in the cytosol", low=0)
