"""What differs between two descriptions of a run, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_MOST, _LONGEST = 5, 120
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """One phrase for each place where plain data differ: ```neurons.size`: 300, now 303``."""
    return [f"`{place}`: {_shown(old)}, now {_shown(new)}" for place, old, new in _differ(_json(before), _json(now))]


def listed(found: list[str]) -> str:
    """The first few of many differences."""
    return "; ".join(found[:_MOST]) + (f"; and {len(found) - _MOST} more" if len(found) > _MOST else "")


def _json(data: Any) -> Any:
    """As it comes back from a file, without the addresses of objects; NaN equals NaN as text."""
    return json.loads(_ADDRESS.sub("", json.dumps(data)), parse_constant=str)


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


_MISSING = _Missing()


def _differ(old: Any, new: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _differ(old.get(key, _MISSING), new.get(key, _MISSING), f"{place}.{key}" if place else str(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (first, second) in enumerate(zip(old, new, strict=True)):
            yield from _differ(first, second, f"{place}[{number}]")
    elif old is _MISSING or new is _MISSING or old != new:
        yield place, old, new


def _shown(value: Any) -> str:
    if isinstance(value, dict) and value.keys() == {"quantity", "unit"}:
        return f"{value['quantity']} {value['unit']}"
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
