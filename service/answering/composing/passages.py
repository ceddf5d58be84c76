"""What the papers say: an answer where a sentence plainly says what was asked, else what was found.

Every entry is cited once, by sentences in a row; below the threshold of the judge nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.answering.composing.fixed import not_in_documents
from service.answering.composing.telling import is_archived, quoted, reserved, row_of, source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Sentence, answered
from service.answering.finding.judge import PASSAGE, weights
from service.models import AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.records import Item, ItemKind

_SHOWN = 3
_FURTHER = 240  # characters of the passage of each entry but the first
_NEAR = 0.8  # share of the first entry's probability from which a further one belongs to the answer
_NUMBERS = {2: "two", 3: "three"}


def compose(context: Context) -> Draft:
    """An answer from passages, what was found, or an honest non-answer."""
    judged = [(item, sure) for item, sure in context.judged if says_something(item)]
    if not judged:
        return not_in_documents(context)
    best, sure = judged[0]
    if best in context.values.numbered.items:
        judged = [one for one in judged if one[0] in context.values.numbered.items]
    if sure < weights().answers:
        return found(context, [item for item, _ in judged])
    further = [item for item, also in judged[1:] if also >= max(weights().answers, _NEAR * sure)]
    return from_passages(context, _apart([best, *further]))


def from_passages(context: Context, items: Sequence[Item]) -> Draft:
    """An answer that quotes entries, the first at length, and names their papers behind the last of each."""
    told = _told(context, items)
    for place in {item.document_id: place for place, item in enumerate(items)}.values():
        paper = Fragment(f" ({source(context, items[place])})")
        told[place] = replace(told[place], fragments=(*told[place].fragments, paper))
    return answered(*told, mode=AnswerMode.EXTRACTIVE)


def found(context: Context, items: Sequence[Item]) -> Draft:
    """The entries that fit best, without the claim that they answer; a non-answer where there are none."""
    shown = _apart(items)
    if not shown:
        return not_in_documents(context)
    told, number = _told(context, shown), len(shown)
    fit = context.say("entries_fit", number=context.say(_NUMBERS[number])) if number > 1 else context.say("entry_fits")
    rows = [row_of(context, item) for item in shown]
    data = AnswerData(kind=DataKind.FOUND, columns=["ref", "title", "status", "document"], rows=rows, total=number)
    proofs = tuple(one.proofs[:1] for one in told)
    return Draft(AnswerStatus.FOUND, AnswerMode.EXTRACTIVE, (reserved(fit), *told), data, proofs)


def says_something(item: Item) -> bool:
    """Whether an entry may be shown: rows of an archive are not, nor headings without a text."""
    heading = item.kind in (ItemKind.SECTION, ItemKind.THEME) and not (item.body.strip() or item.fields)
    return not (heading or is_archived(item))


def _told(context: Context, items: Sequence[Item]) -> list[Sentence]:
    first = [quoted(context, item, PASSAGE) for item in items[:1]]
    return first + [quoted(context, item, _FURTHER, 1) for item in items[1:]]


def _apart(items: Sequence[Item]) -> list[Item]:
    """The first entries of which none is or stands in another."""
    kept: list[Item] = []
    for item in items:
        same = (one for one in kept if one.document_id == item.document_id)
        if len(kept) < _SHOWN and not any(one.key in (item.key, item.parent) or one.parent == item.key for one in same):
            kept.append(item)
    return kept
