"""Matches a question with the values of an edition: documents, records, kinds, statuses, units,
places, themes, dates.

The topic of a question is the remaining words: those that neither name a value nor frame the
question ("Welche").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import chain, pairwise

import numpy as np

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import Conditions
from service.answering.reading.classifier import with_placeholders
from service.answering.reading.columns import Columns
from service.answering.reading.documents import GENERIC, DocumentNames, NamedDocuments, is_name
from service.answering.reading.left_over import (
    words_of_asking,
    words_of_earlier,
    words_of_fields,
)
from service.answering.reading.negation import NEGATIONS
from service.answering.reading.nouns import INFLECTION, MARKS, find_record_noun, fold_words
from service.answering.reading.refs import find_numbered_items
from service.answering.reading.statuses import find_statuses
from service.answering.reading.units import UnitFinder
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
from vectorstore.language import fold
from vectorstore.records import Item, ItemKind, ItemStatus

FRAME = 0.5  # probability from which a word frames the question
# least summed rarity of a title's words in a question: share, and in all
_TITLE_SHARE = 0.74
_TITLE_RARITY = 5.0
# share of the best title's rarity from which others are named, too; most titles
_RIVAL_SHARE = 0.95
_MOST_TITLES = 3
_NAME = re.compile(r"[\w-]*\w")  # a word that may be the name of a place
_LISTED_TWICE = 2  # items: of the record that a title names, and of a list with its title
SETBACK_WORDS = lexicon.folded_words("records", "setback", "names")
_SETBACK_PHRASES = lexicon.folded_words("records", "setback", "phrases")
_LIGHT_WORDS = lexicon.folded_words("records", "light", "names")
_EXCLUDABLE = ("unit", "place", "priority")  # conditions that a question can exclude
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
        self._units = UnitFinder(corpus)
        self._places: dict[str, list[tuple[str, str]]] = defaultdict(list)  # by the first letter
        for name in sorted(set(chain.from_iterable(item.municipalities for item in items))):
            first = fold_words(name)[0]
            self._places[first[0]].append((first, name))
        self._places_named = lru_cache(maxsize=4096)(self._find_places)

    @cached_property
    def _themes(self) -> list[tuple[NamedHeading, frozenset[str]]]:
        """The fields of action of the records, each with the stems of the words of its title.

        A field of action that several documents have is there once for each of them, so that its
        title alone does not tell which one is meant.
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

        Of several nouns for records, the first in the plural is what is asked for, else the first.
        A question with a negation that belongs to no status states no setback: "nicht gescheitert".
        """
        words = fold_words(question)
        named = self.documents.find_documents(question, allowed)
        documents = named.ids  # in which values are searched for
        by_number = find_numbered_items(question, self.corpus, documents)
        found = {word: find_record_noun(word) for word in words}
        nouns = {word: noun for word, noun in found.items() if noun}
        records = [noun for noun in nouns.values() if noun.kinds]
        noun = next((noun for noun in records if noun.plural), records[0] if records else None)
        implied = [noun.status for noun in nouns.values() if noun.status]
        conditions, condition_words = self._find_conditions(question, words, named, implied)
        unit, unknown_unit, unit_words = self._units.find(question, words, named)
        condition_words["unit"] = unit_words
        phrases = _find_setback_phrases(words)
        negations = NEGATIONS.intersection(words) - condition_words["status"] - phrases
        if not negations:
            condition_words["setback"] = self._find_setback(words, phrases, documents)
        claimed, claimed_words = find_claimed_number(question)
        value_words = named.words | by_number.words | nouns.keys() | claimed_words | GENERIC
        value_words = value_words.union(*condition_words.values())
        if named.explicit:
            value_words |= _DRAFT_WORDS
        return Values(
            documents=named,
            numbered=by_number,
            conditions=replace(
                conditions,
                kinds=self._choose_kind(noun.kinds, documents) if noun else (),
                unit=unit,
                setback=bool(condition_words.get("setback")),
            ),
            asks_for_several=noun is not None and noun.plural,
            unknown_unit=unknown_unit,
            about_documents=len(records) < len(nouns),  # nouns for documents have no kinds
            negations=negations,
            named_by_title=self._find_titled(question, documents, value_words),
            claimed_number=claimed,
            value_words=value_words,
            condition_words={name: condition_words[name] for name in _EXCLUDABLE},
            kind_words=frozenset(nouns),
            names_earlier=not words_of_earlier().isdisjoint(words),
        )

    def _find_conditions(
        self,
        question: str,
        words: list[str],
        named: NamedDocuments,
        implied: Sequence[ItemStatus],
    ) -> tuple[Conditions, dict[str, Set[str]]]:
        """The conditions on fields of records that a question states, but for units and setbacks,
        and its folded words for each, by name. `implied` are statuses that its nouns imply
        ("Ideen"). A year that belongs to the name of a document is no condition on dates.
        """
        (since, until), period_words = find_period(question)
        statuses = find_statuses(words, implied, dated=bool(since or until))
        place = self._find_place(words, named)
        (cost_from, cost_until), cost_words = find_cost_range(question, words)
        priority, priority_words = self._find_priority(words, named.ids)
        light, light_words = self._find_light(question, named.ids)
        if named.words & {since, until}:
            since = until = ""
        conditions = Conditions(
            statuses=statuses.statuses,
            place=place,
            since=since,
            until=until,
            cost_from=cost_from,
            cost_until=cost_until,
            priority=priority,
            light=light,
        )
        return conditions, {
            "status": statuses.words,
            "place": set(fold_words(place)),
            "date": period_words,
            "cost": cost_words,
            "priority": priority_words,
            "light": light_words,
        }

    def _find_setback(
        self, words: list[str], phrases: frozenset[str], documents: tuple[str, ...]
    ) -> frozenset[str]:
        """The folded words of a question for failure: single ones, and `phrases`, its words of
        phrases such as "auf Eis".

        There are none if no record of the documents says that something failed: then they choose
        nothing, and stay left over.
        """
        rows = self.corpus.records
        if not rows.select_items(rows.mask_stating("setback"), documents):
            return frozenset()
        return SETBACK_WORDS.intersection(words) | phrases

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

        Left out are words that name values, words of asking (a closed list), and words that mostly
        frame questions. With `is_on_records` a German noun that frames questions is left out only
        if it means a field, group or order of records: any other may be a condition on them.
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
        """The first part of a compound as it is printed; `folded_head` is the same, folded.

        An "s" at its end mostly links the parts, so that it is taken off if the documents have the
        word without it: "Mobilität" of "Mobilitätsprojekte".
        """
        length = next(n for n in range(len(word)) if fold(word[:n]).startswith(folded_head))
        head = word[:length]
        bare = head.removesuffix("s")
        terms = self.corpus.analyzer.terms(bare)
        if any(map(self.corpus.has_term, terms)):
            return bare
        return head

    def is_noun(self, word: str, question: str) -> bool:
        """True for a noun of a German question.

        It has a capital. Where capitals tell nothing, at the beginning and in a question in lower
        case, it has to be a known noun.
        """
        known = self.corpus.analyzer.is_noun(word)
        if question == question.lower():
            return known
        return word[:1].isupper() and (known or not question.startswith(word))

    def attributes(
        self, question: str, values: Values, nouns: Iterable[QueryWord]
    ) -> tuple[QueryWord, ...]:
        """The inflected lower-case words of a German question right before nouns: "alte" of "alte
        Menschen". Words that name values ("laufende") and words of asking are left out.
        """
        tokens = [token.strip(MARKS) for token in question.split()]
        noun_texts = {noun.text for noun in nouns}
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
        """The question with a placeholder for each word that names a publisher or a municipality.

        The classifier was trained on such questions, so that it fits every county.
        """
        places = []
        for match in _NAME.finditer(question):
            word = fold(match[0])
            if self.documents.publishers_in(word) or self._places_named(word):
                places.append((match.start(), match.end(), "place"))
        return with_placeholders(question, places)

    def _choose_kind(
        self, kinds: tuple[ItemKind, ...], documents: Iterable[str]
    ) -> tuple[ItemKind, ...]:
        """The first of these kinds that the documents have, as a tuple of one; the first of all if
        they have none.

        A noun may mean several kinds: "Maßnahmen" are projects where no measures are printed.
        """
        rows = self.corpus.records
        inside = rows.mask_of("document", documents)
        existing = (kind for kind in kinds if (inside & rows.mask_of("kind", (kind,))).any())
        return tuple(existing)[:1] or kinds[:1]

    def _find_priority(self, words: list[str], documents: Iterable[str]) -> tuple[str, set[str]]:
        """The level of priority ("high") that a question names, and its words; "" and no words if
        no record of these documents prints that level, in whatever words.
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
        """The colour of traffic lights that a question names, and its words; "" for none, and for
        several.

        A colour before another noun than one for lights or records is that noun's: "grüne Ampel"
        and "grüne Maßnahmen" name one, "grüne Dächer" does not. There is none either if no record
        of the documents has a light.
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
        """The municipality that a question names, as printed; "" for none.

        A name such as "Soest" may mean the county that publishes the documents. Then the town is
        meant only behind "Stadt", and not if the town publishes documents, too. A name of several
        words must be there as a whole.
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
        """The records, up to 3, that a question names by their titles, the best first.

        The question has most of the words of the title, weighted by rarity, and rare ones among
        them: any record has "Ausbau". In a small edition no word is that rare, and the rarity of a
        word that two items have is enough. Records nearly as good as the best are named, too.
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


def _find_setback_phrases(words: Sequence[str]) -> frozenset[str]:
    """The folded words of a question that are part of a phrase for failure: "auf Eis"."""
    text = f" {' '.join(words)} "
    found = (phrase for phrase in _SETBACK_PHRASES if f" {phrase} " in text)
    return frozenset(word for phrase in found for word in phrase.split())
