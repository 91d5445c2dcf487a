"""One wrong argument at a time, in every room: a sentence of the package, or what was meant; never a plain error."""

from __future__ import annotations

import signal
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tripartite.errors import TripartiteError, said

from .call import Call
from .rooms import ROOMS
from .values import kind_of, may_mean, never, scaled, sometimes

CALLABLE = ("a class", "hostile", "a mock", "a function")
LONGEST = 60
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
    """``refused`` by a sentence, ``accepted``, or the plain error that came in its place."""
    try:
        with warnings.catch_warnings(), limited(LONGEST):
            warnings.simplefilter("ignore")
            call(argument, value)
    except TripartiteError as error:
        return "refused" if len(str(error).split()) > 6 and len(str(error)) < 2000 else f"no sentence: {error}"[:300]
    except Exception as error:
        return f"{type(error).__name__}: {said(error)[:80]}"
    return "accepted"


def verdicts(call: Call, argument: str) -> Iterator[tuple[str, str]]:
    """What came of every value in place of an argument: ``good``, or what is wrong with it."""
    values = {kind: (value, False) for kind, value in never().items()}
    for kind, wrong in sometimes().items():
        meant = may_mean(call.good[argument], wrong, call.kinds.get(argument, ""))
        values[kind] = wrong.value, meant or (kind == "none" and call.optional(argument))
    values |= {kind: (value, True) for kind, value in scaled(call.good[argument]).items()}
    for kind, (value, meant) in values.items():
        if kind in CALLABLE and kind_of(call.good[argument]) == "function":
            continue  # what a function does is its own
        found = outcome(call, argument, value)
        fine = found == "refused" or (found == "accepted" and (meant or call.allowed(argument, kind)))
        yield kind, "good" if fine else found


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_a_wrong_argument_ends_in_a_sentence_or_is_meant(room, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wrong = []
    for call in ROOMS[room]():
        call()  # right arguments are
        for argument in call.replaced:
            wrong += [
                (call.label, argument, kind, found) for kind, found in verdicts(call, argument) if found != "good"
            ]
    assert not wrong, f"{len(wrong)} in {room}: " + "\n".join(map(str, wrong[:50]))


@pytest.mark.slow
def test_there_are_fifty_thousand_wrong_arguments(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # rooms write the files that they read
    arguments = sum(len(call.replaced) for make in ROOMS.values() for call in make())
    assert arguments * (len(never()) + len(sometimes())) > 50_000
