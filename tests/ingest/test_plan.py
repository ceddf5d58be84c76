"""Reading plans: the form and its renderings, what labels and numbers mean, what is induced, and what staff correct."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.job import IngestRequest, run_ingest
from ingest.plan.check import plan_in_words, problems
from ingest.plan.form import Maker, Place, PlanError, PlanFamily, PlanLabel, ReadingPlan, dump_plan, load_plan, merged
from ingest.plan.labels import LabelFinder
from ingest.plan.numbers import printed_number, same_ref
from ingest.plan.terms import meaning, meanings
from ingest.reading import read_document
from ingest.register import RegisterEntry
from tests.ingest.papers import PROSE
from tests.papers import paper
from vectorstore.editions import EditionStore
from vectorstore.records import ItemKind, ParsedDocument

PLAN = ReadingPlan(
    families=(PlanFamily(label="K-{n}", kind=ItemKind.MEASURE, place=Place.SHEETS),),
    labels=(PlanLabel(label="Wer?", field="responsible"), PlanLabel(label='Ein "Wort"\t', field=None)),
)


def test_a_plan_survives_its_rendering() -> None:
    assert load_plan(dump_plan(PLAN)) == PLAN


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("families = 3", "families"),
        ('[[family]]\nlabel = "K"\nkind = "measure"\nplace = "sheets"', "Form einer Nummer"),
        ('[[family]]\nlabel = "K-{n}"\nkind = "roman"\nplace = "sheets"', "kind"),
        ('[[family]]\nlabel = "K-{n}"\nkind = "measure"\nplace = "rows"', "place"),
        ("farbe = 1", "farbe"),
        ("version = ", "TOML"),
    ],
)
def test_a_wrong_plan_is_told_with_its_place(source: str, told: str) -> None:
    with pytest.raises(PlanError, match=told):
        load_plan(source)


def test_staff_win_part_by_part() -> None:
    edited = ReadingPlan(
        families=(PlanFamily(label="K-{n}", kind=ItemKind.PROJECT, place=Place.SHEETS, by=Maker.STAFF),),
        labels=(PlanLabel(label="Motto", field="goal", by=Maker.STAFF),),
    )
    plan = merged(PLAN, edited)
    assert [(one.label, one.kind, one.by) for one in plan.families] == [("K-{n}", ItemKind.PROJECT, Maker.STAFF)]
    assert [one.label for one in plan.labels] == [*(one.label for one in PLAN.labels), "Motto"]
    assert plan.field_of("wer?") == "responsible" and plan.field_of("Motto:") == "goal"


def test_contradictions_are_told() -> None:
    twice = PLAN.model_copy(update={"families": (*PLAN.families, *PLAN.families)})
    assert list(problems(PLAN)) == [] and "zweimal" in next(problems(twice))
    assert any("K-{n}" in line for line in plan_in_words(PLAN))


@pytest.mark.parametrize(
    ("text", "ref", "label", "rest"),
    [
        ("M 12 Jobticket", "M 12", "M {n}", "Jobticket"),
        ("K-07: Carsharing", "K-07", "K-{n}", "Carsharing"),
        ("KLIMO 16", "KLIMO 16", "KLIMO {n}", ""),
        ("Maßnahme 07: Radweg", "07", "Maßnahme {n}", "Radweg"),
        ("MASSNAHME 3 Radweg", "3", "Maßnahme {n}", "Radweg"),
        ("Maßnahme Nr. 5 Radweg", "5", "Maßnahme {n}", "Radweg"),
        ("HF 2.1: Zusammenhalt", "HF 2.1", "HF {n}.{n}", "Zusammenhalt"),
        ("A.IV Titel", "A.IV", "A.{roman}", "Titel"),
        ("II.3 Titel", "II.3", "{roman}.{n}", "Titel"),
        ("3.2.1 Titel", "3.2.1", "{n}.{n}.{n}", "Titel"),
        ("3a Titel", "3a", "{n}", "Titel"),
        ("1 von 24", "1", "{n} von {n}", ""),
        ("K8-H Titel", "K8-H", "K{n}-{letters}", "Titel"),
        ("(M 12)", "M 12", "M {n}", ""),
    ],
)
def test_numbers_before_titles(text: str, ref: str, label: str, rest: str) -> None:
    number = printed_number(text)
    assert number is not None and (number.ref, number.label, number.rest) == (ref, label, rest)


@pytest.mark.parametrize(
    "text",
    ["01.10.2023 Sitzung", "3. Dezember 2020", "12 Euro", "400.000 Einwohner", "17 Prozent", "Der Kreis hilft", ""],
)
def test_dates_and_quantities_number_nothing(text: str) -> None:
    assert printed_number(text) is None


def test_refs_are_compared_without_spaces_case_and_zeros() -> None:
    assert same_ref("M 07") == same_ref("m7") and same_ref("K-01") != same_ref("K-10")


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Federführung", "responsible"),
        ("Weitere Akteure:", "partners"),
        ("Umsetzungszeitraum", "period"),
        ("Gesamtkosten", "cost"),
        ("Erfolgsindikatoren / Messbarkeit", "indicator"),
        ("Wie dringend?", "priority"),
        ("Blaues Feld", None),
    ],
)
def test_what_labels_mean(label: str, field: str | None) -> None:
    assert meaning(label) == field


def test_a_weak_word_counts_where_no_other_label_says_it() -> None:
    assert meanings(["Akteure", "Kosten"])["Akteure"] == "responsible"
    assert meanings(["Akteure", "Federführung"])["Akteure"] is None


def test_a_label_is_found_alone_and_before_its_text() -> None:
    finder = LabelFinder([PlanLabel(label="Zuständig"), PlanLabel(label="Wer?")])
    found = [finder.at(text) for text in ("Zuständig", "Zuständig: Amt 61", "Wer? Amt 61", "Zuständig ist niemand.")]
    assert [hit and hit.rest for hit in found] == ["", "Amt 61", "Amt 61", None]


@pytest.mark.parametrize("form", ["pdf", "txt", "md"])
@pytest.mark.parametrize("numbering", ["K-07", "Maßnahme 07", "Roman II.3", "none"])
def test_sheets_of_a_generated_paper_become_records(tmp_path: Path, form: str, numbering: str) -> None:
    made = paper("labels on their own line", numbering, form, measures=9)
    parsed = read_document(RegisterEntry("papier", made.write(tmp_path)))
    known = [record for record in made.truth.records if record.kind == "measure"]
    assert [item.title for item in parsed.items if item.kind is ItemKind.MEASURE] == [one.title for one in known]
    (family,) = [one for one in parsed.document.families if one.kind is ItemKind.MEASURE]
    assert (family.found, family.complete) == (9, True)


OFFICES = ("Bauamt", "Jugendamt", "Forstamt", "Kämmerei")
MOTTOS = ("Grün wächst", "Jung bleibt", "Wald lebt", "Geld reicht")


def sheets() -> str:
    return "\n\n".join(
        f"### M {number} {office} macht mit\n\nZuständig: {office}\n\nMotto: {motto}\n\n{PROSE}"
        for number, (office, motto) in enumerate(zip(OFFICES, MOTTOS, strict=True), 1)
    )


def ingest(tmp_path: Path, text: str) -> ParsedDocument:
    (tmp_path / "programm.md").write_text(text, encoding="utf-8")
    store = EditionStore(tmp_path / "data")
    assert run_ingest(IngestRequest((tmp_path / "programm.md",), replace=True), store).exit_code == 0
    (parsed,) = store.open().catalogue.parsed()
    return parsed


def test_a_plan_beside_the_document_wins(tmp_path: Path) -> None:
    text = f"# Programm\n\n{sheets()}"
    first = ingest(tmp_path, text)
    assert [item.kind for item in first.items if item.ref.startswith("M ")] == [ItemKind.MEASURE] * 4
    (tmp_path / "programm.plan.toml").write_text(
        '[[family]]\nlabel = "M {n}"\nkind = "project"\nplace = "sheets"\n[[label]]\nlabel = "Motto"\nfield = "goal"\n',
        encoding="utf-8",
    )
    again = ingest(tmp_path, text)
    records = [item for item in again.items if item.ref.startswith("M ")]
    assert [item.kind for item in records] == [ItemKind.PROJECT] * 4
    assert {field.field for item in records for field in item.fields if field.label == "Motto"} == {"goal"}
    plan = load_plan(again.document.plan or "")
    assert {one.by for one in plan.families if one.label == "M {n}"} == {Maker.STAFF}


def test_a_wrong_plan_rejects_its_document_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "programm.md").write_text(f"# Programm\n\n{PROSE}", encoding="utf-8")
    (tmp_path / "programm.plan.toml").write_text("farbe = 1", encoding="utf-8")
    report = run_ingest(IngestRequest((tmp_path / "programm.md",)), EditionStore(tmp_path / "data"))
    assert [(one.reason_code, "farbe" in (one.reason or "")) for one in report.files] == [("plan", True)]
