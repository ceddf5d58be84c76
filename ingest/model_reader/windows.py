"""What a model is shown of a paper: two or three pages at a time, each window beginning with the last page before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from prompts import digest, filled
from vectorstore.records import Document, DocumentKind, DocumentStatus, Page

PAGES, CHARACTERS = 3, 9_000  # of a window at most; a single page is shown however long it is
_PART = 3_000  # characters that make a page where a paper has none
_INSTRUCTION, _WINDOW, _AGAIN = "de/model/reading_instruction", "de/model/reading_window", "de/model/reading_again"


def text_digest(text: str) -> str:
    """First 128 bits of SHA-256 of a text, in hex: tells whether a reading is one of this text."""
    return sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked once; `origin` is equal for the same material and prompts, whatever came before."""

    instruction: str
    asked: str
    origin: str


@dataclass(frozen=True, slots=True)
class Window:
    """Pages of a paper that are shown together, by their numbers, with their text."""

    pages: tuple[tuple[int, str], ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the pages."""
        return tuple(number for number, _ in self.pages)

    @property
    def shown(self) -> str:
        """The pages line by line behind "| ", so that nothing in them passes for a part of the request."""
        return "\n\n".join(
            f"=== Seite {number} ===\n" + "\n".join(f"| {line}" for line in page.splitlines() if line.strip())
            for number, page in self.pages
        )

    def request(self, context: str) -> Request:
        """Ask what stands on the pages; `context` tells the headings so far and the record left open."""
        asked = filled(_WINDOW, bisher=context, seiten=self.shown)
        return Request(_instruction(), asked, self._origin(_INSTRUCTION, _WINDOW))

    def again(self, context: str, faults: str) -> Request:
        """Ask once more, with what of the reply did not stand on the pages."""
        asked = filled(_AGAIN, bisher=context, seiten=self.shown, fehler=faults)
        return Request(_instruction(), asked, self._origin(_INSTRUCTION, _AGAIN))

    def _origin(self, *prompts: str) -> str:
        return f"{digest(*prompts)} text:{text_digest(self.shown)}"


def _instruction() -> str:
    return filled(_INSTRUCTION, arten=", ".join(DocumentKind), verbindlichkeiten=", ".join(DocumentStatus))


def pages_of(document: Document) -> tuple[Page, ...]:
    """Return the pages of a paper; where it has none, parts of about equal length that end with a paragraph."""
    if document.pages:
        return document.pages
    starts = [0]
    while (end := document.text.find("\n\n", starts[-1] + _PART)) >= 0:
        starts.append(end + 2)
    return tuple(Page(start, number, "") for number, start in enumerate(starts, start=1))


def windows(document: Document) -> list[Window]:
    """Return the windows over a paper, pages without text left out."""
    return list(_windows(_texts(document)))


def _texts(document: Document) -> list[tuple[int, str]]:
    pages = pages_of(document)
    edges = pairwise([*(page.start for page in pages), len(document.text)])
    texts = ((page.number, document.text[start:end].strip()) for page, (start, end) in zip(pages, edges, strict=True))
    return [(number, page) for number, page in texts if page]


def _windows(texts: list[tuple[int, str]]) -> Iterator[Window]:
    first = 0
    while first < len(texts):
        last = first + 1
        while last < min(first + PAGES, len(texts)) and _size(texts[first : last + 1]) <= CHARACTERS:
            last += 1
        yield Window(tuple(texts[first:last]))
        if last >= len(texts):
            return
        first = last - 1 if last - first > 1 else last


def _size(texts: list[tuple[int, str]]) -> int:
    return sum(len(page) for _, page in texts)
