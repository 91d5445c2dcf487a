"""Li-Rinzel and G-ChI: bifurcations, periods and rest."""

import numpy as np

import tripartite as tp
from tests.published import check
from tripartite.analysis import oscillation
from tripartite.protocols import Constant
from tripartite.units import s, uM

TIGHT = tp.Tsit5(1e-9, 1e-12)
AM = tp.mechanisms.LiRinzel()
FM = tp.mechanisms.LiRinzel(k_serca=0.05 * uM)


def special(cell, kind):
    """Special points of a kind on the branch of rest along IP3, in the order of IP3."""
    branch = tp.continuation(cell, "ip3", 0.2 * uM, 1.2 * uM)
    return sorted((p for p in branch.special if p.kind == kind), key=lambda p: p.value)


def period(model, protocol):
    """Period of sustained oscillation, in s."""
    result = tp.simulate(model, protocol, until=400 * s, solver=TIGHT, save_every=0.005 * s)
    late = result["ca"].sel(time=slice(200, None))
    return oscillation(late["time"], late).period


def test_hopf_points_of_li_rinzel():
    low, high = special(AM, "Hopf point")
    check("lr_am_hopf_lo_I", low.value.to("uM"))
    check("lr_am_hopf_lo_period_s", low.period.to("s"))
    check("lr_am_hopf_hi_I", high.value.to("uM"))
    check("lr_fm_hopf_hi_I", special(FM, "Hopf point")[-1].value.to("uM"))


def test_folds_of_li_rinzel_on_the_grid_of_the_scan():
    """The table names the first points of a grid, 0.0025 µM wide, beyond the folds at 0.48230 and 0.54399 µM."""
    grid = np.linspace(0.005, 2, 800)
    first, second = (grid[grid > p.value.to("uM").magnitude][0] for p in special(FM, "fold"))
    check("lr_fm_fold_I_1", first)
    check("lr_fm_fold_I_2", second)


def test_periods_of_li_rinzel():
    check("lr_am_period_I0.5_s", period(AM, Constant(ip3=0.5 * uM)))
    check("lr_fm_period_I0.7_s", period(FM, Constant(ip3=0.7 * uM)))


def test_periods_and_rest_of_gchi():
    am, fm = (tp.models.GChi().using(values) for values in (tp.parameters.depitta2009.AM, tp.parameters.depitta2009.FM))
    check("gchi_am_period_g0.1_s", period(am, Constant(glutamate=0.1 * uM)))
    check("gchi_fm_period_g2.5_s", period(fm, Constant(glutamate=2.5 * uM)))
    rest = tp.simulate(am, Constant(glutamate=4 * uM), until=1000 * s)
    check("gchi_am_steady_C_g4", rest["ca"][-1])


def test_rest_of_li_rinzel():
    rest = tp.steady_states(AM, Constant(ip3=0.16 * uM))
    check("nest_lr_fp_C_I0.16", rest["cell.ca"][0])
