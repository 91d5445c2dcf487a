"""Formulas of a mechanism as a paper prints them: LaTeX for pages, Unicode for a terminal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sympy
import sympy.physics.units  # the printer loads it, which must not happen while nothing is evaluated
from sympy.printing.latex import LatexPrinter, greek_letters_set, tex_greek_dictionary
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.pretty_symbology import greek_unicode
from sympy.printing.pretty.stringpict import prettyForm

from tripartite.interpret.symbols import distinct
from tripartite.language.declarations import Input
from tripartite.language.events import Add
from tripartite.language.mechanism import Mechanism
from tripartite.language.transitions import Transition

_OCCASIONS = {
    "rates": "Between events:",
    "noise": "Noise:",
    "outputs": "At every instant:",
    "transitions": "Random transitions:",
    "crossing": "A crossing, when this rises through zero:",
    "on_crossing": "At the crossing:",
    "on_spike": "At a presynaptic spike:",
    "on_postspike": "At a postsynaptic spike:",
}
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def occasion(equation: str) -> str:
    """When an equation holds, in words."""
    return _OCCASIONS.get(equation, f"At an event `{equation.removeprefix('on_')}`:")


@dataclass(frozen=True)
class Formula:
    """What an equation of a mechanism gives for one name; without a symbol, the threshold of a crossing."""

    equation: str
    name: str
    symbol: sympy.Symbol | None
    value: Any
    adds: bool
    """Whether the value is added to what others give."""


def latex(mechanism: Mechanism | type[Mechanism]) -> dict[str, dict[str, str]]:
    """LaTeX of a mechanism: for every equation (``"rates"``, ``"on_spike"``...) a line by name.

    Terms keep the order in which the mechanism writes them; intermediate names are written out. What adds to what
    others give is written with +=, an event's new value with an arrow, a transition with the new values and how often
    it happens.
    """
    return _typeset(mechanism, tex, _in_latex)


def unicode(mechanism: Mechanism | type[Mechanism], width: int = 100) -> dict[str, dict[str, str]]:
    """The same for a terminal of ``width`` columns: blocks of text with fraction bars and Greek letters."""
    return _typeset(mechanism, plain, lambda formula, values, shown: _in_unicode(formula, values, shown, width))


_Writer = Callable[[Formula, Mapping[str, Any], Mapping[sympy.Symbol, str]], str]


def _typeset(
    mechanism: Mechanism | type[Mechanism], letters: Callable[[str], str], write: _Writer
) -> dict[str, dict[str, str]]:
    cls = mechanism if isinstance(mechanism, type) else type(mechanism)
    names = distinct({name: item.symbol for name, item in cls.declarations.items()})
    values = {name: sympy.Symbol(text, real=True) for name, text in names.items()}
    shown = {values[name]: letters(text) for name, text in names.items()}
    found: dict[str, dict[str, str]] = {}
    for formula in _formulas(cls, values):
        with sympy.evaluate(False):
            found.setdefault(formula.equation, {})[formula.name] = write(formula, values, shown)
    return found


def _formulas(cls: type[Mechanism], values: Mapping[str, Any]) -> Iterator[Formula]:
    q = cls.quantities(cls, values)  # type: ignore[arg-type]
    events = [f"on_{event}" for event in cls.events()]
    for equation in ("rates", "noise", "outputs", "transitions", "crossing", *events, "on_crossing"):
        function = cls.equation(equation)
        if function is not None:
            with sympy.evaluate(False):
                answer = function(q)
            for name, value in (answer if isinstance(answer, dict) else {equation: answer}).items():
                adds = isinstance(value, Add) or name in cls.declared(Input)
                amount = value.amount if isinstance(value, Add) else value
                yield Formula(equation, name, values.get(name), amount, adds)


def _changes(transition: Transition, values: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """New values by name, and how often they come."""
    new = {name: _tidy(sympy.sympify(values[name] + change)) for name, change in transition.change.items()}
    return new, _tidy(sympy.sympify(transition.hazard))


def _in_latex(formula: Formula, values: Mapping[str, Any], shown: Mapping[sympy.Symbol, str]) -> str:
    def written(value: Any) -> str:
        return _Latex({"order": "none", "symbol_names": dict(shown)}).doprint(value)

    if isinstance(formula.value, Transition):
        new, hazard = _changes(formula.value, values)
        jumps = [rf"{shown[values[n]]} \leftarrow {written(v)}" for n, v in new.items()]
        return rf"{', '.join(jumps)} \quad\text{{at}}\quad {written(hazard)}"
    right = written(_tidy(sympy.sympify(formula.value)))
    if formula.symbol is None:
        return rf"{right} \nearrow 0"
    left = shown[formula.symbol]
    if formula.equation.startswith("on_"):
        sign = r"\mathrel{+}=" if formula.adds else r"\leftarrow"
        return f"{left} {sign} {right}"
    if formula.equation == "outputs":
        return f"{left} = {right}"
    if formula.equation == "noise":
        return rf"\mathrm{{d}} {left} \mathrel{{+}}= {right} \, \mathrm{{d}} W_{{{left}}}"
    sign = r"\mathrel{+}=" if formula.adds else "="
    return rf"\frac{{\mathrm{{d}} {left}}}{{\mathrm{{d}} t}} {sign} {right}"


def _in_unicode(formula: Formula, values: Mapping[str, Any], shown: Mapping[sympy.Symbol, str], width: int) -> str:
    def written(left: str, value: Any, tail: str = "") -> str:
        return _terms(left, value, tail, width)

    if isinstance(formula.value, Transition):
        new, hazard = _changes(formula.value, values)
        jumps = [written(f"{shown[values[n]]} ← ", v) for n, v in new.items()]
        return "\n".join([*jumps, written("at  ", hazard)])
    value = _tidy(sympy.sympify(formula.value))
    if formula.symbol is None:
        return written("", value, " ↗ 0")
    left = shown[formula.symbol]
    if formula.equation.startswith("on_"):
        return written(f"{left} {'+=' if formula.adds else '←'} ", value)
    if formula.equation == "outputs":
        return written(f"{left} = ", value)
    if formula.equation == "noise":
        return written(f"d{left} += ", value, f" dW({left})")
    return written(f"d{left}/dt {'+=' if formula.adds else '='} ", value)


def _terms(left: str, value: Any, tail: str, width: int) -> str:
    """A formula in a block of text; where it is too wide, each of its terms has a block of its own."""
    block = _block(left, value, tail)
    if not isinstance(value, sympy.Add) or _width_of(block) <= width:
        return block
    first, *others = value.args
    blocks = [_block(left, first, "")]
    for term in others:
        minus = term.could_extract_minus_sign()
        sign = " - " if minus else " + "
        blocks.append(_block(" " * max(len(left) - 3, 0) + sign, _tidy(-term) if minus else term, ""))
    return "\n".join(blocks) + tail


def _block(left: str, value: Any, tail: str) -> str:
    with sympy.evaluate(True):  # or a denominator gets the exponent 1
        form: Any = _Unicode({"order": "none", "use_unicode": True, "wrap_line": False})._print(value)
    form = type(form)(*form.left(left)) if left else form
    form = type(form)(*form.right(tail)) if tail else form
    return "\n".join(line.rstrip() for line in str(form.render(wrap_line=False)).splitlines())


def _width_of(block: str) -> int:
    return max(map(len, block.splitlines()), default=0)


class _Latex(LatexPrinter):
    """SymPy's printer, which cannot write a power of a choice by itself."""

    def _print_Piecewise(self, expr: Any, exp: str | None = None) -> str:
        written = super()._print_Piecewise(expr)
        return written if exp is None else rf"\left({written}\right)^{{{exp}}}"


class _Unicode(PrettyPrinter):
    """SymPy's printer for text, with subscripts that can be read."""

    def _print_Symbol(self, e: Any, bold_name: bool = False) -> Any:
        return prettyForm(plain(e.name))


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


def plain(name: str) -> str:
    """A symbol's name for a terminal: Greek letters, digits as subscripts, words after an underscore."""
    head, *tail = (str(greek_unicode.get(word, word)) for word in name.split("_"))
    if len(tail) == 1 and tail[0].isdecimal():
        return head + tail[0].translate(_SUBSCRIPTS)
    return "_".join([head, ",".join(tail)]) if tail else head


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
