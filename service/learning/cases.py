"""Decisions as cases: lines as `eval` reads them, kept with the county's own below `cases`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from service.learning.decisions import Decision, Saying
from service.learning.kinds import WITH_ITEM, Kind
from vectorstore.kept_texts import Texts

FOLDER, FILE = "cases", "learned.jsonl"
NAME = f"{FOLDER}/{FILE}"


def case_of(decision: Decision, saying: Saying) -> dict[str, Any]:
    """The case that one wording of a decision says: its item must be cited, or nothing be answered."""
    name = f"learned-{decision.id}-{saying.number}" if saying.number else f"learned-{decision.id}"
    case: dict[str, Any] = {"id": name, "type": "topic_lookup", "question": saying.question}
    if decision.kind in WITH_ITEM:
        case["expect"] = {"behavior": "answer", "citations_any": [[decision.document_id, decision.key]]}
    elif decision.kind is Kind.EXAMPLE and decision.scope == "service":
        case |= {"type": "about_service", "expect": {"behavior": "about_service"}}
    else:
        near = "near" if decision.kind is Kind.GAP else "far"
        case |= {"type": "unanswerable", "expect": {"behavior": "abstain"}, "distance": near}
    if decision.note:
        case["note"] = decision.note
    return case


def case_lines(decisions: Iterable[Decision]) -> str:
    """The cases of decisions that are to be some, as JSONL, oldest first."""
    wanted = sorted((one for one in decisions if one.as_case), key=lambda one: one.id)
    cases = (case_of(one, saying) for one in wanted for saying in one.sayings if saying.stands)
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in cases)


def write_cases(texts: Texts, decisions: Iterable[Decision]) -> None:
    """Write the cases of decisions anew; those beside them are a county's own. Raises StoreError, OSError."""
    texts.put(NAME, case_lines(decisions).encode())


def own_cases(texts: Texts) -> dict[str, bytes]:
    """The county's own cases by the name of their file, none that are empty or held back. Raises StoreAway, OSError."""
    found = {PurePath(name): content for name, content in texts.all(f"{FOLDER}/").items()}
    return {one.name: content for one, content in found.items() if not one.stem.endswith("-held") and content}
