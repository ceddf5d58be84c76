"""Checks of numbers, dates and counts: that what is cited has them, beside the same noun and in the same clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.answering.verification.claims import (
    FEW,
    Claim,
    Statement,
    clause_score,
    count_words,
    each_figure,
    figure_in,
)
from service.answering.verification.clauses import Term, Window, counted_nouns, verb_stem
from service.answering.verification.verbatim import words
from vectorstore.analysis import fold
from vectorstore.figures import Figures, Number, figures, together

_BOUND = 0.7  # share of the best window's score that the window with its figure must have
_MARGIN = 1.5  # weight by which it may miss it all the same
_KINDS = ("projekt", "massnahm", "ziel", "these", "grundsatz", "beschlusspunkt", "thema", "themen")


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
        if score >= _BOUND * best or score >= best - _MARGIN or len(window.terms) <= FEW:
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
                score = clause_score(statement.terms, clause)
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


def _is_kind(noun: str) -> bool:
    return fold(noun).startswith(_KINDS)


def _kind_in(noun: str, letters: str) -> bool:
    return any(fold(noun).startswith(kind) and f" {kind}" in letters for kind in _KINDS)
