"""What a model is shown: the items found, whole, each under a token that says nothing, as delimited material."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from service.answering import wording
from service.answering.corpus import Corpus
from service.answering.verifying.orders import is_order, without_orders
from service.answering.verifying.verbatim import squash
from vectorstore.records import Item

MOST = 24_000  # characters of all items, about 7,000 tokens: what small models of one's own hold with their answer
_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Material:
    """Items by their tokens, and the text that shows them."""

    items: Mapping[str, Item]
    text: str


def material_of(items: Iterable[Item], corpus: Corpus, most: int = MOST) -> Material:
    """As many items as fit, in their order, none cut; a token is the same for the same item of the same text."""
    shown: dict[str, Item] = {}
    texts: list[str] = []
    left = most
    for item in items:
        token = token_of(item)
        block = "\n".join(_block(token, item, corpus))
        if token in shown or len(block) > left or is_order(item.title):
            continue
        shown[token] = item
        texts.append(block)
        left -= len(block)
    return Material(shown, "\n\n".join(texts))


def token_of(item: Item) -> str:
    """Four letters and digits that stand for an item: they cannot be guessed from its number or title."""
    said = sha256(f"{item.document_id}\0{item.key}\0{item.body}".encode()).digest()
    return base64.b32encode(said).decode()[:_LETTERS]


def _block(token: str, item: Item, corpus: Corpus) -> Iterator[str]:
    yield f"=== Eintrag [{token}] ==="
    for line in _lines(item, corpus):
        yield f"| {line}"


def _lines(item: Item, corpus: Corpus) -> Iterator[str]:
    document = corpus.document(item)
    about = (document.publisher, wording.authority(document, "de"), wording.dated(document, "de"))
    yield f"Papier: {document.title} ({', '.join(filter(None, about))})"
    yield f"Eintrag: {wording.full_name(item, 'de')}"
    if above := [one.title for one in reversed(corpus.ancestors(item))]:
        yield f"Gehört zu: {' > '.join(above)}"
    if item.status:
        yield f"Status: {wording.status(item.status, 'de')}"
    if item.responsible:
        yield f"Zuständig: {', '.join(item.responsible)}"
    yield from filter(None, (line.strip() for line in without_orders(item.body).splitlines()))
    body = squash(item.body)
    further = (one for one in item.fields if squash(one.text) not in body and not is_order(one.text))
    yield from (f"{one.label}: {' '.join(one.text.split())}" for one in further)
