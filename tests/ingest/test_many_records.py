"""A small file that becomes very many entries, and a run that would take very much memory while it publishes."""

from __future__ import annotations

import resource
from collections.abc import Sequence
from pathlib import Path

import pytest

from ingest.errors import Reason, Rejected
from ingest.job import IngestRequest, run_ingest
from ingest.limits import ReadingLimits
from ingest.reading import read_source
from ingest.register import RegisterEntry
from ingest.sources import Source
from tests.ingest.papers import PROSE
from vectorstore.editions import EditionStore
from vectorstore.embeddings import SubwordEmbedding
from vectorstore.errors import NoMemory, NothingIngested
from vectorstore.vectors import Vectors


def table(rows: int) -> bytes:
    """Return a page whose table has a measure in each row."""
    begun = "<html><body><h1>Maßnahmen des Kreises</h1><p>Alle Maßnahmen.</p><table><tr><th>Nr.<th>Maßnahme<th>Amt</tr>"
    return (begun + "".join(f"<tr><td>M {one}<td>Radweg {one}<td>66</tr>" for one in range(1, rows + 1))).encode()


@pytest.fixture
def entry(tmp_path: Path) -> RegisterEntry:
    return RegisterEntry("katalog", tmp_path / "katalog.html")


def test_entries_are_limited(entry: RegisterEntry) -> None:
    limits = ReadingLimits(items=200)
    assert len(read_source(entry, Source("katalog.html", table(150)), limits=limits).items) > 150
    with pytest.raises(Rejected, match=r"^Die Datei hat 301 Einträge; gelesen werden höchstens 200\.$") as told:
        read_source(entry, Source("katalog.html", table(300)), limits=limits)
    assert told.value.code is Reason.TOO_MANY_ITEMS


class Hungry(SubwordEmbedding):
    """Takes three gigabytes while an edition is built."""

    def fit(self, texts: Sequence[str]) -> Vectors:
        bytearray(3_000_000_000)
        return super().fit(texts)


def test_a_run_as_a_whole_takes_no_more_memory_than_it_may(tmp_path: Path) -> None:
    store, before = EditionStore(tmp_path / "data", Hungry()), resource.getrlimit(resource.RLIMIT_DATA)
    (tmp_path / "plan.txt").write_text(f"Radwegeplan\n\n{PROSE}\n", encoding="utf-8")
    with pytest.raises(NoMemory, match=r"^Das Einlesen brauchte mehr als 528 MB Arbeitsspeicher\."):
        run_ingest(IngestRequest((tmp_path / "plan.txt",), jobs=1), store)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    with pytest.raises(NothingIngested):
        store.open()
    assert run_ingest(IngestRequest((tmp_path / "plan.txt",), jobs=1), EditionStore(tmp_path / "data")).changed
