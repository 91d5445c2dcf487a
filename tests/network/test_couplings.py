"""Couplings read several quantities of both cells, add to several states, and refuse what they cannot do."""

import numpy as np
import pytest

from tests.network.probes import share_cells, simulate
from tripartite.errors import DimensionError, NetworkError, RangeError, WiringError
from tripartite.language import Input, Mechanism, Output, Parameter, State
from tripartite.mechanisms import LinearIp3Coupling
from tripartite.network import Coupling, Euler, Network, Population
from tripartite.network.rules import EdgeList, Ring
from tripartite.units import Quantity, mM, ms, s, uM

SIZE, STEPS, STEP = 20, 200, 0.1
IP3 = 1 + np.sin(np.arange(SIZE)) / 2
POTASSIUM = 3 + np.cos(np.arange(SIZE))


class Pool(Mechanism):
    """Two substances that nothing changes, and what others see of one.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ip3 = State(1.0, "uM", "IP3", low=0)
    potassium = State(3.0, "mM", "potassium", low=0)
    gain = Parameter(2.0, "1", "gain", "assumed: a test", low=0)
    drive = Output("uM", "what others see")

    def outputs(q):
        return {"drive": q.gain * q.ip3}


class Exchange(Mechanism):
    """Exchange of two substances, one at a rate that an output of the neighbour sets.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ip3 = Input("uM", "IP3 here")
    neighbour_ip3 = Input("uM", "IP3 there")
    neighbour_drive = Input("uM", "drive there")
    potassium = Input("mM", "potassium here")
    neighbour_potassium = Input("mM", "potassium there")
    speed = Parameter(3.0, "1/s", "exchange", "assumed: a test", low=0)
    per_drive = Parameter(1.0, "1/s/uM", "exchange per drive", "assumed: a test", low=0)

    def rates(q):
        return {
            "ip3": (q.speed + q.per_drive * q.neighbour_drive) * (q.neighbour_ip3 - q.ip3),
            "potassium": q.speed * (q.neighbour_potassium - q.potassium),
        }


def pools(**values):
    start = {"ip3": IP3 * uM, "potassium": POTASSIUM * mM, **values}
    return Population(Pool(), SIZE, values=start, step=STEP * ms, method=Euler())


def by_hand(edges, speed, gain, per_drive=1e-3):
    """Forward Euler over directed edges (i, j) of (cell, neighbour)."""
    ip3, potassium = IP3.copy(), POTASSIUM.copy()
    i, j = edges
    for _ in range(STEPS):
        flux = (speed + per_drive * gain[j] * ip3[j]) * (ip3[j] - ip3[i])
        other = speed * (potassium[j] - potassium[i])
        ip3 = ip3 + STEP * np.bincount(i, flux, SIZE)
        potassium = potassium + STEP * np.bincount(i, other, SIZE)
    return ip3, potassium


@pytest.mark.parametrize("threads", [1, 2])
def test_a_coupling_of_two_states_follows_the_formula_by_hand(monkeypatch, threads):
    share_cells(monkeypatch)
    gain = np.linspace(1, 2, SIZE)
    cells = pools(gain=gain)
    found = simulate(Network(cells=cells, connections=[Coupling(cells, Exchange(), Ring())]), STEPS, threads=threads)
    ring = np.arange(SIZE)
    edges = np.concatenate([ring, ring]), np.concatenate([np.roll(ring, 1), np.roll(ring, -1)])
    ip3, potassium = by_hand(edges, 3e-3, gain)
    np.testing.assert_allclose(found["cells_cell_ip3"][:-1], ip3, rtol=1e-12)
    np.testing.assert_allclose(found["cells_cell_potassium"][:-1] / 1000, potassium, rtol=1e-12)


def test_every_directed_contact_may_have_a_value_of_its_own():
    cells = pools()
    coupling = Coupling(cells, Exchange(), EdgeList([3, 0, 7], [9, 1, 2]))
    edges = coupling.edges
    speed = 1.0 + np.arange(len(edges))
    coupling = Coupling(cells, Exchange(), EdgeList([3, 0, 7], [9, 1, 2]), values={"speed": speed / s})
    found = simulate(Network(cells=cells, connections=[coupling]), STEPS)
    ip3, potassium = by_hand((edges.sources, edges.target), speed / 1000, np.full(SIZE, 2.0))
    np.testing.assert_allclose(found["cells_cell_ip3"][:-1], ip3, rtol=1e-12)
    np.testing.assert_allclose(found["cells_cell_potassium"][:-1] / 1000, potassium, rtol=1e-12)


def test_couplings_of_one_state_add_up_and_one_of_a_slice_leaves_the_others_alone():
    cells = pools()
    first = Coupling(cells[5:9], LinearIp3Coupling(permeability=1 / s), Ring())
    second = Coupling(cells[8:12], LinearIp3Coupling(permeability=2 / s), EdgeList([0], [3]))
    found = simulate(Network(cells=cells, connections=[first, second]), STEPS)["cells_cell_ip3"][:-1]
    i = np.array([5, 6, 6, 7, 7, 8, 8, 5, 8, 11])
    j = np.array([6, 5, 7, 6, 8, 7, 5, 8, 11, 8])
    speed = np.array([1.0] * 8 + [2.0] * 2) / 1000
    expected, _ = by_hand((i, j), speed, np.zeros(SIZE), 0)
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    others = [*range(5), 9, 10, *range(12, SIZE)]
    np.testing.assert_array_equal(found[others], IP3[others])


class Silent(Mechanism):
    """Reads one name wrongly.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ip3 = Input("uM", "IP3 here")
    neighbour_sodium = Input("uM", "sodium there")
    speed = Parameter(3.0, "1/s", "exchange", "assumed: a test")

    def rates(q):
        return {"ip3": q.speed * (q.neighbour_sodium - q.ip3)}


class Mistaken(Mechanism):
    """Reads potassium as a voltage.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ip3 = Input("uM", "IP3 here")
    neighbour_potassium = Input("mV", "potassium there")
    speed = Parameter(3.0, "uM/s/mV", "exchange", "assumed: a test")

    def rates(q):
        return {"ip3": q.speed * q.neighbour_potassium}


class Unclear(Mechanism):
    """Adds to two states and reads `neighbour`.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ip3 = Input("uM", "IP3 here")
    potassium = Input("mM", "potassium here")
    neighbour = Input("uM", "which?")
    speed = Parameter(3.0, "1/s", "exchange", "assumed: a test")

    def rates(q):
        return {"ip3": q.speed * (q.neighbour - q.ip3), "potassium": -q.speed * q.potassium}


@pytest.mark.parametrize(
    ("mechanism", "error", "words"),
    [
        (Silent(), WiringError, "neighbour_sodium"),
        (Mistaken(), DimensionError, "mV"),
        (Unclear(), WiringError, "neighbour_<name>"),
    ],
)
def test_a_coupling_that_cannot_read_says_what_is_missing(mechanism, error, words):
    cells = pools()
    with pytest.raises(error, match=words):
        simulate(Network(cells=cells, connections=[Coupling(cells, mechanism, Ring())]), 1)


def test_a_coupling_without_a_neighbour_and_values_of_unknown_parameters_are_refused():
    cells = pools()
    with pytest.raises(WiringError, match="neighbour"):
        Coupling(cells, Pool(), Ring())
    with pytest.raises(WiringError, match="pace"):
        Coupling(cells, Exchange(), Ring(), values={"pace": 1 / s})
    wrong = Coupling(cells, Exchange(), Ring(), values={"speed": Quantity(np.ones(3), "1/s")})
    with pytest.raises(RangeError, match="40"):
        simulate(Network(cells=cells, connections=[wrong]), 1)


def test_a_coupling_too_fast_for_the_step_is_refused():
    cells = pools()
    fast = Coupling(cells, LinearIp3Coupling(permeability=6000 / s), Ring())
    with pytest.raises(NetworkError, match="step below"):
        simulate(Network(cells=cells, connections=[fast]), 1)
    just = Coupling(cells, LinearIp3Coupling(permeability=4900 / s), Ring())
    assert np.isfinite(simulate(Network(cells=cells, connections=[just]), 100)["cells_cell_ip3"]).all()
