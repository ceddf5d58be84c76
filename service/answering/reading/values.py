"""The edition's own values that a question names: papers, records, kinds, statuses, units, places, themes, years.

One matcher for all of them, with typing errors. What it takes is no longer topic: `topic` is what remains of the
question's words, those that only frame questions left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import pairwise

from service.answering import lexicon
from service.answering.corpus import Corpus, plain_ref
from service.answering.finding.words import Word, words_in
from service.answering.reading.fields import PRIORITIES, euros_in, priority_in, priority_level
from service.answering.reading.papers import Named, Noun, Papers, noun_of, says, words_of
from service.record_filters import unit_key
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind, ItemStatus

FRAME = 0.5  # probability from which a word frames the question
SURELY_FRAMES = 0.65  # from which it is no condition that nobody understood
_TITLE_HELD, _TITLE_WORTH = 0.74, 5.0  # share of a title's rarity that is said, and how rare that must be in all
_TITLE_ALIKE, _TITLES = 0.95, 3  # share of the best title's rarity from which others are named too, and how many
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
_MOST = 3  # items of one number in a paper from which it names none of them
_ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_UNTIL, _SINCE = ("bis", "until", "by", "vor", "before"), ("ab", "seit", "nach", "since", "from", "after")
_YEAR = re.compile(rf"\b(?:({'|'.join((*_UNTIL, *_SINCE))})\s+(?:\w+\s+)?)?((?:19|20)\d{{2}})\b")
_UNDONE = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS, ItemStatus.IMPLEMENTED)
_DENYING = lexicon.folded("nouns", "status", "negation")
_GENERIC = lexicon.folded("nouns", "publisher", "generic")
_PAPER = lexicon.folded("nouns", "paper", "any") | {"entwurf", "entwurfs", "draft"}
_DISTRICT = lexicon.folded("nouns", "publisher", "district")


@dataclass(frozen=True, slots=True)
class Numbered:
    """What a question names by number: the items, and the numbers that no paper has."""

    items: tuple[Item, ...] = ()
    unknown: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Values:
    """What a question names.

    `kinds` are those of its noun for records that the papers have; `plural` says that several are asked for.
    `unknown_unit` is the number of a unit that no record names, `titled` are records whose title it says; `negated`
    says that it denies something beside a status, `papers` that it has a noun for papers.
    """

    named: Named
    numbered: Numbered
    kinds: tuple[ItemKind, ...] = ()
    plural: bool = False
    statuses: tuple[ItemStatus, ...] = ()
    unit: str = ""
    unknown_unit: str = ""
    place: str = ""
    negated: bool = False
    papers: bool = False
    titled: tuple[Item, ...] = ()
    since: str = ""
    until: str = ""
    cost_from: str = ""
    cost_until: str = ""
    priority: str = ""
    taken: frozenset[str] = frozenset()


class Matcher:
    """Matches questions with the values of an edition; read-only, shared between requests."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.papers = Papers(corpus.catalogue)
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
        """What a question names, among some papers or all."""
        named, words = self.papers.named(question), words_of(question)
        documents = tuple(one for one in named.ids if not allowed or one in allowed) or allowed or named.ids
        by_number = numbered(question, self.corpus, documents)
        nouns = {word: noun for word in words if (noun := noun_of(word))}
        noun = _meant(list(nouns.values()))
        statuses, status_words = _statuses_in(words)
        statuses = statuses or tuple(dict.fromkeys(one.status for one in nouns.values() if one.status))
        unit, unknown, unit_words = self._unit_in(question, words)
        place = self._place_in(words, named)
        since, until = years(question)
        if named.words & {since, until}:  # the year of a paper's name
            since = until = ""
        cost_from, cost_until, cost_words = euros_in(question, words)
        priority, priority_words = self._priority_in(words, documents)
        taken = named.words | _GENERIC | by_number.words | status_words | unit_words | nouns.keys()
        taken |= {*words_of(place), since, until, *cost_words, *priority_words}
        return Values(
            named=named,
            numbered=by_number,
            kinds=self._existing(noun.kinds, documents) if noun else (),
            plural=bool(noun and noun.plural),
            statuses=statuses,
            unit=unit,
            unknown_unit=unknown,
            place=place,
            papers=any(not one.kinds for one in nouns.values()),
            negated=any(word in _DENYING and word not in status_words for word in words),
            titled=self._titled(question, documents, taken),
            since=since,
            until=until,
            cost_from=cost_from,
            cost_until=cost_until,
            priority=priority,
            taken=frozenset(taken),
        )

    def topic(self, question: str, values: Values, language: str = "de", frame: float = FRAME) -> tuple[Word, ...]:
        """The words of a question that say what it is about, of compounds with a noun for records their front.

        Nouns of a German question that frame it with a probability of `frame` or more are none.
        """
        found: list[Word] = []
        for word in words_in(question, self.corpus, language):
            folded = fold(word.text)
            noun = noun_of(folded)
            if noun and noun.head:
                front = words_in(word.text[: len(noun.head)].rstrip("-"), self.corpus)
                found += (replace(one, front=True) for one in front)
            elif folded not in values.taken:
                least = frame if language == "de" and self.is_noun(word.text, question) else FRAME
                found += [word] if word.frame < least else []
        return tuple(found)

    def is_noun(self, word: str, question: str) -> bool:
        """Whether a word of a German question is a noun: by its capital, unless it begins or all is in lower case."""
        known = self.corpus.analyzer.is_noun(word)
        return (
            known if question == question.lower() else word[:1].isupper() and (known or not question.startswith(word))
        )

    def attributes(self, question: str, values: Values, nouns: Iterable[Word]) -> tuple[Word, ...]:
        """The inflected words of a German question right before nouns ("alte Menschen"), but for values and verbs."""
        told = [token.strip(MARKS) for token in question.split()]
        before = {first for first, second in pairwise(told) if any(noun.text == second for noun in nouns)}
        words = (
            word for word in words_in(question, self.corpus) if word.text in before and _INFLECTED.search(word.text)
        )
        return tuple(word for word in words if word.text.islower() and fold(word.text) not in values.taken)

    def unread(self, question: str, values: Values, taken: Iterable[str], *, bound: bool) -> tuple[str, ...]:
        """The content words of a German question that neither a value, a noun for records nor `taken` took.

        `bound` says that something else is a condition: then only nouns are further ones, and verbs are what binds it.
        """
        publishers = {word for name in self.papers.publishers for word in words_of(name)}
        generic = frozenset() if values.place else _GENERIC - publishers - _DISTRICT
        known = (
            (values.taken - generic) | {word for text in taken for word in words_of(text.replace("/", " "))} | _PAPER
        )
        found = []
        for word in words_in(question, self.corpus):
            noun = (
                word.text[:1].isupper()
                and not question.startswith(word.text)
                and self.corpus.analyzer.is_noun(word.text)
            )
            folded = fold(word.text)
            said = word.frame < SURELY_FRAMES or folded in PRIORITIES
            if folded not in known and said and (noun or not bound):
                found.append(word.text)
        return tuple(found)

    def says_more(self, question: str, values: Values) -> bool:
        """Whether a word that frames questions is left, beside values and nouns for records: "zuletzt", "teuerste"."""
        framing = (word for word in words_in(question, self.corpus) if word.frame >= FRAME)
        return any(fold(word.text) not in values.taken for word in framing)

    def theme_of(self, topic: tuple[Word, ...], documents: Iterable[str]) -> Item | None:
        """The theme that a topic names by its title, whole or in one of its parts; None where none or several do."""
        wholes, papers = {word.terms[0] for word in topic}, set(documents)
        held = [item for item, title in self._themes if item.document_id in papers and wholes and wholes <= title]
        return held[0] if len(held) == 1 else None

    def with_placeholders(self, question: str) -> str:
        """The question with placeholders for the names of places: what is learned holds in every county."""

        def placed(match: re.Match[str]) -> str:
            word = fold(match[0])
            return " zzplace " if self.papers.publishers_in(word) or self._places_in(word) else match[0]

        return re.sub(r"[\w-]*\w", placed, question)

    def _existing(self, kinds: tuple[ItemKind, ...], documents: Iterable[str]) -> tuple[ItemKind, ...]:
        """The first of these kinds that the papers have records of, as a tuple; in none of them, of all kinds."""
        papers = set(documents)
        here = {item.kind for item in self.corpus.catalogue.items if item.document_id in papers}
        return next(((one,) for one in kinds if one in here), kinds[:1])

    def _unit_in(self, question: str, words: list[str]) -> tuple[str, str, set[str]]:
        """The unit that a question names, as printed or by its number; a number that no record has; its words."""
        named = list(_UNIT_WORD.finditer(question))
        codes = [match[1] for match in named]
        for code in dict.fromkeys([*codes, *(match[0] for match in _CODE.finditer(question))]):
            known = [unit for unit in self.units if re.match(rf"{re.escape(unit_key(code))}(?![^\W_])", unit_key(unit))]
            if known:
                name = re.search(rf"{re.escape(code)}((?:\s+(?:[A-ZÄÖÜ][\w-]+|und))+)", question)
                said = [*(match[0] for match in named), name[1] if name else "", code]
                said += [match[1] for match in _BRACKETS.finditer(question) if match[2] == code]
                return code, "", {fold(word) for one in said for word in one.split()}.union(*map(words_of, known))
        rare = _TELLING_UNIT * len(self.corpus.terms)
        for unit in self.units:
            parts = [word for word in words_of(unit) if not word[0].isdigit() and word not in ("dez.", "dez")]
            named_so = bool(parts) and all(any(part in (word, word.rstrip("s")) for word in words) for part in parts)
            if named_so and (len(parts) > 1 or len(parts[0]) <= 4) and min(map(self.corpus.items_with, parts)) < rare:
                brackets = {fold(match[1]) for match in _BRACKETS.finditer(question) if fold(match[2]) in parts}
                return unit, "", {*parts, *brackets}
        return "", codes[0] if codes and self.units else "", {fold(code) for code in codes}

    def _priority_in(self, words: list[str], documents: Iterable[str]) -> tuple[str, set[str]]:
        """The level of priority that a question names, and its words; "" where the papers have no such record."""
        level, said = priority_in(words)
        printed = self.corpus.records.by("priority") if level else {}
        papers = set(documents)
        rows = (row for text, held in printed.items() if priority_level(text) == level for row in held.tolist())
        known = any(self.corpus.catalogue.items[row].document_id in papers for row in rows)
        return (level, said) if known else ("", set())

    def _places_in(self, word: str) -> list[str]:
        """The municipalities whose first word is this one."""
        firsts = (first for first in self._places if first[0] == word[0] and says(word, first))
        return [name for first in firsts for name in self._places[first]]

    def _place_in(self, words: list[str], named: Named) -> str:
        """The municipality that a question names; a county of the same name aside."""
        text = f" {' '.join(words)} "
        for word in words:
            for name in self._places_in(word):
                whole = " ".join(words_of(name))
                said = " " not in whole or f" {whole} " in text
                if said and (whole not in named.publishers or f" stadt {word} " in text):
                    return name
        return ""

    def _titled(self, question: str, documents: Iterable[str], taken: Iterable[str]) -> tuple[Item, ...]:
        """The records whose title a question says: most of what tells it apart, and that is rare enough."""
        corpus, papers, known = self.corpus, set(documents), set(taken)
        terms = {term for word in words_in(question, corpus) if fold(word.text) not in known for term in word.terms}
        ranked = []
        for row in {row for term in terms for row in corpus.titles.rows(term).tolist()}:
            item = corpus.catalogue.items[row]
            if item.document_id in papers and item.kind is not ItemKind.SECTION:
                wholes = {word.whole for word in corpus.analyzer.words(item.title)}
                said = sum(map(corpus.rarity, wholes & terms))
                if said >= max(_TITLE_WORTH, _TITLE_HELD * sum(map(corpus.rarity, wholes))):
                    ranked.append((-said, row))
        best = [row for said, row in sorted(ranked) if said <= _TITLE_ALIKE * min(ranked)[0]]
        return tuple(corpus.catalogue.items[row] for row in best[:_TITLES])


def _meant(nouns: list[Noun]) -> Noun | None:
    """The noun for records: the first in the plural, else the first."""
    records = [one for one in nouns if one.kinds]
    return next((one for one in records if one.plural), records[0] if records else None)


@lru_cache(maxsize=1)
def _status_words() -> list[tuple[str, ItemStatus]]:
    """Words that name a status, folded, the longest first."""
    said = lexicon.table("nouns")["status"]
    found = [(fold(cue), ItemStatus(name)) for name, cues in said.items() if name in list(ItemStatus) for cue in cues]
    return sorted(found, key=lambda one: -len(one[0]))


def _statuses_in(words: list[str]) -> tuple[tuple[ItemStatus, ...], set[str]]:
    """The statuses that a question names, and its words for them; of a negated one all others."""
    text, found, taken = f" {' '.join(words)} ", dict[ItemStatus, None](), set[str]()
    for cue, status in _status_words():
        place, own = text.find(f" {cue} "), cue.split()
        if place < 0 or (len(own) == 1 and cue in taken and status not in found):
            continue
        denied = [one for one in text[:place].split()[-2:] if one in _DENYING]
        others = [one for one in _UNDONE if one is not status] if status in _UNDONE else []
        found |= dict.fromkeys(others if denied else [status])
        taken |= {*own, *denied}
    return tuple(found), taken


def numbered(question: str, corpus: Corpus, documents: tuple[str, ...]) -> Numbered:
    """The items of these papers that a question names by number, and numbers that surely mean a record but none has."""
    items: dict[tuple[str, str], Item] = {}
    unknown, words = [], set[str]()
    for ref, kinds, surely, said in _references(question):
        found = [one for one in _with_ref(ref, corpus, documents) if not kinds or one.kind in kinds]
        first = min((kinds.index(one.kind) for one in found if kinds), default=0)
        best = [one for one in found if not kinds or one.kind is kinds[first]]
        if best and len(best) <= _MOST * len({one.document_id for one in best}):
            items |= {(one.document_id, one.key): one for one in best}
            words |= set(map(fold, said.split()))
        elif surely and not found:
            unknown.append(ref)
    return Numbered(tuple(items.values()), tuple(unknown), frozenset(words))


def ordinal(word: str) -> int:
    """The number of an ordinal, folded ("zweite" is 2); 0 for other words."""
    stem = next((word.removesuffix(end) for end in ("en", "er", "es", "em", "e") if word.endswith(end)), word)
    return _ORDINALS.get(stem, 0)


def years(question: str) -> tuple[str, str]:
    """The years between which something lies: "bis 2027" has no first, "ab 2025" no last, "2026" is both."""
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
    rows = [row for one in (ref, other) for row in corpus.rows_by_ref.get(plain_ref(one), ())]
    found = [corpus.catalogue.items[row] for row in dict.fromkeys(rows)]
    return [one for one in found if one.document_id in documents and one.kind is not ItemKind.SECTION]


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
    """Whether dotted numbers are a day or thousands: "1.5.", "24.10.25", "412.000"; "2.1" is a record's."""
    two = number.count(".") == 1 and len(number.split(".")[1]) == 1
    return _DATE.fullmatch(number) is not None and not (two and (behind[:1] != "." or len(behind) < 2))


def _kinds_of(word: str) -> tuple[ItemKind, ...]:
    """The kinds that a noun for a record may mean, the likeliest first."""
    noun = noun_of(fold(word))
    return noun.kinds if noun and not noun.head else ()
