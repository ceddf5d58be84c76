"""The matcher: the edition's own values that a question names, and what remains as its topic."""

from __future__ import annotations

from typing import Any

import pytest

from service.answering.service import AnswerService
from tests.answering.truth import DRAFT, GOALS, MOTION, PROGRAMME, REPORT


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Was sagt der Nachhaltigkeitsbericht zur Pflege?", (REPORT,)),
        ("Ist das Leitbild beschlossen?", (DRAFT,)),
        ("Wer hat den Lärmschutzantrag gestellt?", (MOTION,)),
        ("Was steht in den Strategischen Zielen?", (GOALS,)),
        ("Was will die Grüne Mitte?", (MOTION,)),
        ("Worum geht es bei „Lauterfeld verbindet“?", (PROGRAMME,)),
        ("Was sagen Leitbild und Bericht zum Wasser?", (DRAFT, REPORT)),
        ("Welche Thesen hat Lauterfeld?", (DRAFT,)),  # no other paper of the county has any
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
        ("Welche Projekte verantwortet 70.03?", {"unit": "70.03", "plural": True}),
        ("Welche Projekte hat Abteilung 66?", {"unit": "66"}),
        ("Projekte der WAL", {"unit": "WAL"}),
        ("Was macht Einheit 98?", {"unit": "", "unknown_unit": "98"}),
        ("Was geschieht 2026 mit 30 Prozent?", {"unit": "", "unknown_unit": ""}),
        ("Welche Projekte gibt es in Hohenquelm?", {"place": "Hohenquelm"}),
        ("Projekte in Hohenqelm", {"place": "Hohenquelm"}),
        ("Projekte in Bad Lauven", {"place": "Bad Lauven"}),
        ("Welche Projekte sind geplant?", {"statuses": ("planned",), "kinds": ("project",)}),
        ("Welche Projekte sind nicht umgesetzt?", {"statuses": ("idea", "planned", "in_progress")}),
        ("Welche Projekte werden gerade umgesetzt?", {"statuses": ("in_progress",)}),
        ("Welche Projekte sollen noch umgesetzt werden?", {"statuses": ("planned",)}),
        ("Welche Projekte sollen 2027 fertig sein?", {"statuses": (), "dated": ("2027", "2027")}),
        ("Welche Projekte wurden 2025 umgesetzt?", {"statuses": ("implemented",)}),
        ("Welche Ziele gibt es?", {"kinds": ("goal",), "statuses": ()}),
        ("Projekte bis 2027", {"dated": ("", "2027")}),
        ("Projekte seit 2025", {"dated": ("2025", "")}),
        ("Projekte 2026", {"dated": ("2026", "2026")}),
    ],
)
def test_values(service: AnswerService, question: str, values: dict[str, Any]) -> None:
    found = service.parts.matcher.values(question)
    assert {name: getattr(found, name) for name in values} == values


@pytest.mark.parametrize(
    ("question", "refs", "unknown"),
    [
        ("Was ist 5.1.2.1?", ["5.1.2.1"], ()),
        ("Was sagt These 3?", ["3"], ()),
        ("Was steht unter B.IV?", ["B.IV"], ()),
        ("Was ist 9.9.9.9?", [], ("9.9.9.9",)),
        ("Was kostet 1.5 Mio. Euro?", [], ()),
        ("Was ist am 12.3.2026 geschehen?", [], ()),
    ],
)
def test_numbers(service: AnswerService, question: str, refs: list[str], unknown: tuple[str, ...]) -> None:
    found = service.parts.matcher.values(question).numbered
    assert ([item.ref for item in found.items], found.unknown) == (refs, unknown)


@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("Was ist der Rufbus Lauvi?", ["5.1.2.1"]),
        ("Wo fahren Busse?", []),
        ("Wie weit ist das Glasfaser für die letzten 4.000 Haushalte?", ["6.2.2.1"]),
    ],
)
def test_titles_are_named_by_what_tells_them_apart(service: AnswerService, question: str, refs: list[str]) -> None:
    assert [item.ref for item in service.parts.matcher.values(question).named_by_title] == refs


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Was sagt der Nachhaltigkeitsbericht zur Pflege?", ["Pflege"]),
        ("Welche Radprojekte gibt es?", ["Rad"]),
        ("Welche Projekte verantwortet 70.03?", []),
        ("Welche Projekte sind geplant?", []),
    ],
)
def test_the_topic_is_what_no_value_took(service: AnswerService, question: str, topic: list[str]) -> None:
    matcher = service.parts.matcher
    assert [word.text for word in matcher.find_topic_words(question, matcher.values(question))] == topic


def test_a_theme_is_named_by_its_title_or_a_part_of_it(service: AnswerService) -> None:
    matcher = service.parts.matcher
    for statement, ref in (("Mobilität", "5"), ("Wasser, Natur und Abfall", "2"), ("Raumfahrt", None)):
        theme = matcher.find_theme(matcher.find_topic_words(statement, matcher.values(statement)), (REPORT,))
        assert (theme and theme.ref) == ref


def test_names_of_places_are_placeholders_for_what_is_learned(service: AnswerService) -> None:
    statement = service.parts.matcher.with_placeholders("Welche Projekte gibt es in Hohenquelm?")
    assert "zzplace" in statement and "Hohenquelm" not in statement


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Welche Hilfe gibt es für alte Menschen?", "Hilfe alte Menschen"),
        ("Was tut der Kreis für kleine Kinder?", "kleine Kinder"),
        ("Welche Projekte gibt es für pflegende Angehörige?", "pflegende Angehörige"),
        ("Welche geplanten Projekte gibt es?", ""),
        ("Welche Ämter haben die meisten Projekte?", ""),
        ("Which projects deal with mobility?", "mobility"),
    ],
)
def test_a_topic_is_nouns_with_their_attributes(service: AnswerService, question: str, topic: str) -> None:
    assert service.parts.reader.read(question).query.conditions.topic == topic


def test_the_words_that_name_a_document_are_not_searched_for_beside_an_abbreviation(service: AnswerService) -> None:
    query = service.parts.reader.read("Was steht im Leitbild zur KI?").query
    assert "Leitbild" not in query.text and query.conditions.topic == "KI"
