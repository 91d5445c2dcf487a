"""RESULTS.md in parts: every benchmark writes the part under its own heading and keeps the others."""

import importlib.metadata
import os
import platform
from pathlib import Path

PAGE = Path(__file__).parent / "RESULTS.md"


def write_part(title: str, text: str, page: Path = PAGE) -> None:
    """Put ``text`` under the heading ``## title`` of the page, in place of what was there; headings stay in order."""
    before = page.read_text(encoding="utf-8") if page.exists() else "# Results\n"
    found = parts(before)
    found[title] = text.strip()
    head = ("\n" + before).split("\n## ")[0].strip()
    body = "\n\n".join(f"## {name}\n\n{part}" for name, part in found.items())
    page.write_text(f"{head}\n\n{body}\n", encoding="utf-8")


def parts(page: str) -> dict[str, str]:
    """The text under each heading of the second level."""
    found: dict[str, str] = {}
    for piece in ("\n" + page).split("\n## ")[1:]:
        title, _, text = piece.partition("\n")
        found[title.strip()] = text.strip()
    return found


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine(*packages: str) -> str:
    """One sentence about processor, cores, Python and packages."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return (
        f"Measured on {processor()} ({platform.machine()}), {len(os.sched_getaffinity(0))} cores, "
        f"Python {platform.python_version()}, {versions}."
    )


def processor() -> str:
    """What the processor calls itself."""
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
