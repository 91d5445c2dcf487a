"""Second reading: SymPy expressions, for Jacobians, closed forms, identifiability and, in `typeset`, formulas.

Every quantity becomes a real symbol named as its paper names it (``Omega_C``); where two quantities of a
model share that name, a part of their keys is added. Values are internal: times in ms, rates in 1/ms.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy

from tripartite.language import functions
from tripartite.language.compartment import Compartment
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model, as_model
from tripartite.language.system import System

TIME = sympy.Symbol("t", real=True)
"""Time since the last event, in ms."""

Source = System | Model | Compartment | Mechanism


def _where(condition: Any, yes: Any, no: Any) -> sympy.Expr:
    return sympy.Piecewise((yes, condition), (no, True))


functions.teach(
    lambda kind: issubclass(kind, sympy.Basic),
    {
        "exp": sympy.exp,
        "log": sympy.log,
        "sqrt": sympy.sqrt,
        "tanh": sympy.tanh,
        "absolute": sympy.Abs,
        "where": _where,
        # As papers print it; SymPy takes the limit at zero where it is asked for.
        "linoid": lambda x: x / (1 - sympy.exp(-x)),
    },
)


def symbols(source: Source) -> dict[str, sympy.Symbol]:
    """The symbol of every state, parameter and driven input, by key."""
    system = _system(source)
    entries = {entry.key: entry.declaration.symbol for entry in (*system.states, *system.constants)}
    return {key: sympy.Symbol(name, real=True) for key, name in distinct(entries).items()}


def starts(source: Source) -> dict[str, sympy.Symbol]:
    """The symbol of every state's value at time 0 of a closed form, by key."""
    system = _system(source)
    known = symbols(system)
    return {entry.key: sympy.Symbol(f"{known[entry.key].name}^0", real=True) for entry in system.states}


def rates(source: Source) -> dict[str, sympy.Expr]:
    """Time derivative of every state by key, outputs written out; per ms."""
    system = _system(source)
    found = system.rates(system.values(*_packed(system)))
    return {entry.key: sympy.sympify(rate) for entry, rate in zip(system.states, found, strict=True)}


def jacobian(source: Source) -> sympy.Matrix:
    """Derivatives of the rates (row) by the states (column), in packed order; per ms."""
    system = _system(source)
    states, _ = _packed(system)
    # The slope of a power at zero is undefined, also where a choice leaves that branch aside.
    slopes = [r.diff(x).subs(sympy.zoo, sympy.nan) for r in rates(system).values() for x in states]
    return sympy.Matrix(len(states), len(states), slopes)


def closed_form(source: Source) -> dict[str, sympy.Expr]:
    """States as functions of `TIME` since the last event and of their `starts`, where that is possible.

    Possible for a state whose rate is linear with constant coefficients in itself and in states before it
    in a chain, given constant parameters and driven inputs; the others, and loops of states, are left out.

    **Holds for** decay rates that differ along a chain and are not zero; take the limit where they are.
    """
    system = _system(source)
    known, start, rate = symbols(system), starts(system), rates(system)
    noisy = {position for position, _ in system.noises(system.values(*_packed(system)))}
    states = {known[entry.key]: entry.key for entry in system.states}
    quiet = {known[entry.key]: entry.key for i, entry in enumerate(system.states) if i not in noisy}
    solved: dict[str, _Course] = {}
    while True:
        news = {}
        for x, key in quiet.items():
            others: set[Any] = rate[key].free_symbols & states.keys() - {x}
            if key not in solved and all(states[other] in solved for other in others):
                courses = {other: solved[states[other]] for other in others}
                course = _solve(rate[key], x, start[key], courses)
                if course is not None:
                    news[key] = course
        if not news:
            break
        solved |= news
    return {key: _expression(solved[key]) for key in states.values() if key in solved}


def _system(source: Source) -> System:
    return source if isinstance(source, System) else as_model(source).system


def _packed(system: System) -> tuple[list[sympy.Symbol], list[sympy.Symbol]]:
    known = symbols(system)
    return [known[entry.key] for entry in system.states], [known[entry.key] for entry in system.constants]


def distinct(wanted: Mapping[str, str]) -> dict[str, str]:
    """Names by key; where several keys want one name, the words before a key's last are added to it."""
    shared = [name for name in wanted.values()]
    found: dict[str, str] = {}
    for key, name in wanted.items():
        *words, last = key.split(".")
        if shared.count(name) > 1 or name == TIME.name:
            name = "_".join([name, *words]) if words else last
        while name in found.values() or name == TIME.name:
            name = f"{name}_{last}"
        found[key] = name
    return found


_Course = dict[tuple[sympy.Expr, int], sympy.Expr]
"""A sum of c t^p exp(r t): the coefficient c by (r, p)."""


def _solve(rate: sympy.Expr, x: sympy.Symbol, start: sympy.Symbol, courses: Mapping[Any, _Course]) -> _Course | None:
    """The course of x' = rate, linear in x and in states of known course; none if it is not linear."""
    moving = [x, *courses]
    choices: list[Any] = [choice for piece in rate.atoms(sympy.Piecewise) for choice in piece.args]
    if any(choice[1].free_symbols & set(moving) for choice in choices):  # of which no slope tells
        return None
    slopes = [sympy.expand(rate.diff(v)) for v in moving]
    if any(slope.free_symbols & set(moving) for slope in slopes):
        return None
    own, *others = slopes
    forcing: _Course = {(sympy.S.Zero, 0): _simpler(rate.subs(dict.fromkeys(moving, 0)))}
    for slope, course in zip(others, courses.values(), strict=True):
        for term, c in course.items():
            forcing[term] = forcing.get(term, sympy.S.Zero) + slope * c
    found: _Course = {}
    for (r, p), c in forcing.items():
        for term, part in (_response(own, r, p) if c != 0 else {}).items():
            found[term] = found.get(term, sympy.S.Zero) + c * part
    at_zero = sum(c for (_, p), c in found.items() if p == 0)
    found[own, 0] = found.get((own, 0), sympy.S.Zero) + start - at_zero
    return {term: simpler for term, c in found.items() if (simpler := _simpler(c)) != 0}


def _response(own: sympy.Expr, r: sympy.Expr, p: int) -> _Course:
    """A particular solution of x' = own x + t^p exp(r t)."""
    apart = _simpler(r - own)
    if apart == 0:
        return {(own, p + 1): sympy.Rational(1, p + 1)}
    found: _Course = {(r, p): 1 / apart}
    for power in range(p - 1, -1, -1):
        found[r, power] = -(power + 1) * found[r, power + 1] / apart
    return found


def _simpler(expression: sympy.Expr) -> sympy.Expr:
    """Simplified, with every choice as one symbol: looking into choices within choices takes SymPy half a minute."""
    choices = {piece: sympy.Dummy(real=True) for piece in sympy.ordered(expression.atoms(sympy.Piecewise))}
    found: Any = sympy.simplify(expression.xreplace(choices))
    return found.xreplace({symbol: piece for piece, symbol in choices.items()})


def _expression(course: _Course) -> sympy.Expr:
    return sympy.Add(*(c * TIME**p * sympy.exp(r * TIME) for (r, p), c in course.items()))
