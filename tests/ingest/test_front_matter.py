"""What papers say of themselves: title, publisher, kind, status, date, each with its proof, and
never by guess.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from ingest import metadata_words
from ingest.register import RegisterEntry
from tests.ingest.cases import cases
from tests.ingest.formats import FORMATS, paper
from tests.ingest.papers import PROSE, drawn, pdf, read_bytes, read_document
from vectorstore.records import Document, DocumentKind, DocumentStatus, MetadataFact

PARTS = ("title", "publisher", "kind", "status", "as_of")


def _read(text: str, name: str = "papier.md") -> Document:
    return read_bytes(f"{text}\n\n## Einleitung\n\n{PROSE}\n".encode(), name).document


def _facts(document: Document) -> dict[str, MetadataFact]:
    return {fact.field: fact for fact in document.front}


def test_every_part_has_its_proof() -> None:
    document = _read(
        "# Leitbild des Kreises Quonau\n\nKreis Quonau\n\nEntwurf, Stand: 1. März 2026"
    )
    facts = _facts(document)
    assert tuple(facts) == PARTS and {value.by for value in document.front} == {"found"}
    assert facts["title"].quote == facts["kind"].quote == "Leitbild des Kreises Quonau"
    assert facts["status"].quote == facts["as_of"].quote == "Entwurf, Stand: 1. März 2026"
    assert document.unconfirmed == ("publisher",), "no label says who publishes"
    assert (document.publisher, document.kind) == ("Kreis Quonau", DocumentKind.GUIDING_PRINCIPLES)
    assert (document.status, document.as_of) == (DocumentStatus.DRAFT, date(2026, 3, 1))


def test_what_nothing_says_is_not_guessed() -> None:
    document = _read("# Zusammen wachsen", "zusammen.md")
    assert (document.publisher, document.kind) == ("", DocumentKind.OTHER)
    assert (document.status, document.as_of) == (None, None)
    assert document.unconfirmed == ("publisher", "kind", "status", "as_of")
    assert all(fact.quote == "" for fact in document.front if fact.field != "title")


@cases("line")
def test_a_line_that_speaks_as_the_service_states_no_metadata(line: str) -> None:
    document = _read(f"# Zusammen wachsen\n\n{line}", "zusammen.md")
    assert (document.publisher, document.status, document.as_of) == ("", None, None)


@cases("line", "field", "value", "sure")
def test_status_date_and_publisher_are_what_the_paper_says(
    line: str, field: str, value: object, sure: bool
) -> None:
    document = _read(f"# Klimaschutzkonzept Kreis Quonau\n\n{line}")
    assert (getattr(document, field), _facts(document)[field].sure) == (value or None, sure)


@cases("lines", "title", "sure")
def test_a_form_of_paper_is_no_title(lines: str, title: str, sure: bool) -> None:
    document = _read(lines)
    assert (document.title, _facts(document)["title"].sure) == (title, sure)


def test_the_largest_text_is_only_proposed() -> None:
    page = f"60 780 24 Zusammen wachsen\n60 740 8 {PROSE}\n60 700 8 {PROSE}"
    document = read_bytes(pdf(drawn(page))).document
    assert (document.title, _facts(document)["title"].sure) == ("Zusammen wachsen", False)


@pytest.mark.parametrize("name", FORMATS)
def test_the_subject_is_the_title_in_every_format(name: str) -> None:
    def read(subject: str) -> Document:
        return read_bytes(paper(name, "# Beschlussvorlage", subject, PROSE), name).document

    named = read("Betreff: Neues Bad am See")
    assert (named.title, _facts(named)["title"].sure) == ("Neues Bad am See", True)
    assert not _facts(read("Am See wird gebaut."))["title"].sure


def test_the_form_of_a_paper_is_its_kind() -> None:
    document = _read("# Beschlussvorlage\n\nBetreff: Satzung der Stadt Moorau")
    assert document.kind is DocumentKind.MOTION
    assert _facts(document)["kind"].quote == "Beschlussvorlage"


@cases("title", "kind", "itself")
def test_kinds_by_the_words_of_a_title(title: str, kind: str, itself: bool) -> None:
    assert metadata_words.kind_in(title) == (DocumentKind(kind), itself)
    assert {
        *map(metadata_words.kind_in, ("Tagesordnung", "Neuordnung", "Koalitionsvereinbarung"))
    } == {None}


def test_every_kind_has_a_word_but_other() -> None:
    assert metadata_words.cue_words()["kinds"].keys() == {kind.value for kind in DocumentKind} - {
        "other"
    }


def test_the_file_names_a_paper_without_title() -> None:
    text = f"{PROSE} {PROSE}\n\n{PROSE} {PROSE}\n"
    document = read_bytes(text.encode(), "mein_papier-2026.txt").document
    assert document.title == "mein papier 2026" and "title" in document.unconfirmed


def test_the_register_is_sure_and_may_leave_parts_open(tmp_path: Path) -> None:
    path = tmp_path / "p.md"
    path.write_text(
        f"# Plan des Kreises Quonau\n\nEntwurf\n\n## Ziele\n\n{PROSE}\n", encoding="utf-8"
    )
    registered = RegisterEntry(
        "p", path, "Titel", "Amt", DocumentKind.REPORT, DocumentStatus.ADOPTED
    )
    document = read_document(registered).document
    assert document.unconfirmed == () and {fact.by for fact in document.front} == {"register"}
    assert (document.title, document.publisher, document.as_of) == ("Titel", "Amt", None)
    assert (document.kind, document.status) == (DocumentKind.REPORT, DocumentStatus.ADOPTED)
    open_parts = RegisterEntry(
        "p", path, "Titel", "Amt", DocumentKind.REPORT, unconfirmed=("publisher", "status")
    )
    document = read_document(open_parts).document
    assert (document.publisher, document.status) == ("Amt", DocumentStatus.DRAFT)
    assert document.unconfirmed == ("publisher",), "the paper itself says surely that it is a draft"


def test_front_matter_of_a_file_is_sure_and_never_quoted() -> None:
    fields = "titel: Archivordnung des Kreises Quonau\nstatus: published\nstand: 2026-03-01\n"
    url = "url: https://kreis.example/a.pdf\n"
    text = f"---\n{fields}{url}---\n\n### § 1 Benutzung\n\n{PROSE}\n"
    parsed = read_bytes(text.encode(), "a.md")
    document = parsed.document
    assert (document.title, document.publisher) == (
        "Archivordnung des Kreises Quonau", "Kreis Quonau",
    )  # fmt: skip
    assert (document.kind, document.status) == (DocumentKind.STATUTE, DocumentStatus.PUBLISHED)
    assert (document.as_of, document.source_url) == (
        date(2026, 3, 1), "https://kreis.example/a.pdf",
    )  # fmt: skip
    assert "titel" not in document.text and "example" not in document.text
    assert _facts(document)["title"].sure and _facts(document)["title"].quote == ""
    assert not any("titel:" in chunk.text for chunk in parsed.chunks)
