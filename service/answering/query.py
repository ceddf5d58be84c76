"""What a question asks, as understood: the query that finding and composing work from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from service.answering.understanding.nouns import RecordNoun
from vectorstore.records import ItemStatus

FIELD = re.compile(r"(?i)\b(sachstand\w*|beschreibung)\b")  # the two texts of a project that people ask for by name


class Intent(StrEnum):
    """What kind of answer is wanted."""

    FACT = "fact"
    TOPIC = "topic"
    LIST = "list"
    COUNT = "count"
    STATUS = "status"
    RESPONSIBLE = "responsible"
    COMPARE = "compare"
    DOCUMENT = "document"
    OVERVIEW = "overview"
    DEFINITION = "definition"
    RANKING = "ranking"


BROAD = (Intent.TOPIC, Intent.OVERVIEW)
SINGLE = (Intent.FACT, Intent.DEFINITION, *BROAD)  # what passages answer


class Asked(StrEnum):
    """The kind of fact that an answering passage must hold."""

    AMOUNT = "amount"
    DATE = "date"
    NUMBER = "number"
    PERSON = "person"
    ORGANISATION = "organisation"
    CONTACT = "contact"
    NOTHING = "nothing"


class SortBy(StrEnum):
    """What records are ranked by: how many there are, the amount, begin or end they state, their priority or weight."""

    COUNT = "count"
    AMOUNT = "amount"
    START = "start"
    END = "end"
    PRIORITY = "priority"
    WEIGHT = "weight"


class Grouping(StrEnum):
    """What records are counted by."""

    THEME = "theme"
    GOAL = "goal"
    STATUS = "status"
    UNIT = "unit"
    PLACE = "place"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Sort:
    """A ranking of records: the most first, or the `least`; as many as `limit`. `said` are the question's words."""

    by: SortBy
    least: bool = False
    grouping: Grouping = Grouping.THEME
    limit: int = 1
    said: str = ""


class Compared(StrEnum):
    """How a number of a question is compared with what is stated."""

    EQUAL = "equal"
    MORE = "more"
    LESS = "less"
    LEAST = "least"
    MOST = "most"


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that a question asks about, in euros ("EUR"), percent ("%") or counts of a `thing`."""

    number: Decimal
    unit: str = ""
    thing: str = ""
    compared: Compared = Compared.EQUAL


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question that carries meaning, as written and as index terms.

    `others` are the index terms of what documents say for it: synonyms, or translations of a `foreign` word;
    a `front` stands in front of compounds: the "Wohn" of "Wohnprojekte".
    """

    text: str
    terms: tuple[str, ...]
    weight: float = 1.0
    others: tuple[tuple[str, ...], ...] = ()
    foreign: bool = False
    front: bool = False


def telling_words(topic: tuple[Word, ...]) -> tuple[Word, ...]:
    """The nouns of a topic, told by their capital; all its words where there is none."""
    return tuple(word for word in topic if word.text[:1].isupper()) or topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions that records must meet to be listed or counted; empty means any.

    `by_table` takes the status that the project list prints.
    """

    statuses: frozenset[ItemStatus] = frozenset()
    without_statuses: frozenset[ItemStatus] = frozenset()
    themes: tuple[tuple[str, str], ...] = ()
    refs: tuple[str, ...] = ()
    parents: tuple[tuple[str, str], ...] = ()
    units: tuple[str, ...] = ()
    unknown_units: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()
    all_municipalities: bool = False
    by_table: bool = False

    @property
    def narrow(self) -> bool:
        """True where anything but the kind narrows the records."""
        return bool(
            self.statuses
            or self.without_statuses
            or self.themes
            or self.refs
            or self.parents
            or self.units
            or self.unknown_units
            or self.municipalities
            or self.all_municipalities
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as understood. `plain` is its text without document names,
    `searched` without counties too; `language` is the answer's, `spoken` the
    question's; `documents` are the ids to search; `named` says whether the user named them. `yesno` says that it can be
    answered by yes or no, `exists` that it asks whether something is there; `term` is what is to be explained;
    `any_of` that the words of the topic are strung together: one of them is enough."""

    text: str
    plain: str
    searched: str
    language: str
    spoken: str
    intent: Intent
    asked: Asked = Asked.NOTHING
    documents: tuple[str, ...] = ()
    named: bool = False
    foreign_place: str | None = None
    filters: Filters = field(default_factory=Filters)
    topic: tuple[Word, ...] = ()
    quantity: str | None = None
    refs: tuple[str, ...] = ()
    nouns: tuple[RecordNoun, ...] = ()
    occurs: bool = False
    informal: bool = False
    yesno: bool = False
    exists: bool = False
    claim: Claim | None = None
    sort: Sort | None = None
    term: str = ""
    named_things: tuple[int, str] = (0, "")
    any_of: bool = False
