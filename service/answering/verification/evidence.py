"""A freely worded sentence beside what it cites: each clause aligned with the one or two passages that support it.

A passage is a sentence or a labelled field of a cited item, with the sentence before it where it refers back to that.
What a clause says has to be in the passages that it is aligned with, in the item's title or in the headings above it;
words that are elsewhere in the item do not support it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from service import wording
from service.answering.corpus import Corpus
from service.answering.draft import Counted
from service.answering.retrieval.terms import QueryWord, cover
from service.answering.verification.clauses import (
    Clause,
    is_listed,
    lists_of,
    lower_words,
    matches,
    plain,
    split_clauses,
    word_lists,
)
from service.answering.verification.verbatim import is_order
from vectorstore.analysis import fold
from vectorstore.language import rate_distinctiveness
from vectorstore.quantities import Figures, Moment, figures
from vectorstore.records import Document, DocumentStatus, Item, ItemStatus
from vectorstore.sentences import sentence_spans

_CACHED = 1024  # items whose passages are cached
_FRONT, _ENDING = 6, 3  # letters by which a word with another ending is recognised, and letters of endings
_SPELLED, _LIKE = 7, 88  # letters from which a word is the same with a typing error, and how like it then is, of 100
_POINT = 600  # letters of an item that is only a point of another
_FORM, _OTHERWISE = 0.9, 0.7  # support by a form of a word, by another word for it
_TITLE, _FIGURE, _CLASS = 0.3, 2.0, 0.2  # what words of titles, figures, deciding words count in choosing passages
_VERB = 0.5  # weight of what is no noun
_GAIN = 0.6  # weight that a second passage must add
_SHORT = 4  # words of a passage from which on a shorter one with the same words is preferred
_NEAREST = 0.7  # share of the largest overlap from which a clause is near


@dataclass(frozen=True, slots=True)
class StatementTerm:
    """A content word with its weight; `is_name` where neither everyday German nor a vocabulary has it."""

    word: QueryWord
    stem: str
    is_noun: bool
    is_name: bool
    is_predicate: bool
    weight: float

    @property
    def text(self) -> str:
        """The word as printed."""
        return self.word.text

    @property
    def front(self) -> str:
        """Its letters without an ending."""
        folded = fold(self.text)
        return folded[: max(_FRONT, len(folded) - _ENDING)]


@dataclass(frozen=True, eq=False)
class CitedPassage:
    """What an item says in one place: `quote` is verbatim in it, `text` has its label and what it refers back to."""

    text: str
    quote: str
    clauses: tuple[Clause, ...]
    terms: frozenset[str]  # index terms of its words
    wholes: frozenset[str]  # those without parts of compounds
    synonyms: frozenset[str]
    figures: Figures  # its numbers, dates and codes

    @cached_property
    def folded_letters(self) -> str:
        """Its letters, a space before each word."""
        return f" {' '.join(fold(self.text).split())}"

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words."""
        return frozenset[str]().union(*(clause.stems for clause in self.clauses))

    @cached_property
    def groups(self) -> frozenset[int]:
        """The groups of synonyms that its words are of."""
        return frozenset[int]().union(*map(synonym_groups, self.lowered))

    @cached_property
    def lowered(self) -> frozenset[str]:
        """Its words and pairs of words in lower case, verbs also with their prefix."""
        return lower_words(self.text).union(*(clause.words for clause in self.clauses))

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes of deciding words that it has, and whether it denies."""
        return frozenset[str]().union(*(clause.classes for clause in self.clauses))


@dataclass(frozen=True, slots=True, eq=False)
class ItemEvidence:
    """What a cited item says: its passages, its title, what is above it with document metadata, its statuses."""

    item: Item
    passages: tuple[CitedPassage, ...]
    title: CitedPassage
    around: CitedPassage
    statuses: frozenset[ItemStatus]


@dataclass(frozen=True)
class AlignedStatement:
    """A clause beside the passages that it is aligned with, and how far these support each of its words."""

    clause: Clause
    terms: tuple[StatementTerm, ...]
    supports: tuple[float, ...]
    passages: tuple[CitedPassage, ...]
    sources: tuple[ItemEvidence, ...]  # whose passages they are
    known: tuple[frozenset[ItemStatus], ...]  # the statuses of the items that it names

    @cached_property
    def is_titled(self) -> bool:
        """True if all its nouns are in the title of what it cites: it is about the item itself."""
        titles = frozenset[str]().union(*(source.title.wholes for source in self.sources))
        return all(term.word.terms[0] in titles for term in self.terms if term.is_noun)

    @property
    def clauses(self) -> list[Clause]:
        """The clauses of its passages."""
        return [clause for passage in self.passages for clause in passage.clauses]

    @cached_property
    def nearest(self) -> tuple[Clause, ...]:
        """The clauses of its passages that share most of its words and figures."""
        best = max(map(self.overlap, self.clauses), default=0.0)
        return tuple(clause for clause in self.clauses if self.overlap(clause) >= _NEAREST * best > 0)

    def overlap(self, clause: Clause) -> float:
        """How much of its words and figures a clause has, by weight; a verb in common counts as a noun."""
        text = fold(clause.text)
        own = sum(t.weight for t in self.terms if t.stem in clause.stems or t.front in text)
        own += _VERB * bool(self.clause.verbs & clause.stems)
        return own + _FIGURE * sum(clause.figures.prove(figure) for figure in each_figure(self.clause.figures))


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A freely worded sentence with all that may support it.

    `items` are cited, `dates` those of the cited documents; `on_documents` says that it cites a document itself.
    """

    text: str
    statements: tuple[AlignedStatement, ...]
    evidence: tuple[ItemEvidence, ...]
    items: tuple[Item, ...] = ()
    documents: tuple[Document, ...] = ()
    dates: Collection[Moment] = ()
    counted: tuple[Counted, ...] = ()
    on_documents: bool = False

    @property
    def statuses(self) -> frozenset[DocumentStatus | None]:
        """The statuses of the cited documents."""
        return frozenset(document.status for document in self.documents)

    def texts(self) -> Iterator[str]:
        """All that the cited items, what is above them, their documents and the counts say."""
        for source in self.evidence:
            yield from (passage.text for passage in (*source.passages, source.title, source.around))
        yield from (text for document in self.documents for text in (document.title, document.publisher))
        yield from (text for count in self.counted for text in count_words(count))


class Aligner:
    """Aligns sentences with the items of an edition; what items say is cached."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.evidence = lru_cache(maxsize=_CACHED)(self._read_item)
        self._entries = lru_cache(maxsize=65536)(lambda printed: corpus.expansion.entries(printed, "de"))
        self._towns = frozenset(name.lower() for item in corpus.catalogue.items for name in item.municipalities)

    def cited(self, items: Sequence[Item]) -> tuple[ItemEvidence, ...]:
        """What items say, and what is only a point of them: bullets under a goal, without fields and status."""
        children = self.corpus.catalogue.children
        keys = {
            (own.document_id, own.key): None
            for item in items
            for own in (item, *children(item))
            if own is item or not (own.fields or own.status or len(own.body) > _POINT or children(own))
        }
        return tuple(self.evidence(*key) for key in keys)

    def align(self, text: str, evidence: tuple[ItemEvidence, ...]) -> tuple[AlignedStatement, ...]:
        """The clauses of a sentence, each beside the passages that support it."""
        return tuple(self._align(clause, evidence) for clause in split_clauses(text, denied=False))

    def _align(self, clause: Clause, evidence: tuple[ItemEvidence, ...]) -> AlignedStatement:
        terms, sources = tuple(self._terms(clause)), {p: source for source in evidence for p in source.passages}
        titled = [max((self.support(term, s.title) for s in evidence), default=0.0) == 1.0 for term in terms]
        result, left = [0.0] * len(terms), each_figure(clause.figures)
        table = {passage: [self.support(term, passage) for term in terms] for passage in sources}

        def gain(passage: CitedPassage) -> float:
            words = zip(terms, table[passage], result, titled, strict=True)
            added = sum(t.weight * max(0.0, s - old) * (_TITLE if title else 1.0) for t, s, old, title in words)
            added += _FIGURE * sum(_has_figure(passage, figure) for figure in left)
            added += _CLASS * len(clause.classes & passage.classes) * (not chosen)
            return added * (1 + 1 / max(len(passage.wholes), _SHORT))

        chosen: list[CitedPassage] = []
        for least in (0.0, _GAIN, _FIGURE):  # a second where it adds enough, a third with a figure
            best = max(table, key=gain, default=None)
            if best is not None and gain(best) > least:
                chosen.append(best)
                result = list(map(max, result, table[best]))
                left = [figure for figure in left if not _has_figure(best, figure)]
        cited = tuple(dict.fromkeys(sources[passage] for passage in chosen)) or evidence
        heads = [head for source in cited for head in (source.title, source.around)]
        supports = [
            max((old, *(self.support(t, head) for head in heads))) for t, old in zip(terms, result, strict=True)
        ]
        named = [source for source in evidence if any(self.support(term, source.title) == 1.0 for term in terms)]
        known = tuple(source.statuses for source in named or evidence if source.statuses)
        return AlignedStatement(clause, terms, tuple(supports), tuple(chosen), cited, known)

    def support(self, term: StatementTerm, passage: CitedPassage) -> float:
        """How far a passage supports a word, 0 to 1: as it is, in another form, as a synonym, in parts."""
        whole, beginning = term.word.terms[0], term.front
        if whole in passage.wholes or f" {beginning}" in passage.folded_letters:
            return 1.0
        if (
            whole in passage.terms
            or term.stem in passage.stems
            or (len(beginning) >= _FRONT and beginning in passage.folded_letters)
        ):
            return _FORM
        others = (passage.synonyms.intersection(entry) or passage.terms >= set(entry) for entry in term.word.others)
        if whole in passage.synonyms or synonym_groups(term.text.lower()) & passage.groups or any(others):
            return _OTHERWISE
        spelled = [word for word in passage.folded_letters.split() if len(word) >= _SPELLED - 1]
        if len(term.text) >= _SPELLED and process.extractOne(
            fold(term.text), spelled, scorer=fuzz.ratio, score_cutoff=_LIKE
        ):
            return _OTHERWISE
        return cover(term.word, passage.terms, self.corpus)

    def _terms(self, clause: Clause) -> Iterator[StatementTerm]:
        """The content words of a clause, without numbers, months, units and what is said of any item."""
        for token in clause.tokens:
            entries = self._entries(token.text) if token.is_content else ()
            for word in self.corpus.analyzer.words(token.text.rstrip("-")) if token.is_content else ():
                is_common = entries or word.parts or rate_distinctiveness(fold(token.text)) < 1.0
                is_name = token.lower in self._towns or (token.is_noun and not is_common)
                listed = lists_of("says", token.lower) | lists_of("deciding", token.lower)
                is_predicate = token.tag == "ADJ(D)" and not listed
                weight = (
                    (1.0 if token.is_noun or is_predicate else _VERB)
                    * self.corpus.rarity(word.whole)
                    / self.corpus.rarest(())
                )
                statement = QueryWord(token.text, word.terms, 1.0, entries)
                if not word.whole.isdigit():
                    yield StatementTerm(statement, token.stem, token.is_noun, is_name, is_predicate, weight)

    def _passage(self, text: str, quote: str = "", before: str = "") -> CitedPassage:
        clauses, words = split_clauses(text), self.corpus.analyzer.words(f"{before} {text}")
        entries = (e for c in clauses for token in c.tokens if token.is_content for e in self._entries(token.text))
        synonyms = frozenset(entry[0] for entry in entries if len(entry) == 1)
        terms = frozenset(term for word in words for term in word.terms)
        wholes = frozenset(word.whole for word in words)
        every = f"{before} {text}".strip()
        return CitedPassage(every, quote or text, clauses, terms, wholes, synonyms, figures(plain(text)))

    def _read_item(self, document_id: str, key: str) -> ItemEvidence:
        item = self.corpus.catalogue.item(document_id, key)
        assert item is not None
        titles = [text for text in (item.title, item.table_title, item.heading, item.table_row) if text]
        titles = [text for text in titles if not is_order(text)]
        passages = tuple(self._passages(item)) or tuple(self._passage(text) for text in dict.fromkeys(titles))
        state = f"Status: {wording.status(item.status, 'de')}" if item.status else ""
        above = (*item.path, item.status_heading, state, *(head.title for head in (item.theme, item.goal) if head))
        around = [*filter(None, above), *metadata_texts(self.corpus.document(item)), item.former_ref or ""]
        title, around_it = self._passage("\n".join([*titles, item.ref])), self._passage("\n".join(around))
        return ItemEvidence(item, passages, title, around_it, statuses_of(item))

    def _passages(self, item: Item) -> Iterator[CitedPassage]:
        """The sentences and fields of an item, each with its label or what it refers back to."""
        before = ""
        for sentence in self.corpus.sentences(item):
            is_back = any(is_listed(word.lower(), "refers_back", "words") for word in sentence.text.split()[:3])
            yield self._passage(sentence.text, sentence.text, before if is_back else "")
            before = sentence.text
        for labelled in item.fields:
            if len(sentence_spans(labelled.text)) == 1 and not is_order(f"{labelled.label}: {labelled.text}"):
                yield self._passage(f"{labelled.label}: {labelled.text}", labelled.text)
        for name, label in word_lists()["labels"].items():
            value = getattr(item, name)
            if text := ", ".join(value) if isinstance(value, tuple) else value:
                yield self._passage(f"{label}: {text}", item.table_row or item.heading)


@lru_cache(maxsize=65536)
def synonym_groups(word: str) -> frozenset[int]:
    """The groups of synonyms that have a word in lower case, by their number."""
    groups = word_lists()["synonyms"]["groups"]
    return frozenset(number for number, group in enumerate(groups) if matches(word, group))


def each_figure(several: Figures, dates: Collection[Moment] = ()) -> list[Figures]:
    """Each number from two on, date and code for itself, but for the dates of the documents themselves."""
    numbers = [Figures(numbers=(number,)) for number in several.numbers if number.printed != "1"]
    moments = [Figures(moments=(moment,)) for moment in several.moments if moment not in dates]
    return numbers + moments + [Figures(codes=frozenset((code,))) for code in several.codes]


def count_words(count: Counted) -> Iterator[str]:
    """What may be stated of a count: its number, its conditions, its groups."""
    yield from (str(count.number), *count.words)
    yield from (f"{number} {name}" for name, number in count.groups)


def statuses_of(item: Item) -> frozenset[ItemStatus]:
    """The statuses that a document gives a record, those of its lists included."""
    own = {item.status} if item.status else set()
    texts = (
        text for conflict in item.conflicts if conflict.field == "status" for text in (conflict.text, conflict.table)
    )
    return frozenset(own | {ItemStatus(text) for text in texts if text in set(ItemStatus)})


def metadata_texts(document: Document) -> Iterable[str]:
    """What the edition has of a document itself: title, publisher, status, date."""
    stated = (document.title, document.publisher, wording.authority(document, "de"), wording.dated(document, "de"))
    return filter(None, (*stated, *(fact.quote for fact in document.front)))


def _has_figure(passage: CitedPassage, figure: Figures) -> bool:
    """True if a passage states a figure, or prints its digits with a unit that the sentence leaves out."""
    printed = passage.quote.split()
    return passage.figures.prove(figure) or any(number.printed in printed for number in figure.numbers)
