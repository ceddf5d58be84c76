"""The edition's own values that a question names: papers, records, kinds, statuses, units, places, themes, years.

One matcher for all of them, with typing errors. What it takes is no longer topic: `topic` is what remains of the
question's words, those that only frame questions left out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.finding.words import Word, words_in
from service.answering.reading.notation import YEAR, Numbered, numbered
from service.answering.reading.papers import Named, Papers, says, words_of
from service.record_filters import unit_key
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind, ItemStatus

_FRAME = 0.5  # probability from which a word frames the question
_TITLE_HELD, _TITLE_WORTH = 0.74, 5.0  # share of a title's rarity that is said, and how rare that must be in all
_UNIT_WORD = re.compile(
    r"(?i)\b(?:abteilung|sachgebiet|einheit|fachbereich|fachamt|amt|dezernat|dez\.|referat|department|fachdienst|"
    r"stelle|unit|team)(?:en|e|s)?\s+(?:nr\.\s*)?((?:\d{1,3}(?:\.\d{1,3})?)|[IVX]+)(?!\w)"
)
_BRACKETS = re.compile(r"([\w-]+)\s+\((\w+)\)")
_CODE = re.compile(r"(?<![\w.])\d{2}(?:\.\d{2})?(?![\d.%,]|\s*(?:%|€|Euro|Prozent|Jahr|Uhr|km))")
_UNTIL, _SINCE = ("bis", "until", "by", "vor", "before"), ("ab", "seit", "nach", "since", "from", "after")


@dataclass(frozen=True, slots=True)
class Values:
    """What a question names.

    `nouns` are the kinds that its noun for records may mean, `kinds` which of them the papers have; `plural` says that
    several are asked for. `unknown_unit` is the number of a unit that no record names, `titled` are records whose title
    it says; `negated` says that it denies something beside a status, `papers` that it has a noun for papers.
    """

    named: Named
    numbered: Numbered
    kinds: tuple[ItemKind, ...] = ()
    nouns: tuple[ItemKind, ...] = ()
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
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Noun:
    kinds: tuple[ItemKind, ...]
    plural: bool
    status: ItemStatus | None
    head: str


class Matcher:
    """Matches questions with the values of an edition; read-only, shared between requests."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.papers = Papers(corpus.catalogue)
        self.values = lru_cache(maxsize=256)(self._values)

    @cached_property
    def _generic(self) -> frozenset[str]:
        """Words for publishers at large ("des Kreises"), folded."""
        return lexicon.folded("nouns", "publisher", "generic")

    @cached_property
    def _negations(self) -> frozenset[str]:
        """Words that deny, folded."""
        return lexicon.folded("nouns", "status", "negation")

    @cached_property
    def units(self) -> tuple[str, ...]:
        """The units of the records, as printed."""
        return tuple(sorted({unit for item in self.corpus.catalogue.items for unit in item.responsible}))

    @cached_property
    def _places(self) -> dict[str, list[str]]:
        """The municipalities of the records by their first word, folded."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in sorted({name for item in self.corpus.catalogue.items for name in item.municipalities}):
            found[words_of(name)[0]].append(name)
        return dict(found)

    @cached_property
    def _themes(self) -> list[tuple[Item, frozenset[str]]]:
        """Themes with the stems of their titles' words."""
        items = self.corpus.catalogue.items
        return [
            (item, frozenset(word.whole for word in self.corpus.analyzer.words(item.title)))
            for item in items
            if item.kind is ItemKind.THEME
        ]

    @cached_property
    def _nouns(self) -> dict[str, list[_Noun]]:
        """The nouns for records, folded."""
        found: dict[str, list[_Noun]] = defaultdict(list)
        for entry in lexicon.table("records")["noun"]:
            kinds = tuple(ItemKind(one) for one in entry["kinds"])
            status = ItemStatus(entry["status"]) if "status" in entry else None
            for form, plural in (("singular", False), ("plural", True)):
                for word in entry.get(form, ()):
                    found[fold(word)].append(_Noun(kinds, plural, status, ""))
        return dict(found)

    @cached_property
    def _noun_ends(self) -> list[tuple[str, _Noun]]:
        found = []
        for entry in lexicon.table("records")["noun"]:
            kinds = tuple(ItemKind(one) for one in entry["kinds"])
            status = ItemStatus(entry["status"]) if "status" in entry else None
            for form, plural in (("ends_singular", False), ("ends_plural", True)):
                found += [(fold(end), _Noun(kinds, plural, status, "")) for end in entry.get(form, ())]
        return sorted(found, key=lambda one: -len(one[0]))

    @cached_property
    def _statuses(self) -> list[tuple[str, ItemStatus]]:
        """Words that name a status, folded, the longest first."""
        said = lexicon.words("nouns", "status")
        found = [
            (fold(cue), ItemStatus(name)) for name, cues in said.items() if name in list(ItemStatus) for cue in cues
        ]
        return sorted(found, key=lambda one: -len(one[0]))

    def _values(self, question: str, allowed: tuple[str, ...] = ()) -> Values:
        """What a question names, among some papers or all."""
        named = self.papers.named(question)
        documents = tuple(one for one in named.ids if not allowed or one in allowed) or allowed or named.ids
        words = words_of(question)
        by_number = numbered(question, self.corpus, documents)
        noun = self._noun(words)
        statuses, status_words = self._statuses_in(words)
        if not statuses:
            named_so = (one.status for word in words if (one := self._noun_of(word)))
            statuses = tuple(dict.fromkeys(status for status in named_so if status))
        unit, unknown, unit_words = self._unit_in(question, words)
        place = self._place_in(words, named)
        since, until = _years(question)
        if named.words.intersection((since, until)):  # the year of a paper's name
            since = until = ""
        taken = named.words | self._generic | by_number.words | status_words | unit_words | set(words_of(place))
        taken |= {word for word in words if self._noun_of(word)}
        taken |= {word for word in words if YEAR.fullmatch(word)} if since or until else set()
        return Values(
            named=named,
            numbered=by_number,
            kinds=self.existing(noun.kinds, documents) if noun else (),
            nouns=noun.kinds if noun else (),
            plural=bool(noun and noun.plural),
            statuses=statuses,
            unit=unit,
            unknown_unit=unknown,
            place=place,
            papers=any((one := self._noun_of(word)) is not None and not one.kinds for word in words),
            negated=any(word in self._negations and word not in status_words for word in words),
            titled=self._titled(question, documents, frozenset(taken)),
            since=since,
            until=until,
            taken=frozenset(taken),
        )

    def topic(self, question: str, values: Values, language: str = "de") -> tuple[Word, ...]:
        """The words of a question that say what it is about, of compounds with a noun for records their front."""
        found = []
        for word in words_in(question, self.corpus, language):
            folded = fold(word.text)
            noun = self._noun_of(folded)
            if noun and noun.head:
                found += [Word(one.text, one.terms, one.weight, one.others, True) for one in self._front(word, noun)]
            elif folded not in values.taken and word.frame < _FRAME:
                found.append(word)
        return tuple(found)

    def _front(self, word: Word, noun: _Noun) -> Iterator[Word]:
        front = word.text[: len(noun.head)].rstrip("-")
        bare = front.removesuffix("s")
        known = any(self.corpus.knows(one.whole) for one in self.corpus.analyzer.words(bare))
        yield from words_in(bare if known else front, self.corpus)

    def theme_of(self, topic: tuple[Word, ...], documents: Iterable[str]) -> Item | None:
        """The theme that a topic names by its title, whole or in one of its parts; None where none or several do."""
        wholes = {word.terms[0] for word in topic}
        papers = set(documents)
        held = [item for item, title in self._themes if item.document_id in papers and wholes and wholes <= title]
        return held[0] if len(held) == 1 else None

    def with_placeholders(self, question: str) -> str:
        """The question with placeholders for the names of places: what is learned holds in every county."""
        found = question
        for match in reversed(list(re.finditer(r"[\w-]*\w", question))):
            word = fold(match[0])
            if self.papers.publishers_in(word) or any(says(word, one) for one in self._places if one[0] == word[0]):
                found = f"{found[: match.start()]} zzplace {found[match.end() :]}"
        return found

    def _noun(self, words: list[str]) -> _Noun | None:
        """The noun for records: the first in the plural, else the first."""
        nouns = [noun for word in words if (noun := self._noun_of(word)) and noun.kinds]
        return next((one for one in nouns if one.plural), nouns[0] if nouns else None)

    def _noun_of(self, word: str) -> _Noun | None:
        if word in self._nouns:
            found = self._nouns[word]
            return next((one for one in found if one.plural), found[0])
        for end, noun in self._noun_ends:
            if word.endswith(end) and len(word) - len(end) >= 3:
                return _Noun(noun.kinds, noun.plural, noun.status, word.removesuffix(end).rstrip("-"))
        return None

    def existing(self, kinds: tuple[ItemKind, ...], documents: Iterable[str]) -> tuple[ItemKind, ...]:
        """The first of these kinds that the papers have records of, as a tuple; in none of them, of all kinds."""
        papers = set(documents)
        here = {item.kind for item in self.corpus.catalogue.items if item.document_id in papers}
        return next(((one,) for one in kinds if one in here), kinds[:1])

    def _statuses_in(self, words: list[str]) -> tuple[tuple[ItemStatus, ...], set[str]]:
        """The statuses that a question names, and its words for them; of a negated one all others."""
        text, found, taken = f" {' '.join(words)} ", dict[ItemStatus, None](), set[str]()
        refused = self._negations
        for cue, status in self._statuses:
            place = text.find(f" {cue} ")
            if place < 0 or (taken and set(cue.split()) <= taken and status not in found and len(cue.split()) == 1):
                continue
            before = text[:place].split()[-2:]
            if any(one in refused for one in before):
                others = [ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS, ItemStatus.IMPLEMENTED]
                found |= dict.fromkeys(one for one in others if one is not status and status in others)
            else:
                found[status] = None
            taken |= {*cue.split(), *(one for one in before if one in refused)}
        return tuple(found), taken

    def _unit_in(self, question: str, words: list[str]) -> tuple[str, str, set[str]]:
        """The unit that a question names, as printed or by its number; a number that no record has; its words."""
        codes = [match[1] for match in _UNIT_WORD.finditer(question)]
        naming = {fold(word) for match in _UNIT_WORD.finditer(question) for word in match[0].split()}
        for code in dict.fromkeys([*codes, *(match[0] for match in _CODE.finditer(question))]):
            known = [unit for unit in self.units if re.match(rf"{re.escape(unit_key(code))}(?![^\W_])", unit_key(unit))]
            if known:
                named = re.search(rf"{re.escape(code)}((?:\s+(?:[A-ZÄÖÜ][\w-]+|und))+)", question)
                naming |= {fold(word) for word in (named[1] if named else "").split()}
                return code, "", naming | {fold(code)} | {word for unit in known for word in words_of(unit)}
        said = set(words)
        for unit in self.units:
            parts = [word for word in words_of(unit) if not word[0].isdigit() and word not in ("dez.", "dez")]
            if parts and all(any(one == part or one.rstrip("s") == part for one in said) for part in parts):
                telling = [part for part in parts if self.corpus.items_with(part) < 0.2 * len(self.corpus.terms)]
                if telling and (len(parts) > 1 or len(parts[0]) <= 4):
                    return unit, "", {*parts, *_before_brackets(question, parts)}
        return "", codes[0] if codes and self.units else "", {fold(code) for code in codes}

    def _place_in(self, words: list[str], named: Named) -> str:
        """The municipality that a question names; a county of the same name aside."""
        text = f" {' '.join(words)} "
        for word in words:
            for first, names in self._places.items():
                if first[0] != word[0] or not says(word, first):
                    continue
                for name in names:
                    whole = " ".join(words_of(name))
                    if " " in whole and f" {whole} " not in text:
                        continue
                    if whole not in named.publishers or f" stadt {word} " in text:
                        return name
        return ""

    def _titled(self, question: str, documents: Iterable[str], taken: frozenset[str]) -> tuple[Item, ...]:
        """The records whose title a question says: most of what tells it apart, and that is rare enough."""
        corpus, papers = self.corpus, set(documents)
        words = [word for word in words_in(question, corpus) if fold(word.text) not in taken]
        terms = {term for word in words for term in word.terms}
        rows = {row for term in terms for row in corpus.titles.rows(term).tolist()}
        ranked = []
        for row in rows:
            item = corpus.catalogue.items[row]
            if item.document_id not in papers or item.kind is ItemKind.SECTION:
                continue
            wholes = {word.whole for word in corpus.analyzer.words(item.title)}
            worth = {whole: corpus.rarity(whole) for whole in wholes}
            said = sum(one for whole, one in worth.items() if whole in terms)
            if said >= _TITLE_HELD * sum(worth.values()) and said >= _TITLE_WORTH:
                ranked.append((said, -row))
        best = max(ranked, default=(0.0, 0))[0]
        return tuple(corpus.catalogue.items[-row] for said, row in sorted(ranked, reverse=True) if said >= 0.95 * best)[
            :3
        ]


def _before_brackets(question: str, parts: list[str]) -> list[str]:
    """The word that names a unit before its short name in brackets: "Wirtschaftsagentur (WAL)"."""
    return [fold(match[1]) for match in _BRACKETS.finditer(question) if fold(match[2]) in parts]


def _years(question: str) -> tuple[str, str]:
    """The years between which something lies: "bis 2027" has no first, "ab 2025" no last, "2026" is both."""
    for match in YEAR.finditer(question):
        word = (match[1] or "").lower()
        if word in _UNTIL:
            return "", match[2]
        if word in _SINCE:
            return match[2], ""
        return match[2], match[2]
    return "", ""
