"""The originals that an edition keeps are read again by one command, whatever made the edition."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ingest.job import IngestRequest, run_ingest
from tests.ingest.papers import PROSE
from tests.processes import run
from vectorstore.editions import EditionStore
from vectorstore.errors import EditionDamaged, NothingIngested
from vectorstore.records import Document, DocumentStatus

REGISTER = """[[document]]
id = "leitbild"
title = "Leitbild 2040"
publisher = "Kreis Quonau"
kind = "guiding_principles"
status = "adopted"
as_of = 2025-03-01
file = "leitbild.txt"
series = "leitbilder"
valid_until = 2040-12-31
source_url = "https://quonau.example/leitbild"
"""
AGAIN = IngestRequest(again=True)


@pytest.fixture
def store(tmp_path: Path) -> EditionStore:
    """A paper of a register and one without, their folder gone since."""
    folder = tmp_path / "papers"
    folder.mkdir()
    store = EditionStore(tmp_path / "data")
    theses = "\n\n".join(f"{number}. Luft und Wasser {number}\n\n{PROSE}" for number in (1, 2, 3))
    (folder / "leitbild.txt").write_text(f"Leitbild des Kreises Quonau\n\n{theses}", "utf-8")
    (folder / "register.toml").write_text(REGISTER, "utf-8")
    (folder / "Bericht.txt").write_text(f"Bericht\n\nKreis Quonau\n\nEinleitung\n\n{PROSE}", "utf-8")
    run_ingest(IngestRequest(manifest=folder / "register.toml"), store)
    run_ingest(IngestRequest(paths=(folder / "Bericht.txt",), add=True), store)
    for path in folder.iterdir():
        path.unlink()
    return store


def documents(store: EditionStore) -> dict[str, Document]:
    with closing(store.open()) as edition:
        return dict(edition.catalogue.documents)


def test_the_same_reader_reads_the_same(store: EditionStore) -> None:
    before = documents(store)
    report = run_ingest(AGAIN, store)
    assert (report.changed, report.going, [file.id for file in report.files]) == (False, (), sorted(before))
    assert documents(store) == before


def test_what_the_register_said_stays_and_what_was_found_is_found(store: EditionStore) -> None:
    run_ingest(AGAIN, store)
    paper = documents(store)["leitbild"]
    assert (paper.series, str(paper.valid_until), paper.status) == ("leitbilder", "2040-12-31", DocumentStatus.ADOPTED)
    assert {fact.by for fact in paper.front} == {"register"} and paper.file_name == "leitbild.txt"
    assert {fact.by for fact in documents(store)["bericht"].front} == {"found"}


def test_a_trial_run_changes_nothing(store: EditionStore) -> None:
    name = store.current_name()
    report = run_ingest(IngestRequest(again=True, dry_run=True), store)
    assert len(report.files) == 2 and not report.rejected
    assert store.current_name() == name


def test_a_missing_original_stops_it_and_nothing_is_lost(store: EditionStore) -> None:
    name = store.current_name()
    folder = store.editions / str(name)
    (folder / "originals" / "bericht.txt").unlink()
    with pytest.raises(EditionDamaged):
        run_ingest(AGAIN, store)
    assert store.current_name() == name and (folder / "originals" / "leitbild.txt").exists()


def test_a_changed_original_is_never_published(store: EditionStore) -> None:
    name = store.current_name()
    path = store.editions / str(name) / "originals" / "bericht.txt"
    path.chmod(0o600)
    path.write_text(f"Bericht\n\nEinleitung\n\nGanz anders. {PROSE}", "utf-8")
    with pytest.raises(EditionDamaged, match="bericht"):
        run_ingest(AGAIN, store)
    assert store.current_name() == name


def test_nothing_ingested_and_a_wrong_command_are_told(tmp_path: Path) -> None:
    with pytest.raises(NothingIngested):
        run_ingest(AGAIN, EditionStore(tmp_path / "empty"))
    told = run("ingest", "--again", tmp_path, data=tmp_path / "empty")
    assert told.returncode == 2 and "--again" in told.stderr
