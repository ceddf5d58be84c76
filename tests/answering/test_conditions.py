"""What of a list's question no condition took is told; costs, priorities and orders are
conditions.
"""

from __future__ import annotations

import pytest

from prompts import say
from service.answering.reading.nouns import fold_words
from service.answering.reading.stated_values import find_cost_range, find_priority
from service.answering.record_rows import priority_level
from service.records import AnswerStatus, DataKind
from tests.answering.conftest import Ask
from tests.ingest.cases import cases

UNREAD = "condition_not_understood"


@cases("question", "word", "kind")
def test_a_condition_that_nothing_took_is_told_and_no_answer_claimed(
    ask: Ask, question: str, word: str, kind: str
) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.FOUND and answer.data is not None
    (text,) = (notice.text for notice in answer.notices if notice.code == UNREAD)
    assert answer.answer.startswith("Die Liste dazu zeigt: ")
    assert answer.data.lead.startswith("Die Liste dazu zeigt: ")
    assert (answer.data.kind, answer.data.complete) == (kind, False)
    assert all(row["citations"] and row["document"] for row in answer.data.rows)
    assert f"„{word}“" in text


def test_a_verb_beside_the_records_does_not_keep_them_from_being_listed(ask: Ask) -> None:
    answer = ask("Auf welche Leitlinien beruft sich der Kreis Lauterfeld?")
    assert answer.data is not None and answer.data.kind is DataKind.LIST
    assert [row["ref"] for row in answer.data.rows] == ["A.I", "A.II", "A.III", "A.IV", "A.V"]


@pytest.mark.parametrize(
    "question", ["Welches Amt macht Rufbus Lauvi?", "welches amt macht rufbus lauvi"]
)
def test_which_unit_does_a_record_is_its_responsible_unit(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.answer.startswith("Zuständig für Projekt 5.1.2.1") and "80.02" in answer.answer


@cases("question", "shown")
def test_where_a_unit_has_nothing_on_the_topic_the_topic_is_shown(
    ask: Ask, question: str, shown: str
) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.FOUND
    assert shown in [citation.ref for citation in answer.citations[:3]]
    assert answer.data is not None and answer.data.rows


@cases("said", "least", "most")
def test_bounds_of_costs(said: str, least: str, most: str) -> None:
    assert find_cost_range(said, fold_words(said))[0] == (least, most)


def test_levels_of_priorities() -> None:
    assert find_priority(fold_words("Welche Maßnahmen haben eine hohe Priorität?")) == (
        "high",
        {"hohe", "prioritaet"},
    )
    assert find_priority(fold_words("Welche hohen Gebäude gibt es?")) == ("", set())
    assert [priority_level(item) for item in ("Hoch", "+++", "mittel", "B 2")] == [
        "high",
        "high",
        "middle",
        "b 2",
    ]


def test_a_fact_that_no_entry_has_is_said_to_be_missing(ask: Ask) -> None:
    answer = ask("Wie ist die Telefonnummer vom Pflegetelefon?").answer
    assert say("answers.missing_contact") in answer[:160]


def test_english_lists_are_chosen_by_what_they_are_about(ask: Ask) -> None:
    german, english = (
        ask("Welche Projekte gibt es zur Mobilität?"),
        ask("Which projects deal with mobility?"),
    )
    assert (
        german.data is not None and english.data is not None and english.data.kind is DataKind.LIST
    )
    found = {row["ref"] for row in english.data.rows}
    assert (
        len(found) >= 5
        and len(found & {row["ref"] for row in german.data.rows}) >= len(found) * 2 // 3
    )
