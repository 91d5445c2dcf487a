"""How long a fresh process takes to the first step of a network."""

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

from networks.timing import Choices, spread

SCRIPT = """
import json, time
begun = time.perf_counter()
from tripartite.models import CobaNetwork, JiangNetwork, StimbergNetwork
imported = time.perf_counter()
simulation = {network}().start(threads=2)
built = time.perf_counter()
simulation.advance(1)
stepped = time.perf_counter()
print(json.dumps(dict(import_s=imported - begun, build_s=built - imported, first_step_s=stepped - built)))
"""
"""What a user would write; times include the interpreter's start and end where the whole process is measured."""


def cold(choices: Choices) -> dict[str, Any]:
    """A new network before and after the package's own functions are compiled, and a known one.

    "new" is what the second network of a user costs, and the first after an update of the package compiles these too.
    """
    found: dict[str, list[dict[str, float]]] = {}
    for _ in range(1 if choices.quick else min(3, choices.repeats)):
        with tempfile.TemporaryDirectory() as folder:
            found.setdefault("nothing compiled", []).append(_fresh("StimbergNetwork", folder))
            found.setdefault("known", []).append(_fresh("StimbergNetwork", folder))
        with tempfile.TemporaryDirectory() as folder:
            _fresh("CobaNetwork", folder)
            if not choices.quick:
                _fresh("JiangNetwork", folder)
            found.setdefault("new", []).append(_fresh("StimbergNetwork", folder))
    return {name: {key: spread([run[key] for run in runs]) for key in runs[0]} for name, runs in found.items()}


def _fresh(network: str, folder: str) -> dict[str, float]:
    """Seconds of a process with its caches in ``folder``."""
    environment = os.environ | {"TRIPARTITE_CACHE": folder}
    begun = time.perf_counter()
    command = [sys.executable, "-c", SCRIPT.format(network=network)]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    return {**json.loads(run.stdout), "process_s": time.perf_counter() - begun}
