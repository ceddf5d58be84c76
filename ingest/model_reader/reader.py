"""Reading a paper by a model: pages in windows that overlap, what did not stand once more, the whole as one reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from ingest.check import name_of
from ingest.claims import Claim, ClaimedHeading, Reading, Said, said_in, text_digest
from ingest.model_reader.judging import Judged, judged, pages_of
from prompts import digest, filled, say
from vectorstore.records import Document, DocumentKind, DocumentStatus

PAGES, CHARACTERS = 3, 9_000  # of a window at most; a single page is shown however long it is
_INSTRUCTION, _WINDOW, _AGAIN = "de/model/reading_instruction", "de/model/reading_window", "de/model/reading_again"
Progress = Callable[[str, float], None]
_SHOWN = 12  # headings that a window is told, and faults of it


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


class Chat(Protocol):
    """A model that can be asked; the composition root hands it in."""

    @property
    def name(self) -> str:
        """What the model is called."""

    def say(self, request: Request) -> Any:
        """Return the object that the model replied, of the form `Said`, or whatever else it said.

        Raises NoReading where there is no reply.
        """


class NoReading(Exception):
    """A paper cannot be read by the model now; the message says in German why. It stays as it was read before."""


def read_paper(document: Document, chat: Chat, progress: Progress = lambda step, share: None) -> Reading:
    """Have a model read a paper; raises NoReading, and whatever `chat` raises besides."""
    shown = windows(document)
    said: list[Said] = []
    for number, window in enumerate(shown):
        progress(f"{document.id}: Seite {window.numbers[0]}", number / max(1, len(shown)))
        said.append(_read(window, _context(said), chat))
    outcome = judged(document, said)
    for place, window in enumerate(shown):
        if told := _told(outcome, window):
            progress(f"{document.id}: Seite {window.numbers[0]} noch einmal", place / len(shown))
            again = said_in(chat.say(window.again(_context(said[:place]), told)))
            other = judged(document, [*said[:place], again, *said[place + 1 :]]) if again else outcome
            if again and other.worth > outcome.worth:
                said[place], outcome = again, other
    return Reading(model=chat.name, text=text_digest(document.text), said=tuple(said))


def requests(document: Document) -> list[Request]:
    """Return what a model is asked of a paper at least, as far as that is known before."""
    return [window.request("–") for window in windows(document)]


def _read(window: Window, context: str, chat: Chat) -> Said:
    said = said_in(chat.say(window.request(context)))
    said = said or said_in(chat.say(window.again(context, f"- {say('reading.no_form')}")))
    if said is None:
        raise NoReading(f"{say('reading.page', number=window.numbers[0])}: {say('reading.no_form')}")
    return said


def _context(said: Sequence[Said]) -> str:
    """Tell the headings that hold and the record that may go on."""
    held: list[ClaimedHeading] = []
    for heading in (one for part in said for one in part.headings):
        held = [*(one for one in held if one.level < heading.level), heading]
    lines = [f"- Überschrift (Ebene {one.level}): {one.number or ''} {one.title}" for one in held[-_SHOWN:]]
    if (last := _last(said)) is not None:
        lines.append(f"- Zuletzt offen: {name_of(last)} (Seite {last.page})")
    return "\n".join(" ".join(line.split()) for line in lines) or "nichts"


def _last(said: Sequence[Said]) -> Claim | None:
    sheets = [one for one in (said[-1].records if said else ()) if one.where == "sheet"]
    return max(reversed(sheets), key=lambda one: one.page, default=None)  # of one page the last


def _told(outcome: Judged, window: Window) -> str:
    """Tell what of a window's reply did not stand, and the numbers that are missing around it."""
    lines = [f"- {one.record}: {one.what}" for one in outcome.faults if one.page in window.numbers]
    lines += [f"- Nummer {gap.number} fehlt" for gap in outcome.gaps if _touches(window.numbers, gap.pages)]
    lines += [f"- {one.ref} {one.title} fehlt" for one in outcome.merged.missing if one.row.page in window.numbers]
    return "\n".join(dict.fromkeys(lines[:_SHOWN]))


def _touches(numbers: Sequence[int], pages: tuple[int, int]) -> bool:
    return numbers[0] <= pages[1] and numbers[-1] >= pages[0]
