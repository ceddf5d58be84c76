"""The ingestion job: files in, one edition out, and a report that names the state of every file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any

from ingest.errors import Reason, Rejected, WouldRemove
from ingest.layout.tesseract import find_program
from ingest.limits import ReadingLimits
from ingest.previous import PreviousDocuments, attach_previous, place_questions, stored_entries
from ingest.register import Register, RegisterEntry, entries_for_files, load_register, unregistered
from ingest.report import FileReport, IngestReport
from ingest.sources import Copy, LeftFile, find_files, load_source, printable, private_folder, put_aside
from ingest.workers import Outcome, Task, read_all
from prompts import say
from vectorstore.disk import report_full_disk
from vectorstore.editions import EditionStore, PublishResult
from vectorstore.errors import StoreError
from vectorstore.pointer import DraftOf
from vectorstore.records import ParsedDocument, load_parsed

Progress = Callable[[str, float], None]
READER_VERSION = 22  # raise it when reading changes: documents are read anew
_COPYING, _READING = 0.05, 0.5  # shares of the progress after which files are copied and read; then comes building
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What to ingest: a register, or files and folders, and how.

    `add` keeps the documents that are there already, `replace` says that those may go which are not named; `dry_run`
    reads and reports, and publishes nothing. At most `jobs` files are read at a time, one per core if None. `answers`
    are the parts of the metadata that people gave, by document id and name of the part. `again` reads the originals
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

    @property
    def fingerprint(self) -> str:
        """A digest of everything that a document is read from, wherever its file is."""
        entry = replace(self.entry, file=Path(), text=None)
        reads_scans = self.path.suffix.lower() == ".pdf" and find_program() is not None
        made_of = repr((READER_VERSION, entry, self.copy and (self.copy.name, self.copy.digest), reads_scans))
        return sha256(made_of.encode()).hexdigest()[:32]

    def take(self, result: ParsedDocument | Rejected, seconds: float, *, cached: bool = False) -> None:
        """Note what became of the file."""
        if isinstance(result, Rejected):
            self.report = FileReport.of_rejected(self.path, self.entry.id, result, seconds)
            return
        self.parsed, report = result, FileReport.of(self.path, result, cached=cached, seconds=seconds)
        self.report = replace(report, fingerprint=self.fingerprint)


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
    register, left = _register_of(request, store)
    most = request.limits.of_all(len(register.entries) + len(store.document_ids()))
    with store.writing(), private_folder(store.root) as folder, most:
        if request.base is not None:
            store.require_draft(request.base)
        run = _Run(request, store, register, progress)
        run.read(folder)
        report = replace(run.report(), left=left)
        result = run.publish(report) if run.parsed and not request.dry_run else None
        edition = result.name if result else request.base or store.current_name()
        report = replace(report, edition=edition, changed=bool(result and result.changed))
        is_draft = edition in store.drafts()
    return replace(report, draft=is_draft, seconds=round(monotonic() - started, 3))


def _register_of(request: IngestRequest, store: EditionStore) -> tuple[Register, tuple[LeftFile, ...]]:
    """Return an entry for every document that the request names, and the files that are left."""
    if request.again:
        stored = stored_entries(store, request.base)
        return Register(tuple(entry for entry in stored if not request.only or entry.id in request.only)), ()
    if request.manifest:
        register = load_register(request.manifest)
        return register, unregistered(request.manifest, register)
    result = find_files(request.paths)
    return Register(tuple(entries_for_files(result.files))), result.left


class _Run:
    """One run under the writer's lock. Raises WouldRemove."""

    def __init__(self, request: IngestRequest, store: EditionStore, register: Register, progress: Progress) -> None:
        self._request, self._store, self._register, self._progress = request, store, register, progress
        self._named = {*(entry.id for entry in register.entries), *(entry.id for entry in register.rejected)}
        self._present = store.document_ids(request.base)
        self._going = () if request.add else tuple(name for name in self._present if name not in self._named)
        if self._going and not (request.replace or request.dry_run):
            raise WouldRemove(self._going)
        self._stored_documents = PreviousDocuments()
        self._unreadable: StoreError | None = None
        try:
            with closing(store.open(request.base)) as edition:
                self._stored_documents = PreviousDocuments.of(edition)
        except StoreError as error:
            self._unreadable = error if self._present and (request.add or request.again) else None
        entries = [entry.with_answers(request.answers.get(entry.id, {})) for entry in register.entries]
        entries = attach_previous(entries, store.texts, [parsed.document for parsed in self._stored_documents.parsed])
        self._files = [_File(entry, entry.rendering(request.prefer_text)) for entry in entries]

    @property
    def parsed(self) -> dict[str, ParsedDocument]:
        """The documents that were read, by id."""
        return {file.entry.id: file.parsed for file in self._files if file.parsed}

    def read(self, folder: Path) -> None:
        """Copy every file, read those that were not read before, and take over what stays of the previous edition."""
        with report_full_disk(self._store.root):
            for number, file in enumerate(self._files):
                name = printable(file.path.name)
                self._progress(say("reading.copying", name=name), _COPYING * number / len(self._files))
                self._copy(file, folder, f"{number}")
            self._read_new()
        if self._unreadable and set(self._present) - {*self._going, *self.parsed}:
            raise self._unreadable  # what stays of it is asked for
        self._stored_documents = self._stored_documents.without({*self._going, *self.parsed})

    def _copy(self, file: _File, folder: Path, name: str) -> None:
        """Put a file's rendering and original aside; take its document where it was read from the same before."""
        began, limits = monotonic(), self._request.limits
        try:
            source = load_source(file.path, limits.file_bytes)
            file.original = file.copy = put_aside(replace(source, name=file.entry.name or source.name), folder, name)
        except Rejected as rejection:
            file.take(rejection, monotonic() - began)
            return
        if file.entry.file != file.path:
            with suppress(Rejected):  # where the registered original is lost, the rendering is kept instead
                source = load_source(file.entry.file, limits.file_bytes)
                file.original = put_aside(source, folder, f"{name}-original")
        known = None if self._request.again else self._stored_documents.find(file.entry.id, file.fingerprint)
        if known is not None:
            file.take(known, monotonic() - began, cached=True)

    def _read_new(self) -> None:
        waiting = {file.entry.id: file for file in self._files if file.copy and not file.parsed}
        tasks = [Task(file.entry, file.copy) for file in waiting.values() if file.copy]
        shares = dict.fromkeys(waiting, 0.0)

        def tell(task: Task, share: float) -> None:
            shares[task.entry.id] = max(shares[task.entry.id], share)
            done = (len(self._files) - len(tasks) + sum(shares.values())) / len(self._files)
            self._progress(say("reading.reading", name=task.copy.name), _COPYING + (_READING - _COPYING) * done)

        for outcome in read_all(tasks, self._request.limits, self._request.jobs, tell):
            tell(outcome.task, 1.0)
            result = _load(outcome)
            if isinstance(result, Rejected):
                _logger.warning("%s rejected: %s", outcome.task.copy.name, result.code)
            waiting[outcome.task.entry.id].take(result, outcome.seconds)

    def report(self) -> IngestReport:
        """Return the report of what was read, and of what becomes of questions."""
        items = (
            (i.document_id, i.key)
            for read in (*self._stored_documents.parsed, *self.parsed.values())
            for i in read.items
        )
        questions = place_questions(items, self._store, self._register.questions)
        files = [file.report for file in self._files if file.report]
        files += map(FileReport.of_entry, self._register.rejected)
        return IngestReport(
            tuple(map(self._finish, files)), going=self._going, dry_run=self._request.dry_run, questions=questions
        )

    def _finish(self, report: FileReport) -> FileReport:
        """Return the report of a file with what it replaces in vain; of a rejected one whether its document stays."""
        other = next((file.entry.replaces for file in self._files if file.entry.id == report.id), None)
        if other is not None and other not in self._stored_documents.ids | self._named and not report.is_rejected:
            report = report.warned(say("reading.replaces_nothing", id=other))
        return replace(report, kept=report.is_rejected and report.id in self._stored_documents.ids)

    def publish(self, report: IngestReport) -> PublishResult:
        """Build and publish an edition, or a draft; what no longer holds of a model's reading is logged before."""
        for file in self._files:
            for warning in file.parsed.document.warnings if file.parsed and file.entry.reading else ():
                _logger.warning("%s: %s", file.entry.id, warning)
        base = self._request.base
        draft = DraftOf(self._store.base_of(base), base) if base is not None else DraftOf(self._store.current_name())
        originals = {file.entry.id: file.original.path for file in self._files if file.parsed and file.original}
        return self._store.publish(
            [*self._stored_documents.parsed, *self.parsed.values()],
            report=report.contents(self._stored_documents.files),
            progress=lambda step, share: self._progress(step, _READING + (1 - _READING) * share),
            questions=report.questions.kept,
            originals={**self._stored_documents.originals, **originals},
            draft=draft if self._request.draft else None,
        )


def _load(outcome: Outcome) -> ParsedDocument | Rejected:
    """Return the document that was read, or why there is none."""
    if isinstance(outcome.result, Rejected):
        return outcome.result
    try:
        return load_parsed(outcome.result)
    except ValueError:
        return Rejected(say("reading.useless"), Reason.READER_FAILED)
