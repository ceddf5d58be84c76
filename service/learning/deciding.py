"""What changes when somebody decides: the decision, its questions, the cases, and the audit log, in this order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from service.audit import AuditLog
from service.edition_holder import OpenEdition
from service.learning.cases import write_cases
from service.learning.choosing import ChoiceError, checked, may_be_case
from service.learning.decisions import Choice, Decision, Decisions
from service.learning.further import Beside, distinct, fitting, wrong_with
from service.learning.kinds import Kind
from service.learning.store import Kept, KeptQuestions
from vectorstore.kept_texts import Texts


class Tables(Protocol):
    """Where questions and decisions are kept."""

    @property
    def kept(self) -> KeptQuestions:
        """The questions."""

    @property
    def decisions(self) -> Decisions:
        """The decisions."""

    @property
    def texts(self) -> Texts:
        """What holds the cases."""


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, by name and role, and what notes it."""

    person: str
    role: str
    audit: AuditLog

    def note(self, action: str, subject: str) -> None:
        """Note what was done."""
        self.audit.note(self.person, self.role, f"learning.{action}", subject)


def decide(tables: Tables, edition: OpenEdition, choice: Choice, members: Collection[str], who: Deciding) -> Decision:
    """Decide on kept questions, by their ids; raises ChoiceError, SQLAlchemyError, StoreError, OSError."""
    made = tables.decisions.decide(_checked(tables, edition, choice), who.person)
    tables.kept.assign(members, made.id)
    _cases(tables)
    who.note("decide", f"{made.id} {made.kind.value}")
    return made


def extend(tables: Tables, edition: OpenEdition, number: int, wordings: Sequence[str], who: Deciding) -> int:
    """Put further wordings to a decision that stands; returns how many.

    Raises ChoiceError where one cannot be, or there is no such decision; SQLAlchemyError, StoreError, OSError.
    """
    found = _standing(tables, number)
    added = distinct(wordings, found.wording)
    if not added:
        raise ChoiceError({"also": "Bitte schreiben Sie mindestens eine Formulierung, die es hier noch nicht gibt."})
    if wrong := wrong_with(found, added, _beside(tables, edition)):
        raise ChoiceError({"also": wrong})
    _extended(tables, found, added, 0, who)
    return len(added)


def join(tables: Tables, edition: OpenEdition, number: int, members: Sequence[Kept], who: Deciding) -> Decision:
    """Have a decision that stands hold for more kept questions too: where it is learned, their wordings come to it.

    Those of a conversation come to it without, and so do those whose wording may not be or does not fit any more, the
    most asked first: nobody can leave one out here. Raises what `extend` raises.
    """
    found, beside = _standing(tables, number), _beside(tables, edition)
    if not may_be_joined(found):
        raise ChoiceError({"also": f"Zu Entscheidung {number} kommen keine weiteren Fragen."})
    added: tuple[str, ...] = ()
    if found.kind is Kind.ITEM_QUESTION:
        often = sorted(members, key=lambda one: -one.times)
        told = distinct((one.question for one in often if not one.followup), found.wording)
        added = fitting(found, told, beside)
    tables.kept.assign([one.id for one in members], number)
    _extended(tables, found, added, sum(one.times for one in members), who)
    return found


def may_be_joined(decision: Decision) -> bool:
    """Tell whether other questions can be put to a decision; a curated answer has wordings of its own."""
    return decision.stands and bool(decision.wording) and decision.kind is not Kind.CURATED


def remove_wording(tables: Tables, number: int, wording: int, who: Deciding) -> bool:
    """Remove a further wording alone: questions asked like that are open again; false where there is none."""
    found = tables.decisions.one(number)
    one = next((one for one in found.further if one.id == wording and one.stands), None) if found else None
    if found is None or one is None or not found.stands:
        return False
    tables.decisions.remove_wording(wording, who.person)
    tables.kept.free(number, one.question)
    _cases(tables)
    who.note("remove-wording", f"{number} {wording}")
    return True


def undo(tables: Tables, number: int, who: Deciding) -> bool:
    """Take a decision back: its questions are open again, its case goes; false where there is none that stands."""
    found = tables.decisions.one(number)
    if found is None or not found.stands:
        return False
    tables.decisions.undo(number, who.person)
    tables.kept.free(number)
    _cases(tables)
    who.note("undo", str(number))
    return True


def set_case(tables: Tables, number: int, who: Deciding, *, as_case: bool) -> bool:
    """Make a case of a decision, or no more; false where it cannot be one."""
    found = tables.decisions.one(number)
    if found is None or not found.stands or not found.wording or not may_be_case(found.kind):
        return False
    tables.decisions.set_case(number, as_case=as_case)
    _cases(tables)
    who.note("case", f"{number} {'yes' if as_case else 'no'}")
    return True


def _checked(tables: Tables, edition: OpenEdition, choice: Choice) -> Choice:
    """A choice that may be kept, with further wordings that may be too."""
    found = checked(choice, edition.catalogue)
    also = distinct(choice.also, found.wording)
    if also and (wrong := wrong_with(found, also, _beside(tables, edition))):
        raise ChoiceError({"also": wrong})
    return replace(found, also=also)


def _beside(tables: Tables, edition: OpenEdition) -> Beside:
    return Beside.of(edition.catalogue, edition.questions.all, tables.decisions.all())


def _standing(tables: Tables, number: int) -> Decision:
    found = tables.decisions.one(number)
    if found is None or not found.stands or not found.wording:
        raise ChoiceError({"also": f"Eine Entscheidung {number}, die noch gilt, gibt es nicht."})
    return found


def _extended(tables: Tables, found: Decision, added: Sequence[str], times: int, who: Deciding) -> None:
    tables.decisions.extend(found.id, added, who.person, times)
    _cases(tables)
    who.note("extend", f"{found.id} {len(added)}")


def _cases(tables: Tables) -> None:
    write_cases(tables.texts, tables.decisions.all())
