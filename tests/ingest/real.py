"""The real documents beside the repository; tests that need them skip visibly where they are
missing.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest
from pypdf import PdfReader

from ingest import Rejected
from ingest.register import RegisterEntry, load_register
from tests.ingest.papers import read_document
from tests.sharing import once
from vectorstore.records import ParsedDocument

CORPUS = Path(__file__).parents[2].parent / "shared" / "corpus"
OTHER = CORPUS.parent / "corpus-other"
needs_corpus = [
    pytest.mark.corpus,
    pytest.mark.skipif(
        not CORPUS.exists(), reason="../shared/corpus is not here: real documents are not read"
    ),
]
needs_other = [
    pytest.mark.corpus,
    pytest.mark.skipif(
        not OTHER.exists(), reason="../shared/corpus-other is not here: other papers are not read"
    ),
]
IDS = (
    "soest-nachhaltigkeitsreport-2023",
    "coesfeld-strategische-ziele-2025",
    "coesfeld-antrag-digitaler-wandel-2021",
    "coesfeld-12-0-digitalisierungsstrategie",
    "heinsberg-leitbild-entwurf",
)
RENDERINGS = [(name, kind) for name in IDS for kind in ("pdf", "text")]


@lru_cache
def entries() -> dict[str, RegisterEntry]:
    return {entry.id: entry for entry in load_register(CORPUS / "corpus.toml").entries}


@lru_cache
def read(name: str, kind: str) -> ParsedDocument:
    return once(
        f"{name} {kind}", lambda: read_document(entries()[name], prefer_text=kind == "text")
    )


def read_alone(path: Path) -> ParsedDocument | Rejected:
    """Return what is read of a file that no register describes, or why it is not read."""
    return once(f"alone {path.parent.name} {path.name}", lambda: _read_alone(path))


def _read_alone(path: Path) -> ParsedDocument | Rejected:
    try:
        return read_document(RegisterEntry("papier", path))
    except Rejected as rejected:
        return rejected


@lru_cache
def raw(name: str, kind: str) -> str:
    """The file's text in its own order without furniture, found by other means than the
    reader's.
    """
    entry = entries()[name]
    if kind == "text":
        assert entry.text is not None
        paragraphs = [
            line.strip("\n ") for line in entry.text.read_text(encoding="utf-8").split("\n")
        ]
        counts = Counter(paragraphs)
        return "\n".join(p for p in paragraphs if counts[p] < 10 or p.endswith(":") or not p)
    pieces: list[str] = []

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if size != 7.0:  # the size in which these five set their furniture
            pieces.append(text)

    for page in PdfReader(entry.file).pages:
        page.extract_text(visitor_text=visit)
        pieces.append("\n")
    return "".join(pieces)


def bare(text: str) -> str:
    """Text without white space, hyphens, bullets and Markdown marks: what verbatim means beyond
    layout.
    """
    return re.sub(r"[\s\-\x00-\x1f\x7f*\u00ad]", "", text)
