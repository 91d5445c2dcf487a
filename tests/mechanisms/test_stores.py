"""Stores and membranes against SciPy, closed forms and conservation."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tripartite.errors import WiringError
from tripartite.mechanisms import (
    CalEx,
    CytosolicCalcium,
    ErLeak,
    Ip3ReceptorFlux,
    Ip3Transient,
    LiRinzel,
    Ncx,
    PlasmaLeak,
    Pmca,
    Serca,
    SlowStoreOperatedEntry,
    StimOrai,
    StoreOperatedEntry,
    TotalCalcium,
)
from tripartite.models import Chi, MitochondrialCell, OpenCell, StimOraiCell
from tripartite.parameters import handy2017
from tripartite.protocols import Constant, Pulses, Steps
from tripartite.units import mM, mV, s, uM

FINE = tp.Tsit5(rtol=1e-10, atol=1e-13)
LSODA = {"method": "LSODA", "rtol": 1e-10, "atol": 1e-13}


def ip3_course(t, peak=0.375, rise=17.0, decay=97.0, rate=0.002, start=20.0):
    if t < start:
        return 0.0
    if t <= start + rise:
        return peak * (1 - np.exp(-rate * (t - start))) / (1 - np.exp(-rate * rise))
    return peak * (0.005 / peak) ** ((t - start - rise) / decay)


def handy(t, y, ip3, soc=1.57, pump=10.0):
    c, total, h = y
    er = 5.4054 * (total - c)
    receptor = 0.222 * (ip3 / (ip3 + 0.13) * c / (c + 0.08234) * h) ** 3 * (er - c)
    serca = 0.9 * c**1.75 / (c**1.75 + 0.1**1.75)
    membrane = 0.2 * (0.05 - 1.2 * c + soc * 90**4 / (90**4 + er**4) - pump * c**2 / (2.5**2 + c**2))
    q2 = 1.049 * (ip3 + 0.13) / (ip3 + 0.9434)
    return [receptor + 0.002 * (er - c) - serca + membrane, membrane, 0.04 * (q2 * (1 - h) - c * h)]


def final(run, *names):
    return [float(run[name][-1]) for name in names]


def test_the_open_cell_follows_its_equations_through_a_transient_of_ip3():
    y = [0.0865415, 36.49084, 0.6255124]
    for span in ((0, 20), (20, 37), (37, 80)):
        y = solve_ivp(lambda t, y: handy(t, y, ip3_course(t)), span, y, **LSODA).y[:, -1]
    run = tp.simulate(
        OpenCell(Ip3Transient()), Pulses("stimulus", 1, [20] * s, 17 * s), until=80 * s, save_at=[80] * s, solver=FINE
    )
    np.testing.assert_allclose(final(run, "astrocyte.ca", "ca_total", "astrocyte.h"), y, rtol=1e-7, atol=0)


def test_a_transient_of_ip3_has_the_closed_form_of_its_course():
    times = np.array([10.0, 20, 25, 36.9, 37.1, 60, 134])
    run = tp.simulate(
        Ip3Transient(), Pulses("stimulus", 1, [20] * s, 17 * s), until=150 * s, save_at=times * s, solver=FINE
    )
    np.testing.assert_allclose(run["ip3"].values, [ip3_course(t) for t in times], rtol=1e-8, atol=1e-12)
    assert run["ip3"].values[-1] == pytest.approx(0.005, rel=1e-8)


def chen(t, y):
    h, c, i, er, active, oligomers, closed, opened = y
    free = 0.001 - 4 * (closed + opened)
    dimers = 25 / (er**2 + 25) * (0.6 - active)
    release = (9.3e-4 + 66.6 * (i * c * h / ((i + 1) * (c + 0.4))) ** 3) * (er - c)
    serca = c**2 / (0.15**2 + c**2)
    opening = 0.5 * active / (0.2 + active) * closed
    assembly = 1.8e-4 * free**3 / (2e-5**3 + free**3)
    return [
        0.5 * (0.4 - (c + 0.4) * h),
        release + (2.3 * opened + 5e-7) * (1500 - c) - serca - c**2 / (0.45**2 + c**2),
        0.5 * c**2 / (0.12**2 + c**2) - 0.5 * c**2 / (0.1**2 + c**2) * i,
        serca - release,
        4 * dimers - 6 * active,
        0.25 * dimers**2 / (dimers**2 + 0.14**2) - 0.8 * oligomers,
        assembly + opened - 0.5 * closed - opening,
        opening - 1.6 * opened,
    ]


def test_stim_and_orai_follow_their_equations():
    start = [0.8, 0.05, 0.5, 10.0, 0.06, 0, 0, 0]
    expected = solve_ivp(chen, (0, 60), start, method="BDF", rtol=1e-10, atol=1e-14).y[:, -1]
    run = tp.simulate(StimOraiCell(), until=60 * s, save_at=[60] * s, solver=FINE)
    names = ("astrocyte.h", "astrocyte.ca", "ip3", "ca_er", "stim_active", "stim_oligomers", "orai_closed", "orai_open")
    np.testing.assert_allclose(final(run, *names), expected, rtol=1e-6, atol=0)


def test_more_channels_than_subunits_only_fall_apart():
    entry = StimOrai(orai_closed=0.01 * uM)
    held = Constant(ca=0.1 * uM, ca_er=10 * uM, ca_total=10 * uM)
    run = tp.simulate(entry, held, until=30 * s, solver=FINE)
    assert run.ok and np.all(np.diff(run["orai_closed"].values[:20]) < 0)
    assert 4 * (run["orai_closed"] + run["orai_open"]).values[-1] < 0.001


def marhl(t, y):
    c, er, mito, bound = y
    release = (4100 * c**2 / (25 + c**2) + 0.05) * (er - c)
    out = (125 * c**2 / (25 + c**2) + 0.00625) * mito
    into = 300 * c**8 / (0.8**8 + c**8)
    binds = 0.1 * c * (120 - bound) - 0.01 * bound
    return [release - 20 * c + out - into - binds, (20 * c - release) / 4, (into - out) / 4, binds]


def test_mitochondria_follow_their_equations():
    expected = solve_ivp(marhl, (0, 30), [0.35, 0.76, 0.29, 85.45], **LSODA).y[:, -1]
    run = tp.simulate(MitochondrialCell(), until=30 * s, save_at=[30] * s, solver=FINE)
    found = final(run, "astrocyte.ca", "ca_er", "ca_mito", "ca_bound")
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=0)


# What opens a closed cell ------------------------------------------------------------------------------


def test_total_calcium_alone_leaves_a_closed_cell_as_it_was():
    held = Constant(ip3=0.5 * uM)
    closed = tp.simulate(LiRinzel(), held, until=60 * s, solver=FINE)
    opened = tp.simulate(tp.Model(cell=tp.Compartment(LiRinzel(), TotalCalcium())), held, until=60 * s, solver=FINE)
    np.testing.assert_allclose(opened["ca"].values, closed["ca"].values, rtol=1e-7, atol=0)
    np.testing.assert_allclose(opened["ca_total"].values, 2.0, rtol=1e-12, atol=0)


def test_one_line_opens_a_closed_astrocyte_and_its_membrane_balances():
    model = Chi().add(astrocyte=[TotalCalcium(), PlasmaLeak(), Pmca(), StoreOperatedEntry()])
    run = tp.simulate(model, until=3000 * s, save_at=[2999, 3000] * s, solver=FINE)
    ca, total, er = final(run, "astrocyte.ca", "ca_total", "ca_er")
    assert er == pytest.approx((total - ca) / 0.185, rel=1e-12)
    entry = 0.05 + 1.57 * 90**4 / (90**4 + er**4)
    assert entry == pytest.approx(1.2 * ca + 10 * ca**2 / (2.5**2 + ca**2), rel=1e-6)


def test_a_closed_astrocyte_says_what_an_entry_lacks():
    with pytest.raises(WiringError, match="ca_total"):
        tp.simulate(Chi().add(astrocyte=CalEx()), until=1 * s)


def test_calcium_between_cytosol_and_store_is_conserved():
    inner = tp.Compartment(CytosolicCalcium(), TotalCalcium(), Ip3ReceptorFlux(), ErLeak(), Serca())
    model = tp.Model(cell=inner.using(handy2017.CELL.without("inflow", "outflow", "k_pmca", "k_soc", "membrane_ratio")))
    run = tp.simulate(model, Constant(ip3=0.3 * uM), until=200 * s, solver=FINE)
    assert np.ptp(run["ca"].values) > 0.1
    np.testing.assert_allclose(run["ca_total"].values, 36.49084, rtol=1e-12, atol=0)


# Single fluxes ------------------------------------------------------------------------------------------


def test_calex_with_the_affinity_of_the_pump_multiplies_the_pump():
    held = Constant(ip3=0.25 * uM)
    extra = OpenCell(CalEx(extrusion="40 uM/s", k_calex=2.5 * uM, membrane_ratio=0.2))
    stronger = OpenCell().replace({"Pmca.extrusion": "50 uM/s"})
    courses = [tp.simulate(m, held, until=300 * s, solver=FINE)["astrocyte.ca"].values for m in (extra, stronger)]
    np.testing.assert_allclose(*courses, rtol=1e-7, atol=0)


def test_the_slow_gate_follows_an_emptied_store_exponentially():
    held = Constant(ca=0.1 * uM, ca_total=20 * uM) & Steps("ca_er", [0, 200] * s, [400, 50] * uM)
    times = np.array([200.0, 202, 205, 220])
    run = tp.simulate(SlowStoreOperatedEntry(), held, until=300 * s, save_at=times * s, solver=FINE)
    rest, called = (169**4.2 / (169**4.2 + er**4.2) for er in (400, 50))
    np.testing.assert_allclose(
        run["soce"].values, called + (rest - called) * np.exp(-(times - 200) / 5), rtol=1e-7, atol=0
    )


@pytest.mark.parametrize("er", [400.0, 169.0, 50.0, 0.0, -1e-6])
def test_the_slow_gate_is_defined_for_any_store(er):
    from tripartite.language.mechanism import Quantities

    values = {**SlowStoreOperatedEntry().values, "ca": 0.1, "ca_total": 20.0, "ca_er": er, "soce": 0.0}
    rate = SlowStoreOperatedEntry.rates(Quantities(values, "gate"))["soce"]  # type: ignore
    assert rate == pytest.approx(169**4.2 / (169**4.2 + max(er, 0) ** 4.2) / 5000, rel=1e-12)


def test_serca_takes_up_nothing_from_below_zero():
    from tripartite.language.mechanism import Quantities

    for ca, expected in ((-1e-9, 0.0), (0.0, 0.0), (0.1, 0.45e-3)):
        rate = Serca.rates(Quantities({**Serca().values, "ca": ca}, "serca"))["ca"]  # type: ignore
        assert -rate == pytest.approx(expected, rel=1e-12, abs=0)


def exchange(v, ca, sodium_in):
    """Rate of the exchanger (µM/s) by its own arithmetic, in mM, mV, A/m² and m."""
    phi = v / 26.727
    inward = np.exp(0.35 * phi) * sodium_in**3 * 1.8
    outward = np.exp(-0.65 * phi) * 145**3 * ca * 1e-3
    current = 1e-4 * (inward - outward) / ((87.5**3 + 145**3) * (1.38 + 1.8) * (1 + 0.1 * np.exp(-0.65 * phi)))
    return current * 1e6 / 96485.33212 * 1e3  # A/m² through 1e6 m² per m³, mol/m³ to µM


@pytest.mark.parametrize(("v", "ca", "sodium_in"), [(-85.0, 0.07, 15.0), (-85.0, 1.0, 15.0), (-20.0, 0.07, 25.0)])
def test_the_exchanger_follows_its_equation_and_turns_at_its_reversal(v, ca, sodium_in):
    cell = tp.Model(cell=tp.Compartment(Ncx(), CytosolicCalcium(ca=ca * uM), TotalCalcium()))
    held = Constant(v=v * mV, sodium_in=sodium_in * mM)
    run = tp.simulate(cell, held, until=1e-3 * s, save_at=[0, 1e-3] * s, solver=FINE)
    for name in ("ca", "ca_total"):
        rate = float(np.diff(run[name].values)[0]) / 1e-3
        assert rate == pytest.approx(exchange(v, ca, sodium_in), rel=1e-3)

    reversal = 26.727 * (3 * np.log(145 / sodium_in) - np.log(1800 / ca))  # 3 E_Na - 2 E_Ca
    assert np.sign(exchange(v, ca, sodium_in)) == np.sign(v - reversal)
    assert abs(exchange(reversal, ca, sodium_in)) < 1e-9 * abs(exchange(reversal + 1, ca, sodium_in))
