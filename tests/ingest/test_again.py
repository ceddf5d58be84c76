"""What an edition hands on to the next: originals that are read again by one command, and questions
for items.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ingest.errors import RegisterError
from tests.ingest.cases import cases
from tests.ingest.runs import documents, ingest, write_paper, write_register
from tests.processes import run
from vectorstore import EditionStore, ItemQuestion
from vectorstore.questions import FILE, FOLDER
from vectorstore.records import DocumentStatus
from vectorstore.storage import EditionDamaged, NothingIngested

TABLE = 'questions = "fragen.csv"'
LASTING = {"series": "leitbilder", "source_url": "https://quonau.example/leitbild"}
AIR = ItemQuestion("leitbild", "1", "Kann man hier noch durchatmen?")
WATER = ItemQuestion("leitbild", "2", "Ist das Wasser sauber?")
NOISE = ItemQuestion("leitbild", "3", "Wann ist endlich Ruhe?")
THESES = ("Luft", "Wasser", "Lärm")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A registered paper with questions for two of its theses, and a paper without a register."""
    folder = tmp_path / "papers"
    write_paper(folder / "leitbild.txt", "Leitbild", *THESES)
    write_paper(folder / "Bericht.txt", "Bericht")
    write_questions(folder, AIR, NOISE)
    write_register(
        folder, LASTING, before=TABLE, more="as_of = 2025-03-01\nvalid_until = 2040-12-31"
    )
    return folder


@pytest.fixture
def filled(store: EditionStore, folder: Path) -> EditionStore:
    """A store with both papers, their folder gone since."""
    ingest(store, manifest=folder / "register.toml")
    ingest(store, folder / "Bericht.txt", add=True)
    for path in folder.iterdir():
        path.unlink()
    return store


def write_questions(folder: Path, *questions: ItemQuestion) -> None:
    rows = (f"{question.document_id};{question.key};{question.question}" for question in questions)
    (folder / "fragen.csv").write_text("\n".join(("document_id;key;question", *rows)), "utf-8")


def test_the_same_reader_reads_the_same_and_keeps_what_the_register_said(
    filled: EditionStore,
) -> None:
    before, name = documents(filled), filled.current_name()
    report = ingest(filled, again=True, dry_run=True)
    assert len(report.files) == 2 and not report.rejected and filled.current_name() == name
    report = ingest(filled, again=True)
    assert (report.changed, report.going, [file.id for file in report.files]) == (
        False,
        (),
        sorted(before),
    )
    assert documents(filled) == before and filled.questions() == (AIR, NOISE)
    document = before["leitbild"]
    told = document.series, str(document.valid_until), document.status
    assert told == ("leitbilder", "2040-12-31", DocumentStatus.ADOPTED)
    assert {fact.by for fact in document.front} == {
        "register"
    } and document.file_name == "leitbild.txt"
    assert {fact.by for fact in before["bericht"].front} == {"found"}


@pytest.mark.parametrize("content", [None, "Ganz anders."])
def test_a_missing_or_changed_original_stops_it_and_nothing_is_lost(
    filled: EditionStore, content: str | None
) -> None:
    name = filled.current_name()
    path = filled.editions / str(name) / "originals" / "bericht.txt"
    path.chmod(0o600)
    path.unlink() if content is None else path.write_text(content, "utf-8")
    with pytest.raises(EditionDamaged):
        ingest(filled, again=True)
    assert filled.current_name() == name and path.with_name("leitbild.txt").exists()


def test_nothing_ingested_and_a_wrong_command_are_told(tmp_path: Path) -> None:
    with pytest.raises(NothingIngested):
        ingest(EditionStore(tmp_path / "empty"), again=True)
    text = run("ingest", "--again", tmp_path, data=tmp_path / "empty")
    assert text.returncode == 2 and "--again" in text.stderr


def test_a_register_brings_questions_that_stay_and_join(store: EditionStore, folder: Path) -> None:
    report = ingest(store, manifest=folder / "register.toml")
    assert report.questions.kept == (AIR, NOISE) == store.questions()
    assert (report.exit_code, report.to_json()["questions"]["kept"]) == (0, 2)
    assert not ingest(store, manifest=folder / "register.toml").changed
    ingest(store, folder / "Bericht.txt", add=True)
    assert store.questions() == (AIR, NOISE)
    write_questions(folder, WATER)
    ingest(store, manifest=folder / "register.toml", add=True)
    assert store.questions() == (AIR, WATER, NOISE)


def test_questions_without_an_item_are_told_and_kept_in_the_report(
    store: EditionStore, folder: Path
) -> None:
    register = folder / "register.toml"
    ingest(store, manifest=register)
    write_questions(folder)
    write_paper(folder / "leitbild.txt", "Leitbild", *THESES[:2])
    tried = ingest(store, manifest=register, dry_run=True)
    assert tried.questions.lost == (NOISE,) and store.questions() == (AIR, NOISE)
    report = ingest(store, manifest=register)
    assert (report.questions.lost, report.exit_code, store.questions()) == ((NOISE,), 0, (AIR,))
    with closing(store.open()) as edition:
        assert [ItemQuestion(**question) for question in edition.report["questions_lost"]] == [
            NOISE
        ]


def test_rows_that_do_not_fit_are_told_by_line(store: EditionStore, folder: Path) -> None:
    write_questions(
        folder, ItemQuestion("leitbild", "9", "Wer?"), AIR, ItemQuestion("plan", "1", "Wer?")
    )
    report = ingest(store, manifest=folder / "register.toml")
    assert [row.line for row in report.questions.rejected] == [2, 4]
    assert (report.exit_code, report.changed, store.questions()) == (1, True, (AIR,))


@cases("line", "words")
def test_a_register_that_names_no_table(
    store: EditionStore, folder: Path, line: str, words: str
) -> None:
    with pytest.raises(RegisterError, match=words):
        ingest(store, manifest=write_register(folder, before=line))
    assert store.current_name() is None


def test_damaged_questions_are_told(store: EditionStore, folder: Path) -> None:
    ingest(store, manifest=folder / "register.toml")
    write_questions(folder, AIR)
    (store.editions / str(store.current_name()) / FOLDER / FILE).write_bytes(b"[]")
    report = ingest(store, manifest=folder / "register.toml")
    assert report.questions.damaged is not None and "verändert" in report.questions.damaged
    assert (report.changed, store.questions()) == (True, (AIR,))
