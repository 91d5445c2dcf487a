"""Relative calcium and its exchange between compartments against the printed equations."""

import numpy as np
import pytest
from tests.laws.index import alone
from tests.laws.written import kernels

import tripartite as tp
from tripartite.language import Compartment, Model
from tripartite.mechanisms import ProcessExchange, RelativeCalcium
from tripartite.models import RelativeAstrocyte
from tripartite.units import s


def into_store(c, e):
    return 0.13 * c**2 / (1 + c**2) - e**2 / (1 + e**2) * c**4 / (1 + c**4) - 0.004 * e


@pytest.mark.parametrize(("c", "e"), [(0.31, 1.0), (1.5, 0.2), (0.05, 2.5)])
def test_rates_are_the_printed_ones(c, e):
    system = alone(RelativeCalcium)
    found = (
        kernels(RelativeCalcium).rates(np.array([c, e]), np.array([entry.value for entry in system.constants])) * 1000
    )
    expected = [(0.31 - 50 * into_store(c, e) - c) / 8, into_store(c, e) / (0.04 * 8)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


@pytest.mark.parametrize("volume", [1.0, 4.0])
def test_exchange_keeps_what_processes_and_soma_hold_together(volume):
    still = {"influx": 0.0, "store_weight": 0.0, "uptake": 0.0, "leak": 0.0, "ca_tau": 1e12 * s, "store_tau": 1e12 * s}
    process = Compartment(
        RelativeCalcium(ca=2.0, ca_er=0.5, **still), ProcessExchange(store_exchange=0.1, soma_volume=volume)
    )
    soma = Compartment(RelativeCalcium(ca=0.1, ca_er=1.5, **still))
    model = Model(process=process, soma=soma, wiring=[soma.ca >> process.soma_ca, soma.ca_er >> process.soma_ca_er])
    run = tp.simulate(model, until=500 * s, save_at=[0, 50, 500] * s, solver=tp.Tsit5(1e-10, 1e-12))
    np.testing.assert_allclose(run["process.ca"] + volume * run["soma.ca"], 2.0 + 0.1 * volume, rtol=1e-8)
    # Two compartments of volumes 1 and v meet at the rate (1 + 1 / v) D / tau.
    pace = (1 + 1 / volume) * 0.05 / 8
    expected = 1.9 * np.exp(-pace * np.array([0, 50, 500]))
    np.testing.assert_allclose(run["process.ca"] - run["soma.ca"], expected, rtol=1e-6)


def test_an_astrocyte_at_rest_stays_there():
    run = tp.simulate(
        RelativeAstrocyte(processes=3).replace(
            {f"process_{i}.strength": tp.units.Quantity(0, "s**0.5") for i in range(3)}
        ),
        until=2000 * s,
        save_at=[2000] * s,
        solver=tp.EulerMaruyama(0.5 * s),
    )
    for place in ("process_0", "process_2", "soma"):
        assert float(run[f"{place}.ca"][-1]) == pytest.approx(0.31, rel=1e-9)
        assert float(run[f"{place}.ca_er"][-1]) == pytest.approx(1.362578, rel=1e-6)
