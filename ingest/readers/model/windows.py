"""Windows: the few pages that a model is shown at a time, and the requests about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from ingest.readers.claims import Claim
from ingest.readers.model.form import SCHEMA_DIGEST
from ingest.stored_readings import page_texts
from prompts import digest, fill
from vectorstore.records import Document, DocumentKind, DocumentStatus

# of a window at most
PAGES = 3
CHARACTERS = 9_000
_INSTRUCTION = "de/model/reading_instruction"
_WINDOW = "de/model/reading_window"
_AGAIN = "de/model/reading_again"
_MOST_HEADINGS = 12  # in the context of a window


class WindowRequest(NamedTuple):
    """One request to a model. `origin` is a key of the text, the prompts and the schema; the
    context is no part of the key.
    """

    instruction: str
    question: str
    origin: str


class Window(NamedTuple):
    """Pages of a document that are shown together, each as its number and text."""

    pages: tuple[tuple[int, str], ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the pages."""
        return tuple(number for number, _ in self.pages)

    @property
    def text(self) -> str:
        """The pages with "| " before each line, so that no line of a document is read as part of
        the request.
        """
        parts = []
        for number, page in self.pages:
            lines = "\n".join(f"| {line}" for line in page.splitlines() if line.strip())
            parts.append(f"=== Seite {number} ===\n{lines}")
        return "\n\n".join(parts)

    def request(self, context: str, *, again: bool = False) -> WindowRequest:
        """Return the request about these pages, with the prompt for a second try if `again`.
        `context` is the text that `context_before` returns.
        """
        prompt = _AGAIN if again else _WINDOW
        question = fill(prompt, bisher=context, seiten=self.text)
        instruction = fill(
            _INSTRUCTION, arten=", ".join(DocumentKind), verbindlichkeiten=", ".join(DocumentStatus)
        )
        material = sha256(self.text.encode()).hexdigest()[:32]
        return WindowRequest(
            instruction,
            question,
            f"{digest(_INSTRUCTION, prompt)} form:{SCHEMA_DIGEST} text:{material}",
        )


def windows_of(document: Document, changed: Collection[int]) -> list[Window]:
    """Return the windows over a document that show at least one changed page. Pages without text
    are left out.
    """
    return [
        window
        for window in _cut_windows(page_texts(document))
        if not {*window.numbers}.isdisjoint(changed)
    ]


def requests_of(document: Document, changed: Collection[int]) -> list[WindowRequest]:
    """Return the requests for the changed pages as far as they are known before any reply: without
    their context, which depends on earlier replies.
    """
    return [window.request("–") for window in windows_of(document, changed)]


def context_before(window: Window, records: Iterable[Claim]) -> str:
    """Return, as lines in German, what a model must know of the pages before a window: the headings
    that are open where it begins, and the last sheet before it, which may go on in it. Return
    "nichts" if there is neither. `records` are all claims so far.
    """
    earlier = [record for record in records if record.page <= window.numbers[0]]
    open_headings: list[Claim] = []
    for record in earlier:
        if record.where == "heading" and record.level:
            above = [outer for outer in open_headings if outer.level < record.level]
            open_headings = [*above, record]
    lines = [
        f"- Überschrift (Ebene {heading.level}): {heading.name}"
        for heading in open_headings[-_MOST_HEADINGS:]
    ]
    sheets = [record for record in earlier if record.where == "sheet"]
    last = max(reversed(sheets), key=lambda record: record.page, default=None)
    if last:
        lines.append(f"- Zuletzt offen: {last.name} (Seite {last.page})")
    return "\n".join(" ".join(line.split()) for line in lines) or "nichts"


def _cut_windows(pages: Sequence[tuple[int, str]]) -> Iterator[Window]:
    """Yield windows over pages, of at most PAGES pages and CHARACTERS characters. A window of
    several pages shares its last page with the next window, so that a record over a page break is
    seen whole. Long pages are cut into pieces, each counted as a page.
    """
    pieces: list[tuple[int, str]] = []
    for number, text in pages:
        pieces += ((number, piece) for piece in _cut_page(text))
    lengths = [len(text) for _, text in pieces]
    start = 0
    while start < len(pieces):
        end, last = start + 1, min(start + PAGES, len(pieces))
        while end < last and sum(lengths[start : end + 1]) <= CHARACTERS:
            end += 1
        yield Window(tuple(pieces[start:end]))
        # a window of one page shares none, or the next would begin where it does
        if start + 1 < end < len(pieces):
            end -= 1
        start = end


def _cut_page(text: str) -> Iterator[str]:
    """Yield the text of a page in pieces of at most CHARACTERS. A piece ends behind the last line
    break in its second half, or at the limit if there is none.
    """
    while len(text) > CHARACTERS:
        end = text.rfind("\n", CHARACTERS // 2, CHARACTERS) + 1 or CHARACTERS
        yield text[:end]
        text = text[end:]
    yield text
