"""Second reading: SymPy expressions, for LaTeX, Jacobians, closed forms and identifiability.

Every quantity becomes a real symbol named as its paper names it (``Omega_C``); where two quantities of a
model share that name, a part of their keys is added. Values are internal: times in ms, rates in 1/ms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sympy
from sympy.printing.latex import LatexPrinter, greek_letters_set, tex_greek_dictionary

from tripartite.language import functions
from tripartite.language.compartment import Compartment
from tripartite.language.declarations import State
from tripartite.language.mechanism import Mechanism
from tripartite.language.model import Model, as_model
from tripartite.language.system import System
from tripartite.language.transitions import Transition

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
    return {key: sympy.Symbol(name, real=True) for key, name in _distinct(entries).items()}


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


def latex(mechanism: Mechanism | type[Mechanism]) -> dict[str, dict[str, str]]:
    """LaTeX of a mechanism: for every equation (``"rates"``, ``"on_spike"``...) a line by name.

    Terms keep the order in which the mechanism writes them; intermediate names are written out. A rate that
    adds to an input is written with +=, an event's new value with an arrow, a transition with the new values
    and how often it happens.
    """
    cls = mechanism if isinstance(mechanism, type) else type(mechanism)
    names = _distinct({name: item.symbol for name, item in cls.declarations.items()})
    values = {name: sympy.Symbol(text, real=True) for name, text in names.items()}
    shown = {values[name]: tex(text) for name, text in names.items()}
    q = cls.quantities(cls, values)  # type: ignore[arg-type]
    found: dict[str, dict[str, str]] = {}
    for equation in (
        "rates",
        "noise",
        "outputs",
        "transitions",
        "crossing",
        *(f"on_{e}" for e in cls.events()),
        "on_crossing",
    ):
        function = cls.equation(equation)
        if function is not None:
            with sympy.evaluate(False):
                answer = function(q)
            lines = answer if isinstance(answer, dict) else {equation: answer}
            if equation == "transitions":
                found[equation] = {n: _transition(t, values, shown) for n, t in lines.items()}
                continue
            found[equation] = {n: _line(cls, equation, n, values.get(n), v, shown) for n, v in lines.items()}
    return found


def _system(source: Source) -> System:
    return source if isinstance(source, System) else as_model(source).system


def _packed(system: System) -> tuple[list[sympy.Symbol], list[sympy.Symbol]]:
    known = symbols(system)
    return [known[entry.key] for entry in system.states], [known[entry.key] for entry in system.constants]


def _distinct(wanted: Mapping[str, str]) -> dict[str, str]:
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
    slopes = [sympy.expand(rate.diff(v)) for v in moving]
    if any(slope.free_symbols & set(moving) for slope in slopes):
        return None
    own, *others = slopes
    forcing: _Course = {(sympy.S.Zero, 0): sympy.simplify(rate.subs(dict.fromkeys(moving, 0)))}
    for slope, course in zip(others, courses.values(), strict=True):
        for term, c in course.items():
            forcing[term] = forcing.get(term, sympy.S.Zero) + slope * c
    found: _Course = {}
    for (r, p), c in forcing.items():
        for term, part in (_response(own, r, p) if c != 0 else {}).items():
            found[term] = found.get(term, sympy.S.Zero) + c * part
    at_zero = sum(c for (_, p), c in found.items() if p == 0)
    found[own, 0] = found.get((own, 0), sympy.S.Zero) + start - at_zero
    return {term: simpler for term, c in found.items() if (simpler := sympy.simplify(c)) != 0}


def _response(own: sympy.Expr, r: sympy.Expr, p: int) -> _Course:
    """A particular solution of x' = own x + t^p exp(r t)."""
    apart = sympy.simplify(r - own)
    if apart == 0:
        return {(own, p + 1): sympy.Rational(1, p + 1)}
    found: _Course = {(r, p): 1 / apart}
    for power in range(p - 1, -1, -1):
        found[r, power] = -(power + 1) * found[r, power + 1] / apart
    return found


def _expression(course: _Course) -> sympy.Expr:
    return sympy.Add(*(c * TIME**p * sympy.exp(r * TIME) for (r, p), c in course.items()))


def _line(
    cls: type[Mechanism],
    equation: str,
    name: str,
    symbol: sympy.Symbol | None,
    value: Any,
    shown: Mapping[sympy.Symbol, str],
) -> str:
    """One equation for ``symbol``; a crossing has none."""
    with sympy.evaluate(False):
        formula = _written(_tidy(sympy.sympify(value)), shown)
    if symbol is None:
        return rf"{formula} \nearrow 0"
    left = shown[symbol]
    if equation.startswith("on_"):
        return rf"{left} \leftarrow {formula}"
    if equation == "outputs":
        return f"{left} = {formula}"
    if equation == "noise":
        return rf"\mathrm{{d}} {left} \mathrel{{+}}= {formula} \, \mathrm{{d}} W_{{{left}}}"
    sign = "=" if name in cls.declared(State) else r"\mathrel{+}="
    return rf"\frac{{\mathrm{{d}} {left}}}{{\mathrm{{d}} t}} {sign} {formula}"


def _transition(transition: Transition, values: Mapping[str, Any], shown: Mapping[sympy.Symbol, str]) -> str:
    """What a transition changes, and how often it happens."""
    with sympy.evaluate(False):
        new = {name: _tidy(sympy.sympify(values[name] + change)) for name, change in transition.change.items()}
        hazard = _tidy(sympy.sympify(transition.hazard))
    jumps = [rf"{shown[values[n]]} \leftarrow {_written(v, shown)}" for n, v in new.items()]
    return rf"{', '.join(jumps)} \quad\text{{at}}\quad {_written(hazard, shown)}"


def _written(formula: Any, shown: Mapping[sympy.Symbol, str]) -> str:
    with sympy.evaluate(False):
        return _Printer({"order": "none", "symbol_names": dict(shown)}).doprint(formula)


class _Printer(LatexPrinter):
    """SymPy's printer, which cannot write a power of a choice by itself."""

    def _print_Piecewise(self, expr: Any, exp: str | None = None) -> str:
        written = super()._print_Piecewise(expr)
        return written if exp is None else rf"\left({written}\right)^{{{exp}}}"


def _tidy(part: Any) -> Any:
    """The same unevaluated expression without needless brackets: flat sums, signs before products."""
    if not part.args:
        return part
    args = [_tidy(arg) for arg in part.args]
    if isinstance(part, sympy.Add):
        args = [term for arg in args for term in (arg.args if isinstance(arg, sympy.Add) else (arg,))]
    if isinstance(part, sympy.Mul) and 0 in args:
        return sympy.S.Zero
    if isinstance(part, sympy.Mul) and isinstance(args[0], sympy.Mul) and args[0].args[0] == -1:
        return sympy.Mul(-1, sympy.Mul(*args[0].args[1:], *args[1:]))
    return part.func(*args)


def tex(name: str) -> str:
    """LaTeX of a symbol's name: Greek letters, subscripts, words upright."""
    head, *tail = (_word(word) for word in name.split("_"))
    return head + (f"_{{{','.join(tail)}}}" if tail else "")


def _word(word: str) -> str:
    if word in tex_greek_dictionary:
        return tex_greek_dictionary[word]
    if word.lower() in greek_letters_set:
        return f"\\{word}"
    return rf"\mathrm{{{word}}}" if re.fullmatch(r"\w{2,}", word) else word
