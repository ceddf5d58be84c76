"""The composer of passages: the sentences that answer, in the passages of the items that fit.

Passages are shown as found, without the claim that they answer. Where the best one plainly states
what is asked (`claims`), it is the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from prompts import imitates_service
from service import wording
from service.answering.composing import parts
from service.answering.composing.claims import find_claimed
from service.answering.composing.fixed_texts import not_in_documents
from service.answering.composing.marking import MarkedPassage, mark_passages
from service.answering.composing.restrictions import find_missing
from service.answering.context import Context
from service.answering.draft import Draft, Proof, Sentence
from service.answering.query import AnswerType
from service.answering.retrieval.facts import has_fact
from service.answering.retrieval.passages import WholePassage
from service.answering.verification.citations import offset_of, page_of
from service.answering.verification.verbatim import is_prompt_injection
from service.records import MOST_FITTING, AnswerData, AnswerMode, AnswerStatus, DataKind
from vectorstore.language import collapse_spaces, fold
from vectorstore.records import Chunk, Item, ItemKind

# least share of the best score for a passage to be shown: of 1,171 passages to 458 questions 75
# go, three in four from another page than the answer's; 1 of 388 questions loses its own
_CLOSE = 0.6
# weight of a passage without the date or number that is asked for: of 379 questions to unseen
# papers two more have their fact shown, none fewer; .4 finds one of them
_WITHOUT_FACT = 0.6
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
# whether it stands first in any case, how well it fits, and whose it is
RankedChunk = tuple[bool, float, Chunk, Item]
# facts that patterns find reliably
_FACTS = (AnswerType.DATE, AnswerType.AMOUNT, AnswerType.QUANTITY, AnswerType.CONTACT)
# "Rad-Weg", "2027", but not "iPhone", "a_b"
_PLAIN = re.compile(r"[^\W\d_][a-zäöüß]*(?:-[^\W\d_][a-zäöüß]*)*|\d{1,4}")


def compose(context: Context) -> Draft:
    """The answer of the items that are claimed to answer, else the passages that were found."""
    claimed = find_claimed(context)
    if claimed:
        return claim_items(context, claimed)
    return compose_found(context)


def compose_found(context: Context) -> Draft:
    """The passages that fit a question, without the claim that they answer; `not_in_documents`
    without any.
    """
    return show_hits(context, _items_to_show(context))


def choose_best(context: Context) -> WholePassage | None:
    """The passage that fits best; None if none fits."""
    return next(iter(choose_passages(context, _items_to_show(context))), None)


def _items_to_show(context: Context) -> list[Item]:
    """The ranked items that may be shown."""
    return [item for item, _ in context.ranked_items if may_be_shown(item)]


def claim_items(context: Context, items: Sequence[Item]) -> Draft:
    """A draft with the status `answered`: the whole passage around the best sentences of each item.

    An item without such a passage is left out; if none has one, the items are only shown as hits.
    """
    passages = []
    for item in items:
        passage = passage_around(context, item, context.chooser.choose_passage(item))
        if passage is not None:
            passages.append(passage)
    if not passages:
        return show_hits(context, items)
    passages = add_further_values(context, passages)
    return _draft(context, AnswerStatus.ANSWERED, mark_passages(context, passages))


def add_further_values(context: Context, passages: Sequence[WholePassage]) -> list[WholePassage]:
    """Passages, each followed by the further values of its record, where a value is asked for."""
    shown = [passage.text for passage in passages]
    added = []
    for passage in passages:
        added.append(passage)
        further = context.passages.further_values(passage.item, shown)
        added += further
        shown += [value.text for value in further]
    return added


def show_hits(context: Context, items: Sequence[Item]) -> Draft:
    """A draft with the status `found`: cards of the best passages of items, which are not said to
    answer; `not_in_documents` without a passage.
    """
    passages = choose_passages(context, items)
    return show(context, passages) if passages else not_in_documents(context)


def show(context: Context, passages: Sequence[WholePassage]) -> Draft:
    """A draft with the status `found` of these passages, the one with the best sentence first."""
    if context.query.answer_type is AnswerType.AMOUNT:
        passages = add_further_values(context, passages)
    marked = mark_passages(context, passages)
    lead = [opening(context, len(passages))]
    missing = find_missing(context, passages)
    if missing and may_repeat_words(context, missing):
        lead.append(context.say("missing_words", words=wording.quote_words(missing)))
    return _draft(context, AnswerStatus.FOUND, marked, *lead)


def _draft(
    context: Context, status: AnswerStatus, marked: Sequence[MarkedPassage], *lead: str
) -> Draft:
    """A draft that quotes whole passages, each with its card, behind the sentences `lead`."""
    passages = [entry.passage for entry in marked]
    sentences = quote_passages(context, passages)
    rows = []
    for entry, statement in zip(marked, sentences, strict=True):
        rows.append(card_of(context, entry, statement.proofs[0]))
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


def quote_best(context: Context, *items: Item) -> list[Sentence]:
    """The sentences that quote the best passages of a question, of some items or of all hits."""
    return quote_passages(context, choose_passages(context, items or _items_to_show(context)))


def choose_passages(context: Context, items: Sequence[Item]) -> list[WholePassage]:
    """The passages of items to show, at most `MOST_FITTING`, best first; none overlap, and none is
    far below the best: fewer are better than ones that do not fit.

    The passages of all items compete: two can be of one long item. Ahead of all is the best passage
    of each item that the question names by number or for which people wrote the question. It may
    fit less well.
    """
    ranked = list[RankedChunk]()
    for item in items:
        is_first = item in context.numbered or item == context.written_item
        for chunk, score in context.hit_of(item).passages:
            fit = score * _weight_by_fact(context, chunk)
            ranked.append((is_first, fit, chunk, item))
            is_first = False
    ranked.sort(key=lambda entry: (not entry[0], -entry[1]))
    chosen = list[WholePassage]()
    best = 0.0
    for is_first, fit, chunk, item in ranked:
        if len(chosen) == MOST_FITTING or (fit < _CLOSE * best and not is_first):
            break
        passage = context.passages.around((chunk.start, chunk.end), item)
        if passage is None:
            continue
        best = max(best, fit)
        if not any(map(passage.overlaps, chosen)):
            chosen.append(passage)
    return chosen


def _weight_by_fact(context: Context, chunk: Chunk) -> float:
    """The factor for the score of a chunk: less than 1 if it lacks the date, amount or other
    quantity that is asked for.
    """
    asked = context.query.answer_type
    if asked in _FACTS and not has_fact(asked, chunk.text):
        return _WITHOUT_FACT
    return 1.0


def passage_of_first(context: Context, draft: Draft) -> Proof | None:
    """The whole passage around the first citation of a draft; None without a citation, or if no
    passage around it may be shown. Of passages that were found it is the citation itself.
    """
    first = next(iter(draft.proofs), None)
    if draft.data is not None and draft.data.kind is DataKind.FOUND:  # it is the passage
        return first
    passage = first and passage_around(context, first.item, first.quote, first.start)
    if not passage:
        return None
    return passage.proof


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


def quote_passages(context: Context, passages: Sequence[WholePassage]) -> list[Sentence]:
    """The sentences that quote passages, in their order.

    Only the last one of each document ends with its source, which names title, date and status of
    the document: once is enough to tell that it is a draft.
    """
    quoted = [
        parts.quote(context, passage.proof, collapse_spaces(passage.text)) for passage in passages
    ]
    last_of_document = {passage.item.document_id: index for index, passage in enumerate(passages)}
    for index in last_of_document.values():
        quoted[index] = parts.with_source(context, quoted[index], passages[index].item)
    return quoted


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


def may_be_shown(item: Item) -> bool:
    """True unless the item is an archive row, which is shown only on demand, or a section or theme
    without text or fields, of which there is nothing to quote.
    """
    is_bare_heading = item.kind in (ItemKind.SECTION, ItemKind.THEME) and not (
        item.body.strip() or item.fields
    )
    return not (is_bare_heading or parts.is_archived(item))


def may_repeat_words(context: Context, words: Sequence[str]) -> bool:
    """True if an answer may repeat words of the question.

    Each must look like a plain word or number, or occur in documents, and the question must not
    look like a prompt injection: else people could let the service say anything.
    """
    are_words = all(_PLAIN.fullmatch(word) or context.corpus.has_term(fold(word)) for word in words)
    question = context.query.question or context.query.text
    return are_words and not is_prompt_injection(question)
