"""The ingestion job: files in, one edition out, and a report that names the state of every file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

from ingest.before import KeptDocuments, questions_for, registered_questions, stored_entries
from ingest.cache import ParsedCache
from ingest.choices import with_choices
from ingest.errors import Reason, Rejected, WouldRemove
from ingest.files import LeftFile, entries_for_files, found_among, unregistered
from ingest.limits import ReadingLimits
from ingest.readers.model.building import with_reading
from ingest.readings import with_metadata
from ingest.register import Register, RegisterEntry, load_register
from ingest.report import CorrectionReport, FileReport, IngestReport
from ingest.sources import Copy, load_source, printable, private_folder, put_aside
from ingest.workers import Outcome, Task, read_all
from prompts import say
from vectorstore.amending.form import Amendments
from vectorstore.catalogue import Catalogue
from vectorstore.disk import full_disk_told
from vectorstore.drafts import DraftOf
from vectorstore.editions import EditionStore, PublishResult
from vectorstore.errors import StoreError
from vectorstore.kept_texts import Texts
from vectorstore.records import ParsedDocument, load_parsed

Progress = Callable[[str, float], None]
_COPYING, _READING = 0.05, 0.5  # shares of the progress after which files are copied and read; then comes building
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What to ingest: a register, or files and folders, and how.

    `add` keeps the documents that are there already, `replace` says that those may go which are not named; `dry_run`
    reads and reports, and publishes nothing. At most `jobs` files are read at a time, one per core if None. `answers`
    are the parts of the front matter that people gave, by document id and name of the part. `again` reads the originals
    that the current edition keeps, instead of files that are named; only those of `only`, where it names any. `draft`
    publishes nothing and leaves the edition as a draft; `base` is a draft to go on from in place of the current
    edition, and the new draft takes its place.
    """

    paths: tuple[Path, ...] = ()
    manifest: Path | None = None
    add: bool = False
    replace: bool = False
    dry_run: bool = False
    prefer_text: bool = False
    limits: ReadingLimits = field(default_factory=ReadingLimits)
    jobs: int | None = None
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    again: bool = False
    only: tuple[str, ...] = ()
    draft: bool = False
    base: str | None = None


@dataclass(slots=True)
class _File:
    """One file on its way: what is registered of it, copies of its rendering and its original, what became of it."""

    entry: RegisterEntry
    path: Path
    copy: Copy | None = None
    original: Copy | None = None
    parsed: ParsedDocument | None = None
    report: FileReport | None = None


def run_ingest(
    request: IngestRequest,
    store: EditionStore,
    progress: Progress = lambda step, share: None,
) -> IngestReport:
    """Read, build and publish.

    Raises RegisterError for a wrong register or table of questions, WouldRemove where documents would go unasked,
    WriterBusy, NoMemory, and what building an edition raises; a file that cannot be read is reported and never stops
    the others. Where no file at all can be read, the old edition stays; where a document's new file cannot be read, its
    old version stays.
    """
    started = monotonic()
    register, left = _named(request, store)
    table = registered_questions(register.questions)
    entries = [one.with_answers(request.answers.get(one.id, {})) for one in register.entries]
    most = request.limits.of_all(len(entries) + len(store.document_ids()))
    with store.writing(), private_folder(store.root) as folder, most:
        amendments = store.amendments()
        if request.base is not None:
            store.require_draft(request.base)
        present = store.document_ids(request.base)
        named = {*(one.id for one in entries), *(one.id for one in register.rejected)}
        going = () if request.add else tuple(name for name in present if name not in named)
        if going and not (request.replace or request.dry_run):
            raise WouldRemove(going)
        before = [parsed.document for parsed in _present(store, request.base)]
        entries = with_metadata(with_choices(entries, store.texts, before), store.texts)
        files = [_File(entry, entry.rendering(request.prefer_text)) for entry in entries]
        cache = ParsedCache(store.root)
        with full_disk_told(store.root):
            _read(files, folder, cache, request, progress)
        _read_by_model(files, store.texts)
        kept = _kept(store, set(present) - {*going, *_parsed(files)}, request)
        next_ones = [*kept.parsed, *_parsed(files).values()]
        catalogue = Catalogue.of(next_ones).amended(amendments)
        items = ((item.document_id, item.key) for item in catalogue.items)
        report = IngestReport(
            _told(files, register, kept.ids),
            left,
            going=going,
            dry_run=request.dry_run,
            questions=questions_for(items, store, table),
            corrections=CorrectionReport.of(catalogue.outcomes, []),
        )
        edition, changed = request.base or store.current_name(), False
        if _parsed(files) and not request.dry_run:
            result = _publish(store, files, kept, report, request, progress, amendments)
            edition, changed = result.name, result.changed
            if not request.draft:
                cache.keep_only({*kept.ids, *_parsed(files)})
        is_draft = edition in store.drafts()
    return replace(report, edition=edition, changed=changed, draft=is_draft, seconds=round(monotonic() - started, 3))


def _present(store: EditionStore, name: str | None = None) -> list[ParsedDocument]:
    """Return the documents of the named or current edition; none where it cannot be read."""
    try:
        with closing(store.open(name)) as edition:
            return edition.catalogue.parsed()
    except StoreError:
        return []


def _named(request: IngestRequest, store: EditionStore) -> tuple[Register, tuple[LeftFile, ...]]:
    """Return an entry for every document that the request names, and the files that are left."""
    if request.again:
        stored = stored_entries(store, request.base)
        return Register(tuple(one for one in stored if not request.only or one.id in request.only)), ()
    if request.manifest:
        register = load_register(request.manifest)
        return register, unregistered(request.manifest, register)
    found = found_among(request.paths)
    return Register(tuple(entries_for_files(found.files))), found.left


def _read(files: Sequence[_File], folder: Path, cache: ParsedCache, request: IngestRequest, progress: Progress) -> None:
    """Copy every file, and read those that were not read before."""
    for number, file in enumerate(files):
        progress(say("reading.copying", name=printable(file.path.name)), _COPYING * number / len(files))
        _copy(file, folder, number, cache, request.limits)
    tasks = {Task(file.entry, file.copy): file for file in files if file.copy and not file.parsed}
    shares = dict.fromkeys(tasks, 0.0)

    def tell(task: Task, share: float) -> None:
        shares[task] = max(shares[task], share)
        done = (len(files) - len(tasks) + sum(shares.values())) / len(files)
        progress(say("reading.reading", name=task.copy.name), _COPYING + (_READING - _COPYING) * done)

    for outcome in read_all(list(tasks), request.limits, request.jobs, tell):
        tell(outcome.task, 1.0)
        _take(outcome, tasks[outcome.task], cache)


def _copy(file: _File, folder: Path, number: int, cache: ParsedCache, limits: ReadingLimits) -> None:
    """Put a file's rendering and original aside; take its parsed document where it was read before."""
    began = monotonic()
    try:
        source = load_source(file.path, limits.file_bytes)
        file.copy = put_aside(replace(source, name=file.entry.name or source.name), folder, f"{number}")
    except Rejected as rejection:
        file.report = FileReport.of_rejected(file.path, file.entry.id, rejection, monotonic() - began)
        return
    file.original = file.copy
    if file.entry.file != file.path:
        with suppress(Rejected):  # where the registered original is lost, the rendering is kept instead
            file.original = put_aside(load_source(file.entry.file, limits.file_bytes), folder, f"{number}-original")
    file.parsed = cache.get(file.entry, file.copy)
    if file.parsed:
        file.report = FileReport.of(file.path, file.parsed, cached=True, seconds=monotonic() - began)


def _take(outcome: Outcome, file: _File, cache: ParsedCache) -> None:
    """Note what became of a file that was read."""
    task, result = outcome.task, outcome.result
    if isinstance(result, bytes):
        try:
            file.parsed = load_parsed(result)
        except ValueError:
            result = Rejected(say("reading.useless"), Reason.READER_FAILED)
        else:
            cache.put(task.entry, task.copy, result)
            file.report = FileReport.of(file.path, file.parsed, cached=False, seconds=outcome.seconds)
    if isinstance(result, Rejected):
        _logger.warning("%s rejected: %s", task.copy.name, result.code)
        file.report = FileReport.of_rejected(file.path, task.entry.id, result, outcome.seconds)


def _read_by_model(files: Sequence[_File], texts: Texts) -> None:
    """Put the records that a model read in place of those of the simple reader, where a reading is kept."""
    for file in files:
        if file.parsed is not None and file.report is not None:
            file.parsed = with_reading(file.parsed, texts, file.entry.choices)
            told = file.report
            file.report = FileReport.of(file.path, file.parsed, cached=told.cached, seconds=told.seconds)


def _parsed(files: Sequence[_File]) -> dict[str, ParsedDocument]:
    return {file.entry.id: file.parsed for file in files if file.parsed}


def _kept(store: EditionStore, ids: Collection[str], request: IngestRequest) -> KeptDocuments:
    """Return the documents of the edition before that stay; an unreadable edition keeps none but those asked for."""
    if not ids:
        return KeptDocuments()
    try:
        with closing(store.open(request.base)) as edition:
            return KeptDocuments.of(edition, edition.catalogue.documents.keys() - ids)
    except StoreError:
        if request.add or request.again:
            raise
        return KeptDocuments()


def _told(files: Sequence[_File], register: Register, kept: Collection[str]) -> tuple[FileReport, ...]:
    """Return what is reported of each file: what it replaces in vain; where it was rejected, whether it stays."""
    known = {*(file.entry.id for file in files), *(one.id for one in register.rejected), *kept}
    replaced = {file.entry.id: file.entry.replaces for file in files}
    told = []
    for one in (*(file.report for file in files if file.report), *map(FileReport.of_entry, register.rejected)):
        other = replaced.get(one.id)
        if other is not None and other not in known and not one.is_rejected:
            one = one.warned(say("reading.replaces_nothing", id=other))
        told.append(replace(one, kept=one.is_rejected and one.id in kept))
    return tuple(told)


def _publish(
    store: EditionStore,
    files: Sequence[_File],
    kept: KeptDocuments,
    report: IngestReport,
    request: IngestRequest,
    progress: Progress,
    amendments: Amendments,
) -> PublishResult:
    base = request.base
    draft = DraftOf(store.current_name()) if base is None else DraftOf(store.base_of(base), instead_of=base)
    return store.publish(
        [*kept.parsed, *_parsed(files).values()],
        report=report.contents(kept.files),
        progress=lambda step, share: progress(step, _READING + (1 - _READING) * share),
        questions=report.questions.kept,
        amendments=amendments,
        originals={
            **kept.originals,
            **{file.entry.id: file.original.path for file in files if file.parsed and file.original},
        },
        draft=draft if request.draft else None,
    )
