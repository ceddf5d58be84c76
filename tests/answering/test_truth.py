"""Lists, counts, statuses and units are exactly those of the file that the sample's builder writes beside it."""

from __future__ import annotations

import pytest

from service.answering.query import Conditions
from service.answering.service import AnswerService
from service.models import Answer, AnswerMode, AnswerStatus, DataKind
from tests.answering.conftest import Ask
from tests.answering.shapes import cited, data, refs
from tests.answering.truth import goals, project, projects, truth
from vectorstore.records import ItemKind

SAID = {
    "implemented": ("ist umgesetzt", "umgesetzte Projekte", "umgesetzt"),
    "in_progress": ("ist in Bearbeitung", "Projekte in Bearbeitung", "in Bearbeitung"),
    "planned": ("ist in Planung", "Projekte in Planung", "in Planung"),
    "idea": ("ist bisher eine Idee (Ideenspeicher)", "Ideenspeicher", "Ideen"),
}
THEMES = [(one["ref"], one["title"], one["projects"]) for one in truth()["report"]["themes"]]
VERDICTS = ("Ja", "Nein", "Noch nicht")


def complete(answer: Answer, wanted: list[str]) -> None:
    """All of them and no other are listed in order, counted and cited."""
    assert answer.status is AnswerStatus.ANSWERED and answer.mode is AnswerMode.COMPUTED
    assert refs(answer) == wanted and data(answer).total == len(wanted)
    assert set(wanted) <= cited(answer) and all(row["citations"] for row in data(answer).rows)


@pytest.mark.parametrize("status", SAID)
def test_every_project_has_the_status_of_its_group(ask: Ask, status: str) -> None:
    told, heading, _ = SAID[status]
    for ref in projects(status=status):
        answer = ask(f"Wie ist der Stand von {ref}?")
        assert answer.mode is AnswerMode.COMPUTED
        assert answer.answer.startswith(f"Projekt {ref} {project(ref)['title']} {told}")
        first = answer.citations[0]
        assert (first.ref, first.item_status) == (ref, status) and heading in first.quote


def test_every_project_with_units_names_them(ask: Ask) -> None:
    for ref in projects():
        if units := project(ref)["responsible"]:
            answer = ask(f"Wer ist für {ref} zuständig?")
            assert answer.mode is AnswerMode.COMPUTED and data(answer).kind is DataKind.FACTS
            assert f"verantwortlich: {', '.join(units)}" in answer.answer
            assert data(answer).rows[0]["responsible"] == units and answer.citations[0].ref == ref
            assert all(unit.replace(" ", "") in answer.citations[0].quote.replace(" ", "") for unit in units)


@pytest.mark.parametrize("status", SAID)
def test_whether_a_project_is_done_is_told_by_its_status(ask: Ask, status: str) -> None:
    right, said = "Ja: " if status == "implemented" else "Noch nicht: ", 0
    for ref in projects(status=status):
        answer = ask(f"Ist das Projekt „{project(ref)['title']}“ schon umgesetzt?").answer
        if answer.startswith(VERDICTS):
            said += 1
            assert answer.startswith(right), answer
    assert said >= 0.8 * len(projects(status=status))


def test_lists_of_every_goal_place_unit_and_status_are_complete(ask: Ask) -> None:
    for status, words in (("planned", "in Planung"), ("implemented", "umgesetzt"), ("idea", "noch Ideen")):
        answer = ask(f"Welche Projekte sind {words}?")
        complete(answer, projects(status=status))
        assert {row["status"] for row in data(answer).rows} == {status}
    for goal in goals():
        if projects(goal=goal):
            complete(ask(f"Welche Projekte gehören zu Ziel {goal}?"), projects(goal=goal))
    for place in {place for ref in projects() for place in project(ref)["municipalities"]} - {"Lauterfeld"}:
        complete(ask(f"An welchen Projekten ist {place} beteiligt?"), projects(municipality=place))
    for unit in ("66", "66.01", "70.03", "80.02", "WAL", "VLT", "53", "36", "Jobcenter"):
        complete(ask(f"Welche Projekte verantwortet {unit}?"), projects(unit=unit))


@pytest.mark.parametrize("status", SAID)
def test_each_theme_and_status_agrees_with_the_builder(ask: Ask, status: str) -> None:
    for ref, title, counts in THEMES:
        if ref == "1":  # a goal of another document bears the same name
            continue
        answer = ask(f"Wie viele Projekte im Themenfeld „{title}“ sind {SAID[status][2]}?")
        assert data(answer).total == counts[status], title
        assert refs(answer) == projects(theme=ref, status=status)


def test_counts_of_all_statuses_add_up_and_empty_groups_count_zero(ask: Ask) -> None:
    totals = [data(ask(f"Wie viele Projekte sind {words[2]}?")).total or 0 for words in SAID.values()]
    assert sum(totals) == len(projects())
    for goal in goals():
        for status, words in SAID.items():
            if not projects(goal=goal, status=status):
                answer = ask(f"Wie viele Projekte unter Ziel {goal} sind {words[2]}?")
                assert (answer.status, data(answer).total) == (AnswerStatus.ANSWERED, 0)


def test_groups_are_counted_ranked_and_shared_out(ask: Ask) -> None:
    answer = ask("Wie viele Projekte gibt es pro Themenfeld?")
    assert [row["projects"] for row in data(answer).rows] == [len(projects(theme=ref)) for ref, _, _ in THEMES]
    assert all(f"{title} ({len(projects(theme=ref))})" in answer.answer for ref, title, _ in THEMES)
    rows = data(ask("Wie viele Projekte nach Status?")).rows
    assert sorted(len(projects(status=one)) for one in SAID) == sorted(int(str(row["projects"])) for row in rows)
    most = data(ask("Welche Einheit hat die meisten Projekte?")).rows
    counted = {row["unit"]: sum(row["unit"] in project(ref)["responsible"] for ref in projects()) for row in most}
    assert most[0]["projects"] == max(counted.values()) == counted[most[0]["unit"]]
    done, whole = len(projects(status="implemented")), len(projects())
    share = ask("Wie viel Prozent der Projekte sind umgesetzt?").answer
    assert f"({done} von {whole}, rund {round(100 * done / whole)} %)" in share


def test_records_of_all_municipalities_are_told_to_be_left_out(ask: Ask, service: AnswerService) -> None:
    items = service.corpus.catalogue.items
    everywhere = [item.ref for item in items if item.all_municipalities]
    assert everywhere and refs(ask("Welche Projekte betreffen alle Kommunen?")) == everywhere
    for place in ("Hohenquelm", "Bad Lauven"):
        expected = list(service.tools().select(Conditions(kinds=(ItemKind.PROJECT,), place=place)).notices)
        found = ask(f"Welche Projekte betreffen {place}?").notices
        assert [one for one in found if one.code == "all_municipalities"] == expected
