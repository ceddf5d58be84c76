"""The matcher: the edition's own values that a question names, and what remains as its topic."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from service.answering import AnswerService
from service.answering.reading.searched_words import join_linked_words
from service.answering.reading.units import _names_beside
from tests.answering.truth import MOTION


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Was will die Grüne Mitte?", (MOTION,)),
        ("Welche Thesen gibt es?", ()),
        ("Wer kümmert sich um Radwege?", ()),
    ],
)
def test_papers(service: AnswerService, question: str, named: tuple[str, ...]) -> None:
    found = service.parts.matcher.values(question).documents
    assert (set(found.ids) if found.explicit else set()) == set(named)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("Was geschieht 2026 mit 30 Prozent?", {"unit": "", "unknown_unit": ""}),
        ("Was macht die 66?", {"unit": "66"}),
        ("Was tun alle 66 Gemeinden?", {"unit": "", "unknown_unit": ""}),
        ("Sind es 66 Projekte?", {"unit": "", "claimed_number": 66}),
        ("Wie lauten die fünf Leitlinien?", {"claimed_number": 5}),
        ("Hat der Bericht 1.066 Projekte?", {"claimed_number": None}),
        ("Projekte in Hohenqelm", {"place": "Hohenquelm"}),
        ("Welche Projekte werden gerade umgesetzt?", {"statuses": ("in_progress",)}),
        ("Welche Projekte sollen noch umgesetzt werden?", {"statuses": ("planned",)}),
        (
            "Welche Projekte sollen 2027 fertig sein?",
            {"statuses": (), "since": "2027", "until": "2027"},
        ),
        ("Welche Projekte wurden 2025 umgesetzt?", {"statuses": ("implemented",)}),
        ("Projekte bis 2027", {"since": "", "until": "2027"}),
        ("Projekte seit 2025", {"since": "2025", "until": ""}),
        ("Projekte 2026", {"since": "2026", "until": "2026"}),
        ("Projekte seit April 2025", {"since": "2025-04", "until": ""}),
        ("Projekte seit dem 1. April 2025", {"since": "2025-04-01", "until": ""}),
        ("Projekte ab dem 01.04.2025", {"since": "2025-04-01", "until": ""}),
        ("Projekte bis zum Herbst 2025", {"since": "", "until": "2025-11"}),
        ("Projekte im Sommer 2025", {"since": "2025-06", "until": "2025-08"}),
        ("Projekte seit dem Jahr 2025", {"since": "2025", "until": ""}),
        ("Bei allem steht 66.01, was ist das?", {"unit": "66.01"}),
        ("Was macht die 66. Abteilung am 12. Mai?", {"unit": "", "unknown_unit": ""}),
    ],
)
def test_values(service: AnswerService, question: str, values: dict[str, Any]) -> None:
    found = service.parts.matcher.values(question)
    stated = asdict(found.conditions) | {
        "unknown_unit": found.unknown_unit,
        "claimed_number": found.claimed_number,
    }
    assert {name: stated[name] for name in values} == values


@pytest.mark.parametrize(
    "question", ["Was kostet 1.5 Mio. Euro?", "Was ist am 12.3.2026 geschehen?"]
)
def test_amounts_and_days_are_no_numbers_of_records(service: AnswerService, question: str) -> None:
    found = service.parts.matcher.values(question).numbered
    assert (list(found.items), found.unknown) == ([], ())


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Was macht die Wirtschaftsagentur WAL?", {"wirtschaftsagentur"}),
        ("Was macht die WAL Wirtschaftsagentur?", {"wirtschaftsagentur"}),
        ("Was macht die Wirtschaftsagentur (WAL)?", {"wirtschaftsagentur"}),
        ("Was hat die WAL mit Gewerbeflächen zu tun?", set()),
    ],
)
def test_a_noun_beside_an_abbreviation_is_its_name(question: str, names: set[str]) -> None:
    assert _names_beside(question, ["wal"]) == names


def test_titles_are_named_by_what_tells_them_apart(service: AnswerService) -> None:
    for question, refs in (
        ("Wo fahren Busse?", []),
        ("Wie weit ist das Glasfaser für die letzten 4.000 Haushalte?", ["6.2.2.1"]),
    ):
        assert [item.ref for item in service.parts.matcher.values(question).named_by_title] == refs


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Welche Hilfe gibt es für alte Menschen?", "Hilfe alte Menschen"),
        ("Was tut der Kreis für kleine Kinder?", "kleine Kinder"),
        ("Welche Projekte gibt es für pflegende Angehörige?", "pflegende Angehörige"),
        ("Welche geplanten Projekte gibt es?", ""),
        ("Welche Märchenprojekte gibt es?", "Märchen"),
        ("Welche Frühförderungsprojekte gibt es?", "Frühförderung"),
        ("Welche Gebäudevorhaben gibt es?", "Gebäude"),
    ],
)
def test_a_topic_is_nouns_with_their_attributes(
    service: AnswerService, question: str, topic: str
) -> None:
    assert service.parts.reader.read(question).query.conditions.topic == topic


def test_the_words_that_name_a_document_are_not_searched_for_beside_an_abbreviation(
    service: AnswerService,
) -> None:
    query = service.parts.reader.read("Was steht im Leitbild zur KI?").query
    assert "Leitbild" not in query.text and query.conditions.topic == "KI"


def test_of_words_that_begin_alike_a_topic_has_the_longest() -> None:
    """Not the first of a set: that is another one in every process."""
    words = (
        "Rad",
        "Radroute",
        "Gas",
        "Gasfassung",
        "Bäcker",
        "Bäckerei",
        "Schule",
        "Schulessen",
        "Wald",
        "Waldbrand",
    )
    assert join_linked_words(" ".join(words), words) == " ".join(words)
