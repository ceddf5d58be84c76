"""What changed between two papers of one series: matched, told, and recognised as what is asked for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from openpyxl import load_workbook
from service.answering.understanding.changing import CHANGED as EVERYTHING
from service.answering.understanding.changing import Changing
from service.answering.understanding.names import Names
from starlette.testclient import TestClient
from typer.testing import CliRunner

from service.answering.service import AnswerService
from service.app import create_app
from service.changes.matching import ChangeKind, compare, pairs
from service.changes.table import changes_csv
from service.cli import app
from service.composition import make_holder
from service.models import Answer, AnswerStatus, ChatRequest
from service.settings import Settings
from tests.answering.series import NEW, OLD, paper, project, series
from tests.service.county import parsed
from tests.staff.signing_in import signed_in
from vectorstore.amending.form import Amendments, Correction, Organisation, Part
from vectorstore.catalogue import Catalogue
from vectorstore.editions import EditionStore
from vectorstore.records import Field, ItemStatus, ParsedDocument

WRITTEN = [json.loads(line) for line in Path(__file__).with_name("changes.jsonl").read_text("utf-8").splitlines()]
MISSED, TAKEN = 1, 1  # of forty and of thirty
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


@contextmanager
def over(folder: Path, papers: list[ParsedDocument], amendments: Amendments | None = None) -> Iterator[AnswerService]:
    """Answers over these papers."""
    EditionStore(folder).publish(papers, amendments=amendments)
    with closing(EditionStore(folder).open()) as edition:
        yield AnswerService(edition, Settings(data_dir=folder))


def apart(*more: ParsedDocument) -> list[ParsedDocument]:
    """The papers of the series, none of which says that it replaces another, and more."""
    return [*(replace(one, document=replace(one.document, replaces=None)) for one in series()), *more]


def test_every_kind_of_change_is_found() -> None:
    catalogue = Catalogue.of(series())
    ((old, new),) = pairs(catalogue)
    assert (old.id, new.id) == (OLD, NEW)
    found = compare(catalogue, old, new)
    told = [(one.kind, one.old and one.old.title, one.new and one.new.title) for one in found.changes]
    assert set(told) >= set(KINDS)
    assert len(told) == len(KINDS) + 1 and found.counts[ChangeKind.UNCHANGED] == 3


def test_papers_follow_by_date_where_none_replaces() -> None:
    papers = apart(parsed(paper(2025), []))
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


@pytest.fixture(scope="module")
def changing() -> Changing:
    return Changing(Names(Catalogue.of(series())))


def test_questions_on_changes_are_recognised_and_near_misses_are_not(changing: Changing) -> None:
    """Seventy questions that another writer wrote for the patterns of before; nothing is learned from them."""
    missed = [one["ask"] for one in WRITTEN if one["changes"] and not changing.asked(one["ask"])]
    taken = [one["ask"] for one in WRITTEN if not one["changes"] and changing.asked(one["ask"])]
    assert len(missed) <= MISSED and len(taken) <= TAKEN, (missed, taken)


def test_nobody_asks_for_changes_where_no_paper_follows_another(tmp_path: Path) -> None:
    with over(tmp_path, series()[:1]) as answers:
        assert answers.corpus.changes_asked("Was hat sich seit dem letzten Bericht geändert?") == ()
        answer = asked(answers, "Was hat sich seit dem letzten Bericht geändert?")
        assert answer.data is None or answer.data.kind != "comparison"


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Welche Projekte sind seit dem letzten Bericht neu?", {ChangeKind.NEW}),
        ("Was ist seit dem letzten Bericht entfallen?", {ChangeKind.DROPPED}),
        ("Welche haben seit dem letzten Bericht einen anderen Status?", {ChangeKind.STATUS, ChangeKind.FINISHED}),
        ("Was ist dazugekommen, und was ist weggefallen?", {ChangeKind.NEW, ChangeKind.DROPPED}),
        ("Was hat sich seit dem letzten Bericht geändert?", set(EVERYTHING)),
    ],
)
def test_the_kinds_that_are_asked_for(changing: Changing, question: str, kinds: set[ChangeKind]) -> None:
    assert set(changing.asked(question)) == kinds


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("Was ist in Bergheim seit dem letzten Bericht neu?", {"Fahrradwerkstatt Bergheim"}),
        ("Was hat sich beim Straßenbauamt seit dem letzten Bericht geändert?", {"Radschnellweg Nord"}),
        ("Was hat sich bei der 66.01 seit dem letzten Bericht geändert?", {"Radschnellweg Nord"}),
        ("Was ist neu beim Radschnellweg?", set()),
        ("Welche Ideen sind seit dem letzten Bericht neu?", {"Fahrradwerkstatt Bergheim"}),
        ("Welche Ideen aus dem letzten Bericht sind inzwischen umgesetzt?", set()),
        ("Sehr geehrte Damen und Herren, was ist seit dem letzten Bericht neu?", {"Fahrradwerkstatt Bergheim"}),
    ],
)
def test_what_a_question_is_about_narrows_the_changes(service: AnswerService, question: str, titles: set[str]) -> None:
    answer = asked(service, question)
    assert answer.status is AnswerStatus.ANSWERED and answer.data is not None
    assert {row["title"] for row in answer.data.rows} == titles


def test_the_paper_that_a_question_names_is_compared_with_the_one_before(tmp_path: Path) -> None:
    middle = parsed(paper(2025), [project("1.1", "Sammeltaxi am Abend", ItemStatus.IDEA)])
    with over(tmp_path, apart(middle)) as answers:
        for question, new, old in (
            ("Was hat sich im Klimareport Auenland 2025 gegenüber dem vorherigen Bericht geändert?", "2025 (", "2024"),
            ("Was ist im Klimareport 2026 anders als im Klimareport 2024?", "2026 (", "2024"),
            ("Was ist seit dem Klimareport 2024 neu?", "2026 (", "2024"),
            ("Was hat sich seit dem letzten Bericht geändert?", "2026 (", "2025"),
        ):
            told = asked(answers, question).answer
            assert told.startswith(f"Klimareport Auenland {new}"), question
            assert f"im Vergleich zu Klimareport Auenland {old}" in told, question


def test_a_series_that_a_question_names_is_compared_though_another_is_newer(tmp_path: Path) -> None:
    def of(year: int, title: str, status: ItemStatus) -> ParsedDocument:
        made = replace(
            paper(year), id=f"wege-{year}", title=f"{title} {year}", publisher="Kreis Bergheim", series="wege"
        )
        return parsed(made, [project("1.1", "Brückenbau", status)])

    middle = parsed(paper(2025), [project("1.1", "Sammeltaxi am Abend", ItemStatus.IDEA)])
    other = [of(2027, "Wegeplan", ItemStatus.IDEA), of(2028, "Wegeplan", ItemStatus.PLANNED)]
    with over(tmp_path, apart(middle, *other)) as answers:
        for question, told in (
            ("Was hat sich im Kreis Auenland seit dem letzten Bericht geändert?", "Klimareport Auenland 2026 ("),
            ("Was hat sich im Kreis Bergheim seit dem letzten Bericht geändert?", "Wegeplan 2028 ("),
        ):
            assert asked(answers, question).answer.startswith(told), question


def test_a_topic_that_no_record_has_is_told(service: AnswerService) -> None:
    answer = asked(service, "Was ist seit dem letzten Bericht beim Wasserstoff neu?")
    assert "Zu „Wasserstoff“ hat keines der beiden Papiere einen Eintrag" in answer.answer
    assert answer.data is not None and answer.data.total == 1


def test_a_unit_is_known_by_its_other_names_elsewhere_too(service: AnswerService) -> None:
    for said in ("das Straßenbauamt", "die Abteilung Straßenbau", "die 66.01"):
        assert "Radschnellweg Nord" in asked(service, f"Welche Projekte verantwortet {said}?").answer


def test_a_subject_that_a_unit_is_called_by_is_no_unit(tmp_path: Path) -> None:
    def made(number: int, units: tuple[str, ...]) -> dict[str, object]:
        return project(f"2.{number}", f"Radwege im Ort {number}", ItemStatus.PLANNED, responsible=units)

    others = [project(f"3.{number}", f"Schulhof {number}", ItemStatus.PLANNED) for number in range(1, 9)]
    told = [made(1, ("39",)), *(made(number, ("61",)) for number in range(2, 8)), *others]
    unit = Organisation("39", "Radwege", "rad@kreis.example", "0431 123-0", "", ())
    with over(tmp_path, [parsed(paper(2026), told)], Amendments(organisations=(unit,))) as answers:
        about, by = (
            asked(answers, one)
            for one in ("Welche Projekte gibt es zu Radwege?", "Für welche Projekte ist Radwege zuständig?")
        )
    assert about.data is not None and about.data.total == 7, about.answer
    assert by.data is not None and [row["ref"] for row in by.data.rows] == ["2.1"]


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
    rows = changes_csv(found)
    assert "umgesetzt" in rows and "Status „umgesetzt“, gelesen war „in Planung“. Grund: fertig." in rows


def test_a_corrected_status_stands_in_the_quoted_text_too() -> None:
    made = project("2.1.5", "Sammeltaxi am Abend", ItemStatus.PLANNED, body="Status: in Planung\nFährt ab 20 Uhr.")
    new = parsed(replace(paper(2026), replaces=OLD), [made])
    place = new.document.text.index("in Planung")
    said = Field("Status", "in Planung", "status", 1, place)
    new = replace(new, items=tuple(replace(one, fields=(said,)) for one in new.items))
    fix = Correction(NEW, "2.1.5", Part.STATUS, "implemented", "planned", "fertig")
    amended = Catalogue.of([series()[0], new]).amended(Amendments((fix,)))
    (item,) = amended.items_of(NEW)
    assert item.status is ItemStatus.IMPLEMENTED and item.body.startswith("Status: umgesetzt\nFährt")
    assert [one.text for one in item.fields] == ["umgesetzt"]
    assert "in Planung" not in amended.documents[NEW].text


@pytest.mark.parametrize(
    ("row", "then"),
    [
        ("2.1.5\tIdeenwerkstatt\tWirtschaft", "2.1.5\tIdeenwerkstatt\tWirtschaft"),
        ("2.1.5\tIdee und Tat\tIdee", "2.1.5\tIdee und Tat\tumgesetzt"),
        ("2.1.5\tWerkstatt\tStand: Idee", "2.1.5\tWerkstatt\tStand: umgesetzt"),
    ],
)
def test_a_corrected_status_changes_no_other_word_of_a_row(row: str, then: str) -> None:
    made = project("2.1.5", "Werkstatt", ItemStatus.IDEA, body=f"Status: Idee\nOffen.\n\n{row}")
    new = parsed(replace(paper(2026), replaces=OLD), [made])
    text = new.document.text
    said = Field("Status", "Idee", "status", 1, text.index("Status: Idee") + len("Status: "))
    items = (replace(one, fields=(said,), table_row=row, table_start=text.index(row)) for one in new.items)
    fix = Correction(NEW, "2.1.5", Part.STATUS, "implemented", "idea", "fertig")
    amended = Catalogue.of([series()[0], replace(new, items=tuple(items))]).amended(Amendments((fix,)))
    assert then in amended.documents[NEW].text and "Status: umgesetzt" in amended.documents[NEW].text


def test_the_workbook_says_what_was_corrected(root: Path) -> None:
    made = create_app(Settings(data_dir=root, rate_per_minute=0), make_holder(Settings(data_dir=root)))
    client = signed_in(TestClient(made, base_url="http://127.0.0.1", client=("127.0.0.1", 1)))
    book = load_workbook(io.BytesIO(client.get("/staff/changes.xlsx").content))
    sheet, told = book.worksheets
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[0] == "Änderung" and header[-1] == "Korrigiert" and len(rows) == len(KINDS) + 1
    assert ("umgesetzt", "2.1.3", "Ladesäulen an den Rathäusern", "umgesetzt") in [row[:4] for row in rows]
    assert told["B1"].value == "Klimareport Auenland 2024"


def test_what_was_corrected_stands_in_workbooks(tmp_path: Path) -> None:
    fix = Correction(NEW, "2.1.5", Part.STATUS, "implemented", "planned", "fertig")
    EditionStore(tmp_path).publish(series(), amendments=Amendments((fix,)))
    made = create_app(Settings(data_dir=tmp_path, rate_per_minute=0), make_holder(Settings(data_dir=tmp_path)))
    client = signed_in(TestClient(made, base_url="http://127.0.0.1", client=("127.0.0.1", 1)))
    for address, told in (("changes", "umgesetzt"), ("catalogue", "Projekt")):
        sheet = load_workbook(io.BytesIO(client.get(f"/staff/{address}.xlsx").content)).worksheets[0]
        header, *rows = sheet.iter_rows(values_only=True)
        corrected = {row[header.index("Titel")]: row[header.index("Korrigiert")] for row in rows if told in row}
        assert corrected.pop("Sammeltaxi am Abend") == "Status „umgesetzt“, gelesen war „in Planung“. Grund: fertig."
        assert corrected and set(corrected.values()) == {None}, address
