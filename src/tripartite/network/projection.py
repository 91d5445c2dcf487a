"""Projections: synapses from one group of cells to another, each under the astrocyte of its territory or none."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from tripartite import arguments, units
from tripartite.errors import DelayError, NetworkError, UnknownNameError, WiringError, nearest, outside, said
from tripartite.language.built import Kept
from tripartite.language.card import Card, Table
from tripartite.language.compartment import Compartment, Port, Wire
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model
from tripartite.language.paths import resolve
from tripartite.language.system import System
from tripartite.language.wiring import check_immediate
from tripartite.network.by_distance import AbstractByDistance, check_places, common_space
from tripartite.network.methods import Heun, Method
from tripartite.network.partner import Partner, named, places
from tripartite.network.population import Members, Population, mapped, members
from tripartite.network.roles import Reduced, role_of
from tripartite.network.rules import AbstractRule
from tripartite.network.values import Distance, is_drawn, numbers, tried

_OFF = 1e-6  # part of a step by which a delay may miss a multiple unsaid


class Projection(Kept):
    """Synapses from ``pre`` to ``post``, which may have partners: an astrocyte, a source of dopamine, any number.

    **Arguments** pre, post, third: populations or cells of them; synapse: the mechanism, compartment or model of one
    synapse; rule: who is connected (`tripartite.network.rules`); attach: which astrocyte ensheathes which synapse, or
    which share it (``third`` and ``attach`` are short for a partner called ``astrocyte``); partners: cells by name,
    each a `Partner`, ``(cells, attach)``, or one cell that all synapses have; delay: from the presynaptic spike to the
    synapse, one time or one for every synapse, `Uniform`/`Normal`, or by distance, `Conduction`/`ByDistance` (rounded
    to steps); wiring: between the synapse and the roles ``pre``, ``post``, ``astrocyte``, ``partner(name)`` (a spike
    of either neuron reaches the synapse without a wire; synapses without any are only recorded); values: parameters
    and starts of the synapse by path, one or one for each synapse in the order of `Network.edges`, `Uniform`/`Normal`,
    or `ByDistance`; step: how often states are advanced that follow no closed form, a multiple of the step of the
    network, which it is by default; method: how they are.

    A synapse without its partner sees zero in place of everything that comes from one.
    """

    def __init__(
        self,
        pre: Any,
        post: Any,
        third: Any = None,
        *,
        synapse: Any,
        rule: Any,
        attach: Any = None,
        partners: Mapping[str, Any] | None = None,
        delay: Any = None,
        wiring: Iterable[Wire] | Wire | None = None,
        values: Mapping[str, Any] | None = None,
        step: Any = None,
        method: Method = Heun(),
    ):
        self.pre, self.post = members(pre), members(post)
        self.model = _model(synapse)
        check_immediate(self.model.wiring, "a synapse")
        if (third is None) != (attach is None):
            raise NetworkError(
                f"Astrocytes and the rule that attaches them come together; got third={said(third)}, "
                f"attach={said(attach)}. "
                "Give both or neither."
            )
        if not isinstance(rule, AbstractRule):
            hint = "Write it with parentheses." if isinstance(rule, type) else "Give `PairwiseBernoulli(0.1)`."
            raise NetworkError(f"The `rule` of a projection is one of `network.rules`; got {said(rule)}. {hint}")
        self.rule = rule
        self.partners = {} if partners is None else named(partners)
        if third is not None:
            if "astrocyte" in self.partners:
                raise NetworkError(
                    "A partner is given once; `third` and `partners` both give an `astrocyte`. Leave one out."
                )
            self.partners = {"astrocyte": Partner(third, attach), **self.partners}
        self.sharing = places(self.partners)
        """Of each partner that shares synapses the places which a synapse has for it."""
        self.step = None if step is None else units.number(step, "ms", "step")
        if self.step is not None and self.step <= 0:
            raise NetworkError(f"The step of a projection is positive; got {said(step)}. Write `step=1 * ms`.")
        self.method = arguments.instance(method, Method, "method", "method=RungeKutta4()")
        self.delay = delay
        if delay is not None:
            tried(delay, "ms", "delay")
            if not isinstance(delay, AbstractByDistance) and not is_drawn(delay):
                _forward(units.row(delay, "ms", "delay"))
        self.wires = _wires(wiring, self.model, self.roles)
        keys = {e.key: e for e in (*self.model.system.parameters, *self.model.system.states)}
        self.values = self.model.resolved(mapped(values, "values"), keys)
        for key, value in self.values.items():
            tried(value, keys[key].unit, key, keys[key].declaration)
        if any(isinstance(value, AbstractByDistance) for value in (self.delay, *self.values.values())):
            check_places(self.pre, self.post, "What is given")
        self.space = common_space(
            self.rule, *(p.attach for p in self.partners.values()), self.delay, *self.values.values()
        )
        """The `Torus` in which distances are measured, if rules or values name one."""

    @property
    def roles(self) -> dict[str, Members]:
        """The cells in each role."""
        return {"pre": self.pre, "post": self.post, **{name: p.cells for name, p in self.partners.items()}}

    @property
    def places(self) -> dict[str, Partner]:
        """Partners as a synapse has them: one that shares synapses as often as it may have one synapse."""
        return {place: partner for name, partner in self.partners.items() for place in self.sharing.get(name, [name])}

    @property
    def stations(self) -> dict[str, Members]:
        """The cells in each role, place by place."""
        return {"pre": self.pre, "post": self.post, **{name: p.cells for name, p in self.places.items()}}

    def unheard(self) -> str:
        """What to say of synapses that act on no cell, if these are such."""
        if any(role_of(wire.target) for wire in self.wires):
            return ""
        return (
            f"Synapses act on cells through wires, or are recorded by `Synapses`; no wire leads from those of the "
            f"{self!r} to a cell and nothing of them is recorded, so that the run is as without them. Write for "
            f"instance `{_example(self.model)}`."
        )

    def __repr__(self) -> str:
        under = " and ".join(repr(partner.cells.group) for partner in self.partners.values())
        joined = f"{self.pre.group!r} to {self.post.group!r}{f' under {under}' if under else ''}"
        return f"Projection from {joined}, {self.rule!r}"

    def _repr_html_(self) -> str:
        cells = [(role, repr(m.group), m.text.removeprefix("cells ")) for role, m in self.roles.items()]
        parts = [(part.label, part.mechanism.summary()) for part in self.model.system.parts]
        rules = [("rule", repr(self.rule))]
        rules += [
            (f"attach {name}", repr(p.attach) if p.attach else "all synapses") for name, p in self.partners.items()
        ]
        rules += [("delay", "" if self.delay is None else str(self.delay)), ("values", ", ".join(self.values))]
        tables = [
            Table("Cells", ("role", "population", "cells"), cells),
            Table("Synapse", ("mechanism", ""), parts),
            Table("Connections", ("", ""), [row for row in rules if row[1]]),
        ]
        return Card("Projection", "", tables).html()


def steps_of(delay: Any, step: float, count: int, random: np.random.Generator, distance: Distance = None) -> np.ndarray:
    """Delays of ``count`` synapses in whole steps: shape () if they are all the same."""
    if delay is None:
        return np.array(0, dtype=np.int64)
    found = np.asarray(numbers(delay, "ms", count, "delay", random, distance))
    if found.shape not in ((), (count,)):
        raise DelayError(f"A projection has one delay, or one for each of its {count} synapses; got {found.shape}.")
    _forward(found)
    if found.size and np.any((found > 0) & (found < step * (1 - 1e-9))):
        shortest = found[found > 0].min()
        raise DelayError(
            f"A delay is none at all, or at least one step; got {shortest:g} ms with steps of {step:g} ms. "
            "Lengthen the delay or shorten the step of the network."
        )
    steps = np.rint(found / step)
    # Drawn and listed delays are rounded, as their documentation says; one number is meant as it stands.
    if not found.ndim and abs(found - steps * step) > _OFF * step:
        warnings.warn(
            f"A delay is a whole number of steps; {found:g} ms with steps of {step:g} ms becomes {steps * step:g} ms, "
            f"{abs(found - steps * step):.3g} ms {'more' if steps * step > found else 'less'}. Give a multiple, or "
            "another step of the network.",
            stacklevel=outside(),
        )
    return steps.astype(np.int64)


def _forward(delays: np.ndarray) -> None:
    if delays.size and delays.min() < 0:
        raise DelayError(f"Delays are not negative; got {delays.min():g} ms. Correct the sign.")


def _model(synapse: Any) -> Model:
    if isinstance(synapse, Model):
        return synapse
    if isinstance(synapse, Compartment | Mechanism):
        return Model(synapse=synapse)
    hint = "Write it with parentheses." if isinstance(synapse, type) else "Build one of them."
    raise NetworkError(f"The synapse is a mechanism, compartment or model; got {said(synapse)}. {hint}")


def _example(model: Model) -> str:
    sent = next((e.key.rsplit(".", 1)[-1] for e in model.system.emissions), "conductance")
    return f"wiring=[synapse.{sent} >> post.excitation]"


def _wires(wiring: Iterable[Wire] | Wire | None, model: Model, roles: Mapping[str, Members]) -> list[Wire]:
    if wiring is None:
        return []
    wires = arguments.several(wiring, Wire, "wiring", "wiring=[synapse.conductance >> post.excitation]")
    held = {id(c): name for name, c in model.compartments.items()}
    if not wires:
        raise WiringError(
            f"Synapses act on cells through wires; got an empty list. Write for instance `{_example(model)}`, or leave "
            "`wiring` out for synapses that are only recorded."
        )
    for wire in wires:
        if wire.delay is not None:
            raise WiringError(
                f"Wires of a projection take no time; that to `{wire.target.name}` has a delay. A projection has one "
                "from spike to synapse, `Projection(..., delay=2 * ms)`, and so has a `Partner`."
            )
        for end in (wire.source, wire.target):
            if role := role_of(end):
                if role not in roles:
                    missing = "Give `third` and `attach`." if role == "astrocyte" else f"{nearest(role, roles)}"
                    raise WiringError(
                        f"`{role}.{end.name}` is wired, but the projection has no partner `{role}`. {missing}"
                    )
            elif id(end.compartment) not in held:
                raise WiringError(
                    f"A wire joins the synapse and its partners; `{end.name}` belongs to "
                    f"{said(end.compartment)}, which "
                    "is not the synapse given. Give the projection the very compartment that you wired."
                )
            if role and isinstance(cells := roles[role].group, Population):
                role_key(end, cells.model.system, role)
    return wires


def end_key(end: Port | Reduced, model: Model) -> str:
    """The key of a synaptic quantity that a wire names."""
    place = next(name for name, c in model.compartments.items() if c is end.compartment)
    return f"{place}.{end.name}"


def role_key(end: Port | Reduced, system: System, role: str) -> str:
    """The key of a quantity of the cell in a role."""
    keys = [e.key for e in (*system.states, *system.outputs, *system.drives, *system.emissions)]
    keys += [event.key for event in system.events if event.crossing_of is None]
    try:
        return resolve(end.name, keys, f"The cells in the role `{role}` have no")
    except UnknownNameError as reason:
        raise WiringError(f"{reason} It was wired as `{role}.{end.name}`.") from None
