"""What is kept between runs is used only as this user's runs wrote it, and its loss costs nothing but time."""

from __future__ import annotations

import errno
import hashlib
import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from tripartite import cache, definitions
from tripartite.interpret.kernels import load
from tripartite.interpret.kernels.interface import GENERATED

TEXT = """
from tripartite.interpret.kernels.interface import compiled


@compiled
def value(x):
    return x + 1.0
"""
posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="owners and modes are those of POSIX")
as_root = pytest.mark.skipif(getattr(os, "geteuid", lambda: 1)() != 0, reason="only root gives files away")


class Planted:
    """Leaves a trace where it is unpickled."""

    def __init__(self, trace: Path):
        self.trace = trace

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.trace),)


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("TRIPARTITE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "_told", [])
    return tmp_path / "cache"


def run() -> tuple[float, bool]:
    """What the generated function returns in a fresh module, and whether its code came from disk."""
    for name in [name for name in sys.modules if name.startswith(GENERATED)]:
        if "value" in vars(sys.modules[name]) and len(vars(sys.modules[name])) < 15:
            del sys.modules[name]
    made = load(TEXT).value
    return made(1.0), bool(made._cache_hits)


def code(place: Path) -> Path:
    (found,) = (path for path in (place / "kernels").iterdir() if path.name.startswith("value-"))
    return found


@pytest.fixture
def kept(place) -> Path:
    assert run() == (2.0, False)
    assert run() == (2.0, True)
    return code(place)


def flipped(data: bytes) -> bytes:
    return data[:-100] + bytes([data[-100] ^ 1]) + data[-99:]


@pytest.mark.parametrize("damage", [flipped, lambda d: d[:-1], lambda d: d[:20], lambda d: b"", lambda d: d + b"."])
def test_a_damaged_file_is_rebuilt_in_silence(place, kept, damage) -> None:
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert run() == (2.0, False)
        assert run() == (2.0, True)
    assert code(place) == kept


def test_code_under_the_name_of_another_function_is_not_used(place, kept) -> None:
    data = kept.read_bytes()
    cache.write("kernels", "other", b"other")
    kept.write_bytes((place / "kernels" / "other").read_bytes())
    assert run() == (2.0, False)
    kept.write_bytes(data)
    assert run() == (2.0, True)


def test_what_is_no_code_of_this_numba_is_compiled_again(kept) -> None:
    cache.write("kernels", kept.name, pickle.dumps((1, 2, 3)))
    assert run() == (2.0, False)


def test_the_source_on_disk_is_to_be_read_and_never_runs(place, kept) -> None:
    (source,) = (place / "kernels").glob("*.py")
    source.write_text(source.read_text().replace("1.0", "2.0"))
    assert run() == (2.0, True)
    assert "1.0" in source.read_text()


def planted(path: Path, trace: Path) -> bytes:
    payload = pickle.dumps(Planted(trace))
    return cache._sealed(path.name, payload) + payload


@posix
def test_files_and_folders_are_the_users_alone(place, kept) -> None:
    assert (place / "kernels").stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (place / "kernels").iterdir())
    (place / "kernels").chmod(0o777)
    assert run() == (2.0, True)
    assert (place / "kernels").stat().st_mode & 0o777 == 0o700


@posix
def test_a_file_that_others_may_write_is_not_used(kept, tmp_path) -> None:
    kept.write_bytes(planted(kept, tmp_path / "trace"))
    kept.chmod(0o666)
    assert run() == (2.0, False)
    assert not (tmp_path / "trace").exists()


@as_root
def test_a_file_of_somebody_else_is_not_used(kept, tmp_path) -> None:
    kept.write_bytes(planted(kept, tmp_path / "trace"))
    os.chown(kept, 12345, -1)
    assert run() == (2.0, False)
    assert not (tmp_path / "trace").exists()


@posix
def test_a_linked_file_or_a_pipe_is_not_followed(kept, tmp_path) -> None:
    (tmp_path / "elsewhere").write_bytes(planted(kept, tmp_path / "trace"))
    kept.unlink()
    kept.symlink_to(tmp_path / "elsewhere")
    assert run() == (2.0, False)
    assert not (tmp_path / "trace").exists()
    kept.unlink()
    os.mkfifo(kept)
    assert run() == (2.0, False)


def unusable(kind: str, place: Path, monkeypatch) -> None:
    if kind == "a file":
        place.mkdir()
        (place / "kernels").write_text("")
    elif kind == "above a file":
        place.write_text("")
    elif kind == "a link":
        place.mkdir()
        (place.parent / "elsewhere").mkdir()
        (place / "kernels").symlink_to(place.parent / "elsewhere")
    elif kind == "somebody else's":
        (place / "kernels").mkdir(parents=True)
        os.chown(place / "kernels", 12345, -1)
    elif kind == "full":

        def full(*_: Any, **__: Any) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(os, "replace", full)
    elif kind == "read-only":
        monkeypatch.setenv("TRIPARTITE_CACHE", "/proc/tripartite")
    elif kind == "absent":
        for name in ("TRIPARTITE_CACHE", "XDG_CACHE_HOME"):
            monkeypatch.delenv(name, raising=False)

        def homeless() -> Path:
            raise RuntimeError("Could not determine home directory.")

        monkeypatch.setattr(Path, "home", homeless)


KINDS = ["a file", "above a file", "a link", "full", "read-only", "absent"]


@posix
@pytest.mark.parametrize("kind", [*KINDS, pytest.param("somebody else's", marks=as_root)])
def test_without_a_folder_code_is_compiled_in_memory_and_that_is_said_once(place, monkeypatch, kind) -> None:
    unusable(kind, place, monkeypatch)
    with pytest.warns(RuntimeWarning, match="TRIPARTITE_CACHE") as said:
        assert run() == (2.0, False)
        assert run() == (2.0, False)
    assert len(said) == 1
    left = [path for path in place.rglob("*")] if place.is_dir() else []
    assert all(path.name == "kernels" for path in left)


def test_pints_definitions_are_read_as_they_were_written(place, tmp_path) -> None:
    definitions.registry()
    room = place / definitions._ROOM
    before = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in room.iterdir()}
    assert f"{definitions.registry().Unit('uM')}" == "micromolar"
    assert before == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in room.iterdir()}
    for path in room.glob("*.pickle"):
        path.write_bytes(pickle.dumps(Planted(tmp_path / "trace")))
    assert f"{definitions.registry().Unit('uM')}" == "micromolar"
    assert not (tmp_path / "trace").exists()
    assert before.keys() == {path.name for path in room.iterdir()}


_HOMELESS = """
import pwd

def nobody(uid):
    raise KeyError(uid)

pwd.getpwuid = nobody
import tripartite as tp
print(tp.units.uM)
"""


@posix
def test_the_package_is_imported_without_a_home_folder(tmp_path) -> None:
    bare = {k: v for k, v in os.environ.items() if k not in ("HOME", "XDG_CACHE_HOME", "TRIPARTITE_CACHE")}
    for place, warned in (({}, True), ({"TRIPARTITE_CACHE": str(tmp_path)}, False)):
        done = subprocess.run(
            [sys.executable, "-c", _HOMELESS], env=bare | place, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0 and "micromolar" in done.stdout, done.stderr
        assert ("TRIPARTITE_CACHE" in done.stderr) is warned
