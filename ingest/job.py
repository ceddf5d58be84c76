"""The ingestion job: reads files, publishes one edition, and returns a report with the state of
every file.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Any

from ingest.choices import NO_CHOICES, RELATIONS, load_relations, replace_families
from ingest.chunks import find_misplaced
from ingest.errors import Reason, Rejected, WouldRemove, WouldReplace
from ingest.file_job import FileJob
from ingest.limits import ReadingLimits
from ingest.namesakes import entries_for_files, find_version
from ingest.previous_edition import (
    PreviousDocuments,
    assign_questions,
    attach_previous,
    stored_entries,
)
from ingest.readers.looks import PREDECESSOR, Look
from ingest.register import Register, load_register, unregistered
from ingest.relations import find_same_titles, relate
from ingest.report import FileReport, IngestReport
from ingest.sources import (
    LeftFile,
    find_files,
    load_source,
    private_folder,
    store_copy,
)
from ingest.workers import Outcome, ReadingTask, read_all
from prompts import say
from vectorstore import EditionStore, PublishResult
from vectorstore.language import printable, unused_slug
from vectorstore.records import ParsedDocument, Provenance, load_parsed
from vectorstore.storage import NotPublishable, StoreError, report_full_disk

Progress = Callable[[str, float], None]
# progress, 0 to 1, when all files are copied, and read; the remainder is building
_COPIED = 0.05
_READ = 0.5
_MOST_NAMED = 5  # chunks in a message
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What to ingest: a register (`manifest`), or files and folders (`paths`), and how.

    `add` keeps the documents of the current edition, `replace` allows to remove those that are not
    named, and to replace those of which a file is another version; `dry_run` reads and reports, and
    publishes nothing. `prefer_text` reads a document's text version where the register names one.
    `answers` are parts of the metadata that staff gave, by document id and name of the part,
    `provenance` that of files from followed sources, by document id. `again` reads the originals
    stored in the current edition instead of named files; only those with an id in `only`, if not
    empty. `draft` stores the edition as a draft instead of publishing it; `base` is the edition to
    start from, the current one or a draft, which the new draft replaces.
    """

    paths: tuple[Path, ...] = ()
    manifest: Path | None = None
    add: bool = False
    replace: bool = False
    dry_run: bool = False
    prefer_text: bool = False
    limits: ReadingLimits = field(default_factory=ReadingLimits)
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    provenance: Mapping[str, Provenance] = field(default_factory=dict)
    again: bool = False
    only: tuple[str, ...] = ()
    draft: bool = False
    base: str | None = None


def run_ingest(
    request: IngestRequest, store: EditionStore, progress: Progress = lambda *_: None
) -> IngestReport:
    """Read files, build and publish an edition, and return the report.

    Raises RegisterError for a wrong register or table of questions, WouldRemove if documents would
    be removed without `replace`, WouldReplace if some would be replaced by other versions without
    it, WriterBusy, NoMemory, and what building an edition raises. A file that cannot be read is
    reported and does not stop the others: its document keeps its previous version. If no file can
    be read, the edition stays.
    """
    started = monotonic()
    register, left = _load_entries(request, store)
    memory_limit = request.limits.limit_run(len(register.entries) + len(store.document_ids()))
    with store.writing(), private_folder(store.root) as folder, memory_limit:
        if request.base is not None:
            store.require_changeable(request.base)
        run = _Run(request, store, register, progress)
        run.read(folder)
        report = replace(run.report(), left=left)
        edition = request.base or store.current_name()
        if run.parsed and not request.dry_run:
            result = run.publish(report)
            edition, report = result.name, replace(report, changed=result.changed)
        report = replace(report, edition=edition)
        is_draft = edition in store.drafts()
    return replace(report, draft=is_draft, seconds=round(monotonic() - started, 3))


def _load_entries(
    request: IngestRequest, store: EditionStore
) -> tuple[Register, tuple[LeftFile, ...]]:
    """Return a register with an entry for each document of the request, and the files that are not
    read.

    The entries are those of the stored originals (`again`), of the register (`manifest`), or else
    one for each file found.
    """
    if request.again:
        entries = tuple(stored_entries(store, request.base))
        if request.only:
            entries = tuple(entry for entry in entries if entry.id in request.only)
        return Register(entries), ()
    if request.manifest:
        register = load_register(request.manifest)
        return register, unregistered(request.manifest, register)
    result = find_files(request.paths)
    return Register(tuple(entries_for_files(result.files))), result.left


class _Run:
    """One run, inside the store's writer lock; making it raises WouldRemove (see `run_ingest`)."""

    def __init__(
        self, request: IngestRequest, store: EditionStore, register: Register, progress: Progress
    ) -> None:
        self._request, self._store = request, store
        self._register, self._progress = register, progress
        self._present_ids = store.document_ids(request.base)
        self._removed: tuple[str, ...] = ()
        self._namesakes: dict[Path, str] = {}  # a new file → the id of another one with its name
        self._previous = PreviousDocuments()
        self._related: list[ParsedDocument] = []
        self._same_titled: dict[str, str] = {}
        self._store_error: StoreError | None = None
        try:
            with closing(store.open(request.base)) as edition:
                self._previous = PreviousDocuments.of(edition)
        except StoreError as error:
            # it matters only if documents of the damaged edition would have to stay (see `read`)
            if self._present_ids and (request.add or request.again):
                self._store_error = error
        known = [parsed.document for parsed in self._previous.parsed]
        registered = register.entries
        if self._is_by_name:
            registered = tuple(entries_for_files((entry.file for entry in registered), known))
        entries = []
        for entry in registered:
            provenance = request.provenance.get(entry.id)
            if provenance:
                entry = entry.with_provenance(provenance)
            entries.append(entry.with_answers(request.answers.get(entry.id, {})))
        entries = attach_previous(
            entries,
            store.texts,
            known,
            is_registered=request.manifest is not None,
            store=not request.dry_run,
        )
        self._files = [FileJob(entry, entry.file_to_read(request.prefer_text)) for entry in entries]
        self._find_removed()

    @property
    def _is_by_name(self) -> bool:
        """True if files are known by their names alone: not by a register or a followed source."""
        request = self._request
        return not (request.manifest or request.again or request.provenance)

    @property
    def _named_ids(self) -> set[str]:
        """The ids of all files; a document stays if only its entry is wrong."""
        rejected = {entry.id for entry in self._register.rejected}
        return rejected | {file.entry.id for file in self._files}

    def _find_removed(self) -> None:
        """Find the documents that the edition would lose; raises WouldRemove."""
        if not self._request.add:  # otherwise all documents that are not named stay
            named = self._named_ids
            self._removed = tuple(name for name in self._present_ids if name not in named)
        if self._removed and not (self._request.replace or self._request.dry_run):
            raise WouldRemove(self._removed)

    @property
    def parsed(self) -> dict[str, ParsedDocument]:
        """The documents that were read, by id."""
        return {file.entry.id: file.parsed for file in self._files if file.parsed}

    def read(self, folder: Path) -> None:
        """Copy every file into a folder, and read the files that are new or changed.

        Then relate the documents to one another. A document whose choices show only now (from a
        predecessor, or from families of an earlier version) is read once more. Raises StoreError if
        documents have to stay whose edition is damaged.
        """
        with report_full_disk(self._store.root):
            for number, file in enumerate(self._files):
                name = printable(file.path.name)
                self._progress(
                    say("reading.copying", name=name), _COPIED * number / len(self._files)
                )
                self._copy(file, folder, f"{number}")
            self._read_new()
        if self._is_by_name:
            self._separate_namesakes()
        if self._store_error and set(self._present_ids) - {*self._removed, *self.parsed}:
            raise self._store_error
        self._previous = self._previous.without({*self._removed, *self.parsed})
        self._relate()
        for renew in (self._follow_predecessors, self._replace_families):
            if renew():
                self._read_new()
                self._relate()
        self._same_titled = find_same_titles(parsed.document for parsed in self._related)

    def _separate_namesakes(self) -> None:
        """Give files the ids of the documents that they are versions of, or new ones.

        A file with the name of a document, but little of its text, is another document. Raises
        WouldReplace if documents would be replaced by other versions. Nobody is asked about a
        draft, which people look at before it is published.
        """
        known = {parsed.document.id: parsed.document for parsed in self._previous.parsed}
        changed = [file for file in self._files if file.is_changed(known)]
        taken = self._named_ids - {file.entry.id for file in changed}
        others: list[FileJob] = []
        replaced: list[str] = []
        for file in changed:
            version = find_version(file.parsed, file.path, known.values(), taken)
            if version is None:
                others.append(file)
            else:
                file.rename(version.id)
                taken.add(version.id)
                replaced.append(version.id)
        for file in others:
            if file.entry.id in known:
                self._namesakes[file.path] = file.entry.id
            file.rename(unused_slug(file.path.stem, {*known, *taken}))
            taken.add(file.entry.id)
        self._find_removed()
        request = self._request
        if replaced and not (request.replace or request.dry_run or request.draft):
            raise WouldReplace(replaced)
        renamed = [file for file in changed if file.parsed is None]
        entries = attach_previous(
            [file.entry for file in renamed], self._store.texts, known.values()
        )
        for file, entry in zip(renamed, entries, strict=True):
            file.entry = entry
        self._read_new()

    def _relate(self) -> None:
        self._related = relate(
            [*self._previous.parsed, *self.parsed.values()], load_relations(self._store.texts)
        )

    def _follow_predecessors(self) -> bool:
        """Let documents take over the choices of the documents that they follow.

        Which document follows which is known only after reading. Return whether documents took over
        choices and so have to be read again.
        """
        followers = [
            file for file in self._files if file.parsed and file.entry.choices == NO_CHOICES
        ]
        entries = attach_previous(
            [file.entry for file in followers],
            self._store.texts,
            [parsed.document for parsed in self._related],
            store=not self._request.dry_run,
        )
        changed = False
        for file, entry in zip(followers, entries, strict=True):
            if entry.choices != NO_CHOICES:
                file.entry, file.parsed, file.report = entry, None, None
                changed = True
        return changed

    def _replace_families(self) -> bool:
        """Turn families that an earlier version stored into looks (see `replace_families`).

        Return whether documents got looks and so have to be read again.
        """
        changed = False
        for file in self._files:
            if file.parsed is None or not file.entry.choices.families:
                continue
            choices = replace_families(
                self._store.texts, file.parsed, store=not self._request.dry_run
            )
            if choices is not None:
                file.entry = replace(file.entry, choices=choices)
                file.parsed, file.report = None, None
                changed = True
        return changed

    def _copy(self, file: FileJob, folder: Path, name: str) -> None:
        """Copy a file and its original into a folder; a file that cannot be copied is rejected.

        Both differ if the text version of a document is read: the edition then stores the
        registered file as the original. `name` is the name of the copy, without suffix. If nothing
        has changed since the previous edition (same fingerprint), its document is used, unless the
        request is to read the stored originals again.
        """
        started, limits = monotonic(), self._request.limits
        try:
            source = load_source(file.path, limits.file_bytes)
            file.original = file.copy = store_copy(
                replace(source, name=file.entry.name or source.name), folder, name
            )
        except Rejected as rejection:
            file.take(rejection, monotonic() - started)
            return
        if file.entry.file != file.path:
            # where the registered original is lost, the rendering is kept instead
            with suppress(Rejected):
                source = load_source(file.entry.file, limits.file_bytes)
                file.original = store_copy(source, folder, f"{name}-original")
        unchanged = None
        if not self._request.again:
            unchanged = self._previous.find(file.entry.id, file.fingerprint)
        if unchanged is not None:
            file.take(unchanged, monotonic() - started, cached=True)

    def _read_new(self) -> None:
        """Read the copied files that have no document yet.

        The progress that is reported counts the files that need no reading as done.
        """
        waiting = {file.entry.id: file for file in self._files if file.copy and not file.parsed}
        tasks = [ReadingTask(file.entry, file.copy) for file in waiting.values() if file.copy]
        shares = dict.fromkeys(waiting, 0.0)

        def report_progress(task: ReadingTask, share: float) -> None:
            # never lower than before
            shares[task.entry.id] = max(shares[task.entry.id], share)
            done = (len(self._files) - len(tasks) + sum(shares.values())) / len(self._files)
            self._progress(
                say("reading.reading", name=task.copy.name), _COPIED + (_READ - _COPIED) * done
            )

        for outcome in read_all(tasks, self._request.limits, report_progress=report_progress):
            report_progress(outcome.task, 1.0)
            result = _document_of(outcome)
            if isinstance(result, Rejected):
                _logger.warning("%s rejected: %s", outcome.task.copy.name, result.code)
            waiting[outcome.task.entry.id].take(result, outcome.seconds)

    def report(self) -> IngestReport:
        """Return the report of all files, and of the questions for items."""
        documents = (*self._previous.parsed, *self.parsed.values())
        items = chain.from_iterable(parsed.items for parsed in documents)
        keys = ((item.document_id, item.key) for item in items)
        questions = assign_questions(keys, self._store, self._register.questions)
        files = [file.report for file in self._files if file.report]
        files += map(FileReport.of_entry, self._register.rejected)
        return IngestReport(
            tuple(map(self._complete_report, files)),
            going=self._removed,
            dry_run=self._request.dry_run,
            questions=questions,
        )

    def _complete_report(self, report: FileReport) -> FileReport:
        """Return the report of a file with what is known only at the end of the run.

        The report of a rejected file tells whether the edition keeps an earlier version (`kept`),
        any other report gets the warnings of `_warnings`.
        """
        if report.is_rejected:
            return replace(report, kept=report.id in self._previous.ids)
        return report.with_warnings(*self._warnings(report.id))

    def _warnings(self, document_id: str) -> Iterator[str]:
        """Yield German warnings on a document that was read.

        They are on an unknown document that it replaces, on looks that a predecessor or a model
        gave, and on other documents that count in its place or have its title.
        """
        file = next(file for file in self._files if file.entry.id == document_id)
        entry = file.entry
        if entry.replaces and entry.replaces not in self._previous.ids | self._named_ids:
            yield say("reading.replaces_nothing", id=entry.replaces)
        looks = entry.choices.looks
        taken_over = [look for look in looks if look.source == PREDECESSOR]
        if taken_over:
            yield say("reading.looks_taken_over", names=_first_examples(taken_over))
        by_model = [look for look in looks if look.is_by_model]
        if by_model:
            yield say("reading.looks_by_model", names=_first_examples(by_model))
        documents = {parsed.document.id: parsed.document for parsed in self._related}
        for name in RELATIONS:
            other = getattr(documents[document_id], name)
            if other:
                yield say(f"reading.{name}", id=other)
        if file.path in self._namesakes:
            yield say("reading.same_name", id=self._namesakes[file.path])
        same_titled = self._same_titled.get(document_id)
        if same_titled:
            yield say("reading.same_title", id=same_titled)

    def publish(self, report: IngestReport) -> PublishResult:
        """Publish an edition or store a draft.

        Its originals are those of the documents that stay, and of the files that were read. Raises
        NotPublishable if a chunk of a file that was read cannot be quoted from its item.
        """
        for parsed in self.parsed.values():
            misplaced = find_misplaced(parsed)
            if misplaced:
                names = ", ".join(chunk.id for chunk in misplaced[:_MOST_NAMED])
                raise NotPublishable(say("reading.misplaced", chunks=names))
        originals = dict(self._previous.originals)
        for file in self._files:
            if file.parsed and file.original:
                originals[file.entry.id] = file.original.path
        return self._store.publish(
            self._related,
            report=report.stored_report(self._previous.files),
            progress=lambda step, share: self._progress(step, _READ + (1 - _READ) * share),
            questions=report.questions.kept,
            originals=originals,
            draft=self._request.draft,
            base=self._request.base,
        )


def _first_examples(looks: Iterable[Look]) -> str:
    """Return the first example of each look in German quotes."""
    return ", ".join(f"„{look.examples[0].name}“" for look in looks)


def _document_of(outcome: Outcome) -> ParsedDocument | Rejected:
    """Return the document that was read, or the rejection.

    A result of another process that is no document in the expected form counts as rejected.
    """
    if isinstance(outcome.result, Rejected):
        return outcome.result
    try:
        return load_parsed(outcome.result)
    except ValueError:
        return Rejected(say("reading.useless"), Reason.READER_FAILED)
