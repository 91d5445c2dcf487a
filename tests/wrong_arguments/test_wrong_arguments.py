"""One wrong argument at a time, in every room: a sentence of the package, or what was meant; never a plain error."""

from __future__ import annotations

import signal
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tripartite.errors import TripartiteError

from .calls import ROOMS, Call
from .values import never, typed

LONGEST = 120
"""Seconds after which a call counts as hanging."""


@contextmanager
def limited(seconds: int) -> Iterator[None]:
    def stop(*_: Any) -> None:
        raise TimeoutError(f"still running after {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def outcome(call: Call, argument: str, value: Any) -> str:
    """``sentence``, ``accepted``, or the plain error that came in its place."""
    try:
        with warnings.catch_warnings(), limited(LONGEST):
            warnings.simplefilter("ignore")
            call.function(**{**call.good, argument: value})
    except TripartiteError as error:
        return "sentence" if len(str(error).split()) > 4 else f"no sentence: {error}"
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:80]}" if not isinstance(error, RuntimeError) else "RuntimeError"
    return "accepted"


def free(call: str, argument: str, kind: str) -> bool:
    """Whether an argument takes any text, or a value of any unit."""
    texts = argument in ("meaning", "name", "source", "label") and kind in ("code", "misread text")
    return texts or (call, kind) == ("ParameterSet", "kilograms")


def outcomes(room: str) -> dict[tuple[str, str, str], str]:
    """By call, argument and kind of wrong value."""
    found = {}
    for call in ROOMS[room]():
        for argument in call.good:
            for kind, value in {**never(), **typed()}.items():
                found[call.name, argument, kind] = outcome(call, argument, value)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_a_wrong_argument_ends_in_a_sentence_or_means_something(room):
    found = outcomes(room)
    plain = {key: said for key, said in found.items() if said not in ("sentence", "accepted")}
    assert not plain, f"{len(plain)} of {len(found)}, for instance {dict(list(plain.items())[:5])}"
    meaningless = [key for key, said in found.items() if said == "accepted" and key[2] in never() and not free(*key)]
    assert not meaningless, f"accepted although it means nothing: {meaningless[:10]}"


@pytest.mark.slow
def test_there_are_fifty_thousand_wrong_arguments():
    counts = Counter({room: sum(len(call.good) for call in make()) for room, make in ROOMS.items()})
    assert counts.total() * (len(never()) + len(typed())) > 50_000
