"""The table of checks for freely worded sentences: what each looks at, and what it finds unsupported.

A sentence is compared clause by clause with the windows of the cited items that share most of its terms. A check
returns the words that nothing supports, None where it has no objection. What each of them refuses alone on a held set
is in `docs/decisions/007-verified-answers.md`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from service.answering.draft import Counted
from service.answering.verification.clauses import (
    MODIFIER,
    Clause,
    Evidence,
    SentenceReader,
    Term,
    Window,
    counted_nouns,
    has_word_of,
    lower_words,
    split_clauses,
    verb_stem,
    word_lists,
)
from service.answering.verification.verbatim import words
from vectorstore.analysis import fold
from vectorstore.figures import Figures, Moment, Number, figures, together
from vectorstore.language import frequencies
from vectorstore.records import Document, DocumentStatus, Item, ItemStatus

_WITHOUT = re.compile(r"\bohne\b.*(?:\bzu\b|zu\w+en\b)")
_NEAR = 0.7  # share of the best score from which a window is near
_BEST = 0.9  # and from which it says the same
_TITLE = 0.3  # what a term of an item's title counts in comparing its windows
_FIGURE = 2.0  # what a figure counts there
_PASSAGE, _PASSAGE_FIGURE = 1.4, 4.0  # weight that a further quote must add, and what a figure weighs there
_SOME = 0.5  # weight from which terms tell something
_LEAST_OF_CLAUSE = 0.5  # share of the terms of a clause without figures
_LEAST, _WELL = 0.55, 0.75  # share of a sentence's terms, by weight, that near windows and titles must have
_BOUND = 0.7  # share of the best window's score that the window with its figure must have
_MARGIN = 1.5  # weight by which it may miss it all the same
_FEW = 3  # terms of a clause that only says how binding a document is
_OF_COUNTS = ("least", "most_of", "high", "low", "all")  # which the tool that counted bears out
_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)
_OPEN = frozenset((ItemStatus.IDEA, ItemStatus.PLANNED))
_CLOSED = frozenset((ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED))


class Fault(StrEnum):
    """Why a sentence is refused."""

    QUOTES = "quotes"
    FIGURES = "figures"
    NAMES = "names"
    STATUS = "status"
    WORDS = "words"
    DECIDING = "deciding"
    NEGATION = "negation"
    COUNT = "count"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True)
class Failing:
    """Why a sentence is refused; `said` are the numbers, names or words that nothing supports."""

    kind: Fault
    said: str = ""


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
        return self._from(_NEAR)

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
        least = _NEAR * max(self.scores, default=0.0)
        near = [source for source, score in zip(self.sources, self.scores, strict=True) if score >= least > 0]
        nouns = [term for term in self.terms if term.noun]
        titled = all(any(source.title.support(term) for source in self.sources) for term in nouns)
        sources = {id(source): source for source in (self.sources if titled or not near else near)}
        return [window for source in sources.values() for window in (source.title, source.around)]

    def nearest_clauses(self, share: float = _BEST) -> list[Clause]:
        """The clauses of near windows that have nearly the most of its terms."""
        every = each_figure(self.figures)
        found = [
            (clause, _clause_score(self.terms, clause) + _FIGURE * sum(clause.figures.prove(one) for one in every))
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
    return score + _FIGURE * sum(figure_in(figure, window) for figure in each_figure(own))


def _clause_score(terms: Sequence[Term], clause: Clause) -> float:
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


# The checks: each takes a claim and returns what nothing supports, None for no objection.


def find_figures(claim: Claim) -> str | None:
    """Numbers, dates and codes that no cited item has."""
    texts = [text for source in claim.evidence for text in source.texts]
    if claim.on_documents or claim.counted:
        texts += [text for source in claim.evidence for text in source.context]
    own = together(statement.figures for statement in claim.statements)
    own = Figures(own.numbers, tuple(moment for moment in own.moments if moment not in claim.dates), own.codes)
    known = [figures(text) for text in (*texts, *(number for count in claim.counted for number in count_words(count)))]
    left = together(known).unproven(own)
    return ", ".join(left.printed) if left else None


def find_nouns(claim: Claim) -> str | None:
    """Nouns and names that no window of the items has whose titles and near windows it rests on.

    A single common noun may be another word for what they say, if the rest of the sentence is well supported.
    """
    names: list[str] = []
    common: list[str] = []
    nouns = 0
    for statement in claim.statements:
        for term in statement.terms:
            support = max(_supports(term, statement, claim), default=0.0)
            nouns += term.noun
            if term.noun and support <= MODIFIER and not _in_counts(term, claim):
                alone = not any(other is not term and other.noun for other in statement.terms)
                (common if support or (_is_common(term) and not alone) else names).append(term.printed)
    if names or len(common) > 1 or (common and (_share(claim, claim.statements) < _WELL or nouns <= _FEW - 1)):
        return ", ".join((*names, *common))
    return None


def _is_common(term: Term) -> bool:
    """True for a noun of everyday language or of the vocabulary, which is no name."""
    return bool(term.synonyms) or term.folded in frequencies("de")


def _supports(term: Term, statement: Statement, claim: Claim) -> Iterator[float]:
    """How much each window of what a clause rests on supports a term."""
    least = _NEAR * max(statement.scores, default=0.0)
    near = {id(source) for source, score in zip(statement.sources, statement.scores, strict=True) if score >= least > 0}
    for window, source in zip(statement.windows, statement.sources, strict=True):
        if id(source) in near:
            yield window.support(term)
    for window in (*statement.context, *(window for other in claim.statements for window in other.near)):
        yield window.support(term)


def _share(claim: Claim, statements: Sequence[Statement]) -> float:
    """The share of the terms of clauses, by weight and by number, that the near windows and titles support."""
    found: list[tuple[float, float]] = []
    for statement in statements:
        near = [*statement.near, *statement.context]
        found += [(_FIGURE, 1.0)] * len(each_figure(statement.figures))  # the checks of figures look at these
        for term in statement.terms:
            if not has_word_of((term.printed.lower(),), "found", "decided", "auxiliary"):
                supports = (window.support(term) for window in near)
                found.append((term.weight, max(supports, default=0.0) or float(_in_counts(term, claim))))
    total = sum(weight for weight, _ in found)
    if total < _SOME:
        return 1.0
    by_weight = sum(weight * support for weight, support in found) / total
    return min(by_weight, sum(support > 0 for _, support in found) / len(found))


def find_little(claim: Claim) -> str | None:
    """A sentence most of whose terms neither near windows nor titles have, or that says nothing."""
    said = any(
        statement.terms or len(statement.figures) or list(statement.clause.statuses) for statement in claim.statements
    )
    if not said:
        own = lower_words(claim.text)
        said = any(
            len(own & lower_words(window.text)) >= _FEW for source in claim.evidence for window in source.windows
        )
    if not said or _share(claim, claim.statements) < _LEAST:
        return claim.text
    parts = (
        statement
        for statement in claim.statements
        if not len(statement.figures)
        and (
            len(statement.terms) > 1
            or statement.clause.text.endswith(":")
            or any(term.printed[0].isupper() for term in statement.terms)
        )
    )
    return next((part.clause.text for part in parts if _share(claim, (part,)) < _LEAST_OF_CLAUSE), None)


def find_deciding(claim: Claim) -> str | None:
    """Words that decide (only, all, at least, free of charge, less …) without a counterpart in the near windows."""
    for statement in claim.statements:
        texts = [window.text for window in (*statement.near, *statement.context[::2])]  # titles, not what is above
        for word, group in deciding_in(statement.clause.text):
            if (group == "approved" and claim.on_documents) or (group in _OF_COUNTS and claim.counted):
                continue
            if group == "all" and f"nicht {word}" in lower_words(statement.clause.text):
                continue
            supporting = [text for text in texts if is_supported(group, text)]
            if not supporting or (
                group == "all" and not any(_covers_all(statement.clause.text, text) for text in supporting)
            ):
                return word
    return None


def deciding_in(text: str) -> Iterator[tuple[str, str]]:
    """The words of a text that decide, each with its group."""
    for word in lower_words(text):
        for name, group in word_lists()["deciding"].items():
            if _matches(word, group["says"]):
                yield word, name


def _covers_all(text: str, other: str) -> bool:
    """True if "all" is said of a noun of which another text says it too."""
    own, theirs = [noun for noun in _nouns_behind_all(text) if fold(noun)[:5] in fold(other)], _nouns_behind_all(other)
    by = any(_matches(word, word_lists()["deciding"]["all"]["by"]) for word in lower_words(other))
    return not own or by or any(_alike(noun, known) for noun in own for known in theirs)


def _nouns_behind_all(text: str) -> list[str]:
    lists = word_lists()["deciding"]["all"]
    printed, found = words(text), []
    for place, word in enumerate(printed):
        if _matches(word.lower(), lists["says"]) and "nicht" not in printed[max(0, place - 1) : place]:
            behind = printed[place + 1 : place + 4]
            found += [noun for noun in behind if noun[0].isupper()][:1]
    return found


def is_supported(group: str, text: str) -> bool:
    """True if words of a text support a group of deciding words."""
    lists = word_lists()["deciding"][group]
    if "pattern" in lists and re.search(lists["pattern"], text):
        return True
    return any(_matches(word, (*lists["says"], *lists["by"])) for word in lower_words(text))


def _matches(word: str, listed: Iterable[str]) -> bool:
    return any(
        word == entry
        or (entry.endswith("*") and (" " in entry or " " not in word) and word.startswith(entry[:-1]))
        or (entry.startswith("*") and " " not in word and word.endswith(entry[1:]))
        for entry in listed
    )


def find_unbound(claim: Claim) -> str | None:
    """Figures of a clause that stand apart from its words, or beside another noun."""
    counted = [figures(text) for count in claim.counted for text in count_words(count)]
    for statement in claim.statements:
        every = [
            figure
            for figure in each_figure(statement.figures, claim.dates)
            if not any(known.prove(figure) for known in counted)
            and not any(figure_in(figure, source.title) for source in claim.evidence)
            and not any(figures(document.title).prove(figure) for document in claim.documents)
        ]
        for figure in every:
            if not _is_bound(figure, statement):
                return ", ".join(figure.printed)
        held = [window for window in statement.near if all(figure_in(figure, window) for figure in every)]
        held = held or [window for window in statement.windows if any(figure_in(figure, window) for figure in every)]
        if failing := _miscounted(statement, held):
            return failing
        if _is_misplaced(statement, every, held):
            return ", ".join(statement.figures.printed)
    return None


def _is_bound(figure: Figures, statement: Statement) -> bool:
    """True if a window with a figure is near the clause, hardly says more, or has the noun that the clause counts."""
    best = max(statement.scores, default=0.0)
    for window, score in zip(statement.windows, statement.scores, strict=True):
        if not figure_in(figure, window):
            continue
        if score >= _BOUND * best or score >= best - _MARGIN or len(window.terms) <= _FEW:
            return True
        nouns = [noun for own, noun in window.numbers if any(own.proves(number) for number in figure.numbers) and noun]
        rivals = [
            noun
            for other in statement.best
            for own, noun in other.numbers
            if noun and not _has_number(statement.figures, own)
        ]
        for term in statement.terms:
            if term.noun and any(_same_noun(term, noun) for noun in nouns):
                shared = len(statement.figures) > 1 and any(
                    figure_in(other, best_window)
                    for other in each_figure(statement.figures)
                    for best_window in statement.best
                )
                return shared or not any(_same_noun(term, noun) for noun in rivals)
    return False


def _has_number(several: Figures, number: Number) -> bool:
    return any(number.values & own.values for own in several.numbers)


def _miscounted(statement: Statement, windows: Sequence[Window]) -> str | None:
    """A number that counts another noun than it does in all windows."""
    for number, noun in counted_nouns(statement.clause.text):
        if not noun or number.unit or number.printed == "1":
            continue
        terms = [term for term in statement.terms if term.printed in noun.split("-") or term.printed == noun]
        others = [
            other
            for window in windows
            for own, other in window.numbers
            if own.proves(number) or own.values & number.values
        ]
        if others and all(others) and terms and not any(_same_noun(term, other) for term in terms for other in others):
            return f"{number.printed} {noun}"
    return None


def _same_noun(term: Term, noun: str) -> bool:
    folded, other = term.folded, fold(noun)
    shared = min(len(folded), len(other), 5)
    return (
        folded[:shared] == other[:shared]
        or folded[:-2] in other
        or other[:-2] in folded
        or any(part in other for part in term.word.parts if len(part) > 3)
        or any(fold(word)[:5] in other for entry in term.synonyms for word in entry)
    )


def _is_misplaced(statement: Statement, every: Sequence[Figures], windows: Sequence[Window]) -> bool:
    """True if another clause of the windows, with another figure of the kind, is nearer than that with the figure."""
    for figure in every:
        if figure.moments or any(number.is_year for number in figure.numbers):
            continue
        own, other = -1.0, 0.0
        for window in windows:
            for clause in window.clauses:
                score = _clause_score(statement.terms, clause)
                if clause.figures.prove(figure):
                    own = max(own, score)
                elif (left := statement.figures.unproven(clause.figures)) and _same_kind(figure, left):
                    other = max(other, score)
        if 0 <= own < other - _MARGIN:
            return True
    return False


def _same_kind(figure: Figures, other: Figures) -> bool:
    """True if a text has a number that could stand in the place of this one."""
    numbers = [number for number in other.numbers if not number.is_year]
    return any(number.unit == own.unit and number.counts == own.counts for own in figure.numbers for number in numbers)


def find_turned(claim: Claim) -> str | None:
    """Clauses that deny what is cited, or state what it denies."""
    for statement in claim.statements:
        if _is_turned(statement, claim):
            return statement.clause.text
    return None


def _is_turned(statement: Statement, claim: Claim) -> bool:
    clause, near = (
        statement.clause,
        statement.nearest_clauses() or [clause for window in statement.windows for clause in window.clauses],
    )
    around = [clause for window in statement.best for clause in window.clauses] or near
    if clause.says("refused") and not any(
        other.says("denied", "lessened", "refused", "ended_otherwise") for other in around
    ):
        return True
    if not clause.says("denied", "lessened", "refused"):
        return (
            bool(near)
            and bool(statement.terms)
            and all(other.says("denied") or _WITHOUT.search(other.text) for other in near)
        )
    own = lower_words(clause.text)
    if not clause.says("denied") or any(
        other.says("denied") or has_word_of(lower_words(other.text) - own, "lessened", "refused") for other in around
    ):
        return False
    if clause.says("decided") and len(statement.terms) <= _FEW and not claim.statuses.isdisjoint(_UNDECIDED):
        return False
    undone = any(
        not known.isdisjoint((*_OPEN, *((ItemStatus.IN_PROGRESS,) if clause.says("ended") else ())))
        for known in statement.known
    )
    titles = [source.title for source in claim.evidence]
    terms = [term for term in statement.terms if term.noun] if clause.says("idea") else statement.terms
    named = all(any(title.support(term) for title in titles) for term in terms)
    is_status = named and clause.says("ended", "done", "perfect", "idea")
    return not (undone and is_status)


def find_status(claim: Claim) -> str | None:
    """Status words that are not those of the cited records."""
    proving = [clause for count in claim.counted for text in count.words for clause in split_clauses(text)]
    for statement in claim.statements:
        near = [clause for window in statement.near for clause in window.clauses]
        planned = all(meant == {ItemStatus.PLANNED} for _, meant in statement.clause.statuses)
        if planned and any(clause.says("ahead") for clause in near):
            continue
        if statement.known and is_unlike_status(statement.clause, statement.known, [*near, *proving]):
            return statement.clause.text
    return None


def is_unlike_status(clause: Clause, own: Collection[frozenset[ItemStatus]], proving: Sequence[Clause]) -> bool:
    """True if a clause gives records another status than they have, and nothing that proves it says so."""
    denied = clause.says("denied")
    for word, meant in clause.statuses:
        right = any(not meant & known for known in own) if denied else any(meant & known for known in own)
        proven = any(word in dict(other.statuses) and other.says("denied") == denied for other in proving)
        if not (right and meant) and not proven:
            return True
    return False


def find_later(claim: Claim) -> str | None:
    """Clauses that report as done or as the case what is only planned, or as planned what is done."""
    for statement in claim.statements:
        if _reports_later(statement, claim) and not any(_counts(statement, count) for count in claim.counted):
            return statement.clause.text
    return None


def _counts(statement: Statement, count: Counted) -> bool:
    return len(statement.figures) > 0 and any(figures(text).prove(statement.figures) for text in count_words(count))


def _reports_later(statement: Statement, claim: Claim) -> bool:
    clause, near = statement.clause, statement.nearest_clauses()
    near = [other for other in near if other.figures.prove(statement.figures)] or near
    undone = any(not known.isdisjoint(_OPEN) for known in statement.known)
    undone = undone or (not statement.known and claim.statuses <= set(_UNDECIDED) and not claim.on_documents)
    closed = any(not known.isdisjoint(_CLOSED) for known in statement.known)
    done = clause.says("perfect", "done") or (clause.says("auxiliary") and clause.says("participle"))
    if closed and not undone and clause.says("ahead", "idea") and not clause.says("auxiliary"):
        return not any(other.says("ahead", "idea", "passive_present") for other in statement.nearest_clauses(_NEAR))
    if not near and clause.says("ended") and not clause.says("denied", "idea") and not statement.ahead:
        return not statement.known and not any(other.says("ended") for w in statement.context for other in w.clauses)
    if clause.says("denied", "idea") or statement.ahead or not near:
        if clause.says("idea") and not clause.says("denied") and statement.known:
            return not undone and not any(other.says("ahead", "idea") for other in near)
        return False
    if undone and not closed and clause.says("now") and not any(other.says("past", "now", "done") for other in near):
        return True
    if done or clause.says("since"):
        happened = any(other.says("past", "done", "perfect") and not other.says("ahead") for other in near)
        later = any(other.says("ahead", "passive_present", "can") for other in near)
        return not happened and (
            later
            or (
                not closed
                and (undone or (clause.says("ended") and not any("ended" in window.marks for window in statement.best)))
            )
        )
    planned = all(other.says("ahead") and not other.says("past", "done", "perfect") for other in near)
    is_state = undone or clause.says("state")
    return planned and is_state and not statement.figures.moments and not closed and not clause.says("passive_present")


def find_document(claim: Claim) -> str | None:
    """Statements that a document is decided, in force or a draft, which it is not."""
    for statement in claim.statements:
        clause, short = statement.clause, len(statement.terms) <= _FEW
        if clause.says("denied", "ahead"):
            continue
        undecided = not claim.statuses.isdisjoint(_UNDECIDED)
        near = [*statement.nearest_clauses(), *(c for window in claim.context for c in window.clauses)]
        for name, proving, is_wrong in (
            ("decided", ("decided", "resolution"), undecided),
            ("valid", ("valid",), short and undecided),
            ("draft", ("draft",), short and claim.statuses == {DocumentStatus.ADOPTED}),
        ):
            proven = any(other.says(*proving) and not other.says("denied") for other in near)
            if is_wrong and clause.says(name) and not proven:
                return clause.text
    return None


def is_undecided(documents: Iterable[Document]) -> bool:
    """True if one of several documents is a draft or a motion."""
    return any(document.status in _UNDECIDED for document in documents)


def _alike(noun: str, other: str) -> bool:
    first, second = fold(noun), fold(other)
    size = max(4, min(len(first), len(second)) - 2)
    return first[:size] == second[:size]


def find_count(claim: Claim) -> str | None:
    """Counts that the tool did not give: of another number, kind, status or topic."""
    for count in claim.counted:
        allowed = " ".join(
            (
                *count.words,
                *(title for title, _ in count.groups),
                *(d.title for d in claim.documents),
                *(d.publisher for d in claim.documents),
            )
        )
        known = {verb_stem(word) or fold(word) for word in words(allowed)}
        letters = f" {fold(allowed)}"
        for statement in claim.statements:
            for number, noun in counted_nouns(statement.clause.text):
                if noun and not any(
                    figures(text).prove(figures(f"{number.printed} {noun}")) or number.printed in text.split()
                    for text in count_words(count)
                ):
                    return f"{number.printed} {noun}"
                if noun and _is_kind(noun) and not _kind_in(noun, letters):
                    return noun
            for term in statement.terms:
                if term.noun and term.folded[:5] not in letters and verb_stem(term.printed) not in known:
                    return term.printed
            for word, _ in statement.clause.statuses:
                groups = [f"{number} {title}" for title, number in count.groups if word[:5] in title.lower()]
                asked = any(word[:5] in text.lower() for text in count.words)
                numbers = [number for number, _ in counted_nouns(statement.clause.text)]
                grouped = numbers and any(
                    figures(text).prove(Figures((replace(number, counts=False),)))
                    for text in groups
                    for number in numbers
                )
                if not asked and not grouped:
                    return word
    return None


_KINDS = ("projekt", "massnahm", "ziel", "these", "grundsatz", "beschlusspunkt", "thema", "themen")


def _is_kind(noun: str) -> bool:
    return fold(noun).startswith(_KINDS)


def _kind_in(noun: str, letters: str) -> bool:
    return any(fold(noun).startswith(kind) and f" {kind}" in letters for kind in _KINDS)


def count_words(count: Counted) -> Iterator[str]:
    """What may be stated of a count: its number, its conditions, its groups."""
    yield from (str(count.number), *count.words)
    yield from (f"{number} {name}" for name, number in count.groups)


def _in_counts(term: Term, claim: Claim) -> bool:
    """True if a term is a condition of a count."""
    return any(term.folded[:5] in fold(text) for count in claim.counted for text in count_words(count))


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table: what is refused, under which fault."""

    name: str
    fault: Fault
    find: Callable[[Claim], str | None]


CHECKS: tuple[Check, ...] = (
    Check("figures", Fault.FIGURES, find_figures),
    Check("nouns", Fault.WORDS, find_nouns),
    Check("share", Fault.WORDS, find_little),
    Check("deciding", Fault.DECIDING, find_deciding),
    Check("bound", Fault.FIGURES, find_unbound),
    Check("negation", Fault.NEGATION, find_turned),
    Check("status", Fault.STATUS, find_status),
    Check("tense", Fault.STATUS, find_later),
    Check("document", Fault.STATUS, find_document),
    Check("count", Fault.COUNT, find_count),
)


def find_fault(claim: Claim) -> Failing | None:
    """The first objection of the table, None where there is none."""
    for check in CHECKS:
        if (found := check.find(claim)) is not None:
            return Failing(check.fault, found)
    return None
