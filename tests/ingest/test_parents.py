"""What is above each heading: numbers tell better than looks."""

from __future__ import annotations

from ingest.readers.parents import PlacedHeading, find_parents
from tests.ingest.cases import cases
from tests.ingest.papers import PROSE, read_text


def above(*lines: str) -> list[str]:
    """Return for each heading the title above it, "" without one.

    A line has a sign for each level, then number and title with a colon between ("## 2.1: Wege").
    A number in brackets is that of a sheet.
    """
    entries = []
    for line in lines:
        signs, _, text = line.partition(" ")
        ref, _, title = text.rpartition(": ")
        entries.append(PlacedHeading(len(signs), ref.strip("[]"), title, ref.startswith("[")))
    parents = find_parents(entries)
    return ["" if parent is None else entries[parent].title for parent in parents]


@cases("lines", "parents")
def test_each_heading_is_below_what_it_is_part_of(lines: list[str], parents: list[str]) -> None:
    assert above(*lines) == list(parents)


def test_a_stray_heading_of_a_document_has_no_chapters_below_it() -> None:
    parts = ("## 1 Lage", "# Ein Blick zurück", "### 1.1 Heute", "## 2 Wege", "### 2.1 Netz")
    text = "# Plan des Kreises\n\n" + "".join(f"{part}\n\n{PROSE}\n\n" for part in parts)
    items = {item.ref: item for item in read_text(text, name="plan.md").items}
    assert items["1.1"].parent == "1" and items["2.1"].parent == "2"
    assert items["2"].parent == items["1"].parent
