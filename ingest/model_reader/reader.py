"""Reading a paper by a model: window after window, what did not stand once more, and the whole kept as one reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from ingest.check import name_of
from ingest.claims import Claim, ClaimedHeading, Said, said_in
from ingest.model_reader.judging import Judged, judged
from ingest.model_reader.windows import Request, Window, text_digest, windows
from prompts import say
from vectorstore.records import Document

Progress = Callable[[str, float], None]
_SHOWN = 12  # headings that a window is told, and faults of it


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


class Reading(BaseModel):
    """What a model said of one text: a part for each window. Kept as JSON; it holds for exactly this text."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str
    text: str
    said: tuple[Said, ...]

    def is_of(self, document: Document) -> bool:
        """Tell whether it was read from this text."""
        return self.text == text_digest(document.text)


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
