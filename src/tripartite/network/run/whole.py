"""Whole runs of a network: in memory or streamed, begun or resumed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tripartite import units
from tripartite.errors import ResultError
from tripartite.language.encoding import readable
from tripartite.language.protocol import Protocol
from tripartite.language.result import Result
from tripartite.network.recording import Record, default_records
from tripartite.network.run import checkpoint
from tripartite.network.run.recorder import Recorder, checked
from tripartite.network.run.serial import kinds, protocol_data, protocol_from, record_data, record_from
from tripartite.network.run.simulation import Simulation, checked_seed, whole_steps
from tripartite.network.run.stream import Stream, request
from tripartite.network.stimuli import planned
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
    path = None if stream_to is None else Path(stream_to)
    if path is not None and path.exists():
        _check_same(network, path, end, record, protocol, seed)
        return resume(network, path, threads, progress, kinds(protocol))
    plan = planned(network, protocol, end * network.step, checked_seed(seed))
    simulation = Simulation(network, seed=seed, threads=threads, plan=plan)
    if path is None:
        return simulation.run(until, record, protocol=protocol, progress=progress)
    recorder = Recorder(simulation, record, simulation.follow(protocol, end), end)
    stream = Stream(path, recorder)
    with Progress(end * network.step, progress) as bar:
        stream.create()
        recorder.begin()
        stream.append()
        return stream.run(bar)


def resume(
    network: Network, path: Path, threads: int | None, progress: bool | None, classes: Iterable[type] = ()
) -> Result:
    """Go on with a streamed run from its last checkpoint."""
    if not path.exists():
        raise ResultError(f"A streamed run is resumed from its folder; there is no `{path}`. Check the path.")
    meta, arrays, more = checkpoint.read(path)
    asked = request(path)
    simulation = checkpoint.restored(network, meta, arrays, threads, classes)
    with readable():
        end = whole_steps(units.Quantity(asked["until"]["quantity"], "s"), network.step, "until")
        protocol = protocol_from(network, asked["protocol"], classes)
        records = [record_from(network, data) for data in asked["records"]]
    timeline = simulation.follow(protocol, end)
    recorder = Recorder(simulation, records, timeline, end)
    stream = Stream(path, recorder)
    stream.rewind(more)
    with Progress(end * network.step, progress) as bar:
        return stream.run(bar)


def _check_same(network: Network, path: Path, end: int, record: Any, protocol: Any, seed: int) -> None:
    """A folder that exists is that of the same run, stopped; anything else must not be touched."""
    if "checkpoint" not in {child.name for child in path.iterdir()}:
        raise ResultError(
            f"A run streams to a new folder, or resumes its own; `{path}` is neither. Choose another name."
        )
    asked = request(path)
    records = default_records(network) if record is None else checked(record)
    mine = {
        "until": {"quantity": end * network.step / 1000, "unit": "s"},
        "records": [record_data(network, r) for r in records],
        "protocol": protocol_data(network, protocol),
        "seeds": [seed],
    }
    for name, value in mine.items():
        if asked[name] != value:
            raise ResultError(
                f"A run that streams into an existing folder resumes it; `{path}` was asked for another `{name}`: "
                f"{asked[name]}, now {value}. Choose another folder, or `network.resume(path)`."
            )
