"""`ingest` asks in a terminal, and only there, whether titles that look alike are records."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

from ingest import Look, RecordExample, add_look, load_choices
from prompts import say
from service import Settings
from service.people import AuditLog
from service.stores import make_database
from tests.processes import run
from tests.staff.test_record_questions import CHANGE, QUESTION, TITLES, measures, write_concept
from vectorstore import EditionStore


def arguments(folder: Path) -> list[str]:
    paper, data = write_concept(folder / "konzept.pdf"), folder / "data"
    return ["ingest", str(paper), "--data-dir", str(data)]


def in_terminal(folder: Path, typed: str) -> str:
    """Return what the command says to somebody who types this when it is asked."""
    done = run(*arguments(folder), typed=typed)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_an_answer_has_the_document_read_again(tmp_path: Path) -> None:
    said = in_terminal(tmp_path, "x\nm\ny\n")
    assert QUESTION in said and f"1 {TITLES[0]}" in said
    assert CHANGE in " ".join(said.split())
    assert measures(tmp_path / "data") == list(TITLES)
    with closing(make_database(Settings(data_dir=tmp_path / "data"))) as database:
        notes = {note.action: note.subject for note in AuditLog(database).latest()}
    assert notes["look-set"] == f"konzept {CHANGE}"


def test_an_answer_that_is_not_accepted_is_not_stored(tmp_path: Path) -> None:
    assert CHANGE in " ".join(in_terminal(tmp_path, "m\n\n").split())
    assert measures(tmp_path / "data") == []
    assert load_choices(EditionStore(tmp_path / "data").texts, "konzept").looks == ()


def test_who_answers_nothing_changes_nothing(tmp_path: Path) -> None:
    assert QUESTION in in_terminal(tmp_path, "\n")
    assert measures(tmp_path / "data") == []


def test_without_a_terminal_what_is_open_is_listed_and_nothing_is_asked(tmp_path: Path) -> None:
    command = arguments(tmp_path)
    said = run(*command).stdout
    edition, _, questions = said.partition(say("ingesting.open_questions"))
    assert "veröffentlicht" in edition
    (line,) = questions.strip().splitlines()
    examples = f"1 {TITLES[0]} und 6 {TITLES[5]}"
    assert line == f"konzept: {QUESTION} 8 Titel sehen gleich aus, etwa {examples}"
    assert measures(tmp_path / "data") == []
    (question,) = json.loads(run(*command, "--json").stdout)["questions"]["open"]
    assert question == {
        "document": "konzept",
        "question": QUESTION,
        "count": 8,
        "examples": [
            {"name": f"1 {TITLES[0]}", "page": 2},
            {"name": f"6 {TITLES[5]}", "page": 7},
        ],
    }
    look = Look(kind="none", examples=(RecordExample(name=f"1 {TITLES[0]}"),))
    add_look(EditionStore(tmp_path / "data").texts, "konzept", look)
    assert QUESTION not in run(*command).stdout
    assert json.loads(run(*command, "--json").stdout)["questions"]["open"] == []
