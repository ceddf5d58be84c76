"""A freely worded sentence beside what it cites: clause by clause, with the windows that share most of its terms."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from service.answering.draft import Counted
from service.answering.verification.clauses import (
    Clause,
    Evidence,
    SentenceReader,
    Term,
    Window,
    split_clauses,
    verb_stem,
)
from service.answering.verification.verbatim import words
from vectorstore.analysis import fold
from vectorstore.figures import Figures, Moment, figures
from vectorstore.records import Document, DocumentStatus, Item, ItemStatus

NEAR = 0.7  # share of the best score from which a window is near
_BEST = 0.9  # and from which it says the same
_TITLE = 0.3  # what a term of an item's title counts in comparing its windows
FIGURE = 2.0  # what a figure counts there
_PASSAGE, _PASSAGE_FIGURE = 1.4, 4.0  # weight that a further quote must add, and what a figure weighs there
FEW = 3  # terms of a clause that says little


@dataclass(frozen=True, slots=True)
class Statement:
    """A clause of a sentence beside the windows of what it cites; `near` have most of its terms and figures.

    `known` are the statuses of the items that it is about, `ahead` says that it goes on from what shall be.
    """

    clause: Clause
    terms: tuple[Term, ...]
    figures: Figures
    windows: Sequence[Window]
    scores: Sequence[float]
    sources: Sequence[Evidence]
    known: Sequence[frozenset[ItemStatus]]
    ahead: bool

    @property
    def near(self) -> list[Window]:
        """The windows that have most of it."""
        return self._from(NEAR)

    @property
    def best(self) -> list[Window]:
        """The windows that have nearly the most of it."""
        return self._from(_BEST)

    def _from(self, share: float) -> list[Window]:
        least = share * max(self.scores, default=0.0)
        return [window for window, score in zip(self.windows, self.scores, strict=True) if score >= least > 0]

    @property
    def context(self) -> list[Window]:
        """The titles and what is above them of the items that have near windows, of all where a title says it all."""
        least = NEAR * max(self.scores, default=0.0)
        near = [source for source, score in zip(self.sources, self.scores, strict=True) if score >= least > 0]
        nouns = [term for term in self.terms if term.noun]
        titled = all(any(source.title.support(term) for source in self.sources) for term in nouns)
        sources = {id(source): source for source in (self.sources if titled or not near else near)}
        return [window for source in sources.values() for window in (source.title, source.around)]

    def nearest_clauses(self, share: float = _BEST) -> list[Clause]:
        """The clauses of near windows that have nearly the most of its terms."""
        every = each_figure(self.figures)
        found = [
            (clause, clause_score(self.terms, clause) + FIGURE * sum(clause.figures.prove(one) for one in every))
            for window in self.near
            for clause in window.clauses
        ]
        least = share * max((score for _, score in found), default=0.0)
        return [clause for clause, score in found if score >= least > 0]


@dataclass(frozen=True, slots=True)
class Claim:
    """A freely worded sentence with all that may support it.

    `dates` are those of the cited documents, `on_documents` says that it cites a document itself.
    """

    text: str
    statements: tuple[Statement, ...]
    evidence: tuple[Evidence, ...]
    documents: tuple[Document, ...] = ()
    dates: Collection[Moment] = ()
    counted: tuple[Counted, ...] = ()
    on_documents: bool = False
    context: tuple[Window, ...] = field(default=())

    @property
    def statuses(self) -> frozenset[DocumentStatus | None]:
        """The statuses of the cited documents."""
        return frozenset(document.status for document in self.documents)

    def passages(self, most: int) -> list[str]:
        """The few quotes that have most of the sentence; a further one has a figure or a noun that the first lacks."""
        left: list[tuple[float, frozenset[str]]] = []
        for statement in self.statements:
            for term in statement.terms:
                held = (window.quote for window in statement.windows if window.support(term))
                left.append((term.weight * (1 if term.noun else 0.5), frozenset(held)))
            for figure in each_figure(statement.figures):
                held = (window.quote for window in statement.windows if _prints(window.quote, figure))
                left.append((_PASSAGE_FIGURE, frozenset(held)))
        chosen: list[str] = []
        while len(chosen) < most:
            gains: dict[str, float] = {}
            for weight, quotes in left:
                for quote in quotes:
                    gains[quote] = gains.get(quote, 0.0) + weight
            if not gains or (chosen and max(gains.values()) < _PASSAGE):
                break
            chosen.append(max(gains, key=gains.__getitem__))
            left = [(weight, quotes) for weight, quotes in left if chosen[-1] not in quotes]
        return chosen


def read_claim(
    reader: SentenceReader,
    text: str,
    items: Sequence[Item],
    documents: Sequence[Document] = (),
    dates: Collection[Moment] = (),
    counted: tuple[Counted, ...] = (),
    on_documents: bool = False,
) -> Claim:
    """A sentence beside the items that it cites."""
    evidence = tuple(map(reader.evidence, items))
    windows = [window for source in evidence for window in source.windows]
    sources = [source for source in evidence for _ in source.windows]
    titles = [source.title for source in evidence]
    statements: list[Statement] = []
    for clause in split_clauses(text):
        terms, own = reader.terms(clause.text, begins=not statements), clause.figures
        scores = [_score(terms, own, window, titles) for window in windows]
        ahead = clause.says("ahead") or (
            bool(statements) and statements[-1].ahead and not statements[-1].clause.text.endswith(";")
        )
        named = [source for source in evidence if any(source.title.support(term) == 1.0 for term in terms)]
        known = [source.statuses for source in named or evidence if source.statuses]
        statements.append(Statement(clause, terms, own, windows, scores, sources, known, ahead))
    context = (*titles, *(source.around for source in evidence))
    return Claim(text, tuple(statements), evidence, tuple(documents), dates, counted, on_documents, context)


def _score(terms: Sequence[Term], own: Figures, window: Window, titles: Sequence[Window]) -> float:
    """How much of a clause a window has, by weight; terms of a title count little."""
    score = sum(
        term.weight * window.support(term) * (_TITLE if any(title.support(term) == 1.0 for title in titles) else 1.0)
        for term in terms
    )
    return score + FIGURE * sum(figure_in(figure, window) for figure in each_figure(own))


def clause_score(terms: Sequence[Term], clause: Clause) -> float:
    """How much of some terms a clause has, by weight."""
    text = f" {fold(clause.text)}"
    stems = {stem for word in words(clause.text) if (stem := verb_stem(word))}
    return sum(
        term.weight
        for term in terms
        if term.folded[: max(5, len(term.folded) - 3)] in text or verb_stem(term.printed) in stems
    )


def each_figure(several: Figures, dates: Collection[Moment] = ()) -> list[Figures]:
    """Each number from two on, date and code for itself, but for the dates of the documents themselves."""
    numbers = [Figures(numbers=(number,)) for number in several.numbers if number.printed != "1"]
    moments = [Figures(moments=(moment,)) for moment in several.moments if moment not in dates]
    return numbers + moments + [Figures(codes=frozenset((code,))) for code in several.codes]


def figure_in(figure: Figures, window: Window) -> bool:
    """True if a window has a figure, or at least its digits."""
    return _prints(window.text, figure)


def _prints(text: str, figure: Figures) -> bool:
    known = figures(text)
    return known.prove(figure) or not set(known.printed).isdisjoint(figure.printed)


def count_words(count: Counted) -> Iterator[str]:
    """What may be stated of a count: its number, its conditions, its groups."""
    yield from (str(count.number), *count.words)
    yield from (f"{number} {name}" for name, number in count.groups)


def in_counts(term: Term, claim: Claim) -> bool:
    """True if a term is a condition of a count."""
    return any(term.folded[:5] in fold(text) for count in claim.counted for text in count_words(count))
