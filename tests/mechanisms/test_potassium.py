"""Ions, pumps, channels and potentials against their equations written anew in NumPy, and against conservation."""

import numpy as np
import pytest

import tripartite as tp
from tripartite import parameters
from tripartite.language import Compartment, Mechanism, Model, State
from tripartite.mechanisms import (
    CooperativePump,
    GlialPotassiumUptake,
    Kir41,
    PotassiumNernst,
    SodiumPotassiumPump,
    SpikePotassium,
    WangBuzsaki,
)
from tripartite.models import CressmanNeuron, ReducedCressman
from tripartite.protocols import Constant, SpikeTrain
from tripartite.units import mM, ms, mV, s, uA


def cressman(v, n, h, ko, nai, ca, bath):
    """Rates of the full model per ms, concentrations in mM, written from the published equations."""

    def over(x, width):
        return x / (1 - np.exp(-x / width))

    an, bn = 0.01 * over(v + 34, 10), 0.125 * np.exp(-(v + 44) / 80)
    am, bm = 0.1 * over(v + 30, 10), 4 * np.exp(-(v + 55) / 18)
    ah, bh = 0.07 * np.exp(-(v + 44) / 20), 1 / (1 + np.exp(-0.1 * (v + 14)))
    m, ki, nao = am / (am + bm), 158 - nai, 144 - 7 * (nai - 18)
    ek, ena, ecl = 26.64 * np.log(ko / ki), 26.64 * np.log(nao / nai), 26.64 * np.log(6 / 130)
    i_na = 100 * m**3 * h * (v - ena) + 0.0175 * (v - ena)
    i_k = (40 * n**4 + 0.01 * ca / (1 + ca)) * (v - ek) + 0.05 * (v - ek)
    pump = 1.25 / (1 + np.exp((25 - nai) / 3)) / (1 + np.exp(5.5 - ko))
    glia, diffusion = 200 / 3 / (1 + np.exp((18 - ko) / 2.5)), 4 / 3 * (ko - bath)
    return (
        -i_na - i_k - 0.05 * (v - ecl),
        3 * (an * (1 - n) - bn * n),
        3 * (ah * (1 - h) - bh * h),
        -0.002 * 0.1 * (v - 120) / (1 + np.exp(-(v + 25) / 2.5)) - ca / 80,
        (0.044494542 * 7 * i_k - 14 * pump - glia - diffusion) / 1000,
        (-0.044494542 * i_na - 3 * pump) / 1000,
    )


def reduced(ko, nai, bath):
    """Rates of the reduced model per s in mM, written from the authors' corrected fits."""
    n, k = nai / (144 - 7 * (nai - 18)), ko / (158 - nai)
    g1 = 420 * (1 - 0.75 * (1 - 0.93 * np.exp(-2.6 * n)) ** 0.3)
    g2 = np.exp((1 - 7.41 * k) / (1.94 + 1.98 * np.exp(-2.6 * n)))
    g3 = (1 + np.exp(35.7 * (1 + 1.94 * n - 24.3 * k))) ** -5.0 * (1 + np.exp(0.88 * (1 + 1.48 * n - 24.6 * k))) ** -5.0
    pump = 1.25 / (1 + np.exp((25 - nai) / 3)) / (1 + np.exp(5.5 - ko))
    glia = 66 / (1 + np.exp((18 - ko) / 2.5))
    potassium = 0.33 * 0.94 * (g1 * g2 * g3 + 2.6 * np.exp(-32.5 * k)) - 14 * pump - glia - 1.2 * (ko - bath)
    return potassium, 0.04714 * (g1 * g2 * g3 + 1.5) - 3 * pump


def rates(model: Model, states: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rates by local name in internal units, at states given in internal units."""
    system = model.system
    y = np.array([states[entry.key.split(".")[-1]] for entry in system.states])
    c = np.array([entry.value for entry in system.constants])
    found = system.rates(system.values(y, c))
    return {entry.key.split(".")[-1]: rate for entry, rate in zip(system.states, found, strict=True)}


def test_the_spiking_model_has_the_published_rates():
    random = np.random.default_rng(3)
    v, ca = random.uniform(-90, 40, 200), random.uniform(0, 3, 200)
    n, h = random.uniform(0, 1, (2, 200))
    ko, nai = random.uniform(3, 15, 200), random.uniform(10, 30, 200)
    model = CressmanNeuron().replace({"potassium_bath": 8 * mM})
    states = {"v": v, "n": n, "h": h, "ca": ca, "potassium_out": 1000 * ko, "sodium_in": 1000 * nai}
    found = rates(model, states)
    names = ("v", "n", "h", "ca", "potassium_out", "sodium_in")
    expected = dict(zip(names, cressman(v, n, h, ko, nai, ca, 8.0), strict=True))
    for name in ("v", "n", "h", "ca"):
        np.testing.assert_allclose(found[name], expected[name], rtol=1e-6, atol=2e-5, err_msg=name)
    for name in ("potassium_out", "sodium_in"):
        np.testing.assert_allclose(found[name] / 1000, expected[name], rtol=1e-9, atol=1e-12, err_msg=name)


def test_the_averaged_model_has_the_authors_corrected_fits():
    random = np.random.default_rng(4)
    ko, nai = random.uniform(2, 15, 300), random.uniform(8, 30, 300)
    model = ReducedCressman().replace({"potassium_bath": 7 * mM})
    found = rates(model, {"potassium_out": 1000 * ko, "sodium_in": 1000 * nai})
    potassium, sodium = reduced(ko, nai, 7.0)
    np.testing.assert_allclose(found["potassium_out"], potassium, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(found["sodium_in"], sodium, rtol=1e-10, atol=1e-12)


class Ions(Mechanism):
    """Stand-in that owns what pumps move.

    **Sources** assumed: a test.
    """

    potassium_out = State(4.0, "mM", "potassium outside", low=0)
    sodium_in = State(18.0, "mM", "sodium inside", low=0)


@pytest.mark.parametrize("pump", [SodiumPotassiumPump(), CooperativePump()], ids=lambda p: type(p).__name__)
def test_a_pump_moves_three_sodium_for_two_potassium(pump):
    states = {"potassium_out": np.array([3e3, 4e3, 9e3]), "sodium_in": np.array([10e3, 18e3, 25e3])}
    found = rates(Model(cell=Compartment(Ions(), pump)), states)
    np.testing.assert_allclose(found["potassium_out"] / 7 / 2, found["sodium_in"] / 3, rtol=1e-14)
    assert np.all(found["sodium_in"] < 0)


@pytest.mark.parametrize(("sodium", "potassium", "part"), [(10.0, 3.0, 0.0450), (15.0, 8.0, 0.13824)])
def test_the_cooperative_pump_runs_at_the_computed_part_of_its_largest_rate(sodium, potassium, part):
    pump = CooperativePump(largest_pump=1 * mM / s)
    found = rates(
        Model(cell=Compartment(Ions(), pump)),
        {"potassium_out": np.array([1e3 * potassium]), "sodium_in": np.array([1e3 * sodium])},
    )
    assert -float(found["sodium_in"][0]) / 3 == pytest.approx(part, rel=1e-4, abs=0)


def kir(channel: Kir41, v: float, potassium: float) -> float:
    """Current (pA) through the channel at a potential (mV) and potassium outside (mM)."""
    held = Constant({"v": v * mV, "potassium_out": potassium * mM, "responsiveness": tp.units.Quantity(0.1, "1/pF")})
    run = tp.simulate(Compartment(channel, PotassiumNernst()), held, until=1 * ms)
    return float(run["kir_current"][0])


@pytest.mark.parametrize("potassium", [2.5, 4.0, 10.0])
def test_kir_carries_no_current_at_the_reversal_of_potassium(potassium):
    assert kir(Kir41(), 26.64 * np.log(potassium / 140), potassium) == pytest.approx(0, abs=1e-12)


def test_the_published_shift_moves_the_reversal_15_mv_below_that_of_potassium():
    channel = Kir41().using(parameters.sibille2015.AS_PUBLISHED)
    e_k = 26.64 * np.log(4 / 140)
    assert kir(channel, e_k - 14.83, 4.0) == pytest.approx(0, abs=1e-12)
    assert kir(channel, e_k, 4.0) > 0


def test_kir_follows_its_formula_and_rectifies_inward():
    for v, potassium in ((-120.0, 3.0), (-70.0, 5.0), (20.0, 12.0)):
        force = v - 26.64 * np.log(potassium / 140)
        expected = 0.060 * np.sqrt(potassium) * force / (1 + np.exp((force - 34) / 19.23))
        assert kir(Kir41(), v, potassium) == pytest.approx(expected, rel=1e-9, abs=0)
    e_k = 26.64 * np.log(4 / 140)
    assert -kir(Kir41(), e_k - 40, 4.0) > 1.5 * kir(Kir41(), e_k + 40, 4.0)


def test_glia_takes_up_half_of_its_largest_at_18_mm():
    found = rates(
        Model(cell=Compartment(Ions(), GlialPotassiumUptake())),
        {"potassium_out": np.array([18e3]), "sodium_in": np.array([18e3])},
    )
    assert float(found["potassium_out"][0]) == pytest.approx(-200 / 6, rel=1e-12, abs=0)


def test_spikes_leave_potassium_that_decays_with_its_time_constant():
    run = tp.simulate(
        SpikePotassium(), SpikeTrain([1.0, 1.5] * s), until=3 * s, save_at=[3] * s, solver=tp.Tsit5(1e-10, 1e-12)
    )
    expected = 4 + 0.01 * (np.exp(-2 / 2) + np.exp(-1.5 / 2))
    assert float(run["potassium_out"][-1]) == pytest.approx(expected, rel=1e-8, abs=0)


def test_a_neuron_in_its_own_potassium_fires_faster_than_one_at_rest_potassium():
    bare = Model(neuron=WangBuzsaki())
    # 90 mV below zero, the neuron's own e_k, needs 117.4 mM inside at 4 mM outside.
    ions = (SpikePotassium(tau_potassium=20 * s), PotassiumNernst(potassium_in=4 * np.exp(90 / 26.64) * mM))
    inside = bare.add(neuron=ions)
    current = Constant(current=1 * uA / tp.units.cm**2)
    counts = [len(tp.simulate(m, current, until=2 * s).events("spike")["time"]) for m in (bare, inside)]
    assert counts[1] > 1.05 * counts[0]
