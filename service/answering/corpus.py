"""What answering needs to know of an edition, worked out once when it is opened.

Per item: its index terms, its title's, its sentences. Over all items: how rare each term is (inverse document
frequency, natural logarithm), and the rows of items by their words and by what conditions on them name, so that a list
looks at the records that meet these and not at all there are. Read-only, shared between requests.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, cached_property, lru_cache, reduce
from itertools import islice, takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from service.answering.finding.words import Expansion
from service.answering.reading.fields import priority_level
from service.answering.units import UnitNames, unit_names
from service.answering.verification.verbatim import is_order, squash
from service.record_filters import fold, is_moment, largest_amount, lies_within, pointer_matches, unit_matches
from vectorstore.analysis import LEAST_ROOT, Word, of_same_root
from vectorstore.catalogue import Catalogue
from vectorstore.edition import Edition
from vectorstore.records import Document, Field, Item, ItemKind, RefTitle
from vectorstore.sentences import sentence_spans

_LABEL = re.compile(r"[A-ZÄÖÜ][\w /-]{1,40}:")
_NUMBERED = re.compile(r"^\s*(?:[IVXLC]+|\d+|[A-Z])\.\s+")
_NEAR = 86  # of 100, from which a word is taken for a typing error of another
_REMEMBERED = 2048  # items whose sentences are kept, some kilobytes each
_CUT_WORD = re.compile(r"[a-zäöüß]-$")
_EDGE = 4  # sentences behind a cut word among which its other half is looked for
_CUT = 4  # words of a sentence that may have been cut
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")

Mask = NDArray[np.bool_]
Rows = NDArray[np.int32]
Marks = dict[Any, Rows]
Above = Callable[[Item], Sequence[Item]]
_INSIDE = 6  # letters from which a word at the front of a longer one is no chance
_NONE: Rows = np.zeros(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an item: its place among them, the field that it stands in, its index terms.

    There is a gap between the places of two sentences where something stands between them: a label, a page's foot.
    `elsewhere` is true for what stands behind other items.
    """

    place: int
    text: str
    field: Field | None
    terms: frozenset[str]
    elsewhere: bool = False


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
    def unit_names(self) -> UnitNames:
        """The names of units that records print as numbers alone, where a document lists them."""
        return unit_names(self.catalogue)

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
        outdated = tuple(squash(text) for one in item.corrected for text in one.printed if text)
        found: list[Said] = []
        body = squash(item.body)
        for place, text in self._told(item):
            if squash(text).endswith(outdated):
                continue
            within = next((field for field, held in fields if squash(text) in held), None)
            if found and place == found[-1].place + 1 and within is found[-1].field and _goes_on(found[-1].text):
                place, text = found[-1].place, f"{found.pop().text} {text}"
            elsewhere = bool(body) and squash(text) not in body
            found.append(Said(place, text, within, frozenset(self.analyzer.terms(text)), elsewhere))
        told = squash(" ".join(one.text for one in found))
        last = found[-1].place if found else 0
        for field, held in fields:  # cells of a table, which no running text tells
            if held not in told and not is_order(field.text):
                last += 2
                found.append(Said(last, field.text, field, frozenset(self.analyzer.terms(field.text))))
        return tuple(found)

    def _told(self, item: Item) -> Iterator[tuple[int, str]]:
        """The sentences with their places, without the halves of one that the edge of a page cuts within a word."""
        place, before, cut = 0, "", 0
        own = squash(self.document(item).text[item.start : item.end])
        for passage in self.passages(item):
            for paragraph in passage.split("\n\n"):
                for start, end in sentence_spans(paragraph) if not _is_label(paragraph, item) else ():
                    sentence = paragraph[start:end].strip()
                    said = squash(sentence)
                    follows = before + said in own or before + said in self.squashed[item.document_id]
                    place += 1 if follows else 2
                    below = item.ref[:1].isdigit() and sentence.startswith(f"{item.ref}.")  # a heading below it
                    half = _CUT_WORD.search(sentence) or (cut and sentence[:1].islower())
                    cut = _EDGE if _CUT_WORD.search(sentence) else 0 if half else max(cut - 1, 0)
                    if not below and not half and not is_order(sentence):
                        yield place, sentence
                    before = said

    def passages(self, item: Item) -> list[str]:
        """The texts in which an item speaks: its body, else its heading, and what stands of it elsewhere."""
        sentence = item.kind in (ItemKind.RESOLUTION, ItemKind.MEASURE) or item.heading.rstrip().endswith((".", "!"))
        own = [item.body] if item.body else [_NUMBERED.sub("", item.heading)] if sentence else []
        elsewhere = [chunk.text for chunk in self.catalogue.chunks_of(item) if not item.start <= chunk.start < item.end]
        headings = (item.heading, item.table_row or "")
        return own + [text for text in elsewhere if text not in headings and text != item.table_row]


def plain_ref(ref: str) -> str:
    """A number without case, spaces, hyphens and leading zeros, as numbers are compared."""
    return _ZEROS.sub("", "".join(char for char in ref.casefold() if not char.isspace() and char not in "-–"))


def _is_label(paragraph: str, item: Item) -> bool:
    """Whether a line only names what follows: a field's label, "Verkehr:"."""
    line = paragraph.strip()
    return line.removesuffix(":") in {field.label.rstrip(":") for field in item.fields} or bool(_LABEL.fullmatch(line))


def _goes_on(text: str) -> bool:
    """Whether a sentence was cut where a page ended: its last word is in lower case, without a full stop."""
    last = text.split()[-1]
    return len(text.split()) > _CUT and (last.endswith(",") or (last.isalpha() and last.islower()))


class WordRows:
    """The rows of texts by their words, given as the words of each text in the order of the rows."""

    def __init__(self, texts: Iterable[Iterable[Word]]) -> None:
        self._by_front: dict[str, set[str]] = defaultdict(set)
        held = [set(words) for words in texts]
        for word in set[Word]().union(*held):
            self._by_front[word.terms[1] if word.parts else word.whole].add(word.whole)
        self._rows = _grouped({word.whole: None for word in words} for words in held)
        self._sorted = sorted(self._rows)

    def rows(self, whole: str) -> Rows:
        """The rows of a word, in their order."""
        return self._rows.get(whole, _NONE)

    def with_front(self, part: str) -> Rows:
        """The rows of the words with a front; one of several of them may come twice."""
        return self._of(self._by_front.get(part, ()))

    def longer(self, whole: str) -> Rows:
        """The rows of words that begin with this one, where it is long enough."""
        return self._of(self._beginning(whole)) if len(whole) >= _INSIDE else _NONE

    def of_root(self, whole: str) -> Rows:
        """The rows of words that differ by an ending: "digital" for "Digitalisierung"."""
        begins = whole[:LEAST_ROOT]
        return self._of(word for word in of_same_root(whole) if word != begins and word.startswith(begins))

    def all(self, terms: Iterable[str]) -> Rows:
        """The rows that hold all of the words."""
        found = sorted((self.rows(term) for term in dict.fromkeys(terms)), key=len)
        return reduce(lambda one, other: np.intersect1d(one, other, assume_unique=True), found) if found else _NONE

    def _of(self, words: Iterable[str]) -> Rows:
        found = [self.rows(word) for word in words]
        return np.concatenate(found) if found else _NONE

    def _beginning(self, start: str) -> Iterator[str]:
        behind = islice(self._sorted, bisect_right(self._sorted, start), None)
        return takewhile(lambda word: word.startswith(start), behind)


class RecordRows:
    """Looks the records of a catalogue up by their marks; `above` are the items above one."""

    def __init__(self, catalogue: Catalogue, above: Above) -> None:
        self.items = catalogue.items
        self.all_places: Mask = np.array([item.all_municipalities for item in self.items], dtype=np.bool_)
        self.by: Callable[[str], Marks] = cache(lambda name: _grouped(_MARKS[name](one, above) for one in self.items))

    def prepare(self) -> None:
        """Make all look-ups, so that no question waits for them."""
        for name in _MARKS:
            self.by(name)

    def none(self) -> Mask:
        """No record, to be marked."""
        return np.zeros(len(self.items), dtype=np.bool_)

    def marked(self, name: str, marks: Iterable[Any]) -> Mask:
        """The records with any of these marks."""
        found, rows = self.none(), self.by(name)
        for mark in marks:
            found[rows.get(mark, _NONE)] = True
        return found

    def meeting(self, name: str, asked: str) -> Mask:
        """The records whose unit, place, theme or goal is what is asked for."""
        meets = _MEETS[name]
        return self.marked(name, (one for one in self.by(name) if meets(one, asked)))

    def dated(self, since: str, until: str) -> Mask:
        """The records with a date between these; "" leaves an end open."""
        return self.marked("date", (one for one in self.by("date") if lies_within(one, since, until)))

    def costing(self, least: str, most: str) -> Mask:
        """The records whose largest sum of euros lies between these; "" leaves an end open."""
        low, high = Decimal(least or "-Infinity"), Decimal(most or "Infinity")
        return self.marked("cost", (one for one in self.by("cost") if low <= one <= high))

    def below(self, document_id: str, key: str) -> Rows:
        """The rows of the items under an item at any depth, and in a theme."""
        return self.by("above").get((document_id, key), _NONE)

    def among(self, wanted: Mask, documents: Sequence[str]) -> list[Item]:
        """The marked records of these documents, document by document as they are given."""
        rows = (self.by("document").get(one, _NONE) for one in dict.fromkeys(documents))
        return [self.items[row] for some in rows for row in some[wanted[some]].tolist()]


def _grouped(marks_of: Iterable[Iterable[Any]]) -> Marks:
    """The rows of each mark, in order, given the marks of each row."""
    found: dict[Any, list[int]] = defaultdict(list)
    for row, marks in enumerate(marks_of):
        for mark in dict.fromkeys(marks):
            found[mark].append(row)
    return {mark: np.array(rows, dtype=np.int32) for mark, rows in found.items()}


def _heads(pointer: RefTitle | None, kind: ItemKind, item: Item, above: Above) -> Iterator[RefTitle]:
    """The theme or goal that a record points to, and those above it; themes and goals have their own too."""
    yield from (pointer,) if pointer is not None else ()
    yield from (RefTitle(one.ref, one.title) for one in (item, *above(item)) if one.kind is kind)


def _is_called(target: RefTitle, asked: str) -> bool:
    return pointer_matches(target, asked) or fold(f"{target.ref} {target.title}") == fold(asked)


_MARKS: dict[str, Callable[[Item, Above], Iterable[Any]]] = {
    "document": lambda item, _: (item.document_id,),
    "kind": lambda item, _: (item.kind,),
    "status": lambda item, _: (item.status,) if item.status else (),
    "unit": lambda item, _: item.responsible,
    "place": lambda item, _: item.municipalities,
    "date": lambda item, _: filter(is_moment, item.dates),
    "year": lambda item, _: (one[:4] for one in filter(is_moment, item.dates)),
    "cost": lambda item, _: (amount[0],) if (amount := largest_amount(item)) else (),
    "priority": lambda item, _: (item.priority,) if item.priority else (),
    "theme": lambda item, above: _heads(item.theme, ItemKind.THEME, item, above),
    "goal": lambda item, above: _heads(item.goal, ItemKind.GOAL, item, above),
    "above": lambda item, above: ((one.document_id, one.key) for one in above(item)),
}
_MEETS: dict[str, Callable[[Any, str], bool]] = {
    "unit": unit_matches,  # in whatever words it is printed; 66.01 is 66 too
    "place": lambda place, asked: fold(place) == fold(asked),
    "priority": lambda printed, asked: priority_level(printed) == priority_level(asked),
    "theme": _is_called,  # by its number or words of its title
    "goal": _is_called,
}
