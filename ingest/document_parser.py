"""Reads one file into a parsed document: layout, text, claims, items and chunks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from importlib import import_module
from itertools import groupby
from textwrap import shorten

from ingest.added_records import add_records
from ingest.chunks import measure_coverage
from ingest.errors import Reason, Rejected
from ingest.items import build_document
from ingest.layout.furniture import drop_furniture
from ingest.layout.runs import RunRole, count_by_page
from ingest.limits import ReadingLimits
from ingest.metadata import find_metadata, find_source_url
from ingest.readers.lexicon import field_of_label
from ingest.readers.rule_reader import SimpleReading, read_simple
from ingest.register import DOCUMENT_FIELDS, RegisterEntry
from ingest.rendering import BlockKind
from ingest.rival_claims import drop_rivals
from ingest.sources import Source
from ingest.stream import Layout, split_where
from ingest.values.statements import is_plausible
from prompts import imitates_service, say
from vectorstore import FORMATS_BY_SUFFIX, FileFormat
from vectorstore.language import collapse_spaces, sentence_spans
from vectorstore.records import Document, ParsedDocument, Scan, StruckText

_LONGEST_EXAMPLE = 120  # characters of a sentence in a warning
_MAX_LABELS = 5  # named in a warning


def read_source(
    entry: RegisterEntry,
    source: Source,
    progress: Callable[[float], None] | None = None,
    limits: ReadingLimits | None = None,
    count: Callable[[int, int], None] | None = None,
) -> ParsedDocument:
    """Read one document from its bytes; raises Rejected if it cannot be read or exceeds a limit.

    `progress` is called with the share of pages read, 0 to 1. `count` is called with the number of
    pages and the number of those recognised from their picture: once at the beginning, and before
    each page that is recognised.
    """
    limits = limits or ReadingLimits()
    return parse_layout(entry, source, read_layout(source, progress, limits, count), limits)


def parse_layout(
    entry: RegisterEntry, source: Source, layout: Layout, limits: ReadingLimits
) -> ParsedDocument:
    """Return the parsed document of a layout; raises Rejected without text or with too many items.

    The records that staff added are among its claims, where the document still has them.
    """
    title = entry.title or layout.metadata.get("title") or entry.file_title
    simple = read_simple(layout, title, entry.choices.looks)
    text = simple.rendering.text
    if not text:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    document = _make_document(entry, source, layout, simple)
    claims = drop_rivals(add_records(simple.claims, entry.choices.items, document))
    contents = [block.span for block in simple.rendering.blocks if block.kind is BlockKind.CONTENTS]
    parsed = build_document(document, claims, contents)
    limits.check(Reason.TOO_MANY_ITEMS, len(parsed.items))
    if not parsed.items:
        raise Rejected(say("reading.only_contents"), Reason.NO_TEXT)
    warnings = (*parsed.document.warnings, *_doubtful_fields(parsed))
    listed = [text[slice(*span)] for span in contents]
    coverage = measure_coverage(layout, listed, parsed.chunks)
    document = replace(parsed.document, coverage=coverage, warnings=warnings)
    return replace(parsed, document=document)


def read_layout(
    source: Source,
    progress: Callable[[float], None] | None,
    limits: ReadingLimits,
    count: Callable[[int, int], None] | None = None,
) -> Layout:
    """Return the layout of a file, whose suffix decides how it is read.

    Page headers and footers are separated from the lines. `progress` and `count` are called for the
    pages of a PDF, as in `read_source`; other formats have no pages to report. Raises Rejected for
    a file that cannot be read or exceeds a limit.
    """
    reader = _load_reader(FORMATS_BY_SUFFIX[source.suffix])
    if source.suffix == ".pdf":  # the only one with pages to report
        layout = reader(source.content, limits, progress, count)
    else:
        layout = drop_furniture(reader(source.content, limits))
    limits.check_layout(layout)
    return layout


def _load_reader(file_format: FileFormat) -> Callable[..., Layout]:
    """Return the function that reads files of a format.

    The format names it as "module:function". Its module is imported only now, so that the libraries
    of other formats are not loaded.
    """
    module, name = file_format.reader.split(":")
    reader: Callable[..., Layout] = getattr(import_module(module), name)
    return reader


def _make_document(
    entry: RegisterEntry, source: Source, layout: Layout, simple: SimpleReading
) -> Document:
    """Return the document with its text and metadata, without records.

    The address from which it was taken is that of the register, else the one that the file states.
    """
    registered = {name: getattr(entry, name) for name in DOCUMENT_FIELDS}
    registered["source_url"] = entry.source_url or find_source_url(layout)
    return Document(
        id=entry.id,
        **find_metadata(entry, layout, simple.rendering),
        **registered,
        digest=source.digest,
        file_name=source.name,
        text=simple.rendering.text,
        pages=simple.rendering.pages,
        rows=simple.rows,
        warnings=(
            *layout.warnings,
            *_notices(layout),
            *_warn_of_voice(simple.rendering.text),
            *simple.refused,
        ),
        scans=tuple(Scan(number + 1, rows) for number, rows in layout.scans.items()),
        struck=tuple(_struck_texts(layout)),
        proposed=simple.proposed,
    )


def _doubtful_fields(parsed: ParsedDocument) -> Iterator[str]:
    """Yield a German warning on the fields whose texts cannot be what their labels mean.

    In a table whose columns are shifted, "Amt 61" may stand below "Zeitraum". Such a field has lost
    its meaning already (`Field.field` is None), so its label is looked up again. The warning names
    the most frequent labels, each with the number of such fields.
    """
    labels: Counter[str] = Counter()
    for item in parsed.items:
        for field in item.fields:
            if field.field is None and not is_plausible(field_of_label(field.label), field.text):
                labels[field.label] += 1
    if labels:
        names = ", ".join(f"{label} ({count})" for label, count in labels.most_common(_MAX_LABELS))
        yield say("reading.doubtful_fields", names=names)


def _struck_texts(layout: Layout) -> Iterator[StruckText]:
    """Yield the struck texts of a file, joined to a single text for each page.

    Pages count from 1 here; in a file without pages there is one text, with None as page.
    """
    struck = [run for run in layout.runs if run.role is RunRole.STRUCK]
    for page, runs in groupby(struck, key=lambda run: run.page):
        text = collapse_spaces(" ".join(run.text for run in runs))
        yield StruckText(text, page + 1 if layout.page_count else None)


def _notices(layout: Layout) -> Iterator[str]:
    """Yield German warnings on the text of a file.

    They are on struck and hidden text, on pages whose text was recognised (OCR) by us or in the
    file, and on pages that could not be checked for hidden text.
    """
    for role in (RunRole.STRUCK, RunRole.HIDDEN):
        counts = count_by_page(layout.runs, role)
        total = sum(counts.values())
        if total and layout.page_count:
            yield say(f"reading.{role}_on", pages=_pages_in_words(counts), count=total)
        elif total:
            yield say(f"reading.{role}", count=total)
    if layout.scans:
        doubtful = sum(rows.count(say("reading.illegible")) for rows in layout.scans.values())
        yield say("reading.scanned", pages=_pages_in_words(layout.scans), doubtful=doubtful)
    if layout.recognised:
        yield say("reading.recognised", pages=_pages_in_words(layout.recognised))
    if layout.unchecked:
        yield say("reading.unchecked", pages=_pages_in_words(layout.unchecked))


def _warn_of_voice(text: str) -> Iterator[str]:
    """Yield a German warning if a text has words that only the service may say.

    People could take such a text for a statement of the service. The warning quotes the first of
    these sentences.
    """
    sentences: list[str] = []
    for printed in text.split("\n\n"):
        paragraph = collapse_spaces(printed)
        if imitates_service(paragraph):
            spans = sentence_spans(paragraph)
            sentences += filter(imitates_service, (paragraph[slice(*span)] for span in spans))
    if sentences:
        first = shorten(sentences[0], _LONGEST_EXAMPLE, placeholder=" …")
        yield say("reading.imitates_service", count=len(sentences), first=first)


def _pages_in_words(numbers: Iterable[int]) -> str:
    """Return page numbers (from 0) as German words (from 1): "Seite 3", "den Seiten 1, 3 und
    5-9".
    """
    ranges = _page_ranges(number + 1 for number in numbers)
    first, comma, last = ranges.rpartition(", ")
    if comma:
        ranges = say("reading.and_last", numbers=first, last=last)
    elif "-" not in ranges:
        return say("reading.page", number=ranges)
    return say("reading.pages", numbers=ranges)


def _page_ranges(numbers: Iterable[int]) -> str:
    """Return page numbers as a text with ranges: "3, 5-9". Two pages in a row are no range but "5,
    6".
    """
    ranges: list[str] = []
    for run in split_where(sorted(set(numbers)), lambda run, number: number > run[-1] + 1):
        if len(run) > 2:
            ranges.append(f"{run[0]}-{run[-1]}")
        else:
            ranges += map(str, run)
    return ", ".join(ranges)
