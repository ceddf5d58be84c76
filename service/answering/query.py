"""The query of a question: intent, answer type, topic, conditions on records.

The trained reader sets intent and answer type, the matcher the conditions, which are values of the
edition. Tools get the conditions, composers the whole query with the search hits.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from vectorstore.records import GOALS, PLANS, ItemAddress, ItemKind, ItemStatus

RECORD_KINDS = (*PLANS, *GOALS)  # kinds of records that a question for "all" means
_MOST_VALUES = 60  # known values that an error message lists


class Intent(StrEnum):
    """The intent of a question; `none` if the documents are not asked."""

    SEARCH = "search"
    LIST = "list"
    COUNT = "count"
    FIELD = "field"
    OVERVIEW = "overview"
    COMPARISON = "comparison"
    DOCUMENT = "document"
    CHANGES = "changes"
    NONE = "none"


class AnswerType(StrEnum):
    """The answer type: the kind of fact, record field or document metadata that a question asks
    for.
    """

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
    """What records are ranked by, the most or the latest first; the documents' own order where
    nothing is said.
    """

    PAPER = "paper"
    AMOUNT = "amount"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Conditions on records; an empty one is met by every record.

    `topic` are words of the question ("Bus und Bahn"). `documents` are ids, `theme` and `goal`
    numbers or titles, `unit` and `place` names as documents print them. `since` and `until` are ISO
    dates or their beginnings ("2027"): some date of the record is between them. Archive rows are
    selected only if `statuses` contains `archived`. `cost_from` and `cost_until` are euros: the
    largest sum that a record states is between them. `priority` is a level ("high") or text as
    documents print it, `light` the colour of a traffic light that is their status ("red").
    `excluded` are the fields ("unit") of which a record has to have another value.
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
    light: str = ""
    excluded: tuple[str, ...] = ()

    @property
    def has_conditions(self) -> bool:
        """True if there is any condition beyond documents and kinds."""
        return bool(self.topic) or self.has_field_conditions

    @property
    def has_field_conditions(self) -> bool:
        """True if there is a condition on a field of records, such as a status or a unit; topics,
        kinds and documents do not count.
        """
        on_fields = replace(self, topic="", kinds=(), documents=(), excluded=())
        return on_fields != type(self)()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters(Conditions):
    """Conditions plus three that lists have: words that a record must all contain, a year among its
    dates, and that its text says that it failed, was given up or is late (`setback`).
    """

    words: str = ""
    year: str = ""
    setback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as it was understood.

    `text` are the words that are searched; `question` is the question that they are from, from
    which vectors are made, "" for the same as `text`. `entries` are the records that the question
    names, the first `numbered_count` of them by their number; `unknown` are numbers of records and
    units that no document has. `names_documents` is true if the question itself names documents (a
    request can restrict them, too), `names_titles` if by more than their publisher. `scope` are the
    ids that the request allows (() for all), `outside` publishers that it excludes, `groups` the
    ids of the documents of each named publisher. `left_over` are words that nothing took: they
    forbid a computed claim. `is_follow_up` is true if it was read behind the question before it,
    `asks_contact` if it asks, alone or besides, how to reach somebody. `question_language` is the
    question's language, `language` that of the answer's own words.
    """

    text: str
    question: str = ""
    intent: Intent = Intent.SEARCH
    answer_type: AnswerType = AnswerType.NOTHING
    yes_no: bool = False
    conditions: Conditions = field(default_factory=Conditions)
    sort: Sort = Sort.PAPER
    entries: tuple[ItemAddress, ...] = ()
    numbered_count: int = 0
    unknown: tuple[str, ...] = ()
    names_documents: bool = False
    names_titles: bool = False
    groups: tuple[tuple[str, ...], ...] = ()
    scope: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    left_over: tuple[str, ...] = ()
    is_follow_up: bool = False
    asks_contact: bool = False
    language: str = "de"
    question_language: str = "de"


class ToolError(ValueError):
    """A tool call that cannot be carried out; its message is shown to the model or to people."""


class UnknownValue(ToolError):
    """A value that no document has; `known_text` lists the values that can be used instead."""

    def __init__(self, field: str, value: str, known: tuple[str, ...]) -> None:
        self.field = field
        more = f" … ({len(known)})" if len(known) > _MOST_VALUES else ""
        self.known_text = ", ".join(known[:_MOST_VALUES]) + more or "–"
        super().__init__(f"{field}: „{value}“ unbekannt. Bekannt: {self.known_text}")


def require_known(field: str, value: str, known: Iterable[str]) -> None:
    """Raise `UnknownValue`, which lists the `known` values of a field, if `value` is not one of
    them.
    """
    values = tuple(known)
    if value not in values:
        raise UnknownValue(field, value, values)
