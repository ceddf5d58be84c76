"""What people decided on questions, and answers that were no help, as cases: JSON lines as evaluation reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from service.people.decisions import Decision, DecisionKind
from service.people.open_questions import REASON_WORDS, OpenQuestion


def cases_jsonl(decisions: Iterable[Decision], questions: Iterable[OpenQuestion]) -> str:
    """A case for each wording that was decided on, and for each open question whose answer people rated down."""
    cases = [case for decision in decisions if decision.is_standing for case in _decided(decision)]
    cases += [_open(question) for question in questions if question.reason.is_rating]
    return "".join(f"{json.dumps(case, ensure_ascii=False)}\n" for case in cases)


def _decided(decision: Decision) -> Iterator[dict[str, Any]]:
    """One of the items must be cited, or nothing be answered."""
    note = {"note": decision.reason} if decision.reason else {}
    for number, wording in enumerate(decision.wordings):
        case: dict[str, Any] = {"id": f"decided-{decision.id}-{number}", "question": wording, **note}
        if decision.items:
            cited = {"behavior": "answer", "citations_any": [list(item) for item in decision.items]}
            yield {**case, "type": "topic_lookup", "expect": cited}
        else:
            distance = "near" if decision.kind is DecisionKind.GAP else "far"
            yield {**case, "type": "unanswerable", "expect": {"behavior": "abstain"}, "distance": distance}


def _open(question: OpenQuestion) -> dict[str, Any]:
    """A question that nobody has decided on: asked and shown in each run, and counted nowhere."""
    note = f"{REASON_WORDS[question.reason]}, {question.day:%d.%m.%Y}"
    case = {"id": f"open-{question.id}", "type": "feedback", "question": question.question}
    return {**case, "expect": {"behavior": "open"}, "note": note}
