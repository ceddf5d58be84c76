"""The values and the topic of a question, and those values that its words alone tell: periods,
costs, priority.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from service.answering import lexicon
from service.answering.query import Conditions
from service.answering.reading.documents import GENERIC, NamedDocuments
from service.answering.reading.nouns import find_record_noun, fold_words
from service.answering.reading.refs import NumberedItems
from service.answering.record_rows import LEVELS
from service.answering.retrieval.query_words import QueryWord
from vectorstore.language import NUMBER_WORDS, DateValue, Number, fold, locate_quantities
from vectorstore.records import Item, ItemKind

_UNTIL = ("bis", "until", "by", "vor", "before")
_SINCE = ("ab", "seit", "nach", "since", "from", "after")
_BOUND = "|".join((*_UNTIL, *_SINCE))
_ARTICLE = r"(?:(?:dem|den|der|zum|the)\s+)?"
# "2027", "bis 2027", "ab Mai 2027", "seit dem Jahr 2023": the word and the year
_YEAR = re.compile(
    rf"\b(?:({_BOUND})\s+(?:{_ARTICLE}(jahr|year)\s+|\w+\s+)?)?((?:19|20)\d{{2}})\b",
    re.IGNORECASE,
)
# "Winter 2023", "Winter 2023/2024", with the second year as far as it is printed
_WINTER = re.compile(r"\bwinter\s+((?:19|20)\d{2})(?:\s?/\s?((?:\d{2})?\d{2}))?\b", re.IGNORECASE)
_BOUND_BEFORE = re.compile(rf"\b({_BOUND})\s+{_ARTICLE}$", re.IGNORECASE)
# "61 Projekte", "zehn Thesen"
_COUNTED = re.compile(r"(?<![\w.,])(\d{1,4}|[^\W\d_]+)(?=\s+(\w[\w-]*))")
_EUROS = "EUR"
_PRIORITY_WORDS = lexicon.folded_words("records", "priority", "names")
_DISTRICT_WORDS = lexicon.folded_words("nouns", "publisher", "district")
Probabilities = Mapping[str, Mapping[str, float]]  # of the classifier: by head and class
Span = tuple[str, str]  # from and until, "" for an open end


@dataclass(frozen=True, slots=True)
class Values:
    """The values of an edition that a question names.

    `conditions` are those that its values set on records; their kind is the one that its noun
    means, if any, and `asks_for_several` is true if the noun is a plural. `unknown_unit` is the
    number of a unit that no record has, `named_by_title` are records that it names by title.
    `negations` are its folded words of negation that belong to no status; `about_documents` is true
    if it has a noun for documents. `value_words` are the folded words that name values,
    `condition_words` those of the conditions that can be excluded, by name, `kind_words` the nouns
    for records.
    `names_earlier` is true if it has a word for the paper before ("seit der letzten").
    `claimed_number` is how many records it says there are.
    """

    documents: NamedDocuments
    numbered: NumberedItems
    conditions: Conditions
    asks_for_several: bool = False
    unknown_unit: str = ""
    negations: frozenset[str] = frozenset()
    about_documents: bool = False
    named_by_title: tuple[Item, ...] = ()
    claimed_number: int | None = None
    value_words: frozenset[str] = frozenset()
    condition_words: Mapping[str, Set[str]] = field(default_factory=dict)
    kind_words: frozenset[str] = frozenset()
    names_earlier: bool = False

    @property
    def taken_words(self) -> frozenset[str]:
        """The value words that mean something: the others stay left over.

        A generic word such as "Stadt" means something only in the name of a document, or where a
        place or publisher is named. Words for the district ("Kreis") always do.
        """
        if self.conditions.place or self.documents.publishers:
            return self.value_words
        return self.value_words - (GENERIC - _DISTRICT_WORDS - self.documents.words)

    @property
    def has_conditions(self) -> bool:
        """True if any of the values is a condition on records."""
        return bool(self.unknown_unit) or self.conditions.has_field_conditions


@dataclass(frozen=True, slots=True)
class NamedHeading:
    """A theme or goal (`kind`) whose records a question means; `ref` is "" without a number,
    `documents` are the ids of those that have it.
    """

    kind: ItemKind
    ref: str
    title: str
    documents: tuple[str, ...]

    @property
    def name(self) -> str:
        """The value of the condition: its number, else its title."""
        return self.ref or self.title


@dataclass(frozen=True, slots=True)
class NamedColumn:
    """A column of a list in which some records have an entry: its head, the stems of its words, and
    the ids of its documents.
    """

    head: str
    stems: frozenset[str]
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """The topic of a question: its words, the nouns among them, and the theme or goal (`head`)
    whose records it means.

    `column` is that of a list which the topic names.
    `phrase` are the nouns with their attributes, as in the question ("alte Menschen"), and
    `beyond_head` those of them that do not name `head`, as `head_words` do. `has_others`
    is false without nouns, and if the only one is the first word and not known: it frames a
    question ("Auf welchen Stichtag").
    """

    words: tuple[QueryWord, ...]
    nouns: tuple[QueryWord, ...]
    phrase: str
    beyond_head: str
    head: NamedHeading | None
    head_words: tuple[QueryWord, ...]
    has_others: bool
    column: NamedColumn | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a question before its intent is chosen. `excluded` are the names of the
    conditions that it excludes, `negations` its words for that; `asks_for_sum` is true if it asks
    what records cost together.
    """

    question: str
    language: str
    values: Values
    topic: Topic
    probabilities: Probabilities
    excluded: tuple[str, ...]
    negations: frozenset[str]
    asks_for_sum: bool

    @property
    def is_negated(self) -> bool:
        """True if the question denies something beyond its conditions."""
        return bool(self.values.negations - self.negations)

    @property
    def words(self) -> list[str]:
        """The folded words of the question."""
        return fold_words(self.question)

    @property
    def asked(self) -> Mapping[str, float]:
        """The probability of each answer type."""
        return self.probabilities["asked"]

    @property
    def names_item(self) -> bool:
        """True if the question has a topic, or names a record by title or number."""
        values = self.values
        return bool(self.topic.words or values.named_by_title or values.numbered.items)


def find_priority(words: Sequence[str]) -> tuple[str, set[str]]:
    """The level of priority that folded words name, "" for none, and the words for it: "high" of
    "hohe Priorität".

    A word for a level counts only if a noun such as "Priorität" is there, too, since "hohe" alone
    may say anything.
    """
    priority_words = {word for word in words if word in _PRIORITY_WORDS}
    if not priority_words:
        return "", set()
    for word in words:
        for level in LEVELS:
            if word in lexicon.folded_words("records", "priority", level):
                return level, {*priority_words, word}
    return "", set()


def find_cost_range(question: str, words: Sequence[str]) -> tuple[Span, set[str]]:
    """The least and the most euros that a question names, "" for an open end, and the folded words
    for them.

    "über 5.000 Euro" is ("5000", ""). Of several sums ("von 5.000 bis 9.000 Euro") the least and
    the most count. A single sum without such a word before it ("5.000 Euro") is no range.
    """
    sums = [  # each with its start and end in the question
        (min(hit.figure.values), hit.start, hit.end)
        for hit in locate_quantities(question)
        if isinstance(hit.figure, Number) and hit.figure.unit == _EUROS
    ]
    if not sums:
        return ("", ""), set()
    start, end = sums[0][1], sums[-1][2]
    amounts = [str(amount) for amount, _, _ in sorted(sums)]
    before, amount_text = " ".join(fold(question[:start]).split()), fold(question[start:end])
    used = {word for word in words if word in amount_text}
    if len(sums) > 1:
        return (amounts[0], amounts[-1]), used
    for bound, span in (("least", (amounts[0], "")), ("most", ("", amounts[0]))):
        for phrase in sorted(lexicon.folded_words("records", "cost", bound), key=len, reverse=True):
            if f" {before}".endswith(f" {phrase}"):
                return span, used | set(phrase.split())
    return ("", ""), set()


def find_claimed_number(question: str) -> tuple[int | None, set[str]]:
    """How many records a question says there are, and the folded word for it.

    It is 61 in "Sind es 61 Projekte?" and 10 in "die zehn Thesen". It is None without a number
    right before a noun for several records.
    """
    for match in _COUNTED.finditer(question):
        written = match[1].lower()
        number = int(written) if written.isdigit() else NUMBER_WORDS.get(written)
        noun = find_record_noun(fold(match[2]))
        if number is not None and noun is not None and noun.plural and noun.kinds:
            return number, {fold(written)}
    return None, set()


def find_period(question: str) -> tuple[Span, set[str]]:
    """The first and last day, month or year that a question names, as ISO, and the folded words for
    them: ("", "2027") for "bis 2027", ("2023-03", "") for "seit dem Frühjahr 2023".

    The first date with a month and a year counts, else the first winter, else the first year; ("",
    "") without any.
    """
    for part in locate_quantities(question):
        figure = part.figure
        if not isinstance(figure, DateValue) or not figure.month or not figure.year:
            continue
        words = set(fold_words(question[part.start : part.end]))
        bound = _BOUND_BEFORE.search(question[: part.start])
        return _span(bound[1] if bound else "", *_first_and_last(figure, figure.year), words)
    winter = _WINTER.search(question)
    if winter is not None:
        return _find_winter(question, winter)
    match = _YEAR.search(question)
    if match is None:
        return ("", ""), set()
    word, noun, year = match.groups(default="")
    return _span(word, year, year, {fold(noun), year})


def _find_winter(question: str, match: re.Match[str]) -> tuple[Span, set[str]]:
    """The period of a match of `_WINTER`, and the folded words for it: a winter begins in December
    of the first year, whether or not the second is named.

    ("", "") and no words if the second year is not the next: which winter is meant is not known.
    """
    year, second = int(match[1]), match[2] or ""
    if not str(year + 1).endswith(second):
        return ("", ""), set()
    bound = _BOUND_BEFORE.search(question[: match.start()])
    words = set(fold_words(match[0]))
    return _span(bound[1] if bound else "", f"{year}-12", f"{year + 1}-02", words)


def _first_and_last(date: DateValue, year: int) -> tuple[str, str]:
    """The first and the last day or month of a date, as ISO.

    They are the same for a day or a single month. "Frühjahr 2023" is ("2023-03", "2023-05"); a
    winter ends in the next year. `year` is that of the date.
    """
    if date.day is not None:
        day = f"{year}-{date.month:02}-{date.day:02}"
        return day, day
    years_later, month_index = divmod((date.until or date.month) - 1, 12)
    return f"{year}-{date.month:02}", f"{year + years_later}-{month_index + 1:02}"


def _span(word: str, first: str, last: str, words: set[str]) -> tuple[Span, set[str]]:
    """The period that the word before a date ("bis", "seit", "" for none) makes of it, and all
    words for it.

    "bis" leaves the beginning open, "seit" the end. Any other word leaves the date as it is, from
    its `first` to its `last` day, month or year.
    """
    words = words | {fold(word)}
    if word.lower() in _UNTIL:
        return ("", last), words
    if word.lower() in _SINCE:
        return (first, ""), words
    return (first, last), words
