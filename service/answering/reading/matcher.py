"""Matches a question with the values of an edition: documents, records, kinds, statuses, units,
places, themes, dates.

The topic of a question is the remaining words: those that neither name a value nor frame the
question ("Welche").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
from functools import cached_property, lru_cache
from itertools import chain, pairwise

import numpy as np

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import AnswerType
from service.answering.reading.columns import Columns
from service.answering.reading.documents import GENERIC, DocumentNames, NamedDocuments, is_name
from service.answering.reading.left_over import (
    words_of_answer,
    words_of_asking,
    words_of_earlier,
    words_of_fields,
)
from service.answering.reading.negation import NEGATIONS
from service.answering.reading.nouns import INFLECTION, find_record_noun, fold_words
from service.answering.reading.refs import find_numbered_items
from service.answering.reading.statuses import find_statuses
from service.answering.reading.values import (
    NamedHeading,
    Values,
    find_claimed_number,
    find_cost_range,
    find_period,
    find_priority,
)
from service.answering.record_rows import find_light, priority_level
from service.answering.retrieval.query_words import QueryWord
from service.answering.retrieval.terms import words_in
from service.records.filters import unit_key
from vectorstore.records import DocumentKind, Item, ItemKind
from vectorstore.text_forms import fold

FRAME = 0.5  # probability from which a word frames the question
_TITLE_SHARE, _TITLE_RARITY = (
    0.74,
    5.0,
)  # least summed rarity of a title's words in a question: share, and in all
_RIVAL_SHARE, _MOST_TITLES = (
    0.95,
    3,
)  # share of the best title's rarity from which others are named, too; most titles
_RARE_WORD_SHARE = 0.2  # share of the items below which a word of a unit's name is distinctive
_UNIT_WORD = re.compile(  # "Amt 66", "Abteilung 66.01", "Dezernat IV", but not "Stelle 3a"
    r"(?i)\b(?:abteilung|sachgebiet|einheit|fachbereich|fachamt|amt|dezernat|dez\.|referat|department|fachdienst|"
    r"stelle|unit|team)(?:en|e|s)?\s+(?:nr\.\s*)?((?:\d{1,3}(?:\.\d{1,3})?)|[IVX]+)(?!\w)"
)
_LISTED_TWICE = 2  # items: of the record that a title names, and of a list with its title
MARKS = "„“”\"'?!.,;:()"  # stripped from the words of a question
_BRACKETS = re.compile(
    r"([\w-]+)\s+\(([\w.]+)\)"
)  # "Wirtschaftsagentur (WAL)", "Abfallwirtschaft (70.03)"
# the number of a unit: "66", "66.01,", but not "66 %", "12 Uhr", "66.5", "12,5", "12. Mai"
_CODE = re.compile(
    r"(?<![\w.,])\d{2}(?:\.\d{2})?(?![\d%]|,\d|\.(?=\s*\w)|\s*(?:%|€|Euro|Prozent|Jahr|Uhr|km))"
)
_NOUN_BEHIND = re.compile(r"\s+([A-ZÄÖÜ]\w+)")
SETBACK_WORDS = lexicon.folded_words("records", "setback", "names")
_SETBACK_PHRASES = lexicon.folded_words("records", "setback", "phrases")
_LIGHT_WORDS = lexicon.folded_words("records", "light", "names")
_DRAFT_WORDS = {"entwurf", "entwurfs", "entwuerfe", "draft"}  # of a named document


class Matcher:
    """Finds the values of an edition that questions name (`values`, cached); read-only, shared
    between requests.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.documents = DocumentNames(corpus.catalogue)
        self.columns = Columns(corpus)
        self.values = lru_cache(maxsize=256)(self._read_values)
        items = corpus.catalogue.items
        self.units = sorted(set(chain.from_iterable(item.responsible for item in items)))
        self._words_of_unit = {unit: _words_of_unit(unit) for unit in self.units}
        self._places: dict[str, list[tuple[str, str]]] = defaultdict(list)  # by the first letter
        for name in sorted(set(chain.from_iterable(item.municipalities for item in items))):
            first = fold_words(name)[0]
            self._places[first[0]].append((first, name))
        self._places_named = lru_cache(maxsize=4096)(self._find_places)

    @cached_property
    def _themes(self) -> list[tuple[NamedHeading, frozenset[str]]]:
        """The fields of action of the records, with and without number, and the stems of the words
        of their titles.
        """
        heads = []
        for theme, rows in self.corpus.records.rows_by_value("theme").items():
            documents = {self.corpus.catalogue.items[row].document_id for row in rows.tolist()}
            stems = frozenset(word.whole for word in self.corpus.analyzer.words(theme.title))
            for document in documents:
                heading = NamedHeading(ItemKind.THEME, theme.ref, theme.title, (document,))
                heads.append((heading, stems))
        return heads

    def _read_values(self, question: str, allowed: tuple[str, ...] = ()) -> Values:
        """The values that a question names; `allowed` are the ids of the documents to answer from,
        () for all.
        """
        words = fold_words(question)
        named = self.documents.find_documents(question, allowed)
        documents = named.ids  # in which values are searched for
        by_number = find_numbered_items(question, self.corpus, documents)
        found = {word: find_record_noun(word) for word in words}
        nouns = {word: noun for word, noun in found.items() if noun}
        records = [noun for noun in nouns.values() if noun.kinds]
        noun = next((noun for noun in records if noun.plural), records[0] if records else None)
        period, period_words = find_period(question)
        implied = [noun.status for noun in nouns.values() if noun.status]
        named_statuses = find_statuses(words, implied, dated=any(period))
        status_words = named_statuses.words
        unit, unknown, unit_words = self._find_unit(question, words, named)
        place = self._find_place(words, named)
        cost, cost_words = find_cost_range(question, words)
        priority, priority_words = self._find_priority(words, documents)
        light, light_words = self._find_light(question, documents)
        value_words = named.words | by_number.words | status_words | unit_words | nouns.keys()
        value_words |= {
            *fold_words(place),
            *period_words,
            *cost_words,
            *priority_words,
            *light_words,
        }
        claimed, claimed_words = find_claimed_number(question)
        value_words |= claimed_words
        phrases = _find_setback_phrases(words)
        negations = frozenset(NEGATIONS.intersection(words) - status_words - phrases)
        setback_words = SETBACK_WORDS.intersection(words) | phrases
        rows = self.corpus.records
        has_any = rows.select_items(rows.mask_stating("setback"), tuple(documents))
        if negations or not has_any:
            setback_words = frozenset()
        value_words |= setback_words
        value_words |= GENERIC
        if named.explicit:
            value_words |= _DRAFT_WORDS
        if named.words & {*period}:  # the year of a document's name is no date
            period = ("", "")
        return Values(
            documents=named,
            numbered=by_number,
            kinds=self._choose_kind(noun.kinds, documents) if noun else (),
            asks_for_several=noun is not None and noun.plural,
            statuses=named_statuses.statuses,
            unit=unit,
            unknown_unit=unknown,
            place=place,
            about_documents=len(records) < len(nouns),
            negations=negations,
            named_by_title=self._find_titled(question, documents, value_words),
            period=period,
            cost=cost,
            priority=priority,
            claimed_number=claimed,
            light=light,
            setback=bool(setback_words),
            value_words=frozenset(value_words),
            condition_words={
                "unit": unit_words,
                "place": set(fold_words(place)),
                "priority": priority_words,
            },
            kind_words=frozenset(nouns),
            names_earlier=not words_of_earlier().isdisjoint(words),
        )

    def find_topic_words(
        self,
        question: str,
        values: Values,
        language: str = "de",
        *,
        is_on_records: bool = False,
    ) -> tuple[QueryWord, ...]:
        """The topic words of a question; of a compound with a noun for records the first part
        ("Rad" of "Radprojekte").

        Left out are words of asking (a closed list), and words that frame the question with a
        probability of `FRAME`; on records no other nouns but those of fields, groups and orders, so
        that no condition is dropped.
        """
        results: list[QueryWord] = []
        asking, fields = words_of_asking(language), words_of_fields()
        for word in words_in(question, self.corpus, language):
            folded = fold(word.text)
            noun = find_record_noun(folded)
            if noun and noun.head:
                results += words_in(self._head_of(word.text, noun.head), self.corpus)
            elif folded not in values.value_words and folded not in asking:
                is_noun = language == "de" and self.is_noun(word.text, question)
                is_condition = is_noun and is_on_records and folded not in fields
                results += [word] if is_condition or word.frame < FRAME else []
        return tuple(results)

    def _head_of(self, word: str, folded_head: str) -> str:
        """The first part of a compound as it is printed, without the "s" that links the parts if
        the documents have it so: "Mobilität" of "Mobilitätsprojekte".
        """
        length = next(n for n in range(len(word)) if fold(word[:n]).startswith(folded_head))
        head = word[:length]
        bare = head.removesuffix("s")
        terms = self.corpus.analyzer.terms(bare)
        if any(map(self.corpus.has_term, terms)):
            return bare
        return head

    def is_noun(self, word: str, question: str) -> bool:
        """True for a noun of a German question: capitalised, and known if it is the first word or
        all is lower case.
        """
        known = self.corpus.analyzer.is_noun(word)
        if question == question.lower():
            return known
        return word[:1].isupper() and (known or not question.startswith(word))

    def attributes(
        self, question: str, values: Values, nouns: Iterable[QueryWord]
    ) -> tuple[QueryWord, ...]:
        """The inflected lower-case words of a German question right before nouns ("alte Menschen"),
        without values.
        """
        tokens, noun_texts = (
            [token.strip(MARKS) for token in question.split()],
            {noun.text for noun in nouns},
        )
        preceding = {
            first for first, second in pairwise(tokens) if second in noun_texts and first.islower()
        }
        inflected = {
            word
            for word in preceding
            if INFLECTION.search(word)
            and fold(word) not in values.value_words
            and fold(word) not in words_of_asking("de")
        }
        return tuple(word for word in words_in(question, self.corpus) if word.text in inflected)

    def find_subject_of_motion(
        self, named: NamedDocuments, nouns: Sequence[QueryWord]
    ) -> frozenset[str]:
        """The folded nouns of a question for the subject of the one motion that it names: those
        that stand in the motion; empty where another paper is named.
        """
        if not named.by_name or len(named.ids) != 1:
            return frozenset()
        if self.corpus.catalogue.documents[named.ids[0]].kind is not DocumentKind.MOTION:
            return frozenset()
        items = self.corpus.catalogue.items_of(named.ids[0])
        terms = frozenset[str]().union(
            *(self.corpus.terms[self.corpus.row(item)] for item in items)
        )
        return frozenset(fold(noun.text) for noun in nouns if noun.terms[0] in terms)

    def has_framing_word(self, question: str, values: Values) -> bool:
        """True if a question has a framing word that names no value; it may ask for an order:
        "teuerste".
        """
        framing = (word for word in words_in(question, self.corpus) if word.frame >= FRAME)
        return any(fold(word.text) not in values.value_words for word in framing)

    def find_theme(
        self, topic: tuple[QueryWord, ...], documents: Iterable[str]
    ) -> NamedHeading | None:
        """The field of action whose title has all words of a topic; None if none or several have
        them.
        """
        stems, allowed = {word.terms[0] for word in topic}, set(documents)
        if not stems:
            return None
        heads = [
            head
            for head, title in self._themes
            if stems <= title and not allowed.isdisjoint(head.documents)
        ]
        if len(heads) != 1:
            return None
        return heads[0]

    def with_placeholders(self, question: str) -> str:
        """The question with placeholders for names of places, as the classifier was trained: it
        fits every county.
        """

        def replace_place(match: re.Match[str]) -> str:
            word = fold(match[0])
            is_place = self.documents.publishers_in(word) or self._places_named(word)
            if is_place:
                return " zzplace "
            return match[0]

        return re.sub(r"[\w-]*\w", replace_place, question)

    def _choose_kind(
        self, kinds: tuple[ItemKind, ...], documents: Iterable[str]
    ) -> tuple[ItemKind, ...]:
        """The first of these kinds that the documents have, as a tuple; the first one if they have
        none.
        """
        rows = self.corpus.records
        inside = rows.mask_of("document", documents)
        existing = (kind for kind in kinds if (inside & rows.mask_of("kind", (kind,))).any())
        return tuple(existing)[:1] or kinds[:1]

    def _bare_codes(self, question: str) -> list[str]:
        """The numbers of a question that may be of units without a word for it: not "14 Kommunen",
        unless a unit with that number has the noun in its name.
        """
        codes = []
        for match in _CODE.finditer(question):
            noun = _NOUN_BEHIND.match(question, match.end())
            names = fold(" ".join(name for name, _ in self.corpus.named_units(match[0])))
            is_quantity = noun is not None and fold(noun[1]) not in names
            if "." in match[0] or not is_quantity:
                codes.append(match[0])
        return codes

    def _find_unit(
        self, question: str, words: list[str], named: NamedDocuments
    ) -> tuple[str, str, set[str]]:
        """The unit that a question names, else the number of an unknown one ("" for either), and
        the words for it.

        By number: "66" is "66.01 Straßenbau", too, and "Amt 66 Straßenbau" has three words for it.
        By name: a question has all words of it; one word alone is an abbreviation such as "WFG",
        or in no title, since "Straßenbau" may be a topic, unless the question asks who is
        responsible. The publisher ("Stadt Neuhaus") is none.
        """
        after_unit_word = list(_UNIT_WORD.finditer(question))
        codes = [match[1] for match in after_unit_word]  # surely numbers of units, known or not
        for code in dict.fromkeys([*codes, *self._bare_codes(question)]):
            pattern = re.compile(
                rf"{re.escape(unit_key(code))}(?![^\W_])"
            )  # "66" of "66.01", not of "661"
            units = [unit for unit in self.units if pattern.match(unit_key(unit))]
            if units:
                names = [*(match[0] for match in after_unit_word), code, *units]
                names += [name for name, _ in self.corpus.named_units(code)]
                names += [match[1] for match in _BRACKETS.finditer(question) if match[2] == code]
                return code, "", set(fold_words(" ".join(names)))
        limit, stated = (
            _RARE_WORD_SHARE * len(self.corpus.terms),
            {*words, *(word.rstrip("s") for word in words)},
        )
        asks_for_unit = not words_of_answer(AnswerType.RESPONSIBLE).isdisjoint(words)
        for unit, parts in self._words_of_unit.items():
            if not stated.issuperset(parts):
                continue
            may_be_name = len(parts) > 1 or (
                len(parts) == 1 and (asks_for_unit or self._is_name_only(parts[0]))
            )
            is_publisher = named.words.union(GENERIC).issuperset(parts)
            if (
                may_be_name
                and not is_publisher
                and (asks_for_unit or min(map(self.corpus.items_with, parts)) < limit)
            ):
                return unit, "", {*parts, *_names_beside(question, parts)}
        return "", codes[0] if codes and self.units else "", {fold(code) for code in codes}

    def _is_name_only(self, word: str) -> bool:
        """True for an abbreviation, and for a folded word that no title has, so that it is no
        topic.
        """
        return len(word) <= 4 or not any(
            self.corpus.title_index.mask_of(term).any() for term in self.corpus.analyzer.terms(word)
        )

    def _find_priority(self, words: list[str], documents: Iterable[str]) -> tuple[str, set[str]]:
        """The level of priority that a question names, and its words; "" if the documents have no
        such record.
        """
        level, level_words = find_priority(words)
        by_text, allowed = (
            self.corpus.records.rows_by_value("priority") if level else {},
            set(documents),
        )
        texts = [text for text in by_text if priority_level(text) == level]
        rows = list(chain.from_iterable(by_text[text].tolist() for text in texts))
        is_known = any(self.corpus.catalogue.items[row].document_id in allowed for row in rows)
        if is_known:
            return (level, level_words)
        return ("", set())

    def _find_light(self, question: str, documents: Iterable[str]) -> tuple[str, set[str]]:
        """The colour of traffic lights that a question names, and its words; "" if no record of the
        documents has one. "grüne Dächer" names none, but "grüne Ampel", "grüne Maßnahmen".
        """
        tokens = [token.strip(MARKS) for token in question.split()]
        words = {
            fold(token)
            for token, behind in pairwise([*tokens, ""])
            if not behind[:1].isupper()
            or fold(behind) in _LIGHT_WORDS
            or find_record_noun(fold(behind))
        }
        light, rows = find_light(words), self.corpus.records
        if not light or not rows.select_items(rows.mask_stating("light"), tuple(documents)):
            return "", set()
        colours = lexicon.folded_words("records", "light", light)
        return light, {*(_LIGHT_WORDS | colours).intersection(fold_words(question))}

    def _find_places(self, word: str) -> list[str]:
        """The municipalities whose first word is this one, inflections and typing errors
        included.
        """
        return [name for first, name in self._places.get(word[:1], ()) if is_name(word, first)]

    def _find_place(self, words: list[str], named: NamedDocuments) -> str:
        """The municipality that a question names; one named like a publishing county only behind
        "Stadt", one that publishes itself not at all.
        """
        text = f" {' '.join(words)} "
        for word in words:
            for name in self._places_named(word):
                folded = " ".join(fold_words(name))
                is_complete = " " not in folded or f" {folded} " in text
                may_be_town = f" stadt {word} " in text and not self._publishes(folded)
                if is_complete and (folded not in named.publishers or may_be_town):
                    return name
        return ""

    def _publishes(self, town: str) -> bool:
        """True if a town (folded) publishes documents itself: "Stadt Neuhaus", not "Kreis
        Neuhaus".
        """
        documents = self.corpus.catalogue.documents.values()
        return any(f"stadt {town}" in fold(document.publisher) for document in documents)

    def _find_titled(
        self, question: str, documents: Iterable[str], value_words: Set[str]
    ) -> tuple[Item, ...]:
        """The records, up to 3, that a question names by title: it has most of its words by rarity,
        and rare ones.
        """
        corpus, allowed = self.corpus, set(documents)
        is_large = corpus.rarity_of(0) >= _TITLE_RARITY  # else no word is that rare
        least = _TITLE_RARITY if is_large else corpus.rarity_of(_LISTED_TWICE)
        # words that name other values do not count
        words = [word for word in words_in(question, corpus) if fold(word.text) not in value_words]
        terms = set(chain.from_iterable(word.terms for word in words))
        shared = np.zeros(len(corpus.terms))  # rarity of all terms that a title shares
        for term in terms:
            shared += corpus.rarity(term) * corpus.title_index.mask_of(term)
        ranked = []  # negative rarity of the shared words, and row: the best comes first
        is_candidate = shared >= least
        for row in np.flatnonzero(is_candidate).tolist():
            item = corpus.catalogue.items[row]
            if item.document_id in allowed and item.kind is not ItemKind.SECTION:
                wholes = {word.whole for word in corpus.analyzer.words(item.title)}
                rarity = sum(map(corpus.rarity, wholes & terms))
                if rarity >= max(least, _TITLE_SHARE * sum(map(corpus.rarity, wholes))):
                    ranked.append((-rarity, row))
        best = [
            row for negative, row in sorted(ranked) if negative <= _RIVAL_SHARE * min(ranked)[0]
        ]
        return tuple(corpus.catalogue.items[row] for row in best[:_MOST_TITLES])


def _names_beside(question: str, parts: Collection[str]) -> set[str]:
    """The folded nouns by which a question explains a unit: in front of brackets with its name,
    and right beside its abbreviation: "die Wirtschaftsagentur (WAL)", "die Wirtschaftsagentur WAL".
    """
    names = {fold(match[1]) for match in _BRACKETS.finditer(question) if fold(match[2]) in parts}
    if len(parts) > 1:
        return names
    words = [word.strip(MARKS) for word in question.split()]
    for before, after in pairwise(words):
        if fold(after) in parts and before[:1].isupper():
            names.add(fold(before))
        if fold(before) in parts and after[:1].isupper():
            names.add(fold(after))
    return names


def _words_of_unit(unit: str) -> list[str]:
    """The words of a unit's name, folded, without its number."""
    words = fold_words(unit)
    return [word for word in words if not word[0].isdigit() and word not in ("dez.", "dez")]


def _find_setback_phrases(words: Sequence[str]) -> frozenset[str]:
    """The folded words of a question that are part of a phrase for failure: "auf Eis"."""
    text = f" {' '.join(words)} "
    found = (phrase for phrase in _SETBACK_PHRASES if f" {phrase} " in text)
    return frozenset(word for phrase in found for word in phrase.split())
