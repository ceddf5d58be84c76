"""What a document says of itself: title, publisher, kind, status, date; used where no register says it."""

from __future__ import annotations

import re
from datetime import date

from ingest import facts
from ingest.blocks import Block
from ingest.outline import Section
from ingest.register import RegisterEntry
from vectorstore.records import DocumentKind, DocumentStatus

_PUBLISHER = re.compile(
    r"\b((?:Land)?[Kk]reis(?:es)?|Stadt|Gemeinde|Region|Bezirk)\s((?:Bad\s|Sankt\s)?[A-ZÄÖÜ][\wäöüß-]+)"
)
_AS_OF = re.compile(r"(?:Stand|Fassung vom|Datum|vom|,)\s*:?\s*", re.I)
_KINDS: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = (
    (DocumentKind.MOTION, re.compile(r"\bAntrag\b|Beschlussvorlage|Anfrage")),
    (DocumentKind.GUIDING_PRINCIPLES, re.compile(r"Leitbild|Leitlinien|Leits[aä]tze|Thesen")),
    (DocumentKind.REPORT, re.compile(r"[Rr]eport\b|[Bb]ericht")),
    (DocumentKind.PROGRAMME, re.compile(r"[Pp]rogramm|[Kk]onzept|[Dd]igitalisierungsstrategie|[Pp]rojekt\b")),
    (DocumentKind.STRATEGY, re.compile(r"[Ss]trateg|Ziele")),
)


def describe(entry: RegisterEntry, root: Section) -> tuple[str, str, DocumentKind, DocumentStatus, date | None]:
    """Return title, publisher, kind, status and date of a document, the register's word before the document's."""
    front = "\n".join(block.text for block in root.blocks[:12])
    title = entry.title or _title(root.blocks) or entry.file.stem.replace("_", " ").replace("-", " ").strip()
    kind = entry.kind or _kind(f"{title}\n{front[:600]}")
    publisher = entry.publisher or _publisher(f"{title}\n{front}")
    registered = entry.title is not None
    as_of = entry.as_of if registered else entry.as_of or _as_of(front)
    return title, publisher, kind, entry.status or _status(kind, f"{title}\n{front[:600]}"), as_of


def _title(blocks: list[Block]) -> str:
    """Return the first lines of the title page that are set alike, at most two."""
    lines = [block.text for block in blocks[:2] if len(block.text) <= 160 and not re.match(r"Stand\b", block.text)]
    if (
        len(lines) == 2
        and len(lines[0]) < 60
        and len(lines[1]) < 40
        and not re.search(r"[.:]$|Stand|Entwurf", " ".join(lines))
    ):
        return " ".join(lines)
    return lines[0] if lines else ""


def _publisher(text: str) -> str:
    match = _PUBLISHER.search(text)
    return f"{match[1].removesuffix('es') if match[1].endswith('reises') else match[1]} {match[2]}" if match else ""


def _kind(text: str) -> DocumentKind:
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), DocumentKind.STRATEGY)


def _status(kind: DocumentKind, text: str) -> DocumentStatus:
    if re.search(r"\bEntwurf", text):
        return DocumentStatus.DRAFT
    if kind is DocumentKind.MOTION:
        return DocumentStatus.PROPOSED
    if re.search(r"beschlossen|verabschiedet|Beschluss des", text):
        return DocumentStatus.ADOPTED
    return DocumentStatus.PUBLISHED


def _as_of(text: str) -> date | None:
    for match in _AS_OF.finditer(text):
        for value in facts.dates(text[match.end() : match.end() + 30])[:1]:
            if len(value) == 10:
                return date.fromisoformat(value)
    return None
