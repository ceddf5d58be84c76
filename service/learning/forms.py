"""What the form of a decision sends, and what is shown of a group while it is filled in."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, Field

from service.edition_holder import Served
from service.learning.choosing import item_of
from service.learning.decisions import Choice, Decision
from service.learning.grouping import ENOUGH, Group
from service.learning.kinds import Kind
from service.models import Answer
from service.record_models import Record

OTHER = "other"
MOST_FOUND = 8
MOST_LENGTH = 1000


class DecisionForm(BaseModel):
    """The fields of the form; `item` is "document/key" of a found item or "other", for the two fields below it."""

    kind: Kind
    wording: str = Field(default="", max_length=MOST_LENGTH)
    item: str = Field(default="", max_length=500)
    other_document: str = Field(default="", max_length=200)
    other_number: str = Field(default="", max_length=200)
    scope: str = Field(default="", max_length=20)
    want: str = Field(default="", max_length=20)
    note: str = Field(default="", max_length=MOST_LENGTH)
    as_case: bool = False
    member: list[str] = Field(default_factory=list, max_length=2000)

    def choice(self, times: int) -> Choice:
        """What was chosen for questions that were asked `times` times."""
        document, _, key = self.item.partition("/")
        if self.item in ("", OTHER):
            document, key = self.other_document, self.other_number
        return Choice(
            kind=self.kind,
            wording=self.wording,
            document_id=document,
            key=key,
            scope=self.scope,
            want=self.want,
            note=self.note,
            times=times,
            as_case=self.as_case,
        )


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with what the service answers now, the items that were found, and similar decisions."""

    group: Group
    answer: Answer
    found: tuple[Record, ...]
    similar: tuple[Decision, ...] = ()


def overview_of(groups: list[Group], served: Served) -> list[GroupView]:
    """Groups with what answers them now."""
    return [GroupView(one, *_found(one.wording, served, 1)) for one in groups]


def view_of(group: Group, served: Served, decisions: list[Decision]) -> GroupView:
    """One group with everything that helps to decide."""
    return GroupView(group, *_found(group.wording, served, MOST_FOUND), _similar(group.wording, served, decisions))


def _found(question: str, served: Served, most: int) -> tuple[Answer, tuple[Record, ...]]:
    """The answer of now, and what was found: cited items first, then the nearest, then what else is on it."""
    answer = served.answers.tried(question)
    catalogue = served.edition.catalogue
    keys = [(one.document_id, one.key) for one in answer.citations]
    keys += [(one.document_id, one.key) for one in answer.nearest]
    found: dict[tuple[str, str], Record] = {}
    if most > len(set(keys)):
        looked_up = served.answers.lookup(question)
        listed = [*looked_up.items, *looked_up.nearest]
        keys += [(one.document_id, one.key) for one in listed]
        found |= {(one.document_id, one.key): one for one in listed}
    found |= {(one.document_id, one.key): one for one in answer.nearest}
    made = []
    for document, key in dict.fromkeys(keys):
        record = found.get((document, key)) or _record(document, key, served)
        if record is not None and document in catalogue.documents:
            made.append(record)
    return answer, tuple(made[:most])


def _record(document: str, key: str, served: Served) -> Record | None:
    from service.records import records_of

    item = item_of(document, key, served.edition.catalogue)
    return records_of([item], served.edition.catalogue)[0] if item else None


def _similar(wording: str, served: Served, decisions: list[Decision]) -> tuple[Decision, ...]:
    """Standing decisions on questions that mean the same, the likest first."""
    standing = [one for one in decisions if one.stands and one.wording]
    if not standing:
        return ()
    likeness = served.answers.alike([wording, *(one.wording for one in standing)])[0][1:]
    near = [(float(share), one) for share, one in zip(likeness, standing, strict=True) if share >= ENOUGH]
    return tuple(one for _, one in sorted(near, key=lambda pair: (-pair[0], pair[1].id))[:3])
