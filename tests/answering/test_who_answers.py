"""Who answers: forms in ten languages, written before training; and topics that resemble them."""

from __future__ import annotations

from pathlib import Path

from prompts import FURTHER, text
from service.answering import AnswerService
from service.records import Answer, AnswerStatus, ChatRequest, Turn
from tests.answering.conftest import Ask
from tests.held import read_rows

ROWS = read_rows("../lab/train/held/who-are-you")
LEAST_FOUND, MOST_FALSE = 57, 1  # of 60 each; measured when it was opened: 60 and 1


def is_told(answer: Answer) -> bool:
    """True if an answer says who answers and leads to the page about the service."""
    return any(notice.url and notice.url.startswith("/about?") for notice in answer.notices)


def test_who_answers_is_told_in_every_form(ask: Ask) -> None:
    forms = [row["text"] for row in ROWS if row["self"]]
    assert len(forms) == 60
    assert sum(is_told(ask(form)) for form in forms) >= LEAST_FOUND


def test_a_reading_that_is_sure_needs_no_second_one(ask: Ask) -> None:
    assert is_told(ask("Wer hat dich eigentlich gebaut und wer bezahlt das?"))


def test_topics_with_people_and_machines_stay_topics(ask: Ask) -> None:
    topics = [row["text"] for row in ROWS if not row["self"]]
    assert len(topics) == 60
    assert sum(is_told(ask(topic)) for topic in topics) <= MOST_FALSE
    for topic in ("Gibt es ein Projekt zu künstlicher Intelligenz?", "Wer macht das Projekt?"):
        assert not is_told(ask(topic))


def test_nothing_held_is_learned() -> None:
    learned = {
        row["text"]
        for path in (Path(__file__).parents[2] / "lab/train/self").glob("*.jsonl")
        for row in read_rows(f"../lab/train/self/{path.stem}")
    }
    assert learned.isdisjoint(row["text"] for row in ROWS)


def test_it_says_plainly_that_it_is_a_machine(ask: Ask) -> None:
    answer = ask("Sind Sie ein Mensch?")
    assert "Computerprogramm" in answer.answer and "kein Mensch" in answer.answer
    assert "not a human" in ask("Are you a bot?").answer
    for language in FURTHER:
        said = text(f"{language}/about/identity")
        assert "{name}" in said and said != text("en/about/identity")


def test_it_says_so_within_a_conversation_too(service: AnswerService) -> None:
    earlier = [
        Turn(role="user", content="Was wird für ältere Menschen getan?"),
        Turn(role="assistant", content="Dazu passen am ehesten diese drei Stellen."),
    ]
    for form in ("Sind Sie ein Mensch?", "Are you a bot?", "Wer bist du?"):
        answer = service.answer(ChatRequest(question=form, history=earlier))
        assert answer.status is AnswerStatus.ABOUT_SERVICE, form
