"""The table of checks for freely worded sentences: each says how far a sentence lacks support, and in which words.

A check measures a doubt, 0 to 1. A sentence is refused where the doubts, weighed as was learned
(`strategielotse eval train`), reach 1; a check whose weight is 1 refuses alone. What each is worth on development
sentences and on blind ones is in `docs/decisions/007-verified-answers.md`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise

from service.answering import lexicon
from service.answering.draft import Counted
from service.answering.verification.alignment import (
    AlignedStatement,
    CheckedClaim,
    CitedPassage,
    StatementTerm,
    each_figure,
)
from service.answering.verification.clauses import (
    Clause,
    classes_of,
    has_word_of,
    is_actor,
    is_listed,
    lower_words,
    plain,
    split_clauses,
    verb_stem,
    word_lists,
)
from service.answering.verification.verbatim import squash
from vectorstore.analysis import fold
from vectorstore.language import telling
from vectorstore.quantities import Figures, Moment, Number, figures, located, together
from vectorstore.records import Document, DocumentStatus, ItemStatus

_PARTICIPLE = re.compile(r"[a-zäöüß]*(?:ge|er|be|ver)[a-zäöüß]+te[nrms]?")  # beside its noun: "zugesagte Mittel"
_ONLY_MEASURE = re.compile(r"\bnur (?:noch |rund |etwa )?\d+(?:[.,]\d+)* ?(?:[A-Za-z€%]{1,4}\b|Euro|Prozent)")
_SINCE, _UNTIL = ("seit", "ab", "von", "vom"), ("bis",)  # before a date that something begins or ends with
_BEGINS, _ENDS = re.compile(r"(?i)\b(?:beginn|begann|begonn|start)"), re.compile(r"(?i)\b(?:endet|ausgelaufen)")
_QUOTED = re.compile(r"[„“«»\"]([^„“”«»\"]{2,})[“”«»\"]")
_BOUNDARY = re.compile(r"[;,:(](?=\s)|\.\s|\sund\s")
_WHOLE = re.compile(r"(?i)\bvon (?:den |insgesamt |allen )\Z")  # before a number of which others are a part
_BETWEEN = 50  # letters that the end of a clause counts between a figure and a word
_LITTLE, _NEAR = 0.3, 0.6  # weight from which passages are compared, share of the best overlap
_LEAST_GAP = 0.6  # share of a clause without support from which it counts
_ELSEWHERE = 0.4  # what a noun counts that is elsewhere in the item
_SURE = 0.8  # doubt from which a check that is not weighed refuses
_FEW = 3  # words of a clause that says little
_HALF = 0.5
_KINDS = ("projekt", "massnahm", "ziel", "these", "grundsatz", "beschlusspunkt", "thema", "themen")
_OF_COUNTS = ("least", "most_of", "high", "low", "all")  # classes that the tool that counted supports
_WITHOUT = re.compile(r"\bohne\b.*(?:\bzu\b|zu\w+en\b)")
_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)
_OPEN = frozenset((ItemStatus.IDEA, ItemStatus.PLANNED))
_CLOSED = frozenset((ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED))
_ACCUSATIVE = ("den", "dem", "einen", "einem", "keinen", "keinem")
_NEARLY = (
    "nicht",
    "nahezu",
    "fast",
    "beinahe",
    "annähernd",
    "drittel",
    "viertel",
    "hälfte",
    "teil",
    "nearly",
    "almost",
)
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
    """A row of the table: its name, the fault that it finds, and how it measures the doubt."""

    name: str
    fault: Fault
    measure: Callable[[CheckedClaim], Doubt]


def measure_entities(claim: CheckedClaim) -> Doubt:
    """Nouns, and texts in quotation marks, that nothing cited has."""
    letters = "".join(squash(text).casefold() for text in _all_texts(claim))
    quoted = (match[1] for match in _QUOTED.finditer(claim.text))
    if strange := [text for text in quoted if squash(text).casefold() not in letters]:
        return 1.0, strange[0]
    return _most((_strangeness(term, claim), term.text) for statement, term, support in _nouns(claim) if support < 0.3)


def measure_modifiers(claim: CheckedClaim) -> Doubt:
    """Compounds of which the passages have only a part: "Bundesmittel" for "Landesmittel"."""
    return _most((term.weight * (1 - support), term.text) for _, term, support in _nouns(claim) if 0.3 <= support < 0.7)


def measure_coverage(claim: CheckedClaim) -> Doubt:
    """The share of the words of the worst clause, by weight, that its passages do not support."""
    return _most((_gap(statement), statement.clause.text) for statement in claim.statements)


def measure_predicates(claim: CheckedClaim) -> Doubt:
    """Verbs and adjectives that nothing supports: of short clauses and in no item, or beside what only names."""
    return _most(
        (1.0, term.text)
        for statement in claim.statements
        for term, support in zip(statement.terms, statement.supports, strict=True)
        if not (support or term.noun or classes_of(term.text.lower()))
        and ((term.is_unknown and _is_short(statement)) or _is_unsaid(statement))
    )


def _is_unsaid(statement: AlignedStatement) -> bool:
    """True for a clause of two words that says what something is or was, or beside passages that only name: a title."""
    near = (other for passage in statement.passages for other in passage.clauses)
    is_predicate = statement.clause.has("auxiliary") or not any(other.verbs for other in near)
    return is_predicate and len(statement.terms) < _FEW


def _is_short(statement: AlignedStatement) -> bool:
    """True for a clause with no figure and at most one noun that is supported."""
    nouns = [s for term, s in zip(statement.terms, statement.supports, strict=True) if term.noun and s >= _HALF]
    return len(nouns) < 2 and not len(statement.clause.figures)


def measure_deciding(claim: CheckedClaim) -> Doubt:
    """Words that decide (only, all, at least, free of charge, less …) without a counterpart in the passages."""
    found: list[Doubt] = []
    for statement in claim.statements:
        near = statement.nearest_passages
        known = [*near, *statement.context[::2]]  # titles, not what is above
        for word, group in deciding_in(statement.clause):
            if (group == "approved" and claim.on_documents) or (group in _OF_COUNTS and claim.counted):
                continue
            if group == "only" and (statement.clause.has("idea") or _ONLY_MEASURE.search(statement.clause.text)):
                continue
            if group == "all" and f"nicht {word}" in statement.clause.words:
                continue
            supporting = [item for item in known if supports_class(group, item)]
            if f"nicht {word}" in statement.clause.words and not any(f"nicht {word}" in item.lowered for item in known):
                found += [(1.0, word)] * bool(supporting)
                continue
            if (
                not supporting
                or _is_contradicted(group, statement, claim, supporting)
                or (group == "all" and not any(_covers_all(statement.clause.text, item.text) for item in supporting))
            ):
                found.append((1.0, word))
    return _most(found)


def measure_figures(claim: CheckedClaim) -> Doubt:
    """Numbers, dates and codes that no cited item has."""
    texts = [passage.text for source in claim.evidence for passage in (*source.passages, source.title)]
    if claim.on_documents or claim.counted:
        texts = list(_all_texts(claim))
    own = together(statement.clause.figures for statement in claim.statements)
    own = Figures(
        tuple(number for number in own.numbers if number.printed != "1"),
        tuple(moment for moment in own.moments if moment not in claim.dates),
        own.codes,
    )
    known = [
        figures(plain(text)) for text in (*texts, *(word for count in claim.counted for word in count_words(count)))
    ]
    left = together(known).unproven(own)
    return (1.0, ", ".join(left.printed)) if left else (0.0, "")


def measure_binding(claim: CheckedClaim) -> Doubt:
    """Figures that are in another passage or clause than the words beside them."""
    counted = [figures(text) for count in claim.counted for text in count_words(count)]
    found: list[Doubt] = []
    for statement in claim.statements:
        free = [
            figure
            for figure in each_figure(statement.clause.figures, claim.dates)
            if not any(known.prove(figure) for known in counted)
            and not any(source.title.has_figure(figure) for source in claim.evidence)
            and not any(figures(document.title).prove(figure) for document in claim.documents)
        ]
        found += [(_unbound(figure, statement), figure.printed[0]) for figure in free]
    return _most(found)


def measure_polarity(claim: CheckedClaim) -> Doubt:
    """Clauses that deny what is cited, or state what it denies."""
    return _most((1.0, s.clause.text) for s in claim.statements if _is_turned(s, claim))


def measure_status(claim: CheckedClaim) -> Doubt:
    """Status words that are not those of the cited records."""
    proving = [clause for count in claim.counted for text in count.words for clause in split_clauses(text)]
    found: list[Doubt] = []
    for statement in claim.statements:
        near = [clause for passage in statement.passages for clause in passage.clauses]
        planned = all(meant == {ItemStatus.PLANNED} for _, meant in statement.clause.statuses)
        if planned and any(clause.has("ahead") for clause in near):
            continue
        names = [word for word, _ in statement.clause.statuses]
        if names and all(any(_is_done(word, passage) for passage in statement.passages) for word in names):
            continue
        if statement.known and is_unlike_status(statement.clause, statement.known, [*near, *proving]):
            found.append((1.0, statement.clause.text))
    return _most(found)


def measure_modality(claim: CheckedClaim) -> Doubt:
    """Clauses that report as done or as the case what is only planned, or as planned what is done."""
    return _most(
        (1.0, statement.clause.text)
        for statement in claim.statements
        if _reports_later(statement, claim) and not any(_counts(statement, count) for count in claim.counted)
    )


def measure_authority(claim: CheckedClaim) -> Doubt:
    """Statements that a document is decided, in force or a draft, which it is not."""
    undecided = not claim.statuses.isdisjoint(_UNDECIDED)
    found: list[Doubt] = []
    for statement in claim.statements:
        clause, short = statement.clause, len(statement.terms) <= _FEW
        if clause.has("denied", "ahead"):
            continue
        context = (item for source in claim.evidence for item in (source.title, source.around))
        near = [*statement.nearest, *(other for item in context for other in item.clauses)]
        for name, proving, is_wrong in (
            ("decided", ("decided", "resolution"), undecided),
            ("valid", ("valid",), short and undecided and (claim.on_documents or not clause.figures.moments)),
            ("draft", ("draft",), short and claim.statuses == {DocumentStatus.ADOPTED}),
        ):
            proven = any(other.has(*proving) and not other.has("denied") for other in near)
            if is_wrong and clause.has(name) and not proven:
                found.append((1.0, clause.text))
    return _most(found)


def measure_roles(claim: CheckedClaim) -> Doubt:
    """Clauses that say of somebody what the passages say another one does."""
    return _most((_role_doubt(statement), " ".join(statement.clause.agent)) for statement in claim.statements)


def measure_actors(claim: CheckedClaim) -> Doubt:
    """Clauses with somebody whom the passages do not name, where these name another one."""
    found: list[Doubt] = []
    for statement in claim.statements:
        own = [phrase.nouns for phrase in statement.clause.phrases if is_actor(phrase.nouns)]
        known = [
            phrase.nouns for passage in statement.passages for clause in passage.clauses for phrase in clause.phrases
        ]
        actors = [nouns for nouns in known if is_actor(nouns)]
        titles = (clause for source in claim.evidence for clause in source.title.clauses)
        publishers = (clause for document in claim.documents for clause in split_clauses(document.publisher))
        every = [*known, *(phrase.nouns for clause in titles for phrase in clause.phrases)]
        every += [p.nouns for clause in publishers for p in clause.phrases if not _is_area(p.nouns[0])]
        strange = [nouns for nouns in own if not any(_share_noun(nouns, other) for other in every)]
        left = [nouns for nouns in actors if not any(_share_noun(nouns, other) for other in own)]
        found += [(1.0, " ".join(nouns)) for nouns in strange if left]
    return _most(found)


def measure_merging(claim: CheckedClaim) -> Doubt:
    """Clauses that put to one cited item what another one says."""
    found: list[Doubt] = []
    for statement in claim.statements if len(claim.evidence) > 1 and not claim.counted else ():
        own = {passage.item for passage in statement.passages}
        if len(own) > 1 and all(_has_own_noun(statement, place) for place in (0, 1)):
            found.append((1.0, statement.clause.text))
        for place, source in enumerate(claim.evidence):
            titled = [t for t in statement.terms if t.noun and t.word.terms[0] in source.title.terms]
            if (
                place not in own
                and titled
                and not any(
                    t.word.terms[0] in claim.evidence[other].title.terms | item.terms
                    for t in titled
                    for other in own
                    for item in statement.passages
                )
            ):
                found.append((1.0, " ".join(term.text for term in titled)))
    return _most(found)


def _has_own_noun(statement: AlignedStatement, place: int) -> bool:
    """True if one of two passages has a noun or a figure that neither the other one nor a title has."""
    passage, other = statement.passages[place], statement.passages[1 - place]
    known = other.terms.union(*(item.terms for item in statement.context))
    nouns = [term.word.terms[0] for term in statement.terms if term.noun]
    figures_in = [figure for figure in statement.every_figure if passage.has_figure(figure)]
    return any(noun in passage.terms and noun not in known for noun in nouns) or any(
        not other.has_figure(figure) for figure in figures_in
    )


def measure_count(claim: CheckedClaim) -> Doubt:
    """Counts that the tool did not give: of another number, kind, status or topic."""
    return next(((1.0, wrong) for count in claim.counted if (wrong := _miscount(count, claim))), (0.0, ""))


CHECKS: tuple[Check, ...] = (
    Check("figures", Fault.FIGURES, measure_figures),
    Check("entities", Fault.NAMES, measure_entities),
    Check("modifiers", Fault.WORDS, measure_modifiers),
    Check("coverage", Fault.WORDS, measure_coverage),
    Check("predicates", Fault.WORDS, measure_predicates),
    Check("deciding", Fault.DECIDING, measure_deciding),
    Check("binding", Fault.FIGURES, measure_binding),
    Check("polarity", Fault.NEGATION, measure_polarity),
    Check("status", Fault.STATUS, measure_status),
    Check("modality", Fault.STATUS, measure_modality),
    Check("authority", Fault.STATUS, measure_authority),
    Check("roles", Fault.ROLES, measure_roles),
    Check("actors", Fault.ROLES, measure_actors),
    Check("merging", Fault.WORDS, measure_merging),
    Check("count", Fault.COUNT, measure_count),
)


def find_fault(claim: CheckedClaim) -> Failing | None:
    """The objection with the largest share where the weighed doubts reach 1; None for no objection."""
    weighed: list[tuple[float, Check, str]] = []
    for check in CHECKS:
        doubt, statement = check.measure(claim)
        weighed.append((weights().get(check.name, 1.0 if doubt >= _SURE else 0.0) * doubt, check, statement))
        if weighed[-1][0] >= _SURE:
            return Failing(check.fault, statement, check.name)
    if sum(weight for weight, _, _ in weighed) < 1.0:
        return None
    _, check, statement = max(weighed, key=lambda item: item[0])
    return Failing(check.fault, statement, check.name)


@cache
def weights() -> dict[str, float]:
    """The learned weights of the checks that do not refuse alone."""
    learned: dict[str, float] = json.loads(lexicon.trained("statements.json"))
    return learned


def count_words(count: Counted) -> Iterator[str]:
    """What may be stated of a count: its number, its conditions, its groups."""
    yield from (str(count.number), *count.words)
    yield from (f"{number} {name}" for name, number in count.groups)


def deciding_in(clause: Clause) -> Iterator[tuple[str, str]]:
    """The words of a clause that decide, each with its class."""
    for word in clause.words:
        yield from ((word, group) for group in classes_of(word))


@lru_cache(maxsize=65536)
def supports_class(group: str, passage: CitedPassage) -> bool:
    """True if words of a passage support a class of deciding words."""
    lists = word_lists()["deciding"][group]
    if "pattern" in lists and re.search(lists["pattern"], passage.text):
        return True
    return any(is_listed(word, (*lists["says"], *lists["by"])) for word in passage.lowered)


def is_unlike_status(clause: Clause, own: Collection[frozenset[ItemStatus]], proving: Sequence[Clause]) -> bool:
    """True if a clause gives records another status than they have, and nothing that proves it says so."""
    denied = clause.has("denied")
    for word, meant in clause.statuses:
        right = any(not meant & known for known in own) if denied else any(meant & known for known in own)
        proven = any(word in dict(other.statuses) and other.has("denied") == denied for other in proving)
        if not (right and meant) and not proven:
            return True
    return False


def _is_done(word: str, passage: CitedPassage) -> bool:
    """True if a passage says in other words that something has a status: "die Umsetzung ist erfolgt"."""
    happened = any(clause.has("past", "done", "perfect") for clause in passage.clauses)
    ahead = any(clause.has("ahead", "denied") for clause in passage.clauses)
    return happened and not ahead and bool(stem := verb_stem(word)) and stem in passage.stems


def is_undecided(documents: Iterable[Document]) -> bool:
    """True if one of several documents is a draft or a motion."""
    return any(document.status in _UNDECIDED for document in documents)


def _all_texts(claim: CheckedClaim) -> Iterator[str]:
    """All that the cited items, what is above them and their documents say."""
    for source in claim.evidence:
        yield from (passage.text for passage in (*source.passages, source.title, source.around))
    yield from (text for document in claim.documents for text in (document.title, document.publisher))


def _most(doubts: Iterable[Doubt]) -> Doubt:
    return max(doubts, key=lambda doubt: doubt[0], default=(0.0, ""))


def _nouns(claim: CheckedClaim) -> Iterator[tuple[AlignedStatement, StatementTerm, float]]:
    for statement in claim.statements:
        for term, support in zip(statement.terms, statement.supports, strict=True):
            if term.noun and not _in_counts(term, claim):
                yield statement, term, support


def _in_counts(term: StatementTerm, claim: CheckedClaim) -> bool:
    front = fold(term.text)[:5]
    return any(front in fold(text) for count in claim.counted for text in count_words(count))


def _strangeness(term: StatementTerm, claim: CheckedClaim) -> float:
    """How much it counts that a noun is not supported: less for a common one, and where the item has it elsewhere."""
    if term.is_name:
        return 1.0
    front = f" {fold(term.text)[: max(5, len(term.text) - 3)]}"
    elsewhere = any(front in passage.folded_letters for source in claim.evidence for passage in source.passages)
    return term.weight * telling(fold(term.text)) * (_ELSEWHERE if elsewhere else 1.0)


def _gap(statement: AlignedStatement) -> float:
    total = sum(term.weight for term in statement.terms)
    supported = sum(term.weight * support for term, support in zip(statement.terms, statement.supports, strict=True))
    gap = 1.0 - supported / total if total else 0.0
    return gap if gap >= _LEAST_GAP else 0.0


def _is_contradicted(
    group: str, statement: AlignedStatement, claim: CheckedClaim, supporting: Sequence[CitedPassage]
) -> bool:
    """True if a passage with more of the nouns of a clause than those that support a class says the opposite."""
    pairs = word_lists()["opposites"]["pairs"]
    remaining = {item for pair in pairs if group in pair for item in pair} - {group}
    nouns = [term.word.terms[0] for item in claim.statements for term in item.terms if term.noun]

    def shared(passage: CitedPassage) -> int:
        return sum(noun in passage.terms for noun in nouns)

    opposed = [item for item in statement.passages if any(supports_class(other, item) for other in remaining)]
    if opposed and not any(item in supporting for item in statement.passages):
        return True
    least = max(map(shared, supporting))
    rivals = (item for source in claim.evidence for item in source.passages if remaining and shared(item) > least)
    if any(not supports_class(group, rival) and any(supports_class(x, rival) for x in remaining) for rival in rivals):
        return True
    return bool(remaining) and all(_is_nearer(remaining, group, statement, item) for item in supporting)


def _is_nearer(others: Iterable[str], group: str, statement: AlignedStatement, passage: CitedPassage) -> bool:
    """True if the nouns of a clause are nearer to a word of other classes than to one of this class in a passage."""
    text = plain(passage.text)
    nouns = [place for term in statement.terms if term.noun for place in _find_word(term, text)]
    ours, theirs = _places_of((group,), text), _places_of(others, text)
    if not (nouns and ours and theirs):
        return False
    ends = [match.start() for match in _BOUNDARY.finditer(text)]
    own, other = (min(_distance(noun, place, ends) for noun in nouns for place in some) for some in (ours, theirs))
    return other < own


def _places_of(groups: Iterable[str], text: str) -> list[int]:
    """Where a text has words of classes."""
    listed = [word for group in groups for name in ("says", "by") for word in word_lists()["deciding"][group][name]]
    return [match.start() for match in re.finditer(r"\w+", text) if is_listed(match[0].lower(), listed)]


def _covers_all(text: str, other: str) -> bool:
    """True if "all" is said of a noun of which another text says it too."""
    own, theirs = [noun for noun in _nouns_behind_all(text) if fold(noun)[:5] in fold(other)], _nouns_behind_all(other)
    by = any(is_listed(word, word_lists()["deciding"]["all"]["by"]) for word in lower_words(other))
    return not own or by or any(fold(noun)[:5] == fold(known)[:5] for noun in own for known in theirs)


def _nouns_behind_all(text: str) -> list[str]:
    says, found, printed = word_lists()["deciding"]["all"]["says"], list[str](), text.split()
    for place, word in enumerate(printed):
        before = printed[place - 1].lower() if place else ""
        if is_listed(word.lower(), says) and before not in _NEARLY and not before[-1:].isdigit():
            found += [noun for noun in printed[place + 1 : place + 4] if noun[0].isupper()][:1]
    return found


def _unbound(figure: Figures, statement: AlignedStatement) -> float:
    """How far a figure is apart from the words of its clause: 1 where other passages, or other figures, have these."""
    holding = [(score, item) for score, item in statement.scores if item.has_figure(figure)]
    if not holding or not statement.terms:
        return 0.0
    own = max(score for score, _ in holding)
    best = max(score for score, _ in statement.scores)
    distinct = (best - own) / best if best > _LITTLE else 0.0
    remaining = [other for other in statement.every_figure if other != figure]
    near = [_is_nearest(figure, remaining, statement, item) for score, item in holding if score >= 0.9 * own]
    turned = figure.moments and all(_is_other_end(figure, statement.clause.text, item.text) for _, item in holding)
    return 1.0 if turned or (near and not any(near)) else distinct


def _is_other_end(figure: Figures, text: str, other: str) -> bool:
    """True if a date begins something in a text and ends something in another."""
    own, known = _words_before(figure, text), _words_before(figure, other)
    own |= {"bis"} if _ENDS.search(text) else {"seit"} if _BEGINS.search(text) else set()
    return any(
        own & set(first) and known and known <= set(second) for first, second in ((_SINCE, _UNTIL), (_UNTIL, _SINCE))
    )


def _words_before(figure: Figures, text: str) -> set[str]:
    """The prepositions of time directly before a date."""
    found = set[str]()
    for place in located(plain(text)):
        if _of(figure, place.figure):
            before = re.findall(r"\w+", text[max(0, place.start - 20) : place.start].lower())[-2:]
            found.update(word for word in before if word in (*_SINCE, *_UNTIL, "am", "im", "zum"))
    return found


def _is_nearest(figure: Figures, rest: Sequence[Figures], statement: AlignedStatement, passage: CitedPassage) -> bool:
    """False if what a clause says beside a figure is nearer to another figure of the kind in a passage."""
    text = plain(passage.text)
    places = located(text)
    own = [place.start for place in places if _of(figure, place.figure)]
    stated = [place.start for place in places if any(_of(other, place.figure) for other in rest)]
    rivals = [place.start for place in places if place.start not in (*own, *stated) and _is_rival(figure, place.figure)]
    rivals = [start for start in rivals if not _WHOLE.search(text[:start])]
    remaining = [place.figure for place in places if place.start in rivals]
    if not own or not rivals or _counts_alone(figure, remaining, statement.clause, passage):
        return True
    telling_figures = [
        other for other in rest if other.moments or any(len(number.printed) > 1 for number in other.numbers)
    ]
    marks = [(1.0, [place.start for place in places if _of(other, place.figure)]) for other in telling_figures]
    if not any(places_of for _, places_of in marks):
        marks = [(1.0 if term.noun else 2.0, _find_word(term, text)) for term in statement.terms]
    ends = [match.start() for match in _BOUNDARY.finditer(text)]
    votes = 0.0
    for weight, places_of in marks:
        if places_of:
            ours = min(_distance(place, start, ends) for place in places_of for start in own)
            theirs = min(_distance(place, start, ends) for place in places_of for start in rivals)
            votes += weight * ((ours <= theirs) - (theirs < ours))
    return votes >= 0


def _counts_alone(figure: Figures, others: Sequence[Number | Moment], clause: Clause, passage: CitedPassage) -> bool:
    """True if a number counts the same noun in a clause as in a passage, where no other number counts it."""
    nouns = [fold(noun) for number, noun in clause.counted_nouns if noun and number in figure.numbers]
    counted_nouns = [(number, fold(noun)) for item in passage.clauses for number, noun in item.counted_nouns if noun]
    same = [number for number, noun in counted_nouns if any(_is_same_noun(noun, own) for own in nouns)]
    return not any(number in others for number in same) and any(_of(figure, number) for number in same)


def _is_same_noun(noun: str, other: str) -> bool:
    """True for nouns alike, or where one is the last part of the other: "Stationen", "Mobilstationen"."""
    return noun[:5] == other[:5] or noun.endswith(other) or other.endswith(noun)


def _find_word(term: StatementTerm, text: str) -> list[int]:
    fronts = (part[: max(5, len(part) - 3)] for part in (term.text, *term.text.split("-")) if len(part) > 3)
    found = ([match.start() for match in re.finditer(re.escape(front), text, re.IGNORECASE)] for front in fronts)
    return next(filter(None, found), [])


def _distance(place: int, other: int, ends: Sequence[int]) -> int:
    """How far two places of a text are apart, in letters; the end of a clause between them counts many."""
    low, high = sorted((place, other))
    return high - low + _BETWEEN * sum(low < end < high for end in ends)


def _figures_of(figure: Number | Moment) -> Figures:
    return Figures(numbers=(figure,)) if isinstance(figure, Number) else Figures(moments=(figure,))


def _of(figure: Figures, other: Number | Moment) -> bool:
    """True if a number or date is this figure."""
    return _figures_of(other).prove(figure)


def _is_rival(figure: Figures, other: Number | Moment) -> bool:
    """True if a number or date could be in the place of a figure."""
    if isinstance(other, Moment) or other.is_year:
        return bool(figure.moments) or any(number.is_year for number in figure.numbers)
    is_one = other.values == {1}  # "the first"
    return any(number.unit == other.unit and not (number.is_year or is_one) for number in figure.numbers)


def _role_doubt(statement: AlignedStatement) -> float:
    """1 where the passages say that another one does it, or that it is done to who does it here; else 0."""
    clause, found = statement.clause, list[tuple[float, float]]()
    for other in (item for passage in statement.passages for item in passage.clauses):
        overlap = statement.overlap(other)
        if clause.verbs & other.verbs and _is_inverted(clause, other):
            found.append((overlap, 1.0))
            continue
        agents = [nouns for nouns in (*_helpers(other, clause),) or (other.agent,) if nouns]
        if not clause.agent or not clause.verbs & other.stems or clause.has("responsible"):
            continue
        if agents:
            found.append((overlap, 0.0 if any(_share_noun(clause.agent, nouns) for nouns in agents) else 1.0))
        elif clause.verbs & other.verbs:
            reflexive = "sich" in clause.words or "lassen" in clause.words
            done_to = (
                other.is_passive
                and not clause.is_passive
                and not reflexive
                and _share_noun(clause.agent, other.subject)
            )
            found.append((overlap, 0.8 if done_to else 0.0))
    best = max((overlap for overlap, _ in found), default=0.0)
    return min((doubt for overlap, doubt in found if overlap >= _NEAR * best), default=0.0)


def _is_inverted(clause: Clause, other: Clause) -> bool:
    """True if who does it in one clause is whom it is done to in the other."""
    own, does = (
        clause.subject or clause.inherited,
        other.agent or (() if other.is_passive else other.subject or other.inherited),
    )
    if clause.is_passive or not own or not does or _share_noun(own, does):
        return False
    objects = [
        phrase.nouns
        for phrase in clause.phrases
        if not phrase.link and phrase.nouns[0] not in own and (is_actor(own) or phrase.article in _ACCUSATIVE)
    ]
    return any(_share_noun(nouns, does) for nouns in objects)


def _helpers(other: Clause, clause: Clause) -> Iterator[tuple[str, ...]]:
    """Who does it where a noun says what is done: "mit Unterstützung des Kreises"."""
    done = any(_PARTICIPLE.fullmatch(token.text) and verb_stem(token.text) in clause.verbs for token in other.tokens)
    if done and not other.is_passive:  # "eine vom Bund bereitgestellte Hotline"
        yield from (phrase.nouns for phrase in other.phrases if phrase.link in ("von", "vom", "durch"))
    for before, phrase in pairwise(other.phrases):
        if (
            before.link == "mit"
            and phrase.link in ("genitive", "von", "durch")
            and verb_stem(before.nouns[-1]) in clause.verbs
        ):
            yield phrase.nouns


def _share_noun(nouns: Sequence[str], others: Sequence[str]) -> bool:
    """True if one of several nouns is also one of others, in another form, or another word for it."""
    return any(_is_same(noun, other) for noun in _heads(nouns) for other in _heads(others))


@lru_cache(maxsize=65536)
def _is_same(noun: str, other: str) -> bool:
    own, known = fold(noun).replace("-", ""), fold(other).replace("-", "")
    if _is_form(own, known) or _is_form(known, own):
        return True
    lowered = noun.lower(), other.lower()
    return any(all(is_listed(word, same) for word in lowered) for same in word_lists()["actors"]["same"])


def _is_form(noun: str, other: str) -> bool:
    front = noun[: max(4, len(noun) - 2)]
    return other.startswith(front) or (len(noun) > 4 and other.endswith(noun))


def _is_area(noun: str) -> bool:
    return is_listed(noun.lower(), word_lists()["actors"]["areas"])


def _heads(nouns: Sequence[str]) -> Sequence[str]:
    """The nouns of a name without the area in it: of "Wirtschaftsförderung Kreis Soest" the first."""
    areas = [place for place, noun in enumerate(nouns) if _is_area(noun)]
    return [noun for place, noun in enumerate(nouns) if place not in areas and place - 1 not in areas] or nouns


def _around(statement: AlignedStatement) -> list[Clause]:
    """The clauses of the passages that share at least half of what the nearest one shares."""
    found = [
        (statement.overlap(clause), clause, len(passage.clauses))
        for passage in statement.passages
        for clause in passage.clauses
    ]
    best = max((score for score, _, _ in found), default=0.0)
    return [clause for score, clause, size in found if score >= _HALF * best or size <= 2]


def _has_happened(clause: Clause) -> bool:
    return clause.has("past", "done", "perfect", "now")


def _is_turned(statement: AlignedStatement, claim: CheckedClaim) -> bool:
    clause = statement.clause
    near = statement.nearest or tuple(item for passage in statement.passages for item in passage.clauses)
    around = _around(statement)
    if clause.has("refused") and not any(
        other.has("denied", "lessened", "refused", "ended_otherwise") for other in around
    ):
        return True
    if not clause.has("denied", "lessened", "refused"):
        return bool(near and statement.terms) and all(
            other.has("denied", "lacking") or _WITHOUT.search(other.text) for other in near
        )
    same = [item for passage in statement.passages for item in passage.clauses if clause.verbs & item.stems]
    is_open = any(item.has("ahead", "passive_present") and not _has_happened(item) for item in same)
    if clause.has("denied") and clause.has("ended") and is_open and not any(map(_has_happened, same)):
        return False
    if clause.has("denied") and same and not clause.has("ended", "decided"):
        open_ = any(not known.isdisjoint(_OPEN) for known in statement.known) and not any(map(_has_happened, same))
        open_ = open_ or any(item.has("ahead", "passive_present") and not _has_happened(item) for item in same)
        open_ = open_ and clause.has("idea")
        own = clause.words
        return not open_ and not any(
            item.has("denied") or has_word_of(item.words - own, "lessened", "refused") for item in same
        )
    own = lower_words(clause.text)
    if not clause.has("denied") or any(
        other.has("denied") or has_word_of(lower_words(other.text) - own, "lessened", "refused") for other in around
    ):
        return False
    if clause.has("decided") and len(statement.terms) <= _FEW and not claim.statuses.isdisjoint(_UNDECIDED):
        return False
    undone = any(
        not known.isdisjoint((*_OPEN, *((ItemStatus.IN_PROGRESS,) if clause.has("ended") else ())))
        for known in statement.known
    )
    titles = [source.title for source in claim.evidence]
    terms = [term for term in statement.terms if term.noun] if clause.has("idea") else statement.terms
    named = all(any(term.word.terms[0] in title.terms for title in titles) for term in terms)
    happened = any(clause.verbs & other.stems and not other.has("ahead", "denied", "passive_present") for other in near)
    return not (undone and named and clause.has("ended", "done", "perfect", "idea")) or (
        happened and not clause.has("ended")
    )


def _counts(statement: AlignedStatement, count: Counted) -> bool:
    own = statement.clause.figures
    return len(own) > 0 and any(figures(text).prove(own) for text in count_words(count))


def _reports_later(statement: AlignedStatement, claim: CheckedClaim) -> bool:
    clause, near = statement.clause, statement.nearest
    near = tuple(other for other in near if other.figures.prove(clause.figures)) or near
    undone = any(not known.isdisjoint(_OPEN) for known in statement.known)
    is_open = undone
    undone = undone or (not statement.known and claim.statuses <= set(_UNDECIDED) and not claim.on_documents)
    closed = any(not known.isdisjoint(_CLOSED) for known in statement.known)
    done = clause.has("perfect", "done") or (clause.has("auxiliary") and clause.has("participle"))
    if closed and not undone and clause.has("ahead", "idea") and not clause.has("auxiliary"):
        around = [other for passage in statement.passages for other in passage.clauses]
        return not any(other.has("ahead", "idea", "passive_present") for other in around)
    if not near and clause.has("ended") and not clause.has("denied", "idea") and not statement.ahead:
        return not statement.known and not any(o.has("ended") for w in statement.context for o in w.clauses)
    idea = clause.has("idea") and (clause.has("state", "denied", "only") or not clause.has("past"))
    if clause.has("denied") or idea or statement.ahead or not near:
        if idea and not clause.has("denied") and statement.known:
            return not undone and not any(other.has("ahead", "idea") for other in near)
        return False
    around = _around(statement)
    advised = all(other.has("advised") for other in near)
    if advised and not clause.has("wish", "ahead", "can", "advised"):
        return True
    if not is_open and not any(other.has("ahead") for other in near):
        undone = False
    if undone and not closed and clause.has("now") and not any(o.has("past", "now", "done", "perfect") for o in around):
        return True
    if done or clause.has("since"):
        happened = any(other.has("past", "done", "perfect") and not other.has("ahead") for other in near)
        happened = happened or any(
            _PARTICIPLE.fullmatch(t.text) and verb_stem(t.text) in clause.verbs for o in near for t in o.tokens
        )
        later = any(other.has("ahead", "passive_present", "can") for other in near)
        best = [other for passage in statement.passages for other in passage.clauses]
        return not happened and (
            later
            or (not closed and (undone or (clause.has("ended") and not any(other.has("ended") for other in best))))
        )
    stated = [meant for _, meant in clause.statuses]
    if clause.has("examined") or (stated and all(any(meant & known for known in statement.known) for meant in stated)):
        return False
    if all(other.has("examined") for other in near) and not clause.has("examined", "can", "wish"):
        return True
    planned = all(other.has("ahead") and not other.has("past", "done", "perfect", "now") for other in near)
    return planned and not (clause.figures.moments or closed or clause.has("passive_present", "can", "wish"))


def _miscount(count: Counted, claim: CheckedClaim) -> str:
    """The words of a sentence that a count does not say; "" where it says it all."""
    allowed = (*count.words, *(title for title, _ in count.groups))
    allowed = (*allowed, *(text for document in claim.documents for text in (document.title, document.publisher)))
    letters = f" {fold(' '.join(allowed))}"
    known = {verb_stem(word) for text in allowed for word in text.split()}
    for statement in claim.statements:
        for number, noun in statement.clause.counted_nouns:
            given = any(
                figures(text).prove(figures(f"{number.printed} {noun}")) or number.printed in text.split()
                for text in count_words(count)
            )
            kind = next((kind for kind in _KINDS if fold(noun).startswith(kind)), "")
            if noun and (not given or (kind and f" {kind}" not in letters)):
                return f"{number.printed} {noun}"
        for term in statement.terms:
            if term.noun and fold(term.text)[:5] not in letters and verb_stem(term.text) not in known:
                return term.text
        for word, _ in statement.clause.statuses:
            if not any(word[:5] in text.lower() for text in count.words) and not _is_grouped(word, statement, count):
                return word
    return ""


def _is_grouped(word: str, statement: AlignedStatement, count: Counted) -> bool:
    """True if the number of a clause is that of the group with a status."""
    groups = [f"{number} {title}" for title, number in count.groups if word[:5] in title.lower()]
    numbers: list[Number] = [replace(number, counts=False) for number, _ in statement.clause.counted_nouns]
    return any(figures(text).prove(Figures((number,))) for text in groups for number in numbers)
