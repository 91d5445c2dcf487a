"""Morphologies are trees of compartments that keep sizes, whatever they are cut from; wrong files say which line."""

import numpy as np
import pytest

from tests.network.probes import simulate
from tripartite.errors import ArgumentError, DimensionError, NetworkError, QuantityError, RangeError, UnknownNameError
from tripartite.language import Input, Mechanism, Parameter, State
from tripartite.network import Coupling, Diffusion, Morphology, Network, Population
from tripartite.network.rules import Along
from tripartite.units import Quantity, ms, s, uM, um

TRACED = """\
# a cell
1 1 0 0 0 5 -1
2 7 10 0 0 1 1   # from the soma's surface, 5 um on
3 7 20 0 0 0.5 2
4 7 20 8 0 0.5 3
6 7 20 0 6 0.25 3
5 2 0 -9 0 0.5 1
"""


def read(tmp_path, text, **options):
    path = tmp_path / "cell.swc"
    path.write_text(text)
    return Morphology.from_swc(path, **options)


def frustum(length, first, second):
    volume = np.pi * length / 3 * (first**2 + first * second + second**2)
    return volume, np.pi * (first + second) * np.hypot(length, first - second)


@pytest.mark.parametrize("longest", [0.3, 1.0, 100.0])
def test_volume_and_membrane_of_a_traced_cell_do_not_depend_on_the_cutting(tmp_path, longest):
    shape = read(tmp_path, TRACED, longest=longest * um)
    parts = [frustum(5, 1, 1), frustum(10, 1, 0.5), frustum(8, 0.5, 0.5), frustum(6, 0.5, 0.25), frustum(4, 0.5, 0.5)]
    ball = 4 / 3 * np.pi * 125, 4 * np.pi * 25
    assert shape.volume.sum() == pytest.approx(ball[0] + sum(p[0] for p in parts), rel=1e-12)
    assert shape.area.sum() == pytest.approx(ball[1] + sum(p[1] for p in parts), rel=1e-12)
    assert list(shape.regions) == ["soma", "branch", "axon"]
    assert shape.region[0] == "soma"
    lengths = {"branch": [15, 8, 6], "axon": [4]}
    for region, pieces in lengths.items():
        stretch = shape.within(region)
        assert stretch.stop - stretch.start == sum(np.ceil(length / longest) for length in pieces)


def test_a_traced_cell_hangs_together_as_it_was_traced(tmp_path):
    shape = read(tmp_path, TRACED, longest=5 * um)
    np.testing.assert_array_equal(shape.parent, [-1, 0, 1, 2, 3, 4, 3, 6, 0])
    np.testing.assert_allclose(shape.distance, [0, 5 + 2.5, 5, 5, 2.5 + 2, 4, 2.5 + 1.5, 3, 5 + 2])
    np.testing.assert_allclose(shape.contact / np.pi, [0, 1, 1, 0.75**2, 0.25, 0.25, 0.25, 0.375**2, 0.25])
    np.testing.assert_allclose(shape.position[[1, 5, 8]], [[7.5, 0, 0], [20, 6, 0], [0, -7, 0]])
    np.testing.assert_allclose(shape.path[[3, 5, 7]], [17.5, 26, 24.5])


def test_the_order_of_samples_in_a_file_does_not_matter(tmp_path):
    lines = TRACED.splitlines()
    first, second = read(tmp_path, TRACED), read(tmp_path, "\n".join(lines[::-1]))
    assert second.volume.sum() == pytest.approx(first.volume.sum())
    assert second.path.max() == pytest.approx(first.path.max())


def test_a_soma_of_three_points_is_the_sphere_of_one(tmp_path):
    three = "1 1 0 0 0 5 -1\n2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n4 3 9 0 0 1 1\n"
    one = "1 1 0 0 0 5 -1\n4 3 9 0 0 1 1\n"
    np.testing.assert_allclose(read(tmp_path, three).volume, read(tmp_path, one).volume)
    stack = "1 1 0 0 0 5 -1\n2 1 0 0 4 5 1\n4 3 9 0 0 1 1\n"
    assert read(tmp_path, stack).volume[0] == pytest.approx(np.pi * 25 * 4)


def test_a_cell_without_a_soma_and_one_of_a_single_sample(tmp_path):
    fork = "1 3 0 0 0 1 -1\n2 3 4 0 0 1 1\n3 3 -4 0 0 1 1\n"
    shape = read(tmp_path, fork, longest=2 * um)
    assert shape.size == 4 and shape.volume.sum() == pytest.approx(np.pi * 8)
    assert shape.path.max() == pytest.approx(4)
    assert read(tmp_path, "1 3 0 0 0 1 -1\n").volume == pytest.approx([4 / 3 * np.pi])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 1 0 0 0 5 -1\n2 3 10 0 0 1\n", "line 2.*|7 columns.*6 of them"),
        ("1 1 0 0 0 5 -1\n2 3 10 0 0 1 7\n", "parent is a sample of the file; got 7.*line 2"),
        ("1 1 0 0 0 5 -1\n2 3 1 0 0 1 3\n3 3 2 0 0 1 2\n", "circle.*line 2"),
        ("1 1 0 0 0 5 -1\n2 3 1 0 0 1 -1\n", "one root.*lines: 1, 2"),
        ("1 1 0 0 0 5 -1\n2 3 1 0 0 1 2\n", "own parent.*line 2"),
        ("# c\n1 1 0 0 0 -5 -1\n", "radius is positive; got -5.*line 2"),
        ("1 1 0 0 0 5 -1\n1 3 1 0 0 1 1\n", "number of its own; got 1, as in line 1.*line 2"),
        ("1 1 0 0 zero 5 -1\n", "Columns are numbers.*zero.*line 1"),
        ("1 1.5 0 0 0 5 -1\n", "whole.*line 1"),
        ("1 1 0 0 nan 5 -1\n", "finite.*line 1"),
        ("# nothing\n", "has none"),
    ],
)
def test_a_file_that_is_no_cell_says_where(tmp_path, text, words):
    with pytest.raises(NetworkError, match=words):
        read(tmp_path, text)


def test_shapes_that_are_built_have_the_sizes_asked_for():
    cable = Morphology.cable(10 * um, 0.5 * um, 20)
    assert cable.volume.sum() == pytest.approx(np.pi * 0.25 * 10)
    np.testing.assert_allclose(cable.surface_to_volume, 4.0)
    shells = Morphology.shells(2 * um, 5)
    assert shells.volume.sum() == pytest.approx(4 / 3 * np.pi * 8)
    star, tree = Morphology.star(branches=4, pieces=3, leaflets=2), Morphology.tree(branches=4, pieces=3, leaflets=2)
    assert {k: s.stop - s.start for k, s in star.regions.items()} == {
        "soma": 1, "branch": 12, "leaflet": 24, "endfoot": 1,
    }  # fmt: skip
    assert tree.within("branch").stop - 1 == 12 * (1 + 2 + 4)
    assert (tree.surface_to_volume[tree.within("leaflet")] > 5 * tree.surface_to_volume[0]).all()
    double = tree.scaled(2)
    assert double.volume.sum() == pytest.approx(8 * tree.volume.sum())
    np.testing.assert_allclose(double.path, 2 * tree.path)
    np.testing.assert_allclose(double.surface_to_volume, tree.surface_to_volume / 2)


def test_a_traced_cell_gets_leaflets(tmp_path):
    traced = read(tmp_path, TRACED)
    leafy = traced.with_leaflets(3, length=2 * um, radius=0.05 * um)
    branch, leaflet = leafy.within("branch"), leafy.within("leaflet")
    assert leafy.size == traced.size + 3 * (branch.stop - branch.start)
    np.testing.assert_array_equal(np.bincount(leafy.parent[leaflet], minlength=leafy.size)[branch], 3)
    np.testing.assert_allclose(leafy.surface_to_volume[leaflet], 2 / 0.05)
    apart = np.linalg.norm(leafy.position[leaflet] - leafy.position[leafy.parent[leaflet]], axis=1)
    np.testing.assert_allclose(apart, leafy.distance[leaflet])
    assert leafy.volume.sum() == pytest.approx(traced.volume.sum() + 3 * 29 * np.pi * 0.0025 * 2)
    with pytest.raises(UnknownNameError, match="dendrite"):
        traced.with_leaflets(3, region="dendrite")


def test_regions_are_stretches_and_can_be_named_anew():
    shape = Morphology.cable(4 * um, 1 * um, 4).labelled("leaflet", np.array([False, True, False, True]))
    assert shape.regions == {"branch": slice(0, 2), "leaflet": slice(2, 4)}
    np.testing.assert_array_equal(shape.parent, [-1, 2, 0, 1])
    np.testing.assert_allclose(shape.position[:, 0], [0.5, 2.5, 1.5, 3.5])
    np.testing.assert_allclose(shape.path, [0, 2, 1, 3])
    values = shape.by_region(1 * uM, leaflet="2000 nM")
    np.testing.assert_allclose(values.to("uM").magnitude, [1, 1, 2, 2])
    with pytest.raises(QuantityError, match="`branch`"):
        shape.by_region(leaflet=1 * uM)
    with pytest.raises(UnknownNameError, match="leaflet"):
        shape.by_region(1 * uM, leaflets=1 * uM)


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        ({"parent": [-1, 0, -1]}, NetworkError, "one root"),
        ({"parent": [-1, 2, 1]}, NetworkError, "circle"),
        ({"parent": [-1, 0, 5]}, NetworkError, "parent 5"),
        ({"volume": [1, 0, 1] * um**3}, RangeError, "`volume` is positive"),
        ({"contact": [0, 1, 0] * um**2}, RangeError, "`contact` is positive"),
        ({"area": [1, 1] * um**2}, RangeError, "3 numbers"),
        ({"position": np.zeros(3) * um}, RangeError, "row for each"),
    ],
)
def test_what_is_no_tree_is_refused(changes, error, words):
    one = {"volume": 1 * um**3, "area": 1 * um**2, "contact": 1 * um**2, "distance": 1 * um}
    with pytest.raises(error, match=words):
        Morphology(**{"parent": [-1, 0, 1], "position": np.zeros((3, 3)) * um, **one, **changes})


class Tracer(Mechanism):
    """A substance that nothing changes.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ca = State(0.0, "uM", "concentration", low=0)


class Exchange(Mechanism):
    """Diffusion to a neighbour, as a coupling writes it.

    **Sources** assumed: a test. **Holds for** tests.
    """

    ca = Input("uM", "here")
    neighbour = Input("uM", "there")
    contact = Input("um**2", "area of contact")
    distance = Input("um", "between centres")
    volume = Input("um**3", "of the compartment")
    coefficient = Parameter(20.0, "um**2/s", "D", "assumed: a test")

    def rates(q):
        return {"ca": q.coefficient * q.contact / (q.distance * q.volume) * (q.neighbour - q.ca)}


def test_a_coupling_along_a_morphology_exchanges_as_diffusion_does():
    shape = Morphology.tree(branches=3, generations=2, pieces=2, leaflets=2)
    cells = Population(Tracer(), shape, count=2, values={"ca": np.linspace(0, 3, 2 * shape.size) * uM})
    links = [Coupling(cells, Exchange(), Along(shape))], [Diffusion(cells, ca=20 * um**2 / s)]
    # 0.01 ms steps, 10 ms: explicit and implicit Euler err by half a step each, in opposite directions.
    explicit, implicit = (
        np.array(simulate(Network(cells=cells, connections=link, step=0.01 * ms), 1000)["cells_cell_ca"][:-1])
        for link in links
    )
    np.testing.assert_allclose(explicit, implicit, rtol=2e-3)
    for places in cells.places:
        held = shape.volume @ np.linspace(0, 3, 2 * shape.size)[places]
        assert shape.volume @ explicit[places] == pytest.approx(held, rel=1e-12)
        assert shape.volume @ implicit[places] == pytest.approx(held, rel=1e-12)


def test_a_coupling_along_a_morphology_wants_all_of_it():
    shape = Morphology.cable(4 * um, 1 * um, 4)
    cells = Population(Tracer(), shape)
    with pytest.raises(NetworkError, match="compartments of whole populations"):
        simulate(Network(cells=cells, connections=[Coupling(cells[:3], Exchange(), Along(shape))]), 1)
    with pytest.raises(NetworkError, match="step below"):
        fast = Coupling(cells, Exchange(coefficient=20_000 * um**2 / s), Along(shape))
        simulate(Network(cells=cells, connections=[fast]), 1)


def test_cells_lie_where_their_origins_are():
    shape = Morphology.cable(4 * um, 1 * um, 4)
    origins = Quantity([[0.0, 0.0], [100.0, 50.0]], "um")
    cells = Population(Tracer(), shape, count=2, positions=origins)
    np.testing.assert_allclose(cells.positions[cells.places[1]], shape.position + np.array([100, 50, 0]))
    with pytest.raises(NetworkError, match="Morphology"):
        Population(Tracer(), 4)["leaflet"]
    with pytest.raises(NetworkError, match="repeats a morphology"):
        Population(Tracer(), 4, count=2)
    with pytest.raises(UnknownNameError, match="leaflets"):
        cells["leaflets"]


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (lambda: Morphology.cable(3 * um, 1 * um, 3).scaled(0), RangeError, r"positive and .*; got 0\. The same size"),
        (lambda: Morphology.cable(3 * um, 1 * um, 3).by_region(1 * uM, branch=1 * um), DimensionError, "got 1 µm"),
        (lambda: made(parent=[-1, 0.5]), ArgumentError, "whole numbers; got"),
        (lambda: made(region=["a", "b", "c"]), RangeError, r"each of 2 compartments; got 3 of them"),
    ],
)
def test_what_makes_no_shape_is_refused(wrong, error, said):
    with pytest.raises(error, match=said):
        wrong()


def made(**changes):
    sizes = {"volume": 1 * um**3, "area": 1 * um**2, "contact": 1 * um**2, "distance": 1 * um}
    return Morphology(**{"parent": [-1, 0], **sizes, "position": np.zeros((2, 3)) * um, **changes})


@pytest.mark.parametrize(
    ("text", "options", "error", "said"),
    [
        ("inf 1 0 0 0 5 -1\n", {}, NetworkError, "whole; got inf is not whole .*line 1"),
        ("1 3 0 0 0 1 -1\n2 3 0 0 0 1 1\n", {}, RangeError, "all in one place"),
        ("1 1 0 0 0 5 -1\n2 3 1e9 0 0 1 1\n", {}, RangeError, "at most 1,000,000 compartments; got a stretch of 1e"),
        ("1 1 0 0 0 5 -1\n", {"regions": {"3": "process"}}, QuantityError, "whole number; got {'3'"),
    ],
)
def test_files_and_options_that_make_no_cell_are_refused(tmp_path, text, options, error, said):
    path = tmp_path / "cell.swc"
    path.write_text(text)
    with pytest.raises(error, match=said):
        Morphology.from_swc(path, **options)
