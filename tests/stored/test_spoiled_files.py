"""A spoiled file is read or told in a sentence: it hangs nothing, fills no memory and runs no code."""

import json
import os
import pickle
import subprocess
import sys
import zipfile

import h5py
import numpy as np
import pytest
import xarray as xr

from tests.stored.spoil import dataset
from tripartite import memory
from tripartite.errors import ResultError
from tripartite.language import vetting
from tripartite.language.digests import of_file
from tripartite.language.result import Result


@pytest.fixture
def folder(tmp_path):
    return Result(dataset).save(tmp_path / "run.zarr")


@pytest.fixture
def theirs(tmp_path):
    """A folder that another program wrote: it has no digests."""
    dataset().to_zarr(tmp_path / "theirs.zarr", consolidated=False, zarr_format=3)
    return tmp_path / "theirs.zarr"


@pytest.fixture
def file(tmp_path):
    return Result(dataset).save(tmp_path / "run.nc")


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ("nc", 40),
        ("zarr", 40),
        ("bare-zarr", 40),
        ("forged-zarr", 40),
        *(pytest.param(k, 3000, marks=pytest.mark.slow) for k in ("nc", "zarr", "bare-zarr", "forged-zarr")),
        pytest.param("bare-nc", 300, marks=pytest.mark.slow),
    ],
)
def test_spoiled_results_are_read_or_told(kind, count) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.stored.spoil", kind, str(count), str(count)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["told"] + found["read"] == count and found["told"] > 0


def test_whole_files_are_read(folder, file) -> None:
    for path in (folder, file):
        xr.testing.assert_identical(Result.load(path).data, dataset())


def test_any_changed_byte_of_a_file_is_found(file) -> None:
    content = bytearray(file.read_bytes())
    for place in np.random.default_rng(0).integers(0, len(content) - 100, 50):
        content[place] ^= 1
        file.write_bytes(content)
        with pytest.raises(ResultError, match="digest"):
            _ = Result.load(file).data
        content[place] ^= 1


def test_netcdf_of_other_programs_is_read(tmp_path) -> None:
    dataset().to_netcdf(tmp_path / "run.nc", engine="h5netcdf")
    xr.testing.assert_identical(Result.load(tmp_path / "run.nc").data, dataset())


def bare(path):
    """Without the digest, as another program writes it."""
    path.write_bytes(path.read_bytes()[: -len(vetting._MARK) - 64])
    return path


def test_a_small_file_that_claims_gigabytes_is_not_believed(file) -> None:
    with h5py.File(bare(file), "a") as content:
        content.create_dataset("huge", (2**30,), "f8", chunks=(2**16,))
    assert file.stat().st_size < 2**17
    with pytest.raises(ResultError, match=r"8\.0 GiB"):
        _ = Result.load(file).data


@pytest.mark.parametrize("link", [h5py.SoftLink("/status"), h5py.ExternalLink("other.nc", "/x")])
def test_links_of_a_file_are_not_followed(file, link) -> None:
    with h5py.File(bare(file), "a") as content:
        content["linked"] = link
    with pytest.raises(ResultError, match="is a link"):
        vetting._check_claims(file)


def test_numbers_of_other_files_are_not_read(file, tmp_path) -> None:
    (tmp_path / "secret").write_bytes(b"x" * 80)
    with h5py.File(bare(file), "a") as content:
        content.create_dataset("outside", (10,), "f8", external=[(str(tmp_path / "secret"), 0, 80)])
    with pytest.raises(ResultError, match="another file"):
        vetting._check_claims(file)


def test_reading_that_does_not_end_is_ended(file, monkeypatch) -> None:
    monkeypatch.setattr(vetting, "_PATIENCE", 0.01)
    with pytest.raises(ResultError, match="does not end"):
        _ = Result.load(bare(file)).data


def changed(folder, name, **values):
    path = folder / name / "zarr.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


PACKED = [{"name": "bytes", "configuration": {"endian": "little"}}]
TRICKS = {
    "shape": {"shape": [2**40]},
    "negative": {"shape": [-1]},
    "chunks": {"chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [2**40]}}},
    "pickle": {"codecs": [*PACKED, {"name": "numcodecs.pickle"}]},
    "gzip": {"codecs": [*PACKED, {"name": "gzip", "configuration": {"level": 5}}]},
    "objects": {"data_type": "object"},
    "old": {"zarr_format": 2},
}


@pytest.mark.parametrize("trick", TRICKS)
def test_an_array_says_what_it_is_and_no_more(theirs, trick) -> None:
    changed(theirs, "cell.ca", **TRICKS[trick])
    with pytest.raises(ResultError, match=r"cell\.ca"):
        _ = Result.load(theirs).data


def test_old_arrays_that_unpickle_are_not_read(theirs) -> None:
    (theirs / "zarr.json").unlink()
    (theirs / ".zgroup").write_text('{"zarr_format": 2}')
    with pytest.raises(ResultError):
        _ = Result.load(theirs).data


def test_a_chunk_cannot_unpack_to_more_than_a_chunk(theirs) -> None:
    from numcodecs.zstd import Zstd

    chunk = next(path for path in (theirs / "cell.ca" / "c").rglob("*") if path.is_file())
    chunk.write_bytes(Zstd().encode(bytes(2**27)))
    with pytest.raises(ResultError, match="size of a chunk"):
        _ = Result.load(theirs).data


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are those of POSIX")
@pytest.mark.parametrize("what", ["pipe", "link", "linked folder"])
@pytest.mark.parametrize("whose", ["folder", "theirs"])
def test_a_folder_holds_files_and_nothing_else(whose, what, request) -> None:
    folder = request.getfixturevalue(whose)
    chunk = next(path for path in (folder / "cell.ca" / "c").rglob("*") if path.is_file())
    if what == "linked folder":
        moved = folder.parent / "elsewhere"
        (folder / "cell.ca").rename(moved)
        (folder / "cell.ca").symlink_to(moved)
    else:
        chunk.unlink()
        os.mkfifo(chunk) if what == "pipe" else chunk.symlink_to("/dev/zero")
    with pytest.raises(ResultError, match=r"cell\.ca|link|neither"):
        _ = Result.load(folder).data


def packed(path, **members):
    with zipfile.ZipFile(path, "w", members.pop("form", zipfile.ZIP_STORED)) as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return path


def header(shape, kind="<f8"):
    text = f"{{'descr': {kind!r}, 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def test_checkpoints_hold_arrays_of_the_size_they_have(tmp_path) -> None:
    path = tmp_path / "state"
    with open(path, "wb") as file:
        np.savez(file, a=np.arange(5.0), b=np.arange(3))
    found = vetting.packed_arrays(path, of_file(path))
    np.testing.assert_array_equal(found["a"], np.arange(5.0))
    for content in (header("(1000000000000,)"), header("(1,)", "|O") + pickle.dumps(1), header("(2,)") + bytes(8), b""):
        with pytest.raises(ValueError):
            vetting.packed_arrays(packed(path, a=content), of_file(path))
    with pytest.raises(ValueError, match="claims"):
        packed(path, a=header("(100000,)") + bytes(800_000), form=zipfile.ZIP_DEFLATED)
        vetting.packed_arrays(path, of_file(path))
    with pytest.raises(ValueError, match="digest"):
        vetting.packed_arrays(path, of_file(path)[::-1])


def test_what_does_not_fit_into_memory_is_not_begun(file, monkeypatch) -> None:
    monkeypatch.setattr(memory, "available", lambda: 1000.0)
    with pytest.raises(ResultError, match="fits into the memory"):
        _ = Result.load(file).data
