"""The table of checks for freely worded sentences: each measures how far a sentence lacks support, and in which words.

A check yields doubts: 0 (supported) to 1, with the words that they concern. A sentence is refused if its doubts, times
trained weights, add up to 1 or more. Recall and precision of each check: `docs/decisions/007`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

from service.answering import lexicon
from service.answering.draft import Count
from service.answering.verification.clauses import (
    Clause,
    Stage,
    has_word_of,
    is_listed,
    matches,
    normalize_formulas,
    word_lists,
)
from service.answering.verification.evidence import (
    AlignedStatement,
    CheckedClaim,
    CitedPassage,
    StatementTerm,
    split_figures,
    texts_of_count,
)
from service.answering.verification.verbatim import squash
from vectorstore.analysis import fold
from vectorstore.language import rate_distinctiveness
from vectorstore.quantities import (
    DateValue,
    LocatedQuantity,
    Quantities,
    extract_quantities,
    locate_quantities,
    merge_quantities,
)
from vectorstore.records import Document, DocumentStatus, ItemStatus

_QUOTED = re.compile(r"[„“«»\"]([^„“”«»\"]{2,})[“”«»\"]")
_CLAUSE_END = re.compile(r"[;,:(](?=\s)|\.\s|\sund\s")
_ONLY_MEASURE = re.compile(r"\bnur (?:noch |rund |etwa )?\d+(?:[.,]\d+)* ?(?:[A-Za-z€%]{1,4}\b|Euro|Prozent)")
_CLAUSE_DISTANCE, _HALF_DISTANCE = 60, 40  # letters added per clause end, and distance at which a word counts half
_LEAST_SUPPORT = 0.6  # support from which a word counts as supported
_LEAST_GAP = 0.5  # unsupported share of a clause below which there is no doubt
_ELSEWHERE_FACTOR = 0.4  # times the doubt about a word that is elsewhere in the item
_KIND_WORDS = ("projekt", "massnahm", "ziel", "these", "grundsatz", "beschlusspunkt", "thema", "themen")
_COUNT_CLASSES = {"least", "most_of", "high", "low", "all"}  # classes of deciding words that a count supports
_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)
_CLOSED = frozenset((ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED))
_OPEN = frozenset((ItemStatus.IDEA, ItemStatus.PLANNED))
_STAGE_DOUBTS: dict[tuple[Stage, Stage | None], float] = {  # by the stage in a clause and in its passages
    (Stage.DONE, Stage.AHEAD): 1.0,
    (Stage.DONE, Stage.NAMED): 0.7,
    (Stage.DONE, Stage.NOW): 0.5,
    (Stage.NOW, Stage.AHEAD): 0.3,
}
_REACHED_LISTS = ("now", "done", "ended", "since")  # "ist schon in Betrieb": a claim, no description
_OPEN_DOUBT = 0.2  # added to the doubt about a stage of an idea or a plan
_DENIAL_LISTS = ("lessened", "refused", "lacking", "ended_otherwise")
Doubt = tuple[float, str]  # 0 to 1, and the words that are in doubt


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
class CheckFailure:
    """Why a sentence is refused; `unsupported` are its numbers, names or words, `check` the check's name."""

    kind: Fault
    unsupported: str = ""
    check: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its name, the fault that it finds, and the function that yields its doubts."""

    name: str
    fault: Fault
    measure: Callable[[CheckedClaim], Iterable[Doubt]]


def measure_figures(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about numbers, dates and codes that no cited item has."""
    is_computed = claim.cites_title_page or claim.counted
    stated = merge_quantities(f for s in claim.statements for f in split_figures(s.clause.figures, claim.dates))
    texts = [p.text for source in claim.evidence for p in (*source.passages, source.title)]
    unproven = merge_quantities(
        extract_quantities(normalize_formulas(text)) for text in (claim.texts() if is_computed else texts)
    ).unsupported(stated)
    if unproven:
        yield 1.0, ", ".join(unproven.printed)


def measure_binding(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about figures whose words are, in the passages, nearer to another figure of the same kind."""
    titles = [*(source.title.text for source in claim.evidence), *(document.title for document in claim.documents)]
    titles += [text for count in claim.counted for text in texts_of_count(count)]
    passages = [passage for source in claim.evidence for passage in source.passages]
    for statement in claim.statements:
        for figure in split_figures(statement.clause.figures, claim.dates):
            if not any(extract_quantities(normalize_formulas(text)).supports_all(figure) for text in titles):
                yield _compare_binding(figure, statement, passages), figure.printed[0]


def _compare_binding(figure: Quantities, statement: AlignedStatement, passages: Sequence[CitedPassage]) -> float:
    """How much nearer the words of a clause are to a rival figure in the passages, 0 to 1; 0 for no rival."""
    nearness = rival_nearness = 0.0
    others = [other for other in split_figures(statement.clause.figures) if other != figure]
    title_terms = frozenset[str]().union(*(source.title.whole_terms for source in statement.sources))
    words = [term for term in statement.terms if term.word.terms[0] not in title_terms]
    for passage in passages:
        text = normalize_formulas(passage.text)
        hits = locate_quantities(text)
        marks = [(term.weight, _find_word(term, text)) for term in words]
        marks += [(1.0, [hit.start for hit in hits if _to_figures(hit).supports_all(other)]) for other in others]
        for hit in hits:
            if _to_figures(hit).supports_all(figure):
                nearness = max(nearness, _rate_nearness(hit, marks, text))
            elif _is_rival(figure, hit) and not any(_to_figures(hit).supports_all(other) for other in others):
                rival_nearness = max(rival_nearness, _rate_nearness(hit, marks, text))
        if figure.codes and passage.figures.supports_all(figure):
            return 0.0
    return max(0.0, (rival_nearness - nearness) / rival_nearness) if rival_nearness else 0.0


def _rate_nearness(figure: LocatedQuantity, marks: Sequence[tuple[float, list[int]]], text: str) -> float:
    """The summed nearness of words to a figure; `marks` are their weights and offsets, clause ends add distance."""
    ends = [match.start() for match in _CLAUSE_END.finditer(text)]

    def distance(word_start: int) -> int:
        low, high = sorted((word_start, figure.start))
        between = sum(low < end < high for end in ends)
        return max(0, high - low - (figure.end - figure.start)) + _CLAUSE_DISTANCE * between

    return sum(weight / (1 + min(map(distance, places)) / _HALF_DISTANCE) for weight, places in marks if places)


def _find_word(term: StatementTerm, text: str) -> list[int]:
    """The offsets at which a text has a word or a part of its hyphenated compound, endings aside."""
    prefixes = (part[: max(5, len(part) - 3)] for part in (term.text, *term.text.split("-")) if len(part) > 3)
    by_prefix = (re.finditer(re.escape(prefix), text, re.IGNORECASE) for prefix in prefixes)
    return next(filter(None, ([match.start() for match in hits] for hits in by_prefix)), [])


def _to_figures(hit: LocatedQuantity) -> Quantities:
    figure = hit.figure
    return Quantities(moments=(figure,)) if isinstance(figure, DateValue) else Quantities(numbers=(figure,))


def _is_rival(figure: Quantities, hit: LocatedQuantity) -> bool:
    """True if a number or date of a text could be confused with a figure: both dates, or numbers of one unit."""
    other = hit.figure
    if isinstance(other, DateValue) or other.is_year:
        return bool(figure.moments) or any(number.is_year for number in figure.numbers)
    same_unit = [n for n in figure.numbers if n.unit == other.unit and (":" in n.printed) is (":" in other.printed)]
    return other.values != {1} and any(not number.is_year for number in same_unit)


def measure_entities(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about nouns, predicates and quoted texts that nothing cited has; common words count less than names."""
    squashed = squash("\n".join(claim.texts())).casefold()
    counted = fold(" ".join(text for count in claim.counted for text in texts_of_count(count)))
    for quoted in _QUOTED.findall(claim.text):
        yield 1.0 - (squash(quoted).casefold() in squashed), quoted
    for statement in claim.statements:
        for term, support in zip(statement.terms, statement.supports, strict=True):
            if (term.is_noun or term.is_predicate) and support < _LEAST_SUPPORT and fold(term.text)[:5] not in counted:
                yield (1.0 - support) * _rate_strangeness(term, claim), term.text


def _rate_strangeness(term: StatementTerm, claim: CheckedClaim) -> float:
    """The weight of a doubt about a word: 1 for a name, less for a common word or one that is elsewhere in an item."""
    is_elsewhere = any(f" {term.front}" in passage.folded_letters for s in claim.evidence for passage in s.passages)
    weight = 1.0 if term.is_name else term.weight * rate_distinctiveness(fold(term.text))
    return weight * (_ELSEWHERE_FACTOR if is_elsewhere else 1.0)


def measure_coverage(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts by the unsupported share of a clause's words, by weight; more if no word is supported and one is rare."""
    for statement in claim.statements:
        total = sum(term.weight for term in statement.terms)
        supported = sum(t.weight * support for t, support in zip(statement.terms, statement.supports, strict=True))
        gap = 1.0 - supported / total if total else 0.0
        rarest = max((rate_distinctiveness(fold(term.text)) for term in statement.terms), default=0.0)
        is_unsupported = gap == 1.0 and not len(statement.clause.figures)
        doubt = gap if gap >= _LEAST_GAP else 0.0
        yield (max(gap, 2.0 * rarest) if is_unsupported else doubt), statement.clause.text


def measure_deciding(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about deciding words (only, all, at least, free of charge, less …) that the passages lack."""
    exempt = (_COUNT_CLASSES if claim.counted else set()) | ({"approved"} if claim.cites_title_page else set())
    for statement in claim.statements:
        passages = [*statement.passages, *(source.title for source in statement.sources)]
        for class_, word in statement.clause.deciding_words.items():
            is_measure = statement.clause.includes_word_of("idea") or _ONLY_MEASURE.search(statement.clause.text)
            if class_ not in exempt and not (class_ == "only" and is_measure):
                yield 1.0 - any(supports_class(class_, passage) for passage in passages), word


@lru_cache(maxsize=65536)
def supports_class(class_: str, passage: CitedPassage) -> bool:
    """True if a word of a passage supports a class of deciding words."""
    lists = word_lists()["deciding"][class_]
    if "pattern" in lists and re.search(lists["pattern"], passage.text):
        return True
    return any(matches(word, (*lists["says"], *lists["by"])) for word in passage.lowered)


def measure_polarity(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about clauses that deny what is cited, or state what it denies."""
    for statement in claim.statements:
        clause = statement.clause
        is_draft = clause.includes_word_of("decided", "resolution") and is_undecided(
            claim.documents
        )  # "nicht beschlossen" is right
        yield float(_is_negation_reversed(statement) and not (is_draft or clause.is_noun_clause)), clause.text


def _is_negation_reversed(statement: AlignedStatement) -> bool:
    """True if a clause denies what its passages affirm, or affirms what all its nearest passages deny."""
    clause = statement.clause
    closest = [c for c in statement.nearest if clause.verbs & c.stems] or statement.nearest
    if not clause.includes_word_of("denied", "refused"):
        return (
            bool(closest)
            and not clause.includes_word_of("lessened")
            and all(other.includes_word_of("denied") for other in closest)
        )
    if statement.is_about_item and statement.item_statuses and any(clause.statuses):
        return False  # `measure_status` checks these
    best = max(map(statement.overlap, statement.clauses), default=0.0)
    related = [c for c in statement.clauses if 2 * statement.overlap(c) >= best > 0 or clause.verbs & c.verbs]
    if any(c.includes_word_of("denied") or has_word_of(c.words - clause.words, *_DENIAL_LISTS) for c in related):
        return False
    denies_completion = clause.includes_word_of("idea") or (
        clause.stage is not Stage.AHEAD and clause.includes_word_of("ended", "done")
    )
    latest = Stage.NOW if clause.includes_word_of("ended") else Stage.AHEAD
    is_supported = denies_completion and all(other.stage <= latest for other in closest)
    is_started = (
        any(status <= {ItemStatus.IN_PROGRESS, *_CLOSED} for status in statement.item_statuses)
        and statement.is_about_item
    )
    return not is_supported or (is_started and not clause.includes_word_of("ended"))


def measure_status(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about statuses unlike those of the cited records, and about drafts reported as decided or vice versa."""
    counted = " ".join(text for count in claim.counted for text in texts_of_count(count)).lower()
    for statement in claim.statements:
        clause = statement.clause
        stated = [word for word, _ in clause.statuses if word[:5] not in counted]
        if (
            stated
            and statement.is_about_item
            and contradicts_status(clause, statement.item_statuses, statement.nearest)
        ):
            yield 1.0, clause.text
        if clause.includes_word_of("denied", "ahead") or (
            clause.is_passive and clause.stage in (Stage.AHEAD, Stage.NOW)
        ):
            continue
        closest = [*statement.nearest, *(c for s in claim.evidence for p in (s.title, s.context) for c in p.clauses)]
        is_on_validity = claim.cites_title_page or not clause.figures.moments
        for name, proving, is_wrong in (
            ("decided", ("decided", "resolution"), is_undecided(claim.documents)),
            ("valid", ("valid",), is_on_validity and is_undecided(claim.documents)),
            ("draft", ("draft",), claim.statuses == {DocumentStatus.ADOPTED}),
        ):
            if (
                is_wrong
                and clause.includes_word_of(name)
                and not any(c.includes_word_of(*proving) and not c.includes_word_of("denied") for c in closest)
            ):
                yield 1.0, clause.text


def contradicts_status(clause: Clause, statuses: Collection[frozenset[ItemStatus]], proving: Sequence[Clause]) -> bool:
    """True if a clause states a status that neither the records have nor the proving clauses state."""
    denied = clause.includes_word_of("denied")
    for word, meant in clause.statuses:
        is_right = any(bool(meant & known) is not denied for known in statuses)
        is_supported = any(word in dict(c.statuses) and c.includes_word_of("denied") == denied for c in proving)
        if not (is_right and meant) and not is_supported:
            return True
    return False


def measure_stage(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about clauses that report a later stage than their passages, or as planned what a status says is done."""
    counted = [extract_quantities(text) for count in claim.counted for text in texts_of_count(count)]
    for statement in claim.statements:
        clause, stated = statement.clause, statement.clause.figures
        is_status_statement = any(clause.statuses) and statement.is_about_item and statement.item_statuses
        is_counted = len(stated) and any(known.supports_all(stated) for known in counted)
        if clause.includes_word_of("denied") or is_status_statement or is_counted:
            continue
        is_closed = any(not status.isdisjoint(_CLOSED) for status in statement.item_statuses)
        is_open = any(status <= _OPEN for status in statement.item_statuses)
        cited_stage = _find_stage(statement, is_open, is_closed)
        is_description = clause.is_copula and clause.stage is Stage.NOW and not clause.includes_word_of(*_REACHED_LISTS)
        doubt = 0.0 if is_description else _STAGE_DOUBTS.get((clause.stage, cited_stage), 0.0)
        yield doubt + (_OPEN_DOUBT if doubt and is_open else 0.0), clause.text
        is_about_it = statement.is_about_item and any(term.is_noun for term in statement.terms)
        claims_future = clause.stage is Stage.AHEAD and (clause.includes_word_of("idea", "only") or is_about_it)
        if is_closed and claims_future and all(c.stage is not Stage.AHEAD for c in statement.nearest):
            yield 1.0, clause.text


def _find_stage(statement: AlignedStatement, is_open: bool, is_closed: bool) -> Stage | None:
    """The stage of what a clause states, by its nearest passages and the status of its record; None if unknown."""
    clause = statement.clause
    verbs = [token for other in statement.nearest for token in other.tokens if token.stem in clause.verbs]
    if any(token.tag == "ADJ(A)" for token in verbs):
        return Stage.DONE  # "bereitgestellte Mittel"
    stage = max((other.stage for other in statement.nearest), default=None)
    if is_closed and stage is not None:
        return Stage.NOW if stage is Stage.AHEAD else Stage.DONE
    is_about_it = statement.is_about_item and any(term.is_noun for term in statement.terms)
    takes_status = stage is Stage.NAMED or is_about_it or (stage is Stage.NOW and clause.includes_word_of("since"))
    return Stage.AHEAD if is_open and takes_status else stage


def measure_roles(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about clauses that name another agent than their passages do, or make an object the agent."""
    for statement in claim.statements:
        yield min(_measure_role(statement), default=0.0), " ".join(statement.clause.agent)


def _measure_role(statement: AlignedStatement) -> Iterator[float]:
    """Yield a doubt for each clause of the passages with the same verb: 1 if its agent is another one."""
    clause = statement.clause
    indirect = [noun for phrase in clause.phrases if not phrase.is_direct for noun in phrase.nouns]
    for other in statement.clauses:
        is_same_verb = any(v.endswith(verb) or verb.endswith(v) for verb in clause.verbs for v in other.verbs)
        agent = _find_nominal_agent(other, clause) or (other.agent if is_same_verb else ())
        if agent and clause.agent:
            yield 1.0 - _has_common_noun(clause.agent, agent)
        elif agent and not clause.is_passive and indirect:  # an object here is the agent there
            yield float(_has_common_noun(indirect, agent))
        elif is_same_verb and clause.agent and other.is_passive and not clause.is_passive:
            yield 0.8 * _has_common_noun(clause.agent, other.subject)


def _find_nominal_agent(other: Clause, clause: Clause) -> tuple[str, ...]:
    """The agent of a verb that another clause has as a noun ("mit Unterstützung des Kreises"); () for none."""
    agents = (p.nouns for p in other.phrases if p.link in ("genitive", "durch", "von", "vom") and p.is_actor)
    nominals = {token.stem for token in other.tokens if token.is_noun or token.tag == "ADJ(A)"}
    return next(agents, ()) if clause.verbs & nominals and not clause.verbs & other.verbs else ()


def _has_common_noun(nouns: Sequence[str], others: Sequence[str]) -> bool:
    """True if one of the nouns is also among the others, perhaps inflected or as a synonym."""
    return any(_is_same_actor(noun, other) for noun in _drop_areas(nouns) for other in _drop_areas(others))


@lru_cache(maxsize=65536)
def _is_same_actor(noun: str, other: str) -> bool:
    shorter, longer = sorted((fold(noun).replace("-", ""), fold(other).replace("-", "")), key=len)
    if longer.startswith(shorter[: max(4, len(shorter) - 2)]) or (len(shorter) > 4 and longer.endswith(shorter)):
        return True
    return any(all(matches(n.lower(), same) for n in (noun, other)) for same in word_lists()["actors"]["same"])


def _drop_areas(nouns: Sequence[str]) -> Sequence[str]:
    """The nouns of a name without the area in it: of "Wirtschaftsförderung Kreis Soest" the first."""
    areas = [index for index, noun in enumerate(nouns) if is_listed(noun.lower(), "actors", "areas")]
    return [noun for index, noun in enumerate(nouns) if index not in areas and index - 1 not in areas] or nouns


def measure_merging(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about clauses that attribute to one cited item what another item says."""
    for statement in claim.statements if len(claim.items) > 1 and not claim.counted else ():
        nouns = {term.word.terms[0] for term in statement.terms if term.is_noun}
        titled = [source for source in claim.evidence if not nouns.isdisjoint(source.title.terms)]
        cites_other = titled and not any(source in titled for source in statement.sources)
        parents = {source.item.parent or source.item.key for source in statement.sources}
        yield float(bool(cites_other) or len(parents) > 1), statement.clause.text


def measure_count(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about counts that the tool did not return: another number, kind, status or topic."""
    names = [text for document in claim.documents for text in (document.title, document.publisher)]
    for count in claim.counted:
        count_text = f" {fold(' '.join((*texts_of_count(count), *names)))}"
        for statement in claim.statements:
            clause = statement.clause
            counted = [extract_quantities(text) for text in texts_of_count(count)]
            unproven = [f for f in split_figures(clause.figures) if not any(known.supports_all(f) for known in counted)]
            yield float(bool(unproven)), ", ".join(text for figure in unproven for text in figure.printed)
            nouns = [t.text for t in statement.terms if t.is_noun]
            nouns += [t.text for t in clause.tokens if fold(t.text).startswith(_KIND_WORDS)]
            for noun in nouns:
                is_kind = fold(noun).startswith(_KIND_WORDS)
                yield float((f" {fold(noun)[:5]}" if is_kind else fold(noun)[:5]) not in count_text), noun
            for word, _ in clause.statuses:
                is_stated = any(word[:5] in text.lower() for text in count.words)
                yield float(not (is_stated or _is_group_of_count(word, clause, count))), word


def _is_group_of_count(word: str, clause: Clause, count: Count) -> bool:
    """True if a clause has the number of the group whose name has the status word."""
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


def find_fault(claim: CheckedClaim) -> CheckFailure | None:
    """The failure of the check with the largest weighted doubt if all together reach 1; else None."""
    weighed = []
    for check in CHECKS:
        doubt, words = max(check.measure(claim), default=(0.0, ""))
        weighed.append((check_weights().get(check.name, 1.0) * doubt, CheckFailure(check.fault, words, check.name)))
    failing = max(weighed, key=lambda pair: pair[0])[1]
    return failing if sum(weight for weight, _ in weighed) >= 1.0 else None


@cache
def check_weights() -> dict[str, float]:
    """The trained weights by name of check; checks without one weigh 1 and refuse a sentence alone."""
    learned: dict[str, float] = json.loads(lexicon.trained("statements.json"))
    return learned


def is_undecided(documents: Iterable[Document]) -> bool:
    """True if one of the documents is a draft or a motion."""
    return any(document.status in _UNDECIDED for document in documents)
