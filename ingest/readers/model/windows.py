"""The windows of pages that a model is shown, and the requests about them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import NamedTuple

from ingest.readers.claims import Claim
from ingest.readers.model.form import SCHEMA_DIGEST
from ingest.readings import page_texts
from prompts import digest, fill
from vectorstore.records import Document, DocumentKind, DocumentStatus

PAGES, CHARACTERS = 3, 9_000  # of a window at most
_INSTRUCTION, _WINDOW, _AGAIN = "de/model/reading_instruction", "de/model/reading_window", "de/model/reading_again"
_MOST_HEADINGS = 12  # that a window is told


class WindowRequest(NamedTuple):
    """One request; `origin` is equal for the same material, prompts and form, whatever came before."""

    instruction: str
    question: str
    origin: str


class Window(NamedTuple):
    """Pages of a document that are shown together: number and text of each."""

    pages: tuple[tuple[int, str], ...]

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the pages."""
        return tuple(number for number, _ in self.pages)

    @property
    def text(self) -> str:
        """The pages line by line behind "| ", so that nothing in them passes for a part of the request."""
        return "\n\n".join(
            f"=== Seite {number} ===\n" + "\n".join(f"| {line}" for line in page.splitlines() if line.strip())
            for number, page in self.pages
        )

    def request(self, context: str, *, again: bool = False) -> WindowRequest:
        """Return the request about these pages; `again` says that the first reply had not the form."""
        prompt = _AGAIN if again else _WINDOW
        question = fill(prompt, bisher=context, seiten=self.text)
        instruction = fill(_INSTRUCTION, arten=", ".join(DocumentKind), verbindlichkeiten=", ".join(DocumentStatus))
        material = sha256(self.text.encode()).hexdigest()[:32]
        return WindowRequest(
            instruction, question, f"{digest(_INSTRUCTION, prompt)} form:{SCHEMA_DIGEST} text:{material}"
        )


def windows_of(document: Document, changed: Collection[int]) -> list[Window]:
    """Return the windows over a document that show changed pages; pages without text are left out."""
    return [window for window in _cut_windows(page_texts(document)) if not {*window.numbers}.isdisjoint(changed)]


def requests_of(document: Document, changed: Collection[int]) -> list[WindowRequest]:
    """Return the requests that reading these pages takes, as far as they are known before."""
    return [window.request("–") for window in windows_of(document, changed)]


def context_before(window: Window, records: Iterable[Claim]) -> str:
    """Return what a window continues: the headings above its first page, and the last record before it."""
    before = [record for record in records if record.page <= window.numbers[0]]
    above: list[Claim] = []
    for heading in (record for record in before if record.where == "heading" and record.level):
        above = [*(other for other in above if other.level < heading.level), heading]
    lines = [f"- Überschrift (Ebene {heading.level}): {heading.name}" for heading in above[-_MOST_HEADINGS:]]
    sheets = [record for record in before if record.where == "sheet"]
    if last := max(reversed(sheets), key=lambda record: record.page, default=None):
        lines.append(f"- Zuletzt offen: {last.name} (Seite {last.page})")
    return "\n".join(" ".join(line.split()) for line in lines) or "nichts"


def _cut_windows(texts: Sequence[tuple[int, str]]) -> Iterator[Window]:
    """Yield windows that share a page with the next one; a long page is cut, and its pieces are alone."""
    texts = [(number, piece) for number, text in texts for piece in _cut_page(text)]
    first = 0
    while first < len(texts):
        last = first + 1
        while last < min(first + PAGES, len(texts)) and sum(len(t) for _, t in texts[first : last + 1]) <= CHARACTERS:
            last += 1
        yield Window(tuple(texts[first:last]))
        first = last - (1 if first + 1 < last < len(texts) else 0)


def _cut_page(text: str) -> Iterator[str]:
    """Yield the text of a page in pieces of bounded length that end with a line where they can."""
    while len(text) > CHARACTERS:
        end = text.rfind("\n", CHARACTERS // 2, CHARACTERS) + 1 or CHARACTERS
        yield text[:end]
        text = text[end:]
    yield text
