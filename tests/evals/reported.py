"""Two runs over six hand-made cases for the tests of the report: one case lost, one won, three wrong in both."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from evals.metrics.judging import Judgement
from evals.runs.environment import Environment
from evals.runs.run import CaseFile, Run, RunInfo
from evals.runs.summary import Point, summarised, values_of
from service.models import LookupItem, LookupResult
from tests.evals.fakes import COUNT, FACT, LIST, SILENT, answer, case, citation, cited, judged, silent_case, turn
from vectorstore.records import ItemKind

FOLLOWED = case(
    id="f-1",
    type="followup",
    question="Und die Kosten?",
    history=(turn("Wie ist der Stand bei den Hallen?"), turn("Umgesetzt.", "assistant")),
    expect={"citations_any": (("report", "1.1"),), "facts": (("412.000", "412 Tausend"),), "forbidden": ("gratis",)},
)
NEAR = silent_case(id="u-2", distance="near", question="Was kostet das Hallenbad?")
LOST = judged(FACT.case, answer("Das kostete 413.000 Euro. [1]", citation()))
WON = judged(COUNT.case, COUNT.answer)
SHORT_LIST = judged(LIST.case, answer("Eins [1]", citation("1.1", "1.1 Ziel")))
LATE = judged(FOLLOWED, answer("Es war gratis. [1]", *cited("9.1", "9.2", "9.3", "1.1.2")))
ANSWERED = judged(NEAR, answer("Zwei Euro. [1]", citation()))
QUIET = judged(SILENT.case, SILENT.answer)
NOW = (LOST, WON, SHORT_LIST, LATE, ANSWERED, QUIET)
MISCOUNTED = judged(COUNT.case, answer("5 Projekte [1]", *COUNT.answer.citations, total=5))
THEN = (judged(FACT.case, FACT.answer), MISCOUNTED, SHORT_LIST, LATE, ANSWERED, QUIET)
TRADED = [
    Point(strict=0.0, false_answers=0.5, false_refusals=0.0, fully=0.5),
    Point(strict=1.0, false_answers=0.5, false_refusals=0.0, fully=0.5),
    Point(strict=2.0, false_answers=0.0, false_refusals=0.25, fully=0.6),
]


def found_item(ref: str, title: str, why: str = "nennt „Kosten“") -> LookupItem:
    """An item that finding brought."""
    return LookupItem(
        document_id="report", kind=ItemKind.PROJECT, ref=ref, key=ref, title=title, url="/x", score=0.75, why=[why],
        passage="",
    )  # fmt: skip


FOUND = LookupResult(
    query="?", covered=True, items=[found_item("9.1", "Bad"), found_item("1.1", "Halle")], corpus_edition="e"
)


def info(name: str, hour: int, **fields: Any) -> RunInfo:
    """A run's head."""
    usual: dict[str, Any] = {
        "name": name,
        "created": datetime(2026, 11, 20, hour, 5, tzinfo=UTC),
        "seconds": 65.0,
        "kind": "in_process",
        "edition": "2026-11-19-1",
        "case_files": [CaseFile(name="faelle.jsonl", digest="sha256:abc", cases=6)],
        "receipts": [{"pipeline": "7", "settings": "sha256:def", "model": None, "prompts": None}],
        "prompts": "sha256:123",
        "environment": Environment(python="3.11.7", system="Linux", machine="x86_64", processors=2, packages={}),
    }
    return RunInfo(**usual | fields)


def run_of(*judgements: Judgement, name: str = "heute", hour: int = 12, **fields: Any) -> Run:
    """A run of these judgements."""
    return Run(info(name, hour, **fields), list(judgements), summarised(judgements))


def after() -> Run:
    """The run that is told: with findings, thresholds and a baseline."""
    run = run_of(*NOW)
    beside = {"BM25": [judged(one.case, answer("Text [1]", citation("9.9"))) for one in NOW]}
    values = {name: values_of([one.parts for one in found]) for name, found in beside.items()}
    summary = run.summary.model_copy(update={"tradeoff": TRADED, "baselines": values})
    return replace(run, summary=summary, findings={"f-1": FOUND}, baselines=beside)


def before() -> Run:
    """The run before."""
    return run_of(*THEN, name="gestern", hour=8)
