"""What a document says of itself: title, publisher, kind, status, date; used where no register says it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from ingest.blocks import Block
from ingest.extractors.outline import Section
from ingest.layout.lines import Line
from ingest.register import RegisterEntry
from ingest.values.parsing import dates
from vectorstore.records import DocumentKind, DocumentStatus

_PUBLISHER = re.compile(
    r"\b((?:Land)?[Kk]reis(?:es)?|Stadt|Gemeinde|Region|Bezirk)\s((?:Bad\s|Sankt\s)?[A-ZÄÖÜ][\wäöüß-]+)"
)
_AS_OF = re.compile(r"(?:Stand|Fassung vom|Datum|vom|,)\s*:?\s*", re.I)
_VERSION = re.compile(r"\b(?:in der Fassung|i\.\s?d\.\s?F\.|[Ff]assung|zuletzt geändert am)\s+(?:vom\s+)?(?=\d)")
_LARGER = 1.2  # times the most common size: a title's
_LONGEST = 160
_KINDS: tuple[tuple[DocumentKind, re.Pattern[str]], ...] = (
    (DocumentKind.MOTION, re.compile(r"\bAntrag\b|Beschlussvorlage|Anfrage")),
    (DocumentKind.GUIDING_PRINCIPLES, re.compile(r"Leitbild|Leitlinien|Leits[aä]tze|Thesen")),
    (DocumentKind.REPORT, re.compile(r"[Rr]eport\b|[Bb]ericht")),
    (DocumentKind.PROGRAMME, re.compile(r"[Pp]rogramm|[Kk]onzept|[Dd]igitalisierungsstrategie|[Pp]rojekt\b")),
    (DocumentKind.STRATEGY, re.compile(r"[Ss]trateg|Ziele")),
)


def describe(
    entry: RegisterEntry, root: Section, lines: Sequence[Line] = ()
) -> tuple[str, str, DocumentKind, DocumentStatus, date | None]:
    """Return title, publisher, kind, status and date of a document, the register's word before the document's.

    `lines` are the printed ones, page furniture too: a title may repeat as running header.
    """
    front = "\n".join(block.text for block in root.blocks[:12])
    found = entry.title or _title(root.blocks) or _repeated_title(lines)
    title = found or entry.file.stem.replace("_", " ").replace("-", " ").strip()
    kind = entry.kind or _kind(f"{title}\n{front[:600]}")
    publisher = entry.publisher or _publisher(f"{title}\n{front}")
    registered = entry.title is not None
    as_of = entry.as_of if registered else entry.as_of or _as_of(front)
    return title, publisher, kind, entry.status or _status(kind, f"{title}\n{front[:600]}"), as_of


def _title(blocks: list[Block]) -> str:
    """Return the first lines of the title page that are set alike, at most two."""
    lines = [block.text for block in blocks[:2] if len(block.text) <= _LONGEST and not re.match(r"Stand\b", block.text)]
    if (
        len(lines) == 2
        and len(lines[0]) < 60
        and len(lines[1]) < 40
        and not re.search(r"[.:]$|Stand|Entwurf", " ".join(lines))
    ):
        return " ".join(lines)
    return lines[0] if lines else ""


def _repeated_title(lines: Sequence[Line]) -> str:
    """Return the line of the first page that is set largest of all and repeats on later pages; "" without one."""
    printed = [line for line in lines if line.size > 0]
    first = [line for line in printed if line.page == 0 and line.noise and len(line.text.split()) > 1]
    if not first:
        return ""
    largest = max(first, key=lambda line: line.size)
    common = Counter(round(line.size, 1) for line in printed).most_common(1)[0][0]
    return largest.text.strip() if largest.size >= _LARGER * common and len(largest.text) <= _LONGEST else ""


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
    """Return the first date given for the document, or that of its latest version ("i. d. F. vom")."""
    dated = ((match, _date_at(text, match.end())) for match in _AS_OF.finditer(text))
    cue, first = next(((match[0], value) for match, value in dated if value), ("", None))
    if first is None or cue.lower().startswith("stand"):
        return first
    versions = [_date_at(text, match.end()) for match in _VERSION.finditer(text)]
    return max([first, *(value for value in versions if value)])


def _date_at(text: str, place: int) -> date | None:
    """Return the full date that stands at a place, within some 30 characters."""
    value = next(iter(dates(text[place : place + 30])), "")
    return date.fromisoformat(value) if len(value) == 10 else None
