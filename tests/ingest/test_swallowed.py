"""Sheets that have swallowed another one are cut before it."""

from __future__ import annotations

from ingest.readers.labels import find_labels
from ingest.readers.lines import DocumentLines
from ingest.readers.proposals import Proposal
from ingest.readers.record_heads import RecordHead, Title
from ingest.readers.sheets import ChosenFamily, Sheet, find_rests, make_sheets
from ingest.stream import Line

TITLES = (
    "Weg im Norden",
    "Steg am See",
    "Furt im Wald",
    "Brücke am Bach",
    "Hain am Tor",
    "Pfad am Ufer",
)
SHEET = ("Träger:", "Bauamt Quonau", "Dauer:", "ab 2031", "Kosten:", "5.000 Euro")


def read(titles: tuple[str, ...], *, labels: int = len(SHEET)) -> tuple[DocumentLines, list[Sheet]]:
    """Return the lines of six sheets, the second with `labels` lines twice, and the sheets of
    these titles.
    """
    texts: list[str] = []
    for title in TITLES:
        texts += [title, *SHEET]
        if title == TITLES[1]:
            texts += ["Ein zweiter Steg", *SHEET[:labels]]
    document = DocumentLines([Line(text) for text in texts], frozenset())
    starts = [texts.index(title) for title in titles]
    heads = tuple(RecordHead(start) for start in starts)
    named = tuple(Title((start,), 0, texts[start]) for start in starts)
    family = Proposal(heads, named)
    return document, make_sheets(document, find_labels(document, ()), [ChosenFamily(family)])


def test_a_sheet_with_the_labels_of_two_is_cut_before_the_second() -> None:
    document, sheets = read(TITLES)
    second = sheets[1]
    assert document.text(second.end) == "Ein zweiter Steg"
    assert [label.text for label in second.labels] == ["Träger", "Dauer", "Kosten"]
    assert [document.text(index) for index in find_rests(document, sheets)] == ["Ein zweiter Steg"]


def test_a_label_that_comes_again_alone_cuts_nothing() -> None:
    document, sheets = read(TITLES, labels=2)
    assert document.text(sheets[1].end) == TITLES[2]
    assert find_rests(document, sheets) == []
