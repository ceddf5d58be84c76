"""What decisions make of the next edition, and its trial: the same cases before and after, and what got worse."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from prompts import say
from service.people.decisions import PUBLISHED, Decision, Decisions, Outcome
from service.people.open_questions import REASONS, Kept, Reason
from service.settings import Settings
from vectorstore.amending.applying import in_order
from vectorstore.amending.form import Amendments, Correction
from vectorstore.kept_texts import Texts
from vectorstore.questions import MOST, ItemQuestion, dump_questions

if TYPE_CHECKING:
    from vectorstore.edition import Edition
    from vectorstore.editions import EditionStore

NAME = "learned/trial.json"
CASES = "cases/"
Show = Callable[[str, float], None]


class NotPublished(Exception):
    """What was decided cannot be published; the message is one sentence for people."""


class TrialFailed(Exception):
    """A trial cannot be made; the message is one sentence for people."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The next edition's questions and corrections; `open` are decisions that it brings or takes back.

    `lost` lead to an item that there is no more, or that has as many questions as it may.
    """

    edition: str
    questions: tuple[ItemQuestion, ...]
    corrections: tuple[Correction, ...]
    open: tuple[Decision, ...] = ()
    lost: tuple[Decision, ...] = ()

    @property
    def digest(self) -> str:
        """Changes with anything that a trial is about."""
        said = (self.edition.encode(), dump_questions(self.questions), repr(self.corrections).encode())
        return sha256(b"\0".join(said)).hexdigest()


def changes_of(decisions: Sequence[Decision], edition: Edition) -> Changes:
    """What decisions make of the edition after this one."""
    fields = [one for one in decisions if not one.of_question]
    entries = [one for one in reversed(decisions) if one.outcome is Outcome.ENTRY]
    corrections = in_order(one.correction for one in fields if one.stands)
    before, catalogue = set(edition.catalogue.amendments.corrections), edition.catalogue
    if before != set(corrections):  # an item may come or go with them
        catalogue = catalogue.as_read.amended(Amendments(corrections))
    known = {(one.document_id, one.key) for one in catalogue.items}
    standing = {made.same_as for one in entries if one.stands for made in _questions(one)}
    gone = {made.same_as for one in entries if one.live and not one.stands for made in _questions(one)} - standing
    kept = [one for one in edition.questions.all if one.item in known and (one.origin or one.same_as not in gone)]
    there, counts = {one.same_as for one in kept}, Counter(one.item for one in kept)
    open_, lost = [one for one in entries if one.live and not one.stands], list[Decision]()
    for one in (one for one in entries if one.stands):
        new = [made for made in _questions(one) if made.same_as not in there]
        if one.items[0] not in known or counts[one.items[0]] + len(new) > MOST:
            lost += [one] if new else []
            continue
        open_ += [one] if new else []
        kept += new
        there |= {made.same_as for made in new}
        counts[one.items[0]] += len(new)
    for one in fields:  # what was taken back and is decided the same again changes nothing
        if one.stands != (one.correction in before) and (one.stands or one.correction not in corrections):
            open_.append(one)
    return Changes(edition.name, tuple(kept), corrections, tuple(open_), tuple(lost))


def _questions(one: Decision) -> list[ItemQuestion]:
    return [ItemQuestion(*one.items[0], wording) for wording in one.wordings]


def publish(store: EditionStore, decisions: Decisions, tried: Callable[[Changes], None], progress: Show) -> str:
    """Make live what was decided, once `tried` raises nothing against it; returns the edition's name.

    Raises what `tried` and publishing raise; then nothing changes.
    """
    with store.writing(), closing(store.open()) as edition:
        all_ = decisions.all()
        changes = changes_of(all_, edition)
        tried(changes)
        done = store.publish(
            edition.catalogue.parsed(),
            report=edition.report,
            originals=edition.originals,
            progress=progress,
            questions=changes.questions,
            amendments=Amendments(changes.corrections),
        )
        through = [one for one in all_ if one.outcome in PUBLISHED and one not in changes.lost]
        decisions.set_live([one.id for one in through if one.stands and not one.live], done.name)
        decisions.set_live([one.id for one in through if one.live and not one.stands], "")
    return done.name


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


def require(trial: Trial | None, digest: str, *, even_if_worse: bool) -> None:
    """Raise NotPublished where just these changes were not tried, or a case got worse, unless `even_if_worse`."""
    if trial is None or trial.digest != digest:
        raise NotPublished(say("people.not_tried"))
    if trial.worse and not even_if_worse:
        number = len(trial.worse)
        raise NotPublished(say("people.one_worse") if number == 1 else say("people.some_worse", number=number))


def own_cases(texts: Texts) -> dict[str, bytes]:
    """The county's own cases by the name of their file, none that are empty or held back. Raises StoreAway, OSError."""
    found = {PurePath(name): content for name, content in texts.all(CASES).items()}
    return {one.name: content for one, content in found.items() if not one.stem.endswith("-held") and content}


def case_lines(decisions: Iterable[Decision], open_: Sequence[Kept] = ()) -> str:
    """What was decided on questions, and open ones that were no help, as cases: JSONL as evals reads it."""
    made = [case for one in decisions if one.stands and one.of_question for case in _cases(one)]
    made += [_open_case(one) for one in open_ if one.reason is Reason.UNHELPFUL]
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in made)


def _cases(one: Decision) -> Iterator[dict[str, Any]]:
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
