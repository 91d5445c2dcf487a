"""Connections have names, as populations have: in results, tables, errors and stored runs."""

import numpy as np
import pytest

import tripartite as tp
from tests.network.probes import interpret, simulate
from tripartite import network as net
from tripartite.errors import ArgumentError, NetworkError, UnknownNameError
from tripartite.mechanisms import LinearIp3Coupling, StaticSynapse
from tripartite.network import rules
from tripartite.network.roles import post
from tripartite.units import ms, nS


def parts():
    cells = net.Population(tp.models.CobaNeuron(), 6)
    glia = net.Population(tp.models.Chi(), 4, step=1 * ms)
    synapse = tp.Compartment(StaticSynapse())
    wiring = [synapse.conductance >> post.excitation]
    values = {"weight": net.Uniform(1 * nS, 2 * nS)}

    def projection():
        return net.Projection(
            cells, cells, synapse=synapse, rule=rules.PairwiseBernoulli(0.5), wiring=wiring, values=values
        )

    return cells, glia, projection, net.Coupling(glia, LinearIp3Coupling(), rules.Ring())


def test_names_lead_to_connections_and_into_results_and_tables(monkeypatch, tmp_path):
    interpret(monkeypatch)
    cells, glia, projection, junctions = parts()
    recurrent, forward = projection(), projection()
    network = net.Network(
        neurons=cells, glia=glia, connections={"forward": forward, "junctions": junctions, "recurrent": recurrent}
    )
    assert network["recurrent"] is recurrent and network["junctions"] is junctions and network["neurons"] is cells
    assert list(network.connections) == ["forward", "junctions", "recurrent"]
    record = [net.Synapses(network["recurrent"], "weight", every=1 * ms), net.Synapses(forward, every=1 * ms, name="x")]
    stronger = net.On(network["recurrent"], tp.Perturbation("more", {"weight": 2.0}, at=2 * ms))
    more = net.On(junctions, tp.Perturbation("more", {"permeability": 2.0}, at=2 * ms))
    run = {"until": 4 * ms, "record": record, "protocol": stronger & more, "threads": 1}
    result = network.run(**run, stream_to=tmp_path / "run.zarr")
    assert result["recurrent.weight"].dims == ("time", "recurrent_synapse")
    np.testing.assert_allclose(result["recurrent.weight"][-1], 2 * result["recurrent.weight"][0], rtol=1e-12)
    assert {"recurrent.pre", "recurrent.post", "x.pre"} <= set(result.data.coords)
    assert [p["name"] for p in result.provenance["network"]["projections"]] == ["forward", "recurrent"]
    again = network.resume(tmp_path / "run.zarr", threads=1)
    np.testing.assert_array_equal(again["recurrent.weight"], result["recurrent.weight"])
    assert {row.projection for row in network.placement().rows} == {"forward", "recurrent"}
    for shown in (repr(network), network._repr_html_(), str(network.placement())):
        assert "recurrent" in shown
    assert "junctions" in repr(network)
    monkeypatch.setattr("tripartite.memory.available", lambda: 0.0)
    with pytest.raises(NetworkError, match="synapses in `recurrent`"):
        network.placement()


def test_a_name_changes_no_number(monkeypatch):
    interpret(monkeypatch)
    found = []
    for named in (False, True):
        cells, glia, projection, junctions = parts()
        listed = [projection(), junctions, projection()]
        connections = dict(zip(("b", "c", "a"), listed, strict=True)) if named else (item for item in listed)
        found.append(simulate(net.Network(neurons=cells, glia=glia, connections=connections), 20))
    assert found[0].layout.memory.arrays.keys() == found[1].layout.memory.arrays.keys()
    for name, array in found[0].layout.memory.arrays.items():
        np.testing.assert_array_equal(array, found[1].layout.memory[name])


def test_what_has_no_name_is_called_by_kind_and_number():
    cells, glia, projection, junctions = parts()
    network = net.Network(neurons=cells, glia=glia, connections=[junctions, projection(), projection()])
    assert list(network.connections) == ["coupling0", "synapses0", "synapses1"]
    assert network["synapses1"] is network.projections[1]


def test_names_that_are_none_get_a_sentence():
    cells, glia, projection, _ = parts()
    one = projection()
    refused = {
        "letters, digits": (ArgumentError, {"a b": one}),
        "letters, digits ": (ArgumentError, {3: one}),
        "for both": (NetworkError, {"neurons": one}),
        "twice": (NetworkError, {"a": one, "b": one}),
        "twice. ": (NetworkError, [one, one]),
        "Projection": (ArgumentError, {"a": cells}),
        "for both. ": (NetworkError, {"glia": projection(), "b": one}),
    }
    for words, (kind, connections) in refused.items():
        with pytest.raises(kind, match=words.strip()):
            net.Network(neurons=cells, glia=glia, connections=connections)
    with pytest.raises(NetworkError, match="for both"):
        net.Network(synapses0=cells, connections=[projection()])
    network = net.Network(neurons=cells, connections={"recurrent": one})
    with pytest.raises(UnknownNameError, match="`recurrent`"):
        network["recurent"]
    for wrong in (0, None, one):
        with pytest.raises(UnknownNameError):
            network[wrong]
    other = net.Network(neurons=cells, connections={"recurrent": projection()})
    with pytest.raises(NetworkError, match="its own projections"):
        other.run(until=1 * ms, record=net.Synapses(one, every=1 * ms))
