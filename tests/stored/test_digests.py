"""Whatever somebody changes, deletes or adds in a folder is told from what was committed; an intact one reads."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from numcodecs.zstd import Zstd

import tripartite as tp
from tests.stored.kills import count, memory_folder
from tests.stored.spoil import dataset
from tripartite.errors import ResultError
from tripartite.language.folder import Folder, Growth
from tripartite.mechanisms import LeakyIntegrateFire
from tripartite.network import Network, Population, Spikes, States
from tripartite.network.run.simulation import Simulation
from tripartite.units import ms, pA, s


def ensemble(place: Path, **options) -> tp.Result:
    """Members whose spikes grow apart, and two lines of chunks."""
    vary = {"current": [0, 220, 500] * pA}
    return tp.simulate(LeakyIntegrateFire(), until=0.2 * s, vary=vary, save_every=1 * ms, stream_to=place, **options)


@pytest.fixture(scope="module")
def network():
    return Network(n=Population(LeakyIntegrateFire(bias_current=300 * pA), 3), step=0.1 * ms)


@pytest.fixture(scope="module", params=["saved", "streamed", "network"])
def whole(request, tmp_path_factory, network):
    """A finished folder, and what is in it."""
    place = tmp_path_factory.mktemp(request.param) / "run.zarr"
    if request.param == "saved":
        tp.Result(dataset).save(place)
    elif request.param == "streamed":
        ensemble(place)
    else:
        record = [Spikes(network.groups["n"]), States(network.groups["n"], "v")]
        network.run(until=0.1 * s, record=record, stream_to=place, threads=1)
    return place, tp.Result.load(place).data.load()


@pytest.fixture
def copied(whole, tmp_path):
    place, data = whole
    return Path(shutil.copytree(place, tmp_path / "run.zarr")), data


def chunks(place: Path) -> list[Path]:
    return sorted(p for p in place.rglob("*") if p.is_file() and "c" in p.relative_to(place).parts)


def read(place: Path) -> xr.Dataset:
    return tp.Result.load(place).data.load()


def told(place: Path, data: xr.Dataset, word: str = "") -> bool:
    """Whether the change of a file is told; if not, it must not change what is read (a bit that nobody looks at)."""
    try:
        found = read(place)
    except ResultError as reason:
        assert word in str(reason)
        return True
    xr.testing.assert_identical(found, data)
    return False


def test_an_intact_folder_reads_here_and_elsewhere(copied):
    place, data = copied
    assert len(chunks(place)) >= 3
    xr.testing.assert_identical(read(place), data)
    xr.testing.assert_equal(xr.open_zarr(place, decode_times=False), data)


def test_a_changed_byte_of_any_chunk_is_told(copied):
    place, data = copied
    draw = np.random.default_rng(0)
    seen = []
    for file in chunks(place):
        content = file.read_bytes()
        for at in {0, len(content) - 1, *draw.integers(0, len(content), 5)}:
            file.write_bytes(content[:at] + bytes([content[at] ^ 1 << draw.integers(8)]) + content[at + 1 :])
            seen.append(told(place, data, str(file.relative_to(place))))
        file.write_bytes(content)
    assert np.mean(seen) > 0.95


def test_a_chunk_that_is_gone_is_told_and_no_missing_value(copied):
    place, _ = copied
    for file in chunks(place):
        content = file.read_bytes()
        file.unlink()
        with pytest.raises(ResultError, match=f"`{file.relative_to(place)}` is missing"):
            read(place)
        file.write_bytes(content)


def test_a_chunk_packed_anew_with_one_other_number_is_told(copied):
    place, _ = copied
    for file in chunks(place):
        content = file.read_bytes()
        numbers = bytearray(Zstd().decode(content))
        numbers[0] ^= 1
        file.write_bytes(Zstd(1).encode(bytes(numbers)))
        with pytest.raises(ResultError, match="is not what was committed"):
            read(place)
        file.write_bytes(content)


def test_chunks_that_change_places_are_told(copied):
    place, data = copied
    seen = []
    for first, second in zip(chunks(place)[:-1], chunks(place)[1:], strict=True):
        content = first.read_bytes()
        shutil.copy(second, first)
        seen.append(told(place, data, str(first.relative_to(place))))
        first.write_bytes(content)
    assert np.mean(seen) > 0.7


def test_what_is_added_is_not_read(copied):
    place, data = copied
    for file in chunks(place):
        shutil.copy(file, file.with_name("7"))
    array = next(p for p in place.iterdir() if p.is_dir())
    shutil.copytree(array, place / "added")
    xr.testing.assert_identical(read(place), data)


def changes(tree, path=()):
    """Every number and text of a JSON tree, by where it stands."""
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        if isinstance(value, dict | list):
            yield from changes(value, (*path, key))
        else:
            yield (*path, key), value


def test_a_changed_word_of_the_root_or_of_the_list_is_told(copied):
    place, _ = copied
    root = place / "zarr.json"
    content = root.read_text()
    for path, value in list(changes(json.loads(content)))[::7]:
        tree = json.loads(content)
        part = tree
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value + 1 if isinstance(value, int | float) else f"{value}x"
        root.write_text(json.dumps(tree))
        with pytest.raises(ResultError):
            read(place)
    root.write_text(json.dumps(json.loads(content), indent=4))  # the same, written otherwise
    read(place)
    listed = place / ".digests"
    for at in range(0, listed.stat().st_size, 13):
        bytes_ = bytearray(listed.read_bytes())
        bytes_[at] ^= 1
        listed.write_bytes(bytes_)
        with pytest.raises(ResultError, match="digests"):
            read(place)
        bytes_[at] ^= 1
        listed.write_bytes(bytes_)
    listed.unlink()
    with pytest.raises(ResultError, match="begin with a dot"):
        read(place)


def test_a_result_as_large_as_it_likes_is_checked_where_it_is_read(monkeypatch, tmp_path):
    monkeypatch.setattr(tp.language.storage, "_SMALL", 0)
    place = tp.Result(dataset).save(tmp_path / "run.zarr")
    (place / "cell.ca" / "c" / "0").unlink()
    found = tp.Result.load(place)
    assert found.data["cell.spike.times"].values.size == 5
    with pytest.raises(ResultError, match=r"`cell\.ca/c/0` is missing"):
        _ = found["cell.ca"].values


# While a run goes on


GROWS = {"x": Growth(), "time": Growth(), "e.times": Growth(rows=2)}


def growing() -> xr.Dataset:
    return xr.Dataset(
        {
            "x": (("time",), np.zeros(0)),
            "e.times": (("member", "e.event"), np.zeros((2, 0))),
            "status": ((), 2, {"messages": "{}"}),
        },
        {"time": ("time", np.zeros(0)), "place": ("member", np.arange(2.0))},
    )


def fill(folder: Folder, begin: int, end: int) -> None:
    for name in ("x", "time"):
        folder.append(name, np.arange(float(begin), end))
    folder.append("e.times", np.arange(float(begin), end) / 7, 1)


@pytest.fixture
def short_chunks(monkeypatch):
    monkeypatch.setattr("tripartite.language.growing._CHUNK", 64)


def test_who_opened_a_folder_sees_one_commit_of_it_whatever_is_written(tmp_path, monkeypatch, short_chunks):
    monkeypatch.setattr(tp.language.storage, "_SMALL", 0)
    place = tmp_path / "run.zarr"
    with Folder(place) as folder:
        folder.begin(growing(), GROWS, {})
        seen = []
        for number in range(40):
            fill(folder, 9 * number, 9 * number + 9)
            if number % 3 == 1:
                folder.commit(2, {}, {})
                seen.append((9 * number + 9, tp.Result.load(place)))
                _ = seen[-1][1].data
    for length, found in [*seen, (seen[-1][0], tp.Result.load(place))]:
        np.testing.assert_array_equal(found.data["x"], np.arange(length))
        np.testing.assert_array_equal(found.data["e.times"][1], np.arange(length) / 7)
        assert np.isnan(found.data["e.times"][0]).all()


def test_a_folder_reads_at_any_moment_while_a_run_writes(tmp_path, short_chunks):
    place = tmp_path / "run.zarr"

    def write() -> None:
        with Folder(place) as folder:
            folder.begin(growing(), GROWS, {})
            for number in range(50):
                fill(folder, 9 * number, 9 * number + 9)
                folder.commit(2, {}, {})

    lengths = [0]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(write)
        while not running.done():
            if (place / "zarr.json").exists():
                found = read(place)
                np.testing.assert_array_equal(found["x"], np.arange(found.sizes["time"]))
                np.testing.assert_array_equal(found["e.times"][1], np.arange(found.sizes["time"]) / 7)
                lengths.append(found.sizes["time"])
        running.result()
    assert lengths == sorted(lengths) and len(set(lengths)) > 3


def test_what_was_written_and_not_committed_is_not_read(tmp_path, short_chunks):
    """Rows of a table are as long as the longest: a row that is ahead of its commit lies within."""
    place = tmp_path / "run.zarr"
    with Folder(place) as folder:
        folder.begin(growing(), GROWS, {})
        fill(folder, 0, 100)
        folder.append("e.times", np.arange(5.0), 0)
        folder.commit(2, {}, {})
        folder.append("e.times", np.arange(5.0, 90.0), 0)
        fill(folder, 100, 110)
    found = read(place)
    np.testing.assert_array_equal(found["e.times"][0], [*np.arange(5.0), *np.full(95, np.nan)])
    with Folder(place) as folder:
        folder.go_on(growing(), GROWS)
        folder.append("e.times", [7.0] * np.ones(1), 0)
        folder.commit(0, {}, {"finished": True})
    np.testing.assert_array_equal(read(place)["e.times"][0, :7], [*np.arange(5.0), 7, np.nan])


def test_a_run_does_not_go_on_with_what_was_changed(tmp_path, short_chunks):
    place = tmp_path / "run.zarr"
    with Folder(place) as folder:
        folder.begin(growing(), GROWS, {})
        fill(folder, 0, 100)
        folder.commit(2, {}, {}, lambda file: np.savez(file, a=np.zeros(3)))
    last = place / "x" / "c" / "1"
    numbers = np.frombuffer(Zstd().decode(last.read_bytes()), float).copy()
    numbers[3] += 1
    last.write_bytes(Zstd(1).encode(numbers.tobytes()))
    with Folder(place) as folder, pytest.raises(ResultError, match="`x/c/1` is not what was committed"):
        folder.go_on(growing(), GROWS)


def test_what_was_recorded_after_the_checkpoint_reads_until_it_is_recorded_again(tmp_path, short_chunks):
    """As of a run that diverged: what it had recorded is kept, and a repeated run begins at the checkpoint."""
    place = tmp_path / "run.zarr"
    with Folder(place) as folder:
        folder.begin(growing(), GROWS, {})
        fill(folder, 0, 100)
        folder.commit(2, {}, {}, lambda file: np.savez(file, a=np.zeros(3)))
        fill(folder, 100, 150)
        folder.commit(1, {}, {}, keep=True)
    for _ in range(2):
        assert read(place).sizes["time"] == 150
        with Folder(place) as folder:
            assert folder.go_on(growing(), GROWS)
            folder.commit(2, {}, {}, keep=True)
            for end in (104, 150):
                fill(folder, folder.growing["x"][0].length, end)
                np.testing.assert_array_equal(read(place)["x"], np.arange(100.0))
            folder.commit(1, {}, {}, keep=True)
    np.testing.assert_array_equal(read(place)["e.times"][1], np.arange(150.0) / 7)


def test_a_commit_costs_what_was_added(short_chunks):
    """Thousands of chunks: the root stays as long as it is, and the list only grows."""
    root = memory_folder()
    place, written = root / "run.zarr", []
    with Folder(place) as folder:
        folder.begin(growing(), {name: GROWS[name] for name in ("x", "time")}, {})
        for _ in range(30):
            for _ in range(10):
                begin = folder.growing["x"][0].length
                for name in ("x", "time"):
                    folder.append(name, np.arange(begin, begin + 64.0))
            before = (place / ".digests").read_bytes()
            operations = count(root, lambda: folder.commit(2, {}, {}))
            after = (place / ".digests").read_bytes()
            assert after.startswith(before)
            written.append((len(operations), len(after) - len(before), (place / "zarr.json").stat().st_size))
    shutil.rmtree(root)
    for cost in zip(*written[5:], strict=True):
        assert max(cost) <= 1.05 * min(cost)


@pytest.mark.parametrize("at", range(0, 3000, 97))
def test_a_changed_checkpoint_is_told(network, tmp_path_factory, at):
    place = tmp_path_factory.getbasetemp() / "checkpoint.zarr"
    if not place.exists():
        network.start(threads=1).save(place)
    file = next(place.glob(".checkpoint-*"))
    content = file.read_bytes()
    spoiled = bytearray(content)
    spoiled[at % len(content)] ^= 4
    file.write_bytes(spoiled)
    with pytest.raises(ResultError, match="digest"):
        Simulation.load(place, network, threads=1)
    file.write_bytes(content)
    assert Simulation.load(place, network, threads=1).now == 0


# Folders of other programs


def test_folders_of_other_programs_are_read_as_they_are(tmp_path, whole):
    _, data = whole
    data.to_zarr(tmp_path / "theirs.zarr", consolidated=False)
    xr.testing.assert_identical(read(tmp_path / "theirs.zarr"), data)


def test_what_another_program_derives_from_a_result_is_read(tmp_path, copied):
    place, data = copied
    part = xr.open_zarr(place, decode_times=False).isel(time=slice(0, 20))
    part.to_zarr(tmp_path / "part.zarr")
    xr.testing.assert_identical(read(tmp_path / "part.zarr"), data.isel(time=slice(0, 20)))


def test_what_another_program_changes_in_a_result_is_told(copied):
    place, data = copied
    xr.Dataset({"more": ("time", np.zeros(data.sizes["time"]))}).to_zarr(place, mode="a")
    with pytest.raises(ResultError, match=r"another program wrote into it.*\.digests"):
        read(place)
    (place / ".digests").unlink()
    assert "more" in read(place)


def test_a_folder_without_digests_opens_and_is_not_gone_on_with(tmp_path):
    """As runs wrote them before there were digests."""
    place = tmp_path / "run.zarr"
    ensemble(place)
    root = json.loads((place / "zarr.json").read_text())
    root["attributes"]["stream"] = root["consolidated_metadata"].pop("tripartite")["stream"]
    (place / "zarr.json").write_text(json.dumps(root))
    (place / ".digests").unlink()
    assert read(place).sizes["time"] == 201
    with pytest.raises(ResultError, match="earlier version"):
        ensemble(place)


def foreign(path: Path) -> None:
    if path.suffix == ".nc":
        dataset().to_netcdf(path, engine="h5netcdf")
    else:
        dataset().to_zarr(path)


@pytest.mark.parametrize("ending", [".nc", ".zarr"])
def test_saving_replaces_results_and_nothing_else(ending, tmp_path):
    result, place = tp.Result(dataset), tmp_path / f"run{ending}"
    foreign(place)
    with pytest.raises(ResultError, match="Saving replaces a result that was saved"):
        result.save(place)
    xr.testing.assert_equal(xr.open_dataset(place, decode_times=False), dataset())
    (shutil.rmtree if place.is_dir() else Path.unlink)(place)
    for _ in range(2):
        result.save(place)
    place = tmp_path / f"text{ending}"
    place.write_text("mine")
    with pytest.raises(ResultError, match="Saving replaces a result that was saved"):
        result.save(place)
    assert place.read_text() == "mine"


def test_saving_fills_what_is_empty(tmp_path):
    (tmp_path / "run.nc").touch()
    (tmp_path / "run.zarr").mkdir()
    for name in ("run.nc", "run.zarr"):
        xr.testing.assert_identical(read(tp.Result(dataset).save(tmp_path / name)), dataset())
