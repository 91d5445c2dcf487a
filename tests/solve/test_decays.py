"""What jumps at events and falls back between two samples is said, where it is read and where it is drawn."""

import warnings

import pytest

import tripartite as tp
from tripartite.models import ReleaseDecreasing, TripartiteSynapse
from tripartite.units import Hz, ms, nA, s

EVERY_SECOND = tp.protocols.RegularSpikes(1 * Hz)


@pytest.fixture(scope="module")
def synapse():
    return TripartiteSynapse(gliotransmission=ReleaseDecreasing())


@pytest.fixture(scope="module")
def coarse(synapse):
    return tp.simulate(synapse, EVERY_SECOND, until=60 * s)


def test_a_state_that_jumps_has_the_time_of_its_decay(coarse, synapse):
    found = {
        name: coarse.data[name].attrs["decays_in"] for name in coarse.names if "decays_in" in coarse.data[name].attrs
    }
    rates = {
        "bouton.u": "bouton.TsodyksMarkram.facilitation",
        "bouton.x": "bouton.TsodyksMarkram.recovery",
        "cleft.glutamate": "cleft.CleftGlutamate.clearance",
        "around.gliotransmitter": "around.Gliotransmitter.clearance",
    }
    assert found == {name: pytest.approx(1 / synapse[key].to("1/s").magnitude) for name, key in rates.items()}


def test_reading_it_from_the_default_save_times_gives_a_warning(coarse):
    with pytest.warns(
        UserWarning, match=r"`cleft.glutamate` jumps at events and decays in 0.025 s, but samples are 0.06 s"
    ):
        coarse["glutamate"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        coarse["astrocyte.ca"], coarse["bouton.x"]


def test_save_times_that_were_chosen_are_taken_as_they_are_and_figures_say_so(coarse, synapse):
    chosen = tp.simulate(synapse, EVERY_SECOND, until=10 * s, save_every=50 * ms)
    close = tp.simulate(synapse, EVERY_SECOND, until=10 * s, save_every=10 * ms)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chosen["glutamate"], close["glutamate"]
        notes = [run.plot("glutamate", "ca").axes[-1].get_xlabel() for run in (coarse, chosen, close)]
    assert ["its peaks are chance" in note.replace("\n", " ") for note in notes] == [True, True, False]


def test_a_synapse_without_spikes_and_a_neuron_that_is_reset_give_none(synapse):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tp.simulate(synapse, until=60 * s)["glutamate"]
        fires = tp.simulate(tp.models.CobaNeuron(), tp.protocols.Constant(current=0.5 * nA), until=60 * s)
        assert fires.events("spike").sizes and fires["v"].size


def test_a_saved_result_still_says_so(coarse, tmp_path):
    again = tp.Result.load(coarse.save(tmp_path / "run.nc"))
    with pytest.warns(UserWarning, match="its peaks are chance"):
        again["glutamate"]
