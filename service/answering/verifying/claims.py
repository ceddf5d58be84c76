"""What only free wording needs: each statement of a sentence against the clauses of its entries that are nearest to it.

Near to a clause are those of the cited entries that hold most of its words; words of an entry's title count little
there, since every clause of it is about that. Each kind of statement has one proof: the words, what is denied, how far
something is, what a paper is, and where a figure stands.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from service.answering.corpus import Corpus
from service.answering.verifying.clauses import (
    Clause,
    Evidence,
    Holdings,
    Marked,
    Standing,
    Telling,
    lowered,
    marked,
    says,
    unlike_status,
)
from vectorstore.figures import Figures, Moment, figures
from vectorstore.records import Document, DocumentStatus, Item, ItemStatus

_OF_STANDING = ("ended", "done", "ahead", "idea", "now", "auxiliary", "found", "decided", "denied")
_LEAST = 0.4  # share of a sentence's words and figures, by weight, that what it cites must hold
_LEAST_OF_PART = 0.15  # share of the words of each clause, and of what is said of a paper, which has names of its own
_SOME = 1.5  # weight from which a clause tells something
_TELLS = 4.0  # weight from which a clause's words are looked at alone
_FIGURE, _DATED = 4.0, 2.0  # what a figure weighs beside words, and how much less a date
_ALIKE = 0.7  # share of the most that a clause holds of another, from which it says the same
_TOP = 0.9  # share of the most that a clause holds of what is told as done, to say whether it is
_ADDS = 2.0  # weight that a further passage must add
_FEW = 3  # telling words of a clause that only says how binding a paper is
_SURE = 0.9  # share from which no other entry is looked at
_BETTER = 1.25  # times what the cited hold that another entry must hold, so that the sentence is that one's
_FARTHER, _MARGIN = 1.2, 1.5  # share and weight by which a clause with another figure must be nearer
_TITLE = 0.3  # what a word of an entry's title counts in telling its clauses apart
_SHARED = 2.0  # what a figure counts there that both tell
_LESS = ("lessened", "refused")
_TOLD = frozenset((Standing.BEGUN, Standing.ENDED))
_UNTOLD = frozenset((Standing.OPEN, Standing.AHEAD))
_OPEN = frozenset((ItemStatus.IDEA, ItemStatus.PLANNED))
_CLOSED = frozenset((ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED))
_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)


class Fault(StrEnum):
    """Why a sentence is not proven."""

    QUOTES = "quotes"
    FIGURES = "figures"
    NAMES = "names"
    STATUS = "status"
    WORDS = "words"
    NEGATION = "negation"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True)
class Failing:
    """What keeps a sentence from being proven: `said` are the numbers, dates, names or words cited nowhere."""

    kind: Fault
    said: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """A clause of a sentence beside what it cites: its telling words and figures, and how near each clause is to it.

    `near` are the clauses that hold most of its words, `known` the statuses of the entries that it is about. `ahead` is
    true where it, or what it goes on from, says what shall be.
    """

    clause: Marked
    words: tuple[Telling, ...]
    figures: Figures
    clauses: Sequence[Clause]
    weights: Sequence[float]
    near: Sequence[Clause]
    known: Sequence[frozenset[ItemStatus]]
    ahead: bool

    @property
    def best(self) -> list[Clause]:
        """The clauses that hold nearly the most of its words."""
        least = _TOP * max(self.weights, default=0.0)
        return [one for one, weight in zip(self.clauses, self.weights, strict=True) if weight >= least > 0]

    def are(self, *statuses: ItemStatus) -> bool:
        """Whether any of its entries has one of these statuses."""
        return any(not one.isdisjoint(statuses) for one in self.known)


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence beside what it cites."""

    statements: tuple[Statement, ...]
    evidence: tuple[Evidence, ...]

    def passages(self, most: int) -> list[str]:
        """The few passages that hold most of the sentence, each adding to those before."""
        left: list[tuple[float, frozenset[str]]] = []
        for said in self.statements:
            for word in said.words:
                left.append((word.weight, frozenset(one.passage for one in said.clauses if word.held(one))))
            for figure in _each(said.figures):
                left.append((_FIGURE, frozenset(one.passage for one in said.clauses if _prints(one, figure))))
        chosen: list[str] = []
        while len(chosen) < most:
            gains: dict[str, float] = {}
            for weight, held in left:
                for passage in held:
                    gains[passage] = gains.get(passage, 0.0) + weight
            if not gains or (chosen and max(gains.values()) < _ADDS):
                break
            chosen.append(max(gains, key=gains.__getitem__))
            left = [(weight, held) for weight, held in left if chosen[-1] not in held]
        return chosen


class Claims:
    """Compares freely worded sentences with the entries that they cite."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus, self._holdings = corpus, Holdings(corpus)

    def read(self, text: str, items: Sequence[Item], language: str = "de") -> Reading:
        """A sentence beside the entries that it cites."""
        evidence = tuple(map(self._holdings.of, items))
        clauses = [clause for one in evidence for clause in one.clauses]
        titles = frozenset[str]().union(*(one.about for one in evidence))
        found: list[Statement] = []
        for clause in marked(text):
            told, said = tuple(self._holdings.telling(clause.text)), figures(clause.text, language)
            weights = _weights(told, clauses, titles)
            carried = bool(found) and found[-1].ahead and not found[-1].clause.text.endswith(";")
            near, ahead = _nearest(clauses, weights, _each(said)), carried or clause.says("ahead")
            named = [one for one in evidence if any(word.word.whole in one.about for word in told)]
            known = [one.statuses for one in named or evidence if one.statuses]
            found.append(Statement(clause, told, said, clauses, weights, near, known, ahead))
        return Reading(tuple(found), evidence)

    def fault(
        self,
        reading: Reading,
        documents: Collection[Document],
        dates: Container[Moment],
        computed: Sequence[str] = (),
        on_papers: bool = False,
    ) -> Failing | None:
        """What a sentence says that its entries do not, nor what was computed for it."""
        if failing := _foreign(reading, self.corpus, _LEAST_OF_PART if on_papers else _LEAST):
            return failing
        standings = frozenset(one.status for one in documents)
        proving = [clause for one in computed for clause in marked(one)]
        for said in reading.statements:
            if _is_turned(said, standings):
                return Failing(Fault.NEGATION, said.clause.text)
            counted = len(said.figures) and any(figures(one.text).prove(said.figures) for one in proving)
            if (
                (said.known and unlike_status(said.clause, said.known, [*said.near, *proving]))
                or (not counted and _is_too_far(said, alone=len(reading.statements) == 1))
                or _is_other_paper(said, standings)
            ):
                return Failing(Fault.STATUS, said.clause.text)
            if _is_misplaced(said, dates):
                return Failing(Fault.FIGURES, ", ".join(said.figures.printed))
        return None


def _foreign(reading: Reading, corpus: Corpus, least: float) -> Failing | None:
    """What is wrong where the entries hold too few of the words, none of a clause, or another entry holds far more."""
    statements = reading.statements
    told = [[one for one in said.words if not says((one.printed.lower(),), *_OF_STANDING)] for said in statements]
    shares = {one: max((one.held(each) for each in reading.evidence), default=0.0) for said in told for one in said}
    figured = sum(_FIGURE * len(one.figures) - _DATED * len(one.figures.moments) for one in statements)
    total = figured + sum(one.weight for one in shares)
    held = figured + sum(one.weight * share for one, share in shares.items())
    worth = np.zeros(len(corpus.catalogue.items))
    for one in shares:
        worth[corpus.texts.rows(one.word.whole)] += one.weight
    of_another = held < _SURE * total and worth.max(initial=0.0) > _BETTER * held
    foreign = any(
        sum(one.weight for one in part) > _SOME
        and sum(one.weight * shares[one] for one in part) < _LEAST_OF_PART * sum(one.weight for one in part)
        for said, part in zip(statements, told, strict=True)
        if not said.figures
    )
    says_nothing = not figured and not any(one.words for one in statements)
    tells = total >= _TELLS or any(one.noun for one in shares)
    little = held < least * total and (tells or not held)
    if says_nothing or foreign or little or (tells and of_another):
        return Failing(Fault.WORDS, ", ".join(one.printed for one, share in shares.items() if not share))
    return None


def _weights(told: Sequence[Telling], clauses: Sequence[Clause], titles: frozenset[str]) -> list[float]:
    """How much of what is said each clause holds, and by half what the passage around it does."""
    own = [0.0] * len(clauses)
    around: dict[str, float] = {}
    for one in told:
        weight = one.weight * (_TITLE if one.word.whole in titles else 1.0)
        passages: dict[str, float] = {}
        for place, clause in enumerate(clauses):
            if share := one.held(clause):
                own[place] += weight * share
                passages[clause.passage] = max(passages.get(clause.passage, 0.0), weight * share / 2)
        for passage, half in passages.items():
            around[passage] = around.get(passage, 0.0) + half
    return [weight + around.get(clause.passage, 0.0) for clause, weight in zip(clauses, own, strict=True)]


def _nearest(clauses: Sequence[Clause], weights: Sequence[float], said: Sequence[Figures]) -> list[Clause]:
    """The clauses that hold most of what is said; a figure of it counts too."""
    shared = [_SHARED * any(one.figures.prove(figure) for figure in said) for one in clauses]
    near = [weight + more for weight, more in zip(weights, shared, strict=True)]
    least = _ALIKE * max(near, default=0.0)
    return [one for one, weight in zip(clauses, near, strict=True) if weight >= least > 0]


def _is_turned(said: Statement, standings: frozenset[DocumentStatus | None]) -> bool:
    """True where a statement denies what its entries say, or says what they deny."""
    clause, near = said.clause, said.near or said.clauses
    if clause.says("refused") and not any(one.says("denied", *_LESS) for one in near):
        return True
    if not clause.says("denied", *_LESS):
        return bool(said.best) and all(one.says("denied") and not one.says(*_LESS) for one in said.best)
    own = lowered(clause.text)
    if not clause.says("denied") or any(one.says("denied") or says(lowered(one.text) - own, *_LESS) for one in near):
        return False
    if clause.says("decided") and len(said.words) <= _FEW and not standings.isdisjoint(_UNDECIDED):
        return False
    undone = said.are(*_OPEN, *((ItemStatus.IN_PROGRESS,) if clause.says("ended") else ()))
    exempt = clause.standing in (*_TOLD, Standing.OPEN) and undone
    return not exempt or any(one.standing in _TOLD for one in said.near)


def _is_too_far(said: Statement, *, alone: bool) -> bool:
    """True where a statement says as done what its entries say shall be, or as planned what they say is done."""
    clause, standing = said.clause, said.clause.standing
    if standing is None and clause.says("since"):
        standing = Standing.BEGUN
    if said.ahead and standing is Standing.BEGUN:
        standing = None
    not_begun = said.known and clause.says("idea") and not clause.says("ended")
    if (clause.says("denied") and not not_begun) or (standing is Standing.AHEAD and clause.says("now")):
        return False
    near = said.near if standing is Standing.AHEAD and said.known else said.best
    held, undone = {one.standing for one in near}, said.are(*_OPEN)
    if any(one.standing is None and one.says("past") for one in near):
        held.add(Standing.BEGUN)
    if said.are(*_CLOSED):
        return standing in _UNTOLD and held.isdisjoint(_UNTOLD)
    if standing in _UNTOLD:
        told = held <= _TOLD if standing is Standing.AHEAD else not held.isdisjoint(_TOLD)
        return not undone and (told or (standing is Standing.OPEN and held.isdisjoint(_UNTOLD)))
    if not held.isdisjoint(_TOLD):
        return standing is Standing.ENDED and Standing.ENDED not in held
    if standing is None:
        told = alone and undone and not clause.says(*_LESS, "running") and held <= _UNTOLD
        return told and max(said.weights, default=0.0) > _LEAST * sum(one.weight for one in said.words)
    if clause.says("done", "now") and not (said.known and clause.says("running")):
        return True
    return standing is Standing.ENDED or undone or not held.isdisjoint(_UNTOLD)


def is_undecided(documents: Iterable[Document]) -> bool:
    """True where one of several papers is a draft or a motion."""
    return any(one.status in _UNDECIDED for one in documents)


def _is_other_paper(said: Statement, standings: frozenset[DocumentStatus | None]) -> bool:
    """True where a statement says that a paper is decided, in force or a draft, which it is not, nor clauses say."""
    clause, short, undecided = said.clause, len(said.words) <= _FEW, not standings.isdisjoint(_UNDECIDED)
    if clause.says("denied", "ahead"):
        return False
    wrong = (
        ("decided", ("decided", "resolution"), undecided),
        ("valid", ("valid",), short and undecided),
        ("draft", ("draft",), short and set(standings) == {DocumentStatus.ADOPTED}),
    )
    return any(
        clause.says(name) and not any(one.says(*proving) and not one.says("denied") for one in said.near)
        for name, proving, is_wrong in wrong
        if is_wrong
    )


def _is_misplaced(said: Statement, dates: Container[Moment]) -> bool:
    """True where a number stands in a clause that is farther from the statement than one with another of its kind."""
    every = _each(said.figures, dates)
    for figure in every if said.words else ():
        if figure.moments or any(one.is_year for one in figure.numbers):
            continue
        own, other = -1.0, 0.0
        for clause, weight in zip(said.clauses, said.weights, strict=True):
            held = clause.figures
            near = weight + _SHARED * sum(held.prove(one) for one in every if one != figure)
            if held.prove(figure):
                own = max(own, near)
            elif (else_ := said.figures.unproven(held)) and _same_kind(figure, else_):
                other = max(other, near)
        if 0 <= own * _FARTHER < other - _MARGIN:
            return True
    return False


def _each(several: Figures, dates: Container[Moment] = ()) -> list[Figures]:
    """Each number from two on, date and code for itself, but for the dates of the papers themselves."""
    numbers = [Figures(numbers=(one,)) for one in several.numbers if one.printed != "1"]
    moments = [Figures(moments=(one,)) for one in several.moments if one not in dates]
    return numbers + moments + [Figures(codes=frozenset((one,))) for one in several.codes]


def _prints(clause: Clause, figure: Figures) -> bool:
    """True where a clause proves a figure or at least prints its digits."""
    return clause.figures.prove(figure) or not set(clause.figures.printed).isdisjoint(figure.printed)


def _same_kind(one: Figures, told: Figures) -> bool:
    """True where a text tells a number that could stand in the place of this one."""
    others = [other for other in told.numbers if not other.is_year]
    return any(other.unit == own.unit and other.counts == own.counts for own in one.numbers for other in others)
