"""What the form of a decision sends, and what is shown of a group while it is filled in."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, Field

from service.answering.tools.lookups import looked_up
from service.edition_holder import Served
from service.learning.choosing import KEY, item_of
from service.learning.deciding import may_be_joined
from service.learning.decisions import Choice, Decision
from service.learning.further import MOST_AT_ONCE, Beside, distinct, lines_of, plain
from service.learning.grouping import Group
from service.learning.kinds import Kind
from service.learning.similar import Similar, similar_to
from service.models import Answer
from service.record_models import Record
from vectorstore.questions import LONGEST

OTHER = "other"
MOST_FOUND = 8
MOST_LENGTH = 1000
MOST_ALSO_LENGTH = 20_000


class DecisionForm(BaseModel):
    """The fields of the form; `item` is "document/key" of a found item or "other", for the two fields below it.

    `also` has a further wording on each line; for decisions that have none it counts for nothing.
    """

    kind: Kind
    wording: str = Field(default="", max_length=MOST_LENGTH)
    item: str = Field(default="", max_length=500)
    other_document: str = Field(default="", max_length=200)
    other_number: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=MOST_LENGTH)
    also: str = Field(default="", max_length=MOST_ALSO_LENGTH)
    as_case: bool = False
    member: list[str] = Field(default_factory=list, max_length=2000)

    def choice(self, times: int) -> Choice:
        """What was chosen for questions that were asked `times` times."""
        document, key = self.chosen
        return Choice(
            kind=self.kind,
            wording=self.wording,
            document_id=document,
            key=key,
            note=self.note,
            times=times,
            as_case=self.as_case,
            also=lines_of(self.also) if self.kind is Kind.ITEM_QUESTION else (),
        )

    @property
    def chosen(self) -> tuple[str, str]:
        """The document and the number or key of the chosen item, empty where none is."""
        document, _, key = self.item.partition("/")
        return (self.other_document, self.other_number) if self.item in ("", OTHER) else (document, key)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that a decision may lead to, with the questions that do so from the next edition on."""

    record: Record
    leading: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A group with what the service answers now, the entries that were found, and similar decisions."""

    group: Group
    answer: Answer
    found: tuple[Entry, ...]
    similar: tuple[Similar, ...] = ()

    @property
    def to_join(self) -> tuple[Similar, ...]:
        """The similar decisions that may hold for this group too."""
        return tuple(one for one in self.similar if may_be_joined(one.decision))


def overview_of(groups: list[Group], served: Served, decisions: list[Decision]) -> list[GroupView]:
    """Groups with what answers them now, what was found first, and similar decisions."""
    similar = similar_to([one.wording for one in groups], decisions, served.answers.alike)
    beside = _beside(served, decisions)
    return [
        GroupView(one, *_found(one.wording, served, 1, beside), near) for one, near in zip(groups, similar, strict=True)
    ]


def view_of(group: Group, served: Served, decisions: list[Decision]) -> GroupView:
    """One group with everything that helps to decide."""
    (near,) = similar_to([group.wording], decisions, served.answers.alike)
    return GroupView(group, *_found(group.wording, served, MOST_FOUND, _beside(served, decisions)), near)


def entry_of(document_id: str, number: str, served: Served, decisions: list[Decision]) -> Entry | None:
    """An entry by its number or key, None where there is none, or several."""
    record = _record(document_id, number, served)
    return _entry(record, _beside(served, decisions)) if record else None


def first_form(group: Group) -> DecisionForm:
    """The form as it is shown at first: all questions of the group belong to it, and no item is chosen.

    What was found for a question that was not answered well is seldom what answers it. The group's other wordings are
    further ones, as far as they say something by themselves.
    """
    asked = (one.question for one in group.members if not one.followup and len(one.question) <= LONGEST)
    also = distinct(asked, group.wording)[:MOST_AT_ONCE]
    ids = [one.id for one in group.members]
    return DecisionForm(kind=Kind.ITEM_QUESTION, wording=group.wording, also="\n".join(also), member=ids)


def unticked(form: DecisionForm, group: Group) -> str:
    """The first further wording whose question was taken out of the group; "" where there is none."""
    ticked = {plain(one.question) for one in group.members if one.id in form.member}
    others = {plain(one.question) for one in group.members} - ticked
    return next((one for one in lines_of(form.also) if plain(one) in others), "")


def _found(question: str, served: Served, most: int, beside: Beside) -> tuple[Answer, tuple[Entry, ...]]:
    """The answer of now, and what was found: cited items first, then the nearest, then what else is on it."""
    answer = served.answers.tried(question)
    catalogue = served.edition.catalogue
    keys = [(one.document_id, one.key) for one in answer.citations]
    keys += [(one.document_id, one.key) for one in answer.nearest]
    found: dict[tuple[str, str], Record] = {}
    if most > len(set(keys)):
        found_on = looked_up(served.answers.tools(), question)
        listed = [*found_on.items, *found_on.nearest]
        keys += [(one.document_id, one.key) for one in listed]
        found |= {(one.document_id, one.key): one for one in listed}
    found |= {(one.document_id, one.key): one for one in answer.nearest}
    made = []
    for document, key in dict.fromkeys(keys):
        record = found.get((document, key)) or _record(document, KEY + key, served)
        if record is not None and document in catalogue.documents:
            made.append(record)
    return answer, tuple(_entry(one, beside) for one in made[:most])


def _entry(record: Record, beside: Beside) -> Entry:
    return Entry(record, beside.leading_to((record.document_id, record.key)))


def _beside(served: Served, decisions: list[Decision]) -> Beside:
    return Beside.of(served.edition.catalogue, served.edition.questions.all, decisions)


def _record(document: str, key: str, served: Served) -> Record | None:
    from service.records import records_of

    item = item_of(document, key, served.edition.catalogue)
    return records_of([item], served.edition.catalogue)[0] if item else None
