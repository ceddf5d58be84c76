"""The table of checks for freely worded sentences: each yields the words of a sentence that what it
cites does not support.

They are strict: a sentence in doubt is not lost, the words that it cites stand in its place. What
each finds: `docs/decisions/007`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import chain

from german_clauses import Clause, lower_words, matches, normalize_formulas
from service.answering.draft import Count
from service.answering.verification.evidence import (
    CheckedClaim,
    CitedPassage,
    split_figures,
    texts_of_count,
)
from service.answering.verification.status_checks import (
    DENIAL_LISTS,
    PROVING_LISTS,
    check_stage,
    check_status,
    is_undecided,
)
from service.answering.verification.wordlists import (
    deciding_words,
    figures_of,
    is_listed,
    statuses_in,
    word_lists,
)
from vectorstore.language import (
    Number,
    Quantities,
    extract_quantities,
    fold,
    locate_quantities,
    merge_quantities,
    squash,
)

# the text between quotation marks, in German or English ones
_QUOTED = re.compile(r"[„“«»\"]([^„“”«»\"]{2,})[“”«»\"]")
_ORDINAL = re.compile(r"te[nrsm]?$")  # "dritte", "ersten"
_YEAR = re.compile(r"(?:19|20)\d\d")  # counts nothing: "2019 begann"
_COUNTED = re.compile(r"\s+([^\W\d_]{4,5})")  # what a number counts: "gelbe" of "260 gelbe Karten"
_LEAST_SUPPORT = 0.6  # support from which a word counts as supported
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
# classes of deciding words that a count supports
_COUNT_CLASSES = {
    "least",
    "most_of",
    "high",
    "low",
    "all",
}


class Fault(StrEnum):
    """Why a sentence is in doubt."""

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
    CHARACTERS = "characters"


@dataclass(frozen=True, slots=True)
class CheckFailure:
    """Why a sentence is in doubt; `unsupported` are its numbers, names or words."""

    kind: Fault
    unsupported: str = ""


def check_figures(claim: CheckedClaim) -> Iterator[str]:
    """Yield the figures of a claim that nothing cited supports.

    Figures are numbers (but 1), dates (but those of the cited documents) and codes. The passage has
    to have a figure in a clause with the same verb, if it has such a clause. Amounts with a unit
    may be in any clause of it. Figures in titles and counts are always allowed; if the claim has a
    count or cites a title page, so are those in any cited text.

    Besides, a word that a number counts is yielded if the passage has the number with other words
    only: "5 Schulen" for "5 Brücken".
    """
    texts = [source.title.text for source in claim.evidence] + claim.count_texts
    texts += [document.title for document in claim.documents]
    if claim.cites_title_page or claim.counted:
        texts += claim.texts()
    general = merge_quantities(figures_of(text) for text in texts)
    for statement in claim.statements:
        clause = statement.clause
        with_verb = [
            figures_of(other.text) for other in statement.clauses if clause.verbs & other.verbs
        ]
        in_passages = [passage.figures for passage in statement.passages]
        for figure in split_figures(figures_of(clause.text), claim.dates):
            is_measured = any(number.unit for number in figure.numbers)
            known = in_passages if is_measured or not with_verb else with_verb
            if merge_quantities([general, *known]).unsupported(figure):
                yield ", ".join(figure.as_texts)
        there = list(
            chain.from_iterable(_find_counted(passage.text) for passage in statement.passages)
        )
        for number, word in _find_counted(clause.text):
            counted = [other for known, other in there if known.supports(number)]
            is_general = general.supports_all(Quantities(numbers=(number,)))
            if counted and word not in counted and not is_general:
                yield word


def _find_counted(text: str) -> Iterator[tuple[Number, str]]:
    """Yield each number without a unit, with the first four or five letters of the word that
    follows it.

    The letters are enough to compare what is counted in any form; shorter words are skipped.
    Ordinals ("dritte") and years ("2019 begann") count nothing, so they are left out.
    """
    text = normalize_formulas(text)
    for hit in locate_quantities(text):
        following = _COUNTED.match(text, hit.end)
        if not following or not isinstance(hit.figure, Number) or hit.figure.unit:
            continue
        is_ordinal = _ORDINAL.search(text, hit.start, hit.end)
        is_year = _YEAR.fullmatch(text, hit.start, hit.end)
        if not is_ordinal and not is_year:
            yield hit.figure, following[1].lower()


def check_words(claim: CheckedClaim) -> Iterator[str]:
    """Yield quotes that are nowhere in the cited texts, and content words that these do not
    support.

    The support of a word was found when the clause was aligned; it counts from `_LEAST_SUPPORT`.
    Words for what was counted are right, too.
    """
    squashed = squash("\n".join(claim.texts())).casefold()
    counted = fold(" ".join(claim.count_texts))
    for quoted in _QUOTED.findall(claim.text):
        if squash(quoted).casefold() not in squashed:
            yield quoted
    for statement in claim.statements:
        for term, support in zip(statement.terms, statement.supports, strict=True):
            is_counted = fold(term.text)[:5] in counted  # compared by five letters
            if support < _LEAST_SUPPORT and not is_counted:
                yield term.text


def check_deciding(claim: CheckedClaim) -> Iterator[str]:
    """Yield deciding words ("nur", "kostenlos") that neither the passage nor the item's title
    supports.

    They change what a sentence says, so a word of the same class has to be in these. A count
    implies words such as "alle" and "mindestens" (`_COUNT_CLASSES`). If a title page is cited, the
    class "approved" is left to the check of the status.
    """
    exempt = set(_COUNT_CLASSES) if claim.counted else set[str]()
    if claim.cites_title_page:
        exempt.add("approved")
    for statement in claim.statements:
        clause = statement.clause
        passages = [*statement.passages, *(source.title for source in statement.sources)]
        excludes_nothing = clause.includes_word_of("idea")  # "nur eine Idee"
        for class_, word in deciding_words(clause).items():
            is_exempt = class_ in exempt or (class_ == "only" and excludes_nothing)
            is_supported = any(supports_class(class_, passage) for passage in passages)
            if not is_exempt and not is_supported:
                yield word


@lru_cache(maxsize=65536)
def supports_class(class_: str, passage: CitedPassage) -> bool:
    """True if a passage supports a deciding word of a class.

    It has to have a word of the class itself (`says`), a word that comes to the same (`by`), or the
    regex `pattern` of the class, if there is one.
    """
    lists = word_lists()["deciding"][class_]
    if "pattern" in lists and re.search(lists["pattern"], passage.text):
        return True
    return any(matches(word, (*lists["says"], *lists["by"])) for word in passage.lowered)


def check_limits(claim: CheckedClaim) -> Iterator[str]:
    """Yield what limits a passage and the claim leaves out: a condition, "rund", "nur".

    Without it the claim says more than its source. Of each clause the first word of a list is
    yielded, or the whole clause if it is a condition without such a word. One word of the same list
    anywhere in the claim is enough, for conditions also a conditional clause. A condition counts
    from any clause of the passage, since it holds for all of it; the others only from the clauses
    nearest to what is claimed.
    """
    limits = list(word_lists()["limits"])
    words = lower_words(claim.text)
    kept: set[str] = set()
    for word in words:
        kept |= {name for name in limits if is_listed(word, "limits", name)}
    if any(_is_conditional(statement.clause) for statement in claim.statements):
        kept |= {"condition"}
    for statement in claim.statements:
        for name in limits:
            if name in kept:
                continue
            is_of_conditions = name == "condition"
            clauses = statement.clauses if is_of_conditions else statement.nearest
            for clause in clauses:
                limiting = find_limiting_words(clause, name)
                if is_of_conditions and not limiting and _is_conditional(clause):
                    limiting = [clause.text.strip()]
                yield from limiting[:1]


def find_limiting_words(clause: Clause, name: str) -> list[str]:
    """The words of a clause that limit it in one way; "nicht nur" limits nothing."""
    words = [word for word in clause.words if is_listed(word, "limits", name)]
    return [word for word in words if f"nicht {word}" not in clause.text.lower()]


def _is_conditional(clause: Clause) -> bool:
    """True for a condition, and for a relative clause that limits ("Familien, die …")."""
    return clause.is_condition or clause.is_limited


def check_polarity(claim: CheckedClaim) -> Iterator[str]:
    """Yield clauses that deny what their passage does not deny, or affirm what it denies.

    They are compared with the nearest clauses of the passage, of these with those of the same verb
    if there are any. Words such as "fehlt" deny, too, but a clause with one need not be denied in
    the passage. Left out are clauses on the status of an item or of a draft, which have a check of
    their own, and clauses in place of a noun ("Was geplant ist, …"), which claim nothing.
    """
    is_draft = claim.cites_title_page and is_undecided(claim.documents)
    for statement in claim.statements:
        clause = statement.clause
        is_on_draft = is_draft and clause.includes_word_of(*PROVING_LISTS)
        if statement.is_on_status or is_on_draft or clause.is_noun_clause:
            continue
        closest = [c for c in statement.nearest if clause.verbs & c.verbs] or statement.nearest
        denied = [other.includes_word_of("denied") for other in closest]
        if clause.includes_word_of("denied", "refused"):
            if not any(other.includes_word_of(*DENIAL_LISTS) for other in closest):
                yield clause.text
        elif closest and all(denied) and not clause.includes_word_of(*DENIAL_LISTS):
            yield clause.text


def check_roles(claim: CheckedClaim) -> Iterator[str]:
    """Yield those who act in a claim if the passage lets others act.

    Actors are all who may act in a clause; one is yielded if the passage has actors, but does not
    name this one, not even in another role. The agent is who does act. It is yielded if the passage
    has agents, but all are others: then the roles may be exchanged. A heading above the item proves
    neither.
    """
    for statement in claim.statements:
        clause = statement.clause
        phrases = chain.from_iterable(other.phrases for other in statement.clauses)
        named = [phrase.nouns for phrase in phrases]
        agents = [other.agent for other in statement.clauses if other.agent]
        if any(other.actors for other in statement.clauses):
            for actor in clause.actors:
                if not any(_is_same(actor, other) for other in named):
                    yield " ".join(actor)
        if clause.agent and agents and not any(_is_same(clause.agent, own) for own in agents):
            yield " ".join(clause.agent)


def _is_same(actor: Sequence[str], other: Sequence[str]) -> bool:
    """True if all nouns of the shorter name are in the other: "Stadt" and "Stadt Holzau"."""
    shorter, longer = sorted((actor, other), key=len)

    def is_in_longer(noun: str) -> bool:
        return any(_is_same_actor(noun, own) for own in longer)

    return all(map(is_in_longer, shorter))


@lru_cache(maxsize=65536)
def _is_same_actor(noun: str, other: str) -> bool:
    """True if two nouns may mean the same actor, by their letters.

    The longer one begins like the shorter one, of which two letters at the end may differ ("Kreis",
    "Kreises"), but none of the first four. Or it ends with the shorter one, if that has more than
    four letters: the end of a compound stands for all of it ("Verwaltung", "Stadtverwaltung").
    """
    shorter, longer = sorted((fold(noun).replace("-", ""), fold(other).replace("-", "")), key=len)
    is_form = longer.startswith(shorter[: max(4, len(shorter) - 2)])
    return is_form or (len(shorter) > 4 and longer.endswith(shorter))


def check_count(claim: CheckedClaim) -> Iterator[str]:
    """Yield what a claim says of a count without the tool having counted it.

    That is another number, a noun that is no kind, topic or document of the count, or a status that
    is neither a condition of it nor the name of the group with that number.
    """
    names = list(
        chain.from_iterable((document.title, document.publisher) for document in claim.documents)
    )
    for count in claim.counted:
        texts = tuple(texts_of_count(count))
        count_text = f" {fold(' '.join((*texts, *names)))}"
        counted = [extract_quantities(text) for text in texts]
        for statement in claim.statements:
            clause = statement.clause
            for figure in split_figures(figures_of(clause.text)):
                if not any(known.supports_all(figure) for known in counted):
                    yield ", ".join(figure.as_texts)
            nouns = [term.text for term in statement.terms if term.is_noun]
            nouns += [t.text for t in clause.tokens if fold(t.text).startswith(_KIND_WORDS)]
            # compared by five letters; a kind at the start of a word: "Ziel" is not in "Klimaziel"
            for noun in nouns:
                beginning = " " if fold(noun).startswith(_KIND_WORDS) else ""
                if f"{beginning}{fold(noun)[:5]}" not in count_text:
                    yield noun
            for word, _ in statuses_in(clause):
                is_condition = any(word[:5] in text.lower() for text in count.words)
                if not (is_condition or _is_group_of_count(word, clause, count)):
                    yield word


def _is_group_of_count(word: str, clause: Clause, count: Count) -> bool:
    """True if a clause has the number of the group that its status word names.

    With the group ("in Planung", 4), a clause with "Planung" has to say 4.
    """
    numbers = [number.values for number in figures_of(clause.text).numbers]
    return any(word[:5] in title.lower() and {number} in numbers for title, number in count.groups)


CHECKS: tuple[tuple[Fault, Callable[[CheckedClaim], Iterator[str]]], ...] = (
    (Fault.FIGURES, check_figures),
    (Fault.STATUS, check_status),
    (Fault.STATUS, check_stage),
    (Fault.NEGATION, check_polarity),
    (Fault.DECIDING, check_deciding),
    (Fault.DECIDING, check_limits),
    (Fault.ROLES, check_roles),
    (Fault.COUNT, check_count),
    (Fault.WORDS, check_words),
)


def find_fault(claim: CheckedClaim) -> CheckFailure | None:
    """The failure of the first check that finds something unsupported; None if all find nothing."""
    for fault, check in CHECKS:
        for words in check(claim):
            return CheckFailure(fault, words)
    return None
