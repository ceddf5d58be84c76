"""The composer of passages: the sentences that answer, in the passages of the items that fit.

Passages are shown as found, without the claim that they answer. Where the best one plainly states
what is asked (`claims`), it is the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from prompts import imitates_service
from service import wording
from service.answering.composing import parts
from service.answering.composing.claims import find_claimed
from service.answering.composing.fixed_texts import not_in_documents
from service.answering.composing.marking import MarkedPassage, mark_passages
from service.answering.composing.restrictions import find_missing
from service.answering.context import Context
from service.answering.draft import Draft, Lead, Proof
from service.answering.query import AnswerType
from service.answering.retrieval.passages import WholePassage
from service.answering.verification.citations import offset_of, page_of
from service.records import AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.records import Item

_NUMBERS = {2: "two", 3: "three"}  # keys of the words for them
COLUMNS = [
    "ref",
    "title",
    "status",
    "document",
    "document_status",
    "responsible",
    "passage",
    "marked",
    "page",
]


def compose(context: Context, lead: Lead | None = None) -> Draft:
    """The passages around what is claimed to answer, else those that were found.

    With a lead nothing is claimed: it stands before the passages. Without a passage only its
    reservations stay.
    """
    claimed = claim_items(context, find_claimed(context)) if lead is None else None
    if claimed:
        return claimed
    found = show(context, context.best_passages)
    said = lead.sentences if lead else ()
    if found.status is not AnswerStatus.FOUND:
        said = tuple(sentence for sentence in said if sentence.is_reservation)
    return replace(found, sentences=(*said, *found.sentences))


def claim_items(context: Context, items: Sequence[Item]) -> Draft | None:
    """A draft with the status `answered`: the whole passage around the best sentences of each item.

    An item without such a passage is left out; None if none has one.
    """
    passages = []
    for item in items:
        passage = passage_around(context, item, context.chooser.choose_passage(item))
        if passage is not None:
            passages.append(passage)
    if not passages:
        return None
    passages = context.passages.add_further_values(passages)
    return _draft(context, AnswerStatus.ANSWERED, passages)


def show(context: Context, passages: Sequence[WholePassage]) -> Draft:
    """A draft with the status `found` of these passages, the one with the best sentence first, as
    cards that are not said to answer; `not_in_documents` without a passage.
    """
    if not passages:
        return not_in_documents(context)
    if context.query.answer_type is AnswerType.AMOUNT:
        passages = context.passages.add_further_values(passages)
    lead = [opening(context, len(passages))]
    missing = find_missing(context, passages)
    if missing:
        lead.append(context.say("missing_words", words=wording.quote_words(missing)))
    return _draft(context, AnswerStatus.FOUND, passages, *lead)


def _draft(
    context: Context, status: AnswerStatus, passages: Sequence[WholePassage], *lead: str
) -> Draft:
    """A draft that quotes whole passages, each with its card, behind the sentences `lead`; the one
    with the best sentence is first.
    """
    marked = mark_passages(context, passages)
    passages = [entry.passage for entry in marked]
    sentences = parts.quote_passages(context, passages)
    rows = [
        card_of(context, entry, statement.proofs[0])
        for entry, statement in zip(marked, sentences, strict=True)
    ]
    data = AnswerData(kind=DataKind.FOUND, columns=COLUMNS, rows=rows, total=len(rows))
    proofs = tuple(statement.proofs[:1] for statement in sentences)
    said = map(parts.reservation, lead)
    return Draft(status, AnswerMode.EXTRACTIVE, (*said, *sentences), data, proofs)


def _split_at(entry: MarkedPassage) -> list[str]:
    """The text of a passage, split so that every second part is one of its marked sentences."""
    parts_of_text, rest = list[str](), entry.passage.text
    for sentence in entry.sentences:
        before, found, rest = rest.partition(sentence)
        parts_of_text += [before, found]
    return [*parts_of_text, rest]


def opening(context: Context, number: int) -> str:
    """The sentence before the passages that were found: how many there are, "one" to "three" in
    words.
    """
    if number == 1:
        return context.say("passage_fits")
    words = context.say(_NUMBERS[number]) if number in _NUMBERS else str(number)
    return context.say("passages_fit", number=words)


def passage_of_first(context: Context, draft: Draft) -> Proof | None:
    """The whole passage around the first citation of a draft; None without a citation, or if no
    passage around it may be shown. Of passages that were found it is the citation itself.
    """
    first = next(iter(draft.proofs), None)
    if draft.data is not None and draft.data.kind is DataKind.FOUND:  # it is the passage
        return first
    passage = first and passage_around(context, first.item, first.quote, first.start)
    return passage.proof if passage else None


def passage_around(
    context: Context, item: Item, quote: str, start: int | None = None
) -> WholePassage | None:
    """The whole passage of an item in which a quote begins; None if none may be shown there.

    A passage with words that only the service may say is not shown: a paper could pass them off as
    an answer. `start` is the quote's offset in the document; with None it is searched for.
    """
    if start is None:
        start = offset_of(quote, item, context.corpus.document(item))
    passage = context.passages.around((start, start + max(len(quote), 1)), item, whole=True)
    if passage is None or imitates_service(passage.text):
        return None
    return passage


def card_of(context: Context, entry: MarkedPassage, proof: Proof) -> dict[str, Any]:
    """A passage as the row of a card: its item, the passage with its marked sentences and its
    printed labels ("Sachstand:"), its page, and the status of its document.
    """
    item = entry.passage.item
    document = context.corpus.document(item)
    page = page_of(proof, document)
    labels = [f"{field.label}:" for field in item.fields]
    return parts.item_row(context, item) | {
        "document_status": document.status.value if document.status else None,
        "responsible": list(item.responsible),
        "passage": entry.passage.text,
        "marked": list(entry.sentences),
        "parts": _split_at(entry),
        "labels": [label for label in labels if label in entry.passage.text],
        "page": page.number if page else None,
    }
