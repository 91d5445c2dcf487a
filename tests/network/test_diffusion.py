"""Substances that diffuse along trees are conserved and follow closed forms, SciPy, and themselves on any threads."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp

import tripartite as tp
from tests.network.probes import simulate
from tripartite.errors import NetworkError, QuantityError, RangeError, UnknownNameError
from tripartite.language import Mechanism, Parameter, State
from tripartite.mechanisms import Ip3Metabolism, LiRinzel
from tripartite.network import Diffusion, Morphology, Network, Population, RungeKutta4, Simulation
from tripartite.units import Quantity, ms, s, uM, um

BRANCHING = {"branches": 3, "generations": 2, "pieces": 2, "leaflets": 2}


class Tracer(Mechanism):
    """A substance that enters and decays.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ca = State(0.0, "uM", "concentration", low=0)
    entry = Parameter(0.0, "uM/s", "entry", "assumed: a test", low=0)
    loss = Parameter(0.0, "1/s", "loss", "assumed: a test", low=0)

    def rates(q):
        return {"ca": q.entry - q.loss * q.ca}


def spread(shape, start, steps, *, coefficient=20.0, step=1.0, threads=1, count=1, **values):
    """Concentrations after some steps of diffusion."""
    cells = Population(Tracer(), shape, count=count, step=step * ms, values={"ca": start * uM, **values})
    network = Network(cells=cells, connections=[Diffusion(cells, ca=coefficient * um**2 / s)], step=step * ms)
    return np.array(simulate(network, steps, threads=threads)["cells_cell_ca"][:-1])


def test_a_closed_tree_keeps_what_it_holds_and_evens_it_out():
    shape = Morphology.tree()
    start = np.random.default_rng(1).uniform(0, 10, shape.size)
    held = shape.volume @ start
    for step in (0.1, 10.0, 1e4):
        after = spread(shape, start, 500, step=step)
        assert shape.volume @ after == pytest.approx(held, rel=1e-10)
        assert (after >= 0).all()
    np.testing.assert_allclose(after, held / shape.volume.sum(), rtol=1e-10)


def test_what_is_everywhere_the_same_stays_so_to_the_last_bit():
    shape = Morphology.tree()
    np.testing.assert_array_equal(spread(shape, np.full(shape.size, 0.3), 100), 0.3)


def test_a_mode_of_a_cable_decays_as_its_eigenvalue_says():
    count, length, step, steps = 50, 20.0, 2.0, 300
    shape = Morphology.cable(length * um, 0.3 * um, count)
    along = (np.arange(count) + 0.5) / count
    after = spread(shape, 1 + np.cos(np.pi * along), steps, step=step)
    rate = 20e-3 * (count / length) ** 2 * 2 * (1 - np.cos(np.pi / count))
    expected = 1 + np.cos(np.pi * along) * (1 + rate * step) ** -steps
    np.testing.assert_allclose(after, expected, rtol=1e-12)
    lasting = (after[0] - 1) / np.cos(np.pi * along[0])
    assert lasting == pytest.approx(np.exp(-20e-3 * (np.pi / length) ** 2 * step * steps), rel=2e-3)


def test_a_steady_profile_falls_with_the_square_root_of_diffusion_over_loss():
    count, step = 400, 0.5
    shape = Morphology.cable(40 * um, 0.3 * um, count)
    entry = np.zeros(count)
    entry[0] = 100.0
    values = {"entry": Quantity(entry, "uM/s"), "loss": 5 / s}
    after = spread(shape, np.zeros(count), 20_000, step=step, **values)
    middle = slice(20, 200)
    along = shape.position[middle, 0]
    constant = -1 / np.polyfit(along, np.log(after[middle]), 1)[0]
    # Equations and diffusion take turns: the constant is long by a quarter of loss times step.
    assert constant == pytest.approx(np.sqrt(20 / 5), rel=2e-3)


def test_a_sphere_empties_through_its_surface_at_its_slowest_mode():
    count, radius = 40, 0.5
    inner = Morphology.shells(radius * um, count)
    # Outside, half a shell further on, lies so much that it stays empty.
    outside = Morphology(
        parent=[*inner.parent, count - 1],
        volume=Quantity([*inner.volume, 1e9], "um**3"),
        area=Quantity([*inner.area, 1.0], "um**2"),
        contact=Quantity([*inner.contact, 4 * np.pi * radius**2], "um**2"),
        distance=Quantity([*inner.distance, radius / count / 2], "um"),
        position=Quantity(np.zeros((count + 1, 3)), "um"),
    )
    start = np.append(np.ones(count), 0.0)
    early, late = (spread(outside, start, n, coefficient=13.0, step=0.005)[0] for n in (1200, 1600))
    # Rate pi^2 D / a^2: a time constant of 1.948 ms here.
    assert 400 * 0.005 / np.log(early / late) == pytest.approx(radius**2 * 1000 / (np.pi**2 * 13), rel=5e-3)


def chi(ca, h, ip3):
    """Rates (1/s) of calcium, h and IP3 with the AM values of De Pitta et al. 2009, without a stimulus."""
    opened = (ip3 / (ip3 + 0.13) * ca / (ca + 0.08234) * h) ** 3
    released = (6 * opened + 0.11) * (2 - 1.185 * ca) - 0.9 * ca**2 / (ca**2 + 0.01)
    q2 = 1.049 * (ip3 + 0.13) / (ip3 + 0.9434)
    made = 0.02 / (1 + ip3 / 1.5) * ca**2 / (ca**2 + 0.01)
    broken = 2 * ca**4 / (ca**4 + 0.7**4) * ip3 / (ip3 + 1) + 0.04 * ip3
    return released, 0.2 * (q2 * (1 - h) - ca * h), made - broken


def by_scipy(shape, ip3, until):
    """Calcium, h and IP3 of every compartment after ``until`` s, with explicit exchange between neighbours."""
    child = np.flatnonzero(shape.parent >= 0)
    above = shape.parent[child]
    joint = shape.contact[child] / shape.distance[child]

    def exchanged(c, coefficient):
        moved = coefficient * joint * (c[above] - c[child])
        gained = np.bincount(child, moved, shape.size) - np.bincount(above, moved, shape.size)
        return gained / shape.volume

    def rates(_, y):
        ca, h, ip3 = y.reshape(3, -1)
        found = np.array(chi(ca, h, ip3))
        found[0] += exchanged(ca, 20.0)
        found[2] += exchanged(ip3, 280.0)
        return found.ravel()

    start = np.concatenate([np.full(shape.size, 0.09), np.full(shape.size, 0.78), ip3])
    run = solve_ivp(rates, (0, until), start, method="BDF", rtol=1e-8, atol=1e-10)
    return run.y[:, -1].reshape(3, -1)


def oscillating(shape, ip3, step, **options):
    model = tp.Compartment(LiRinzel(), Ip3Metabolism())
    cells = Population(model, shape, step=step * ms, method=RungeKutta4(), values={"ip3": ip3 * uM})
    links = [Diffusion(cells, ca=20 * um**2 / s, ip3=280 * um**2 / s)]
    return Network(cells=cells, connections=links, step=step * ms, **options)


def test_a_branching_astrocyte_follows_scipy_and_the_error_is_of_first_order():
    shape = Morphology.tree(**BRANCHING)
    ip3 = np.where(shape.region == "leaflet", 1.0, 0.3)
    expected = by_scipy(shape, ip3, 3.0)
    assert np.ptp(expected[0]) > 1e-3, "nothing differs between compartments"
    errors = []
    for step in (2.0, 1.0, 0.5):
        run = simulate(oscillating(shape, ip3, step), round(3000 / step))
        found = np.array([run[f"cells_cell_{name}"][:-1] for name in ("ca", "h", "ip3")])
        errors.append(np.max(np.abs(found / expected - 1)))
    assert errors[-1] < 2e-3
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(2, rel=0.1)


def test_convergence_reports_the_error_of_the_step():
    shape = Morphology.tree(**BRANCHING)
    ip3 = np.where(shape.region == "leaflet", 1.0, 0.3)
    changes = {c.quantity: c.change for c in oscillating(shape, ip3, 10.0).convergence(until=3 * s, seeds=1).changes}
    assert 0 < abs(changes["cells.ca.mean"]) < 2e-3


def test_threads_change_no_bit():
    shape = Morphology.tree()
    ip3 = np.random.default_rng(2).uniform(0, 1, shape.size)
    one, two = (simulate(oscillating(shape, ip3, 5.0), 200, threads=n) for n in (1, 2))
    for name in ("ca", "h", "ip3"):
        np.testing.assert_array_equal(one[f"cells_cell_{name}"], two[f"cells_cell_{name}"])


def test_a_stopped_run_goes_on_to_the_last_bit(tmp_path):
    shape = Morphology.tree(**BRANCHING)
    network = oscillating(shape, np.linspace(0, 1, shape.size), 5.0)
    whole = simulate(network, 200)
    simulate(network, 120).save(tmp_path / "halfway.zarr")
    resumed = Simulation.load(tmp_path / "halfway.zarr", network, threads=2)
    resumed.advance(80)
    np.testing.assert_array_equal(resumed["cells_cell_ca"], whole["cells_cell_ca"])


def test_several_cells_of_a_morphology_do_not_mix():
    shape = Morphology.tree(**BRANCHING)
    start = np.random.default_rng(3).uniform(0, 1, (3, shape.size))
    places = Population(Tracer(), shape, count=3).places
    assert sorted(places.ravel()) == list(range(3 * shape.size))
    together = np.empty(3 * shape.size)
    together[places] = start
    found = spread(shape, together, 50, count=3, threads=2)
    for tree in range(3):
        np.testing.assert_array_equal(found[places[tree]], spread(shape, start[tree], 50))


def test_values_of_compartments_and_regions_hold_in_every_cell():
    shape = Morphology.tree(**BRANCHING)
    entry = shape.by_region(0 * uM / s, leaflet=2 * uM / s)
    cells = Population(Tracer(), shape, count=2, values={"entry": entry})
    run = simulate(Network(cells=cells, step=1 * ms), 1000)["cells_cell_ca"][:-1]
    leaflets = cells["leaflet"]
    assert leaflets.size == 2 * np.sum(shape.region == "leaflet")
    np.testing.assert_allclose(run[leaflets.low : leaflets.high], 2.0, rtol=1e-12)
    assert np.sum(run) == pytest.approx(2.0 * leaflets.size)
    for tree in range(2):
        np.testing.assert_allclose(run[cells.places[tree]], np.where(shape.region == "leaflet", 2.0, 0.0), rtol=1e-12)


def test_coefficients_of_compartments_hold_for_the_contact_with_their_parent():
    shape = Morphology.cable(4 * um, 1 * um, 4)
    cells = Population(Tracer(), shape, values={"ca": [8, 0, 4, 4] * uM})
    barrier = Diffusion(cells, ca=Quantity([20.0, 20.0, 0.0, 20.0], "um**2/s"))
    after = simulate(Network(cells=cells, connections=[barrier], step=1 * ms), 10_000)["cells_cell_ca"][:-1]
    np.testing.assert_allclose(after, 4.0, rtol=1e-9)
    moved = Diffusion(cells, ca=Quantity([20.0, 0.0, 20.0, 20.0], "um**2/s"))
    after = simulate(Network(cells=cells, connections=[moved], step=1 * ms), 10_000)["cells_cell_ca"][:-1]
    np.testing.assert_allclose(after, [8, 8 / 3, 8 / 3, 8 / 3], rtol=1e-9)


def test_single_precision_and_a_slower_step_of_the_population():
    shape = Morphology.tree(**BRANCHING)
    ip3 = np.linspace(0, 1, shape.size)
    exact = simulate(oscillating(shape, ip3, 5.0), 100)["cells_cell_ca"]
    single = simulate(oscillating(shape, ip3, 5.0, precision=np.float32), 100)["cells_cell_ca"]
    np.testing.assert_allclose(single, exact, rtol=1e-4)
    slow = oscillating(shape, ip3, 5.0)
    vars(slow)["step"] = 1.0
    np.testing.assert_array_equal(simulate(slow, 500)["cells_cell_ca"], exact)


def test_what_cannot_diffuse_is_refused():
    plain = Population(Tracer(), 5)
    with pytest.raises(NetworkError, match="Morphology"):
        Diffusion(plain, ca=20 * um**2 / s)
    cells = Population(Tracer(), Morphology.cable(4 * um, 1 * um, 4))
    with pytest.raises(NetworkError, match="whole"):
        Diffusion(cells[:2], ca=20 * um**2 / s)
    with pytest.raises(NetworkError, match="none"):
        Diffusion(cells)
    with pytest.raises(RangeError, match="not negative"):
        Diffusion(cells, ca=-1 * um**2 / s)
    with pytest.raises(QuantityError, match="unit"):
        Diffusion(cells, ca=20)
    with pytest.raises(UnknownNameError, match="sodium"):
        simulate(Network(cells=cells, connections=[Diffusion(cells, sodium=20 * um**2 / s)]), 1)
    twice = [Diffusion(cells, ca=20 * um**2 / s), Diffusion(cells, ca=1 * um**2 / s)]
    with pytest.raises(NetworkError, match="twice"):
        simulate(Network(cells=cells, connections=twice), 1)
