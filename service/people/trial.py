"""A trial of what was decided: the same cases before and after, and what got worse, kept as one small text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from prompts import say
from service.people.form import Decision, Outcome
from service.people.open_questions import REASONS, Kept, Reason
from service.settings import Settings
from vectorstore.kept_texts import Texts

NAME = "learned/trial.json"
CASES = "cases/"
Show = Callable[[str, float], None]


class NotPublished(Exception):
    """What was decided cannot be published; the message is one sentence for people."""


class TrialFailed(Exception):
    """A trial cannot be made; the message is one sentence for people."""


class Figure(BaseModel):
    """A measure in words, before and after: a share from 0 to 1, over so many cases."""

    model_config = ConfigDict(frozen=True)

    label: str
    before: float
    after: float
    cases: int


class Changed(BaseModel):
    """A case that was fully right before and is not any more, or that became it, with both answers."""

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    before: str
    after: str


class Trial(BaseModel):
    """A finished trial; `digest` says of what, `moment` when (UTC)."""

    model_config = ConfigDict(frozen=True)

    digest: str
    moment: datetime
    cases: int
    figures: tuple[Figure, ...] = ()
    worse: tuple[Changed, ...] = ()
    better: tuple[Changed, ...] = ()


Try = Callable[[Settings, Show], Trial]


def read_trial(texts: Texts) -> Trial | None:
    """The last finished trial, None where there is none that this version reads. Raises StoreAway, OSError."""
    content = texts.get(NAME)
    try:
        return Trial.model_validate_json(content) if content is not None else None
    except ValidationError:
        return None


def write_trial(texts: Texts, trial: Trial) -> None:
    """Keep the last trial. Raises WriterBusy, StoreAway, OSError."""
    texts.put(NAME, trial.model_dump_json(indent=1).encode())


def require(trial: Trial | None, digest: str, *, even_if_worse: bool) -> None:
    """Raise NotPublished where just these changes were not tried, or a case got worse, unless `even_if_worse`."""
    if trial is None or trial.digest != digest:
        raise NotPublished(say("people.not_tried"))
    if trial.worse and not even_if_worse:
        number = len(trial.worse)
        raise NotPublished(say("people.one_worse") if number == 1 else say("people.some_worse", number=number))


def case_lines(decisions: Iterable[Decision], open_: Sequence[Kept] = ()) -> str:
    """What was decided on questions, and open ones that were no help, as cases: JSONL as evals reads it."""
    made = [case for one in decisions if one.stands and one.of_question for case in _cases(one)]
    made += [_open_case(one) for one in open_ if one.reason is Reason.UNHELPFUL]
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in made)


def own_cases(texts: Texts) -> dict[str, bytes]:
    """The county's own cases by the name of their file, none that are empty or held back. Raises StoreAway, OSError."""
    found = {PurePath(name): content for name, content in texts.all(CASES).items()}
    return {one.name: content for one, content in found.items() if not one.stem.endswith("-held") and content}


def _cases(one: Decision) -> Iterable[dict[str, Any]]:
    """A case for each wording: one of the items must be cited, or nothing be answered."""
    for number, wording in enumerate(one.wordings):
        name = f"decided-{one.id}-{number}" if number else f"decided-{one.id}"
        case: dict[str, Any] = {"id": name, "type": "topic_lookup", "question": wording}
        if one.items:
            case["expect"] = {"behavior": "answer", "citations_any": [list(item) for item in one.items]}
        else:
            near = "near" if one.outcome is Outcome.GAP else "far"
            case |= {"type": "unanswerable", "expect": {"behavior": "abstain"}, "distance": near}
        yield {**case, "note": one.reason} if one.reason else case


def _open_case(one: Kept) -> dict[str, Any]:
    """A question that nobody has decided on: asked and shown in each run, and counted nowhere."""
    told = f"{REASONS[one.reason]}, {one.day:%d.%m.%Y}"
    return {"id": f"kept-{one.id}", "type": "feedback", "question": one.question, "expect": {"behavior": "open"},
            "note": told}  # fmt: skip
