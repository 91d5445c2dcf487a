"""Quantities written as text: one number and one unit, read by a grammar of their own and never evaluated.

A number is ASCII digits with at most one decimal point and one exponent. A unit is names joined by ``*`` or ``/``
(``·`` is read as ``*``), with whole or decimal powers (``**``, ``^`` or superscripts) and parentheses; ``1/s`` and
``/s`` are the same. The typographic minus sign (U+2212) is a minus, and both letters µ are micro.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"\s*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_TOKEN = re.compile(r"\s*(?:(\*\*|\^)\s*([+-]?[0-9]{1,2}(?:\.[0-9]{1,3})?)|([*/()])|([^\W\d_]\w*|%)|(1)(?![\w.]))")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_LONGEST, _HIGHEST = 200, 24

Powers = dict[str, float]
"""Exponents by name of a unit."""


def quantity(text: str) -> tuple[float, str]:
    """Number and unit of ``text``, the unit as text; **raises** `ValueError` that says what is wrong."""
    plain = text.replace("\N{MINUS SIGN}", "-")
    found = _NUMBER.match(plain)
    if not found:
        raise ValueError("it does not begin with a number")
    rest = plain[found.end() :].strip()
    if rest.startswith(","):
        raise ValueError("decimals follow a point, not a comma")
    if rest.startswith((".", "'", "_", "\N{RIGHT SINGLE QUOTATION MARK}")):
        raise ValueError(f"{plain[found.start() :].strip().split()[0]!r} is not one number")
    if rest.startswith("*") and not rest.startswith("**"):
        rest = rest[1:].strip()
        if not rest:
            raise ValueError("a unit is missing after `*`")
    if rest and not re.search(r"[^\W\d_]|%", rest):
        raise ValueError(f"{rest!r} is no unit")
    powers(rest)
    number = float(found[1])
    return (int(found[1]) if re.fullmatch(r"[+-]?[0-9]{1,15}", found[1]) else number), rest


def powers(text: str) -> Powers:
    """The names in a unit and their powers; **raises** `ValueError` for what is no unit."""
    if len(text) > _LONGEST:
        raise ValueError(f"a unit has at most {_LONGEST} characters")
    plain = text.replace("·", "*").replace("⋅", "*").replace("\N{MINUS SIGN}", "-")
    plain = plain.replace("\N{GREEK SMALL LETTER MU}", "\N{MICRO SIGN}")
    plain = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+", lambda run: f"**{run[0].translate(_RAISED)}", plain)
    if plain.strip() in ("", "1", "dimensionless"):
        return {}
    reader = _Reader(f"1{plain.strip()}" if plain.strip().startswith("/") else plain)
    found = reader.product()
    if reader.rest():
        raise ValueError(f"{reader.rest()!r} does not belong to a unit")
    if any(abs(power) > _HIGHEST for power in found.values()):
        raise ValueError(f"powers go up to {_HIGHEST}")
    return {name: power for name, power in found.items() if power}


class _Reader:
    """Reads a unit from left to right."""

    def __init__(self, text: str):
        self.text, self.place = text, 0

    def rest(self) -> str:
        return self.text[self.place :].strip()

    def product(self) -> Powers:
        found = self.factor()
        while True:
            sign = self._take(3, "*/")
            if sign is None:
                return found
            for name, power in self.factor().items():
                found[name] = found.get(name, 0) + (power if sign == "*" else -power)

    def factor(self) -> Powers:
        if self._take(3, "(") is not None:
            found = self.product()
            if self._take(3, ")") is None:
                raise ValueError("a parenthesis is not closed")
        elif (name := self._take(4)) is not None:
            found = {name: 1.0}
        elif self._take(5) is not None:
            return {}
        else:
            raise ValueError(f"{self.rest()!r} is no unit")
        power = self._take(2)
        return found if power is None else {name: old * float(power) for name, old in found.items()}

    def _take(self, group: int, among: str | None = None) -> str | None:
        """The next token if it is of a group of the pattern, and one of those characters."""
        found = _TOKEN.match(self.text, self.place)
        token = found and found[group]
        if not found or token is None or (among is not None and token not in among):
            return None
        self.place = found.end()
        return token
