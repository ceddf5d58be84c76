"""Learning on the command line does what the pages do."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from typer.testing import CliRunner, Result

from service.cli import app
from service.composition import make_database
from service.learning.store import KeptQuestions, Reason
from service.settings import Settings

QUESTION = "Kann ich ein Kistenvelo ausborgen?"


def learn(data: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["learn", *words, "--data-dir", str(data)])


def kept(data: Path, question: str = QUESTION, days_ago: int = 0) -> str:
    """Keep a question; return its id."""
    store = KeptQuestions(make_database(Settings(data_dir=data)), lambda: date.today() - timedelta(days=days_ago))
    store.keep(question, Reason.UNANSWERED)
    return next(one.id for one in store.all() if one.question == question)


def test_from_a_question_to_its_answer_and_back(data: Path) -> None:
    name = kept(data)
    assert name in learn(data, "list").output
    decided = learn(data, "decide", name, "--as", "item_question", "--document", "auenland-report", "--item", "2.1.4.1")
    assert "Entscheidung 1: Frage zu einem Eintrag" in decided.output
    refused = learn(data, "publish")
    assert (refused.exit_code, "zuerst ausprobieren" in refused.output) == (3, True)
    without = learn(data, "try").output
    assert "beweist nichts" in without and "Nichts ist schlechter" not in without  # no case was asked
    assert "Entscheidung 1 ist ein Fall" in learn(data, "case", "1").output
    assert "learned: 1 Fall" in learn(data, "cases").output
    tried = learn(data, "try")
    assert (tried.exit_code, "1 besser, 0 schlechter" in tried.output) == (0, True), tried.output
    assert "Übernommen: Ausgabe" in learn(data, "publish").output
    assert "wirksam" in learn(data, "decisions").output
    assert "zurückgenommen" in learn(data, "undo", "1").output
    assert learn(data, "undo", "1").exit_code == 2


def test_a_found_entry_is_named_by_its_key(data: Path) -> None:
    assert "--item =" in " ".join(learn(data, "show", kept(data, "Was ist der Lastenradverleih?")).output.split())


def test_a_decision_that_cannot_be_is_one_sentence(data: Path) -> None:
    words = ("--as", "item_question", "--document", "nix", "--item", "1")
    result = learn(data, "decide", kept(data), *words)
    assert (result.exit_code, "Ein Dokument „nix“ gibt es nicht" in result.output) == (2, True), result.output
    assert "nichts entschieden" in learn(data, "decisions").output


def test_further_wordings_are_given_added_and_removed(data: Path) -> None:
    words = ("--as", "item_question", "--document", "auenland-report", "--item", "2.1.4.1", "--also", "Rad leihen?")
    decided = learn(data, "decide", kept(data), *words, "--also", "rad leihen", "--also", "Velo mieten").output
    assert "Rad leihen?" in decided and "Velo mieten" in decided and "rad leihen" not in decided
    assert "1 Wortlaut mehr" in learn(data, "also", "1", "Lastenrad holen").output
    wrong = learn(data, "also", "1", "Velo mieten")
    assert (wrong.exit_code, "führt schon zu diesem Eintrag" in wrong.output) == (2, True), wrong.output
    other = kept(data, "Kistenvelo ausborgen, wie geht das?")
    assert f"learn also 1 --group {other}" in learn(data, "show", other).output
    assert "gilt auch für diese Gruppe" in learn(data, "also", "1", "--group", other).output
    assert learn(data, "also", "1").exit_code == 2
    assert "Wortlaut 1 von Entscheidung 1 ist entfernt" in learn(data, "undo", "1", "--wording", "1").output
    assert learn(data, "undo", "1", "--wording", "1").exit_code == 2
    told = learn(data, "decisions").output
    assert "Rad leihen? " in told and "entfernt" in told and "Kistenvelo ausborgen, wie geht das?" in told


def test_own_cases_go_in_and_out(tmp_path: Path) -> None:
    file, target = tmp_path / "kita.jsonl", tmp_path / "heraus.jsonl"
    file.write_text('{"id": "a", "question": "Was?"}\n\n{"id": "b", "question": "Wie?"}\n', encoding="utf-8")
    data = tmp_path / "data"
    assert "keine eigenen Fälle" in learn(data, "cases").output
    assert "kita: übernommen" in learn(data, "cases", "kita", "--from", str(file)).output
    assert "kita: 2 Fälle" in learn(data, "cases").output
    assert learn(data, "cases", "kita.jsonl", "--to", str(target)).exit_code == 0
    assert target.read_bytes() == file.read_bytes()
    file.write_text('{"id": "a"}\n', encoding="utf-8")
    wrong = learn(data, "cases", "kita", "--from", str(file))
    assert (wrong.exit_code, "Zeile 1: kein Fall" in wrong.output) == (2, True), wrong.output
    for words in (("../kita", "--drop"), ("kita",), ("fehlt", "--drop"), ("fehlt", "--to", "x"), ("learned", "--drop")):
        assert learn(data, "cases", *words).exit_code == 2, words
    assert "kita: 2 Fälle" in learn(data, "cases").output
    assert "kita: entfernt" in learn(data, "cases", "kita", "--drop").output
    assert "keine eigenen Fälle" in learn(data, "cases").output


def test_export_delete_and_sweep(data: Path, tmp_path: Path) -> None:
    first, _ = kept(data), kept(data, "Alt?", days_ago=91)
    file = tmp_path / "fragen.jsonl"
    assert learn(data, "export", str(file)).exit_code == 0
    assert len([json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]) == 2
    assert "1 Eintrag nach 90 Tagen gelöscht" in learn(data, "sweep").output
    unknown = learn(data, "delete", first, "fremd")
    assert (unknown.exit_code, "Gelöscht ist nichts" in unknown.output) == (2, True)
    assert "1 gelöscht" in learn(data, "delete", first).output
    assert QUESTION.encode() not in (data / "operation.sqlite").read_bytes()
