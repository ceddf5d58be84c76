"""Checks of what a sentence says of a status: of records, of documents, and how far a plan is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain

from german_clauses import Clause, Stage
from service.answering.verification.evidence import (
    AlignedStatement,
    CheckedClaim,
)
from service.answering.verification.wordlists import (
    figures_of,
    statuses_in,
)
from service.records import labels
from vectorstore.language import extract_quantities
from vectorstore.records import Document, DocumentStatus, ItemStatus

_CLOSED = frozenset((ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED))
_OPEN = frozenset((ItemStatus.IDEA, ItemStatus.PLANNED))
DENIAL_LISTS = ("denied", "refused", "lacking", "ended_otherwise")
PROVING_LISTS = {  # by the list of what a clause states: the lists of what proves it
    "decided": ("decided", "resolution"),
    "valid": ("valid",),
    "draft": ("draft",),
}


def check_status(claim: CheckedClaim) -> Iterator[str]:
    """Yield clauses with a status unlike that of the cited records, or of their documents.

    The status of a record is checked only if the clause is about the item as a whole, and not if it
    is a condition of a count. The status of a document is wrong if a draft is called decided or
    valid, or an adopted document a draft, unless a clause nearby or a heading says so itself. What
    is still to be decided ("wird beschlossen") or denied reports nothing.
    """
    counted = " ".join(claim.count_texts).lower()  # statuses that were counted by
    above = chain.from_iterable((source.title, source.context) for source in claim.evidence)
    headings = list(chain.from_iterable(passage.clauses for passage in above))
    is_draft = is_undecided(claim.documents)
    is_adopted = all(document.status is DocumentStatus.ADOPTED for document in claim.documents)
    for statement in claim.statements:
        clause = statement.clause
        is_other = any(word[:5] not in counted for word, _ in statuses_in(clause))
        contradicts = contradicts_status(clause, statement.item_statuses, statement.nearest)
        if statement.is_about_item and is_other and contradicts:
            yield clause.text
        is_process = clause.is_passive and clause.stage in (Stage.AHEAD, Stage.NOW)
        if is_process or clause.includes_word_of("denied", "ahead"):  # "wird beschlossen"
            continue
        affirming = [c for c in (*statement.nearest, *headings) if not c.includes_word_of("denied")]
        is_wrong = {
            "decided": is_draft,
            # "gilt ab 2026" may be of anything
            "valid": is_draft and (claim.cites_title_page or not figures_of(clause.text).moments),
            "draft": is_adopted,
        }
        for name, proving in PROVING_LISTS.items():
            is_supported = any(other.includes_word_of(*proving) for other in affirming)
            if clause.includes_word_of(name) and is_wrong[name] and not is_supported:
                yield clause.text


def contradicts_status(
    clause: Clause, statuses: Collection[frozenset[ItemStatus]], proving: Sequence[Clause]
) -> bool:
    """True if a clause states a status that no record has and that no other clause proves.

    `statuses` has the possible statuses of each record, `proving` the clauses that may prove one by
    the same word. A denial is right of a record with another status: "nicht umgesetzt" of one that
    is planned. Denials are proven only by denials, and affirmations only by affirmations.
    """
    # "nicht umgesetzt" is right of a record with another status
    denied = clause.includes_word_of("denied")
    for word, meant in statuses_in(clause):
        is_right = bool(meant) and any(bool(meant & known) is not denied for known in statuses)
        likewise = (other for other in proving if other.includes_word_of("denied") == denied)
        if not is_right and not any(word in dict(statuses_in(other)) for other in likewise):
            return True
    return False


def check_stage(claim: CheckedClaim) -> Iterator[str]:
    """Yield clauses that report a later stage than their passage, or as planned what is done
    already.

    The stages are named, planned, going on and done: "wurde gebaut" is later than "soll gebaut
    werden". A matter that the passage only names may be told in any stage but done. A plan is wrong
    only if the record is implemented or archived, no clause nearby plans it, and the clause calls
    it an idea, says "nur" or names the item itself. Left out are denials, statements of the status,
    and figures of a count.
    """
    counted = [extract_quantities(text) for text in claim.count_texts]
    for statement in claim.statements:
        clause = statement.clause
        stated = figures_of(clause.text)
        is_counted = len(stated) and any(known.supports_all(stated) for known in counted)
        if clause.includes_word_of("denied") or statement.is_on_status or is_counted:
            continue
        is_closed = any(not known.isdisjoint(_CLOSED) for known in statement.item_statuses)
        cited = _find_stage(statement, is_closed=is_closed)
        is_reported = clause.stage is Stage.DONE or cited is not Stage.NAMED
        if cited is not None and clause.stage > cited and is_reported:
            yield clause.text
        claims_future = clause.includes_word_of("idea", "only") or statement.names_item
        is_future_there = any(other.stage is Stage.AHEAD for other in statement.nearest)
        is_future = claims_future and clause.stage is Stage.AHEAD
        if is_closed and is_future and not is_future_there:
            yield clause.text


def _find_stage(statement: AlignedStatement, *, is_closed: bool) -> Stage | None:
    """The stage of what a clause states, by its nearest clauses and its record; None if unknown.

    A verb that is a participle there ("bereitgestellte Mittel") shows that it is done. Otherwise it
    is the latest stage of the nearest clauses, corrected by the record. If the record `is_closed`
    (implemented or archived), its text is older than its status: what it plans may go on by now,
    and all else is done. If the record is an idea or a plan, the item as a whole is ahead, and so
    is what the clauses only name.
    """
    clause = statement.clause
    tokens = list(chain.from_iterable(other.tokens for other in statement.nearest))
    if any(token.stem in clause.verbs and token.tag == "ADJ(A)" for token in tokens):
        return Stage.DONE  # a verb of the clause is there a participle: "bereitgestellte Mittel"
    stage = max((other.stage for other in statement.nearest), default=None)
    if is_closed and stage is not None:
        if stage is Stage.AHEAD:
            return Stage.NOW
        return Stage.DONE
    is_open = any(known <= _OPEN for known in statement.item_statuses)
    is_unsure = stage is Stage.NAMED or (stage is Stage.NOW and clause.includes_word_of("since"))
    if is_open and (is_unsure or statement.names_item):
        return Stage.AHEAD
    return stage


def is_undecided(documents: Iterable[Document]) -> bool:
    """True if one of the documents is a draft or a motion."""
    return any(document.status in labels.UNDECIDED for document in documents)
