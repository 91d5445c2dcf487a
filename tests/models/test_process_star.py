"""Processes around a soma: what it adds up, and what exchange keeps."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import TripartiteError
from tripartite.language import Compartment, Mechanism, Model, Nothing, State
from tripartite.mechanisms import SomaExchange, SpikeIp3
from tripartite.models import ProcessStar
from tripartite.protocols import SpikeTrain
from tripartite.units import s, uM

BURST = np.arange(8) * 0.25


class Both(Mechanism):
    """Calcium and IP3 that nothing else changes.

    **Sources** assumed: a test.
    """

    ca = State(0.1, "uM", "calcium", low=0)
    ip3 = State(0.5, "uM", "IP3", low=0)


def peak(starts):
    """Largest calcium of the soma when process k gets a burst at ``starts[k]``."""
    protocol = Nothing()
    for number, start in enumerate(starts):
        protocol &= SpikeTrain((start + BURST) * s, to=f"process_{number}.spike")
    run = tp.simulate(ProcessStar(), protocol, until=200 * s, save_every=0.2 * s)
    return float(run["soma.ca"][run.time.values > 38].max())


def test_the_soma_follows_processes_that_are_active_together_only():
    assert peak([100] * 7) > 0.4
    assert peak([100] * 3) > 0.4
    assert peak([40 + 20 * k for k in range(7)]) < 0.15
    assert peak([100]) < 0.15


def test_exchange_keeps_calcium_and_ip3():
    process = Compartment(Both(ca=1 * uM, ip3=2 * uM), SomaExchange(soma_volume=4.0))
    soma = Compartment(Both())
    model = Model(process=process, soma=soma, wiring=[soma.ca >> process.soma_ca, soma.ip3 >> process.soma_ip3])
    run = tp.simulate(model, until=30 * s, save_at=[0, 30] * s, solver=tp.Tsit5(1e-11, 1e-13))
    np.testing.assert_allclose(run["process.ca"] + 4 * run["soma.ca"], 1.4, rtol=1e-9)
    apart = 0.9 * np.exp(-0.05 * 1.25 * 30)
    assert float((run["process.ca"] - run["soma.ca"])[-1]) == pytest.approx(apart, rel=1e-7)
    assert float((run["process.ip3"] - run["soma.ip3"])[-1]) == pytest.approx(1.5 * np.exp(-0.1 * 1.25 * 30), rel=1e-7)


def test_a_spike_makes_as_much_ip3_as_a_pulse_of_60_ms():
    model = Model(cell=Compartment(Both(ip3=0 * uM), SpikeIp3()))
    run = tp.simulate(model, SpikeTrain([1] * s), until=5 * s, save_at=[5] * s, solver=tp.Tsit5(1e-10, 1e-12))
    assert float(run["ip3"][-1]) == pytest.approx(5 * 0.06, rel=1e-7)


def test_a_star_has_processes():
    with pytest.raises(TripartiteError, match="from 1 to"):
        ProcessStar(processes=0)
