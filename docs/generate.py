"""Pages that follow from the package: interface, reference, bibliography, gallery, and what runs where.

`conf.py` calls `gallery`, `reference`, `interface` and `abilities` before Sphinx looks for sources; run as a script,
this file draws the figure of the README.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import api
import kinds

from tripartite import mechanisms as biology
from tripartite import observe, parameters, sources
from tripartite.errors import ResultError, TripartiteError
from tripartite.experiments import INDEX, Experiment, experiment, featuring, report, verdicts
from tripartite.experiments.runner import Report
from tripartite.experiments.wording import expected, measured
from tripartite.interpret import typeset
from tripartite.language import Chance, Emission, Input, Mechanism, Output, Parameter, ParameterSet, State
from tripartite.language.declarations import Ranged

KINDS = {
    State: ("States", "start"),
    Input: ("Inputs", "default"),
    Output: ("Outputs", ""),
    Emission: ("Emissions", ""),
    Chance: ("Drawn at every event", ""),
    Parameter: ("Parameters", "value"),
}
FIGURES = {
    "README.md": {"figure": "first.png"},
    "docs/biophysics.md": {name: f"{name}.png" for name in ("opened", "washed", "puffs", "measured")},
    "docs/recordings.md": {"figure": "recording.png", "fitted": "fit.png"},
    "docs/first.md": {"both": "both.png"},
    "docs/tutorial.md": {"surge": "surge.png", "halved": "halved.png"},
}
"""Figures that pages show: file by the name that holds the figure in the page's code."""

_STAR = re.compile(r"(\*\*|(?<![*\w])\*\w[^*]*\w\*(?![*\w]))|\*")
"""Stars that mark bold text or a word, as the first group, and others, which stand for themselves."""

ABOUT = [
    "Published results, each made anew by `tripartite run NAME` and judged by its claims. These pages come from",
    "thinned-out runs (`--quick`) when the documentation is built. What the verdicts mean:",
    "[Claims and verdicts](../../concepts.md#claims-and-verdicts).",
]


def reference(docs: Path) -> None:
    """A page for every mechanism, for every paper's parameter sets, and the bibliography."""
    folder = _empty(docs / "generated" / "reference")
    lines = ["# Reference", "", "Every mechanism with its equations, quantities, units and sources.", ""]
    for theme in themes():
        found = mechanisms_of(theme)
        caption = theme.__name__.rsplit(".", 1)[-1].capitalize()
        lines += ["", f"## {caption}", "", text(theme.__doc__ or ""), ""]
        lines += _table(["mechanism", ""], [[f"[{k.__name__}]({k.__name__}.md)", text(k.summary())] for k in found])
        lines += _contents([kind.__name__ for kind in found], caption)
        for kind in found:
            _write(folder / f"{kind.__name__}.md", mechanism_page(kind))
    lines += ["", "## Values of several papers", "", "What one paper does not give was taken from another:", ""]
    lines += [*_table(["mechanism", "values"], list(_mixed())), ""]
    lines += ["", "## Published values", "", "One paper, one set; sets of two papers are never merged.", ""]
    sets = {name: getattr(parameters, name) for name in parameters.__all__} | {"indicators": observe}
    for name, module in sets.items():
        _write(folder / f"{name}.md", parameters_page(module))
    rows = [f"- [{parameters_title(module)}]({name}.md)" for name, module in sets.items()]
    rows += ["", "All sources are in the [bibliography](bibliography.md)."]
    _write(folder / "bibliography.md", bibliography_page())
    _write(folder / "index.md", [*lines, *rows, *_contents([*sets, "bibliography"], "Values and sources")])


def _mixed() -> Iterator[list[str]]:
    """Mechanisms whose own values come from more than one paper, with the values of each."""
    for kind in (kind for theme in themes() for kind in mechanisms_of(theme)):
        found = sources.papers({name: item.source for name, item in kind.declared(Parameter).items()})
        if len(found) > 1:
            parts = (f"{short(key)}: {', '.join(f'`{name}`' for name in names)}" for key, names in found.items())
            yield [f"[{kind.__name__}]({kind.__name__}.md)", "; ".join(parts)]


def gallery(docs: Path) -> None:
    """Every experiment, run in quick mode: figure, claims with verdicts, Methods.

    **Raises** `ResultError` if a verdict is not the known one, or a caption not that of its figure: the pages must not
    show what nobody has looked at.
    """
    folder = _empty(docs / "generated" / "gallery")
    rows, unlike = [], []
    for name, made in report.every(folder, quick=True):
        chosen = experiment(name)
        if isinstance(made, str):
            verdict, page = "not run", [*_title(chosen), f"Not run here: {text(made)}", "", *_methods(chosen)]
        else:
            verdict, page = made.verdict, report_page(made)
            unlike += verdicts.differences([made])
            if sorted(made.panels) != sorted(chosen.panels):
                unlike.append(f"{name}: the caption explains panels {chosen.panels}; the figure has {made.panels}.")
        counts = [str(len(chosen.claims)), str(len(chosen.checks))]
        _write(folder / f"{name}.md", page)
        rows.append([f"[{name}]({name}.md)", text(chosen.title), *counts, _verdict(verdict)])
    if unlike:
        raise ResultError(
            "Verdicts are those of experiments/verdicts.csv, and captions explain what figures show; got\n"
            + "\n".join(unlike)
        )
    table = _table(["experiment", "result", "claims", "checks", "verdict"], rows)
    _write(folder / "index.md", ["# Gallery", "", *ABOUT, "", *table, *_contents(INDEX, "Experiments")])


def interface(docs: Path) -> None:
    """A page for every room of the package: public names with signatures and docstrings."""
    folder = _empty(docs / "generated" / "api")
    for name, lines in api.pages(text):
        _write(folder / f"{name}.md", lines)


def abilities(docs: Path) -> None:
    """Which kind of equation runs where."""
    heads = ["", *(f"`{place}`" if place == "simulate" else place for place in kinds.PLACES)]
    _write(_empty(docs / "generated" / "kinds") / "index.md", kinds.page(_table(heads, kinds.rows())))


def themes() -> list[Any]:
    """The packages that hold mechanisms, in the order of the package."""
    modules = {getattr(biology, name).__module__.rsplit(".", 1)[0] for name in biology.__all__}
    return [*map(importlib.import_module, sorted(modules)), observe]


def mechanisms_of(theme: Any) -> list[type[Mechanism]]:
    """The mechanisms that a theme lists."""
    listed = (getattr(theme, name) for name in theme.__all__)
    return [item for item in listed if isinstance(item, type) and issubclass(item, Mechanism)]


def mechanism_page(kind: type[Mechanism]) -> list[str]:
    """Docstring, equations and tables of quantities of a mechanism."""
    lines = [f"# {kind.__name__}", "", text(inspect.getdoc(kind) or ""), "", "## Equations", ""]
    for equation, formulas in typeset.latex(kind).items():
        lines += [
            typeset.occasion(equation),
            "",
            *(part for tex in formulas.values() for part in ("$$", tex, "$$", "")),
        ]
    for declared, (title, number) in KINDS.items():
        rows = [_row(kind, item, bool(number)) for item in kind.declared(declared).values()]
        ranged = ["range"] if issubclass(declared, Ranged) else []
        heads = ["symbol", "name", *([number] if number else []), "unit", *ranged, "meaning"]
        if declared is Parameter:
            heads.append("source")
        lines += ["", f"## {title}", "", *_table(heads, rows)] if rows else []
    lines += _seen_in(kind)
    path = Path(inspect.getsourcefile(kind) or "")
    return [*lines, "", f"Declared in `{'/'.join(path.parts[path.parts.index('tripartite') :])}`."]


def _seen_in(kind: type[Mechanism]) -> list[str]:
    """The figure of the experiment that is most about a mechanism, and links to others."""
    drawn = Path(__file__).parent / "generated" / "gallery"
    names = [name for name in featuring(kind) if (drawn / name / "figure.png").exists()]
    if not names:
        return []
    first, *others = names
    shown = text(experiment(first).title).rstrip(".")
    lines = ["", "## Seen in", "", f"[{first}](../gallery/{first}.md): {shown}.", ""]
    lines += [f"![Figure of {first}](../gallery/{first}/figure.png)", ""]
    links = ", ".join(f"[{name}](../gallery/{name}.md)" for name in others[:8])
    return [*lines, f"Also in {links}.", ""] if others else lines


def parameters_page(module: Any) -> list[str]:
    """Tables of a paper's values with their sources."""
    key = module.__name__.rsplit(".", 1)[-1]
    lines = [f"# {parameters_title(module)}", "", text(module.__doc__ or ""), ""]
    for name, values in vars(module).items():
        if isinstance(values, ParameterSet) and not name.startswith("_"):
            rows = [[f"`{n}`", _shown(values[n]), text(values.source_of(n))] for n in sorted(values.names)]
            lines += [f"## `{key}.{name}`", "", text(values.name) + ".", ""]
            lines += [*_table(["name", "value", "source"], rows), ""]
    return lines


def parameters_title(module: Any) -> str:
    """The paper of a module of sets."""
    key = module.__name__.rsplit(".", 1)[-1]
    return short(key) if key in sources.bibliography() else "Indicators"


def bibliography_page() -> list[str]:
    """Every reference of the package under its key."""
    lines = ["# Bibliography", ""]
    for key in sorted(sources.bibliography()):
        entry, _, doi = sources.reference(key).partition(" https://doi.org/")
        link = f" [doi:{doi}](https://doi.org/{doi})" if doi else ""
        lines += [f"(bib-{key})=", f"`{key}`", f": {_escaped(entry)}{link}", ""]
    return lines


def report_page(made: Report) -> list[str]:
    """Figure, claims, checks and Methods of a finished experiment."""
    name = made.experiment.name
    image = [f"![Figure of {name}]({name}/figure.png)", "", *caption(made.experiment, made.quick)]
    judged = [*_judged("Claims", made.claims), *_judged("Checks", made.checks)]
    return [*_title(made.experiment), *image, *judged, *_methods(made.experiment)]


def _judged(title: str, statements: Sequence[dict[str, Any]]) -> list[str]:
    """A table of claims or of checks, if there are any."""
    rows = [
        [
            f"{text(s['statement'])} <br>{'' if s['kind'] == 'claim' else s['kind'] + ': '}{text(s['source'])}",
            _escaped(expected(s)),
            _escaped(measured(s)),
            _verdict(s["verdict"]),
        ]
        for s in statements
    ]
    return (
        [f"## {title}", "", *_table(["statement and source", "expected", "measured", "verdict"], rows), ""]
        if rows
        else []
    )


def short(key: str) -> str:
    """Authors and year of a reference."""
    entry = sources.bibliography()[key]
    names = [author.split(",")[0] for author in entry.get("author", key).split(" and ")]
    shown = names[0] + (" et al." if len(names) > 2 else "".join(f" & {name}" for name in names[1:]))
    return f"{shown} {entry['year']}" if "year" in entry else shown


def text(content: str) -> str:
    """A docstring or a source as Markdown: code, links to mechanisms, and references by author and year."""
    known, places = _known()

    def marked(match: re.Match) -> str:
        code, name, word = match.groups()
        if name in known:
            return f"[{name}](/generated/reference/{name}.md)"
        if name in places:
            return f"[`{name}`]({places[name]})"
        if code or name:
            return f"`{code or name}`"
        return f"[{_escaped(short(word))}](#bib-{word})" if word in sources.bibliography() else word

    content = re.sub(r"(?<!\n)\n(?=\*\*)", "\n\n", content)  # every section is a paragraph
    pieces = re.split(r"(``.+?``|`[^`]+`)", content)
    plain = (_STAR.sub(lambda star: star[1] or r"\*", p) if i % 2 == 0 else p for i, p in enumerate(pieces))
    return re.sub(r"``(.+?)``|`([^`]+)`|(\b[a-z]\w+\b)", marked, "".join(plain))


@functools.cache
def _known() -> tuple[set[str], dict[str, str]]:
    """Mechanisms, and where the other names are described that nobody takes for a word."""
    known = {*biology.__all__, *(kind.__name__ for kind in mechanisms_of(observe))}
    places = {name: place for name, place in api.links().items() if name[0].isupper() or "_" in name}
    return known, places | {"simulate": api.links()["simulate"]}


def _row(kind: type[Mechanism], item: Any, valued: bool) -> list[str]:
    unit = "" if item.unit == "1" else item.unit.replace("uM", "µM")
    ranged = [item.span] if isinstance(item, Ranged) else []
    value = getattr(item, "value", getattr(item, "default", None))
    numbers = [*(["" if value is None else f"{value:g}"] if valued else []), unit, *ranged]
    source = [text(item.source)] if isinstance(item, Parameter) else []
    return [f"${typeset.tex(item.symbol)}$", f"`{item.name}`", *numbers, text(item.label), *source]


def _shown(value: Any) -> str:
    return f"{value:g~P}" if hasattr(value, "units") else f"{value:g}"


def _verdict(verdict: str) -> str:
    return verdict if verdict == "pass" else f"**{verdict}**"


def _title(chosen: Experiment) -> list[str]:
    return [
        f"# {text(chosen.title).rstrip('.')}",
        "",
        f"`tripartite run {chosen.name}`, after {text(chosen.paper)}.",
        "",
    ]


def caption(chosen: Experiment, quick: bool) -> list[str]:
    """What the panels and markers of a figure mean, and whether its run was thinned out."""
    thinned = f"Drawn from a thinned-out run; `tripartite run {chosen.name}` draws it in full." if quick else ""
    return [":::{container} caption", f"{text(chosen.caption)} {thinned}".strip(), ":::", ""]


def _methods(chosen: Experiment) -> list[str]:
    told = "\n\n".join(p for p in sections(inspect.getdoc(chosen) or "") if not p.startswith("**Figure**"))
    return ["## Methods", "", text(told).partition("\n")[2]]


def sections(content: str) -> list[str]:
    """The paragraphs of a docstring; each bold head begins one."""
    return re.split(r"\n\n|\n(?=\*\*\w[\w ,]*\*\*)", content)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    made = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in [heads, ["---"] * len(heads), *made]]


def _contents(names: Iterable[str], caption: str) -> list[str]:
    """A hidden table of contents, which fills the navigation."""
    return ["", "```{toctree}", ":hidden:", f":caption: {caption}", ":maxdepth: 1", "", *names, "```"]


def _escaped(content: str) -> str:
    return re.sub(r"([*_|<$])", r"\\\1", content)


def _empty(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def figures(root: Path) -> None:
    """Run the code of the pages and save the figures that they show under docs/figures."""
    with contextlib.ExitStack() as stack:
        _draw(root.resolve(), stack)


def _draw(root: Path, stack: contextlib.ExitStack) -> None:
    folder = root / "docs" / "figures"
    folder.mkdir(exist_ok=True)
    for page, shown in FIGURES.items():
        names: dict[str, Any] = {"__name__": "page"}
        aside = stack.enter_context(tempfile.TemporaryDirectory())  # for what the code writes
        stack.enter_context(contextlib.chdir(aside))
        for code in re.findall(r"```python\n(.*?)```", (root / page).read_text(encoding="utf-8"), re.DOTALL):
            with contextlib.suppress(TripartiteError):
                exec(compile(code, page, "exec"), names)
        for name, file in shown.items():
            names[name].savefig(folder / file, dpi=120)


if __name__ == "__main__":
    figures(Path(__file__).parents[1])
