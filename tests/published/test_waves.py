"""Numbers of the published table on waves through coupled astrocytes."""

import numpy as np

from tests.published import check
from tripartite.analysis import wave
from tripartite.mechanisms import LinearIp3Coupling
from tripartite.models.astrocyte_networks import AstrocyteChain, AstrocyteRing, chain_parts
from tripartite.network import On, States
from tripartite.protocols import Constant, Pulses
from tripartite.units import ms, s, uM


def chain(coupling=None):
    network = AstrocyteChain(chain_parts(coupling), size=80, step=20 * ms)
    cells = network.groups["astrocytes"]
    record = [States(cells, "ca", every=100 * ms)]
    ca = network.run(until=900 * s, record=record, protocol=On(cells, Constant(reservoir=2 * uM)))["astrocytes.ca"]
    return wave(ca[ca.dims[0]].values, ca.values, 0.7, between=(20, 60))


def test_the_front_along_a_chain_of_nonlinear_gap_junctions() -> None:
    check("gj_sigmoid_F2_front_s_per_cell", chain().pace)


def test_strong_linear_gap_junctions_stop_the_wave() -> None:
    """The tenth cell hangs in the balance: with steps of 5 ms it becomes active after some 500 s."""
    check("gj_linear_F2_active_of80_900s", chain(LinearIp3Coupling()).reached)


def test_the_first_front_around_the_ring() -> None:
    network = AstrocyteRing(step=50 * ms)
    cells = network.groups["astrocytes"]
    pulses = Pulses("reservoir", 1 * uM, np.arange(0, 400, 50) * s, 20 * s)
    empty = Constant(reservoir=0 * uM)
    stimulus = On(cells[25:26], pulses) & On(cells[:25], empty) & On(cells[26:], empty)
    ca = network.run(until=400 * s, record=[States(cells, "ca", every=50 * ms)], protocol=stimulus)["astrocytes.ca"]
    arrival = wave(ca[ca.dims[0]].values, ca.values, 0.5).arrival
    check("stim_ring_cell25_first_s", arrival[25])
    check("stim_ring_cell26_first_s", arrival[26])
    check("stim_ring_cell0_first_s", arrival[0])
