"""A trial: what else in a document looks like the records that a person points at. Nothing is
stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from ingest.document_parser import read_layout
from ingest.errors import Rejected
from ingest.layout.pdf import page_size
from ingest.limits import ReadingLimits
from ingest.readers.looks import RecordExample
from ingest.readers.rule_reader import make_family_reader
from ingest.sources import load_source
from ingest.stream import Box
from vectorstore.processes import Channel, LimitedProcess, ProcessLimits
from vectorstore.records import ProposedRecord

_SECONDS = 25.0  # of a trial, which somebody waits for


class TrialLine(NamedTuple):
    """A line of a page by its number, from 0, in the document; `box` is `NO_BOX` where it has no
    place.
    """

    number: int
    text: str
    box: Box


class Trial(NamedTuple):
    """The lines of a page of a document with so many `pages`, the examples so far, and all records
    that look like them; `size` is that of the page in points, None where it is no PDF's.
    """

    pages: int
    lines: tuple[TrialLine, ...]
    examples: tuple[RecordExample, ...]
    records: tuple[ProposedRecord, ...]
    size: tuple[float, float] | None


class TrialRequest(NamedTuple):
    """The file at `path`, the page (from 1) whose lines are shown, the examples so far, and the
    index of the `line` that is a further one (None for none).
    """

    path: Path
    page: int
    examples: tuple[RecordExample, ...] = ()
    line: int | None = None


_TRIAL = TypeAdapter(Trial)


def run_trial(request: TrialRequest, limits: ReadingLimits) -> Trial | None:
    """Try examples in a limited process; None if the file cannot be read in time."""
    bounds = ProcessLimits(_SECONDS, limits.memory_bytes, writes=True)
    result = LimitedProcess(try_examples, (request, limits), bounds).result()
    return _TRIAL.validate_json(result) if isinstance(result, bytes) and result else None


def try_examples(order: tuple[TrialRequest, ReadingLimits], channel: Channel) -> bytes:
    """Return the outcome of a trial as JSON, b"" if the file cannot be read; in its own process."""
    request, limits = order
    try:
        source = load_source(request.path, limits.file_bytes)
        layout = read_layout(source, None, limits)
        is_pdf = source.suffix == ".pdf"
        size = page_size(source.content, request.page) if is_pdf else None
    except Rejected:
        return b""
    reader = make_family_reader(layout, "")
    lines = reader.document.lines
    examples = list(request.examples)
    if request.line is not None and request.line < len(lines):
        examples.append(reader.example_at(request.line))
    shown = [
        TrialLine(index, line.text, line.box)
        for index, line in enumerate(lines)
        if line.page + 1 == request.page and line.text.strip()
    ]
    pages = max((line.page for line in lines), default=0) + 1
    examples = _distinct(examples)
    return _TRIAL.dump_json(
        Trial(pages, tuple(shown), tuple(examples), reader.find_like(examples), size)
    )


def _distinct(examples: Sequence[RecordExample]) -> list[RecordExample]:
    by_name = {example.name: example for example in reversed(examples)}
    return list(reversed(by_name.values()))
