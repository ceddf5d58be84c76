"""What papers say of themselves: title, publisher, kind, status, date, each with its proof, and
never by guess.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ingest import metadata_words
from ingest.register import RegisterEntry
from tests.ingest.cases import cases, documents
from tests.ingest.formats import FORMATS, paper
from tests.ingest.papers import PROSE, drawn, pdf, read_bytes, read_document
from vectorstore.records import Document, DocumentKind, DocumentStatus, MetadataFact

PARTS = ("title", "publisher", "kind", "status", "as_of")


def _read(text: str, name: str = "papier.md") -> Document:
    return read_bytes(f"{text}\n\n## Einleitung\n\n{PROSE}\n".encode(), name).document


def _facts(document: Document) -> dict[str, MetadataFact]:
    return {fact.field: fact for fact in document.front}


def told(document: Document, name: str) -> Any:
    """Return what a paper says of itself, as the data writes it."""
    match name:
        case "quotes":
            return {fact.field: fact.quote for fact in document.front if fact.quote}
        case "sure":
            return [fact.field for fact in document.front if fact.sure]
        case "unconfirmed":
            return list(document.unconfirmed)
    return getattr(document, name) or ""


@pytest.mark.parametrize("case", documents("front_matter.toml"))
def test_a_paper_says_of_itself(case: dict[str, Any]) -> None:
    content = case["text"].replace("{P}", PROSE).encode()
    document = read_bytes(content, case.get("file", "papier.md")).document
    assert {name: told(document, name) for name in case["says"]} == case["says"]
    assert {fact.by for fact in document.front} == {"found"}
    assert case.get("never", "?") not in document.text


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
