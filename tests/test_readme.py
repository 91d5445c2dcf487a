"""The commands of the README exist, and its mechanism is the one of the package."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tripartite import mechanisms, sources
from tripartite.cli import app
from tripartite.experiments import INDEX, experiment
from tripartite.experiments.verdicts import known
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
    said = re.search(r"More than (\d+) mechanisms of astrocytes", README)
    assert said is not None and len(mechanisms.__all__) > int(said.group(1))


def test_claims_and_checks_are_as_many_as_the_readme_says():
    found = [experiment(name) for name in INDEX]
    claims = [claim for item in found for claim in item.claims]
    papers = {sources.keys_in(claim.source)[0] for claim in claims}
    said = re.search(
        r"(\d+) claims from (\d+) papers and (\d+) checks, in (\d+) experiments: (\d+) of the claims pass, (\d+) fail, "
        r"and (\d+) stay open",
        README,
    )
    assert said is not None
    counted = [len(claims), len(papers), sum(len(item.checks) for item in found), len(found)]
    assert list(map(int, said.groups()[:4])) == counted
    verdicts = Counter(known()[item.name, claim.statement].of(True) for item in found for claim in item.claims)
    assert list(map(int, said.groups()[4:])) == [verdicts["pass"], verdicts["fail"], verdicts["ambiguous"]]


def test_every_statement_has_a_known_verdict_and_no_other_is_listed():
    found = {
        (name, s.statement): s.kind for name in INDEX for s in (*experiment(name).claims, *experiment(name).checks)
    }
    assert {key: row.kind for key, row in known().items()} == found
    assert {row.of(quick) for row in known().values() for quick in (True, False)} <= {"pass", "fail", "ambiguous"}


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
