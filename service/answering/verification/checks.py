"""The table of checks for freely worded sentences: each measures how far a sentence lacks support,
and in which words.

A check yields doubts: 0 (supported) to 1, with the words that they concern. A sentence is refused
if the largest doubts of all checks, times trained weights, add up to 1 or more. Recall and
precision: `docs/decisions/007`.
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
    figures_of,
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
from service.labels import UNDECIDED
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

_QUOTED = re.compile(
    r"[„“«»\"]([^„“”«»\"]{2,})[“”«»\"]"
)  # the text between quotation marks, in German or English ones
_CLAUSE_END = re.compile(
    r"[;,:(](?=\s)|\.\s|\sund\s"
)  # the comma of "2030, dann", but not of "1,5"
# "nur noch 5 km", "nur rund 1,5 Prozent", but not "nur Busse": here "nur" does not exclude anything
_ONLY_MEASURE = re.compile(
    r"\bnur (?:noch |rund |etwa )?\d+(?:[.,]\d+)* ?(?:[A-Za-z€%]{1,4}\b|Euro|Prozent)"
)
_CLAUSE_DISTANCE, _HALF_DISTANCE = (
    60,
    40,
)  # letters added per clause end, and distance at which a word counts half
_LEAST_SUPPORT = 0.6  # support from which a word counts as supported
_LEAST_GAP = 0.5  # unsupported share of a clause below which there is no doubt
_ELSEWHERE_FACTOR = 0.4  # times the doubt about a word that is elsewhere in the item
_KIND_WORDS = (
    "projekt",
    "massnahm",
    "ziel",
    "these",
    "grundsatz",
    "beschlusspunkt",
    "thema",
    "themen",
)
_COUNT_CLASSES = {
    "least",
    "most_of",
    "high",
    "low",
    "all",
}  # classes of deciding words that a count supports
_CLOSED = frozenset((ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED))
_OPEN = frozenset((ItemStatus.IDEA, ItemStatus.PLANNED))
_STAGE_DOUBTS: dict[
    tuple[Stage, Stage | None], float
] = {  # by the stage in a clause and in its passages
    (Stage.DONE, Stage.AHEAD): 1.0,
    (Stage.DONE, Stage.NAMED): 0.7,
    (Stage.DONE, Stage.NOW): 0.5,
    (Stage.NOW, Stage.AHEAD): 0.3,
}
_REACHED_LISTS = (
    "now",
    "done",
    "ended",
    "since",
)  # "ist schon in Betrieb": a claim, no description
_OPEN_DOUBT = 0.2  # added to the doubt about a stage of an idea or a plan
_DENIAL_LISTS = ("lessened", "refused", "lacking", "ended_otherwise")
Doubt = tuple[float, str]  # 0 to 1 (`measure_coverage`: to 2), and the words that are in doubt


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
    """Why a sentence is refused; `unsupported` are its numbers, names or words."""

    kind: Fault
    unsupported: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its name, the fault that it finds, and the function that yields its doubts."""

    name: str
    fault: Fault
    measure: Callable[[CheckedClaim], Iterable[Doubt]]


def measure_figures(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about numbers (but 1), dates (but those of the documents) and codes that no cited
    passage or title has.
    """
    stated = merge_quantities(
        f for s in claim.statements for f in split_figures(s.clause.figures, claim.dates)
    )
    texts = [p.text for source in claim.evidence for p in (*source.passages, source.title)]
    if claim.cites_title_page or claim.counted:
        texts = list(claim.texts())  # headings, document metadata and counts, too
    if unproven := merge_quantities(map(figures_of, texts)).unsupported(stated):
        yield 1.0, ", ".join(unproven.as_texts)


def measure_binding(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about figures whose words are, in the passages, nearer to another figure of the same
    kind.

    Of "2024 begonnen, 2030 fertig" the sentence "2024 fertig" is in doubt; figures of titles and
    counts never are.
    """
    titles = [
        *(source.title.text for source in claim.evidence),
        *(document.title for document in claim.documents),
    ]
    in_titles = [figures_of(text) for text in (*titles, *claim.count_texts)]
    passages = [passage for source in claim.evidence for passage in source.passages]
    for statement in claim.statements:
        for figure in split_figures(statement.clause.figures, claim.dates):
            if not any(known.supports_all(figure) for known in in_titles):
                yield _compare_binding(figure, statement, passages), figure.as_texts[0]


def _compare_binding(
    figure: Quantities, statement: AlignedStatement, passages: Sequence[CitedPassage]
) -> float:
    """How much nearer the words of a clause are, in the passages, to a rival than to its figure: 0
    (no rival) to 1.

    Words of titles do not count, the clause's other figures do; each figure at its best place. 0
    for a code found.
    """
    nearness = rival_nearness = 0.0
    others = [other for other in split_figures(statement.clause.figures) if other != figure]
    title_terms = frozenset[str]().union(
        *(source.title.whole_terms for source in statement.sources)
    )
    words = [term for term in statement.terms if term.word.terms[0] not in title_terms]
    for passage in passages:
        text = normalize_formulas(passage.text)
        hits = [(hit, _to_figures(hit)) for hit in locate_quantities(text)]
        marks = [(term.weight, _find_word(term, text)) for term in words]
        marks += [
            (1.0, [hit.start for hit, value in hits if value.supports_all(other)])
            for other in others
        ]
        for hit, value in hits:
            if value.supports_all(figure):
                nearness = max(nearness, _rate_nearness(hit, marks, text))
            elif _is_rival(figure, hit) and not any(map(value.supports_all, others)):
                rival_nearness = max(rival_nearness, _rate_nearness(hit, marks, text))
        if figure.codes and passage.figures.supports_all(figure):
            return 0.0
    return max(0.0, (rival_nearness - nearness) / rival_nearness) if rival_nearness else 0.0


def _rate_nearness(
    figure: LocatedQuantity, marks: Sequence[tuple[float, list[int]]], text: str
) -> float:
    """The summed nearness of words to a figure of a text; `marks` are their weights and offsets,
    the nearest counts.
    """
    ends = [match.start() for match in _CLAUSE_END.finditer(text)]

    def distance(word_start: int) -> int:
        low, high = sorted((word_start, figure.start))
        ends_between = sum(low < end < high for end in ends)
        return max(0, high - low - (figure.end - figure.start)) + _CLAUSE_DISTANCE * ends_between

    return sum(
        weight / (1 + min(map(distance, starts)) / _HALF_DISTANCE)
        for weight, starts in marks
        if starts
    )


def _find_word(term: StatementTerm, text: str) -> list[int]:
    """The offsets at which a text has a word, else the first part of its hyphenated compound that
    it has; [] if none.

    Endings are left out: of "Radweg-Netze" first "radweg-ne" is searched for, then "radwe", then
    "netze".
    """
    for part in (term.text, *term.text.split("-")):
        prefix = re.escape(part[: max(5, len(part) - 3)])
        if len(part) > 3 and (
            starts := [match.start() for match in re.finditer(prefix, text, re.IGNORECASE)]
        ):
            return starts
    return []


def _to_figures(hit: LocatedQuantity) -> Quantities:
    figure = hit.figure
    return (
        Quantities(moments=(figure,))
        if isinstance(figure, DateValue)
        else Quantities(numbers=(figure,))
    )


def _is_rival(figure: Quantities, hit: LocatedQuantity) -> bool:
    """True if a number or date of a text could be confused with a figure: both dates or years, or
    numbers of one unit.

    A ratio or time ("1:30") is no rival of a plain number, and the number 1 no rival at all.
    """
    other = hit.figure
    if isinstance(other, DateValue) or other.is_year:
        return bool(figure.moments) or any(number.is_year for number in figure.numbers)
    same_unit = [
        n
        for n in figure.numbers
        if n.unit == other.unit and (":" in n.printed) is (":" in other.printed)
    ]
    return other.values != {1} and any(not number.is_year for number in same_unit)


def measure_entities(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about quotes, nouns and predicates ("barrierefrei") that nothing cited or counted has;
    less if common.
    """
    squashed = squash("\n".join(claim.texts())).casefold()
    counted = fold(" ".join(claim.count_texts))
    for quoted in _QUOTED.findall(claim.text):
        yield float(squash(quoted).casefold() not in squashed), quoted
    for statement in claim.statements:
        for term, support in zip(statement.terms, statement.supports, strict=True):
            is_counted = fold(term.text)[:5] in counted  # compared by five letters
            if (term.is_noun or term.is_predicate) and support < _LEAST_SUPPORT and not is_counted:
                yield (1.0 - support) * _rate_strangeness(term, claim), term.text


def _rate_strangeness(term: StatementTerm, claim: CheckedClaim) -> float:
    """The weight of a doubt about a word: 1 for a name, less for others; times 0.4 if it is
    elsewhere in an item.
    """
    is_elsewhere = any(
        f" {term.front}" in passage.folded_letters for s in claim.evidence for passage in s.passages
    )
    weight = 1.0 if term.is_name else term.weight * rate_distinctiveness(fold(term.text))
    return weight * (_ELSEWHERE_FACTOR if is_elsewhere else 1.0)


def measure_coverage(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts by the unsupported share of a clause's words, by weight; 0 below one half."""
    for statement in claim.statements:
        total = sum(term.weight for term in statement.terms)
        supported = sum(
            t.weight * support
            for t, support in zip(statement.terms, statement.supports, strict=True)
        )
        gap = 1.0 - supported / total if total else 0.0
        doubt = gap if gap >= _LEAST_GAP else 0.0
        if gap == 1.0 and not len(
            statement.clause.figures
        ):  # nothing is supported: up to 2, by the rarest word
            doubt = max(
                gap, 2.0 * max(rate_distinctiveness(fold(term.text)) for term in statement.terms)
            )
        yield doubt, statement.clause.text


def measure_deciding(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about deciding words (only, free of charge …) that passages and titles lack and a
    count does not imply.
    """
    exempt = (_COUNT_CLASSES if claim.counted else set()) | (
        {"approved"} if claim.cites_title_page else set()
    )
    for statement in claim.statements:
        clause, passages = (
            statement.clause,
            [*statement.passages, *(source.title for source in statement.sources)],
        )
        # "nur eine Idee" and "nur noch 5 km" exclude nothing
        excludes_nothing = clause.includes_word_of("idea") or _ONLY_MEASURE.search(clause.text)
        for class_, word in clause.deciding_words.items():
            if class_ not in exempt and not (class_ == "only" and excludes_nothing):
                yield float(not any(supports_class(class_, passage) for passage in passages)), word


@lru_cache(maxsize=65536)
def supports_class(class_: str, passage: CitedPassage) -> bool:
    """True if a passage has a deciding word of a class (`says`), a word that supports it (`by`), or
    its pattern.
    """
    lists = word_lists()["deciding"][class_]
    if "pattern" in lists and re.search(lists["pattern"], passage.text):
        return True
    return any(matches(word, (*lists["says"], *lists["by"])) for word in passage.lowered)


def measure_polarity(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about clauses that deny what is cited, or state what it denies; none about clauses in
    place of a noun.
    """
    for statement in claim.statements:
        clause = statement.clause
        # of a draft "nicht beschlossen" is right
        is_draft = clause.includes_word_of("decided", "resolution") and is_undecided(
            claim.documents
        )
        yield (
            float(_is_negation_reversed(statement) and not (is_draft or clause.is_noun_clause)),
            clause.text,
        )


def _is_negation_reversed(statement: AlignedStatement) -> bool:
    """True if a clause affirms what all the closest clauses of its passages deny, or denies what
    they affirm.

    Without a denial there, right are: a status of an item (`measure_status` checks it), "noch nicht
    begonnen" and "nur eine Idee" of what is planned at most, "noch nicht fertig" of what goes on at
    most.
    """
    clause = statement.clause
    closest = [c for c in statement.nearest if clause.verbs & c.stems] or statement.nearest
    if not clause.includes_word_of("denied", "refused"):
        is_denied_there = bool(closest) and all(
            other.includes_word_of("denied") for other in closest
        )
        return is_denied_there and not clause.includes_word_of("lessened")
    if statement.is_about_item and statement.item_statuses and any(clause.statuses):
        return False  # `measure_status` checks these
    best = max(
        map(statement.overlap, statement.clauses), default=0.0
    )  # related: half of it, or a verb in common
    related = [
        c
        for c in statement.clauses
        if 2 * statement.overlap(c) >= best > 0 or clause.verbs & c.verbs
    ]
    if any(
        c.includes_word_of("denied") or has_word_of(c.words - clause.words, *_DENIAL_LISTS)
        for c in related
    ):
        return False
    denies_end = clause.includes_word_of("ended")
    denies_progress = clause.stage is not Stage.AHEAD and (
        denies_end or clause.includes_word_of("done")
    )
    latest = Stage.NOW if denies_end else Stage.AHEAD
    if not (clause.includes_word_of("idea") or denies_progress) or any(
        other.stage > latest for other in closest
    ):
        return True
    started = {ItemStatus.IN_PROGRESS, *_CLOSED}  # "noch nicht begonnen" is wrong of these
    return (
        not denies_end
        and statement.is_about_item
        and any(known <= started for known in statement.item_statuses)
    )


def measure_status(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about statuses unlike those of the cited records, and about drafts reported as decided
    or vice versa.
    """
    counted = " ".join(
        claim.count_texts
    ).lower()  # statuses that were counted by are no claims about an item
    in_headings = [
        c for source in claim.evidence for p in (source.title, source.context) for c in p.clauses
    ]
    for statement in claim.statements:
        clause = statement.clause
        if statement.is_about_item and any(word[:5] not in counted for word, _ in clause.statuses):
            yield (
                float(contradicts_status(clause, statement.item_statuses, statement.nearest)),
                clause.text,
            )
        is_process = clause.is_passive and clause.stage in (
            Stage.AHEAD,
            Stage.NOW,
        )  # "wird beschlossen"
        if is_process or clause.includes_word_of("denied", "ahead"):
            continue
        affirming = [
            c for c in (*statement.nearest, *in_headings) if not c.includes_word_of("denied")
        ]
        is_on_validity = (
            claim.cites_title_page or not clause.figures.moments
        )  # "gilt ab 2026" may be of anything
        for name, proving, is_wrong in (
            ("decided", ("decided", "resolution"), is_undecided(claim.documents)),
            ("valid", ("valid",), is_on_validity and is_undecided(claim.documents)),
            ("draft", ("draft",), claim.statuses == {DocumentStatus.ADOPTED}),
        ):
            if is_wrong and clause.includes_word_of(name):
                yield float(not any(c.includes_word_of(*proving) for c in affirming)), clause.text


def contradicts_status(
    clause: Clause, statuses: Collection[frozenset[ItemStatus]], proving: Sequence[Clause]
) -> bool:
    """True if a clause states a status that no record has (`statuses`: the possible ones of each)
    and none proves.
    """
    denied = clause.includes_word_of(
        "denied"
    )  # "nicht umgesetzt" is right of a record with another status
    for word, meant in clause.statuses:
        is_right = bool(meant) and any(bool(meant & known) is not denied for known in statuses)
        likewise = (other for other in proving if other.includes_word_of("denied") == denied)
        if not is_right and not any(word in dict(other.statuses) for other in likewise):
            return True
    return False


def measure_stage(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about clauses that report a later stage than their passages, or as planned what a
    status says is done.
    """
    counted = [extract_quantities(text) for text in claim.count_texts]
    for statement in claim.statements:
        clause, stated = statement.clause, statement.clause.figures
        is_status_statement = (
            any(clause.statuses) and statement.is_about_item and statement.item_statuses
        )
        is_counted = len(stated) and any(known.supports_all(stated) for known in counted)
        if clause.includes_word_of("denied") or is_status_statement or is_counted:
            continue
        is_closed = any(not known.isdisjoint(_CLOSED) for known in statement.item_statuses)
        is_open = any(known <= _OPEN for known in statement.item_statuses)
        cited_stage = _find_stage(statement, is_open=is_open, is_closed=is_closed)
        # "ist breit" reports no stage, "ist schon in Betrieb" does
        is_description = (
            clause.is_copula
            and clause.stage is Stage.NOW
            and not clause.includes_word_of(*_REACHED_LISTS)
        )
        doubt = 0.0 if is_description else _STAGE_DOUBTS.get((clause.stage, cited_stage), 0.0)
        yield doubt + (_OPEN_DOUBT if doubt and is_open else 0.0), clause.text
        claims_future = clause.includes_word_of("idea", "only") or statement.names_item
        if is_closed and claims_future and clause.stage is Stage.AHEAD:
            yield float(all(c.stage is not Stage.AHEAD for c in statement.nearest)), clause.text


def _find_stage(statement: AlignedStatement, *, is_open: bool, is_closed: bool) -> Stage | None:
    """The stage of what a clause states: the latest of its nearest passages, corrected by its
    record; None if unknown.

    `is_closed`: the record is implemented or archived, so what passages plan goes on, and all else
    is done. `is_open`: it is an idea or planned, so what passages only name, and the item as a
    whole, is ahead.
    """
    clause = statement.clause
    cited_tags = [
        token.tag
        for other in statement.nearest
        for token in other.tokens
        if token.stem in clause.verbs
    ]
    if "ADJ(A)" in cited_tags:
        return Stage.DONE  # a verb of the clause is there a participle: "bereitgestellte Mittel"
    stage = max((other.stage for other in statement.nearest), default=None)
    if is_closed and stage is not None:
        return Stage.NOW if stage is Stage.AHEAD else Stage.DONE
    is_unsure = stage is Stage.NAMED or (stage is Stage.NOW and clause.includes_word_of("since"))
    return Stage.AHEAD if is_open and (is_unsure or statement.names_item) else stage


def measure_roles(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about clauses that name another agent than their passages; the least doubt over these
    passages counts.
    """
    for statement in claim.statements:
        yield min(_compare_agents(statement), default=0.0), " ".join(statement.clause.agent)


def _compare_agents(statement: AlignedStatement) -> Iterator[float]:
    """Yield a doubt, 0 to 1, for each clause of the passages with the same verb, perhaps as a
    noun.
    """
    clause = statement.clause
    indirect = [noun for phrase in clause.phrases if not phrase.is_direct for noun in phrase.nouns]
    for other in statement.clauses:
        is_same_verb = any(
            v.endswith(verb) or verb.endswith(v) for verb in clause.verbs for v in other.verbs
        )
        agent = _find_nominal_agent(other, clause) or (other.agent if is_same_verb else ())
        if agent and clause.agent:  # both have an agent: is it another one?
            yield float(not _has_common_noun(clause.agent, agent))
        elif agent and not clause.is_passive and indirect:  # an object here is the agent there
            yield float(_has_common_noun(indirect, agent))
        elif is_same_verb and clause.agent and other.is_passive and not clause.is_passive:
            # what is acted on there acts here: "Die Halle saniert" of "Die Halle wird saniert"
            yield 0.8 * _has_common_noun(clause.agent, other.subject)


def _find_nominal_agent(other: Clause, clause: Clause) -> tuple[str, ...]:
    """The agent in `other` of a verb of a clause that is only a noun there ("Unterstützung des
    Kreises"); or ().
    """
    agents = (
        p.nouns
        for p in other.phrases
        if p.link in ("genitive", "durch", "von", "vom") and p.is_actor
    )
    nominals = {token.stem for token in other.tokens if token.is_noun or token.tag == "ADJ(A)"}
    return next(agents, ()) if clause.verbs & nominals and not clause.verbs & other.verbs else ()


def _has_common_noun(nouns: Sequence[str], others: Sequence[str]) -> bool:
    """True if one of the nouns is also among the others, perhaps inflected or as a synonym."""
    return any(
        _is_same_actor(noun, other) for noun in _drop_areas(nouns) for other in _drop_areas(others)
    )


@lru_cache(maxsize=65536)
def _is_same_actor(noun: str, other: str) -> bool:
    """True for forms of a noun ("Kreises"), the end of a compound ("Stadtverwaltung",
    "Verwaltung"), and synonyms.
    """
    shorter, longer = sorted((fold(noun).replace("-", ""), fold(other).replace("-", "")), key=len)
    if longer.startswith(shorter[: max(4, len(shorter) - 2)]) or (
        len(shorter) > 4 and longer.endswith(shorter)
    ):
        return True
    return any(
        all(matches(n.lower(), same) for n in (noun, other))
        for same in word_lists()["actors"]["same"]
    )


def _drop_areas(nouns: Sequence[str]) -> Sequence[str]:
    """The nouns of a name without areas and the nouns after them ("Wirtschaftsförderung" of "…
    Kreis Soest") or all.
    """
    areas = [
        index for index, noun in enumerate(nouns) if is_listed(noun.lower(), "actors", "areas")
    ]
    return [
        noun for index, noun in enumerate(nouns) if index not in areas and index - 1 not in areas
    ] or nouns


def measure_merging(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about clauses that have nouns of one cited title but passages of other items, or of
    several parents.
    """
    if len(claim.items) < 2 or claim.counted:
        return
    for statement in claim.statements:
        nouns = {term.word.terms[0] for term in statement.terms if term.is_noun}
        titled = [source for source in claim.evidence if not nouns.isdisjoint(source.title.terms)]
        is_from_other = bool(titled) and not any(source in titled for source in statement.sources)
        parents = {source.item.parent or source.item.key for source in statement.sources}
        yield float(is_from_other or len(parents) > 1), statement.clause.text


def measure_count(claim: CheckedClaim) -> Iterator[Doubt]:
    """Doubts about counts that the tool did not return: another number, noun (kind, topic,
    document) or status.
    """
    names = [text for document in claim.documents for text in (document.title, document.publisher)]
    for count in claim.counted:
        texts = tuple(texts_of_count(count))
        count_text, counted = (
            f" {fold(' '.join((*texts, *names)))}",
            [extract_quantities(text) for text in texts],
        )
        for statement in claim.statements:
            clause = statement.clause
            unproven = [
                f
                for f in split_figures(clause.figures)
                if not any(known.supports_all(f) for known in counted)
            ]
            yield (
                float(bool(unproven)),
                ", ".join(text for figure in unproven for text in figure.as_texts),
            )
            nouns = [t.text for t in statement.terms if t.is_noun]
            nouns += [t.text for t in clause.tokens if fold(t.text).startswith(_KIND_WORDS)]
            # compared by five letters; a kind at the start of a word: "Ziel" is not in "Klimaziel"
            for noun in nouns:
                beginning = " " if fold(noun).startswith(_KIND_WORDS) else ""
                yield float(f"{beginning}{fold(noun)[:5]}" not in count_text), noun
            for word, _ in clause.statuses:
                is_condition = any(word[:5] in text.lower() for text in count.words)
                yield float(not (is_condition or _is_group_of_count(word, clause, count))), word


def _is_group_of_count(word: str, clause: Clause, count: Count) -> bool:
    """True if a clause has the number of the group whose name has the status word: 4 of ("in
    Planung", 4).
    """
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
    """The failure of the check with the largest weighted doubt if those of all checks add up to 1;
    else None.
    """
    weighed: list[tuple[float, CheckFailure]] = []
    for check in CHECKS:
        doubt, words = max(check.measure(claim), default=(0.0, ""))
        weighed.append(
            (check_weights().get(check.name, 1.0) * doubt, CheckFailure(check.fault, words))
        )
    _, failing = max(weighed, key=lambda pair: pair[0])
    return failing if sum(weight for weight, _ in weighed) >= 1.0 else None


@cache
def check_weights() -> dict[str, float]:
    """The trained weights by name of check; checks without one weigh 1 and refuse a sentence
    alone.
    """
    learned: dict[str, float] = json.loads(lexicon.trained("statements.json"))
    return learned


def is_undecided(documents: Iterable[Document]) -> bool:
    """True if one of the documents is a draft or a motion."""
    return any(document.status in UNDECIDED for document in documents)
