"""The parts that all composers use: items by name and status, quoted, listed, and as rows of an
answer's data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from service import wording
from service.answering.context import Context
from service.answering.draft import Fragment, Proof, Sentence, make_sentence
from service.answering.query import AnswerType
from service.answering.retrieval.passages import WholePassage
from service.records import item_url
from vectorstore.language import collapse_spaces, squash
from vectorstore.records import Item, ItemKind, ItemStatus

_WHO = (AnswerType.RESPONSIBLE, AnswerType.CONTACT, AnswerType.PERSON, AnswerType.ORGANISATION)


def name_with_notes(context: Context, item: Item, passage: str = "") -> str:
    """An item's name, with notes in brackets: its status, its units if the question asks for these,
    and whether its document is a draft or motion.

    The name is without the title if `passage`, which stands behind it, begins with the title.
    """
    notes = [wording.item_status(item, context.language)]
    if item.responsible and context.query.answer_type in _WHO:
        units, _ = context.corpus.name_units(item)
        remark = wording.correction_remark(item, "unit", context.language)
        notes.append(context.say("responsible", units=units + remark))
    if item.kind is not ItemKind.SECTION:  # a section of a draft may say how things are
        notes.append(wording.draft_word(context.corpus.document(item), context.language))
    is_titled = squash(passage).startswith(squash(item.title))
    name = wording.capitalize_first(wording.name_item(item, context.language, not is_titled))
    noted = ", ".join(filter(None, notes))
    if noted:
        return f"{name} ({noted})"
    return name


def quote(context: Context, proof: Proof, text: str) -> Sentence:
    """The name of an item, and the quote of it that is the `proof`, shown as `text`.

    Behind the quote stand, in brackets, quantities with the unit of their label and corrected
    values. `text` may differ from the proof in spaces and line ends.
    """
    item = proof.item
    return make_sentence(
        f"{name_with_notes(context, item, text)}: ",
        Fragment(end_sentence(text), (proof,), is_quote=True),
        *_quote_units(item, text),
        *_quote_corrections(context, item),
    )


def _quote_units(item: Item, passage: str) -> Iterator[Fragment]:
    """Yield the quantities of a passage whose unit stands only in their label, in brackets with
    label and unit: " (Kosten in Euro: 5.000 Euro)".
    """
    quoted = squash(passage)
    for field in item.fields:
        if field.with_unit and squash(field.text) in quoted:
            label = field.label.strip().rstrip(" :?")
            yield Fragment(f" ({label}: {field.with_unit})", (Proof(item, field.text),))


def _quote_corrections(context: Context, item: Item) -> Iterator[Fragment]:
    """Yield each corrected field of an item as a text in brackets, such as " (Kosten: 90 Euro, laut
    Korrektur)".

    Left out are corrections without a value, and those of title, status and unit: the item's name,
    which stands before, states these.
    """
    for correction in item.corrected:
        if not correction.value:
            continue
        text = wording.corrected_field(correction, context.language)
        if text:
            yield Fragment(f" ({text})", (Proof(item, correction.value),))


def end_sentence(passage: str) -> str:
    """A passage, with a full stop if it has no end mark."""
    if passage.endswith((".", "!", "?", ":", "…")):
        return passage
    return f"{passage}."


def with_source(context: Context, statement: Sentence, item: Item) -> Sentence:
    """A sentence followed by the title, date and status of the item's document in brackets."""
    return replace(
        statement, fragments=(*statement.fragments, Fragment(f" ({source_of(context, item)})"))
    )


def source_of(context: Context, item: Item) -> str:
    """The title of an item's document with its date and status."""
    return wording.format_source(context.corpus.document(item), context.language)


def quote_passages(context: Context, passages: Sequence[WholePassage]) -> list[Sentence]:
    """The sentences that quote passages, in their order.

    Only the last one of each document ends with its source, which names title, date and status of
    the document: once is enough to tell that it is a draft.
    """
    quoted = [quote(context, passage.proof, collapse_spaces(passage.text)) for passage in passages]
    last_of_document = {passage.item.document_id: index for index, passage in enumerate(passages)}
    for index in last_of_document.values():
        quoted[index] = with_source(context, quoted[index], passages[index].item)
    return quoted


def cited_sentence(text: str, *proofs: Proof) -> Sentence:
    """A sentence with its proofs; `text` is without full stop."""
    return make_sentence(Fragment(text, proofs), ".")


def reservation(text: str) -> Sentence:
    """A reservation: a whole sentence that only states what is missing."""
    return Sentence((Fragment(text),), is_reservation=True)


def list_names(
    context: Context,
    opening: str,
    entries: Sequence[tuple[str, tuple[Proof, ...]]],
    most: int,
    between: str = ", ",
    total: int = 0,
) -> Sentence:
    """A sentence that lists the first `most` names, each with its proofs, and says how many are
    left.

    `entries` are the names; if they are only the first ones, `total` is the number of all.
    """
    parts = [
        Fragment((between if index else "") + name, proofs)
        for index, (name, proofs) in enumerate(entries[:most])
    ]
    left = max(total, len(entries)) - most
    more = context.say("and_more", number=left) if left > 0 else ""
    return make_sentence(opening, *parts, f"{more}.")


def item_row(context: Context, item: Item) -> dict[str, Any]:
    """An item as a row of an answer's data."""
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


def shorten(text: str, most: int) -> str:
    """A text, cut after a whole word at `most` characters if it is longer."""
    if len(text) <= most:
        return text
    return f"{text[:most].rsplit(' ', 1)[0]} …"


def is_archived(item: Item) -> bool:
    """True for a row of an archive."""
    return item.status is ItemStatus.ARCHIVED
