"""A freely worded sentence beside what it cites: each clause aligned with the one or two passages that support it.

A passage is a sentence or a labelled field of a cited item, with the sentence before it where it refers back to that.
What a clause says has to be in the passages that it is aligned with, in the item's title or in the headings above it;
words that are elsewhere in the item do not support it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from service import wording
from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.draft import Counted
from service.answering.retrieval.terms import QueryWord, cover
from service.answering.verification.clauses import (
    Clause,
    Token,
    classes_of,
    has_word_of,
    is_listed,
    is_measure,
    lower_words,
    plain,
    split_clauses,
    verb_stem,
    word_lists,
)
from service.answering.verification.verbatim import is_order
from vectorstore.analysis import fold, of_same_root
from vectorstore.language import frequencies
from vectorstore.quantities import Figures, Moment, figures
from vectorstore.records import Document, DocumentStatus, Item, ItemStatus
from vectorstore.sentences import sentence_spans

_CACHED = 1024  # items whose passages are cached
_FRONT, _ENDING = 6, 3  # letters by which a word with another ending is recognised, and letters of endings
_LIKE, _SPELLED = 88, 7  # of 100: from which a word of so many letters is the same with a typing error
_CLASS = 0.3  # what a deciding word of the same class counts in choosing passages
_TITLE, FIGURE = 0.3, 2.0  # what a word of an item's title, and what a figure counts in choosing passages
_DENSITY, _SHORT = 1.0, 4  # how much a short passage with the same words is preferred; words of a short one
_ALIKE = 0.5  # share of the best overlap from which a clause with the same verb is nearer
_POINT = 600  # letters of an item that is only a point of another
_GAIN = 0.6  # weight that a second passage must add
_OTHERWISE, _REFERRED = 0.7, 0.6  # support by another form or word, by a subject that only refers to the item
_PART = 0.9  # support of a word by a compound that ends with it
_HEAD = 0.6  # support of a compound by its last part as a word of its own
_VERB = 0.5  # weight of what is no noun


@dataclass(frozen=True, slots=True)
class StatementTerm:
    """A content word of a clause with its weight.

    `is_name` says that neither German nor a vocabulary has a noun, `is_unknown` that no item has another word.
    """

    word: QueryWord
    noun: bool
    weight: float
    is_name: bool = False
    is_unknown: bool = False

    @property
    def text(self) -> str:
        """The word as printed."""
        return self.word.text


@dataclass(frozen=True)
class CitedPassage:
    """What an item says in one place: `quote` is verbatim in it, `text` has its label and what it refers back to."""

    text: str
    quote: str
    terms: frozenset[str]
    wholes: frozenset[str]
    synonyms: frozenset[str]
    clauses: tuple[Clause, ...]
    item: int = 0

    @cached_property
    def folded_letters(self) -> str:
        """Its letters, a space before each word."""
        return " " + " ".join(fold(self.text).split())

    @cached_property
    def words(self) -> list[str]:
        """Its longer words, folded."""
        return [word for word in self.folded_letters.split() if len(word) >= _SPELLED - 1]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words, as verbs have them."""
        return frozenset[str]().union(*(clause.stems for clause in self.clauses))

    @cached_property
    def lowered(self) -> frozenset[str]:
        """Its words and pairs of words in lower case."""
        return lower_words(self.text).union(*(clause.words for clause in self.clauses))

    @cached_property
    def refers(self) -> bool:
        """True if its subject only stands for the item: "Das Projekt", "Es"."""
        first = [word.lower().strip(",.;:") for word in self.text.split()[:3]]
        lists = word_lists()
        return any(is_listed(word, (*lists["refers_back"]["words"], *lists["says"]["own"])) for word in first)

    def has_figure(self, figure: Figures) -> bool:
        """True if it has a figure, or at least its digits."""
        return _prints(self.text, figure)


@dataclass(frozen=True, slots=True)
class ItemEvidence:
    """What a cited item says: its passages; its title; what is above it and its document's metadata."""

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
    passages: tuple[CitedPassage, ...]
    context: tuple[CitedPassage, ...]
    supports: tuple[float, ...]
    known: tuple[frozenset[ItemStatus], ...]
    ahead: bool
    scores: tuple[tuple[float, CitedPassage], ...] = field(repr=False)

    @property
    def every_figure(self) -> list[Figures]:
        """Each number, date and code for itself."""
        return each_figure(self.clause.figures)

    @cached_property
    def nearest_passages(self) -> tuple[CitedPassage, ...]:
        """Its passages but for one that has far less of its words than the first."""
        contents = {id(passage): score for score, passage in self.scores}
        least = 0.5 * max((contents[id(item)] for item in self.passages), default=0.0)
        return tuple(item for item in self.passages if contents[id(item)] >= least)

    @cached_property
    def nearest(self) -> tuple[Clause, ...]:
        """The clauses of its passages that share most of its words, those with its verb where there are any."""
        found = [(self.overlap(clause), clause) for passage in self.passages for clause in passage.clauses]
        best = max((score for score, _ in found), default=0.0)
        same = [(score, item) for score, item in found if self.clause.verbs & item.verbs and score >= _ALIKE * best > 0]
        best = max((score for score, _ in same), default=best)
        return tuple(clause for score, clause in same or found if score >= 0.9 * best > 0)

    def overlap(self, clause: Clause) -> float:
        """How much of its words and figures a clause has, by weight."""
        text = f" {fold(clause.text)}"
        found = sum(
            term.weight
            for term in self.terms
            if fold(term.text)[: max(5, len(term.text) - _ENDING)] in text or verb_stem(term.text) in clause.stems
        )
        return found + FIGURE * sum(clause.figures.prove(figure) for figure in self.every_figure)


@dataclass(frozen=True, slots=True)
class AlignedMatch:
    """A passage with its support of each word of a clause, and of all of them by weight."""

    passage: CitedPassage
    supports: Sequence[float]
    score: float


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A freely worded sentence with all that may support it.

    `dates` are those of the cited documents, `on_documents` says that it cites a document itself.
    """

    text: str
    statements: tuple[AlignedStatement, ...]
    evidence: tuple[ItemEvidence, ...]
    documents: tuple[Document, ...] = ()
    dates: Collection[Moment] = ()
    counted: tuple[Counted, ...] = ()
    on_documents: bool = False

    @property
    def statuses(self) -> frozenset[DocumentStatus | None]:
        """The statuses of the cited documents."""
        return frozenset(document.status for document in self.documents)

    def quotes(self, most: int) -> list[tuple[int, str]]:
        """The few passages that show the sentence, with the place of their item; each further one shows more of it."""
        needed: list[tuple[float, frozenset[tuple[int, str]]]] = []
        for statement in self.statements:
            every = [passage for source in self.evidence for passage in source.passages]
            near = statement.passages or every
            for term, support in zip(statement.terms, statement.supports, strict=True):
                content = [item for item in near if support and item.quote and _shows(term, item)]
                needed.append((term.weight, frozenset((item.item, item.quote) for item in content)))
            for figure in statement.every_figure:
                content = [item for item in near if _prints(item.quote, figure)]
                content = content or [item for item in every if _prints(item.quote, figure)]
                needed.append((2 * FIGURE, frozenset((item.item, item.quote) for item in content)))
        return _cover(needed, most)


class Aligner:
    """Aligns sentences with the items of an edition; what items say is cached."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self._evidence = lru_cache(maxsize=_CACHED)(self._read_item)
        towns = (name.lower() for item in corpus.catalogue.items for name in item.municipalities)
        self._places = lexicon.lines("places.txt").union(towns)
        self._entries = lru_cache(maxsize=65536)(self._find_entries)

    def claim(
        self,
        text: str,
        items: Sequence[Item],
        documents: Sequence[Document] = (),
        dates: Collection[Moment] = (),
        counted: tuple[Counted, ...] = (),
        on_documents: bool = False,
    ) -> CheckedClaim:
        """A sentence aligned with the items that it cites."""
        every = dict.fromkeys((point.document_id, point.key) for item in items for point in (item, *self._points(item)))
        evidence = tuple(map(self._evidence, every))
        evidence = tuple(
            replace(source, passages=tuple(replace(passage, item=place) for passage in source.passages))
            for place, source in enumerate(evidence)
        )
        statements: list[AlignedStatement] = []
        for place, clause in enumerate(split_clauses(text, denied=False)):
            statements.append(self._align(clause, evidence, statements[-1] if place else None))
        return CheckedClaim(text, tuple(statements), evidence, tuple(documents), dates, counted, on_documents)

    def evidence(self, item: Item) -> ItemEvidence:
        """What an item says."""
        return self._evidence((item.document_id, item.key))

    def _points(self, item: Item) -> Iterator[Item]:
        """The points of an item that are items of their own without fields and status: bullets under a goal."""
        catalogue = self.corpus.catalogue
        for child in catalogue.children(item):
            if not (child.fields or child.status or len(child.body) > _POINT or catalogue.children(child)):
                yield child

    def _align(
        self, clause: Clause, evidence: tuple[ItemEvidence, ...], before: AlignedStatement | None
    ) -> AlignedStatement:
        terms, figured = self._terms(clause), each_figure(clause.figures)
        if not (terms or figured) and before is not None:
            return replace(before, clause=clause, terms=(), supports=())
        matches = self._match(terms, evidence)
        chosen = _choose(matches, [term.weight for term in terms], figured, clause)
        context = [item for source in _cited_by(chosen, evidence) for item in (source.title, source.around)]
        supports = [
            max(
                (*(match.supports[place] for match in chosen), *(self.support(term, item) for item in context)),
                default=0.0,
            )
            for place, term in enumerate(terms)
        ]
        named = [source for source in evidence if any(self.support(term, source.title) == 1.0 for term in terms)]
        return AlignedStatement(
            clause,
            terms,
            tuple(match.passage for match in chosen),
            tuple(context),
            tuple(supports),
            tuple(source.statuses for source in named or evidence if source.statuses),
            clause.has("ahead") or (before is not None and before.ahead and not before.clause.text.endswith(";")),
            tuple((match.score, match.passage) for match in matches),
        )

    def _match(self, terms: Sequence[StatementTerm], evidence: Sequence[ItemEvidence]) -> list[AlignedMatch]:
        """How far each passage of the evidence supports each word; words of titles count little in comparing them."""
        titles = [source.title for source in evidence]
        shares = [_TITLE if any(self.support(term, title) == 1.0 for title in titles) else 1.0 for term in terms]
        passages = [passage for source in evidence for passage in source.passages]
        table = [[self.support(term, passage) for term in terms] for passage in passages]
        whole = [max(column) for column in zip(*table, strict=True)] if table else []
        matches = []
        for passage, row in zip(passages, table, strict=True):
            supports = _refer(terms, row, whole) if passage.refers else row
            score = sum(t.weight * s * share for t, s, share in zip(terms, supports, shares, strict=True))
            score += _DENSITY * score / max(len(passage.wholes), _SHORT)
            matches.append(AlignedMatch(passage, supports, score))
        return matches

    def support(self, term: StatementTerm, passage: CitedPassage) -> float:
        """How far a passage supports a word, 0 to 1: as it is, in another form, as a synonym, in parts."""
        whole, folded = term.word.terms[0], fold(term.text)
        front = folded[: max(_FRONT, len(folded) - _ENDING)]
        if whole in passage.wholes:
            return 1.0
        if len(folded) >= _FRONT and f" {front}" in passage.folded_letters:
            longest = min(len(word) for word in passage.folded_letters.split() if word.startswith(front))
            return 1.0 if longest - len(folded) <= _ENDING + 1 else _HEAD
        if whole in passage.terms or (len(folded) >= _FRONT and front in passage.folded_letters):
            return _PART
        if len(folded) < _FRONT and f" {folded[: max(4, len(folded) - 1)]}" in passage.folded_letters:
            return 1.0
        if any(root in passage.terms for root in of_same_root(whole)) or whole in passage.synonyms:
            return _OTHERWISE
        if (not term.noun or len(folded) > 4) and (stem := verb_stem(term.text)) and stem in passage.stems:
            return _OTHERWISE
        best: float = cover(term.word, passage.terms, self.corpus)
        if term.word.terms[-1] in passage.wholes:
            best = max(best, _HEAD)
        if best >= 0.5 or any(not passage.synonyms.isdisjoint(other) for other in term.word.others):
            return max(best, _OTHERWISE if best < 0.5 else best)
        if len(folded) >= _SPELLED and process.extractOne(folded, passage.words, scorer=fuzz.ratio, score_cutoff=_LIKE):
            return _OTHERWISE
        return best

    def _terms(self, clause: Clause) -> tuple[StatementTerm, ...]:
        """The content words of a clause, without numbers, months, units and what is said of any item."""
        generic = word_lists()["generic"]["words"]
        found = []
        for token in clause.tokens:
            if not _is_content(token) or is_listed(token.lower, generic):
                continue
            entries = self._entries(token.text)
            for word in self.corpus.analyzer.words(token.text.rstrip("-")):
                if word.whole.isdigit():
                    continue
                everyday = fold(token.text) in frequencies("de")
                name = token.noun and not entries and not everyday and not word.parts
                name = name or token.lower in self._places
                weight = (1.0 if token.noun else _VERB) * self.corpus.rarity(word.whole) / self.corpus.rarest(())
                unknown = not (token.noun or entries or any(map(self.corpus.knows, word.terms)))
                found.append(
                    StatementTerm(QueryWord(token.text, word.terms, 1.0, entries), token.noun, weight, name, unknown)
                )
        return tuple(found)

    def _find_entries(self, printed: str) -> tuple[tuple[str, ...], ...]:
        return self.corpus.expansion.entries(printed, "de")

    def _passage(self, text: str, quote: str = "", before: str = "") -> CitedPassage:
        every = f"{before} {text}" if before else text
        clauses = split_clauses(text)
        tokens = {token.text for clause in clauses for token in clause.tokens if _is_content(token)}
        synonyms = frozenset(
            term for word in tokens for entry in self._entries(word) if len(entry) == 1 for term in entry
        )
        words = self.corpus.analyzer.words(every)
        terms, wholes = (
            frozenset(term for word in words for term in word.terms),
            frozenset(word.whole for word in words),
        )
        return CitedPassage(every, quote or text, terms, wholes, synonyms, clauses)

    def _read_item(self, key: tuple[str, str]) -> ItemEvidence:
        item = self.corpus.catalogue.item(*key)
        assert item is not None
        document = self.corpus.document(item)
        titles = [text for text in (item.title, item.table_title, item.heading, item.table_row) if text]
        titles = [text for text in titles if not is_order(text)]
        passages = list(self._passages(item)) or [self._passage(text) for text in dict.fromkeys(titles)]
        state = f"Status: {wording.status(item.status, 'de')}" if item.status else ""
        above = (*item.path, item.status_heading, state, *(head.title for head in (item.theme, item.goal) if head))
        around = [*filter(None, above), *metadata_texts(document), item.former_ref or ""]
        statuses = statuses_of(item) or _status_in(clause for passage in passages for clause in passage.clauses)
        title = self._passage("\n".join([*titles, item.ref]))
        return ItemEvidence(item, tuple(passages), title, self._passage("\n".join(around)), statuses)

    def _passages(self, item: Item) -> Iterator[CitedPassage]:
        """The sentences and fields of an item, each with its label or what it refers back to."""
        before = ""
        for sentence in self.corpus.sentences(item):
            yield self._passage(sentence.text, sentence.text, before if _refers_back(sentence.text) else "")
            before = sentence.text
        for labelled in item.fields:
            if len(sentence_spans(labelled.text)) == 1 and not is_order(f"{labelled.label}: {labelled.text}"):
                yield self._passage(f"{labelled.label}: {labelled.text}", labelled.text)
        labels, row = word_lists()["labels"], item.table_row or item.heading
        for name in ("responsible", "period", "cost", "priority", "cooperation", "municipalities"):
            value = getattr(item, name)
            if text := ", ".join(value) if isinstance(value, tuple) else value:
                yield self._passage(f"{labels[name]}: {text}", row)


def each_figure(several: Figures, dates: Collection[Moment] = ()) -> list[Figures]:
    """Each number from two on, date and code for itself, but for the dates of the documents themselves."""
    numbers = [Figures(numbers=(number,)) for number in several.numbers if number.printed != "1"]
    moments = [Figures(moments=(moment,)) for moment in several.moments if moment not in dates]
    return numbers + moments + [Figures(codes=frozenset((code,))) for code in several.codes]


def statuses_of(item: Item) -> frozenset[ItemStatus]:
    """The statuses that a document gives a record, those of its lists included."""
    own = {item.status} if item.status else set()
    texts = (
        text for conflict in item.conflicts if conflict.field == "status" for text in (conflict.text, conflict.table)
    )
    return frozenset(own | {ItemStatus(text) for text in texts if text in set(ItemStatus)})


def metadata_texts(document: Document) -> Iterator[str]:
    """What the edition has of a document itself: title, publisher, status, date."""
    yield from (document.title, document.publisher)
    yield from filter(None, (wording.authority(document, "de"), wording.dated(document, "de")))
    yield from (fact.quote for fact in document.front if fact.quote)


def _is_content(token: Token) -> bool:
    """True for a word that says something by itself."""
    return token.text[0].isalpha() and len(token.text) > (1 if token.noun else 2) and not is_measure(token.text)


def _refers_back(text: str) -> bool:
    """True if a sentence goes on from the one before it."""
    return any(is_listed(word.lower(), word_lists()["refers_back"]["words"]) for word in text.split()[:3])


def _refer(terms: Sequence[StatementTerm], supports: list[float], whole: Sequence[float]) -> list[float]:
    """The supports of a passage whose subject stands for the item: of one noun that the item has elsewhere."""
    made = list(supports)
    gaps = [(whole[place] - made[place], place) for place, term in enumerate(terms) if term.noun]
    gap, place = max(gaps, default=(0.0, 0))
    if gap > 0:
        made[place] = max(made[place], min(whole[place], _REFERRED))
    return made


def _choose(
    matches: Sequence[AlignedMatch], weights: Sequence[float], figured: Sequence[Figures], clause: Clause
) -> list[AlignedMatch]:
    """The passage that supports most of a clause, its figures and classes, and another one where that adds enough."""
    classes = _classes(clause)

    def score(match: AlignedMatch) -> float:
        figures_in = sum(match.passage.has_figure(figure) for figure in figured)
        return match.score + FIGURE * figures_in + _CLASS * len(classes & _classes_in(match.passage))

    first = max(matches, key=score, default=None)
    if first is None or score(first) <= 0:
        return []

    def gain(match: AlignedMatch) -> float:
        pairs = zip(weights, match.supports, first.supports, strict=True)
        added = sum(weight * max(0.0, new - old) for weight, new, old in pairs)
        added += FIGURE * sum(match.passage.has_figure(f) and not first.passage.has_figure(f) for f in figured)
        return added + _CLASS * len((classes & _classes_in(match.passage)) - _classes_in(first.passage))

    second = max((match for match in matches if match is not first), key=gain, default=None)
    return [first, second] if second is not None and gain(second) >= _GAIN else [first]


def _cited_by(chosen: Sequence[AlignedMatch], evidence: Sequence[ItemEvidence]) -> list[ItemEvidence]:
    """The items of the chosen passages, each once; all where none is chosen."""
    return [evidence[place] for place in dict.fromkeys(match.passage.item for match in chosen)] or list(evidence)


@lru_cache(maxsize=8192)
def _classes(clause: Clause) -> frozenset[str]:
    return frozenset[str]().union(*map(classes_of, clause.words))


def _classes_in(passage: CitedPassage) -> frozenset[str]:
    return frozenset[str]().union(*map(_classes, passage.clauses))


def _status_in(clauses: Iterable[Clause]) -> frozenset[ItemStatus]:
    """The status that the text of an item without one states: "Die Maßnahme wurde 2024 umgesetzt"."""
    for clause in clauses:
        own = has_word_of((token.lower for token in clause.tokens[:2]), "own")
        if own and not clause.has("denied", "ahead", "idea"):
            if clause.has("ended") and not clause.has("passive_present"):
                return frozenset((ItemStatus.IMPLEMENTED,))
            if clause.has("now"):
                return frozenset((ItemStatus.IN_PROGRESS,))
    return frozenset()


def _prints(text: str, figure: Figures) -> bool:
    known = figures(plain(text))
    return known.prove(figure) or not set(known.printed).isdisjoint(figure.printed)


def _shows(term: StatementTerm, passage: CitedPassage) -> bool:
    """True if a passage prints a word in some form."""
    folded = fold(term.text)
    return folded[: max(4, len(folded) - _ENDING)] in passage.folded_letters or term.word.terms[0] in passage.terms


def _cover(wanted: list[tuple[float, frozenset[tuple[int, str]]]], most: int) -> list[tuple[int, str]]:
    """The passages that together show most; a further one has to show a figure or a noun that the others do not."""
    chosen: list[tuple[int, str]] = []
    while len(chosen) < most:
        gains: dict[tuple[int, str], float] = {}
        for weight, quotes in wanted:
            for quote in quotes:
                gains[quote] = gains.get(quote, 0.0) + weight
        if not gains or (chosen and max(gains.values()) < _VERB):
            break
        chosen.append(max(gains, key=gains.__getitem__))
        wanted = [(weight, quotes) for weight, quotes in wanted if chosen[-1] not in quotes]
    return chosen
