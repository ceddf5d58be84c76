"""One file becomes one parsed document: layout, text, claims, items, chunks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from ingest.choices import apply_choices
from ingest.chunks import measure_coverage
from ingest.errors import Reason, Rejected
from ingest.front_matter import FrontMatter, front_matter
from ingest.items import build_document
from ingest.layout.docx import read_docx
from ingest.layout.html import read_html, read_markdown
from ingest.layout.furniture import drop_furniture
from ingest.layout.pdf import read_pdf
from ingest.layout.text import read_text
from ingest.limits import ReadingLimits
from ingest.readers.simple.reader import SimpleReading, read_simple
from ingest.register import RegisterEntry
from ingest.rendering import BlockKind, Rendering
from ingest.sources import Source
from ingest.stream import Layout
from ingest.validation import validate
from prompts import say
from vectorstore.records import Document, ParsedDocument, TableRow

_MARKDOWN = {".md", ".markdown"}
_HTML = {".html", ".htm"}
_OF_PAGES = ("without_text", "hidden", "hidden_on", "recognised", "unchecked")


def read_source(
    entry: RegisterEntry,
    source: Source,
    progress: Callable[[float], None] | None = None,
    limits: ReadingLimits | None = None,
    count: Callable[[int], None] | None = None,
) -> ParsedDocument:
    """Read one document from its bytes; raises Rejected with the reason where it cannot be one or is too much.

    `progress` gets the share of the pages that is read, 0 to 1, `count` their number before they are.
    """
    limits = limits or ReadingLimits()
    layout = read_layout(source, progress, limits, count)
    title = entry.title or entry.file.stem.replace("_", " ").replace("-", " ")
    reading = read_simple(layout, title)
    rendering = reading.rendering
    if not rendering.text:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    front = front_matter(entry, layout, rendering)
    document = replace(
        _describe(entry, source, front),
        text=rendering.text,
        pages=rendering.pages,
        rows=tuple(_table_rows(reading)),
        warnings=(*layout.warnings, *notices(layout)),
    )
    apart = [block.span for block in rendering.blocks if block.kind is BlockKind.CONTENTS]
    claims = apply_choices(reading.claims, entry.choices, document)
    claims = validate(claims, rendering.text, rendering.pages).claims
    parsed = build_document(document, claims, apart)
    limits.check_items(len(parsed.items))
    if not parsed.items:
        raise Rejected(say("reading.only_contents"), Reason.NO_TEXT)
    contents = _contents(rendering)
    coverage = measure_coverage(
        layout.shown, sum(layout.hidden.values()), layout.furniture, contents, parsed.chunks
    )  # fmt: skip
    return replace(parsed, document=replace(parsed.document, coverage=coverage))


def _table_rows(reading: SimpleReading) -> Iterator[TableRow]:
    """Yield the rows of all tables as rendered; what names a group of rows is none."""
    columns = {
        line: (number, column)
        for number, table in enumerate(reading.tables)
        for place, row in enumerate(table.rows) if place not in table.groups
        for column, cell in enumerate(row.cells) for line in cell
    }  # fmt: skip
    for block in reading.rendering.blocks:
        if block.kind is BlockKind.ROW and block.lines[0] in columns:
            cells = dict.fromkeys(columns[line] for line in block.lines)
            yield TableRow(block.span.start, tuple(reading.tables[n].columns[column].header for n, column in cells))


def _contents(rendering: Rendering) -> list[str]:
    blocks = (block for block in rendering.blocks if block.kind is BlockKind.CONTENTS)
    return [rendering.text[block.span.start : block.span.end] for block in blocks]


def read_layout(
    source: Source,
    progress: Callable[[float], None] | None,
    limits: ReadingLimits,
    count: Callable[[int], None] | None = None,
) -> Layout:
    """Return the layout of a file by its kind, page furniture apart."""
    if source.suffix == ".pdf":
        layout = read_pdf(source.content, limits, progress, count)
    elif source.suffix in _HTML:
        layout = read_html(source.content, limits)
    elif source.suffix == ".docx":
        layout = read_docx(source.content, limits)
    elif source.suffix in _MARKDOWN:
        layout = drop_furniture(read_markdown(source.content, limits))
    else:
        layout = drop_furniture(read_text(source.content))
    limits.check_layout(layout)
    return layout


def _describe(entry: RegisterEntry, source: Source, front: FrontMatter) -> Document:
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


def is_of_pages(warning: str) -> bool:
    """True if a warning of a document names pages that somebody should look at."""
    return warning.startswith(tuple(say(f"reading.{name}").partition("{")[0].rstrip(" (") for name in _OF_PAGES))


def notices(layout: Layout) -> Iterator[str]:
    """Yield a sentence each for hidden text, recognised text and pages that could not be checked."""
    if (hidden := sum(layout.hidden.values())) and layout.page_count:
        yield say("reading.hidden_on", pages=_in_words(layout.hidden), count=hidden)
    elif hidden:
        yield say("reading.hidden", count=hidden)
    if layout.recognised:
        yield say("reading.recognised", pages=_in_words(layout.recognised))
    if layout.unchecked:
        yield say("reading.unchecked", pages=_in_words(layout.unchecked))


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
