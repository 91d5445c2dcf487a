"""The commands of the README exist, and its mechanism is the one of the package."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tripartite import mechanisms
from tripartite.cli import app
from tripartite.experiments import INDEX
from tripartite.mechanisms import LiRinzel

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_make_targets_of_the_readme_exist():
    rules = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", README, re.MULTILINE)) == {"run", "test"} <= rules


@pytest.mark.parametrize("line", re.findall(r"^tripartite [^#\n]*", README, re.MULTILINE))
def test_command_lines_of_the_readme_are_understood(line):
    _, command, *names = line.split()
    assert CliRunner().invoke(app, [command, "--help"]).exit_code == 0
    assert all(name in INDEX or name == "LiRinzel" for name in names)


def test_the_library_has_as_much_as_the_readme_says():
    for words, index in (("mechanisms of astrocytes", mechanisms.__all__), ("published results, each", INDEX)):
        said = re.search(rf"[Mm]ore than (\d+) {words}", README)
        assert said is not None and len(index) > int(said.group(1)), words


def test_mechanism_in_the_readme_is_that_of_the_package():
    code = README.split("from tripartite.language import Input, Mechanism")[1].split("```")[0]
    names: dict = {}
    exec(f"from tripartite.language import Input, Mechanism{code}", names)
    shown = names["LiRinzel"]
    assert shown.declarations == LiRinzel.declarations
    source = ast.parse((ROOT / "src/tripartite/mechanisms/astrocyte/li_rinzel.py").read_text())
    assert _rates(ast.parse(f"from tripartite.language import Input, Mechanism{code}")) == _rates(source)


def _rates(tree: ast.AST) -> str:
    return next(ast.dump(node) for node in ast.walk(tree) if getattr(node, "name", "") == "rates")
