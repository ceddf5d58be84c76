"""Tables of questions as people keep them: read row by row, told line by line."""

from __future__ import annotations

from pathlib import Path

import pytest

from vectorstore import csv_tables
from vectorstore.csv_tables import RejectedRow, Row, TableError
from vectorstore.questions import LONGEST, MOST, ItemQuestion, joined, read_table

HEADER = "document_id;key;question\r\n"
ITEMS = [("bericht", "1.1"), ("bericht", "1.2")]
BUS = ItemQuestion("bericht", "1.1", "Fährt der Bus; auch sonntags?")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "fragen.csv"


@pytest.mark.parametrize(
    "text",
    [
        HEADER + 'bericht;1.1;"Fährt der Bus; auch sonntags?"\r\n',
        "\ufeff" + HEADER + 'bericht;1.1;"Fährt der Bus; auch sonntags?"',
        'Document_ID; Key ;QUESTION\nbericht;1.1;"Fährt  der Bus;\n auch sonntags?"\n\n;;\n',
        'document_id;key;question;origin\n"bericht";1.1;"Fährt der Bus; auch sonntags?";qwen3 sha256:1 sha256:2\n',
        HEADER + "'bericht;'1.1;\"'Fährt der Bus; auch sonntags?\"\r\n",
    ],
)
def test_forms_of_one_row(table: Path, text: str) -> None:
    table.write_text(text, encoding="utf-8", newline="")
    (row,) = read_table(table)
    assert row == Row(2, BUS)


def test_wrong_rows_are_told_by_the_line_on_which_they_begin(table: Path) -> None:
    rows = [
        'bericht;1.1;"Wer\nfährt?"',
        "bericht;1.1",
        "bericht;;Wer?",
        f"bericht;1.1;{'x' * (LONGEST + 1)}",
        "bericht;1.1;Wer\x07?",
        f"bericht;1.1;{'x' * LONGEST}",
    ]
    table.write_text(HEADER + "\r\n".join(rows), encoding="utf-8", newline="")
    told = {row.line: row.reason for row in read_table(table) if isinstance(row, RejectedRow)}
    assert told == {
        4: "Hier stehen 2 Spalten statt 3.",
        5: "Es fehlt: key.",
        6: f"Die Frage hat {LONGEST + 1} Zeichen, erlaubt sind {LONGEST}.",
        7: "Die Frage enthält Steuerzeichen.",
    }
    assert [row.line for row in read_table(table) if isinstance(row, Row)] == [2, 8]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Zeile 1: Hier fehlt die Kopfzeile"),
        (b"id;frage\nx;y\n", "Zeile 1: Hier fehlt die Kopfzeile"),
        (b"bericht;1.1;Wer?\n", "Zeile 1: Hier fehlt die Kopfzeile"),
        (HEADER.encode() + b"bericht;1.1;F\xe4hrt er?\n", "Zeile 2: Die Datei ist nicht in UTF-8"),
        (HEADER.encode() + b'bericht;1.1;Gut?\nbericht;1.1;"Wer', "Zeile 3: Hier ist die Tabelle nicht zu lesen"),
        (HEADER.encode() + b"bericht;1.1;" + b"x" * 200_000, "Zeile 2: Hier ist die Tabelle nicht zu lesen"),
    ],
)
def test_what_is_no_table_is_refused_as_a_whole(table: Path, content: bytes, words: str) -> None:
    table.write_bytes(content)
    with pytest.raises(TableError) as told:
        read_table(table)
    assert str(told.value).startswith(f"{table}, {words}")


def test_a_file_that_is_too_large_or_none_is_refused(table: Path, tmp_path: Path) -> None:
    with table.open("wb") as file:
        file.truncate(csv_tables.MOST_BYTES + 1)
    with pytest.raises(TableError, match="größer als 50 MB"):
        read_table(table)
    for path in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(TableError, match="nicht lesbar"):
            read_table(path)


def rows(*questions: ItemQuestion) -> list[Row[ItemQuestion] | RejectedRow]:
    return [Row(number, one) for number, one in enumerate(questions, 2)]


def test_rows_join_what_is_there(table: Path) -> None:
    known = ItemQuestion("bericht", "1.2", "Wer zahlt?")
    strange = [ItemQuestion("haushalt", "1", "Wer?"), ItemQuestion("bericht", "7\x07", "Wer?")]
    again = ItemQuestion("bericht", "1.2", "wer zahlt?")
    result = joined([*rows(BUS, again, *strange, BUS), RejectedRow(9, "Es fehlt: key.")], [known], ITEMS)
    assert result.questions == (known, BUS)
    assert (result.added, result.doubled) == (1, 2)
    assert [str(one) for one in result.rejected] == [
        "Zeile 4: Ein Dokument „haushalt“ gibt es nicht.",
        "Zeile 5: Im Dokument „bericht“ gibt es keinen Eintrag „7?“.",
        "Zeile 9: Es fehlt: key.",
    ]


def test_an_item_has_so_many_questions_and_no_more() -> None:
    before = [ItemQuestion("bericht", "1.1", f"Wer {number}?") for number in range(MOST - 1)]
    result = joined(rows(BUS, ItemQuestion("bericht", "1.1", "Zu viel?")), before, ITEMS)
    assert len(result.questions) == MOST and result.questions[-1] == BUS
    assert [str(one) for one in result.rejected] == [f"Zeile 3: „1.1“ hat schon {MOST} Fragen, mehr gehen nicht."]
