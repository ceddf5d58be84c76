"""A run over a source: which files it lists are new, changed or gone, and those fetched.

Whether a file changed is decided by its digest. A file is asked for if it is new, if the list says
that it changed, and every `WHOLE_DAYS`; then the list is read as a whole too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import file_digest

from prompts import say
from service.followed_sources.client import RunStopped, SourceClient
from service.followed_sources.configuration import FollowedSource
from service.followed_sources.followed_files import FollowedFile, FollowedFiles, SourceRun
from service.followed_sources.listing import ListedFile, SourceListing, is_selected, path_of
from service.followed_sources.readers.lists import read_listing
from service.followed_sources.replies import SourceFailed, SourceReply
from vectorstore.language import unused_slug
from vectorstore.records import Provenance
from vectorstore.storage import StoreError

WHOLE_DAYS = 7
MOST_PROBLEMS = 100
MOST_BYTES = 5_000_000_000  # that may wait for people, of all sources together
RETRY = timedelta(hours=3)
_GONE = (404, 410)
_OVERLAP = timedelta(days=1)  # clocks differ, and lists are late


@dataclass
class SourceReport:
    """What a run found: titles of files by what became of them, and problems as sentences.

    `is_complete`: nothing is left for the next run.
    """

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    is_complete: bool = True


def due_at(source: FollowedSource, run: SourceRun | None) -> datetime:
    """Return when a source is to be read again; at once if it was never read.

    A run that read everything sets `listed` to the time at which it was `tried`. After any other
    run the source is read again sooner.
    """
    if run is None:
        return datetime.min.replace(tzinfo=UTC)
    is_complete = run.listed == run.tried
    return run.tried + (timedelta(days=source.every_days) if is_complete else RETRY)


@dataclass
class SourceFetcher:
    """Reads one source; `documents` are the ids of all documents, and `originals` the documents of
    the published edition by the digest of their file.
    """

    source: FollowedSource
    client: SourceClient
    files: FollowedFiles
    documents: set[str]
    originals: Mapping[str, str]
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    most_bytes: int = MOST_BYTES

    def __post_init__(self) -> None:
        """Read what is known of the source's files, by key, and of its last run."""
        known = self.files.all(self.source.name)
        self._known = {file.listed.key: file for file in known}
        self._run = self.files.last_run(self.source.name) or SourceRun(tried=self.now)
        # what was asked for before this moment is asked for again
        self._stale = self.now - timedelta(days=WHOLE_DAYS)
        # only changes are asked for, unless the whole list was not read for long
        self._is_window = self._run.whole is not None and self._run.whole > self._stale
        self.report = SourceReport()

    def check(self) -> SourceReport:
        """Return what a run would ask for, without asking for any file.

        The list itself is read, and files that are gone are stored as gone.
        """
        for file in self._select():
            known = file.key in self._known
            (self.report.changed if known else self.report.new).append(file.title)
        return self.report

    def fetch(self) -> SourceReport:
        """Fetch the files that are due and return a report; each file is stored at once.

        It ends after as many new or changed documents as the source allows in one run; files that
        turn out unchanged do not count. Only a complete run moves the times from which the next one
        asks for changes.
        """
        run = self._run.model_copy(update={"tried": self.now})
        # what ends this program with its run is not tried again at once
        begun = {"problem": say("sources.broke_off")}
        self.files.put_run(self.source.name, run.model_copy(update=begun))
        taken = 0
        for file in self._select():
            if taken == self.source.most_files:
                self.report.is_complete = False
                break
            if self.files.count_bytes() > self.most_bytes:
                self._fail(say("sources.full", gigabytes=self.most_bytes // 1_000_000_000))
                break
            with self._as_problem(file.address):
                taken += self._fetch(file)
        ended: dict[str, object] = {"problem": next(iter(self.report.problems), "")}
        if self.report.is_complete:
            ended["listed"] = self.now
            ended["whole"] = run.whole if self._is_window else self.now
        self.files.put_run(self.source.name, run.model_copy(update=ended))
        return self.report

    def _select(self) -> list[ListedFile]:
        """Return the listed files that are due, and report the files that are gone.

        A file is gone if the source says that it is deleted, or if it is missing in a list that
        must name it: in a whole list, or among the files of its paper. A known file is due again
        after some time, even if the source lists only what changed.
        """
        listed = self._run.listed
        since = listed - _OVERLAP if listed and self._is_window else None
        papers = {known.listed.paper for known in self._known.values() if known.listed.paper}
        listing = SourceListing()
        with self._as_problem(self.source.address):
            listing = read_listing(self.source, self.client, since, self._known.keys() | papers)
        for problem in listing.problems:
            self._fail(problem)
        for key, known in self._known.items():
            must_be_present = listing.is_whole or known.listed.paper in listing.present
            is_missing = must_be_present and key not in listing.present
            if is_missing or not listing.deleted.isdisjoint((key, known.listed.paper)):
                self._report_gone(known)
            elif known.asked <= self._stale and is_selected(self.source, known.listed):
                listing.files.setdefault(key, known.listed)
        due = [file for file in listing.files.values() if self._is_due(file)]
        self.report.unchanged = len(listing.files) - len(due)
        return due

    @contextmanager
    def _as_problem(self, address: str) -> Iterator[None]:
        """Report what goes wrong with a list or a file of another host; it ends nothing else.

        What is wrong here, with the store or the disk, ends the run, as does the program's end.
        """
        try:
            yield
        except SourceFailed as error:
            self._fail(str(error))
        except (StoreError, OSError, RunStopped):
            raise
        except Exception as error:  # whatever another host sends
            kind = type(error).__name__
            self._fail(say("sources.unexpected", address=address[:120], error=kind))

    def _fail(self, problem: str) -> None:
        """Report a problem, once, after which the next run has to read the source as this one did.

        A robots.txt that cannot be read is the same problem for each file of its host.
        """
        problems = self.report.problems
        if problem not in problems and len(problems) < MOST_PROBLEMS:
            problems.append(problem)
        self.report.is_complete = False

    def _is_due(self, file: ListedFile) -> bool:
        """True if a listed file is to be asked for.

        It is new, its content was lost, the list says that it changed (`mark`), it was gone and is
        listed again, or it was not asked for since long. A file that people ignore is never due.
        """
        known = self._known.get(file.key)
        if known is None:
            return True
        if known.ignored:
            return False
        if not self._has_content(known):
            return True
        is_marked = bool(file.mark) and file.mark != known.listed.mark
        return is_marked or known.gone_since is not None or known.asked <= self._stale

    def _has_content(self, known: FollowedFile) -> bool:
        """True unless the content of a fetched file was lost, as after a backup was put back.

        A published document has its own copy.
        """
        is_published = known.provenance.digest in self.originals
        return not known.file or is_published or self.files.path(known).is_file()

    def _report_gone(self, known: FollowedFile) -> None:
        """Store since when a file is gone; it stays until a person removes it.

        Nothing is stored or reported again for a file that is gone already, that people ignore, or
        that was no document.
        """
        if known.gone_since is None and known.file and not known.ignored:
            self.files.update(known.id, gone_since=self.now.date())
            self.report.gone.append(known.listed.title)

    def _fetch(self, file: ListedFile) -> bool:
        """Fetch a file and store it; return whether it is a new or changed document.

        Returns False if the file is gone, unchanged, or no document. A host may ignore
        the conditions of a request and send the whole file, so a file with the known digest is
        unchanged too. What is no document is stored without content, so that it is not asked for
        each time. Raises SourceFailed.
        """
        known = self._known.get(file.key)
        is_kept = known is not None and self._has_content(known)
        with self.files.receiving() as content:
            reply = self.client.get_file(file.address, _conditions(known, is_kept), content)
            if reply.status in _GONE:
                if known is not None:
                    self._report_gone(known)
                    self.files.update(known.id, asked=self.now)
                return False
            content.seek(0)
            digest = file_digest(content, "sha256").hexdigest()
            if known and is_kept and (reply.status == 304 or digest == known.provenance.digest):
                self.report.unchanged += 1
                self.files.update(known.id, listed=file, asked=self.now, gone_since=None)
                return False
            content.seek(0)
            suffix = _suffix_of(reply, content.read(1024))
            fetched = self._describe(file, reply, digest, suffix, known)
            self.files.put(fetched, content if suffix else None)
        if not suffix:
            self.report.problems.append(say("sources.no_document", address=file.address))
            return False
        (self.report.changed if known else self.report.new).append(file.title)
        return True

    def _describe(
        self,
        file: ListedFile,
        reply: SourceReply,
        digest: str,
        suffix: str,
        known: FollowedFile | None,
    ) -> FollowedFile:
        """Return a fetched file with its provenance.

        If a document of the published edition was read from an equal file, the file belongs to that
        document; otherwise it keeps the document's id that it had, or gets a new one. `oparl_id` is
        empty for files of websites, whose keys are addresses. `suffix` is "" for what is no
        document.
        """
        document_id = self.originals.get(digest) or (known and known.document_id)
        if not document_id:
            document_id = unused_slug(f"{file.reference} {file.title}", self.documents)
            self.documents.add(document_id)
        provenance = Provenance(
            source=self.source.name,
            address=reply.address,
            fetched=self.now.date(),
            digest=digest,
            reference=file.reference,
            oparl_id=file.paper and file.key,
            etag=reply.headers.get("etag", "")[:200],
            licence=file.licence or self.source.licence or "",
        )
        return FollowedFile(
            source=self.source.name,
            listed=file,
            document_id=document_id,
            provenance=provenance,
            asked=self.now,
            file=f"{digest}{suffix}" if suffix else "",
            last_modified=reply.headers.get("last-modified", "")[:100],
            metadata=self.source.metadata,
        )


def _conditions(known: FollowedFile | None, is_kept: bool) -> dict[str, str]:
    """Return the header fields that let a host answer that a file has not changed.

    {} for a file whose content we do not have, as that must be sent whole.
    """
    if known is None or not is_kept:
        return {}
    fields = {"if-none-match": known.provenance.etag, "if-modified-since": known.last_modified}
    return {name: value for name, value in fields.items() if value and value.isascii()}


def _suffix_of(reply: SourceReply, start: bytes) -> str:
    """Return the suffix of a document by its first bytes; "" for what is none.

    A Word document is an archive like many others, so media type or address must say that it is
    one.
    """
    if b"%PDF-" in start:
        return ".pdf"
    is_word = "wordprocessing" in reply.media_type or path_of(reply.address).endswith(".docx")
    return ".docx" if is_word and start.startswith(b"PK\x03\x04") else ""
