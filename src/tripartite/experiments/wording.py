"""What a statement expects, what a run measured, and what was found, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tripartite.experiments.base import AMBIGUOUS, FAIL, PASS


def expected(claim: dict[str, Any]) -> str:
    """What a claim or check expects, in words."""
    value, unit = claim["expected"], "" if claim["unit"] == "1" else f" {claim['unit']}"
    if value is True:
        return "holds"
    tolerance = f" ± {100 * claim['tolerance']:g} %" if claim["tolerance"] else ""
    if not isinstance(value, list | tuple):
        return f"{value:g}{unit}{tolerance}"
    low, high = (None if bound is None or math.isinf(bound) else bound for bound in value)
    if low is None or high is None:
        return f"at least {low:g}{unit}{tolerance}" if high is None else f"at most {high:g}{unit}{tolerance}"
    return f"{low:g} to {high:g}{unit}{tolerance}"


def measured(claim: dict[str, Any]) -> str:
    """What a run measured, in words."""
    value, unit = claim["measured"], "" if claim["unit"] == "1" else f" {claim['unit']}"
    if value is None:
        return "not determined"
    if isinstance(value, bool):
        return "holds" if value else "does not hold"
    return f"{value:.5g}{unit}{_interval(claim, unit)}"


def _interval(claim: dict[str, Any], unit: str) -> str:
    """Between what the measured number lies, and what that means for the verdict."""
    if claim["interval"] is None:
        return ""
    low, high = claim["interval"]
    if low is None and high is None:
        reach = "anything"
    elif low is None or high is None:
        reach = f"{high:.5g}{unit} or less" if low is None else f"{low:.5g}{unit} or more"
    else:
        reach = f"{low:.5g} to {high:.5g}{unit}"
    partly = ", partly outside what is expected" if claim["verdict"] == AMBIGUOUS else ""
    return f" (may be {reach}{partly})"


def counted(statements: Sequence[dict[str, Any]]) -> str:
    """How many hold, fail and stay open: ``"9 pass, 3 fail"``."""
    counts = {v: sum(s["verdict"] == v for s in statements) for v in (PASS, FAIL, AMBIGUOUS)}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count) or "none"


def found(claims: Sequence[dict[str, Any]], checks: Sequence[dict[str, Any]]) -> str:
    """What a run has found, in sentences."""
    lines = []
    if claims:
        lines.append(f"Of {several(len(claims), 'published claim')}: {counted(claims)}.")
        if any(c["verdict"] == FAIL for c in claims):
            lines.append("A claim that fails is a result: the model does not give what was published.")
        if any(c["verdict"] == AMBIGUOUS for c in claims):
            lines.append("An ambiguous one is left open by the data.")
    if checks:
        lines.append(f"Of {several(len(checks), 'check')} (nobody published them): {counted(checks)}.")
        if any(c["verdict"] == FAIL for c in checks):
            lines.append("A check that fails says that the model was changed, or that the package is at fault.")
    return " ".join(lines)


def changes(found: Mapping[str, str]) -> str:
    """What was changed for a run, as a sentence, or nothing."""
    return f"Changed for this run: {', '.join(f'{path} = {value}' for path, value in found.items())}." if found else ""


def several(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")
