"""README and documentation: their code runs, says what the page says, and their pictures are true."""

from __future__ import annotations

import contextlib
import io
import re
import tomllib
from pathlib import Path

import pytest

from tripartite import mechanisms as biology
from tripartite import observe
from tripartite.errors import TripartiteError
from tripartite.experiments import INDEX

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"```python\n(.*?)```(?:\s*```text\n(.*?)```)?", re.DOTALL)


def outcome(code: str, names: dict, place: str) -> str:
    """What a block prints, or the error of the package that it raises."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(code, place, "exec"), names)
    except TripartiteError as error:
        return f"{type(error).__name__}: {error}"
    return printed.getvalue()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_code_of_a_page_runs_and_gives_what_the_page_shows(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = {"__name__": "page"}
    for code, shown in BLOCK.findall(page.read_text(encoding="utf-8")):
        assert outcome(code, names, page.name).split() == shown.split(), code


def test_layers_in_the_concepts_are_those_that_are_checked():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    rows = [[name.strip(" ()") for name in row.split("|")] for row in contract["layers"]]
    rooms = {path.stem for path in (ROOT / "src" / "tripartite").iterdir()}
    rows = [[name for name in row if name in rooms] for row in rows]
    picture = (
        (ROOT / "docs" / "concepts.md").read_text(encoding="utf-8").split("```{code-block} none\n:name: layers")[1]
    )
    drawn = [re.findall(r"[a-z]+", line.split("─")[0]) for line in picture.split("```")[0].strip().splitlines()]
    assert drawn == rows


def test_every_link_of_a_page_leads_to_a_file():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            generated = target.startswith("generated/")
            assert generated or (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_generated_page_that_a_page_links_to_is_one_of_a_mechanism_or_an_experiment():
    mechanisms = {*biology.__all__, *(kind.__name__ for kind in vars(observe).values() if isinstance(kind, type))}
    for page in PAGES:
        for folder, name in re.findall(r"generated/(reference|gallery)/([\w-]+)\.md", page.read_text(encoding="utf-8")):
            known = {*mechanisms, "index"} if folder == "reference" else {*INDEX, "index"}
            assert name in known, f"{page.name}: {name}"
