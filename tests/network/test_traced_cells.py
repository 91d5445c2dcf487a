"""Lengths of traced processes, worked out by hand, and files that somebody or something spoiled."""

import random

import numpy as np
import pytest

from tests.network.test_morphology import TRACED, frustum, read
from tripartite.errors import NetworkError, TripartiteError
from tripartite.network import Morphology
from tripartite.units import um

BALL = "1 1 0 0 0 5 -1\n"
THREE = BALL + "2 1 0 -5 0 5 1\n3 1 0 5 0 5 1\n"
CYLINDER = "1 1 0 0 0 5 -1\n2 1 0 10 0 5 1\n"
SLANTED = "1 1 0 0 0 4 -1\n2 1 0 10 0 2 1\n"


def lengths(shape):
    """µm of each region from volume and membrane of cylinders of radius 1: V = π L, A = 2 π L."""
    found = {name: shape.volume[part].sum() / np.pi for name, part in shape.regions.items() if name != "soma"}
    for name, length in found.items():
        assert shape.area[shape.within(name)].sum() == pytest.approx(2 * np.pi * length)
    return found


@pytest.mark.parametrize(
    ("text", "length"),
    [
        (BALL + "9 3 20 0 0 1 1\n", 15),  # 20 less the radius
        (BALL + "8 3 2 0 0 1 1\n9 3 20 0 0 1 8\n", 15),  # the same, with a sample inside
        (BALL + "7 3 -3 0 0 1 1\n8 3 2 0 0 1 7\n9 3 20 0 0 1 8\n", 15),  # to and fro inside
        (BALL + "8 3 3 4 0 1 1\n9 3 3 20 0 1 8\n", 16),  # a sample on the surface
        (BALL + "8 3 3 0 0 1 1\n9 3 3 20 0 1 8\n", 16),  # up from x = 3: out at y = 4
        (THREE + "9 3 0 25 0 1 3\n", 20),  # on from the third point, which lies on the surface
        (THREE + "9 3 0 -25 0 1 2\n", 20),
        (THREE + "9 3 25 0 0 1 1\n", 20),
        (THREE + "9 3 0 -25 0 1 3\n", 20),  # through the soma to the other side
        (CYLINDER + "9 3 0 30 0 1 2\n", 20),  # on from its end
        (CYLINDER + "9 3 0 -20 0 1 1\n", 20),
        (CYLINDER + "9 3 25 10 0 1 2\n", 20),  # from its side
        (CYLINDER + "9 3 0 30 0 1 1\n", 20),  # along it, from the other end
        (CYLINDER + "8 3 0 5 0 1 1\n9 3 25 5 0 1 8\n", 20),
        (SLANTED + "8 3 0 5 0 1 1\n9 3 23 5 0 1 8\n", 20),  # half way up the cone its radius is 3
        (BALL + "8 3 2 0 0 1 1\n9 3 30 0 0 1 8\n7 3 0 25 0 1 1\n", 25 + 20),
        (BALL + "7 3 2 0 0 1 1\n8 3 20 0 0 1 7\n9 3 2 10 0 1 7\n", 15 + 10 - 21**0.5),  # a fork inside
        (BALL + "8 3 1 0 0 1 1\n9 3 2 0 0 1 8\n6 3 0 25 0 1 1\n", 20),  # one that never leaves
    ],
)
@pytest.mark.parametrize("longest", [0.7, 100])
def test_a_process_begins_where_it_leaves_the_soma(tmp_path, text, length, longest):
    shape = read(tmp_path, text, longest=longest * um)
    assert sum(lengths(shape).values()) == pytest.approx(length, rel=1e-9)
    assert (shape.region == "soma").sum() == 1


def test_distances_count_from_the_centre_of_the_soma(tmp_path):
    shape = read(tmp_path, CYLINDER + "9 3 0 30 0 1 2\n", longest=20 * um)
    np.testing.assert_allclose(shape.distance, [0, 5 + 10])
    np.testing.assert_allclose(shape.position, [[0, 5, 0], [0, 20, 0]])
    shape = read(tmp_path, THREE + "9 3 0 25 0 1 3\n", longest=20 * um)
    np.testing.assert_allclose(shape.distance, [0, 5 + 10])


def test_the_soma_need_not_come_first(tmp_path):
    turned = "1 3 20 0 0 1 -1\n2 3 8 0 0 1 1\n3 1 0 0 0 5 2\n4 3 -20 0 0 1 3\n5 3 20 9 0 1 1\n"
    plain = "1 1 0 0 0 5 -1\n2 3 8 0 0 1 1\n3 3 20 0 0 1 2\n4 3 -20 0 0 1 1\n5 3 20 9 0 1 3\n"
    for text in (turned, plain):
        shape = read(tmp_path, text)
        assert lengths(shape) == {"branch": pytest.approx(15 + 15 + 9)}
        assert shape.volume[shape.within("soma")] == pytest.approx([4 / 3 * np.pi * 125])
        assert shape.path.max() == pytest.approx(20 + 9 - 0.5)
    with pytest.raises(NetworkError, match=r"2 somata.*lines: 1, 3"):
        read(tmp_path, "1 1 0 0 0 5 -1\n2 3 9 0 0 1 1\n3 1 20 0 0 5 2\n")


def test_a_byte_order_mark_is_no_data(tmp_path):
    (tmp_path / "cell.swc").write_bytes(b"\xef\xbb\xbf" + TRACED.split("\n", 1)[1].encode())
    assert Morphology.from_swc(tmp_path / "cell.swc").size == read(tmp_path, TRACED).size


def test_a_tip_of_radius_0_is_a_cone(tmp_path):
    shape = read(tmp_path, BALL + "2 3 10 0 0 1 1\n3 3 20 0 0 0 2\n", longest=3 * um)
    cylinder, cone = frustum(5, 1, 1), frustum(10, 1, 0)
    branch = shape.within("branch")
    assert shape.volume[branch].sum() == pytest.approx(cylinder[0] + cone[0])
    assert shape.area[branch].sum() == pytest.approx(cylinder[1] + cone[1])
    for text in (BALL + "2 3 10 0 0 0 1\n3 3 20 0 0 1 2\n", "1 1 0 0 0 0 -1\n", THREE.replace("5 0 5 1", "5 0 0 1")):
        with pytest.raises(NetworkError, match=r"0 at a tip.*line"):
            read(tmp_path, text)


@pytest.mark.parametrize("where", ["", "folder", "missing.swc"])
def test_what_is_no_file_is_told(tmp_path, where):
    (tmp_path / "folder").mkdir()
    with pytest.raises(TripartiteError, match="path"):
        Morphology.from_swc(tmp_path / where if where else "")


NUMBERS = ["1e308", "-1e308", "1e-308", "nan", "inf", "0", "-1", "1", "2", "3", "1e9", "9" * 40, "1_0", "", "x", "\0"]


def spoiled(text, draw):
    """A file with a few numbers, lines or bytes changed."""
    for _ in range(draw.randint(1, 3)):
        lines = [line.split() for line in text.split("\n")]
        line = draw.choice([line for line in lines if line] or [["1"]])
        kind = draw.randrange(5)
        if kind < 2:
            line[draw.randrange(len(line))] = draw.choice(NUMBERS)
        elif kind == 2:
            lines.insert(draw.randrange(len(lines)), list(line))
        elif kind == 3 and line in lines:
            lines.remove(line)
        text = "\n".join(" ".join(line) for line in lines)
        if kind == 4 and text:
            place = draw.randrange(len(text))
            text = text[:place] + chr(draw.randrange(1, 256)) + text[place + draw.randrange(2) :]
    return text


@pytest.mark.parametrize("count", [150, pytest.param(3000, marks=pytest.mark.slow)])
def test_a_spoiled_file_is_loaded_or_told_in_a_sentence(tmp_path, count):
    draw, loaded = random.Random(count), 0
    for _ in range(count):
        text = spoiled(draw.choice([TRACED, THREE + "9 3 0 25 0 1 3\n", CYLINDER + "9 3 0 30 0 1 2\n"]), draw)
        (tmp_path / "cell.swc").write_text(text, encoding="utf-8")
        try:
            shape = Morphology.from_swc(tmp_path / "cell.swc", longest=5 * um)
        except TripartiteError as told:
            assert str(told).endswith(".")
        else:
            loaded += 1
            assert np.isfinite(shape.volume).all() and np.isfinite(shape.distance).all()
    assert 0.02 * count < loaded < 0.6 * count


def test_a_scale_that_is_not_applied_is_told(tmp_path):
    with pytest.warns(UserWarning, match=r"SCALE 2 2 2. \(cell\.swc, line 1\) is not applied"):
        scaled = read(tmp_path, "# SCALE 2 2 2\n" + TRACED)
    np.testing.assert_array_equal(scaled.volume, read(tmp_path, "# SCALE 1.0 1 1.0\n" + TRACED).volume)
