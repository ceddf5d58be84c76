"""Checks of words: how much of a sentence what is cited supports, its nouns, and the words that decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from service.answering.verification.claims import FEW, FIGURE, NEAR, Claim, Statement, each_figure, in_counts
from service.answering.verification.clauses import MODIFIER, Term, has_word_of, lower_words, word_lists
from service.answering.verification.verbatim import words
from vectorstore.analysis import fold
from vectorstore.language import frequencies

_SOME = 0.5  # weight from which terms tell something
_LEAST_OF_CLAUSE = 0.5  # share of the terms of a clause without figures
_LEAST, _WELL = 0.55, 0.75  # share of a sentence's terms, by weight, that near windows and titles must have
_OF_COUNTS = ("least", "most_of", "high", "low", "all")  # which the tool that counted bears out


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
            if term.noun and support <= MODIFIER and not in_counts(term, claim):
                alone = not any(other is not term and other.noun for other in statement.terms)
                (common if support or (_is_common(term) and not alone) else names).append(term.printed)
    if names or len(common) > 1 or (common and (_share(claim, claim.statements) < _WELL or nouns <= FEW - 1)):
        return ", ".join((*names, *common))
    return None


def _is_common(term: Term) -> bool:
    """True for a noun of everyday language or of the vocabulary, which is no name."""
    return bool(term.synonyms) or term.folded in frequencies("de")


def _supports(term: Term, statement: Statement, claim: Claim) -> Iterator[float]:
    """How much each window of what a clause rests on supports a term."""
    least = NEAR * max(statement.scores, default=0.0)
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
        found += [(FIGURE, 1.0)] * len(each_figure(statement.figures))  # the checks of figures look at these
        for term in statement.terms:
            if not has_word_of((term.printed.lower(),), "found", "decided", "auxiliary"):
                supports = (window.support(term) for window in near)
                found.append((term.weight, max(supports, default=0.0) or float(in_counts(term, claim))))
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
        said = any(len(own & lower_words(window.text)) >= FEW for source in claim.evidence for window in source.windows)
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


def _alike(noun: str, other: str) -> bool:
    first, second = fold(noun), fold(other)
    size = max(4, min(len(first), len(second)) - 2)
    return first[:size] == second[:size]
