"""What answering needs to know of an edition, worked out once when it is opened.

Per item: its index terms, its folded text for finding words inside compounds, its sentences. Over all items: how rare
each term is (inverse document frequency, natural logarithm), and the names of counties, documents and units.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator
from functools import cached_property, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from service.answering.alike import Alike
from service.answering.evidence.verbatim import squash
from service.answering.finding.expansion import Expansion
from service.answering.finding.item_questions import WrittenQuestions
from service.answering.finding.word_index import WordIndex
from service.answering.orders import is_order
from service.answering.record_rows import RecordRows
from service.answering.telling_terms import telling_terms
from service.answering.trained.judgement import judgement
from service.answering.trained.ranking import ranking
from service.answering.trained.sentences import teller
from service.answering.understanding.called_units import CalledUnits
from service.answering.understanding.changing import Changing
from service.answering.understanding.document_names import printed_in, words_of
from service.answering.understanding.names import Names
from service.answering.understanding.reader import Reader
from service.changes.matching import ChangeKind, pairs
from vectorstore.analysis import fold
from vectorstore.catalogue import Catalogue
from vectorstore.edition import Edition
from vectorstore.questions import Questions
from vectorstore.records import Document, Item, ItemKind
from vectorstore.sentences import sentence_spans

_LABEL = re.compile(r"[A-ZÄÖÜ][\w /-]{1,40}:")
_LABELLED = re.compile(r"^([A-ZÄÖÜ][\w./ -]{2,30}):[ \t]+\S.{0,120}$", re.MULTILINE)
_TITLE_PAGE = 900  # characters
_REMEMBERED = 512  # what was worked out last: a conversation is read anew with every question
_REMEMBERED_ITEMS = 1024  # what was worked out of items last, some kilobytes each
_REMEMBERED_WORDS = 16_384
_LONGEST_CODE = 16
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_NUMBERED = re.compile(r"^\s*(?:[IVXLC]+|\d+|[A-Z])\.\s+")


Key = TypeVar("Key")
Value = TypeVar("Value")


class Made(dict[Key, Value]):
    """What is made of each key when it is first asked for, and kept; may be shared between threads."""

    def __init__(self, make: Callable[[Key], Value]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, key: Key) -> Value:
        value = self[key] = self._make(key)
        return value


def _is_sentence(item: Item) -> bool:
    return item.kind in (ItemKind.RESOLUTION, ItemKind.MEASURE) or item.heading.rstrip().endswith((".", "!"))


class Corpus:
    """An edition with the look-ups of answering; read-only, shared between requests.

    `catalogue` are the records to answer from: all of the edition, or those in force; `trained` is the folder of a
    county's own training.
    """

    def __init__(self, edition: Edition, catalogue: Catalogue | None = None, trained: Path | None = None) -> None:
        self.edition = edition
        self.catalogue = catalogue or edition.catalogue
        self.analyzer = edition.analyzer
        self.names = Names(self.catalogue)
        self.reader = Reader(self.names, trained)
        self._trained = trained
        self.teller = teller(trained)
        self.weights = ranking(trained)
        self.judgement = judgement(trained)
        self.expansion = Expansion(self.analyzer, edition.vocabulary)
        self.row_of_item = {(item.document_id, item.key): row for row, item in enumerate(self.catalogue.items)}
        self.questions = self.written(edition.questions)
        self.terms, self.texts = self._indexed(self.own_text)
        self.title_terms, self.titles = self._indexed(lambda item: f"{item.title} {item.table_title or ''}")
        self.remembered = lru_cache(maxsize=_REMEMBERED)(self._made)
        self.of_items = lru_cache(maxsize=_REMEMBERED_ITEMS)(self._made)
        self.word_terms = lru_cache(maxsize=_REMEMBERED_WORDS)(self._word_terms)
        self._sentences: dict[int, tuple[tuple[int, str], ...]] = {}
        self._sentence_terms: dict[int, tuple[frozenset[str], ...]] = {}
        self._frequency = Counter(term for terms in self.terms for term in terms)
        size = len(self.catalogue.items) + 1
        self._rarest = math.log(size / 0.5)
        self._rarity = {term: math.log(size / (count + 0.5)) for term, count in self._frequency.items()}

    def _indexed(self, text_of: Callable[[Item], str]) -> tuple[list[frozenset[str]], WordIndex]:
        """The terms of a text of each item, and the items by its words."""
        terms, index = [], WordIndex()
        for row, item in enumerate(self.catalogue.items):
            words = self.analyzer.words(text_of(item))
            terms.append(frozenset(term for word in words for term in word.terms))
            index.add(row, words)
        return terms, index.done()

    @cached_property
    def records(self) -> RecordRows:
        """The rows of the items by what conditions on them name."""
        return RecordRows(self.catalogue, self.ancestors)

    def prepare(self) -> None:
        """Make what is made when it is first asked for, so that no question waits for it."""
        for made in ("all_terms", "labels", "rows_of_document"):
            getattr(self, made)
        self.records.prepare()

    def _made(self, make: Callable[..., Any], *arguments: Hashable) -> Any:
        """What `make` gives for this corpus and these arguments; `remembered` keeps the newest."""
        return make(self, *arguments)

    def written(self, questions: Questions) -> WrittenQuestions:
        """Questions for items of this corpus as they are compared with what is asked."""
        return WrittenQuestions(questions, self.row_of_item, self.analyzer, self.told, self.edition.embedding.vectors)

    @staticmethod
    def own_text(item: Item) -> str:
        """Everything that an item says itself, heading and table row included."""
        return "\n".join(
            part for part in (item.heading, item.title, item.table_title, item.body, item.table_row) if part
        )

    @cached_property
    def followed(self) -> bool:
        """Whether a paper follows another of its series, so that changes between them can be told."""
        return bool(pairs(self.catalogue))

    def changes_asked(self, question: str) -> tuple[ChangeKind, ...]:
        """The kinds of changes between papers that a question asks for; none where no paper follows another."""
        return self.changing.asked(question) if self.followed else ()

    @cached_property
    def changing(self) -> Changing:
        """What questions ask of changes, by the names of all papers: alike over what is in force and over all."""
        return Changing(Names(self.edition.catalogue), self._trained)

    @cached_property
    def called_units(self) -> CalledUnits:
        """The units as the administration's own list calls them."""
        return CalledUnits(self.edition.catalogue.amendments.organisations, self.names.units)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the documents, folded."""
        pieces = {piece for one in self.catalogue.documents.values() for piece in one.text.split()}
        return frozenset(fold(word) for piece in pieces for word in printed_in(piece))

    @cached_property
    def folded(self) -> Made[int, str]:
        """By an item's row its own text, folded, words divided by single spaces."""
        return Made(self._folded)

    def _folded(self, row: int) -> str:
        text = " ".join(words_of(self.own_text(self.catalogue.items[row])))
        return f"{text} {text.replace('-', '')}" if "-" in text else text

    @cached_property
    def squashed(self) -> Made[str, str]:
        """Per document its text as verbatim comparison looks at it."""
        return Made(lambda one: squash(self.catalogue.documents[one].text))

    def rarity(self, term: str) -> float:
        """How much a term tells: ln((n + 1) / (items with it + 0.5)); highest for a term that no item has."""
        return self._rarity.get(term, self._rarest)

    def told(self, text: str) -> dict[str, float]:
        """The index terms of a text with how much each tells: by its rarity here and in everyday German."""
        return telling_terms(text, self.analyzer, self.rarity)

    def knows(self, term: str) -> bool:
        """True where any item has the term."""
        return term in self._frequency

    def items_with(self, term: str) -> int:
        """How many items have a term."""
        return self._frequency.get(term, 0)

    @cached_property
    def all_terms(self) -> Alike:
        """Every term of the items, to look those up that are nearly alike."""
        return Alike(self._frequency)

    def row(self, item: Item) -> int:
        """The row of an item in the lists of this corpus."""
        return self.row_of_item[item.document_id, item.key]

    def document(self, item: Item) -> Document:
        """The document of an item."""
        return self.catalogue.documents[item.document_id]

    def sentences(self, item: Item) -> tuple[tuple[int, str], ...]:
        """The sentences of an item with their places; a gap where something stands between: a label, a page's foot.

        What is said to a machine is none of them.
        """
        row = self.row(item)
        if row not in self._sentences:
            self._sentences[row] = tuple(self._sentences_of(item))
        return self._sentences[row]

    def sentence_terms(self, item: Item) -> tuple[frozenset[str], ...]:
        """The terms of each sentence of an item, with those of its title."""
        row = self.row(item)
        if row not in self._sentence_terms:
            title = self.title_terms[row]
            texts = (text for _, text in self.sentences(item))
            self._sentence_terms[row] = tuple(title.union(self.analyzer.terms(text)) for text in texts)
        return self._sentence_terms[row]

    def _word_terms(self, printed: str) -> frozenset[str]:
        """The terms of one printed word; `word_terms` keeps those of the words asked for last."""
        return frozenset(self.analyzer.terms(printed))

    def _sentences_of(self, item: Item) -> Iterator[tuple[int, str]]:
        place, before = 0, ""
        own = squash(self.document(item).text[item.start : item.end])
        for passage in self.passages(item):
            for paragraph in passage.split("\n\n"):
                for start, end in sentence_spans(paragraph) if not _is_label(paragraph, item) else ():
                    sentence = paragraph[start:end].strip()
                    said = squash(sentence)
                    follows = before + said in own or before + said in self.squashed[item.document_id]
                    place += 1 if follows else 2
                    if not is_order(sentence):
                        yield place, sentence
                    before = said

    def passages(self, item: Item) -> list[str]:
        """The texts in which an item speaks: its body, else its heading, and what stands of it elsewhere."""
        own = [item.body] if item.body else [_NUMBERED.sub("", item.heading)] if _is_sentence(item) else []
        elsewhere = [chunk.text for chunk in self.catalogue.chunks_of(item) if not item.start <= chunk.start < item.end]
        headings = (item.heading, item.table_row or "")
        return own + [text for text in elsewhere if text not in headings and text != item.table_row]

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
    def labels(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """Per document the labels of its title page with their lines: ("Dienststelle", "Dienststelle: 40")."""
        fronts = {one: self.front_matter(one) for one in self.catalogue.documents}
        return {
            one: tuple((match[1], match[0]) for match in _LABELLED.finditer(front.body[:_TITLE_PAGE]))
            for one, front in fronts.items()
            if front is not None
        }

    @cached_property
    def containers(self) -> list[tuple[Item, str]]:
        """Goals, principles and theses that people name by their title, with the folded title of two words or more."""
        return [(item, title) for title, items in self.containers_by_title.items() for item in items if " " in title]

    @cached_property
    def containers_by_title(self) -> dict[str, list[Item]]:
        """Goals, principles and theses by their folded title."""
        kinds, found = (ItemKind.GOAL, ItemKind.PRINCIPLE, ItemKind.THESIS), defaultdict[str, list[Item]](list)
        for item in self.catalogue.items:
            if item.kind in kinds:
                found[" ".join(words_of(item.title))].append(item)
        return dict(found)

    @cached_property
    def containers_by_pair(self) -> dict[tuple[str, str], list[int]]:
        """The places in `containers` by every two neighbouring words of their titles."""
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, (_, title) in enumerate(self.containers):
            for pair in set(pairwise(title.split())):
                found[pair].append(place)
        return dict(found)

    @cached_property
    def themes_by_word(self) -> dict[str, list[int]]:
        """The places in `themes` by the words of the parts of their titles, without an s at the end."""
        found: dict[str, list[int]] = defaultdict(list)
        for place, (_, parts) in enumerate(self._themes):
            for word in {word.rstrip("s") for part in parts for word in part.split()}:
                found[word].append(place)
        return dict(found)

    @cached_property
    def rows_of_document(self) -> dict[str, list[int]]:
        """The rows of the items of each document."""
        found: dict[str, list[int]] = defaultdict(list)
        for row, item in enumerate(self.catalogue.items):
            found[item.document_id].append(row)
        return dict(found)

    @cached_property
    def rows_by_code(self) -> dict[str, list[int]]:
        """The rows of the records whose numbers have letters and digits, by those as `plain_ref` says them."""
        found: dict[str, list[int]] = defaultdict(list)
        for row, item in enumerate(self.catalogue.items):
            if _is_code(item.ref):
                found[plain_ref(item.ref)].append(row)
        return dict(found)

    @cached_property
    def folded_municipalities(self) -> frozenset[str]:
        """The municipalities of the records as places are compared."""
        return frozenset(map(fold, self.names.municipalities))

    def themes(self) -> list[tuple[Item, tuple[str, ...]]]:
        """Themes with the folded parts of their titles: "Klima/Energie/Umwelt" gives three."""
        return self._themes

    @cached_property
    def _themes(self) -> list[tuple[Item, tuple[str, ...]]]:
        themes = [item for item in self.catalogue.items if item.kind is ItemKind.THEME]
        return [
            (
                item,
                tuple(
                    fold(part.strip())
                    for part in item.title.replace(" und ", "/").replace(",", "/").split("/")
                    if part.strip()
                ),
            )
            for item in themes
        ]


def plain_ref(ref: str) -> str:
    """A number without spaces, hyphens and leading zeros; its letters as they are printed."""
    return _ZEROS.sub("", "".join(char for char in ref if not char.isspace() and char not in "-–"))


def _is_code(ref: str) -> bool:
    return ref[:1].isupper() and any(map(str.isdigit, ref)) and len(ref) <= _LONGEST_CODE


def _is_label(paragraph: str, item: Item) -> bool:
    """True for a line that only names what follows: a field's label, "Verkehr:"."""
    line = paragraph.strip()
    return line.removesuffix(":") in {field.label.rstrip(":") for field in item.fields} or bool(_LABEL.fullmatch(line))
