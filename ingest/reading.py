"""One file becomes one parsed document: lines, furniture, blocks, sections, items, chunks."""

from __future__ import annotations

from collections.abc import Callable

from ingest.blocks import assemble, build_blocks
from ingest.chunks import cut_chunks
from ingest.completion import complete
from ingest.contents import mark_contents
from ingest.coverage import measured, swept
from ingest.errors import Reason, Rejected
from ingest.extractors.items import ItemBuilder
from ingest.extractors.outline import build_outline
from ingest.families import with_families
from ingest.identity import describe
from ingest.layout.docx import read_docx
from ingest.layout.furniture import mark_furniture
from ingest.layout.html import read_html
from ingest.layout.lines import RawDocument
from ingest.layout.pdf import read_pdf
from ingest.layout.text import read_text
from ingest.limits import ReadingLimits
from ingest.notices import notices
from ingest.register import RegisterEntry
from ingest.sources import Source, load_source
from ingest.unfuse import unfuse
from vectorstore.records import Document, ParsedDocument

_MARKDOWN = {".md", ".markdown"}
_HTML = {".html", ".htm"}


def read_document(
    entry: RegisterEntry, *, prefer_text: bool = False, progress: Callable[[float], None] | None = None
) -> ParsedDocument:
    """Read one document from its file; raises Rejected with the reason where it cannot be one."""
    return read_source(entry, load_source(entry.rendering(prefer_text)), progress)


def read_source(
    entry: RegisterEntry,
    source: Source,
    progress: Callable[[float], None] | None = None,
    limits: ReadingLimits | None = None,
) -> ParsedDocument:
    """Read one document from its bytes; raises Rejected with the reason where it cannot be one or is too much."""
    limits = limits or ReadingLimits()
    raw = _load(source, progress, limits)
    limits.check(raw)
    if not raw.framed:
        mark_furniture(raw)
    blocks, _ = build_blocks(raw)
    titles = mark_contents(blocks)
    blocks = unfuse(blocks, titles)
    text, pages = assemble(blocks, raw.page_count, raw.labels)
    if not text:
        raise Rejected("Die Datei enthält keinen Text.", Reason.NO_TEXT)
    root = build_outline(blocks, titles)
    title, publisher, kind, status, as_of = describe(entry, root, raw.lines)
    builder = ItemBuilder(entry.id, title, kind, root, blocks, pages, titles)
    draft = builder.build()
    front = "\n\n".join(block.text for block in root.blocks[:10])
    items, warnings = complete(builder, draft, text, front)
    if not items:
        raise Rejected("Die Datei enthält außer Verzeichnissen keinen Text.", Reason.NO_TEXT)
    items, families = with_families(items, blocks, draft.lists, [builder.page_of(block.start)[0] for block in blocks])
    passages = [*draft.passages, *swept(blocks, draft.passages, items, builder.owners)]
    chunks = cut_chunks(entry.id, text, passages)
    document = Document(
        id=entry.id,
        title=title,
        publisher=publisher,
        kind=kind,
        status=status,
        digest=source.digest,
        file_name=source.name,
        text=text,
        as_of=as_of,
        language=entry.language,
        source_url=entry.source_url,
        sample=entry.sample,
        pages=pages,
        warnings=(*raw.warnings, *notices(raw), *warnings),
        families=families,
        coverage=measured(raw, blocks, chunks),
    )
    return ParsedDocument(document=document, items=tuple(items), chunks=chunks)


def _load(source: Source, progress: Callable[[float], None] | None, limits: ReadingLimits) -> RawDocument:
    if source.suffix == ".pdf":
        return read_pdf(source.content, limits, progress)
    if source.suffix in _HTML:
        return read_html(source.content, limits)
    if source.suffix == ".docx":
        return read_docx(source.content, limits)
    return read_text(source.content, markdown=source.suffix in _MARKDOWN)
