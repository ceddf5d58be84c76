"""Front matter: title, publisher, kind, status and date of a document, each with what proves it and how sure it is.

The register's word comes before the document's; where that is unsure, what a model proposed and a passage proves comes
before it. What nobody says stays unknown: "" or None, and unconfirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ingest import front_found
from ingest.blocks import Block
from ingest.claims import ClaimedFront
from ingest.front_found import Found
from ingest.front_page import FrontPage, Passage, front_page, front_words, says
from ingest.layout.lines import RawDocument, squash
from ingest.register import FRONT, RegisterEntry
from ingest.values.parsing import dates
from vectorstore.records import Document, DocumentKind, DocumentStatus, FrontFact

REGISTER, STAFF, MODEL = "register", "staff", "model"
_LONGEST = 300  # characters of a passage that proves a part, and of a part
_PROPOSED = TypeAdapter(tuple[ClaimedFront, ...])


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a document is called, who published it, what it is, how binding, of which day; `facts` prove each part."""

    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None
    as_of: date | None
    facts: tuple[FrontFact, ...] = ()


def front_matter(entry: RegisterEntry, raw: RawDocument, blocks: Sequence[Block]) -> FrontMatter:
    """Return the front matter of a document whose furniture and contents are marked."""
    given = {part: getattr(entry, part) for part in FRONT}
    said = _said(entry, front_page(raw, blocks)) if None in given.values() else {}
    name = entry.file.stem.replace("_", " ").replace("-", " ").strip()
    values, facts = dict[str, Any](), list[FrontFact]()
    for part, value in given.items():
        values[part] = value
        if value is not None:
            by = STAFF if part in entry.answered else REGISTER
            facts.append(FrontFact(part, by, sure=part not in entry.unconfirmed))
        elif not (part == "as_of" and _is_undated(entry)):
            found = said[part]
            values[part], proof = found.value, found.proof or Passage("")
            facts.append(FrontFact(part, found.by, found.sure, proof.text, proof.page))
    return FrontMatter(**{**values, "title": values["title"] or name}, facts=tuple(facts))


def _is_undated(entry: RegisterEntry) -> bool:
    """Whether a register gives a document no date: then it has none, whatever is printed in it."""
    registered = (entry.title is not None and "title" not in entry.answered) or bool(entry.unconfirmed)
    return registered and "as_of" not in entry.unconfirmed


def _said(entry: RegisterEntry, front: FrontPage) -> Mapping[str, Found[Any]]:
    proven = [(one, proven_value(one, front.text)) for one in proposed_parts(entry.front_proposed)]
    proposed: dict[str, Found[Any]] = {
        one.field: Found(value, Passage(one.quote), by=MODEL) for one, value in proven if value is not None
    }
    return {
        part: found if found.sure else proposed.get(part, found) for part, found in front_found.all_parts(front).items()
    }


def asked_parts(document: Document) -> tuple[str, ...]:
    """Return the parts of a document's front matter that are left to the document and that it does not surely say."""
    return tuple(one.field for one in document.front if not one.sure and one.by in (front_found.FOUND, MODEL))


def dump_front(parts: Sequence[ClaimedFront]) -> bytes:
    """Return parts as JSON, which `proposed_parts` reads back."""
    return _PROPOSED.dump_json(tuple(parts))


def proposed_parts(source: str | None) -> tuple[ClaimedFront, ...]:
    """Return the parts that a model proposed, as they are kept; none where they cannot be read."""
    try:
        return _PROPOSED.validate_json(source or "[]")
    except ValidationError:
        return ()


def proven_value(part: ClaimedFront, text: str) -> Any:
    """Return the value of a part where its passage stands in the text and says it, else None."""
    quote = squash(part.quote)
    if max(len(part.quote), len(part.value)) > _LONGEST or quote not in squash(text):
        return None
    try:
        return _READ[part.field](part.value, part.quote)
    except ValueError:
        return None


def _text(value: str, quote: str) -> str | None:
    return value if squash(value) in squash(quote) else None


def _kind(value: str, quote: str) -> DocumentKind | None:
    kind = DocumentKind(value)
    return kind if says(quote, front_words()["kinds"].get(kind.value, ())) else None


def _status(value: str, quote: str) -> DocumentStatus | None:
    """Return how binding a paper is where the passage has a word for it: nothing is called decided without one."""
    status, words = DocumentStatus(value), front_words()["status"]
    cues = front_words()["kinds"]["motion"] if status is DocumentStatus.PROPOSED else words[status.value]
    denied = status is DocumentStatus.ADOPTED and says(quote, words["not_yet"])
    return status if says(quote, cues) and not denied else None


def _date(value: str, quote: str) -> date | None:
    day = date.fromisoformat(value)
    said = {one if len(one) == 10 else f"{one}-01" for one in dates(quote) if len(one) > 4}
    return day if day.isoformat() in said else None


_READ = {"title": _text, "publisher": _text, "kind": _kind, "status": _status, "as_of": _date}
