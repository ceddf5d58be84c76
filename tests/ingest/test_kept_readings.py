"""Readings are kept by page: what a changed document still says stays, and people are told what
does not.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from ingest import Choices, Look, Reading, RecordExample, changed_pages, read_document
from ingest.stored_readings import move_claims
from ingest.validation import validate
from prompts import say
from tests.ingest.model_replies import MODEL, SHEETS, Scripted, made_document, reply_of, sheet
from vectorstore import Texts
from vectorstore.records import ItemKind, ParsedDocument
from vectorstore.storage import Database

NAMES = [(number, title) for number, title, *_ in SHEETS]


@pytest.fixture
def parsed(tmp_path: Path) -> ParsedDocument:
    return made_document(tmp_path, *map(sheet, range(4)))


@pytest.fixture
def reading(parsed: ParsedDocument) -> Reading:
    return read_document(
        parsed.document, Scripted(*(reply_of(place, place + 1) for place in range(4)))
    )


def accepted(document: ParsedDocument, reading: Reading) -> list[tuple[str | None, str]]:
    moved = move_claims(reading, document.document)
    found = validate(moved, document.document)
    return [(record.number, record.title) for record in found.claims.records]


def records(parsed: ParsedDocument) -> list[tuple[str, str, str]]:
    return [
        (item.ref, item.title, item.read_by)
        for item in parsed.items
        if item.kind is ItemKind.MEASURE
    ]


def test_a_reading_is_stored_loaded_and_forgotten(tmp_path: Path, reading: Reading) -> None:
    texts = Texts(Database(tmp_path / "data"))
    texts.put(Reading.name_for("moorau"), reading.content)
    assert Reading.load(texts, "moorau") == reading
    Reading.forget(texts, ["moorau", "andere"])
    assert Reading.load(texts, "moorau") is None
    for broken in (b"{", b"[]", b'{"claims": 3}', b"\xff"):
        texts.put(Reading.name_for("moorau"), broken)
        assert Reading.load(texts, "moorau") is None


def test_a_changed_letter_keeps_the_records_and_one_page_is_read_anew(
    tmp_path: Path, reading: Reading
) -> None:
    changed = made_document(tmp_path, *(sheet(place).replace("acht", "neun") for place in range(4)))
    assert accepted(changed, reading) == NAMES and changed_pages(reading, changed.document) == {3}
    chat = Scripted(*(reply_of(place, place + 1) for place in range(4)))
    again = read_document(changed.document, chat, retained=reading)
    assert len(chat.asked) == 2 and again.accepted == 4  # the two windows that show page 3
    assert not changed_pages(again, changed.document) and accepted(changed, again) == NAMES


def test_a_newer_layout_with_other_breaks_changes_nothing(
    parsed: ParsedDocument, reading: Reading
) -> None:
    text = parsed.document.text.replace("Beschäftigte fahren", "Be-\nschäftigte  fahren")
    shift = len(text) - len(parsed.document.text)
    pages = tuple(
        replace(page, start=page.start + (shift if page.start else 0))
        for page in parsed.document.pages
    )
    other = replace(parsed, document=replace(parsed.document, text=text, pages=pages))
    assert accepted(other, reading) == NAMES and not changed_pages(reading, other.document)


def test_a_new_edition_with_other_pages_keeps_what_is_still_verbatim(
    tmp_path: Path, reading: Reading
) -> None:
    news = [
        f"Vorwort {place}\n\nDer Landrat begrüßt Gruppe {place} herzlich." for place in range(3)
    ]
    edition = made_document(
        tmp_path, *news, sheet(3), *map(sheet, range(2)), "Anhang\n\nEnde des Plans."
    )
    assert accepted(edition, reading) == [NAMES[3], NAMES[0], NAMES[1]]
    assert changed_pages(reading, edition.document) == {1, 2, 3, 7}
    chat = Scripted(*(reply_of(place, page) for place, page in ((3, 4), (0, 5), (1, 6))))
    again = read_document(edition.document, chat, retained=reading)
    assert accepted(edition, again) == [NAMES[3], NAMES[0], NAMES[1]] and again.accepted == 3


def test_people_are_told_how_many_records_are_lost_before_anything_is_published(
    tmp_path: Path, reading: Reading
) -> None:
    pages = (sheet(0), sheet(1).replace("Radwege im Moor", "Stege am See"), sheet(2), sheet(3))
    found = made_document(tmp_path, *pages, reading=reading)
    assert found.document.warnings[:2] == (
        say("reading.lost", lost=1, known=4),
        say("reading.changed", pages="2"),
    )
    assert ("M 01", "Jobticket", MODEL) in records(found) and (
        "M 02",
        "Stege am See",
        "simple",
    ) in records(found)


def test_a_kept_reading_makes_the_records_of_its_document(tmp_path: Path, reading: Reading) -> None:
    pages = [*map(sheet, range(4))]
    found = made_document(tmp_path, *pages, reading=reading)
    assert (
        records(found) == [(number, title, MODEL) for number, title, *_ in SHEETS]
        and found.document.warnings == ()
    )
    item = next(item for item in found.items if item.ref == "M 02")
    assert (item.responsible, item.period, item.page) == (("Tiefbauamt",), "ab 2027", 2)
    assert {field.label: field.field for field in item.fields}["Zuständig"] == "responsible"
    example = RecordExample(name="M 01 Jobticket", page=1)
    looks = (Look(kind="project", examples=(example,)),)
    chosen = made_document(tmp_path, *pages, reading=reading, choices=Choices(looks=looks))
    assert [item.kind for item in chosen.items if item.read_by == MODEL] == [ItemKind.PROJECT] * 4


def test_what_a_model_leaves_out_is_taken_from_the_simple_reader(
    tmp_path: Path, parsed: ParsedDocument
) -> None:
    left = read_document(
        parsed.document, Scripted(*(reply_of(place, place + 1) for place in (0, 1, 3)))
    )
    found = made_document(tmp_path, *map(sheet, range(4)), reading=left)
    assert [(ref, reader) for ref, _, reader in records(found)] == [
        ("M 01", MODEL), ("M 02", MODEL), ("M 03", "simple"), ("M 04", MODEL)
    ]  # fmt: skip


def test_a_document_of_which_a_model_reads_nothing_stays_as_it_was(
    tmp_path: Path, parsed: ParsedDocument
) -> None:
    nothing = read_document(parsed.document, Scripted())
    found = made_document(tmp_path, *map(sheet, range(4)), reading=nothing)
    assert found.items == parsed.items and say("reading.not_kept") in found.document.warnings


def test_records_are_under_the_parents_that_a_model_claims(tmp_path: Path) -> None:
    first, third = (
        f"Feld A Verkehr\n\nHier geht es um Wege.\n\n{sheet(0)}",
        f"Feld B Energie\n\n{sheet(2)}",
    )
    pages = (first, sheet(1), third, sheet(3))
    document = made_document(tmp_path, *pages)
    themes = [
        {"kind": "theme", "number": letter, "title": title, "page": page, "where": "sheet"}
        for letter, title, page in (("A", "Verkehr", 1), ("B", "Energie", 3))
    ]
    parents = (
        "Feld A: Verkehr",
        "Verkehr",
        "B",
        "A",
    )  # the last one is under another field than it follows
    records = [reply_of(place, place + 1, parent=parent) for place, parent in enumerate(parents)]
    read = read_document(document.document, Scripted(*themes, *records))
    found = made_document(tmp_path, *pages, reading=read)
    keys = {item.title: item.key for item in found.items if item.kind is ItemKind.THEME}
    under = [
        (item.parent, item.theme and item.theme.title)
        for item in found.items
        if item.kind is ItemKind.MEASURE
    ]
    titles = ("Verkehr", "Verkehr", "Energie", "Verkehr")
    assert under == [(keys[title], title) for title in titles]
