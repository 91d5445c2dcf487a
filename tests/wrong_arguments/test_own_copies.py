"""What was passed to a constructor may change afterwards: the object that was made of it does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import xarray as xr

import tripartite as tp
from tripartite import network as n
from tripartite.errors import TripartiteError
from tripartite.units import Quantity, mV, nS

from .call import STILL, Call, Decay
from .rooms import ROOMS


def loose(value: Any) -> Any:
    """``value`` in a form that can be changed in place, or None where there is none."""
    if isinstance(value, Quantity):
        return Quantity(np.array(value.magnitude, dtype=float), value.units)
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, float) and not isinstance(value, bool):
        return np.array(value)
    if isinstance(value, list):
        return [item if loose(item) is None else loose(item) for item in value]
    if isinstance(value, dict):
        return {name: item if loose(item) is None else loose(item) for name, item in value.items()}
    return None


def spoil(value: Any) -> None:
    """Change all of what `loose` returned in place."""
    if isinstance(value, Quantity):
        spoil(value.magnitude)
    elif isinstance(value, np.ndarray):
        value[...] = value[::-1].copy() if value.dtype.kind not in "iuf" else 7 * value + 3
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            spoil(item)
        value.clear()


def content(item: Any, depth: int = 4, seen: tuple[int, ...] = ()) -> Any:
    """All numbers and words that an object holds."""
    if isinstance(item, Quantity):
        return content(item.magnitude), str(item.units)
    if isinstance(item, xr.DataArray | xr.Dataset):
        return str(item.to_dict())
    if isinstance(item, np.ndarray | np.generic):
        return np.asarray(item).tolist()
    if isinstance(item, dict):
        return {name: content(value, depth - 1, seen) for name, value in item.items()} if depth else ()
    if isinstance(item, list | tuple | set):
        return [content(value, depth - 1, seen) for value in item] if depth else ()
    if type(item).__module__.startswith("tripartite") and depth and id(item) not in seen:
        return type(item).__name__, content(dict(vars(item)), depth - 1, (*seen, id(item)))
    return item if isinstance(item, str | int | float | None) else type(item).__name__


def writable(item: Any) -> Iterator[str]:
    """Names under which an object holds arrays that could be written to."""
    for name, value in vars(item).items():
        listed = value.values() if isinstance(value, dict) else value if isinstance(value, list) else (value,)
        for one in listed:
            array = one.magnitude if isinstance(one, Quantity) else getattr(one, "values", one)
            if isinstance(array, np.ndarray) and array.flags.writeable:
                yield name


def differing() -> list[Call]:
    """Values for each cell, synapse and contact, where the rooms give one for all."""
    cells = n.Population(tp.models.CobaNeuron(), 4)
    synapse = tp.Compartment(tp.mechanisms.StaticSynapse())
    four = np.arange(1.0, 5.0)
    return [
        Call(n.Population, {"model": tp.models.CobaNeuron(), "size": 4, "values": {"v": -60 * four * mV}}),
        Call(n.Projection, {"pre": cells, "post": cells, "synapse": synapse, "rule": n.rules.OneToOne(),
                            "values": {"weight": four * nS}, "delay": four * tp.units.ms}),
        Call(n.Coupling, {"cells": n.Population(tp.models.Chi(), 4), "mechanism": tp.mechanisms.Ip3Coupling(),
                          "neighbours": n.rules.Ring(), "values": {"coupling": np.ones(8) * tp.units.uM / tp.units.s}}),
        Call(tp.Recording, {"times": np.arange(3.0), "values": np.ones(3), "sigma": np.ones(3)}),
    ]  # fmt: skip


@pytest.mark.parametrize("call", differing(), ids=lambda call: call.label)
def test_objects_hold_what_was_passed_as_it_was(call):
    call._direct(**call.good)
    assert not list(tied(call))


@pytest.mark.slow
@pytest.mark.parametrize("room", ROOMS)
def test_every_object_holds_what_was_passed_as_it_was(room, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    calls = [call for call in ROOMS[room]() if isinstance(call.covers, type)]
    assert not [(call.label, what) for call in calls for what in tied(call)]


def tied(call: Call) -> Iterator[str]:
    """Arguments with which an object changes, and its arrays that can be written to."""
    for argument in call.replaced:
        given = loose(call.good[argument])
        if given is None:
            continue
        try:
            made = call._direct(**{**call.good, argument: given})
        except TripartiteError:  # some ask for plain numbers
            continue
        if not hasattr(made, "__dict__"):
            continue
        before = content(made)
        yield from writable(made)
        spoil(given)
        if content(made) != before:
            yield argument


def test_results_and_recordings_are_not_written_to_and_forget_what_was_passed():
    save = Quantity(np.array([0.1, 0.2]), "s")
    result = tp.simulate(Decay(), STILL, until=1 * tp.units.s, save_at=save)
    save += Quantity(0.5, "s")
    assert result.provenance["saved"]["save_at"]["quantity"] == [0.1, 0.2]
    recording = tp.Recording.of(result["x"])
    held = (result["x"], result["time"], result.data["cell.x"], recording, recording.data, recording.present())
    for values in held:
        with pytest.raises(ValueError, match="read-only"):
            values.values[:] = 9
    result["x"].attrs["units"] = "nM"
    result["x"].values = np.zeros(2)
    assert result["x"].attrs["units"] == "uM" and np.all(result["x"] > 0)


def test_what_is_read_from_a_large_folder_is_ones_own(tmp_path, monkeypatch):
    monkeypatch.setattr("tripartite.language.storage._SMALL", 0)
    saved = tp.simulate(Decay(), STILL, until=1 * tp.units.s).save(tmp_path / "run.zarr")
    result = tp.Result.load(saved)
    before = result["x"].values.copy()
    values = result["x"].values
    values[:] = 9
    assert np.array_equal(result["x"], before)


def test_the_law_sees_what_is_tied():
    class Tied:
        def __init__(self, values):
            self.values = values

    assert set(tied(Call(Tied, {"values": np.ones(3)}))) == {"values"}
