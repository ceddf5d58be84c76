"""Tables of contents: their lines, and what they list."""

from __future__ import annotations

import pytest

from ingest.stream import Cell, Line
from ingest.tables_of_contents import find_tables_of_contents

DOTS = " " + "." * 40 + " "
TITLES = ["Lage", "Wege", "Ausblick"]
BODY = ("Der Kreis baut Wege.", "Er baut sie für alle, die mit dem Rad fahren.")


def found(*texts: str) -> tuple[list[int], list[str]]:
    contents = find_tables_of_contents([Line(text) for text in texts])
    return sorted(contents.lines), list(contents.titles)


def test_entries_with_leaders_have_their_titles() -> None:
    texts = [
        "Inhaltsverzeichnis",
        f"1 Lage{DOTS}3",
        f"1.1 Bestand{DOTS}4",
        f"M 12 Jobticket{DOTS}17",
        *BODY,
    ]
    assert found(*texts) == ([0, 1, 2, 3], ["Lage", "Bestand", "Jobticket"])


def test_leaders_are_enough_without_a_head_or_a_page() -> None:
    texts = ["Radwegeplan", *(f"{title}{DOTS}" for title in ("Lage", "Bestand", "Ausblick")), *BODY]
    assert found(*texts) == ([1, 2, 3], ["Lage", "Bestand", "Ausblick"])


def test_a_head_lets_entries_with_a_page_behind_a_blank_count() -> None:
    rows = ["1 Lage 3", "2 Wege 5", "3 Ausblick 9"]
    assert found("Inhalt", *rows, *BODY)[1] == TITLES
    assert found("Ein Bericht", *rows, *BODY) == ([], [])


def test_an_entry_over_two_lines_is_one() -> None:
    parts = ("2 Wege für alle Menschen, die im Kreis", f"unterwegs sind{DOTS}5")
    lines, titles = found("Inhalt", f"1 Lage{DOTS}3", *parts, f"3 Ausblick{DOTS}9", *BODY)
    assert lines == [0, 1, 2, 3, 4] and titles[1].endswith("die im Kreis unterwegs sind")


def test_contents_end_where_the_pages_fall() -> None:
    listed = [f"{n} Kapitel{DOTS}{n * 3}" for n in (1, 2, 3)]
    pictures = [f"Bild {n}: Wege{DOTS}{n * 2}" for n in (1, 2, 3)]
    lines, titles = found("Inhalt", *listed, "Abbildungsverzeichnis", *pictures, *BODY)
    assert {1, 2, 3, 5, 6, 7} <= set(lines) and not {8, 9} & set(lines)
    assert titles == ["Kapitel"] * 3 + ["Wege"] * 3


@pytest.mark.parametrize(
    "texts",
    [
        (f"Summe{DOTS}3", f"Rest{DOTS}5"),  # two are none
        ("Inhalt", *BODY, *BODY),
        ("Der Weg ist 3 km", "Das Ufer ist 5 km", "Die Brücke hat 12 Bögen"),
        ("2023", "2024", "2025"),
    ],
)
def test_what_is_no_table_of_contents(texts: tuple[str, ...]) -> None:
    assert found(*texts) == ([], [])


def test_contents_that_are_set_as_a_table_are_read_row_by_row() -> None:
    rows = [("1", "Lage", "3"), ("2", "Wege", "5"), ("3", "Ausblick", "9")]
    lines = [
        Line("Inhalt"),
        *(
            Line(text, cell=Cell(0, n, column))
            for n, row in enumerate(rows)
            for column, text in enumerate(row)
        ),
    ]
    contents = find_tables_of_contents([*lines, *map(Line, BODY)])
    assert contents.lines == frozenset(range(10))
    assert [*contents.titles] == TITLES
