"""One check for both readers: a record of the simple reader, too, is one only as far as the paper prints it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.check import borne_out
from ingest.verbatim import PrintedText
from tests.ingest.papers import read_text
from vectorstore.records import DocumentKind, Item, ItemKind

SHEETS = "\n\n".join(
    f"M {number} {title}\n\nBeschreibung: {text}\n\nZuständig: Bauamt"
    for number, title, text in (
        (1, "Jobticket", "Busse fahren öfter."),
        (2, "Radwege im Moor", "Drei Wege werden breiter."),
        (3, "Solardächer", "Acht Schulen bekommen Anlagen."),
    )
)


def checked(folder: Path, key: str, **wrong: str | None) -> Item:
    """What the check makes of one record that is claimed otherwise than it is printed."""
    parsed = read_text(folder, f"Maßnahmenplan\n\n{SHEETS}", DocumentKind.STRATEGY)
    claimed = [replace(one, **wrong) if one.key == key else one for one in parsed.items]
    found = borne_out(claimed, PrintedText(parsed.document.text, parsed.document.pages))
    assert [one.key for one in found] == [one.key for one in parsed.items]
    others = [(one.kind, one.title) for one in found if one.key != key]
    assert others == [(one.kind, one.title) for one in parsed.items if one.key != key]
    return next(one for one in found if one.key == key)


@pytest.mark.parametrize(
    "other", [{}, {"period": "bald " * 300}, {"title": "Radwege im Moor", "ref": "Radwege im Moor"}]
)
def test_what_stands_is_a_record(other: dict[str, str], tmp_path: Path) -> None:
    assert checked(tmp_path, "M-2", **other).kind is ItemKind.MEASURE


@pytest.mark.parametrize("title", ["Freibier für alle", "Radwege", "Wege werden", ""])
def test_a_title_that_is_not_printed_as_one_makes_a_section(title: str, tmp_path: Path) -> None:
    found = checked(tmp_path, "M-2", title=title, heading="", ref=title)
    assert (found.kind, found.family) == (ItemKind.SECTION, None)
