"""Evaluation cases (JSON lines) from people's decisions on questions and from answers that were
rated down.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

from service.people.decisions import Decision, DecisionKind
from service.people.open_questions import OPEN_REASON_WORDS, OpenQuestion


def cases_jsonl(decisions: Iterable[Decision], questions: Iterable[OpenQuestion]) -> str:
    """Return evaluation cases as JSON lines.

    There is a case for each wording of a decision, and for each open question whose answer was
    rated down.
    """
    cases = list(chain.from_iterable(map(_decided_cases, decisions)))
    cases += [_open_case(question) for question in questions if question.reason.is_rating]
    return "".join(f"{json.dumps(case, ensure_ascii=False)}\n" for case in cases)


def _decided_cases(decision: Decision) -> Iterator[dict[str, Any]]:
    """Yield an evaluation case for each wording of a decision.

    If the decision has items, one of them has to be cited. If it has none, the question must not be
    answered: a gap is near to what the documents are about, any other such question is far from it.
    """
    note = {"note": decision.reason} if decision.reason else {}
    for number, wording in enumerate(decision.wordings):
        case: dict[str, Any] = {
            "id": f"decided-{decision.id}-{number}",
            "question": wording,
            **note,
        }
        if decision.items:
            cited = {"behavior": "answer", "citations_any": [list(item) for item in decision.items]}
            yield {**case, "type": "topic_lookup", "expect": cited}
        else:
            # From what the documents are about.
            distance = "near" if decision.kind is DecisionKind.GAP else "far"
            yield {
                **case,
                "type": "unanswerable",
                "expect": {"behavior": "abstain"},
                "distance": distance,
            }


def _open_case(question: OpenQuestion) -> dict[str, Any]:
    """Return the case of an open question, which nobody has decided on yet.

    So nothing is expected ("open"): it is asked and shown in each evaluation run, but not counted.
    """
    note = f"{OPEN_REASON_WORDS[question.reason]}, {question.day:%d.%m.%Y}"
    case = {"id": f"open-{question.id}", "type": "feedback", "question": question.question}
    return {**case, "expect": {"behavior": "open"}, "note": note}
