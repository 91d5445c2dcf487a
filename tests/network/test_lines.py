"""Networks solved as one system: against closed forms, against steps of fixed length, and what is refused."""

import numpy as np
import pytest
from scipy.linalg import expm

from tripartite.errors import DivergedError, NetworkError, QuantityError, RangeError
from tripartite.language import Input, Mechanism, Parameter, Perturbation, State, where
from tripartite.mechanisms import Ip3Coupling, LeakyIntegrateFire, LinearIp3Coupling
from tripartite.models import Chi
from tripartite.network import (
    Average,
    Bdf,
    Coupling,
    Network,
    On,
    PoissonGroup,
    Population,
    RungeKutta4,
    Spikes,
    States,
)
from tripartite.network.rules import Grid, Ring
from tripartite.protocols import Constant, Steps
from tripartite.units import Hz, ms, s, uM

TIGHT = Bdf(rtol=1e-10, atol=1e-12)


class Substance(Mechanism):
    """Something that decays and is made.

    **Sources** assumed: a test.
    """

    ip3 = State(0.0, "uM", "amount", low=0)
    made = Input("uM/s", "production")
    decay = Parameter(0.5, "1/s", "rate of decay", "assumed: a test", low=0)

    def rates(q):
        return {"ip3": q.made - q.decay * q.ip3}


class Explosion(Mechanism):
    """Something that becomes infinite after 2 s.

    **Sources** assumed: a test.
    """

    x = State(0.5, "1", "amount", low=0)
    pace = Parameter(1.0, "1/s", "rate", "assumed: a test", low=0)

    def rates(q):
        return {"x": q.pace * q.x**2}


class Window(Mechanism):
    """Something that is made while another lies between two levels. **Sources** assumed: a test."""

    level = State(0.0, "1", "rises, ever more slowly")
    made = State(0.0, "1", "what was made")
    pace = Parameter(1.0, "1/s", "rate", "assumed: a test")

    def rates(q):
        opened = where(q.level > 0.5, where(q.level < 0.501, q.pace, 0 * q.pace), 0 * q.pace)
        return {"level": q.pace * (1 - q.level), "made": opened}


def line(size: int = 8) -> tuple[Network, Population]:
    starts = np.zeros(size)
    starts[0] = 1.0
    cells = Population(Substance(), size, values={"ip3": starts * uM})
    contacts = Coupling(cells, LinearIp3Coupling(), Grid(1, size))
    return Network(cells=cells, connections=[contacts], step=10 * ms), cells


def laplacian(size: int) -> np.ndarray:
    matrix = -2.0 * np.eye(size) + np.eye(size, k=1) + np.eye(size, k=-1)
    matrix[0, 0] = matrix[-1, -1] = -1
    return matrix


def test_diffusion_along_a_line_is_the_exponential_of_its_matrix():
    network, cells = line()
    silent = On(cells, Constant(made=0 * uM / s))
    run = network.run(until=3 * s, record=States(cells, "ip3", every=500 * ms), protocol=silent, solver=TIGHT)
    start = np.eye(8)[0]
    for time, found in zip(run.time.values, run["cells.ip3"].values, strict=True):
        np.testing.assert_allclose(
            found, expm(time * (2.0 * laplacian(8) - 0.5 * np.eye(8))) @ start, rtol=1e-7, atol=1e-10
        )


def test_drives_and_perturbations_act_on_their_cells_and_at_their_times():
    network, cells = line(3)
    network = Network(cells=cells, step=10 * ms)
    protocol = (
        On(cells[:1], Steps("made", [0, 1] * s, [0, 2] * uM / s))
        & On(cells[1:], Constant(made=0 * uM / s))
        & On(cells[:1], Perturbation("no decay", {"decay": 0.0}, at=2 * s, stop=3 * s))
    )
    run = network.run(until=4 * s, record=States(cells, "ip3", every=1 * s), protocol=protocol, solver=TIGHT)

    def relaxed(start: float) -> float:
        return 4 + (start - 4) * np.exp(-0.5)

    at_2 = relaxed(np.exp(-0.5))
    expected = [1.0, np.exp(-0.5), at_2, at_2 + 2, relaxed(at_2 + 2)]
    np.testing.assert_allclose(run["cells.ip3"].values[:, 0], expected, rtol=1e-8)
    assert np.all(run["cells.ip3"].values[:, 1:] == 0)


def test_a_ring_of_astrocytes_goes_as_with_short_explicit_steps():
    ip3 = np.linspace(0.1, 1.2, 6)
    cells = Population(
        Chi(),
        6,
        values={"ip3": ip3 * uM},
        method=RungeKutta4(),
    )
    network = Network(cells=cells, connections=[Coupling(cells, Ip3Coupling(), Ring())], step=5 * ms)
    record = [States(cells, "ca", "ip3", every=1 * s), Average(cells, "ca", every=1 * s)]
    stepped, solved = network.run(until=20 * s, record=record), network.run(until=20 * s, record=record, solver=TIGHT)
    # Contacts are held over the steps of the explicit run, which makes it first order in 5 ms.
    np.testing.assert_allclose(solved["cells.ip3"], stepped["cells.ip3"], rtol=2e-3)
    np.testing.assert_allclose(solved["cells.ca"], stepped["cells.ca"], rtol=2e-2)
    np.testing.assert_allclose(solved["cells.ca.mean"], solved["cells.ca"].mean("cells_cell"), rtol=1e-12)


def test_two_populations_are_solved_side_by_side():
    a, b = Population(Substance(), 2), Population(Explosion(), 3)
    network = Network(a=a, b=b, step=10 * ms)
    on = On(a, Constant(made=1 * uM / s))
    record = [States(a, "ip3", every=1 * s), States(b, "x", every=1 * s)]
    run = network.run(until=1 * s, record=record, protocol=on, solver=TIGHT)
    np.testing.assert_allclose(run["a.ip3"].values[-1], 2 * (1 - np.exp(-0.5)), rtol=1e-8)
    np.testing.assert_allclose(run["b.x"].values[-1], 1.0, rtol=1e-8)


def test_a_run_that_explodes_says_so_and_keeps_what_it_reached():
    cells = Population(Explosion(), 2)
    with pytest.raises(DivergedError, match="stopped after") as caught:
        Network(cells=cells, step=10 * ms).run(until=4 * s, record=States(cells, "x", every=500 * ms), solver=Bdf())
    kept = caught.value.result["cells.x"]
    np.testing.assert_allclose(kept.values[:4, 0], [0.5, 1 / 1.5, 1.0, 2.0], rtol=1e-4)


def test_spikes_noise_sources_inputs_and_records_of_spikes_are_refused():
    neurons = Population(LeakyIntegrateFire(), 2)
    with pytest.raises(NetworkError, match="has events in `neurons`"):
        Network(neurons=neurons).run(until=1 * s, solver=Bdf())
    with pytest.raises(NetworkError, match=r"has rates in `cells` that jump where .*level.* changes"):
        Network(cells=Population(Window(), 2)).run(until=1 * s, solver=Bdf())
    cells = Population(Substance(), 2)
    with pytest.raises(NetworkError, match="source of spikes `source`"):
        Network(cells=cells, source=PoissonGroup(3, 5 * Hz)).run(until=1 * s, solver=Bdf())
    network = Network(cells=cells)
    with pytest.raises(NetworkError, match="spikes or synapses"):
        network.run(until=1 * s, record=Spikes(cells), protocol=On(cells, Constant(made=0 * uM / s)), solver=Bdf())
    with pytest.raises(NetworkError, match="`Bdf`"):
        network.run(until=1 * s, solver="bdf")  # type: ignore[arg-type]
    with pytest.raises(NetworkError, match="stream_to"):
        network.run(until=1 * s, solver=Bdf(), stream_to="somewhere")


@pytest.mark.parametrize("wrong", [{"rtol": 2.0}, {"atol": 0.0}])
def test_tolerances_are_positive_numbers(wrong):
    with pytest.raises(RangeError, match="Tolerances are positive"):
        Bdf(**wrong)


def test_a_tolerance_is_a_number():
    with pytest.raises(QuantityError, match="rtol"):
        Bdf(rtol="fine")
