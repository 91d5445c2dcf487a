"""Drugs on gap junctions of a network: from onset to washout as the factors say."""

import numpy as np
import pytest

import tripartite as tp
from tripartite.errors import NetworkError, NoTargetError, WiringError
from tripartite.language import Compartment, Nothing
from tripartite.mechanisms import Ip3Relaxation, LinearIp3Coupling
from tripartite.network import Coupling, Network, On, Population, States
from tripartite.network.rules import Ring
from tripartite.network.run.simulation import Simulation
from tripartite.protocols import Carbenoxolone, ConnexinKnockout, Dpcpx, Steps
from tripartite.units import Quantity, ms, s, uM

PERMEABILITY = Quantity(2.0, "1/s")


def pair(**values):
    """Three cells in a ring that keep their IP3 but for what they exchange; the first has more."""
    cell = tp.Model(astrocyte=Compartment(Ip3Relaxation(ip3_tau=1e9 * s)))
    start = Quantity(np.array([1.0, 0.4, 0.1]), "uM")
    cells = Population(cell, 3, values={"ip3": start})
    junction = Coupling(cells, LinearIp3Coupling(permeability=PERMEABILITY), Ring(), values=values)
    return cells, junction, Network(cells=cells, connections=[junction], step=1 * ms)


def courses(protocol, until=2 * s, **values):
    cells, junction, network = pair(**values)
    run = network.run(until=until, record=States(cells, "ip3", every=1 * ms), protocol=protocol(junction))
    found = run["cells.ip3"]
    return found["time"].values, found.transpose("time", ...).values.reshape(len(found["time"]), -1)


def spread(time, integral):
    """Differences from the mean decay with three times the permeability, in a ring of three."""
    start = np.array([1.0, 0.4, 0.1])
    return start.mean() + (start - start.mean()) * np.exp(-3 * 2.0 * integral)[:, None]


def test_a_block_stops_the_exchange_from_its_onset_to_its_end():
    time, found = courses(lambda j: On(j, ConnexinKnockout(at=0.05 * s, stop=0.2 * s)), until=0.5 * s)
    open_for = np.minimum(time, 0.05) + np.maximum(time - 0.2, 0)
    # A coupling is held over a step, so that a change of it comes a step late: 6/s × 1 ms of a difference of 0.5.
    np.testing.assert_allclose(found, spread(time, open_for), rtol=5e-3, atol=3e-3)
    blocked = found[(time > 0.052) & (time < 0.199)]
    np.testing.assert_allclose(blocked, np.broadcast_to(blocked[0], blocked.shape), rtol=1e-6)


def test_a_drug_leaves_the_fraction_of_junctions_that_it_does_not_bind():
    drug = Carbenoxolone(at=0 * s, dose=3 * uM, affinity=1 * uM)
    time, found = courses(lambda j: On(j, drug), until=0.5 * s)
    np.testing.assert_allclose(found, spread(time, time / 4), rtol=5e-3)


def test_contacts_with_their_own_values_are_blocked_in_proportion():
    drug = Carbenoxolone(at=0 * s, dose=1 * uM, affinity=1 * uM)
    own = {"permeability": Quantity(np.full(6, 4.0), "1/s")}
    time, found = courses(lambda j: On(j, drug), until=0.5 * s, **own)
    np.testing.assert_allclose(found, spread(time, time), rtol=5e-3)


def test_a_running_network_can_be_blocked_later_and_goes_on_from_a_checkpoint(tmp_path):
    cells, junction, network = pair()
    record = States(cells, "ip3", every=1 * ms)
    simulation = network.start(threads=1)
    simulation.run(100 * ms, record)
    blocked = simulation.run(100 * ms, record, protocol=On(junction, ConnexinKnockout()))
    path = simulation.save(tmp_path / "at.zarr")
    further = Simulation.load(path, network).run(100 * ms, record)
    assert blocked["cells.ip3"].values.ravel()[0] < 0.8
    start, end = (further["cells.ip3"].values.reshape(-1, 3)[place] for place in (0, -1))
    # A coupling is held over a step, so that the block comes a step late.
    np.testing.assert_allclose(blocked["cells.ip3"].values.reshape(-1, 3)[2], end, rtol=1e-6)
    np.testing.assert_allclose(start, end, rtol=1e-6)
    released = simulation.run(200 * ms, record, protocol=Nothing())
    assert np.ptp(released["cells.ip3"].values.reshape(-1, 3)[-1]) < 0.5 * np.ptp(end)


def test_a_coupling_has_no_inputs_to_drive_and_no_other_receptors():
    _, junction, network = pair()
    with pytest.raises(NoTargetError, match="DPCPX acts on A1"):
        network.run(until=1 * s, protocol=On(junction, Dpcpx(at=0 * s)))
    with pytest.raises(WiringError, match="can only change their parameters"):
        network.run(until=1 * s, protocol=On(junction, Steps("neighbour", [0] * s, [1] * uM)))
    with pytest.raises(NetworkError, match="not one of them"):
        network.run(until=1 * s, protocol=On(pair()[1], ConnexinKnockout()))
