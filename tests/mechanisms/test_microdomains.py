"""A microdomain and the compartment around it against their closed form."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.language import Compartment, Mechanism, Model, State
from tripartite.mechanisms import ImmobileBuffer, MicrodomainExchange, MobileBuffer
from tripartite.units import s, uM, um


class CalciumOnly(Mechanism):
    """Calcium that nothing else changes.

    **Sources** assumed: a test.
    """

    ca = State(0.1, "uM", "free calcium", low=0)


@pytest.mark.parametrize("ratio", [0.01, 0.5])
def test_a_microdomain_relaxes_in_its_diffusion_time_and_keeps_calcium(ratio):
    exchange = MicrodomainExchange(radius=0.5 * um, volume_ratio=ratio)
    domain, process = Compartment(CalciumOnly(ca=2 * uM), exchange), Compartment(CalciumOnly())
    pair = Model(domain=domain, process=process, wiring=[process.ca >> domain.parent_ca])
    times = np.array([0.002, 0.01, 0.05])
    run = tp.simulate(pair, until=0.05 * s, save_at=times * s, solver=tp.Tsit5(1e-11, 1e-13))
    mean = (ratio * 2 + 0.1) / (1 + ratio)
    expected = mean + (2 - mean) * np.exp(-(1 + ratio) * times * 13 / 0.25)
    np.testing.assert_allclose(run["domain.ca"], expected, rtol=1e-8)
    np.testing.assert_allclose(ratio * run["domain.ca"] + run["process.ca"], ratio * 2 + 0.1, rtol=1e-9)


def test_buffers_come_to_equilibrium_and_keep_calcium():
    cell = Compartment(CalciumOnly(ca=3 * uM), ImmobileBuffer(), MobileBuffer())
    run = tp.simulate(cell, until=0.2 * s, save_at=[0.2] * s, solver=tp.Kvaerno5(1e-9, 1e-12))
    ca, fixed, mobile = (float(run[name][-1]) for name in ("ca", "immobile_bound", "mobile_bound"))
    assert fixed == pytest.approx(450 * ca / (ca + 10), rel=1e-6)
    assert mobile == pytest.approx(75 * ca / (ca + 0.24), rel=1e-6)
    start = 450 * 0.05 / 10.05 + 75 * 0.05 / 0.29 + 3
    assert ca + fixed + mobile == pytest.approx(start, rel=1e-6)
