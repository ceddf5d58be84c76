"""What was found, where nothing says plainly that it is the answer: the entries that fit best, without that claim.

An answer is claimed only where the judgement of its first entry is sure enough (`trained.judgement`, `answers`); below
that people are shown what fits and decide themselves. The curve stands in docs/evaluation.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from service.answering.composing.extract import introduced, passages_of, quoted
from service.answering.composing.sources import sourced
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Sentence, sentence
from service.answering.evidence.judgement import Judging
from service.answering.evidence.passages import name_proof
from service.models import AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.records import Item, ItemKind, ItemStatus

_SHOWN = 3
_FIRST, _FURTHER = 560, 240  # characters of the first entry's passage and of each other's
_NUMBERS = {2: "zwei", 3: "drei"}


def weighed(context: Context, draft: Draft) -> Draft:
    """The draft where it may be claimed, else what was found."""
    if draft.status is not AnswerStatus.ANSWERED or draft.mode is not AnswerMode.EXTRACTIVE:
        return draft
    first = next((proof.item for one in draft.sentences for proof in one.proofs), None)
    if first is None or _is_sure(context, first):
        return draft
    found = _found(context, (first, *(one.item for one in context.found)))
    return sourced(context, found) if found else draft


def _is_sure(context: Context, item: Item) -> bool:
    """Whether an entry surely enough answers; one that was not found but named is what was asked for."""
    found = next((one for one in context.found if one.item == item), None)
    return found is None or Judging(context).certainty(found) >= context.corpus.judgement.answers


def _found(context: Context, items: Iterable[Item]) -> Draft | None:
    """The first few different entries that say something; None where there are none."""
    kept = list({(one.document_id, one.key): one for one in items if _says_something(context, one)}.values())[:_SHOWN]
    if not kept:
        return None
    told = [_told(context, item, _FURTHER if place else _FIRST) for place, item in enumerate(kept)]
    rows = [
        {
            "document_id": one.document_id,
            "key": one.key,
            "ref": one.ref,
            "title": one.title,
            "status": one.status.value if one.status else None,
            "document": context.corpus.document(one).title,
        }
        for one in kept
    ]
    return Draft(
        AnswerStatus.FOUND,
        AnswerMode.EXTRACTIVE,
        (_lead(context, len(kept)), *told),
        AnswerData(kind=DataKind.FOUND, columns=["ref", "title", "status", "document"], rows=rows, total=len(rows)),
        tuple(one.proofs[:1] for one in told),
    )


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
    name = introduced(context, item)
    if not passages:
        return sentence(Fragment(name, (name_proof(item, context.corpus),)), ".")
    return sentence(f"{name}: ", quoted(passages[0], item))


def _says_something(context: Context, item: Item) -> bool:
    if item.status is ItemStatus.ARCHIVED:
        return False
    return bool(item.body.strip() or item.fields or item.kind not in (ItemKind.SECTION, ItemKind.THEME))
