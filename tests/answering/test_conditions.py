"""What of a list's question no condition took is told; costs, priorities and orders are
conditions.
"""

from __future__ import annotations

import pytest

from prompts import say
from service.answering.reading.nouns import fold_words
from service.answering.reading.values import find_cost_range, find_priority
from service.answering.record_rows import priority_level
from service.records import AnswerStatus, DataKind
from tests.answering.conftest import Ask

UNREAD = "condition_not_understood"


@pytest.mark.parametrize(
    ("question", "word", "kind"),
    [
        ("Welche Projekte sind umstritten?", "umstritten", DataKind.FOUND),
        ("Welche Leitlinien sind umstritten?", "umstritten", DataKind.LIST),
        ("Wie viele Projekte wurden gelobt?", "gelobt", DataKind.COUNT),
    ],
)
def test_a_condition_that_nothing_took_is_told_and_no_answer_claimed(
    ask: Ask, question: str, word: str, kind: DataKind
) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.FOUND and answer.data is not None
    (text,) = (notice.text for notice in answer.notices if notice.code == UNREAD)
    assert answer.answer.startswith(text)
    assert answer.data.lead.startswith(text)
    assert answer.data.kind is kind and (kind is DataKind.FOUND or answer.data.complete is False)
    assert all(row["citations"] and row["document"] for row in answer.data.rows)
    assert f"„{word}“" in text


def test_a_long_list_of_everything_is_not_shown_beside_what_has_the_words(ask: Ask) -> None:
    answer = ask("Welche Projekte werden vom Land bezahlt?")
    assert answer.status is AnswerStatus.FOUND and answer.data is not None
    assert answer.data.kind is DataKind.FOUND and len(answer.data.rows) <= 3
    (text,) = (notice.text for notice in answer.notices if notice.code == UNREAD)
    assert "„Land“, „bezahlt“" in text and answer.answer.startswith(text)


def test_entries_that_say_the_words_are_shown(ask: Ask) -> None:
    answer = ask("Welche Projekte sind kostenlos?")
    assert answer.status is AnswerStatus.FOUND and "kostenlos" in answer.answer
    assert "5.1.2.3" in [citation.ref for citation in answer.citations[:3]]
    assert UNREAD in [notice.code for notice in answer.notices]


@pytest.mark.parametrize(("word", "is_quoted"), [("kostenlos", True), ("gestrichen", False)])
def test_only_entries_with_a_left_over_word_are_quoted(
    ask: Ask, word: str, is_quoted: bool
) -> None:
    answer = ask(f"Welche Projekte sind {word}?")
    assert answer.status is AnswerStatus.FOUND and answer.data is not None
    quotes = [citation.quote for citation in answer.citations]
    assert (word in quotes[0]) is any(word in quote for quote in quotes) is is_quoted


def test_a_list_without_rows_by_a_part_of_the_question_is_passages(ask: Ask) -> None:
    whole = ask("Welche Projekte kosten mehr als 90.000.000 Euro?")
    part = ask("Welche Projekte kosten prächtig mehr als 90.000.000 Euro?")
    assert whole.data is not None and whole.data.kind is DataKind.LIST and not whole.data.rows
    assert part.data is None or part.data.kind is DataKind.FOUND


def test_an_overview_of_a_part_of_the_question_is_passages(ask: Ask) -> None:
    whole, part = (
        ask("Was macht der Kreis beim Klima?"),
        ask("Was macht der Kreis beim Klima quer?"),
    )
    assert whole.data is not None and whole.data.kind is DataKind.OVERVIEW
    assert part.data is None or part.data.kind is DataKind.FOUND


@pytest.mark.parametrize(
    "question", ["Welche Projekte sind fertig?", "Wie viele Projekte gibt es ohne das Archiv?"]
)
def test_what_only_binds_conditions_is_none(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.ANSWERED and UNREAD not in [
        notice.code for notice in answer.notices
    ]


def test_an_archive_is_named_beside_what_is_implemented_and_not_counted(ask: Ask) -> None:
    beside = "Nicht mitgezählt: was früher umgesetzt wurde und nur noch im Archiv steht (8)."
    answer = ask("Welche Projekte sind umgesetzt?")
    assert answer.status is AnswerStatus.ANSWERED and answer.answer.endswith(beside)
    assert answer.data is not None and answer.data.total == 10
    assert "im Archiv" not in ask("Welche Projekte sind in Planung?").answer


def test_a_verb_beside_the_records_does_not_keep_them_from_being_listed(ask: Ask) -> None:
    answer = ask("Auf welche Leitlinien beruft sich der Kreis Lauterfeld?")
    assert answer.data is not None and answer.data.kind is DataKind.LIST
    assert [row["ref"] for row in answer.data.rows] == ["A.I", "A.II", "A.III", "A.IV", "A.V"]


def test_a_long_list_of_everything_is_no_answer_to_a_part_of_the_question(ask: Ask) -> None:
    answer = ask("Welche Maßnahmen sind besonders günstig?")
    assert answer.data is not None and answer.data.kind is DataKind.FOUND


def test_what_is_done_since_a_season_is_a_list(ask: Ask) -> None:
    answer = ask("Was wurde seit dem Frühjahr 2025 fertig?")
    assert answer.status is AnswerStatus.ANSWERED
    assert "mit einem Datum ab 03.2025" in answer.answer


@pytest.mark.parametrize(
    "question", ["Welches Amt macht Rufbus Lauvi?", "welches amt macht rufbus lauvi"]
)
def test_which_unit_does_a_record_is_its_responsible_unit(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.answer.startswith("Zuständig für Projekt 5.1.2.1") and "80.02" in answer.answer


def test_which_municipalities_a_record_has_is_its_cell_in_the_list(ask: Ask) -> None:
    answer = ask("Welche Gemeinden machen bei Rufbus Lauvi mit?")
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.answer.startswith("Kommunen laut Liste zu Projekt 5.1.2.1 Rufbus Lauvi: ")
    assert answer.citations[0].quote.startswith("5.1.2.1")
    assert "laut Liste" not in ask("Was bringt Rufbus Lauvi den Gemeinden?").answer


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Wie weit ist Amt 66 mit der Kurzzeitpflege?", "3.1.3.1"),
        ("Welche Projekte hat Amt 53 zum Glasfaserausbau?", "6.2.2.1"),
        ("Zu wie viel Prozent wurde der Rufbus von Amt 10 gefördert?", "5.1.2.1"),
    ],
)
def test_where_a_unit_has_nothing_on_the_topic_the_topic_is_shown(
    ask: Ask, question: str, shown: str
) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.FOUND
    assert shown in [citation.ref for citation in answer.citations[:3]]
    assert answer.data is not None and answer.data.rows


def test_costs_choose_and_orders_are_told(ask: Ask) -> None:
    costly = ask("Welche Projekte kosten mehr als 1 Million Euro?")
    assert (
        costly.data is not None
        and costly.data.total == 6
        and "die mindestens 1.000.000 Euro nennen" in costly.answer
    )
    ranked = ask("Welche Projekte kosten am meisten?").answer
    assert "der größte genannte Betrag zuerst (39 von 61 nennen einen)" in ranked
    unranked = ask("Welches Projekt ist zuletzt fertig geworden?")
    assert unranked.status is AnswerStatus.FOUND
    assert "Nach dem Ende lässt sich das nicht ordnen" in unranked.answer


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("Was kostet über 20.000 Euro?", "20000", ""),
        ("Was kostet höchstens 3.000 Euro?", "", "3000"),
        ("Was kostet zwischen 10.000 und 20.000 Euro?", "10000", "20000"),
        ("Wofür werden 400 Euro ausgegeben?", "", ""),
    ],
)
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


def test_a_status_without_a_record_lists_those_that_have_it_whatever_comes_last(ask: Ask) -> None:
    answer = ask("Was ist zuletzt fertig geworden?")
    assert answer.data is not None and answer.data.kind is DataKind.LIST and answer.data.total == 10
    assert {row["status"] for row in answer.data.rows} == {"implemented"}
    assert answer.status is AnswerStatus.FOUND  # no record says when it ended
    assert "Nach dem Ende lässt sich das nicht ordnen" in answer.answer


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


@pytest.mark.parametrize(
    "question",
    [
        "Wie viel kosten alle Projekte zusammen?",
        "Was kosten die Projekte insgesamt?",
    ],
)
def test_amounts_are_told_and_not_added_up(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.FOUND and answer.data is not None
    assert say("answers.no_sum") in answer.answer and "Euro" in answer.answer
    assert UNREAD not in [notice.code for notice in answer.notices]


def test_what_all_costs_together_is_the_total_that_a_paper_prints(ask: Ask) -> None:
    answer = ask("Wie viel kosten alle zusammen?")
    assert answer.status is AnswerStatus.FOUND
    assert "Gesamtbudget 5,4 Mio. Euro" in answer.citations[0].quote


def test_a_number_of_records_above_a_sum_is_no_sum(ask: Ask) -> None:
    answer = ask("Wie viele Projekte kosten insgesamt mehr als 100.000 Euro?")
    assert say("answers.no_sum") not in answer.answer
