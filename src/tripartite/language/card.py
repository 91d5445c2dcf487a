"""What an object shows of itself: a title, a sentence and tables, as text and in a notebook as HTML."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_MOST_ROWS = 60
_CELL = "text-align:left;padding:0.1em 0.9em 0.1em 0"


@dataclass(frozen=True)
class Table:
    """Rows of short texts under ``heads``; in a notebook it is folded where it is long."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def cells(self) -> list[list[str]]:
        """Heads and rows as text, without the columns in which no row has anything."""
        rows = [[str(cell) for cell in row] for row in self.rows]
        kept = [i for i in range(len(self.heads)) if any(row[i] for row in rows)]
        return [[row[i] for i in kept] for row in (list(self.heads), *rows)]

    def text(self, most: int = _MOST_ROWS) -> str:
        heads, *rows = self.cells()
        left_out = len(rows) - most
        rows = rows[:most]
        widths = [max(len(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
        lines = ["  ".join(f"{c:{w}}" for c, w in zip(row, widths, strict=True)).rstrip() for row in (heads, *rows)]
        lines += [f"... and {left_out} more"] if left_out > 0 else []
        return "\n".join(f"  {line}" for line in ([f"{self.caption}:"] if self.caption else []) + lines)

    def html(self) -> str:
        heads, *rows = self.cells()
        head = "".join(f'<th style="{_CELL}">{html.escape(h)}</th>' for h in heads)
        body = "".join(
            "<tr>" + "".join(f'<td style="{_CELL}">{html.escape(c)}</td>' for c in row) + "</tr>" for row in rows
        )
        made = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        unfolded = " open" if len(rows) <= 12 else ""
        return f"<details{unfolded}><summary>{html.escape(self.caption)}</summary>{made}</details>"


@dataclass(frozen=True)
class Card:
    """A title, what there is to say in a line or two, and tables; those without a row are left out."""

    title: str
    about: str = ""
    tables: Sequence[Table] = ()

    def text(self, most: int = _MOST_ROWS) -> str:
        """For a terminal, with so many rows of a table."""
        head = f"{self.title}: {self.about}" if self.about else self.title
        return "\n".join([head, *(table.text(most) for table in self.tables if table.rows)])

    def html(self) -> str:
        """For a notebook."""
        about = html.escape(self.about).replace("\n", "<br>")
        tables = "".join(table.html() for table in self.tables if table.rows)
        return f"<div><b>{html.escape(self.title)}</b>{f' {about}' if about else ''}{tables}</div>"


def default_text(item: Any) -> str:
    """The default of an input, in its unit; nothing where there is none."""
    default = getattr(item, "default", None)
    return "" if default is None else f"{default:g}"


def unit_text(unit: str) -> str:
    """A unit as a reader writes it: nothing for ``"1"``, µ for u."""
    known = {"1": "", "uM": "µM", "um": "µm", "uA": "µA", "uS": "µS", "us": "µs"}
    return known.get(unit, unit.replace("uM", "µM").replace("um", "µm").replace("uA", "µA"))
