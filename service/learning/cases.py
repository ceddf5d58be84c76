"""Decisions as cases: lines as `eval` reads them, kept in the folder `cases` of the data folder."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from service.learning.decisions import Decision, Saying
from service.learning.kinds import WITH_ITEM, Kind
from vectorstore.edition_files import write_durably
from vectorstore.private_modes import private_folder

FOLDER, FILE = "cases", "learned.jsonl"


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


def write_cases(data_dir: Path, decisions: Iterable[Decision]) -> Path:
    """Write the cases of decisions anew; other files of the folder are a county's own. Raises OSError."""
    folder = data_dir / FOLDER
    private_folder(folder)
    write_durably(folder / FILE, case_lines(decisions))
    return folder / FILE


def case_files(data_dir: Path) -> tuple[Path, ...]:
    """The county's own files of cases that are not empty, by name; none of those that are held back."""
    found = sorted((data_dir / FOLDER).glob("*.jsonl"))
    return tuple(one for one in found if not one.stem.endswith("-held") and one.stat().st_size > 0)
