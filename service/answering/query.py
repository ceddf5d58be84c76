"""What a question asks, as understood: an intent, conditions on records, a topic, and how sure it all is.

Two makers fill it: the trained reader says what is wanted, the matcher says which values of the edition are named.
Tools see this form alone; composers beside it what was found and which values were named.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from vectorstore.records import ItemKind, ItemStatus

Entry = tuple[str, str]  # an item's document id and key
_SHOWN = 60  # known values that an error names


class Intent(StrEnum):
    """The intent of a question; `none` where it is not put to the documents."""

    SEARCH = "search"
    LIST = "list"
    COUNT = "count"
    FIELD = "field"
    OVERVIEW = "overview"
    COMPARISON = "comparison"
    DOCUMENT = "document"
    CHANGES = "changes"
    NONE = "none"


class Asked(StrEnum):
    """The type of answer: a kind of fact, of a record a field, of a document a part of its metadata."""

    NOTHING = "none"
    STATUS = "status"
    RESPONSIBLE = "responsible"
    DATE = "date"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    PERSON = "person"
    ORGANISATION = "organisation"
    CONTACT = "contact"
    PLACE = "place"
    REASON = "reason"
    NAMES = "names"
    METHOD = "method"


class Group(StrEnum):
    """What records are counted by."""

    NOTHING = "none"
    THEME = "theme"
    GOAL = "goal"
    STATUS = "status"
    UNIT = "unit"
    PLACE = "place"
    DOCUMENT = "document"


class Sort(StrEnum):
    """What records are ranked by, the most or the latest first; the documents' own order where nothing is said."""

    PAPER = "paper"
    AMOUNT = "amount"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What records must meet; what is empty is met by all.

    `topic` are words of the question ("Bus und Bahn"), `documents` ids, `theme` and `goal` numbers or titles, `unit`
    and `place` names as documents print them. `since` and `until` are ISO dates or their beginnings ("2027"): some date
    of the record is between them. Rows of an archive are meant only where `statuses` has `archived`. `cost_from` and
    `cost_until` are euros: the largest sum that a record states is between them. `priority` is a level ("high") or what
    documents print.
    """

    topic: str = ""
    kinds: tuple[ItemKind, ...] = ()
    documents: tuple[str, ...] = ()
    statuses: tuple[ItemStatus, ...] = ()
    theme: str = ""
    goal: str = ""
    unit: str = ""
    place: str = ""
    since: str = ""
    until: str = ""
    cost_from: str = ""
    cost_until: str = ""
    priority: str = ""

    @property
    def narrow(self) -> bool:
        """Whether anything but documents and kinds is a condition."""
        return bool(self.topic) or self.by_value

    @property
    def by_value(self) -> bool:
        """Whether a value of records is a condition, not words alone."""
        named = (self.statuses, self.theme, self.goal, self.unit, self.place, self.since, self.until)
        return any((*named, self.cost_from, self.cost_until, self.priority))


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters(Conditions):
    """Conditions with those of lists: words that all stand in a record, a year in its dates."""

    words: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as it is understood.

    `text` is what is searched for. `entries` are the records that it names, of which the first `numbered` by their
    number; `unknown` are numbers of records and of units that no document has. `named` is true where documents are
    named in it and not only allowed. `not_understood` are the words of a list's question that no condition took.
    `spoken` is the question's language, `language` that of the answer's own words. `confidence` is the probability of
    `intent`, 0 to 1.
    """

    text: str
    intent: Intent = Intent.SEARCH
    asked: Asked = Asked.NOTHING
    yes_no: bool = False
    conditions: Conditions = field(default_factory=Conditions)
    group: Group = Group.NOTHING
    sort: Sort = Sort.PAPER
    entries: tuple[Entry, ...] = ()
    numbered: int = 0
    unknown: tuple[str, ...] = ()
    named: bool = False
    not_understood: tuple[str, ...] = ()
    language: str = "de"
    spoken: str = "de"
    confidence: float = 1.0


class ToolError(ValueError):
    """A call that cannot be carried out; its text says why, for a model as for people."""


class UnknownValue(ToolError):
    """A value that no document has; `known` are the values there are."""

    def __init__(self, field: str, value: str, known: tuple[str, ...]) -> None:
        self.field, self.value, self.known = field, value, known
        self.known_text = (", ".join(known[:_SHOWN]) + (f" … ({len(known)})" if len(known) > _SHOWN else "")) or "–"
        super().__init__(f"{field}: „{value}“ unbekannt. Bekannt: {self.known_text}")


def required(field: str, value: str, known: Iterable[str]) -> None:
    """Raise `UnknownValue` for a value that is not known."""
    if value not in (values := tuple(known)):
        raise UnknownValue(field, value, values)
