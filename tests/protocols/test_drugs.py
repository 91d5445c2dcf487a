"""Drugs act on the receptors a model has, and say so when it has none."""

import pytest

import tripartite as tp
from tripartite.errors import DimensionError, RangeError, WiringError
from tripartite.protocols import Constant, Dpcpx
from tripartite.units import Hz, mV, nM, s


def test_dpcpx_leaves_one_over_one_plus_dose_over_affinity():
    assert Dpcpx(at=0 * s, dose=1 * nM, affinity=1 * nM).unblocked == 0.5
    assert Dpcpx(at=0 * s, dose=0 * nM).unblocked == 1
    assert Dpcpx(at=0 * s).unblocked == pytest.approx(1 / 1001, rel=1e-12)


def test_dpcpx_finds_every_a1_action_of_a_model():
    model = tp.Model(
        bouton=tp.Compartment(tp.mechanisms.Adenosine(), tp.mechanisms.AdenosineUtilization()),
        other=tp.mechanisms.AdenosineA1(),
    )
    drug = Dpcpx(at=1 * s, dose=1 * nM, affinity=1 * nM)
    assert drug.targets(model) == {"bouton.AdenosineUtilization.strength": 0.5, "other.AdenosineA1.inhibition": 0.5}


def test_dpcpx_acts_between_its_onset_and_its_end():
    model = tp.Model(bouton=tp.Compartment(tp.mechanisms.Adenosine(decay=0 / s), tp.mechanisms.AdenosineUtilization()))
    drug = Dpcpx(at=1 * s, stop=2 * s, dose=1 * nM, affinity=1 * nM)
    run = tp.simulate(model, drug, until=3 * s, save_at=[0.5, 1.5, 2.5] * s, vary={"bouton.adenosine": [1.0]})
    assert run["utilization"].values[0] == pytest.approx([0.3, 0.4, 0.3], rel=1e-12)
    assert [(bar.label, bar.start, bar.stop) for bar in drug.bars(3.0)] == [("DPCPX 1 nM", 1.0, 2.0)]


def test_dpcpx_combines_with_stimuli_and_survives_provenance():
    model = tp.mechanisms.AdenosineA1()
    run = tp.simulate(model, Constant(rate=5 * Hz) & Dpcpx(at=50 * s), until=100 * s, save_at=[49, 100] * s)
    again = tp.rerun(run)
    assert run["p"].values[1] > run["p"].values[0]
    assert again["p"].values == pytest.approx(run["p"].values, rel=0, abs=0)


def test_dpcpx_on_a_model_without_a1_receptors_is_an_error():
    with pytest.raises(WiringError, match=r"acts on A1 receptors; .*LiRinzel.* has none. Add `AdenosineA1`"):
        tp.simulate(tp.models.GChi(), Constant(glutamate="1 uM") & Dpcpx(at=1 * s), until=2 * s)


def test_a_dose_is_a_concentration_that_is_not_negative():
    with pytest.raises(RangeError, match="not negative"):
        _ = Dpcpx(at=0 * s, dose=-1 * nM).unblocked
    with pytest.raises(DimensionError):
        _ = Dpcpx(at=0 * s, dose=1 * mV).unblocked
