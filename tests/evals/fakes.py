"""Hand-made cases and answers: right ones, and the same with one thing broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evals.cases import Case
from evals.judging import Judgement, judge
from service.models import Answer, AnswerData, AnswerMode, AnswerStatus, Citation, DataKind, Receipt
from vectorstore.records import DocumentStatus, ItemKind


def citation(ref: str = "1.1.1.1", quote: str = "Das kostete 412.000 Euro.") -> Citation:
    """A citation of the report."""
    return Citation(
        marker=1,
        document_id="report",
        document_title="Bericht",
        publisher="Kreis",
        document_status=DocumentStatus.PUBLISHED,
        kind=ItemKind.PROJECT,
        ref=ref,
        key=ref,
        title="Titel",
        quote=quote,
        url=f"/documents/report/{ref}",
    )


def answer(text: str, *citations: Citation, total: int | None = None, milliseconds: float = 5.0) -> Answer:
    """An answer that answers."""
    data = AnswerData(kind=DataKind.COUNT, columns=[], rows=[], total=total) if total is not None else None
    return Answer(
        answer_id="1",
        status=AnswerStatus.ANSWERED,
        mode=AnswerMode.EXTRACTIVE,
        language="de",
        corpus_edition="e",
        answer=text,
        citations=list(citations),
        data=data,
        receipt=Receipt(pipeline="1", settings="s"),
        timings_ms={"total": milliseconds},
    )


def refusal() -> Answer:
    """An honest non-answer."""
    return answer("Dazu steht nichts in den Dokumenten.").model_copy(
        update={"status": AnswerStatus.NOT_IN_DOCUMENTS, "mode": None}
    )


def case(**fields: Any) -> Case:
    """An answerable question on a fact; `fields` replace."""
    usual: dict[str, Any] = {"id": "c", "type": "single_fact", "question": "Was kostet es?", "answerable": True}
    return Case(**usual | fields)


@dataclass(frozen=True, slots=True)
class Asked:
    """A case with the answer it got."""

    case: Case
    answer: Answer


FACT = Asked(
    case(any_of=(("report", "1.1.1.1"),), facts=(("412.000",),)), answer("Das kostete 412.000 Euro. [1]", citation())
)
COUNT = Asked(
    case(id="n", type="count", any_of=(("report", "1.1"),), count=4),
    answer("4 Projekte [1]", citation("1.1", "1.1"), total=4),
)
SILENT = Asked(case(id="u", type="unanswerable", answerable=False), refusal())
RIGHT = (FACT, COUNT, SILENT)


def judged(*asked: Asked) -> list[Judgement]:
    """The judgements of these answers."""
    return [judge(one.case, one.answer) for one in asked]
