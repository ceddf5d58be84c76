"""Runs of one source over a council or its website, days apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service.followed_sources import (
    FollowedFile,
    FollowedFiles,
    FollowedSource,
    SourceClient,
    SourceFetcher,
    SourceReport,
)
from service.followed_sources.client import ClientLimits
from service.followed_sources.listing import SourceListing
from service.followed_sources.readers.lists import read_listing
from tests.followed_sources.council import Council
from tests.followed_sources.server import FakeNetwork, Wrong
from vectorstore import Texts
from vectorstore.storage import Database

CONTACT = "mailto:amt@kreis.example"
LIMITS = ClientLimits(
    page_bytes=2_000_000, file_bytes=3_000_000, request_seconds=2.0, run_seconds=60, requests=60
)


def read(
    source: FollowedSource,
    network: FakeNetwork,
    window: datetime | None = None,
    known: Collection[str] = (),
    limits: ClientLimits = LIMITS,
) -> SourceListing:
    """Return what a source lists, or what of it changed since a moment."""
    with network, closing(SourceClient(source.hosts, CONTACT, network, limits)) as client:
        return read_listing(source, client, window, known)


@dataclass
class Runs:
    """Runs days apart from now on; `network` is that of the last one."""

    source: FollowedSource
    council: Council
    folder: Path
    wrong: Wrong = field(default_factory=dict)
    originals: dict[str, str] = field(default_factory=dict)
    limits: ClientLimits = LIMITS
    start: datetime = field(default_factory=lambda: datetime.now(UTC))
    network: FakeNetwork = field(init=False)

    @property
    def files(self) -> FollowedFiles:
        return FollowedFiles(Texts(Database(self.folder)), self.folder)

    @property
    def known(self) -> dict[str, FollowedFile]:
        """The known files by the ends of their keys."""
        return {file.listed.key.rsplit("/", 1)[-1]: file for file in self.files.all()}

    @contextmanager
    def fetcher(self, day: int) -> Iterator[SourceFetcher]:
        with FakeNetwork(self.council.answer, self.wrong) as self.network:
            client = SourceClient(self.source.hosts, CONTACT, self.network, self.limits)
            now = self.start + timedelta(days=day)
            with closing(client):
                yield SourceFetcher(self.source, client, self.files, set(), self.originals, now)

    def fetch(self, day: int) -> SourceReport:
        with self.fetcher(day) as fetcher:
            return fetcher.fetch()

    def counts(self, day: int) -> tuple[int, int, int]:
        """Fetch, and return how many files are new, changed and gone."""
        report = self.fetch(day)
        return len(report.new), len(report.changed), len(report.gone)
