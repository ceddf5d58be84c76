"""What changed between two papers of one series: matched, told, and recognised as what is asked for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from starlette.testclient import TestClient
from typer.testing import CliRunner

from service.answering.service import AnswerService
from service.answering.understanding.changing import asks_changes, changes_asked
from service.app import create_app
from service.changes.matching import ChangeKind, compare, pairs
from service.changes.table import changes_csv
from service.cli import app
from service.composition import make_holder
from service.models import Answer, AnswerStatus, ChatRequest
from service.settings import Settings
from tests.answering.changing_cases import CHANGED, NOT_CHANGED
from tests.answering.series import NEW, OLD, paper, project, series
from tests.service.county import parsed
from tests.staff.signing_in import signed_in
from vectorstore.amending.form import Amendments, Correction, Organisation, Part
from vectorstore.catalogue import Catalogue
from vectorstore.editions import EditionStore
from vectorstore.records import ItemStatus

KINDS = [
    (ChangeKind.NEW, None, "Fahrradwerkstatt Bergheim"),
    (ChangeKind.FINISHED, "Ladesäulen an Rathäusern", "Ladesäulen an den Rathäusern"),
    (ChangeKind.STATUS, "Radschnellweg Nord", "Radschnellweg Nord"),
    (ChangeKind.DROPPED, "Alter Fuhrpark", "Alter Fuhrpark"),
    (ChangeKind.DROPPED, "Bürgerbus Tannhausen", None),
    (ChangeKind.MOVED, "Wohnraumbörse für Familien", "Wohnraumbörse für Familien"),
    (ChangeKind.UNCHANGED, "Lastenradverleih", "Verleih von Lastenrädern"),
    (ChangeKind.UNCHANGED, "Sammeltaxi am Abend", "Sammeltaxi am Abend"),
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("series")
    row = "Der Kreis nennt dazu: Radschnellweg Nord."
    units = [
        replace(item, responsible=("66.01",), table_row=row) if item.key == "2.1.1" else item
        for item in series()[1].items
    ]
    roads = Organisation("66.01", "Straßenbau", "strassenbau@kreis.example", "0431 123-0", "", ("Straßenbauamt",))
    papers = [series()[0], replace(series()[1], items=tuple(units))]
    EditionStore(folder).publish(papers, amendments=Amendments(organisations=(roads,)))
    return folder


@pytest.fixture(scope="module")
def service(root: Path) -> Iterator[AnswerService]:
    edition = EditionStore(root).open()
    yield AnswerService(edition, Settings(data_dir=root))
    edition.close()


def asked(service: AnswerService, question: str) -> Answer:
    return service.answer(ChatRequest(question=question))


def test_every_kind_of_change_is_found() -> None:
    catalogue = Catalogue.of(series())
    ((old, new),) = pairs(catalogue)
    assert (old.id, new.id) == (OLD, NEW)
    found = compare(catalogue, old, new)
    told = [(one.kind, one.old and one.old.title, one.new and one.new.title) for one in found.changes]
    assert set(told) >= set(KINDS)
    assert len(told) == len(KINDS) + 1 and found.counts[ChangeKind.UNCHANGED] == 3


def test_papers_follow_by_date_where_none_replaces() -> None:
    papers = [
        replace(one, document=replace(one.document, replaces=None)) for one in [*series(), parsed(paper(2025), [])]
    ]
    assert [(old.id, new.id) for old, new in pairs(Catalogue.of(papers))] == [
        ("auenland-2025", NEW),
        (OLD, "auenland-2025"),
    ]
    alone = [replace(one, document=replace(one.document, series=None)) for one in papers]
    assert pairs(Catalogue.of(alone)) == []


TITLES = some.lists(
    some.sampled_from(["Radweg Nord", "Radweg Süd", "Radwege", "Bürgerbus", "Mehr Bäume", "Solardächer", "Wald"]),
    max_size=6,
    unique=True,
)


@settings(max_examples=60)
@given(TITLES, TITLES)
def test_each_record_has_one_place_and_both_ways_match_alike(before: list[str], after: list[str]) -> None:
    def of(year: int, titles: list[str]) -> list[dict[str, object]]:
        return [project(f"1.{place}", title, ItemStatus.IDEA) for place, title in enumerate(titles)]

    catalogue = Catalogue.of([parsed(paper(2024), of(2024, before)), parsed(paper(2026), of(2026, after))])
    old, new = catalogue.documents[OLD], catalogue.documents[NEW]
    there, back = compare(catalogue, old, new), compare(catalogue, new, old)
    assert sorted(one.old.title for one in there.changes if one.old) == sorted(before)
    assert sorted(one.new.title for one in there.changes if one.new) == sorted(after)
    assert len(there.of(ChangeKind.NEW)) == len(back.of(ChangeKind.DROPPED))
    assert all(one.kind is ChangeKind.UNCHANGED for one in compare(catalogue, old, old).changes)


@pytest.mark.parametrize("question", CHANGED[::2])
def test_questions_on_changes_are_recognised(question: str) -> None:
    assert asks_changes(question)


def test_most_others_are_recognised_and_no_near_miss() -> None:
    assert sum(map(asks_changes, CHANGED[1::2])) >= 17
    assert [one for one in NOT_CHANGED if asks_changes(one)] == []


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Welche Projekte sind seit dem letzten Bericht neu?", {ChangeKind.NEW}),
        ("Was ist seit dem letzten Bericht entfallen?", {ChangeKind.DROPPED}),
        ("Welche haben seit dem letzten Bericht einen anderen Status?", {ChangeKind.STATUS, ChangeKind.FINISHED}),
        ("Was hat sich seit dem letzten Bericht geändert?", set(ChangeKind) - {ChangeKind.UNCHANGED}),
    ],
)
def test_the_kinds_that_are_asked_for(question: str, kinds: set[ChangeKind]) -> None:
    assert set(changes_asked(question)) == kinds


def test_the_answer_counts_names_and_cites_both_papers(service: AnswerService) -> None:
    answer = asked(service, "Was hat sich seit dem letzten Report geändert?")
    assert answer.status is AnswerStatus.ANSWERED and answer.data is not None
    assert "1 neu, 1 inzwischen umgesetzt, 1 mit anderem Status, 2 nicht mehr enthalten" in answer.answer
    assert "Radschnellweg Nord (jetzt in Bearbeitung, vorher in Planung)" in answer.answer
    assert {one.document_id for one in answer.citations} == {OLD, NEW}
    assert answer.data.total == 6 and all(row["citations"] for row in answer.data.rows)
    only_new = asked(service, "Welche Projekte sind im neuen Bericht neu hinzugekommen?")
    assert only_new.data is not None and [row["title"] for row in only_new.data.rows] == ["Fahrradwerkstatt Bergheim"]
    english = asked(service, "What has changed since the last report?")
    assert english.language == "en" and "1 new, 1 implemented by now" in english.answer


def test_other_questions_are_answered_from_what_is_in_force(service: AnswerService) -> None:
    answer = asked(service, "Welche Projekte sind umgesetzt?")
    assert {one.document_id for one in answer.citations} == {NEW} and "1 Projekt" in answer.answer


def test_who_is_responsible_comes_with_name_and_contact(service: AnswerService) -> None:
    answer = asked(service, "Welche Projekte verantwortet die 66.01?")
    assert "Radschnellweg Nord" in answer.answer
    listed = asked(service, "Wer ist für den Radschnellweg Nord zuständig?")
    assert listed.status is AnswerStatus.ANSWERED and "66.01 Straßenbau" in listed.answer
    assert "strassenbau@kreis.example, Telefon 0431 123-0 (Angabe der Verwaltung" in listed.answer


def test_staff_page_csv_and_command_tell_the_same(root: Path) -> None:
    made = create_app(Settings(data_dir=root, rate_per_minute=0), make_holder(Settings(data_dir=root)))
    client = signed_in(TestClient(made, base_url="http://127.0.0.1", client=("127.0.0.1", 1)))
    page = client.get("/staff/changes").text
    for words in ("1 neu, 1 umgesetzt", "Fahrradwerkstatt Bergheim", "Entfallen (2)"):
        assert words in page
    backwards = client.get("/staff/changes", params={"old": NEW, "new": OLD}).text
    assert "Klimareport Auenland 2024 gegenüber Klimareport Auenland 2026" in backwards
    assert client.get("/staff/changes", params={"old": "weg", "new": OLD}).status_code == 422
    table = client.get("/staff/changes.csv").text
    done = CliRunner().invoke(app, ["changes", "--format", "csv", "--data-dir", str(root)])
    assert done.exit_code == 0 and done.stdout.replace("\r\n", "\n") == table.replace("\r\n", "\n")
    rows = list(csv.DictReader(io.StringIO(table.lstrip("\ufeff")), delimiter=";"))
    assert len(rows) == len(KINDS) + 1 and {row["change"] for row in rows} >= {"neu", "umgesetzt", "entfallen"}
    shown = CliRunner().invoke(app, ["changes", "--data-dir", str(root)])
    assert shown.exit_code == 0 and "Bürgerbus" in shown.output
    wrong = CliRunner().invoke(app, ["changes", "--old", OLD, "--data-dir", str(root)])
    assert wrong.exit_code == 2


def test_a_corrected_status_counts_as_the_change() -> None:
    fix = Correction(NEW, "2.1.5", Part.STATUS, "implemented", "planned", "fertig")
    catalogue = Catalogue.of(series()).amended(Amendments((fix,)))
    found = compare(catalogue, *pairs(catalogue)[0])
    assert found.counts[ChangeKind.FINISHED] == 2
    assert "umgesetzt" in changes_csv(found)
