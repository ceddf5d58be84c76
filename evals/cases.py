"""Cases: questions with the behaviour, items and facts that are expected, one JSON object per line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Ref = tuple[str, str]


class CaseError(ValueError):
    """A case file is not in form; the message names file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question; `any_of` are right items of which one suffices, `all_of` items that must all be cited."""

    id: str
    type: str
    question: str
    answerable: bool
    history: tuple[dict[str, str], ...] = ()
    any_of: tuple[Ref, ...] = ()
    all_of: tuple[Ref, ...] = ()
    facts: tuple[tuple[str, ...], ...] = ()
    forbidden: tuple[str, ...] = ()
    count: int | None = None
    note: str = ""


def load_cases(path: Path) -> list[Case]:
    """The cases of a file; raises CaseError with the line that is wrong."""
    cases: list[Case] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                cases.append(_case(json.loads(line)))
            except (KeyError, TypeError, ValueError) as error:
                raise CaseError(f"{path.name}, line {number}: {error!r}") from error
    return cases


def _case(raw: dict[str, Any]) -> Case:
    expect = raw["expect"]
    if expect["behavior"] not in ("answer", "abstain"):
        raise ValueError(f"behavior must be answer or abstain, not {expect['behavior']!r}")
    return Case(
        id=raw["id"],
        type=raw["type"],
        question=raw["question"],
        answerable=expect["behavior"] == "answer",
        history=tuple(raw.get("history", ())),
        any_of=tuple((one[0], one[1]) for one in expect.get("citations_any", ())),
        all_of=tuple((one[0], one[1]) for one in expect.get("citations_all", ())),
        facts=tuple(tuple(one) for one in expect.get("facts", ())),
        forbidden=tuple(expect.get("forbidden", ())),
        count=expect.get("count"),
        note=raw.get("note", ""),
    )
