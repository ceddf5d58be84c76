"""What the papers say: an answer where a sentence plainly says what was asked, else what was found.

Every entry is cited once, by sentences in a row; below the threshold of the judge nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from service.answering.composing.fixed import not_in_documents
from service.answering.composing.quoting import quoted, source
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Sentence, answered
from service.answering.finding.judge import PASSAGE, weights
from service.models import AnswerData, AnswerMode, AnswerStatus, DataKind
from service.records import item_url
from vectorstore.records import Item, ItemKind, ItemStatus

_SHOWN = 3
_FIRST, _FURTHER = PASSAGE, 240  # characters of the first entry's passage and of each other's
_NEAR = 0.8  # share of the first entry's probability from which a further one belongs to the answer
_NUMBERS = {2: "zwei", 3: "drei"}


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
    return from_passages(context, [best, *_others(best, further)])


def from_passages(context: Context, items: Sequence[Item]) -> Draft:
    """An answer that quotes entries, the first at length, and names their papers behind."""
    told = [quoted(context, item, _FURTHER if place else _FIRST, 1 if place else 4) for place, item in enumerate(items)]
    last: dict[str, int] = {}
    for place, item in enumerate(items):
        last[item.document_id] = place
    for document_id, place in last.items():
        paper = source(context.corpus.catalogue.documents[document_id], context.language)
        told[place] = replace(told[place], fragments=(*told[place].fragments, Fragment(f" ({paper})")))
    return answered(*told, mode=AnswerMode.EXTRACTIVE)


def found(context: Context, items: Sequence[Item]) -> Draft:
    """The entries that fit best, without the claim that they answer; a non-answer where there are none."""
    shown: list[Item] = []
    for item in items:
        if len(shown) < _SHOWN and not any(_is_part(item, other) or item == other for other in shown):
            shown.append(item)
    if not shown:
        return not_in_documents(context)
    told = [quoted(context, item, _FURTHER if place else _FIRST, 1 if place else 4) for place, item in enumerate(shown)]
    rows = [row_of(context, item) for item in shown]
    columns = ["ref", "title", "status", "document"]
    return Draft(
        AnswerStatus.FOUND,
        AnswerMode.EXTRACTIVE,
        (_lead(context, len(shown)), *told),
        AnswerData(kind=DataKind.FOUND, columns=columns, rows=rows, total=len(rows)),
        tuple(one.proofs[:1] for one in told),
    )


def row_of(context: Context, item: Item) -> dict[str, Any]:
    """An entry as a row of an answer's data."""
    return {
        "document_id": item.document_id,
        "key": item.key,
        "ref": item.ref,
        "title": item.title,
        "kind": item.kind.value,
        "status": item.status.value if item.status else None,
        "theme": item.theme.title if item.theme else None,
        "document": context.corpus.document(item).title,
        "url": item_url(item.document_id, item.key),
    }


def says_something(item: Item) -> bool:
    """Whether an entry may be shown: rows of an archive are not, nor headings without a text."""
    if item.status is ItemStatus.ARCHIVED:
        return False
    return bool(item.body.strip() or item.fields or item.kind not in (ItemKind.SECTION, ItemKind.THEME))


def _others(best: Item, items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not _is_part(item, best)][: _SHOWN - 1]


def _is_part(one: Item, other: Item) -> bool:
    """Whether one of two entries stands in the other."""
    return one.document_id == other.document_id and (one.parent == other.key or other.parent == one.key)


def _lead(context: Context, number: int) -> Sentence:
    """How many entries fit; it states nothing of them and cites none."""
    if number == 1:
        said = context.say("Dazu passt dieser Eintrag.", "This entry fits.")
    else:
        said = context.say(f"Dazu passen {_NUMBERS.get(number, number)} Einträge.", f"{number} entries fit.")
    return Sentence((Fragment(said),), computed=(said,), reservation=True)
