"""One file becomes one parsed document: lines, furniture, blocks, sections, items, chunks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from ingest.blocks import assemble, build_blocks
from ingest.chunks import cut_chunks
from ingest.completion import complete
from ingest.contents import mark_contents
from ingest.errors import Rejected
from ingest.furniture import mark_furniture
from ingest.identity import describe
from ingest.items import ItemBuilder
from ingest.lines import RawDocument
from ingest.outline import build_outline
from ingest.pdf import read_pdf
from ingest.register import SUFFIXES, RegisterEntry, printable
from ingest.text import read_text
from ingest.unfuse import unfuse
from vectorstore.records import Document, ParsedDocument

READER_VERSION = 2  # raise it when reading changes: cached documents are read anew

__all__ = ["READER_VERSION", "Rejected", "chosen_file", "read_document"]


def chosen_file(entry: RegisterEntry, prefer_text: bool) -> Path:
    """Return the rendering to read; the text only where it is asked for and registered."""
    return entry.text if prefer_text and entry.text else entry.file


def read_document(
    entry: RegisterEntry, *, prefer_text: bool = False, progress: Callable[[float], None] | None = None
) -> ParsedDocument:
    """Read one document; raises Rejected with the reason where it cannot be one."""
    path = chosen_file(entry, prefer_text)
    raw = _load(path, progress)
    mark_furniture(raw)
    blocks, _ = build_blocks(raw)
    titles = mark_contents(blocks)
    blocks = unfuse(blocks, titles)
    text, pages = assemble(blocks, raw.page_count, raw.labels)
    if not text:
        raise Rejected("Die Datei enthält keinen Text.")
    root = build_outline(blocks, titles)
    title, publisher, kind, status, as_of = describe(entry, root, raw.lines)
    builder = ItemBuilder(entry.id, title, kind, root, blocks, pages, titles)
    draft = builder.build()
    front = "\n\n".join(block.text for block in root.blocks[:10])
    items, warnings = complete(builder, draft, text, front)
    if not items:
        raise Rejected("Die Datei enthält außer Verzeichnissen und Listen keinen Text.")
    document = Document(
        id=entry.id,
        title=title,
        publisher=publisher,
        kind=kind,
        status=status,
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
        file_name=printable(path.name),
        text=text,
        as_of=as_of,
        language=entry.language,
        source_url=entry.source_url,
        sample=entry.sample,
        pages=pages,
        warnings=(*raw.warnings, *warnings),
    )
    return ParsedDocument(document=document, items=tuple(items), chunks=cut_chunks(entry.id, text, draft.passages))


def _load(path: Path, progress: Callable[[float], None] | None) -> RawDocument:
    suffix = path.suffix.lower()
    if not path.is_file():
        raise Rejected("Die Datei fehlt.")
    if suffix not in SUFFIXES:
        raise Rejected("Nur PDF-, Text- und Markdown-Dateien werden gelesen.")
    try:
        if not path.stat().st_size:
            raise Rejected("Die Datei ist leer.")
        return read_pdf(path, progress) if suffix == ".pdf" else read_text(path)
    except OSError as error:
        raise Rejected(f"Die Datei ist nicht lesbar ({error.strerror}).") from error
