"""What changes when somebody decides: the decision, its questions, the cases, and the audit log, in this order."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from service.audit import AuditLog
from service.learning.cases import write_cases
from service.learning.choosing import checked, may_be_case
from service.learning.decisions import Choice, Decision, Decisions
from service.learning.store import KeptQuestions
from service.settings import Settings
from vectorstore.catalogue import Catalogue


class Tables(Protocol):
    """Where questions and decisions are kept."""

    @property
    def kept(self) -> KeptQuestions:
        """The questions."""

    @property
    def decisions(self) -> Decisions:
        """The decisions."""

    @property
    def settings(self) -> Settings:
        """Whose data folder holds the cases."""


def decide(
    tables: Tables,
    catalogue: Catalogue,
    choice: Choice,
    members: Collection[str],
    person: str,
    role: str,
    audit: AuditLog,
) -> Decision:
    """Decide on kept questions, by their ids; raises ChoiceError, SQLAlchemyError, OSError."""
    made = tables.decisions.decide(checked(choice, catalogue), person)
    tables.kept.assign(members, made.id)
    _cases(tables)
    audit.note(person, role, "learning.decide", f"{made.id} {made.kind.value}")
    return made


def undo(tables: Tables, number: int, person: str, role: str, audit: AuditLog) -> bool:
    """Take a decision back: its questions are open again, its case goes; false where there is none that stands."""
    found = tables.decisions.one(number)
    if found is None or not found.stands:
        return False
    tables.decisions.undo(number, person)
    tables.kept.free(number)
    _cases(tables)
    audit.note(person, role, "learning.undo", str(number))
    return True


def set_case(tables: Tables, number: int, person: str, role: str, audit: AuditLog, *, as_case: bool) -> bool:
    """Make a case of a decision, or no more; false where it cannot be one."""
    found = tables.decisions.one(number)
    if found is None or not found.stands or not found.wording or not may_be_case(found.kind, found.scope):
        return False
    tables.decisions.set_case(number, as_case=as_case)
    _cases(tables)
    audit.note(person, role, "learning.case", f"{number} {'yes' if as_case else 'no'}")
    return True


def _cases(tables: Tables) -> None:
    write_cases(tables.settings.data_dir, tables.decisions.all())
