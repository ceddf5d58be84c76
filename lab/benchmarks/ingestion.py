"""How long ingesting takes beside pypdf's bare extraction of the same files."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from pypdf import PdfReader

from ingest import IngestRequest, ReadingLimits, run_ingest
from ingest.register import load_register
from lab.benchmarks.measured import (
    READ_SECONDS,
    Options,
    circumstances,
    ratio,
    register,
    say,
    table,
)
from vectorstore import EditionStore

_MOST = 6  # papers that are measured, the longest first


class Paper(NamedTuple):
    """A PDF: pages, seconds of pypdf alone, and of ingesting in the same process."""

    pages: int
    bare: float
    ingest: float


def measure(options: Options) -> str:
    """Read the PDF files of the corpus both ways in turns."""
    load, (corpus, called) = os.getloadavg()[0], register()
    files = sorted(
        (item.file for item in load_register(corpus).entries if item.file.suffix == ".pdf"),
        key=_length,
    )
    documents = [_upload(path, options.rounds) for path in files[::-1][:_MOST]]
    return text(documents, called, load)


def text(papers: Sequence[Paper], called: str, load: float) -> str:
    """The section."""
    heads = ("pages", "pypdf alone", "ingest", "ratio")
    bare, whole = (
        sum(document.bare for document in papers),
        sum(document.ingest for document in papers),
    )
    return "\n\n".join(
        (
            f"The PDF files of {called}. pypdf alone extracts the text of every page; *ingest* in the same process "
            "reads lines, tables and records, checks them, embeds, publishes and reads back. Each alone into an empty "
            "folder, in turns, the best of some rounds.",
            table(heads, [_row(document) for document in papers]),
            f"All together: {whole:.1f} s beside {bare:.1f} s, **{ratio(whole, bare)} times** pypdf alone.",
            circumstances(load),
        )
    )


def _row(document: Paper) -> tuple[str, ...]:
    return (
        str(document.pages),
        f"{document.bare:.2f} s",
        f"{document.ingest:.2f} s",
        ratio(document.ingest, document.bare),
    )


def _length(path: Path) -> int:
    return len(PdfReader(path).pages)


def _upload(path: Path, rounds: int) -> Paper:
    pages = _length(path)
    say(f"ingestion: {pages} pages")
    bare, ingested = [], []
    for _ in range(rounds):
        bare.append(_seconds(lambda: _extract(path)))
        ingested.append(_seconds(lambda: _ingest(path)))
    return Paper(pages, min(bare), min(ingested))


def _extract(path: Path) -> None:
    for page in PdfReader(path).pages:
        page.extract_text()


def _ingest(path: Path) -> None:
    with TemporaryDirectory() as folder:
        request = IngestRequest((path,), limits=ReadingLimits(seconds=READ_SECONDS))
        assert run_ingest(request, EditionStore(Path(folder))).exit_code == 0


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
