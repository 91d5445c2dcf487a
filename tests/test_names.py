"""Names of the package: what completion offers exists, and a wrong name gets the nearest."""

import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import tripartite as tp
from tripartite.errors import UnknownNameError

_INSIDE = {"tripartite.cli", "tripartite.interpret", "tripartite.network.connect"}
_INSIDE |= {
    "tripartite.experiments.measurements",
    "tripartite.network.kernels",
    "tripartite.network.plan",
    "tripartite.network.run",
    "tripartite.network.runtime",
}


def packages():
    """Every room of the package: the folders with an index of names."""
    found = [m.name for m in pkgutil.walk_packages(tp.__path__, "tripartite.") if m.ispkg]
    return ["tripartite", *(n for n in found if n not in _INSIDE and not n.startswith("tripartite.interpret."))]


ROOMS = [*packages(), "tripartite.units", "tripartite.sources"]
ROOMS += [f"tripartite.parameters.{name}" for name in tp.parameters.__all__]


@pytest.mark.parametrize("name", ROOMS)
def test_completion_offers_what_a_room_has(name):
    room = importlib.import_module(name)
    offered = dir(room)
    assert offered
    assert set(getattr(room, "__all__", [])) <= set(offered)
    for item in offered:
        getattr(room, item)


@pytest.mark.parametrize("name", ROOMS)
def test_a_wrong_name_gets_the_nearest(name):
    room = importlib.import_module(name)
    right = next(n for n in dir(room) if len(n) > 1 and not n.startswith("_"))
    with pytest.raises(UnknownNameError, match=f"`{right}`"):
        getattr(room, f"{right}x_")
    with pytest.raises(AttributeError):
        room.__wrapped__  # noqa: B018


def test_completion_works_before_anything_is_loaded():
    code = "import tripartite as tp; print(*dir(tp)); print(*dir(tp.models))"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert {"simulate", "Network", "protocols", "StimbergNetwork", "GChi"} <= set(printed.split())


def test_a_star_brings_the_common_units_and_nothing_else():
    names: dict = {}
    exec("from tripartite.units import *", names)
    brought = {name: item for name, item in names.items() if not name.startswith("__")}
    assert {"uM", "ms", "s", "Hz", "mV", "pA", "nS", "um", "minute"} <= set(brought)
    assert all(isinstance(item, tp.units.registry.Unit) for item in brought.values())


def test_what_loads_late_is_what_its_room_has():
    assert tp.simulate is tp.solve.simulate
    assert tp.Network is tp.network.Network
    assert inspect.ismodule(tp.fit)
