"""Runs over the followed sources of a data folder, by a command or by the service while it runs."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout
from sqlalchemy import func, select

from prompts import say
from service import log, log_exception, make_database
from service.office.uploads.draft_service import DraftService
from service.records import ProblemError
from vectorstore.storage import FILE_MODE, StoreError, WriterBusy, private_folder, translate_errors

if TYPE_CHECKING:
    from service.followed_sources import (
        FollowedSource,
        Network,
        SourceFetcher,
        SourceReport,
        SourceRun,
        Sources,
    )

LOCK = "sources.lock"
SHARED_LOCK = 5_301_771  # number of the advisory lock in PostgreSQL
# drafts, by whomever, up to which a run makes more: of five, two stay free for people
DRAFTS_BY_SERVICE = 3
POLL_SECONDS = 0.3
LOOK_SECONDS = (60.0, 600.0)  # between looks at what is due, drawn at random
_RANDOM = random.Random()  # its own: a thread that draws disturbs nobody's seeded numbers
STOP_SECONDS = 5.0  # until a request on its way is left to the end of the process


@dataclass(frozen=True, slots=True)
class SourceState:
    """When a source was read last (None: never), and when it is due."""

    source: FollowedSource
    run: SourceRun | None
    due: datetime


class SourceRuns:
    """Runs over the sources that the list of a data folder has; raises SourcesError where it cannot
    be used.
    """

    def __init__(
        self,
        drafts: DraftService,
        network: Network | None = None,
        stopping: threading.Event | None = None,
    ) -> None:
        """Load the list of sources of the data folder of `drafts`.

        `network` is replaced in tests. If `stopping` is set, a run ends after the request on its
        way. Modules that only fetching needs are imported here, so that no other start waits for
        them.
        """
        from service.followed_sources import Network, load_sources
        from service.office.uploads.followed import FollowedUploads

        self._drafts, self._network = drafts, network or Network()
        self._stopping = stopping or threading.Event()
        self.sources: Sources = load_sources(drafts.sources_file)
        self.uploads = FollowedUploads(drafts)

    def states(self) -> list[SourceState]:
        """Return each source of the list with its last run, and when it is due next."""
        from service.followed_sources import due_at

        states = []
        for source in self.sources.source:
            run = self.uploads.files.last_run(source.name)
            states.append(SourceState(source, run, due_at(source, run)))
        return states

    def check(self, source: FollowedSource) -> SourceReport:
        """Return what a run would fetch."""
        with self._fetcher(source) as fetcher:
            return fetcher.check()

    def fetch(self, source: FollowedSource) -> SourceReport:
        """Fetch what is new and changed; raises RunStopped."""
        with self._fetcher(source) as fetcher:
            return fetcher.fetch()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock of fetching, so that nobody else fetches meanwhile: no other process and,
        with a shared database, no other machine. Raises WriterBusy if another process holds it.
        """
        settings = self._drafts.settings
        private_folder(settings.data_dir)
        lock = FileLock(settings.data_dir / LOCK, timeout=0, mode=FILE_MODE)
        with ExitStack() as held:
            try:
                held.enter_context(lock)
            except Timeout:
                raise WriterBusy(say("sources.busy")) from None
            if settings.database_url:
                with translate_errors():
                    connection = held.enter_context(make_database(settings).engine.connect())
                    taken = connection.scalar(select(func.pg_try_advisory_lock(SHARED_LOCK)))
                    connection.commit()  # the lock is the connection's
                if not taken:
                    raise WriterBusy(say("sources.busy"))
            yield

    def read_waiting(self, person: str) -> list[str]:
        """Read fetched files that were not read yet into drafts, one after the other, and delete
        what nobody needs any more.

        Returns a sentence for each file that cannot be copied; those behind it are read all the
        same. It stops before there are more than DRAFTS_BY_SERVICE drafts, so that people can still
        make some. It stops also while as many jobs are open as there may be, and when the service
        ends. The remaining files are read by a later run, or when somebody clicks on them.
        """
        drafts, problems = self._drafts, list[str]()
        self.uploads.tidy({source.name for source in self.sources.source}, datetime.now(UTC))
        for pending in self.uploads.pending():
            if pending.is_unread and len(drafts.store.drafts()) < DRAFTS_BY_SERVICE:
                try:
                    job = self.uploads.read(pending, person)
                except ProblemError as error:
                    if error.name == "uploads-busy":  # people read as much as may be at a time
                        break
                    title, source = pending.file.listed.title, pending.file.source
                    problem = say("sources.not_copied", title=title)
                    problems.append(say("sources.of_source", name=source, problem=problem))
                    continue
                while drafts.jobs.get(job.name).is_open:
                    if self._stopping.wait(POLL_SECONDS):
                        return problems
        return problems

    @contextmanager
    def _fetcher(self, source: FollowedSource) -> Iterator[SourceFetcher]:
        """Yield the fetcher of a source, and close its connections in the end.

        It gets the ids of all documents, fetched, drafted or published, so that a new file gets an
        id of its own. It gets the published documents by the digest of their file, so that it
        recognizes a file that is published already.
        """
        from service.followed_sources import SourceClient, SourceFetcher

        store, files = self._drafts.store, self.uploads.files
        documents = {file.document_id for file in files.all()}
        for edition in (None, *store.drafts()):
            documents |= set(store.document_ids(edition))
        published = self.uploads.digests(store.current_name())
        originals = {digest: name for name, digest in published.items()}
        contact, stopping = self.sources.contact, self._stopping
        client = SourceClient(source.hosts, contact, self._network, stopping=stopping)
        try:
            yield SourceFetcher(source, client, files, documents, originals)
        finally:
            client.close()


class SourceSchedule:
    """Fetches what is due while the service runs, in a thread; of several processes and machines
    one does. `count` gets how many files of each state a run found.
    """

    def __init__(
        self,
        drafts: DraftService,
        count: Callable[[Mapping[str, int]], None],
        network: Network | None = None,
        look_seconds: tuple[float, float] = LOOK_SECONDS,
    ) -> None:
        """Prepare the thread; it begins with `start`.

        `look_seconds` are the shortest and longest time between two looks at what is due. The time
        is drawn at random, so that several processes do not all look at the same moment.
        """
        self._drafts, self._count, self._network = drafts, count, network
        self._look_seconds = look_seconds
        self._stopping = threading.Event()
        self._last_warning = ""
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def start(self) -> None:
        """Begin to look for what is due."""
        self._thread.start()

    def stop(self) -> None:
        """End a run after the request that is on its way.

        It waits at most STOP_SECONDS for the thread. What the run did not fetch is left to a later
        one.
        """
        self._stopping.set()
        self._thread.join(STOP_SECONDS)

    def _watch(self) -> None:
        """Look for what is due again and again, until the service ends; runs in a thread.

        A problem of the store is logged only once as long as it stays the same, since each look
        would meet it again. No error ends the thread.
        """
        while not self._stopping.wait(_RANDOM.uniform(*self._look_seconds)):
            warning = ""
            try:
                if self._drafts.has_sources:
                    self._fetch_due()
            except StoreError as error:
                warning = str(error)
            except Exception as error:
                log_exception(error)
            if warning and warning != self._last_warning:
                log.warning(warning)
            self._last_warning = warning

    def _fetch_due(self) -> None:
        """Fetch the sources that are due, then read the fetched files into drafts.

        If no source is due, the lock is not even tried. If another process holds it, that one
        fetches, and nothing is done here.
        """
        from service.followed_sources import RunStopped

        runs = SourceRuns(self._drafts, self._network, self._stopping)
        if not any(state.due <= datetime.now(UTC) for state in runs.states()):
            return
        with suppress(WriterBusy, RunStopped), runs.writing():
            for state in runs.states():  # anew: another process may just have fetched
                if state.due <= datetime.now(UTC):
                    report = runs.fetch(state.source)
                    self._count(_count_files(report))
                    for problem in report.problems:
                        log.warning(
                            say("sources.of_source", name=state.source.name, problem=problem)
                        )
            for problem in runs.read_waiting(say("sources.service")):
                log.warning(problem)


def _count_files(report: SourceReport) -> dict[str, int]:
    """How many files of each state a run found, and how many problems it met."""
    return {
        "new": len(report.new),
        "changed": len(report.changed),
        "gone": len(report.gone),
        "failed": len(report.problems),
    }
