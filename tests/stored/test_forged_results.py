"""What a file says of a run is data: it names no class, path or function that would be imported or called."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest
import xarray as xr

import tripartite as tp
from tripartite.errors import ArgumentError, ResultError, TripartiteError
from tripartite.language.protocol import Protocol
from tripartite.mechanisms import Gliotransmitter
from tripartite.units import s, uM


class Leak(tp.Mechanism):
    x = tp.State(1.0, "uM", "a state of one's own")
    k = tp.Parameter(1.0, "1/s", "its decay", "assumed: a test")

    def rates(q):
        return {"x": -q.k * q.x}


@dataclass(frozen=True)
class Quiet(Protocol):
    def actions(self, model: Any, until: float, seed: int) -> Any:
        return iter(())


@pytest.fixture(scope="module")
def result() -> tp.Result:
    return tp.simulate(Gliotransmitter(), until=1 * s, save_every=0.5 * s)


def forged(result: tp.Result, change: Any) -> tp.Result:
    stored = copy.deepcopy(result.provenance)
    change(stored)
    data = result.data.assign_attrs(provenance=json.dumps(stored))
    return tp.Result(lambda: data)


def put(*path: Any, value: Any) -> Any:
    def change(stored: Any) -> None:
        for word in path[:-1]:
            stored = stored[word]
        stored[path[-1]] = value

    change.__name__ = "/".join(map(str, path))
    return change


def calls(what: str, **fields: Any) -> dict[str, Any]:
    return {"object": what, "fields": fields}


def mechanism(stored: Any) -> Any:
    return next(iter(stored["model"]["compartments"].values()))[0]


WRITES = calls("os:mkdir", path="forged-folder")
FORGERIES = [
    put("protocol", value=WRITES),
    put("until", value=WRITES),
    put("solver", value=WRITES),
    put("saved", "save_every", value=WRITES),
    put("protocol", value=calls("tripartite.language.protocol:Together", members=[WRITES])),
    put("protocol", value={"mapping": [[WRITES, 1]]}),
    put("solver", value=calls("builtins:eval", source="1")),
    put("protocol", value=calls("this:s")),
    put("protocol", value=calls("tripartite.cli:main")),
    put("protocol", value=calls("tripartite.language.registry:known")),
    put("solver", value=calls("tripartite.language.protocol:Nothing")),
    put("protocol", value=calls("tripartite.solve.solvers:Tsit5")),
    lambda stored: mechanism(stored).update(mechanism="os:getcwd"),
    lambda stored: mechanism(stored).update(mechanism="tripartite.protocols.drugs:Dpcpx"),
    lambda stored: mechanism(stored)["values"].update({"__class__": {"value": 1, "unit": "1", "source": "x"}}),
    lambda stored: mechanism(stored)["values"].update({"source": {"value": 1, "unit": "1", "source": "x"}}),
    put("model", "wiring", value=[[["part", "mechanisms"], ["part", "mechanisms"]]]),
    put("until", value={"quantity": 1, "unit": "9**9**9**9"}),
    put("until", value={"quantity": "9**9**9**9", "unit": "s"}),
    put("until", value={"quantity": True, "unit": "s"}),
    put("seeds", value=[]),
    put("seeds", value=["1"]),
    put("seeds", value={}),
    put("varied", value={"no": [1]}),
    put("saved", value=[]),
    put("model", value=[]),
    put("model", value={"compartments": {"a b": []}, "wiring": []}),
]


@pytest.mark.parametrize("number", range(len(FORGERIES)))
def test_a_forged_provenance_is_refused_and_nothing_it_names_is_imported(result, number, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    bad = forged(result, FORGERIES[number])
    before = set(sys.modules)
    with pytest.raises(TripartiteError):
        tp.rerun(bad)
    assert not list(tmp_path.iterdir())
    assert all(name.startswith("tripartite") for name in set(sys.modules) - before)


def test_a_result_cannot_choose_where_its_rerun_writes(result, tmp_path) -> None:
    there = tmp_path / "chosen.zarr"
    bad = forged(result, put("saved", "stream_to", value=str(there)))
    again = tp.rerun(bad)
    assert not there.exists()
    xr.testing.assert_equal(again.data, result.data)


@pytest.mark.parametrize("text", ["", "{", "[1]", "null", "[" * 100_000, 7])
def test_a_provenance_that_is_no_json_object_is_told(result, text) -> None:
    data = result.data.assign_attrs(provenance=text)
    with pytest.raises(ResultError, match="JSON"):
        tp.rerun(tp.Result(lambda: data))


def test_classes_of_ones_own_are_run_again_when_named() -> None:
    made = tp.simulate(Leak(), Quiet(), until=1 * s, save_every=0.5 * s)
    with pytest.raises(ResultError, match=r"classes=\[Leak\]"):
        tp.rerun(made)
    again = tp.rerun(made, classes=[Leak, Quiet])
    xr.testing.assert_equal(again.data, made.data)
    with pytest.raises(ArgumentError, match="classes"):
        tp.rerun(made, classes=[Leak()])
    with pytest.raises(ResultError):
        tp.rerun(made, classes=Leak)


LISTED_FIRST = """
import importlib, pkgutil
import tripartite as tp
from tripartite.language.mechanism import Mechanism
from tripartite.language.protocol import Protocol
from tripartite.language.registry import known
from tripartite.solve.solvers import Solver

listed = set(known().values())
for module in pkgutil.walk_packages(tp.__path__, "tripartite."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)

def below(kind):
    for sub in kind.__subclasses__():
        yield sub
        yield from below(sub)

for root in (Mechanism, Protocol, Solver):
    own = {kind for kind in below(root) if kind.__module__.startswith("tripartite.")}
    assert own <= listed, own - listed
"""


def test_every_mechanism_protocol_and_solver_of_the_package_can_be_read() -> None:
    """Also in a process that has read something before it imported all of them."""
    done = subprocess.run([sys.executable, "-c", LISTED_FIRST], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_quantities_keep_their_last_bit() -> None:
    from tripartite.language.encoding import decode, encode

    for value in (0.1 * uM, [1, 2.5] * s):
        found = decode(json.loads(json.dumps(encode(value))))
        assert (found == value).all() if hasattr(found.magnitude, "all") else found == value
