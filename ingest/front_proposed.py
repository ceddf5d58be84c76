"""Front matter that a model proposes: only parts that nobody is sure of, each proven by a passage of the document.

What is proposed is never sure: people confirm it, as what the document says unsurely.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from ingest.front_page import front_words, says
from ingest.layout.lines import squash
from ingest.values.parsing import dates
from vectorstore.records import Document, DocumentKind, DocumentStatus

MODEL = "model"
_LONGEST = 300  # characters of a passage that proves a part, and of a part


@dataclass(frozen=True, slots=True)
class ProposedPart:
    """A part of the front matter, its value as a register writes it, and the passage that proves it."""

    field: str
    value: str
    quote: str


def asked_parts(document: Document) -> tuple[str, ...]:
    """Return the parts of a document's front matter that are left to the document and that it does not surely say."""
    return tuple(one.field for one in document.front if not one.sure and one.by in ("found", MODEL))


def dump_front(parts: Sequence[ProposedPart]) -> str:
    """Return parts as JSON, which `load_front` reads back."""
    return json.dumps([asdict(one) for one in parts], ensure_ascii=False, indent=1)


def load_front(source: str | None) -> Mapping[str, ProposedPart]:
    """Return the parts of such a file by name; none where it is no such file."""
    try:
        found = [ProposedPart(**one) for one in json.loads(source or "[]")]
    except (ValueError, TypeError):
        return {}
    return {one.field: one for one in found}


def proven_value(part: ProposedPart, text: str) -> Any:
    """Return the value of a part where its passage stands in the text and says it, else None."""
    quote = squash(part.quote)
    if not (0 < len(part.quote) <= _LONGEST and 0 < len(part.value) <= _LONGEST) or quote not in squash(text):
        return None
    try:
        return _READ[part.field](part.value, part.quote)
    except (KeyError, ValueError):
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
