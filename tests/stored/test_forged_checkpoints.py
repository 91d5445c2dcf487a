"""A checkpoint is checked before kernels, which trust what they are given, go on from it."""

import copy

import numpy as np
import pytest

from tests.network.small import ensheathed
from tripartite.errors import TripartiteError
from tripartite.network.run import checkpoint
from tripartite.network.run.serial import protocol_from, record_from
from tripartite.network.run.simulation import Simulation


@pytest.fixture(scope="module")
def network():
    return ensheathed(neurons=60, astrocytes=20)


@pytest.fixture(scope="module")
def whole(network):
    meta, arrays = checkpoint.state(Simulation(network, threads=2))
    return {"meta": meta}, arrays


def put(place, value):
    def change(content, arrays):
        arrays[place][:] = value

    return change


def meta(name, value):
    def change(content, arrays):
        content["meta"][name] = value

    return change


def drop(content, arrays):
    del arrays["neurons_constants"]


def grow(content, arrays):
    arrays["neurons_spikes0_ring"] = np.zeros(7, np.int32)


def beyond(content, arrays):
    arrays["neurons_spikes0_counts"][0] = 2
    arrays["neurons_spikes0_ring"][:2] = 0, 10**6


FORGED = {
    "counts below 0": put("neurons_spikes0_counts", -1),
    "counts beyond the ring": put("neurons_spikes0_counts", 10**9),
    "cells that are none": beyond,
    "a ring of another length": grow,
    "an array is missing": drop,
    "an array too many": lambda content, arrays: arrays.update(other=np.zeros(3)),
    "another shape": lambda content, arrays: arrays.update(inputs_mean=np.zeros((2, 2))),
    "numbers as text": lambda content, arrays: arrays.update(inputs_mean=np.array(["1"])),
    "a rate without end": put("inputs_mean", 1e30),
    "no rate": put("inputs_mean", np.nan),
    "a forged base": lambda content, arrays: arrays.update({"base/neurons_constants": np.zeros(1)}),
    "time": meta("now", -1),
    "time as text": meta("now", "1"),
    "threads": meta("threads", 10**6),
    "no threads": meta("threads", 0),
    "primed": meta("primed", "yes"),
    "varying": meta("varying", {"neurons": ["no such constant"]}),
    "varying cells": meta("varying", {"nobody": ["v"]}),
    "heard": meta("heard", 3),
    "seed": meta("seed", 2**70),
    "no facts": lambda content, arrays: content.update(meta=[]),
}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_checkpoint_is_refused(network, whole, forgery) -> None:
    content, arrays = copy.deepcopy(whole)
    FORGED[forgery](content, arrays)
    with pytest.raises(TripartiteError):
        checkpoint.restored(network, content, arrays, 1, None)


def test_a_whole_checkpoint_is_taken(network, whole) -> None:
    content, arrays = copy.deepcopy(whole)
    made = checkpoint.restored(network, content, arrays, 1, None)
    np.testing.assert_array_equal(made["neurons_constants"], arrays["neurons_constants"])


@pytest.mark.parametrize(
    "place",
    [
        ["cells", "neurons", 0, 10**9],
        ["cells", "neurons", -5, 3],
        ["cells", "neurons", 5, 5],
        ["cells", "neurons", 0.0, 3],
        ["cells", "nobody", 0, 1],
        ["cells", "neurons"],
        ["synapses", -1],
        ["synapses", "0"],
        ["input", 99],
        "cells",
        {},
    ],
)
def test_forged_ranges_of_cells_are_refused(network, place) -> None:
    with pytest.raises(TripartiteError):
        record_from(network, {"kind": "Spikes", "of": place, "names": [], "name": None})
    with pytest.raises(TripartiteError):
        protocol_from(network, [{"on": place, "protocol": {"object": "tripartite.language.protocol:Nothing"}}])


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "Network", "of": ["cells", "neurons", 0, 1], "names": [], "name": None},
        {"kind": "Spikes", "of": ["cells", "neurons", 0, 1], "names": [3], "name": None},
        {"kind": "Spikes", "of": ["cells", "neurons", 0, 1], "names": [], "name": 3},
        {"kind": "States", "of": ["cells", "neurons", 0, 1], "names": [], "name": None, "every": "9**9**9"},
        [],
        None,
    ],
)
def test_forged_records_are_refused(network, data) -> None:
    with pytest.raises(TripartiteError):
        record_from(network, data)


def test_a_network_cannot_be_made_to_call_what_a_file_names(network) -> None:
    data = [{"on": ["cells", "neurons", 0, 1], "protocol": {"object": "os:system", "fields": {"command": "false"}}}]
    with pytest.raises(TripartiteError, match="os:system"):
        protocol_from(network, data)
