"""Lists of records are computed over all records: complete, in order, each row cited."""

from __future__ import annotations

import pytest

from service.answering.service import AnswerService
from service.models import Answer, AnswerMode, AnswerStatus, DataKind
from service.record_filters import Filters as ListFilters
from service.record_filters import notices
from tests.answering.conftest import Ask
from tests.answering.shapes import cited, data, refs, titles
from tests.answering.truth import GOALS, MOTION, REPORT, archive, goals, project, projects, strategy
from vectorstore.records import ItemKind

BY_STATUS = [
    ("Welche Projekte sind umgesetzt?", "implemented"),
    ("Zähl mir bitte alles auf, was laut Bericht schon umgesetzt ist.", "implemented"),
    ("Welche Projekte sind in Bearbeitung?", "in_progress"),
    ("Welche Projekte sind in Planung?", "planned"),
    ("Was befindet sich in Planung?", "planned"),
    ("Welche Projekte liegen im Ideenspeicher?", "idea"),
    ("Liste der Ideen", "idea"),
    ("Which projects are still ideas?", "idea"),
]
BY_THEME = [
    ("Welche Projekte gibt es im Themenfeld Mobilität?", "5", ""),
    ("Welche Mobilitätsprojekte sind bisher nur Ideen?", "5", "idea"),
    ("Welche Klimaprojekte sind in Bearbeitung?", "1", "in_progress"),
    ("Welche Abfallprojekte gibt es?", "2", ""),
    ("Welche Ideen gibt es im Bereich Bildung?", "4", "idea"),
    ("Projekte zum Thema Wohnen:", "3", ""),
    ("Which mobility projects are still ideas?", "5", "idea"),
]
PLACES = ["Hohenquelm", "Bad Lauven", "Birkmoosen", "Mühlenranft", "Graustetten"]


def check_complete(answer: Answer, wanted: list[str]) -> None:
    """The rows are the wanted ones in order, each named in the text, cited and given its total."""
    assert answer.status is AnswerStatus.ANSWERED and answer.mode is AnswerMode.COMPUTED
    assert refs(answer) == wanted
    assert data(answer).total == len(wanted)
    assert set(wanted) <= cited(answer)
    assert all(row["citations"] for row in data(answer).rows)


@pytest.mark.parametrize(("question", "status"), BY_STATUS)
def test_by_status(ask: Ask, question: str, status: str) -> None:
    answer = ask(question)
    check_complete(answer, projects(status=status))
    assert {row["status"] for row in data(answer).rows} == {status}


@pytest.mark.parametrize(("question", "theme", "status"), BY_THEME)
def test_by_theme(ask: Ask, question: str, theme: str, status: str) -> None:
    check_complete(ask(question), projects(theme=theme, status=status))


@pytest.mark.parametrize("goal", goals())
def test_by_goal(ask: Ask, goal: str) -> None:
    check_complete(ask(f"Welche Projekte gehören zu Ziel {goal}?"), projects(goal=goal))


@pytest.mark.parametrize("place", PLACES)
def test_by_municipality(ask: Ask, place: str) -> None:
    check_complete(ask(f"An welchen Projekten ist {place} beteiligt?"), projects(municipality=place))


def test_by_several_conditions(ask: Ask) -> None:
    answer = ask("Welche Projekte in Bad Lauven sind umgesetzt?")
    check_complete(answer, projects(municipality="Bad Lauven", status="implemented"))


def test_a_negated_status_lists_the_others(ask: Ask) -> None:
    answer = ask("Welche Mobilitätsprojekte sind noch nicht umgesetzt?")
    check_complete(answer, projects(theme="5", without="implemented"))


def test_a_list_of_everything_is_not_cut(ask: Ask) -> None:
    check_complete(ask("Welche Projekte gibt es?"), projects())


def test_a_list_names_every_row_in_words(ask: Ask) -> None:
    answer = ask("Welche Mobilitätsprojekte sind in Bearbeitung?")
    for ref in projects(theme="5", status="in_progress"):
        assert f"{ref} {project(ref)['title']}" in answer.answer


def test_a_list_tells_document_and_date(ask: Ask) -> None:
    assert "Nachhaltigkeitsbericht Kreis Lauterfeld (Stand 01.03.2026)" in ask("Welche Projekte sind umgesetzt?").answer


def test_the_archive_is_listed_on_demand_only(ask: Ask) -> None:
    archived = ask("Welche Projekte stehen im Archiv?")
    assert titles(archived) == archive()
    assert {row["status"] for row in data(archived).rows} == {"archived"}
    for question in ("Welche Projekte gibt es?", "Welche Projekte sind umgesetzt?"):
        assert not set(archive()) & set(titles(ask(question)))


def test_the_archive_of_a_theme(ask: Ask) -> None:
    answer = ask("Welche Projekte aus dem Bereich Mobilität liegen im Archiv?")
    assert titles(answer) == ["Fahrradboxen an den fünf Bahnhöfen"]


@pytest.mark.parametrize("theme", ["Mobilität", "Klima und Energie", "Digitaler Kreis"])
def test_goals_of_a_theme(ask: Ask, theme: str) -> None:
    answer = ask(f"Welche Ziele nennt der Nachhaltigkeitsbericht im Themenfeld {theme}?")
    key = {"Mobilität": "5", "Klima und Energie": "1", "Digitaler Kreis": "6"}[theme]
    assert refs(answer) == goals(key)


def test_principles_and_measures_of_the_strategy(ask: Ask) -> None:
    assert refs(ask("Nenne alle Handlungsprinzipien.")) == strategy("principle")
    assert refs(ask("Welche Felder hat Teil B der Strategischen Ziele?")) == strategy("goal")
    below = [ref for ref in strategy("measure") if ref.startswith("B.V.")]
    assert refs(ask("Welche Maßnahmen stehen unter B.V?")) == below


def test_the_points_of_a_motion(ask: Ask) -> None:
    answer = ask("Was beantragt die Grüne Mitte Punkt für Punkt?")
    assert refs(answer) == ["I", "II", "III", "IV"]
    assert {row["document_id"] for row in data(answer).rows} == {MOTION}
    assert "nicht beschlossen" in answer.answer


def test_a_listed_status_conflict_is_told(ask: Ask) -> None:
    answer = ask("Welche Projekte sind in Planung?")
    told = next(part for part in answer.answer.split(". ") if "zeigt die Projektliste einen anderen Status" in part)
    assert "3.1.3.1" in told and "in Bearbeitung" in told
    row = [one for one in answer.citations if one.ref == "3.1.3.1"]
    assert any("Tauschbörse" in one.quote and "50.03" in one.quote for one in row), "the row proves it"


def test_no_conflict_is_told_where_no_status_is_asked(ask: Ask) -> None:
    assert "anderen Status" not in ask("Welche Projekte gehören zu Ziel 3.1?").answer


def test_a_topic_chooses_among_records(ask: Ask) -> None:
    answer = ask("Welche Projekte nennen Wärmepumpen?")
    assert "1.1.2.2" in refs(answer)
    assert all("ärmepumpe" in str(project(ref)) for ref in refs(answer))


@pytest.mark.parametrize("question", ["Welche Projekte befassen sich mit Zeppelinen?", "Welche Ziele nennen Pinguine?"])
def test_a_topic_that_nothing_mentions_is_not_in_the_documents(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.citations == [] and answer.data is None


def test_an_unknown_number_lists_nothing_else(ask: Ask) -> None:
    answer = ask("Welche Projekte gehören zu Ziel 9.9?")
    assert answer.data is None or refs(answer) == []


def test_kinds_are_listed_and_not_counted(ask: Ask) -> None:
    assert data(ask("Welche Projekte sind umgesetzt?")).kind is DataKind.LIST
    assert {row["document_id"] for row in data(ask("Welche Projekte sind umgesetzt?")).rows} == {REPORT}
    assert {row["document_id"] for row in data(ask("Nenne alle Handlungsprinzipien.")).rows} == {GOALS}


@pytest.mark.parametrize("place", ["Hohenquelm", "Bad Lauven"])
def test_records_of_all_municipalities_are_told_to_be_left_out(ask: Ask, service: AnswerService, place: str) -> None:
    answer = ask(f"Welche Projekte betreffen {place}?")
    filters = ListFilters(kind=ItemKind.PROJECT, municipality=place)
    expected = notices(service.corpus.catalogue.items, filters)
    assert [one for one in answer.notices if one.code == "all_municipalities"] == expected


def test_records_of_all_municipalities(ask: Ask, service: AnswerService) -> None:
    wanted = [item.ref for item in service.corpus.catalogue.items if item.all_municipalities]
    assert wanted
    assert refs(ask("Welche Projekte betreffen alle Kommunen?")) == wanted


def test_two_municipalities_are_both_named(ask: Ask) -> None:
    both = [ref for ref in projects(municipality="Hohenquelm") if "Lauterfeld" in project(ref)["municipalities"]]
    answer = ask("Welche Projekte gibt es in Hohenquelm und Lauterfeld?")
    assert "Hohenquelm und Lauterfeld" in answer.answer
    assert refs(answer) == both


def test_a_status_that_only_the_table_shows_is_told(ask: Ask) -> None:
    answer = ask("Welche Projekte sind in Bearbeitung?")
    assert "3.1.3.1" not in refs(answer)
    told = answer.answer[answer.answer.index("Nicht mitgezählt: 3.1.3.1") :]
    assert "Text: in Planung" in told and "Projektliste: in Bearbeitung" in told


def test_the_project_list_itself_can_be_asked(ask: Ask) -> None:
    running, planned = (ask(f"Welche Projekte sind laut Projektliste in {one}?") for one in ("Bearbeitung", "Planung"))
    assert "3.1.3.1" in refs(running) and "3.1.3.1" not in refs(planned)
    assert "6.1.3.1" in refs(planned) and "6.1.3.1" not in refs(running)
    assert "Bei 3.1.3.1 nennt der Text einen anderen Status: in Planung" in running.answer


def test_english_statuses_are_grammatical(ask: Ask) -> None:
    assert "status an idea" not in ask("Which projects are still ideas?").answer


def test_the_head_of_a_compound_is_printed_as_written(ask: Ask) -> None:
    assert "mit Bezug zu „Rad“" in ask("Welche Radprojekte gibt es?").answer


def test_a_verb_behind_the_records_is_no_topic(ask: Ask) -> None:
    assert refs(ask("Welche Projekte betreffen Wärmepumpen?")) == refs(ask("Welche Projekte nennen Wärmepumpen?"))


def test_a_topic_behind_an_imperative_chooses_beside_a_status(ask: Ask) -> None:
    answer = ask("Nenne mir alle Projekte zu Wärmepumpen, die in Bearbeitung sind.")
    assert "„Wärmepumpen“" in answer.answer
    assert set(refs(answer)) < set(projects(status="in_progress"))


@pytest.mark.parametrize(
    "question", ["Was sind die Projekte im Themenfeld Mobilität?", "Was sind die wichtigsten Projekte der Mobilität?"]
)
def test_what_are_the_records_asks_for_all_of_them(ask: Ask, question: str) -> None:
    data = ask(question).data
    assert data is not None and data.kind is DataKind.LIST
    assert {row["ref"].split(".")[0] for row in data.rows} == {"5"}


@pytest.mark.parametrize(
    "question",
    ["Which projects does Lauterfeld have for young people?", "Which projects in Lauterfeld involve schools?"],
)
def test_english_lists_are_of_what_they_are_for(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.language == "en"
    assert answer.data is None or 0 < len(answer.data.rows) < 20, "not all projects, whatever they are for"
