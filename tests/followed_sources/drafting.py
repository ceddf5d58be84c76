"""Papers of a council as PDF files, followed into the drafts of a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from service import Settings
from service.backup import make_store
from service.cli.sources import make_drafts
from service.followed_sources import Network, SourceReport
from service.office.uploads import FollowedUploads, SourceRuns
from tests.followed_sources.council import BASE, HOST, Council
from tests.followed_sources.server import FakeNetwork
from tests.service.printed_papers import printed
from vectorstore import EditionStore

SOURCES = f"""contact = "mailto:amt@kreis.example"

[[source]]
name = "Kreistagsinformationssystem"
kind = "oparl"
address = "{BASE}/body/1"
hosts = ["{HOST}"]
publisher = "Kreis Quell"
document_kind = "motion"
status = "proposed"
"""


def paper(folder: Path, *lines: str) -> bytes:
    """Return a PDF file with a title and these lines."""
    return printed(folder / "paper.pdf", ["Radverkehr im Kreis Quell", *lines]).read_bytes()


def council_of(folder: Path, papers: int = 3) -> Council:
    """Return a council with papers of one page each."""
    council = Council()
    council.body["license"] = "dl-de/by-2-0"
    for number in range(1, papers + 1):
        content = paper(folder, f"Der Kreis baut {number} Radwege.", "Der Bau beginnt 2027.")
        council.add(278 + number, f"Radwege {number}", content)
    return council


def settings_of(folder: Path, **more: Any) -> Settings:
    """Return the settings of a data folder that follows the council."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "sources.toml").write_text(SOURCES, encoding="utf-8")
    return Settings(data_dir=folder / "data", rate_per_minute=0, **more)


def fetch(settings: Settings, network: Network) -> SourceReport:
    """Do what `sources fetch` does."""
    drafts = make_drafts(settings)
    runs = SourceRuns(drafts, network)
    (source,) = runs.sources.source
    report = runs.fetch(source)
    runs.read_waiting("Ada")
    drafts.jobs.close()
    return report


@dataclass
class Followed:
    """A council that a data folder follows."""

    council: Council
    settings: Settings
    network: FakeNetwork

    @cached_property
    def store(self) -> EditionStore:
        return make_store(self.settings)

    @cached_property
    def uploads(self) -> FollowedUploads:
        return FollowedUploads(make_drafts(self.settings))

    def fetch(self) -> SourceReport:
        return fetch(self.settings, self.network)

    def publish(self) -> None:
        """Publish the first draft."""
        self.store.make_current(self.store.drafts()[0])

    def discard(self) -> None:
        """Discard the first draft."""
        with self.store.writing():
            self.store.drop(self.store.drafts()[0])


@contextmanager
def followed(folder: Path, papers: int = 1, council: Council | None = None) -> Iterator[Followed]:
    """Follow a council, with so many papers, for the first time."""
    council = council or council_of(folder, papers)
    with FakeNetwork(council.answer) as network:
        it = Followed(council, settings_of(folder), network)
        it.fetch()
        yield it
