"""A curated answer as it is typed, in a form, on the command line or in a cell, and what is read from it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

from service.curated.models import LANGUAGE, CuratedAnswer, Wrong
from vectorstore.questions import ItemKey

_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ADDRESS = re.compile(r"/(?:documents|staff/items)/([^/]+)/([^/]+)/?\Z")


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of an answer as they were typed; wordings and citations stand on a line each."""

    question: str = ""
    wordings: str = ""
    text: str = ""
    citations: str = ""
    owner: str = ""
    valid_until: str = ""
    language: str = LANGUAGE

    @classmethod
    def of(cls, answer: CuratedAnswer) -> Typed:
        """An answer as it may be typed."""
        return cls(
            question=answer.question,
            wordings="\n".join(answer.wordings),
            text=answer.text,
            citations="\n".join(map(";".join, answer.citations)),
            owner=answer.owner,
            valid_until=answer.valid_until.isoformat(),
            language=answer.language,
        )


def read(typed: Typed) -> tuple[CuratedAnswer | None, list[Wrong]]:
    """The answer that was typed, None where something cannot be read at all, and what cannot."""
    wrong: list[Wrong] = []
    cited: list[ItemKey] = []
    for line in _lines(typed.citations):
        found = citation_of(line)
        if found is None:
            wrong.append(Wrong("citations", f"„{line[:80]}“ ist kein Beleg: Erwartet wird document_id;key."))
        else:
            cited.append(found)
    until = _day(typed.valid_until)
    if until is None:
        missing = "Es fehlt der letzte Tag, an dem die Antwort gilt."
        unread = f"„{typed.valid_until[:40]}“ ist kein Tag; so geht es: 2027-06-30 oder 30.06.2027."
        wrong.append(Wrong("valid_until", unread if typed.valid_until.strip() else missing))
    if wrong or until is None:
        return None, wrong
    paragraphs = (" ".join(line.split()) for line in typed.text.splitlines())
    return (
        CuratedAnswer(
            question=" ".join(typed.question.split()),
            text="\n".join(filter(None, paragraphs)),
            citations=tuple(cited),
            owner=" ".join(typed.owner.split()),
            valid_until=until,
            wordings=tuple(_lines(typed.wordings)),
            language=typed.language.strip() or LANGUAGE,
        ),
        [],
    )


def citation_of(line: str) -> ItemKey | None:
    """A record from "document_id;key" or from its address; None for anything else."""
    if address := _ADDRESS.search(urlsplit(line.strip()).path):
        return unquote(address[1]), unquote(address[2])
    document, semicolon, key = (part.strip() for part in line.partition(";"))
    return (document, key) if semicolon and document and key else None


def _lines(text: str) -> list[str]:
    return [said for line in text.splitlines() if (said := " ".join(line.split()))]


def _day(text: str) -> date | None:
    match = _GERMAN_DAY.fullmatch(text.strip())
    try:
        return date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text.strip())
    except ValueError:
        return None
