"""Checks of how far something is: negation, statuses, what is planned or done, how binding a document is."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from service.answering.draft import Counted
from service.answering.verification.claims import FEW, NEAR, Claim, Statement, count_words
from service.answering.verification.clauses import Clause, has_word_of, lower_words, split_clauses
from vectorstore.figures import figures
from vectorstore.records import Document, DocumentStatus, ItemStatus

_WITHOUT = re.compile(r"\bohne\b.*(?:\bzu\b|zu\w+en\b)")
_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)
_OPEN = frozenset((ItemStatus.IDEA, ItemStatus.PLANNED))
_CLOSED = frozenset((ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED))


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
    if clause.says("decided") and len(statement.terms) <= FEW and not claim.statuses.isdisjoint(_UNDECIDED):
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
        return not any(other.says("ahead", "idea", "passive_present") for other in statement.nearest_clauses(NEAR))
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
        clause, short = statement.clause, len(statement.terms) <= FEW
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
