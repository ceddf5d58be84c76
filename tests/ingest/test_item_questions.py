"""Questions for items across runs: a register brings its own, an edition hands them on, and what is lost is told."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ingest.errors import RegisterError
from ingest.job import IngestRequest, run_ingest
from ingest.report import IngestReport
from tests.ingest.papers import PROSE
from tests.ingest.phrases import phrases
from vectorstore.editions import EditionStore
from vectorstore.questions import FILE, FOLDER, ItemQuestion

REGISTER = """questions = "fragen.csv"

[[document]]
id = "leitbild"
title = "Leitbild 2040"
publisher = "Kreis Quonau"
kind = "guiding_principles"
status = "adopted"
file = "leitbild.txt"
"""
AIR = ItemQuestion("leitbild", "1", "Kann man hier noch durchatmen?")
NOISE = ItemQuestion("leitbild", "3", "Wann ist endlich Ruhe?")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    theses(folder, "Luft", "Wasser", "Lärm")
    (folder / "register.toml").write_text(REGISTER, "utf-8")
    write(folder, AIR, NOISE)
    return folder


def theses(folder: Path, *titles: str) -> None:
    said = "\n\n".join(f"{number}. {title}\n\n{PROSE}" for number, title in enumerate(titles, 1))
    (folder / "leitbild.txt").write_text(f"Leitbild des Kreises Quonau\n\n{said}", "utf-8")


def write(folder: Path, *questions: ItemQuestion) -> None:
    rows = (f"{one.document_id};{one.key};{one.question}" for one in questions)
    (folder / "fragen.csv").write_text("\n".join(("document_id;key;question", *rows)), "utf-8")


def run(store: EditionStore, folder: Path, **how: bool) -> IngestReport:
    return run_ingest(IngestRequest(manifest=folder / "register.toml", **how), store)


def test_a_register_brings_questions(store: EditionStore, folder: Path) -> None:
    report = run(store, folder)
    assert report.questions.kept == (AIR, NOISE) == store.questions()
    assert (report.exit_code, report.as_dict()["questions"]["kept"]) == (0, 2)
    assert not run(store, folder).changed


def test_they_stay_without_the_register_and_join_its_own(store: EditionStore, folder: Path) -> None:
    run(store, folder)
    (folder / "bericht.txt").write_text(f"Bericht\n\nKreis Quonau\n\nEinleitung\n\n{PROSE}", "utf-8")
    run_ingest(IngestRequest(paths=(folder / "bericht.txt",), add=True), store)
    assert store.questions() == (AIR, NOISE)
    water = ItemQuestion("leitbild", "2", "Ist das Wasser sauber?")
    write(folder, water)
    run(store, folder, add=True)
    assert store.questions() == (AIR, water, NOISE)


def test_what_has_no_item_any_more_is_told_and_kept_in_the_report(store: EditionStore, folder: Path) -> None:
    run(store, folder)
    write(folder)
    theses(folder, "Luft", "Wasser")
    tried = run(store, folder, dry_run=True)
    assert tried.questions.lost == (NOISE,) and store.questions() == (AIR, NOISE)
    report = run(store, folder)
    assert (report.questions.lost, report.exit_code, store.questions()) == ((NOISE,), 0, (AIR,))
    with closing(store.open()) as edition:
        assert [ItemQuestion(**one) for one in edition.report["questions_lost"]] == [NOISE]


def test_rows_that_do_not_fit_are_told_by_line(store: EditionStore, folder: Path) -> None:
    write(folder, ItemQuestion("leitbild", "9", "Wer?"), AIR, ItemQuestion("plan", "1", "Wer?"))
    report = run(store, folder)
    assert [one.line for one in report.questions.rejected] == [2, 4]
    assert (report.exit_code, report.changed, store.questions()) == (1, True, (AIR,))


@pytest.mark.parametrize(("line", "words"), phrases("item_questions", "a_register_that_names_no_table"))
def test_a_register_that_names_no_table(store: EditionStore, folder: Path, line: str, words: str) -> None:
    (folder / "register.toml").write_text(REGISTER.replace('questions = "fragen.csv"', line), "utf-8")
    with pytest.raises(RegisterError, match=words):
        run(store, folder)
    assert store.current_name() is None


def test_reading_again_keeps_them(store: EditionStore, folder: Path) -> None:
    run(store, folder)
    assert not run_ingest(IngestRequest(again=True), store).changed
    assert store.questions() == (AIR, NOISE)


def test_damaged_ones_are_told(store: EditionStore, folder: Path) -> None:
    run(store, folder)
    write(folder, AIR)
    (store.editions / str(store.current_name()) / FOLDER / FILE).write_bytes(b"[]")
    report = run(store, folder)
    assert report.questions.damaged is not None and "verändert" in report.questions.damaged
    assert (report.changed, store.questions()) == (True, (AIR,))
