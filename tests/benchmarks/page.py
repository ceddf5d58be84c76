"""Pages of which each section of the benchmark writes its own part: what was not measured anew stays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from evals.kept import Marks, with_table
from tests.benchmarks.measured import Measured


def marks_of(section: str) -> Marks:
    """The lines between which a section's part of a page stands."""
    return Marks(f"<!-- {section} -->", f"<!-- /{section} -->")


def check(docs: Path, pages: Mapping[str, tuple[str, ...]]) -> None:
    """Raise MarksMissing where a page has no place for one of its sections, before anything is measured."""
    for page, sections in pages.items():
        text = (docs / page).read_text(encoding="utf-8")
        for section in sections:
            with_table(text, "", marks_of(section))


def write(docs: Path, section: str, measured: Measured) -> None:
    """Put a section's parts into its pages; raises MarksMissing."""
    for page, text in measured.texts.items():
        path = docs / page
        path.write_text(with_table(path.read_text(encoding="utf-8"), text, marks_of(section)), encoding="utf-8")
