"""Genetic tools are expressed where they can be, used as asked, and refused where they cannot act."""

import numpy as np
import pytest

import tripartite as tp
from tripartite import mechanisms
from tripartite.errors import NetworkError, NoTargetError, QuantityError, RangeError, UnknownNameError
from tripartite.mechanisms import Ip3Relaxation, LeakyIntegrateFire, PlasmaLeak, TotalCalcium
from tripartite.network import Network, On, Population
from tripartite.protocols import CalciumUncaging, CalEx, ChR2, Constant, Hm3dq, Hm4di, Ip3Uncaging, OptoGq, Releases
from tripartite.units import Quantity, ms, nM, s, uM

GLUTAMATE = Constant(glutamate=1 * nM)
FLASHES = {"starts": [1, 3] * s, "duration": 1 * s}
TOOLS = [Hm3dq(at=1 * s), Hm4di(at=1 * s), OptoGq(**FLASHES), Ip3Uncaging(amount=1 * uM, times=[1] * s)]
every_tool = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: type(tool).__name__)


@every_tool
def test_one_line_expresses_a_tool_and_uses_it(tool):
    model = tp.models.GChi()
    free = tp.simulate(model, GLUTAMATE, until=1.5 * s, save_at=[0.5, 1.5] * s)["ip3"].values
    used = tp.simulate(model, GLUTAMATE & tool, until=1.5 * s, save_at=[0.5, 1.5] * s)["ip3"].values
    assert used[0] == pytest.approx(free[0], rel=1e-4)
    assert used[1] > free[1] + 1e-5
    assert len(model.compartments["astrocyte"].mechanisms) == 3


@every_tool
def test_a_model_that_expresses_a_tool_is_left_as_it_is(tool):
    once = tool.equipped(tp.models.GChi())
    assert tool.equipped(once) is once
    assert tool.targets(once) == {"astrocyte": tool.expressed[0].__name__}
    assert "`astrocyte`" in tool.explain(once)


@every_tool
def test_a_network_is_built_with_the_tool_and_then_used_as_one_cell(tool):
    plain = Population(tp.models.GChi(), 1)
    with pytest.raises(NetworkError, match="equipped"):
        Network(cells=plain, step=1 * ms).run(until=1 * s, protocol=On(plain, GLUTAMATE & tool))
    cells = Population(tool.equipped(tp.models.GChi()), 1)
    run = Network(cells=cells, step=1 * ms).run(until=3 * s, protocol=On(cells, GLUTAMATE & tool))
    one = tp.simulate(tp.models.GChi(), GLUTAMATE & tool, until=3 * s, save_at=[3] * s)
    assert float(run["cells.ip3.mean"][-1]) == pytest.approx(float(one["ip3"][0]), rel=1e-2)


def test_values_of_a_tool_can_be_given_and_are_checked():
    weak = Hm3dq(at=0 * s, values={"hm3dq_production": 0 * uM / s, "absorption": 2 / s})
    model = weak.equipped(tp.models.GChi())
    assert model["Hm3dq.hm3dq_production"].magnitude == 0
    assert model["DesignerLigand.absorption"] == Quantity(2.0, "1/s")
    with pytest.raises(UnknownNameError, match="hm3dq_production"):
        Hm3dq(at=0 * s, values={"production": 1 * uM / s}).equipped(tp.models.GChi())


def test_a_tool_goes_into_every_compartment_that_can_carry_it_or_into_the_named_one():
    model = tp.Model(soma=Ip3Relaxation(), process=Ip3Relaxation(), bouton=LeakyIntegrateFire())
    everywhere = Hm3dq(at=0 * s)
    assert list(everywhere.targets(model)) == ["soma", "process"]
    assert list(Hm3dq(at=0 * s, into="process").targets(model)) == ["process"]
    events = list(everywhere.actions(everywhere.equipped(model), 1e3, 0))
    assert [event.key for event in events] == ["soma.dose", "process.dose"]
    assert list(ChR2(**FLASHES).targets(model)) == ["bouton"]
    with pytest.raises(UnknownNameError, match="soma"):
        Hm3dq(at=0 * s, into="somma").targets(model)
    with pytest.raises(NoTargetError, match="compartment `bouton`"):
        Hm3dq(at=0 * s, into="bouton").targets(model)


def test_a_model_that_cannot_carry_a_tool_is_an_error_that_says_what_is_needed():
    neuron = tp.Model(neuron=LeakyIntegrateFire())
    with pytest.raises(NoTargetError, match=r"hM3Dq acts in compartments with `ip3`; the model of neuron has none"):
        tp.simulate(neuron, Hm3dq(at=0 * s), until=1 * s)
    with pytest.raises(NoTargetError, match="`responsiveness`"):
        tp.simulate(tp.models.GChi(), GLUTAMATE & ChR2(**FLASHES), until=1 * s)


def test_calex_and_calcium_uncaging_need_an_open_cell():
    closed = tp.models.GChi()
    with pytest.raises(NoTargetError, match="`ca_total`"):
        CalEx().equipped(closed)
    with pytest.raises(NoTargetError, match="`ca_total`"):
        CalciumUncaging(amount=1 * uM, times=[1] * s).equipped(closed)
    opened = closed.add(astrocyte=[TotalCalcium(), PlasmaLeak()])
    free = tp.simulate(opened, GLUTAMATE, until=200 * s)["ca_total"].values[-1]
    less = tp.simulate(opened, GLUTAMATE & CalEx(), until=200 * s)["ca_total"].values[-1]
    assert less < 0.9 * free
    assert CalEx().bars(10.0)[0].label == "CalEx"


def test_both_receptors_share_the_ligand():
    both = Hm3dq(at=1 * s) & Hm4di(at=1 * s)
    model = both.equipped(tp.models.GChi())
    kinds = [type(m) for m in model.compartments["astrocyte"].mechanisms]
    assert kinds.count(mechanisms.DesignerLigand) == 1
    run = tp.simulate(tp.models.GChi(), GLUTAMATE & both, until=5 * s, save_at=[1.0] * s)
    assert float(run["depot"][0]) == pytest.approx(2.0, rel=1e-9)


def test_bars_mark_light_doses_and_flashes():
    assert [(b.start, b.stop) for b in OptoGq(**FLASHES).bars(3.5)] == [(1, 2), (3, 3.5)]
    assert Hm3dq(at=2 * s, dose=500 * nM).bars(10.0)[0].label == "hM3Dq, ligand 500 nM"
    assert [b.start for b in Ip3Uncaging(amount=1 * uM, times=[1, 30] * s).bars(10.0)] == [1]


def test_what_cannot_be_is_refused():
    cell = tp.models.GChi()
    with pytest.raises(RangeError, match="dose"):
        tp.simulate(cell, GLUTAMATE & Hm3dq(at=0 * s, dose=-1 * uM), until=1 * s)
    with pytest.raises(RangeError, match="Irradiance"):
        light = OptoGq(**FLASHES, irradiance=Quantity(-1.0, "mW/mm**2"))
        tp.simulate(cell, GLUTAMATE & light, until=1 * s)
    with pytest.raises(QuantityError, match="Flashes"):
        tp.simulate(cell, GLUTAMATE & Ip3Uncaging(amount=-1 * uM, times=[0.5] * s), until=1 * s)
    with pytest.raises(QuantityError, match="Releases"):
        list(Releases("dose", [-1] * s, 1 * uM).actions(Hm3dq(at=0 * s).equipped(cell), 1e3, 0))


def test_light_drives_a_neuron_only_while_it_shines():
    train = np.array([50.0, 150.0])
    light = ChR2(starts=train * ms, duration=5 * ms)
    run = tp.simulate(tp.Model(neuron=LeakyIntegrateFire()), light, until=300 * ms, save_every=1 * ms)
    spikes = 1000 * run.events("spike")["time"].values
    assert len(spikes) and np.all((spikes > 50) & ((spikes < 90) | ((spikes > 150) & (spikes < 190))))


def test_nothing_releases_less_than_nothing():
    with pytest.raises(QuantityError, match="0 or more; got -5"):
        tp.simulate(tp.mechanisms.Noradrenaline(), Releases("noradrenaline_release", [1] * s, -5 * uM), until=2 * s)
