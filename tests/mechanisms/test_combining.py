"""Mechanisms of several themes in one astrocyte: what a user puts together in one line."""

import re
from collections.abc import Callable

import numpy as np
import pytest

import tripartite as tp
from tripartite import mechanisms
from tripartite.errors import NoTargetError, UnknownNameError, WiringError
from tripartite.language import Compartment, Mechanism, Model
from tripartite.observe import IndicatorBuffer
from tripartite.protocols import CalEx, Constant, Cpa, Hm3dq, Ip3r2Knockout
from tripartite.solve import Tsit5
from tripartite.units import s, uM

CELLS = {
    "reduced receptor": mechanisms.LiRinzel,
    "all states": mechanisms.DeYoungKeizer,
    "counted receptors": mechanisms.StochasticLiRinzel,
}
MEMBRANE = (
    mechanisms.TotalCalcium,
    mechanisms.PlasmaLeak,
    mechanisms.StoreOperatedEntry,
    IndicatorBuffer,
    mechanisms.CalEx,
)
RECEPTORS = (mechanisms.StaticGlutamateReceptor, mechanisms.NoradrenalineReceptor, mechanisms.P2y1Receptor)
AGONISTS = Constant(glutamate=0.1 * uM, noradrenaline=1 * uM, atp=0.1 * uM)


def cell(kind: type[Mechanism], *more: type[Mechanism]) -> Model:
    return Model(astrocyte=Compartment(kind(), mechanisms.Ip3Metabolism(), *(k() for k in more)))


@pytest.mark.parametrize("kind", CELLS.values(), ids=CELLS)
def test_every_calcium_cell_takes_membrane_receptors_tools_and_drugs(kind: type[Mechanism]) -> None:
    model = cell(kind, *MEMBRANE, *RECEPTORS)
    protocols = (AGONISTS, AGONISTS & Cpa(at=1 * s), AGONISTS & Ip3r2Knockout(), AGONISTS & Hm3dq(at=1 * s))
    runs = [tp.simulate(model, protocol, until=5 * s, save_every=0.5 * s) for protocol in protocols]
    assert all(bool(np.all(run.ok)) for run in runs)
    ends = [float(run["astrocyte.ca"].values[-1]) for run in runs]
    assert len({round(end, 9) for end in ends}) == len(ends)  # each perturbation did something


def test_an_indicator_keeps_free_and_bound_calcium_of_a_closed_cell() -> None:
    model = cell(mechanisms.LiRinzel, mechanisms.TotalCalcium, IndicatorBuffer)
    run = tp.simulate(model, until=20 * s, save_every=1 * s, solver=Tsit5(rtol=1e-9, atol=1e-12))
    whole = run["astrocyte.ca_total"].values + run["astrocyte.indicator_ca"].values
    assert whole == pytest.approx(np.full(len(whole), whole[0]), rel=1e-9)
    assert np.ptp(run["astrocyte.indicator_ca"].values) > 0.01


def test_calex_on_an_opened_cell_lowers_calcium() -> None:
    model = cell(mechanisms.LiRinzel, mechanisms.TotalCalcium, mechanisms.PlasmaLeak)
    ends = [
        float(tp.simulate(model, protocol, until=200 * s)["astrocyte.ca_total"].values[-1])
        for protocol in (None, CalEx())
    ]
    assert ends[1] < 0.95 * ends[0]


def test_a_closed_cell_says_what_opens_it() -> None:
    hint = "`ca_total` comes from `TotalCalcium`."
    with pytest.raises(WiringError, match=re.escape(hint)):
        tp.simulate(cell(mechanisms.LiRinzel, mechanisms.CalEx), until=1 * s)


@pytest.mark.parametrize("build", (tp.models.OpenCell, tp.models.StimOraiCell, tp.models.MitochondrialCell))
def test_values_of_what_is_added_to_a_published_cell_stay(build: Callable[..., Model]) -> None:
    added = build(mechanisms.CalEx(extrusion=4 * uM / s, membrane_ratio=0.3))
    assert float(added["CalEx.extrusion"].magnitude) == 4
    assert float(added["CalEx.membrane_ratio"].magnitude) == 0.3


def test_calex_on_a_closed_cell_says_what_opens_it() -> None:
    with pytest.raises(NoTargetError, match=re.escape("`ca_total` comes from `TotalCalcium`.")):
        tp.simulate(cell(mechanisms.LiRinzel), CalEx(), until=1 * s)


@pytest.mark.parametrize("noise", (mechanisms.ReceptorNoise, mechanisms.MultiplicativeNoise))
def test_noise_of_receptors_that_are_counted_is_refused(noise: type[Mechanism]) -> None:
    system = cell(mechanisms.StochasticLiRinzel, noise).system
    with pytest.raises(WiringError, match=r"adds to `astrocyte\.h`, which is an output"):
        system.noises(system.values(np.ones(len(system.states)), np.ones(len(system.constants))))


def test_a_value_that_two_mechanisms_declare_names_both() -> None:
    opened = cell(mechanisms.LiRinzel, mechanisms.TotalCalcium).compartments["astrocyte"]
    with pytest.raises(UnknownNameError, match=r"`LiRinzel` and `TotalCalcium` do\. Give the value to the mechanism"):
        opened.replace(er_ratio=0.3)
    with pytest.raises(UnknownNameError, match=r"none does\. Did you mean `er_ratio`"):
        opened.replace(er_ration=0.3)
