"""Papers of a council as PDF files, followed into the drafts of a data folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from followed_sources import Network, SourceReport
from service import Settings
from service.cli.sources import make_drafts
from service.office.uploads import SourceRuns
from tests.followed_sources.council import BASE, RATS, Council, following
from tests.service.printed_papers import printed

SOURCES = f"""contact = "mailto:amt@kreis.example"

[[source]]
name = "Kreistagsinformationssystem"
kind = "oparl"
address = "{BASE}/body/1"
hosts = ["{RATS}"]
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


@contextmanager
def followed(folder: Path, council: Council) -> Iterator[tuple[Settings, Network]]:
    """Follow a council; yield settings and network of further runs."""
    settings = settings_of(folder)
    with following(council) as network:
        fetch(settings, network)
        yield settings, network
