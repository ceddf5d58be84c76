"""Lists, counts, statuses and units are exactly those of the file that the sample's builder writes
beside it.
"""

from __future__ import annotations

import pytest

from service.records import Answer, AnswerMode, AnswerStatus, DataKind
from tests.answering.conftest import Ask
from tests.answering.shapes import cited, data, refs
from tests.answering.truth import goals, project, projects, truth
from tests.ingest.cases import cases

SAID = {
    "implemented": ("ist umgesetzt", "umgesetzte Projekte", "umgesetzt"),
    "in_progress": ("ist in Bearbeitung", "Projekte in Bearbeitung", "in Bearbeitung"),
    "planned": ("ist in Planung", "Projekte in Planung", "in Planung"),
    "idea": ("ist bisher eine Idee (Ideenspeicher)", "Ideenspeicher", "Ideen"),
}
THEMES = [(item["ref"], item["title"], item["projects"]) for item in truth()["report"]["themes"]]


def complete(answer: Answer, wanted: list[str]) -> None:
    """All of them and no other are listed in order, counted and cited."""
    assert answer.status is AnswerStatus.ANSWERED and answer.mode is AnswerMode.COMPUTED
    assert refs(answer) == wanted and data(answer).total == len(wanted)
    assert set(wanted) <= cited(answer) and all(row["citations"] for row in data(answer).rows)


@cases("status")
def test_every_project_has_the_status_of_its_group(ask: Ask, status: str) -> None:
    text, heading, _ = SAID[status]
    for ref in projects(status=status):
        answer = ask(f"Wie ist der Stand von {ref}?")
        assert answer.mode is AnswerMode.COMPUTED
        assert answer.answer.startswith(f"Projekt {ref} {project(ref)['title']} {text}")
        first = answer.citations[0]
        assert (first.ref, first.item_status) == (ref, status) and heading in first.quote


def test_every_project_with_units_names_them(ask: Ask) -> None:
    for ref in projects():
        if units := project(ref)["responsible"]:
            answer = ask(f"Wer ist für {ref} zuständig?")
            assert answer.mode is AnswerMode.COMPUTED and data(answer).kind is DataKind.FACTS
            named = answer.answer.split(" (")[0].split(": ", 1)[1].split(", ")
            assert [
                unit for unit, name in zip(units, named, strict=True) if name.startswith(unit)
            ] == units
            legends = {
                " ".join(item.quote.split()) for item in answer.citations[1:]
            }  # as the report names its units
            assert legends == {
                name for unit, name in zip(units, named, strict=True) if name != unit
            }
            assert all(f"[{citation.marker}]" in answer.answer for citation in answer.citations)
            assert data(answer).rows[0]["responsible"] == units and answer.citations[0].ref == ref
            assert all(
                unit.replace(" ", "") in answer.citations[0].quote.replace(" ", "")
                for unit in units
            )


@cases("status")
def test_whether_a_project_is_done_is_told_by_its_status(ask: Ask, status: str) -> None:
    right, statement = "Ja: " if status == "implemented" else "Noch nicht: ", 0
    for ref in projects(status=status):
        answer = ask(f"Ist das Projekt „{project(ref)['title']}“ schon umgesetzt?").answer
        if answer.startswith(("Ja", "Nein", "Noch nicht")):
            statement += 1
            assert answer.startswith(right), answer
    assert statement >= 0.8 * len(projects(status=status))


def test_lists_of_every_goal_place_unit_and_status_are_complete(ask: Ask) -> None:
    for status, words in (
        ("planned", "in Planung"),
        ("implemented", "umgesetzt"),
        ("idea", "noch Ideen"),
    ):
        complete(ask(f"Welche Projekte sind {words}?"), projects(status=status))
    for goal in goals():
        if projects(goal=goal):
            complete(ask(f"Welche Projekte gehören zu Ziel {goal}?"), projects(goal=goal))
    for place in {place for ref in projects() for place in project(ref)["municipalities"]} - {
        "Lauterfeld"
    }:
        complete(ask(f"Welche Projekte gibt es in {place}?"), projects(municipality=place))
    for unit in ("66", "66.01", "70.03", "80.02", "WAL", "VLT", "53", "36", "Jobcenter"):
        complete(ask(f"Welche Projekte verantwortet {unit}?"), projects(unit=unit))


@pytest.mark.parametrize("status", ["implemented", "in_progress", "planned"])
def test_each_theme_and_status_agrees_with_the_builder(ask: Ask, status: str) -> None:
    for ref, title, counts in THEMES:
        if ref == "1":  # a goal of another document bears the same name
            continue
        answer = ask(f"Wie viele Projekte im Themenfeld „{title}“ sind {SAID[status][2]}?")
        assert data(answer).total == counts[status], title
        assert refs(answer) == projects(theme=ref, status=status)


@pytest.mark.parametrize("status", ["implemented", "in_progress", "planned"])
def test_empty_groups_count_zero(ask: Ask, status: str) -> None:
    for goal in goals():
        if not projects(goal=goal, status=status):
            answer = ask(f"Wie viele Projekte unter Ziel {goal} sind {SAID[status][2]}?")
            assert (answer.status, data(answer).total) == (AnswerStatus.ANSWERED, 0)
