"""Gliotransmission against closed forms, SciPy and conservation."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.stats import binom

import tripartite as tp
from tripartite.protocols import Constant, Pulses, Releases, SpikeTrain
from tripartite.units import mM, ms, s, uM

TIGHT = tp.Tsit5(1e-10, 1e-13)
RUNS = 1500


@pytest.mark.parametrize(("ready", "fraction"), [(1, 0.3), (3, 0.6), (10, 0.25)])
def test_the_number_of_vesicles_that_fuse_is_binomial(ready, fraction):
    exocytosis = tp.mechanisms.QuantalExocytosis(fraction=fraction, ready=ready, emptied=0)
    pulse = Pulses("ca", 1 * uM, [1] * ms, 1 * ms)
    run = tp.simulate(exocytosis, pulse, until=3 * ms, seed=range(RUNS))
    number = np.rint(run.events("gliorelease")["amount"].values * ready)
    for k in range(ready + 1):
        share = float(binom.pmf(k, ready, fraction))
        assert (number == k).mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / RUNS) + 1e-9)


@pytest.mark.parametrize(("fraction", "expected"), [(0.0, 0.0), (1.0, 1.0)])
def test_vesicles_that_never_or_always_fuse(fraction, expected):
    exocytosis = tp.mechanisms.QuantalExocytosis(fraction=fraction, ready=7, emptied=0)
    pulse = Pulses("ca", 1 * uM, [1] * s, 1 * s)
    run = tp.simulate(exocytosis, pulse, until=1.001 * s, seed=range(20))
    assert np.all(run.events("gliorelease")["amount"].values == expected)


def test_vesicles_are_conserved_whole_numbers():
    pulses = Pulses("ca", 1 * uM, np.arange(1, 20) * s, 0.3 * s)
    run = tp.simulate(tp.mechanisms.QuantalExocytosis(), pulses, until=20 * s, save_every=0.1 * s, seed=range(50))
    ready, emptied = run["ready"].values, run["emptied"].values
    assert np.all(ready + emptied == 4)
    assert set(np.unique(ready)) == {0, 1, 2, 3, 4}
    np.testing.assert_array_equal(run["resources"].values, ready / 4)


def test_an_empty_store_releases_nothing():
    pulse = Pulses("ca", 1 * uM, [1] * s, 1 * s)
    exocytosis = tp.mechanisms.QuantalExocytosis(ready=0, emptied=4, recovery=0 / s)
    assert float(tp.simulate(exocytosis, pulse, until=2 * s).events("gliorelease")["amount"][0]) == 0


@pytest.mark.parametrize("kind", ["ThresholdExocytosis", "QuantalExocytosis", "GradedExocytosis", "VesicleFusion"])
def test_dn_snare_stops_every_exocytosis(kind):
    exocytosis = getattr(tp.mechanisms, kind)()
    astrocyte, around = tp.Compartment(exocytosis), tp.Compartment(tp.mechanisms.Gliotransmitter())
    adds = "gliotransmitter" in exocytosis.declarations
    wire = around.gliotransmitter >> astrocyte.gliotransmitter if adds else astrocyte.gliorelease >> around.gliorelease
    model = tp.Model(astrocyte=astrocyte, around=around, wiring=[wire])
    pulse = Pulses("astrocyte.ca", 1 * uM, [1] * s, 1 * s)
    settings = {"until": 1.9 * s, "save_every": 1 * ms, "seed": 1}
    assert tp.simulate(model, pulse, **settings)["gliotransmitter"].max() > 1
    assert tp.simulate(model, pulse & tp.protocols.DnSnare(), **settings)["gliotransmitter"].max() == 0


def test_more_vesicles_than_it_can_count_are_refused():
    with pytest.raises(tp.errors.RangeError, match=r"`QuantalExocytosis\.ready` must lie in"):
        tp.mechanisms.QuantalExocytosis(ready=11)


def test_a_population_releases_by_chance_as_single_runs_do():
    class Rise(tp.Mechanism):
        """Calcium that passes the threshold after half a second."""

        ca = tp.State(0.0, "uM", "C: free calcium in the cytosol", low=0)
        rise = tp.Parameter(1.0, "uM/s", "how fast calcium rises", "assumed: a test", low=0)

        def rates(q):
            return {"ca": q.rise}

    quantal = tp.mechanisms.QuantalExocytosis(recovery=0 / s)
    cells = tp.network.Population(tp.Model(cell=tp.Compartment(Rise(), quantal)), 4000)
    recording = tp.network.States(cells, "ready", every=600 * ms)
    ready = tp.Network(cells=cells, step=1 * ms).run(until=600 * ms, record=[recording]).data["cells.ready"].values[-1]
    share = [(ready == 4 - k).mean() for k in range(5)]
    expected = binom.pmf(range(5), 4, 0.6)
    np.testing.assert_allclose(share, expected, atol=4 * np.sqrt(0.25 / 4000))


def fusing(exocytosis):
    astrocyte, around = tp.Compartment(exocytosis), tp.Compartment(tp.mechanisms.Gliotransmitter(clearance=0 / s))
    return tp.Model(astrocyte=astrocyte, around=around, wiring=[around.gliotransmitter >> astrocyte.gliotransmitter])


def test_every_vesicle_brings_its_content_and_waits_exponentially():
    model = fusing(tp.mechanisms.VesicleFusion(recovery=0 / s))
    run = tp.simulate(model, Constant(ca=0.5 * uM), until=1 * s, save_at=[0.5, 1.0] * s, seed=range(2000))
    emptied = run["emptied"].values
    np.testing.assert_allclose(run["gliotransmitter"].values, 6.5e-4 * 50e3 * emptied, rtol=1e-12)
    # At 0.5 µM each of four vesicles fuses at half of 4.17 / s.
    for column, time in enumerate((0.5, 1.0)):
        fused = 1 - np.exp(-4.17 / 2 * time)
        assert emptied[:, column].mean() == pytest.approx(4 * fused, abs=4 * np.sqrt(4 * fused * (1 - fused) / 2000))
        assert emptied[:, column].var() == pytest.approx(4 * fused * (1 - fused), rel=0.15)


def test_graded_release_settles_where_recovery_meets_it():
    run = tp.simulate(fusing(tp.mechanisms.GradedExocytosis()), Constant(ca=0.5 * uM), until=20 * s, solver=TIGHT)
    assert float(run["resources"][-1]) == pytest.approx(0.6 / (0.6 + 4.17 / 2), rel=1e-9)
    last, before = run["gliotransmitter"].values[-1], run["gliotransmitter"].values[-2]
    gap = float(run["gliotransmitter"]["time"][-1] - run["gliotransmitter"]["time"][-2])
    assert (last - before) / gap == pytest.approx(130 * 0.6 * 4.17 / 2 / (0.6 + 4.17 / 2), rel=1e-6)


@pytest.mark.parametrize("calcium", [0.1, 0.5, 1.8])
def test_hemichannels_open_when_calcium_outside_is_low(calcium):
    class Outside(tp.Mechanism):
        """A space that ATP leaves at 1 / s."""

        atp = tp.State(0.0, "uM", "ATP: extracellular ATP", low=0)
        removal = tp.Parameter(1.0, "1/s", "rate of removal", "assumed: a test", low=0)

        def rates(q):
            return {"atp": -q.removal * q.atp}

    model = tp.Model(cell=tp.Compartment(tp.mechanisms.HemichannelRelease(ca_out=calcium * mM), Outside()))
    run = tp.simulate(model, until=60 * s, solver=TIGHT)
    opened = 0.5**3 / (0.5**3 + calcium**3)
    assert float(run["hemichannel_open"][-1]) == pytest.approx(opened, rel=1e-9)
    assert float(run["atp"][-1]) == pytest.approx(3000 * 5e-5 * opened / (1 + 5e-5 * opened), rel=1e-9)


def cascade(t, y, v=(2429.0, 1500.0, 69.4), k=(70.0, 50.0, 20.0), ki=5.0, ku=0.2, vak=0.05, kak=2.0):
    atp, adp, amp, ado = y
    first, second = v[0] * atp / (k[0] + atp), v[1] * adp / (k[1] + adp)
    third = v[2] * amp / (k[2] * (1 + (atp + adp) / ki) + amp)
    return [-first, first - second, second - third, third - ku * ado - vak * ado / (kak + ado)]


def test_the_purine_cascade_follows_scipy_and_conserves_what_was_released():
    times = np.linspace(0, 6, 61)
    mechanism = tp.mechanisms.PurineCascade(phosphorylation=0.05 * uM / s)
    releases = Releases("gliorelease", [0] * s, 0.7)
    run = tp.simulate(mechanism, releases, until=6 * s, save_at=times * s, solver=TIGHT)
    expected = solve_ivp(cascade, (0, 6), [7, 0, 0, 0], method="LSODA", rtol=1e-11, atol=1e-14, t_eval=times).y
    names = ("atp", "adp", "amp", "adenosine")
    for name, course in zip(names, expected, strict=True):
        np.testing.assert_allclose(run[name].values, course, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(sum(run[name].values for name in (*names, "cleared")), 7, rtol=1e-12)


def test_far_below_saturation_the_cascade_is_the_chain():
    little = Releases("gliorelease", [0] * s, 1e-5)
    settings = {"until": 10 * s, "save_every": 0.1 * s, "solver": tp.Tsit5(1e-10, 1e-18)}
    rich = tp.simulate(tp.mechanisms.PurineCascade(), little, **settings)
    plain = tp.simulate(tp.mechanisms.PurineChain(), little, **settings)
    for name in ("atp", "adp", "amp", "adenosine", "cleared"):
        np.testing.assert_allclose(rich[name].values, plain[name].values, rtol=1e-4, atol=1e-12)


def test_neurons_lose_adenosine_outside_and_to_their_own_use():
    space = tp.Compartment(tp.mechanisms.NeuronalAdenosine(), tp.mechanisms.PurineChain(removal=0 / s))
    spikes = SpikeTrain([0] * s) & Releases("gliorelease", [0] * s, 0.0)
    run = tp.simulate(tp.Model(space=space), spikes, until=200 * s, save_at=[10, 200] * s, solver=TIGHT)
    share = 0.1 * 0.1 / 0.15
    np.testing.assert_allclose(run["adenosine"].values, share * (1 - np.exp(-0.15 * np.array([10, 200]))), rtol=1e-8)


@pytest.mark.parametrize(("adenosine", "left"), [(0.0, 0.6), (12.0, 0.6 * 0.8), (1e9, 0.36)])
def test_adenosine_blocks_release_by_its_dose_response_curve(adenosine, left):
    run = tp.simulate(tp.mechanisms.AdenosineInhibition(), Constant(adenosine=adenosine * uM), until=1 * ms)
    assert float(run["utilization"][-1]) == pytest.approx(left, rel=1e-6)
