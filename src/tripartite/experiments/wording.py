"""What a claim expects and what a run measured, in words."""

from __future__ import annotations

import math
from typing import Any


def expected(claim: dict[str, Any]) -> str:
    """What a claim expects, in words."""
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
    return f"{value:.5g}{unit}"
