"""The edition's own values that a question names: documents, records, kinds, statuses, units, places, themes, dates.

What the matcher takes is no longer topic: `topic` is what remains of the question's words, without those that only
frame it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from service.answering import lexicon
from service.answering.corpus import LEVELS, Corpus, plain_ref, priority_level
from service.answering.reading.documents import GENERIC, DocumentNames, NamedDocuments, is_name
from service.answering.reading.nouns import Noun, noun_of, words_of
from service.answering.retrieval.terms import QueryWord, words_in
from service.record_filters import unit_key
from vectorstore.analysis import fold
from vectorstore.quantities import Number, located
from vectorstore.records import Item, ItemKind, ItemStatus

FRAME = 0.5  # probability from which a word frames the question
SURELY_FRAMES = 0.65  # from which it is no condition that nobody understood
_TITLE_SHARE, _TITLE_WORTH = 0.74, 5.0  # share of a title's rarity that is said, and how rare that must be in all
_TITLE_SIMILAR, _TITLES = 0.95, 3  # share of the best title's rarity from which others are named too, and how many
_TELLING_UNIT = 0.2  # share of the items that have a word of a unit's name, below which it tells
_UNIT_WORD = re.compile(
    r"(?i)\b(?:abteilung|sachgebiet|einheit|fachbereich|fachamt|amt|dezernat|dez\.|referat|department|fachdienst|"
    r"stelle|unit|team)(?:en|e|s)?\s+(?:nr\.\s*)?((?:\d{1,3}(?:\.\d{1,3})?)|[IVX]+)(?!\w)"
)
_INFLECTED = re.compile(r"(?:e|en|er|es|em)$")
MARKS = "„“”\"'?!.,;:()"  # around words of a question
_BRACKETS = re.compile(r"([\w-]+)\s+\(([\w.]+)\)")  # "Wirtschaftsagentur (WAL)", "Abfallwirtschaft (70.03)"
_CODE = re.compile(r"(?<![\w.])\d{2}(?:\.\d{2})?(?![\d.%,]|\s*(?:%|€|Euro|Prozent|Jahr|Uhr|km))")
_UNITS = r"Uhr|Euro|EUR|€|%|Prozent|Mio|Meter|km|m²|ha"
_REF = re.compile(rf"(?<![\w.,])(?:[A-Z]\.[IVX]+(?:\.\d+)?|\d+(?:\.\d+){{1,3}})(?![\w]|[.,]\d|\s*(?:{_UNITS})(?!\w))")
_DATE = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.?(?:\d{2}|\d{4})?|\d{1,3}(?:\.\d{3})+")
_BEHIND = re.compile(
    r"\b([^\W\d_][\w-]+)\s+(?:nr\.?\s*|nummer\s+)?([A-Z]?\s?\d{1,3}|[IVX]+|[A-Z])\b(?![.,]\d|\.[IVX])", re.IGNORECASE
)
_ORDINAL = re.compile(r"\b(?:(\d{1,2})\.|(\w+))\s+([^\W\d_][\w-]+)")
_STEMS = "erst zweit dritt viert fuenft sechst siebt acht neunt zehnt elft zwoelft"
_ORDINALS = {
    word: n for words in (_STEMS, "first second third fourth fifth") for n, word in enumerate(words.split(), 1)
}
_PARTS = ("teil", "part")
_MOST = 3  # items of one number in a document from which it names none of them
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_UNTIL, _SINCE = ("bis", "until", "by", "vor", "before"), ("ab", "seit", "nach", "since", "from", "after")
_YEAR = re.compile(rf"\b(?:({'|'.join((*_UNTIL, *_SINCE))})\s+(?:\w+\s+)?)?((?:19|20)\d{{2}})\b")
_UNDONE = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS, ItemStatus.IMPLEMENTED)
_EUROS = "EUR"
_PRIORITY = lexicon.folded_words("records", "priority", "names")
_DENYING = lexicon.folded_words("nouns", "status", "negation")
_DOCUMENT = lexicon.folded_words("nouns", "paper", "any") | {"entwurf", "entwurfs", "draft"}
_DISTRICT = lexicon.folded_words("nouns", "publisher", "district")
Span = tuple[str, str]  # from and until, "" for an open end


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a question names by number: the items, the numbers that no document has, its words for them."""

    items: tuple[Item, ...] = ()
    unknown: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Values:
    """What a question names.

    `kinds` are those of its noun for records that the documents have; `plural` is true where several are asked for.
    `unknown_unit` is the number of a unit that no record names, `titled` are records whose title it says; `negated` is
    true where it denies something beside a status, `about_documents` where it has a noun for documents. `taken` are the
    folded words that name values.
    """

    named: NamedDocuments
    numbered: Numbered
    kinds: tuple[ItemKind, ...] = ()
    plural: bool = False
    statuses: tuple[ItemStatus, ...] = ()
    unit: str = ""
    unknown_unit: str = ""
    place: str = ""
    negated: bool = False
    about_documents: bool = False
    titled: tuple[Item, ...] = ()
    dated: Span = ("", "")
    cost: Span = ("", "")
    priority: str = ""
    taken: frozenset[str] = frozenset()

    @property
    def are_conditions(self) -> bool:
        """True if any of them is a condition that records can meet."""
        return any((self.statuses, self.unit, self.unknown_unit, self.place, *self.dated, *self.cost, self.priority))


class Matcher:
    """Matches questions with the values of an edition; read-only, shared between requests."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.documents = DocumentNames(corpus.catalogue)
        self.values = lru_cache(maxsize=256)(self._values)
        items = corpus.catalogue.items
        self.units = sorted({unit for item in items for unit in item.responsible})
        self._places: dict[str, list[str]] = defaultdict(list)
        for name in sorted({name for item in items for name in item.municipalities}):
            self._places[words_of(name)[0]].append(name)

    @cached_property
    def _themes(self) -> list[tuple[Item, frozenset[str]]]:
        """Themes with the stems of their titles' words."""
        themes = (item for item in self.corpus.catalogue.items if item.kind is ItemKind.THEME)
        return [(item, frozenset(word.whole for word in self.corpus.analyzer.words(item.title))) for item in themes]

    def _values(self, question: str, allowed: tuple[str, ...] = ()) -> Values:
        """What a question names, among some documents or all."""
        named, words = self.documents.named(question), words_of(question)
        documents = tuple(item for item in named.ids if not allowed or item in allowed) or allowed or named.ids
        by_number = numbered(question, self.corpus, documents)
        nouns = {word: noun for word in words if (noun := noun_of(word))}
        noun = _noun_for_records(list(nouns.values()))
        statuses, status_words = _statuses_in(words)
        statuses = statuses or tuple(dict.fromkeys(item.status for item in nouns.values() if item.status))
        statuses = _replace_unreached(statuses, words, is_dated=any(years(question)))
        unit, unknown, unit_words = self._unit_in(question, words)
        place, dated = self._place_in(words, named), years(question)
        cost, cost_words = euros_in(question, words)
        priority, priority_words = self._priority_in(words, documents)
        taken = named.words | GENERIC | by_number.words | status_words | unit_words | nouns.keys()
        taken |= {*words_of(place), *dated, *cost_words, *priority_words}
        return Values(
            named=named,
            numbered=by_number,
            kinds=self._existing(noun.kinds, documents) if noun else (),
            plural=bool(noun and noun.plural),
            statuses=statuses,
            unit=unit,
            unknown_unit=unknown,
            place=place,
            about_documents=any(not item.kinds for item in nouns.values()),
            negated=any(word in _DENYING and word not in status_words for word in words),
            titled=self._titled(question, documents, taken),
            dated=("", "") if named.words & {*dated} else dated,  # the year of a document's name is no date
            cost=cost,
            priority=priority,
            taken=frozenset(taken),
        )

    def topic(self, question: str, values: Values, language: str = "de", frame: float = FRAME) -> tuple[QueryWord, ...]:
        """The words of a question that say what it is about, of compounds with a noun for records their front.

        Nouns of a German question that frame it with a probability of `frame` or more are none.
        """
        results: list[QueryWord] = []
        for word in words_in(question, self.corpus, language):
            folded = fold(word.text)
            noun = noun_of(folded)
            if noun and noun.head:
                beginning = words_in(word.text[: len(noun.head)].rstrip("-"), self.corpus)
                results += (replace(item, front=True) for item in beginning)
            elif folded not in values.taken:
                least = frame if language == "de" and self.is_noun(word.text, question) else FRAME
                results += [word] if word.frame < least else []
        return tuple(results)

    def is_noun(self, word: str, question: str) -> bool:
        """True for a noun of a German question: by its capital, unless it begins it or all is in lower case."""
        known = self.corpus.analyzer.is_noun(word)
        if question == question.lower():
            return known
        return word[:1].isupper() and (known or not question.startswith(word))

    def attributes(self, question: str, values: Values, nouns: Iterable[QueryWord]) -> tuple[QueryWord, ...]:
        """The inflected words of a German question right before nouns ("alte Menschen"), but for values and verbs."""
        tokens, after = [token.strip(MARKS) for token in question.split()], {noun.text for noun in nouns}
        before = {first for first, second in pairwise(tokens) if second in after and first.islower()}
        words = (word for word in words_in(question, self.corpus) if word.text in before)
        return tuple(word for word in words if _INFLECTED.search(word.text) and fold(word.text) not in values.taken)

    def not_understood(self, question: str, values: Values, taken: Iterable[str], *, bound: bool) -> tuple[str, ...]:
        """The content words of a German question that neither a value, a noun for records nor `taken` took.

        `bound` is true where something else is a condition: then only nouns are further ones, and verbs are what binds
        it.
        """
        publishers = {word for name in self.documents.publishers for word in words_of(name)}
        generic = frozenset() if values.place else GENERIC - publishers - _DISTRICT
        known = (values.taken - generic) | {word for text in taken for word in words_of(text.replace("/", " "))}
        results = []
        for word in words_in(question, self.corpus):
            noun = (
                word.text[:1].isupper()
                and not question.startswith(word.text)
                and self.corpus.analyzer.is_noun(word.text)
            )
            folded = fold(word.text)
            content = word.frame < SURELY_FRAMES or folded in _PRIORITY
            if folded not in known | _DOCUMENT and content and (noun or not bound):
                results.append(word.text)
        return tuple(results)

    def asks_more(self, question: str, values: Values) -> bool:
        """True if a word that frames questions is left, beside values and nouns for records: "zuletzt", "teuerste"."""
        framing = (word for word in words_in(question, self.corpus) if word.frame >= FRAME)
        return any(fold(word.text) not in values.taken for word in framing)

    def theme_of(self, topic: tuple[QueryWord, ...], documents: Iterable[str]) -> Item | None:
        """The theme that a topic names by its title, whole or in one of its parts; None where none or several do."""
        wholes, inside = {word.terms[0] for word in topic}, set(documents)
        results = [item for item, title in self._themes if item.document_id in inside and wholes and wholes <= title]
        return results[0] if len(results) == 1 else None

    def with_placeholders(self, question: str) -> str:
        """The question with placeholders for the names of places: what is learned holds in every county."""

        def placed(match: re.Match[str]) -> str:
            word = fold(match[0])
            return " zzplace " if self.documents.publishers_in(word) or self._places_in(word) else match[0]

        return re.sub(r"[\w-]*\w", placed, question)

    def _existing(self, kinds: tuple[ItemKind, ...], documents: Iterable[str]) -> tuple[ItemKind, ...]:
        """The first of these kinds that the documents have records of, as a tuple; the first where they have none."""
        inside = set(documents)
        there = {item.kind for item in self.corpus.catalogue.items if item.document_id in inside}
        return next(((kind,) for kind in kinds if kind in there), kinds[:1])

    def _unit_in(self, question: str, words: list[str]) -> tuple[str, str, set[str]]:
        """The unit that a question names, as printed or by its number; a number that no record has; its words."""
        named = list(_UNIT_WORD.finditer(question))
        codes = [match[1] for match in named]
        for code in dict.fromkeys([*codes, *(match[0] for match in _CODE.finditer(question))]):
            known = [unit for unit in self.units if re.match(rf"{re.escape(unit_key(code))}(?![^\W_])", unit_key(unit))]
            if known:
                name = re.search(rf"{re.escape(code)}((?:\s+(?:[A-ZÄÖÜ][\w-]+|und))+)", question)
                names = [*(match[0] for match in named), name[1] if name else "", code]
                names += [match[1] for match in _BRACKETS.finditer(question) if match[2] == code]
                return (
                    code,
                    "",
                    {fold(word) for item in names for word in item.split()}.union(*map(words_of, known)),
                )
        rare = _TELLING_UNIT * len(self.corpus.terms)
        for unit in self.units:
            parts = [word for word in words_of(unit) if not word[0].isdigit() and word not in ("dez.", "dez")]
            is_given = bool(parts) and all(any(part in (word, word.rstrip("s")) for word in words) for part in parts)
            if is_given and (len(parts) > 1 or len(parts[0]) <= 4) and min(map(self.corpus.items_with, parts)) < rare:
                brackets = {fold(match[1]) for match in _BRACKETS.finditer(question) if fold(match[2]) in parts}
                return unit, "", {*parts, *brackets}
        return "", codes[0] if codes and self.units else "", {fold(code) for code in codes}

    def _priority_in(self, words: list[str], documents: Iterable[str]) -> tuple[str, set[str]]:
        """The level of priority that a question names, and its words; "" where the documents have no such record."""
        level, statement = priority_in(words)
        printed, inside = self.corpus.records.by("priority") if level else {}, set(documents)
        rows = (row for text, some in printed.items() if priority_level(text) == level for row in some.tolist())
        known = any(self.corpus.catalogue.items[row].document_id in inside for row in rows)
        return (level, statement) if known else ("", set())

    def _places_in(self, word: str) -> list[str]:
        """The municipalities whose first word is this one."""
        firsts = (first for first in self._places if first[0] == word[0] and is_name(word, first))
        return [name for first in firsts for name in self._places[first]]

    def _place_in(self, words: list[str], named: NamedDocuments) -> str:
        """The municipality that a question names; a county of the same name aside."""
        text = f" {' '.join(words)} "
        for word in words:
            for name in self._places_in(word):
                whole = " ".join(words_of(name))
                is_named = " " not in whole or f" {whole} " in text
                if is_named and (whole not in named.publishers or f" stadt {word} " in text):
                    return name
        return ""

    def _titled(self, question: str, documents: Iterable[str], taken: Iterable[str]) -> tuple[Item, ...]:
        """The records whose title a question says: most of what distinguishes it, and that is rare enough."""
        corpus, inside, known = self.corpus, set(documents), set(taken)
        terms = {term for word in words_in(question, corpus) if fold(word.text) not in known for term in word.terms}
        ranked = []
        for row in {row for term in terms for row in corpus.rows_by_title_term.get(term, ())}:
            item = corpus.catalogue.items[row]
            if item.document_id in inside and item.kind is not ItemKind.SECTION:
                wholes = {word.whole for word in corpus.analyzer.words(item.title)}
                rarity = sum(map(corpus.rarity, wholes & terms))
                if rarity >= max(_TITLE_WORTH, _TITLE_SHARE * sum(map(corpus.rarity, wholes))):
                    ranked.append((-rarity, row))
        best = [row for rarity, row in sorted(ranked) if rarity <= _TITLE_SIMILAR * min(ranked)[0]]
        return tuple(corpus.catalogue.items[row] for row in best[:_TITLES])


def _noun_for_records(nouns: list[Noun]) -> Noun | None:
    """The first noun for records in the plural, else the first."""
    records = [noun for noun in nouns if noun.kinds]
    return next((noun for noun in records if noun.plural), records[0] if records else None)


@lru_cache(maxsize=1)
def _status_words() -> list[tuple[str, ItemStatus]]:
    """Words that name a status, folded, the longest first."""
    cues = lexicon.table("nouns")["status"]
    results = [(fold(cue), ItemStatus(name)) for name, some in cues.items() if name in list(ItemStatus) for cue in some]
    return sorted(results, key=lambda hit: -len(hit[0]))


def _statuses_in(words: list[str]) -> tuple[tuple[ItemStatus, ...], set[str]]:
    """The statuses that a question names, and its words for them; of a negated one all others."""
    text, results, taken = f" {' '.join(words)} ", dict[ItemStatus, None](), set[str]()
    for cue, status in _status_words():
        place, own = text.find(f" {cue} "), cue.split()
        if place < 0 or (len(own) == 1 and cue in taken and status not in results):
            continue
        denied = [word for word in text[:place].split()[-2:] if word in _DENYING]
        remaining = [item for item in _UNDONE if item is not status] if status in _UNDONE else []
        results |= dict.fromkeys(remaining if denied else [status])
        taken |= {*own, *denied}
    return tuple(results), taken


def _replace_unreached(
    statuses: tuple[ItemStatus, ...], words: Sequence[str], *, is_dated: bool
) -> tuple[ItemStatus, ...]:
    """The statuses without "implemented" where that is only expected: "sollen 2024 fertig sein" asks for a date alone,
    "sollen umgesetzt werden" for plans, "werden umgesetzt" for what is in progress."""
    verbs = [
        name for name in ("expected", "running") if not lexicon.folded_words("nouns", "status", name).isdisjoint(words)
    ]
    if not verbs or ItemStatus.IMPLEMENTED not in statuses:
        return statuses
    remaining = tuple(status for status in statuses if status is not ItemStatus.IMPLEMENTED)
    meant = ItemStatus.PLANNED if verbs[0] == "expected" else ItemStatus.IN_PROGRESS
    return remaining if is_dated else tuple(dict.fromkeys((*remaining, meant)))


def priority_in(words: Sequence[str]) -> tuple[str, set[str]]:
    """The level of priority that folded words name, "" for none, and the words that name it."""
    named = {word for word in words if word in _PRIORITY}
    levels = (
        (level, word)
        for word in words
        for level in LEVELS
        if word in lexicon.folded_words("records", "priority", level)
    )
    level, word = next(levels, ("", "")) if named else ("", "")
    return level, {*named, word} if level else set()


def euros_in(question: str, words: Sequence[str]) -> tuple[Span, set[str]]:
    """The least and the most euros that records shall cost, "" for open ends, and the words that say it."""
    sums = [item for item in located(question) if isinstance(item.figure, Number) and item.figure.unit == _EUROS]
    if not sums:
        return ("", ""), set()
    amounts = sorted(min(item.figure.values) for item in sums if isinstance(item.figure, Number))
    before, sum_words = fold(question[: sums[0].start]).split(), fold(question[sums[0].start : sums[-1].end])
    taken = {word for word in words if word in sum_words}
    if len(sums) > 1:
        return (str(amounts[0]), str(amounts[-1])), taken
    for bound in ("least", "most"):
        for phrase in sorted(lexicon.folded_words("records", "cost", bound), key=len, reverse=True):
            if before[-len(phrase.split()) :] == phrase.split():
                span = (str(amounts[0]), "") if bound == "least" else ("", str(amounts[0]))
                return span, taken | set(phrase.split())
    return ("", ""), set()


def numbered(question: str, corpus: Corpus, documents: tuple[str, ...]) -> Numbered:
    """The items of these documents that a question names by number, and numbers of records that none of them has."""
    items: dict[tuple[str, str], Item] = {}
    unknown, words = [], set[str]()
    for ref, kinds, surely, statement in _references(question):
        results = [item for item in _with_ref(ref, corpus, documents) if not kinds or item.kind in kinds]
        first = min((kinds.index(item.kind) for item in results if kinds), default=0)
        best = [item for item in results if not kinds or item.kind is kinds[first]]
        if best and len(best) <= _MOST * len({item.document_id for item in best}):
            items |= {(item.document_id, item.key): item for item in best}
            words |= set(map(fold, statement.split()))
        elif surely and not results:
            unknown.append(ref)
    return Numbered(tuple(items.values()), tuple(unknown), frozenset(words))


def ordinal(word: str) -> int:
    """The number of an ordinal, folded ("zweite" is 2); 0 for other words."""
    stem = next((word.removesuffix(end) for end in ("en", "er", "es", "em", "e") if word.endswith(end)), word)
    return _ORDINALS.get(stem, 0)


def years(question: str) -> Span:
    """The years between which something is: "bis 2027" has no first, "ab 2025" no last, "2026" is both."""
    match = _YEAR.search(question)
    if match is None:
        return "", ""
    word, year = (match[1] or "").lower(), match[2]
    return "" if word in _UNTIL else year, "" if word in _SINCE else year


def _with_ref(ref: str, corpus: Corpus, documents: tuple[str, ...]) -> list[Item]:
    """The items with a number, written in Roman or in Arabic figures."""
    other = str(_ROMAN.index(ref)) if ref in _ROMAN else ref
    if ref.isdigit() and 0 < int(ref) < len(_ROMAN):
        other = _ROMAN[int(ref)]
    rows = [row for value in (ref, other) for row in corpus.rows_by_ref.get(plain_ref(value), ())]
    results = [corpus.catalogue.items[row] for row in dict.fromkeys(rows)]
    return [item for item in results if item.document_id in documents and item.kind is not ItemKind.SECTION]


def _references(question: str) -> Iterator[tuple[str, tuple[ItemKind, ...], bool, str]]:
    """Each number with the kinds it may be of, whether it can mean nothing else, and its words."""
    for match in _REF.finditer(question):
        if not _is_date(match[0], question[match.end() : match.end() + 2]):
            yield match[0], (), match[0].count(".") > 1 or not match[0][0].isdigit(), match[0]
    for match in _BEHIND.finditer(question):
        noun, number = match[1], match[2]
        if kinds := _kinds_of(noun):
            yield number, kinds, number.isdigit(), f"{noun} {number}"
        elif noun.lower() in _PARTS:
            yield number, (), False, f"{noun} {number}"
        elif len(noun) <= 3 and number.isdigit() and noun[0].isupper():
            yield f"{noun}{number}", (), False, f"{noun} {number}"
    for match in _ORDINAL.finditer(question):
        place = int(match[1] or 0) or ordinal(fold(match[2] or ""))
        if place and (kinds := _kinds_of(match[3])):
            yield str(place), kinds, False, match[0].replace(".", "")


def _is_date(number: str, behind: str) -> bool:
    """True if dotted numbers are a day or thousands: "1.5.", "24.10.25", "412.000"; "2.1" is a record's."""
    two = number.count(".") == 1 and len(number.split(".")[1]) == 1
    return _DATE.fullmatch(number) is not None and not (two and (behind[:1] != "." or len(behind) < 2))


def _kinds_of(word: str) -> tuple[ItemKind, ...]:
    """The kinds that a noun for a record may mean, the likeliest first."""
    noun = noun_of(fold(word))
    return noun.kinds if noun and not noun.head else ()
