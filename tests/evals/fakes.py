"""Hand-made cases and answers: right ones, and the same with one thing broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evals.cases import Case, CaseTurn, Expectation
from evals.metrics.judging import Asked, Judgement, judge
from evals.metrics.knowledge import DocumentText, Knowledge
from service.models import Answer, AnswerData, AnswerMode, AnswerStatus, Citation, DataKind, Receipt
from vectorstore.records import DocumentStatus, ItemKind

TEXT = "Seite eins sagt wenig.\n\nDas kostete 412.000 Euro. Hier steht 1.1 Ziel.\n\n1.2 Ziel mit vier Projekten."
KNOWN = Knowledge({"report": DocumentText(TEXT, ((0, 1), (24, 2)), "Bericht")}, frozenset({"Bad Lauven"}))


def citation(ref: str = "1.1.1.1", quote: str = "Das kostete 412.000 Euro.", **fields: Any) -> Citation:
    """A citation of the report; `fields` replace."""
    usual: dict[str, Any] = {
        "marker": 1,
        "document_id": "report",
        "document_title": "Bericht",
        "publisher": "Kreis",
        "document_status": DocumentStatus.PUBLISHED,
        "kind": ItemKind.PROJECT,
        "ref": ref,
        "key": ref,
        "title": "Titel",
        "quote": quote,
        "page": 2,
        "url": f"/documents/report/{ref}",
    }
    return Citation(**usual | fields)


def cited(*refs: str) -> list[Citation]:
    """Citations of these items, in this order."""
    return [citation(ref, marker=place) for place, ref in enumerate(refs, start=1)]


def answer(text: str, *citations: Citation, total: int | None = None, **fields: Any) -> Answer:
    """An answer that answers; `fields` replace."""
    data = AnswerData(kind=DataKind.COUNT, columns=[], rows=[], total=total) if total is not None else None
    usual: dict[str, Any] = {
        "answer_id": "1",
        "status": AnswerStatus.ANSWERED,
        "mode": AnswerMode.EXTRACTIVE,
        "language": "de",
        "corpus_edition": "e",
        "answer": text,
        "citations": list(citations),
        "data": data,
        "receipt": Receipt(pipeline="1", settings="s"),
    }
    return Answer(**usual | fields)


def refusal() -> Answer:
    """An honest non-answer."""
    return answer("Dazu steht nichts in den Dokumenten.", status=AnswerStatus.NOT_IN_DOCUMENTS, mode=None)


def case(**fields: Any) -> Case:
    """An answerable question on the fact of report 1.1.1.1; `expect` and other fields replace."""
    expect = fields.pop("expect", {"citations_any": (("report", "1.1.1.1"),)})
    usual: dict[str, Any] = {"id": "c", "type": "single_fact", "question": "Was kostet es?"}
    return Case(**usual | fields, expect=Expectation(**{"behavior": "answer"} | expect))


def silent_case(**fields: Any) -> Case:
    """A question that must not be answered."""
    return case(**{"id": "u", "type": "unanswerable", "expect": {"behavior": "abstain"}} | fields)


def turn(content: str, role: Any = "user") -> CaseTurn:
    """One turn of a history."""
    return CaseTurn(role=role, content=content)


def asked(one: Case, given: Answer, milliseconds: float = 5.0) -> Asked:
    """A case with the answer it got, over the known text."""
    return Asked(one, given, KNOWN, milliseconds)


def judged(one: Case, given: Answer) -> Judgement:
    """The judgement of one answer."""
    return judge(asked(one, given))


@dataclass(frozen=True, slots=True)
class Right:
    """A case with a right answer."""

    case: Case
    answer: Answer


FACT = Right(
    case(expect={"citations_any": (("report", "1.1.1.1"),), "facts": (("412.000",),)}),
    answer("Das kostete 412.000 Euro. [1]", citation()),
)
COUNT = Right(
    case(id="n", type="count", expect={"citations_any": (("report", "1.2"),), "count": 4}),
    answer("4 Projekte [1]", citation("1.2", "1.2 Ziel mit vier"), total=4),
)
LIST = Right(
    case(id="l", type="list", expect={"citations_all": (("report", "1.1"), ("report", "1.2"))}),
    answer("Zwei [1] [2]", citation("1.1", "1.1 Ziel"), citation("1.2", "1.2 Ziel", marker=2)),
)
SILENT = Right(silent_case(distance="near"), refusal())
RIGHT = (FACT, COUNT, LIST, SILENT)
