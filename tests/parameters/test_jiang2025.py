"""The values of Jiang et al. (2025) go together as their benchmark networks have them."""

import pytest

import tripartite as tp
from tripartite.mechanisms import Efficacy, FixedUtilization, TsodyksDepression
from tripartite.parameters import jiang2025


def values(model):
    """Every parameter by its last word, in internal units."""
    return {entry.key.rsplit(".", 1)[-1]: entry.value for entry in model.system.parameters}


def synapse(chosen):
    parts = (TsodyksDepression(), FixedUtilization(), Efficacy())
    return values(tp.Model(synapse=tp.Compartment(*parts).using(chosen)))


@pytest.mark.parametrize(
    ("neuron", "inhibitory"),
    [
        (jiang2025.SPARSE_NEURON, jiang2025.SPARSE_INHIBITORY_SYNAPSE),
        (jiang2025.SYNCHRONOUS_NEURON, jiang2025.SYNCHRONOUS_INHIBITORY_SYNAPSE),
    ],
)
def test_a_conductance_lasts_as_long_as_the_active_resources_of_its_synapses(neuron, inhibitory):
    cell = values(tp.models.AdexNeuron().using(neuron))
    excitatory, inhibitory = synapse(jiang2025.EXCITATORY_SYNAPSE), synapse(inhibitory)
    assert cell["tau_e"] == excitatory["tau_psc"] == 2.0
    assert cell["tau_i"] == inhibitory["tau_psc"]
    assert excitatory["u0"] == inhibitory["u0"] == 0.5
    assert (excitatory["weight"], inhibitory["weight"]) == (1.0, 4.0)


def test_the_networks_differ_in_the_time_of_inhibition_only():
    sparse, synchronous = (
        values(tp.models.AdexNeuron().using(chosen))
        for chosen in (jiang2025.SPARSE_NEURON, jiang2025.SYNCHRONOUS_NEURON)
    )
    assert {name for name in sparse if sparse[name] != synchronous[name]} == {"tau_i"}
    assert (sparse["tau_i"], synchronous["tau_i"]) == (4.0, 2.0)
    assert sparse["sic_weight"] == synchronous["sic_weight"] == 0.05
    assert sparse["v_reset"] == -60.0 and sparse["refractory"] == 0.0


def test_the_neuron_of_nest_has_shorter_conductances_than_those_of_the_networks():
    cell = values(tp.models.AdexNeuron().using(jiang2025.NEURON))
    assert (cell["tau_e"], cell["tau_i"], cell["sic_weight"]) == (0.2, 2.0, 1.0)
