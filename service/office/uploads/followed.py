"""Files of followed sources as uploads: which wait for somebody, and their reading into a draft."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from service.followed_sources import FollowedFile, FollowedFiles
from service.office.uploads.draft_service import DraftService
from service.office.uploads.jobs import Job
from service.office.uploads.requests import JobState, ReadingRequest
from service.records import ProblemError

KEPT_DAYS = 90  # a file that nobody decided on, after its source or the file itself is gone


@dataclass(frozen=True, slots=True)
class PendingFile:
    """A fetched file that people have to decide on.

    `is_new` is true unless the published edition has the file as it is now. `is_changed` is true if
    the edition has its document, with this or another content. `draft` is the name of the newest
    draft with the file, `job` its latest reading.
    """

    file: FollowedFile
    is_new: bool
    is_changed: bool
    draft: str | None = None
    is_outdated: bool = False
    job: Job | None = None

    @property
    def is_unread(self) -> bool:
        """True if the service should read it by itself: it is new, not gone, and was not read yet.

        A file whose reading failed counts as unread. A file whose job is no longer stored counts as
        read, whatever became of the job.
        """
        has_failed = self.job is not None and self.job.state is JobState.FAILED
        is_open = not self.file.job or has_failed
        return self.is_new and self.draft is None and is_open and not self.file.gone_since


class FollowedUploads:
    """The files of all followed sources of a service; methods raise StoreError."""

    def __init__(self, drafts: DraftService) -> None:
        self.drafts, self._store = drafts, drafts.store
        self.files = FollowedFiles(drafts.store.texts, drafts.settings.data_dir)

    def digests(self, edition: str | None) -> dict[str, str]:
        """Return the SHA-256 digests of an edition's originals by document id; {} for no
        edition.
        """
        if edition is None:
            return {}
        originals = self._store.manifest(edition).originals
        return {name: original.sha256 for name, original in originals.items()}

    def pending(self) -> Iterator[PendingFile]:
        """Yield the fetched files that people have to decide on, sorted by source and title.

        These are the files that are new or changed since the published edition (`is_new`), and the
        files that are gone from their source. Ignored files, and files without stored content, are
        left out. A draft belongs to a file only if it has this content of it; the newest such draft
        is taken.
        """
        published = self.digests(self._store.current_name())
        drafts = {name: self.digests(name) for name in reversed(self._store.drafts())}
        jobs = {job.name: job for job in self.drafts.jobs.all()}
        files = self.files.all()
        for file in sorted(files, key=lambda file: (file.source, file.listed.title)):
            id_, digest = file.document_id, file.provenance.digest
            is_new = published.get(id_) != digest  # new, or changed since it was published
            is_undecided = is_new or file.gone_since is not None
            if not file.file or file.ignored or not is_undecided:
                continue
            draft = next((name for name in drafts if drafts[name].get(id_) == digest), None)
            is_outdated = draft is not None and self._store.pointer().is_outdated(draft)
            job = jobs.get(file.job)
            yield PendingFile(file, is_new, id_ in published, draft, is_outdated, job)

    def find(self, name: str) -> PendingFile:
        """Return the pending file with this id; raises the problem not-found."""
        pending = next((each for each in self.pending() if each.file.id == name), None)
        if pending is None:
            raise ProblemError("not-found")
        return pending

    def read(self, pending: PendingFile, person: str) -> Job:
        """Start the job that reads a file over what is published now, and return it.

        The file is copied, since a job deletes its folder at its end. The copy is named by the id
        of the document, since ingestion makes the id from the name. The draft that has the file
        already is dropped: the job makes a new one. Raises the problems no-original if the file
        cannot be copied, and uploads-busy.
        """
        file = pending.file
        folder = self.drafts.jobs.make_folder()
        name = file.document_id + Path(file.file).suffix
        try:
            shutil.copyfile(self.files.path(file), folder / name)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)
            raise ProblemError("no-original") from error
        if pending.draft is not None:
            self.drafts.drop(pending.draft)
        answers = {file.document_id: file.metadata} if file.metadata else {}
        provenance = {file.document_id: file.provenance}
        request = ReadingRequest(person, (name,), answers=answers, provenance=provenance)
        job = self.drafts.jobs.start(folder, request)
        self.files.update(file.id, job=job.name)
        return job

    def tidy(self, sources: Collection[str], now: datetime) -> None:
        """Delete what nobody needs any more of what was fetched; only while nobody else fetches.

        A content is kept until its file is published or ignored. A file is forgotten KEPT_DAYS
        after it was asked for last, if its source is no longer among the `sources`, or if it is
        gone from its source and was never published.
        """
        published = self.digests(self._store.current_name())
        needed = set()
        for file in self.files.all():
            is_followed = file.source in sources
            is_gone = file.gone_since is not None and file.document_id not in published
            is_over = is_gone or not is_followed
            is_published = published.get(file.document_id) == file.provenance.digest
            if is_over and file.asked < now - timedelta(days=KEPT_DAYS):
                self.files.remove(file)
            elif not is_published and not file.ignored:
                needed.add(file.file)
        self.files.keep_contents(needed)

    def ignore(self, pending: PendingFile) -> None:
        """Ignore a file for good, and drop its draft."""
        self.files.update(pending.file.id, ignored=True)
        if pending.draft is not None:
            self.drafts.drop(pending.draft)
