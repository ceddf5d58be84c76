"""What the version before decisions kept is taken over once, whole, and nothing of it stays where it was."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from service.composition import make_database, make_decisions, make_texts
from service.people import migrating
from service.people.decisions import Decision, Outcome
from service.people.marks import Marks
from service.people.migrating import FINDINGS, KEPT_AS, METADATA
from service.people.open_questions import KeptQuestions
from service.people.trial import own_cases
from service.settings import Settings
from tests.people.conftest import REPORT, ClientFor, ask, people_of
from vectorstore.amending.form import Part
from vectorstore.database import Database


def taken(root: Path) -> list[Decision]:
    settings = Settings(data_dir=root)
    with closing(make_database(settings)) as database:
        return make_decisions(settings, database).all()


def test_every_kind_is_a_decision_with_who_and_when(old_data: Path) -> None:
    all_ = taken(old_data)
    assert Counter(one.outcome for one in all_ if one.stands) == {
        Outcome.ENTRY: 2, Outcome.GAP: 1, Outcome.NOT_OURS: 1, Outcome.TEXT: 1, Outcome.VALUE: 3, Outcome.REMOVED: 1,
    }  # fmt: skip
    rad = next(one for one in all_ if one.wordings[:1] == ("Leiht mir wer ein Rad?",))
    assert rad.wordings == ("Leiht mir wer ein Rad?", "Wo gibt es Räder zum Ausleihen?")
    assert (rad.items, rad.live, rad.person) == (((REPORT, "5.1.2.1"),), "2026-11-22-2", "Ada")
    undone = next(one for one in all_ if one.wordings[:1] == ("Wer zahlt die Rückstauklappe?",))
    assert (undone.undone_by, undone.undone_day) == ("Bela", date(2026, 11, 22))
    gap = next(one for one in all_ if one.outcome is Outcome.GAP)
    assert (gap.wordings, gap.reason) == (("Gibt es ein Freibad?",), "Bäderkonzept fehlt")
    texts = [one for one in all_ if one.outcome is Outcome.TEXT]
    assert [(one.person, one.undone_by) for one in texts] == [("Ada", "Bela"), ("Bela", ""), ("Ada", "Bela")]
    assert [one.valid_until for one in texts if one.stands] == [date(2099, 6, 30)]
    status = next(one for one in all_ if one.part == Part.STATUS)
    assert (status.value, status.instead_of, status.reason) == ("implemented", "in_progress", "Beschluss im Kreistag")
    assert (status.person, status.day) == ("Ada", date(2026, 11, 20))


def test_kept_questions_and_marks_stay_with_what_was_decided_on_them(old_data: Path) -> None:
    by_question = {one.wordings[0]: one.id for one in taken(old_data) if one.wordings and one.stands}
    with closing(make_database(Settings(data_dir=old_data))) as database:
        kept = {one.question: one.decision for one in KeptQuestions(database).all()}
        assert len(Marks(database).all()) == 2
    for question in ("Leiht mir wer ein Rad?", "Wie teuer ist ein Leihrad?", "Gibt es ein Freibad?"):
        assert kept[question] == by_question[question]
    assert kept["Wo wohnt [Name]?"] is None


def test_it_is_taken_over_once_and_nothing_stays_behind(old_data: Path) -> None:
    before = taken(old_data)
    assert taken(old_data) == before
    with closing(sqlite3.connect(old_data / "operation.sqlite")) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert not names & {*METADATA.tables, "learning_trial", "corrections_publishing"} and "decision" in names
    for name in ("corrections.csv", "cases/learned.jsonl", "cases/open.jsonl", "learned/trial.json"):
        assert not (old_data / name).exists(), name
    settings = Settings(data_dir=old_data)
    with closing(make_database(settings)) as database:
        texts = make_texts(settings, database)
        assert own_cases(texts).keys() == {"eigene.jsonl", Path(FINDINGS).name}
        assert b"Rufbus" in (texts.get(FINDINGS) or b"")


def test_who_is_stopped_begins_again_and_loses_no_finding(old_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(migrating, "_drop", stopped)
    with pytest.raises(KeyboardInterrupt):
        taken(old_data)
    monkeypatch.undo()
    assert b"Rufbus" in (old_data / FINDINGS).read_bytes()
    assert len(taken(old_data)) == 12


def test_rows_that_say_nothing_usable_are_kept_for_whoever_wrote_them(old_data: Path) -> None:
    table = old_data / "corrections.csv"
    table.write_bytes(table.read_bytes() + b"x;1;farbe;rot;;weil;;\r\n")
    assert sum(not one.of_question for one in taken(old_data)) == 4
    kept = (old_data / KEPT_AS).read_bytes()
    assert b"farbe" in kept and b"Nachtrag" in kept  # an entry that was added: no longer done


def test_two_processes_take_it_over_once(old_data: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: taken(old_data), range(4)))
    assert len(taken(old_data)) == max(map(len, found)) == 12


def test_a_service_over_an_old_folder_answers_by_it(old_data: Path, client_for: ClientFor) -> None:
    client = client_for()
    assert ask(client, "Bis wann fährt der Nachtbus?")["mode"] == "curated"
    assert ask(client, "Gibt es ein Freibad?")["status"] == "not_in_documents"
    assert ask(client, "Wann kommt der Müll?")["status"] == "out_of_scope"
    page = client.get("/staff/decisions").text
    assert "6 Entscheidungen sind noch nicht veröffentlicht" in page and "passt nicht mehr" in page
    assert len(people_of(client).decisions.fields()) == 4


def test_a_folder_of_its_own_takes_nothing_over(tmp_path: Path) -> None:
    assert taken(tmp_path) == []
    assert not Database(tmp_path).path.exists()  # type: ignore[union-attr]
