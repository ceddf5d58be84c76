"""The table of checks for freely worded sentences: each measures how far a sentence lacks support, and in which words.

A check measures a doubt, 0 to 1. A sentence is refused where the doubts, weighed as was learned with documents left
out, reach 1. What each is worth on development sentences and on blind ones is in `docs/decisions/007`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from service.answering import lexicon
from service.answering.draft import Counted
from service.answering.verification.clauses import Clause, Stage, has_word_of, is_listed, matches, plain, word_lists
from service.answering.verification.evidence import (
    AlignedStatement,
    CheckedClaim,
    CitedPassage,
    StatementTerm,
    count_words,
    each_figure,
)
from service.answering.verification.verbatim import squash
from vectorstore.analysis import fold
from vectorstore.language import rate_distinctiveness
from vectorstore.quantities import Figures, Located, Moment, figures, located, together
from vectorstore.records import Document, DocumentStatus, ItemStatus

_QUOTED = re.compile(r"[„“«»\"]([^„“”«»\"]{2,})[“”«»\"]")
_BOUNDARY = re.compile(r"[;,:(](?=\s)|\.\s|\sund\s")
_ONLY_MEASURE = re.compile(r"\bnur (?:noch |rund |etwa )?\d+(?:[.,]\d+)* ?(?:[A-Za-z€%]{1,4}\b|Euro|Prozent)")
_BETWEEN, _REACH = 60, 40  # letters that the end of a clause counts as, and letters at which a word counts half
_SUPPORTED = 0.6  # support from which a noun is there
_GAP = 0.5  # share of a clause without support from which it counts
_ELSEWHERE = 0.4  # what a noun counts that is elsewhere in the item
_KINDS = ("projekt", "massnahm", "ziel", "these", "grundsatz", "beschlusspunkt", "thema", "themen")
_OF_COUNTS = {"least", "most_of", "high", "low", "all"}  # classes that the tool that counted supports
_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)
_CLOSED = frozenset((ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED))
_OPEN = frozenset((ItemStatus.IDEA, ItemStatus.PLANNED))
_STAGES: dict[tuple[Stage, Stage | None], float] = {  # what a clause says, what its passages say
    (Stage.DONE, Stage.AHEAD): 1.0,
    (Stage.DONE, Stage.NAMED): 0.7,
    (Stage.DONE, Stage.NOW): 0.5,
    (Stage.NOW, Stage.AHEAD): 0.3,
}
_REACHED = ("now", "done", "ended", "since")  # "ist schon in Betrieb" is more than a description
_OF_OPEN = 0.2  # what the status of an idea or a plan adds to that
_DENIALS = ("lessened", "refused", "lacking", "ended_otherwise")
Doubt = tuple[float, str]


class Fault(StrEnum):
    """Why a sentence is refused."""

    QUOTES = "quotes"
    FIGURES = "figures"
    NAMES = "names"
    STATUS = "status"
    WORDS = "words"
    DECIDING = "deciding"
    NEGATION = "negation"
    ROLES = "roles"
    COUNT = "count"
    TRANSLATION = "translation"


@dataclass(frozen=True, slots=True)
class Failing:
    """Why a sentence is refused; `said` are the numbers, names or words that nothing supports."""

    kind: Fault
    said: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the table: its name, the fault that it finds, and the doubts that it measures."""

    name: str
    fault: Fault
    measure: Callable[[CheckedClaim], Iterable[Doubt]]


def measure_figures(claim: CheckedClaim) -> Iterator[Doubt]:
    """Numbers, dates and codes that no cited item has."""
    is_computed = claim.on_documents or claim.counted
    own = together(f for s in claim.statements for f in each_figure(s.clause.figures, claim.dates))
    known = [p.text for source in claim.evidence for p in (*source.passages, source.title)]
    left = together(figures(plain(text)) for text in (claim.texts() if is_computed else known)).unproven(own)
    if left:
        yield 1.0, ", ".join(left.printed)


def measure_binding(claim: CheckedClaim) -> Iterator[Doubt]:
    """Figures of which the words beside them are nearer to another figure of the same kind."""
    titles = [*(source.title.text for source in claim.evidence), *(document.title for document in claim.documents)]
    titles += [text for count in claim.counted for text in count_words(count)]
    passages = [passage for source in claim.evidence for passage in source.passages]
    for statement in claim.statements:
        for figure in each_figure(statement.clause.figures, claim.dates):
            if not any(figures(plain(text)).prove(figure) for text in titles):
                yield _unbind(figure, statement, passages), figure.printed[0]


def _unbind(figure: Figures, statement: AlignedStatement, passages: Sequence[CitedPassage]) -> float:
    """How much nearer the words of a clause are to another figure of the same kind, as a share."""
    own = rival = 0.0
    remaining = [other for other in each_figure(statement.clause.figures) if other != figure]
    titles = frozenset[str]().union(*(source.title.wholes for source in statement.sources))
    words = [term for term in statement.terms if term.word.terms[0] not in titles]
    for passage in passages:
        text = plain(passage.text)
        places = located(text)
        marks = [(term.weight, _find_word(term, text)) for term in words]
        marks += [(1.0, [place.start for place in places if _read(place).prove(other)]) for other in remaining]
        for place in places:
            if _read(place).prove(figure):
                own = max(own, _nearness(place, marks, text))
            elif _is_rival(figure, place) and not any(_read(place).prove(other) for other in remaining):
                rival = max(rival, _nearness(place, marks, text))
        if figure.codes and passage.figures.prove(figure):
            return 0.0
    return max(0.0, (rival - own) / rival) if rival else 0.0


def _nearness(place: Located, marks: Sequence[tuple[float, list[int]]], text: str) -> float:
    """How near words with weights are to a figure; the end of a clause between them counts many letters."""
    ends = [match.start() for match in _BOUNDARY.finditer(text)]

    def measure(other: int) -> int:
        low, high = sorted((other, place.start))
        return max(0, high - low - (place.end - place.start)) + _BETWEEN * sum(low < end < high for end in ends)

    return sum(weight / (1 + min(map(measure, places)) / _REACH) for weight, places in marks if places)


def _find_word(term: StatementTerm, text: str) -> list[int]:
    """Where a text has a word, or a part of it."""
    fronts = (part[: max(5, len(part) - 3)] for part in (term.text, *term.text.split("-")) if len(part) > 3)
    results = (
        [match.start() for match in re.finditer(re.escape(beginning), text, re.IGNORECASE)] for beginning in fronts
    )
    return next(filter(None, results), [])


def _read(place: Located) -> Figures:
    figure = place.figure
    return Figures(moments=(figure,)) if isinstance(figure, Moment) else Figures(numbers=(figure,))


def _is_rival(figure: Figures, place: Located) -> bool:
    """True if a number or date could be in the place of a figure."""
    other = place.figure
    if isinstance(other, Moment) or other.is_year:
        return bool(figure.moments) or any(number.is_year for number in figure.numbers)
    same = [n for n in figure.numbers if n.unit == other.unit and (":" in n.printed) is (":" in other.printed)]
    return other.values != {1} and any(not number.is_year for number in same)


def measure_entities(claim: CheckedClaim) -> Iterator[Doubt]:
    """Nouns, predicates and texts in quotation marks that nothing cited has; common words count less than names."""
    letters = squash("\n".join(claim.texts())).casefold()
    counts = fold(" ".join(text for count in claim.counted for text in count_words(count)))
    for quoted in _QUOTED.findall(claim.text):
        yield 1.0 - (squash(quoted).casefold() in letters), quoted
    for statement in claim.statements:
        for term, support in zip(statement.terms, statement.supports, strict=True):
            if (term.is_noun or term.is_predicate) and support < _SUPPORTED and fold(term.text)[:5] not in counts:
                yield (1.0 - support) * _strangeness(term, claim), term.text


def _strangeness(term: StatementTerm, claim: CheckedClaim) -> float:
    is_elsewhere = any(f" {term.front}" in passage.folded_letters for s in claim.evidence for passage in s.passages)
    return (1.0 if term.is_name else term.weight * rate_distinctiveness(fold(term.text))) * (
        _ELSEWHERE if is_elsewhere else 1.0
    )


def measure_coverage(claim: CheckedClaim) -> Iterator[Doubt]:
    """The share of a clause's words, by weight, that its passages do not support; twice for none of rare ones."""
    for statement in claim.statements:
        total = sum(term.weight for term in statement.terms)
        result = sum(t.weight * support for t, support in zip(statement.terms, statement.supports, strict=True))
        gap = 1.0 - result / total if total else 0.0
        strange = max((rate_distinctiveness(fold(term.text)) for term in statement.terms), default=0.0)
        is_lost = gap == 1.0 and not len(statement.clause.figures)
        yield (max(gap, 2.0 * strange) if is_lost else gap if gap >= _GAP else 0.0), statement.clause.text


def measure_deciding(claim: CheckedClaim) -> Iterator[Doubt]:
    """Words that decide (only, all, at least, free of charge, less …) without a counterpart in the passages."""
    passed = (_OF_COUNTS if claim.counted else set()) | ({"approved"} if claim.on_documents else set())
    for statement in claim.statements:
        known = [*statement.passages, *(source.title for source in statement.sources)]
        for group, word in statement.clause.deciding.items():
            measured = statement.clause.has("idea") or _ONLY_MEASURE.search(statement.clause.text)
            if group not in passed and not (group == "only" and measured):
                yield 1.0 - any(supports_class(group, passage) for passage in known), word


@lru_cache(maxsize=65536)
def supports_class(group: str, passage: CitedPassage) -> bool:
    """True if words of a passage support a class of deciding words."""
    lists = word_lists()["deciding"][group]
    if "pattern" in lists and re.search(lists["pattern"], passage.text):
        return True
    return any(matches(word, (*lists["says"], *lists["by"])) for word in passage.lowered)


def measure_polarity(claim: CheckedClaim) -> Iterator[Doubt]:
    """Clauses that deny what is cited, or state what it denies."""
    for statement in claim.statements:
        is_known = statement.clause.has("decided", "resolution") and is_undecided(claim.documents)
        yield float(_is_turned(statement) and not (is_known or statement.clause.is_nominal)), statement.clause.text


def _is_turned(statement: AlignedStatement) -> bool:
    clause = statement.clause
    closest = [c for c in statement.nearest if clause.verbs & c.stems] or statement.nearest
    if not clause.has("denied", "refused"):
        return bool(closest) and not clause.has("lessened") and all(other.has("denied") for other in closest)
    if statement.is_titled and statement.known and any(clause.statuses):
        return False  # there is a check of these
    best = max(map(statement.overlap, statement.clauses), default=0.0)
    around = [c for c in statement.clauses if 2 * statement.overlap(c) >= best > 0 or clause.verbs & c.verbs]
    if any(c.has("denied") or has_word_of(c.words - clause.words, *_DENIALS) for c in around):
        return False
    is_unfinished = clause.has("idea") or (clause.stage is not Stage.AHEAD and clause.has("ended", "done"))
    latest = Stage.NOW if clause.has("ended") else Stage.AHEAD
    is_begun = any(status <= {ItemStatus.IN_PROGRESS, *_CLOSED} for status in statement.known) and statement.is_titled
    return not (is_unfinished and all(other.stage <= latest for other in closest)) or (
        is_begun and not clause.has("ended")
    )


def measure_status(claim: CheckedClaim) -> Iterator[Doubt]:
    """Statuses that are not those of the cited records, and documents reported as decided or draft that are not."""
    counted = " ".join(text for count in claim.counted for text in count_words(count)).lower()
    for statement in claim.statements:
        clause = statement.clause
        stated = [word for word, _ in clause.statuses if word[:5] not in counted]
        if stated and statement.is_titled and is_unlike_status(clause, statement.known, statement.nearest):
            yield 1.0, clause.text
        if clause.has("denied", "ahead") or (clause.is_passive and clause.stage in (Stage.AHEAD, Stage.NOW)):
            continue
        closest = [*statement.nearest, *(c for s in claim.evidence for p in (s.title, s.around) for c in p.clauses)]
        is_short = claim.on_documents or not clause.figures.moments
        for name, proving, is_wrong in (
            ("decided", ("decided", "resolution"), is_undecided(claim.documents)),
            ("valid", ("valid",), is_short and is_undecided(claim.documents)),
            ("draft", ("draft",), claim.statuses == {DocumentStatus.ADOPTED}),
        ):
            if is_wrong and clause.has(name) and not any(c.has(*proving) and not c.has("denied") for c in closest):
                yield 1.0, clause.text


def is_unlike_status(clause: Clause, own: Collection[frozenset[ItemStatus]], proving: Sequence[Clause]) -> bool:
    """True if a clause gives records another status than they have, and nothing that proves it says so."""
    denied = clause.has("denied")
    for word, meant in clause.statuses:
        right = any(bool(meant & known) is not denied for known in own)
        if not (right and meant) and not any(word in dict(c.statuses) and c.has("denied") == denied for c in proving):
            return True
    return False


def measure_stage(claim: CheckedClaim) -> Iterator[Doubt]:
    """Clauses that tell as done or as going on what is ahead, or as ahead what a record's status says is done."""
    given = [figures(text) for count in claim.counted for text in count_words(count)]
    for statement in claim.statements:
        clause, own = statement.clause, statement.clause.figures
        of_status = any(clause.statuses) and statement.is_titled and statement.known
        if clause.has("denied") or of_status or (len(own) and any(known.prove(own) for known in given)):
            continue
        is_closed = any(not status.isdisjoint(_CLOSED) for status in statement.known)
        is_open = any(status <= _OPEN for status in statement.known)
        known = _find_stage(statement, is_open, is_closed)
        is_description = clause.is_copula and clause.stage is Stage.NOW and not clause.has(*_REACHED)
        doubt = 0.0 if is_description else _STAGES.get((clause.stage, known), 0.0)
        yield doubt + (_OF_OPEN if doubt and is_open else 0.0), clause.text
        is_late = clause.has("idea", "only") or (statement.is_titled and any(term.is_noun for term in statement.terms))
        if (
            clause.stage is Stage.AHEAD
            and is_closed
            and is_late
            and Stage.AHEAD not in {c.stage for c in statement.nearest}
        ):
            yield 1.0, clause.text


def _find_stage(statement: AlignedStatement, is_open: bool, is_closed: bool) -> Stage | None:
    """How far it has come what a clause says, by its nearest passages and by the status of what it is about."""
    clause = statement.clause
    verbs = [token for other in statement.nearest for token in other.tokens if token.stem in clause.verbs]
    if any(token.tag == "ADJ(A)" for token in verbs):
        return Stage.DONE  # "bereitgestellte Mittel"
    known = max((other.stage for other in statement.nearest), default=None)
    if is_closed and known is not None:
        return Stage.NOW if known is Stage.AHEAD else Stage.DONE
    is_about_it = statement.is_titled and any(term.is_noun for term in statement.terms)
    is_unknown = known is Stage.NAMED or is_about_it or (known is Stage.NOW and clause.has("since"))
    return Stage.AHEAD if is_open and is_unknown else known


def measure_roles(claim: CheckedClaim) -> Iterator[Doubt]:
    """Clauses that say of somebody what the passages say another one does, or what is done to him."""
    for statement in claim.statements:
        yield min(_measure_role(statement), default=0.0), " ".join(statement.clause.agent)


def _measure_role(statement: AlignedStatement) -> Iterator[float]:
    """For each clause of the passages with the same verb 1 where another one does it there."""
    clause = statement.clause
    named = [noun for phrase in clause.phrases if not phrase.is_direct for noun in phrase.nouns]
    for other in statement.clauses:
        is_same = any(own.endswith(verb) or verb.endswith(own) for own in clause.verbs for verb in other.verbs)
        agent = _find_helper(other, clause) or (other.agent if is_same else ())
        if agent and clause.agent:
            yield 1.0 - _share_noun(clause.agent, agent)
        elif agent and not clause.is_passive and named:  # to whom it is done here does it there
            yield float(_share_noun(named, agent))
        elif is_same and clause.agent and other.is_passive and not clause.is_passive:
            yield 0.8 * _share_noun(clause.agent, other.subject)


def _find_helper(other: Clause, clause: Clause) -> tuple[str, ...]:
    """Who does it where a noun says what is done: "mit Unterstützung des Kreises"."""
    by = (p.nouns for p in other.phrases if p.link in ("genitive", "durch", "von", "vom") and p.is_actor)
    is_named = any((token.is_noun or token.tag == "ADJ(A)") and token.stem in clause.verbs for token in other.tokens)
    return next(by, ()) if is_named and not clause.verbs & other.verbs else ()


def _share_noun(nouns: Sequence[str], others: Sequence[str]) -> bool:
    """True if one of several nouns is also one of others, in another form, or another word for it."""
    return any(_is_same(noun, other) for noun in _drop_areas(nouns) for other in _drop_areas(others))


@lru_cache(maxsize=65536)
def _is_same(noun: str, other: str) -> bool:
    own, known = sorted((fold(noun).replace("-", ""), fold(other).replace("-", "")), key=len)
    if known.startswith(own[: max(4, len(own) - 2)]) or (len(own) > 4 and known.endswith(own)):
        return True
    return any(all(matches(n.lower(), same) for n in (noun, other)) for same in word_lists()["actors"]["same"])


def _drop_areas(nouns: Sequence[str]) -> Sequence[str]:
    """The nouns of a name without the area in it: of "Wirtschaftsförderung Kreis Soest" the first."""
    areas = [place for place, noun in enumerate(nouns) if is_listed(noun.lower(), "actors", "areas")]
    return [noun for place, noun in enumerate(nouns) if place not in areas and place - 1 not in areas] or nouns


def measure_merging(claim: CheckedClaim) -> Iterator[Doubt]:
    """Clauses that put to one cited item what another one says."""
    for statement in claim.statements if len(claim.items) > 1 and not claim.counted else ():
        nouns = {term.word.terms[0] for term in statement.terms if term.is_noun}
        named = [source for source in claim.evidence if not nouns.isdisjoint(source.title.terms)]
        is_other = named and not any(source in named for source in statement.sources)
        heads = {source.item.parent or source.item.key for source in statement.sources}
        yield float(bool(is_other) or len(heads) > 1), statement.clause.text


def measure_count(claim: CheckedClaim) -> Iterator[Doubt]:
    """Counts that the tool did not give: of another number, kind, status or topic."""
    for count in claim.counted:
        letters = (
            f" {fold(' '.join((*count_words(count), *(t for d in claim.documents for t in (d.title, d.publisher)))))}"
        )
        for statement in claim.statements:
            clause = statement.clause
            left = [f for f in each_figure(clause.figures) if not any(figures(t).prove(f) for t in count_words(count))]
            yield float(bool(left)), ", ".join(text for figure in left for text in figure.printed)
            nouns = [t.text for t in statement.terms if t.is_noun]
            nouns += [t.text for t in clause.tokens if fold(t.text).startswith(_KINDS)]
            for noun in nouns:
                is_kind = fold(noun).startswith(_KINDS)
                yield float((f" {fold(noun)[:5]}" if is_kind else fold(noun)[:5]) not in letters), noun
            for word, _ in clause.statuses:
                is_stated = any(word[:5] in text.lower() for text in count.words)
                yield float(not (is_stated or _is_grouped(word, clause, count))), word


def _is_grouped(word: str, clause: Clause, count: Counted) -> bool:
    """True if the number of a clause is that of the group with a status."""
    numbers = [number.values for number in clause.figures.numbers]
    return any(word[:5] in title.lower() and {number} in numbers for title, number in count.groups)


CHECKS: tuple[Check, ...] = (
    Check("figures", Fault.FIGURES, measure_figures),
    Check("binding", Fault.FIGURES, measure_binding),
    Check("entities", Fault.NAMES, measure_entities),
    Check("coverage", Fault.WORDS, measure_coverage),
    Check("deciding", Fault.DECIDING, measure_deciding),
    Check("polarity", Fault.NEGATION, measure_polarity),
    Check("status", Fault.STATUS, measure_status),
    Check("stage", Fault.STATUS, measure_stage),
    Check("roles", Fault.ROLES, measure_roles),
    Check("merging", Fault.WORDS, measure_merging),
    Check("count", Fault.COUNT, measure_count),
)


def find_fault(claim: CheckedClaim) -> Failing | None:
    """The objection with the largest share where the weighed doubts reach 1; None for no objection."""
    weighed = []
    for check in CHECKS:
        doubt, words = max(check.measure(claim), default=(0.0, ""))
        weighed.append((weights().get(check.name, 1.0) * doubt, Failing(check.fault, words, check.name)))
    failing = max(weighed, key=lambda pair: pair[0])[1]
    return failing if sum(weight for weight, _ in weighed) >= 1.0 else None


@cache
def weights() -> dict[str, float]:
    """The learned weights of the checks that do not refuse alone."""
    learned: dict[str, float] = json.loads(lexicon.trained("statements.json"))
    return learned


def is_undecided(documents: Iterable[Document]) -> bool:
    """True if one of several documents is a draft or a motion."""
    return any(document.status in _UNDECIDED for document in documents)
