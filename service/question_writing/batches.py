"""What a model is asked: some items at a time, whole, as delimited material, and what that is expected to take."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from prompts import digest, filled, say
from service import wording
from service.answering.corpus import Corpus
from service.answering.verification.quotes import first_words
from service.answering.verification.verbatim import is_order, squash, without_orders
from service.language_models.building import tokens_of
from vectorstore.records import Item

QUESTIONS = 6  # of an item
LONGEST = 200  # characters of a question
ITEMS, CHARACTERS = 8, 16_000  # of a request at most; a single item is shown however long its headings are
_LONGEST_TEXT = 6_000  # characters of an item's own text that are shown
_PROMPTS = ("de/model/questions_instruction", "de/model/questions_items")
_LINE = 90  # characters of a question as people ask it, with its token
_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Tokens:
    """How many tokens a model reads and writes."""

    read: int = 0
    written: int = 0

    def plus(self, read: int, written: int) -> Tokens:
        """These and so many more."""
        return Tokens(self.read + read, self.written + written)

    def cost(self, price_read: float, price_written: float) -> float:
        """What they cost at these prices per million."""
        return (self.read * price_read + self.written * price_written) / 1_000_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Items by the tokens that stand for them, and the text that shows them."""

    items: Mapping[str, Item]
    text: str

    @property
    def instruction(self) -> str:
        """What the model is told to do."""
        return filled(_PROMPTS[0], anzahl=str(QUESTIONS), zeichen=str(LONGEST))

    @property
    def asked(self) -> str:
        """What it is shown."""
        return filled(_PROMPTS[1], eintraege=self.text, anzahl=str(QUESTIONS))

    def fits(self, token: str, block: str) -> bool:
        """True where it may hold one more; a token stands for one item of it."""
        return token not in self.items and len(self.items) < ITEMS and len(self.text) + len(block) <= CHARACTERS


def has_text(item: Item) -> bool:
    """False for an empty heading: it answers nothing itself."""
    return any(part and part.strip() for part in (item.body, item.table_row, *(one.text for one in item.fields)))


def origin_of(item: Item, model: str) -> str:
    """Who writes about what: equal for the same model, prompts and text of an item, whatever its paper is called."""
    fields = [part for one in item.fields for part in (one.label, one.text)]
    said = "\0".join((item.heading, item.title, *item.path, item.body, item.table_row or "", *fields))
    return f"{model} {digest(*_PROMPTS)} sha256:{sha256(said.encode()).hexdigest()[:16]}"


def batches(items: Iterable[Item], corpus: Corpus) -> list[Batch]:
    """All items that say something, in their order, in as few requests as fit; orders to a machine are left out."""
    made = [Batch({}, "")]
    for item in items:
        shown = _shown(item)
        token = _token(shown)
        block = "\n| ".join((f"=== Eintrag [{token}] ===", *_lines(shown, corpus)))
        if is_order(item.title):
            continue
        if not made[-1].fits(token, block):
            made.append(Batch({}, ""))
        made[-1] = Batch({**made[-1].items, token: item}, "\n\n".join(filter(None, (made[-1].text, block))))
    return [one for one in made if one.items]


def expected(asked: Iterable[Batch]) -> Tokens:
    """About how many tokens these requests take."""
    total = Tokens()
    for one in asked:
        lines = " " * (len(one.items) * QUESTIONS * _LINE)
        total = total.plus(tokens_of(one.instruction + one.asked), tokens_of(lines))
    return total


def _shown(item: Item) -> Item:
    """An item as it is shown: the beginning of a long text, and of a row of a table that row."""
    if len(item.body) > _LONGEST_TEXT:
        return replace(item, body=first_words(item.body, _LONGEST_TEXT), fields=())
    return item if item.body.strip() else replace(item, body=item.table_row or "")


def _token(item: Item) -> str:
    """Four letters and digits that stand for an item: they cannot be guessed from its number or title."""
    said = sha256(f"{item.document_id}\0{item.key}\0{item.body}".encode()).digest()
    return base64.b32encode(said).decode()[:_LETTERS]


def _lines(item: Item, corpus: Corpus) -> Iterator[str]:
    document = corpus.document(item)
    about = (document.publisher, wording.authority(document, "de"), wording.dated(document, "de"))
    yield f"Papier: {document.title} ({', '.join(filter(None, about))})"
    yield f"Eintrag: {wording.full_name(item, 'de')}"
    if above := [one.title for one in reversed(corpus.ancestors(item))]:
        yield say("question_writing.belongs_to", above=" > ".join(above))
    if item.status:
        yield f"Status: {wording.status(item.status, 'de')}"
    if item.responsible:
        yield say("question_writing.responsible", responsible=", ".join(item.responsible))
    yield from filter(None, (line.strip() for line in without_orders(item.body).splitlines()))
    body = squash(item.body)
    further = (one for one in item.fields if squash(one.text) not in body and not is_order(one.text))
    yield from (f"{one.label}: {' '.join(one.text.split())}" for one in further)
