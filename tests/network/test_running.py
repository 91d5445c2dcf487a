"""Runs of whole networks: stretches, threads, protocols on chosen cells, failures, memory."""

from __future__ import annotations

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import share_cells
from tests.network.small import ensheathed
from tripartite.errors import ArgumentError, DivergedError, NetworkError, RangeError, WiringError
from tripartite.interpret.kernels import cores
from tripartite.mechanisms import LiRinzel
from tripartite.network.network import Network
from tripartite.network.population import Population
from tripartite.network.recording import Average, Spikes, States
from tripartite.network.stimuli import On
from tripartite.protocols import Constant, SpikeTrain, Steps
from tripartite.units import Hz, ms, s, uM


@pytest.fixture(scope="module")
def network():
    return ensheathed()


@pytest.fixture(scope="module")
def records(network):
    neurons, astrocytes = network.groups["neurons"], network.groups["astrocytes"]
    return [Spikes(neurons), States(neurons, "v", "g_e", every=1 * ms), Average(astrocytes, "ca", every=10 * ms)]


@pytest.fixture(scope="module")
def control(network, records):
    return network.run(until=0.2 * s, record=records, threads=1)


def assert_same(first, second):
    for name in first.data.variables:
        if name != "status":
            np.testing.assert_array_equal(first.data[name].values, second.data[name].values, err_msg=str(name))


def test_a_run_does_not_depend_on_the_number_of_threads(network, records, control):
    assert len(control.data["neurons.spike.times"]) > 100
    assert_same(control, network.run(until=0.2 * s, record=records, threads=2))


def test_what_is_recorded_changes_nothing(network, control):
    other = network.run(until=0.2 * s, record=Spikes(network.groups["neurons"]), threads=1)
    np.testing.assert_array_equal(control.data["neurons.spike.times"], other.data["neurons.spike.times"])


def test_another_seed_gives_other_spikes(network, control):
    other = network.run(until=0.2 * s, record=Spikes(network.groups["neurons"]), threads=1, seed=1)
    first, second = control.data["neurons.spike.times"].values, other.data["neurons.spike.times"].values
    assert len(first) != len(second) or (first != second).any()


def test_stretches_join_to_one_run(network, records, control):
    simulation = network.start(threads=1)
    parts = [simulation.run(duration, records) for duration in (0.05 * s, 0.0323 * s, 0.1177 * s)]
    assert simulation.time.to("ms").magnitude == pytest.approx(200, rel=1e-12)
    for name in ("neurons.spike.times", "neurons.spike.cells", "neurons.v", "astrocytes.ca.mean", "time"):
        joined = np.concatenate([part.data[name].values for part in parts])
        np.testing.assert_array_equal(joined, control.data[name].values)


def test_a_perturbation_acts_on_chosen_cells_while_it_lasts(network, records, control):
    cells = network.groups["neurons"]
    leaky = On(cells[:100], tp.Perturbation("leak", {"g_l": 5.0}, at=0.05 * s, stop=0.1 * s))
    perturbed = network.run(until=0.2 * s, record=records, protocol=leaky, threads=1)
    v, before = perturbed["neurons.v"].values, control["neurons.v"].values
    np.testing.assert_array_equal(v[:51], before[:51])
    during = slice(75, 100)
    assert v[during, :100].mean() < before[during, :100].mean() - 5
    assert abs(v[during, 100:].mean() - before[during, 100:].mean()) < 1
    assert abs(v[150:, :100].mean() - before[150:, :100].mean()) < 2
    assert perturbed.provenance["bars"] == [["leak (neurons[:100] of 300)", 0.05, 0.1]]


def test_two_perturbations_of_one_cell_multiply_and_the_first_survives_the_second(network):
    cells = network.groups["neurons"]
    both = On(cells, tp.Perturbation("a", {"g_l": 2.0}, at=0 * s)) & On(
        cells[:10], tp.Perturbation("b", {"g_l": 3.0}, at=1 * ms, stop=2 * ms)
    )
    simulation = network.start(threads=1)
    simulation.run(1.5 * ms, [], protocol=both)
    row = simulation["neurons_neuron_AdaptiveExponential_g_l"]
    np.testing.assert_allclose(row[:300], np.where(np.arange(300) < 10, 6.0, 2.0) * 30, rtol=1e-12)
    simulation.run(1 * ms, [])
    np.testing.assert_allclose(row[:300], 60.0, rtol=1e-12)
    simulation.run(1 * ms, [], protocol=tp.language.protocol.Nothing())
    np.testing.assert_allclose(row[:300], 30.0, rtol=1e-12)


def test_events_from_a_protocol_follow_the_closed_form_of_an_alpha_conductance(network):
    cells, source = network.groups["neurons"], network.inputs[0]
    silent = On(source, Steps("rate", [0] * s, [0] * Hz))
    sent = On(cells[3:5], SpikeTrain([10.0] * ms, event="excitation"))
    states = States(cells[[3, 5]], "g_e", every=0.1 * ms, name="neurons")
    result = network.run(until=30 * ms, record=states, protocol=silent & sent, threads=1)
    time = result["time"].values * 1000
    since = np.maximum(time - 10, 0)
    expected = np.e * since / 2 * np.exp(-since / 2)
    np.testing.assert_allclose(result["neurons.g_e"].values[:, 0], expected, rtol=1e-9, atol=1e-15)
    assert not result["neurons.g_e"].values[:, 1].any()


def test_an_event_within_a_slow_step_has_decayed_by_its_end(network):
    glia, source = network.groups["astrocytes"], network.inputs[0]
    silent = On(source, Steps("rate", [0] * s, [0] * Hz))
    at = 10.3
    states = States(glia[:2], "ip3", every=1 * ms, name="astrocytes")
    protocol = silent & On(glia[:1], SpikeTrain([at] * ms, event="release"))
    result = network.run(until=20 * ms, record=states, protocol=protocol, threads=1)
    values = {e.key.rsplit(".", 1)[-1]: e.value for e in glia.model.system.parameters}
    apart = result["astrocytes.ip3"].values[:, 0] - result["astrocytes.ip3"].values[:, 1]
    since = np.arange(21) - at
    expected = np.where(since > 0, values["ip3_jump"] * np.exp(-since / values["ip3_tau"]), 0)
    np.testing.assert_allclose(apart, expected, rtol=1e-9, atol=1e-14)


def test_synapses_are_perturbed_by_projection(network):
    edges, cells = network.projections[0], network.groups["neurons"]
    protocol = On(edges, tp.Perturbation("no release", {"weight": 0.0}, at=0 * s)) & On(
        network.inputs[0], Steps("rate", [0, 0.1] * s, [2000, 0] * Hz)
    )
    result = network.run(until=0.15 * s, record=Average(cells, "g_e"), protocol=protocol, threads=1)
    assert result["neurons.g_e.mean"].values[5:11].min() > 1
    assert result["neurons.g_e.mean"].values[-1] < 1e-6


@pytest.fixture(scope="module")
def glia():
    return Network(glia=Population(LiRinzel(), 4), step=1 * ms)


def test_inputs_driven_cell_by_cell_agree_with_single_cells(glia):
    cells = glia.groups["glia"]
    protocol = On(cells[:2], Constant(ip3=0.5 * uM)) & On(cells[2:], Steps("ip3", [0, 1] * s, [0.1, 0.6] * uM))
    result = glia.run(until=2 * s, record=States(cells, "ca", every=100 * ms), protocol=protocol, threads=1)
    for cell, drive in ((0, Constant(ip3=0.5 * uM)), (3, Steps("ip3", [0, 1] * s, [0.1, 0.6] * uM))):
        alone = tp.simulate(LiRinzel(), drive, until=2 * s, save_every=100 * ms)
        np.testing.assert_allclose(result["glia.ca"].values[:, cell], alone["ca"].values, rtol=2e-5)


def test_an_input_without_a_value_is_named(glia):
    with pytest.raises(WiringError, match=r"`cell\.ip3` \(uM\) of `glia`"):
        glia.run(until=1 * s)
    with pytest.raises(WiringError, match="some cells of `glia`"):
        glia.run(until=1 * s, protocol=On(glia.groups["glia"][:2], Constant(ip3=0.5 * uM)))


def test_overlapping_drives_and_misplaced_protocols_are_refused(network, glia):
    cells = glia.groups["glia"]
    with pytest.raises(NetworkError, match=r"`cell.ip3` of cell 1 of `glia`"):
        drives = On(cells[:2], Constant(ip3=0.5 * uM)) & On(cells[1:], Constant(ip3=0.1 * uM))
        glia.run(until=1 * s, protocol=drives)
    constant, steps = Constant(ip3=0.5 * uM), Steps("ip3", [0, 0.5] * s, [0.1, 0.2] * uM)
    for drives in (On(cells, constant) & On(cells, steps), On(cells, steps) & On(cells, constant)):
        with pytest.raises(NetworkError, match=r"one protocol; `cell.ip3`.*by both (Constant|Steps)\(.*one `Steps`"):
            glia.run(until=1 * s, protocol=drives)
    with pytest.raises(NetworkError, match=r"by both Constant.* and Steps"):
        glia.run(until=1 * s, protocol=On(cells, constant & steps))
    with pytest.raises(NetworkError, match="chosen cells"):
        network.run(until=1 * s, protocol=Constant(ip3=0.5 * uM))
    with pytest.raises(NetworkError, match="no network"):
        tp.simulate(LiRinzel(), On(cells, Constant(ip3=0.5 * uM)), until=1 * s)
    with pytest.raises(RangeError, match="uptake"):
        glia.run(until=1 * s, protocol=On(cells, Constant(ip3=0.5 * uM) & _negative()))


def _negative():
    return tp.Perturbation("backwards", {"uptake": -1.0}, at=0 * s)


def test_numbers_that_diverge_are_reported_with_what_was_recorded():
    cells = Population(LiRinzel(), 3, step=4000 * ms, values={"uptake": [0.0009, 0.0009, 0.9] * uM / ms})
    network = Network(glia=cells, step=100 * ms)
    protocol = On(cells, Constant(ip3=0.5 * uM))
    with pytest.raises(DivergedError, match=r"`cell\.\w+` of cell \d of `glia`.* between .* s and .* s") as caught:
        network.run(until=4000 * s, record=States(cells, "ca", every=4 * s), protocol=protocol, threads=1)
    kept = caught.value.result
    assert not kept.ok and np.isfinite(kept["glia.ca"].values[0]).all() and len(kept["time"]) > 1


@pytest.mark.parametrize("until", [0 * s, 0.25 * ms])
def test_refused_lengths(network, until):
    with pytest.raises(RangeError):
        network.run(until=until)


@pytest.mark.parametrize("seed", [-1, True, 1.0, 2**63])
def test_refused_seeds(network, seed):
    with pytest.raises(ArgumentError, match="`seed` is a whole number"):
        network.run(until=1 * s, seed=seed)


def test_threads_are_counted(network):
    with pytest.raises(ArgumentError, match="`threads` is a whole number"):
        network.start(threads=0)


def test_a_network_takes_the_cores_that_its_process_may_use(network, monkeypatch):
    share_cells(monkeypatch, 1)
    monkeypatch.setattr(cores, "COUNT", 3)
    assert network.start().threads == 3


def test_threads_that_would_have_no_cells_are_not_started(network):
    assert network.start(threads=5).threads == 2  # its 300 neurons are two blocks


def test_a_network_beyond_memory_is_refused_before_it_is_built():
    huge = ensheathed(neurons=2_000_000, astrocytes=1000)
    assert huge.estimate() > 2**40
    with pytest.raises(NetworkError, match="GiB"):
        huge.start()


def test_the_estimate_covers_what_is_used(network):
    used = network.start(threads=1).layout.memory.bytes
    assert used < network.estimate() < 3 * used
