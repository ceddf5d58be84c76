"""Rows of tables as records: heads, groups, merged cells, parts, several under one number, decoys, conflicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extractors.tables import split_ref
from ingest.reading import read_document
from ingest.register import RegisterEntry
from tests.ingest.papers import PROSE, read_text
from tests.papers import paper
from vectorstore.records import Item, ItemKind, ItemStatus

RECORDS = (ItemKind.MEASURE, ItemKind.PROJECT, ItemKind.GOAL)


def _markdown(head: str, *rows: str, before: str = "# Programm") -> str:
    rule = "|" + "---|" * (head.count("|") + 1)
    lines = "\n".join(f"| {row} |" for row in rows)
    return f"{before}\n\n{PROSE}\n\n| {head} |\n{rule}\n{lines}\n"


def _records(folder: Path, text: str, name: str = "papier.md") -> list[Item]:
    return [item for item in read_text(folder, text, name=name).items if item.kind in RECORDS]


def test_a_row_is_a_record_with_its_fields_as_printed(tmp_path: Path) -> None:
    head = "Nr. | Maßnahme | Zuständigkeit | Zeitraum | Kosten | Priorität | Status"
    rows = ("M 1 | Rufbus | Amt 61, Amt 66 | 2026 bis 2028 | 20.000 Euro | hoch | geplant", "M 2 | Steg | | | | |")
    first, second = _records(tmp_path, _markdown(head, *rows))
    assert (first.ref, first.title, first.kind) == ("M 1", "Rufbus", ItemKind.MEASURE)
    assert (first.responsible, first.period, first.cost) == (("Amt 61", "Amt 66"), "2026 bis 2028", "20.000 Euro")
    assert (first.priority, first.status) == ("hoch", ItemStatus.PLANNED)
    assert [(one.label, one.field) for one in first.fields][:2] == [
        ("Zuständigkeit", "responsible"),
        ("Zeitraum", "period"),
    ]
    assert (second.ref, second.title, second.period, second.status) == ("M 2", "Steg", None, None)


def test_places_of_fields_are_in_the_text(tmp_path: Path) -> None:
    head, row = "Nr. | Maßnahme | Zuständig | Zeitraum", "{0} | Weg {0} | Amt 6{0} | ab 203{0}"
    document = read_text(tmp_path, _markdown(head, *(row.format(n) for n in range(1, 5))), name="papier.md")
    fields = [one for item in document.items if item.kind in RECORDS for one in item.fields]
    assert len(fields) == 8
    assert all(document.document.text[one.start :].startswith(one.text) for one in fields)


def test_rows_across_are_themes_and_sums_are_no_records(tmp_path: Path) -> None:
    rows = ("**Handlungsfeld 1 Wege** | | |", "1.1 | Rufbus | Amt 61 | 100", "**Handlungsfeld 2 Wald** | | |")
    rows = (*rows, "2.1 | Bäume pflanzen | Amt 67 | 200", "Summe | | | 300")
    text = _markdown("**Nr.** | **Maßnahme** | **Zuständig** | **Kosten**", *rows)
    items = read_text(tmp_path, text, name="papier.md").items
    assert [(one.ref, one.title) for one in items if one.kind is ItemKind.THEME] == [("1", "Wege"), ("2", "Wald")]
    records = [one for one in items if one.kind in RECORDS]
    assert [(one.ref, one.theme and one.theme.title) for one in records] == [("1.1", "Wege"), ("2.1", "Wald")]
    assert [one.parent for one in records] == [one.key for one in items if one.kind is ItemKind.THEME]


def test_a_merged_theme_is_taken_from_the_row_above(tmp_path: Path) -> None:
    rows = ("Wege | 1 | Rufbus | Amt 61", " | 2 | Steg am See | Amt 66", "Wald | 3 | Bäume | Amt 67")
    records = _records(tmp_path, _markdown("Handlungsfeld | Nr. | Maßnahme | Zuständig", *rows))
    assert [one.theme and one.theme.title for one in records] == ["Wege", "Wege", "Wald"]


def test_marked_years_are_the_period(tmp_path: Path) -> None:
    rows = ("1 | Rufbus | | x | x", "2 | Steg am See | x | | x", "3 | Bäume | x | |")
    records = _records(tmp_path, _markdown("Nr. | Maßnahme | 2026 | 2027 | 2028", *rows))
    assert [one.period for one in records] == ["2027–2028", "2026, 2028", "2026"]


def test_parts_are_children_and_several_under_one_number_are_kept_apart(tmp_path: Path) -> None:
    rows = ("3 | Rufbus | Amt 61", "3a | Linie Nord | Amt 61", "4 | Steg am See | Amt 66", "4 | Steg am Teich | Amt 66")
    records = _records(tmp_path, _markdown("Nr. | Maßnahme | Zuständig", *rows))
    assert [one.ref for one in records] == ["3", "3a", "4~a", "4~b"]
    assert records[1].parent == records[0].key


def test_a_list_printed_twice_makes_each_record_once(tmp_path: Path) -> None:
    rows = [f"{n} | Weg in Ort {'ABCDEFG'[n]} | Amt 6{n}" for n in range(1, 6)]
    once = _markdown("Nr. | Maßnahme | Zuständig", *rows)
    again = _markdown("Nr. | Maßnahme | Frist", *(f"{row.rpartition('|')[0]}| 203{row[0]}" for row in rows))
    records = _records(tmp_path, once + "\n" + again.removeprefix("# Programm"))
    assert [one.ref for one in records] == ["1", "2", "3", "4", "5"]
    assert [one.period for one in records] == ["2031", "2032", "2033", "2034", "2035"]


def test_numbers_with_their_label_word_are_no_second_row_of_a_head(tmp_path: Path) -> None:
    rows = ("Maßnahme Nr. 01 | Rufbus | ab 2027", "MASSNAHME 02 | Steg am See | 2026", "Maßn. 03 | Bäume | 2028")
    assert [one.ref for one in _records(tmp_path, _markdown("Nr. | Maßnahme | Zeit", *rows))] == ["01", "02", "03"]


def test_a_column_under_an_unknown_head_is_told_by_its_values(tmp_path: Path) -> None:
    rows = ("1 | Rufbus | hoch", "2 | Steg am See | mittel", "3 | Wald | hoch")
    records = _records(tmp_path, _markdown("Nr. | Maßnahme | Bedeutung", *rows, before="# Maßnahmen"))
    assert [one.priority for one in records] == ["hoch", "mittel", "hoch"]


def test_a_line_between_rows_of_a_text_is_a_row_across(tmp_path: Path) -> None:
    head, wald = "Nr.\tMaßnahme\tZuständig\nHandlungsfeld 1 Wege", "Handlungsfeld 2 Wald"
    rows = f"{head}\n1.1\tRufbus\tAmt 61\n{wald}\n2.1\tBäume\tAmt 67"
    items = read_text(tmp_path, f"Programm\n\n{PROSE}\n\n{rows}\n\n{PROSE}").items
    assert [(one.ref, one.theme and one.theme.title) for one in items if one.kind in RECORDS] == [
        ("1.1", "Wege"),
        ("2.1", "Wald"),
    ]


@pytest.mark.parametrize(("numbering", "form"), [("KLIMO 16", "md"), ("3.2.1", "pdf")])
def test_what_schedule_and_sheet_state_differently_is_a_conflict(tmp_path: Path, numbering: str, form: str) -> None:
    made = paper("schedule and sheets", numbering, form, measures=14, seed=2)
    path = tmp_path / made.file_name
    path.write_bytes(made.content)
    items = {one.title: one for one in read_document(RegisterEntry("papier", path)).items if one.kind in RECORDS}
    expected = {(one.title, clash.field, clash.values) for one in made.truth.records for clash in one.conflicts}
    found = {
        (item.title, clash.field, tuple((value.source, value.text) for value in clash.values))
        for item in items.values()
        for clash in item.conflicts
    }
    assert expected and found == expected


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("Position | Ansatz 2025 | Ansatz 2026", "Personal {0} | 100.000 | 120.000"),
        ("Nr. | Indikator | 2020 | 2025", "{0} | Anteil Ökolandbau {0} | 5 % | 7 %"),
        ("Name | Telefon | Raum", "Erika Muster {0} | 0123 45{0} | {0}.17"),
        ("Begriff | Erklärung | Quelle", "Resilienz {0} | Fähigkeit zu bestehen | Amt 6{0}"),
        ("Datum | Ort | Thema", "0{0}.03.2026 | Kreishaus | Haushalt {0}"),
        ("Konto | Bezeichnung | Betrag", "5411{0}0 | Reisekosten | 1.00{0}"),
    ],
)
def test_other_tables_make_no_records(tmp_path: Path, head: str, row: str) -> None:
    assert _records(tmp_path, _markdown(head, *(row.format(n) for n in range(1, 8)))) == []


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("Maßnahme 07", ("Maßnahme", "07")),
        ("MASSNAHME Nr. 3", ("MASSNAHME", "3")),
        ("lfd. Nr. 001", ("", "001")),
        ("M 12", ("", "M 12")),
        ("KLIMO 16", ("", "KLIMO 16")),
        ("Mo-01", ("", "Mo-01")),
        ("III.4", ("", "III.4")),
        ("A.IV", ("", "A.IV")),
        ("Projekt 3:", ("Projekt", "3")),
    ],
)
def test_label_words_are_dropped_and_codes_kept(cell: str, parts: tuple[str, str]) -> None:
    assert split_ref(cell) == parts
