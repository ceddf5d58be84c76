"""Yes, no, not yet: how an answer begins that a question asks for by yes or no, where records make it sure.

Sure are statuses, units, counts, and numbers of which the cited passages hold just one; that something is there, where
a record holds all that the question names. Everything else is left to the passages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from service.answering import wording
from service.answering.composing.status import predicate
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof
from service.answering.evidence.passages import status_proof
from service.answering.evidence.verbatim import squash
from service.answering.query import Claim, ClaimUnit, Compared, Intent, Role, Word
from service.models import AnswerStatus, DataKind
from service.record_filters import unit_matches
from vectorstore.records import Item, ItemStatus, Value, ValueKind

_ORDER = (ItemStatus.IDEA, ItemStatus.PLANNED, ItemStatus.IN_PROGRESS, ItemStatus.IMPLEMENTED)
_TELLING = 0.9
_THERE = re.compile(
    r"(?i)\b(?:gibt es|liegt vor|liegen vor|besteht|bestehen|existier\w+|(?:steht|stehen)\b.*\bzur verfügung|"
    r"wurden? (?:\w+ ){0,3}(?:eingerichtet|veröffentlicht|eröffnet|gegründet|fertiggestellt|in betrieb genommen)|"
    r"ist (?:\w+ ){0,2}(?:verfügbar|in betrieb)|there (?:is|are)|is available)\b"
)
_DENIED = re.compile(
    r"(?i)\b(?:kein\w*|nicht|noch nicht|weder|ohne|fehlt|fehlen|sollen?|soll|geplant|vorgesehen|no|not)\b"
)
_EUROS = ("EUR", "EUR/a")


def begun(context: Context, draft: Draft) -> Draft:
    """The draft with yes or no before it, where the question asks for it and the records make it sure."""
    if draft.status is not AnswerStatus.ANSWERED or not draft.sentences or not context.query.yesno:
        return draft
    lead = _lead(context, draft)
    if lead is None:
        return draft
    first = draft.sentences[0]
    opened = replace(first, fragments=(lead, Fragment(": "), *first.fragments))
    return replace(draft, sentences=(opened, *draft.sentences[1:]))


def _lead(context: Context, draft: Draft) -> Fragment | None:
    query, items = context.query, [proof.item for one in draft.sentences[:1] for proof in one.proofs]
    if query.intent is Intent.COUNT:
        return _of_count(context, draft)
    if query.intent is Intent.LIST:
        return _of_list(context, draft)
    if not items:
        return None
    if query.intent is Intent.RESPONSIBLE and query.filters.units:
        named = any(unit_matches(one, unit) for one in items[0].responsible for unit in query.filters.units)
        return _say(context, "Ja" if named else "Nein", "Yes" if named else "No")
    if query.claim is not None:
        return _of_claim(context, draft, items[0], query.claim)
    item = items[0]
    if item in context.focus and item.status is not None:
        return _of_status(context, item)
    if item.status is not None and _holds_all(context, item) and _is_its_status(context, item):
        return _of_status(context, item)
    return _say(context, "Ja", "Yes") if _is_there(context, draft, item) else None


def _is_its_status(context: Context, item: Item) -> bool:
    """True where the thing asked about is the project itself, not what its text also names."""
    titled = context.corpus.title_terms[context.corpus.row(item)]
    held = [bool(set(_terms(word)) & titled) for word in _telling(context)]
    of_kind = any(item.kind in noun.kinds for noun in context.query.nouns)
    return of_kind or (any(held) if context.query.intent is Intent.STATUS else all(held))


def _say(context: Context, german: str, english: str) -> Fragment:
    return Fragment(context.say(german, english))


def _of_count(context: Context, draft: Draft) -> Fragment | None:
    """Whether the number that the question takes for granted is the one that was counted."""
    claim, data = context.query.claim, draft.data
    if claim is None or claim.unit is not ClaimUnit.THINGS or data is None or data.total is None or not data.complete:
        return None
    holds = compares(Decimal(data.total), claim)
    if not holds:
        return _say(context, f"Nein, es sind {data.total}", f"No, there are {data.total}")
    return _say(context, "Ja", "Yes")


def _of_list(context: Context, draft: Draft) -> Fragment | None:
    """Yes, where a listed record holds all that the question names."""
    if draft.data is None or draft.data.kind is not DataKind.LIST or not context.query.exists:
        return None
    items = [proofs[0].item for proofs in draft.row_proofs if proofs]
    return _say(context, "Ja", "Yes") if any(_holds_all(context, item) for item in items) else None


def _of_status(context: Context, item: Item) -> Fragment | None:
    """Yes, no or not yet, with the status where the answer behind it does not tell it first."""
    query, status = context.query, item.status
    asked = query.filters.statuses - {ItemStatus.ARCHIVED}
    if len(asked) > 1 or status not in _ORDER or not (asked or query.exists):
        return None
    tells = query.intent is Intent.STATUS
    wanted = next(iter(asked), None)
    if wanted is None and any(item.kind in noun.kinds for noun in query.nouns):
        return _with(context, item, "Ja", "Yes", tells)
    if wanted is None and status is ItemStatus.IN_PROGRESS:
        return None if tells else _with(context, item, "", "")
    if wanted is None:
        wanted = ItemStatus.IMPLEMENTED
    if status is wanted:
        return _with(context, item, "Ja", "Yes", tells)
    if _ORDER.index(status) < _ORDER.index(wanted):
        return _with(context, item, "Noch nicht", "Not yet", tells)
    return _with(context, item, "Nein", "No", tells)


def _with(context: Context, item: Item, german: str, english: str, tells: bool = False) -> Fragment:
    """The word, and the status with its proof where the next words do not tell it: "Noch nicht, in Planung: "."""
    word = context.say(german, english)
    if tells:
        return Fragment(word)
    assert item.status is not None
    status = predicate(item.status, context.language)
    text = f"{word}, {status}" if word else wording.beginning(status)
    return Fragment(text, (status_proof(item, context.corpus),))


def _of_claim(context: Context, draft: Draft, item: Item, claim: Claim) -> Fragment | None:
    """Whether the one number that the cited passages of the first record state agrees with that of the question."""
    quotes = squash(" ".join(proof.quote for one in draft.sentences for proof in one.proofs if proof.item == item))
    stated = [one for one in item.values if is_meant(context, one, claim) and squash(one.text) in quotes]
    numbers = {number for one in stated if (number := decimal(one.value)) is not None}
    if len(numbers) != 1:
        return None
    holds, said = compares(next(iter(numbers)), claim), " ".join(stated[0].text.split())
    thing = f" {claim.thing}" if claim.thing and claim.thing not in said else ""
    german = f"{'Ja' if holds else 'Nein'}, genannt sind {said}{thing}"
    english = f"{'Yes' if holds else 'No'}, it says {said}{thing}"
    return Fragment(context.say(german, english), (_around(item, stated[0], draft),))


def _around(item: Item, value: Value, draft: Draft) -> Proof:
    """The cited passage that states a value."""
    proofs = (proof for one in draft.sentences for proof in one.proofs if proof.item == item)
    return next(proof for proof in proofs if squash(value.text) in squash(proof.quote))


def is_meant(context: Context, value: Value, claim: Claim) -> bool:
    """True where a stated value is of the kind that the question's number is of."""
    if claim.unit is ClaimUnit.EUROS:
        return value.kind is ValueKind.AMOUNT and value.unit in _EUROS
    if claim.unit is ClaimUnit.PERCENT:
        return value.kind is ValueKind.QUANTITY and value.unit == "%"
    terms = set(context.corpus.analyzer.terms(claim.thing))
    return value.kind is ValueKind.QUANTITY and bool(terms & set(context.corpus.analyzer.terms(value.thing or "")))


def decimal(value: str) -> Decimal | None:
    """A value in its normal form as a number; None for a range or a word."""
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def compares(number: Decimal, claim: Claim) -> bool:
    """True where a number is as the question says."""
    return {
        Compared.EQUAL: number == claim.number,
        Compared.MORE: number > claim.number,
        Compared.LESS: number < claim.number,
        Compared.LEAST: number >= claim.number,
        Compared.MOST: number <= claim.number,
    }[claim.compared]


def _is_there(context: Context, draft: Draft, item: Item) -> bool:
    """True where a cited sentence that names all that is asked about says that it is there; its purpose aside."""
    if not context.query.exists:
        return False
    words = [word for word in _telling(context) if word.role is not Role.PURPOSE]
    quoted = squash(" ".join(proof.quote for one in draft.sentences for proof in one.proofs if proof.item == item))
    return bool(words) and any(
        _THERE.search(said) and not _DENIED.search(said) and all(set(_terms(word)) & held for word in words)
        for _, said in context.corpus.sentences(item)
        if squash(said) in quoted
        for held in (set(context.corpus.analyzer.terms(said)),)
    )


def _holds_all(context: Context, item: Item) -> bool:
    """True where a record holds every telling word of the question, and there are such words."""
    held, words = context.corpus.terms[context.corpus.row(item)], _telling(context)
    return bool(words) and all(set(_terms(word)) & held for word in words)


def _telling(context: Context) -> list[Word]:
    """The words that say what is asked about: names and nouns; all words of a question without capital letters."""
    words = [word for word in context.query.topic if word.weight >= _TELLING]
    nouns = [word for word in words if word.text[0].isupper()]
    return nouns or words


def _terms(word: Word) -> Iterable[str]:
    return (*word.terms, *(term for entry in word.others for term in entry)) if word.foreign else word.terms
