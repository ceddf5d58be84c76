"""One file becomes one parsed document: lines, furniture, blocks, sections, items, chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ingest.blocks import Block, assemble, build_blocks
from ingest.check import borne_out
from ingest.chunks import cut_chunks, measured, swept
from ingest.contents import mark_contents, with_bookmarks
from ingest.errors import Reason, Rejected
from ingest.extractors.fields import arrange
from ingest.extractors.forms import join_split_labels, open_sheet_tables, part_label_rows, part_run_in
from ingest.extractors.items import ItemBuilder
from ingest.extractors.paper import SheetLayout
from ingest.extractors.sections import build_sections
from ingest.extractors.sheets import find_sheets
from ingest.extractors.tables import archive_rows, mark_listed, witnesses
from ingest.families import Told, with_families
from ingest.front_matter import FrontMatter, front_matter
from ingest.layout.docx import read_docx
from ingest.layout.furniture import mark_furniture
from ingest.layout.html import read_html, read_markdown
from ingest.layout.lines import RawDocument
from ingest.layout.pdf import read_pdf
from ingest.layout.running_heads import lift_running_numbers
from ingest.layout.text import read_text
from ingest.limits import ReadingLimits
from ingest.merging import archived, merge, rename
from ingest.plan.form import ReadingPlan, dump_plan, with_kinds
from ingest.plan.induce import induce
from ingest.plan.words import stated_counts
from ingest.register import RegisterEntry
from ingest.sources import Source
from ingest.unfuse import unfuse
from ingest.unread import not_understood, stated
from ingest.values.items import with_values
from ingest.verbatim import PrintedText
from prompts import say
from vectorstore.records import Document, ParsedDocument

_OPENING = 10  # blocks of the title page
_MARKDOWN = {".md", ".markdown"}
_HTML = {".html", ".htm"}
_OF_PAGES = ("without_text", "hidden", "hidden_on", "recognised", "unchecked")


def read_source(
    entry: RegisterEntry,
    source: Source,
    progress: Callable[[float], None] | None = None,
    limits: ReadingLimits | None = None,
) -> ParsedDocument:
    """Read one document from its bytes; raises Rejected with the reason where it cannot be one or is too much."""
    raw = _load(source, progress, limits or ReadingLimits())
    plan = _prepared(raw, entry)
    laid = _laid_out(raw, plan)
    text, pages = assemble(laid.blocks, raw.page_count, raw.labels)
    if not text:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    front = front_matter(entry, raw, laid.blocks)
    root = build_sections(laid.blocks, laid.titles, laid.layout, front.kind)
    builder = ItemBuilder(entry.id, front.title, front.kind, root, laid.blocks, pages, laid.titles, plan)
    draft = builder.build()
    opening = "\n\n".join(block.text for block in root.blocks[:_OPENING])
    merged = merge(builder, draft, draft.items, witnesses(draft.lists, plan, stated_counts(text)))
    merged.items = [*merged.items, *archived(builder, draft, archive_rows(draft.archives), merged.items)]
    merged.items = with_values(merged.items, text, opening)
    (limits or ReadingLimits()).check_items(len(merged.items))
    if not merged.items:
        raise Rejected(say("reading.only_contents"), Reason.NO_TEXT)
    merged.items, renamed = borne_out(merged.items, PrintedText(text, pages), builder.keys)
    rename(builder, draft, renamed)
    placed = [(block, builder.page_of(block.start)[0]) for block in laid.blocks]
    layout, strange = laid.layout, not_understood(merged.items, placed, plan, draft.lists)
    told = Told(merged.listings, stated(placed), layout.listed, layout.shapes, layout.surplus, strange)
    items, families = with_families(merged.items, told)
    passages = [*draft.passages, *swept(laid.blocks, draft.passages, items, builder.owners)]
    chunks = cut_chunks(entry.id, text, passages)
    document = replace(
        _described(entry, source, front),
        text=text,
        pages=pages,
        warnings=(*raw.warnings, *notices(raw)),
        families=families,
        coverage=measured(raw, laid.blocks, chunks),
        plan=dump_plan(plan),
    )
    return ParsedDocument(document=document, items=tuple(items), chunks=chunks)


@dataclass(frozen=True, slots=True)
class _Laid:
    """A document's blocks, the titles that its contents list, and its records where it is read by its plan."""

    blocks: list[Block]
    titles: list[str]
    layout: SheetLayout


def _prepared(raw: RawDocument, entry: RegisterEntry) -> ReadingPlan:
    """Mark furniture and lists, bring lines into forms that are known, and return the plan of the document."""
    if not raw.framed:
        mark_furniture(raw)
        lift_running_numbers(raw)
    open_sheet_tables(raw)
    mark_listed(raw)
    join_split_labels(raw)
    part_label_rows(raw)
    plan = with_kinds(induce(raw), entry.choices)
    part_run_in(raw, plan)
    return plan


def _laid_out(raw: RawDocument, plan: ReadingPlan) -> _Laid:
    """Return the blocks of a document, with the contents that it lists and the sheets that the plan found."""
    layout = find_sheets(raw, plan)
    if layout.sheets:
        arrange(raw, layout, plan)
    blocks = build_blocks(raw)
    titles = mark_contents(blocks)
    if not layout.sheets:
        blocks = unfuse(blocks, titles)
    return _Laid(with_bookmarks(blocks, raw.bookmarks), titles, layout)


def _described(entry: RegisterEntry, source: Source, front: FrontMatter) -> Document:
    """Return what is known of a document before its text."""
    return Document(
        id=entry.id,
        title=front.title,
        publisher=front.publisher,
        kind=front.kind,
        status=front.status,
        digest=source.digest,
        file_name=source.name,
        text="",
        as_of=front.as_of,
        language=entry.language,
        source_url=entry.source_url,
        sample=entry.sample,
        front=front.facts,
        series=entry.series,
        replaces=entry.replaces,
        valid_until=entry.valid_until,
    )


def _load(source: Source, progress: Callable[[float], None] | None, limits: ReadingLimits) -> RawDocument:
    if source.suffix == ".pdf":
        raw = read_pdf(source.content, limits, progress)
    elif source.suffix in _HTML:
        raw = read_html(source.content, limits)
    elif source.suffix == ".docx":
        raw = read_docx(source.content, limits)
    else:
        raw = read_markdown(source.content, limits) if source.suffix in _MARKDOWN else read_text(source.content)
    limits.check(raw)
    return raw


def is_of_pages(warning: str) -> bool:
    """Tell whether a warning of a document names pages that somebody should look at."""
    return warning.startswith(tuple(say(f"reading.{name}").partition("{")[0].rstrip(" (") for name in _OF_PAGES))


def notices(raw: RawDocument) -> Iterator[str]:
    """Yield a sentence each for hidden text, recognised text and pages that could not be checked."""
    if (hidden := raw.hidden.total()) and raw.page_count:
        yield say("reading.hidden_on", pages=_in_words(raw.hidden), count=hidden)
    elif hidden:
        yield say("reading.hidden", count=hidden)
    if raw.recognised:
        yield say("reading.recognised", pages=_in_words(raw.recognised))
    if raw.unchecked:
        yield say("reading.unchecked", pages=_in_words(raw.unchecked))


def _in_words(numbers: Iterable[int]) -> str:
    """Return pages (from 0) as people say them (from 1): "Seite 3", "den Seiten 1, 3 und 5-9"."""
    runs: list[list[int]] = []
    for number in sorted({number + 1 for number in numbers}):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [part for run in runs for part in ([f"{run[0]}-{run[-1]}"] if len(run) > 2 else map(str, run))]
    *first, last = parts
    if not first and "-" not in last:
        return say("reading.page", number=last)
    return say("reading.pages", numbers=say("reading.and_last", numbers=", ".join(first), last=last) if first else last)
