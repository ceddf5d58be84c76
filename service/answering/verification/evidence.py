"""Aligns a freely worded sentence with its sources: each clause with the passage that supports it.

A passage is a sentence or a labelled field of a cited item, with the sentence before it if it
refers back to that one. The words of a clause have to be in its aligned passages, in the item's
title or in the headings above it; words that are elsewhere in the item do not support it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from german_clauses import Clause, Token, lower_words, split_clauses
from service import wording
from service.answering.corpus import Corpus
from service.answering.draft import Count
from service.answering.retrieval.query_words import QueryWord
from service.answering.verification.verbatim import is_prompt_injection
from service.answering.verification.wordlists import (
    figures_of,
    is_listed,
    statuses_in,
    synonym_groups,
    word_lists,
)
from vectorstore.language import DateValue, Quantities, collapse_spaces, fold, sentence_spans
from vectorstore.records import Document, Item, ItemStatus

_CACHED = 1024  # items whose passages are cached
_LEAST_PREFIX = 6  # letters of a word that are compared at least
_ENDING = 3  # letters that an ending may have
_POINT_LENGTH = 600  # characters of a child item up to which it is only a point of its parent
_FORM_SUPPORT = 0.9  # support by another form of a word
_SYNONYM_SUPPORT = 0.7  # support by a synonym
_FIGURE_GAIN = 2.0  # what a figure adds to how well a passage supports a clause
_VERB_WEIGHT = 0.5  # weight of a word that is no noun
_NEAREST_SHARE = 0.7  # share of the largest overlap from which a clause counts as nearest


@dataclass(frozen=True, slots=True)
class StatementTerm:
    """A content word of a clause; its weight is its rarity, half of it for a verb."""

    word: QueryWord
    stem: str
    is_noun: bool
    weight: float

    @property
    def text(self) -> str:
        """The word as printed."""
        return self.word.text

    @property
    def front(self) -> str:
        """Its folded letters without an ending: "massnahm" of "Maßnahmen"."""
        folded = fold(self.text)
        return folded[: max(_LEAST_PREFIX, len(folded) - _ENDING)]


@dataclass(frozen=True, eq=False)
class CitedPassage:
    """A passage of an item: `quote` is verbatim, `text` adds a field's label or the sentence it
    refers back to.
    """

    text: str
    quote: str
    clauses: tuple[Clause, ...]
    terms: frozenset[str]  # index terms of its words
    whole_terms: frozenset[str]  # those without parts of compounds
    synonyms: frozenset[str]  # index terms of synonyms of its words
    figures: Quantities  # its numbers, dates and codes

    @cached_property
    def folded_letters(self) -> str:
        """Its letters, a space before each word."""
        return f" {collapse_spaces(fold(self.text))}"

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset[str]().union(*(clause.stems for clause in self.clauses))

    @cached_property
    def groups(self) -> frozenset[int]:
        """The numbers of the synonym groups of its words."""
        return frozenset[int]().union(*map(synonym_groups, self.lowered))

    @cached_property
    def lowered(self) -> frozenset[str]:
        """Its words and pairs of adjacent words in lower case, and the stems of its verbs."""
        return lower_words(self.text).union(*(clause.words for clause in self.clauses))


@dataclass(frozen=True, slots=True, eq=False)
class ItemEvidence:
    """The texts of a cited item: passages, title, `context` (headings above it, document metadata),
    its statuses.
    """

    item: Item
    passages: tuple[CitedPassage, ...]
    title: CitedPassage
    context: CitedPassage
    statuses: frozenset[ItemStatus]


@dataclass(frozen=True)
class AlignedStatement:
    """A clause with its aligned passages; `supports` is how far these and the headings support each
    term, 0 to 1.
    """

    clause: Clause
    terms: tuple[StatementTerm, ...]
    supports: tuple[float, ...]
    passages: tuple[CitedPassage, ...]
    sources: tuple[ItemEvidence, ...]  # the items of the passages, all cited ones if there are none
    # the statuses of the items that it names by title, else of all
    item_statuses: tuple[frozenset[ItemStatus], ...]

    @cached_property
    def is_about_item(self) -> bool:
        """True if all its nouns are in the titles of its sources: then it is about the item as a
        whole.

        A statement without nouns is, too, unlike in `names_item`.
        """
        titles = frozenset[str]().union(*(source.title.whole_terms for source in self.sources))
        return all(term.word.terms[0] in titles for term in self.terms if term.is_noun)

    @property
    def is_on_status(self) -> bool:
        """True if it states a status of an item as a whole."""
        has_status = bool(self.item_statuses) and any(statuses_in(self.clause))
        return self.is_about_item and has_status

    @property
    def names_item(self) -> bool:
        """True if it has a noun, and all its nouns are in the titles of its sources."""
        return self.is_about_item and any(term.is_noun for term in self.terms)

    @property
    def clauses(self) -> list[Clause]:
        """The clauses of its passages."""
        return list(chain.from_iterable(passage.clauses for passage in self.passages))

    @cached_property
    def nearest(self) -> tuple[Clause, ...]:
        """The clauses of its passages that share most of its words and figures.

        All count that reach `_NEAREST_SHARE` of the best; none if no clause shares anything.
        """
        best = max(map(self.overlap, self.clauses), default=0.0)
        return tuple(
            clause for clause in self.clauses if self.overlap(clause) >= _NEAREST_SHARE * best > 0
        )

    def overlap(self, clause: Clause) -> float:
        """How much a clause of a passage shares with it: the summed weight of common words, verbs
        and figures.

        Words are compared by stem or by their first letters. A figure adds `_FIGURE_GAIN`, as it
        tells more than a word.
        """
        text = fold(clause.text)
        figures = split_figures(figures_of(self.clause.text))
        weight = sum(t.weight for t in self.terms if t.stem in clause.stems or t.front in text)
        weight += _VERB_WEIGHT * bool(self.clause.verbs & clause.stems)
        return weight + _FIGURE_GAIN * sum(map(figures_of(clause.text).supports_all, figures))


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A freely worded sentence with all that may support it: the `evidence` of its cited items, its
    cited `documents`, and its counts.
    """

    text: str
    statements: tuple[AlignedStatement, ...]
    evidence: tuple[ItemEvidence, ...]
    documents: tuple[Document, ...]
    dates: Collection[DateValue]  # of the cited documents
    counted: tuple[Count, ...]
    cites_title_page: bool

    @property
    def count_texts(self) -> list[str]:
        """What may be stated of its counts."""
        return list(chain.from_iterable(texts_of_count(count) for count in self.counted))

    def texts(self) -> Iterator[str]:
        """Yield all texts that may have a word of the claim: of the cited items, of the headings
        above them, of their documents and of the counts.
        """
        for source in self.evidence:
            yield from (
                passage.text for passage in (*source.passages, source.title, source.context)
            )
        yield from chain.from_iterable(
            (document.title, document.publisher) for document in self.documents
        )
        yield from self.count_texts


class Aligner:
    """Aligns sentences with the items of an edition; `evidence` has that of an item by document id
    and key, cached.
    """

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.evidence = lru_cache(maxsize=_CACHED)(self._build_evidence)
        self._synonyms_of = lru_cache(maxsize=65536)(
            lambda printed: corpus.expansion.translate_phrase(printed, "de")
        )

    def collect_evidence(self, items: Sequence[Item]) -> tuple[ItemEvidence, ...]:
        """The evidence of items and of their points, each once.

        A point is a child item with a short text and without fields, status and children, as in a
        list. Who cites an item may say what its points say; a larger child has to be cited itself.
        """
        children = self.corpus.catalogue.children

        def is_point(child: Item) -> bool:
            return not (
                child.fields or child.status or len(child.body) > _POINT_LENGTH or children(child)
            )

        cited = list(
            chain.from_iterable((item, *filter(is_point, children(item))) for item in items)
        )
        keys = dict.fromkeys(item.address for item in cited)
        return tuple(self.evidence(*key) for key in keys)

    def align(self, text: str, evidence: tuple[ItemEvidence, ...]) -> tuple[AlignedStatement, ...]:
        """The clauses of a sentence, each aligned with the passages that support it."""
        return tuple(
            self._align_clause(clause, evidence) for clause in split_clauses(text, denied=False)
        )

    def _align_clause(self, clause: Clause, evidence: tuple[ItemEvidence, ...]) -> AlignedStatement:
        """A clause with the one passage that supports it best; without any if no passage shares
        anything.

        Each of its terms has the highest support that this passage, the title of its item or the
        headings above give it; without a passage, the titles and headings of all items count. The
        statuses are those that the clause may state: of the items with a term of the clause in
        their title, else of all items, as it may be about any of them.
        """
        terms = tuple(self._find_terms(clause))

        def is_named(source: ItemEvidence) -> bool:
            return any(self.support(term, source.title) == 1.0 for term in terms)

        named = list(filter(is_named, evidence))
        best = tuple[CitedPassage, ...]()
        most = 0.0
        sources = evidence
        for source in evidence:
            for passage in source.passages:
                gain = self._rate(passage, clause, terms)
                if gain > most:
                    best = (passage,)
                    most = gain
                    sources = (source,)
        texts = [*best, *chain.from_iterable((source.title, source.context) for source in sources)]
        supports = []
        for term in terms:
            by_text = [self.support(term, text) for text in texts]
            supports.append(max(by_text, default=0.0))
        statuses = tuple(source.statuses for source in named or evidence if source.statuses)
        return AlignedStatement(clause, terms, tuple(supports), best, sources, statuses)

    def _rate(self, passage: CitedPassage, clause: Clause, terms: Sequence[StatementTerm]) -> float:
        """How well a passage supports a clause, in words and figures."""
        words = sum(term.weight * self.support(term, passage) for term in terms)
        figures = split_figures(figures_of(clause.text))
        return words + _FIGURE_GAIN * sum(_has_figure(passage, figure) for figure in figures)

    def support(self, term: StatementTerm, passage: CitedPassage) -> float:
        """How far a passage supports a word: 1 verbatim, 0.9 in another form, 0.7 by a synonym,
        else 0.

        Verbatim includes a word that begins with the same letters ("Maßnahme", "Maßnahmen").
        Another form may be a part of a compound. Nouns have only the synonyms of the groups in
        `word_lists`.
        """
        whole = term.word.terms[0]
        prefix = term.front
        if whole in passage.whole_terms or f" {prefix}" in passage.folded_letters:
            return 1.0
        is_inside = len(prefix) >= _LEAST_PREFIX and prefix in passage.folded_letters
        if whole in passage.terms or term.stem in passage.stems or is_inside:
            return _FORM_SUPPORT
        synonyms = (
            passage.synonyms.intersection(entry) or passage.terms >= set(entry)
            for entry in term.word.synonyms
        )
        if synonym_groups(term.text.lower()) & passage.groups or (
            not term.is_noun and (any(synonyms) or whole in passage.synonyms)
        ):
            return _SYNONYM_SUPPORT
        return 0.0

    def _find_terms(self, clause: Clause) -> Iterator[StatementTerm]:
        """Yield the content words of a clause that have to be supported.

        Numbers have a check of their own, and generic words ("Projekt") fit any item, so both are
        left out. A word weighs the more, the rarer it is; one that is no noun only half as much.
        """
        for token in filter(_is_specific, clause.tokens):
            synonyms = self._synonyms_of(token.text)
            kind_weight = 1.0 if token.is_noun else _VERB_WEIGHT
            for word in self.corpus.analyzer.words(token.text.rstrip("-")):
                if word.whole.isdigit():
                    continue
                weight = kind_weight * self.corpus.rarity(word.whole) / self.corpus.rarest(())
                query_word = QueryWord(token.text, word.terms, synonyms=synonyms)
                yield StatementTerm(query_word, token.stem, token.is_noun, weight)

    def _passage(self, text: str, quote: str = "", before: str = "") -> CitedPassage:
        """The passage of a text; `quote` is what is quoted of it, by default the text itself.

        `before` is the sentence before it, if the text refers back to that ("Dies wird …"). Its
        words belong to the passage, but its clauses and figures do not: they would be of another
        statement.
        """
        full_text = f"{before} {text}".strip()
        clauses = split_clauses(text)
        words = self.corpus.analyzer.words(full_text)
        tokens = chain.from_iterable(clause.tokens for clause in clauses)
        specific = filter(_is_specific, tokens)
        entries = chain.from_iterable(self._synonyms_of(token.text) for token in specific)
        synonyms = frozenset(entry[0] for entry in entries if len(entry) == 1)
        terms = frozenset(chain.from_iterable(word.terms for word in words))
        wholes = frozenset(word.whole for word in words)
        return CitedPassage(
            full_text, quote or text, clauses, terms, wholes, synonyms, figures_of(text)
        )

    def _build_evidence(self, document_id: str, key: str) -> ItemEvidence:
        """The texts of an item by which sentences that cite it are checked.

        An item without text has its titles as passages. The context has what stands around it: the
        headings above, theme and goal, its status in words, and the metadata of its document.
        """
        item = self.corpus.catalogue.item(document_id, key)
        assert item is not None
        titles = [
            text
            for text in (item.title, item.table_title, item.heading)
            if text and not is_prompt_injection(text)
        ]
        passages = tuple(self._build_passages(item)) or tuple(
            self._passage(text) for text in dict.fromkeys(titles)
        )
        status = f"Status: {wording.status_word(item.status, 'de')}" if item.status else ""
        headings = [
            *item.path,
            item.status_heading,
            status,
            *(head.title for head in (item.theme, item.goal) if head),
        ]
        document = self.corpus.document(item)
        remarks = (wording.draft_remark(document, "de"), wording.format_as_of(document, "de"))
        metadata = [
            document.title,
            document.publisher,
            *remarks,
            *(fact.quote for fact in document.front),
        ]
        around = filter(None, (*headings, *metadata, item.former_ref))
        title = self._passage("\n".join([*titles, item.ref]))
        context = self._passage("\n".join(around))
        return ItemEvidence(item, passages, title, context, statuses_of(item))

    def _build_passages(self, item: Item) -> Iterator[CitedPassage]:
        """Yield an item's passages: its sentences, its labelled fields of one sentence, and its
        parsed values.

        A sentence that refers back in its first three words ("Dies wird geprüft.") is read with the
        one before it. A parsed value, such as the units, gets a label and is quoted by its row or
        heading, as it has no sentence. The title page also proves who published the document.
        Prompt injections are left out.
        """
        before = ""
        # "Dies wird geprüft." is read with the sentence before it
        for sentence in self.corpus.sentences(item):
            refers_back = any(
                is_listed(word.lower(), "refers_back") for word in sentence.text.split()[:3]
            )
            yield self._passage(sentence.text, before=before if refers_back else "")
            before = sentence.text
        for field in item.fields:
            text = f"{field.label}: {field.printed}"
            if len(sentence_spans(field.text)) == 1 and not is_prompt_injection(text):
                yield self._passage(text, field.text)
        document = self.corpus.document(item)
        if document.publisher and item == self.corpus.title_page(document.id):
            names = {"publisher": document.publisher, "title": document.title}
            yield self._passage(word_lists()["published"]["text"].format(**names), item.heading)
        for name, label in word_lists()["labels"].items():
            value = getattr(item, name)
            text = ", ".join(value) if isinstance(value, tuple) else value
            if text:
                yield self._passage(f"{label}: {text}", item.table_row or item.heading)


def _is_specific(token: Token) -> bool:
    """True for a content word that does not fit any item."""
    return token.is_content and not is_listed(token.lower, "generic")


def split_figures(several: Quantities, dates: Collection[DateValue] = ()) -> list[Quantities]:
    """The figures of a text one by one, each as `Quantities` of its own, so that each can be
    checked alone.

    The number 1 is left out, for "ein" is an article, too; and so are the given `dates`.
    """
    numbers = [Quantities(numbers=(number,)) for number in several.numbers if number.printed != "1"]
    moments = [Quantities(moments=(moment,)) for moment in several.moments if moment not in dates]
    return numbers + moments + [Quantities(codes=frozenset((code,))) for code in several.codes]


def texts_of_count(count: Count) -> Iterator[str]:
    """Yield what a sentence may state of a count: its number, the words of its conditions, and each
    group with its number ("4 in Planung").
    """
    yield from (str(count.number), *count.words)
    yield from (f"{number} {name}" for name, number in count.groups)


def statuses_of(item: Item) -> frozenset[ItemStatus]:
    """The statuses that may be stated of a record; empty if it has none.

    This is its status. If text and table of its document contradict each other, both of theirs
    count.
    """
    conflicts = [conflict for conflict in item.conflicts if conflict.field == "status"]
    values = {
        item.status,
        *chain.from_iterable((conflict.text, conflict.table) for conflict in conflicts),
    }
    return frozenset(status for status in ItemStatus if status in values)


def _has_figure(passage: CitedPassage, figure: Quantities) -> bool:
    """True if a passage states a figure, or prints its digits as a word of its own.

    By its digits alone a number is found whose unit the sentence left out.
    """
    printed = passage.quote.split()
    return passage.figures.supports_all(figure) or any(
        number.printed in printed for number in figure.numbers
    )
