"""What only free wording needs: words, negations, statuses and figures against the clauses of what a sentence cites.

A sentence is compared clause by clause with the clauses of the cited entries that hold most of its words; words of an
entry's title count little there, since every clause of it is about that.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from service.answering.corpus import Corpus
from service.answering.verifying import statuses
from service.answering.verifying.evidence import Clause, Evidence, Holdings, Telling, holds, says
from vectorstore.analysis import fold
from vectorstore.figures import Figures, Moment, figures
from vectorstore.language import telling
from vectorstore.records import Document, DocumentStatus, Item, ItemStatus

_LEAST = 0.42  # share of a sentence's words and figures, by weight, that what it cites must hold
_LEAST_OF_PART = 0.15  # share of the words of each clause
_TELLS = 4.0  # weight from which a clause's words are looked at alone
_FIGURE, _DATED = 4.0, 2.0  # what a figure weighs beside words, and how much less a date
_EVERYDAY = 0.6  # weight of an everyday word, which tells nothing alone
_RARE = 4.5  # weight of a noun that tells an entry
_SURE = 0.9  # share from which no other entry is looked at
_BETTER = 1.25  # times what the cited hold that another entry must hold, so that the sentence is that one's
_ALIKE = 0.7  # share of the most that a clause holds of another, from which it says the same
_ADDS = 2.0  # weight that a further passage must add
_FEW = 3  # telling words of a clause that only says how binding a paper is
_LIKE = 0.4  # the same where it is looked for whether anything is done
_FARTHER, _MARGIN = 1.2, 1.0  # share and weight by which a clause with another figure must be nearer
_LETTERS, _PART = 6, 4  # of a word, and of a part of it, that is looked for inside others
_ENDING = 3  # letters at the end of a word that may differ
_TITLE = 0.3  # what a word of an entry's title counts in telling its clauses apart
_SHARED = 2.0  # what a figure counts there that both tell
_TOLD_DONE = ("ended", "begun", "made", "perfect")
_OPEN = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS)
_CLOSED = (ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED)
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
class Part:
    """A clause of a sentence with its telling words, its figures, and how near each clause of the entries is to it.

    `holders` are the passages that hold each of its words, `near` the clauses that hold most of them, `wide` those that
    hold many. `ahead` is true where it, or what it goes on from, says what shall be.
    """

    clause: Clause
    telling: tuple[Telling, ...]
    figures: Figures
    weights: tuple[float, ...]
    holders: tuple[frozenset[str], ...]
    clauses: Sequence[Clause]
    near: Sequence[Clause]
    wide: Sequence[Clause]
    ahead: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence beside what it cites: its clauses with those nearest to each, and what the entries hold."""

    parts: tuple[Part, ...]
    evidence: tuple[Evidence, ...]

    def passages(self, most: int) -> list[str]:
        """The few passages that hold most of the sentence, each adding to those before."""
        left: dict[object, tuple[float, frozenset[str]]] = {}
        for part in self.parts:
            left |= {one: (one.weight, held) for one, held in zip(part.telling, part.holders, strict=True)}
            for figure in _each(part.figures):
                left[figure] = (_FIGURE, frozenset(one.passage for one in part.clauses if _prints(one, figure)))
        chosen: list[str] = []
        while len(chosen) < most:
            gains: dict[str, float] = {}
            for weight, held in left.values():
                for passage in held:
                    gains[passage] = gains.get(passage, 0.0) + weight
            if not gains or (chosen and max(gains.values()) < _ADDS):
                break
            chosen.append(max(gains, key=gains.__getitem__))
            left = {key: (weight, held) for key, (weight, held) in left.items() if chosen[-1] not in held}
        return chosen

    @property
    def texts(self) -> tuple[str, ...]:
        """What the entries hold, which proves figures."""
        return tuple(text for one in self.evidence for text in one.texts)

    @property
    def around(self) -> tuple[str, ...]:
        """What stands around the entries, which proves names."""
        return tuple(text for one in self.evidence for text in one.around)


class Claims:
    """Compares freely worded sentences with the entries that they cite."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.holdings = Holdings(corpus)

    def read(self, text: str, items: Sequence[Item], language: str = "de") -> Reading:
        """A sentence beside the entries that it cites."""
        evidence = tuple(self.holdings.of(item) for item in items)
        clauses = [clause for one in evidence for clause in one.clauses]
        titles = frozenset[str]().union(*(one.about for one in evidence))
        parts: list[Part] = []
        for clause in self.holdings.clauses(text):
            told = tuple(self.holdings.telling(clause.text))
            weights, holders = _weights(told, clauses, titles)
            carried = bool(parts) and parts[-1].ahead and not parts[-1].clause.text.endswith(";")
            ahead = carried or clause.says("ahead")
            said = figures(clause.text, language)
            near, wide = _nearest(clauses, weights, _each(said))
            parts.append(Part(clause, told, said, weights, holders, clauses, near, wide, ahead))
        return Reading(tuple(parts), evidence)

    def fault(
        self, reading: Reading, items: Sequence[Item], documents: Collection[Document], dates: Container[Moment]
    ) -> Failing | None:
        """What a sentence says that its entries do not."""
        if failing := self._foreign(reading):
            return failing
        undecided = any(one.status in _UNDECIDED for one in documents)
        known = [one.statuses for one in reading.evidence if one.statuses]
        for part in reading.parts:
            if _turned(part, known, undecided):
                return Failing(Fault.NEGATION, part.clause.text)
            if _other_status(part, known) or _other_mode(part, known):
                return Failing(Fault.STATUS, part.clause.text)
            if _other_standing(part, frozenset(one.status for one in documents)):
                return Failing(Fault.STATUS, part.clause.text)
            if _misplaced(part, dates):
                return Failing(Fault.FIGURES, ", ".join(part.figures.printed))
        return None

    def _foreign(self, reading: Reading) -> Failing | None:
        """What is wrong where the entries hold too few of the words, figures counted, or another holds far more."""
        told = [[(one, holds(one, reading.evidence)) for one in part.telling] for part in reading.parts]
        words = [one for part in told for one in part if not one[0].of_standing]
        figured = sum(_FIGURE * len(part.figures) - _DATED * len(part.figures.moments) for part in reading.parts)
        total = sum(one.weight for one, _ in words) + figured
        held = sum(one.weight * share for one, share in words) + figured
        if words and not held:
            return Failing(Fault.WORDS, ", ".join(one.printed for one, _ in words))
        tells = total >= _TELLS or any(one.noun for one, _ in words)
        denials = (one for one in reading.parts[1:] if one.clause.says("denied") and not one.figures)
        bare = any(
            told and not any(holds(word, reading.evidence) for word in told)
            for one in denials
            for told in [[word for word in one.telling if not word.of_standing]]
        )
        if bare or (not any(told) and not figured):
            return Failing(Fault.WORDS)  # it says nothing that anything could bear out, or denies all
        for part, each in zip(reading.parts, told, strict=True):
            said = [(one, share) for one, share in each if not one.of_standing]
            everyday = all(telling(fold(one.printed)) < _EVERYDAY for one, _ in said)
            if not everyday and not part.figures and not any(share for _, share in said):
                return Failing(Fault.WORDS, ", ".join(one.printed for one, _ in said))
        foreign = any(_is_foreign(one) for one, part in zip(told, reading.parts, strict=True) if not len(part.figures))
        if not foreign and (held >= _SURE * total or (held and not tells)):
            return None
        if held < _LEAST * total or foreign or self._is_of_another(words, reading.evidence, figured):
            return Failing(Fault.WORDS, ", ".join(one.printed for one, share in words if not share))
        return None

    def _is_of_another(
        self, told: Sequence[tuple[Telling, float]], evidence: Sequence[Evidence], figured: float
    ) -> bool:
        """True where another entry holds much more of the words than the cited do, or is called by a missing noun."""
        corpus = self.corpus
        worth = np.zeros(len(corpus.catalogue.items))
        for one, _ in told:
            worth[corpus.texts.rows(one.word.whole)] += one.weight
        whole = sum(one.weight for one, share in told if share >= _SURE)
        if worth.max(initial=0.0) > _BETTER * (whole + figured):
            return True
        nouns = (one.word.whole for one, share in told if not share and one.noun and one.weight > _RARE)
        return any(len(corpus.titles.rows(noun)) for noun in nouns)


def _weights(
    told: Sequence[Telling], clauses: Sequence[Clause], titles: frozenset[str]
) -> tuple[tuple[float, ...], tuple[frozenset[str], ...]]:
    """How much of what is said each clause holds, by half what the passage around it does; who holds each word."""
    own = [0.0] * len(clauses)
    around: dict[str, float] = {}
    holders = []
    for one in told:
        weight = one.weight * (_TITLE if one.word.whole in titles else 1.0)
        passages: dict[str, float] = {}
        for place, share in _holding(one, clauses):
            own[place] += weight * share
            passage = clauses[place].passage
            passages[passage] = max(passages.get(passage, 0.0), weight * share / 2)
        holders.append(frozenset(passages))
        for passage, half in passages.items():
            around[passage] = around.get(passage, 0.0) + half
    weights = (weight + around.get(clause.passage, 0.0) for clause, weight in zip(clauses, own, strict=True))
    return tuple(weights), tuple(holders)


def _nearest(
    clauses: Sequence[Clause], weights: Sequence[float], said: Sequence[Figures]
) -> tuple[list[Clause], list[Clause]]:
    """The clauses that hold most, and those that hold much, of what is said; a figure of it counts too."""
    if said:
        shared = (any(figures(one.text).prove(figure) for figure in said) for one in clauses)
        weights = [weight + _SHARED * share for weight, share in zip(weights, shared, strict=True)]
    most = max(weights, default=0.0)
    told = [(one, weight) for one, weight in zip(clauses, weights, strict=True) if weight >= _LIKE * most > 0]
    return [one for one, weight in told if weight >= _ALIKE * most], [one for one, _ in told]


def _holding(one: Telling, clauses: Sequence[Clause]) -> Iterator[tuple[int, float]]:
    """The places of the clauses that hold a word and how much: whole, by its front, or by a part of it."""
    whole, parts, folded = one.word.whole, [part for part in one.word.parts if len(part) >= _PART], fold(one.printed)
    front = folded[: max(_LETTERS, len(folded) - _ENDING)] if len(folded) > _LETTERS else ""
    for place, clause in enumerate(clauses):
        if whole in clause.terms or (front and front in clause.folded):
            yield place, 1.0
        elif not clause.terms.isdisjoint(parts):
            yield place, 0.5


def _is_foreign(told: Sequence[tuple[Telling, float]]) -> bool:
    """True for a clause that tells much, or a rare word, of which the entries hold hardly anything."""
    told = [(one, share) for one, share in told if not one.of_standing]
    total = sum(one.weight for one, _ in told)
    rare = any(not share and telling(fold(one.printed)) == 1.0 for one, share in told)
    return (total > _TELLS or rare) and sum(one.weight * share for one, share in told) < _LEAST_OF_PART * total


def _turned(part: Part, known: Sequence[frozenset[ItemStatus]], undecided: bool) -> bool:
    """True where a part denies what its entries say, or says what they deny."""
    near, clause = part.near, part.clause
    if not part.telling:
        bare = clause.says("denied") and " " in clause.text and not clause.says("unsettled")
        return bare and not any(one.says("denied") for one in part.clauses)
    if not clause.says("denied", "refused"):
        most = _SURE * max(part.weights, default=0.0)
        best = [one for one, weight in zip(part.clauses, part.weights, strict=True) if weight >= most > 0]
        return bool(best) and all(one.says("denied") and not one.says("refused") for one in best)
    if any(one.says("denied", "refused") for one in near or part.clauses):
        return False
    if any(says(one.said - clause.said, "lacking") for one in (near if known else part.wide)):
        return False
    if undecided and clause.says("decided") and len(part.telling) <= _FEW:
        return False
    open_ = _OPEN if clause.says("ended") else _OPEN[:2] if clause.says("begun", "unsettled") else ()
    exempt = not part.ahead and any(not one.isdisjoint(open_) for one in known)
    return not exempt or any(_is_done(one) for one in part.wide)


def _is_done(clause: Clause, *kinds: str) -> bool:
    return (
        clause.says(*(kinds or ("ended", "begun", "perfect")))
        and not clause.says("denied", "ahead")
        and "?" not in clause.text
    )


def _other_status(part: Part, own: Sequence[frozenset[ItemStatus]]) -> bool:
    """True where a part gives a record another status than it has and no near clause says so."""
    if not own:
        return False
    denied = part.clause.says("denied")
    for word, meant in statuses.said_in(part.clause.text):
        said = frozenset((ItemStatus.IN_PROGRESS,)) if part.clause.says("running") else meant
        right = any(not said & one for one in own) if denied else any(bool(said & one) for one in own)
        if not right and not any(word in one.said and one.says("denied") == denied for one in part.near):
            return True
    return False


def _other_mode(part: Part, known: Sequence[frozenset[ItemStatus]]) -> bool:
    """True where a part says as done what its entries say shall be, or as planned what they say is done."""
    clause, near = part.clause, part.near
    if clause.says("denied"):
        return False
    closed = any(not one.isdisjoint(_CLOSED) for one in known)
    if part.ahead or clause.says("unsettled"):
        open_ = any(not one.isdisjoint(_OPEN) for one in known) or any(one.says("ahead", "unsettled") for one in near)
        settled = closed or (clause.says("plan", "unsettled") and any(_is_done(one, *_TOLD_DONE) for one in near))
        return settled and not open_
    if closed or clause.says("running"):
        return False
    if clause.says("ended", "begun", "now", "made", "perfect"):
        kinds: tuple[str, ...] = (*_TOLD_DONE, "past", "now")
        if clause.says("ended"):
            kinds = ("ended",) if known else ("ended", "made", "perfect")
        if any(_is_done(one, *kinds) for one in (near if known else part.wide)):
            return False
        return clause.says("ended", "begun", "now", "made") or any(one.says("ahead") for one in near)
    total = sum(one.weight for one in part.telling)
    return (
        not clause.says("lacking")
        and all(one.says("ahead") for one in near)
        and max(part.weights, default=0.0) > _LEAST * total
    )


def _other_standing(part: Part, known: frozenset[DocumentStatus | None]) -> bool:
    """True where a part says that a paper is decided, in force or a draft, which it is not and no near clause says."""
    clause = part.clause
    if clause.says("denied", "ahead"):
        return False
    short = len(part.telling) <= _FEW
    wrong = [
        kind
        for kind, is_wrong in (
            ("decided", DocumentStatus.ADOPTED not in known),
            ("valid", short and not known.isdisjoint(_UNDECIDED)),
            ("draft", short and known == {DocumentStatus.ADOPTED}),
        )
        if is_wrong and clause.says(kind)
    ]
    return any(not any(one.says(kind) and not one.says("denied") for one in part.near) for kind in wrong)


def _misplaced(part: Part, dates: Container[Moment]) -> bool:
    """True where a figure stands in a clause that is farther from the part than one with another figure."""
    every = _each(part.figures, dates)
    for said in every if part.telling else ():
        own, other = -1.0, 0.0
        for clause, weight in zip(part.clauses, part.weights, strict=True):
            held = figures(clause.text)
            near = weight + _SHARED * sum(held.prove(one) for one in every if one != said)
            if held.prove(said):
                own = max(own, near)
            elif (else_ := part.figures.unproven(held)) and _same_kind(said, else_):
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
    told = figures(clause.text)
    return told.prove(figure) or not set(told.printed).isdisjoint(figure.printed)


def _same_kind(one: Figures, told: Figures) -> bool:
    """True where a text tells a figure that could stand in the place of this one; years stand in that of dates."""
    if one.codes:
        return False
    if one.moments or one.numbers[0].is_year:
        return bool(told.moments) or any(other.is_year for other in told.numbers)
    number, others = one.numbers[0], [other for other in told.numbers if not other.is_year]
    return any(other.unit == number.unit and other.counts == number.counts for other in others)
