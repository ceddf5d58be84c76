"""Which questions are kept, what of them, for how long, and that nothing is left of them
afterwards.
"""

from __future__ import annotations

import logging
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import Settings, make_database
from service.people import Decision, DecisionKind, Decisions, PeopleStore, QuestionKeeper
from service.people.decisions import PlannedChange
from service.people.open_questions import (
    MOST,
    OLDEST,
    OPEN_QUESTIONS,
    REMEMBERED,
    OpenQuestions,
    OpenReason,
)
from service.records import Answer, AnswerStatus, ChatRequest, Receipt
from tests.people.conftest import ClientFor, ask, people_of, rate

SECRET = "Quantenstaubsauger4711"
TODAY = date(2026, 11, 22)


def answer(name: str, status: AnswerStatus = AnswerStatus.ANSWERED) -> Answer:
    receipt = Receipt(pipeline="1", settings="")
    return Answer(
        answer_id=name, status=status, language="de", corpus_edition="1", answer="", receipt=receipt
    )


def is_private(request: ChatRequest) -> bool:
    """True for a conversation that begins so."""
    return request.history[0].content.startswith("Ich heiße")


@pytest.fixture
def store(tmp_path: Path) -> OpenQuestions:
    return OpenQuestions(make_database(Settings(data_dir=tmp_path)), lambda: TODAY)


@pytest.fixture
def now() -> list[float]:
    """The seconds that a keeper's clock shows."""
    return [0.0]


@pytest.fixture
def keeper(store: OpenQuestions, tmp_path: Path, now: list[float]) -> QuestionKeeper:
    return QuestionKeeper(
        store, Settings(data_dir=tmp_path, keep_questions_days=90), clock=lambda: now[0]
    )


def traces(root: Path, text: str) -> list[Path]:
    files = [path for path in root.rglob("*") if path.is_file()]
    assert files
    return [file for file in files if text.encode() in file.read_bytes()]


def test_nothing_is_kept_by_default(client_for: ClientFor, data: Path) -> None:
    client = client_for(keep_questions_days=0)
    rate(client, ask(client, f"Was ist mit {SECRET}?"), helpful=False)
    assert people_of(client).questions.all() == []
    assert traces(data, SECRET) == []


def test_a_question_without_answer_is_kept_masked_with_its_day_alone(
    client: TestClient, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(client, f"Wann ruft Frau Beispiel wegen {SECRET} unter 0221 739462 an?")
    (kept,) = people_of(client).questions.all()
    assert kept.question == f"Wann ruft Frau [Name] wegen {SECRET} unter [Telefonnummer] an?"
    assert (kept.day, kept.reason, kept.times, kept.followup) == (
        date.today(),
        OpenReason.FOUND,
        1,
        False,
    )
    assert [trace.name for trace in traces(data, SECRET)] == ["operation.sqlite"]
    assert traces(data, "739462") == traces(data, "Frau Beispiel") == []
    assert not any(
        SECRET in item.getMessage() for item in caplog.records if not item.name.startswith("http")
    )


def test_what_was_only_found_is_open_and_a_rating_says_why(
    store: OpenQuestions, keeper: QuestionKeeper
) -> None:
    keeper.note_answer(
        ChatRequest(question="Wann fährt der Nachtbus?"),
        answer("1", AnswerStatus.FOUND),
        is_private,
    )
    assert [(item.reason, item.times) for item in store.all()] == [(OpenReason.FOUND, 1)]
    for wrong, reason in (
        (False, OpenReason.UNHELPFUL),
        (True, OpenReason.WRONG),
        (True, OpenReason.WRONG),
    ):
        keeper.note_rating("1", wrong=wrong)
        assert [(item.reason, item.times) for item in store.all()] == [(reason, 1)]


def test_an_answered_question_is_kept_only_when_it_did_not_help(client: TestClient) -> None:
    found = ask(client, "Welche Projekte sind umgesetzt?")
    assert found["status"] == "answered"
    kept = people_of(client).questions
    assert kept.all() == []
    rate(client, found, helpful=False)
    assert [(item.question, item.reason) for item in kept.all()] == [
        ("Welche Projekte sind umgesetzt?", OpenReason.UNHELPFUL)
    ]


@pytest.mark.parametrize(
    "status", [AnswerStatus.EMERGENCY, AnswerStatus.REFUSED, AnswerStatus.ABOUT_SERVICE]
)
def test_emergencies_and_what_is_no_question_are_not_kept(
    store: OpenQuestions, keeper: QuestionKeeper, status: AnswerStatus
) -> None:
    keeper.note_answer(ChatRequest(question="Hilfe, es brennt!"), answer("1", status), is_private)
    keeper.note_rating("1", wrong=False)
    assert store.all() == []


def test_of_a_private_conversation_no_question_is_kept(
    store: OpenQuestions, keeper: QuestionKeeper
) -> None:
    for number, content in enumerate(("Ich heiße Muster", "Wer hilft mir?")):
        request = ChatRequest.model_validate(
            {"question": f"Und {number}?", "history": [{"role": "user", "content": content}]}
        )
        keeper.note_answer(request, answer(str(number), AnswerStatus.FOUND), is_private)
        keeper.note_rating(str(number), wrong=True)
    assert [question.question for question in store.all()] == ["Und 1?"]


def test_memory_is_bounded_in_number_and_time(
    store: OpenQuestions, keeper: QuestionKeeper, now: list[float]
) -> None:
    for number in range(REMEMBERED + 20):
        keeper.note_answer(
            ChatRequest(question=f"Frage {number}?"), answer(str(number)), is_private
        )
    keeper.note_rating("19", wrong=False)
    assert store.all() == []
    keeper.note_rating("20", wrong=False)
    now[0] = 901.0
    keeper.note_rating(str(REMEMBERED), wrong=False)
    assert [item.question for item in store.all()] == ["Frage 20?"]


def test_equal_questions_of_a_day_are_one_row(store: OpenQuestions) -> None:
    rows = {store.store("Gibt es Ladesäulen?", OpenReason.UNANSWERED) for _ in range(3)}
    (kept,) = store.all()
    assert kept.times == 3 and rows == {kept.id}
    for left in (2, 1, 0):
        store.decrement(kept.id)
        assert [item.times for item in store.all()] == [left][:left]


def test_a_flood_of_questions_takes_the_place_of_old_ones_alone(tmp_path: Path) -> None:
    database = make_database(Settings(data_dir=tmp_path))
    day = [TODAY - timedelta(days=9)]
    store = OpenQuestions(database, lambda: day[0])
    store.store("Alt und einmal gefragt?", OpenReason.UNANSWERED)
    store.store("Alt und bewertet?", OpenReason.WRONG)
    for _ in range(2):
        store.store("Alt und zweimal gefragt?", OpenReason.FOUND)
    day[0] = TODAY
    row = {"day": TODAY, "reason": OpenReason.UNANSWERED.value, "followup": False, "times": 1}
    made_up = [{**row, "id": f"m{number}", "question": f"q{number}"} for number in range(MOST - 3)]
    with database.writing() as connection:
        connection.execute(OPEN_QUESTIONS.insert(), made_up)
    assert store.store("Von heute?", OpenReason.FOUND)
    kept = {each.question for each in store.all()}
    assert len(kept) == MOST - OLDEST + 1
    assert {"Von heute?", "Alt und bewertet?", "Alt und zweimal gefragt?"} <= kept
    assert "Alt und einmal gefragt?" not in kept


def test_rows_do_not_tell_which_came_first(store: OpenQuestions, tmp_path: Path) -> None:
    for number in range(8):
        store.store(f"Frage {number}?", OpenReason.UNANSWERED)
    with (
        sqlite3.connect(tmp_path / "operation.sqlite") as connection,
        pytest.raises(sqlite3.OperationalError),
    ):
        connection.execute("SELECT rowid FROM open_question")
    connection.close()


def test_what_is_due_is_gone_from_every_file(tmp_path: Path) -> None:
    database = make_database(Settings(data_dir=tmp_path))
    day = [TODAY - timedelta(days=90)]
    people = PeopleStore(
        database, Settings(data_dir=tmp_path, keep_questions_days=90), lambda: None
    )
    people.questions, people.decisions = (
        OpenQuestions(database, lambda: day[0]),
        Decisions(database, lambda: day[0]),
    )
    for number in range(200):
        people.questions.store(f"{SECRET} {number}?", OpenReason.UNANSWERED)
    gone, used = people.decisions.change(
        [
            PlannedChange(Decision(kind=DecisionKind.GAP, wordings=(words,)), 0)
            for words in (f"Lücke {SECRET}", "Gilt noch")
        ],
        "Eva",
    )
    assert people.decisions.undo(gone.id, "Ada")
    day[0] = TODAY - timedelta(days=1)
    people.questions.store("Noch nicht fällig?", OpenReason.UNANSWERED)
    assert people.delete_expired() == 0
    day[0] = TODAY
    assert traces(tmp_path, SECRET) != []
    assert people.delete_expired() == 201
    assert traces(tmp_path, SECRET) == []
    assert [item.question for item in people.questions.all()] == ["Noch nicht fällig?"]
    assert {item.id: item.wordings for item in people.decisions.all()} == {
        gone.id: (),
        used.id: ("Gilt noch",),
    }


def test_a_table_that_cannot_be_written_costs_no_answer(client: TestClient, data: Path) -> None:
    (data / "operation.sqlite").unlink(missing_ok=True)
    (data / "operation.sqlite").mkdir()
    assert ask(client, f"Was ist mit {SECRET}?")["status"] in ("not_in_documents", "found")
