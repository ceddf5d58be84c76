"""The values of an edition that a question names: kinds of records, and by their own words themes,
goals, units, places and titles.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, dropwhile

from service.answering.corpus import Corpus
from service.answering.query import Conditions
from service.answering.reading.asking_words import words_of_asking
from service.answering.reading.documents import NamedDocuments
from service.answering.reading.nouns import WORD, Noun, find_record_noun, fold_words
from service.answering.reading.stated_values import (
    NEGATIONS,
    find_cost_range,
    find_light_asked,
    find_period,
    find_priority,
    find_statuses,
)
from service.answering.retrieval.query_words import QueryWord
from service.records import unit_key
from vectorstore.language import fold
from vectorstore.records import Item, ItemKind, ItemStatus, RefTitle

_FIELDS = ("theme", "goal", "unit", "place")
# "Amt 66", "Abteilung 66.01", "Dezernat IV"
_UNIT_WORD = re.compile(
    r"(?i)\b(?:abteilung|abt\.|sachgebiet|einheit|fachbereich|fachdienst|amt|dezernat|dez\.|referat|department|"
    r"stelle|unit|team)(?:en|e|s)?\s+(?:nr\.\s*)?(\d{1,3}(?:\.\d{1,3})?|[IVX]+)(?!\w)"
)
# the "s" that joins words stands behind a consonant: the last of "Mobilitäts" in
# "Mobilitätsprojekte", but not of "Bus" in "Busprojekte"
_LINKING_S = re.compile(r"(?<=[bdfghklmnrt])s$")
_TOWNS = ("stadt", "gemeinde")  # words before a place of the same name as its county
# the number of a unit without a word for it: "66", "66.01", but not "66 %", "12 Uhr", "14 Kommunen"
_CODE = re.compile(r"(?<![\w.,])\d{2}(?:\.\d{2})?(?![\w%]|[.,]\d|\s+(?:[A-ZÄÖÜ€%]|km|Uhr|Euro))")
_SHORT_NAME = re.compile(r"(\w[\w-]*) \((\w+)\)")
_RARE = 4.0  # rarity from which a single word of a title names a record
_MOST_TITLED = 3  # records that a title may name


@dataclass(frozen=True, slots=True)
class AskedKind:
    """The kind of records that a question has a noun for, () for none.

    `statuses` are those that the nouns imply ("Ideen"), `words` the folded nouns, `heads` the first
    parts of compounds ("Mobilität" of "Mobilitätsprojekte"), which are a topic. `is_plural` is true
    if one of the nouns asks for several.
    """

    kinds: tuple[ItemKind, ...] = ()
    words: frozenset[str] = frozenset()
    heads: tuple[str, ...] = ()
    statuses: tuple[ItemStatus, ...] = ()
    is_plural: bool = False


@dataclass(frozen=True, slots=True)
class NamedValues:
    """The conditions on records that a question states, and its folded words for them;
    `unknown_unit` is the number of a unit that no record has.
    """

    conditions: Conditions = field(default_factory=Conditions)
    words: frozenset[str] = frozenset()
    unknown_unit: str = ""


class EditionValues:
    """Finds the values of an edition that questions name; read-only, shared between requests."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._values = list(self._read_values())

    def _read_values(self) -> Iterator[tuple[str, str, frozenset[str]]]:
        """Yield each value that records have of a field: the field, the value's name, and the stems
        of its words, without the number before them.
        """
        for name in _FIELDS:
            for value in self._corpus.records.rows_by_value(name):
                title, short = _title_and_name(value)
                words = self._corpus.analyzer.words(title)
                named = dropwhile(lambda word: word.whole[0].isdecimal(), words)
                stems = frozenset(word.whole for word in named)
                if stems:
                    yield name, short, stems

    def find_kind(self, question: str, named: NamedDocuments) -> AskedKind:
        """The kind of records that a question has a noun for: the first that the documents have.

        Nouns that name a document are none. A plural counts before a singular.
        """
        nouns: dict[str, Noun] = {}
        heads = []
        for word in WORD.findall(question):
            noun = find_record_noun(fold(word))
            if noun is None or not noun.kinds or fold(word) in named.words:
                continue
            nouns[fold(word)] = noun
            if noun.head:
                heads.append(_LINKING_S.sub("", _printed_head(word, noun.head)))
        if not nouns:
            return AskedKind()
        best = max(nouns.values(), key=lambda noun: noun.plural)
        implied = tuple(noun.status for noun in nouns.values() if noun.status)
        rows = self._corpus.records
        inside = rows.mask_of("document", named.ids)
        existing = [kind for kind in best.kinds if (inside & rows.mask_of("kind", (kind,))).any()]
        kinds = tuple(existing[:1]) or best.kinds[:1]
        return AskedKind(kinds, frozenset(nouns), tuple(heads), implied, best.plural)

    def find_values(self, question: str, named: NamedDocuments) -> NamedValues:
        """The values of fields of which a question has all words; of several values of a field the
        one with most words counts.
        """
        folded = fold_words(question)
        fields, taken = self._find_named(folded, named)
        unit, unknown_unit, unit_words = self._find_unit(question)
        if unknown_unit in fold_words(fields.get("unit", "")):  # "Amt 23"
            unknown_unit = ""
        theme = fields.get("theme", "")
        statuses, status_words = find_statuses(folded)
        period, period_words = find_period(question)
        names = " ".join(named.words)  # "2017/2018"
        if any(year and year in names for year in period):
            period, period_words = ("", ""), set()
        costs, cost_words = find_cost_range(question, folded)
        priority, priority_words = find_priority(folded)
        light, light_words = find_light_asked(folded)
        excluded, negations = self._find_excluded(folded, fields, unit, unit_words)
        conditions = Conditions(
            statuses=statuses,
            since=period[0],
            until=period[1],
            cost_from=costs[0],
            cost_until=costs[1],
            priority=priority,
            light=light,
            theme=theme,
            goal="" if theme else fields.get("goal", ""),
            unit=unit or fields.get("unit", ""),
            place=fields.get("place", ""),
            excluded=excluded,
        )
        for name, short in _SHORT_NAME.findall(question):  # "Wirtschaftsagentur (WAL)"
            if fold(short) in taken:
                taken.add(fold(name))
        words = taken.union(
            unit_words,
            negations,
            status_words,
            period_words,
            cost_words,
            priority_words,
            light_words,
        )
        return NamedValues(conditions, frozenset(words), unknown_unit)

    def _find_named(
        self, folded: Sequence[str], named: NamedDocuments
    ) -> tuple[dict[str, str], set[str]]:
        """The fields with the values whose words a question has all, and its words for them. A
        value within that of another field names nothing: the unit "Stadt" in the theme "Stadt als
        Vorbild".

        A word that names a document is one for a place only behind "Stadt" or "Gemeinde", unless
        this is the document's publisher.
        """
        documents = self._corpus.catalogue.documents
        publishers = fold(" ".join(documents[id_].publisher for id_ in named.ids))
        by_stem: dict[str, str] = {}
        for before, word in zip(["", *folded], folded, strict=False):
            terms = self._corpus.analyzer.terms(word)
            is_of_town = before in _TOWNS and f"{before} {word}" not in publishers
            if terms and (is_of_town or word not in named.words):
                by_stem[terms[0]] = word
        best: dict[str, tuple[str, frozenset[str]]] = {}
        for name, value, stems in self._values:
            _, known = best.get(name, ("", frozenset()))
            if stems <= by_stem.keys() and len(stems) > len(known):
                best[name] = value, stems
        found = [stems for _, stems in best.values()]
        values = {}
        for name, (value, stems) in best.items():
            if not any(stems < other for other in found):
                values[name] = value
        return values, {by_stem[stem] for stem in chain.from_iterable(found)}

    def _find_unit(self, question: str) -> tuple[str, str, set[str]]:
        """The number of a unit, with or without a word for a unit before it ("Amt 66"), such a
        number behind a word that no record has, and the folded words for either; "" for none.
        """
        behind_word = _UNIT_WORD.search(question)
        codes = _CODE.findall(question)
        if behind_word is not None:
            codes.insert(0, behind_word[1])
        of_code = {code: self._units_of(code) for code in codes}
        known = [code for code in codes if of_code[code]]
        if known:
            code = known[0]
            names = [name for name, _ in self._corpus.named_units(code)]
            texts = [code, *of_code[code], *names]
            if behind_word is not None:
                texts.append(behind_word[0])
            return code, "", set(fold_words(" ".join(texts)))
        if behind_word is None or not self._corpus.records.rows_by_value("unit"):
            return "", "", set()
        return "", behind_word[1], set(fold_words(behind_word[0]))

    def _find_excluded(
        self, folded: Sequence[str], fields: dict[str, str], unit: str, unit_words: set[str]
    ) -> tuple[tuple[str, ...], set[str]]:
        """The fields whose value comes right behind a negation, with words that only ask between
        ("nicht von der Abteilung 66"), and the words of negation.
        """
        words_of = {name: set(fold_words(str(value))) for name, value in fields.items()}
        if unit:
            words_of["unit"] = unit_words
        excluded, negations = list[str](), set[str]()
        frame = words_of_asking("de")
        for index, word in enumerate(folded):
            if word in NEGATIONS:
                behind = next((other for other in folded[index + 1 :] if other not in frame), "")
                named = [name for name, words in words_of.items() if behind in words]
                excluded += named
                if named:
                    negations.add(word)
        return tuple(excluded), negations

    def _units_of(self, code: str) -> list[str]:
        """The units of records that begin with a number."""
        pattern = re.compile(rf"{re.escape(unit_key(code))}(?![^\W_])")
        units = map(str, self._corpus.records.rows_by_value("unit"))
        return [unit for unit in units if pattern.match(unit_key(unit))]

    def find_theme(self, words: Sequence[QueryWord], documents: Collection[str]) -> str:
        """The number, else the title, of the one theme of documents whose title has all of these
        words; "" for none or several.
        """
        stems = {word.terms[0] for word in words}
        if not stems:
            return ""
        items = self._corpus.catalogue.items
        found = []
        for theme, rows in self._corpus.records.rows_by_value("theme").items():
            title, name = _title_and_name(theme)
            is_inside = any(items[row].document_id in documents for row in rows.tolist())
            if is_inside and stems <= set(self._corpus.analyzer.terms(title)):
                found.append(name)
        return found[0] if len(found) == 1 else ""

    def find_titled(self, words: Sequence[QueryWord], documents: Collection[str]) -> list[Item]:
        """The records whose title has all of these words, at least two or a rare one, if they are
        at most three.
        """
        corpus = self._corpus
        if not words or (len(words) == 1 and corpus.rarity(words[0].terms[0]) < _RARE):
            return []
        stems = {word.terms[0] for word in words}
        items = []
        for item, title in zip(corpus.catalogue.items, corpus.title_terms, strict=True):
            if item.kind is ItemKind.SECTION or item.document_id not in documents:
                continue
            if stems <= title:
                items.append(item)
        return items if len(items) <= _MOST_TITLED else []


def _printed_head(word: str, head: str) -> str:
    """The beginning of a word that is `head` when folded, which may make it longer."""
    length = 0
    while not fold(word[:length]).startswith(head):
        length += 1
    return word[:length]


def _title_and_name(value: str | RefTitle) -> tuple[str, str]:
    """The title of a field's value, and what it is called in a condition: its number, if any."""
    if isinstance(value, str):
        return value, value
    return value.title, value.ref or value.title
