"""Short runs that are killed at operations on files, or meet a full disk there, and go on; prints what was seen.

A process of its own: one in which JAX has started threads cannot be forked.
"""

from __future__ import annotations

import argparse
import errno
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import xarray as xr

import tripartite as tp
from tests.network.small import ensheathed
from tests.stored.kills import count, fail, kill, memory_folder, points
from tripartite.errors import ResultError
from tripartite.language.folder import Folder
from tripartite.network.recording import Average, Spikes, States, Synapses
from tripartite.network.run import stream as network_stream
from tripartite.solve import explicit
from tripartite.solve import stream as solve_stream
from tripartite.units import Hz, ms, pA, s


def commit_often() -> None:
    """Commit as often as can be, and let results have several windows."""
    Folder.due = True  # type: ignore[assignment,misc]
    network_stream._STRETCH = 20.0
    solve_stream._WINDOW = 8 * 3 * 60
    explicit._PATIENCE = 150


class Case:
    """A short run, its undisturbed result, and what it does to files."""

    def __init__(self, run: Callable[[Path, int], tp.Result]):
        self.root, self.run = memory_folder(), run
        root = self.root
        self.place = root / "run.zarr"
        run(self.place, 1)  # compiles
        shutil.rmtree(self.place)
        self.kinds = count(root, lambda: run(self.place, 1))
        self.expected = tp.Result.load(self.place).data.load()
        shutil.rmtree(self.place)
        self.points = points(self.kinds)
        self.seen: Counter[str] = Counter()

    def sample(self, number: int) -> list[tuple[int, bool]]:
        chosen = np.linspace(0, len(self.points) - 1, min(number, len(self.points))).round().astype(int)
        return [self.points[i] for i in np.unique(chosen)]

    def look(self) -> int:
        """Read what is on disk: nothing, or the beginning of the whole; returns how many samples."""
        try:
            found = tp.Result.load(self.place).data.load()
        except ResultError:
            self.seen["nothing committed"] += 1
            return 0
        self.seen["finished" if tp.Result.load(self.place).ok is True else "begun"] += 1
        assert set(found.variables) == set(self.expected.variables)
        for name, variable in found.variables.items():
            if name != "status":
                whole = self.expected[name].values[tuple(map(slice, variable.shape))].copy()
                if variable.ndim == 2 and str(variable.dims[1]).endswith(".event"):  # rows of a table grow apart
                    for row, lines in zip(whole, self._lengths(found, str(name)), strict=True):
                        row[lines:] = np.nan
                np.testing.assert_array_equal(variable.values, whole, err_msg=str(name))
        return found.sizes["time"]

    def _lengths(self, found: xr.Dataset, name: str) -> np.ndarray:
        """How many events of each member were committed: as many times as amounts, and no later ones."""
        times = found[name.rpartition(".")[0] + ".times"].values
        return np.isfinite(times).sum(axis=1)

    def go_on(self, threads: int) -> None:
        """The same call ends as if nothing had happened."""
        found = self.run(self.place, threads).data.load()
        assert set(found.variables) == set(self.expected.variables)
        for name in found.variables:
            np.testing.assert_array_equal(found[name].values, self.expected[name].values, err_msg=str(name))
        assert found.attrs == self.expected.attrs
        shutil.rmtree(self.place)


def network() -> Case:
    network = ensheathed(neurons=30, astrocytes=30)
    neurons, astrocytes = network.groups["neurons"], network.groups["astrocytes"]
    record = [
        Spikes(neurons),
        States(neurons[[0, 5]], "v", every=1 * ms, name="neurons"),
        Average(astrocytes, "ca", every=5 * ms),
        Synapses(network.projections[0], "x", every=10 * ms),
    ]
    return Case(lambda place, threads: network.run(until=0.04 * s, record=record, threads=threads, stream_to=place))


def synapse() -> Case:
    model = tp.models.TripartiteSynapse().using(tp.parameters.stimberg2019.EXAMPLE_4)
    protocol = tp.protocols.PoissonSpikes(10 * Hz, seed=1)
    given = {"until": 1 * s, "solver": tp.Tsit5(1e-9, 1e-12), "save_every": 0.01 * s}
    return Case(lambda place, threads: tp.simulate(model, protocol, stream_to=place, **given))


def ensemble() -> Case:
    vary = {"current": np.array([0, 220, 500]) * pA}
    given = {"until": 0.2 * s, "vary": vary, "solver": tp.Tsit5(1e-9, 1e-12), "save_every": 4 * ms}
    return Case(lambda place, threads: tp.simulate(tp.mechanisms.LeakyIntegrateFire(), stream_to=place, **given))


CASES = {made.__name__: made for made in (network, synapse, ensemble)}


def try_kills(case: Case, chosen: list[tuple[int, bool]], second: bool = False) -> None:
    """Kill the run at each moment, read what is there, perhaps kill it again, and go on."""
    draw = np.random.default_rng(1)
    for turn, (at, half) in enumerate(chosen):
        assert kill(case.root, lambda: case.run(case.place, 1), at, half)
        case.seen["kills"] += 1
        reached = case.look()
        if second:
            at, half = case.points[draw.integers(len(case.points))]
            case.seen["second kills"] += kill(case.root, lambda: case.run(case.place, 2), at, half)
            assert case.look() >= reached
        case.go_on(threads=1 + turn % 3)
        case.seen["gone on to the bit"] += 1


def try_full_disks(case: Case, chosen: list[int], number: int) -> None:
    """Let the disk refuse everything from each operation on, read what is there, and go on."""
    for at in chosen:
        try:
            fail(case.root, lambda: case.run(case.place, 1), at, number)
            case.seen["refused too late to matter"] += 1
        except ResultError as error:
            assert "`" in str(error) and ("room" in str(error) or "may write" in str(error)), error
            case.seen["sentences"] += 1
        case.look()
        case.go_on(threads=1)
        case.seen["gone on to the bit"] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", choices=CASES)
    parser.add_argument("--kills", type=int, default=10**9)
    parser.add_argument("--second", type=int, default=0)
    parser.add_argument("--full", type=int, default=10**9)
    asked = parser.parse_args()
    commit_often()
    for name in asked.names:
        case = CASES[name]()
        try_kills(case, case.sample(asked.kills))
        try_kills(case, case.sample(asked.second), second=True)
        for number in (errno.ENOSPC, errno.EROFS):
            try_full_disks(case, sorted({at for at, _ in case.sample(asked.full)}), number)
        shutil.rmtree(case.root)
        print(json.dumps({"name": name, "operations": len(case.kinds), "moments": len(case.points), **case.seen}))


if __name__ == "__main__":
    main()
