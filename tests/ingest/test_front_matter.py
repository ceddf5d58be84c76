"""What papers say of themselves: title, publisher, kind, status, date, each with its proof, and
never by guess.
"""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import docx
import pytest

from ingest import metadata_words
from ingest.register import RegisterEntry
from tests.ingest.cases import cases
from tests.ingest.papers import PROSE, at, pdf, read_bytes, read_document
from vectorstore.records import Document, DocumentKind, DocumentStatus, MetadataFact

PARTS = ("title", "publisher", "kind", "status", "as_of")


def _read(folder: Path, text: str, name: str = "papier.md") -> Document:
    path = folder / name
    path.write_text(f"{text}\n\n## Einleitung\n\n{PROSE}\n", encoding="utf-8")
    return read_document(RegisterEntry("papier", path)).document


def _facts(document: Document) -> dict[str, MetadataFact]:
    return {fact.field: fact for fact in document.front}


def test_every_part_has_its_proof(tmp_path: Path) -> None:
    document = _read(
        tmp_path, "# Leitbild des Kreises Quonau\n\nKreis Quonau\n\nEntwurf, Stand: 1. März 2026"
    )
    facts = _facts(document)
    assert tuple(facts) == PARTS and {value.by for value in document.front} == {"found"}
    assert facts["title"].quote == facts["kind"].quote == "Leitbild des Kreises Quonau"
    assert facts["status"].quote == facts["as_of"].quote == "Entwurf, Stand: 1. März 2026"
    assert document.unconfirmed == ("publisher",), "no label says who publishes"
    assert (document.publisher, document.kind) == ("Kreis Quonau", DocumentKind.GUIDING_PRINCIPLES)
    assert (document.status, document.as_of) == (DocumentStatus.DRAFT, date(2026, 3, 1))


def test_what_nothing_says_is_not_guessed(tmp_path: Path) -> None:
    document = _read(tmp_path, "# Zusammen wachsen", "zusammen.md")
    assert (document.publisher, document.kind) == ("", DocumentKind.OTHER)
    assert (document.status, document.as_of) == (None, None)
    assert document.unconfirmed == ("publisher", "kind", "status", "as_of")
    assert all(fact.quote == "" for fact in document.front if fact.field != "title")


@cases("line")
def test_a_line_that_speaks_as_the_service_states_no_metadata(tmp_path: Path, line: str) -> None:
    document = _read(tmp_path, f"# Zusammen wachsen\n\n{line}", "zusammen.md")
    assert (document.publisher, document.status, document.as_of) == ("", None, None)


@cases("line", "field", "value", "sure")
def test_status_date_and_publisher_are_what_the_paper_says(
    tmp_path: Path, line: str, field: str, value: object, sure: bool
) -> None:
    document = _read(tmp_path, f"# Klimaschutzkonzept Kreis Quonau\n\n{line}")
    assert (getattr(document, field), _facts(document)[field].sure) == (value or None, sure)


@cases("lines", "title", "sure")
def test_a_form_of_paper_is_no_title(tmp_path: Path, lines: str, title: str, sure: bool) -> None:
    document = _read(tmp_path, lines)
    assert (document.title, _facts(document)["title"].sure) == (title, sure)


def test_the_largest_text_is_only_proposed() -> None:
    texts = at((60, 780, "Zusammen wachsen", 24.0), (60, 740, PROSE, 8.0), (60, 700, PROSE, 8.0))
    document = read_bytes(pdf(texts), "a.pdf").document
    assert (document.title, _facts(document)["title"].sure) == ("Zusammen wachsen", False)


def _form_as_html(form: str, subject: str) -> bytes:
    return f"<meta charset=utf-8><h1>{form}</h1><p>{subject}</p><p>{PROSE}</p>".encode()


def _form_as_docx(form: str, subject: str) -> bytes:
    document, saved = docx.Document(), io.BytesIO()
    document.add_heading(form, 1)
    document.add_paragraph(subject)
    document.add_paragraph(PROSE)
    document.save(saved)
    return saved.getvalue()


def _form_as_pdf(form: str, subject: str) -> bytes:
    texts = ((60.0, 780.0, form, -16.0), (60.0, 740.0, subject, 10.0), (60.0, 700.0, PROSE, 8.0))
    return pdf(at(*texts))


FORMS = {"a.html": _form_as_html, "a.docx": _form_as_docx, "a.pdf": _form_as_pdf}


@pytest.mark.parametrize("name", FORMS)
def test_the_subject_is_the_title_in_every_format(name: str) -> None:
    paper = read_bytes(FORMS[name]("Beschlussvorlage", "Betreff: Neues Bad am See"), name)
    assert (paper.document.title, _facts(paper.document)["title"].sure) == (
        "Neues Bad am See",
        True,
    )
    unnamed = read_bytes(FORMS[name]("Beschlussvorlage", "Am See wird gebaut."), name)
    assert not _facts(unnamed.document)["title"].sure


def test_the_form_of_a_paper_is_its_kind(tmp_path: Path) -> None:
    document = _read(tmp_path, "# Beschlussvorlage\n\nBetreff: Satzung der Stadt Moorau")
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


def test_the_file_names_a_paper_without_title(tmp_path: Path) -> None:
    path = tmp_path / "mein_papier-2026.txt"
    path.write_text(f"{PROSE} {PROSE}\n\n{PROSE} {PROSE}\n", encoding="utf-8")
    document = read_document(RegisterEntry("x", path)).document
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


def test_front_matter_of_a_file_is_sure_and_never_quoted(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    fields = "titel: Archivordnung des Kreises Quonau\nstatus: published\nstand: 2026-03-01\n"
    url = "url: https://kreis.example/a.pdf\n"
    path.write_text(f"---\n{fields}{url}---\n\n### § 1 Benutzung\n\n{PROSE}\n", encoding="utf-8")
    parsed = read_document(RegisterEntry("a", path))
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
