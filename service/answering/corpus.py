"""What answering needs to know of an edition, worked out once when it is opened.

Per item: its index terms, its title's, its sentences. Over all items: how rare each term is (inverse document
frequency, natural logarithm), and the rows of items by the values that conditions name, so that a list looks at the
records that meet these and not at all there are. Read-only, shared between requests.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from service.answering import lexicon
from service.answering.draft import Proof
from service.answering.retrieval.sentences import ItemText, TextSentence, split_item
from service.answering.retrieval.terms import Expansion
from service.answering.verification.verbatim import squash
from service.record_filters import fold, is_moment, largest_amount, lies_within, pointer_matches, unit_matches
from vectorstore.analysis import fold as folded
from vectorstore.catalogue import Catalogue
from vectorstore.edition import Edition
from vectorstore.records import Document, Item, ItemKind, RefTitle

_WORD = re.compile(r"\w+")
_SIMILAR = 86  # of 100, from which a word is taken for a typing error of another
_CACHED = 2048  # items whose sentences are cached, some kilobytes each
_NUMBERED, _ZEROS = re.compile(r"^\s*(?:[IVXLC]+|\d+|[A-Z])\.\s+"), re.compile(r"(?<!\d)0+(?=\d)")
_UNIT = re.compile(r"\d{2}(?:\.\d{2})?")
_NAME = r"[A-ZÄÖÜ][\w-]+"
_NAMED_UNIT = re.compile(rf"(?<![\w.,])({_UNIT.pattern})[\s:–-]+({_NAME}(?:(?: (?:und|für|der|des))* {_NAME})*)")
_LEGEND = 3  # units that an item names before it is a list of their names
LEVELS = ("high", "middle", "low")

Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]
Values = dict[Any, Rows]
Above = Callable[[Item], Sequence[Item]]
_NONE: Rows = np.zeros(0, dtype=np.int32)


class Corpus:
    """An edition with the look-ups of answering; `catalogue` are the records to answer from, else all."""

    def __init__(self, edition: Edition, catalogue: Catalogue | None = None) -> None:
        self.edition = edition
        self.catalogue = catalogue or edition.catalogue
        self.analyzer = edition.analyzer
        self.expansion = Expansion(self.analyzer, edition.vocabulary)
        items = self.catalogue.items
        self.row_of_item = {(item.document_id, item.key): row for row, item in enumerate(items)}
        self.terms = [self._terms_of(self.own_text(item)) for item in items]
        self.title_terms = [self._terms_of(f"{item.title} {item.table_title or ''}") for item in items]
        self._frequency = Counter(term for terms in self.terms for term in terms)
        size = len(items) + 1
        self._rarest = math.log(size / 0.5)
        self._rarity = {term: math.log(size / (count + 0.5)) for term, count in self._frequency.items()}
        self._text_of = lru_cache(maxsize=_CACHED)(self._split)

    def _terms_of(self, text: str) -> frozenset[str]:
        return frozenset(self.analyzer.terms(text))

    @staticmethod
    def own_text(item: Item) -> str:
        """All text of an item itself, heading and table row included."""
        parts = (item.heading, item.title, item.table_title, item.body, item.table_row)
        return "\n".join(part for part in parts if part)

    @cached_property
    def records(self) -> RecordRows:
        """The rows of the items by the values that conditions name."""
        return RecordRows(self.catalogue, self.ancestors)

    def rarity(self, term: str) -> float:
        """How much a term tells: ln((n + 1) / (items with it + 0.5)); highest for a term that no item has."""
        return self._rarity.get(term, self._rarest)

    def rarest(self, terms: Sequence[str]) -> float:
        """The rarity of the rarest known of some terms; that of an unknown one where none is known."""
        return max((self.rarity(term) for term in terms if self.knows(term)), default=self._rarest)

    def knows(self, term: str) -> bool:
        """True if any item has the term."""
        return term in self._frequency

    def items_with(self, term: str) -> int:
        """How many items have a term."""
        return self._frequency.get(term, 0)

    def most_similar_term(self, word: str) -> str | None:
        """The term of the items that a word nearly is; None where none is similar enough."""
        result = process.extractOne(word, self._frequency.keys(), scorer=fuzz.ratio, score_cutoff=_SIMILAR)
        return result[0] if result else None

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
        """The item that represents the whole document: its title page or first section, else its first item."""
        items = self.catalogue.items_of(document_id)
        sections = [item for item in items if item.kind is ItemKind.SECTION]
        titled = next((item for item in sections if item.ref == "Titel"), None)
        return titled or (sections[0] if sections else items[0] if items else None)

    @cached_property
    def squashed(self) -> dict[str, str]:
        """Per document its text as verbatim comparison looks at it."""
        return {document.id: squash(document.text) for document in self.catalogue.documents.values()}

    @cached_property
    def rows_by_ref(self) -> dict[str, list[int]]:
        """The rows of all items by their number as `plain_ref` has it."""
        return _rows_by((plain_ref(item.ref),) for item in self.catalogue.items)

    @cached_property
    def rows_by_title_term(self) -> dict[str, list[int]]:
        """The rows of all items by the terms of their titles."""
        return _rows_by(self.title_terms)

    def find_titles(self, text: str) -> Iterator[str]:
        """Yield the titles of several words, of whichever item, that a text has as they are printed."""
        for word in dict.fromkeys(_WORD.findall(text)):
            yield from (title for title in self._titles_by_word.get(word, ()) if title in text)

    @cached_property
    def _titles_by_word(self) -> dict[str, list[str]]:
        """The titles of several words by their first one."""
        results: dict[str, list[str]] = defaultdict(list)
        for title in dict.fromkeys(item.title for item in self.catalogue.items):
            if " " in title and (first := _WORD.search(title)):
                results[first[0]].append(title)
        return results

    @cached_property
    def _unit_names(self) -> dict[tuple[str, str], tuple[str, Proof]]:
        """The name and its proof by document and unit, of units that records print as numbers, where a legend is."""
        numbers: dict[str, set[str]] = defaultdict(set)
        for item in self.catalogue.items:
            numbers[item.document_id].update(filter(_UNIT.fullmatch, item.responsible))
        names: dict[tuple[str, str], tuple[str, Proof]] = {}
        for item in self.catalogue.items if any(numbers.values()) else ():
            matches = [match for match in _NAMED_UNIT.finditer(item.body) if match[1] in numbers[item.document_id]]
            if len({match[1] for match in matches}) >= _LEGEND:
                for match in matches:
                    names.setdefault((item.document_id, match[1]), (match[2], Proof(item, match[0])))
        return names

    def name_units(self, item: Item) -> tuple[str, tuple[Proof, ...]]:
        """The units responsible for an item, numbers with their names where a document lists them, with the proofs."""
        named = {unit: self._unit_names.get((item.document_id, unit)) for unit in item.responsible}
        units = (f"{unit} {known[0]}" if known else unit for unit, known in named.items())
        return ", ".join(units), tuple(known[1] for known in named.values() if known)

    def text_of(self, item: Item) -> ItemText:
        """The sentences of an item in reading order; none that speaks to a machine."""
        return self._text_of(self.row(item))

    def sentences(self, item: Item) -> tuple[TextSentence, ...]:
        """The sentences of an item."""
        return self.text_of(item).sentences

    def _split(self, row: int) -> ItemText:
        item = self.catalogue.items[row]
        sentences = split_item(item, self._passages(item), self.squashed[item.document_id])
        return ItemText(sentences, [self.analyzer.terms(sentence.text) for sentence in sentences])

    def _passages(self, item: Item) -> list[str]:
        """The texts of an item: its body, else its heading, and what is printed of it elsewhere."""
        sentence = item.kind in (ItemKind.RESOLUTION, ItemKind.MEASURE) or item.heading.rstrip().endswith((".", "!"))
        own = [item.body] if item.body else [_NUMBERED.sub("", item.heading)] if sentence else []
        elsewhere = [chunk.text for chunk in self.catalogue.chunks_of(item) if not item.start <= chunk.start < item.end]
        headings = (item.heading, item.table_row or "")
        return own + [text for text in elsewhere if text not in headings]


def plain_ref(ref: str) -> str:
    """A number without case, spaces, hyphens and leading zeros, as numbers are compared."""
    return _ZEROS.sub("", "".join(char for char in ref.casefold() if not char.isspace() and char not in "-–"))


def priority_level(text: str) -> str:
    """The level that a printed priority means ("hoch", "+++" are "high"), else the text itself, folded."""
    plain = folded(text).strip(" .")
    return next((level for level in LEVELS if plain in lexicon.folded_words("records", "priority", level)), plain)


class RecordRows:
    """Looks the records of a catalogue up by their values; `above` are the items above one."""

    def __init__(self, catalogue: Catalogue, above: Above) -> None:
        self.items = catalogue.items
        self.all_places: Mask = np.array([item.all_municipalities for item in self.items], dtype=np.bool_)
        self.by: Callable[[str], Values] = cache(lambda name: self._group(_VALUES[name], above))

    def _group(self, values_of: Callable[[Item, Above], Iterable[Any]], above: Above) -> Values:
        rows = _rows_by(values_of(item, above) for item in self.items)
        return {value: np.array(some, dtype=np.int32) for value, some in rows.items()}

    def prepare(self) -> None:
        """Make all look-ups, so that no question waits for them."""
        for name in _VALUES:
            self.by(name)

    def none(self) -> Mask:
        """No record, to be marked."""
        return np.zeros(len(self.items), dtype=np.bool_)

    def mask_of(self, name: str, values: Iterable[Any]) -> Mask:
        """The records with any of these values."""
        result, rows = self.none(), self.by(name)
        for value in values:
            result[rows.get(value, _NONE)] = True
        return result

    def meeting(self, name: str, asked: str) -> Mask:
        """The records whose unit, place, priority, theme or goal is what is asked for."""
        meets = _MEETS[name]
        return self.mask_of(name, (value for value in self.by(name) if meets(value, asked)))

    def dated(self, since: str, until: str) -> Mask:
        """The records with a date between these; "" leaves an end open."""
        return self.mask_of("date", (date for date in self.by("date") if lies_within(date, since, until)))

    def costing(self, least: str, most: str) -> Mask:
        """The records whose largest sum of euros is between these; "" leaves an end open."""
        low, high = Decimal(least or "-Infinity"), Decimal(most or "Infinity")
        return self.mask_of("cost", (euros for euros in self.by("cost") if low <= euros <= high))

    def below(self, document_id: str, key: str) -> Rows:
        """The rows of the items under an item at any depth, and in a theme."""
        return self.by("above").get((document_id, key), _NONE)

    def among(self, required: Mask, documents: Sequence[str]) -> list[Item]:
        """The marked records of these documents, document by document as they are given."""
        rows = (self.by("document").get(document, _NONE) for document in dict.fromkeys(documents))
        return [self.items[row] for some in rows for row in some[required[some]].tolist()]


def _rows_by(values_of: Iterable[Iterable[Any]]) -> dict[Any, list[int]]:
    """The rows of each value, in order, given the values of each row."""
    results: dict[Any, list[int]] = defaultdict(list)
    for row, values in enumerate(values_of):
        for value in dict.fromkeys(values):
            results[value].append(row)
    return dict(results)


def _heads(pointer: RefTitle | None, kind: ItemKind, item: Item, above: Above) -> Iterator[RefTitle]:
    """The theme or goal that a record points to, and those above it; themes and goals have their own too."""
    yield from (pointer,) if pointer is not None else ()
    yield from (RefTitle(head.ref, head.title) for head in (item, *above(item)) if head.kind is kind)


def _is_called(target: RefTitle, asked: str) -> bool:
    return pointer_matches(target, asked) or fold(f"{target.ref} {target.title}") == fold(asked)


_VALUES: dict[str, Callable[[Item, Above], Iterable[Any]]] = {
    "document": lambda item, _: (item.document_id,),
    "kind": lambda item, _: (item.kind,),
    "status": lambda item, _: (item.status,) if item.status else (),
    "unit": lambda item, _: item.responsible,
    "place": lambda item, _: item.municipalities,
    "date": lambda item, _: filter(is_moment, item.dates),
    "year": lambda item, _: (date[:4] for date in filter(is_moment, item.dates)),
    "cost": lambda item, _: (amount[0],) if (amount := largest_amount(item)) else (),
    "priority": lambda item, _: (item.priority,) if item.priority else (),
    "theme": lambda item, above: _heads(item.theme, ItemKind.THEME, item, above),
    "goal": lambda item, above: _heads(item.goal, ItemKind.GOAL, item, above),
    "above": lambda item, above: ((head.document_id, head.key) for head in above(item)),
}
_MEETS: dict[str, Callable[[Any, str], bool]] = {
    "unit": unit_matches,  # in whatever words it is printed; 66.01 is 66 too
    "place": lambda place, asked: fold(place) == fold(asked),
    "priority": lambda printed, asked: priority_level(printed) == priority_level(asked),
    "theme": _is_called,  # by its number or words of its title
    "goal": _is_called,
}
