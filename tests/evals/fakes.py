"""Hand-made cases and answers: right ones, and the same with one thing broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from evals.case_files import Case, CaseTurn, Expectation
from evals.measurements import ScoredCase, compute_measurements
from evals.metrics.measures import compute_scores
from evals.metrics.scoring import (
    AnsweredCase,
    DocumentTexts,
    Judgement,
    RenderedDocument,
    SentAnswer,
    SentCitation,
)
from evals.run import CaseFile, Run, RunInfo

TEXT = "Seite eins sagt wenig.\n\nDas kostete 412.000 Euro. Hier steht 1.1 Ziel.\n\n1.2 Ziel mit vier Projekten."
KNOWN = DocumentTexts({"report": RenderedDocument(TEXT, ((0, 1), (24, 2)))})


def citation(
    ref: str = "1.1.1.1", quote: str = "Das kostete 412.000 Euro.", **fields: Any
) -> SentCitation:
    """A citation of the report; `fields` replace."""
    usual: dict[str, Any] = {"marker": 1, "document_id": "report",
                             "document_status": "published", "ref": ref, "key": ref, "title": "Titel",
                             "quote": quote, "page": 2}  # fmt: skip
    return SentCitation(**usual | fields)


def cited(*refs: str) -> tuple[SentCitation, ...]:
    """Citations of these items, in this order."""
    return tuple(citation(ref, marker=place) for place, ref in enumerate(refs, start=1))


def answer(text: str, *citations: SentCitation, **fields: Any) -> SentAnswer:
    """An answer that answers; `fields` replace."""
    return SentAnswer(**{"status": "answered", "answer": text, "citations": citations} | fields)


def refusal(**fields: Any) -> SentAnswer:
    """An honest non-answer."""
    return answer("Dazu steht nichts in den Dokumenten.", **{"status": "not_in_documents"} | fields)


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


def judged(item: Case, given: SentAnswer, known: DocumentTexts = KNOWN) -> Judgement:
    """The judgement of one answer, over the known text."""
    return compute_scores(AnsweredCase(item, given, known, 5.0))


@dataclass(frozen=True, slots=True)
class Right:
    """A case with a right answer."""

    case: Case
    answer: SentAnswer


FACT = Right(
    case(expect={"citations_any": (("report", "1.1.1.1"),), "facts": (("412.000",),)}),
    answer("Das kostete 412.000 Euro. [1]", citation()),
)
COUNT = Right(
    case(id="n", type="count", expect={"citations_any": (("report", "1.2"),), "count": 4}),
    answer("4 Projekte [1]", citation("1.2", "1.2 Ziel mit vier")),
)
LIST = Right(
    case(id="l", type="list", expect={"citations_all": (("report", "1.1"), ("report", "1.2"))}),
    answer("Zwei [1] [2]", citation("1.1", "1.1 Ziel"), citation("1.2", "1.2 Ziel", marker=2)),
)
SILENT = Right(silent_case(distance="near"), refusal())
RIGHT = (FACT, COUNT, LIST, SILENT)


def row(judgement: Judgement, group: str = "known", set_name: str = "faelle") -> ScoredCase:
    """A case of a run."""
    return ScoredCase(
        set_name, group, group, judgement, judgement.answered_case.answer.model_dump(mode="json")
    )


def run_of(*rows: ScoredCase, name: str = "heute", hour: int = 12) -> Run:
    """A run of these cases."""
    info = RunInfo(
        name=name,
        created=datetime(2026, 11, 20, hour, 5, tzinfo=UTC),
        seconds=65.0,
        editions={"known": "2026-11-19-1"},
        case_files=[CaseFile(name="faelle.jsonl", digest="sha256:abc", cases=len(rows))],
        receipts=[{"pipeline": "7", "settings": "sha256:def", "model": None}],
    )
    return Run(info, list(rows), compute_measurements(rows))
