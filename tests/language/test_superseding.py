"""A parameter becomes dynamic when a state, an output or a wire takes its place."""

import re

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import DimensionError, UnknownNameError, WiringError
from tripartite.language import Compartment, Input, Mechanism, Model, Output, Parameter, State
from tripartite.units import s


class Decay(Mechanism):
    """A quantity that decays."""

    amount = State(1.0, "uM", "amount")
    rate = Parameter(2.0, "1/s", "rate of decay", "assumed: a test", low=0)

    def rates(q):
        return {"amount": -q.rate * q.amount}


class Ageing(Mechanism):
    """A rate that falls as time passes."""

    rate = State(2.0, "1/s", "rate of decay", supersedes=True)

    def rates(q):
        return {"rate": -(q.rate**2) / 4}


class Cooling(Mechanism):
    """A rate that follows a temperature factor."""

    rate = Output("1/s", "rate of decay", supersedes=True)
    factor = Input("1", "temperature factor")
    basal = Parameter(2.0, "1/s", "rate at the reference temperature", "assumed: a test", low=0)

    def outputs(q):
        return {"rate": q.basal * q.factor}


class Namesake(Mechanism):
    """Something else that is called a rate."""

    rate = State(5.0, "1/s", "rate of something else")

    def rates(q):
        return {"rate": 0 * q.rate**2}


def amount(model: Model | Compartment, *protocol: tp.Protocol) -> float:
    run = tp.simulate(model, *protocol, until=1 * s, solver=tp.Tsit5(1e-11, 1e-13), save_at=[1] * s)
    return float(run["amount"][0])


def test_a_state_takes_the_place_of_a_parameter() -> None:
    together = Model(cell=Compartment(Decay(), Ageing()))
    # dr/dt = -r^2 / 4 from 2 / s: r = 2 / (1 + t / 2), whose integral over 1 s is 4 log(3/2).
    assert amount(together) == pytest.approx(np.exp(-4 * np.log(1.5)), rel=1e-9)
    assert [e.key for e in together.system.parameters] == []
    assert together["rate"] == 2 / s


def test_the_order_of_mechanisms_does_not_matter() -> None:
    assert amount(Compartment(Ageing(), Decay())) == pytest.approx(amount(Compartment(Decay(), Ageing())), rel=1e-12)


def test_an_output_takes_the_place_of_a_parameter() -> None:
    cold = tp.protocols.Constant(factor=0.5)
    assert amount(Compartment(Decay(), Cooling()), cold) == pytest.approx(np.exp(-1), rel=1e-9)


def test_a_wire_takes_the_place_of_a_parameter() -> None:
    cell, room = Compartment(Decay()), Compartment(Cooling(basal=4 / s))
    model = Model(cell=cell, room=room, wiring=[room.rate >> cell.rate])
    assert amount(model, tp.protocols.Constant(factor=0.5)) == pytest.approx(np.exp(-2), rel=1e-9)


def test_a_namesake_leaves_the_parameter_alone() -> None:
    assert amount(Compartment(Decay(), Namesake())) == pytest.approx(np.exp(-2), rel=1e-9)


def test_what_takes_the_place_of_a_parameter_has_its_dimension() -> None:
    class Wrong(Mechanism):
        """A rate in the wrong unit."""

        rate = State(1.0, "uM", "rate", supersedes=True)

        def rates(q):
            return {"rate": 0}

    with pytest.raises(DimensionError, match=r"takes the place.*`rate` of `Decay` is in 1/s"):
        Compartment(Decay(), Wrong())


def test_wires_to_parameters_are_checked() -> None:
    cell, room = Compartment(Decay()), Compartment(Cooling())
    with pytest.raises(WiringError, match=r"`room.basal` is a parameter. Set `cell.rate`"):
        Model(cell=cell, room=room, wiring=[room.basal >> cell.rate])
    with pytest.raises(WiringError, match=r"`cell.amount` is already given by `Decay`"):
        Model(cell=cell, room=room, wiring=[room.rate >> cell.amount])
    with pytest.raises(DimensionError, match=r"A wire joins equal dimensions"):
        Model(cell=cell, room=room, wiring=[cell.amount >> room.basal])
    with pytest.raises(UnknownNameError, match="has no `rat`"):
        cell.rat  # noqa: B018


def test_a_path_to_a_parameter_whose_place_is_taken_says_what_can_be_changed_instead() -> None:
    cooled, ageing = Model(cell=Compartment(Decay(), Cooling())), Model(cell=Compartment(Decay(), Ageing()))
    instead = "`cell.Decay.rate` is no parameter here: `cell.rate`, which `cell.{}` gives, takes its place. Change {}."
    with pytest.raises(UnknownNameError, match=re.escape(instead.format("Cooling", "`cell.Cooling.basal`"))):
        cooled.replace({"rate": 1 / s})
    with pytest.raises(UnknownNameError, match=re.escape(instead.format("Ageing", "what `cell.Ageing` depends on"))):
        tp.simulate(ageing, tp.Perturbation("stop", {"Decay.rate": 0.0}, at=0 * s), until=1 * s)
    with pytest.raises(UnknownNameError, match=r"The model has no parameter `rates`"):
        cooled.replace({"rates": 1 / s})
    assert cooled.superseded == {"cell.Decay.rate": "cell.rate"}
    assert cooled.replace({"basal": 1 / s}).superseded == cooled.superseded
