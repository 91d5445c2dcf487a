"""Every number of the package names where it comes from."""

import inspect
import re
import unicodedata
from collections.abc import Iterator

import pytest

from tripartite import observe, parameters, sources
from tripartite.errors import TripartiteError, UnknownNameError
from tripartite.language import Mechanism, Parameter, ParameterSet
from tripartite.mechanisms import LiRinzel

from .laws.index import INDEX

BIBLIOGRAPHY = sources.bibliography()


def sets() -> Iterator[tuple[str, ParameterSet]]:
    """Every named set of the package with its place."""
    for module in (observe, *(m for m in vars(parameters).values() if inspect.ismodule(m))):
        for name, item in vars(module).items():
            if isinstance(item, ParameterSet):
                yield f"{module.__name__}.{name}", item


@pytest.mark.parametrize(("place", "values"), [pytest.param(p, v, id=p) for p, v in sets()])
def test_every_value_of_a_named_set_has_a_source_and_a_mechanism(place: str, values: ParameterSet) -> None:
    declared = {name for kind in INDEX for name in kind().values}
    for name in values.names:
        assert sources.keys_in(values.source_of(name)) or values.source_of(name).startswith(sources.ASSUMED), place
        assert name in declared, f"{place}: no mechanism declares {name}"


def fits(kind: type[Mechanism], name: str, value: object) -> bool:
    try:
        kind().replace(**{name: value})
    except TripartiteError:
        return False
    return True


@pytest.mark.parametrize(("place", "values"), [pytest.param(p, v, id=p) for p, v in sets()])
def test_every_value_of_a_named_set_fits_a_mechanism(place: str, values: ParameterSet) -> None:
    for name in values.names:
        assert any(fits(kind, name, values[name]) for kind in INDEX), f"{place}: {name}"


@pytest.mark.parametrize("key", BIBLIOGRAPHY)
def test_every_reference_has_author_title_year_and_a_place_and_is_plain_text(key: str) -> None:
    entry = BIBLIOGRAPHY[key]
    assert {"author", "title", "year"} <= entry.keys()
    line = sources.reference(key)
    assert entry["year"] in line and entry["title"] in line
    assert len(re.findall(r"[.?!](?: |$)", line.partition(f"({entry['year']}).")[2])) >= 2, "no place"
    for shown in (line, *entry.values()):
        assert not re.search(r"[\\{}`´¨^~\u0300-\u036f\u02c6\u02dc]", shown), "LaTeX or a stray accent"
        assert unicodedata.is_normalized("NFC", shown) and shown.isprintable()
    assert not re.search(r" \.|\.\.|[?!]\.|--|  |\bothers\b", line)
    assert "howpublished" in entry or "note" in entry or entry["type"] != "misc"


def test_a_doi_says_what_the_entry_says() -> None:
    """Some publishers write volume, number, page, year or article into it."""
    patterns = {
        r"10\.1523/JNEUROSCI\.(?P<volume>\d\d)-(?P<number>\d\d)-(?P<page>\d{5})\.(?P<year>\d{4})": 0,
        r"10\.1523/JNEUROSCI\.\d{4}-\d\d\.(?P<year>\d{4})": 0,
        r"10\.1073/pnas\.(?P<volume>\d\d)\.(?P<number>\d+)\.(?P<page>\d+)": 0,
        r"10\.1152/jn\.(?P<year>\d{4})\.(?P<volume>\d+)\.(?P<number>\d+)\.(?P<page>\d+)": 0,
        r"10\.1085/jgp\.(?P<volume>\d+)\.(?P<number>\d+)\.(?P<page>\d+)": 0,
        r"10\.1371/journal\.p\w+\.(?P<article>\d{7})": 0,
        r"10\.3389/f\w+\.(?P<received>\d{4})\.(?P<article>\d{5})": 0,
        r"10\.7554/eLife\.(?P<article>\d{5})(?:\.\d)?": 0,
        r"10\.1103/PhysRev(?:Lett)?\.(?P<volume>\d+)\.(?P<page>\d+)": 0,
        r"10\.1155/(?P<year>\d{4})/(?P<article>\d+)": 0,
    }
    for key, entry in BIBLIOGRAPHY.items():
        for pattern in patterns:
            if found := re.fullmatch(pattern, entry.get("doi", "")):
                patterns[pattern] += 1
                said = found.groupdict()
                for name in ("volume", "number", "year"):
                    if name in said:
                        assert int(said[name]) == int(entry[name]), f"{key}: {name}"
                if "page" in said:
                    assert said["page"].lstrip("0") == entry["pages"].partition("--")[0], key
                if "article" in said:
                    assert said["article"].lstrip("0") in entry["pages"].lstrip("e0"), key
                if "received" in said:
                    assert int(entry["year"]) - int(said["received"]) in (0, 1), key
    assert all(patterns.values()), "a pattern that fits nothing tests nothing"


def test_no_key_is_given_twice() -> None:
    from importlib.resources import files

    text = files("tripartite").joinpath("references.bib").read_text(encoding="utf-8")
    assert text.count("\n@") + text.startswith("@") == len(BIBLIOGRAPHY)


def test_a_source_names_a_key_or_says_assumed() -> None:
    assert sources.keys_in("depitta2009, table 1; depitta2009erratum") == ["depitta2009", "depitta2009erratum"]
    sources.check("depitta2009, table 1")
    sources.check("assumed: why")
    with pytest.raises(UnknownNameError, match="Did you mean `depitta2009`"):
        sources.check("depita2009, table 1")
    with pytest.raises(UnknownNameError, match=r"key of references\.bib"):
        Parameter(1.0, "1/s", "a rate", "from memory")
    with pytest.raises(UnknownNameError, match=r"key of references\.bib"):
        ParameterSet("mine", "from memory")
    with pytest.raises(UnknownNameError, match="no entry `depita2009`"):
        sources.reference("depita2009")


def test_citing_lists_each_reference_once_in_order() -> None:
    cited = sources.cite(["stimberg2019, table", "assumed: why", "depitta2009, table 1", "stimberg2019, example 2"])
    assert [line.split("]")[0] for line in cited.splitlines()] == ["[depitta2009", "[stimberg2019"]


def test_a_changed_value_says_who_changed_it() -> None:
    from tripartite.units import s, uM

    changed = LiRinzel(uptake=0.8 * uM / s)
    assert changed.sources["uptake"] == "set by the user"
    assert changed.sources["leak"] == LiRinzel().sources["leak"]
    assert "depitta2009" in LiRinzel().using(parameters.depitta2009.AM).sources["k_serca"]


def test_a_paper_that_is_not_there_says_where_it_goes():
    with pytest.raises(
        UnknownNameError, match=r"references\.bib`\), or is written out: `assumed: Smith 2020, table 2`"
    ):
        sources.check("Smith 2020, table 2")
