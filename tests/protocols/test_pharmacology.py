"""Drugs and knock-outs: what is left of their targets at every time, in one cell and in a network."""

import inspect

import numpy as np
import pytest

import tripartite as tp
from tripartite import protocols
from tripartite.errors import ArgumentError, NoTargetError, QuantityError, RangeError, WiringError
from tripartite.language import (
    BindingRate,
    Compartment,
    HalfConcentration,
    Input,
    Mechanism,
    Model,
    Output,
    Parameter,
    State,
)
from tripartite.language.protocol import Scale
from tripartite.network import Network, On, Population, States
from tripartite.protocols import (
    AbstractAntagonist,
    AbstractDrug,
    AbstractKnockout,
    AbstractTargeted,
    Constant,
    Cpa,
    Ip3r2Knockout,
    Ly367385,
    Mpep,
    Prazosin,
    Tboa,
    Thapsigargin,
)
from tripartite.units import ms, nM, s, uM

TARGETED = [
    item
    for name in protocols.__all__
    if isinstance(item := getattr(protocols, name), type)
    and issubclass(item, AbstractTargeted)
    and not inspect.isabstract(item)
    and not name.startswith("Abstract")
]
DRUGS = [item for item in TARGETED if issubclass(item, AbstractDrug)]
every_drug = pytest.mark.parametrize("drug", DRUGS, ids=lambda item: item.__name__)
every_perturbation = pytest.mark.parametrize("kind", TARGETED, ids=lambda item: item.__name__)


def made(kind):
    return kind() if issubclass(kind, AbstractKnockout) else kind(at=1 * s)


@every_perturbation
def test_every_site_is_found_in_a_model_that_has_it_alone(kind):
    perturbation = made(kind)
    assert kind.sites()
    for mechanism, parameter, _ in kind.sites():
        model = Model(cell=mechanism())
        found = perturbation.targets(model)
        assert f"cell.{mechanism.__name__}.{parameter.name}" in found
        assert perturbation.label in perturbation.explain(model)
        for action in perturbation.actions(model, 60e3, 0):
            assert isinstance(action, Scale) and action.time < action.stop


@every_perturbation
def test_a_model_without_a_target_is_an_error_that_names_what_would_help(kind):
    bare = Model(cell=tp.mechanisms.Ip3Relaxation())
    with pytest.raises(NoTargetError, match=f"{kind.sites()[0][0].__name__}.*target='{kind.molecules[0]}'"):
        made(kind).targets(bare)


@every_drug
def test_a_dose_of_nothing_does_nothing_and_a_large_one_blocks(drug):
    model = Model(cell=drug.sites()[0][0]())
    assert set(drug(at=0 * s, dose=0 * uM).targets(model).values()) == {1.0}
    for factor in drug(at=0 * s, dose=1e9 * uM).targets(model).values():
        assert factor < 1e-5 or factor > 1e5


def test_a_competitive_antagonist_is_overcome_by_agonist_and_an_allosteric_one_is_not():
    model = tp.Model(
        astrocyte=Compartment(tp.mechanisms.Ip3Relaxation(ip3_tau=1 * s), tp.mechanisms.StaticGlutamateReceptor())
    )

    def response(drug, glutamate):
        held = Constant(glutamate=glutamate * uM, ca=0.1 * uM) & drug
        return float(tp.simulate(model, held, until=30 * s, save_at=[30] * s)["ip3"][0]) - 0.16

    half = {"dose": 1 * uM, "affinity": 1 * uM, "at": 0 * s}
    for glutamate in (1.0, 20.0):
        free = response(Mpep(**{**half, "dose": 0 * uM}), glutamate)
        assert response(Mpep(**half), glutamate) == pytest.approx(free / 2, rel=1e-4)
        assert response(Ly367385(**half), 2 * glutamate) == pytest.approx(free, rel=1e-4)


class Shown(Mechanism):
    """A parameter that can be recorded."""

    agonist = Input("uM", "held")
    shown = Output("1/s", "the parameter")

    strength = Parameter(1.0, "1/s", "any", "assumed: for the test", low=0, target="shown")

    def outputs(q):
        return {"shown": q.strength}


class OnShown(AbstractDrug):
    """A drug on it."""

    label = "drug"
    acts_on = "what is shown"
    molecules = ("shown",)


class Rising(Mechanism):
    """A state that rises as fast as a drug raises its parameter."""

    risen = State(0.0, "uM", "what it has risen by")
    half = Parameter(
        1.0, "uM/s", "stands for a half concentration", "assumed: for the test", low=0,
        target=HalfConcentration("risen"),
    )  # fmt: skip

    def rates(q):
        return {"risen": q.half}


class OnHalf(AbstractAntagonist):
    """A drug that competes."""

    label = "antagonist"
    acts_on = "a half concentration"
    molecules = ("risen",)


def test_competitive_drugs_of_one_receptor_add_up_and_others_multiply():
    """Gaddum: 1 + x + y, in one cell, and in those cells of a network that both reach."""
    first = OnHalf(at=1 * s, stop=3 * s, dose=1 * uM)
    second = OnHalf(at=2 * s, dose=4 * uM)
    less = tp.Perturbation("less", {"half": 0.5}, at=2 * s)
    wanted = np.array([1, 2, 0.5 * (1 + 1 + 4), 0.5 * 5])  # in each second
    for protocol in (first & second & less, less & second & first):
        run = tp.simulate(Rising(), protocol, until=4 * s, save_at=np.arange(5) * s)
        np.testing.assert_allclose(np.diff(run["risen"]), wanted, rtol=1e-9)
    cells = Population(Rising(), 2)
    acts = On(cells, first) & On(cells[1:], second & less)
    network = Network(cells=cells, step=100 * ms)
    run = network.run(until=4 * s, protocol=acts, record=States(cells, "risen", every=1000 * ms))
    risen = np.diff(run["cells.risen"].transpose(..., "time").values, axis=-1)
    np.testing.assert_allclose(risen[:, -3:], [[2, 2, 1], wanted[-3:]], rtol=1e-6)


class Bound(Mechanism):
    """A state that rises by what binds and by what the receptor does."""

    risen = State(0.0, "uM", "what it has risen by")
    binding = Parameter(1.0, "uM/s", "stands for binding", "assumed: for the test", low=0, target=BindingRate("risen"))
    strength = Parameter(1.0, "1", "what it does", "assumed: for the test", low=0, target="risen")

    def rates(q):
        return {"risen": q.binding * q.strength}


class Plain(Mechanism):
    """A state that rises by what a receptor does, whose binding is not part of it."""

    risen = State(0.0, "uM", "what it has risen by")
    strength = Parameter(1.0, "uM/s", "what it does", "assumed: for the test", low=0, target="risen")

    def rates(q):
        return {"risen": q.strength}


class Allosteric(AbstractDrug):
    """A drug that blocks."""

    label = "blocker"
    acts_on = "what has risen"
    molecules = ("risen",)


@pytest.mark.parametrize("kind", [Bound, Plain])
def test_antagonists_of_one_receptor_add_up_at_binding_and_strength_too(kind):
    """1 / (1 + x + y) is left by two that compete, and half of that by a blocker at its affinity."""
    first = OnHalf(at=1 * s, dose=1 * uM)
    second = OnHalf(at=2 * s, stop=4 * s, dose=4 * uM)
    third = Allosteric(at=3 * s, dose=1 * uM)
    wanted = np.array([1, 1 / 2, 1 / 6, 1 / 12, 1 / 4])
    run = tp.simulate(kind(), first & second & third, until=5 * s, save_at=np.arange(6) * s)
    np.testing.assert_allclose(np.diff(run["risen"]), wanted, rtol=1e-9)
    cells = Population(kind(), 3)
    acts = On(cells, first) & On(cells[1:], second) & On(cells[2:], third)
    run = Network(cells=cells, step=100 * ms).run(
        until=5 * s, protocol=acts, record=States(cells, "risen", every=1000 * ms)
    )
    risen = np.diff(run["cells.risen"].transpose(..., "time").values, axis=-1)
    np.testing.assert_allclose(risen[:, -4:], [[0.5] * 4, [1 / 2, 1 / 6, 1 / 6, 1 / 2], wanted[-4:]], rtol=1e-6)


def test_a_drug_hits_a_mechanism_that_nobody_told_it_of():
    """A mechanism names its target; the drug is not edited, and says which parameters it finds."""

    class Pump(Mechanism):
        """A pump.

        **Sources** assumed: a test. **Holds for** tests.
        """

        emptied = State(0.0, "uM", "what it has pumped", low=0)
        turnover = Parameter(2.0, "uM/s", "turnover", "assumed: a test", low=0, target="SERCA")

        def rates(q):
            return {"emptied": q.turnover}

    for drug in (Cpa(at=0 * s, dose=1 * uM), Thapsigargin(at=0 * s)):
        assert list(drug.targets(Model(cell=Pump()))) == ["cell.Pump.turnover"]
    with pytest.raises(NoTargetError, match="Name `target='nowhere'` at a parameter of your own"):
        type("Lost", (Allosteric,), {"molecules": ("nowhere",)})(at=0 * s).targets(Model(cell=Pump()))


def test_every_target_of_the_library_is_one_of_a_perturbation():
    named = {
        item.target.name
        for kind in map(vars(tp.mechanisms).get, tp.mechanisms.__all__)
        if isinstance(kind, type) and issubclass(kind, Mechanism)
        for item in kind.declared(Parameter).values()
        if item.target is not None
    }
    assert named == {name for kind in TARGETED for name in kind.molecules}


@pytest.mark.parametrize("wrong", [3, "", ["SERCA"], True])
def test_a_target_is_named_by_text(wrong):
    with pytest.raises(ArgumentError, match="target"):
        Parameter(1.0, "1", "any", "assumed: a test", target=wrong)


def test_onset_and_washout_follow_binding_at_equilibrium_to_a_hundredth():
    drug = OnShown(at=10 * s, stop=100 * s, dose=20 * uM, affinity=1 * uM, onset=15 * s, washout=30 * s)
    time = np.arange(0, 300, 0.25)
    run = tp.simulate(Shown(), Constant(agonist=1 * uM) & drug, until=300 * s, save_at=time * s)
    free = np.where(time > 10, 20 * (1 - np.exp(-(time - 10) / 15)), 0.0)
    free = np.where(time > 100, 20 * (1 - np.exp(-6)) * np.exp(-(time - 100) / 30), free)
    np.testing.assert_allclose(run["shown"].values, 1 / (1 + free), atol=0.012)
    assert float(run["shown"][0]) == 1


def factors_at(scales, times):
    """Product of the factors on one parameter at times (ms)."""
    return np.array([np.prod([a.factor for a in scales if a.time <= time < a.stop]) for time in times])


@pytest.mark.parametrize(
    ("drug", "mechanism", "parameter", "factor"),
    [
        (Prazosin, tp.mechanisms.NoradrenalineReceptor, "k_ne", lambda x: 1 + x),
        (protocols.Cgp55845, tp.mechanisms.GabaBReceptor, "k_gaba", lambda x: 1 + x),
        (protocols.Dpcpx, tp.mechanisms.AdenosineUtilization, "strength", lambda x: 1 / (1 + x)),
        (Mpep, tp.mechanisms.GlutamateReceptor, "production", lambda x: 1 / (1 + x)),
    ],
)
@pytest.mark.parametrize("relative", [0.01, 1.0, 1000.0])
def test_the_factor_of_a_drug_follows_its_concentration_at_every_time(drug, mechanism, parameter, factor, relative):
    given = drug(at=10 * s, stop=150 * s, onset=10 * s, washout=5 * s, dose=relative * uM, affinity=1 * uM)
    scales = [a for a in given.actions(Model(cell=mechanism()), 1e9, 0) if a.key.endswith(f".{parameter}")]
    time = np.concatenate([np.arange(0, 400, 0.37), 10 + np.geomspace(1e-6, 1, 50), [10.001, 150.001, 390.0]])
    free = np.where(time < 10, 0, relative * (1 - np.exp(-(time - 10).clip(0) / 10)))
    free = np.where(time < 150, free, relative * (1 - np.exp(-14)) * np.exp(-(time - 150).clip(0) / 5))
    found, wanted = factors_at(scales, 1000 * time), factor(free)
    np.testing.assert_allclose(found, wanted, rtol=0.021)
    assert np.abs(found - wanted).max() <= 0.0101 * abs(factor(relative) - 1)
    np.testing.assert_allclose(found[time >= 230], 1.0, rtol=1e-3)


def test_a_drug_with_an_onset_that_is_stopped_at_once_never_reaches_its_dose():
    drug = OnShown(at=0 * s, stop=1 * s, dose=1 * uM, affinity=1 * uM, onset=100 * s)
    run = tp.simulate(Shown(), Constant(agonist=1 * uM) & drug, until=2 * s, save_at=[0.99, 1.5] * s)
    assert run["shown"].values == pytest.approx([1 / (1 + 0.99 / 100), 1.0], rel=1e-3)


def test_thapsigargin_takes_pumps_away_for_good():
    model = tp.models.Chi()
    scales = list(Thapsigargin(at=10 * s, onset=20 * s).actions(model, 1e6, 0))
    assert scales[-1].factor == 0 and scales[-1].stop == np.inf
    at = next(a for a in scales if a.time <= 30e3 < a.stop)
    assert at.factor == pytest.approx(np.exp(-1), abs=0.008)


def test_cpa_empties_the_store_and_its_washout_refills_it():
    drug = Cpa(at=20 * s, stop=60 * s, onset=2 * s, washout=5 * s)
    held = Constant(ip3=0.1 * uM) & drug
    run = tp.simulate(tp.mechanisms.LiRinzel(), held, until=400 * s, save_at=[19, 59, 399] * s)
    rest, blocked, after = run["ca"].values
    assert blocked > 2 * rest and after == pytest.approx(rest, rel=0.05)


def test_without_ip3r2_nothing_oscillates():
    held = Constant(ip3=0.5 * uM)
    cell = tp.mechanisms.LiRinzel()
    free = tp.simulate(cell, held, until=100 * s)["ca"]
    gone = tp.simulate(cell, held & Ip3r2Knockout(), until=100 * s)["ca"]
    assert float(free[500:].max() - free[500:].min()) > 0.2
    assert float(gone[500:].max() - gone[500:].min()) < 1e-3
    half = Ip3r2Knockout(remaining=0.5).targets(Model(cell=cell))
    assert half == {"cell.LiRinzel.release": 0.5}


def test_a_drug_acts_in_a_network_as_in_one_cell():
    cell = tp.Model(astrocyte=Compartment(tp.mechanisms.LiRinzel()))
    drug = Cpa(at=1 * s, stop=3 * s, onset=0.5 * s, washout=0.5 * s)
    cells = Population(cell, 1)
    network = Network(cells=cells, step=1 * ms)
    run = network.run(until=5 * s, protocol=On(cells, drug & Constant(ip3=0.3 * uM)))
    one = tp.simulate(cell, drug & Constant(ip3=0.3 * uM), until=5 * s, save_at=run.time.values * s)
    free = tp.simulate(cell, Constant(ip3=0.3 * uM), until=5 * s, save_at=run.time.values * s)
    found = run["cells.ca.mean"].values
    np.testing.assert_allclose(found, one["ca"].values, rtol=2e-3)
    assert np.abs(found - free["ca"].values).max() > 0.05


def test_prazosin_and_its_dose_are_shown():
    model = Model(astrocyte=Compartment(tp.mechanisms.NoradrenalineReceptor()))
    text = Prazosin(at=0 * s, dose=9 * nM, affinity=1 * nM).explain(model)
    assert "prazosin 9 nM acts on α1 receptors" in text
    assert "astrocyte.NoradrenalineReceptor.k_ne × 10" in text


def test_what_a_drug_leaves_as_it_is_because_its_place_is_taken_is_said():
    class Course(Mechanism):
        """Clearance that something else sets."""

        clearance = Output("1/s", "clearance", supersedes=True)
        speed = Parameter(40.0, "1/s", "what is set", "assumed: a test")

        def outputs(q):
            return {"clearance": 1 * q.speed}

    taken = Compartment(tp.mechanisms.CleftGlutamate(), Course())
    left = r"leaves `cleft.CleftGlutamate.clearance` as it is: .* Change `cleft.Course.speed` by a `Perturbation`\."
    with pytest.raises(NoTargetError, match=left):
        tp.simulate(Model(cleft=taken), Tboa(at=1 * s), until=2 * s)
    partly = Model(cleft=taken, outside=tp.mechanisms.CleftGlutamate())
    assert list(Tboa(at=1 * s).targets(partly)) == ["outside.CleftGlutamate.clearance"]
    assert len(Tboa(at=1 * s).missed(partly)) == 1 and "leaves `cleft.Cleft" in Tboa(at=1 * s).explain(partly)
    acted_on = Model(cleft=Compartment(tp.mechanisms.CleftGlutamate(), tp.mechanisms.MichaelisMentenUptake()))
    assert list(Tboa(at=1 * s).targets(acted_on)) == ["cleft.MichaelisMentenUptake.km"]
    assert Tboa(at=1 * s).missed(acted_on) == []


def test_a_single_mechanism_can_be_asked_and_a_network_is_refused():
    assert "cell.LiRinzel.uptake" in Cpa(at=1 * s).explain(tp.mechanisms.LiRinzel())
    with pytest.raises(WiringError, match="A network runs by its method `run`"):
        Cpa(at=1 * s).explain(tp.models.AstrocyteRing())


def test_what_cannot_be_is_refused():
    model = Model(cell=Shown())
    with pytest.raises(QuantityError, match="stops later"):
        list(OnShown(at=5 * s, stop=4 * s).actions(model, 1e4, 0))
    with pytest.raises(RangeError, match="time constant"):
        list(OnShown(at=5 * s, onset=-1 * s).actions(model, 1e4, 0))
    with pytest.raises(RangeError, match="affinity positive"):
        _ = OnShown(at=5 * s, affinity=0 * uM).unblocked
    with pytest.raises(RangeError, match="fraction"):
        Ip3r2Knockout(remaining=1.5).targets(Model(cell=tp.mechanisms.LiRinzel()))
