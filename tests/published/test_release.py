"""Astrocytes that oscillate by themselves: periods and a Hopf point."""

import tripartite as tp
from tests.published import check
from tripartite.analysis import oscillation
from tripartite.mechanisms import Ip3GatedEntry, LavrentovichHemkin, LiRinzel, PlcDeltaIp3, PlcDeltaRelaxation
from tripartite.units import s, uM

TIGHT = tp.Tsit5(1e-9, 1e-12)


def period(model, transient, until):
    """Period of sustained oscillation, in s."""
    run = tp.simulate(model, until=until * s, solver=TIGHT, save_every=0.01 * s)
    late = run["ca"].sel(time=slice(transient, None))
    return oscillation(late["time"], late).period


def test_the_spontaneous_astrocyte_of_lavrentovich_and_hemkin():
    check("lh2008_period_s", period(tp.Compartment(LavrentovichHemkin(), PlcDeltaIp3()), 1500, 3000))


def test_the_astrocyte_of_riera_with_its_total_calcium_held():
    held = tp.Compartment(LiRinzel(), PlcDeltaIp3()).using(tp.parameters.riera2011.ASTROCYTE)
    check("riera_constCa_period_s", period(held, 700, 1500))


def test_the_hopf_point_of_ullah():
    cell = tp.Compartment(LiRinzel(), Ip3GatedEntry(), PlcDeltaRelaxation()).using(tp.parameters.ullah2006.ASTROCYTE)
    (point,) = tp.continuation(cell, "v_delta", 0.2 * uM / s, 1 * uM / s).hopf_points
    check("ullah_hopf_v4", point.value.to("uM/s"))
