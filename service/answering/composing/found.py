"""What was found, where nothing says plainly that it is the answer: the entries that fit best, without that claim.

An answer is claimed only where the judgement of its first entry is sure enough (`trained.judgement`, `answers`); below
that people are shown what fits and decide themselves (docs/decisions/011-found.md).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.answering.composing.extract import introduced, passages_of, quoted
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Sentence, sentence
from service.answering.evidence.judgement import Judging
from service.answering.evidence.passages import name_proof
from service.models import AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.records import Item, ItemKind, ItemStatus

_SHOWN = 3
_FIRST, _FURTHER = 560, 240  # characters of the first entry's passage and of each other's
Proven = Callable[[Sentence], bool]
_NUMBERS = {2: "zwei", 3: "drei"}


def weighed(context: Context, draft: Draft, proven: Proven) -> Draft:
    """The draft where it may be claimed, else what was found; `proven` tells whether a sentence may leave."""
    if draft.status is not AnswerStatus.ANSWERED or draft.mode is not AnswerMode.EXTRACTIVE:
        return draft
    first = next((proof.item for one in draft.sentences for proof in one.proofs), None)
    if first is None or _is_sure(context, first):
        return draft
    return of(context, proven, first) or draft


def of(context: Context, proven: Proven, *first: Item) -> Draft | None:
    """The first few entries that say something and are judged to be on it, behind those that come `first`; or None."""
    judging = Judging(context)
    items = (*first, *(one.item for one in context.found if judging.accepts(one)))
    told: dict[tuple[str, str], tuple[Item, Sentence]] = {}
    for item in items:
        key = (item.document_id, item.key)
        if len(told) < _SHOWN and key not in told and _says_something(item):
            ways = (_told(context, item, _FURTHER if told else _FIRST), _named(context, item))
            if sentence := next((one for one in ways if proven(one)), None):
                told[key] = (item, sentence)
    if not told:
        return None
    rows = [_row(context, item) for item, _ in told.values()]
    sentences = [one for _, one in told.values()]
    return Draft(
        AnswerStatus.FOUND,
        AnswerMode.EXTRACTIVE,
        (_lead(context, len(told)), *sentences),
        AnswerData(kind=DataKind.FOUND, columns=["ref", "title", "status", "document"], rows=rows, total=len(rows)),
        tuple(one.proofs[:1] for one in sentences),
    )


def _is_sure(context: Context, item: Item) -> bool:
    """Whether an entry surely enough answers; one that was not found but named is what was asked for."""
    found = next((one for one in context.found if one.item == item), None)
    return found is None or Judging(context).certainty(found) >= context.corpus.judgement.answers


def _row(context: Context, item: Item) -> dict[str, Any]:
    return {
        "document_id": item.document_id,
        "key": item.key,
        "ref": item.ref,
        "title": item.title,
        "status": item.status.value if item.status else None,
        "document": context.corpus.document(item).title,
    }


def _lead(context: Context, number: int) -> Sentence:
    """How many entries fit; it states nothing of them and cites none."""
    if number == 1:
        said = context.say("Dazu passt dieser Eintrag.", "This entry fits.")
    elif context.german:
        said = f"Dazu passen {_NUMBERS[number]} Einträge."
    else:
        said = f"{number} entries fit."
    return Sentence((Fragment(said),), computed=(said,), reservation=True)


def _told(context: Context, item: Item, characters: int) -> Sentence:
    """One entry by name with the passage that fits best, cited once."""
    passages = passages_of(context, item, characters, 1)
    return sentence(f"{introduced(context, item)}: ", quoted(passages[0], item)) if passages else _named(context, item)


def _named(context: Context, item: Item) -> Sentence:
    return sentence(Fragment(introduced(context, item), (name_proof(item, context.corpus),)), ".")


def _says_something(item: Item) -> bool:
    if item.status is ItemStatus.ARCHIVED:
        return False
    return bool(item.body.strip() or item.fields or item.kind not in (ItemKind.SECTION, ItemKind.THEME))
