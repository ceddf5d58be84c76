"""What answering needs to know of an edition, worked out once when it is opened.

Per item: its index terms, its title's, its sentences. Over all items: how rare each term is (inverse document
frequency, natural logarithm). Read-only, shared between requests.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from service.answering.finding.rows import RecordRows, WordRows
from service.answering.finding.words import Expansion
from service.answering.verifying.verbatim import is_order, squash
from vectorstore.catalogue import Catalogue
from vectorstore.edition import Edition
from vectorstore.records import Document, Field, Item, ItemKind
from vectorstore.sentences import sentence_spans

_LABEL = re.compile(r"[A-ZÄÖÜ][\w /-]{1,40}:")
_NUMBERED = re.compile(r"^\s*(?:[IVXLC]+|\d+|[A-Z])\.\s+")
_NEAR = 86  # of 100, from which a word is taken for a typing error of another
_REMEMBERED = 2048  # items whose sentences are kept, some kilobytes each
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an item: its place among them, the field that it stands in, its index terms.

    There is a gap between the places of two sentences where something stands between them: a label, a page's foot.
    """

    place: int
    text: str
    field: Field | None
    terms: frozenset[str]


class Corpus:
    """An edition with the look-ups of answering; `catalogue` are the records to answer from, else all."""

    def __init__(self, edition: Edition, catalogue: Catalogue | None = None) -> None:
        self.edition = edition
        self.catalogue = catalogue or edition.catalogue
        self.analyzer = edition.analyzer
        self.expansion = Expansion(self.analyzer, edition.vocabulary)
        self.row_of_item = {(item.document_id, item.key): row for row, item in enumerate(self.catalogue.items)}
        self.terms, self.texts = self._indexed(self.own_text)
        self.title_terms, self.titles = self._indexed(lambda item: f"{item.title} {item.table_title or ''}")
        self._frequency = Counter(term for terms in self.terms for term in terms)
        self._known = list(self._frequency)
        size = len(self.catalogue.items) + 1
        self._rarest = math.log(size / 0.5)
        self._rarity = {term: math.log(size / (count + 0.5)) for term, count in self._frequency.items()}
        self._sentences = lru_cache(maxsize=_REMEMBERED)(self._sentences_of)

    def _indexed(self, text_of: Callable[[Item], str]) -> tuple[list[frozenset[str]], WordRows]:
        """The terms of a text of each item, and the items by its words."""
        words = [self.analyzer.words(text_of(item)) for item in self.catalogue.items]
        return [frozenset(term for word in one for term in word.terms) for one in words], WordRows(words)

    @cached_property
    def records(self) -> RecordRows:
        """The rows of the items by what conditions on them name."""
        return RecordRows(self.catalogue, self.ancestors)

    @staticmethod
    def own_text(item: Item) -> str:
        """Everything that an item says itself, heading and table row included."""
        return "\n".join(
            part for part in (item.heading, item.title, item.table_title, item.body, item.table_row) if part
        )

    def rarity(self, term: str) -> float:
        """How much a term tells: ln((n + 1) / (items with it + 0.5)); highest for a term that no item has."""
        return self._rarity.get(term, self._rarest)

    def rarest(self, terms: Sequence[str]) -> float:
        """The rarity of the rarest known of some terms; that of an unknown one where none is known."""
        return max((self.rarity(term) for term in terms if self.knows(term)), default=self._rarest)

    def knows(self, term: str) -> bool:
        """Whether any item has the term."""
        return term in self._frequency

    def items_with(self, term: str) -> int:
        """How many items have a term."""
        return self._frequency.get(term, 0)

    def nearest_term(self, word: str) -> str | None:
        """The term of the items that a word is nearly; None where none is near."""
        found = process.extractOne(word, self._known, scorer=fuzz.ratio, score_cutoff=_NEAR)
        return found[0] if found else None

    def row(self, item: Item) -> int:
        """The row of an item in the lists of this corpus."""
        return self.row_of_item[item.document_id, item.key]

    def document(self, item: Item) -> Document:
        """The document of an item."""
        return self.catalogue.documents[item.document_id]

    def ancestors(self, item: Item) -> list[Item]:
        """The items above, nearest first."""
        above = self.catalogue.parent(item)
        return [above, *self.ancestors(above)] if above else []

    def front_matter(self, document_id: str) -> Item | None:
        """The item that stands for the whole document: its title page or first section, else its first item."""
        items = self.catalogue.items_of(document_id)
        sections = [item for item in items if item.kind is ItemKind.SECTION]
        titled = next((item for item in sections if item.ref == "Titel"), None)
        return titled or (sections[0] if sections else items[0] if items else None)

    @cached_property
    def squashed(self) -> dict[str, str]:
        """Per document its text as verbatim comparison looks at it."""
        return {one.id: squash(one.text) for one in self.catalogue.documents.values()}

    @cached_property
    def rows_by_ref(self) -> dict[str, list[int]]:
        """The rows of all items by their number as `plain_ref` says it."""
        found: dict[str, list[int]] = defaultdict(list)
        for row, item in enumerate(self.catalogue.items):
            found[plain_ref(item.ref)].append(row)
        return dict(found)

    def sentences(self, item: Item) -> tuple[Said, ...]:
        """The sentences of an item in reading order; what is said to a machine is none of them."""
        return self._sentences(self.row(item))

    def _sentences_of(self, row: int) -> tuple[Said, ...]:
        item = self.catalogue.items[row]
        fields = [(field, squash(field.text)) for field in item.fields if field.text]
        found = []
        for place, text in self._told(item):
            said = squash(text)
            within = next((field for field, held in fields if said in held), None)
            found.append(Said(place, text, within, frozenset(self.analyzer.terms(text))))
        told = squash(" ".join(one.text for one in found))
        last = found[-1].place if found else 0
        for field, held in fields:  # cells of a table, which no running text tells
            if held not in told and not is_order(field.text):
                last += 2
                found.append(Said(last, field.text, field, frozenset(self.analyzer.terms(field.text))))
        return tuple(found)

    def _told(self, item: Item) -> Iterator[tuple[int, str]]:
        place, before = 0, ""
        own = squash(self.document(item).text[item.start : item.end])
        for passage in self.passages(item):
            for paragraph in passage.split("\n\n"):
                for start, end in sentence_spans(paragraph) if not _is_label(paragraph, item) else ():
                    sentence = paragraph[start:end].strip()
                    said = squash(sentence)
                    follows = before + said in own or before + said in self.squashed[item.document_id]
                    place += 1 if follows else 2
                    below = item.ref[:1].isdigit() and sentence.startswith(f"{item.ref}.")  # a heading below it
                    if not below and not is_order(sentence):
                        yield place, sentence
                    before = said

    def passages(self, item: Item) -> list[str]:
        """The texts in which an item speaks: its body, else its heading, and what stands of it elsewhere."""
        own = [item.body] if item.body else [_NUMBERED.sub("", item.heading)] if _is_sentence(item) else []
        elsewhere = [chunk.text for chunk in self.catalogue.chunks_of(item) if not item.start <= chunk.start < item.end]
        headings = (item.heading, item.table_row or "")
        return own + [text for text in elsewhere if text not in headings and text != item.table_row]


def plain_ref(ref: str) -> str:
    """A number without case, spaces, hyphens and leading zeros, as numbers are compared."""
    return _ZEROS.sub("", "".join(char for char in ref.casefold() if not char.isspace() and char not in "-–"))


def _is_sentence(item: Item) -> bool:
    return item.kind in (ItemKind.RESOLUTION, ItemKind.MEASURE) or item.heading.rstrip().endswith((".", "!"))


def _is_label(paragraph: str, item: Item) -> bool:
    """Whether a line only names what follows: a field's label, "Verkehr:"."""
    line = paragraph.strip()
    return line.removesuffix(":") in {field.label.rstrip(":") for field in item.fields} or bool(_LABEL.fullmatch(line))
