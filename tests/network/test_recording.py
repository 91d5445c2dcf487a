"""What is recorded, under which names, units and shapes."""

from __future__ import annotations

import numpy as np
import pytest

import tripartite as tp
from tests.network.small import ensheathed
from tripartite.errors import ArgumentError, NetworkError, RangeError, UnknownNameError
from tripartite.network.recording import Average, Spikes, States, Synapses
from tripartite.units import ms, s


@pytest.fixture(scope="module")
def network():
    return ensheathed()


@pytest.fixture(scope="module")
def default(network):
    return network.run(until=0.1 * s, threads=1)


def test_by_default_spikes_and_averages_of_states_are_kept(default):
    assert {"neurons.v.mean", "neurons.v.sd", "astrocytes.ca.mean", "astrocytes.ip3.sd"} <= set(default.names)
    np.testing.assert_allclose(default.time, np.arange(11) * 0.01, rtol=1e-12)
    assert default["neurons.v.mean"].attrs["units"] == "mV"
    assert default.data["neurons.spike.times"].attrs["units"] == "s"
    events = default.events("spike")
    assert set(events) == {"time", "cell"} and (np.diff(events["time"]) >= 0).all()
    assert int(events["cell"].min()) >= 0 and int(events["cell"].max()) < 300


def test_averages_are_those_of_the_cells(network):
    cells = network.groups["neurons"][20:70]
    clock = ["v", "since", "responsiveness"]
    result = network.run(until=0.05 * s, record=[States(cells, *clock), Average(cells, *clock, every=1 * ms)])
    for name in clock:
        each = result[f"neurons_20_70.{name}"].values
        np.testing.assert_allclose(result[f"neurons_20_70.{name}.mean"].values, each.mean(axis=1), rtol=1e-10)
        np.testing.assert_allclose(result[f"neurons_20_70.{name}.sd"].values, each.std(axis=1), rtol=1e-6, atol=1e-9)


def test_a_clock_counts_the_time_since_the_last_spike(network):
    cells = network.groups["neurons"]
    result = network.run(until=0.1 * s, record=[Spikes(cells), States(cells, "since", every=0.1 * ms)], threads=1)
    cell = int(result.data["neurons.spike.cells"][0])
    spikes = result.data["neurons.spike.times"].values[result.data["neurons.spike.cells"].values == cell] * 1000
    time, since = result["time"].values * 1000, result["neurons.since"].values[:, cell]
    for now, value in zip(time, since, strict=True):
        past = spikes[spikes <= now + 1e-6]
        if len(past):
            assert value == pytest.approx(now - past[-1], abs=1e-6)


def test_an_output_follows_from_the_states(network):
    cells = network.groups["astrocytes"]
    values = {e.key.rsplit(".", 1)[-1]: e.value for e in cells.model.system.parameters}
    result = network.run(
        until=3 * s, record=States(cells[[0, 7]], "ca", "sic", every=100 * ms, name="astrocytes"), threads=1
    )
    above = np.maximum((result["astrocytes.ca"].values - values["sic_threshold"]) / values["sic_onset"], 1)
    assert above.max() > 1
    np.testing.assert_allclose(result["astrocytes.sic"].values, values["sic_strength"] * np.log(above), rtol=1e-10)


def test_synapses_are_recorded_where_they_are_at_the_sample(network):
    """Depression recovers between releases by its closed form, whenever the state was last touched."""
    edges = network.projections[0]
    record = [Synapses(edges, "x", "y", "weight", every=0.1 * ms), Spikes(network.groups["neurons"])]
    result = network.run(until=0.06 * s, record=record, threads=1)
    values = {e.key.rsplit(".", 1)[-1]: e.value for e in edges.model.system.parameters}
    x, y = result["synapses0.x"].values, result["synapses0.y"].values
    assert x.min() < 0.99 and (result["synapses0.weight"].values == values["weight"]).all()
    pre = result.data["synapses0.pre"].values
    first = int(result.data["neurons.spike.cells"][result.data["neurons.spike.cells"] < 200][0])
    mine = np.flatnonzero(pre == first)
    assert (x[:, mine] == x[:, mine[:1]]).all()
    quiet = np.flatnonzero(y[:-1, mine[0]] * np.exp(-0.1 / values["tau_psc"]) - y[1:, mine[0]] > -1e-12)
    rate = (x[quiet + 1, mine[0]] - x[quiet, mine[0]]) / 0.1
    middle = (x[quiet + 1] + x[quiet])[:, mine[0]] / 2, (y[quiet + 1] + y[quiet])[:, mine[0]] / 2
    error = (0.1 / values["tau_psc"]) ** 2 / 12 / values["tau_rec"]  # of the trapezium, for y of 1
    np.testing.assert_allclose(rate, (1 - middle[0] - middle[1]) / values["tau_rec"], rtol=0, atol=error)


def test_recording_synapses_does_not_change_them(network):
    spikes = Spikes(network.groups["neurons"])
    plain = network.run(until=0.1 * s, record=[spikes], threads=1)
    other = network.run(until=0.1 * s, record=[spikes, Synapses(network.projections[0], every=1 * ms)], threads=1)
    np.testing.assert_array_equal(plain.data["neurons.spike.times"], other.data["neurons.spike.times"])


def test_slices_are_recorded_under_their_own_names(network):
    cells = network.groups["neurons"]
    record = [Spikes(cells[:200]), Spikes(cells[200:], name="inhibitory"), Spikes(cells)]
    result = network.run(until=0.1 * s, record=record, threads=1)
    parts = [len(result.events(f"{name}.spike")["time"]) for name in ("neurons_0_200", "inhibitory", "neurons")]
    assert parts[0] + parts[1] == parts[2] > 0
    assert result.data["inhibitory.spike.cells"].values.min() >= 200


def test_different_intervals_have_their_own_times(network):
    cells = network.groups["neurons"]
    record = [States(cells[1], "v", every=0.3 * ms, name="neurons"), Average(cells, "v", every=2 * ms)]
    result = network.run(until=6 * ms, record=record, threads=1)
    assert result["neurons.v"].dims == ("time", "neurons_cell") and result["neurons.v"].shape == (21, 1)
    np.testing.assert_allclose(result["time_2_ms"], [0, 0.002, 0.004, 0.006], rtol=1e-12)


@pytest.mark.parametrize("every", [0.1, 0.2, 0.3])
def test_records_of_one_interval_share_their_times(network, every, tmp_path):
    """Also where a time is no short binary number: once synapses and cells told it with other last bits."""
    cells, edges = network.groups["neurons"], network.projections[0]
    records = [
        States(cells[[0]], "v", every=every * ms, name="neurons"),
        Synapses(edges, "x", every=every * ms),
        Spikes(cells),
    ]
    kept = network.run(until=30 * ms, record=records, threads=1)
    streamed = network.run(until=30 * ms, record=records, threads=1, stream_to=tmp_path / "run.zarr")
    samples = round(30 / every) + 1
    for result in (kept, streamed):
        assert len(result["neurons.v"]) == len(result["synapses0.x"]) == samples
        np.testing.assert_allclose(result["time"].values, np.arange(samples) * every * 1e-3, rtol=1e-14)
    whole = {round(time * 1e4): time for time in kept["time"].values}
    for time in kept.data["neurons.spike.times"].values:
        assert whole.get(round(time * 1e4), time) == time


def test_results_survive_saving(default, tmp_path):
    loaded = tp.Result.load(default.save(tmp_path / "run.nc"))
    np.testing.assert_array_equal(loaded["neurons.v.mean"], default["neurons.v.mean"])
    populations = loaded.provenance["network"]["populations"]
    assert populations["astrocytes"]["size"] == 300 and "model" in populations["neurons"]


def test_a_network_is_drawn_as_rasters_and_averages(default):
    labels = [axes.get_ylabel() for axes in default.plot().axes]
    assert {"neurons\nspike\n(cell)", "neurons\nv\nmean ± s.d.\n(mV)"} <= set(labels)
    assert [axes.get_ylabel() for axes in default.plot("neurons.v.mean").axes] == ["neurons\nv\nmean ± s.d.\n(mV)"]


def test_refused_records(network):
    cells = network.groups["neurons"]
    refused = {
        "recorded twice": (NetworkError, [Spikes(cells), Spikes(cells)]),
        "steps of the network": (RangeError, [States(cells, "v", every=0.25 * ms)]),
        "no state, output or input": (UnknownNameError, [States(cells, "voltage")]),
        "no event": (UnknownNameError, [Spikes(cells, "release")]),
        "`Record`": (ArgumentError, ["v"]),
    }
    simulation = network.start(threads=1)
    for message, (kind, record) in refused.items():
        with pytest.raises(kind, match=message):
            simulation.run(1 * ms, record)
    with pytest.raises(NetworkError, match="projection"):
        Synapses(cells, "v", every=1 * ms)
