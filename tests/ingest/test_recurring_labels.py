"""Labels that recur on sheets begin no section, in all formats."""

from __future__ import annotations

import pytest

from tests.ingest.formats import FORMATS, PAGE_END, paper
from tests.ingest.papers import PROSE, read_bytes
from vectorstore.records import ItemKind

TITLES = (
    "Wald und Moor",
    "Luft in den Orten",
    "Wasser der Quonau",
    "Lärm an Straßen",
    "Boden der Äcker",
    "Licht bei Nacht",
)
LABELS = ("Lage", "Umland", "Ausblick")


def blocks() -> list[str]:
    """Return a report with the same labels below each title, and each title on a page of its
    own.
    """
    parts = ["# Bericht zur Umwelt", PROSE]
    for title in TITLES:
        parts += [PAGE_END, f"## {title}"]
        for label in LABELS:
            parts += [f"### {label}", f"{label} heißt hier bei {title}: {PROSE}"]
    return parts


@pytest.mark.parametrize("name", FORMATS)
def test_labels_that_recur_below_titles_are_text_of_these(name: str) -> None:
    read = read_bytes(paper(name, *blocks()), name)
    assert not [item for item in read.items if item.title in LABELS]
    for number, title in enumerate(TITLES, 2):
        item = next(item for item in read.items if item.title == title)
        assert item.kind is ItemKind.SECTION
        assert item.page == (number if name == "a.pdf" else None)
        paragraphs = read.document.text[item.start : item.end].split("\n\n")
        assert [text for text in paragraphs if text in LABELS] == list(LABELS)
        for label in LABELS:
            assert f"{label} heißt hier bei {title}" in item.body
