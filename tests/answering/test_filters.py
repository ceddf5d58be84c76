"""What narrows the records of a question: status, negation, archive, themes, numbers, places."""

from __future__ import annotations

import pytest

from service.answering.corpus import Corpus
from service.answering.understanding.filtering import _heads
from tests.answering.conftest import Ask, Understand
from tests.answering.truth import projects
from vectorstore.records import ItemStatus

IDEA, PLANNED, RUNNING, DONE, ARCHIVED = (
    ItemStatus.IDEA,
    ItemStatus.PLANNED,
    ItemStatus.IN_PROGRESS,
    ItemStatus.IMPLEMENTED,
    ItemStatus.ARCHIVED,
)
STATUSES = [
    ("Welche Projekte sind umgesetzt?", {DONE}),
    ("Was ist alles abgeschlossen?", {DONE}),
    ("Welche Vorhaben sind fertig?", {DONE}),
    ("Welche Projekte sind in Bearbeitung?", {RUNNING}),
    ("Welche Projekte laufen gerade?", {RUNNING}),
    ("Wieviele Projekte laufen?", {RUNNING}),
    ("Welche Projekte laufen noch?", {RUNNING}),
    ("Welche Projekte zu Pflege, die noch laufen, gibt es?", {RUNNING}),
    ("Wie läuft es mit den Projekten?", set()),
    ("Welche Projekte laufen noch nicht?", {IDEA, PLANNED}),
    ("Welche Projekte stehen noch aus?", {IDEA, PLANNED}),
    ("Welche laufenden Projekte gibt es?", {RUNNING}),
    ("Welche Projekte sind in Planung?", {PLANNED}),
    ("Wie viele geplante Projekte gibt es?", {PLANNED}),
    ("Welche Projekte liegen im Ideenspeicher?", {IDEA}),
    ("Welche Mobilitätsprojekte sind noch Ideen?", {IDEA}),
    ("Wie viele Ideen gibt es?", {IDEA}),
    ("Welche Projekte sind in Planung oder in Bearbeitung?", {PLANNED, RUNNING}),
    ("Welche Projekte stehen im Archiv?", {ARCHIVED}),
    ("Wie viele Archivprojekte gibt es?", {ARCHIVED}),
    ("How many projects are implemented?", {DONE}),
    ("Which projects are planned?", {PLANNED}),
    ("Which projects are underway?", {RUNNING}),
    ("Which projects are still ideas?", {IDEA}),
    ("Wie viele Projekte sind umgesetzt inklusive Archiv?", {DONE, ARCHIVED}),
    ("Welche Projekte sind umgesetzt oder archiviert?", {DONE, ARCHIVED}),
    ("Wie viele Projekte gibt es inklusive Archiv?", set(ItemStatus)),
    ("Welche Projekte gibt es?", set()),
    ("Wie viele Projekte hat der Bericht?", set()),
]
NEGATED = [
    ("Welche Projekte sind nicht umgesetzt?", {DONE}),
    ("Welche Projekte sind noch nicht umgesetzt?", {DONE}),
    ("Welche Projekte sind noch nicht in Bearbeitung?", {RUNNING}),
    ("Welche Projekte sind nicht in Planung?", {PLANNED}),
    ("Which projects are not implemented?", {DONE}),
]
WITHOUT_ARCHIVE = [
    "Wie viele Projekte gibt es ohne das Archiv?",
    "Welche Projekte gibt es, Archiv nicht mitgezählt? Also ohne Archiv.",
    "Wie viele Projekte sind es außer denen im Archiv?",
    "How many projects are there without the archive?",
]
THEMES = [
    ("Welche Projekte gibt es im Themenfeld Mobilität?", ["5"]),
    ("Welche Projekte gibt es zum Thema Wohnen?", ["3"]),
    ("Welche Projekte gehören zu „Wasser, Natur und Abfall“?", ["2"]),
    ("Projekte zum Thema Wirtschaft, Bildung und Jugend", ["4"]),
    ("Ideen im Bereich Bildung", ["4"]),
    ("Welche Mobilitätsprojekte gibt es?", ["5"]),
    ("Welche Mobilitätsideen gibt es?", ["5"]),
    ("Welche Klimaprojekte sind in Bearbeitung?", ["1"]),
    ("Welche Energieprojekte gibt es?", ["1"]),
    ("Welche Abfallprojekte gibt es?", ["2"]),
    ("Welche Projekte gibt es in den Bereichen Klima und Mobilität?", ["1", "5"]),
    ("Projekte in den Themenfeldern Wohnen, Bildung und Mobilität", ["3", "4", "5"]),
    ("Which mobility projects are still ideas?", ["5"]),
    ("Welche Projekte gibt es?", []),
    ("Welche Projekte gibt es im Bereich Raumfahrt?", []),
    ("Wie viele Projekte sind umgesetzt?", []),
]
PLACES = [
    ("An welchen Projekten ist Hohenquelm beteiligt?", ("Hohenquelm",)),
    ("Welche Projekte gibt es in Bad Lauven?", ("Bad Lauven",)),
    ("Welche Projekte gibt es in Ahrenwies und Ostermarn?", ("Ahrenwies", "Ostermarn")),
    ("Welche Projekte gibt es im Kreis Lauterfeld?", ()),
    ("Welche Projekte gibt es in Lauterfeld?", ()),
    ("Welche Projekte gibt es in Lauterfeld und Bad Lauven?", ("Bad Lauven", "Lauterfeld")),
    ("Welche Projekte gibt es in der Stadt Lauterfeld?", ("Lauterfeld",)),
    ("Welche Projekte gibt es?", ()),
]


@pytest.mark.parametrize(("question", "statuses"), STATUSES)
def test_statuses(read: Understand, question: str, statuses: set[ItemStatus]) -> None:
    filters = read(question).filters
    assert filters.statuses == statuses
    assert not filters.without_statuses


@pytest.mark.parametrize(("question", "without"), NEGATED)
def test_a_negated_status_excludes(read: Understand, question: str, without: set[ItemStatus]) -> None:
    filters = read(question).filters
    assert filters.without_statuses == without
    assert not filters.statuses


@pytest.mark.parametrize("question", WITHOUT_ARCHIVE)
def test_without_the_archive_is_no_question_for_the_archive(read: Understand, question: str) -> None:
    filters = read(question).filters
    assert ARCHIVED not in filters.statuses and not filters.without_statuses


@pytest.mark.parametrize(("question", "keys"), THEMES)
def test_themes_by_part_of_title_and_by_head_of_compound(read: Understand, question: str, keys: list[str]) -> None:
    assert [key for _, key in read(question).filters.themes] == keys


@pytest.mark.parametrize(("question", "names"), PLACES)
def test_municipalities(read: Understand, question: str, names: tuple[str, ...]) -> None:
    assert read(question).filters.municipalities == names


def test_numbers_narrow(read: Understand) -> None:
    assert read("Welche Projekte gehören zu Ziel 5.2?").filters.refs == ("5.2",)
    assert read("Welche Maßnahmen stehen unter B.V?").filters.refs == ("B.V",)


def test_a_unit_is_no_number_of_an_item(read: Understand) -> None:
    filters = read("Für welche Projekte ist 70.03 zuständig?").filters
    assert filters.units == ("70.03",)
    assert filters.refs == ()


def test_several_conditions_stand_together(read: Understand) -> None:
    filters = read("Welche Mobilitätsprojekte der 80.02 in Bad Lauven sind umgesetzt?").filters
    assert [key for _, key in filters.themes] == ["5"]
    assert filters.units == ("80.02",)
    assert filters.municipalities == ("Bad Lauven",)
    assert filters.statuses == {DONE}


@pytest.mark.parametrize(
    ("question", "narrow"), [("Welche Projekte gibt es?", False), ("Welche Projekte sind umgesetzt?", True)]
)
def test_narrow_says_whether_anything_narrows(read: Understand, question: str, narrow: bool) -> None:
    assert read(question).filters.narrow is narrow


@pytest.mark.parametrize(
    ("part", "head", "heads"),
    [
        ("digitalisierung", "digital", True),
        ("mobilitaet", "mobilitaets", True),
        ("digitalisierung", "digi", False),
        ("buergerbeteiligung", "buerger", False),
    ],
)
def test_the_head_of_a_compound_is_a_word_of_a_theme(part: str, head: str, heads: bool) -> None:
    assert _heads(part, head) is heads


@pytest.mark.parametrize(
    ("question", "goal"),
    [
        ("Wie viele Projekte gehören zum Ziel, Bächen und Flüssen Raum zu geben?", "2.1"),
        ("Welche Projekte zählen zum Ziel, den Verkehr leiser zu machen?", "5.3"),
    ],
)
def test_a_goal_is_named_by_the_nouns_of_its_title(ask: Ask, question: str, goal: str) -> None:
    data = ask(question).data
    assert data is not None and data.total == len(projects(goal=goal))


def test_words_of_a_title_in_quotes_name_its_goal(ask: Ask) -> None:
    data = ask("Liste alles auf, was unter dem Ziel „Raum, Hochwasser verursacht weniger“ steht.").data
    assert data is not None
    assert {str(row["ref"]) for row in data.rows} == set(projects(goal="2.1"))


def test_a_goal_is_meant_by_its_whole_title_behind_a_word_for_a_field(read: Understand, corpus: Corpus) -> None:
    goal = next(title for title, items in corpus.containers_by_title.items() if len(items) == 1)
    item = corpus.containers_by_title[goal][0]
    assert read(f"Wie viele Maßnahmen gibt es beim Thema {item.title}?").filters.parents == (
        (item.document_id, item.key),
    )
