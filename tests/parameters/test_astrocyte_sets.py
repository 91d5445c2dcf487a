"""Named sets of the Li-Rinzel astrocyte: fixed points, folds and Hopf points, each computed independently."""

import numpy as np
import pytest
from tests.oracles import li_rinzel_scipy

import tripartite as tp
from tripartite.analysis import oscillation
from tripartite.mechanisms import GlutamateReceptor, Ip3Metabolism, Ip3Reservoir, LiRinzel, StaticGlutamateReceptor
from tripartite.protocols import Constant
from tripartite.units import s, uM

SETS = tp.parameters
STIMBERG = {"d2": 1.05, "d5": 0.08, "c1": 0.18, "rL": 0.1}
CELLS = {
    "stimberg, low affinity": (SETS.stimberg2019.EXAMPLE_2, STIMBERG, [], [0.34879, 0.64324]),
    "stimberg, high affinity": (SETS.stimberg2019.EXAMPLE_5, STIMBERG | {"KER": 0.05}, [0.4819, 0.5518],
                                [0.53619, 0.86405]),
    "K_ER of 2008": (None, {"KER": 0.051}, [0.4794, 0.5268], [0.50978, 0.85733]),
}  # fmt: skip


def cell(values):
    return LiRinzel().using(values) if values else LiRinzel(k_serca=0.051 * uM)


@pytest.mark.parametrize("name", CELLS)
def test_folds_and_hopf_points(name):
    """Folds to a cell of the scan, 0.0025 µM, which closes with the number listed; Hopf points to five digits."""
    values, changes, folds, hopf = CELLS[name]
    branch = tp.continuation(cell(values), "ip3", 0.1 * uM, 1.2 * uM)
    found = sorted(float(p.value.to("uM").magnitude) for p in branch.folds)
    assert len(found) == len(folds)
    for value, closes in zip(found, folds, strict=True):
        assert closes - 0.0026 <= value <= closes + 1e-4
    found = sorted(float(p.value.to("uM").magnitude) for p in branch.hopf_points)
    np.testing.assert_allclose(found, hopf, rtol=2e-5)
    exact = li_rinzel_scipy.hopf_points(li_rinzel_scipy.AM | changes)
    np.testing.assert_allclose(found, sorted(point[0] for point in exact), rtol=1e-7)


@pytest.mark.parametrize(
    ("values", "rest"),
    [(SETS.depitta2009.AM, (0.0698, 0.7931, 0.1484)), (SETS.depitta2009.FM, (0.0287, 0.8794, 0.0724))],
    ids=["AM", "FM"],
)
def test_gchi_rests_without_glutamate(values, rest):
    run = tp.simulate(tp.models.GChi().using(values), Constant(glutamate=0 * uM), until=2000 * s, save_at=[2000] * s)
    np.testing.assert_allclose([float(run[name][-1]) for name in ("ca", "h", "ip3")], rest, atol=6e-5)


def test_gchi_starts_where_manninen_starts_it():
    model = tp.models.GChi()
    assert repr(model.using(SETS.manninen2017.START)) == repr(model)


def test_the_astrocyte_of_nest_relaxes_from_04_uM_ip3():
    model = tp.models.NestAstrocyte().replace({"astrocyte.ip3": 0.4 * uM})
    run = tp.simulate(model, until=60 * s, solver=tp.Tsit5(1e-10, 1e-13), save_every=0.001 * s)
    ca, ip3 = run["ca"].values, run["ip3"].values
    assert ca.max() == pytest.approx(0.52995, rel=2e-5)
    assert run.time.values[ca.argmax()] == pytest.approx(2.480, abs=0.002)
    assert ca[1000] == pytest.approx(0.27575, rel=2e-5)
    assert ip3[1000] == pytest.approx(0.36864, rel=2e-5)
    assert ca[-1] == pytest.approx(0.07210, abs=1e-5)


def test_the_default_of_the_chapter_oscillates_at_the_glutamate_that_its_program_adds():
    """Without 5-phosphatase its only fixed point is unstable below 0.275 µM glutamate."""
    model, added = tp.models.EGChi().using(SETS.depitta_benjacob_berry2019.EXTENDED), Constant(glutamate=0.02 * uM)
    rest = tp.steady_states(model, added)
    assert rest.sizes["point"] == 1 and not bool(rest["stable"].any())
    late = tp.simulate(model, added, until=400 * s, save_every=0.02 * s)["ca"].sel(time=slice(200, None))
    assert oscillation(late["time"], late).regular


def test_fits_of_cultured_astrocytes_end_in_rest():
    """What the fits were made for is 30 s long; `CHI` turns with 4.4 s on its way to rest."""
    sets = SETS.depitta_benjacob_berry2019
    still = tp.steady_states(LiRinzel().using(sets.CALCIUM), Constant(ip3=0.16273 * uM))
    assert still.sizes["point"] == 1 and bool(still["stable"].all())
    constant = StaticGlutamateReceptor(v_beta=0.14083 * uM / s, k_r=1e-9 * uM, k_p=0 * uM)
    rest = tp.steady_states(tp.models.GChi(constant).using(sets.CHI), Constant(glutamate=1 * uM))
    (decaying,) = np.flatnonzero(rest["growth"].values[0] == rest["growth"].values[0].max())[:1]
    assert rest.sizes["point"] == 1 and bool(rest["stable"].all())
    assert 1 / float(rest["frequency"][0, decaying]) == pytest.approx(4.4, rel=0.02)


@pytest.mark.parametrize("values", [SETS.depitta_brunel2016.AM, SETS.depitta_brunel2016.FM], ids=["AM", "FM"])
def test_astrocytes_beside_a_reservoir_take_every_value_of_their_set(values):
    cell = tp.Compartment(LiRinzel(), Ip3Metabolism(), GlutamateReceptor(), Ip3Reservoir()).using(values)
    for name in values.names:
        assert any(name in m.values and getattr(m, name) == values[name] for m in cell.mechanisms), name
