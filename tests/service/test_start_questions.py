"""Questions to begin with: everyday ones, else an overview, a list, a record, a paper, of different themes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from service.pages.start_questions import start_questions
from tests.service.county import parsed, report
from vectorstore.catalogue import Catalogue
from vectorstore.records import DocumentStatus, ItemKind, ItemStatus, RefTitle


def project(place: int, theme: str, status: ItemStatus | None, **more: Any) -> dict[str, Any]:
    return {"kind": ItemKind.PROJECT, "ref": str(place), "title": f"{theme} {place}", "status": status,
            "theme": RefTitle("", theme), **more}  # fmt: skip


def catalogue(*specs: dict[str, Any], status: DocumentStatus = DocumentStatus.PUBLISHED) -> Catalogue:
    return Catalogue.of([parsed(replace(report().document, status=status), list(specs))])


def begun(records: Catalogue, language: str = "de", *everyday: str) -> list[str]:
    return start_questions(records, language, everyday, lambda question: True)


def test_three_everyday_questions_come_first_and_one_on_a_record() -> None:
    everyday = [f"Was wird für {one} getan?" for one in ("Familien", "Bus und Bahn", "Schulen", "Jugendliche")]
    some = catalogue(project(1, "Bus", ItemStatus.IN_PROGRESS))
    assert begun(some, "de", *everyday) == [*everyday[:3], "Wie weit ist „Bus 1“?"]
    assert begun(some, "en", "What is being done for schools?")[:2] == [
        "What is being done for schools?",
        "What is the status of “Bus 1”?",
    ]


def test_what_is_not_answered_is_not_offered() -> None:
    some = catalogue(project(1, "Bus", ItemStatus.IN_PROGRESS))
    assert start_questions(some, "de", (), lambda question: not question.startswith("Wie weit")) == [
        "Was tut der Kreis beim Thema Bus?",
        "Welche Projekte zum Thema Bus werden gerade bearbeitet?",
        "Worum geht es in „Nachhaltigkeitsbericht Kreis Auenland“?",
    ]
