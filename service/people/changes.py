"""What decisions make of the next edition: its questions for items and its corrections; and publishing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from service.people.decisions import Decisions
from service.people.form import PUBLISHED, Decision, Outcome
from vectorstore.amending.applying import in_order
from vectorstore.amending.form import Amendments, Correction
from vectorstore.amending.publishing import publish_amended
from vectorstore.editions import EditionStore, PublishResult
from vectorstore.questions import MOST, ItemQuestion, dump_questions

if TYPE_CHECKING:
    from vectorstore.edition import Edition


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
    fields = [one for one in decisions if one.outcome in PUBLISHED and not one.of_question]
    corrections = in_order(one.correction for one in fields if one.stands)
    before, catalogue = set(edition.catalogue.amendments.corrections), edition.catalogue
    if before != set(corrections):  # an item may come or go with them
        catalogue = catalogue.as_read.amended(Amendments(corrections))
    known = {(one.document_id, one.key) for one in catalogue.items}
    entries = [one for one in reversed(decisions) if one.outcome is Outcome.ENTRY]
    standing = {made.same_as for one in entries if one.stands for made in _questions(one)}
    gone = {made.same_as for one in entries if one.live and not one.stands for made in _questions(one)} - standing
    kept = [one for one in edition.questions.all if one.item in known and (one.origin or one.same_as not in gone)]
    there, counts = {one.same_as for one in kept}, Counter(one.item for one in kept)
    changed, lost = list[Decision](), list[Decision]()
    for one in (one for one in entries if one.stands):
        new = [made for made in _questions(one) if made.same_as not in there]
        fit = one.items[0] in known and counts[one.items[0]] + len(new) <= MOST
        if new:
            (changed if fit else lost).append(one)
        if fit:
            kept += new
            there |= {made.same_as for made in new}
            counts[one.items[0]] += len(new)
    back = [one for one in entries if one.live and not one.stands]
    open_ = [*changed, *back, *(one for one in fields if one.stands != (one.correction in before))]
    return Changes(edition.name, tuple(kept), corrections, tuple(_once(open_, set(corrections))), tuple(lost))


def publish(
    store: EditionStore, decisions: Decisions, tried: Callable[[Changes], None], progress: Callable[[str, float], None]
) -> PublishResult:
    """Make live what was decided, once `tried` raises nothing against it; raises what it and publishing raise."""
    with store.writing(), closing(store.open()) as edition:
        all_ = decisions.all()
        changes = changes_of(all_, edition)
        tried(changes)
        done = publish_amended(store, progress, changes.corrections, changes.questions)
        lost = {one.id for one in changes.lost}
        through = [one for one in all_ if one.outcome in PUBLISHED and one.id not in lost]
        decisions.set_live([one.id for one in through if one.stands and not one.live], done.name)
        decisions.set_live([one.id for one in through if one.live and not one.stands], "")
    return done


def _questions(one: Decision) -> list[ItemQuestion]:
    return [ItemQuestion(*one.items[0], wording) for wording in one.wordings]


def _once(found: Sequence[Decision], corrections: set[Correction]) -> list[Decision]:
    """Decisions, each once, without what was taken back and is decided the same again."""
    again = {one.id: one for one in found if one.stands or one.of_question or one.correction not in corrections}
    return list(again.values())
