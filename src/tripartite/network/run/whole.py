"""Whole runs of a network: in memory or streamed, begun or resumed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripartite import arguments, units
from tripartite.errors import ResultError
from tripartite.language import grid
from tripartite.language.encoding import readable
from tripartite.language.folder import Folder
from tripartite.language.protocol import Occur, Protocol
from tripartite.language.result import Result
from tripartite.language.root import committed, facts
from tripartite.network.recording import Record, default_records
from tripartite.network.run import checkpoint
from tripartite.network.run.identity import check_asked, check_described, warn_versions
from tripartite.network.run.provenance import described, versions
from tripartite.network.run.recorder import Recorder, checked
from tripartite.network.run.serial import protocol_data, protocol_from, record_data, record_from
from tripartite.network.run.simulation import Simulation, whole_steps
from tripartite.network.run.stream import Stream
from tripartite.network.stimuli import Plan, planned
from tripartite.progress import Progress

if TYPE_CHECKING:
    from tripartite.network.network import Network


def run(
    network: Network,
    until: Any,
    record: Sequence[Record] | Record | None,
    protocol: Protocol | None,
    seed: int,
    threads: int | None,
    progress: bool | None,
    stream_to: str | Path | None,
) -> Result:
    """The network from 0 s to ``until``; arguments as those of `Network.run`."""
    end = whole_steps(until, network.step, "until")
    seed = arguments.seed(seed)
    if stream_to is None:
        simulation = Simulation(network, seed=seed, threads=threads, plan=_plan(network, protocol, end, seed))
        return simulation.run(until, record, protocol=protocol, progress=progress)
    records = default_records(network) if record is None else checked(record)
    asked = {
        "network": described(network),
        "protocol": protocol_data(network, protocol),
        "records": [record_data(network, r) for r in records],
        "until": {"quantity": grid.seconds(end, network.step), "unit": "s"},
        "seeds": [seed],
        "versions": versions(),
    }
    path = arguments.path(stream_to, "stream_to")
    check = partial(check_asked, path, now=asked)
    check(before=_asked(path))
    return _streamed(network, path, protocol, records, end, seed, threads, progress, check)


def resume(
    network: Network, path: Path, threads: int | None, progress: bool | None, classes: Iterable[type] = ()
) -> Result:
    """Go on with a streamed run from its last checkpoint."""
    if not path.exists():
        raise ResultError(f"A streamed run is resumed from its folder; there is no `{path}`. Check the path.")
    asked = _asked(path)
    if asked is None:
        raise ResultError(
            f"A streamed run is resumed from what it committed, and `{path}` holds nothing yet. Repeat the call of "
            "`network.run` that began it."
        )
    with readable():
        check_described(asked["network"], described(network))
        warn_versions(path, asked["versions"], versions())
        protocol = protocol_from(network, asked["protocol"], classes)
        records = [record_from(network, data) for data in asked["records"]]
        end = whole_steps(units.Quantity(asked["until"]["quantity"], "s"), network.step, "until")
        seed = arguments.seed(asked["seeds"][0])
    return _streamed(network, path, protocol, records, end, seed, threads, progress)


def _streamed(
    network: Network,
    path: Path,
    protocol: Protocol | None,
    records: list[Record],
    end: int,
    seed: int,
    threads: int | None,
    progress: bool | None,
    check: Callable[..., None] = lambda before: None,
) -> Result:
    """A run in its folder, from where it stands there to its end."""
    if path.is_dir() and facts(committed(path, strange=True)).get("finished"):
        return Result.load(path)
    with Folder(path) as folder:
        # What cannot be written to is found here, before anything is computed; now nobody else writes.
        check(before=_asked(path))
        found = checkpoint.read(path) if folder.facts.get("checkpoint") else None
        if found is None:
            plan = _plan(network, protocol, end, seed)
            simulation = Simulation(network, seed=seed, threads=threads, plan=plan)
        else:
            simulation = checkpoint.restored(network, *found, threads, protocol)
        recorder = Recorder(simulation, records, simulation.follow(protocol, end), end)
        stream = Stream(folder, recorder)
        with Progress(end * network.step, progress) as bar:
            if not folder.root:
                stream.begin()
            else:
                stream.go_on({} if found is None else found[0]["more"])
            if found is None:
                recorder.begin()
            return stream.run(bar)


def _plan(network: Network, protocol: Protocol | None, end: int, seed: int) -> Plan:
    """What a protocol does before step ``end``, with a warning for events that rounding takes beyond it."""
    width = network.step
    plan = planned(network, protocol, end * width, seed)
    events = [(d.action.time, f"{d.name}.{d.action.key}") for d in plan.deeds if isinstance(d.action, Occur)]
    lost = [(time, name) for time, name in events if time < end * width and round(time / width) >= end]
    grid.warn_lost(lost, end * width, width, "A network rounds events to steps")
    return plan


def _asked(path: Path) -> dict[str, Any] | None:
    """What the run in a folder was asked for; None when nothing was committed yet."""
    root = committed(path, strange=True) if path.exists() else {}
    if not root:
        return None
    provenance = root["attributes"].get("provenance")
    asked = json.loads(provenance) if isinstance(provenance, str) else {}
    if "network" not in asked or "end" not in facts(root):
        raise ResultError(f"A network's run goes on in its own folder; `{path}` holds something else. Choose another.")
    return asked
