"""What a question asks, as understood: the query, a closed form, and all that finding and composing know of it.

It can be put into JSON and read back (`query_schema`), whoever made it: trained readers and rules, or a language model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from pydantic import ConfigDict

from service.changes.matching import ChangeKind
from vectorstore.records import DocumentStatus, ItemKind, ItemStatus

CLOSED = ConfigDict(extra="forbid")  # of every part of the form

_SURE = 0.5  # probability from which a kind of thing is taken to be asked for


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


class Style(StrEnum):
    """In what words an answer is given; easy ones are German."""

    STANDARD = "standard"
    EASY = "einfach"


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
    """A ranking of records: the most first, or the `least`; as many as `limit`."""

    __pydantic_config__ = CLOSED

    by: SortBy
    least: bool = False
    grouping: Grouping = Grouping.THEME
    limit: int = 1


class Compared(StrEnum):
    """How a number of a question is compared with what is stated."""

    EQUAL = "equal"
    MORE = "more"
    LESS = "less"
    LEAST = "least"
    MOST = "most"


class ClaimUnit(StrEnum):
    """In what a number of a question is."""

    THINGS = "things"
    EUROS = "euros"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Claim:
    """A number that a question asks about, in euros, percent or counts of a `thing`."""

    __pydantic_config__ = CLOSED

    number: Decimal
    unit: ClaimUnit = ClaimUnit.THINGS
    thing: str = ""
    compared: Compared = Compared.EQUAL


class Undecided(StrEnum):
    """A condition on records that nothing in them decides: what they shall lack, a sum that they shall exceed."""

    NOTHING = "nothing"
    LACKING = "lacking"
    SUM = "sum"


class Role(StrEnum):
    """What a word does in the question: a noun that names its matter, or one that only frames it.

    A frame is the noun asked for ("welche Regeln") or one that another hangs on ("Mangel an Hebammen"); a purpose
    stands behind "zum"; a condition says which documents are meant.
    """

    MATTER = "matter"
    OPENING = "opening"
    FRAME = "frame"
    PURPOSE = "purpose"
    CONDITION = "condition"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the question that carries meaning, as written and as index terms.

    `others` are the index terms of what documents say for it: synonyms, or translations of a `foreign` word;
    a `front` stands in front of compounds: the "Wohn" of "Wohnprojekte".
    """

    __pydantic_config__ = CLOSED

    text: str
    terms: tuple[str, ...]
    weight: float = 1.0
    others: tuple[tuple[str, ...], ...] = ()
    foreign: bool = False
    front: bool = False
    role: Role = Role.OTHER


class Measured(StrEnum):
    """What number is asked for."""

    NOTHING = "nothing"
    FIGURE = "figure"
    COUNT = "count"
    FREQUENCY = "frequency"
    MASS = "mass"
    SIZE = "size"
    PRICE = "price"
    SHARE = "share"


class Size(StrEnum):
    """The adjective that a size is asked by."""

    WIDE = "breit"
    DEEP = "tief"
    THICK = "dick"
    HIGH = "hoch"
    LONG = "lang"
    HEAVY = "schwer"
    OLD = "alt"
    FAST = "schnell"
    LOUD = "laut"
    LARGE = "groß"
    WARM = "warm"
    HOT = "heiß"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number asked for: the `thing` counted or measured as written, "" for none.

    `of` is what has the size, the price or the mass; `beside` are words of the topic that a price is further bound to.
    """

    __pydantic_config__ = CLOSED

    what: Measured = Measured.NOTHING
    thing: str = ""
    size: Size | None = None
    of: str = ""
    beside: tuple[str, ...] = ()


class Ordinal(StrEnum):
    """Which one of several events a date is asked of, as documents write it."""

    FIRST = "erste"
    SECOND = "zweite"
    THIRD = "dritte"
    FOURTH = "vierte"
    FIFTH = "fünfte"
    SIXTH = "sechste"
    LAST = "letzte"


@dataclass(frozen=True, slots=True)
class Moment:
    """What more a date must be: a deadline; that of the first or second of something."""

    __pydantic_config__ = CLOSED

    deadline: bool = False
    ordinals: tuple[Ordinal, ...] = ()


class ContactWay(StrEnum):
    """By which way somebody is to be reached."""

    ANY = "any"
    PHONE = "phone"
    MAIL = "mail"
    WEB = "web"
    HOURS = "hours"
    ADDRESS = "address"


class Sought(StrEnum):
    """Kinds of what an answer tells, as training knows them."""

    AMOUNT = "amount"
    CONTACT = "contact"
    DATE = "date"
    METHOD = "method"
    NAMES = "names"
    ORGANISATION = "organisation"
    PERSON = "person"
    PLACE = "place"
    QUANTITY = "quantity"
    REASON = "reason"
    STATUS = "status"
    RESPONSIBLE = "responsible"


@dataclass(frozen=True, slots=True)
class Chance:
    """The probability that a kind of thing is asked for."""

    __pydantic_config__ = CLOSED

    kind: Sought
    probability: float


@dataclass(frozen=True, slots=True)
class Manner:
    """How a question is worded: in everyday words, as a `story` of several sentences, in small letters alone.

    `presuming` takes a state of things for granted, `past` what happened for done.
    """

    __pydantic_config__ = CLOSED

    informal: bool = False
    story: bool = False
    small_letters: bool = False
    presuming: bool = False
    past: bool = False


def telling_words(topic: tuple[Word, ...]) -> tuple[Word, ...]:
    """The nouns of a topic, told by their capital; all its words where there is none."""
    return tuple(word for word in topic if word.text[:1].isupper()) or topic


@dataclass(frozen=True, slots=True)
class RecordNoun:
    """A noun for records: `kinds` in the order to try; `head` is what a compound has in front, or "".

    `written` is the head as the question writes it; `strung` says that it follows the plural before it in a row:
    "Ziele und Thesen".
    """

    __pydantic_config__ = CLOSED

    word: str
    place: int
    plural: bool
    kinds: tuple[ItemKind, ...]
    head: str = ""
    written: str = ""
    strung: bool = False
    status: ItemStatus | None = None
    document: bool = False


class NumberForm(StrEnum):
    """How a record's number is said.

    Whole: "5.5.2.1", "B.X"; behind: "These 11"; ordinal: "die erste These"; point: "Punkt IV"; code: "M 12".
    """

    WHOLE = "whole"
    BEHIND = "behind"
    ORDINAL = "ordinal"
    POINT = "point"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class RecordNumber:
    """A number that names a record, with the kinds that its noun may mean, the likeliest first.

    `surely` says that it can mean nothing but a record.
    """

    __pydantic_config__ = CLOSED

    number: str
    form: NumberForm
    noun: str = ""
    kinds: tuple[ItemKind, ...] = ()
    surely: bool = True


class Aspect(StrEnum):
    """What is asked of a document itself; of several that a clause names, the first here."""

    SIGNED = "signed"
    UPDATE = "update"
    ORIGIN = "origin"
    SUMMARY = "summary"
    CONTENTS = "contents"
    PUBLISHER = "publisher"
    STATUS = "status"
    PAGES = "pages"
    DATE = "date"
    DECISION = "decision"
    ABOUT = "about"


class Standing(StrEnum):
    """Of what it is asked whether a document is that: binding, a draft, or one of the two."""

    NOTHING = "nothing"
    BINDING = "binding"
    DRAFT = "draft"
    EITHER = "either"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspects:
    """What is asked of documents themselves, in this order; `labels` are those of title pages that the question names.

    `when` asks for a time, `vote` how a vote on it went, `outcome` what became of it.
    """

    __pydantic_config__ = CLOSED

    asked: tuple[Aspect, ...] = ()
    labels: tuple[str, ...] = ()
    standing: Standing = Standing.NOTHING
    when: bool = False
    vote: bool = False
    outcome: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Conditions that records must meet to be listed or counted; empty means any.

    `by_table` takes the status that the project list prints, `without_unit` only records that name nobody as
    responsible, `document_statuses` are those of documents that are listed themselves.
    """

    __pydantic_config__ = CLOSED

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
    without_unit: bool = False
    document_statuses: frozenset[DocumentStatus] = frozenset()

    @property
    def narrow(self) -> bool:
        """True where anything but the kind narrows the records."""
        return bool(self.statuses or self.without_statuses or self.themes or self.name_records)

    @property
    def name_records(self) -> bool:
        """True where a number, a unit, a place or what the records are part of narrows them."""
        return bool(
            self.refs
            or self.parents
            or self.units
            or self.unknown_units
            or self.municipalities
            or self.all_municipalities
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as understood: all that finding, composing and evidence know of it.

    `searched` are the words to search and to activate concepts by, without the names of documents and counties;
    `language` is the answer's, `spoken` the question's; `documents` are the ids to search, `named` says whether the
    user named them or their `counties`, `foreign_place` is one outside the edition. `yesno` says that it can be
    answered by yes or no, `exists` that it asks whether something is there, `occurs` where a word stands, `demands`
    what a paper demands, `duties` for what somebody is responsible, `plans` what is planned, `who` for somebody.
    `style` says in what words it is answered.
    `changes` are the kinds of changes from one paper of a series to the next that are asked for.
    `undecided` is a condition on records that nothing in them decides.
    `also` are intents beside the first, `any_of` takes records with any of the topic's words, `term` is to be
    explained, `figures` are the numbers that it says, `named_things` how many names of what it wants to hear.
    """

    __pydantic_config__ = CLOSED

    searched: str
    language: str
    spoken: str
    intent: Intent
    asked: Asked = Asked.NOTHING
    documents: tuple[str, ...] = ()
    named: bool = False
    counties: tuple[str, ...] = ()
    foreign_place: str | None = None
    filters: Filters = field(default_factory=Filters)
    topic: tuple[Word, ...] = ()
    measure: Measure = Measure()
    moment: Moment = Moment()
    contact: ContactWay = ContactWay.ANY
    chances: tuple[Chance, ...] = ()
    manner: Manner = Manner()
    who: bool = False
    plans: bool = False
    figures: tuple[str, ...] = ()
    numbers: tuple[RecordNumber, ...] = ()
    nouns: tuple[RecordNoun, ...] = ()
    any_of: bool = False
    occurs: bool = False
    demands: bool = False
    duties: bool = False
    also: tuple[Intent, ...] = ()
    grouping: Grouping | None = None
    aspects: Aspects = Aspects()
    yesno: bool = False
    exists: bool = False
    undecided: Undecided = Undecided.NOTHING
    claim: Claim | None = None
    sort: Sort | None = None
    term: str = ""
    named_things: tuple[int, str] = (0, "")
    style: Style = Style.STANDARD
    changes: tuple[ChangeKind, ...] = ()

    @property
    def reason(self) -> bool:
        """True where it is asked why."""
        return self.chance(Sought.REASON) >= _SURE

    @property
    def refs(self) -> tuple[str, ...]:
        """The numbers that are said in figures, as printed; ordinals and codes of other letters are none."""
        forms = (NumberForm.WHOLE, NumberForm.POINT, NumberForm.BEHIND)
        return tuple(dict.fromkeys(one.number for form in forms for one in self.numbers if one.form is form))

    def chance(self, kind: Sought) -> float:
        """The probability that this kind of thing is asked for; 0.0 where nothing is known of it."""
        return next((one.probability for one in self.chances if one.kind is kind), 0.0)
