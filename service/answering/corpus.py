"""The corpus: look-up tables over the items of an edition, computed once when it is opened.

Per item: its index terms, those of its title, its sentences. Over all items: how rare each term is
(inverse document frequency, natural logarithm), and the rows of items by field value, so that a
list does not have to go through all records. A row is an item's index in the catalogue. Read-only,
shared between requests.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache

from rapidfuzz import fuzz, process

from service.answering.draft import Proof
from service.answering.record_rows import RecordRows, _rows_by
from service.answering.retrieval.expansion import Expansion
from service.answering.retrieval.splitting import TextSentence, split_item
from vectorstore import Edition, LexicalIndex, shipped_vocabulary
from vectorstore.language import squash
from vectorstore.records import Catalogue, Document, Item, ItemKind

_SIMILAR = 86  # least similarity, of 100, at which a word is taken for a typing error of another
_CACHED = 2048  # items whose sentences are cached, some kilobytes each; words with similar ones
# "IV. ", "3. " at the beginning of a heading
_NUMBERING = re.compile(r"^\s*(?:[IVXLC]+|\d+|[A-Z])\.\s+")
_SEPARATORS = re.compile(r"[\s–-]")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")  # the zero of "M 07", but not that of "105"
_UNIT = re.compile(r"\d{2}(?:\.\d{2})?")  # "66", "66.01"
_NAME = r"[A-ZÄÖÜ][\w-]+"
# "66.01 Straßenbau und Verkehr", "70 – Umweltamt"
_NAMED_UNIT = re.compile(
    rf"(?<![\w.,])({_UNIT.pattern})[\s:–-]+({_NAME}(?:(?: (?:und|für|der|des))* {_NAME})*)"
)
_LEAST_UNITS = 3  # units that an item must name for it to be a legend of unit names
TITLE_REF = "Titel"  # of a title page


class Corpus:
    """An edition with the look-ups of answering, over the items of `catalogue`, by default all of
    the edition.

    By row: `terms` are each item's index terms, also by term in `index`, `title_terms` those of its
    title. `row_of_item`: by document and key.
    """

    def __init__(self, edition: Edition, catalogue: Catalogue | None = None) -> None:
        self.edition = edition
        self.catalogue = catalogue or edition.catalogue
        self.analyzer = edition.analyzer
        self.expansion = Expansion(self.analyzer, shipped_vocabulary())
        items = self.catalogue.items
        self.row_of_item = {item.address: row for row, item in enumerate(items)}
        self.terms = [frozenset(self.analyzer.terms(self.own_text(item))) for item in items]
        titles = (f"{item.title} {item.table_title or ''}" for item in items)
        self.title_terms = [frozenset(self.analyzer.terms(title)) for title in titles]
        self.index = LexicalIndex.build(self.terms)
        self._frequency = self.index.count_texts()
        self._rarest = self.rarity_of(0)
        self._rarity = {term: self.rarity_of(count) for term, count in self._frequency.items()}
        self._sentences_of = lru_cache(maxsize=_CACHED)(self._split)
        self.most_similar_term = lru_cache(maxsize=_CACHED)(self._most_similar_term)
        self.title_page = lru_cache(maxsize=_CACHED)(self._title_page)
        self.normalized_text = cache(self._normalized_text)

    @staticmethod
    def own_text(item: Item) -> str:
        """The text of an item alone: heading, title, body and table row, but no text of the items
        above or below it.
        """
        parts = (item.heading, item.title, item.table_title, item.body, item.table_row)
        return "\n".join(part for part in parts if part)

    @cached_property
    def records(self) -> RecordRows:
        """The rows of the items by field value."""
        return RecordRows(self.catalogue)

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term, ln((n + 1) / (items with it + 0.5)); highest if
        no item has it.
        """
        return self._rarity.get(term, self._rarest)

    def rarity_of(self, count: int) -> float:
        """The rarity of a term that this number of items has."""
        return math.log((len(self.catalogue.items) + 1) / (count + 0.5))

    def rarest(self, terms: Sequence[str]) -> float:
        """The highest rarity of the terms, of those that any item has.

        If no item has any of them, it is the rarity of an unknown term, which is the highest of
        all.
        """
        return max(
            (self.rarity(term) for term in terms if self.has_term(term)), default=self._rarest
        )

    def is_noun(self, word: str, question: str) -> bool:
        """True for a word with a capital; at the beginning of a question only for a known noun."""
        is_first = question.startswith(word)
        return word[:1].isupper() and (not is_first or self.analyzer.is_noun(word))

    def has_term(self, term: str) -> bool:
        """True if any item has the term."""
        return term in self._frequency

    def _most_similar_term(self, word: str) -> str | None:
        """The index term that is spelled most like a word, for which it may be a typing error.

        None if no term reaches `_SIMILAR` of 100 points of likeness: then the word is simply
        unknown.
        """
        result = process.extractOne(
            word, self._frequency.keys(), scorer=fuzz.ratio, score_cutoff=_SIMILAR
        )
        return result[0] if result else None

    def row(self, item: Item) -> int:
        """The row of an item in the lists of this corpus."""
        return self.row_of_item[item.address]

    def document(self, item: Item) -> Document:
        """The document of an item."""
        return self.catalogue.documents[item.document_id]

    def _title_page(self, document_id: str) -> Item | None:
        """The item that stands for the whole document where metadata is cited; None for an empty
        document.

        It is the section that was read from a title page (`TITLE_REF`), else the first section,
        else the first item of any kind.
        """
        items = self.catalogue.items_of(document_id)
        sections = [item for item in items if item.kind is ItemKind.SECTION]
        titled = [item for item in sections if item.ref == TITLE_REF]
        return next(iter(titled or sections or items), None)

    def _normalized_text(self, document_id: str) -> str:
        """The text of a document, normalised for verbatim comparison."""
        return squash(self.catalogue.documents[document_id].text)

    @cached_property
    def rows_by_ref(self) -> dict[str, list[int]]:
        """The rows of all items by their number, normalised by `plain_ref`."""
        return _rows_by((plain_ref(item.ref),) for item in self.catalogue.items)

    @cached_property
    def title_index(self) -> LexicalIndex:
        """The items by the terms of their titles."""
        return LexicalIndex.build(self.title_terms)

    @cached_property
    def _unit_names(self) -> dict[tuple[str, str], tuple[str, Proof]]:
        """The names of units that records print only as numbers ("66"), each with its proof, by
        document id and number.

        The names come from legends such as "66 Straßenbau, 70 Umweltamt". A text counts as a legend
        only if it names at least `_LEAST_UNITS` different units of its document: behind a single
        number any word may stand. Where legends differ, the first one counts.
        """
        units = [
            (item.document_id, unit) for item in self.catalogue.items for unit in item.responsible
        ]
        numbers = {(document, unit) for document, unit in units if _UNIT.fullmatch(unit)}
        names: dict[tuple[str, str], tuple[str, Proof]] = {}
        if not numbers:
            return names
        for item in self.catalogue.items:
            printed = _NAMED_UNIT.finditer(item.body)
            matches = [match for match in printed if (item.document_id, match[1]) in numbers]
            if len({match[1] for match in matches}) < _LEAST_UNITS:
                continue
            for match in matches:
                named = match[2], Proof(item, match[0])
                names.setdefault((item.document_id, match[1]), named)
        return names

    def named_units(self, code: str) -> list[tuple[str, Proof]]:
        """The names of a unit that records print as a number, with their proofs; one for each
        document that has a legend with it.
        """
        return [named for (_, unit), named in self._unit_names.items() if unit == code]

    def name_units(self, item: Item) -> tuple[str, tuple[Proof, ...]]:
        """The units responsible for an item as one text, and the proofs of the names in it.

        A number gets its name from a legend of the document, if there is one: "66 Straßenbau,
        Umweltamt".
        """
        names = {unit: self._unit_names.get((item.document_id, unit)) for unit in item.responsible}
        units = (f"{unit} {known[0]}" if known else unit for unit, known in names.items())
        return ", ".join(units), tuple(known[1] for known in names.values() if known)

    def sentences(self, item: Item) -> tuple[TextSentence, ...]:
        """The sentences of an item in reading order, without prompt injections."""
        return self._sentences_of(self.row(item))

    def _split(self, row: int) -> tuple[TextSentence, ...]:
        """Split the text of the item in a row into sentences."""
        item = self.catalogue.items[row]
        return split_item(item, self._quotable_text(item), self.analyzer)

    def _quotable_text(self, item: Item) -> str:
        """The text of an item from which sentences are quoted: its body.

        An item without a body has its heading instead, if that is a sentence, without the number
        before it ("IV. "). In resolutions and measures it always counts as one, even without a full
        stop.
        """
        is_sentence = item.kind in (
            ItemKind.RESOLUTION,
            ItemKind.MEASURE,
        ) or item.heading.rstrip().endswith((".", "!"))
        heading = _NUMBERING.sub("", item.heading) if is_sentence else ""
        return item.body or heading


def plain_ref(ref: str) -> str:
    """An item's number normalised for comparison: without case, spaces, hyphens and leading zeros,
    "M 07" as "m7".
    """
    return _ZEROS.sub("", _SEPARATORS.sub("", ref.casefold()))
