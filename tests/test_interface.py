"""The pages of the programming interface say something on every public name, and their links lead somewhere."""

import importlib.util
import inspect
import re
import sys
from pathlib import Path

import pytest

import tripartite as tp
from tripartite.experiments import INDEX, experiment

DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def generate():
    sys.path.insert(0, str(DOCS))
    try:
        spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(DOCS))


@pytest.fixture(scope="module")
def pages(generate):
    return {name: "\n".join(lines) for name, lines in generate.api.pages(generate.text)}


def test_every_public_name_of_the_package_has_its_place(generate, pages):
    rooms = {room.split(".")[0] for room in generate.api.ROOMS}
    assert {n for n in dir(tp) if inspect.ismodule(getattr(tp, n))} - rooms <= {
        "dimensions", "interpret", "mechanisms", "parameters",
    }  # fmt: skip
    for name in dir(tp):
        item = getattr(tp, name)
        assert inspect.ismodule(item) or name == "__version__" or name in generate.api.links(), name


def test_every_name_is_described_in_its_docstrings_words(generate, pages):
    for room in generate.api.ROOMS:
        for name, item in generate.api.names(room).items():
            section = pages[room].split(f"\n## {name}\n")[1].split("\n## ")[0]
            if callable(item):
                assert inspect.getdoc(item), f"{room}.{name}"
                first = generate.text(inspect.getdoc(item)).splitlines()[0]
                assert first in section, f"{room}.{name}"


def test_signatures_name_every_argument(pages):
    section = pages["solve"].split("\n## simulate\n")[1].split("\n## ")[0]
    assert all(name in section for name in inspect.signature(tp.simulate).parameters)
    assert "### Network.run" in pages["network"]
    assert "### Result.plot" in pages["language"]
    assert "0x" not in "".join(pages.values())


def test_links_of_the_interface_lead_to_headings(generate, pages):
    for name, place in generate.api.links().items():
        room, anchor = re.match(r"/generated/api/(.+)\.md#(.+)", place).groups()
        headings = [line[3:].lower() for line in pages[room].splitlines() if line.startswith("## ")]
        slugs = [h + (f"-{headings[:i].count(h)}" if headings[:i].count(h) else "") for i, h in enumerate(headings)]
        assert anchor in slugs, name


@pytest.mark.parametrize("name", list(INDEX))
def test_every_figure_of_the_gallery_has_a_caption(name):
    assert len(experiment(name).caption.split()) > 3


def test_a_caption_says_when_the_run_was_thinned_out_and_leaves_the_methods(generate):
    chosen = next(e for e in map(experiment, INDEX) if e.caption)
    assert "thinned-out" in " ".join(generate.caption(chosen, True))
    assert "thinned-out" not in " ".join(generate.caption(chosen, False))
    assert generate.text(chosen.caption)[:40] in " ".join(generate.caption(chosen, False))
    assert "**Figure**" not in "\n".join(generate._methods(chosen))
    assert "**Claims**" in "\n".join(generate._methods(chosen))


@pytest.mark.parametrize(
    "kind",
    [tp.Model, tp.Compartment, tp.Population, tp.Projection, tp.Network, tp.Result, tp.models.GChi, tp.Recording],
)
def test_a_class_has_the_signature_of_its_constructor(kind):
    own = list(inspect.signature(kind.__init__).parameters.values())[1:]
    assert list(inspect.signature(kind).parameters.values()) == own


def test_a_mechanism_has_its_values_in_its_signature():
    assert "uptake" in inspect.signature(tp.mechanisms.LiRinzel).parameters
