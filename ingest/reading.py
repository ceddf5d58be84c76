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
from ingest.front_matter import front_matter
from ingest.layout.furniture import mark_furniture
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
    mark_furniture(raw)
    blocks, _ = build_blocks(raw)
    titles = mark_contents(blocks)
    blocks = unfuse(blocks, titles)
    text, pages = assemble(blocks, raw.page_count, raw.labels)
    if not text:
        raise Rejected("Die Datei enthält keinen Text.", Reason.NO_TEXT)
    root = build_outline(blocks, titles)
    front = front_matter(entry, raw, blocks)
    builder = ItemBuilder(entry.id, front.title, front.kind, root, blocks, pages, titles)
    draft = builder.build()
    opening = "\n\n".join(block.text for block in root.blocks[:10])
    items, warnings = complete(builder, draft, text, opening)
    if not items:
        raise Rejected("Die Datei enthält außer Verzeichnissen keinen Text.", Reason.NO_TEXT)
    items, families = with_families(items, blocks, draft.lists, [builder.page_of(block.start)[0] for block in blocks])
    passages = [*draft.passages, *swept(blocks, draft.passages, items, builder.owners)]
    chunks = cut_chunks(entry.id, text, passages)
    document = Document(
        id=entry.id,
        title=front.title,
        publisher=front.publisher,
        kind=front.kind,
        status=front.status,
        digest=source.digest,
        file_name=source.name,
        text=text,
        as_of=front.as_of,
        language=entry.language,
        source_url=entry.source_url,
        sample=entry.sample,
        pages=pages,
        warnings=(*raw.warnings, *notices(raw), *warnings),
        families=families,
        coverage=measured(raw, blocks, chunks),
        front=front.facts,
        series=entry.series,
        replaces=entry.replaces,
        valid_until=entry.valid_until,
    )
    return ParsedDocument(document=document, items=tuple(items), chunks=chunks)


def _load(source: Source, progress: Callable[[float], None] | None, limits: ReadingLimits) -> RawDocument:
    if source.suffix == ".pdf":
        return read_pdf(source.content, limits, progress)
    return read_text(source.content, markdown=source.suffix in _MARKDOWN)
