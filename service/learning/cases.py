"""Decisions and kept questions as cases: lines as `eval` reads them, kept with the county's own below `cases`.

A kept question becomes a case before anybody says what is right: it is asked and shown in each run, and counts nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from service.learning.decisions import Decision, Saying
from service.learning.kinds import WITH_ITEM, Kind
from service.learning.store import REASONS, Kept
from vectorstore.kept_texts import Texts

FOLDER, FILE = "cases", "learned.jsonl"
NAME = f"{FOLDER}/{FILE}"
OPEN = f"{FOLDER}/open.jsonl"


def case_of(decision: Decision, saying: Saying) -> dict[str, Any]:
    """The case that one wording of a decision says: its item must be cited, or nothing be answered."""
    name = f"learned-{decision.id}-{saying.number}" if saying.number else f"learned-{decision.id}"
    case: dict[str, Any] = {"id": name, "type": "topic_lookup", "question": saying.question}
    if decision.kind in WITH_ITEM:
        case["expect"] = {"behavior": "answer", "citations_any": [[decision.document_id, decision.key]]}
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


def set_open_case(texts: Texts, kept: Kept, *, wanted: bool) -> None:
    """Make a case of a kept question, or no more. Raises StoreError, OSError."""
    told = f"{REASONS[kept.reason]}, {kept.day:%d.%m.%Y}"
    case = {"id": f"kept-{kept.id}", "type": "feedback", "question": kept.question, "expect": {"behavior": "open"}}
    line = json.dumps({**case, "note": told}, ensure_ascii=False)

    def changed(content: bytes | None) -> bytes | None:
        others = [one for one in _lines(content) if json.loads(one)["id"] != case["id"]]
        return "".join(f"{one}\n" for one in [*others, *([line] if wanted else [])]).encode() or None

    texts.change(OPEN, changed)


def open_cases(texts: Texts) -> frozenset[str]:
    """The ids of the kept questions that are cases. Raises StoreAway, OSError."""
    return frozenset(json.loads(one)["id"].removeprefix("kept-") for one in _lines(texts.get(OPEN)))


def drop_closed(texts: Texts, still_open: Iterable[str]) -> None:
    """Drop the cases of questions that were deleted or decided on. Raises StoreError, OSError."""
    names = {f"kept-{one}" for one in still_open}
    if texts.get(OPEN) is None:
        return

    def changed(content: bytes | None) -> bytes | None:
        left = [one for one in _lines(content) if json.loads(one)["id"] in names]
        return "".join(f"{one}\n" for one in left).encode() or None

    texts.change(OPEN, changed)


def _lines(content: bytes | None) -> list[str]:
    return [one for one in (content or b"").decode().split("\n") if one]


def own_cases(texts: Texts) -> dict[str, bytes]:
    """The county's own cases by the name of their file, none that are empty or held back. Raises StoreAway, OSError."""
    found = {PurePath(name): content for name, content in texts.all(f"{FOLDER}/").items()}
    return {one.name: content for one, content in found.items() if not one.stem.endswith("-held") and content}
