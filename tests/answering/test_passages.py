"""What of an item may be quoted: whole sentences of its own, words rather than mere figures."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.answering import AnswerService
from service.records import AnswerStatus, ChatRequest
from tests.answering.conftest import OverDocuments
from tests.service.county import document, parsed, report
from vectorstore.records import Chunk, DocumentKind, DocumentStatus, ItemKind, ParsedDocument

PLAIN = "Die Technik ist da. Wichtig ist der Betrieb der Schulen."
CODES = "51.02, 80.01."


def county(bodies: list[str]) -> ParsedDocument:
    """A report of projects with these texts below a goal, behind whose last project something of
    the goal stands.
    """
    specs: list[dict[str, Any]] = [
        {"kind": ItemKind.GOAL, "ref": "3.1", "title": "Schulen werden saniert."},
        *({"kind": ItemKind.PROJECT, "ref": f"3.1.1.{place}", "title": f"Vorhaben {place}", "body": body}
          for place, body in enumerate(bodies, 1)),
    ]  # fmt: skip
    document_file = parsed(replace(report().document, pages=()), specs)
    remaining = "derzeit keine Projekte vorhanden"
    start = len(document_file.document.text)
    extended = replace(document_file.document, text=f"{document_file.document.text}{remaining}\n")
    goal = replace(document_file.items[0], body="Schulen werden saniert.")
    chunk = Chunk(id=f"{extended.id}/rest", document_id=extended.id, key="3.1", text=remaining, context="", start=start,
                  end=start + len(remaining))  # fmt: skip
    return replace(
        document_file,
        document=extended,
        items=(goal, *document_file.items[1:]),
        chunks=(*document_file.chunks, chunk),
    )


@pytest.fixture(scope="module")
def codes(over_documents: OverDocuments) -> AnswerService:
    return over_documents(county([PLAIN, CODES]))


@pytest.mark.parametrize(
    ("question", "said", "never"),
    [
        ("Was ist 3.1.1.2?", "Vorhaben 2: 51.02, 80.01.", "3.1.1.2 Vorhaben 2 51.02"),
        ("Was besagt Ziel 3.1?", "Schulen werden saniert.", "keine Projekte"),
    ],
)
def test_what_is_quoted_is_the_text_of_the_item_below_its_heading(
    codes: AnswerService, question: str, said: str, never: str
) -> None:
    answer = codes.answer(ChatRequest(question=question))
    assert said in answer.answer and never not in answer.answer


def plan_of(publisher: str, id_: str, *bodies: str) -> ParsedDocument:
    """A plan with a project for each of these texts."""
    head = document(
        id_, "Mobilitätsplan", DocumentKind.PLAN, DocumentStatus.PUBLISHED, publisher=publisher
    )
    specs: list[dict[str, Any]] = [
        {"kind": ItemKind.PROJECT, "ref": f"1.{number}", "title": f"Weg {number}", "body": body}
        for number, body in enumerate(bodies, 1)
    ]
    return parsed(head, specs)


@pytest.mark.parametrize(
    "question",
    [
        "Bau der Radwege – Auenland gegen Bergdorf, wer sagt was?",
        "Bis wann wollen Auenland und Bergdorf Radwege bauen?",
    ],
)
def test_what_is_asked_of_two_publishers_is_not_claimed_from_one(
    over_documents: OverDocuments, question: str
) -> None:
    full = [f"Der Bau der Radwege beginnt: Radwege {n} bauen." for n in range(2021, 2026)]
    own = plan_of("Kreis Auenland", "plan-auenland", *full)
    other = plan_of("Stadt Bergdorf", "plan-bergdorf", "Ein Schulhof.", "Radwege will man bauen.")
    answer = over_documents(own, other).answer(ChatRequest(question=question))
    cited = {citation.document_id for citation in answer.citations}
    assert answer.status is AnswerStatus.FOUND and cited == {"plan-auenland", "plan-bergdorf"}
