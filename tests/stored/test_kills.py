"""A run that dies at any operation on a file, or meets a full disk there, loses nothing that was committed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ["network", "synapse", "ensemble"]
pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be forked and killed")


def seen(*asked: str) -> list[dict[str, int]]:
    """What `tests.stored.runs` saw; every run has gone on to the bit, or it ends in an error."""
    paths = [str(ROOT / "src"), str(ROOT), os.environ.get("PYTHONPATH", "")]
    settings = {"PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-W", "ignore", "-m", "tests.stored.runs", *asked]
    done = subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr[-3000:]
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_run_killed_or_out_of_room_at_a_file_operation_goes_on_to_the_bit():
    for found in seen(*NAMES, "--kills", "8", "--full", "4"):
        assert found["kills"] == 8 and found["gone on to the bit"] == 16
        assert found["sentences"] >= 6
        assert found["begun"] and found["nothing committed"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_run_killed_or_out_of_room_at_any_file_operation_goes_on_to_the_bit(name):
    (found,) = seen(name, "--second", "100")
    print(found)
    assert found["kills"] == found["moments"] + 100
    assert found["second kills"] > 50
