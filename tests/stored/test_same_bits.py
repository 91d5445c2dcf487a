"""A run ends in the same bits in the process that compiles it and in those that load its machine code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from llvmlite.binding import Linkage

from tests.stored import courses
from tripartite import cache
from tripartite.interpret.kernels import load

HERE = Path(__file__).parents[2]
TEXT = """
from tripartite.interpret.kernels.interface import compiled
from tripartite.interpret.kernels.random import normal


@compiled
def walk(seed, steps, out):
    for step in range(steps):
        out[step] = normal(seed, 0, step) + normal(seed, 1, step) + normal(seed, 2, step) + normal(seed, 3, step)


@compiled
def walks(seed, steps, out):
    walk(seed, steps, out)
    walk(seed + 1, steps, out)
    return len(out)
"""


def apart(names: list[str], place: Path, hash_seed: int = 0) -> dict[str, str]:
    """What runs come to, one after the other in a process of their own with its code in ``place``."""
    outside = os.environ | {
        "TRIPARTITE_CACHE": str(place), "PYTHONHASHSEED": str(hash_seed), "PYTHONPATH": os.pathsep.join(sys.path)
    }  # fmt: skip
    command = [sys.executable, "-W", "ignore", "-m", "tests.stored.courses", *names]
    done = subprocess.run(command, cwd=HERE, env=outside, capture_output=True, text=True, timeout=3000)
    assert done.returncode == 0, done.stderr
    return dict(line.split("\t") for line in done.stdout.splitlines())


def test_compiled_code_calls_no_function_that_another_of_its_name_may_replace(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("TRIPARTITE_CACHE", str(tmp_path))
    module = load(TEXT)
    module.walks(1, 10, np.empty(10))
    (made,) = module.walks.overloads.values()
    inside = [f for f in made.library._final_module.functions if not f.is_declaration]
    closed = (Linkage.internal, Linkage.private, Linkage.external)
    assert any(f.linkage is Linkage.internal and "walkB" in f.name for f in inside)
    assert not [f.name for f in inside if f.linkage not in closed and not f.name.startswith("NRT_")]
    assert all("walksB" in f.name for f in inside if f.linkage is Linkage.external)
    assert not module.walk.overloads, "compiled code alone calls it, so it needs no machine code"


@pytest.mark.parametrize("name", ["explicit", "network"])
def test_this_process_and_one_that_loads_its_code_end_in_the_same_bits(name) -> None:
    place = cache.place("kernels")
    assert place is not None
    here = courses.digest(name)  # by code that was compiled here, in a first run of all tests
    assert apart([name], place.parent) == {name: here}


@pytest.mark.slow
def test_no_course_tells_whether_its_code_was_compiled_or_loaded(tmp_path) -> None:
    names = list(courses.COURSES)
    cold = apart(names, tmp_path / "kept")
    assert apart(names, tmp_path / "kept", 1) == cold
    (tmp_path / "unusable").write_text("")  # where code is compiled in memory; names are ordered and hashed otherwise
    assert apart(names[::-1], tmp_path / "unusable", 2) == cold
