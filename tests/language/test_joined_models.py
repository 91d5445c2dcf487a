"""A ready model in the place of a compartment joins with all of its own, under names that a user can tell."""

import json

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.errors import UnknownNameError, WiringError
from tripartite.language import Compartment, Input, Mechanism, Model, Parameter, State
from tripartite.language.encoding import decode_model, encode_model
from tripartite.models import AdexNeuron, AstrocyteRing, GatedSynapse, GChi, NestAstrocyte, TripartiteSynapse
from tripartite.parameters import depitta2009, jiang2025
from tripartite.units import s, uM


class Well(Mechanism):
    """A substance that is made and decays."""

    level = State(0.0, "uM", "x: the substance")
    made = Input("uM/s", "P: production", default=0.0)
    decay = Parameter(0.5, "1/s", "k: decay", "assumed: a test", low=0, target="enzyme")

    def rates(q):
        return {"level": q.made - q.decay * q.level}


class Passing(Mechanism):
    """Production that follows another level."""

    above = Input("uM", "y: the level that is followed")
    level = State(0.0, "uM", "x: what comes of it")
    gain = Parameter(2.0, "1/s", "g: gain", "assumed: a test", low=0)
    fall = Parameter(0.7, "1/uM/s", "f: fall", "assumed: a test", low=0)

    def rates(q):
        return {"level": q.gain * q.above - q.fall * q.level * q.above}


def pair() -> Model:
    upper, lower = Compartment(Well()), Compartment(Passing())
    return Model(upper=upper, lower=lower, wiring=[upper.level >> lower.above])


def test_a_joined_model_is_the_one_written_out():
    astrocyte, neuron = NestAstrocyte(), AdexNeuron().using(jiang2025.SPARSE_NEURON)
    joined = Model(glia=astrocyte, cell=neuron, wiring=[astrocyte.sic >> neuron.sic])

    glia, cell = astrocyte.compartments["astrocyte"], neuron.compartments["neuron"]
    assert encode_model(joined) == encode_model(Model(glia=glia, cell=cell, wiring=[glia.sic >> cell.sic]))
    assert joined["glia.k_serca"] == astrocyte["k_serca"] and joined["cell.v"] == neuron["v"]
    assert set(astrocyte.cite().splitlines()) | set(neuron.cite().splitlines()) <= set(joined.cite().splitlines())
    assert next(e.key for e in joined.system.events if e.crossing_of is None) == "glia.release"


def test_each_of_several_compartments_has_both_names_and_its_wires():
    left, right = TripartiteSynapse(), pair()
    joined = Model(left=left, right=Model(deep=right, alone=Well()))
    assert [*joined.compartments] == [
        *("left_bouton", "left_cleft", "left_astrocyte", "left_around"),
        *("right_deep_upper", "right_deep_lower", "right_alone"),
    ]
    own = {(f"left_{a}", x, f"left_{b}", y) for (a, x), (b, y), _ in left.wiring}
    assert {(*a, *b) for a, b, _ in joined.wiring} == own | {("right_deep_upper", "level", "right_deep_lower", "above")}
    assert {f"left_{key}" for key in left.parameters()} < joined.parameters().keys()
    assert joined["left_astrocyte.uptake"] == left["uptake"] and joined["left_bouton.u"] == left["bouton.u"]
    back = decode_model(json.loads(json.dumps(encode_model(joined))), classes=[Well, Passing])
    assert encode_model(back) == encode_model(joined) and repr(back) == repr(joined)


def test_values_are_changed_by_their_new_names_and_what_is_held_stays_so():
    astrocyte = GChi().using(depitta2009.FM).hold({"uptake": 0.8 * uM / s})
    joined = Model(glia=astrocyte, other=pair().hold({"decay": 1 / s}))
    assert joined.held == {"glia.LiRinzel.uptake", "other_upper.Well.decay"}
    assert joined.replace({"glia.k_serca": 0.2 * uM})["k_serca"] == 0.2 * uM
    assert joined["k_serca"] == astrocyte["k_serca"] == depitta2009.FM["k_serca"]
    for key, value in {"glia.uptake": 1 * uM / s, "decay": 2 / s}.items():
        with pytest.raises(WiringError, match="is held at"):
            joined.replace({key: value})
    free = Model(glia=GChi(), other=pair())
    assert free.using(depitta2009.FM)["glia.k_serca"] == depitta2009.FM["k_serca"] != free["glia.k_serca"]


def test_a_wire_takes_the_place_of_no_value_that_is_held():
    upper = Model(cell=Well()).hold({"decay": 1 / s})

    class Rate(Mechanism):
        """A rate that moves."""

        rate = State(0.1, "1/s", "r: a rate")

    moving = Compartment(Rate())
    with pytest.raises(WiringError, match=r"`upper.Well.decay` is held; `moving.rate` would take its place"):
        Model(upper=upper, moving=moving, wiring=[moving.rate >> upper.cell.decay])
    with pytest.raises(WiringError, match=r"would take its place. Do not hold it"):
        GChi().hold({"ca_total": 2 * uM}).add(astrocyte=tp.mechanisms.TotalCalcium())


def test_wires_lead_into_and_out_of_joined_parts():
    first, second, alone = pair(), pair(), Well()
    cell = Compartment(Passing())
    joined = Model(
        first=first,
        second=second,
        cell=cell,
        alone=alone,
        wiring=[first.lower.level >> cell.above, second.above >> cell.above],
    )
    assert [wire[:2] for wire in joined.wiring[2:]] == [
        (("first_lower", "level"), ("cell", "above")),
        (("second_lower", "above"), ("cell", "above")),
    ]
    assert second.above.compartment is second.lower is second.compartments["lower"]
    with pytest.raises(
        UnknownNameError, match=r"several have `level`. Write `model.upper.level` or `model.lower.level`"
    ):
        _ = first.level
    with pytest.raises(
        UnknownNameError, match=r"`model\[\"upper.Well.decay\"\]`; for a wire to it write `model.upper.decay`"
    ):
        _ = first.decay
    assert {"upper", "lower", "made", "above"} <= {*dir(first)} and "level" not in dir(first)


def test_what_cannot_join_is_refused_with_a_sentence():
    first, second = pair(), pair()
    with pytest.raises(WiringError, match="`left_upper` is one of those that `left` brings, and another one"):
        Model(left_upper=Well(), left=first)
    with pytest.raises(WiringError, match="share one"):
        Model(left=first, right=first)
    with pytest.raises(WiringError, match=r"which is not in the model.*what `replace` and `using` return are others"):
        Model(a=first.replace({"decay": 1 / s}), b=second, wiring=[first.lower.level >> second.upper.made])
    with pytest.raises(WiringError, match=r"a mechanism or a model; got <class .*NestAstrocyte.*with parentheses"):
        Model(a=NestAstrocyte)  # type: ignore[arg-type]
    with pytest.raises(WiringError, match="those of its populations and projections"):
        Model(a=AstrocyteRing())  # type: ignore[arg-type]


def test_a_circle_of_inputs_through_joined_models_is_refused():
    class Relay(Mechanism):
        """Reads a level that others read too."""

        level = Input("uM", "what is read")

    def relays() -> Model:
        one, two = Compartment(Relay()), Compartment(Relay())
        return Model(one=one, two=two, wiring=[one.level >> two.level])

    a, b = relays(), relays()
    with pytest.raises(WiringError, match="closes a circle"):
        Model(a=a, b=b, wiring=[a.two.level >> b.one.level, b.two.level >> a.one.level])


def test_a_joined_model_runs_as_an_independent_program():
    first, second = pair(), pair()
    joined = Model(first=first, second=second)
    protocol = tp.protocols.Constant({"first_upper.made": 1 * uM / s, "second_upper.made": 2 * uM / s})
    protocol &= tp.Perturbation("faster", {"second_upper.decay": 3.0}, at=2 * s)
    times = np.linspace(0.1, 4, 5)
    result = tp.simulate(
        joined, protocol, until=4 * s, save_at=times * s, vary={"first_lower.gain": np.array([1.0, 3.0]) / s},
        solver=tp.Tsit5(rtol=1e-9, atol=1e-12),
    )  # fmt: skip
    for member, gain in enumerate([1.0, 3.0]):
        ends = [oracle(1, gain, 0.5, 0.5, times), oracle(2, 2.0, 0.5, 1.5, times)]
        for name, (upper, lower) in zip(("first", "second"), ends, strict=True):
            np.testing.assert_allclose(result[f"{name}_upper.level"].values[member], upper, rtol=1e-6)
            np.testing.assert_allclose(result[f"{name}_lower.level"].values[member], lower, rtol=1e-6)


def oracle(made: float, gain: float, early: float, late: float, times: np.ndarray) -> np.ndarray:
    """Both levels at ``times``, by SciPy; the decay is ``early`` up to 2 s."""

    def course(decay: float, start: np.ndarray, end: float, at: np.ndarray) -> np.ndarray:
        def rates(t: float, x: np.ndarray) -> list[float]:
            return [made - decay * x[0], gain * x[0] - 0.7 * x[0] * x[1]]

        return solve_ivp(rates, (0, end), start, "DOP853", t_eval=[*at, end], rtol=1e-11, atol=1e-13).y

    first = course(early, np.zeros(2), 2.0, times[times < 2])
    return np.hstack([first[:, :-1], course(late, first[:, -1], 2.5, times[times >= 2] - 2)[:, :-1]])


def test_drugs_find_their_targets_in_joined_parts():
    cell, drug = GChi(), tp.protocols.Cpa(at=1 * s)
    joined = Model(glia=cell, gate=GatedSynapse())
    assert drug.targets(joined) == {key.replace("astrocyte", "glia"): left for key, left in drug.targets(cell).items()}
