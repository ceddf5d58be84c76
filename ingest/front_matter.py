"""Front matter: title, publisher, kind, status and date of a document, each with what proves it and how sure it is.

The register's word comes before the document's. What neither says stays unknown: "" or None, and unconfirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ingest import front_witnesses as witnesses
from ingest.blocks import Block
from ingest.front_page import FrontPage, Passage, front_page
from ingest.front_proposed import MODEL, load_front, proven_value
from ingest.front_witnesses import Found
from ingest.layout.lines import RawDocument
from ingest.register import FRONT, RegisterEntry
from vectorstore.records import Document, DocumentKind, DocumentStatus, FrontFact

REGISTER, STAFF = "register", "staff"


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a document is called, who published it, what it is, how binding, of which day; `facts` prove each part."""

    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None
    as_of: date | None
    facts: tuple[FrontFact, ...] = ()


@dataclass(frozen=True, slots=True)
class FrontPart:
    """One part as a report tells it: its value as a register writes it (None: not known), and what proves it."""

    field: str
    value: str | None
    by: str
    sure: bool
    quote: str = ""
    page: int | None = None


def front_parts(document: Document) -> tuple[FrontPart, ...]:
    """Return the parts of a document's front matter with their values."""
    values = {
        "title": document.title,
        "publisher": document.publisher,
        "kind": document.kind.value,
        "status": document.status.value if document.status else "",
        "as_of": document.as_of.isoformat() if document.as_of else "",
    }
    return tuple(
        FrontPart(one.field, values[one.field] or None, one.by, one.sure, one.quote, one.page) for one in document.front
    )


def front_matter(entry: RegisterEntry, raw: RawDocument, blocks: Sequence[Block]) -> FrontMatter:
    """Return the front matter of a document whose furniture and contents are marked."""
    said = _said(entry, raw, blocks) if any(_given(entry, part) is None for part in FRONT) else {}
    name = entry.file.stem.replace("_", " ").replace("-", " ").strip()
    values, facts = dict[str, Any](), list[FrontFact]()
    for part in FRONT:
        values[part] = _given(entry, part)
        if values[part] is None and not _is_silent(entry, part):
            values[part] = said[part].value
            facts.append(_fact(part, said[part]))
        elif values[part] is not None:
            by = STAFF if part in entry.answered else REGISTER
            facts.append(FrontFact(part, by, sure=part not in entry.unconfirmed))
    return FrontMatter(**{**values, "title": values["title"] or name}, facts=tuple(facts))


def _given(entry: RegisterEntry, part: str) -> Any:
    return getattr(entry, part)


def _is_silent(entry: RegisterEntry, part: str) -> bool:
    """Whether a register gives a document no date: then it has none, whatever is printed in it."""
    registered = (entry.title is not None and "title" not in entry.answered) or bool(entry.unconfirmed)
    return part == "as_of" and registered and part not in entry.unconfirmed


def _said(entry: RegisterEntry, raw: RawDocument, blocks: Sequence[Block]) -> Mapping[str, Found[Any]]:
    """Return what the document says of itself; where that is unsure, what a model proposed and the document proves."""
    front = front_page(raw, blocks)
    said, proposed = _witnessed(front), _proposed(entry, front)
    return {part: proposed.get(part, found) if not found.sure else found for part, found in said.items()}


def _proposed(entry: RegisterEntry, front: FrontPage) -> Mapping[str, Found[Any]]:
    known = load_front(entry.front_proposed).values()
    values = ((one, proven_value(one, front.text)) for one in known)
    return {one.field: Found(value, Passage(one.quote), by=MODEL) for one, value in values if value is not None}


def _witnessed(front: FrontPage) -> Mapping[str, Found[Any]]:
    title = witnesses.title(front)
    kind = witnesses.kind(front, title)
    return {
        "title": title,
        "publisher": witnesses.publisher(front, title, kind),
        "kind": kind,
        "status": witnesses.status(front, title, kind),
        "as_of": witnesses.as_of(front),
    }


def _fact(part: str, found: Found[Any]) -> FrontFact:
    proof = found.proof
    return FrontFact(part, found.by, found.sure, proof.text if proof else "", proof.page if proof else None)
