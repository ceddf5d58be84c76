"""Matches a question with the values of an edition: documents, records, kinds, statuses, units,
places, themes, dates.

The topic of a question is the remaining words: those that neither name a value nor frame the
question ("Welche").
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from service.answering import lexicon
from service.answering.corpus import LEVELS, Corpus, priority_level
from service.answering.reading.documents import GENERIC, DocumentNames, NamedDocuments, is_name
from service.answering.reading.nouns import INFLECTION, find_record_noun, fold_words
from service.answering.reading.refs import NumberedItems, find_numbered_items
from service.answering.retrieval.terms import QueryWord, words_in
from service.record_filters import unit_key
from vectorstore.analysis import fold
from vectorstore.quantities import Number, locate_quantities
from vectorstore.records import Item, ItemKind, ItemStatus

FRAME = 0.5  # probability from which a word frames the question
CERTAIN_FRAME = 0.65  # from which a word is not reported as not understood
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
MARKS = "„“”\"'?!.,;:()"  # stripped from the words of a question
_BRACKETS = re.compile(
    r"([\w-]+)\s+\(([\w.]+)\)"
)  # "Wirtschaftsagentur (WAL)", "Abfallwirtschaft (70.03)"
# the number of a unit: "66", "66.01", but not "66 %", "12 Uhr", "66.5"
_CODE = re.compile(r"(?<![\w.])\d{2}(?:\.\d{2})?(?![\d.%,]|\s*(?:%|€|Euro|Prozent|Jahr|Uhr|km))")
_UNTIL, _SINCE = (
    ("bis", "until", "by", "vor", "before"),
    ("ab", "seit", "nach", "since", "from", "after"),
)
# "2027", "bis 2027", "ab Mai 2027": the word and the year
_YEAR = re.compile(rf"\b(?:({'|'.join((*_UNTIL, *_SINCE))})\s+(?:\w+\s+)?)?((?:19|20)\d{{2}})\b")
_CURRENT_STATUSES = (
    ItemStatus.IDEA,
    ItemStatus.PLANNED,
    ItemStatus.IN_PROGRESS,
    ItemStatus.IMPLEMENTED,
)
_EUROS = "EUR"
_PRIORITY_WORDS = lexicon.folded_words("records", "priority", "names")
_NEGATIONS = lexicon.folded_words("nouns", "status", "negation")
_DOCUMENT_WORDS = lexicon.folded_words("nouns", "paper", "any") | {"entwurf", "entwurfs", "draft"}
_DISTRICT_WORDS = lexicon.folded_words("nouns", "publisher", "district")
Span = tuple[str, str]  # from and until, "" for an open end


@dataclass(frozen=True, slots=True)
class Values:
    """The values of an edition that a question names.

    `kinds` has the kind of records that its noun means, or none; `asks_for_several` is true if the
    noun is a plural. `unknown_unit` is the number of a unit that no record has, `named_by_title`
    are records that it names by title. `has_negation` is true if it negates anything but a status,
    `about_documents` if it has a noun for documents. `years` are years, `cost` euros, `value_words`
    the folded words that name values.
    """

    documents: NamedDocuments
    numbered: NumberedItems
    kinds: tuple[ItemKind, ...] = ()
    asks_for_several: bool = False
    statuses: tuple[ItemStatus, ...] = ()
    unit: str = ""
    unknown_unit: str = ""
    place: str = ""
    has_negation: bool = False
    about_documents: bool = False
    named_by_title: tuple[Item, ...] = ()
    years: Span = ("", "")
    cost: Span = ("", "")
    priority: str = ""
    value_words: frozenset[str] = frozenset()

    @property
    def has_conditions(self) -> bool:
        """True if any of the values is a condition on records."""
        return any(
            (
                self.statuses,
                self.unit,
                self.unknown_unit,
                self.place,
                *self.years,
                *self.cost,
                self.priority,
            )
        )


class Matcher:
    """Finds the values of an edition that questions name (`values`, cached); read-only, shared
    between requests.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.documents = DocumentNames(corpus.catalogue)
        self.values = lru_cache(maxsize=256)(self._read_values)
        items = corpus.catalogue.items
        self.units = sorted({unit for item in items for unit in item.responsible})
        self._places: dict[str, list[str]] = defaultdict(list)
        for name in sorted({name for item in items for name in item.municipalities}):
            self._places[fold_words(name)[0]].append(name)

    @cached_property
    def _themes(self) -> list[tuple[Item, frozenset[str]]]:
        """Themes with the stems of their titles' words."""
        themes = (item for item in self.corpus.catalogue.items if item.kind is ItemKind.THEME)
        return [
            (item, frozenset(word.whole for word in self.corpus.analyzer.words(item.title)))
            for item in themes
        ]

    def _read_values(self, question: str, allowed: tuple[str, ...] = ()) -> Values:
        """The values that a question names; `allowed` are the ids of the documents to answer from,
        () for all.
        """
        named, words = self.documents.find_documents(question), fold_words(question)
        # in which values are searched for: the named ones that are allowed, else the allowed ones
        documents = (
            tuple(id_ for id_ in named.ids if not allowed or id_ in allowed) or allowed or named.ids
        )
        by_number = find_numbered_items(question, self.corpus, documents)
        nouns = {word: noun for word in words if (noun := find_record_noun(word))}
        records = [noun for noun in nouns.values() if noun.kinds]
        noun = next((noun for noun in records if noun.plural), records[0] if records else None)
        years = find_years(question)
        statuses, status_words = _find_statuses(words)
        statuses = statuses or tuple(
            dict.fromkeys(noun.status for noun in nouns.values() if noun.status)
        )
        statuses = _correct_expected(statuses, words, is_dated=any(years))
        unit, unknown, unit_words = self._find_unit(question, words)
        place = self._find_place(words, named)
        cost, cost_words = find_cost_range(question, words)
        priority, priority_words = self._find_priority(words, documents)
        value_words = (
            named.words | GENERIC | by_number.words | status_words | unit_words | nouns.keys()
        )
        value_words |= {*fold_words(place), *years, *cost_words, *priority_words}
        return Values(
            documents=named,
            numbered=by_number,
            kinds=self._choose_kind(noun.kinds, documents) if noun else (),
            asks_for_several=noun is not None and noun.plural,
            statuses=statuses,
            unit=unit,
            unknown_unit=unknown,
            place=place,
            about_documents=len(records) < len(nouns),
            has_negation=any(word in _NEGATIONS and word not in status_words for word in words),
            named_by_title=self._find_titled(question, documents, value_words),
            years=("", "")
            if named.words & {*years}
            else years,  # the year of a document's name is no date
            cost=cost,
            priority=priority,
            value_words=frozenset(value_words),
        )

    def find_topic_words(
        self, question: str, values: Values, language: str = "de", frame: float = FRAME
    ) -> tuple[QueryWord, ...]:
        """The topic words of a question; of a compound with a noun for records the first part
        ("Rad" of "Radprojekte").

        Left out are words that frame the question with a probability of `FRAME`, nouns of a German
        one of `frame`.
        """
        results: list[QueryWord] = []
        for word in words_in(question, self.corpus, language):
            folded = fold(word.text)
            noun = find_record_noun(folded)
            if noun and noun.head:
                results += words_in(word.text[: len(noun.head)].rstrip("-"), self.corpus)
            elif folded not in values.value_words:
                limit = frame if language == "de" and self.is_noun(word.text, question) else FRAME
                results += [word] if word.frame < limit else []
        return tuple(results)

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
            if INFLECTION.search(word) and fold(word) not in values.value_words
        }
        return tuple(word for word in words_in(question, self.corpus) if word.text in inflected)

    def find_not_understood(
        self, question: str, values: Values, conditions: Iterable[str], *, bound: bool
    ) -> tuple[str, ...]:
        """The content words of a German question that neither name a value or a kind of records nor
        became a condition.

        `bound` is true if the query has a condition: then only nouns are reported, as verbs belong
        to that condition. Generic words ("Stadt") are reported too, unless the question names a
        place.
        """
        publishers = {word for name in self.documents.publishers for word in fold_words(name)}
        generic = frozenset() if values.place else GENERIC - publishers - _DISTRICT_WORDS
        in_conditions = {word for text in conditions for word in fold_words(text.replace("/", " "))}
        known = (values.value_words - generic) | in_conditions | _DOCUMENT_WORDS
        results = []
        for word in words_in(question, self.corpus):
            is_capitalised = word.text[:1].isupper() and not question.startswith(word.text)
            is_reported = not bound or (is_capitalised and self.corpus.analyzer.is_noun(word.text))
            is_content = word.frame < CERTAIN_FRAME or fold(word.text) in _PRIORITY_WORDS
            if is_reported and is_content and fold(word.text) not in known:
                results.append(word.text)
        return tuple(results)

    def has_framing_word(self, question: str, values: Values) -> bool:
        """True if a question has a framing word that names no value; it may ask for an order:
        "teuerste".
        """
        framing = (word for word in words_in(question, self.corpus) if word.frame >= FRAME)
        return any(fold(word.text) not in values.value_words for word in framing)

    def find_theme(self, topic: tuple[QueryWord, ...], documents: Iterable[str]) -> Item | None:
        """The theme whose title has all words of a topic; None if no theme or several have them."""
        stems, allowed = {word.terms[0] for word in topic}, set(documents)
        themes = [(item, title) for item, title in self._themes if item.document_id in allowed]
        results = [item for item, title in themes if stems and stems <= title]
        return results[0] if len(results) == 1 else None

    def with_placeholders(self, question: str) -> str:
        """The question with placeholders for names of places, as the classifier was trained: it
        fits every county.
        """

        def replace_place(match: re.Match[str]) -> str:
            word = fold(match[0])
            is_place = self.documents.publishers_in(word) or self._places_named(word)
            return " zzplace " if is_place else match[0]

        return re.sub(r"[\w-]*\w", replace_place, question)

    def _choose_kind(
        self, kinds: tuple[ItemKind, ...], documents: Iterable[str]
    ) -> tuple[ItemKind, ...]:
        """The first of these kinds that the documents have, as a tuple; the first one if they have
        none.
        """
        allowed = set(documents)
        existing = {
            item.kind for item in self.corpus.catalogue.items if item.document_id in allowed
        }
        return tuple(kind for kind in kinds if kind in existing)[:1] or kinds[:1]

    def _find_unit(self, question: str, words: list[str]) -> tuple[str, str, set[str]]:
        """The unit that a question names, else the number of an unknown one ("" for either), and
        the words for it.

        By number: "66" is "66.01 Straßenbau", too, and "Amt 66 Straßenbau" has three words for it.
        By name: a question has all words of it; one word alone is an abbreviation such as "WFG",
        since "Straßenbau" may be a topic.
        """
        after_unit_word = list(_UNIT_WORD.finditer(question))
        codes = [match[1] for match in after_unit_word]  # surely numbers of units, known or not
        for code in dict.fromkeys([*codes, *(match[0] for match in _CODE.finditer(question))]):
            pattern = re.compile(
                rf"{re.escape(unit_key(code))}(?![^\W_])"
            )  # "66" of "66.01", not of "661"
            if units := [unit for unit in self.units if pattern.match(unit_key(unit))]:
                name = re.search(rf"{re.escape(code)}((?:\s+(?:[A-ZÄÖÜ][\w-]+|und))+)", question)
                names = [*(match[0] for match in after_unit_word), name[1] if name else "", code]
                names += [match[1] for match in _BRACKETS.finditer(question) if match[2] == code]
                unit_words = {fold(word) for text in names for word in text.split()}
                return code, "", unit_words.union(*map(fold_words, units))
        limit, stated = (
            _RARE_WORD_SHARE * len(self.corpus.terms),
            {*words, *(word.rstrip("s") for word in words)},
        )
        for unit in self.units:
            parts = [
                word
                for word in fold_words(unit)
                if not word[0].isdigit() and word not in ("dez.", "dez")
            ]
            may_be_name = len(parts) > 1 or (len(parts) == 1 and len(parts[0]) <= 4)
            if (
                may_be_name
                and stated.issuperset(parts)
                and min(map(self.corpus.items_with, parts)) < limit
            ):
                explanations = {
                    fold(match[1])
                    for match in _BRACKETS.finditer(question)
                    if fold(match[2]) in parts
                }
                return unit, "", {*parts, *explanations}
        return "", codes[0] if codes and self.units else "", {fold(code) for code in codes}

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
        rows = [row for text in texts for row in by_text[text].tolist()]
        is_known = any(self.corpus.catalogue.items[row].document_id in allowed for row in rows)
        return (level, level_words) if is_known else ("", set())

    def _places_named(self, word: str) -> list[str]:
        """The municipalities whose first word is this one, inflections and typing errors
        included.
        """
        matching = (first for first in self._places if first[0] == word[0] and is_name(word, first))
        return [name for first in matching for name in self._places[first]]

    def _find_place(self, words: list[str], named: NamedDocuments) -> str:
        """The municipality that a question names; one named like a publishing county only behind
        "Stadt".
        """
        text = f" {' '.join(words)} "
        for word in words:
            for name in self._places_named(word):
                folded = " ".join(fold_words(name))
                is_complete = " " not in folded or f" {folded} " in text
                if is_complete and (folded not in named.publishers or f" stadt {word} " in text):
                    return name
        return ""

    def _find_titled(
        self, question: str, documents: Iterable[str], value_words: Set[str]
    ) -> tuple[Item, ...]:
        """The records, up to 3, that a question names by title: it has most of its words by rarity,
        and rare ones.
        """
        corpus, allowed = self.corpus, set(documents)
        # words that name other values do not count
        words = [word for word in words_in(question, corpus) if fold(word.text) not in value_words]
        terms = {term for word in words for term in word.terms}
        ranked = []  # negative rarity of the shared words, and row: the best comes first
        for row in {row for term in terms for row in corpus.rows_by_title_term.get(term, ())}:
            item = corpus.catalogue.items[row]
            if item.document_id in allowed and item.kind is not ItemKind.SECTION:
                wholes = {word.whole for word in corpus.analyzer.words(item.title)}
                rarity = sum(map(corpus.rarity, wholes & terms))
                if rarity >= max(_TITLE_RARITY, _TITLE_SHARE * sum(map(corpus.rarity, wholes))):
                    ranked.append((-rarity, row))
        best = [
            row for negative, row in sorted(ranked) if negative <= _RIVAL_SHARE * min(ranked)[0]
        ]
        return tuple(corpus.catalogue.items[row] for row in best[:_MOST_TITLES])


@lru_cache(maxsize=1)
def _status_words() -> list[tuple[str, ItemStatus]]:
    """The words and phrases that name a status, folded, with the status; the longest first."""
    cues = lexicon.table("nouns")["status"]
    words = [
        (fold(cue), ItemStatus(name))
        for name in cues
        if name in set(ItemStatus)
        for cue in cues[name]
    ]
    return sorted(words, key=lambda pair: -len(pair[0]))


def _find_statuses(words: list[str]) -> tuple[tuple[ItemStatus, ...], set[str]]:
    """The statuses that a question names, and the words for them; a negated one stands for the
    other current ones.
    """
    text, results, status_words = f" {' '.join(words)} ", dict[ItemStatus, None](), set[str]()
    for phrase, status in _status_words():
        offset = text.find(f" {phrase} ")
        if offset < 0 or (
            phrase in status_words and status not in results
        ):  # part of a longer phrase found before
            continue
        negations = [word for word in text[:offset].split()[-2:] if word in _NEGATIONS]
        if negations:
            is_current = status in _CURRENT_STATUSES
            results |= dict.fromkeys(
                other for other in _CURRENT_STATUSES if is_current and other is not status
            )
        else:
            results[status] = None
        status_words |= {*phrase.split(), *negations}
    return tuple(results), status_words


def _correct_expected(
    statuses: tuple[ItemStatus, ...], words: Sequence[str], *, is_dated: bool
) -> tuple[ItemStatus, ...]:
    """The statuses, with "implemented" replaced if a question (its folded words) does not ask for
    what is done.

    "sollen umgesetzt werden" asks for plans, "werden umgesetzt" for ongoing records; with a year
    (`is_dated`), as in "sollen 2024 fertig sein", "implemented" is left out: it asks for the date
    alone.
    """
    for tense, replacement in (
        ("expected", ItemStatus.PLANNED),
        ("running", ItemStatus.IN_PROGRESS),
    ):
        is_used = not lexicon.folded_words("nouns", "status", tense).isdisjoint(words)
        if is_used and ItemStatus.IMPLEMENTED in statuses:
            others = tuple(status for status in statuses if status is not ItemStatus.IMPLEMENTED)
            return others if is_dated else tuple(dict.fromkeys((*others, replacement)))
    return statuses


def find_priority(words: Sequence[str]) -> tuple[str, set[str]]:
    """The level of priority that folded words name, "" for none, and the words for it: "high" of
    "hohe Priorität".
    """
    priority_words = {word for word in words if word in _PRIORITY_WORDS}
    for word in words if priority_words else ():
        for level in LEVELS:
            if word in lexicon.folded_words("records", "priority", level):
                return level, {*priority_words, word}
    return "", set()


def find_cost_range(question: str, words: Sequence[str]) -> tuple[Span, set[str]]:
    """The least and the most euros that a question names, "" for an open end, and the folded words
    for them.

    "über 5.000 Euro" is ("5000", ""); a single sum without such a word before it ("5.000 Euro") is
    none.
    """
    located = [(hit, hit.figure) for hit in locate_quantities(question)]
    sums = [
        (hit, figure)
        for hit, figure in located
        if isinstance(figure, Number) and figure.unit == _EUROS
    ]
    if not sums:
        return ("", ""), set()
    amounts = sorted(min(figure.values) for _, figure in sums)
    start, end = sums[0][0].start, sums[-1][0].end
    before, amount_text = fold(question[:start]).split(), fold(question[start:end])
    used = {word for word in words if word in amount_text}
    if len(sums) > 1:
        return (str(amounts[0]), str(amounts[-1])), used
    for bound, span in (("least", (str(amounts[0]), "")), ("most", ("", str(amounts[0])))):
        for phrase in sorted(lexicon.folded_words("records", "cost", bound), key=len, reverse=True):
            if before[-len(phrase.split()) :] == phrase.split():
                return span, used | set(phrase.split())
    return ("", ""), set()


def find_years(question: str) -> Span:
    """The first and last year that a question names: ("", "2027") for "bis 2027", ("2026", "2026")
    for "2026".
    """
    match = _YEAR.search(question)
    if match is None:
        return "", ""
    word, year = (match[1] or "").lower(), match[2]
    return "" if word in _UNTIL else year, "" if word in _SINCE else year
