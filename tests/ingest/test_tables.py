"""Rows of tables as records: heads, groups, merged cells, parts, several under one number, decoys, conflicts."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.extractors.tables import split_ref
from ingest.register import RegisterEntry
from tests.ingest.papers import PROSE, RECORDS, read_document, read_text, records
from tests.ingest.phrases import phrases
from tests.papers import paper
from vectorstore.records import Item


def _markdown(head: str, *rows: str, before: str = "# Programm") -> str:
    rule = "|" + "---|" * (head.count("|") + 1)
    lines = "\n".join(f"| {row} |" for row in rows)
    return f"{before}\n\n{PROSE}\n\n| {head} |\n{rule}\n{lines}\n"


def _records(folder: Path, text: str, name: str = "papier.md") -> list[Item]:
    return records(read_text(folder, text, name=name))


def test_places_of_fields_are_in_the_text(tmp_path: Path) -> None:
    head, row = "Nr. | Maßnahme | Zuständig | Zeitraum", "{0} | Weg {0} | Amt 6{0} | ab 203{0}"
    document = read_text(tmp_path, _markdown(head, *(row.format(n) for n in range(1, 5))), name="papier.md")
    fields = [one for item in document.items if item.kind in RECORDS for one in item.fields]
    assert len(fields) == 8
    assert all(document.document.text[one.start :].startswith(one.text) for one in fields)


def test_a_list_printed_twice_makes_each_record_once(tmp_path: Path) -> None:
    rows = [f"{n} | Weg in Ort {'ABCDEFG'[n]} | Amt 6{n}" for n in range(1, 6)]
    once = _markdown("Nr. | Maßnahme | Zuständig", *rows)
    again = _markdown("Nr. | Maßnahme | Frist", *(f"{row.rpartition('|')[0]}| 203{row[0]}" for row in rows))
    found = _records(tmp_path, once + "\n" + again.removeprefix("# Programm"))
    assert [one.ref for one in found] == ["1", "2", "3", "4", "5"]
    assert [one.period for one in found] == ["2031", "2032", "2033", "2034", "2035"]


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


@pytest.mark.parametrize(("head", "row"), phrases("tables", "other_tables_make_no_records"))
def test_other_tables_make_no_records(tmp_path: Path, head: str, row: str) -> None:
    assert _records(tmp_path, _markdown(head, *(row.format(n) for n in range(1, 8)))) == []


@pytest.mark.parametrize(("cell", "parts"), phrases("tables", "label_words_are_dropped_and_codes_kept"))
def test_label_words_are_dropped_and_codes_kept(cell: str, parts: tuple[str, str]) -> None:
    assert split_ref(cell) == parts
