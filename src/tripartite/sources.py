"""The bibliography: every source a parameter or a claim names is an entry of ``references.bib``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from tripartite import arguments
from tripartite.errors import UnknownNameError, nearest, room, said

ASSUMED = "assumed"
"""A source that starts with this word marks an own choice: nobody measured the value."""

__all__ = ["ASSUMED", "bibliography", "check", "cite", "keys_in", "papers", "reference"]

_PLACES = ("journal", "booktitle", "series", "publisher", "howpublished")
"""Fields that say where something appeared, the first that an entry has."""

__getattr__, __dir__ = room(__name__, __all__)

_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^,\s]+)\s*,(.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"(\w+)\s*=\s*(?:\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}|\"([^\"]*)\")", re.DOTALL)


@cache
def bibliography() -> dict[str, dict[str, str]]:
    """Every reference by key, as a dictionary of its BibTeX fields (without braces; the file is in Unicode)."""
    text = files("tripartite").joinpath("references.bib").read_text(encoding="utf-8")
    entries = {}
    for kind, key, body in _ENTRY.findall(text):
        fields = {name.lower(): re.sub(r"[{}]", "", a or b) for name, a, b in _FIELD.findall(body)}
        fields = {name: " ".join(value.split()) for name, value in fields.items()}
        entries[key] = {"type": kind.lower(), **fields}
    return entries


def keys_in(source: str) -> list[str]:
    """The bibliography keys that a source text such as ``"depitta2009, table 1"`` names."""
    known = bibliography()
    return [word for word in re.findall(r"[A-Za-z]\w*", arguments.text(source, "source")) if word in known]


def papers(stated: Mapping[str, str]) -> dict[str, list[str]]:
    """The names of values by the reference that their source begins with; what is assumed is left out."""
    found: dict[str, list[str]] = {}
    for name, source in arguments.mapping(stated, "stated", '{"uptake": "depitta2009, table 1"}').items():
        keys = keys_in(source)
        if keys and not source.startswith(ASSUMED):
            found.setdefault(keys[0], []).append(name)
    return found


def check(source: str) -> None:
    """Raise `UnknownNameError` unless ``source`` names a reference or starts with ``assumed``."""
    if arguments.text(source, "source").startswith(ASSUMED) or keys_in(source):
        return
    raise UnknownNameError(
        f"A source names a key of references.bib and a place, or starts with `assumed:`; got {said(source)}. "
        f"{nearest(source.split(',')[0], bibliography())} A paper that the file lacks is an entry more in it "
        f"(`{files('tripartite').joinpath('references.bib')}`), or is written out: `assumed: Smith 2020, table 2`."
    )


def reference(key: str) -> str:
    """One reference as a line of text."""
    entries = bibliography()
    entry = entries[arguments.known(key, entries, "references.bib has no entry")]
    authors = entry["author"].replace(" and others", " et al.").replace(" and ", "; ")
    where = next((entry[field] for field in _PLACES if field in entry), "")
    inside = [entry[field].replace("--", "–") for field in ("volume", "pages") if field in entry]
    sentences = (entry["title"], " ".join(part for part in (where, ":".join(inside)) if part), entry.get("note", ""))
    line = " ".join([f"{authors} ({entry['year']}).", *map(_sentence, filter(None, sentences))])
    return f"{line} https://doi.org/{entry['doi']}" if "doi" in entry else line


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def cite(sources: Iterable[str]) -> str:
    """The reference list of all keys that ``sources`` name, one line each, sorted by key."""
    stated = arguments.texts(sources, "sources", '["depitta2009, table 1"]')
    keys = sorted({key for source in stated for key in keys_in(source)})
    return "\n".join(f"[{key}] {reference(key)}" for key in keys)
