"""Puts items into batches, one for each request to the model that writes questions for them."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import chain

from prompts import digest, fill, say
from service import wording
from service.answering import Corpus, cut_text, is_prompt_injection, remove_prompt_injections
from service.language_models import Tokens, tokens_of
from vectorstore.language import collapse_spaces, squash
from vectorstore.records import Item

# most questions of an item, most characters of a question
MOST_QUESTIONS = 6
LONGEST = 200
# most of a request; a single item may be longer
ITEMS = 8
CHARACTERS = 16_000
_LONGEST_TEXT = 6_000  # characters of an item's body in the prompt
_PROMPTS = ("de/model/questions_instruction", "de/model/questions_items")
_USUAL_LINE = 90  # characters of a usual line of the reply: token and question


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of one request by their tokens, and the text that shows them in the prompt."""

    items: Mapping[str, Item]
    text: str

    @property
    def instruction(self) -> str:
        """The system prompt of the request."""
        return fill(_PROMPTS[0], anzahl=str(MOST_QUESTIONS), zeichen=str(LONGEST))

    @property
    def request(self) -> str:
        """The user prompt of the request, with the text of the items."""
        return fill(_PROMPTS[1], eintraege=self.text, anzahl=str(MOST_QUESTIONS))


def has_text(item: Item) -> bool:
    """True if an item has any text besides its heading; else no question can be written for it."""
    parts = [item.body, item.table_row or "", *(field.text for field in item.fields)]
    return any(map(str.strip, parts))


def question_origin(item: Item, model: str) -> str:
    """Return the origin of questions on an item: model, digest of the prompts, digest of its text.

    If one of these changes, the origin does too, and the questions count as missing. An item with
    the same text in another document has the same origin, and gets the same questions.
    """
    fields = list(chain.from_iterable((field.label, field.text) for field in item.fields))
    text = "\0".join(
        (item.heading, item.title, *item.path, item.body, item.table_row or "", *fields)
    )
    return f"{model} {digest(*_PROMPTS)} sha256:{sha256(text.encode()).hexdigest()[:16]}"


def make_batches(items: Iterable[Item], corpus: Corpus) -> list[Batch]:
    """Return the items in batches, in their order, without those whose title is a prompt injection.

    A new batch begins if the last one has too many items or characters for a further one. It also
    begins if the last one has an item with the same token, by which the lines of the reply are told
    apart.
    """
    batches: list[Batch] = []
    for item in items:
        if is_prompt_injection(item.title):
            continue
        shown = _shorten(item)
        token = _token(shown)
        block = "\n| ".join((f"=== Eintrag [{token}] ===", *_lines(shown, corpus)))
        last = batches[-1] if batches else None
        if last and token not in last.items and _fits(last, block):
            batches[-1] = Batch({**last.items, token: item}, f"{last.text}\n\n{block}")
        else:
            batches.append(Batch({token: item}, block))
    return batches


def expected_tokens(batches: Sequence[Batch]) -> Tokens:
    """Return the estimated numbers of tokens of the requests and of their replies.

    A reply is taken to have the most questions for each item, in lines of the usual length.
    """
    read = sum(tokens_of(batch.instruction + batch.request) for batch in batches)
    return Tokens(
        read,
        sum(tokens_of(" " * len(batch.items) * MOST_QUESTIONS * _USUAL_LINE) for batch in batches),
    )


def _fits(batch: Batch, block: str) -> bool:
    return len(batch.items) < ITEMS and len(batch.text) + len(block) <= CHARACTERS


def _shorten(item: Item) -> Item:
    """Return an item as it is shown in the prompt.

    A long body is cut, and its fields are left out, since they would lengthen it again. An item
    without a body has its table row as body.
    """
    if len(item.body) > _LONGEST_TEXT:
        return replace(item, body=cut_text(item.body, _LONGEST_TEXT), fields=())
    if not item.body.strip():
        return replace(item, body=item.table_row or "")
    return item


def _token(item: Item) -> str:
    """Return the token of an item: four letters and digits (base 32), such as "R4TN".

    It is the beginning of a digest of document id, key and body.
    """
    text = sha256(f"{item.document_id}\0{item.key}\0{item.body}".encode()).digest()
    return base64.b32encode(text).decode()[:4]


def _lines(item: Item, corpus: Corpus) -> Iterator[str]:
    """Yield the lines that show an item in the prompt.

    They have its document, name, path, status, units, body, and the fields that are not in the
    body. Sentences of the body, and fields, that look like an instruction to the model are left
    out.
    """
    document = corpus.document(item)
    metadata = (
        document.publisher,
        wording.draft_remark(document, "de"),
        wording.format_as_of(document, "de"),
    )
    yield f"Papier: {document.title} ({', '.join(filter(None, metadata))})"
    yield f"Eintrag: {wording.name_item(item, 'de')}"
    ancestors = [ancestor.title for ancestor in reversed(corpus.ancestors(item))]
    if ancestors:
        yield say("question_writing.belongs_to", above=" > ".join(ancestors))
    if item.status:
        yield f"Status: {wording.status_word(item.status, 'de')}"
    if item.responsible:
        yield say("question_writing.responsible", responsible=", ".join(item.responsible))
    yield from filter(None, map(str.strip, remove_prompt_injections(item.body).splitlines()))
    body = squash(item.body)
    fields = (
        field
        for field in item.fields
        if squash(field.text) not in body and not is_prompt_injection(field.text)
    )
    yield from (f"{field.label}: {collapse_spaces(field.text)}" for field in fields)
