"""The ingestion job: files in, one edition out, and a report that names the state of every file."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ingest.cache import ParsedCache
from ingest.errors import Rejected
from ingest.keeping import KeptDocuments
from ingest.reading import chosen_file, read_document
from ingest.register import RegisterEntry, entries_for_paths, load_register, printable, unreadable, unregistered
from ingest.report import FileReport, FileState, IngestReport
from vectorstore.editions import EditionStore
from vectorstore.errors import NothingIngested
from vectorstore.records import ParsedDocument

Progress = Callable[[str, float], None]
_READING = 0.5  # share of the progress that reading takes; the rest is building the edition
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What to ingest: a register, or files and folders; `add` keeps the documents that are there already."""

    paths: tuple[Path, ...] = ()
    manifest: Path | None = None
    add: bool = False
    prefer_text: bool = False


def run_ingest(
    request: IngestRequest, store: EditionStore, progress: Progress = lambda step, share: None
) -> IngestReport:
    """Read, build and publish.

    Raises RegisterError for a wrong register, WriterBusy, and what building an edition raises; a file that cannot be
    read is reported and never stops the others. Where no file at all can be read, the old edition stays.
    """
    started = time.monotonic()
    entries = load_register(request.manifest) if request.manifest else entries_for_paths(request.paths)
    left = unregistered(request.manifest, entries) if request.manifest else unreadable(request.paths)
    with store.writing():
        cache = ParsedCache(store.root / "cache" / "parsed")
        read = _read_all(entries, request, cache, progress)
        parsed = [document for _, document in read if document is not None]
        ids = {document.document.id for document in parsed}
        kept = _kept(store, ids) if request.add else KeptDocuments()
        report = IngestReport(tuple(file for file, _ in read), tuple(printable(str(path)) for path in left))
        edition, changed = store.current_name(), False
        if parsed:
            result = store.publish(
                [*kept.parsed, *parsed],
                report=report.contents(kept.files),
                progress=_second_half(progress),
                originals={**kept.originals, **_originals([entry for entry in entries if entry.id in ids], request)},
            )
            edition, changed = result.name, result.changed
            cache.keep_only({document.document.id for document in (*kept.parsed, *parsed)})
    return IngestReport(report.files, report.left, edition, changed, round(time.monotonic() - started, 3))


def _read_all(
    entries: Sequence[RegisterEntry], request: IngestRequest, cache: ParsedCache, progress: Progress
) -> list[tuple[FileReport, ParsedDocument | None]]:
    results = []
    for number, entry in enumerate(entries):

        def tell(share: float, number: int = number, name: str = printable(entry.file.name)) -> None:
            progress(f"Lesen: {name}", _READING * (number + share) / len(entries))

        tell(0.0)
        results.append(_read_one(entry, request.prefer_text, cache, tell))
    return results


def _read_one(
    entry: RegisterEntry, prefer_text: bool, cache: ParsedCache, tell: Callable[[float], None]
) -> tuple[FileReport, ParsedDocument | None]:
    started = time.monotonic()
    path = chosen_file(entry, prefer_text)
    try:
        parsed = cache.get(entry, path) if path.is_file() else None
        cached = parsed is not None
        if parsed is None:
            parsed = read_document(entry, prefer_text=prefer_text, progress=tell)
            cache.put(entry, path, parsed)
    except Rejected as rejection:
        return _rejected(entry, path, rejection.reason, started), None
    except Exception as error:  # a fault of the reader must cost one file, and be seen, not the whole run
        _logger.exception("reading %s failed", printable(path.name))
        return _rejected(
            entry, path, f"Unerwarteter Fehler beim Lesen ({type(error).__name__}: {error}).", started
        ), None
    return FileReport.of(printable(path.name), parsed, cached=cached, seconds=time.monotonic() - started), parsed


def _rejected(entry: RegisterEntry, path: Path, reason: str, started: float) -> FileReport:
    seconds = round(time.monotonic() - started, 3)
    return FileReport(printable(path.name), entry.id, FileState.REJECTED, reason=reason, seconds=seconds)


def _originals(entries: Sequence[RegisterEntry], request: IngestRequest) -> dict[str, Path]:
    """Return each document's original: the registered file, where it is lost the rendering that was read."""
    candidates = {entry.id: (entry.file, chosen_file(entry, request.prefer_text)) for entry in entries}
    found = {name: [path for path in paths if os.access(path, os.R_OK)] for name, paths in candidates.items()}
    return {name: paths[0] for name, paths in found.items() if paths}


def _kept(store: EditionStore, replaced: Collection[str]) -> KeptDocuments:
    try:
        with closing(store.open()) as edition:
            return KeptDocuments.of(edition, replaced)
    except NothingIngested:
        return KeptDocuments()


def _second_half(progress: Progress) -> Progress:
    return lambda step, share: progress(step, _READING + (1 - _READING) * share)
