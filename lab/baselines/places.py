"""Where documents prove what a case asks, and whether a passage stands there: one check for all
pipelines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from evals.case_files import Case
from evals.metrics.scoring import DocumentTexts, is_part
from vectorstore.records import Catalogue, Item

_SHARED = 40  # letters and digits in a row that two texts have in common where one is of the other


@dataclass(frozen=True, slots=True)
class ShownPassage:
    """A passage that is shown, with the pages on which it stands, from 1; none without pages."""

    document_id: str
    pages: frozenset[int]
    text: str


@dataclass(frozen=True, slots=True)
class Places:
    """The pages that prove the answer to a case, by document id; texts where it has no pages."""

    pages: frozenset[tuple[str, int]]
    texts: tuple[tuple[str, str], ...]

    @property
    def any(self) -> bool:
        """True if a place is known."""
        return bool(self.pages or self.texts)

    def has(self, passage: ShownPassage) -> bool:
        """True if a passage stands, at least in part, in one of the places: it is on one of the
        pages, or shares text with a place without pages.
        """
        pages = {(passage.document_id, page) for page in passage.pages}
        if pages & self.pages:
            return True
        texts = [text for document_id, text in self.texts if document_id == passage.document_id]
        return any(shares_text(text, passage.text) for text in texts)


class PlaceFinder:
    """Finds the places of cases over an edition, whose files are given by document id."""

    def __init__(
        self, catalogue: Catalogue, knowledge: DocumentTexts, files: Mapping[str, Path]
    ) -> None:
        self._catalogue, self._knowledge, self._files = catalogue, knowledge, files

    def find(self, case: Case) -> Places:
        """Return the pages and lines that a case names as proof. If it names none, return those of
        its right items, and the parts of these.
        """
        if case.pages_by_document or case.lines_by_document:
            return Places(frozenset(_named_pages(case)), tuple(self._named_lines(case)))
        return self._places_of(filter(partial(self._is_right, case), self._catalogue.items))

    def _is_right(self, case: Case, item: Item) -> bool:
        return any(is_part(item, ref, self._knowledge) for ref in case.right_refs)

    def _named_lines(self, case: Case) -> Iterator[tuple[str, str]]:
        """Yield the lines of files that a case names, counted from 1, each with the id of its
        document.
        """
        for document_id, numbers in case.lines_by_document.items():
            lines = self._files[document_id].read_text(encoding="utf-8").split("\n")
            for number in numbers:
                yield document_id, lines[number - 1]

    def _places_of(self, items: Iterable[Item]) -> Places:
        """Return the pages of items; of an item without pages, heading and body instead."""
        pages, texts = set[tuple[str, int]](), list[tuple[str, str]]()
        for item in items:
            numbers = pages_between(self._catalogue, item.document_id, item.start, item.end)
            pages.update((item.document_id, number) for number in numbers)
            if not numbers:
                texts.append((item.document_id, f"{item.heading}\n{item.body}"))
        return Places(frozenset(pages), tuple(texts))


def pages_between(catalogue: Catalogue, document_id: str, start: int, end: int) -> frozenset[int]:
    """Return the numbers of the pages of a span of a document's text. `end` is the offset behind
    the span. The result is empty for a document without pages.
    """
    document = catalogue.documents[document_id]
    first, last = document.page_at(start), document.page_at(max(start, end - 1))
    if first is None or last is None:
        return frozenset()
    return frozenset(range(first.number, last.number + 1))


def _named_pages(case: Case) -> Iterator[tuple[str, int]]:
    for document_id, numbers in case.pages_by_document.items():
        for number in numbers:
            yield document_id, number


def shares_text(text: str, other: str) -> bool:
    """True if two texts have `_SHARED` letters and digits in a row in common, or the shorter one is
    in the other. Only letters and digits are compared, without case, since pipelines differ in
    markup and white space. It is false if one of them has none.
    """
    short, long = sorted((_letters(text), _letters(other)), key=len)
    size = min(_SHARED, len(short))
    starts = range(len(short) - size + 1)
    return size > 0 and any(short[start : start + size] in long for start in starts)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()
