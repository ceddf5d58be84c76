"""What of a list's question no condition took is told; costs, priorities and orders are
conditions.
"""

from __future__ import annotations

from prompts import say
from service.answering.reading.nouns import fold_words
from service.answering.reading.stated_values import find_cost_range, find_priority
from service.answering.record_rows import priority_level
from service.records import DataKind
from tests.answering.conftest import Ask
from tests.ingest.cases import cases


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
