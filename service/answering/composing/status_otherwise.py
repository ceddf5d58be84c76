"""Where text and project list disagree on a status that was asked for: both are told, with the passages."""

from __future__ import annotations

from dataclasses import replace

from service.answering import wording
from service.answering.composing.selection import Selection, select
from service.answering.context import Context
from service.answering.draft import Fragment, Proof, Sentence, sentence
from service.answering.evidence.passages import row_proof, status_proof
from service.answering.record_rows import table_status
from vectorstore.records import Item


def otherwise(context: Context, chosen: Selection) -> list[Sentence]:
    """What the other source says of the listed records, and which others it shows with the status asked for."""
    filters = context.query.filters
    if not filters.statuses or chosen.unmatched:
        return []
    listed = [_of_listed(context, item) for item in chosen.items if _differs(item)]
    turned = replace(filters, by_table=not filters.by_table)
    other = select(replace(context, query=replace(context.query, filters=turned))).items
    counted = {(item.document_id, item.key) for item in chosen.items}
    apart = [item for item in other if _differs(item) and (item.document_id, item.key) not in counted]
    return listed + [_of_other(context, item) for item in apart]


def _differs(item: Item) -> bool:
    return row_proof(item) is not None and table_status(item) is not item.status


def _of_listed(context: Context, item: Item) -> Sentence:
    if context.query.filters.by_table:
        named = wording.status(item.status, context.language) if item.status else ""
        text = context.say(
            "Bei {ref} nennt der Text einen anderen Status: {named}",
            "For {ref} the text gives another status: {named}",
            ref=item.ref,
            named=named,
        )
        return sentence(Fragment(text, (status_proof(item, context.corpus),)), ".")
    return sentence(Fragment(_list_shows(context, item), _row(item)), ".")


def _list_shows(context: Context, item: Item) -> str:
    shown = table_status(item)
    named = wording.status(shown, context.language) if shown else ""
    return context.say(
        "Bei {ref} zeigt die Projektliste einen anderen Status: {named}",
        "For {ref} the project list shows another status: {named}",
        ref=item.ref,
        named=named,
    )


def _of_other(context: Context, item: Item) -> Sentence:
    """A record that is not counted, though the other source shows the status asked for."""
    by_table = context.query.filters.by_table
    counted, shown = (table_status(item), item.status) if by_table else (item.status, table_status(item))
    own = wording.status(counted, context.language) if counted else ""
    said = wording.status(shown, context.language) if shown else ""
    here, there = ("Projektliste", "Text") if by_table else ("Text", "Projektliste")
    english_here, english_there = ("project list", "text") if by_table else ("text", "project list")
    first = context.say(
        f"Nicht mitgezählt: {wording.numbered(item)} ({here}: {own}",
        f"Not counted: {wording.numbered(item)} ({english_here}: {own}",
    )
    second = context.say(f"; {there}: {said}", f"; {english_there}: {said}")
    text_proof = (status_proof(item, context.corpus),)
    proofs = (_row(item), text_proof) if by_table else (text_proof, _row(item))
    return sentence(Fragment(first, proofs[0]), Fragment(second, proofs[1]), ").")


def _row(item: Item) -> tuple[Proof, ...]:
    row = row_proof(item)
    return (row,) if row else ()
